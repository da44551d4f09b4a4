"""The practice page: a piece on the stand, the roll and the keys before the learner."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lessons.score import Score
from tutor.practice import Hands, Mode, PracticeSettings
from tutor.pulse import pulse_of
from ui.practice import computer_keys
from ui.practice.bar_steps import BarSteps
from ui.practice.device_chips import DeviceChips
from ui.practice.keyboard import Keyboard
from ui.practice.lesson import RUNNING, Lesson
from ui.practice.lit_keys import next_keys, sounding_keys
from ui.practice.naming_choice import NamingChoice
from ui.practice.part_choice import PartChoice, hands_of
from ui.practice.piece_deeds import PieceDeeds
from ui.practice.ruler import BarRuler
from ui.practice.stage import Stage
from ui.practice.standing import next_words, status_words
from ui.practice.status_line import StatusLine
from ui.practice.transport_bar import TransportBar
from ui.practice.typed_keys import TypedKeys
from ui.tasks import Tasks
from ui.theme import Space, Type
from ui.widgets.button import Button
from ui.widgets.text import Elided

FRAME_MS, IDLE_MS = 16, 40
EASE = 0.3
JUMP_BEATS = 3.0
NO_PIECE = "Practice"


class PracticePage(QWidget):
    """Shows a `Lesson` and lets it be led; one timer repaints while something moves."""

    library_asked = Signal()
    devices_asked = Signal()
    parts_asked = Signal(object)  # the numbers of the parts to play

    def __init__(self, lesson: Lesson, tasks: Tasks):
        super().__init__()
        self.setObjectName("page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lesson = lesson
        self.stage, self.keyboard, self.ruler, self.transport = Stage(tasks), Keyboard(), BarRuler(), TransportBar()
        self.roll = self.stage.roll
        self.steps = BarSteps(lesson, self.stage.look_at)
        self.keys_choice = Button("", "practice", "glyph", "The keys at the foot: show, hide", "Ctrl+K", checkable=True)
        self.keys_choice.setChecked(True)
        self.names_choice = NamingChoice()
        self._title = Elided(NO_PIECE, Type.TITLE, bold=True)
        self._composer = Elided("", Type.BODY, "soft")
        self.part = PartChoice()
        self.deeds = PieceDeeds(lesson)
        self._line = StatusLine()
        self._status = self._line.status
        self.chips = DeviceChips(lesson)
        self._shown_revision = -1
        self._told_rows: tuple[int, ...] = ()
        self._base = computer_keys.BASE_PITCH
        keys = lesson.keys
        self._typed = TypedKeys(lambda pitch: keys.play(pitch, computer_keys.VELOCITY), keys.release, self)
        self._frames = QTimer(self)
        self._frames.setTimerType(Qt.TimerType.PreciseTimer)
        self._frames.timeout.connect(self._look_on)
        self._rests = False
        self._lay_out()
        self._connect()
        self._show_phase()

    def look(self) -> None:
        """One frame: take in what is due, and move what moves."""
        self.lesson.look()
        verdicts = self.lesson.verdicts
        if verdicts is None:
            return
        beat, coming = self.lesson.beat_now(), next_keys(self.lesson)
        self._follow(beat)
        self.keyboard.show_held(verdicts.held)
        self.keyboard.show_next(coming)
        self.keyboard.show_sounding(sounding_keys(self.lesson, beat))
        self.ruler.show_place(self.roll.view_beat, self.stage.visible_beats())
        self.ruler.show_verdicts(verdicts.codes)
        self._draw_voice()
        if self.lesson.running or verdicts.revision != self._shown_revision:
            self._shown_revision = verdicts.revision
            self.stage.repaint_notes()
        self._status.setText(status_words(self.lesson, self.names_choice.naming))
        self._tell_next(verdicts.next_rows)

    def _tell_next(self, rows: tuple[int, ...]) -> None:
        """Say to who cannot see it what is played next, where that is something else now."""
        if rows != self._told_rows:
            self._told_rows = rows
            self.setAccessibleDescription(next_words(self.lesson, self.names_choice.naming))

    def _look_on(self) -> None:
        """One frame; unseen nothing moves, but what comes in is due all the same."""
        self.look() if self.isVisible() else self.lesson.look()

    def rest(self) -> None:
        """Look at nothing any more."""
        self._rests = True
        self._frames.stop()

    def turn_view(self) -> None:
        """Falling, sideways or notation."""
        self.stage.turn_on()

    def toggle(self) -> None:
        """Start or stop."""
        if self.lesson.running:
            self.lesson.stop()
        elif self.lesson.score is None:
            self.library_asked.emit()
        else:
            self.lesson.start()

    def listen(self) -> None:
        """Hear the piece, or stop hearing it."""
        self.lesson.stop() if self.lesson.listening else self.lesson.start(listen=True)

    def shift_octave(self, octaves: int) -> None:
        """Move the computer's keys."""
        self._typed.release_all()
        self._base = computer_keys.shifted(self._base, octaves)
        self._label_keys()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Play the computer's keys."""
        if not self._typed.pressed(event, self._base):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Let a computer's key go."""
        if not self._typed.released(event):
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hold no key whose release goes elsewhere."""
        super().focusOutEvent(event)
        self._typed.release_all()

    def showEvent(self, event: QShowEvent) -> None:
        """Move while seen."""
        super().showEvent(event)
        self.lesson.armed = True
        self._pace()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while unseen; a take goes on without being watched."""
        super().hideEvent(event)
        self.lesson.armed = False
        self._typed.release_all()
        self._pace()

    def changeEvent(self, event: QEvent) -> None:
        """Hold no key when another window is in front."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self._typed.release_all()

    def _follow(self, beat: float) -> None:
        """Bring the roll to the score's place, smoothly where it is near."""
        away = beat - self.roll.view_beat
        exact = self.lesson.running and self.lesson.settings_of_take.mode in (Mode.KEEP_TEMPO, Mode.LISTEN)
        near = 0.002 < abs(away) < JUMP_BEATS and not exact
        self.stage.look_at(self.roll.view_beat + EASE * away if near else beat)

    def _draw_voice(self) -> None:
        """Lay what the microphone hears over the notes while a take runs."""
        ear, transport = self.lesson.ports.ear, self.lesson.transport
        if ear is not None and transport is not None and self.lesson.phase == RUNNING and not self.lesson.paused:
            self.roll.intonation.take_in(ear.trace(), transport.beat_at)

    def _opened(self, score: Score) -> None:
        assert self.lesson.verdicts is not None
        self._title.setText(score.title or "Untitled")
        self.roll.intonation.clear()
        self._composer.setText(score.composer)
        self.part.show_score(score)
        self.stage.show_score(score, self.lesson.verdicts)
        self.ruler.show_score(score)
        if self.roll.lanes is not None:
            self.keyboard.show_lanes(self.roll.lanes)
        beats, sign, _ = pulse_of(score)
        self.transport.show_tempo(score.tempo.bpm_at(score.start_beat) / beats, sign)
        self._base = computer_keys.steady_base(score.notes["pitch"].tolist(), self._base)
        self._label_keys()
        self._offer_hands(hands_of(score))
        self._show_settings()

    def _offer_hands(self, offered: Collection[Hands]) -> None:
        """Offer the hands of the part; where it lacks the one that was practised, both are."""
        self.transport.offer_hands(offered)
        if self.lesson.settings.hands not in offered:
            self.lesson.change(replace(self.lesson.settings, hands=Hands.BOTH))

    def _label_keys(self) -> None:
        """Write the computer's letters on the keys, unless a real keyboard is heard."""
        heard = bool(self.lesson.ports.midi_name)
        self.keyboard.show_labels({} if heard else computer_keys.labels(self._base))

    def _show_phase(self) -> None:
        lesson = self.lesson
        self.transport.show_running(lesson.running, lesson.listening, lesson.score is not None)
        self.transport.show_pause(lesson.can_pause, lesson.paused)
        self.stage.show_listening(lesson.listening)
        self.part.setEnabled(not lesson.running)
        self._show_settings()
        self._pace()
        if lesson.score is not None:
            self._status.setText(status_words(lesson, self.names_choice.naming))

    def _show_settings(self) -> None:
        settings = self.lesson.settings
        self.transport.show_settings(settings)
        self.stage.show_hands(settings.hands.played())
        looped = settings.bars if settings.loop else None
        score = self.lesson.score
        self.stage.show_loop(score.bar_range(*looped) if looped and score is not None else None)
        self.ruler.show_loop(looped)

    def _change(self, settings: PracticeSettings) -> None:
        self.lesson.change(replace(settings, bars=self.lesson.settings.bars, loop=self.lesson.settings.loop))

    def _pace(self) -> None:
        """Sixty times a second while a take is seen, else slower: what comes in is due on other pages too."""
        if self._rests:
            return
        wanted = FRAME_MS if self.lesson.running and self.isVisible() else IDLE_MS
        if not self._frames.isActive() or self._frames.interval() != wanted:
            self._frames.start(wanted)

    def _connect(self) -> None:
        lesson, transport = self.lesson, self.transport
        lesson.piece_opened.connect(self._opened)
        lesson.state_changed.connect(self._show_phase)
        lesson.ports.changed.connect(self._label_keys)
        self.keys_choice.toggled.connect(self.keyboard.setVisible)
        self.names_choice.chosen.connect(self.roll.show_names)
        self.names_choice.chosen.connect(self.keyboard.show_names)
        self.keyboard.pressed.connect(lesson.keys.play)
        self.keyboard.released.connect(lesson.keys.release)
        self.ruler.loop_chosen.connect(lambda first, last: self.steps.loop((first, last)))
        self.ruler.bar_chosen.connect(self.steps.go_to)
        self.stage.scrolled.connect(self.steps.stand_at)
        transport.changed.connect(self._change)
        transport.start_asked.connect(self.toggle)
        transport.pause_asked.connect(lesson.pause)
        transport.restart_asked.connect(lesson.restart)
        transport.listen_asked.connect(self.listen)
        transport.loop_cleared.connect(self.steps.clear_loop)
        self.chips.devices_asked.connect(self.devices_asked)
        self.part.asked.connect(self.parts_asked)
        self.stage.empty.asked.connect(self.library_asked)

    def _lay_out(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(Space.HAIR)
        names.addWidget(self._title)
        names.addWidget(self._composer)
        header = QHBoxLayout()
        header.setSpacing(Space.SMALL)
        header.addLayout(names, 1)
        header.addWidget(self.part)
        header.addWidget(self.deeds)
        header.addWidget(self.chips)
        header.addWidget(self.names_choice)
        header.addWidget(self.keys_choice)
        header.addWidget(self.stage.choice)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.MEDIUM)
        column.setSpacing(Space.SMALL)
        column.addLayout(header)
        column.addWidget(self.ruler)
        column.addWidget(self._line)
        before = QVBoxLayout()
        before.setSpacing(0)
        before.addWidget(self.stage, 1)
        before.addWidget(self.keyboard)
        column.addLayout(before, 1)
        column.addSpacing(Space.TIGHT)
        column.addWidget(self.transport)
