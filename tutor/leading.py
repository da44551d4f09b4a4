"""Where the beat leads (keep tempo): which notes are due now, and which it has left behind.

A note that was not struck is due from the onset before it until a little after its own, and is left behind when it is
later than anybody who keeps the tempo. In a loop each lap begins clean, but for what was struck for it a little before
it began; a lap's last moments are left to the next.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable

from lessons.score import Score
from tutor.transport import Transport
from tutor.verdicts import Judgement

DUE_SEC, BEHIND_SEC = 0.15, 0.5  # after its onset
EARLY_SEC = 0.5  # before its onset


class LeadingBeat:
    """The notes of ``hands`` from beat to beat (``span``), as a `Transport` passes them.

    ``covered`` is the stretch of beats that it has left behind so far.
    """

    def __init__(self, score: Score, hands: Collection[int], span: tuple[float, float]):
        rows = score.rows_of(hands, span)
        self._rows: list[int] = rows.tolist()
        self._onsets: list[float] = score.notes["onset_beat"][rows].tolist()
        self._onset_of = dict(zip(self._rows, self._onsets, strict=True))
        self._span = span
        self.covered = (span[0], span[0])
        self.begin_anew()

    def begin_anew(self) -> None:
        """Nothing was struck, and nothing left behind."""
        self._lap = self._passed = 0
        self._done: set[int] = set()
        self._fresh: set[int] = set()  # struck since the beat was last asked what it has left behind
        self._early: set[int] = set()  # struck for the next lap

    def strike(self, judgements: Iterable[Judgement]) -> None:
        """Take note of what was struck, right or wrong."""
        self._fresh.update(said.score_index for said in judgements if said.score_index is not None)
        self._done |= self._fresh

    def due_rows(self, transport: Transport, now_sec: float) -> tuple[int, ...]:
        """The rows of ``score.notes`` of the next onset that is not done; where a lap has no more, of the next lap."""
        since = transport.beat_of(transport.progress_ago(now_sec, DUE_SEC))
        due = self._first_of(bisect_left(self._onsets, since), self._done)
        return due if due or transport.loop is None else self._first_of(0, self._early | self._fresh)

    def _first_of(self, slot: int, done: Collection[int]) -> tuple[int, ...]:
        """The rows of the first onset from a slot on that is not ``done``, as far as they are not."""
        due: list[int] = []
        for at in range(slot, len(self._rows)):
            if due and self._onsets[at] != self._onsets[at - 1]:
                break
            if self._rows[at] not in done:
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
            self._begin_lap(lap, self._early | self._struck_for(lap, transport, now_sec))
        self._early |= self._struck_for(lap + 1, transport, now_sec)
        self._fresh.clear()
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

    def _begin_lap(self, lap: int, done: set[int]) -> None:
        self.begin_anew()
        self._lap, self._done = lap, done

    def _struck_for(self, lap: int, transport: Transport, now_sec: float) -> set[int]:
        """Which of the notes struck just now a lap has, at most a little later than now."""
        if transport.loop is None:
            return set()
        half_a_lap = (transport.progress_of(0.0, 1) - transport.progress_of(0.0)) / 2
        until = transport.progress_at(now_sec) + min(EARLY_SEC * transport.ratio, half_a_lap)
        onsets = ((row, self._onset_of.get(row)) for row in self._fresh)
        return {row for row, beat in onsets if beat is not None and transport.progress_of(beat, lap) <= until}
