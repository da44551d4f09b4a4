"""What is written as MusicXML or MIDI comes back as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree
from scores import heard, notes_of, score_of, scores, two_hand_score

from lessons.errors import InputError
from lessons.files import read_score, write_score
from lessons.files.midi import parse_midi
from lessons.files.midi_writer import midi_bytes
from lessons.files.musicxml import parse_musicxml
from lessons.files.musicxml_writer import musicxml_bytes
from lessons.score import BAR_DTYPE, CHORD_DTYPE, LEFT, METRE_DTYPE, RIGHT, Score

slow = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@slow
@given(scores())
def test_a_score_written_as_musicxml_reads_as_it_was(score: Score) -> None:
    again = parse_musicxml(musicxml_bytes(score))
    assert heard(again, fingers=True) == heard(score, fingers=True)
    assert np.array_equal(again.bars, score.bars)
    assert np.array_equal(again.metres, score.metres)
    assert np.array_equal(again.keys, score.keys)
    assert again.tempo.bpm.tolist() == score.tempo.bpm.tolist()
    assert again.title == score.title


@slow
@given(scores(grid=4, graces=True))
def test_grace_notes_survive_musicxml(score: Score) -> None:
    again = parse_musicxml(musicxml_bytes(score))
    assert heard(again) == heard(score)
    assert again.notes["grace"].sum() == score.notes["grace"].sum()


@slow
@given(scores())
def test_a_score_written_as_midi_reads_as_it_was(score: Score) -> None:
    again = parse_midi(midi_bytes(score))
    assert heard(again) == heard(score)
    assert again.start_beat == pytest.approx(min(0.0, score.start_beat))
    assert np.array_equal(again.keys, score.keys)
    assert np.allclose(again.tempo.bpm, score.tempo.bpm, rtol=1e-4)


@slow
@given(scores(grid=12))
def test_written_bars_have_the_length_of_their_metre_in_every_voice(score: Score) -> None:
    from lxml import etree

    document = etree.fromstring(musicxml_bytes(score))
    for measure, bar in zip(document.iter("measure"), score.bars, strict=True):
        at, farthest = 0, 0
        for element in measure:
            ticks = int(element.findtext("duration") or 0)
            if element.tag == "backup":
                at -= ticks
            elif element.find("chord") is None:
                at += ticks
            farthest = max(farthest, at)
        assert farthest == round((bar["end_beat"] - bar["start_beat"]) * 480)


@pytest.mark.parametrize("ending", [".musicxml", ".mid"])
def test_notes_bars_and_words_survive_a_file(tmp_path: Path, ending: str) -> None:
    score = two_hand_score()
    write_score(score, tmp_path / f"minuet{ending}")
    again = read_score(tmp_path / f"minuet{ending}")
    assert heard(again) == heard(score)
    assert again.bars["start_beat"].tolist() == score.bars["start_beat"].tolist()
    assert again.title == score.title
    assert again.tempo.start_beat.tolist() == score.tempo.start_beat.tolist()


def test_chords_fingers_spelling_composer_and_level_survive_musicxml() -> None:
    score = two_hand_score()
    again = parse_musicxml(musicxml_bytes(score))
    assert again.chords.tolist() == score.chords.tolist()
    assert heard(again, fingers=True) == heard(score, fingers=True)
    assert (again.composer, again.level) == ("N. N.", 2)
    assert set(again.notes["step"][again.notes["pitch"] % 12 == 6].tolist()) == {"F"}


def test_a_chord_of_any_tones_survives_musicxml() -> None:
    for tones in (0b100001, 0b101010101, 0b1001, 0b10010001, 0b111111111111):
        chords = np.array([(0.0, 16.0, 0, tones, 4)], CHORD_DTYPE)
        score = replace(score_of([(0.0, 16.0, 60, RIGHT)]), chords=chords)
        assert parse_musicxml(musicxml_bytes(score)).chords.tolist() == chords.tolist()


def test_a_step_that_names_another_pitch_is_not_believed() -> None:
    notes = two_hand_score().notes.copy()
    notes["step"], notes["alter"] = "D", 0
    read = parse_musicxml(musicxml_bytes(two_hand_score().with_notes(notes)))
    assert heard(read) == heard(two_hand_score())


def test_a_page_ends_with_a_double_bar_line() -> None:
    page = etree.fromstring(musicxml_bytes(two_hand_score()))
    styles = [measure.findtext("barline/bar-style") for measure in page.iter("measure")]
    assert styles == [None] * (len(styles) - 1) + ["light-heavy"]


def test_the_name_of_a_chord_stands_once_in_a_bar() -> None:
    score = two_hand_score()
    halves = [(half * 1.5, half * 1.5 + 1.5, 7, 2**7 | 2**11 | 2**2, 7) for half in range(4)]
    page = etree.fromstring(musicxml_bytes(replace(score, chords=np.array(halves, CHORD_DTYPE))))
    named = [len(measure.findall("harmony/root")) for measure in page.iter("measure")]
    assert named[1:3] == [1, 1]


def test_guessed_fingers_are_not_printed() -> None:
    score = score_of([(0.0, 1.0, 60, RIGHT)], fingers={0: 2})
    notes = score.notes.copy()
    notes["finger_confidence"] = 0.8
    assert b"fingering" in musicxml_bytes(score)
    assert b"fingering" not in musicxml_bytes(score.with_notes(notes))


def test_tracks_of_a_midi_file_keep_the_names_of_parts() -> None:
    score = score_of([(0.0, 1.0, 72, RIGHT), (0.0, 4.0, 48, LEFT)])
    notes = score.notes.copy()
    notes["part"] = [1, 0]
    again = parse_midi(midi_bytes(replace(score.with_notes(notes), part_names=("MELODY", "CHORDS"))))
    assert again.part_names == ("MELODY", "CHORDS")
    assert again.notes["part"].tolist() == [1, 0]


def test_a_key_struck_again_while_it_sounds_keeps_both_lengths_in_midi() -> None:
    score = score_of([(0.0, 4.0, 60, RIGHT), (1.0, 0.5, 60, RIGHT), (0.0, 4.0, 40, LEFT)])
    assert heard(parse_midi(midi_bytes(score))) == heard(score)


def test_grace_notes_sound_before_their_main_note_in_midi() -> None:
    score = score_of([(1.0, 0.0, 74, RIGHT), (1.0, 1.0, 72, RIGHT)])
    notes = score.notes.copy()
    notes["grace"] = notes["duration_beat"] == 0
    again = parse_midi(midi_bytes(score.with_notes(notes)))
    assert again.notes["pitch"].tolist() == [74, 72]
    assert again.notes["onset_beat"][0] < 1.0 == again.notes["onset_beat"][1]


def graced(main_beat: float) -> Score:
    """A note with two grace notes, the higher one first, and one after the last note of all."""
    rows = [(main_beat, 0.0, 71, RIGHT), (main_beat, 0.0, 69, RIGHT), (main_beat, 1.0, 72, RIGHT)]
    rows += [(main_beat + 1, 15.0 - main_beat, 74, RIGHT), (16.0, 0.0, 76, RIGHT)]
    notes = notes_of(rows)
    notes["grace"] = notes["duration_beat"] == 0
    return replace(score_of(rows), notes=notes)


def test_each_grace_note_is_written_by_itself_and_in_its_order() -> None:
    score = graced(1.0)
    order = [71, 69, 72, 74, 76]
    assert score.notes["pitch"].tolist() == order
    assert b"<chord/>" not in musicxml_bytes(score)
    assert parse_musicxml(musicxml_bytes(score)).notes["pitch"].tolist() == order
    assert parse_midi(midi_bytes(score)).notes["pitch"].tolist() == order


def test_grace_notes_without_room_before_them_keep_their_order_in_midi() -> None:
    again = parse_midi(midi_bytes(graced(0.0))).notes
    assert again["pitch"][np.isin(again["pitch"], (69, 71))].tolist() == [71, 69]


def bars_like(*bars: tuple[float, float], numerator: int = 4, denominator: int = 4) -> Score:
    """A score of these bars, a note to each, in one metre."""
    score = score_of([(start, end - start, 60, RIGHT) for start, end in bars])
    first = 0 if bars[0][0] < 0 else 1
    rows = [(first + i, first + i, start, end) for i, (start, end) in enumerate(bars)]
    metres = np.array([(bars[0][0], numerator, denominator)], METRE_DTYPE)
    return replace(score, bars=np.array(rows, BAR_DTYPE), metres=metres)


@pytest.mark.parametrize(
    "score",
    [
        bars_like((-1, 0), (0, 4), (4, 7), (7, 11), (11, 14), (14, 17)),
        bars_like((0, 4), (4, 10), (10, 14)),
        bars_like((0, 3), (3, 7), (7, 11)),
        bars_like((0, 3), (3, 4.5), (4.5, 7.5), numerator=6, denominator=8),
        bars_like((0, 4), (4, 5 + 1 / 3), (5 + 1 / 3, 9 + 1 / 3)),
    ],
    ids=["halves", "long", "first", "compound", "odd"],
)
def test_bars_that_the_metre_does_not_explain_survive_midi(score: Score) -> None:
    again = parse_midi(midi_bytes(score))
    for name in ("number", "start_beat", "end_beat"):
        assert again.bars[name].tolist() == pytest.approx(score.bars[name].tolist(), abs=2 / 480)


def test_the_metre_of_the_page_comes_again_after_a_bar_of_another_length() -> None:
    metres = parse_midi(midi_bytes(bars_like((0, 4), (4, 7), (7, 11), (11, 15)))).metres
    assert metres.tolist() == [(0, 4, 4), (4, 3, 4), (7, 4, 4)]


@pytest.mark.parametrize("name", ["out.musicxml", "out.mid"])
def test_an_existing_file_is_left_alone_without_force(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("mine")
    with pytest.raises(InputError, match="exists already"):
        write_score(two_hand_score(), path)
    assert path.read_text() == "mine"
    write_score(two_hand_score(), path, force=True)
    assert heard(read_score(path)) == heard(two_hand_score())


@pytest.mark.parametrize("name", ["out.txt", "missing/out.mid", "out.abc", "."])
def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError) as caught:
        write_score(two_hand_score(), tmp_path / name, force=True)
    assert "\n" not in str(caught.value)


def test_nothing_is_left_behind_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(InputError, match="No space left"):
        write_score(two_hand_score(), tmp_path / "out.mid")
    assert list(tmp_path.iterdir()) == []


def test_a_score_without_notes_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no notes"):
        write_score(score_of([]), tmp_path / "out.mid")


def test_a_compressed_score_reads_as_it_was_and_is_written_with_the_same_bytes(tmp_path):
    score = two_hand_score()
    write_score(score, tmp_path / "piece.mxl")
    write_score(score, tmp_path / "again.mxl")
    assert (tmp_path / "piece.mxl").read_bytes() == (tmp_path / "again.mxl").read_bytes()
    assert heard(read_score(tmp_path / "piece.mxl")) == heard(score)


def test_a_score_without_a_title_is_called_after_its_file(tmp_path):
    write_score(replace(two_hand_score(), title=""), tmp_path / "evening_song.mid")
    assert read_score(tmp_path / "evening_song.mid").title == "evening song"
