"""From pitch to notes for one line: voice, flute, violin, clarinet, trumpet, single notes of a guitar. Causal.

A note begins when a pitch stays within `STEADY_SEMITONES` of itself for long enough; its onset is dated back to where
the sound changed (`tutor.listen.dating`). It ends when another begins, or when the pitch is gone for `GAP_SEC`. A pitch
must leave the note by more than `LEAVES_SEMITONES`, so that vibrato is one note; a voice swings wider than that, and
may come back (`tutor.listen.swing`). The same pitch again is a new note where it was struck anew
(`tutor.listen.onsets`). Pitches that the score expects are believed sooner, an octave beside them later, since that may
be an error of the ear; a whole line in another octave is heard in that of the score (`tutor.listen.octave`), but a
single note there is the player's.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np

from tutor.events import NoteOff, NoteOn
from tutor.listen.clicks import RINGS_SEC, Clicks
from tutor.listen.dating import ByGlide, ByStrike
from tutor.listen.dips import LEAST_DIP_DB, LEAST_RISE_DB_SEC, PLAIN_DIP_DB, dip_db, rise_db_sec
from tutor.listen.due import DueNotes
from tutor.listen.instruments import known
from tutor.listen.octave import Octave
from tutor.listen.onset_ear import OnsetEar, Row
from tutor.listen.onset_frames import HOPS
from tutor.listen.onsets import CERTAIN, Lately
from tutor.listen.periodicity import Sound
from tutor.listen.pitch import Pitch, PitchTracker
from tutor.listen.sounding import Ignored, Sounding
from tutor.listen.swing import LEAVES_SEMITONES, STEADY_SEMITONES, SWING_SEC, left_swing
from tutor.listen.tuning import CONCERT_HERTZ

STEADY_SEC, SUNG_STEADY_SEC = 0.052, 0.044
MURKY, PER_MURK = 0.95, 8.0  # clarity below which a pitch must last longer where no score is known, and how much
PLACED_HOPS = 12  # of a run, whose median is its place
EXPECTED_STEADY_SEC = 0.02
UNEXPECTED_STEADY_SEC = 0.06
OTHER_OCTAVE_STEADY_SEC = 0.12  # no longer is the ear an octave off, while the last note rings
GAP_SEC = 0.08
CLEAR = 0.8
REMEMBERED = 4096
LEVEL_HOPS = 4
REMEMBERED_SEC = 0.3  # of the level, in which a note dips that begins anew
TUNING_RANGE = (430.0, 450.0)
TUNING_WEIGHT = 0.08


@dataclass(frozen=True)
class HeardNote:
    """A note as heard, in the pitch of the player's part: seconds from the first sample; cents against the tuning."""

    onset_sec: float
    duration_sec: float
    pitch: int
    cents: float
    velocity: int
    confidence: float


