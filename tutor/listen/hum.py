"""A hum: a tone that sounds all the time, as poor cables and fans make it, and that is taken for a note without end.

Nothing else tells it from a note that somebody holds but that it does not end and does not move. So a line of the
spectrum is a hum once it was there for `HUM_SEC` without a dip, as loud all the while, its phase running on evenly: no
bow, breath or voice is that steady for so long, and a tone that is struck again begins with another phase. Nothing is
silenced by it: who plays is told, and what to do.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from tutor.listen.instruments import INSTRUMENTS
from tutor.listen.periodicity import Sound, Values
from tutor.listen.tuning import CONCERT_HERTZ

RATE, FRAME = 4000, 2048
HOP = FRAME // 2
HUM_SEC = 15.0
LOWEST_HERTZ, HIGHEST_HERTZ = 40.0, 1500.0
FAINTEST_DB = -62.0  # of full scale; what is fainter nobody takes for a note
STANDS_OUT_DB, BESIDE = 15.0, 30  # above what lies so many bins around it
REACH = 3  # bins: the window's main lobe, and one more
DIP_DB = 1.0  # below the middle
EVEN_DB, EVEN_SHARE = 1.5, 0.7  # so much of the time it is no louder than this above its faintest
SMOOTH, ASTRAY_RADIANS = 3, 0.4  # of the curve that its phase may follow as its frequency drifts; from that curve
GONE_DB = 6.0  # below what it was: then it is off
PARTIAL_SHARE, PARTIAL_HERTZ, PARTIAL_DB = 0.004, 0.3, 20.0  # so near a multiple of one that is so much louder at most
MAINS_HERTZ, MAINS_SHARE, HIGHEST_MAINS_HERTZ = (50.0, 60.0), 0.003, 400.0
PIANO_HERTZ = (80.0, 4200.0)  # lower hums no piano's ear takes for a key
CABLE = "try another cable or socket, and keep the cable away from power supplies"
FAN = "switch off what makes it, a fan perhaps, or move the microphone away from it"
Spectra = NDArray[np.complex128]


class Hum:
    """Listens for hums in a stream of mono sound; ``hertz`` has the lowest tone of each that sounds now."""

    def __init__(self, rate: int):
        import soxr  # type: ignore[import-untyped]

        self._resampler = soxr.ResampleStream(rate, RATE, 1, dtype="float32", quality="LQ")
        self._waiting = np.zeros(0, np.float32)
        self._window = np.hanning(FRAME + 1)[:-1] * np.sqrt(8) / FRAME  # a sine's value is its root mean square
        self._bins = np.arange(*(round(hertz * FRAME / RATE) for hertz in (LOWEST_HERTZ, HIGHEST_HERTZ)))
        self._past: deque[Spectra] = deque(maxlen=round(HUM_SEC * RATE / HOP))
        self._found: dict[int, tuple[float, float]] = {}  # place of a line among the bins: hertz, level in dB
        self.hertz: tuple[float, ...] = ()

    def feed(self, block: Sound) -> None:
        """Hear a block."""
        fresh = self._resampler.resample_chunk(np.asarray(block, np.float32))
        self._waiting = np.concatenate([self._waiting, fresh])
        while len(self._waiting) >= FRAME:
            self._past.append(np.fft.rfft(self._window * self._waiting[:FRAME])[self._bins])
            self._waiting = self._waiting[HOP:]
            self._look()

    def _look(self) -> None:
        now = decibels(self._past[-1])
        found = {line: told for line, told in self._found.items() if now[line] >= told[1] - GONE_DB}
        if len(self._past) == self._past.maxlen:
            found = self._steady() | found
        if found.keys() != self._found.keys():
            self.hertz = lowest_tones(dict(found.values()))
        self._found = found

    def _steady(self) -> dict[int, tuple[float, float]]:
        """The lines that never dipped, nor wandered."""
        past = np.array(self._past)
        level = decibels(past)
        faintest, middles = level.min(axis=0), np.median(level, axis=0)
        lines = {}
        for line in np.flatnonzero(_stands_out(faintest) & _is_highest(middles)):
            middle, high = middles[line], np.quantile(level[:, line], EVEN_SHARE)
            hertz, astray = _run_of(past[:, line], int(self._bins[line]))
            if middle - faintest[line] <= DIP_DB and high - faintest[line] <= EVEN_DB and astray <= ASTRAY_RADIANS:
                lines[int(line)] = hertz, float(middle)
        return lines


def _run_of(values: Spectra, number: int) -> tuple[float, float]:
    """How the phase of a bin runs on from frame to frame: its frequency, and how far it strays from a smooth course."""
    turned = np.angle(values[1:] * values[:-1].conj() * (-1.0) ** number)
    phase = np.concatenate([[0.0], np.cumsum(turned)])
    at = np.linspace(-1, 1, len(phase))
    course = np.polynomial.polynomial.polyval(at, np.polynomial.polynomial.polyfit(at, phase, SMOOTH))
    stray = phase - course
    furthest = max(np.abs(stray).max(), 2 * np.abs(np.diff(stray)).max())  # a step is a tone that begins anew
    return float((number + np.median(turned) / np.pi) * RATE / FRAME), float(furthest)


def decibels(values: Spectra) -> Values:
    """The level of each value, of full scale."""
    return np.asarray(20 * np.log10(np.abs(values) + 1e-9))


def _stands_out(level: Values) -> NDArray[np.bool_]:
    """Which bins are peaks, loud enough, and far above what lies around."""
    padded = np.pad(level, BESIDE, mode="reflect")
    around = np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * BESIDE + 1), axis=1)
    return np.asarray(_is_highest(level) & (level >= FAINTEST_DB) & (level >= around + STANDS_OUT_DB))


def _is_highest(level: Values) -> NDArray[np.bool_]:
    """Which bins are the highest of those that one tone reaches."""
    padded = np.pad(level, REACH, constant_values=-np.inf)
    return np.asarray(level >= np.lib.stride_tricks.sliding_window_view(padded, 2 * REACH + 1).max(axis=1))


def lowest_tones(lines: Mapping[float, float]) -> tuple[float, ...]:
    """The frequencies of lines, with their levels in dB, that are no partials of another one."""
    tones: list[float] = []
    for hertz in sorted(lines):
        if not any(_is_partial(hertz, tone) and lines[hertz] <= lines[tone] + PARTIAL_DB for tone in tones):
            tones.append(hertz)
    return tuple(tones)


def _is_partial(hertz: float, tone: float) -> bool:
    return abs(hertz - tone * round(hertz / tone)) <= PARTIAL_HERTZ + PARTIAL_SHARE * hertz


def hum_words(tones_hertz: Iterable[float], instrument: str) -> str:
    """What a player of an instrument should do about the lowest tone that it could sound; '' where there is none."""
    lowest, highest = INSTRUMENTS[instrument].range_hertz(CONCERT_HERTZ) if instrument in INSTRUMENTS else PIANO_HERTZ
    heard = [hertz for hertz in tones_hertz if lowest <= hertz <= highest]
    if not heard:
        return ""
    what, remedy = ("hum", CABLE) if _is_of_the_mains(heard[0]) else ("tone", FAN)
    return f"a steady {what} at {heard[0]:.0f} Hz may be taken for a note: {remedy}"


def _is_of_the_mains(hertz: float) -> bool:
    near = (abs(hertz - mains * round(hertz / mains)) <= MAINS_SHARE * hertz for mains in MAINS_HERTZ)
    return hertz <= HIGHEST_MAINS_HERTZ and any(near)
