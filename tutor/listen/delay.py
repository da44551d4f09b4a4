"""How late the microphone hears the program: clicks are sounded, and found again in what is recorded.

The delay is from a call to the sound's arrival in the listener, out and in together: who plays along with what is heard
is late by both. It is taken off the stamps of what the microphone hears. A room is not silent meanwhile: what comes
after the clicks each time at another distance, talk or taps, is none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from queue import SimpleQueue

import numpy as np

from lessons.errors import DeviceError
from tutor.clock import Clock
from tutor.commands.parts import MakeListener, SoundInput, Synth
from tutor.events import Event, Inbox
from tutor.listen.periodicity import Sound

CLICKS, LEAST_FOUND = 5, 3
BETWEEN_SEC, SETTLE_SEC = 0.5, 0.4
TOGETHER_SEC = 0.015  # clicks come so evenly, a driver's jitter included
ABOVE_FLOOR = 6.0
FAINTEST = 0.002
NOT_HEARD = "The click was not heard: turn the loudspeaker up, take headphones off, keep still, and try again."
OpenMicrophone = Callable[[str, MakeListener, Inbox], SoundInput]


class Recorded:
    """A listener that keeps the sound; ``start_sec`` is the stamp of its first sample."""

    def __init__(self, rate: int, start_sec: float):
        self.rate, self.start_sec = rate, start_sec
        self._blocks: list[Sound] = []

    def feed(self, block: Sound, drift_sec: float = 0.0) -> Sequence[Event]:
        """Keep a block."""
        self._blocks.append(block)
        return ()

    def finish(self) -> Sequence[Event]:
        """Nothing sounds."""
        return ()

    def sound(self) -> Sound:
        """All of it."""
        return np.concatenate(self._blocks) if self._blocks else np.zeros(0, np.float32)


def measured_delay(
    wanted: str, open_microphone: OpenMicrophone, synth: Synth, clock: Clock, sleep: Callable[[float], object]
) -> float:
    """The delay in seconds. Raises DeviceError where the clicks are not heard."""
    made: list[Recorded] = []

    def listen(rate: int, start_sec: float) -> Recorded:
        made.append(Recorded(rate, start_sec))
        return made[-1]

    microphone = open_microphone(wanted, listen, SimpleQueue())
    try:
        sleep(SETTLE_SEC)
        struck = []
        for _ in range(CLICKS):
            struck.append(clock())
            synth.click(True)
            sleep(BETWEEN_SEC)
    finally:
        microphone.close()
    found = np.array([delay for one in made for delay in delays(one, struck)])
    even = found[np.abs(found - np.median(found)) <= TOGETHER_SEC] if len(found) else found
    if len(even) < LEAST_FOUND:
        raise DeviceError(NOT_HEARD)
    return float(np.median(even))


def delays(recorded: Recorded, struck: Sequence[float]) -> list[float]:
    """For each click that is heard, how long after its call its first sample stands out of the room's noise."""
    sound = np.abs(recorded.sound())
    found = []
    for at in struck:
        first = round((at - recorded.start_sec) * recorded.rate)
        before = sound[max(0, first - round(0.1 * recorded.rate)) : max(0, first)]
        after = sound[max(0, first) : max(0, first + round(BETWEEN_SEC * recorded.rate))]
        if not len(before) or not len(after):
            continue
        loud = np.flatnonzero(after > max(FAINTEST, ABOVE_FLOOR * float(np.percentile(before, 95)), 0.2 * after.max()))
        found += [float(loud[0]) / recorded.rate] if len(loud) else []
    return found
