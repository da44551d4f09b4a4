"""Carries cues to a glove: keeps them until they are due, pays for them, and sends each as one frame.

What is cancelled is forgotten here and in the glove; until the glove has answered that, no cue follows.
"""

from __future__ import annotations

from dataclasses import replace

from tutor.glove.aim import Aim
from tutor.glove.clock_sync import ClockSync
from tutor.glove.counting import mask_of
from tutor.glove.cue_book import IMMEDIATE, CueBook, Planned
from tutor.glove.messages import Ack, Cancel, ChordAt, HostMessage, Pulse, RhythmAt
from tutor.glove.postbox import Postbox
from tutor.glove.state import Counts

CANCEL_MARGIN_SEC = 0.003


class Courier:
    """One glove's cues; ``aim`` changes with the glove and the settings, and `counts` tells what came of them."""

    def __init__(self, post: Postbox, aim: Aim):
        self.aim = aim
        self._refused = self._limited = 0
        self._post = post
        self.book = CueBook(self._pin_sec)
        self.forget()

    def forget(self) -> None:
        """Begin anew, as on a new line; what is planned stays planned."""
        self._barrier = False
        self._sent_until = self._called_until = -1.0

    def lift_barrier(self) -> None:
        """Let cues follow again."""
        self._barrier = False

    def counts(self, felt: int) -> Counts:
        """What became of frames and cues so far, of which so many were felt."""
        post = self._post
        return Counts(
            sent=post.sent,
            acked=post.acked,
            retried=post.retried,
            refused=post.refused + self._refused,
            stale=self.book.stale,
            lost=post.lost,
            limited=post.limited + self._limited,
            felt=felt,
        )

    @property
    def next_sec(self) -> float:
        """When the next cue is due."""
        return self.book.next_sec(self.aim.ahead_sec)

    def send_due(self, now: float, sync: ClockSync) -> bool:
        """Send what is due; whether the glove has motors for all of it."""
        if self._barrier:
            return True
        there = [self._send(cue, now, sync) for cue in self.book.due(now, self.aim.ahead_sec)]
        return all(there)

    def cancel(self, from_sec: float, now: float, sync: ClockSync | None) -> None:
        """Forget what the skin would feel from a time on, also in the glove where its clock is known."""
        self.book.cancel(from_sec)
        if sync is not None and self._sent_until >= from_sec - CANCEL_MARGIN_SEC:
            asked_sec = self.aim.asked_sec(from_sec, range(len(self.aim.stated_ms)))
            spared_sec = self._called_until + CANCEL_MARGIN_SEC  # a chord for now is felt when its motors have spun up
            from_us = sync.device_us(max(asked_sec - CANCEL_MARGIN_SEC, spared_sec))
            self._post.drop_cues(from_us)
            self._post.say(Cancel(from_us), now, then=self._cancelled)
            self._barrier = True
            self._sent_until = from_sec - CANCEL_MARGIN_SEC

    def _pin_sec(self, cue: Planned) -> float:
        return self.aim.pin_sec(cue)

    def _cancelled(self, _now: float, _ack: Ack | None) -> None:
        self.lift_barrier()

    def _send(self, cue: Planned, now: float, sync: ClockSync) -> bool:
        """Send as much of a cue as the glove has motors for, and its fingers are allowed; whether it had any."""
        there = tuple(finger for finger in cue.fingers if self.aim.has(finger))
        if not there:
            self._refused += 1
            return False
        message = self._rhythm(cue, there, sync) if cue.gaps_ms else self._touch(cue, there, now, sync)
        if message is not None:
            self._post.say(message, now, self.book.expires_sec(cue))
        return True

    def _touch(self, cue: Planned, fingers: tuple[int, ...], now: float, sync: ClockSync) -> HostMessage | None:
        duration_ms = self.book.paid_ms(fingers, min(cue.duration_ms, self.aim.settings.max_on_ms))
        self._limited += duration_ms < cue.duration_ms
        if not duration_ms:
            return None
        level = min(cue.level, self.aim.settings.level_cap)
        if cue.at_sec == IMMEDIATE and len(fingers) == 1:
            return Pulse(fingers[0], 0, level, duration_ms)
        if cue.at_sec == IMMEDIATE:
            asked_sec = self._called_until = now + max(self.aim.own_sec(finger) for finger in fingers)
        else:
            asked_sec = self.aim.asked_sec(cue.at_sec, fingers)
            self._sent_until = max(self._sent_until, cue.at_sec)
        return ChordAt(sync.device_us(asked_sec), mask_of(fingers), level, duration_ms, 0)

    def _rhythm(self, cue: Planned, fingers: tuple[int, ...], sync: ClockSync) -> HostMessage | None:
        """As many pulses of a rhythm as are left to these fingers."""
        pulses = self.book.paid_ms(fingers, cue.duration_ms * (len(cue.gaps_ms) + 1)) // cue.duration_ms
        self._limited += pulses <= len(cue.gaps_ms)
        if not pulses:
            return None
        felt = replace(cue, gaps_ms=cue.gaps_ms[: pulses - 1])
        self._sent_until = max(self._sent_until, felt.last_sec)
        asked_us = sync.device_us(self.aim.asked_sec(cue.at_sec, fingers))
        return RhythmAt(asked_us, mask_of(fingers), min(cue.level, self.aim.settings.level_cap), felt.gaps_ms)
