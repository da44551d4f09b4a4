"""What a MusicXML file says arrives in the score."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from malformed import CONTAINER, bar, musicxml, note, zipped
from scores import heard, two_hand_score

from lessons.errors import FormatError
from lessons.files import read_score
from lessons.files.musicxml import parse_musicxml
from lessons.files.musicxml_writer import musicxml_bytes
from lessons.score import LEFT, RIGHT

STAFF_PART = '<score-part id="{0}"><part-name>{1}</part-name></score-part>'


def two_parts(upper: str, lower: str, names: tuple[str, str] = ("One", "Two")) -> bytes:
    """A document of two parts of one bar each."""
    parts = "".join(STAFF_PART.format(f"P{i + 1}", name) for i, name in enumerate(names))
    music = "".join(f'<part id="P{i + 1}">{content}</part>' for i, content in enumerate((upper, lower)))
    return f"<score-partwise><part-list>{parts}</part-list>{music}</score-partwise>".encode()


def test_a_short_first_bar_is_a_pickup_before_beat_0() -> None:
    score = parse_musicxml(musicxml(bar(note()) + f'<measure number="2">{note() * 4}</measure>'))
    assert score.notes["onset_beat"].tolist() == [-1, 0, 1, 2, 3]
    assert score.bars[["number", "start_beat", "end_beat"]].tolist() == [(0, -1, 0), (1, 0, 4)]


def test_a_short_first_bar_that_says_it_is_none_is_no_pickup() -> None:
    first = bar(note()).replace('number="1"', 'number="1" implicit="no"')
    score = parse_musicxml(musicxml(first + f'<measure number="2">{note() * 4}</measure>'))
    assert score.notes["onset_beat"].tolist() == [0, 1, 2, 3, 4]


def test_notes_keep_the_spelling_of_the_page() -> None:
    flat = note("G").replace("</step>", "</step><alter>-1</alter>")
    sharp = note("F").replace("</step>", "</step><alter>1</alter>")
    score = parse_musicxml(musicxml(bar(flat + sharp + note("C") * 2)))
    assert score.notes["pitch"].tolist()[:2] == [66, 66]
    assert list(zip(score.notes["step"].tolist(), score.notes["alter"].tolist(), strict=True))[:2] == [
        ("G", -1),
        ("F", 1),
    ]


def test_a_quarter_tone_is_played_as_the_key_beside_which_it_lies() -> None:
    low = note("B").replace("</step>", "</step><alter>-0.5</alter>")
    high = note("F").replace("</step>", "</step><alter>1.5</alter>")
    long = note("F").replace("</step>", "</step><alter>1.0</alter>")
    shown = note("A").replace("</note>", "<accidental>quarter-flat</accidental></note>")
    score = parse_musicxml(musicxml(bar(low + high + long + shown)))
    assert score.notes["pitch"].tolist() == [71, 66, 66, 69]


def test_a_fingering_that_is_a_word_says_no_finger() -> None:
    marked = "<notations><technical><fingering>thumb</fingering></technical></notations></note>"
    substituted = marked.replace("thumb", "4-5")
    score = parse_musicxml(musicxml(bar(note().replace("</note>", marked) + note("D").replace("</note>", substituted))))
    assert score.notes["finger"].tolist() == [0, 4]


def test_tied_notes_are_one_note_over_bar_lines() -> None:
    start, stop = '<duration>4</duration><tie type="start"/>', '<duration>4</duration><tie type="stop"/>'
    both = '<duration>4</duration><tie type="stop"/><tie type="start"/>'
    whole = note(duration="4")
    bars = [whole.replace("<duration>4</duration>", each) for each in (start, both, stop)]
    rest = "".join(f'<measure number="{i}">{each}</measure>' for i, each in enumerate(bars[1:], 2))
    score = parse_musicxml(musicxml(bar(bars[0]) + rest))
    assert score.notes["duration_beat"].tolist() == [12]


@pytest.mark.parametrize("ends", [("start",), ("stop",)])
def test_a_tie_of_which_one_end_is_written_is_a_tie(ends: tuple[str, ...]) -> None:
    marks = {end: note(duration="4").replace("</duration>", f'</duration><tie type="{end}"/>') for end in ends}
    first, second = (marks.get(end, note(duration="4")) for end in ("start", "stop"))
    third = f'<measure number="3">{note(duration="4")}</measure>'
    score = parse_musicxml(musicxml(bar(first) + f'<measure number="2">{second}</measure>' + third))
    assert score.notes["duration_beat"].tolist() == [8, 4]


def test_a_tie_to_another_key_or_over_a_rest_leads_nowhere() -> None:
    tied = note().replace("</duration>", '</duration><tie type="start"/>')
    rest = "<note><rest/><duration>1</duration><voice>1</voice></note>"
    score = parse_musicxml(musicxml(bar(tied + note("D") + tied + rest)[:-10] + f"{note() * 4}</measure>"))
    assert score.notes["duration_beat"].tolist()[:3] == [1, 1, 1]


def test_a_grace_note_stands_at_its_main_note_and_lasts_no_time() -> None:
    grace = note("D").replace("<note>", "<note><grace/>").replace("<duration>1</duration>", "")
    score = parse_musicxml(musicxml(bar(grace + note() * 4)))
    assert score.notes[["onset_beat", "duration_beat", "grace"]].tolist()[:2] == [(0, 0, True), (0, 1, False)]


def test_grace_notes_keep_their_order_even_on_one_key(tmp_path: Path) -> None:
    path = tmp_path / "graces.musicxml"
    graces = [note(step).replace("<note>", "<note><grace/>").replace("<duration>1</duration>", "") for step in "EDED"]
    path.write_bytes(musicxml(bar("".join(graces) + note() * 4)))
    assert read_score(path).notes["pitch"].tolist()[:5] == [64, 62, 64, 62, 60]


def test_cue_notes_are_not_played() -> None:
    cue = note("G", "2").replace("<note>", "<note><cue/>")
    above = note("B", "2").replace("<note>", "<note><cue/><chord/>")
    grace = note("A").replace("<note>", "<note><grace/><cue/>").replace("<duration>1</duration>", "")
    score = parse_musicxml(musicxml(bar(note("C", "2") + grace + cue + above)))
    assert score.notes[["onset_beat", "pitch"]].tolist() == [(0, 60)]
    assert score.bars["end_beat"].tolist() == [4]


def test_of_a_chord_only_the_notes_that_are_no_cues_are_played() -> None:
    plain, cue = note("C", "2"), note("G", "2").replace("<note>", "<note><cue/>")
    inner, last = (each.replace("<pitch>", "<chord/><pitch>") for each in (cue, note("E", "2")))
    score = parse_musicxml(musicxml(bar(plain + inner + cue + inner + last)))
    assert score.notes[["onset_beat", "duration_beat", "pitch"]].tolist() == [(0, 2, 60), (2, 2, 64)]


def test_a_grace_note_tied_to_its_main_note_is_that_note() -> None:
    grace = note().replace("<note>", "<note><grace/>").replace("<duration>1</duration>", '<tie type="start"/>')
    main = note().replace("<duration>1</duration>", '<duration>1</duration><tie type="stop"/>')
    score = parse_musicxml(musicxml(bar(grace + main + note("E") * 3)))
    assert score.notes[["pitch", "duration_beat", "grace"]].tolist()[0] == (60, 1, False)
    assert len(score.notes) == 4


def test_two_voices_on_one_key_are_one_note_and_the_longest() -> None:
    back = "<backup><duration>4</duration></backup>"
    other = note(duration="4").replace("<voice>1", "<voice>2")
    score = parse_musicxml(musicxml(bar(note() * 4 + back + other)))
    assert len(score.notes) == 5  # as written; a key is struck once
    path_score = heard(score)
    assert path_score[(0, 1920, 60, -1)] == 1


def test_reading_a_file_leaves_one_note_a_key(tmp_path: Path) -> None:
    back = "<backup><duration>4</duration></backup>"
    other = note(duration="4").replace("<voice>1", "<voice>2")
    path = tmp_path / "unison.musicxml"
    path.write_bytes(musicxml(bar(note() * 4 + back + other)))
    assert read_score(path).notes[["onset_beat", "duration_beat"]].tolist() == [(0, 4), (1, 1), (2, 1), (3, 1)]


def test_two_parts_are_two_hands_by_pitch_and_by_name() -> None:
    low, high = bar(note(octave="2") * 4), bar(note(octave="5") * 4)
    by_pitch = parse_musicxml(two_parts(low, high))
    assert by_pitch.notes["hand"][by_pitch.notes["part"] == 0].tolist() == [LEFT] * 4
    by_name = parse_musicxml(two_parts(low, high, ("Right hand", "Left hand")))
    assert by_name.notes["hand"][by_name.notes["part"] == 0].tolist() == [RIGHT] * 4
    assert by_name.part_names == ("Right hand", "Left hand")


def test_a_part_without_pitches_is_left_out_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    drum = "<note><unpitched><display-step>E</display-step><display-octave>4</display-octave></unpitched>"
    with caplog.at_level(logging.INFO):
        score = parse_musicxml(two_parts(bar(f"{drum}<duration>4</duration></note>"), bar(note() * 4), ("Drums", "X")))
    assert score.part_names == ("X",)
    assert "Drums" in caplog.text


def test_two_drums_struck_at_once_leave_the_piano_as_it_is() -> None:
    drum = "<note>{}<unpitched><display-step>E</display-step><display-octave>4</display-octave></unpitched>"
    both = "".join(drum.format(chord) + "<duration>1</duration></note>" for chord in ("", "<chord/>"))
    score = parse_musicxml(two_parts(bar(both * 4), bar(note() * 4), ("Drums", "Piano")))
    assert score.part_names == ("Piano",)
    assert score.notes["onset_beat"].tolist() == [0, 1, 2, 3]


def test_a_bar_too_short_in_one_part_shifts_nothing_after_it() -> None:
    after = f'<measure number="2">{note() * 4}</measure>'
    whole = f'<measure number="3">{note() * 4}</measure>'
    short = f'<measure number="2">{note() * 2}</measure>'
    score = parse_musicxml(two_parts(bar(note() * 4) + after + whole, bar(note() * 4) + short + whole))
    lower = score.notes["onset_beat"][score.notes["part"] == 1].tolist()
    assert lower == [0, 1, 2, 3, 4, 5, 8, 9, 10, 11]


def test_tempo_marks_count_quarters_whatever_they_are_written_in() -> None:
    metronome = (
        "<direction><direction-type><metronome><beat-unit>half</beat-unit><per-minute>60</per-minute></metronome>"
        "</direction-type></direction>"
    )
    score = parse_musicxml(musicxml(bar(metronome + note() * 2 + '<sound tempo="90"/>' + note() * 2)))
    assert score.tempo.start_beat.tolist() == [0, 2]
    assert score.tempo.bpm.tolist() == [120, 90]


@pytest.mark.parametrize(
    ("harmony", "chord"),
    [
        ("<root><root-step>C</root-step></root><kind>major</kind>", (0, {0, 4, 7}, 0)),
        (
            "<root><root-step>B</root-step><root-alter>-1</root-alter></root><kind>dominant</kind>"
            "<bass><bass-step>D</bass-step></bass>",
            (10, {10, 2, 5, 8}, 2),
        ),
        (
            "<root><root-step>D</root-step></root><kind>minor</kind><degree><degree-value>7</degree-value>"
            "<degree-alter>1</degree-alter><degree-type>add</degree-type></degree>",
            (2, {2, 5, 9, 1}, 2),
        ),
    ],
)
def test_chord_symbols_arrive_with_root_tones_and_bass(harmony: str, chord: tuple[int, set[int], int]) -> None:
    score = parse_musicxml(musicxml(bar(f"<harmony>{harmony}</harmony>" + note() * 4)))
    row = score.chords[0]
    tones = {tone for tone in range(12) if row["tones"] >> tone & 1}
    assert (row["root"], tones, row["bass"]) == chord
    assert (row["start_beat"], row["end_beat"]) == (0, 4)


def test_a_chord_lasts_until_the_next_and_silence_ends_it() -> None:
    major = "<harmony><root><root-step>{}</root-step></root><kind>major</kind></harmony>"
    silent = "<harmony><root><root-step>C</root-step></root><kind>none</kind></harmony>"
    content = major.format("C") + note() + major.format("G") + note() + silent + note() * 2
    score = parse_musicxml(musicxml(bar(content)))
    assert score.chords[["start_beat", "end_beat", "root"]].tolist() == [(0, 1, 0), (1, 2, 7)]


def test_words_and_level_are_read() -> None:
    head = (
        "<work><work-title> A  little\n piece </work-title></work><identification><creator type='composer'>Me</creator>"
        "<miscellaneous><miscellaneous-field name='level'>3</miscellaneous-field></miscellaneous></identification>"
    )
    whole = musicxml(bar(note() * 4)).replace(b"<part-list>", head.encode() + b"<part-list>")
    score = parse_musicxml(whole)
    assert (score.title, score.composer, score.level) == ("A little piece", "Me", 3)


def test_a_compressed_file_is_the_same_score(tmp_path: Path) -> None:
    path = tmp_path / "minuet.mxl"
    path.write_bytes(zipped({"META-INF/container.xml": CONTAINER, "score.xml": musicxml_bytes(two_hand_score())}))
    assert heard(read_score(path)) == heard(two_hand_score())


def test_a_long_chain_of_ties_is_one_note() -> None:
    tie = note(duration="4").replace("</duration>", '</duration><tie type="stop"/><tie type="start"/>')
    bars = "".join(f'<measure number="{i}">{tie}</measure>' for i in range(2, 1500))
    score = parse_musicxml(musicxml(bar(tie) + bars))
    assert score.notes["duration_beat"].tolist() == [4.0 * 1499]


def test_a_score_of_too_many_notes_is_refused() -> None:
    many = '<measure number="2">' + note() * 200_001 + "</measure>"
    with pytest.raises(FormatError, match="more than 200000 notes"):
        parse_musicxml(musicxml(bar(note() * 4) + many))
