"""When a note of one line began, told in the moment in which it is known that one did.

A pitch is steady only a while after its note began, the later the longer the last note rings on below it. What an
instrument strikes, blows or bows shows as a jump of the spectrum before that (`tutor.listen.novelty`). A voice begins
a note where it leaves the silence, or in the middle of the glide from the note before.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from tutor.listen.novelty import risen
from tutor.listen.periodicity import Values

DETECTION_SEC = 0.028  # how long the pitch tracker needs to hear a change
PITCH_LATE_SEC = 0.012  # how late it says where a pitch is
DATED_SHARE = 0.4  # of the typical jump: with less, nothing was struck
BETWEEN_STRIKES_SEC, BETWEEN_GLIDES_SEC = 0.08, 0.03  # at least, from the beginning of a note to that of the next
REMEMBERED_SEC = 0.4
STRIKE_BEFORE_SEC, STRIKE_AFTER_SEC = 0.1, 0.015
PEAK_HOPS = 4
AS_GREAT = 0.6  # of the greatest jump nearby
TYPICAL_NOTES = 9  # whose jumps tell what is typical
GLIDE_SEC, SCOOP_SEMITONES = 0.12, 4.0


class ByStrike:
    """Dates by the last great jump of the spectrum before a pitch is steady."""

    def __init__(self, hop_sec: float, late_sec: float, soft: bool = False):
        """``late_sec`` is how late the flux comes; what begins softly is dated where its flux rises."""
        self._soft, self._hop_sec, self._late_sec, self._hops = soft, hop_sec, late_sec, 0
        self._lately: deque[tuple[float, float]] = deque(maxlen=round(REMEMBERED_SEC / hop_sec))
        self._strengths: deque[float] = deque(maxlen=TYPICAL_NOTES)

    def hear_flux(self, flux: float) -> None:
        """Take the flux of the next hop in."""
        self._hops += 1
        self._lately.append((self._hops * self._hop_sec - self._late_sec, flux))

    def hear_place(self, time_sec: float, place: float | None) -> None:
        """A pitch says nothing of strikes."""

    def began(self, steady_sec: float, place: float, before: tuple[float, float] | None) -> float:
        """When the note began whose pitch was first steady at ``steady_sec``; ``before`` is the last one.

        ``place`` is a MIDI number with its fraction, ``before`` the place and the onset of the note that it ends.
        """
        latest = steady_sec - DETECTION_SEC
        free = before[1] + BETWEEN_STRIKES_SEC if before else 0.0
        earliest = max(latest - STRIKE_BEFORE_SEC, free)
        times, flux = np.array(self._lately).reshape(-1, 2).T
        first, end = np.searchsorted(times, earliest), np.searchsorted(times, latest + STRIKE_AFTER_SEC, "right")
        jumps = flux[first:end]
        if not len(jumps):
            return max(0.0, latest)
        typical = float(np.median(self._strengths)) if self._strengths else 0.0
        self._strengths.append(float(jumps.max()))
        least = max(AS_GREAT * float(jumps.max()), DATED_SHARE * typical)
        great = [int(first) + hop for hop in peaks(jumps) if jumps[hop] >= least]
        if not great:
            return max(0.0, latest)
        hop = risen(flux, great[-1], self._hop_sec) if self._soft else great[-1]
        return max(before[1] + BETWEEN_GLIDES_SEC if before else 0.0, float(times[hop]))


class ByGlide:
    """Dates by the way that the pitch took."""

    def __init__(self, hop_sec: float):
        self._lately: deque[tuple[float, float | None]] = deque(maxlen=round(REMEMBERED_SEC / hop_sec))

    def hear_flux(self, flux: float) -> None:
        """A voice does not strike."""

    def hear_place(self, time_sec: float, place: float | None) -> None:
        """Take a pitch in; None is silence."""
        self._lately.append((time_sec, place))

    def began(self, steady_sec: float, place: float, before: tuple[float, float] | None) -> float:
        """The same as `ByStrike.began`."""
        began = steady_sec
        for at, passed in reversed(self._lately):
            if at >= steady_sec:
                continue
            if passed is None or at < steady_sec - GLIDE_SEC or not self._is_of(passed, place, before):
                break
            began = at
        earliest = before[1] + BETWEEN_GLIDES_SEC if before else 0.0
        return max(earliest, min(began - PITCH_LATE_SEC, steady_sec - DETECTION_SEC))

    def _is_of(self, passed: float, place: float, before: tuple[float, float] | None) -> bool:
        """Whether a pitch that is passed on the way belongs to the note that begins, not to the one before."""
        if before is None:
            return abs(passed - place) <= SCOOP_SEMITONES
        return (passed - (before[0] + place) / 2) * (place - before[0]) > 0


def peaks(jumps: Values) -> list[int]:
    """The hops that nothing within `PEAK_HOPS` exceeds."""
    return [
        hop for hop in range(len(jumps)) if jumps[hop] >= jumps[max(0, hop - PEAK_HOPS) : hop + PEAK_HOPS + 1].max()
    ]
