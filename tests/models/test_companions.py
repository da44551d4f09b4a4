"""A second voice in the tune's hand keeps its time under another tune, inside of it, in the chord and in the hand."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.analogy import Analogy, Feature
from lessons.harmony import chords_of, in_mask, tones_at
from lessons.score import LEFT, RIGHT, Score
from models.plan import plan_line
from models.rules import RuleComposer
from models.two_hands import HAND_SPAN
from models.writer import INTERVALS, WIDEST
from models.writing import Taste, write
from tests.lessons.scores import score_of

BASS = [(4.0 * bar, 4.0, pitch, LEFT) for bar, pitch in enumerate((48, 43, 45, 48))]
TUNE = [(2.0 * place, 2.0, pitch, RIGHT) for place, pitch in enumerate((76, 79, 74, 79, 76, 72, 77, 72))]
ALTO = [(2.0 * place + 1, 1.0, pitch, RIGHT) for place, pitch in enumerate((67, 72, 67, 71, 69, 64, 69, 64))]
LOW = [(2.0 * place, 2.0, pitch, RIGHT) for place, pitch in enumerate((64, 67, 62, 67, 65, 64, 62, 60))]


def page() -> Score:
    return score_of([*BASS, *TUNE, *ALTO])


def varied(piece: Score, seed: int = 1, keep: frozenset[Feature] = frozenset()) -> Score:
    donor = score_of([*BASS, *[(at, held, pitch - 3, hand) for at, held, pitch, hand in reversed_in_time(TUNE)]])
    return RuleComposer().vary(Analogy(piece, {Feature.PITCH: donor}, keep=keep, seed=seed))[0].score


def reversed_in_time(rows: list[tuple[float, float, int, int]]) -> list[tuple[float, float, int, int]]:
    return [(at, held, rows[-1 - place][2], hand) for place, (at, held, _, hand) in enumerate(rows)]


@pytest.mark.parametrize("seed", range(4))
def test_under_another_tune_the_hand_strikes_when_it_did(seed: int) -> None:
    right, before = (score.hands(RIGHT).notes for score in (varied(page(), seed), page()))
    assert right["onset_beat"].tolist() == before["onset_beat"].tolist()
    assert (right["pitch"][::2] != before["pitch"][::2]).any()


@pytest.mark.parametrize("seed", range(4))
def test_a_second_voice_lies_within_the_hand_under_the_tune_and_in_the_chord_where_it_moved(seed: int) -> None:
    answer = varied(page(), seed)
    right = answer.hands(RIGHT).notes
    tune, alto = right[::2]["pitch"].astype(int), right[1::2]
    below = tune - alto["pitch"]
    assert (below > 0).all() and (below <= HAND_SPAN).all()
    moved = alto["pitch"] != [pitch for _, _, pitch, _ in ALTO]
    masks = tones_at(chords_of(answer), alto["onset_beat"])
    assert in_mask(masks[moved], alto["pitch"][moved]).all()


def test_a_second_voice_that_the_tune_sinks_to_gives_way_downwards() -> None:
    answer = RuleComposer().vary(Analogy(page(), {Feature.PITCH: score_of([*BASS, *LOW])}, highest=69))[0].score
    right = answer.hands(RIGHT).notes
    assert right["onset_beat"].tolist() == page().hands(RIGHT).notes["onset_beat"].tolist()
    assert (right["pitch"][1::2] < right["pitch"][::2]).all()
    assert (np.array([row[2] for row in ALTO]) != right["pitch"][1::2]).any()


class Falling:
    """A writer that is sure that each note lies a fourth below the one before."""

    def logits(self, seen: np.ndarray) -> np.ndarray:
        sure = np.zeros((len(seen), INTERVALS), dtype=np.float32)
        sure[:, WIDEST - 5] = 60.0
        return sure


def test_no_tune_crosses_a_voice_of_its_hand_however_sure_its_writer_is() -> None:
    plan = plan_line(Analogy(page(), {Feature.PITCH: score_of([*BASS, *LOW])}))
    drawn = write(plan, Falling(), Taste(), 4, np.random.default_rng(1)).pitches  # type: ignore[arg-type]
    assert (drawn >= plan.floor).all()
