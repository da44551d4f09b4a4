"""Plays a score by itself, through the same session that a lesson has, with nobody to follow."""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue

from PySide6.QtCore import QObject, QTimer, Signal

from lessons.score import Score
from tutor.commands.parts import Synth
from tutor.practice import Mode, PracticeSettings
from tutor.session import Session
from ui.bridge import Bridge, BridgeSink
from ui.rooms import SessionWish
from ui.tasks import Road, Tasks

END_SEC = 2.0
NO_SOUND = "There is no sound here: {}"


class Player(QObject):
    """One score at a time; ``ended`` tells that it is over or was stopped."""

    ended = Signal()
    refused = Signal(str)

    def __init__(self, make_session: Callable[[SessionWish], Session], tasks: Tasks, parent: QObject):
        super().__init__(parent)
        self._make_session, self._tasks = make_session, tasks
        self._playing: dict[int, tuple[Session, Bridge]] = {}  # until they have told that they are over
        self._number = 0

    def play(self, score: Score, synth: Synth | None) -> None:
        """Play a score, ending the one before; where there is no sound, say so instead."""
        self.stop()
        silent = str(getattr(synth, "reason", ""))
        if silent:
            self.refused.emit(NO_SOUND.format(silent))
            QTimer.singleShot(0, self, self.ended.emit)  # after whoever asked has shown that it plays
            return
        number, bridge = self._number, Bridge(self)
        bridge.take_finished.connect(lambda: self._over(number, bridge))
        settings = PracticeSettings(mode=Mode.LISTEN, count_in_bars=0)
        wish = SessionWish(score, settings, SimpleQueue(), (BridgeSink(bridge),), synth, None)
        self._tasks.run(
            lambda: self._make_session(wish),
            lambda session: self._begin(session, bridge, number),
            lambda reason: self._failed(reason, bridge, number),
            Road.TAKES,
        )

    def stop(self) -> None:
        """Be silent."""
        playing = self._playing.get(self._number)
        self._number += 1
        if playing is not None:
            playing[0].stop()

    def close(self) -> Callable[[], None]:
        """Be silent for good; what waits until no thread tells anything any more, which may take seconds."""
        self.stop()
        ending = list(self._playing.values())
        for _, bridge in ending:
            bridge.blockSignals(True)
        self._playing.clear()

        def wait() -> None:
            for session, _ in ending:
                session.join(END_SEC)

        return wait

    def _begin(self, session: Session, bridge: Bridge, number: int) -> None:
        if number == self._number:
            self._playing[number] = session, bridge
            session.start()

    def _failed(self, reason: str, bridge: Bridge, number: int) -> None:
        self.refused.emit(reason)
        self._over(number, bridge)

    def _over(self, number: int, bridge: Bridge) -> None:
        self._playing.pop(number, None)
        bridge.deleteLater()
        if number == self._number:
            self.ended.emit()
