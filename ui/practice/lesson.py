"""The running lesson: joins the inbox, the session and the devices, and brings home what they tell.

Between takes nobody else reads the inbox, so `look` does, and lights and sounds what is played; where the learner
leads, the first note begins the take. During a take the session owns the inbox.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from queue import SimpleQueue

from PySide6.QtCore import QObject, Signal

from lessons.score import Score
from tutor.clock import stamp
from tutor.events import Event, Inbox, Lost
from tutor.fading import Fading
from tutor.practice import Hands, Mode, PracticeSettings, tune_words
from tutor.session import Session
from tutor.sinks import FinishedTake
from tutor.transport import Transport
from ui.bridge import Bridge, BridgeSink
from ui.devices.ports import Ports
from ui.microphone.ear import Ear
from ui.player import END_SEC
from ui.practice.beginning import from_bar_at, needs_another_take, on_the_stand
from ui.practice.between_takes import BetweenTakes
from ui.practice.by_ear import as_heard, is_tune_alone
from ui.practice.during_take import DuringTake
from ui.practice.input_words import lost_words, silence_words
from ui.practice.live_session import LiveSession
from ui.practice.screen_keys import ScreenKeys
from ui.practice.verdict_state import VerdictState
from ui.rooms import Rooms, SessionWish
from ui.tasks import Road, Tasks

EMPTY, READY, STARTING, RUNNING, ENDING = "empty", "ready", "starting", "running", "ending"
JUST_STOP = "Just stop playing: the page waits for you."


class Lesson(QObject):
    """One piece on the stand, and at most one take of it at a time."""

    state_changed = Signal()
    piece_opened = Signal(object)  # Score
    noticed = Signal(str)
    take_finished = Signal(object)  # FinishedTake, with something in it
    take_left = Signal(object)  # the same, where the learner has gone on to something else already
    overheard = Signal(object)  # Event, played between takes

    def __init__(self, rooms: Rooms, tasks: Tasks, parent: QObject | None = None):
        super().__init__(parent)
        self._rooms, self._tasks = rooms, tasks
        self.inbox: Inbox = SimpleQueue()
        self.ports = Ports(rooms.parts, rooms.open_glove, self.inbox, tasks)
        self.ports.setParent(self)
        self.between, self.keys = BetweenTakes(self), ScreenKeys(self)
        self.settings = rooms.config.practice
        self.score: Score | None = None
        self.verdicts: VerdictState | None = None
        self.phase = EMPTY
        self.transport: Transport | None = None
        self.standing_beat = 0.0
        self.fading: Fading | None = None
        self._session: Session | None = None
        self._live = LiveSession()
        self._told_settings = self.settings  # to the session that is starting
        self._next_piece: tuple[Score, PracticeSettings | None] | None = None
        self._going_on: tuple[float, bool] | None = None  # at a beat, to listen or not, once the take has ended
        self.armed = False
        self._ear: Ear | None = None
        self.ports.changed.connect(self._ports_changed)
        self._bridge = Bridge(self)
        self._sink = BridgeSink(self._bridge)
        self._during = DuringTake(self, self._bridge)
        self._bridge.input_lost.connect(self.tell_lost)
        self._bridge.noticed.connect(self.noticed)
        self._bridge.take_finished.connect(self._take_finished)

    @property
    def running(self) -> bool:
        """Whether a take is under way."""
        return self.phase in (STARTING, RUNNING, ENDING)

    @property
    def listening(self) -> bool:
        """Whether the program itself plays."""
        return self.running and self.settings_of_take.mode is Mode.LISTEN

    def open_piece(self, score: Score, settings: PracticeSettings | None = None) -> None:
        """Put a piece on the stand; a take that is under way ends first, and is kept.

        Without ``settings`` it is practised like the last one, but at its own tempo and whole.
        """
        if self.running:
            self._next_piece = (score, settings)
            self.stop()
            return
        self._next_piece = None
        self.score, self.verdicts = score, VerdictState(score)
        self.settings = on_the_stand(score, settings, self.settings)
        self.phase, self.standing_beat = READY, self.settings.span(score)[0]
        self.transport = self.fading = None
        self.piece_opened.emit(score)
        self.state_changed.emit()
        self._expect_the_tune()

    def change(self, settings: PracticeSettings) -> None:
        """Practise otherwise, at once: with other hands, or led by another one, in another take from this bar on."""
        self.settings = settings
        if self._session is not None:
            self._session.change(as_heard(settings, self.ports))
        if self.phase in (STARTING, RUNNING) and needs_another_take(settings, self.settings_of_take):
            going_on = self.beat_now(), self.listening
            self.stop()
            self._going_on = going_on
        self.state_changed.emit()

    def _expect_the_tune(self) -> None:
        """Where one line is heard, expect the tune of a piece for two hands; the learner may choose otherwise."""
        ear, score = self.ports.ear, self.score
        if self.phase == READY and ear is not None and score is not None and is_tune_alone(self.settings, score, ear):
            self.noticed.emit(tune_words(ear.instrument))
            self.change(replace(self.settings, hands=Hands.RIGHT))

    def _ports_changed(self) -> None:
        """Sound nothing more that a microphone would hear as played."""
        if self.ports.ear is not self._ear:
            self._ear = self.ports.ear
            self._expect_the_tune()
        if self._session is not None and not self.listening and self.settings.echo:
            self._session.change(as_heard(self.settings, self.ports))

    @property
    def begins_by_itself(self) -> bool:
        """Whether the first note begins the take."""
        return self.armed and self.phase == READY and self.settings.mode in (Mode.FOLLOW, Mode.WAIT)

    def start(self, listen: bool = False, struck: tuple[Event, ...] = ()) -> None:
        """Begin a take where the page stands, or let the program play from there.

        What was ``struck`` already, a note first, belongs to it.
        """
        if self.phase != READY or self.score is None or self.verdicts is None:
            return
        if not struck:
            self.between.drain()
        self.phase = STARTING
        settings = from_bar_at(self.settings, self.score, self.standing_beat)
        settings = replace(settings, mode=Mode.LISTEN, count_in_bars=0) if listen else settings
        self.verdicts.clear()
        self.verdicts.is_timed = settings.mode is not Mode.WAIT
        self.settings_of_take = settings
        self._told_settings = as_heard(self.settings, self.ports)
        make, wish = self._rooms.make_session, self._wish(self.score, settings, struck)
        self._tasks.run(lambda: self._live.begin(make, wish), self._begun, self._refused, Road.TAKES)
        self.state_changed.emit()

    def _wish(self, score: Score, settings: PracticeSettings, struck: tuple[Event, ...]) -> SessionWish:
        """The session that a take wants."""
        ports = self.ports
        return SessionWish(
            score,
            as_heard(settings, ports),
            self.inbox,
            (self._sink,),
            ports.synth,
            ports.glove,
            struck,
            self._bridge.fading_moved.emit,
            ports.ear.hearing if ports.ear is not None else None,
        )

    def stop(self) -> None:
        """End the take; it is kept."""
        self._going_on = None
        if self.phase in (STARTING, RUNNING):
            self.phase = ENDING
            if self._session is not None:
                self._session.stop()
            self.state_changed.emit()

    @property
    def can_pause(self) -> bool:
        """Whether a pause means something: who leads the score just stops, and it waits."""
        return self.phase == RUNNING and self.settings_of_take.mode in (Mode.KEEP_TEMPO, Mode.LISTEN)

    @property
    def paused(self) -> bool:
        """Whether the music stands still, to go on from there."""
        return self.running and self.transport is not None and not self.transport.running

    def pause(self) -> None:
        """Let the music stand still, or go on."""
        if self._session is not None and self.can_pause:
            self._session.resume() if self.paused else self._session.pause()
        elif self.phase == RUNNING:
            self.noticed.emit(JUST_STOP)

    def hush(self) -> None:
        """Let something else be heard: the program plays no more by itself."""
        if self.listening:
            self.stop()

    def restart(self) -> None:
        """Begin again, where the take began; between takes, stand at the beginning."""
        if self._session is not None:
            self._session.restart()
        elif self.score is not None:
            self.standing_beat = self.settings.span(self.score)[0]
            self.state_changed.emit()

    @property
    def sounds_notes(self) -> bool:
        """Whether what is played is sounded: a microphone would hear it as played again."""
        return as_heard(self.settings, self.ports).echo

    def beat_now(self) -> float:
        """Where the score stands."""
        if self._session is not None and self.transport is not None:
            return self.transport.beat_at(stamp())
        return self.standing_beat

    @property
    def counted_in(self) -> tuple[int, int] | None:
        """Which beat of a count-in this is, from 1, and of how many; None before and after it, and in a pause."""
        if self._session is None or self.transport is None:
            return None
        return self.transport.counted_at(stamp())

    def look(self) -> None:
        """Do what is due with each frame: between takes take the inbox in, in a loop notice a new lap."""
        if self.begins_by_itself:
            if struck := self.between.until_a_note():
                self.start(struck=struck)
        elif self.phase in (EMPTY, READY):
            self.between.drain()
        elif self.transport is not None and self.verdicts is not None:
            self.verdicts.gone_on(self.transport.lap_at(stamp()), self.transport.loop)

    def close(self) -> Callable[[], None]:
        """End the take and let the devices go; what gives them back, which may take seconds."""
        session = self._live.end()
        give_back = self.ports.let_go()

        def part() -> None:
            if session is not None:
                session.join(END_SEC)
            self._bridge.blockSignals(True)  # whatever has not ended by now tells nothing to what is about to go
            give_back()

        return part

    def _begun(self, session: Session) -> None:
        if self.phase in (STARTING, ENDING):
            self._session = session
        if self.phase == ENDING:
            session.stop()
        elif self.phase == STARTING:
            self.phase, self.transport = RUNNING, session.transport
            if as_heard(self.settings, self.ports) != self._told_settings:
                session.change(as_heard(self.settings, self.ports))
        self.state_changed.emit()

    def _refused(self, reason: str) -> None:
        self.phase = READY
        self.noticed.emit(reason)
        self.state_changed.emit()
        if self._next_piece is not None:
            self.open_piece(*self._next_piece)

    def tell_lost(self, event: Lost) -> None:
        """Tell that an input went away or came back."""
        self.ports.show_lost(event.source, not event.regained)
        self.noticed.emit(lost_words(event, self.ports.is_microphone(event.source)))

    def _take_finished(self, take: FinishedTake) -> None:
        listened, stopped = take.settings.mode is Mode.LISTEN, self.phase == ENDING
        self._live.forget()
        self._session, self.phase = None, READY
        if self.verdicts is not None:
            self.verdicts.held.clear()
            self.verdicts.next_rows = ()
        self.standing_beat = take.settings.span(take.score)[0] if take.score is self.score else self.standing_beat
        self.state_changed.emit()
        played = not listened and len(take.performance.notes) > 0
        if self._next_piece is not None or self._going_on is not None:
            if played:
                self.take_left.emit(take)
            self._go_on()
        elif played:
            self.take_finished.emit(take)
        elif not listened and not stopped:
            self.noticed.emit(silence_words(self.ports))

    def _go_on(self) -> None:
        """Do what the end of the take was waited for with."""
        going_on, self._going_on = self._going_on, None
        if self._next_piece is not None:
            self.open_piece(*self._next_piece)
        elif going_on is not None:
            self.standing_beat, listen = going_on
            self.start(listen)
