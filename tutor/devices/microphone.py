"""The microphone: sound in through PortAudio, heard as notes by a thread of its own, and put into the inbox.

The driver's callback only copies and stamps. Blocks come in bursts, so the stamp of the first sample is found from the
blocks of the first `WARM_SEC`: none can have come before it was recorded. Where blocks are missing, silence takes their
place, so that times stay true, and what the card's clock drifts is put right. A microphone from which no blocks come is
opened again: the machine's own is then another one where another has taken its place, and one that cannot be had is a
`Lost` until it returns. The same is done where the sound server hands the stream on to another microphone, which may
not be the one that was meant. Of a device with two inputs and more the first two are heard, since the microphone may be
plugged into either (`tutor.listen.mono`); behind those a sound card may have what it plays itself.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons.errors import DeviceError
from tutor.commands.parts import MakeListener, SoundListener
from tutor.devices.portaudio import (
    ASKING,
    CLOSE_SEC,
    INPUT,
    Lookout,
    devices_known,
    devices_there,
    let_go,
    look_anew,
    portaudio,
    started,
)
from tutor.devices.refusal import refusal
from tutor.devices.route import Route
from tutor.events import Event, Inbox, Lost
from tutor.listen.level import LevelMeter, SoundLevel
from tutor.listen.mono import Mono
from tutor.listen.sound_clock import SoundClock

log = logging.getLogger(__name__)
BLOCK_FRAMES = 512
BUFFER_SEC = 0.05  # with less, capture through PulseAudio stalls
WARM_SEC = 0.25
RATES = (16000, 96000)
MOST_CHANNELS = 2
LOST_SEC = 0.7
RETRY_SEC = 1.0
ATTEMPTS = 5
FIRST_BLOCKS = 40
WAITING_BLOCKS = 256
GAP_SEC = 0.1
LONGEST_GAP_SEC = 5.0
NO_SOUND = "No sound comes from the microphone; it is opened again."
GONE = "The microphone is gone. It is heard again when it is back; or stop, and listen to another one."
Sound = NDArray[np.float32]
Blocks = list[tuple[Sound, float]]


def input_names() -> list[str]:
    """The devices that can be listened to now; empty where this machine has no audio."""
    try:
        return list(devices_there(INPUT).names)
    except DeviceError:
        return []


def choose(wanted: str, names: Sequence[str]) -> str:
    """The device that ``wanted`` means: its exact name, else the only one that contains it. Raises DeviceError."""
    if wanted in names:
        return wanted
    fitting = sorted({name for name in names if wanted.casefold() in name.casefold()})
    if len(fitting) == 1:
        return fitting[0]
    there = f"there is {', '.join(names)}" if names else none_is_there()
    raise DeviceError(f"microphone '{wanted}' {'could be several' if fitting else 'is not there'}; {there}")


def none_is_there() -> str:
    """Say that there is no microphone, and what helps where the system refuses it."""
    return "; ".join(filter(None, ("no microphone is there", refusal())))


def own_name() -> str:
    """The machine's own microphone, which is another one where another was plugged in. Raises DeviceError."""
    there, known = devices_there(INPUT).own, devices_known(INPUT).own
    if there and there != known:
        look_anew()
    if not (there or known):
        raise DeviceError(none_is_there())
    return there or known


