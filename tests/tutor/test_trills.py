"""Trills that the page does not ask for: they move nobody, and are no heap of stray notes."""

from __future__ import annotations

import numpy as np
import pytest
from playing import composed, played

from lessons.score import RIGHT, Score
from tutor.assess import assess
from tutor.events import NoteOn
from tutor.follow import Follower
from tutor.performance import Performance


def held_and_to_and_fro(seed: int) -> tuple[Score, int]:
    """A piece with a whole note in its fifth bar and its pitch in turn with the one above in the ninth; the pitch."""
    score = composed(seed)
    onsets, right = score.notes["onset_beat"], score.notes["hand"] == RIGHT
    kept = score.notes[~(right & ((onsets > 16) & (onsets < 20) | (onsets >= 32) & (onsets < 36)))].copy()
    row = int(np.flatnonzero((kept["hand"] == RIGHT) & (kept["onset_beat"] == 16))[0])
    kept["duration_beat"][row] = 4.0
    figure = np.repeat(kept[row : row + 1], 16)
    figure["onset_beat"], figure["duration_beat"] = 32 + np.arange(16) / 4, 0.25
    figure["pitch"] += np.arange(16) % 2 * 2
    notes = np.concatenate([kept, figure])
    return score.with_notes(notes[np.lexsort((notes["pitch"], notes["onset_beat"]))]), int(kept["pitch"][row])


def trilled(take: Performance, pitch: int, gap_sec: float = 0.12, strokes: int = 15, step: int = 2) -> Performance:
    """The take with the whole note of that pitch on beat 16 trilled."""
    row = int(np.flatnonzero((take.notes["pitch"] == pitch) & (abs(take.notes["onset_sec"] - 8.5) < 0.1))[0])
    notes = np.repeat(take.notes[row : row + 1], strokes)
    notes["onset_sec"] += gap_sec * np.arange(strokes)
    notes["pitch"] += (np.arange(strokes) % 2 * step).astype("i2")
    notes["duration_sec"] = gap_sec - 0.01
    return Performance(np.sort(np.concatenate([np.delete(take.notes, row), notes]), order="onset_sec"))


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 5])
def test_a_trill_that_is_not_written_does_not_carry_the_player_away(seed: int) -> None:
    score, pitch = held_and_to_and_fro(seed)
    follower = Follower(score)
    for onset, _, key, velocity in trilled(played(score, rng=np.random.default_rng(seed)), pitch).notes.tolist():
        follower.step(NoteOn(onset, key, velocity))
        if 8.6 < onset < 10.4:
            assert 16.0 <= follower.position_beat < 20.0


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 5])
def test_a_trill_that_is_not_written_is_no_heap_of_stray_notes(seed: int) -> None:
    score, pitch = held_and_to_and_fro(seed)
    said = assess(score, trilled(played(score, rng=np.random.default_rng(seed)), pitch))
    assert (len(said.passes), said.passes[0].extra, len(said.extra), said.summary()["missed"]) == (1, 0, 0, 0)


@pytest.mark.parametrize(("strokes", "step", "gap_sec"), [(3, 2, 0.12), (9, 5, 0.12), (7, 2, 0.27)])
def test_what_is_too_short_too_wide_or_too_slow_is_no_trill(strokes: int, step: int, gap_sec: float) -> None:
    score, pitch = held_and_to_and_fro(1)
    said = assess(score, trilled(played(score), pitch, gap_sec, strokes, step))
    assert len(said.extra) == strokes - 1


def test_a_written_figure_of_two_keys_played_again_is_a_restart_and_no_trill() -> None:
    score, _ = held_and_to_and_fro(1)
    notes = played(score).notes
    figure = notes[(notes["onset_sec"] > 17.4) & (notes["onset_sec"] < 18.4) & (notes["pitch"] > 60)].copy()
    later = notes.copy()
    later["onset_sec"][notes["onset_sec"] > 18.4] += 1.0
    figure["onset_sec"] += 1.0
    said = assess(score, Performance(np.sort(np.concatenate([later, figure]), order="onset_sec")))
    assert (len(said.passes), len(said.extra)) == (2, 0)
