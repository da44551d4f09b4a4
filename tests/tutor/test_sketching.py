"""What is played to a metronome becomes a motif on the page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lessons.errors import InputError
from lessons.files import read_score, write_score
from tutor.events import Event, NoteOff, NoteOn
from tutor.sketching import sketched


def played(*notes: tuple[float, float, int], bpm: float = 60.0) -> list[Event]:
    """Keys as (beat, beats held, pitch), the first downbeat at 10 seconds."""
    events: list[Event] = []
    for beat, held, pitch in notes:
        events += [NoteOn(10 + beat * 60 / bpm, pitch), NoteOff(10 + (beat + held) * 60 / bpm, pitch)]
    return sorted(events, key=lambda event: event.time_sec)


def test_unsteady_notes_fall_on_the_beat_and_close_small_gaps() -> None:
    score = sketched(played((0.08, 0.7, 60), (0.94, 0.8, 64), (2.1, 1.7, 67)), 10.0, 60.0, (4, 4))
    assert score.notes["onset_beat"].tolist() == [0, 1, 2]
    assert score.notes["duration_beat"].tolist() == [1, 1, 2]
    assert score.bars["number"].tolist() == [1]


def test_fast_notes_have_a_finer_grid() -> None:
    score = sketched(played((0, 0.2, 60), (0.26, 0.2, 62), (0.49, 0.5, 64)), 10.0, 60.0, (2, 4))
    assert score.notes["onset_beat"].tolist() == [0, 0.25, 0.5]


@pytest.mark.parametrize(
    ("onset", "held", "metre", "length"),
    [
        (2, 2 * 0.87, (4, 4), 2),
        (0, 4 * 0.87, (4, 4), 4),
        (1, 3 * 0.87, (4, 4), 3),
        (0, 3 * 0.87, (3, 4), 3),
        (3, 0.87, (4, 4), 1),
        (0, 1.5 * 0.87, (4, 4), 1.5),
        (2, 1.5, (4, 4), 1.5),
        (3, 0.5 * 0.87, (4, 4), 0.5),
        (0, 3 * 0.87, (6, 8), 3),
        (1.5, 0.87, (6, 8), 1),
    ],
)
def test_the_last_note_has_the_value_that_it_was_held_for_the_most_of(onset, held, metre, length) -> None:
    before = [(float(beat), 0.45, 60) for beat in np.arange(0, onset, 0.5)]
    score = sketched(played(*before, (onset, held, 67)), 10.0, 60.0, metre)
    assert (score.notes["onset_beat"][-1], score.notes["duration_beat"][-1]) == (onset, length)


def test_what_is_played_before_the_first_bar_is_a_pickup() -> None:
    score = sketched(played((-0.95, 0.9, 67), (0.0, 1.0, 60), (1.0, 2.0, 64)), 10.0, 60.0, (3, 4))
    assert score.notes["onset_beat"].tolist() == [-1, 0, 1]
    assert score.bars["number"].tolist() == [0, 1]


@pytest.mark.parametrize("ending", [".mid", ".musicxml"])
def test_a_motif_with_a_pickup_that_is_saved_is_as_fast_as_it_was_played(tmp_path: Path, ending: str) -> None:
    score = sketched(played((-0.95, 0.9, 67), (0.0, 1.0, 60), (1.0, 2.0, 64), bpm=72), 10.0, 72.0, (3, 4))
    write_score(score, tmp_path / f"motif{ending}")
    again = read_score(tmp_path / f"motif{ending}")
    assert again.notes["onset_beat"].tolist() == [-1, 0, 1]
    assert again.tempo.bpm.round(3).tolist() == [72]


def test_a_pickup_may_be_as_long_as_the_count_in() -> None:
    score = sketched(played((-2.02, 0.9, 60), (-1.0, 0.9, 62), (0.03, 3.0, 64)), 10.0, 60.0, (4, 4))
    assert score.notes["onset_beat"].tolist() == [-2, -1, 0]
    assert score.bars["start_beat"].tolist() == [-2, 0]
    whole = sketched(played((-3.98, 3.9, 60), (0.03, 3.0, 64)), 10.0, 60.0, (4, 4))
    assert whole.notes["onset_beat"].tolist() == [0, 4]


def test_three_notes_in_a_beat_are_a_triplet_beside_plain_eighths() -> None:
    unsteady = ((0.02, 0.3, 60), (0.31, 0.3, 64), (0.69, 0.3, 67), (1.05, 0.4, 72), (1.48, 0.5, 71), (2.0, 1.0, 69))
    score = sketched(played(*unsteady), 10.0, 60.0, (4, 4))
    assert score.notes["onset_beat"].round(3).tolist() == [0, 0.333, 0.667, 1, 1.5, 2]
    assert score.notes["duration_beat"].round(3).tolist()[:3] == [0.333, 0.333, 0.333]


def test_sixteenths_about_an_eighth_are_no_triplet() -> None:
    score = sketched(played((0.0, 0.2, 60), (0.27, 0.4, 64), (0.73, 0.2, 67), (1.0, 1.0, 72)), 10.0, 60.0, (4, 4))
    assert score.notes["onset_beat"].tolist() == [0, 0.25, 0.75, 1]


def test_silent_bars_at_the_beginning_are_left_out_and_four_are_the_most() -> None:
    late = sketched(played((8.0, 1.0, 60), (9.0, 1.0, 62)), 10.0, 60.0, (4, 4))
    assert late.notes["onset_beat"].tolist() == [0, 1]
    long = sketched(played(*((float(beat), 1.0, 60 + beat % 5) for beat in range(24))), 10.0, 60.0, (4, 4))
    assert (len(long.notes), long.bars["number"].tolist()) == (16, [1, 2, 3, 4])


def test_of_keys_struck_together_the_highest_is_the_tune() -> None:
    score = sketched(played((0.0, 1.0, 60), (0.02, 1.0, 67), (1.0, 1.0, 65)), 10.0, 60.0, (4, 4))
    assert score.notes["pitch"].tolist() == [67, 65]


def test_the_tempo_of_the_metronome_is_kept_and_a_key_is_found() -> None:
    scale = played(*((float(beat), 1.0, 67 + step) for beat, step in enumerate((0, 2, 4, 5, 7, 9, 11, 12))), bpm=90.0)
    score = sketched(scale, 10.0, 90.0, (4, 4))
    assert score.tempo.bpm.tolist() == [90.0]
    assert score.keys["fifths"].tolist() == [1]


def test_the_key_is_that_of_a_tune_and_not_of_its_commonest_notes() -> None:
    ode = played(*((float(beat), 1.0, pitch) for beat, pitch in enumerate((64, 64, 65, 67, 67, 65, 64, 62))))
    assert sketched(ode, 10.0, 60.0, (4, 4)).keys[["fifths", "minor"]].tolist() == [(0, False)]


def test_silence_is_refused() -> None:
    with pytest.raises(InputError, match="nothing was played"):
        sketched([], 10.0, 60.0, (4, 4))
