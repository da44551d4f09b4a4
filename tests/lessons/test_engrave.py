"""Notation for the window: every note has its place, and Qt can draw all of it."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from scores import score_of, two_hand_score

from lessons.drawing import INK, SVG, drawing
from lessons.engrave import MARGIN, System, engrave
from lessons.errors import FormatError
from lessons.files import read_score
from lessons.library.shelf import PIECES
from lessons.score import LEFT, RIGHT, Score


def names(score: Score) -> list[tuple[float, int]]:
    return sorted((round(float(note["onset_beat"]), 2), int(note["pitch"])) for note in score.notes)


def engraved_names(systems: tuple[System, ...]) -> list[tuple[float, int]]:
    return sorted((round(note.onset_beat, 2), note.pitch) for system in systems for note in system.notes)


def rows_of(systems: tuple[System, ...]) -> list[int]:
    return sorted(note.row for system in systems for note in system.notes)


@pytest.mark.parametrize(
    "piece", ["greensleeves.abc", "bach-prelude-c.abc", "petzold-minuet-g.abc", "hot-cross-buns.abc"]
)
def test_every_written_note_has_a_place_on_the_page(piece: str) -> None:
    score = read_score(PIECES / piece)
    systems = engrave(score, 900)
    assert rows_of(systems) == list(range(len(score.notes)))
    assert engraved_names(systems) == names(score)
    for system in systems:
        assert all(MARGIN <= note.x <= system.width - MARGIN and 0 <= note.y <= system.height for note in system.notes)


def test_each_row_has_one_head_of_its_own_beside_graces_ties_and_keys_that_both_hands_share() -> None:
    rows = [(0.0, 0.25, 74, RIGHT), (0.0, 6.0, 72, RIGHT), (0.0, 2.0, 60, RIGHT), (0.0, 4.0, 60, LEFT)]
    score = score_of(rows, 2)
    notes = score.notes.copy()
    notes["grace"] = notes["pitch"] == 74
    score = score.with_notes(notes)
    systems = engrave(score, 900)
    assert rows_of(systems) == [0, 1, 2, 3]
    heights = {int(score.notes["hand"][note.row]): note.y for note in systems[0].notes if note.pitch == 60}
    assert heights[LEFT] > heights[RIGHT]


def test_time_runs_to_the_right_and_pitch_upwards() -> None:
    score = score_of(
        [(float(i), 1.0, pitch, RIGHT) for i, pitch in enumerate((60, 62, 64, 65))] + [(0.0, 4.0, 40, LEFT)]
    )
    (system,) = engrave(score, 900)
    line = [note for note in system.notes if note.pitch >= 60]
    assert np.diff([note.x for note in line]).min() > 0
    assert np.diff([note.y for note in line]).max() < 0
    low = next(note for note in system.notes if note.pitch == 40)
    assert low.y > max(note.y for note in line)


def test_a_narrow_page_breaks_into_more_systems() -> None:
    score = read_score(PIECES / "greensleeves.abc")
    wide, narrow = engrave(score, 1600), engrave(score, 600)
    assert len(narrow) > len(wide)
    assert engraved_names(narrow) == engraved_names(wide)
    assert all(system.width <= 602 for system in narrow)


def test_nothing_is_left_that_qt_would_skip() -> None:
    for system in engrave(two_hand_score(), 900):
        root = ElementTree.fromstring(system.svg)
        assert len(root.findall(f".//{{{SVG}}}svg")) == 0
        assert "tspan" not in system.svg and "style" not in system.svg and "font-face" not in system.svg
        assert not re.search("[\ue000-\uf8ff]", system.svg)
        assert INK in system.svg


def test_a_picture_of_another_kind_is_refused() -> None:
    with pytest.raises(FormatError):
        drawing('<svg xmlns="http://www.w3.org/2000/svg" width="10px" height="10px"/>')


def test_what_the_engraver_cannot_do_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lessons.engrave.musicxml_bytes", lambda _: b"no music")
    with pytest.raises(FormatError, match="could not be drawn"):
        engrave(two_hand_score(), 900)
