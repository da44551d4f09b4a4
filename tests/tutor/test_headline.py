"""The headline of a judged take says no more than what was played shows."""

import numpy as np
from listen_scores import scale_score

from tutor.assess import assess
from tutor.assessing.page import _headline
from tutor.performance import PLAYED_DTYPE, Performance


def headline(count: int) -> str:
    score = scale_score(left=False)
    rows = [(0.5 * place, 0.4, int(pitch), 64) for place, pitch in enumerate(score.notes["pitch"][:count])]
    return _headline(assess(score, Performance(np.array(rows, PLAYED_DTYPE))))


def test_where_nothing_was_played_there_is_no_tempo_and_no_precision() -> None:
    assert "a minute" not in headline(0) and "±" not in headline(0)
    assert "a minute" in headline(8) and "±" in headline(8)
