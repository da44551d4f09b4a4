"""When a take ends by itself: its score's clock has passed the end, or who leads it freely has fallen silent."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lessons.score import Score
from tutor.practice import Mode
from tutor.transport import Transport

LINGER_SEC = 1.5  # after the last bar, so that late last notes still count
SILENCE_SEC, SILENCE_BARS = 4.0, 2.0  # in the last bar so long a silence ends what is led
MOST_PLAYED, ALL_PLAYED, LONG_SILENCE_SEC = 0.5, 0.9, 20.0  # shares of what is written


@dataclass(frozen=True)
class Ending:
    """The end of a practice of ``span``, in beats of the score."""

    score: Score
    span: tuple[float, float]
    mode: Mode

    def due_sec(self, transport: Transport, now_sec: float, struck_sec: float, played: float) -> float:
        """When the take is over, by the clock of ``transport``; ``played`` is the share of the written notes.

        The score's clock has passed the end by a little; who leads freely must have been silent for a bar since
        ``struck_sec``. In a piece that repeats itself the end may be believed in too early: no take is cut off under
        the hands.
        """
        passed_sec = transport.clock_sec_of(transport.progress_of(self.span[1])) + LINGER_SEC
        if self.mode is not Mode.FOLLOW:
            return passed_sec
        silent_sec = struck_sec + self._last_bar_sec(transport)
        return min(max(passed_sec, silent_sec), self._stopped_sec(transport, now_sec, struck_sec, played))

    def _stopped_sec(self, transport: Transport, now_sec: float, struck_sec: float, played: float) -> float:
        """When who leads freely must have stopped, though the score waits for more: its last note may never come.

        That is after a silence in the last bar, or after a long one with about as many notes played as are written.
        """
        if not transport.running or played < MOST_PLAYED:
            return math.inf
        last_bar_sec = self._last_bar_sec(transport)
        left_sec = transport.progress_of(self.span[1]) - transport.progress_at(now_sec)
        if left_sec <= last_bar_sec * transport.ratio:
            return struck_sec + max(SILENCE_SEC, SILENCE_BARS * last_bar_sec)
        return struck_sec + LONG_SILENCE_SEC if played >= ALL_PLAYED else math.inf

    def _last_bar_sec(self, transport: Transport) -> float:
        """How long the last bar of the practice lasts at the chosen tempo."""
        starts = self.score.bars["start_beat"]
        begins = float(starts[starts < self.span[1]][-1])
        return (transport.progress_of(self.span[1]) - transport.progress_of(begins)) / transport.ratio
