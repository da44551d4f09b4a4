"""Where tones began is read from what the ear for beginnings says, and that is the same however the sound comes."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tutor.listen.onset_ear import LAGS, OnsetEar
from tutor.listen.onset_frames import BANDS, Bands, Levelled, gathering
from tutor.listen.onsets import AFTER, CERTAIN, Lately, Onsets
from tutor.listen.pitch import Pitch, PitchTracker

FRAME_SEC = 0.008
Sound = NDArray[np.float32]


def peaks_at(*frames: int, count: int = 100) -> NDArray[np.float64]:
    return sum((np.maximum(0, 1 - np.abs(np.arange(count) - frame) / 3) for frame in frames), np.zeros(count))


def tones(rate: int, *pitches: float, seconds: float = 0.4) -> Sound:
    at = np.arange(round(seconds * rate)) / rate
    shape = np.minimum(1, np.minimum(at / 0.01, (seconds - at) / 0.02))
    hertz = [440 * 2 ** ((pitch - 69) / 12) for pitch in pitches]
    parts = [0.15 * shape * sum(np.sin(2 * np.pi * k * one * at) / k for k in range(1, 6)) for one in hertz]
    return np.concatenate([np.zeros(rate // 4), *parts, np.zeros(rate // 4)]).astype(np.float32)


def rows(sound: Sound, rate: int, block: int) -> NDArray[np.float32]:
    tracker = PitchTracker(rate, 200.0, 1000.0)
    ear, found = OnsetEar(rate, tracker.hop_sec), []
    for start in range(0, len(sound), block):
        some = sound[start : start + block]
        found += ear.feed(some, tracker.feed(some))
    return np.array(found)


def test_any_size_of_block_says_the_same() -> None:
    sound = tones(44100, 69, 69, 72)
    whole = rows(sound, 44100, len(sound))
    for block in (177, 4096):
        assert np.allclose(rows(sound, 44100, block)[: len(whole)], whole, atol=1e-4)


@pytest.mark.parametrize("rate", [16000, 44100, 48000, 96000])
def test_a_tone_that_is_struck_anew_begins_there_at_any_rate(rate: int) -> None:
    sound = tones(rate, 69, 69, 72, 72)
    tracker = PitchTracker(rate, 200.0, 1000.0)
    ear = OnsetEar(rate, tracker.hop_sec)
    likely = np.array(ear.feed(sound, tracker.feed(sound)))[LAGS[-1] :, -1].astype(np.float64)
    onsets = Onsets(likely, ear.frame_sec, ear.frame_sec)
    found = [at for at, _ in onsets.peaks(0.0, len(likely) * ear.frame_sec, 0.5)]
    assert found == pytest.approx([0.25, 0.65, 1.05, 1.45], abs=0.03)


def test_a_peak_is_dated_by_its_middle() -> None:
    onsets = Onsets(peaks_at(30, 60), FRAME_SEC, FRAME_SEC)
    assert [at for at, _ in onsets.peaks(0.0, 0.8, 0.5)] == pytest.approx([31 * FRAME_SEC, 61 * FRAME_SEC])
    assert onsets.likeliest(0.4, 0.6)[0] == pytest.approx(61 * FRAME_SEC)
    assert onsets.likeliest(0.3, 0.4)[1] == pytest.approx(0.0, abs=1e-6)


def test_a_tone_that_was_struck_anew_is_told_once_when_it_is_known() -> None:
    lately, likely, told = Lately(FRAME_SEC), peaks_at(50), []
    for now in range(len(likely)):
        lately.hear(np.array([likely[now - lag] if now >= lag else 0 for lag in LAGS], np.float32))
        again = lately.again(begun_sec=told[-1][1] if told else 0.0)
        told += [(now, *again)] if again is not None else []
    ((now, at_sec, share),) = told
    assert at_sec == pytest.approx(51 * FRAME_SEC)
    assert abs(now - 50 - AFTER) <= 1
    assert share > CERTAIN


def test_a_beginning_just_after_the_tone_began_is_its_own() -> None:
    lately, likely = Lately(FRAME_SEC), peaks_at(50)
    for now in range(50 + AFTER + 1):
        lately.hear(np.array([likely[now - lag] if now >= lag else 0 for lag in LAGS], np.float32))
    assert lately.again(51 * FRAME_SEC - 0.05) is None


def test_every_band_gathers_something_of_what_the_rate_can_hold() -> None:
    assert np.all(gathering(1014, 44100).sum(axis=0) == pytest.approx(1.0))
    assert gathering(184, 8000).sum(axis=0)[-1] == 0.0


def test_a_softer_player_looks_the_same_to_the_ear() -> None:
    sound = tones(44100, 69, 72)
    steady = [Pitch(FRAME_SEC * frame, 440.0, 0.9, -20.0) for frame in range(1000)]
    loud, soft = (Bands(44100, FRAME_SEC).feed(some) for some in (sound, 0.1 * sound))
    heard, again = (Levelled().feed(bands, steady[: len(bands)])[60:90, :BANDS] for bands in (loud, soft))
    assert np.abs(heard - again)[heard > 0.5].max() < 0.05
