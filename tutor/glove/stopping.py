"""A stop that is believed only when the glove has read its outputs back: said twice, asked after, and said again."""

from __future__ import annotations

from collections.abc import Callable

from tutor.glove.codes import Key
from tutor.glove.courier import Courier
from tutor.glove.messages import Ack, Get, StopAll
from tutor.glove.postbox import Postbox

READ_BACK_SEC = 0.02
ROUNDS = 4


class Stopping:
    """The stop of one glove; ``told`` gets None whenever it is said, and then whether the glove has confirmed it.

    ``rounds`` counts how often it may still be said, and outlasts a glove that starts anew in the midst of it.
    """

    def __init__(self, post: Postbox, courier: Courier, told: Callable[[bool | None], None]):
        self.rounds = 0
        self.next_sec: float | None = None
        self._post, self._courier, self._told = post, courier, told

    def begin(self) -> None:
        """A stop is wanted; `say` it, now or when the glove has been met."""
        self.rounds = ROUNDS

    def forget(self) -> None:
        """Begin anew, as on a new line."""
        self.rounds, self.next_sec = 0, None

    def say(self, now: float) -> None:
        """Everything off, and nothing else is waited for."""
        self.rounds -= 1
        self._post.drop_all()
        self._courier.lift_barrier()
        self._post.say(StopAll(), now)
        self._post.say(StopAll(), now)
        self.next_sec = now + READ_BACK_SEC
        self._told(None)

    def read_back(self, now: float) -> None:
        """Ask which motors run, where that is due."""
        if self.next_sec is not None and now >= self.next_sec:
            self.next_sec = None
            self._post.say(Get(Key.OUTPUTS), now, then=self._answered)

    def _answered(self, now: float, ack: Ack | None) -> None:
        if ack is not None and ack.value == 0:
            self.rounds = 0
            self._told(True)
        elif self.rounds:
            self.say(now)
        else:
            self._told(False)
