"""The gate of wait-for-me: which notes the score waits for, and when it may go on.

An onset is done when all its pitches were struck, in any order and however far apart. A learner who clearly plays
elsewhere (`tutor.elsewhere`) is followed there; the keys that the onset left behind still wanted bring the gate back.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection
from dataclasses import replace

from lessons.score import Score
from tutor.elsewhere import Elsewhere
from tutor.verdicts import Judgement

ONSETS_TO_STAY = 2  # opened where the gate was moved to; then nobody comes back


class Gate:
    """Stands at one onset of the notes of ``hands`` from beat to beat (``span``); with ``loop`` it begins anew.

    It stands first at ``start_beat``, or at the first onset. ``written`` is how many notes there are from there on;
    ``struck`` is (onset_beat, lap) of the note that it took in last; ``moved`` says whether the last key moved it.
    """

    def __init__(
        self,
        score: Score,
        hands: Collection[int],
        span: tuple[float, float],
        loop: bool = False,
        start_beat: float | None = None,
    ):
        rows = score.rows_of(hands, span)
        self._rows: dict[float, dict[int, int]] = {}
        for row, note in zip(rows.tolist(), score.notes[rows], strict=True):
            self._rows.setdefault(float(note["onset_beat"]), {})[int(note["pitch"])] = row
        self._onsets = list(self._rows)
        self._first = 0 if start_beat is None else bisect_left(self._onsets, start_beat)
        self.written = len(rows) if start_beat is None else int((score.notes["onset_beat"][rows] >= start_beat).sum())
        self._loop = loop
        self._elsewhere = Elsewhere([tuple(pitches) for pitches in self._rows.values()])
        self.lap = 0
        self.moved = False
        self.struck: tuple[float, int] | None = None
        self.begin_anew()

    @property
    def onset_beat(self) -> float | None:
        """The onset that the score waits at; None when nothing is left."""
        return self._onsets[self._place] if self._place < len(self._onsets) else None

    @property
    def pending_rows(self) -> tuple[int, ...]:
        """The rows of ``score.notes`` still to strike at this onset."""
        return tuple(self._pending.values())

    def after(self, beat: float, lap: int) -> tuple[float, int] | None:
        """The learner's next onset later than a place, and its lap; None where nothing is left."""
        later = bisect_right(self._onsets, beat)
        if later < len(self._onsets):
            return self._onsets[later], lap
        return (self._onsets[0], lap + 1) if self._loop and self._onsets else None

    def strike(self, pitch: int) -> int | None:
        """Take one struck key in; the row of the note that it is, None where nothing waits for it."""
        self.moved = False
        awaited = pitch in self._pending
        self._elsewhere.strike(pitch, awaited, self._place)
        if awaited:
            return self._take(pitch)
        came_back = self._come_back(pitch)
        return came_back if came_back is not None else self._follow_elsewhere(pitch)

    def judged(self, said: Judgement) -> Judgement:
        """What is said of a key that nothing waits for: wrong or stray here, and nothing is missed by it."""
        here = said.position_beat if self.onset_beat is None else self.onset_beat
        said = replace(said, position_beat=here, missed=())
        if said.verdict == "extra" or (said.verdict == "wrong" and said.score_index in self.pending_rows):
            return said
        return replace(said, verdict="extra", onset_beat=None, score_index=None, error_sec=None)

    def begin_anew(self) -> None:
        """Stand at the first onset of the first lap again."""
        self.lap = 0
        self._stand_at(self._first)
        self._left: tuple[int, dict[int, int]] | None = None
        self._opened = 0  # since the gate was moved elsewhere
        self._elsewhere.forget()

    def _stand_at(self, place: int) -> None:
        self._place = place
        self._pending = dict(self._rows[self._onsets[place]]) if place < len(self._onsets) else {}

    def _take(self, pitch: int) -> int:
        """Strike one of the notes that the score waits for, and go on where it was the last one; its row."""
        row = self._pending.pop(pitch)
        self.struck = (self._onsets[self._place], self.lap)
        if not self._pending:
            self._go_on()
        return row

    def _go_on(self) -> None:
        place = self._place + 1
        if self._loop and place == len(self._onsets):
            self.lap, place = self.lap + 1, 0
        self._stand_at(place)
        self.moved = True
        self._opened += 1
        if self._opened >= ONSETS_TO_STAY:
            self._left = None

    def _come_back(self, pitch: int) -> int | None:
        """Go back to the onset that was left, with the last of the keys that it wanted; that note's row."""
        if self._left is None or pitch not in self._left[1]:
            return None
        place, wanted = self._left
        row = wanted.pop(pitch)
        if wanted:
            return None
        self._stand_at(place)
        self._pending = {pitch: row}
        self._left = None
        self._elsewhere.forget()
        return self._take(pitch)

    def _follow_elsewhere(self, pitch: int) -> int | None:
        """Go where the learner clearly plays, with the last note that was struck there; its row."""
        place = self._elsewhere.believed(self._place)
        if place is None or place == self._place:
            return None
        left = self._place, dict(self._pending)
        self._stand_at(place - 1)
        self._pending = {pitch: self._pending[pitch]}
        row = self._take(pitch)
        self._left, self._opened = left, 0
        self._elsewhere.forget()
        return row
