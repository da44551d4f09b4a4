"""In which octave one line is heard: a guitar's part is written an octave above what sounds, a man sings below his.

Where the last notes are due a whole octave, or two, from where they sound, and are not due as they sound, the listener
is moved there, and it stays there until as much speaks for another octave.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass

OCTAVES = (12, -12, 24, -24)
NOTES = 5  # are looked back at
LEAD, FIRST = 3, 2  # by so many more of them must another octave fit; where none fits as it is heard, so many

SLIP_SEC = 0.06  # a note that gave way to another one so soon was an error of the ear


@dataclass(frozen=True)
class _Stretch:
    """From a stamp on all sounds this far from what is written, which was known at another, later one."""

    semitones: int
    from_sec: float
    known_sec: float


@dataclass(frozen=True)
class _Fit:
    """A note's stamp, and at which heights the score had it."""

    stamp: float
    heights: frozenset[int]


class Octave:
    """How many semitones the score stands above what is heard; ``usual`` is what the instrument's parts have.

    One thread tells it of notes, any may ask.
    """

    def __init__(self, usual: int = 0):
        self._stretches: tuple[_Stretch, ...] = (_Stretch(usual, float("-inf"), float("-inf")),)
        self._fits: deque[_Fit] = deque(maxlen=NOTES)
        self._right = 0  # notes that were due where it is, since it is there

    @property
    def semitones(self) -> int:
        """As far as it is known now."""
        return self._stretches[-1].semitones

    @property
    def is_settled(self) -> bool:
        """Whether some notes were due where it is: then it takes more than a few slips to move it."""
        return self._right >= FIRST

    def hear(self, pitch: int, expected: Collection[int], stamp: float) -> None:
        """Take a note in, in the octave in which it sounds, and what was expected there."""
        if not expected:
            return
        if self._fits and stamp - self._fits[-1].stamp < SLIP_SEC:
            self._right -= self.semitones in self._fits.pop().heights
        heights = frozenset(height for height in (0, *OCTAVES) if pitch + height in expected)
        self._fits.append(_Fit(stamp, heights))
        self._right += self.semitones in heights
        best = max((0, *OCTAVES), key=self._count)
        here = self._count(self.semitones)
        if self._count(best) >= (here + LEAD if here or self.is_settled else FIRST):
            self._stretches = (*self._stretches, _Stretch(best, self._since(best), stamp))
            self._right = self._count(best)

    def settled_at(self, pitch: int, expected: Collection[int]) -> None:
        """Take the last note for another pitch, which it came to after it had begun in another octave."""
        if self._fits:
            fit = self._fits.pop()
            self._right -= self.semitones in fit.heights
            self.hear(pitch, expected, fit.stamp)

    def at(self, stamp: float) -> int:
        """How many semitones it was at a stamp, as it is known now."""
        return self._stretch(stamp).semitones

    def was_known(self, stamp: float) -> bool:
        """Whether that was known when this stamp had come."""
        return stamp >= self._stretch(stamp).known_sec

    def in_words(self) -> str:
        """What the learner should know of it; '' where all is heard as it is written."""
        words = octave_words(self.semitones // 12)
        return f"{words[:1].upper()}{words[1:]}." if words else ""

    def _count(self, height: int) -> int:
        return sum(height in fit.heights for fit in self._fits)

    def _since(self, height: int) -> float:
        """When this height began: after the last note that was due where the listener was, and not there."""
        others = [fit.stamp for fit in self._fits if self.semitones in fit.heights and height not in fit.heights]
        first = len(self._stretches) == 1 and not self.is_settled
        return others[-1] + 1e-3 if others else float("-inf") if first else self._fits[0].stamp

    def _stretch(self, stamp: float) -> _Stretch:
        return next(one for one in reversed(self._stretches) if stamp >= one.from_sec)


def octave_words(octaves: int) -> str:
    """Where what was heard lies against what is written so many octaves above it; '' where it is the same."""
    how_far = "an octave" if abs(octaves) == 1 else "two octaves"
    return f"heard {how_far} {'lower' if octaves > 0 else 'higher'} than written" if octaves else ""
