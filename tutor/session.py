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
from collections.abc import Callable, Sequence
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
from tutor.gate import Gate
from tutor.leading import LeadingBeat
from tutor.pace import Pace
from tutor.pausing import Pausing
from tutor.performance import Performance, TakeRecorder
from tutor.practice import Mode, PracticeSettings
from tutor.requests import Change, Pause, Restart, Resume
from tutor.sinks import Audience, FinishedTake, Sink
from tutor.take_time import TakeTime
from tutor.transport import Transport
from tutor.verdicts import Judgement

Hindsight = Callable[[Performance, TakeTime], Performance]
"""(the take as it was heard live, its seconds on the clock) → the take as it is heard afterwards."""
TICK_SEC = 0.04
REJOIN_SEC = 2.0  # who was silent so long while the beat led begins again where it stands
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
        self.span, loop = self._course.span, self.settings.loop
        self._ending = Ending(score, self.span, self.settings.mode)
        self._struck = deque(struck)  # a first note may have called for this session
        self._hindsight = hindsight
        self._follower, self._take_log, self._clock = follower, take_log, clock
        self._audience = Audience(sinks)
        self._open_ended = open_ended or clock is None or self.settings.loop
        self._now_sec = 0.0 if clock is None else clock()
        self._recorder = TakeRecorder(0.0)
        hands = self.settings.hands.played()
        self._gate = Gate(score, hands, self._course.within, loop, self.span[0])
        leads = self.settings.mode is Mode.KEEP_TEMPO
        self._beat = LeadingBeat(score, hands, self.span) if leads else None
        self._pausing = Pausing(self._course, self._beat, self._now_sec)
        self._pace = Pace(self.settings.tempo_ratio)
        self._restarts_sec: list[float] = []  # of the clock
        self._due: tuple[int, ...] = ()
        self._accompanist = Accompanist(synth)
        self._lost: Lost | None = None
        self._one_beat = True
        self._struck_sec = -math.inf
        self._before_restart = 0  # of the notes played
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
        return len(self._recorder)

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
                self._lost = None if event.regained else event
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
        self._recorder.add(event)
        if self._take_log is not None:
            self._take_log.append(event)
        judgements = self._followed(event, clock_sec) if isinstance(event, NoteOn) else ()
        self._audience.heard(event, judgements)
        if isinstance(event, NoteOn):
            self._struck_sec = clock_sec
            self._lead(clock_sec, judgements)

    def _followed(self, event: NoteOn, clock_sec: float) -> tuple[Judgement, ...]:
        """What is said of a note: where the score waits, as it waits; where the beat leads, as it stands by now."""
        if self.settings.mode is Mode.WAIT:
            return self._at_gate(event)
        if self._beat is None:
            return self._follower.step(event)
        if self._time.at(clock_sec) - self._time.at(self._struck_sec) > REJOIN_SEC:
            here = max(self.transport.progress_at(clock_sec), self.transport.entry_progress)
            self._follower.lead_to(self.transport.beat_of(here))
        judgements = self._follower.step(event)
        self._beat.strike(judgements)
        return judgements

    def _at_gate(self, event: NoteOn) -> tuple[Judgement, ...]:
        """What is said of a note where the score waits: it is what was waited for, or it is wrong there."""
        row = self._gate.strike(event.pitch)
        if row is not None:
            return self._follower.step_at(event, row)[:1]
        return tuple(self._gate.judged(said) for said in self._follower.step(event)[:1])

    def _go_with_beat(self) -> None:
        """Where the beat leads, tell what it has left behind, and what is due now."""
        if self._beat is None or self.transport.stands_at(self._now_sec):
            return
        passed = self._beat.left_behind(self.transport, self._now_sec)
        if passed:
            self._audience.passed(passed)
        if self._due_rows() != self._due:
            self._anchor(self.transport)

    def _lead(self, clock_sec: float, judgements: tuple[Judgement, ...]) -> None:
        """Let the learner move the score's clock, where the mode says so."""
        mode = self.settings.mode
        if mode is Mode.WAIT and self._gate.moved:
            self._pass_gate(clock_sec)
        elif mode is Mode.FOLLOW and judgements and not judgements[0].lost:
            self._glide(judgements[0], clock_sec)
        else:
            self._anchor(self.transport)

    def _pass_gate(self, clock_sec: float) -> None:
        """Go on from the onset just struck to the next one that the learner must strike."""
        onset, struck = self._gate.onset_beat, self._gate.struck
        limit = math.inf if onset is None else self.transport.progress_of(onset, self._gate.lap)
        here = self.transport.progress_of(*struck) if struck else self.transport.anchor_progress
        self._accompanist.catch_up(self.transport, here)
        self._anchor(self.transport.moved(here, clock_sec).waiting(limit))

    def _glide(self, said: Judgement, clock_sec: float) -> None:
        """Stand where the follower says, and move on towards the next onset at the learner's pace."""
        beat = said.position_beat
        lap, loop = self.transport.lap_at(clock_sec), self.transport.loop
        if loop and self.transport.beat_at(clock_sec) - beat > (loop[1] - loop[0]) / 2:
            lap += 1
        onset = self._gate.after(beat, lap)
        limit = math.inf if onset is None else self.transport.progress_of(*onset)
        here = self.transport.progress_of(beat, lap)
        self._accompanist.catch_up(self.transport, here)
        ratio = self._pace.strike(clock_sec, here) if said.verdict == "hit" else self._pace.ratio
        self._anchor(replace(self.transport.moved(here, clock_sec), ratio=ratio).waiting(limit))

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
                self._struck_sec, self._before_restart = -math.inf, len(self._recorder)
                self._restarts_sec.append(request.time_sec)
                self._gate.begin_anew()
                self._pace.begin_anew(self.settings.tempo_ratio)
                if self._beat is not None:
                    self._beat.begin_anew()
                self._follower.expect_from(self.span[0])
                self._open()
            case Change(settings=wanted):
                now = self.settings
                self.settings = replace(wanted, mode=now.mode, hands=now.hands, bars=now.bars, loop=now.loop)
                self._accompanist.timeline = self._course.timeline(self.settings)
                self._audience.changed(self.settings)
                if wanted.tempo_ratio != now.tempo_ratio:
                    self._one_beat = self._one_beat and not len(self._recorder)
                    self._pace.begin_anew(wanted.tempo_ratio)
                self._anchor(self.transport.at_ratio(self._pace.ratio, self._now_sec))
                self._pausing.retime(self.transport, self._now_sec)

    def _opening(self) -> Transport:
        """The clock at the start of the practice."""
        opening = self._course.opening(self._now_sec, self.settings.tempo_ratio, self._gate.onset_beat)
        return replace(opening, restarts=len(self._restarts_sec))

    def _anchor(self, transport: Transport) -> None:
        """Make this the score's clock, and tell."""
        self.transport = transport
        self._due = self._due_rows()
        self._audience.moved(transport, self._due)

    def _due_rows(self) -> tuple[int, ...]:
        """The rows of the score that are due next, as who leads has it."""
        if self._beat is not None:
            stands = self.transport.stands_at(self._now_sec)
            standing = self.transport.moved(self.transport.entry_progress, self._now_sec).paused(self._now_sec)
            return self._beat.due_rows(standing if stands else self.transport, self._now_sec)
        return self._gate.pending_rows if self.settings.mode is Mode.WAIT else self._follower.next_rows()

    def _patience_sec(self) -> float | None:
        """How long to wait for an event: until the next sound or tick; without a clock, for ever."""
        if self._clock is None:
            return None
        return max(0.0, min(TICK_SEC, self._accompanist.next_sec(self.transport) - self._clock()))

    def _over(self) -> bool:
        """Whether the take ends by itself."""
        if self._open_ended:
            return False
        played = (len(self._recorder) - self._before_restart) / max(1, self._gate.written)
        return self._now_sec >= self._ending.due_sec(self.transport, self._now_sec, self._struck_sec, played)

    def _end(self) -> FinishedTake:
        """A hand rests at once; then journal first, picture later."""
        self._audience.ended()
        self._accompanist.end()
        settled = self._follower.finish() if self.settings.mode is not Mode.WAIT else ()
        if settled:
            self._audience.settled(settled)
        if self._hindsight is None and self._follower.says_not_this_piece:  # else the report knows better
            self._audience.noticed(f"This did not sound like {self.score.title or 'this piece'}.")
        performance = self._looked_back(self._recorder.performance()).from_earliest()
        kept = self._take_log is not None and self._take_log.finish(performance, self.settings)
        take_id = self._take_log.take_id if self._take_log and len(performance.notes) else None
        covered = self._beat.covered if self._beat is not None else None
        heard = performance, self.settings, self.score, take_id, kept, self._lost
        asked = tuple(self._time.at(sec) for sec in self._restarts_sec)
        knows_beat = covered is not None and self._one_beat and not asked
        beat_sec = self._pausing.beat_sec(self.transport, self._now_sec) if knows_beat else None
        self._result = FinishedTake(
            *heard, covered=covered, one_beat=self._one_beat, restarts_sec=asked, beat_sec=beat_sec
        )
        self._audience.finished(self._result)
        return self._result

    def _looked_back(self, performance: Performance) -> Performance:
        """The take as who listens hears it afterwards; where that fails, as it was heard live."""
        if self._hindsight is None or not len(performance.notes):
            return performance
        try:
            return self._hindsight(performance, self._time)
        except Exception:
            log.exception("the second look failed; the take is as it was heard live")
            return performance

    def _stamp(self) -> float:
        return self._now_sec if self._clock is None else self._clock()
