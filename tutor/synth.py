"""Sound rendered in blocks from a soundfont, without a device: stereo float32 in -1..1, times in frames.

Channels: `LEARNER` sounds what is played, `SCORE` what is written, `BACKING` what others play beside, told apart by its
tone; `CLICK` is the percussion channel of the metronome.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lessons.errors import DeviceError

LEARNER, SCORE, BACKING, CLICK = 0, 1, 2, 9
VOLUMES = {LEARNER: 1.0, SCORE: 0.8, BACKING: 0.6, CLICK: 0.5}
SOUNDFONT_VARIABLE = "DACAPO_SOUNDFONT"
GAIN_DB = 6.0  # a loud chord of eight notes then peaks at half of full scale
PIANO, CLARINET, DRUM_BANK = 0, 71, 128
HIGH_WOODBLOCK, LOW_WOODBLOCK = 76, 77
VOLUME_CONTROL, ALL_SOUND_OFF = 7, 120
CHANNELS = 16


def soundfont_path() -> Path:
    """The learner's own soundfont (``DACAPO_SOUNDFONT``), else the one that pretty_midi carries. Raises DeviceError."""
    own = os.environ.get(SOUNDFONT_VARIABLE)
    if own:
        if not Path(own).is_file():
            raise DeviceError(f"{own}: no such soundfont ({SOUNDFONT_VARIABLE})")
        return Path(own)
    package = importlib.util.find_spec("pretty_midi")  # found, not imported: it would load for a second
    folders = list(package.submodule_search_locations or ()) if package else []
    for folder in folders:
        for path in sorted(Path(folder).glob("*.sf2")):
            return path
    raise DeviceError(f"no soundfont: install pretty_midi, or name a file in {SOUNDFONT_VARIABLE}")


class Renderer:
    """Turns notes into sound, block by block; one thread only may use it."""

    def __init__(self, soundfont: Path, rate: int):
        import tinysoundfont  # loaded with the first sound

        self.rate = rate
        self._synth = tinysoundfont.Synth(gain=GAIN_DB, samplerate=rate)
        try:
            self._number = self._synth.sfload(str(soundfont))
            for channel, program in ((LEARNER, PIANO), (SCORE, PIANO), (BACKING, CLARINET)):
                self.program(channel, program)
            self._synth.program_select(CLICK, self._number, DRUM_BANK, 0, is_drums=True)
        except (RuntimeError, tinysoundfont.SoundFontException) as error:
            raise DeviceError(f"{soundfont}: cannot be used as a soundfont: {error}") from error
        self.loudness(1.0)

    def note_on(self, pitch: int, velocity: int, channel: int = LEARNER) -> None:
        """Start a note."""
        self._synth.noteon(channel, pitch, velocity)

    def note_off(self, pitch: int, channel: int = LEARNER) -> None:
        """End a note; it rings out."""
        self._synth.noteoff(channel, pitch)

    def click(self, accent: bool) -> None:
        """Sound one beat of the metronome, higher and louder where accented."""
        self._synth.noteon(CLICK, HIGH_WOODBLOCK if accent else LOW_WOODBLOCK, 127 if accent else 96)

    def program(self, channel: int, program: int) -> None:
        """Give a channel an instrument: General MIDI's number, from 0."""
        self._synth.program_select(channel, self._number, 0, program)

    def volume(self, channel: int, volume: float) -> None:
        """Set a channel's volume, 0..1."""
        self.control(channel, VOLUME_CONTROL, round(127 * min(max(volume, 0.0), 1.0)))

    def control(self, channel: int, number: int, value: int) -> None:
        """Move one of MIDI's controllers, 0..127."""
        self._synth.control_change(channel, number, value)

    def loudness(self, share: float) -> None:
        """Say how loud everything is, 0..1; the channels keep their balance."""
        for channel, volume in VOLUMES.items():
            self.volume(channel, share * volume)

    def silence(self) -> None:
        """End all notes at once."""
        for channel in range(CHANNELS):
            self.control(channel, ALL_SOUND_OFF, 0)

    def render(self, block: NDArray[np.float32]) -> None:
        """Fill ``block``, float32 of shape (frames, 2), with the sound that comes next."""
        self._synth.generate_simple(len(block), block.data.cast("B"))
        np.clip(block, -1.0, 1.0, out=block)


class SilentSynth:
    """Who plays where there is no sound: nobody. ``reason`` says why."""

    playback = None

    def __init__(self, reason: str = ""):
        self.reason = reason

    def note_on(self, pitch: int, velocity: int, channel: int = LEARNER) -> None:
        """Stay silent."""

    def note_off(self, pitch: int, channel: int = LEARNER) -> None:
        """Stay silent."""

    def click(self, accent: bool) -> None:
        """Stay silent."""

    def loudness(self, share: float) -> None:
        """Stay silent."""

    def silence(self) -> None:
        """Stay silent."""

    def close(self) -> None:
        """Give nothing back."""
