"""A score as a follower sees it: distinct onsets (*places*) with their pitches as bits, in plain lists.

Place ``i`` lies at ``beats[i]``; ``bits[i]`` maps each of its pitches to its bits, so that the notes not yet struck are
one int. A pitch written twice at one onset (two voices in unison) is one key and one bit; a grace note has a bit of its
own, the lower one, because it is struck first. ``rows`` gives the score rows of each bit; ``free_bits`` are the notes
whose moment is the player's own: grace notes, and those that are adorned or of a spread chord.
Plain lists and ints, because the follower reads a few of them for each note: an array element costs ten times as much.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from lessons.score import FREE_MARKS, LEFT, ORNAMENTS, RIGHT, Score
from tutor.following.fermatas import Fermatas

MORE_OF_CHORD = 0.35
SLACK_BEATS = 1e-6
NEIGHBOUR = 2  # semitones: a trill, a turn and a mordent have no others


def weight(mask: int) -> float:
    """How heavily it weighs to leave out these notes of one chord and hand: the first one fully, the others in part."""
    return 1.0 + MORE_OF_CHORD * (mask.bit_count() - 1) if mask else 0.0


class Places:
    """The onsets of a score or of a passage (``within``: start, end in beats), for all hands or for one."""

    def __init__(self, score: Score, hands: int | None = None, within: tuple[float, float] | None = None):
        begins, ends = within or (-np.inf, np.inf)
        onsets = score.notes["onset_beat"] + SLACK_BEATS
        inside = (onsets >= begins) & (onsets < ends)
        wanted = inside if hands is None else inside & (score.notes["hand"] == hands)
        rows = np.flatnonzero(wanted)
        notes = score.notes[rows]
        self.beats: list[float] = np.unique(notes["onset_beat"]).tolist()
        self.count = len(self.beats)
        self.bits: list[dict[int, int]] = [{} for _ in self.beats]
        self.rows: list[list[list[int]]] = [[] for _ in self.beats]
        self.left_bits = [0] * self.count
        self.grace_bits = [0] * self.count
        self.where: dict[int, list[int]] = {}
        self._of_row: dict[int, tuple[int, int]] = {}
        self.next_gap = [later - sooner for sooner, later in pairwise(self.beats)] + [1.0]
        index = np.searchsorted(self.beats, notes["onset_beat"])
        columns = (index, notes["pitch"], notes["hand"], notes["grace"], rows)
        written = zip(*(column.tolist() for column in columns), strict=True)
        for place, pitch, hand, grace, row in sorted(written, key=lambda note: (note[0], not note[3], note[4])):
            self._add(place, pitch, hand, grace, row)
        self.free_bits = self._free(score)
        self.full = [(1 << len(rows)) - 1 for rows in self.rows]
        self.right_run = self._run([full & ~left & ~grace for full, left, grace in self._masks()])
        self.left_run = self._run([left & ~grace for _, left, grace in self._masks()])
        self.written_sec: list[float] = score.tempo.seconds_at(self.beats).tolist()
        fermatas = Fermatas(score)
        self._stops = [0, *accumulate(fermatas.between(*both) for both in pairwise(self.beats))]
        self.bar_of = self._bars(score)
        self.last_bar = max(self.bar_of, default=0)
        self.ornamented = self._ornamented(score.notes[np.intersect1d(rows, score.marked_rows(ORNAMENTS))])
        self.sounding = self._sounding(notes)
        self._beside: dict[int, list[int]] = {}
        self.unasked = self._unasked(score.notes[inside & ~wanted])
        self.is_bar_line = [True] + [later > sooner for sooner, later in pairwise(self.bar_of)]

    def _add(self, place: int, pitch: int, hand: int, grace: bool, row: int) -> None:
        pitches, rows = self.bits[place], self.rows[place]
        doubled = pitches.get(pitch, 0) & ~self.grace_bits[place]
        if doubled and not grace:
            rows[doubled.bit_length() - 1].append(row)
            self._of_row[row] = place, doubled
            return
        bit = 1 << len(rows)
        self._of_row[row] = place, bit
        rows.append([row])
        if pitch not in pitches:
            self.where.setdefault(pitch, []).append(place)
        pitches[pitch] = pitches.get(pitch, 0) | bit
        if hand == LEFT:
            self.left_bits[place] |= bit
        if grace:
            self.grace_bits[place] |= bit

    def _free(self, score: Score) -> list[int]:
        free = list(self.grace_bits)
        for row in score.marked_rows(FREE_MARKS).tolist():
            place, bit = self._of_row.get(row, (0, 0))
            if bit:
                free[place] |= bit
        return free

    def masks_of(self, hand: int | None) -> list[int]:
        """The notes of one hand at each place (None: of both)."""
        if hand is None:
            return self.full
        return [left if hand == LEFT else full & ~left for full, left, _ in self._masks()]

    def _masks(self) -> Iterator[tuple[int, int, int]]:
        return zip(self.full, self.left_bits, self.grace_bits, strict=True)

    @staticmethod
    def _run(masks: list[int]) -> list[float]:
        """Running sum of what it weighs to leave out each place whole (entry ``i``: all places before ``i``)."""
        return [0.0, *accumulate(weight(mask) for mask in masks)]

    def _bars(self, score: Score) -> list[int]:
        starts = score.bars["start_beat"]
        bars: list[int] = (np.searchsorted(starts, np.asarray(self.beats) + 1e-9, side="right") - 1).tolist()
        return bars

    def _ornamented(self, written: NDArray[np.void]) -> list[frozenset[int]]:
        """The keys that a written ornament may strike at each place: where its note sounds, and just before."""
        keys: list[set[int]] = [set() for _ in self.beats]
        ends = written["onset_beat"] + written["duration_beat"]
        for pitch, begins, end in zip(written["pitch"].tolist(), written["onset_beat"], ends, strict=True):
            first = max(0, bisect_left(self.beats, begins - SLACK_BEATS) - 1)
            for place in range(first, bisect_left(self.beats, end - SLACK_BEATS)):
                keys[place].update(range(pitch - NEIGHBOUR, pitch + NEIGHBOUR + 1))
        return [frozenset(here) for here in keys]

    def _sounding(self, notes: NDArray[np.void]) -> list[frozenset[int]]:
        """The keys that the page lets sound at each place, struck there or before."""
        keys: list[set[int]] = [set() for _ in self.beats]
        ends = notes["onset_beat"] + notes["duration_beat"]
        for pitch, begins, end in zip(notes["pitch"].tolist(), notes["onset_beat"], ends, strict=True):
            first = bisect_left(self.beats, begins)
            for place in range(first, max(first + 1, bisect_left(self.beats, end - SLACK_BEATS))):
                keys[place].add(pitch)
        return [frozenset(here) for here in keys]

    def _unasked(self, others: NDArray[np.void]) -> list[frozenset[int]]:
        """The keys that the hand that is not asked for may strike at each place: from the one before to the next."""
        keys: list[set[int]] = [set() for _ in self.beats]
        for pitch, onset in others[["pitch", "onset_beat"]].tolist():
            first = bisect_left(self.beats, onset - SLACK_BEATS) - 1
            for place in range(max(0, first), min(self.count, first + 3)):
                keys[place].add(pitch)
                self._beside.setdefault(pitch, []).append(place)
        return [frozenset(here) for here in keys]

    def may_stop(self, before: int, after: int) -> bool:
        """Whether the page lets the music stop between two places."""
        return self._stops[after] > self._stops[before]

    def times_written(self, pitch: int, first: int, last: int) -> int:
        """At how many of the places ``first`` to ``last`` a pitch is written."""
        found = self.where.get(pitch, ())
        return bisect_right(found, last) - bisect_left(found, first)

    def at(self, beat: float) -> int:
        """The place at or after a position (the last one past the end)."""
        return min(bisect_left(self.beats, beat - SLACK_BEATS), max(0, self.count - 1))

    def starts(self, place: int) -> tuple[int, ...]:
        """A place, and the first from there on at which each hand plays."""
        if not self.count:
            return ()
        hands = (self.masks_of(LEFT), self.masks_of(RIGHT))
        first = (next((k for k in range(place, self.count) if masks[k]), place) for masks in hands)
        return tuple(dict.fromkeys((place, *first)))

    def coming(self, pitch: int, after: int, reach: int, most: int) -> Sequence[int]:
        """Up to ``most`` places of a pitch, later than ``after`` and at most ``reach`` on."""
        found = self.where.get(pitch)
        if found is None:
            return ()
        first = bisect_right(found, after)
        return [place for place in found[first : first + most] if place <= after + reach]

    def rows_of(self, place: int, mask: int) -> tuple[int, ...]:
        """The score rows behind the bits of a mask."""
        return tuple(row for slot, rows in enumerate(self.rows[place]) if mask >> slot & 1 for row in rows)

    def of_row(self, row: int) -> tuple[int, int]:
        """The place of a score row, and its bit there. Raises KeyError for a row of a hand that is not followed."""
        return self._of_row[row]

    def holders(self, pitch: int) -> NDArray[np.intp]:
        """The places that have a pitch, as an index array."""
        return np.array(self.where.get(pitch, ()), np.intp)

    def beside(self, pitch: int) -> NDArray[np.intp]:
        """The places at which the hand that is not asked for may strike a pitch, as an index array."""
        return np.array(self._beside.get(pitch, ()), np.intp)
