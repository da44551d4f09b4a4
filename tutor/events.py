"""What crosses the inbox: small frozen events, stamped in seconds of one monotonic clock (``time.perf_counter``).

The driver's callback stamps and enqueues them; the session thread is the only reader. A file or a list of events is the
same to everything behind the inbox.
"""

from __future__ import annotations

from dataclasses import dataclass
from queue import SimpleQueue


@dataclass(frozen=True, slots=True)
class NoteOn:
    """A key went down. ``confidence`` is below 1 only where a listener guesses from sound."""

    time_sec: float
    pitch: int
    velocity: int = 64
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class NoteOff:
    """A key came up."""

    time_sec: float
    pitch: int


@dataclass(frozen=True, slots=True)
class Pedal:
    """The sustain pedal moved; ``value`` 0..127, down from `PEDAL_DOWN`. Never a note."""

    time_sec: float
    value: int


@dataclass(frozen=True, slots=True)
class Lost:
    """An input went away (``regained`` False) or came back (True)."""

    time_sec: float
    source: str
    regained: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """The learner asks something of the session; its kinds stand in `tutor.requests`."""

    time_sec: float


PEDAL_DOWN = 64  # and above, of 0..127

Event = NoteOn | NoteOff | Pedal | Lost
Inbox = SimpleQueue[Event | Request | None]
"""Events in the order of arrival; None asks the session to end."""
