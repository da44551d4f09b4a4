"""Parts that sound another pitch than they read stand where they sound, but for the one who reads them."""

from __future__ import annotations

from pathlib import Path

import pytest
from malformed import bar, musicxml, note
from test_musicxml_scores import two_parts

from lessons.errors import FormatError
from lessons.files import read_score, write_score
from lessons.files.midi import parse_midi
from lessons.files.midi_writer import midi_bytes
from lessons.files.musicxml import parse_musicxml
from lessons.files.musicxml_writer import musicxml_bytes
from lessons.parts import playing
from lessons.score import Score

CLARINET, PIANO = 0, 1


def transposed(content: str, chromatic: int, diatonic: str = "", octaves: int = 0, fifths: int = 0) -> str:
    """A bar whose part is written in a key and sounds an interval from there."""
    steps = f"<diatonic>{diatonic}</diatonic>" if diatonic else ""
    octave = f"<octave-change>{octaves}</octave-change>" if octaves else ""
    key = f"<attributes><key><fifths>{fifths}</fifths></key>"
    return bar(f"{key}<transpose>{steps}<chromatic>{chromatic}</chromatic>{octave}</transpose></attributes>{content}")


def clarinet_and_piano() -> Score:
    """A bar of a clarinet in B flat in (written) D major, with a chord symbol and a mark, and of a piano in C."""
    mark = "<notations><articulations><staccato/></articulations></notations></note>"
    chord = "<harmony><root><root-step>D</root-step></root><kind>major</kind></harmony>"
    third = note("F").replace("</step>", "</step><alter>1</alter>").replace("</note>", mark)
    upper = transposed(chord + note("D", octave="5") + third + note("D") * 2, -2, "-1", fifths=2)
    key = "<attributes><key><fifths>0</fifths></key></attributes>"
    return parse_musicxml(two_parts(upper, bar(key + note("C", "4", "3")), ("Clarinet in B flat", "Piano")))


def pitches(score: Score, part: int) -> list[int]:
    """The pitches of one part of the notes."""
    found: list[int] = score.notes["pitch"][score.notes["part"] == part].tolist()
    return found


def test_a_clarinet_stands_where_it_sounds_beside_a_piano() -> None:
    score = clarinet_and_piano()
    assert pitches(score, CLARINET) == [72, 64, 60, 60]
    assert score.notes[["step", "alter"]][score.notes["pitch"] == 64].tolist() == [("E", 0)]
    assert pitches(score, PIANO) == [48]
    assert score.keys["fifths"].tolist() == [0]
    assert score.chords["root"].tolist() == [0]


def test_who_plays_the_clarinet_reads_it_as_it_is_written_and_hears_the_piano_as_it_sounds() -> None:
    score = playing(clarinet_and_piano(), [CLARINET])
    assert score.notes["pitch"].tolist() == [74, 66, 62, 62]
    assert score.backing["pitch"].tolist() == [48]
    assert (score.keys["fifths"].tolist(), score.chords["root"].tolist()) == ([2], [2])
    assert score.marks[["pitch", "name"]].tolist() == [(66, "staccato")]
    assert score.written_above == 2


def test_who_changes_from_the_clarinet_to_the_piano_has_all_where_it_sounds() -> None:
    score = playing(playing(clarinet_and_piano(), [CLARINET]), [PIANO])
    assert score.notes["pitch"].tolist() == [48]
    assert score.backing["pitch"].tolist() == [72, 64, 60, 60]
    assert (score.keys["fifths"].tolist(), score.written_above) == ([0], 0)
    assert playing(score, [CLARINET]).notes["pitch"].tolist() == [74, 66, 62, 62]


def test_who_plays_both_parts_plays_what_sounds() -> None:
    score = playing(clarinet_and_piano(), [CLARINET, PIANO])
    assert pitches(score, CLARINET) == [72, 64, 60, 60]


def test_a_part_that_is_alone_stays_as_it_is_written() -> None:
    score = parse_musicxml(musicxml(transposed(note("D") * 4, -2, "-1", fifths=2)))
    assert score.notes["pitch"].tolist() == [62] * 4
    assert score.keys["fifths"].tolist() == [2]
    assert score.transpositions == ()


@pytest.mark.parametrize(
    "clef", ["", "<clef><sign>G</sign><line>2</line><clef-octave-change>-1</clef-octave-change></clef>"]
)
def test_an_octave_is_moved_once_and_only_by_what_says_that_it_sounds_there(clef: str) -> None:
    clefs = f"<attributes>{clef}</attributes>" if clef else ""
    alone = parse_musicxml(musicxml(transposed(clefs + note("D", octave="5") * 4, 0, "0", octaves=-1)))
    assert alone.notes["pitch"].tolist() == [62] * 4
    assert parse_musicxml(musicxml(bar(clefs + note("D", octave="5") * 4))).notes["pitch"].tolist() == [74] * 4


@pytest.mark.parametrize(
    ("chromatic", "octaves", "sounding", "spelled"),
    [
        (-3, 0, 57, ("A", 0)),
        (-7, 0, 53, ("F", 0)),
        (-9, 0, 51, ("E", -1)),
        (-2, -1, 46, ("B", -1)),
        (3, 0, 63, ("E", -1)),
    ],
)
def test_where_no_steps_are_said_the_interval_is_the_usual_one(
    chromatic: int, octaves: int, sounding: int, spelled: tuple[str, int]
) -> None:
    upper = transposed(note("C") * 4, chromatic, octaves=octaves)
    score = parse_musicxml(two_parts(upper, bar(note() * 4), ("Any", "Piano")))
    assert set(pitches(score, 0)) == {sounding}
    assert score.notes[["step", "alter"]][score.notes["part"] == 0].tolist()[0] == spelled
    assert playing(score, [0]).notes["pitch"].tolist() == [60] * 4


def test_an_instrument_that_is_changed_for_another_sounds_as_that_one() -> None:
    other = "<attributes><transpose><chromatic>-3</chromatic></transpose></attributes>"
    upper = transposed(note("C") * 2 + other + note("C") * 2, -2)
    score = parse_musicxml(two_parts(upper, bar(note() * 4), ("Clarinets", "Piano")))
    assert pitches(score, 0) == [58, 58, 57, 57]


def test_files_out_sound_together_and_say_how_the_clarinet_reads(tmp_path: Path) -> None:
    score = playing(clarinet_and_piano(), [CLARINET])
    assert parse_midi(midi_bytes(score)).notes["pitch"].tolist() == [48, 72, 64, 60, 60]
    write_score(score, tmp_path / "duet.musicxml")
    again = read_score(tmp_path / "duet.musicxml")
    assert (pitches(again, CLARINET), pitches(again, PIANO)) == ([72, 64, 60, 60], [48])
    assert (again.keys["fifths"].tolist(), again.chords["root"].tolist()) == ([0], [0])
    assert playing(again, [CLARINET]).notes["pitch"].tolist() == score.notes["pitch"].tolist()
    engraved = musicxml_bytes(score)
    assert b"<transpose>" not in engraved
    assert [part.count(b"<fifths>2") for part in engraved.split(b"<part ")[1:]] == [1, 0]


@pytest.mark.parametrize("interval", ["<chromatic>x</chromatic>", "<chromatic>900</chromatic>"])
def test_an_interval_that_is_none_is_refused(interval: str) -> None:
    upper = bar(f"<attributes><transpose>{interval}</transpose></attributes>" + note() * 4)
    with pytest.raises(FormatError, match="<transpose>"):
        parse_musicxml(two_parts(upper, bar(note() * 4)))
