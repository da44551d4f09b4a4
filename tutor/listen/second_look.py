"""A second, slower look at one line of music, when all of it has sounded: better notes than can be told at once.

The pitch is that of the live tracker; the notes are decided over whole phrases (`tutor.listen.phrase`), which end where
nothing sounds for a while, so that two hours take no more memory than two minutes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from tutor.listen.instruments import known
from tutor.listen.melody import TUNING_RANGE, HeardNote
from tutor.listen.onset_ear import LAGS, OnsetEar, Row
from tutor.listen.onset_frames import HOPS
from tutor.listen.periodicity import Sound, Values
from tutor.listen.phrase import HEARD_CLARITY, SHORTEST_SEC, Phrase, Tone
from tutor.listen.pitch import Pitch, PitchTracker
from tutor.listen.sounding import velocity_of
from tutor.listen.tuning import CONCERT_HERTZ

PHRASE_GAP_SEC, LONGEST_PHRASE_SEC = 0.5, 60.0
TUNED_NOTES = 5


class SecondLook:
    """Takes a recording of one line in, block by block; `finish` gives its notes.

    Where nobody says what A is tuned to (``a4_hertz``), it is found by ear.
    """

    def __init__(self, rate: int, instrument: str = "voice", a4_hertz: float | None = None):
        self._instrument, self._a4_hertz = known(instrument), a4_hertz
        self._tracker = PitchTracker(rate, *self._instrument.range_hertz(a4_hertz or CONCERT_HERTZ))
        self._hop_sec = self._tracker.hop_sec
        self._ear = OnsetEar(rate, self._hop_sec)
        self._pitches: list[Pitch] = []
        self._likely: list[float] = []
        self._latest = np.zeros(len(LAGS))
        self._untold = LAGS[-1]  # rows that tell of frames that are done, or were before the first one
        self._silent_hops = 0
        self._tones: list[Tone] = []
        self.tuning_hertz = a4_hertz or CONCERT_HERTZ

    def feed(self, block: Sound) -> None:
        """Take a block in."""
        pitches = self._tracker.feed(block)
        self.hear(pitches, self._ear.feed(block, pitches))

    def hear(self, pitches: Iterable[Pitch], rows: Iterable[Row]) -> None:
        """The same, where somebody else has found the pitches of the block, and where tones begin."""
        for row in rows:
            self._latest = row.astype(np.float64)
            if self._untold:
                self._untold -= 1
            else:
                self._likely.append(float(row[-1]))
        for pitch in pitches:
            self._pitches.append(pitch)
            self._silent_hops = 0 if pitch.hertz > 0 and pitch.clarity >= HEARD_CLARITY else self._silent_hops + 1
        seconds = len(self._pitches) * self._hop_sec
        if seconds > LONGEST_PHRASE_SEC or (seconds > 1 and self._silent_hops * self._hop_sec > PHRASE_GAP_SEC):
            self._close_phrase(np.array(self._likely))

    def finish(self) -> list[HeardNote]:
        """The notes in order of time; ``tuning_hertz`` is known from now on."""
        self._close_phrase(np.concatenate([self._likely, self._lately()]))
        tones = [tone for tone in self._tones if tone.end_sec - tone.onset_sec >= SHORTEST_SEC]
        if self._instrument.tuned and self._a4_hertz is None:
            self.tuning_hertz = CONCERT_HERTZ * 2 ** (_tuning(tones) / 12)
        shift = 12 * math.log2(self.tuning_hertz / CONCERT_HERTZ)
        return [_noted(tone, shift, self._instrument.written_above) for tone in tones]

    def _lately(self) -> Values:
        """How likely a tone began at the frames of which there is more to be heard, as far as it is known."""
        return np.concatenate([self._latest[-2::-1], np.zeros(LAGS[0])])[self._untold :]

    def _close_phrase(self, likely: Values) -> None:
        frames = min(len(self._pitches) // HOPS, len(likely))
        pitches, self._pitches = self._pitches[: HOPS * frames], self._pitches[HOPS * frames :]
        self._untold += max(0, frames - len(self._likely))
        self._likely = self._likely[frames:]
        if frames:
            self._tones += Phrase(pitches, likely[:frames], self._hop_sec, self._instrument).tones()


def _tuning(tones: list[Tone]) -> float:
    """By how many semitones all is tuned sharp: the circular mean of the fractions, weighted by length."""
    if len(tones) < TUNED_NOTES:
        return 0.0
    weights = np.array([tone.end_sec - tone.onset_sec for tone in tones])
    turns = np.exp(2j * np.pi * np.array([tone.place for tone in tones]))
    shift = float(np.angle(np.dot(weights, turns)) / (2 * np.pi))
    lowest, highest = (12 * float(np.log2(hertz / 440)) for hertz in TUNING_RANGE)
    return min(max(shift, lowest), highest)


def _noted(tone: Tone, shift: float, above: int) -> HeardNote:
    place = tone.place - shift + above
    pitch, length = round(place), tone.end_sec - tone.onset_sec
    confidence = min(1.0, max(0.0, tone.clarity))
    return HeardNote(tone.onset_sec, length, pitch, 100 * (place - pitch), velocity_of(tone.level_db), confidence)
