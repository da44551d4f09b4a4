"""The speaker: notes and clicks sounded through PortAudio, and silence where a machine has none.

Calls leave an instruction in a bounded queue and return at once; the audio callback is the only one that renders. A
queue that nobody empties, since the device has gone, forgets its oldest instructions.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons.errors import DeviceError
from tutor.synth import LEARNER, Renderer, SilentSynth, soundfont_path

log = logging.getLogger(__name__)
BLOCK_FRAMES = 256  # 128 crackle through PulseAudio
WAITING_INSTRUCTIONS = 2048
Instruction = Callable[[Renderer], None]
ASKING = threading.RLock()  # of PortAudio, which is one for the whole process: one thread at a time
INSTALL_PORTAUDIO = "sudo apt install libportaudio2"


def open_speaker() -> Speaker | SilentSynth:
    """The default output device, or silence where there is none; the reason is logged and in the silent one."""
    try:
        return Speaker()
    except DeviceError as error:
        log.info("no sound: %s", error)
        return SilentSynth(str(error))


def portaudio() -> Any:
    """The sounddevice module. Raises DeviceError where PortAudio's library is missing."""
    try:
        import sounddevice  # its import fails where the library is missing
    except (ImportError, OSError) as error:
        raise DeviceError(f"no audio: PortAudio is missing ({error}); {INSTALL_PORTAUDIO}") from error
    return sounddevice


class Speaker:
    """An open output device that sounds what it is told; a `Synth`."""

    def __init__(self) -> None:
        """Open the default device. Raises DeviceError without PortAudio, a device or a soundfont."""
        audio = portaudio()
        with ASKING:
            self._open(audio)

    def _open(self, audio: Any) -> None:
        self._waiting: deque[Instruction] = deque(maxlen=WAITING_INSTRUCTIONS)
        self.dropouts = 0
        try:
            rate = int(audio.query_devices(kind="output")["default_samplerate"])
            self._renderer = Renderer(soundfont_path(), rate)
            self._stream = audio.OutputStream(
                samplerate=rate,
                blocksize=BLOCK_FRAMES,
                channels=2,
                dtype="float32",
                latency="low",
                callback=self._callback,
            )
            self._stream.start()
        except (audio.PortAudioError, ValueError) as error:
            raise DeviceError(f"no sound device can be opened: {error}") from error

    @property
    def latency_sec(self) -> float:
        """From a call to the sound, as the driver says."""
        return float(self._stream.latency)

    def note_on(self, pitch: int, velocity: int, channel: int = LEARNER) -> None:
        """Start a note."""
        self._waiting.append(lambda renderer: renderer.note_on(pitch, velocity, channel))

    def note_off(self, pitch: int, channel: int = LEARNER) -> None:
        """End a note."""
        self._waiting.append(lambda renderer: renderer.note_off(pitch, channel))

    def click(self, accent: bool) -> None:
        """Sound one beat of the metronome."""
        self._waiting.append(lambda renderer: renderer.click(accent))

    def loudness(self, share: float) -> None:
        """Say how loud everything is, 0..1."""
        self._waiting.append(lambda renderer: renderer.loudness(share))

    def silence(self) -> None:
        """End all notes."""
        self._waiting.append(Renderer.silence)

    def close(self) -> None:
        """Give the audio device back; again is harmless."""
        self._stream.close()

    def _callback(self, block: NDArray[np.float32], frames: int, clock: object, status: Any) -> None:
        self.dropouts += bool(status.output_underflow)
        for _ in range(len(self._waiting)):
            self._waiting.popleft()(self._renderer)
        self._renderer.render(block)
