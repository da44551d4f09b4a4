"""A practice session: one thread that owns the follower, the score's clock and the growing take.

``event → log → echo → follower.step → sinks``. Everything reaches the session through the inbox (notes, lost ports and
the requests of `tutor.requests`), so crossing that queue is the only synchronisation; ``transport`` may be read from
any thread. Sinks stand in `tutor.sinks`. Events and judgements count seconds from the start of the take, which is
``start_sec`` on the clock, but for its pauses (`tutor.pausing`). Without a clock (``clock=None``) the session lives by
the stamps of its events alone: a take in a file goes through as fast as it can, strictly in order, and ends with the
None behind it.
"""

from __future__ import annotations

import logging
import math
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from queue import Empty

from lessons.score import Score
from tutor.accompany import Accompanist
from tutor.clock import Clock, stamp
from tutor.commands.parts import Synth
from tutor.company import Follower, TakeLog
from tutor.course import Course
from tutor.ending import Ending
from tutor.events import Event, Inbox, Lost, NoteOff, NoteOn, Pedal, Request
from tutor.growing_take import GrowingTake, Hindsight
from tutor.pausing import Pausing
from tutor.practice import Mode, PracticeSettings
from tutor.requests import Change, Pause, Restart, Resume
from tutor.sinks import Audience, FinishedTake, Sink
from tutor.steering import Steering
from tutor.take_time import TakeTime
from tutor.transport import Transport
from tutor.verdicts import Judgement

TICK_SEC = 0.04
log = logging.getLogger(__name__)


