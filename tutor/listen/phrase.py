"""What sounded between two silences, decided as a whole: the tones of a phrase, as its instrument gives them.

Where an instrument strikes, blows or bows says the ear for beginnings (`tutor.listen.onset_ear`), as surely as it ever
will: there its notes are dated, and the same pitch struck again is cut. A voice begins between there, where its
consonant is, and where its pitch comes: the vowel, or the middle of the glide that leads to it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest

import numpy as np

from tutor.listen.dating import PITCH_LATE_SEC, SUNG, SUNG_AFTER_SEC, SUNG_BEFORE_SEC, is_glide, vowel_sec
from tutor.listen.dips import LEAST_DIP_DB, PLAIN_DIP_DB, SWAY_RISE_DB_SEC, dip_db, rise_db_sec, steepness
from tutor.listen.doubts import DOUBTFUL
from tutor.listen.instruments import Instrument
from tutor.listen.note_path import Stretch, stretches
from tutor.listen.onset_frames import HOPS
from tutor.listen.onsets import APART_SEC, CERTAIN, Likely, Onsets
from tutor.listen.periodicity import Values
from tutor.listen.pitch import Pitch, place_of

SHORTEST_SEC = 0.06
HEARD_CLARITY = 0.7
JOINED_SEC, JOINED_SEMITONES, SAME_SEMITONES = 0.03, 0.7, 0.5
BETWEEN_DB = 4.0  # two tones of a voice with less of a dip between them are one
STRUCK_BEFORE_SEC, STRUCK_AFTER_SEC = 0.15, 0.05  # of a beginning, against where the pitch comes
DATED, LIKELY = 0.3, 0.7  # how likely one must be: at a new pitch, at the same one
SUNG_AGAIN = 0.9
GLIDE_SEC = 0.06  # to either side of its middle
FLUTTER_SEC = (0.12, 0.26)  # from one dip of a flutter to the next
HINTED = 0.35  # how likely a beginning must be to be one of a flutter
FLUTTERS, EVEN = 4, 1.25  # dips, and how even, that may be one though they are deeper
SWAYS = 1.4  # as steep its level may rise; tones that are struck again rise from 1.7 on
BREATH_DB = 8.0  # a voice dips by so much before it sings the same pitch again
PLAINLY_SUNG, PLAIN_BREATH_DB = 1.15, 2.8  # or by so little where that is beyond doubt
RING_SEC, RINGING_TONES = 0.2, 4  # how long a tone that is over is heard again, and how many of them
SURE = 0.7  # the least confidence in a tone that is not doubtful
SAME_STRIKE_SEC = 0.03  # strikes that are nearer are one
SAME_TONE = (12.0, 19.02, 24.0)  # semitones between a tone and the partials that it is mistaken for
LEAP_SEMITONES, LEAP_SEC = 16, 0.25  # no voice goes so far for so short a while, and back: that is a formant of it


@dataclass(frozen=True)
class Tone:
    """A note before the tuning is known: seconds, MIDI number with its fraction, level, clarity."""

    onset_sec: float
    end_sec: float
    place: float
    level_db: float
    clarity: float


class Phrase:
    """What sounded between two silences."""

    def __init__(self, pitches: list[Pitch], likely: Values, hop_sec: float, instrument: Instrument):
        self._times = np.array([pitch.time_sec for pitch in pitches])
        self._clarity = np.array([pitch.clarity for pitch in pitches])
        self._levels = np.array([pitch.level_db for pitch in pitches])
        hertz = np.array([pitch.hertz for pitch in pitches])
        heard = (hertz > 0) & (self._clarity >= HEARD_CLARITY)
        self._places = np.where(heard, place_of(np.maximum(hertz, 1.0)), np.nan)
        self._hop_sec = hop_sec
        self._onsets = Onsets(likely, float(self._times[0]) + hop_sec * (HOPS - 1), HOPS * hop_sec)
        self._instrument = instrument

    def tones(self) -> list[Tone]:
        """Its tones, as an instrument that strikes, blows or bows each of them gives them, or as a voice does."""
        found = [stretch for stretch in stretches(self._places, self._hop_sec) if self._lasts(stretch)]
        if self._instrument.struck:
            return self._struck(self._without_rings(self._whole(found)))
        return self._sung(self._joined(self._without_leaps(found)))

    def _lasts(self, stretch: Stretch) -> bool:
        return (stretch.end - stretch.begin) * self._hop_sec >= SHORTEST_SEC

    def _without_leaps(self, found: list[Stretch]) -> list[Stretch]:
        """The stretches of a voice without the short ones that leap away from both their neighbours."""
        beside = zip(found, [None, *found], [*found[1:], None], strict=False)
        return [
            stretch
            for stretch, before, after in beside
            if before is None
            or after is None
            or (stretch.end - stretch.begin) * self._hop_sec >= LEAP_SEC
            or min(abs(stretch.place - before.place), abs(stretch.place - after.place)) < LEAP_SEMITONES
        ]

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
        return (
            self._apart(before, stretch) < JOINED_SEMITONES
            and dip_db(self._levels, stretch.begin, self._hop_sec) < BETWEEN_DB
        )

    def _both(self, first: Stretch, second: Stretch) -> Stretch:
        sizes = np.array([first.end - first.begin, second.end - second.begin])
        place = float(np.dot(sizes, [first.place, second.place]) / sizes.sum())
        return Stretch(first.begin, first.stable, second.end, place)

    def _whole(self, found: list[Stretch]) -> list[Stretch]:
        """Join the halves of a tone, and a tone with what was heard of it before its pitch.

        Whether the second half was struck anew is asked later.
        """
        kept: list[Stretch] = []
        for stretch in found:
            before = kept[-1] if kept else None
            apart = self._apart(before, stretch) if before is not None else np.inf
            if before is not None and apart < SAME_SEMITONES:
                kept[-1] = self._both(before, stretch)
            elif before is not None and np.isfinite(apart) and self._is_beginning(before, stretch, is_partial(apart)):
                kept[-1] = replace(stretch, begin=before.begin)
            else:
                kept.append(stretch)
        return kept

    def _is_beginning(self, before: Stretch, stretch: Stretch, partial: bool) -> bool:
        """Whether the tone before is but the beginning of one: its partial, and nothing was struck between; its attack.

        An attack is the shorter of both, and one strike is heard for both. Where a string is plucked, the longer one is
        another that rings.
        """
        at_sec, share = self._strike(stretch)
        struck_sec = self._strike(before)[0]
        new = at_sec - struck_sec >= SAME_STRIKE_SEC
        if partial and not (share >= DATED and new):
            return True
        shorter = before.end - before.begin < stretch.end - stretch.begin
        _, later = self._onsets.likeliest(struck_sec + APART_SEC, self._from(stretch) + STRUCK_AFTER_SEC)
        return shorter and not new and later < DATED and not self._instrument.plucked

    def _without_rings(self, found: list[Stretch]) -> list[Stretch]:
        """The stretches without those that nothing struck where a tone before them rings on.

        Of a plucked instrument any such stretch is one; of others a short one at the pitch of one of the last tones.
        """
        kept, last_sec = list[Stretch](), -np.inf
        for stretch in found:
            at_sec, share = self._strike(stretch)
            unstruck = share < LIKELY or at_sec - last_sec < SAME_STRIKE_SEC
            short = (stretch.end - stretch.begin) * self._hop_sec < RING_SEC
            again = short and any(abs(one.place - stretch.place) < SAME_SEMITONES for one in kept[-RINGING_TONES:-1])
            if not (kept and unstruck and (self._instrument.plucked or again)):
                kept.append(stretch)
                last_sec = at_sec
        return kept

    def _apart(self, before: Stretch, stretch: Stretch) -> float:
        """By how many semitones a tone is away from the one that it follows at once; infinity where it does not."""
        joined = (stretch.begin - before.end) * self._hop_sec < JOINED_SEC
        return abs(before.place - stretch.place) if joined else np.inf

    def _struck(self, found: list[Stretch]) -> list[Tone]:
        """The stretches of an instrument, dated where it struck them, cut where it struck them again."""
        begun = list[float]()
        for stretch in found:
            at_sec, share = self._strike(stretch, begun[-1] + APART_SEC if begun else 0.0)
            begun.append(at_sec if share >= DATED else self._from(stretch))
        tones = list[Tone]()
        for stretch, begin, limit in zip_longest(found, begun, begun[1:]):
            end = min(float(self._times[stretch.end - 1]), np.inf if limit is None else limit)
            tones += self._cut(stretch, begin, end, self._onsets.peaks(begin + APART_SEC, end - APART_SEC, HINTED))
        return tones

    def _sung(self, found: list[tuple[Stretch, float]]) -> list[Tone]:
        """The stretches of a voice, dated where its vowels begin or in their glides, cut where it took breath."""
        tones = list[Tone]()
        for stretch, onset in found:
            earliest = max(onset - SUNG_BEFORE_SEC, tones[-1].onset_sec + APART_SEC if tones else 0.0)
            at_sec, share = self._onsets.likeliest(earliest, onset + SUNG_AFTER_SEC)
            begin = vowel_sec(onset, at_sec) if share >= SUNG and not self._is_glide(onset) else onset
            end = float(self._times[stretch.end - 1])
            again = self._onsets.peaks(begin + APART_SEC, end - APART_SEC, SUNG_AGAIN)
            tones += self._cut(stretch, begin, end, [one for one in again if self._is_sung_anew(*one)])
        return tones

    def _is_sung_anew(self, at_sec: float, share: float) -> bool:
        dip = self._dip_db(at_sec)
        return dip >= BREATH_DB or (share >= PLAINLY_SUNG and dip >= PLAIN_BREATH_DB and self._leaps(at_sec))

    def _is_glide(self, onset_sec: float) -> bool:
        """Whether the pitch glides to the tone that begins there."""
        span = (self._times >= onset_sec - GLIDE_SEC) & (self._times <= onset_sec + GLIDE_SEC)
        return is_glide(self._places[span], self._hop_sec)

    def _cut(self, stretch: Stretch, begin_sec: float, end_sec: float, again: list[Likely]) -> list[Tone]:
        """The tones of a stretch that begins anew at these moments; doubtful is what is not certain."""
        onsets, certain = [begin_sec], [True]
        dips = [self._dip_db(at_sec) for at_sec, _ in again]
        for (at_sec, share), dip in self._without_trembling(again, dips):
            if at_sec - onsets[-1] >= APART_SEC:
                onsets.append(at_sec)
                certain.append(share >= CERTAIN and dip >= LEAST_DIP_DB)
        made = []
        for first, last, sure in zip(onsets, [*onsets[1:], end_sec], certain, strict=True):
            tone = self._tone(stretch, first)
            made.append(replace(tone, end_sec=last, clarity=tone.clarity if sure else min(DOUBTFUL, tone.clarity)))
        return made

    def _without_trembling(self, again: list[Likely], dips: list[float]) -> list[tuple[Likely, float]]:
        """The likely beginnings, with their dips, but those that a flutter makes.

        That is shallow, and as even as it is; or it has many even dips, between which the level sways like a sine. An
        instrument that repeats a note plainly stops, or leaps in level.
        """
        told = list(zip(again, dips, strict=True))
        rows = even_rows([at_sec for (at_sec, _), dip in told if dip < LEAST_DIP_DB], 2)
        deep = even_rows([at_sec for (at_sec, _), dip in told if dip < PLAIN_DIP_DB], FLUTTERS, EVEN)
        flutter = {at_sec for row in filter(self._sways, [*rows, *deep]) for at_sec in row}
        left = [one for one in told if one[0][0] not in flutter and one[0][1] >= LIKELY]
        return [(one, dip) for one, dip in left if dip >= PLAIN_DIP_DB or self._leaps(one[0])]

    def _leaps(self, at_sec: float) -> bool:
        """Whether the level rises faster there than it sways in a flutter."""
        return rise_db_sec(self._levels, self._hop(at_sec), self._hop_sec) >= SWAY_RISE_DB_SEC

    def _sways(self, row: list[float]) -> bool:
        first, end = np.searchsorted(self._times, [row[0], row[-1]])
        period = float(np.median(np.diff(row))) / self._hop_sec
        return steepness(self._levels[first:end], period) <= SWAYS

    def _dip_db(self, second: float) -> float:
        return dip_db(self._levels, self._hop(second), self._hop_sec)

    def _hop(self, second: float) -> int:
        return int(np.searchsorted(self._times, second))

    def _from(self, stretch: Stretch) -> float:
        """Where its pitch comes, in seconds."""
        return float(self._times[stretch.begin]) - PITCH_LATE_SEC

    def _strike(self, stretch: Stretch, earliest: float = 0.0) -> tuple[float, float]:
        """Where it most likely began, in seconds, and how likely."""
        begin = self._from(stretch)
        return self._onsets.likeliest(max(earliest, begin - STRUCK_BEFORE_SEC), begin + STRUCK_AFTER_SEC)

    def _tone(self, stretch: Stretch, onset_sec: float) -> Tone:
        inside = slice(stretch.stable, stretch.end)
        level, clarity = float(self._levels[inside].max()), max(SURE, float(np.nanmean(self._clarity[inside])))
        return Tone(max(0.0, onset_sec), float(self._times[stretch.end - 1]), stretch.place, level, clarity)


def even_rows(seconds: list[float], least: int, even: float = np.inf) -> list[list[float]]:
    """The rows of at least so many moments that are a flutter's length apart, each about as much as the one before.

    No step is more than ``even`` times the one before or after it.
    """
    rows = list[list[float]]()
    for now in seconds:
        step = now - rows[-1][-1] if rows else 0.0
        last = rows[-1][-1] - rows[-1][-2] if rows and len(rows[-1]) > 1 else step
        if not FLUTTER_SEC[0] <= step <= FLUTTER_SEC[1]:
            rows.append([now])
        elif max(step, last) <= even * min(step, last):
            rows[-1].append(now)
        else:
            rows.append([rows[-1][-1], now])
    return [row for row in rows if len(row) >= least]


def is_partial(semitones: float) -> bool:
    """Whether tones so far apart may be a tone and the partial that it is mistaken for."""
    return min(abs(semitones - interval) for interval in SAME_TONE) < JOINED_SEMITONES
