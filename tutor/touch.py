"""Touch in a lesson: a sink of the session that lets the hand feel what `tutor.cues` planned, on the live clock.

With the tempo leading, each cue is given to the glove about a second before its time and given anew when tempo, loop or
pause change that time. With the learner leading, the notes that are due next are felt as soon as the last ones are
struck. It never waits; a glove that is away is the link's matter.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec

import numpy as np

from lessons.score import Score
from tutor.clock import Clock, stamp
from tutor.cue_sheet import CueSheet, Page
from tutor.cues import Cue, Guidance, Leader, Strength, actuator_of, row_cue
from tutor.events import Event
from tutor.glove.limits import RHYTHM_GAPS
from tutor.glove.state import HAND_BITS, Glove
from tutor.metronome import clicks
from tutor.practice import Mode, PracticeSettings
from tutor.sinks import FinishedTake, Sink
from tutor.transport import EDGE_SEC, Transport
from tutor.verdicts import Judgement

HORIZON_SEC = 1.0
JUMP_BACK_SEC = 0.25
MOVED_SEC = 0.010
"""A cue whose time changes by less is left as it is."""
FELT_KEPT = 256
FELT_SEC = 10.0
"""So many cues are remembered as given, and those of the last seconds in any case."""
RHYTHM_SEC = 4.0
"""How long a rhythm may last: a glove takes nothing that is more than ten seconds ahead."""
_Given = tuple[int, Cue]
"""A cue in a lap."""
_Call = tuple[tuple[int, float] | None, frozenset[int]]
"""Where the score waits, as restarts and progress, and the rows of which the fingers were called there."""


_Said = ParamSpec("_Said")


def _or_rest(tell: Callable[Concatenate[TouchSink, _Said], None]) -> Callable[Concatenate[TouchSink, _Said], None]:
    """Let the hand rest where this fails: a sink that has raised is told nothing more, not even the end."""

    @wraps(tell)
    def told(sink: TouchSink, /, *said: _Said.args, **more: _Said.kwargs) -> None:
        try:
            tell(sink, *said, **more)
        except Exception:
            sink.rest()
            raise

    return told


class TouchSink(Sink):
    """Leads the hand through one session; everything is called on that session's thread."""

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
        self._beats = clicks(score, *settings.span(score))
        self._transport: Transport | None = None
        self._given: dict[_Given, float] = {}
        self._called: _Call = None, frozenset()
        self._due: Cue | None = None
        self._started = False
        self._used = guidance, settings
        self._hands = sum(bit for hand, bit in HAND_BITS.items() if any(self._cued_rows(hand)))
        self._plan()

    @_or_rest
    def use(self, guidance: Guidance) -> None:
        """Lead the hand otherwise from now on: what was given and changes is taken back while it is still to come."""
        if self._used != (guidance, self._settings):
            self._used = guidance, self._settings
            self._plan()
            self._amend()

    def _plan(self) -> None:
        settings, guidance = self._settings, self._guidance
        self._sheet = CueSheet(
            self._score,
            replace(guidance, strength=Strength.NONE) if self._learner_leads else guidance,
            settings.hands.played(),
            settings.span(self._score),
            ratio=settings.tempo_ratio,
            loop=settings.loop,
            missed=self._missed,
            beats=self._beats,
        )

    @property
    def _guidance(self) -> Guidance:
        return self._used[0]

    @property
    def is_felt(self) -> bool:
        """Whether the glove lets itself be felt now, by a hand that has something to play here."""
        state = self._glove.state
        return state.armed and (not state.hands or bool(state.hands & self._hands))

    @_or_rest
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

    @_or_rest
    def heard(self, event: Event, judgements: tuple[Judgement, ...]) -> None:
        """Remember what was missed; it is cued from then on where only misses are."""
        rows = {row for said in judgements for row in said.missed}
        rows |= {said.score_index for said in judgements if said.verdict == "wrong" and said.score_index is not None}
        self._remember(rows)

    @_or_rest
    def passed(self, rows: tuple[int, ...]) -> None:
        """Remember what the beat has left behind."""
        self._remember(set(rows))

    def _remember(self, rows: set[int]) -> None:
        fresh = rows - self._missed
        if fresh:
            self._missed |= fresh
            if self._guidance.strength is Strength.AFTER_MISS:
                self._sheet.forget(fresh)
                self._amend()
                self._call(rows if self._settings.mode is Mode.WAIT else ())

    @_or_rest
    def ticked(self, now_sec: float) -> None:
        """Give the glove what comes within the next second, or what it was too early for when the lesson began."""
        if self._learner_leads:
            self._call_due()
        if self._transport is not None:
            self._give(self._upcoming(self._transport, now_sec), now_sec)

    def changed(self, settings: PracticeSettings) -> None:
        """Note how the learner goes on; who guides says how the hand is led then."""
        self._settings = settings

    def ended(self) -> None:
        """Let the hand rest."""
        self.rest()

    def finished(self, take: FinishedTake) -> None:
        """Let the hand rest, whoever ended the session."""
        self.rest()

    def rest(self) -> None:
        """Everything off, and nothing more in this session."""
        self._glove.stop()

    @property
    def _learner_leads(self) -> bool:
        """Whether each note struck calls the next cue; the beat and the entries come by the clock all the same."""
        return self._guidance.leader is Leader.LEARNER and self._settings.mode in (Mode.WAIT, Mode.FOLLOW)

    def _call(self, rows: Iterable[int]) -> None:
        """Let the fingers of these notes be felt now, once: not again for the rest of a chord that is being struck."""
        rows = tuple(row for row in rows if self._is_played(row))
        if self._guidance.strength is Strength.AFTER_MISS:
            rows = tuple(row for row in rows if row in self._missed)
        clock = self._transport
        place = (clock.restarts, clock.limit_progress) if clock is not None else None
        is_known = place == self._called[0] and self._called[1].issuperset(rows)
        if not is_known:
            self._called = place, frozenset(rows)
        if self._due is not None or not is_known:
            silent = self._guidance.strength is Strength.NONE
            self._due = None if silent else row_cue(self._score, rows, self._guidance.strength)
            self._call_due()

    def _call_due(self) -> None:
        """Give what is due as soon as the glove lets itself be felt: given before, it might be felt twice."""
        cue = self._due
        if cue is not None and self._glove.state.armed:
            self._glove.cue(cue.actuators, None, cue.intensity, cue.duration_ms)
            self._due = None

    def _cued_rows(self, hand: int) -> Iterator[bool]:
        """For each note of a hand in the passage, whether a finger of it can be cued."""
        first, end = self._settings.span(self._score)
        notes = self._score.notes
        inside = (notes["onset_beat"] >= first) & (notes["onset_beat"] < end) & (notes["hand"] == hand)
        return (self._is_played(row) for row in np.flatnonzero(inside).tolist())

    def _is_played(self, row: int) -> bool:
        hand, finger = int(self._score.notes["hand"][row]), int(self._score.notes["finger"][row])
        return hand in self._settings.hands.played() and actuator_of(hand, finger) is not None

    def _retime(self, before: Transport | None, transport: Transport) -> None:
        """Take back what is given where its time has changed, and give it anew."""
        now = self._clock()
        if before and transport.progress_at(now) < before.progress_at(now) - JUMP_BACK_SEC:
            self._given = {given: at for given, at in self._given.items() if at > now}
        self._amend()
        self._give(self._upcoming(transport, now), now)

    def _amend(self) -> None:
        """Take back all that is given and still to come, where any of it is not to be felt so any more."""
        now = self._clock()
        ahead = {given: at for given, at in self._given.items() if at > now}
        wanted = self._upcoming(self._transport, now) if ahead and self._transport is not None else {}
        if any(abs(wanted.get(given, -math.inf) - at) > MOVED_SEC for given, at in ahead.items()):
            self._glove.cancel(now)
            self._given = {given: at for given, at in self._given.items() if at <= now}

    def _give(self, times: dict[_Given, float], now: float) -> None:
        fresh = {given: at for given, at in times.items() if given not in self._given}
        self._given |= fresh
        for cue, moments in _rhythms((cue, at) for (_, cue), at in fresh.items()):
            if len(moments) > 1:
                self._glove.rhythm(cue.actuators, moments, cue.intensity)
            else:
                self._glove.cue(cue.actuators, moments[0], cue.intensity, cue.duration_ms)
        if len(self._given) > FELT_KEPT:
            self._given = {given: at for given, at in self._given.items() if at > now - FELT_SEC}

    def _upcoming(self, transport: Transport, now: float) -> dict[_Given, float]:
        """When the skin should feel each cue of the next second; while the score waits, up to where it waits.

        Taps between the starts of two bars come along with the first of them, so that they can be one rhythm.
        """
        if not transport.running:
            return {}
        free = replace(transport, limit_progress=math.inf)
        lead_sec = self._guidance.lead_ms / 1000
        low = max(free.progress_at(now + min(0.0, lead_sec)), transport.entry_progress)
        high = free.progress_at(now + HORIZON_SEC + max(0.0, lead_sec))
        high = min(high, transport.limit_progress)
        bounds = low - EDGE_SEC, high + EDGE_SEC, transport.limit_progress + EDGE_SEC
        found: dict[_Given, float] = {}
        for lap, lap_sec, page in self._sheet.pages(*bounds[:2]):
            for cue, place_sec in _coming(page, *(bound - lap_sec for bound in bounds)):
                if self._is_ahead(transport, place_sec + lap_sec):
                    found[lap, cue] = free.clock_sec_of(place_sec + lap_sec) - lead_sec
        return found

    def _is_ahead(self, transport: Transport, progress: float) -> bool:
        """Whether a cue is still to come; where the learner moves the clock, the onset just struck is not."""
        if transport.limit_progress == math.inf:
            return True
        return progress > transport.anchor_progress + EDGE_SEC or progress >= transport.limit_progress - EDGE_SEC


def _coming(page: Page, low_sec: float, high_sec: float, limit_sec: float) -> Iterator[tuple[Cue, float]]:
    """The cues of a page within these seconds, and up to the limit the light taps that follow right after."""
    cues, places = page
    first, last, most = bisect_left(places, low_sec), bisect_right(places, high_sec), bisect_right(places, limit_sec)
    while first < last < most and cues[last - 1].is_offbeat and cues[last].is_offbeat:
        last += 1
    yield from zip(cues[first:last], places[first:last], strict=True)


def _rhythms(timed: Iterable[tuple[Cue, float]]) -> Iterable[tuple[Cue, list[float]]]:
    """Neighbouring light taps of the same fingers as one rhythm each, everything else by itself; with their times."""
    found: list[tuple[Cue, list[float]]] = []
    for cue, at_sec in timed:
        before, moments = found[-1] if found else (None, [])
        joins = before is not None and before.is_offbeat and cue.is_offbeat and before.actuators == cue.actuators
        if joins and len(moments) <= RHYTHM_GAPS and at_sec - moments[0] <= RHYTHM_SEC:
            moments.append(at_sec)
        else:
            found.append((cue, [at_sec]))
    return found
