"""One channel of whatever comes from a wire or a file."""

import numpy as np
import pytest

from tutor.listen.listener import Hearing
from tutor.listen.mono import Centre, Mix, Mono

RATE = 44100
NOISE = 1e-4 * np.random.default_rng(0).standard_normal(3 * RATE).astype(np.float32)


def heard(sound: np.ndarray, instrument: str = "flute") -> list[int]:
    """The pitches that are told live of a microphone's blocks, (frames, channels)."""
    mono, line = Mono(RATE), Hearing(instrument).listen(RATE, 0.0)
    events = [event for at in range(0, len(sound), 512) for event in line.feed(mono.of(sound[at : at + 512]))]
    return [event.pitch for event in events if hasattr(event, "velocity")]


def tone(pitch: float) -> np.ndarray:
    times = np.arange(RATE) / RATE
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    wave = 0.2 * np.sin(2 * np.pi * hertz * times) * np.minimum(1, 20 * np.minimum(times, 1 - times))
    return np.concatenate([np.zeros(RATE), wave, np.zeros(RATE)]).astype(np.float32) + NOISE


@pytest.mark.parametrize("offset", [0.01, -0.05])
@pytest.mark.parametrize("instrument", ["flute", "voice"])
def test_a_sound_card_that_adds_a_constant_plays_no_notes(offset: float, instrument: str) -> None:
    assert heard((NOISE + np.float32(offset))[:, None], instrument) == []
    assert heard((tone(72) + np.float32(offset))[:, None], instrument) == [72]


def test_a_constant_is_gone_from_the_first_block_on_and_the_rest_stays() -> None:
    centre, wave = Centre(RATE // 2), (0.1 * np.sin(np.arange(2 * RATE) / 20)).astype(np.float32)
    blocks = [centre.of(wave[at : at + 441] + np.float32(0.3)) for at in range(0, len(wave), 441)]
    assert np.abs(np.concatenate(blocks) - wave).max() < 0.02
    assert np.abs(np.concatenate(blocks)[RATE:] - wave[RATE:]).max() < 1e-3


@pytest.mark.parametrize("size", [64, 4096, 30000])
def test_any_size_of_block_is_centred_the_same(size: int) -> None:
    sound = (NOISE + np.float32(0.1))[: 2 * RATE]
    sound[: RATE // 2] = 0.1
    whole, centre = Centre(1000).of(sound), Centre(1000)
    parts = [centre.of(sound[at : at + size]) for at in range(0, len(sound), size)]
    np.testing.assert_allclose(np.concatenate(parts)[RATE:], whole[RATE:], atol=1e-6)


def test_nothing_stays_nothing() -> None:
    assert len(Centre(10).of(np.zeros(0, np.float32))) == 0


def test_a_microphone_in_either_of_two_inputs_is_heard_as_loud_as_it_is() -> None:
    sound, silence = tone(72), 0.01 * NOISE
    for channels in ((sound, silence), (silence, sound), (sound, -sound)):
        mono = Mono(RATE).of(np.stack(channels, axis=1))
        assert np.abs(mono).max() == pytest.approx(0.2, abs=0.01)
        assert heard(np.stack(channels, axis=1)) == [72]


def test_of_two_channels_with_sound_the_mean_is_heard() -> None:
    left = np.sin(np.arange(800) / 5).astype(np.float32)
    assert np.allclose(Mix().of(np.stack([left, left / 2], axis=1)), 0.75 * left)


def test_what_is_no_number_deafens_nobody() -> None:
    sound = tone(72)
    sound[1000:1010], sound[2000] = np.nan, np.inf
    assert heard(sound[:, None]) == [72]