class MelodyListener:
    """Turns mono sound into the events that a keyboard would send; ``start_sec`` is the stamp of the first sample.

    A note that the program itself sounds is passed over, where the score has none such for the player here; so is what
    may be one of its ``clicks``, unless it lasts.
    """

    def __init__(
        self,
        rate: int,
        instrument: str = "voice",
        start_sec: float = 0.0,
        octave: Octave | None = None,
        a4_hertz: float | None = None,
        clicks: Clicks | None = None,
    ):
        self._instrument, self._octave = known(instrument), octave or Octave()
        self._clicks = clicks or Clicks()
        self._tracker = PitchTracker(rate, *self._instrument.range_hertz(a4_hertz or CONCERT_HERTZ))
        hop_sec = self._tracker.hop_sec
        self._onsets = OnsetEar(rate, hop_sec)
        self._lately = Lately(self._onsets.frame_sec)
        self._dating = ByStrike(self._lately) if self._instrument.struck else ByGlide(hop_sec, self._lately)
        self._hops, self._rows = 0, deque[Row]()
        self._start_sec = start_sec
        self._above = self._instrument.written_above
        self._due: DueNotes = {}
        self._own: frozenset[int] = frozenset()
        self._ignored: Ignored | None = None
        self.passed_over: deque[tuple[int, float]] = deque(maxlen=REMEMBERED)
        self._run: list[Pitch] = []
        self._note: Sounding | None = None
        self._levels: deque[float] = deque(maxlen=LEVEL_HOPS)
        self._dips: deque[float] = deque(maxlen=round(REMEMBERED_SEC / hop_sec))
        self.tuning_hertz, self._drifts = a4_hertz or CONCERT_HERTZ, self._instrument.tuned and a4_hertz is None
        self.heard: list[HeardNote] = []

    def expect(self, due: DueNotes | None) -> None:
        """Tell which notes the score has here; None where no score is played."""
        self._due = due or {}

    def discount(self, pitches: Collection[int]) -> None:
        """Tell which pitches the program itself sounds now."""
        self._own = frozenset(pitches)

    def feed(self, block: Sound) -> list[NoteOn | NoteOff]:
        """The events that this block completes."""
        pitches = self._tracker.feed(block)
        return self.hear(pitches, self._onsets.feed(block, pitches))

    def hear(self, pitches: Iterable[Pitch], rows: Iterable[Row]) -> list[NoteOn | NoteOff]:
        """The same, where somebody else has found the pitches of the block, and where tones begin."""
        events: list[NoteOn | NoteOff] = []
        self._rows.extend(rows)
        for pitch in pitches:
            self._hops += 1
            if self._hops % HOPS == 0 and self._rows:
                self._lately.hear(self._rows.popleft())
            events += self._step(pitch)
        return events

    def finish(self) -> list[NoteOn | NoteOff]:
        """End the note that still sounds."""
        return self._ended(self._note.last_sec) if self._note else []

    def _step(self, pitch: Pitch) -> list[NoteOn | NoteOff]:
        self._levels.append(pitch.level_db)
        self._dips.append(pitch.level_db)
        place = self._place(pitch.hertz) if pitch.hertz > 0 else None
        again = self._again()
        if place is None:
            self._dating.hear_place(pitch.time_sec, None)
            self._run.clear()
            self._ignored = None
            gone = self._note is not None and pitch.time_sec - self._note.last_sec > GAP_SEC
            return self._ended(self._note.last_sec) if self._note and gone else []
        self._dating.hear_place(pitch.time_sec, place)
        if self._ignored is not None and abs(place - self._ignored.place) <= LEAVES_SEMITONES:
            return self._outlasted(self._ignored, pitch)
        self._ignored = None
        if self._run and abs(place - self._run_place()) > STEADY_SEMITONES:
            self._run.clear()
        self._run.append(pitch)
        note = self._note
        if note:
            note.lately.append(place)
        if note and abs(place - note.place) <= LEAVES_SEMITONES:
            note.add(place, pitch)
            return self._begin(again, self._run_place()) if again is not None else []
        if not self._is_steady():
            return []
        place = self._run_place()
        if note and not self._instrument.struck:
            moved = left_swing(np.array(note.lately), place, note.place, self._tracker.hop_sec)
            if moved is None:
                return []
            place = moved
        if note and round(place) + self._octave.semitones == note.pitch:
            self._octave.settled_at(round(place), self._due.keys())
            note.place = place
            return []
        return self._begin(None, place)

    def _outlasted(self, ignored: Ignored, pitch: Pitch) -> list[NoteOn | NoteOff]:
        """The note that began as a click does, where it sounds for too long to be one."""
        if pitch.time_sec < ignored.until_sec:
            return []
        self._ignored, self._run = None, [pitch]
        return self._begin(ignored.onset_sec, ignored.place)

    def _again(self) -> float | None:
        """When the note that sounds began anew, if it did: where it is due, or in a dip, a plain one if unwritten."""
        again = self._lately.again(self._note.onset_sec) if self._note and self._hops % HOPS == 0 else None
        if again is None or self._note is None:
            return None
        at_sec, share = again
        if any(self._start_sec + at_sec >= due.from_sec for due in self._due.get(self._note.pitch, ())):
            return at_sec
        if share < CERTAIN:
            return None
        hop = len(self._dips) - self._hops + round(at_sec / self._tracker.hop_sec)
        levels = np.array(self._dips), hop, self._tracker.hop_sec
        plain = dip_db(*levels) >= (PLAIN_DIP_DB if self._due else LEAST_DIP_DB)
        return at_sec if plain and rise_db_sec(*levels) >= LEAST_RISE_DB_SEC else None

    def _is_steady(self) -> bool:
        clear = float(np.mean([pitch.clarity for pitch in self._run]))
        return clear >= CLEAR and len(self._run) * self._tracker.hop_sec >= self._steady_sec(clear)

    def _steady_sec(self, clear: float) -> float:
        """How long the pitch of the run, that is so ``clear``, must last before it is believed."""
        if not self._due:
            struck_sec = STEADY_SEC * (1 + PER_MURK * max(0.0, MURKY - clear))
            return struck_sec if self._instrument.struck else SUNG_STEADY_SEC
        pitch = self._folded(round(self._run_place()))
        if pitch in self._due:
            is_click = self._is_click(self._run_place(), self._run[0].time_sec)
            return UNEXPECTED_STEADY_SEC if is_click else EXPECTED_STEADY_SEC
        return OTHER_OCTAVE_STEADY_SEC if self._octaves_due(pitch) else UNEXPECTED_STEADY_SEC

    def _run_place(self) -> float:
        return float(np.median([self._place(pitch.hertz) for pitch in self._run[-PLACED_HOPS:]]))

    def _begin(self, onset_sec: float | None, place: float) -> list[NoteOn | NoteOff]:
        """Begin the note of the run at this place; ``onset_sec`` where it is known from the level."""
        sounding = self._folded(round(place))
        before = (self._note.place, self._note.onset_sec) if self._note else None
        onset = self._dating.began(self._run[0].time_sec, place, before) if onset_sec is None else onset_sec
        events = self._ended(onset) if self._note else []
        in_look = sounding - self._octave.semitones
        if in_look - self._above in self._own and sounding not in self._due:
            self._ignored = Ignored(place, onset)
            self.passed_over.append((in_look, onset))
            return events
        if onset_sec is None and not self._is_due(place) and self._is_click(place, onset):
            self._ignored = Ignored(place, onset, onset + RINGS_SEC)
            return events
        self._octave.hear(round(place), self._due.keys(), self._start_sec + onset)
        sounding = self._folded(round(place))
        level = max(self._levels)
        lately = deque[float](maxlen=round(SWING_SEC / self._tracker.hop_sec))
        self._note = Sounding(onset, sounding, place, self._run[-1].time_sec, level, lately)
        confidence = float(np.mean([pitch.clarity for pitch in self._run]))
        self._note.confidence = confidence
        self._run = self._run[-1:]
        return [*events, NoteOn(self._start_sec + onset, sounding, self._note.velocity, round(confidence, 3))]

    def _is_due(self, place: float) -> bool:
        """Whether the score has it here in the octave in which it is heard, or may have it: what comes next is far."""
        is_far = bool(self._due) and not any(self._due.values())
        return is_far or round(place) + self._octave.semitones in self._due

    def _is_click(self, place: float, onset_sec: float) -> bool:
        return self._clicks.may_be(place - self._above, self._start_sec + onset_sec)

    def _ended(self, end_sec: float) -> list[NoteOn | NoteOff]:
        note, self._note = self._note, None
        if note is None:
            return []
        cents = 100 * (float(np.median(note.places)) - note.pitch)
        folded = (cents + 600) % 1200 - 600
        end = max(end_sec, note.onset_sec + self._tracker.hop_sec)
        self.heard.append(
            HeardNote(note.onset_sec, end - note.onset_sec, note.pitch, folded, note.velocity, note.confidence)
        )
        self._tune(folded)
        return [NoteOff(self._start_sec + end, note.pitch)]

    def _tune(self, cents: float) -> None:
        """Let the tuning drift towards what is played, within what instruments are tuned to."""
        if not self._drifts:
            return
        drifted = self.tuning_hertz * 2 ** (TUNING_WEIGHT * max(-50.0, min(50.0, cents)) / 1200)
        self.tuning_hertz = min(max(drifted, TUNING_RANGE[0]), TUNING_RANGE[1])

    def _folded(self, pitch: int) -> int:
        """The pitch in the line's octave; until that is known, the same tone in another one where only that is due."""
        pitch += self._octave.semitones
        octaves = self._octaves_due(pitch)
        return octaves[0] if len(octaves) == 1 and not self._octave.is_settled else pitch

    def _octaves_due(self, pitch: int) -> list[int]:
        """The same tone an octave up and down, where that is due and this pitch is not."""
        return [] if pitch in self._due else [other for other in (pitch - 12, pitch + 12) if other in self._due]

    def _place(self, hertz: float) -> float:
        return 69 + 12 * math.log2(hertz / self.tuning_hertz) + self._above
