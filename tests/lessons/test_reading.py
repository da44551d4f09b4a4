"""What is engraved of notes that were played: a readable page on which every note of the score has its head."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scores import Row, score_of, scores, two_hand_score

from lessons.engrave import engrave
from lessons.files import read_score
from lessons.library.shelf import PIECES
from lessons.reading.lattice import off_page
from lessons.reading.reading import has_no_beat, readable
from lessons.score import LEFT, RIGHT, Score

TUNE = (60, 62, 64, 65, 67, 65, 64, 62)


def told_by_midi(score: Score) -> Score:
    """The score without what a MIDI file cannot say."""
    notes = score.notes.copy()
    notes["step"], notes["alter"], notes["voice"] = "", 0, 1
    return score.with_notes(notes)


def played(score: Score, seed: int = 1, stray_beat: float = 0.03, late_beat: float = 0.08) -> Score:
    """The score with onsets that stray and ends that run into what follows."""
    rng = np.random.default_rng(seed)
    notes = told_by_midi(score).notes.copy()
    ends = notes["onset_beat"] + notes["duration_beat"] + rng.uniform(-stray_beat, late_beat, len(notes))
    notes["onset_beat"] += rng.uniform(-stray_beat, stray_beat, len(notes))
    notes["onset_beat"] = np.maximum(notes["onset_beat"], score.start_beat)
    notes["duration_beat"] = ends - notes["onset_beat"]
    return score.with_notes(notes)


def written(score: Score) -> list[tuple[float, float, int]]:
    """Onset, duration and pitch of each written note; a grace has no duration."""
    notes = readable(score).score.notes
    return sorted(
        (round(float(note["onset_beat"]), 3), round(0.0 if note["grace"] else float(note["duration_beat"]), 3), pitch)
        for note, pitch in zip(notes, notes["pitch"].tolist(), strict=True)
    )


def as_rows(rows: list[Row]) -> list[tuple[float, float, int]]:
    return sorted((round(onset, 3), round(duration, 3), pitch) for onset, duration, pitch, _ in rows)


@pytest.mark.parametrize("piece", ["greensleeves.abc", "bach-prelude-c.abc", "schumann-melody.abc"])
def test_what_stands_on_a_page_is_its_own_reading(piece: str) -> None:
    score = read_score(PIECES / piece)
    assert readable(score).score is score
    assert readable(told_by_midi(score)).score.digest == told_by_midi(score).digest


def test_tuplets_that_somebody_wrote_are_left_alone() -> None:
    elevens = [(4.0 + n / 11, 1 / 11, 60 + n, RIGHT) for n in range(11)]
    elevens += [(8.0 + n / 13, 1 / 13, 60 + n, RIGHT) for n in range(13)]
    plain = [(float(beat), 1.0, 50, LEFT) for beat in range(16)]
    score = score_of(elevens + plain, 4)
    spelled = score.notes.copy()
    spelled["step"] = "C"
    assert readable(score.with_notes(spelled)).score.notes.tobytes() == spelled.tobytes()


def test_uneven_playing_that_was_saved_with_its_spelling_is_read_too() -> None:
    score = played(score_of([(n / 2, 0.5, TUNE[n % 8], RIGHT) for n in range(64)], 8))
    notes = score.notes.copy()
    notes["step"] = ["C D EF G A B"[pitch % 12] for pitch in notes["pitch"].tolist()]
    assert readable(score.with_notes(notes)).score.notes["duration_beat"].tolist() == [0.5] * 64


@settings(deadline=None)
@given(scores(grid=480))
def test_no_note_is_lost_or_changes_its_key_or_hand(score: Score) -> None:
    score = told_by_midi(score)
    reading = readable(score)
    assert sorted(reading.rows.tolist()) == list(range(len(score.notes)))
    for name in ("pitch", "hand", "part", "velocity", "finger"):
        assert np.array_equal(reading.score.notes[name], score.notes[name][reading.rows])
    assert (reading.score.notes["duration_beat"] > 0).all()


@settings(deadline=None)
@given(scores(grid=480), st.integers(0, 9))
def test_a_reading_is_its_own_reading(score: Score, seed: int) -> None:
    once = readable(played(score, seed)).score
    assert readable(once).score.notes.tobytes() == once.notes.tobytes()


@settings(deadline=None)
@given(scores(grid=480))
def test_what_is_read_stands_where_a_page_has_notes(score: Score) -> None:
    notes = readable(told_by_midi(score)).score.notes
    plain = notes[~notes["grace"]]
    for beats in (plain["onset_beat"], plain["onset_beat"] + plain["duration_beat"]):
        assert off_page(np.round(beats * 480).astype(np.int64)).mean() <= 0.01


@pytest.mark.parametrize("seed", range(5))
def test_a_piece_that_is_played_unevenly_is_written_as_it_was(seed: int) -> None:
    score = two_hand_score()
    assert written(played(score, seed)) == sorted(
        (round(float(note["onset_beat"]), 3), round(float(note["duration_beat"]), 3), int(note["pitch"]))
        for note in score.notes
    )


def test_triplets_and_sixteenths_stand_beside_each_other() -> None:
    rows = [(float(beat), 1.0, 60, RIGHT) for beat in (0, 1)]
    rows += [(2 + n / 3, 1 / 3, 62 + n, RIGHT) for n in range(3)] + [
        (3 + n / 4, 1 / 4, 62 + n, RIGHT) for n in range(4)
    ]
    assert written(played(score_of(rows * 1, 1), stray_beat=0.02)) == as_rows(rows)


def test_swung_eighths_are_written_as_eighths() -> None:
    rows = [(n // 2 + (0.64 if n % 2 else 0.0), 0.64 if n % 2 == 0 else 0.36, TUNE[n % 8], RIGHT) for n in range(64)]
    straight = [(n / 2, 0.5, TUNE[n % 8], RIGHT) for n in range(64)]
    assert written(played(score_of(rows, 8), stray_beat=0.02, late_beat=0.02)) == as_rows(straight)


def test_gaps_before_repeated_notes_are_no_rests() -> None:
    rows = [(float(n), 0.87, 60, RIGHT) for n in range(16)]
    assert written(told_by_midi(score_of(rows, 4))) == as_rows([(float(n), 1.0, 60, RIGHT) for n in range(16)])


def test_a_silence_of_a_beat_is_a_rest() -> None:
    rows = [(4.0 * n + beat, 0.93, 60 + n, RIGHT) for n in range(4) for beat in (0, 1, 2)]
    assert {duration for _, duration, _ in written(told_by_midi(score_of(rows, 4)))} == {1.0}


def test_a_short_note_right_before_another_is_a_grace() -> None:
    rows = [(float(n) + 0.01 * (n % 3), 0.95, TUNE[n % 8], RIGHT) for n in range(16)]
    score = told_by_midi(score_of([*rows, (7.93, 0.06, 79, RIGHT)], 4))
    notes = readable(score).score.notes
    assert notes["grace"].sum() == 1
    assert (notes["onset_beat"][notes["grace"]].item(), notes["pitch"][notes["grace"]].item()) == (8.0, 79)


def test_keys_of_a_chord_that_are_struck_one_after_another_stand_together() -> None:
    rows = [
        (4.0 * bar + 0.035 * place, 3.9, pitch, RIGHT) for bar in range(4) for place, pitch in enumerate((60, 64, 67))
    ]
    assert {onset for onset, _, _ in written(told_by_midi(score_of(rows, 4)))} == {0.0, 4.0, 8.0, 12.0}


def test_a_bass_that_is_held_under_a_figure_has_a_voice_of_its_own() -> None:
    figure = [(n / 2, 0.52, 60 + n % 4, LEFT) for n in range(32)]
    basses = [(4.0 * bar, 3.97, 40, LEFT) for bar in range(4)]
    notes = readable(told_by_midi(score_of(figure + basses, 4))).score.notes
    low = notes["pitch"] == 40
    assert set(notes["duration_beat"][low].tolist()) == {4.0}
    assert set(notes["duration_beat"][~low].tolist()) == {0.5}
    assert set(notes["voice"][low].tolist()).isdisjoint(notes["voice"][~low].tolist())


def test_a_file_that_lies_late_all_through_is_written_on_its_beats() -> None:
    rows = [(n + 0.12 + (n % 2) * 0.004, 0.9, TUNE[n % 8], RIGHT) for n in range(64)]
    assert {onset % 1 for onset, _, _ in written(told_by_midi(score_of(rows, 17)))} == {0.0}


def test_voices_of_a_file_that_ends_its_notes_a_tick_early_are_apart() -> None:
    upper = [(2.0 * n, 2.0, 76 - n % 3, RIGHT) for n in range(16)]
    lower = [(n / 2, 0.5, 60 + n % 5, RIGHT) for n in range(64)]
    score = told_by_midi(score_of(upper + lower, 8))
    notes = score.notes.copy()
    notes["duration_beat"] -= 1 / 480
    read = readable(score.with_notes(notes))
    assert written(score.with_notes(notes)) == as_rows(upper + lower)
    high = read.score.notes["pitch"] > 70
    assert set(read.score.notes["voice"][high].tolist()) == {1}
    assert set(read.score.notes["voice"][~high].tolist()) == {2}


def test_a_half_beat_of_offset_is_told_by_what_sounds_long() -> None:
    rows = [(n + 0.5, 0.95, 48, LEFT) for n in range(32)] + [(n + 1.0, 0.2, 72, RIGHT) for n in range(32)]
    late = [(onset + 0.03, duration, pitch, hand) for onset, duration, pitch, hand in rows]
    assert {onset % 1 for onset, _, pitch in written(told_by_midi(score_of(late, 9))) if pitch == 48} == {0.0}


@pytest.mark.parametrize(("shift", "fifths"), [(0, 0), (2, 2), (3, -3), (7, 1), (10, -2)])
def test_a_file_that_names_no_key_gets_the_signature_that_covers_it(shift: int, fifths: int) -> None:
    rows = [(float(n), 0.9, 60 + shift + (0, 2, 4, 5, 7, 9, 11)[n * 2 % 7], RIGHT) for n in range(28)]
    assert readable(told_by_midi(score_of(rows, 7))).score.keys["fifths"].tolist() == [fifths]


def test_music_of_all_twelve_notes_gets_no_signature() -> None:
    rows = [(float(n), 0.9, 60 + n % 12, RIGHT) for n in range(48)]
    assert not len(readable(told_by_midi(score_of(rows, 12))).score.keys)


def recording(seed: int) -> Score:
    """Notes at times that no beat rules."""
    rng = np.random.default_rng(seed)
    onsets = np.cumsum(rng.uniform(0.2, 0.7, 120))
    return told_by_midi(score_of([(float(at), 0.4, 60 + n % 12, RIGHT) for n, at in enumerate(onsets)], 20))


@pytest.mark.parametrize("seed", range(3))
def test_a_recording_without_a_beat_is_told_from_uneven_playing(seed: int) -> None:
    assert has_no_beat(recording(seed))
    even = score_of([(n / 2, 0.5, TUNE[n % 8], RIGHT) for n in range(120)], 16)
    assert not has_no_beat(played(even, seed, stray_beat=0.06))
    assert not has_no_beat(even)


def test_a_recording_is_engraved_in_plain_values() -> None:
    notes = readable(recording(0)).score.notes
    assert np.all(np.round(notes["onset_beat"] * 480) % 60 == 0)
    assert len(np.unique(notes["onset_beat"])) >= 115


@pytest.mark.parametrize("made", [played(two_hand_score(), 3), recording(1)], ids=["uneven", "recording"])
def test_each_note_has_a_head_where_it_was_played(made: Score) -> None:
    placed = [note for system in engrave(made, 900) for note in system.notes]
    assert sorted(note.row for note in placed) == list(range(len(made.notes)))
    for note in placed:
        assert note.onset_beat == made.notes["onset_beat"][note.row]
        assert note.pitch == made.notes["pitch"][note.row]
