"""What the program sounds is taken out of what the microphone hears, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from tutor.events import NoteOff, NoteOn
from tutor.listen.echo_canceller import EchoCanceller
from tutor.listen.playback import Playback
from tutor.listen.without_playback import WithoutPlayback

RATE, BLOCK, DELAY_SEC = 16000, 256, 0.06
Sound = NDArray[np.float32]


def notes(seed: int, low: int, seconds: float, together: int = 1, rests: float = 0.0) -> Sound:
    """So many notes at once, each with eight partials that fade, another chord each half second; peak below 1."""
    rng, parts = np.random.default_rng(seed), []
    at = np.arange(RATE // 2) / RATE
    for _ in range(round(2 * seconds)):
        pitches = 440 * 2 ** ((low + rng.integers(0, 24, together) - 69) / 12)
        partials = [
            np.sin(2 * np.pi * k * hertz * at + rng.uniform(0, 6)) / k for hertz in pitches for k in range(1, 9)
        ]
        parts.append((rng.random() >= rests) * np.exp(-3 * at) * np.sum(partials, axis=0) / 6)
    return np.concatenate(parts).astype(np.float32)


def room(sound: Sound, seed: int = 0, delay_sec: float = DELAY_SEC) -> Sound:
    """The same late, with a tail that falls by 60 dB in a quarter of a second."""
    rng, size = np.random.default_rng(seed), RATE // 4
    tail = rng.normal(0, 0.1, size) * 10 ** (-3 * np.arange(size) / size)
    tail[0] = 1
    wet = np.convolve(sound, tail)[: len(sound)]
    late = round(delay_sec * RATE)
    return np.concatenate([np.zeros(late), wet])[: len(sound)].astype(np.float32)


def cancelled(sounded: Sound, heard: Sound) -> Sound:
    canceller, left = EchoCanceller(RATE, DELAY_SEC, 0.03), []
    size = canceller.size
    for start in range(0, len(heard) - size + 1, size):
        left.append(canceller.of(sounded[start : start + size], heard[start : start + size]))
    return np.concatenate(left)


def power(sound: Sound, since_sec: float = 5.0) -> float:
    return float(np.mean(np.square(sound[round(since_sec * RATE) :])))


def hiss(size: int) -> Sound:
    return np.random.default_rng(9).normal(0, 1e-4, size).astype(np.float32)


def test_the_program_alone_is_taken_out() -> None:
    own = notes(1, 48, 8, together=3)
    heard = 0.5 * room(own) + hiss(len(own))
    assert power(cancelled(own, heard)) < power(heard) / 30


@pytest.mark.parametrize("loudness", [0.3, 1.0, 3.0])
def test_beside_a_player_it_is_taken_out_and_the_player_stays(loudness: float) -> None:
    own, player = notes(1, 48, 12, together=3), notes(2, 67, 12)
    echo, quiet = loudness * room(own), hiss(len(own))
    left = cancelled(own, player + echo + quiet)
    wrong = left - (player + quiet)[: len(left)]
    assert power(wrong, 8.0) < power(echo, 8.0) / 5


def test_who_wears_headphones_is_heard_as_if_nothing_were_sounded() -> None:
    own, player = notes(1, 48, 12, together=3), notes(2, 60, 12) + hiss(12 * RATE)
    left = cancelled(own, player)
    assert power(left - player[: len(left)], 0.0) < power(player, 0.0) / 100


def test_where_nothing_is_sounded_not_a_sample_changes() -> None:
    player = notes(2, 60, 2)
    left = cancelled(np.zeros_like(player), player)
    np.testing.assert_array_equal(left, player[: len(left)])


def test_a_way_that_changes_is_learned_anew() -> None:
    own = notes(1, 48, 16, together=3)
    heard = np.where(np.arange(len(own)) < 8 * RATE, room(own), -room(own, 5)) + hiss(len(own))
    assert power(cancelled(own, heard), 13.0) < power(heard, 13.0) / 10


class Told:
    """A listener that keeps what it hears."""

    def __init__(self) -> None:
        self.blocks: list[Sound] = []

    def feed(self, block: Sound) -> list[NoteOn | NoteOff]:
        self.blocks.append(block)
        return []

    def finish(self) -> list[NoteOn | NoteOff]:
        return []

    def sound(self) -> Sound:
        return np.concatenate(self.blocks)


def times(rate: int, seconds: float) -> Iterator[tuple[float, int, int]]:
    """When each block of a device ends, its first frame and the one behind its last."""
    for start in range(0, round(seconds * rate), BLOCK):
        yield (start + BLOCK) / rate, start, start + BLOCK


def listened(playback: Playback, own: Sound, heard: Sound, lost_sec: float | None = None) -> Sound:
    """What a microphone of `RATE` is left with beside a speaker, which may run dry for so long after four seconds."""
    told = Told()
    listener = WithoutPlayback(told, RATE, 100.0, lambda: playback)
    rendered = list(times(playback.rate, len(own) / playback.rate))
    dry = [end_sec for end_sec, _, _ in rendered if end_sec > 4 and lost_sec is not None][:1]
    for end_sec, first, last in times(RATE, len(heard) / RATE):
        while rendered and rendered[0][0] + (lost_sec or 0.0 if rendered[0][0] > 4 else 0.0) <= end_sec:
            block_end_sec, start, stop = rendered.pop(0)
            late_sec = lost_sec or 0.0 if block_end_sec > 4 else 0.0
            if block_end_sec in dry:
                playback.broke_off()
            playback.add(np.stack([own[start:stop]] * 2, axis=1), 100.0 + start / playback.rate + late_sec)
        listener.feed(heard[first:last])
    listener.finish()
    return told.sound()


@pytest.mark.parametrize("step", [1, 2])
def test_a_speaker_of_another_rate_is_known_too(step: int) -> None:
    own = notes(1, 48, 8, together=3)
    heard = room(own) + hiss(len(own))
    rendered = np.interp(np.arange(step * len(own)) / step, np.arange(len(own)), own).astype(np.float32)
    left = listened(Playback(step * RATE, 0.02), rendered, heard)
    assert len(left) == len(heard)
    assert power(left) < power(heard) / 20


def test_a_speaker_that_ran_dry_is_found_again() -> None:
    own = notes(1, 48, 14, together=3)
    at = np.arange(len(own))
    held = np.concatenate([own[: 4 * RATE], np.zeros(RATE // 2, np.float32), own[4 * RATE :]])[: len(own)]
    heard = room(held.astype(np.float32)) + hiss(len(at))
    left = listened(Playback(RATE, 0.02), own, heard, lost_sec=0.5)
    assert power(left, 10.0) < power(heard, 10.0) / 5


@pytest.mark.parametrize("drift_sec", [-0.1, 0.1])
def test_a_sound_card_whose_clock_has_run_away_is_known_by_how_far(drift_sec: float) -> None:
    own, told, playback = notes(1, 48, 8, together=3), Told(), Playback(RATE, 0.02)
    heard = room(own) + hiss(len(own))
    listener = WithoutPlayback(told, RATE, 100.0 - drift_sec, lambda: playback)
    for _, first, last in times(RATE, 8):
        playback.add(np.stack([own[first:last]] * 2, axis=1), 100.0 + first / RATE)
        listener.feed(heard[first:last], drift_sec)
    assert power(told.sound()) < power(heard) / 20


def test_without_a_speaker_blocks_go_through_as_they_are() -> None:
    told, block = Told(), notes(2, 60, 1)[:100]
    listener = WithoutPlayback(told, RATE, 0.0, lambda: None)
    listener.feed(block)
    assert told.blocks == [block]


def test_what_waits_for_a_whole_partition_is_heard_in_the_end() -> None:
    told, playback, player = Told(), Playback(RATE), notes(2, 60, 1)
    listener = WithoutPlayback(told, RATE, 0.0, lambda: playback)
    for start in range(0, 1000, 100):
        listener.feed(player[start : start + 100])
    listener.finish()
    np.testing.assert_array_equal(told.sound(), player[:1000])


def test_a_speaker_that_ran_dry_for_next_to_nothing_is_known_as_before() -> None:
    own = notes(1, 48, 8, together=3)
    heard = room(own) + hiss(len(own))
    left, without = (listened(Playback(RATE, 0.02), own, heard, lost_sec) for lost_sec in (0.0, None))
    assert power(left, 4.1) < 2 * power(without, 4.1)
