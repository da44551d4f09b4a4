"""A pause where the score's clock leads: where the music goes on after it, and what it leaves of the take's seconds.

Whoever reaches for the button has just let a note or two go by: the music goes on from the first one that the beat has
not left behind. It is counted in, and comes in where the take has stopped: nothing of the pause is in the take. A
learner who leads needs none of it: they stop, and the score waits.
"""

from __future__ import annotations

from tutor.course import Course
from tutor.leading import BEHIND_SEC, LeadingBeat
from tutor.metronome import Click
from tutor.take_time import TakeTime
from tutor.transport import Transport

Counting = list[tuple[float, Click]]
"""The clicks of a count-in, by progress."""


class Pausing:
    """The pauses of one take along a course; ``time`` is the take's own. Without a ``beat`` nobody plays along."""

    def __init__(self, course: Course, beat: LeadingBeat | None, start_sec: float):
        self._course, self._beat = course, beat
        self.time = TakeTime(start_sec)
        self._ahead_sec = 0.0  # of a count-in that was stopped: it is the take's

    def begin(self, transport: Transport, now_sec: float, struck_sec: float) -> Transport:
        """The score's clock, standing still; the last key was struck at ``struck_sec``."""
        since_sec = now_sec
        if not transport.stands_at(now_sec):
            transport = transport.entering(self._entry(transport, now_sec, struck_sec), ())
            since_sec = min(now_sec, transport.clock_sec_of(transport.entry_progress))
        if not self.time.stands_at(now_sec):
            self._ahead_sec = max(0.0, transport.clock_sec_of(transport.entry_progress) - now_sec)
        self.time = self.time.paused(since_sec)
        return transport.paused(now_sec)

    def end(self, paused: Transport, now_sec: float) -> tuple[Transport, Counting]:
        """The score's clock, running again, and what counts in."""
        going, counting = self._course.going_on(paused, now_sec)
        self.time = self.time.going_on(self._back_sec(going))
        return going, counting

    def retime(self, transport: Transport, now_sec: float) -> None:
        """Take note of another tempo, perhaps in the midst of a count-in."""
        if transport.running and self.time.stands_at(now_sec):
            self.time = self.time.going_on(self._back_sec(transport))

    def drop(self, now_sec: float) -> None:
        """Forget where the music should have gone on: the practice begins anew."""
        if self.time.stands_at(now_sec):
            self.time = self.time.going_on(now_sec)

    def beat_sec(self, transport: Transport, now_sec: float) -> float:
        """When beat 0 was due in the first lap, in seconds of the take: before it began, where it began later on."""
        if self.time.stands_at(now_sec):
            return self.time.at(now_sec) + self._ahead_sec - transport.entry_progress / transport.ratio
        return self.time.at(now_sec) - transport.progress_at(now_sec) / transport.ratio

    def _back_sec(self, going: Transport) -> float:
        """When a clock that runs again is where it had stopped."""
        return going.clock_sec_of(going.entry_progress) - self._ahead_sec

    def _entry(self, transport: Transport, now_sec: float, struck_sec: float) -> float:
        """The progress at which the music goes on: no key was struck since."""
        here = transport.progress_at(now_sec)
        if self._beat is None:
            return here
        since = transport.beat_at(max(struck_sec, now_sec - BEHIND_SEC))
        beat = self._beat.entry_beat(since, transport.beat_of(here))
        return min(here, transport.progress_of(beat, transport.lap_of(here)))