class Microphone:
    """An open microphone, the default one where ``wanted`` is empty. ``level`` is the newest `SoundLevel`."""

    def __init__(self, wanted: str, make_listener: MakeListener, inbox: Inbox):
        """Open it and begin to listen. Raises DeviceError."""
        self._audio = portaudio()
        self.name = choose(wanted, input_names()) if wanted else own_name()
        self._is_own_choice = bool(wanted)
        self._make_listener, self._inbox = make_listener, inbox
        self._blocks: SimpleQueue[tuple[Sound, float]] = SimpleQueue()
        self._closing = threading.Event()
        self.dropped = 0
        self.level = SoundLevel()
        self._route = Route()
        self._stream = self._first_opened()
        self._thread = threading.Thread(target=self._listen, name=f"microphone {self.name}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening and give the device back; again is harmless. One that is about to open goes when it has."""
        self._closing.set()
        self._route.close()
        self._thread.join(CLOSE_SEC)

    def _first_opened(self) -> Any:
        """The stream; where the system refuses one, the error says what helps."""
        try:
            return Lookout(INPUT).opened(self._opened)
        except DeviceError as error:
            log.info("%s", error)
            self._route.close()
            refused = refusal()
            if refused:
                raise DeviceError(f"microphone '{self.name}' cannot be opened: {refused}") from error
            raise

    def _opened(self) -> Any:
        """A stream from which sound comes; some drivers open one that stays dead, and only the next one lives."""
        for _ in range(ATTEMPTS):
            stream = self._started()
            if self._flows() or self._closing.is_set():
                return stream
            let_go(stream)
        raise DeviceError(f"microphone '{self.name}' can be opened, but no sound comes from it")

    def _started(self) -> Any:
        with ASKING:
            return self._started_alone()

    def _started_alone(self) -> Any:
        try:
            number = self._number() if self._is_own_choice else None
            device = self._audio.query_devices(number, "input")
            rate = int(device["default_samplerate"])
            stream = self._audio.InputStream(
                device=number,
                samplerate=min(max(rate, RATES[0]), RATES[1]),
                blocksize=BLOCK_FRAMES,
                channels=min(int(device["max_input_channels"]), MOST_CHANNELS),
                dtype="float32",
                latency=BUFFER_SEC,
                callback=self._callback,
            )
            return started(stream)
        except (self._audio.PortAudioError, ValueError) as error:
            raise DeviceError(f"microphone '{self.name}' cannot be opened: {error}") from error

    def _number(self) -> int:
        """The first device of this name, which several may have. Raises ValueError where it is gone."""
        for number, device in enumerate(self._audio.query_devices()):
            if device["name"] == self.name and device["max_input_channels"]:
                return number
        raise ValueError("it is not there")

    def _flows(self) -> bool:
        """Whether blocks keep coming; the first ones are let go."""
        try:
            for _ in range(FIRST_BLOCKS):
                self._blocks.get(timeout=LOST_SEC)
        except Empty:
            return False
        return True

    def _callback(self, block: Sound, frames: int, clock: object, status: Any) -> None:
        if self._blocks.qsize() < WAITING_BLOCKS:
            self._blocks.put((block.copy(), time.perf_counter()))
        else:
            self.dropped += 1

    def _listen(self) -> None:
        while not self._closing.is_set():
            self._guarded(self._listen_while_there)
            if not self._closing.is_set():
                self._guarded(self._reopen)
        let_go(self._stream)

    def _guarded(self, work: Callable[[], None]) -> None:
        """Do it; where it fails, tell of that as of a microphone that is gone, and let some time go by."""
        try:
            work()
        except Exception:
            log.exception("microphone %s failed and is opened again", self.name)
            self.level = SoundLevel(notice=GONE)
            self._tell(regained=False)
            self._closing.wait(RETRY_SEC)

    def _listen_while_there(self) -> None:
        """Feed a fresh listener until blocks stop coming or the microphone is closed."""
        rate = int(self._stream.samplerate)
        try:
            waiting, start_sec = self._first_blocks(rate)
        except Empty:
            return
        listener = self._make_listener(rate, start_sec)
        try:
            self._feed(listener, waiting, start_sec, rate)
        except Empty:
            log.info("%s: no more sound comes", self.name)
        self._put(listener.finish())

    def _feed(self, listener: SoundListener, waiting: Blocks, start_sec: float, rate: int) -> None:
        """Let it hear block after block until the microphone is closed; raises Empty where no more come."""
        mono, meter, clock, fed = Mono(rate), LevelMeter(rate), SoundClock(start_sec, rate), 0
        while not self._closing.is_set():
            channels, stamp = waiting.pop(0) if waiting else self._next_block()
            block = mono.of(channels)
            missing = 0 if waiting else clock.missing_sec(stamp, fed + len(block))
            if missing > GAP_SEC + self._blocks.qsize() * BLOCK_FRAMES / rate:
                silence = np.zeros(round(min(missing, LONGEST_GAP_SEC) * rate), np.float32)
                block = np.concatenate([silence, block])
            fed += len(block)
            clock.take_in(stamp, fed)
            self.level = meter.feed(block)
            self._put(listener.feed(block, clock.late_sec), clock.late_sec)

    def _next_block(self) -> tuple[Sound, float]:
        """A block of the microphone that was opened. Raises Empty where none comes."""
        if self._route.moved.is_set():
            raise Empty
        return self._blocks.get(timeout=LOST_SEC)

    def _first_blocks(self, rate: int) -> tuple[Blocks, float]:
        """The blocks of the first moments, and the stamp of their first sample. Raises Empty where none come."""
        blocks: Blocks = []
        ends: list[float] = []
        frames = 0
        while frames < WARM_SEC * rate and not self._closing.is_set():
            blocks.append(self._next_block())
            frames += len(blocks[-1][0])
            ends.append(blocks[-1][1] - frames / rate)
        return blocks, min(ends, default=0.0)

    def _put(self, events: Sequence[Event], late_sec: float = 0.0) -> None:
        for event in events:
            self._inbox.put(replace(event, time_sec=event.time_sec + late_sec))

    def _reopen(self) -> None:
        """Open the stream anew and tell of it, since sound was missed; where the first attempt fails, tell of that."""
        let_go(self._stream)
        self._blocks = SimpleQueue()  # what it left waiting is of another time
        self._route.moved.clear()
        self.level = SoundLevel(notice=NO_SOUND)
        lookout = Lookout(INPUT)
        while not self._closing.is_set() and not self._opened_again(lookout):
            if self.level.notice != GONE:
                self._tell(regained=False)
            self.level = SoundLevel(notice=GONE)
            self._closing.wait(RETRY_SEC)
        if not self._closing.is_set():
            self._tell(regained=True)

    def _opened_again(self, lookout: Lookout) -> bool:
        try:
            self._stream = lookout.opened(self._opened)
        except DeviceError as error:
            log.info("%s", error)
            return False
        return True

    def _tell(self, *, regained: bool) -> None:
        self._inbox.put(Lost(time.perf_counter(), self.name, regained=regained))
