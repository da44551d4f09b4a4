"""When a note of one line began, told in the moment in which it is known that one did.

A pitch is steady only a while after its note began, the later the longer the last note rings on below it. Where an
instrument struck, blew or bowed it says the ear for beginnings. A voice begins a note where it leaves the silence, or
in the middle of the glide from the note before.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from tutor.listen.onsets import Lately
from tutor.listen.periodicity import Values

DETECTION_SEC = 0.028  # how long the pitch tracker needs to hear a change
PITCH_LATE_SEC = 0.012  # how late it says where a pitch is
DATED = 0.25  # how likely a note was struck at a moment, for that to be its onset
BETWEEN_STRIKES_SEC, BETWEEN_GLIDES_SEC = 0.08, 0.03  # at least, from the beginning of a note to that of the next
REMEMBERED_SEC = 0.4
STRIKE_BEFORE_SEC, STRIKE_AFTER_SEC = 0.12, 0.05
GLIDE_SEC, SCOOP_SEMITONES = 0.12, 4.0
LEAST_GLIDE, AT_ONCE_SEC, AT_ONCE = 0.5, 0.008, 0.4  # semitones; no more than that share of a glide comes at once
SUNG_BEFORE_SEC, SUNG_AFTER_SEC, SUNG = 0.12, 0.1, 0.6  # of a beginning, against where the pitch comes; how likely
VOWEL = 0.65  # how far a vowel is on the way from where a beginning is heard to where its pitch comes


class ByStrike:
    """Dates by where a tone most likely began."""

    def __init__(self, lately: Lately):
        self._lately = lately

    def hear_place(self, time_sec: float, place: float | None) -> None:
        """A pitch says nothing of strikes."""

    def began(self, steady_sec: float, place: float, before: tuple[float, float] | None) -> float:
        """When the note began whose pitch was first steady at ``steady_sec``; ``before`` is the last one.

        ``place`` is a MIDI number with its fraction, ``before`` the place and the onset of the note that it ends.
        """
        latest = steady_sec - DETECTION_SEC
        earliest = max(latest - STRIKE_BEFORE_SEC, before[1] + BETWEEN_STRIKES_SEC if before else 0.0)
        at_sec, share = self._lately.likeliest(earliest, latest + STRIKE_AFTER_SEC)
        if share >= DATED:
            return at_sec
        return max(0.0, latest, before[1] + BETWEEN_GLIDES_SEC if before else 0.0)


class ByGlide:
    """Dates by the way that the pitch took; where that is no glide, by where a vowel began."""

    def __init__(self, hop_sec: float, lately: Lately):
        self._hop_sec, self._said = hop_sec, lately
        self._lately: deque[tuple[float, float | None]] = deque(maxlen=round(REMEMBERED_SEC / hop_sec))

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
        came = max(earliest, min(began - PITCH_LATE_SEC, steady_sec - DETECTION_SEC))
        at_sec, share = self._said.likeliest(max(earliest, came - SUNG_BEFORE_SEC), came + SUNG_AFTER_SEC)
        return vowel_sec(came, at_sec) if share >= SUNG and not self._is_glide(came) else came

    def _is_glide(self, came_sec: float) -> bool:
        near = [place for at, place in self._lately if abs(at - came_sec) <= GLIDE_SEC / 2]
        return is_glide(np.array(near, float), self._hop_sec)

    def _is_of(self, passed: float, place: float, before: tuple[float, float] | None) -> bool:
        """Whether a pitch that is passed on the way belongs to the note that begins, not to the one before."""
        if before is None:
            return abs(passed - place) <= SCOOP_SEMITONES
        return (passed - (before[0] + place) / 2) * (place - before[0]) > 0


def vowel_sec(came_sec: float, begun_sec: float) -> float:
    """When a vowel begins whose pitch comes at one moment, and whose beginning is heard at another."""
    return begun_sec + VOWEL * (came_sec - begun_sec)


def is_glide(places: Values, hop_sec: float) -> bool:
    """Whether pitches, as MIDI numbers hop by hop, go from one to another step by step, and all of them are heard."""
    apart = round(AT_ONCE_SEC / hop_sec)
    if len(places) <= apart or np.isnan(places).any():
        return False
    steps, way = np.abs(places[apart:] - places[:-apart]).max(), np.ptp(places)
    return bool(way >= LEAST_GLIDE and steps <= AT_ONCE * way)
