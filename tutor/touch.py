"""Touch in a lesson: a sink of the session that lets the hand feel what `tutor.cues` planned, on the live clock.

With the tempo leading, each cue is given to the glove about a second before its time and given anew when tempo, loop or
pause change that time. With the learner leading, the notes that are due next are felt as soon as the last ones are
struck. It never waits and never raises; a glove that is away is the link's matter.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import replace

from lessons.score import Score
from tutor.clock import Clock, stamp
from tutor.cues import Cue, Guidance, Leader, Strength, actuator_of, plan, row_cue
from tutor.events import Event
from tutor.glove.limits import RHYTHM_GAPS
from tutor.glove.state import Glove
from tutor.practice import Mode, PracticeSettings
from tutor.sinks import FinishedTake, Sink
from tutor.transport import EDGE_SEC, Transport
from tutor.verdicts import Judgement

HORIZON_SEC = 1.0
JUMP_BACK_SEC = 0.25
MOVED_SEC = 0.010
"""A cue whose time changes by less is left as it is."""
_Place = tuple[int, float]


class TouchSink(Sink):
    """Leads the hand through one session. `use` may be called from any thread at any time."""

    def __init__(
        self,
        glove: Glove,
        score: Score,
        settings: PracticeSettings,
        guidance: Guidance,
        clock: Clock = stamp,
        missed: Iterable[int] = (),
    ):
        self._glove, self._score, self._settings, self._clock = glove, score, settings, clock
        self._missed = set(missed)
        self._transport: Transport | None = None
        self._given: dict[_Place, float] = {}
        self._called: tuple[int, ...] = ()
        self._due: Cue | None = None
        self._started = False
        self.use(guidance)

    def use(self, guidance: Guidance) -> None:
        """Lead the hand otherwise from now on: what was given and is still to come is taken back."""
        self._guidance = guidance
        hands = self._settings.hands.played()
        tempo = self._score.tempo.scaled(self._settings.tempo_ratio)
        start, end = self._settings.span(self._score)
        timed = replace(guidance, strength=Strength.NONE) if self._learner_leads else guidance
        cues = plan(self._score, timed, hands, tempo, self._missed).between(start, end)
        if self._transport is not None:
            self._take_back(self._clock())
        progress: list[float] = self._score.tempo.seconds_at([cue.onset_beat for cue in cues]).tolist()
        self._planned = cues, progress

    @property
    def is_felt(self) -> bool:
        """Whether the glove lets itself be felt now."""
        return self._glove.state.armed

    def moved(self, transport: Transport, next_rows: tuple[int, ...]) -> None:
        """Give the glove new times, or the next notes."""
        if not self._started:
            self._started = True
            self._glove.arm()
        before, self._transport = self._transport, transport
        if transport is not before:
            self._retime(before, transport)
        if self._learner_leads:
            self._call(next_rows)

    def heard(self, event: Event, judgements: tuple[Judgement, ...]) -> None:
        """Remember what was missed; it is cued from then on where only misses are."""
        rows = {row for said in judgements for row in said.missed}
        rows |= {said.score_index for said in judgements if said.verdict == "wrong" and said.score_index is not None}
        self._remember(rows)

    def passed(self, rows: tuple[int, ...]) -> None:
        """Remember what the beat has left behind."""
        self._remember(set(rows))

    def _remember(self, rows: set[int]) -> None:
        if rows - self._missed:
            self._missed |= rows
            if self._guidance.strength is Strength.AFTER_MISS:
                self.use(self._guidance)
                self._call(rows if self._settings.mode is Mode.WAIT else ())

    def ticked(self, now_sec: float) -> None:
        """Give the glove what comes within the next second, or what it was too early for when the lesson began."""
        if self._learner_leads:
            self._call_due()
        if self._transport is not None:
            self._give(self._upcoming(self._transport, now_sec))

    def changed(self, settings: PracticeSettings) -> None:
        """Note how the learner goes on; who guides says how the hand is led then."""
        self._settings = settings

    def finished(self, take: FinishedTake) -> None:
        """Let the hand rest."""
        self._glove.stop()

    @property
    def _learner_leads(self) -> bool:
        """Whether each note struck calls the next cue; the beat and the entries come by the clock all the same."""
        return self._guidance.leader is Leader.LEARNER and self._settings.mode in (Mode.WAIT, Mode.FOLLOW)

    def _call(self, rows: Iterable[int]) -> None:
        """Let the fingers of these notes be felt now, once."""
        rows = tuple(row for row in rows if self._is_played(row))
        if self._guidance.strength is Strength.AFTER_MISS:
            rows = tuple(row for row in rows if row in self._missed)
        fresh, self._called = rows != self._called, rows
        cue = row_cue(self._score, rows, self._guidance.strength)
        if fresh and cue is not None and self._guidance.strength is not Strength.NONE:
            self._due = cue
            self._call_due()

    def _call_due(self) -> None:
        """Give what is due as soon as the glove lets itself be felt: given before, it might be felt twice."""
        cue = self._due
        if cue is not None and self._glove.state.armed:
            self._glove.cue(cue.actuators, None, cue.intensity, cue.duration_ms)
            self._due = None

    def _is_played(self, row: int) -> bool:
        hand, finger = int(self._score.notes["hand"][row]), int(self._score.notes["finger"][row])
        return hand in self._settings.hands.played() and actuator_of(hand, finger) is not None

    def _retime(self, before: Transport | None, transport: Transport) -> None:
        """Take back what is given where its time has changed, and give it anew."""
        now = self._clock()
        if before and transport.progress_at(now) < before.progress_at(now) - JUMP_BACK_SEC:
            self._given = {place: at for place, at in self._given.items() if at > now}
        times = self._upcoming(transport, now)
        wanted = {place: at for (place, _), at in times.items()}
        ahead = {place: at for place, at in self._given.items() if at > now}
        if any(abs(wanted.get(place, -1.0) - at) > MOVED_SEC for place, at in ahead.items()):
            self._take_back(now)
        self._give(times)

    def _take_back(self, now: float) -> None:
        """Take back all that is given and still to come."""
        if any(at > now for at in self._given.values()):
            self._glove.cancel(now)
            self._given = {place: at for place, at in self._given.items() if at <= now}

    def _give(self, times: dict[tuple[_Place, Cue], float]) -> None:
        lead_sec = self._guidance.lead_ms / 1000
        fresh = [(cue, at_sec - lead_sec) for (place, cue), at_sec in times.items() if place not in self._given]
        self._given |= {place: at_sec for (place, _), at_sec in times.items() if place not in self._given}
        for cue, moments in _rhythms(fresh):
            if len(moments) > 1:
                self._glove.rhythm(cue.actuators, moments, cue.intensity)
            else:
                self._glove.cue(cue.actuators, moments[0], cue.intensity, cue.duration_ms)

    def _upcoming(self, transport: Transport, now: float) -> dict[tuple[_Place, Cue], float]:
        """The cues of the next second with their clock seconds; while the score waits, up to where it waits.

        Taps between the starts of two bars come along with the first of them, so that they can be one rhythm.
        """
        if not transport.running:
            return {}
        free = replace(transport, limit_progress=math.inf)
        lead_sec = max(0.0, self._guidance.lead_ms) / 1000
        low, high = free.progress_at(now), free.progress_at(now + HORIZON_SEC + lead_sec)
        high = min(high, transport.limit_progress)
        cues, places = self._planned
        found: dict[tuple[_Place, Cue], float] = {}
        for lap in range(free.lap_of(low), free.lap_of(high) + 1):
            lap_sec = free.progress_of(0.0, lap) - free.progress_of(0.0)
            first = bisect_left(places, low - lap_sec - EDGE_SEC)
            last = bisect_right(places, high - lap_sec + EDGE_SEC)
            most = bisect_right(places, transport.limit_progress - lap_sec + EDGE_SEC)
            while first < last < most and cues[last - 1].is_offbeat and cues[last].is_offbeat:
                last += 1
            for cue, place_sec in zip(cues[first:last], places[first:last], strict=True):
                if self._is_ahead(transport, place_sec + lap_sec):
                    found[(lap, cue.onset_beat), cue] = free.clock_sec_of(place_sec + lap_sec)
        return found

    def _is_ahead(self, transport: Transport, progress: float) -> bool:
        """Whether a cue is still to come; where the learner moves the clock, the onset just struck is not."""
        if transport.limit_progress == math.inf:
            return True
        return progress > transport.anchor_progress + EDGE_SEC or progress >= transport.limit_progress - EDGE_SEC


def _rhythms(timed: Iterable[tuple[Cue, float]]) -> Iterable[tuple[Cue, list[float]]]:
    """Neighbouring light taps of the same fingers as one rhythm each, everything else by itself; with their times."""
    found: list[tuple[Cue, list[float]]] = []
    for cue, at_sec in timed:
        before, moments = found[-1] if found else (None, [])
        joins = before is not None and before.is_offbeat and cue.is_offbeat and before.actuators == cue.actuators
        if joins and len(moments) <= RHYTHM_GAPS:
            moments.append(at_sec)
        else:
            found.append((cue, [at_sec]))
    return found
