"""Small print on the staves of a keyboard: what is music is played, what shows another part or version is not."""

from __future__ import annotations

import re

from malformed import bar, musicxml, note

from lessons.files.musicxml import parse_musicxml

BACK = "<backup><duration>4</duration></backup>"


def upper(text: str, voice: int = 1) -> str:
    """Notes on the upper staff."""
    return _placed(text, 1, voice)


def _placed(text: str, staff: int, voice: int) -> str:
    return text.replace("<voice>1</voice>", f"<voice>{voice}</voice><staff>{staff}</staff>")


def small(text: str) -> str:
    """Notes in small print."""
    return text.replace("<note>", "<note><cue/>")


def grace(text: str) -> str:
    """Notes as grace notes."""
    return text.replace("<note>", "<note><grace/>").replace("<duration>1</duration>", "")


def rest(duration: str) -> str:
    """A printed rest."""
    return re.sub("<pitch>.*</pitch>", "<rest/>", note(duration=duration))


def played(*voices: str) -> list[tuple[float, int]]:
    """(beat, pitch) of what a bar of these voices has for the right hand; the left holds a C."""
    low = _placed(note("C", "4", "2"), 2, 5)
    notes = parse_musicxml(musicxml(bar(BACK.join([*voices, low])))).notes
    return [(float(row["onset_beat"]), int(row["pitch"])) for row in notes if row["pitch"] != 36]


def test_small_notes_in_the_rhythm_of_their_voice_are_played() -> None:
    run = small(note("C") + note("D")) + note("E", "2")
    assert played(upper(run)) == [(0, 60), (1, 62), (2, 64)]


def test_a_voice_of_small_notes_that_go_on_over_held_ones_is_played() -> None:
    run = rest("1").replace("<note>", '<note print-object="no">') + small(note("D") + note("E") + note("F"))
    assert played(upper(note("C", "4")), upper(run, 2)) == [(0, 60), (1, 62), (2, 64), (3, 65)]


def test_small_grace_notes_are_grace_notes() -> None:
    graces = small(grace(note("D") + note("E")))
    assert played(upper(graces + note("C", "4"))) == [(0, 62), (0, 64), (0, 60)]


def test_hidden_small_notes_are_not_played() -> None:
    hidden = (rest("1") + small(note("D") * 3)).replace("<note>", '<note print-object="no">')
    assert played(upper(note("C", "4")), upper(hidden, 2)) == [(0, 60)]


def test_small_notes_over_a_printed_rest_are_what_another_plays() -> None:
    assert played(upper(rest("4")), upper(small(note("D") * 4), 2)) == []


def test_small_notes_in_step_with_full_ones_are_another_version() -> None:
    assert played(upper(note("C") * 4), upper(small(note("D", "2") * 2), 2)) == [(beat, 60) for beat in range(4)]


def test_a_small_note_in_a_chord_of_full_ones_may_be_left_out() -> None:
    above = small(note("E", "2").replace("<pitch>", "<chord/><pitch>"))
    assert played(upper(note("C", "2") + above + note("D", "2"))) == [(0, 60), (2, 62)]


def test_a_small_note_whose_key_is_struck_in_full_size_while_it_lasts_shows_it() -> None:
    assert played(upper(small(note("D", "2")) + note("E", "2")), upper(note("C") + note("D", "3"), 2)) == [
        (0, 60),
        (1, 62),
        (2, 64),
    ]
