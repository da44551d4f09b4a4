"""What the program sounds, taken out of what the microphone hears: an acoustic echo canceller.

The way from the loudspeaker through the room to the microphone is a filter that is learned while both are heard, by a
Kalman filter in the frequency domain (Enzner & Vary 2006; in partitions: Kuech, Mabande & Enzner, ICASSP 2014). It
knows at each frequency how sure it is of the way, and learns the less the louder the player is there. How loud the way
can be at most is known from how far both sounds go together, so that somebody who plays over headphones is not taken
for a loudspeaker. Where nothing is sounded, sound goes through untouched.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tutor.listen.periodicity import Sound

PARTITION_SEC, PARTITIONS = 0.0116, 32
COMPARED = 24  # partitions in which the direct sound may come
LATE_SEC = 0.027  # the late sound of a room falls by 10 dB: what comes later is held to be softer at first
KEPT = 0.9998**2  # of what is known of the way, from one time to the next
UNEXPLAINED = 0.9  # is remembered of the power of what is left
REMEMBERED, LEAST_COUNT = 0.998, 43  # of how far sounds go together: some six seconds; half a second at least
BY_CHANCE = 10.0  # times what sounds that have nothing to do with each other have in common, since notes are long
ALLOWED_AGAIN = 0.9997  # the way may be louder than it was known to be, after so long
SHARPER = 4  # what comes in a partition, to this power, is how likely the direct sound does
CLEAR_SHARE = 0.02  # of what is heard, from which on that is believed rather than what was expected
FOUND_OFF_SEC = 0.015  # how far off a direct sound may be that was found
STIRRED = 0.01  # of the most that the way can be is always uncertain
MEAN = 0.97
WORSE = 1.5  # times the power of what came in, in the mean: the way is a wrong one
SILENT, LEAST_POWER = 1e-5, 1e-9
Spectrum = NDArray[np.complex64]
Powers = NDArray[np.float32]


def partition_of(rate: int) -> int:
    """How many samples are taken at a time."""
    return int(2 ** round(np.log2(PARTITION_SEC * rate)))


class EchoCanceller:
    """Learns one way from a loudspeaker to a microphone, whose direct sound is expected after ``delay_sec``.

    ``off_sec`` is how far off that may be.
    """

    def __init__(self, rate: int, delay_sec: float, off_sec: float):
        self.size = partition_of(rate)
        at = (np.arange(COMPARED) + 0.5) * self.size / rate
        self._shares = np.stack([_expected(self.size / rate, float(each), FOUND_OFF_SEC) for each in at])
        self._share = _expected(self.size / rate, delay_sec, off_sec)
        self._expected = np.exp(-0.5 * ((at - delay_sec) / (2 * off_sec)) ** 2)
        self._allowed: Powers = np.zeros((PARTITIONS, 1), np.float32)  # how loud each partition was known to be at most
        shape = PARTITIONS, self.size + 1
        self._sounded: Spectrum = np.zeros(shape, np.complex64)  # the newest partition first
        self._way: Spectrum = np.zeros(shape, np.complex64)
        self._uncertain: Powers = np.zeros(shape, np.float32)
        self._unexplained: Powers = np.zeros(shape[1], np.float32)
        self._before: Sound = np.zeros(self.size, np.float32)
        self._coherence = Coherence(self.size + 1)
        self._silent = PARTITIONS
        self._came = self._left = 0.0

    def of(self, sounded: Sound, heard: Sound) -> Sound:
        """What is ``heard`` (size,) without what was ``sounded`` (size,) at the same time and before."""
        self._silent = 0 if np.abs(sounded).max() > SILENT else self._silent + 1
        if self._silent > PARTITIONS:
            return heard
        self._sounded = np.roll(self._sounded, 1, axis=0)
        self._sounded[0] = np.fft.rfft(np.concatenate([self._before, sounded]))
        self._before = sounded
        self._bound(heard)
        left = heard - np.fft.irfft((self._way * self._sounded).sum(axis=0))[self.size :].astype(np.float32)
        self._learn(left)
        return self._unless_worse(heard, left)

    def _bound(self, heard: Sound) -> None:
        """Be as uncertain of the way as it can be loud, and no more."""
        common = self._coherence.of(self._sounded, self._spectrum(heard))
        if common is None or not common.gain:
            return
        likely = self._expected * (common.coming / common.coming.max()) ** SHARPER
        found = min(1.0, common.share / CLEAR_SHARE)
        share = found * (likely @ self._shares) / likely.sum() + (1 - found) * self._share
        most = (common.gain * share)[:, None]
        more = np.maximum(0, most - self._allowed)
        self._allowed = ALLOWED_AGAIN * (self._allowed + more)
        self._uncertain = np.clip(self._uncertain + more, STIRRED * most, most)

    def _learn(self, left: Sound) -> None:
        error, powers = self._spectrum(left), np.square(np.abs(self._sounded))
        self._unexplained *= UNEXPLAINED
        self._unexplained += (1 - UNEXPLAINED) * np.square(np.abs(error))
        total = 0.5 * np.einsum("pb,pb->b", self._uncertain, powers) + self._unexplained + LEAST_POWER
        step = self._uncertain / total
        self._uncertain *= KEPT * (1 - 0.5 * step * powers)
        self._uncertain += (1 - KEPT) * np.square(np.abs(self._way))
        changed = np.fft.irfft(self._way + step * np.conj(self._sounded) * error)
        changed[:, self.size :] = 0
        self._way = np.fft.rfft(changed).astype(np.complex64)

    def _unless_worse(self, heard: Sound, left: Sound) -> Sound:
        """What is left, or what came in where there is more left than that: then all is learned anew."""
        self._came = MEAN * self._came + float(np.mean(heard**2))
        self._left = MEAN * self._left + float(np.mean(left**2))
        if self._left <= WORSE * self._came:
            return left
        self._way[:] = 0
        self._allowed[:] = 0
        self._left = self._came
        return heard

    def _spectrum(self, sound: Sound) -> Spectrum:
        spectrum = np.fft.rfft(np.concatenate([np.zeros(self.size, np.float32), sound]))
        return np.asarray(spectrum, np.complex64)


class Common(NamedTuple):
    """What both have in common: the power of the way, its share of what is heard, what comes in each partition."""

    gain: float
    share: float
    coming: Powers


class Coherence:
    """How far what is heard goes with what was sounded, whatever the way between them is."""

    def __init__(self, bins: int):
        self._cross: Spectrum = np.zeros((COMPARED, bins), np.complex64)
        self._sounded, self._chance = np.zeros(bins, np.float32), np.zeros((COMPARED, bins), np.float32)
        self._heard, self._count = 0.0, 0

    def of(self, sounded: Spectrum, heard: Spectrum) -> Common | None:
        """What there is with these spectra too; None as long as too little was heard."""
        self._count += 1
        both = np.conj(sounded[:COMPARED]) * heard
        self._cross *= np.float32(REMEMBERED)
        self._cross += both
        self._chance *= np.float32(REMEMBERED**2)
        self._chance += np.square(np.abs(both))
        self._sounded = REMEMBERED * self._sounded + np.square(np.abs(sounded[0]))
        self._heard = REMEMBERED * self._heard + float(np.square(np.abs(heard)).sum())
        if self._count < LEAST_COUNT:
            return None
        explained = np.square(np.abs(self._cross)) - BY_CHANCE * self._chance
        explained = np.maximum(0, explained) / (self._sounded + LEAST_POWER)
        most = float(explained.max(axis=0).sum())
        gain = 4 * most / float(self._sounded.sum())  # half of what a spectrum of the heard is of is silence
        return Common(gain, most / (self._heard + LEAST_POWER), explained.sum(axis=1))


def _expected(partition_sec: float, delay_sec: float, off_sec: float) -> Powers:
    """How much of the way's power may lie in each partition; 1 in all."""
    at = (np.arange(PARTITIONS) + 0.5) * partition_sec
    early = np.exp(-0.5 * (np.maximum(0.0, delay_sec - at) / off_sec) ** 2)
    share = early * 10 ** (-np.maximum(0.0, at - delay_sec - off_sec) / LATE_SEC)
    return np.asarray(share / share.sum(), np.float32)
