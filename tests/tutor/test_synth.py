from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lessons.errors import DeviceError
from tutor.synth import LEARNER, SCORE, Renderer, soundfont_path

RATE = 48000


def sound(renderer: Renderer, seconds: float = 0.5, frames: int = 256) -> NDArray[np.float32]:
    block = np.zeros((frames, 2), np.float32)
    blocks = []
    for _ in range(round(seconds * RATE / frames)):
        renderer.render(block)
        blocks.append(block.copy())
    return np.concatenate(blocks)


def strength_at(pitch: int, played: NDArray[np.float32]) -> float:
    """How strong the fundamental of a pitch is in the sound, against the whole."""
    mono = played.mean(axis=1)
    spectrum = np.abs(np.fft.rfft(mono * np.hanning(len(mono))))
    place = 440.0 * 2 ** ((pitch - 69) / 12) * len(mono) / RATE
    return float(spectrum[round(place) - 2 : round(place) + 3].max() / spectrum.max())


@pytest.fixture
def renderer() -> Renderer:
    return Renderer(soundfont_path(), RATE)


def test_a_note_sounds_at_its_pitch(renderer: Renderer) -> None:
    renderer.note_on(69, 100)
    played = sound(renderer)
    assert strength_at(69, played) > 0.5
    assert strength_at(66, played) < 0.05


def test_a_released_note_dies_away(renderer: Renderer) -> None:
    renderer.note_on(60, 100)
    before = np.abs(sound(renderer, 0.2)).max()
    renderer.note_off(60)
    sound(renderer, 1.0)
    assert np.abs(sound(renderer, 0.2)).max() < before / 50


def test_a_harder_stroke_is_louder() -> None:
    peaks = []
    for velocity in (20, 70, 120):
        renderer = Renderer(soundfont_path(), RATE)
        renderer.note_on(60, velocity)
        peaks.append(np.abs(sound(renderer)).max())
    assert peaks == sorted(peaks)
    assert peaks[0] < peaks[-1] / 2


def test_an_accented_beat_sounds_higher_than_the_others(renderer: Renderer) -> None:
    spectra = []
    for accent in (True, False):
        renderer.silence()
        sound(renderer, 0.5)
        renderer.click(accent)
        spectra.append(np.abs(np.fft.rfft(sound(renderer, 0.3).mean(axis=1))).argmax())
    assert spectra[0] > spectra[1] > 0


def test_silence_ends_the_notes_of_all_channels(renderer: Renderer) -> None:
    renderer.note_on(60, 100, LEARNER)
    renderer.note_on(64, 100, SCORE)
    sound(renderer, 0.1)
    renderer.silence()
    sound(renderer, 0.1)
    assert np.abs(sound(renderer, 0.1)).max() < 1e-4


def test_the_score_can_be_turned_down_beside_the_learner(renderer: Renderer) -> None:
    renderer.volume(SCORE, 0.0)
    renderer.note_on(76, 100, SCORE)
    renderer.note_on(69, 100, LEARNER)
    played = sound(renderer)
    assert strength_at(69, played) > 0.5
    assert strength_at(76, played) < 0.05


def test_everything_can_be_turned_down_at_once_in_its_balance(renderer: Renderer) -> None:
    peaks = []
    for share in (1.0, 0.5, 0.0):
        renderer.loudness(share)
        for channel in (LEARNER, SCORE):
            renderer.note_on(60, 100, channel)
            peaks.append(float(np.abs(sound(renderer, 0.4)).max()))
            renderer.silence()
            sound(renderer, 0.1)
    loud, half, none = peaks[:2], peaks[2:4], peaks[4:]
    assert half[0] / loud[0] == pytest.approx(half[1] / loud[1], abs=0.05)
    assert half[0] < 0.5 * loud[0]
    assert max(none) < 1e-3


def test_twenty_loud_notes_stay_within_full_scale(renderer: Renderer) -> None:
    for pitch in range(36, 96, 3):
        renderer.note_on(pitch, 127)
    assert np.abs(sound(renderer)).max() <= 1.0


def test_the_soundfont_of_ones_own_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "own.sf2"
    own.write_bytes(b"RIFF")
    monkeypatch.setenv("DACAPO_SOUNDFONT", str(own))
    assert soundfont_path() == own
    with pytest.raises(DeviceError, match=r"own\.sf2: cannot be used as a soundfont"):
        Renderer(own, RATE)


def test_a_soundfont_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DACAPO_SOUNDFONT", "nowhere.sf2")
    with pytest.raises(DeviceError, match=r"nowhere\.sf2: no such soundfont"):
        soundfont_path()
