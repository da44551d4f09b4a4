"""What the speaker has sounded lately, for whoever hears it again through the microphone.

The speaker's thread only copies and stamps; who listens asks for the sound of a stretch of time at a rate of their own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from tutor.listen.periodicity import Sound

KEPT_SEC = 4.0
STAMPS, LEAST_STAMPS = 512, 64  # of the newest blocks; one of them at least was rendered as soon as it could be
CROSSINGS = 8  # of zero by the window over which a sample between samples is made, on either side
STEPS = 64  # between two samples


class Playback:
    """Mono sound at ``rate``, of which each sample was rendered at a stamp; it is audible ``latency_sec`` later.

    One thread adds, any may ask.
    """

    def __init__(self, rate: int, latency_sec: float = 0.0):
        self.rate, self.latency_sec = rate, latency_sec
        self._ring: Sound = np.zeros(round(KEPT_SEC * rate), np.float32)
        self._frames = 0
        self._starts: deque[float] = deque(maxlen=STAMPS)

    def add(self, block: Sound, stamp_sec: float) -> None:
        """Keep (frames, channels) that were rendered at a stamp."""
        self._ring[(self._frames + np.arange(len(block))) % len(self._ring)] = block.mean(axis=1)
        self._starts.append(stamp_sec - self._frames / self.rate)
        self._frames += len(block)

    def broke_off(self) -> None:
        """Forget when earlier blocks were rendered: the device ran dry, and what comes is later by some while."""
        self._starts.clear()

    def frame_at(self, stamp_sec: float) -> float | None:
        """Which frame was rendered at a stamp, with its fraction; None before enough of them are known.

        A stamp is late by what the system kept its block waiting, never early: the earliest of the last while is right.
        """
        starts = tuple(self._starts)
        return (stamp_sec - min(starts)) * self.rate if len(starts) >= LEAST_STAMPS else None

    def sound(self, first: float, count: int, rate: int) -> Sound:
        """``count`` samples at ``rate`` from frame ``first`` on; silence where none was kept or rendered yet."""
        step = self.rate / rate
        if step == 1:
            return self._frames_from(round(first), count)
        places = np.asarray(first + step * np.arange(count))
        around = len(_kernels(step)[0]) // 2
        start = int(np.floor(places[0])) - around
        frames = self._frames_from(start, round(places[-1]) + 2 * around - start)
        return _between(frames, places - start, step) if frames.any() else np.zeros(count, np.float32)

    def _frames_from(self, first: int, count: int) -> Sound:
        frames, until = first + np.arange(count), self._frames
        known = (frames >= max(0, until - len(self._ring))) & (frames < until)
        return np.where(known, self._ring[frames % len(self._ring)], np.float32(0))


NowPlaying = Callable[[], Playback | None]
"""What the open speaker sounds; None where there is none."""


def nothing() -> Playback | None:
    """No speaker is open."""
    return None


def _between(sound: Sound, places: Sound, step: float) -> Sound:
    """The sound at places between its samples, without what is too high for samples ``step`` apart."""
    kernels = _kernels(step)
    nearest = np.rint(places * STEPS).astype(int)
    first = nearest // STEPS - (kernels.shape[1] // 2 - 1)
    around = sound[first[:, None] + np.arange(kernels.shape[1])]
    return np.asarray(np.einsum("nk,nk->n", around, kernels[nearest % STEPS]), np.float32)


@lru_cache(maxsize=2)
def _kernels(step: float) -> Sound:
    """(`STEPS`, samples around): a windowed sinc at each place between two samples."""
    wide = max(1.0, step)
    around = int(np.ceil(CROSSINGS * wide))
    away = np.arange(STEPS)[:, None] / STEPS - np.arange(1 - around, around + 1)
    window = np.cos(np.pi * np.clip(away / (CROSSINGS * wide), -1, 1) / 2) ** 2
    return np.asarray(np.sinc(away / wide) * window / wide, np.float32)