class Session:
    """One take of ``score``. Call `start` and later `join`, or `run` to stay in this thread.

    An ``open_ended`` session goes on after the last bar until it is stopped.
    """

    def __init__(
        self,
        score: Score,
        follower: Follower,
        inbox: Inbox,
        sinks: Sequence[Sink] = (),
        settings: PracticeSettings | None = None,
        *,
        take_log: TakeLog | None = None,
        synth: Synth | None = None,
        clock: Clock | None = stamp,
        open_ended: bool = False,
        struck: Sequence[Event] = (),
        hindsight: Hindsight | None = None,
    ):
        self.score, self.inbox = score, inbox
        self.settings = settings or PracticeSettings()
        self._course = Course(score, self.settings)
        self.span = self._course.span
        self._ending = Ending(score, self.span, self.settings.mode)
        self._struck = deque(struck)  # a first note may have called for this session
        self._follower, self._clock = follower, clock
        self._audience = Audience(sinks)
        self._open_ended = open_ended or clock is None or self.settings.loop
        self._now_sec = 0.0 if clock is None else clock()
        self._take = GrowingTake(score, take_log, hindsight)
        self._steering = Steering(score, follower, self.settings, self._course)
        self._pausing = Pausing(self._course, self._steering.beat, self._now_sec)
        self._due: tuple[int, ...] = ()
        self._accompanist = Accompanist(synth)
        self._struck_sec = -math.inf
        self._held: set[int] = set()
        self._result: FinishedTake | None = None
        self._thread: threading.Thread | None = None
        self.transport = self._opening()

    @property
    def start_sec(self) -> float:
        """When the take began, by the clock."""
        return self._time.start_sec

    @property
    def _time(self) -> TakeTime:
        return self._pausing.time

    @property
    def recorded_notes(self) -> int:
        """How many notes the take has so far."""
        return len(self._take)

    def start(self) -> None:
        """Run in a thread of its own."""
        self._thread = threading.Thread(target=self.run, name="session", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask the session to end; the take is kept."""
        self.inbox.put(None)

    def join(self, timeout_sec: float | None = None) -> FinishedTake | None:
        """Wait for the end; None where the session has not ended in time."""
        if self._thread is not None:
            self._thread.join(timeout_sec)
        return self._result

    def pause(self) -> None:
        """Let the music stand still where the score's clock leads it."""
        self.inbox.put(Pause(self._stamp()))

    def resume(self) -> None:
        """Count in, and go on where the music stands still."""
        self.inbox.put(Resume(self._stamp()))

    def restart(self) -> None:
        """Begin again, with the count-in."""
        self.inbox.put(Restart(self._stamp()))

    def change(self, settings: PracticeSettings) -> None:
        """Go on with another tempo, metronome or echo."""
        self.inbox.put(Change(self._stamp(), settings))

    def run(self) -> FinishedTake:
        """Live until a None, or until the score's clock has passed the end; the take."""
        try:
            self._begin()
            while self._live_on():
                pass
        except Exception:
            log.exception("the session ended early")
            self._audience.noticed("The session ended early; what you played is kept.")
        return self._end()

    def _begin(self) -> None:
        if self._clock is not None:
            self._now_sec = self._clock()
            self._pausing.time = TakeTime(self._struck[0].time_sec if self._struck else self._now_sec)
        self._audience.begun(self.start_sec)
        self._open()

    def _open(self) -> None:
        """Set the score's clock to the start of the practice."""
        opening = self._opening()
        self._accompanist.timeline = self._course.timeline(self.settings)
        self._accompanist.stand_at(opening.anchor_progress)
        self._anchor(opening)

    def _live_on(self) -> bool:
        """Take one event, or one tick of time; whether to go on."""
        try:
            event = self._struck.popleft() if self._struck else self.inbox.get(timeout=self._patience_sec())
        except Empty:
            event = Request(self._stamp())
        if event is None:
            return False
        self._now_sec = max(self._now_sec, event.time_sec) if self._clock is None else self._clock()
        match event:
            case Request():
                self._heed(event)
            case Lost():
                self._take.lost = None if event.regained else event
                self._audience.lost(event)
                for pitch in () if event.regained else sorted(self._held):
                    self._hear(NoteOff(event.time_sec, pitch))  # nobody else will say that it has ended
                if not event.regained:
                    self._accompanist.echo(Pedal(event.time_sec, 0))
            case _:
                self._hear(event)
        self._accompanist.keep_up(self.transport, self._now_sec)
        self._go_with_beat()
        self._audience.ticked(self._now_sec)
        return not self._over()

    def _hear(self, event: Event) -> None:
        """Record, log, echo, follow, tell; a key that is struck in a pause only sounds and lights."""
        if isinstance(event, NoteOn) and event.velocity == 0:
            event = NoteOff(event.time_sec, event.pitch)
        if isinstance(event, NoteOn):
            self._held.add(event.pitch)
        elif isinstance(event, NoteOff):
            self._held.discard(event.pitch)
        clock_sec, event = event.time_sec, replace(event, time_sec=self._time.at(event.time_sec))
        if self.settings.echo or not isinstance(event, NoteOn):  # what sounds ends, whatever was asked for since
            self._accompanist.echo(event)
        if isinstance(event, NoteOn) and not self._time.has(clock_sec):
            self._audience.heard(event, ())
            return
        self._take.add(event)
        judgements = self._followed(event, clock_sec) if isinstance(event, NoteOn) else ()
        self._audience.heard(event, judgements)
        if isinstance(event, NoteOn):
            self._struck_sec = clock_sec
            self._lead(clock_sec, judgements)

    def _followed(self, event: NoteOn, clock_sec: float) -> tuple[Judgement, ...]:
        """What is said of a note, as who leads has it."""
        silent_sec = self._time.at(clock_sec) - self._time.at(self._struck_sec)
        return self._steering.judged(event, self.transport, clock_sec, silent_sec)

    def _go_with_beat(self) -> None:
        """Where the beat leads, tell what it has left behind, and what is due now."""
        if self._steering.beat is None or self.transport.stands_at(self._now_sec):
            return
        passed = self._steering.beat.left_behind(self.transport, self._now_sec)
        if passed:
            self._audience.passed(passed)
        if self._steering.due_rows(self.transport, self._now_sec) != self._due:
            self._anchor(self.transport)

    def _lead(self, clock_sec: float, judgements: tuple[Judgement, ...]) -> None:
        """Let the learner move the score's clock, where the mode says so."""
        moved = self._steering.moved(self.transport, clock_sec, judgements)
        if moved is not self.transport:
            self._accompanist.catch_up(self.transport, moved.anchor_progress)
        self._anchor(moved)

    def _heed(self, request: Request) -> None:
        match request:
            case Pause() if self._course.clock_leads and self.transport.running:
                self._accompanist.silence()
                self._anchor(self._pausing.begin(self.transport, self._now_sec, self._struck_sec))
            case Resume() if not self.transport.running:
                going, counting = self._pausing.end(self.transport, self._now_sec)
                self._accompanist.stand_at(going.entry_progress, counting)
                self._audience.went_on(self._time)
                self._anchor(going)
            case Restart():
                self._pausing.drop(self._now_sec)
                self._struck_sec = -math.inf
                self._take.begin_anew(request.time_sec)
                self._steering.begin_anew(self.settings.tempo_ratio)
                self._open()
            case Change(settings=wanted):
                now = self.settings
                self.settings = replace(wanted, mode=now.mode, hands=now.hands, bars=now.bars, loop=now.loop)
                self._accompanist.timeline = self._course.timeline(self.settings)
                self._audience.changed(self.settings)
                if wanted.tempo_ratio != now.tempo_ratio:
                    self._take.retime()
                    self._steering.pace.begin_anew(wanted.tempo_ratio)
                self._anchor(self.transport.at_ratio(self._steering.pace.ratio, self._now_sec))
                self._pausing.retime(self.transport, self._now_sec)

    def _opening(self) -> Transport:
        """The clock at the start of the practice."""
        opening = self._course.opening(self._now_sec, self.settings.tempo_ratio, self._steering.gate.onset_beat)
        return replace(opening, restarts=self._take.restarts)

    def _anchor(self, transport: Transport) -> None:
        """Make this the score's clock, and tell."""
        self.transport = transport
        self._due = self._steering.due_rows(transport, self._now_sec)
        self._audience.moved(transport, self._due)

    def _patience_sec(self) -> float | None:
        """How long to wait for an event: until the next sound or tick; without a clock, for ever."""
        if self._clock is None:
            return None
        return max(0.0, min(TICK_SEC, self._accompanist.next_sec(self.transport) - self._clock()))

    def _over(self) -> bool:
        """Whether the take ends by itself."""
        if self._open_ended:
            return False
        played = self._take.notes_since_restart / max(1, self._steering.gate.written)
        return self._now_sec >= self._ending.due_sec(self.transport, self._now_sec, self._struck_sec, played)

    def _end(self) -> FinishedTake:
        """A hand rests at once; then journal first, picture later."""
        self._audience.ended()
        self._accompanist.end()
        settled = self._follower.finish() if self.settings.mode is not Mode.WAIT else ()
        if settled:
            self._audience.settled(settled)
        covered = self._steering.beat.covered if self._steering.beat is not None else None
        beat_sec = self._pausing.beat_sec(self.transport, self._now_sec)
        self._result = self._take.finish(self.settings, self._time, covered, beat_sec)
        self._audience.finished(self._result)
        return self._result

    def _stamp(self) -> float:
        return self._now_sec if self._clock is None else self._clock()
