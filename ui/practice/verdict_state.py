"""What the roll and the keys show of a take so far: verdicts by note, ghosts of what was played, keys held down.

Who is early or late is so by the windows of the report, at the tempo of the moment. Pure state, kept by the window's
thread: `heard` takes in what the session tells, and the painters read. Times of the take are seconds from its start;
ghosts stand in beats of the score.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lessons.score import Score
from tutor.events import Event, NoteOff, NoteOn
from tutor.verdicts import Judgement
from tutor.windows import Windows

NONE, HIT, WRONG, MISSED, EARLY, LATE, EXTRA = range(7)
VERDICT_NAMES = {HIT: "hit", WRONG: "wrong", MISSED: "missed", EARLY: "early", LATE: "late", EXTRA: "extra"}


@dataclass(slots=True)
class Ghost:
    """A played note where it was played: ``end_beat`` None while the key is down."""

    index: int
    onset_beat: float
    pitch: int
    verdict: int
    time_sec: float
    end_beat: float | None = None


@dataclass
class VerdictState:
    """All that is known of the take, for a score of n notes; ``codes`` is uint8 of shape (n,)."""

    score: Score
    codes: NDArray[np.uint8] = field(init=False)
    ghosts: dict[int, Ghost] = field(default_factory=dict)
    held: dict[int, int] = field(default_factory=dict)
    next_rows: tuple[int, ...] = ()
    revision: int = 0  # grows with every change that shows
    position_beat: float | None = None
    is_timed: bool = True  # whether anybody is early or late: not where the score waits

    def __post_init__(self) -> None:
        """Start with nothing played."""
        self._lap = self._restarts = 0
        self.codes = np.zeros(len(self.score.notes), np.uint8)
        self._row_of: dict[int, int] = {}
        self._windows = Windows.for_level(self.score.level)

    def clear(self) -> None:
        """Forget the take."""
        self.revision += 1
        self.codes[:] = NONE
        self.ghosts.clear()
        self.held.clear()
        self._row_of.clear()
        self.next_rows, self.position_beat = (), None
        self._lap = self._restarts = 0

    def moved(self, restarts: int, next_rows: tuple[int, ...]) -> None:
        """Take in what is due next; where the practice has begun anew, forget what was played before."""
        if restarts > self._restarts:
            self.clear()
            self._restarts = restarts
        self.next_rows = next_rows

    def gone_on(self, lap: int, loop: tuple[float, float] | None) -> None:
        """Take in which lap this is; each new one of a loop, in beats, begins without verdicts."""
        if lap > self._lap and loop is not None:
            self.wipe(*loop)
        self._lap = max(lap, self._lap)  # a count-in may lead back into the lap before

    def heard(self, event: Event, judgements: tuple[Judgement, ...], beats_per_sec: float) -> None:
        """Take in one event with what was said of it."""
        self._judge(judgements, beats_per_sec)
        match event:
            case NoteOn(pitch=pitch):
                first = judgements[0] if judgements else None
                self.held[pitch] = NONE if first is None else self.ghosts[first.index].verdict
            case NoteOff(pitch=pitch, time_sec=time_sec):
                self.held.pop(pitch, None)
                self._release(pitch, time_sec, beats_per_sec)

    def passed(self, rows: tuple[int, ...]) -> None:
        """Take in that these were not struck in time; whoever strikes one all the same is only late."""
        missed = [row for row in rows if self.codes[row] == NONE]
        self.codes[missed] = MISSED
        self.revision += bool(missed)

    def settled(self, judgements: tuple[Judgement, ...], beats_per_sec: float) -> None:
        """Take in what the end of the playing changed."""
        self._judge(judgements, beats_per_sec)

    def wipe(self, start_beat: float, end_beat: float) -> None:
        """Forget the verdicts of a stretch: it begins anew."""
        self.revision += 1
        onset = self.score.notes["onset_beat"]
        self.codes[(onset >= start_beat) & (onset < end_beat)] = NONE
        for index in [key for key, ghost in self.ghosts.items() if start_beat <= ghost.onset_beat < end_beat]:
            del self.ghosts[index]

    def _judge(self, judgements: tuple[Judgement, ...], beats_per_sec: float) -> None:
        """Take back all that is revised, then judge: what one note gives back may be another's now."""
        self.revision += 1
        for judgement in judgements:
            if judgement.revised:
                self._take_back(judgement.index)
        for judgement in judgements:
            self._show(judgement, beats_per_sec)

    def _show(self, judgement: Judgement, beats_per_sec: float) -> None:
        verdict = code_of(judgement, self._windows.on_time_sec(1.0 / beats_per_sec))
        if verdict in (EARLY, LATE) and not self.is_timed:
            verdict = HIT
        error_beat = (judgement.error_sec or 0.0) * beats_per_sec
        place = judgement.position_beat if judgement.onset_beat is None else judgement.onset_beat + error_beat
        self.ghosts[judgement.index] = Ghost(judgement.index, place, judgement.pitch, verdict, judgement.time_sec)
        if judgement.score_index is not None:
            self.codes[self.score.rows_of_key(judgement.score_index)] = verdict
            self._row_of[judgement.index] = judgement.score_index
        self.passed(judgement.missed)
        self.position_beat = judgement.position_beat

    def _take_back(self, index: int) -> None:
        row = self._row_of.pop(index, None)
        if row is not None:
            self.codes[self.score.rows_of_key(row)] = NONE

    def _release(self, pitch: int, time_sec: float, beats_per_sec: float) -> None:
        for ghost in reversed(self.ghosts.values()):
            if ghost.pitch == pitch:
                if ghost.end_beat is None:
                    ghost.end_beat = ghost.onset_beat + max(0.05, (time_sec - ghost.time_sec) * beats_per_sec)
                return


def code_of(judgement: Judgement, on_time_sec: float) -> int:
    """The verdict that is shown: a hit outside the window is early or late.

    A note of a written ornament is right, and so is what the page has for the hand that is not asked for.
    """
    if judgement.verdict == "wrong":
        return WRONG
    if judgement.verdict == "extra":
        return HIT if judgement.ornament or judgement.unasked else EXTRA
    error = judgement.error_sec
    if error is None or abs(error) <= on_time_sec:
        return HIT
    return LATE if error > 0 else EARLY
