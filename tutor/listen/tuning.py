"""What a piano is tuned to, by the strong partials of what is heard first.

Between semitones there is nothing to choose: a piano 60 cents flat sounds as one 40 cents sharp, and only a score
tells them apart (`tutor.listen.recorded`). The partials up to 1.5 kHz are less than 3 cents sharp of their keys, and
the circular mean of what they are off the semitones of A = 440 Hz comes to within 4 cents on rendered and real pianos.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from lessons.errors import InputError
from tutor.listen.periodicity import Sound, Values

CONCERT_HERTZ = 440.0
A4_HERTZ = (390.0, 470.0)  # from French baroque to choir pitch
IN_TUNE_CENTS = 8.0  # the ears hear as well so far off, and the estimate is no better than half of it
LEAST_AGREEMENT = 0.3  # 0 to 1: talk comes to .1, the worst of the pianos to .4
LEAST_PARTIALS, SOUND_SEC = 100, 60.0
WINDOW_SEC, LOWEST_HERTZ, HIGHEST_HERTZ = 0.35, 100.0, 1500.0
SOFT, STRONG = 1e-3, 0.05  # of full scale; of the strongest partial


def tuning_cents(rate: int, blocks: Iterable[Sound]) -> float:
    """By how many cents (-50 to 50) a piano is sharp of A = 440 Hz; 0 where it is about in tune, or nobody can tell.

    ``blocks`` of mono sound are taken until a minute of it has sounded.
    """
    found: list[Values] = []
    sounded = 0.0
    for block in blocks:
        if np.abs(block).max(initial=0.0) >= SOFT:
            found += list(_partials(rate, block))
            sounded += len(block) / rate
        if sounded >= SOUND_SEC:
            break
    if sum(map(len, found)) < LEAST_PARTIALS:
        return 0.0
    hertz, strength = np.concatenate(found).T
    turns = np.exp(2j * np.pi * 12 * np.log2(hertz / CONCERT_HERTZ))
    mean = np.dot(np.sqrt(strength), turns) / np.sqrt(strength).sum()
    cents = 100 * math.atan2(mean.imag, mean.real) / (2 * math.pi)
    return cents if abs(mean) >= LEAST_AGREEMENT and abs(cents) >= IN_TUNE_CENTS else 0.0


def known_a4(hertz: float) -> float:
    """What A is tuned to, where somebody says it. Raises InputError where nobody tunes so."""
    if not A4_HERTZ[0] <= hertz <= A4_HERTZ[1]:
        raise InputError(f"A = {hertz:g} Hz: must be {A4_HERTZ[0]:g} to {A4_HERTZ[1]:g} Hz")
    return hertz


def heard_rate(rate: int, a4_hertz: float) -> int:
    """The rate at which samples of music in this tuning sound in A = 440 Hz."""
    return round(rate * CONCERT_HERTZ / a4_hertz)


def hertz_at(cents: float) -> float:
    """What A is tuned to where all is so many cents sharp."""
    return float(CONCERT_HERTZ * 2 ** (cents / 1200))


def _partials(rate: int, block: Sound) -> Iterable[Values]:
    """(partials, 2) for each window of a block: hertz between the lines of the transform, and strength."""
    size = 1 << math.ceil(math.log2(WINDOW_SEC * rate))
    first, last = round(LOWEST_HERTZ * size / rate), round(HIGHEST_HERTZ * size / rate)
    for start in range(0, len(block) - size + 1, size // 2):
        strength = np.abs(np.fft.rfft(block[start : start + size] * np.hanning(size))) + 1e-9
        here = strength[first:last]
        peak = (here > strength[first - 1 : last - 1]) & (here >= strength[first + 1 : last + 1])
        lines = first + np.flatnonzero(peak & (here > STRONG * here.max()))
        below, at, above = (np.log(strength[lines + step]) for step in (-1, 0, 1))
        between = 0.5 * (below - above) / (below - 2 * at + above)
        yield np.stack([(lines + between) * rate / size, strength[lines]], axis=1)
