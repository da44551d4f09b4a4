"""Where the beat leads (keep tempo): which notes are due now, and which it has left behind.

A note that was not struck is due from the onset before it until a little after its own, and is left behind when it is
later than anybody who keeps the tempo. In a loop each lap begins clean; a lap's last moments are left to the next.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable

from lessons.score import Score
from tutor.transport import Transport
from tutor.verdicts import Judgement

DUE_SEC, BEHIND_SEC = 0.15, 0.5  # after its onset


class LeadingBeat:
    """The notes of ``hands`` from beat to beat (``span``), as a `Transport` passes them.

    ``covered`` is the stretch of beats that it has left behind so far.
    """

    def __init__(self, score: Score, hands: Collection[int], span: tuple[float, float]):
        rows = score.rows_of(hands, span)
        self._rows: list[int] = rows.tolist()
        self._onsets: list[float] = score.notes["onset_beat"][rows].tolist()
        self._span = span
        self.covered = (span[0], span[0])
        self.begin_anew()

    def begin_anew(self) -> None:
        """Nothing was struck, and nothing left behind."""
        self._lap = self._passed = 0
        self._done: set[int] = set()

    def strike(self, judgements: Iterable[Judgement]) -> None:
        """Take note of what was struck, right or wrong."""
        self._done.update(said.score_index for said in judgements if said.score_index is not None)

    def due_rows(self, transport: Transport, now_sec: float) -> tuple[int, ...]:
        """The rows of ``score.notes`` of the next onset that is not done."""
        due: list[int] = []
        since = transport.beat_of(transport.progress_ago(now_sec, DUE_SEC))
        for at in range(bisect_left(self._onsets, since), len(self._rows)):
            if due and self._onsets[at] != self._onsets[at - 1]:
                break
            if self._rows[at] not in self._done:
                due.append(self._rows[at])
        return tuple(due)

    def entry_beat(self, since_beat: float, until_beat: float) -> float:
        """The first onset between two places that has a note which is not done; the later place where none has."""
        for at in range(bisect_left(self._onsets, since_beat), bisect_left(self._onsets, until_beat)):
            if self._rows[at] not in self._done:
                return self._onsets[at]
        return until_beat

    def left_behind(self, transport: Transport, now_sec: float) -> tuple[int, ...]:
        """The rows that the beat has left behind since this was last asked."""
        lap = transport.lap_at(now_sec)
        if lap != self._lap:
            self.begin_anew()
            self._lap = lap
        earlier = transport.progress_ago(now_sec, BEHIND_SEC)
        if transport.lap_of(earlier) != lap:
            return ()
        beat = transport.beat_of(earlier)
        self.covered = self._span if lap else (self._span[0], max(beat, self.covered[1]))
        passed = bisect_left(self._onsets, beat)
        rows = tuple(row for row in self._rows[self._passed : passed] if row not in self._done)
        self._passed = max(self._passed, passed)
        self._done.update(rows)
        return rows
