"""The player that sounds a score by itself."""

from __future__ import annotations

from PySide6.QtCore import QObject

from ui.player import Player
from ui.tasks import Tasks


class Slow:
    """A session that takes its time to end."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def start(self) -> None:
        self.told.append("starts")

    def stop(self) -> None:
        self.told.append("is asked to stop")

    def join(self, _timeout_sec: float) -> None:
        self.told.append("is waited for")


def test_to_close_it_is_to_ask_for_silence_and_to_wait_elsewhere(qtbot, make_scale):
    session, tasks, parent = Slow(), Tasks(), QObject()
    player = Player(lambda _wish: session, tasks, parent)
    player.play(make_scale(2), None)
    qtbot.waitUntil(lambda: session.told == ["starts"])
    wait = player.close()
    assert session.told == ["starts", "is asked to stop"]
    wait()
    assert session.told[-1] == "is waited for"
    tasks.close()
