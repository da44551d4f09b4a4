"""What becomes of the glove that is used, told as it happens: it goes, it comes back, it has something to say."""

from __future__ import annotations

from tutor.glove.state import GloveState
from ui.glove.watched import HALTED

GONE = "The glove is gone; the lesson goes on without touch. Plug it in again, and touch comes back."
BACK = "The glove is back."


class GloveNews:
    """Compares each state of one glove with the one before; whether touch was stopped is told with its coming."""

    def __init__(self) -> None:
        self._before = GloveState()
        self._is_missed = False

    def of(self, now: GloveState) -> str:
        """What is new, in one line; '' where nothing is."""
        before, self._before = self._before, now
        if before.connected and not now.connected:
            self._is_missed = True
            return GONE
        if not now.connected or (before.connected and now.notice in ("", HALTED, before.notice)):
            return ""
        words = [BACK] if self._is_missed and not before.connected else []
        self._is_missed = False
        return " ".join([*words, *([now.notice] if now.notice else [])])
