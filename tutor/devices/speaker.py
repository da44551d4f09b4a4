"""The speaker: notes and clicks sounded through PortAudio, and silence where a machine has none.

Calls leave an instruction in a bounded queue and return at once; the audio callback is the only one that renders. A
queue that nobody empties, since the device has gone, forgets its oldest instructions. What is sounded is kept for a
moment, for whoever hears it by the microphone. A device that is gone is opened again by a thread that looks after it:
the machine's own is then another one, or the same that has returned.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons.errors import DeviceError
from tutor.devices.portaudio import ASKING, CLOSE_SEC, OUTPUT, Lookout, let_go, portaudio, started
from tutor.listen.playback import Playback
from tutor.synth import LEARNER, Renderer, SilentSynth, soundfont_path

log = logging.getLogger(__name__)
BLOCK_FRAMES = 256  # 128 crackle through PulseAudio
WAITING_INSTRUCTIONS = 2048
Instruction = Callable[[Renderer], None]
LOOK_SEC, LOST_SEC, RETRY_SEC = 1.0, 3.0, 1.0
GONE = "The loudspeaker or headphones are gone. They sound again when they are back."


def open_speaker() -> Speaker | SilentSynth:
    """The default output device, or silence where there is none; the reason is logged and in the silent one."""
    try:
        return Speaker()
    except DeviceError as error:
        log.info("no sound: %s", error)
        return SilentSynth(str(error))


class Speaker:
    """An open output device that sounds what it is told; a `Synth`. ``reason`` says why it is silent, else ''."""

    playback: Playback

    def __init__(self) -> None:
        """Open the default device. Raises DeviceError without PortAudio, a device or a soundfont."""
        self._audio = portaudio()
        self._waiting: deque[Instruction] = deque(maxlen=WAITING_INSTRUCTIONS)
        self.dropouts, self.reason = 0, ""
        self._share = 1.0
        self._rate = 0
        self._closing = threading.Event()
        self._stream = Lookout(OUTPUT).opened(self._started)
        self._thread = threading.Thread(target=self._look_after, name="speaker", daemon=True)
        self._thread.start()

    def _started(self) -> Any:
        with ASKING:
            try:
                return self._started_alone()
            except (self._audio.PortAudioError, ValueError) as error:
                raise DeviceError(f"no sound device can be opened: {error}") from error

    def _started_alone(self) -> Any:
        rate = int(self._audio.query_devices(kind="output")["default_samplerate"])
        if rate != self._rate:
            self._renderer, self._rate = Renderer(soundfont_path(), rate), rate
        self._renderer.silence()
        self._renderer.loudness(self._share)
        self._waiting.clear()  # what was to sound while nothing could
        self._ended = threading.Event()  # of this stream: one that hung may end when another sounds already
        self.playback = playback = Playback(rate)
        stream = self._audio.OutputStream(
            samplerate=rate,
            blocksize=BLOCK_FRAMES,
            channels=2,
            dtype="float32",
            latency="low",
            callback=self._callback,
            finished_callback=self._ended.set,
        )
        playback.latency_sec = float(stream.latency)
        return started(stream)

    def _look_after(self) -> None:
        """Open another stream whenever this one ends, until the speaker is closed; give back what is open then."""
        while not self._closing.is_set():
            if (self._ended.wait(LOOK_SEC) or not self._renders()) and not self._closing.is_set():
                self._reopen()
        let_go(self._stream)

    def _renders(self) -> bool:
        """Whether the device still asks for sound."""
        asked = threading.Event()
        self._waiting.append(lambda _renderer: asked.set())
        return asked.wait(LOST_SEC)

    def _reopen(self) -> None:
        """Open another stream; where that fails in a way that nobody foresaw, it is tried anew at the next look."""
        try:
            self._reopen_when_there()
        except Exception:
            log.exception("the speaker failed and is opened again")
            self.reason = GONE
            self._closing.wait(RETRY_SEC)

    def _reopen_when_there(self) -> None:
        let_go(self._stream)
        lookout = Lookout(OUTPUT)
        while not self._closing.is_set() and not self._opened_again(lookout):
            self.reason = GONE
            self._closing.wait(RETRY_SEC)

    def _opened_again(self, lookout: Lookout) -> bool:
        try:
            self._stream = lookout.opened(self._started)
        except DeviceError as error:
            log.info("%s", error)
            return False
        self.reason = ""
        return True

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
        self._share = share
        self._waiting.append(lambda renderer: renderer.loudness(share))

    def silence(self) -> None:
        """End all notes."""
        self._waiting.append(Renderer.silence)

    def close(self) -> None:
        """Give the audio device back; again is harmless. One that is about to open is given back when it has."""
        self._closing.set()
        self._ended.set()
        self._thread.join(CLOSE_SEC)

    def _callback(self, block: NDArray[np.float32], frames: int, clock: object, status: Any) -> None:
        stamp_sec = time.perf_counter()
        if status.output_underflow:
            self.dropouts += 1
            self.playback.broke_off()
        for _ in range(len(self._waiting)):
            self._waiting.popleft()(self._renderer)
        self._renderer.render(block)
        self.playback.add(block, stamp_sec)
