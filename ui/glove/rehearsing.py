"""Passive rehearsal as it runs: gives the glove what is due within the next second, and can be stopped at any time."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from tutor.clock import stamp
from tutor.glove.state import Glove
from tutor.rehearsal import Rehearsal

LOOK_MS, AHEAD_SEC, LEAD_IN_SEC = 200, 1.0, 1.5


class Rehearsing(QObject):
    """One rehearsal at a time; ``moved`` tells seconds gone and seconds in all, ``ended`` that it is over."""

    moved = Signal(float, float)
    ended = Signal()

    def __init__(self, parent: QObject):
        super().__init__(parent)
        self._glove: Glove | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)

    @property
    def running(self) -> bool:
        """Whether a rehearsal is under way."""
        return self._timer.isActive()

    def start(self, rehearsal: Rehearsal, glove: Glove) -> None:
        """Begin."""
        self._rehearsal, self._glove, self._next = rehearsal, glove, 0
        self._start_sec = stamp() + LEAD_IN_SEC
        glove.arm()
        self._timer.start()

    def stop(self) -> None:
        """End, with everything off."""
        if self.running:
            self._timer.stop()
            if self._glove is not None:
                self._glove.stop()
            self.ended.emit()

    def _look(self) -> None:
        gone = stamp() - self._start_sec
        cues = self._rehearsal.cues
        while self._glove is not None and self._next < len(cues) and cues[self._next].at_sec <= gone + AHEAD_SEC:
            due = cues[self._next]
            cue = due.cue
            self._glove.cue(cue.actuators, self._start_sec + due.at_sec, cue.intensity, cue.duration_ms)
            self._next += 1
        self.moved.emit(max(0.0, gone), self._rehearsal.length_sec)
        if gone > self._rehearsal.length_sec:
            self.stop()
