"""The first line of the page that a terminal shows of a take."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lessons.score import Score
from tutor.assess import assess
from tutor.assessing.assessment import Assessment
from tutor.assessing.page import show
from tutor.performance import PLAYED_DTYPE, Performance


def played(score: Score, first: float, last: float, but: float | None = None) -> Assessment:
    """The notes from one beat to before another, but one."""
    rows = [
        (0.5 + 0.5 * beat, 0.4, pitch, 70)
        for beat, pitch in zip(score.notes["onset_beat"].tolist(), score.notes["pitch"].tolist(), strict=True)
        if first <= beat < last and beat != but
    ]
    return assess(score, Performance(np.array(rows, PLAYED_DTYPE)))


def headline(judged: Assessment, capsys: pytest.CaptureFixture[str]) -> str:
    show(judged, ())
    return capsys.readouterr().out.split("·")[0].splitlines()[-1].strip()


def test_a_part_of_a_piece_is_judged_by_the_bars_that_were_played(
    long_steps: Score, capsys: pytest.CaptureFixture[str]
) -> None:
    first = "15 of 15 notes right in bars 1–3; bars 4–8 not played"
    assert headline(played(long_steps, 0, 12), capsys) == first
    assert headline(played(long_steps, 0, 12, but=5), capsys).startswith("14 of 15 notes right in bars 1–3;")
    notes = long_steps.notes.copy()
    notes["pitch"] += (notes["onset_beat"] // 4).astype("i2")
    rising = replace(long_steps, notes=notes)
    middle = headline(played(rising, 8, 20), capsys)
    assert middle == "15 of 15 notes right in bars 3–5; bars 1–2 and bars 6–8 not played"


def test_a_whole_piece_is_judged_as_a_whole(long_steps: Score, capsys: pytest.CaptureFixture[str]) -> None:
    assert headline(played(long_steps, 0, 32), capsys) == "100 % of 40 notes right"
    assert headline(played(long_steps, 0, 32, but=5), capsys) == "98 % of 40 notes right"
