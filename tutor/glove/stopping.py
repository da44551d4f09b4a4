"""A stop that is believed only when the glove has taken it and read its outputs back: said twice, asked after, again.

Outputs that are off prove nothing by themselves: between two touches they are off in a glove that heard no stop.
"""

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

    ``rounds`` counts how often it may still be said, and outlasts a line that is lost, or a glove that starts anew, in
    the midst of it. While it is ``under_way`` nothing else may be allowed.
    """

    def __init__(self, post: Postbox, courier: Courier, told: Callable[[bool | None], None]):
        self.rounds = 0
        self.under_way = False
        self.next_sec: float | None = None
        self._taken = False
        self._post, self._courier, self._told = post, courier, told

    def begin(self) -> None:
        """A stop is wanted; `say` it, now or when the glove has been met."""
        self.rounds, self.under_way = ROUNDS, True

    def forget(self) -> None:
        """Begin anew, as on a new line: a stop that nobody has confirmed is still wanted."""
        self.next_sec = None
        self.rounds = max(1, self.rounds) if self.under_way else 0

    def say(self, now: float) -> None:
        """Everything off, and nothing else is waited for."""
        self.rounds -= 1
        self._taken = False
        self._post.drop_all()
        self._courier.lift_barrier()
        self._post.say(StopAll(), now, then=self._taken_in)
        self._post.say(StopAll(), now, then=self._taken_in)
        self.next_sec = now + READ_BACK_SEC
        self._told(None)

    def read_back(self, now: float) -> None:
        """Ask which motors run, where that is due."""
        if self.next_sec is not None and now >= self.next_sec:
            self.next_sec = None
            self._post.say(Get(Key.OUTPUTS), now, then=self._answered)

    def _taken_in(self, _now: float, ack: Ack | None) -> None:
        self._taken = self._taken or ack is not None

    def _answered(self, now: float, ack: Ack | None) -> None:
        confirmed = self._taken and ack is not None and ack.value == 0
        if self.rounds and not confirmed:
            self.say(now)
        else:
            self.rounds, self.under_way = 0, False
            self._told(confirmed)
