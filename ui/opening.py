"""What is being opened: said where it takes a while, and forgotten where something else was wanted meanwhile.

What was opened is looked at too: of a recording that keeps no beat of its file that is said.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from lessons.reading.reading import has_no_beat
from lessons.score import Score
from ui.tasks import Tasks
from ui.widgets.notice import NoticeBar

PATIENCE_MS = 500
RECORDED = "This file is a recorded performance: its bars are not those of the music, and its notation is rough."


class Opening(QObject):
    """At most one piece is waited for: the one that was asked for last."""

    def __init__(self, notice: NoticeBar, parent: QObject):
        super().__init__(parent)
        self._notice = notice
        self._wished: object = None
        self._words = ""
        self._timer = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._timer.timeout.connect(lambda: notice.tell(self._words))

    def wish(self, name: str) -> Callable[[], bool]:
        """Say that a piece is being opened, if that takes a while; the answer tells once whether it is still wanted.

        It is not when another one was asked for, or what was asked for was forgotten.
        """
        self._wished = wish = object()
        self._words = f"Opening {name} …"
        self._timer.start()

        def still_wanted() -> bool:
            if self._wished is not wish:
                return False
            self._over()
            return True

        return still_wanted

    def forget(self) -> None:
        """Wait for nothing any more."""
        self._wished = None
        self._over()

    def look_at(self, score: Score, tasks: Tasks) -> None:
        """Say it of a piece if it is a recording without a beat."""
        tasks.run(lambda: has_no_beat(score), lambda free: self._notice.tell(RECORDED) if free else None)

    def failed(self) -> None:
        """It could not be opened, which somebody else tells."""
        self._timer.stop()

    def _over(self) -> None:
        self._timer.stop()
        if self._notice.text == self._words:
            self._notice.hide()
