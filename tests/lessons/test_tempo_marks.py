"""A tempo is printed in the beats of its metre, and sounds as it did."""

from __future__ import annotations

import numpy as np
import pytest
from lxml import etree

from lessons.files.barlines import bars_of
from lessons.files.musicxml import parse_musicxml
from lessons.files.musicxml_writer import musicxml_bytes
from lessons.score import METRE_DTYPE, NOTE_DTYPE, RIGHT, Score
from lessons.timing import TempoMap


def piece(numerator: int, denominator: int, bpm: float) -> Score:
    metres = np.array([(0.0, numerator, denominator)], METRE_DTYPE)
    rows = [(0.5 * step, 0.5, 60 + step, 64, RIGHT, 1, 0, 0, 0.0, "", 0, False) for step in range(12)]
    return Score(np.array(rows, NOTE_DTYPE), bars_of(metres, 6.0), metres=metres, tempo=TempoMap.of([(0.0, bpm)]))


@pytest.mark.parametrize(
    ("metre", "printed"),
    [
        ((4, 4), ("quarter", 0, "92")),
        ((3, 8), ("eighth", 0, "184")),
        ((6, 8), ("quarter", 1, "61")),
        ((3, 2), ("quarter", 0, "92")),
    ],
)
def test_a_tempo_is_printed_by_the_beat(metre, printed):
    content = musicxml_bytes(piece(*metre, 92.0))
    mark = next(etree.fromstring(content).iter("metronome"))
    assert (mark.findtext("beat-unit"), len(mark.findall("beat-unit-dot")), mark.findtext("per-minute")) == printed
    assert parse_musicxml(content).tempo.bpm_at(0.0) == 92.0
