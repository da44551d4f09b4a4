"""Touch that a lesson wants: the glove is asked to allow it, again after each interruption, and no other glove is."""

from __future__ import annotations

from collections.abc import Callable

from tutor.glove.messages import Ack, Arm
from tutor.glove.postbox import Postbox
from tutor.glove.settings import LinkSettings

REARM_SEC = 0.5


class Arming:
    """Asks for as long as touch is ``wanted``; ``allowed`` is called whenever the glove says yes."""

    def __init__(self, post: Postbox, allowed: Callable[[], None]):
        self.wanted = False
        self._post, self._allowed = post, allowed
        self._uid = 0
        self._again_sec = 0.0

    def begin(self, uid: int, now: float) -> None:
        """Touch is wanted, of the glove that is there; of the first one that comes where none is (0)."""
        self.wanted, self._uid, self._again_sec = True, uid, now

    def end(self) -> None:
        """Touch is wanted no more."""
        self.wanted = False

    def wait_until(self, moment: float) -> None:
        """Do not ask before a moment."""
        self._again_sec = moment

    def is_other(self, uid: int) -> bool:
        """Whether the glove that was met is another one than before: nothing is wanted of it until somebody says so."""
        other = self.wanted and self._uid not in (0, uid)
        self.wanted = self.wanted and not other
        return other

    def ask(self, uid: int, settings: LinkSettings, now: float) -> None:
        """Ask this glove, where that is wanted and due."""
        if not self.wanted or now < self._again_sec:
            return
        self._again_sec, self._uid = now + REARM_SEC, uid
        self._post.say(Arm(settings.lease_ms, settings.level_cap, settings.max_on_ms), now, then=self._answered)

    def _answered(self, _now: float, ack: Ack | None) -> None:
        if ack is not None:
            self._allowed()
