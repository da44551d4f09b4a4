"""The metronome's clicks, told from notes: over loudspeakers they reach the microphone, and a wood block has a pitch.

A click is short, comes when it is known to, and rings at the pitch of its own sound, in whichever octave it is heard.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import product

import numpy as np

from lessons.errors import DeviceError
from tutor.listen.pitch import PitchTracker, place_of
from tutor.synth import Renderer, soundfont_path

RINGS_SEC = 0.26  # a click in a room; what sounds longer is a note
BEFORE_SEC, AFTER_SEC = 0.05, 0.3  # from when it is sounded to where it is heard to begin
RATE, RENDERED_SEC, RANGE_HERTZ = 22050, 0.3, (200.0, 2500.0)  # it is heard once by itself
CLEAR, ABOUT = 0.7, 0.3  # clarity; semitones by which a room moves it
SEMITONES = 12
Tones = dict[bool, frozenset[int]]
"""The pitches without their octave, 0..11, of a click with and without accent."""


class Clicks:
    """The clicks of a practice as they are sounded; one thread tells of them, any may ask."""

    def __init__(self) -> None:
        self._sounded: list[tuple[float, bool]] = []  # in order of time
        self._tones: Tones | None = None

    def sounded(self, stamp_sec: float, accent: bool) -> None:
        """A click was sounded."""
        self._sounded.append((stamp_sec, accent))

    def may_be(self, place: float, stamp_sec: float) -> bool:
        """Whether what begins so is a click, unless it lasts longer; ``place`` is a MIDI number as it sounds."""
        first = bisect_left(self._sounded, (stamp_sec - AFTER_SEC, False))
        end = bisect_right(self._sounded, (stamp_sec + BEFORE_SEC, True))
        accents = {accent for _, accent in self._sounded[first:end]}
        if not accents:
            return False
        if self._tones is None:
            self._tones = click_tones()
        return any(round(place) % SEMITONES in self._tones[accent] for accent in accents)


def click_tones() -> Tones:
    """What the clicks of the synth are taken for; nothing where there is no synth."""
    try:
        renderer = Renderer(soundfont_path(), RATE)
    except DeviceError:
        return {True: frozenset(), False: frozenset()}
    return {accent: _tones(renderer, accent) for accent in (True, False)}


def _tones(renderer: Renderer, accent: bool) -> frozenset[int]:
    block = np.zeros((round(RENDERED_SEC * RATE), 2), np.float32)
    renderer.silence()
    renderer.click(accent)
    renderer.render(block)
    heard = [pitch for pitch in PitchTracker(RATE, *RANGE_HERTZ).feed(block.mean(axis=1)) if pitch.clarity >= CLEAR]
    places = place_of(np.array([pitch.hertz for pitch in heard if pitch.hertz > 0]))
    return frozenset(round(place + away) % SEMITONES for place, away in product(places.tolist(), (-ABOUT, ABOUT)))
