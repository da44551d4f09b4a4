"""A second, slower look at one line of music, when all of it has sounded: better notes than can be told at once.

The pitch is that of the live tracker; the notes are decided over whole phrases (`tutor.listen.note_path`). What an
instrument strikes, blows or bows anew shows as a jump of the spectrum (`tutor.listen.novelty`): there its notes are
dated, and the same pitch struck again is cut. A voice has other onsets: the vowel, or the middle of the glide that
leads to it. Phrases end where nothing sounds for a while, so that two hours take no more memory than two minutes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import zip_longest

import numpy as np

from tutor.listen.dating import DATED_SHARE, PITCH_LATE_SEC
from tutor.listen.doubts import DOUBTFUL
from tutor.listen.instruments import Instrument, known
from tutor.listen.melody import TUNING_RANGE, HeardNote, velocity_of
from tutor.listen.note_path import Stretch, stretches
from tutor.listen.novelty import Novelty, risen
from tutor.listen.periodicity import Sound, Values
from tutor.listen.pitch import Pitch, PitchTracker, hertz_of, place_of
from tutor.listen.strikes import Strikes

SHORTEST_SEC = 0.06
HEARD_CLARITY = 0.7
PHRASE_GAP_SEC, LONGEST_PHRASE_SEC = 0.5, 60.0
JOINED_SEC, JOINED_SEMITONES, SAME_SEMITONES = 0.03, 0.7, 0.5
BETWEEN_DB = 4.0  # two tones of a voice with less of a dip between them are one
STRUCK_BEFORE_SEC, STRUCK_AFTER_SEC, RINGING_SEC = 0.06, 0.015, 0.13
RING_SEC, RINGING_TONES = 0.2, 4  # how long a tone that is over is heard again, and how many of them
BEYOND_DOUBT = 3.5  # log odds from which a tone was struck anew whatever is written
SURE = 0.7  # the least confidence in a tone that is not doubtful
SAME_STRIKE_SEC = 0.03  # strikes that are nearer are one
SAME_TONE = (12.0, 19.02, 24.0)  # semitones between a tone and the partials that it is mistaken for
TUNED_NOTES = 5


@dataclass(frozen=True)
class _Tone:
    """A note before the tuning is known: seconds, MIDI number with its fraction, level, clarity."""

    onset_sec: float
    end_sec: float
    place: float
    level_db: float
    clarity: float


class SecondLook:
    """Takes a recording of one line in, block by block; `finish` gives its notes."""

    def __init__(self, rate: int, instrument: str = "voice"):
        self._instrument = known(instrument)
        lowest, highest = self._instrument.lowest - 1.5, self._instrument.highest + 1.5
        self._tracker = PitchTracker(rate, hertz_of(lowest), hertz_of(highest))
        self._hop_sec = self._tracker.hop_sec
        self._novelty = Novelty(rate, self._hop_sec)
        self._pitches: list[Pitch] = []
        self._flux = np.zeros(0)
        self._silent_hops = 0
        self._tones: list[_Tone] = []
        self.tuning_hertz = 440.0

    def feed(self, block: Sound) -> None:
        """Take a block in."""
        self.hear(self._tracker.feed(block), self._novelty.feed(block))

    def hear(self, pitches: Iterable[Pitch], flux: Values) -> None:
        """The same, where somebody else has found the pitches and the flux of the block."""
        self._flux = np.concatenate([self._flux, flux])
        for pitch in pitches:
            self._pitches.append(pitch)
            self._silent_hops = 0 if pitch.hertz > 0 and pitch.clarity >= HEARD_CLARITY else self._silent_hops + 1
        seconds = len(self._pitches) * self._hop_sec
        if seconds > LONGEST_PHRASE_SEC or (seconds > 1 and self._silent_hops * self._hop_sec > PHRASE_GAP_SEC):
            self._close_phrase()

    def finish(self) -> list[HeardNote]:
        """The notes in order of time; ``tuning_hertz`` is known from now on."""
        self._close_phrase()
        tones = [tone for tone in self._tones if tone.end_sec - tone.onset_sec >= SHORTEST_SEC]
        shift = _tuning(tones) if self._instrument.tuned else 0.0
        self.tuning_hertz = 440.0 * 2 ** (shift / 12)
        return [_noted(tone, shift, self._instrument.written_above) for tone in tones]

    def _close_phrase(self) -> None:
        count = min(len(self._pitches), len(self._flux))
        pitches, flux = self._pitches[:count], self._flux[:count]
        self._pitches, self._flux = self._pitches[count:], self._flux[count:]
        if count:
            self._tones += _Phrase(pitches, flux, self._hop_sec, self._novelty.lag_sec, self._instrument).tones()


class _Phrase:
    """What sounded between two silences."""

    def __init__(
        self, pitches: list[Pitch], flux: Values, hop_sec: float, flux_late_sec: float, instrument: Instrument
    ):
        self._times = np.array([pitch.time_sec for pitch in pitches])
        self._clarity = np.array([pitch.clarity for pitch in pitches])
        self._levels = np.array([pitch.level_db for pitch in pitches])
        hertz = np.array([pitch.hertz for pitch in pitches])
        heard = (hertz > 0) & (self._clarity >= HEARD_CLARITY)
        self._places = np.where(heard, place_of(np.maximum(hertz, 1.0)), np.nan)
        self._flux, self._late, self._hop_sec = flux, flux_late_sec, hop_sec
        self._instrument = instrument
        self._strikes = Strikes(flux, self._levels, self._clarity, hop_sec, round(flux_late_sec / hop_sec))

    def tones(self) -> list[_Tone]:
        """Its tones, as an instrument that strikes, blows or bows each of them gives them, or as a voice does."""
        found = [stretch for stretch in stretches(self._places, self._hop_sec) if self._lasts(stretch)]
        if self._instrument.struck:
            return self._struck(self._without_rings(self._whole(found)))
        return [self._tone(stretch, onset) for stretch, onset in self._joined(found)]

    def _lasts(self, stretch: Stretch) -> bool:
        return (stretch.end - stretch.begin) * self._hop_sec >= SHORTEST_SEC

    def _joined(self, found: list[Stretch]) -> list[tuple[Stretch, float]]:
        """The stretches of a voice with their onsets; a tone that only settled is one with the tone before."""
        kept: list[tuple[Stretch, float]] = []
        for stretch in found:
            before = kept[-1][0] if kept else None
            onset = float(self._times[self._onset_hop(before, stretch)]) - PITCH_LATE_SEC
            if before is not None and self._is_settling(before, stretch):
                kept[-1] = (self._both(before, stretch), kept[-1][1])
            else:
                kept.append((stretch, onset))
        return kept

    def _onset_hop(self, before: Stretch | None, stretch: Stretch) -> int:
        """Where a tone begins; of a glide from the tone before, the middle."""
        if before is None or stretch.begin > before.end + 1:
            return stretch.begin
        middle, way = (before.place + stretch.place) / 2, np.sign(stretch.place - before.place)
        with np.errstate(invalid="ignore"):
            past = np.flatnonzero((self._places[stretch.begin : stretch.stable + 1] - middle) * way >= 0)
        return stretch.begin + int(past[0]) if len(past) else stretch.begin

    def _is_settling(self, before: Stretch, stretch: Stretch) -> bool:
        return self._apart(before, stretch) < JOINED_SEMITONES and self._strikes.dip_db(stretch.begin) < BETWEEN_DB

    def _both(self, first: Stretch, second: Stretch) -> Stretch:
        sizes = np.array([first.end - first.begin, second.end - second.begin])
        place = float(np.dot(sizes, [first.place, second.place]) / sizes.sum())
        return Stretch(first.begin, first.stable, second.end, place)

    def _whole(self, found: list[Stretch]) -> list[Stretch]:
        """Join the halves of a tone, and a tone with the partial of it before it where nothing was struck between.

        Whether the second half was struck anew is for `Strikes` to say.
        """
        kept: list[Stretch] = []
        typical = self._typical(found)
        for stretch in found:
            before = kept[-1] if kept else None
            apart = self._apart(before, stretch) if before is not None else np.inf
            hop, strength = self._strike(stretch)
            new = before is None or (hop - self._strike(before)[0]) * self._hop_sec >= SAME_STRIKE_SEC
            struck = strength >= DATED_SHARE * typical and new
            if before is not None and apart < SAME_SEMITONES:
                kept[-1] = self._both(before, stretch)
            elif before is not None and is_partial(apart) and not struck:
                kept[-1] = replace(stretch, begin=before.begin)
            else:
                kept.append(stretch)
        return kept

    def _without_rings(self, found: list[Stretch]) -> list[Stretch]:
        """The stretches without those that nothing struck where a tone before them rings on.

        Of a plucked instrument any such stretch is one; of others a short one at the pitch of one of the last tones.
        """
        typical, kept = self._typical(found), list[Stretch]()
        for stretch in found:
            unstruck = self._strike(stretch)[1] < DATED_SHARE * typical
            short = (stretch.end - stretch.begin) * self._hop_sec < RING_SEC
            again = short and any(abs(one.place - stretch.place) < SAME_SEMITONES for one in kept[-RINGING_TONES:-1])
            if not (kept and unstruck and (self._instrument.plucked or again)):
                kept.append(stretch)
        return kept

    def _apart(self, before: Stretch, stretch: Stretch) -> float:
        """By how many semitones a tone is away from the one that it follows at once; infinity where it does not."""
        joined = (stretch.begin - before.end) * self._hop_sec < JOINED_SEC
        return abs(before.place - stretch.place) if joined else np.inf

    def _struck(self, found: list[Stretch]) -> list[_Tone]:
        """The stretches of an instrument, dated where it struck them, cut where it struck them again.

        A strike just before the pitch changes is that of the next tone, under which the last one still rings.
        """
        typical, tones, early = self._typical(found), list[_Tone](), None
        for stretch, after in zip_longest(found, found[1:]):
            hop, strength = self._strike(stretch)
            dated = early is not None or strength >= DATED_SHARE * typical
            first = early if early is not None else hop if dated else stretch.begin
            again = self._strikes.again(stretch.begin, stretch.end, first, typical)
            ringing = again and after and self._sec_between(again[-1][0], after.begin) < RINGING_SEC
            early = again.pop()[0] if ringing else None
            onset = self._begun_sec(first) if dated else float(self._times[stretch.begin]) - PITCH_LATE_SEC
            onsets = [onset, *(self._begun_sec(hop) for hop, _ in again)]
            doubts = [1.0, *(1.0 if odds >= BEYOND_DOUBT else DOUBTFUL for _, odds in again)]
            end = self._flux_sec(early) if early is not None else float(self._times[stretch.end - 1])
            ends = [*onsets[1:], end]
            for begin, end, most in zip(onsets, ends, doubts, strict=True):
                tone = self._tone(stretch, begin)
                tones.append(replace(tone, end_sec=end, clarity=min(most, tone.clarity)))
        return tones

    def _sec_between(self, flux_hop: int, begin: int) -> float:
        """From a hop of the flux to where a stretch begins."""
        return float(self._times[begin]) - PITCH_LATE_SEC - self._flux_sec(flux_hop)

    def _typical(self, found: list[Stretch]) -> float:
        return float(np.median([self._strike(stretch)[1] for stretch in found])) if found else 0.0

    def _strike(self, stretch: Stretch) -> tuple[int, float]:
        """The hop of the greatest flux about the beginning, and how great."""
        late = PITCH_LATE_SEC - self._late  # of the pitch, against the flux
        first = stretch.begin - round((STRUCK_BEFORE_SEC + late) / self._hop_sec)
        first = min(max(0, first), len(self._flux) - 1)
        last = max(first + 1, stretch.begin + round((STRUCK_AFTER_SEC - late) / self._hop_sec))
        hop = first + int(self._flux[first:last].argmax())
        return hop, float(self._flux[hop])

    def _begun_sec(self, hop: int) -> float:
        """When what was struck at a hop of the flux began: a bow's tone long before it is new no more."""
        return self._flux_sec(risen(self._flux, hop, self._hop_sec) if self._instrument.soft else hop)

    def _flux_sec(self, hop: int) -> float:
        return max(0.0, float(self._times[hop]) - self._late)

    def _tone(self, stretch: Stretch, onset_sec: float) -> _Tone:
        inside = slice(stretch.stable, stretch.end)
        level, clarity = float(self._levels[inside].max()), max(SURE, float(np.nanmean(self._clarity[inside])))
        return _Tone(max(0.0, onset_sec), float(self._times[stretch.end - 1]), stretch.place, level, clarity)


def is_partial(semitones: float) -> bool:
    """Whether tones so far apart may be a tone and the partial that it is mistaken for."""
    return min(abs(semitones - interval) for interval in SAME_TONE) < JOINED_SEMITONES


def _tuning(tones: list[_Tone]) -> float:
    """By how many semitones all is tuned sharp: the circular mean of the fractions, weighted by length."""
    if len(tones) < TUNED_NOTES:
        return 0.0
    weights = np.array([tone.end_sec - tone.onset_sec for tone in tones])
    turns = np.exp(2j * np.pi * np.array([tone.place for tone in tones]))
    shift = float(np.angle(np.dot(weights, turns)) / (2 * np.pi))
    lowest, highest = (12 * float(np.log2(hertz / 440)) for hertz in TUNING_RANGE)
    return min(max(shift, lowest), highest)


def _noted(tone: _Tone, shift: float, above: int) -> HeardNote:
    place = tone.place - shift + above
    pitch, length = round(place), tone.end_sec - tone.onset_sec
    confidence = min(1.0, max(0.0, tone.clarity))
    return HeardNote(tone.onset_sec, length, pitch, 100 * (place - pitch), velocity_of(tone.level_db), confidence)
