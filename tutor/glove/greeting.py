"""The greeting of a glove: HELLO again and again, ever more seldom, until one answers that can be talked with."""

from __future__ import annotations

from tutor.glove.codes import VERSION
from tutor.glove.messages import Hello, HelloRequest
from tutor.glove.postbox import Postbox

HELLO_SEC = (0.1, 0.3, 0.6, 1.0)
SILENT_AFTER = 4
OTHER_PROGRAM = "another program talks to this glove; close one of the two."


class Greeting:
    """HELLOs on one line, from a second on; ``next_sec`` is when the next one is due."""

    def __init__(self, post: Postbox, nonce: int, from_sec: float = 0.0):
        self.next_sec = from_sec
        self._post, self._nonce = post, nonce
        self._said = 0

    def say(self, now: float) -> bool:
        """Send a HELLO where one is due; True, once, where by then a glove would have answered."""
        if now < self.next_sec:
            return False
        self._post.say_once(HelloRequest(VERSION, VERSION, self._nonce))
        self.next_sec = now + HELLO_SEC[min(self._said, len(HELLO_SEC) - 1)]
        self._said += 1
        return self._said == SILENT_AFTER + 1

    def objection(self, hello: Hello) -> str:
        """Why a glove that answers, or has just started, cannot be talked with; '' where it can."""
        if hello.version != VERSION:
            return newer_words(hello.version)
        return OTHER_PROGRAM if hello.nonce not in (self._nonce, 0) else ""


def newer_words(version: int) -> str:
    """What to do about a glove of another version."""
    return f"this glove speaks HGP/{version}, newer than HGP/{VERSION}; update Dacapo."
