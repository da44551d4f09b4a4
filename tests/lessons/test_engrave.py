"""Notation for the window: every note has its place, and Qt can draw all of it."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from scores import score_of, two_hand_score

from lessons.drawing import INK, SVG, drawing
from lessons.engrave import MARGIN, System, engrave
from lessons.errors import FormatError
from lessons.files import read_score
from lessons.lettering import letter
from lessons.library.shelf import PIECES
from lessons.page_signs import (
    ABOVE,
    BELOW,
    DIRECTION_DTYPE,
    DYNAMICS,
    FERMATA,
    METRONOME,
    OCTAVE,
    PEDAL,
    SLUR_DTYPE,
    SYLLABLE_DTYPE,
    TEMPO,
    WEDGE,
    WORDS,
    PageSigns,
)
from lessons.score import ARPEGGIO, LEFT, MARK_DTYPE, RIGHT, Score


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


def signed() -> Score:
    """A song of eight bars on three staves with a sign of each kind."""
    rows = [(float(beat), 1.0, 72 + beat % 5, RIGHT) for beat in range(32)]
    rows += [(4.0 * bar, 4.0, pitch, LEFT) for bar in range(8) for pitch in (43, 50)]
    score = score_of([*rows, (1.0, 0.0, 84, RIGHT)], count=8)
    notes = score.notes.copy()
    notes["grace"] = notes["duration_beat"] == 0
    voice = notes[(notes["hand"] == RIGHT) & ~notes["grace"]].copy()
    notes["part"] = 1
    directions = [
        (0.0, 0.0, 1, RIGHT, ABOVE, TEMPO, "Allegro"),
        (0.0, 0.0, 1, RIGHT, ABOVE, METRONOME, "(half.=60)"),
        (0.0, 0.0, 1, RIGHT, BELOW, DYNAMICS, "mf"),
        (2.0, 6.0, 1, LEFT, BELOW, WEDGE, "crescendo"),
        (4.0, 8.0, 1, LEFT, BELOW, PEDAL, "sign"),
        (8.0, 8.0, 1, LEFT, ABOVE, FERMATA, ""),
        (12.0, 16.0, 1, RIGHT, ABOVE, OCTAVE, "8va"),
        *((4.0 * bar + 3, 4.0 * bar + 3, 1, RIGHT, BELOW, WORDS, "poco a poco rallentando") for bar in range(1, 8, 2)),
    ]
    slurs = [
        (0.0, 72, False, 3.0, 75, False, 1, ABOVE),
        (1.0, 84, True, 1.0, 73, False, 1, ABOVE),
        (5.0, 72, False, 26.0, 73, False, 1, BELOW),
    ]
    words = [(0.0, 0, 1, "Hal", "begin", False), (1.0, 0, 1, "lo", "end", False)]
    signs = PageSigns(
        np.array(directions, DIRECTION_DTYPE), np.array(slurs, SLUR_DTYPE), syllables=np.array(words, SYLLABLE_DTYPE)
    )
    marks = np.array([(4.0, pitch, ARPEGGIO) for pitch in (43, 50)], MARK_DTYPE)
    return replace(score, notes=notes, backing=voice, part_names=("Voice", "Piano"), signs=signs, marks=marks)


KINDS = {"slur": 3, "dynam": 1, "hairpin": 1, "pedal": 2, "fermata": 1, "octave": 1, "dir": 4, "arpeg": 1, "syl": 2}


def test_what_a_page_says_beside_its_notes_is_drawn_once() -> None:
    drawn = "".join(system.svg for system in engrave(signed(), 2000))
    ids = {kind: len(set(re.findall(rf'<g id="(\w+)" class="{kind}"', drawn))) for kind in KINDS}
    assert ids == KINDS
    assert "Allegro" in drawn and "Hal" in drawn
    assert not re.search("[\ue000-\uf8ff]", drawn)


def test_spread_chords_and_grace_notes_have_the_places_of_their_notes() -> None:
    score, systems = signed(), engrave(signed(), 900)
    found = sorted((note.onset_beat, note.pitch, note.grace) for system in systems for note in system.notes)
    assert found == sorted(score.notes[["onset_beat", "pitch", "grace"]].tolist())
    grace, main = (next(n for n in systems[0].notes if (n.onset_beat, n.pitch) == (1.0, pitch)) for pitch in (84, 73))
    assert grace.x < main.x


def test_the_note_of_a_metronome_mark_stands_between_its_words() -> None:
    page = ElementTree.fromstring(engrave(signed(), 900)[0].svg)
    (tempo,) = [
        g for g in page.iter(f"{{{SVG}}}g") if g.get("class") == "tempo" and g.find(f"{{{SVG}}}path") is not None
    ]
    before, after = tempo.findall(f"{{{SVG}}}text")
    assert (before.text, after.text) == ("Allegro (", "= 60)")
    assert len(tempo.findall(f"{{{SVG}}}path")) == 2  # the note and its dot
    places = [float(re.findall(r"[\d.]+", path.get("transform", ""))[0]) for path in tempo.findall(f"{{{SVG}}}path")]
    assert float(before.get("x", 0)) < places[0] < places[1] < float(after.get("x", 0))
    assert before.get("text-anchor") == "end"


@pytest.mark.parametrize(("kind", "moved"), [("dir", True), ("tempo", True), ("fing", False), ("syl", False)])
def test_words_do_not_run_out_of_the_page_and_what_is_at_a_note_stays_there(kind: str, moved: bool) -> None:
    parent = ElementTree.fromstring(
        f'<g xmlns="{SVG}" class="{kind}"><text x="9000" y="5" font-size="0px"><tspan><tspan font-size="400px">'
        "poco a poco</tspan></tspan></text></g>"
    )
    (text,) = parent
    letter(parent, text, 10_000.0)
    assert text.text == "poco a poco"
    assert (float(text.get("x", 0)) < 10_000 - 0.5 * 400 * len("poco a poco")) is moved
    assert (text.get("x") == "9000") is not moved


def test_a_text_without_words_is_not_drawn() -> None:
    parent = ElementTree.fromstring(f'<g xmlns="{SVG}" class="tempo"><text font-size="0px"> </text></g>')
    letter(parent, parent[0], 10_000.0)
    assert len(parent) == 0


def test_words_over_every_bar_line_do_not_keep_lines_from_being_broken() -> None:
    score = score_of([(beat / 2, 0.5, 72, RIGHT) for beat in range(8 * 20)], count=20)
    words = [(4.0 * bar + 2, 4.0 * bar + 2, 0, RIGHT, ABOVE, WORDS, "molto espressivo e rit.") for bar in range(20)]
    plain, wordy = engrave(score, 900), engrave(replace(score, signs=PageSigns(np.array(words, DIRECTION_DTYPE))), 900)
    assert len(wordy) == len(plain) > 2


def test_what_stands_at_notes_is_told_its_staff() -> None:
    drawn = "".join(system.svg for system in engrave(signed(), 2000))
    assert set(re.findall(r'class="slur" data-staff="(\d)"', drawn)) == {"2"}
    assert re.findall(r'class="(?:arpeg|pedal)"[^>]* data-staff="(\d)"', drawn) == ["3", "3", "3"]


def test_a_slur_is_told_its_staff_on_each_system_that_it_goes_through() -> None:
    drawn = "".join(system.svg for system in engrave(signed(), 500))
    spanning = re.findall(r'class="slur [^"]*spanning"( data-staff="2")?', drawn)
    assert len(spanning) >= 2 and all(spanning)


def test_a_picture_of_another_kind_is_refused() -> None:
    with pytest.raises(FormatError):
        drawing('<svg xmlns="http://www.w3.org/2000/svg" width="10px" height="10px"/>')


def test_what_the_engraver_cannot_do_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lessons.engrave.musicxml_bytes", lambda _: b"no music")
    with pytest.raises(FormatError, match="could not be drawn"):
        engrave(two_hand_score(), 900)
