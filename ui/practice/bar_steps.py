"""Where a lesson stands between takes, and which bars it loops: by bars of the page, as a learner thinks of both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from lessons.bar_names import name_of
from ui.practice.lesson import Lesson

STOP_FIRST = "Stop first, then choose the bars to loop."
HERE = 1e-6  # beats: a bar begins where the page stands


class BarSteps:
    """Moves what a lesson stands at, which ``look_at`` is told; during a take the score has its own place."""

    def __init__(self, lesson: Lesson, look_at: Callable[[float], object]):
        self._lesson, self._look_at = lesson, look_at

    def go(self, count: int) -> None:
        """Some bars on or back."""
        score = self._lesson.score
        if score is not None and not self._lesson.running and len(score.bars):
            here = int(score.bar_numbers_at(self._lesson.standing_beat + HERE))
            first, last = int(score.bars["number"][0]), int(score.bars["number"][-1])
            self.go_to(min(max(here + count, first), last))

    def go_to(self, bar: int) -> None:
        """Stand at the beginning of a bar."""
        if self._lesson.score is not None and not self._lesson.running:
            self.stand_at(self._lesson.score.bar_range(bar, bar)[0])

    def stand_at(self, beat: float) -> None:
        """Stand at a position of the score."""
        score = self._lesson.score
        if score is not None and not self._lesson.running:
            self._lesson.standing_beat = min(max(beat, score.start_beat), score.end_beat)
            self._look_at(self._lesson.standing_beat)

    def stretch_loop(self, count: int) -> None:
        """Loop the bar where the page stands; what is looped already, so many bars further, or less far.

        A pickup goes with the bar that it leads to: nobody practises it alone.
        """
        score, settings = self._lesson.score, self._lesson.settings
        if score is None or not len(score.bars):
            return
        here = int(score.bar_numbers_at(self._lesson.standing_beat + HERE))
        first, last = settings.bars if settings.loop and settings.bars else (here, here - 1)
        last = min(last + count, int(score.bars["number"][-1]))
        if name_of(score, last).is_pickup:
            last += 1 if count > 0 else -1
        if (first, last) != settings.bars and (settings.loop or count > 0):
            self.loop((first, last) if last >= first else None)

    def clear_loop(self) -> None:
        """Play the whole piece again."""
        if self._lesson.settings.bars is not None:
            self.loop(None)

    def loop(self, bars: tuple[int, int] | None) -> None:
        """Play these bars again and again, from the first one on; with None the whole piece."""
        if self._lesson.running:
            self._lesson.noticed.emit(STOP_FIRST)
            return
        self._lesson.change(replace(self._lesson.settings, bars=bars, loop=bars is not None))
        if bars is not None:
            self.go_to(bars[0])
