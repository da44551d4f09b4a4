"""The gate of wait-for-me: which notes the score waits for, and when it may go on.

An onset is done when all its pitches were struck, in any order and however far apart. A learner who goes elsewhere is
followed after two hits in a row at another onset.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection

from lessons.score import Score
from tutor.verdicts import Judgement

HITS_TO_MOVE = 2


class Gate:
    """Stands at one onset of the notes of ``hands`` from beat to beat (``span``); with ``loop`` it begins anew.

    ``written`` is how many notes these are; ``struck`` is (onset_beat, lap) of the note that it took in last.
    """

    def __init__(self, score: Score, hands: Collection[int], span: tuple[float, float], loop: bool = False):
        rows = score.rows_of(hands, span)
        self.written = len(rows)
        self._rows: dict[float, dict[int, int]] = {}
        for row, note in zip(rows.tolist(), score.notes[rows], strict=True):
            self._rows.setdefault(float(note["onset_beat"]), {})[int(note["pitch"])] = row
        self._onsets = list(self._rows)
        self._loop = loop
        self._hits_elsewhere = 0
        self.lap = 0
        self.struck: tuple[float, int] | None = None
        self._stand_at(0)

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

    def strike(self, pitch: int, judgements: Collection[Judgement] = ()) -> bool:
        """Take one struck key in; whether the gate moved."""
        if pitch in self._pending:
            self._take(pitch)
            self._hits_elsewhere = 0
            return self._go_on_if_done()
        return self._follow_elsewhere(judgements)

    def begin_anew(self) -> None:
        """Stand at the first onset of the first lap again."""
        self.lap = 0
        self._stand_at(0)

    def _stand_at(self, place: int) -> None:
        self._place = place
        self._pending = dict(self._rows[self._onsets[place]]) if place < len(self._onsets) else {}

    def _go_on_if_done(self) -> bool:
        if self._pending:
            return False
        place = self._place + 1
        if self._loop and place == len(self._onsets):
            self.lap, place = self.lap + 1, 0
        self._stand_at(place)
        return True

    def _follow_elsewhere(self, judgements: Collection[Judgement]) -> bool:
        hits = [said for said in judgements if said.verdict == "hit" and not said.revised and not said.lost]
        elsewhere = [said for said in hits if said.onset_beat in self._rows and said.onset_beat != self.onset_beat]
        self._hits_elsewhere = self._hits_elsewhere + 1 if elsewhere else 0
        if self._hits_elsewhere < HITS_TO_MOVE:
            return False
        self._hits_elsewhere = 0
        struck = elsewhere[-1]
        self._stand_at(self._onsets.index(float(struck.onset_beat or 0.0)))
        self._take(struck.pitch)
        self._go_on_if_done()
        return True

    def _take(self, pitch: int) -> None:
        self._pending.pop(pitch, None)
        self.struck = (self._onsets[self._place], self.lap)
