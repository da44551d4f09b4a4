"""Who is told of a session, and what a session leaves.

A sink (the window's bridge, the glove, a stream of JSON) overrides what it needs. Its methods run on the session
thread: they never block, and a sink that raises is told nothing more. Events and judgements count seconds from the
start of the take; a `Transport` and ``now_sec`` count seconds of the clock.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from lessons.score import Score
from tutor.events import Event, Lost
from tutor.listen.intonation import Intonation
from tutor.performance import Performance
from tutor.practice import PracticeSettings
from tutor.take_time import TakeTime
from tutor.transport import Transport
from tutor.verdicts import Judgement

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class FinishedTake:
    """What a session leaves: the take, how it was practised, its id in the journal (None without one).

    ``kept`` says whether the take was on disk before anybody was told; ``lost`` is an input that did not return;
    ``intonation`` is known where one line was heard by a microphone; ``covered`` is from which beat to which the beat
    led, whether or not the learner went with it; ``one_beat`` says that it was not
    set anew while they played, and ``beat_sec`` when beat 0 was then due, in seconds of the take (None where nobody
    knows); at ``restarts_sec`` the learner asked to begin again.
    """

    performance: Performance
    settings: PracticeSettings
    score: Score
    take_id: str | None = None
    kept: bool = False
    lost: Lost | None = None
    intonation: Intonation | None = None
    covered: tuple[float, float] | None = None
    one_beat: bool = True
    restarts_sec: tuple[float, ...] = ()
    beat_sec: float | None = None


class Sink:
    """Somebody who is told."""

    def begun(self, start_sec: float) -> None:
        """The take begins at this second of the clock."""

    def went_on(self, time: TakeTime) -> None:
        """A pause ends; this is what the seconds of the take are by the clock from now on."""

    def moved(self, transport: Transport, next_rows: tuple[int, ...]) -> None:
        """The score's clock was started, stopped, moved or bounded; ``next_rows`` of the score are due next."""

    def heard(self, event: Event, judgements: tuple[Judgement, ...]) -> None:
        """An event was taken in, with what the follower says of it."""

    def passed(self, rows: tuple[int, ...]) -> None:
        """The beat leads and has left these rows of the score behind, which were not struck."""

    def settled(self, judgements: tuple[Judgement, ...]) -> None:
        """The playing has ended: judgements that this changes, such as notes that now count as missed."""

    def ticked(self, now_sec: float) -> None:
        """The session is alive: after each event, and every 40 ms where it has a clock."""

    def changed(self, settings: PracticeSettings) -> None:
        """The learner goes on otherwise: at another tempo, led otherwise."""

    def lost(self, event: Lost) -> None:
        """An input went away or came back."""

    def noticed(self, words: str) -> None:
        """Something that the learner should know, in one line."""

    def ended(self) -> None:
        """The playing is over; what was played may still be looked at for seconds before the take is finished."""

    def finished(self, take: FinishedTake) -> None:
        """The session has ended, and the take is in the journal as well as it can be."""


class Audience(Sink):
    """Tells many sinks; one that raises is left out from then on, and the others are told so."""

    def __init__(self, sinks: Iterable[Sink]):
        self._sinks = list(sinks)

    def begun(self, start_sec: float) -> None:
        """Tell all."""
        self._tell("begun", start_sec)

    def went_on(self, time: TakeTime) -> None:
        """Tell all."""
        self._tell("went_on", time)

    def moved(self, transport: Transport, next_rows: tuple[int, ...]) -> None:
        """Tell all."""
        self._tell("moved", transport, next_rows)

    def heard(self, event: Event, judgements: tuple[Judgement, ...]) -> None:
        """Tell all."""
        self._tell("heard", event, judgements)

    def passed(self, rows: tuple[int, ...]) -> None:
        """Tell all."""
        self._tell("passed", rows)

    def settled(self, judgements: tuple[Judgement, ...]) -> None:
        """Tell all."""
        self._tell("settled", judgements)

    def ticked(self, now_sec: float) -> None:
        """Tell all."""
        self._tell("ticked", now_sec)

    def changed(self, settings: PracticeSettings) -> None:
        """Tell all."""
        self._tell("changed", settings)

    def lost(self, event: Lost) -> None:
        """Tell all."""
        self._tell("lost", event)

    def noticed(self, words: str) -> None:
        """Tell all."""
        self._tell("noticed", words)

    def ended(self) -> None:
        """Tell all."""
        self._tell("ended")

    def finished(self, take: FinishedTake) -> None:
        """Tell all."""
        self._tell("finished", take)

    def _tell(self, what: str, *said: object) -> None:
        for sink in tuple(self._sinks):
            try:
                getattr(sink, what)(*said)
            except BrokenPipeError:  # who read along has read enough
                self._sinks.remove(sink)
            except Exception:
                log.exception("%s failed and is left out", type(sink).__name__)
                self._sinks.remove(sink)
                self.noticed(f"{type(sink).__name__} stopped working; the session goes on without it.")
