"""What a session tells while a take is under way: where the score stands, what was heard, how the hand is led."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import proxy

from PySide6.QtCore import QObject

from tutor.clock import stamp
from tutor.events import Event
from tutor.fading import Fading
from tutor.transport import Transport
from tutor.verdicts import Judgement
from ui.bridge import Bridge

if TYPE_CHECKING:
    from ui.practice.lesson import Lesson


class DuringTake(QObject):
    """Takes it into a lesson, on the window's thread."""

    def __init__(self, lesson: Lesson, bridge: Bridge):
        super().__init__(lesson)
        self._lesson: Lesson = proxy(lesson)  # which holds this: the two would outlive the learner
        bridge.clock_moved.connect(self._clock_moved)
        bridge.note_heard.connect(self._note_heard)
        bridge.beat_passed.connect(self._beat_passed)
        bridge.playing_settled.connect(self._playing_settled)
        bridge.fading_moved.connect(self._fading_moved)

    def _clock_moved(self, transport: Transport, next_rows: tuple[int, ...]) -> None:
        lesson = self._lesson
        was_paused, lesson.transport = lesson.paused, transport
        if lesson.verdicts is not None:
            lesson.verdicts.moved(transport.restarts, next_rows)
        if lesson.paused != was_paused:
            lesson.state_changed.emit()

    def _fading_moved(self, fading: Fading) -> None:
        self._lesson.fading = fading
        self._lesson.state_changed.emit()

    def _note_heard(self, event: Event, judgements: tuple[Judgement, ...]) -> None:
        verdicts, transport = self._lesson.verdicts, self._lesson.transport
        if verdicts is not None and transport is not None:
            verdicts.heard(event, judgements, transport.beats_per_sec_at(stamp()))

    def _beat_passed(self, rows: tuple[int, ...]) -> None:
        if self._lesson.verdicts is not None:
            self._lesson.verdicts.passed(rows)

    def _playing_settled(self, judgements: tuple[Judgement, ...]) -> None:
        verdicts, transport = self._lesson.verdicts, self._lesson.transport
        if verdicts is not None and transport is not None:
            verdicts.settled(judgements, transport.beats_per_sec_at(stamp()))
