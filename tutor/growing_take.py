"""The take as it grows: what was played, what became of it on the way, and the finished take that it ends as."""

from __future__ import annotations

import logging
from collections.abc import Callable

from lessons.score import Score
from tutor.company import TakeLog
from tutor.events import Event, Lost
from tutor.performance import Performance, TakeRecorder
from tutor.practice import PracticeSettings
from tutor.sinks import FinishedTake
from tutor.take_time import TakeTime

Hindsight = Callable[[Performance, TakeTime], Performance]
"""(the take as it was heard live, its seconds on the clock) → the take as it is heard afterwards."""
log = logging.getLogger(__name__)


class GrowingTake:
    """One take of ``score``, kept event by event in a journal's log where it has one.

    ``lost`` is an input that has not come back; ``one_beat`` says that the tempo was not set anew while they played.
    Events count seconds from the take's start.
    """

    def __init__(self, score: Score, take_log: TakeLog | None = None, hindsight: Hindsight | None = None):
        self.lost: Lost | None = None
        self.one_beat = True
        self._score, self._log, self._hindsight = score, take_log, hindsight
        self._recorder = TakeRecorder(0.0)
        self._restarts_sec: list[float] = []  # of the clock
        self._before_restart = 0  # of the notes played

    def __len__(self) -> int:
        return len(self._recorder)

    @property
    def restarts(self) -> int:
        """How often the learner asked to begin again."""
        return len(self._restarts_sec)

    @property
    def notes_since_restart(self) -> int:
        """How many notes were played since the practice began, or began anew."""
        return len(self._recorder) - self._before_restart

    def add(self, event: Event) -> None:
        """Record and log what was played."""
        self._recorder.add(event)
        if self._log is not None:
            self._log.append(event)

    def begin_anew(self, clock_sec: float) -> None:
        """The learner asked to begin again."""
        self._before_restart = len(self._recorder)
        self._restarts_sec.append(clock_sec)

    def retime(self) -> None:
        """The tempo was set anew; before the first note that changes nothing."""
        self.one_beat = self.one_beat and not len(self._recorder)

    def finish(
        self, settings: PracticeSettings, time: TakeTime, covered: tuple[float, float] | None, beat_sec: float
    ) -> FinishedTake:
        """The take, kept as well as it can be; ``time`` is what its seconds are by the clock.

        ``covered`` are the beats through which the beat led, None where it did not; ``beat_sec`` is when beat 0 was
        due, were the beat never set anew.
        """
        performance = self._looked_back(self._recorder.performance(), time).from_earliest()
        kept = self._log is not None and self._log.finish(performance, settings)
        take_id = self._log.take_id if self._log and len(performance.notes) else None
        asked = tuple(time.at(sec) for sec in self._restarts_sec)
        knows_beat = covered is not None and self.one_beat and not asked
        return FinishedTake(
            performance,
            settings,
            self._score,
            take_id,
            kept,
            self.lost,
            covered=covered,
            one_beat=self.one_beat,
            restarts_sec=asked,
            beat_sec=beat_sec if knows_beat else None,
        )

    def _looked_back(self, performance: Performance, time: TakeTime) -> Performance:
        """The take as who listens hears it afterwards; where that fails, as it was heard live."""
        if self._hindsight is None or not len(performance.notes):
            return performance
        try:
            return self._hindsight(performance, time)
        except Exception:
            log.exception("the second look failed; the take is as it was heard live")
            return performance
