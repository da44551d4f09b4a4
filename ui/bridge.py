"""What the session tells, carried from its thread to the window's as queued signals."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from tutor.events import Event, Lost
from tutor.sinks import FinishedTake, Sink
from tutor.transport import Transport
from tutor.verdicts import Judgement


class Bridge(QObject):
    """The window's end: signals that arrive on the window's thread."""

    clock_moved = Signal(object, object)  # Transport, rows due next
    note_heard = Signal(object, object)  # Event, judgements
    beat_passed = Signal(object)  # rows that were not struck
    playing_settled = Signal(object)  # judgements
    input_lost = Signal(object)  # Lost
    noticed = Signal(str)
    take_finished = Signal(object)  # FinishedTake
    fading_moved = Signal(object)  # Fading


class BridgeSink(Sink):
    """The session's end; never waits."""

    def __init__(self, bridge: Bridge):
        self._bridge = bridge

    def moved(self, transport: Transport, next_rows: tuple[int, ...]) -> None:
        """Carry the score's clock."""
        self._bridge.clock_moved.emit(transport, next_rows)

    def heard(self, event: Event, judgements: tuple[Judgement, ...]) -> None:
        """Carry an event with its judgements."""
        self._bridge.note_heard.emit(event, judgements)

    def passed(self, rows: tuple[int, ...]) -> None:
        """Carry what the beat has left behind."""
        self._bridge.beat_passed.emit(rows)

    def settled(self, judgements: tuple[Judgement, ...]) -> None:
        """Carry what the end of the playing changed."""
        self._bridge.playing_settled.emit(judgements)

    def lost(self, event: Lost) -> None:
        """Carry a lost or regained input."""
        self._bridge.input_lost.emit(event)

    def noticed(self, words: str) -> None:
        """Carry a notice."""
        self._bridge.noticed.emit(words)

    def finished(self, take: FinishedTake) -> None:
        """Carry the finished take."""
        self._bridge.take_finished.emit(take)
