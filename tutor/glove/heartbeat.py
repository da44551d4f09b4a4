"""The heartbeat that keeps a glove's lease, and what it tells: that the glove is there, and how its clock goes."""

from __future__ import annotations

from tutor.glove.clock_sync import ClockSync
from tutor.glove.messages import Ping, Pong
from tutor.glove.postbox import Postbox

PING_SEC, SYNC_SEC = 0.25, 0.05
UNANSWERED_SEC = 1.0


class Heartbeat:
    """PINGs on one line: quickly until the clock is known, then four a second; ``sync`` is what they showed."""

    def __init__(self, post: Postbox, now: float = 0.0):
        self.sync = ClockSync()
        self.next_sec = self._answered_sec = now
        self._post = post
        self._pinged: dict[int, float] = {}

    def is_silent(self, now: float) -> bool:
        """Whether the glove has left the PINGs of a second unanswered."""
        return now - self._answered_sec > UNANSWERED_SEC

    def beat(self, now: float) -> None:
        """Send a PING where one is due."""
        if now < self.next_sec:
            return
        stamp = round(now * 1e6) & 0xFFFF_FFFF
        unanswered = bool(self._pinged)
        self._pinged[stamp] = now
        self._post.say_once(Ping(stamp))
        self.next_sec = now + (PING_SEC if self.sync.ready and not unanswered else SYNC_SEC)

    def answered(self, pong: Pong, now: float) -> bool:
        """Take an answer in; False where it shows that a clock has jumped, so that it is learned anew."""
        sent = self._pinged.get(pong.host_time)
        if sent is None:
            return True
        self._pinged.clear()
        self._answered_sec = now
        steady = self.sync.add(sent, now, pong.received, pong.sent)
        if not steady:
            self.sync = ClockSync()
        if not self.sync.ready:
            self.next_sec = now
        return steady
