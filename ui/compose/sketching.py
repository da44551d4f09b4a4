"""Hears a motif to a metronome: a bar of count-in, then until it is stopped or four bars are full."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from lessons.analogy import MOTIF_BARS
from lessons.errors import InputError
from lessons.timing import pulse_beats
from tutor.clock import stamp
from tutor.events import Event
from tutor.sketching import sketched
from ui.practice.lesson import Lesson

LOOK_MS = 8
AHEAD_SEC = 0.35  # before the first click
UNDER_WAY = "A take is under way. End it first, then play a motif."
NOTHING = "Nothing was played after the count-in."


class Sketching(QObject):
    """``counted`` tells each click: the beat of its bar, from 1, and the bar, 0 while it counts in."""

    counted = Signal(int, int)
    ended = Signal(object)  # Score
    refused = Signal(str)

    def __init__(self, lesson: Lesson, parent: QObject):
        super().__init__(parent)
        self._lesson = lesson
        self._metre, self._bpm, self._begun_sec, self._clicks = (4, 4), 90.0, 0.0, 0
        self._events: list[Event] = []
        self._looking = QTimer(self)
        self._looking.setTimerType(Qt.TimerType.PreciseTimer)
        self._looking.setInterval(LOOK_MS)
        self._looking.timeout.connect(self.look)

    @property
    def running(self) -> bool:
        """Whether it listens."""
        return self._looking.isActive()

    @property
    def downbeat_sec(self) -> float:
        """When the first bar begins."""
        return self._begun_sec + self._clicks_a_bar * self._click_sec

    def start(self, metre: tuple[int, int], bpm: float) -> None:
        """Count in and listen; ``bpm`` counts clicks: quarters, or dotted quarters in 6/8."""
        if self._lesson.running:
            self.refused.emit(UNDER_WAY)
            return
        self._metre, self._bpm = metre, bpm
        self._lesson.look()  # what was played before is no part of it
        self._events.clear()
        self._clicks, self._begun_sec = 0, stamp() + AHEAD_SEC
        self._lesson.overheard.connect(self._events.append)
        self._looking.start()

    def stop(self) -> None:
        """Listen no more, and tell what was played."""
        if self._end():
            try:
                score = sketched(self._events, self.downbeat_sec, self._bpm * pulse_beats(*self._metre), self._metre)
            except InputError:
                self.refused.emit(NOTHING)
            else:
                self.ended.emit(score)

    def cancel(self) -> None:
        """Listen no more, and forget what was played."""
        self._end()

    def look(self) -> None:
        """Take in what was played, and click where a click is due."""
        self._lesson.look()
        while self.running and stamp() >= self._begun_sec + self._clicks * self._click_sec:
            bar, beat = divmod(self._clicks, self._clicks_a_bar)
            if bar > MOTIF_BARS:
                self.stop()
                return
            if self._lesson.ports.synth is not None:
                self._lesson.ports.synth.click(beat == 0)
            self._clicks += 1
            self.counted.emit(beat + 1, bar)

    def _end(self) -> bool:
        """Stop looking; whether it did."""
        if not self.running:
            return False
        self._lesson.look()
        self._looking.stop()
        self._lesson.overheard.disconnect(self._events.append)
        return True

    @property
    def _click_sec(self) -> float:
        return 60.0 / self._bpm

    @property
    def _clicks_a_bar(self) -> int:
        return round(self._metre[0] * 4 / self._metre[1] / pulse_beats(*self._metre))
