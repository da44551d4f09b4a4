import numpy as np
import pytest
from numpy.typing import NDArray

from tutor.listen.pitch import PitchTracker, lies_below, near, track

Sound = NDArray[np.float32]
RATE = 44100


def tone(hertz: float, seconds: float, rate: int = RATE, partials: int = 6) -> Sound:
    times = np.arange(round(seconds * rate)) / rate
    parts = [np.sin(2 * np.pi * k * hertz * times) / k for k in range(1, partials + 1) if k * hertz < rate / 2.5]
    return (0.2 * np.sum(parts, axis=0)).astype(np.float32)


def cents(hertz: NDArray[np.float64], true: float) -> NDArray[np.float64]:
    return 1200 * np.log2(hertz / true)


@pytest.mark.parametrize("rate", [16000, 22050, 44100, 48000, 96000])
@pytest.mark.parametrize("hertz", [70.0, 196.0, 440.0, 1318.5])
def test_a_tone_has_its_pitch_at_every_rate(hertz: float, rate: int) -> None:
    times, said = track(tone(hertz, 0.4, rate), rate)
    steady = said[times > 0.1]
    assert np.abs(cents(steady, hertz)).max() < 12


def test_the_pitch_of_a_new_sound_is_known_within_40_ms() -> None:
    for hertz in (110.0, 440.0, 990.0):
        sound = np.concatenate([np.zeros(RATE // 5, np.float32), tone(hertz, 0.2)])
        times, said = track(sound, RATE)
        right = (said > 0) & (np.abs(cents(np.maximum(said, 1), hertz)) < 50)
        assert 0.2 < times[right][0] < 0.24


@pytest.mark.parametrize("size", [1, 100, 256, 4096])
def test_any_size_of_block_gives_the_same_values(size: int) -> None:
    sound = np.concatenate([tone(330.0, 0.1), tone(494.0, 0.1)])
    whole = PitchTracker(RATE).feed(sound)
    tracker = PitchTracker(RATE)
    parts = [pitch for start in range(0, len(sound), size) for pitch in tracker.feed(sound[start : start + size])]
    assert [part.time_sec for part in parts] == [pitch.time_sec for pitch in whole]
    np.testing.assert_allclose([p.hertz for p in parts], [p.hertz for p in whole], rtol=1e-6)


def test_silence_and_noise_have_no_pitch() -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, RATE).astype(np.float32)
    assert not track(np.zeros(RATE, np.float32), RATE)[1].any()
    assert (track(noise, RATE)[1] > 0).mean() < 0.05


def test_a_new_note_is_heard_while_the_old_one_still_rings() -> None:
    old, new = tone(659.3, 0.8), tone(987.8, 0.4)  # a fifth: together they repeat an octave below the lower one
    old[RATE * 4 // 10 :] *= np.exp(-np.arange(RATE * 4 // 10) / (0.05 * RATE))
    old[RATE * 4 // 10 :] += new[: RATE * 4 // 10]
    times, said = track(old, RATE)
    assert said[times > 0.1].min() > 600
    assert np.abs(cents(said[times > 0.45], 987.8)).max() < 50


def test_two_notes_that_fade_together_in_a_room_are_not_their_common_period() -> None:
    old, new = tone(246.9, 1.2), tone(370.0, 0.8)  # a fifth: together they repeat at 123 Hz
    begun, size = RATE * 4 // 10, len(new)
    old[begun:] *= 0.3 * np.exp(-np.arange(size) / (0.3 * RATE))
    old[begun:] += new * np.exp(-np.arange(size) / (0.12 * RATE))
    times, said = track(old, RATE)
    assert said[times > 0.1].min() > 200


def test_near_and_below_compare_pitches() -> None:
    assert near(440.0, 445.0)
    assert not near(440.0, 466.2)
    assert not near(0.0, 440.0)
    assert lies_below(220.0, 440.0)
    assert lies_below(220.0, 660.0)
    assert not lies_below(440.0, 660.0)


def test_a_tone_with_a_faint_fundamental_is_not_taken_for_its_octave() -> None:
    times = np.arange(RATE // 2) / RATE
    parts = {1: 0.15, 2: 1.0, 3: 0.1, 4: 0.6, 5: 0.05, 6: 0.3}  # as an oboe has them
    for hertz in (440.0, 622.3, 698.5):
        sound = sum(0.15 * part * np.sin(2 * np.pi * k * hertz * times) for k, part in parts.items())
        at, said = track(np.asarray(sound, np.float32), RATE)
        assert np.abs(cents(said[at > 0.06], hertz)).max() < 50


def test_a_glide_is_followed_without_lagging_behind() -> None:
    times = np.arange(RATE) / RATE
    hertz = 220 * 2 ** np.minimum(1, times)  # an octave a second
    sound = sum(0.2 / k * np.sin(k * 2 * np.pi * np.cumsum(hertz) / RATE) for k in range(1, 6))
    at, said = track(sound.astype(np.float32), RATE)
    true = np.interp(at, times, hertz)
    assert (
        np.median(np.abs(cents(np.maximum(said, 1), true)[(at > 0.2) & (at < 0.9)])) < 5
    )  # 12 cents without the glide


def test_a_tone_below_the_last_ones_common_period_is_not_heard_while_both_sound() -> None:
    first, second = tone(622.3, 0.5, partials=4), tone(740.0, 0.5, partials=4)
    ringing = np.concatenate([first, np.zeros_like(second)])
    ringing[RATE // 2 :] += second + 0.4 * tone(622.3, 0.5, partials=4) * np.exp(-np.arange(len(second)) / (0.1 * RATE))
    at, said = track(ringing.astype(np.float32), RATE)
    assert said[at > 0.1].min() > 500


@pytest.mark.parametrize("seed", [0, 1])
def test_a_high_note_bowed_anew_is_no_octave_below_for_long(seed: int) -> None:
    rng, time, hertz = np.random.default_rng(seed), np.arange(round(0.4 * RATE)) / RATE, 2093.0
    bowed = sum(np.sin(2 * np.pi * k * hertz * time) / k for k in (1, 2, 3)) * 0.2 * np.minimum(1, time / 0.05)
    scratch = sum(np.sin(np.pi * k * hertz * time + k) / k for k in (1, 3)) * 0.1 * np.exp(-time / 0.03)
    sound = np.concatenate([bowed + scratch + rng.normal(0, 0.05, len(time)) for _ in range(4)])
    times, said = track(sound.astype(np.float32), RATE)
    assert np.abs(cents(said[times % 0.4 > 0.12], hertz)).max() < 100
