"""The beam: a handful of hypotheses of where the player is, each with its own struck notes and its own pulse.

For each note every hypothesis says what it may be (a note of its chord, a late one, one of the next places, a wrong or
a stray note) and what that costs; equal states merge, the best `WIDTH` survive. Costs are relative: after each
note the best hypothesis stands at 0.
"""

from __future__ import annotations

from collections.abc import Iterable

from tutor.following.costs import Costs
from tutor.following.hypotheses import Hypothesis, Pending, Step, Verdict
from tutor.following.places import Places, weight
from tutor.following.pulse import moved, spread_cost, timing_cost
from tutor.following.scout import coarse_cost
from tutor.following.trill import Turns, is_trill

WIDTH = 14
BETTER = 1.0
SAME_PLACE = 3  # hypotheses that may share a place
REACH = 24  # places ahead that one note may move
BRANCHES = 3  # places of the same pitch within that reach
PENDING = 2  # earlier places whose missing notes may still come ...
PENDING_SEC = 0.8  # ... for this long
DROP = -12.0

Move = tuple[float, Hypothesis, Verdict, int, int, int, int, Pending]
"""(logp, hypothesis, verdict, place of the note, bit, place after, left after, pending after)"""
Guest = tuple[Hypothesis, bool]
"""A hypothesis that comes from outside, and whether its jump is only now."""


class Beam:
    """The hypotheses and how one note changes them."""

    def __init__(self, places: Places, costs: Costs, width: int = WIDTH):
        self.places, self.costs, self.width = places, costs, width
        self.hypotheses: list[Hypothesis] = []
        self._clock_sec = 0.0
        self._turns = Turns()
        self._in_turn: list[int] = []  # the keys that the latest note was struck in turn with
        self.home = 0.0  # the coarse cost of the latest step of the best hypothesis
        self.right_share = self.left_share = 1.0  # how much a missed note of each hand counts
        self.one_hand = False  # whether one hand plays alone

    def charge(self, place: int, left: int) -> float:
        """The cost of giving up the notes ``left`` of a place."""
        if not left:
            return 0.0
        left &= ~self.places.grace_bits[place]
        lower = left & self.places.left_bits[place]
        return self.costs.missed * (self.right_share * weight(left & ~lower) + self.left_share * weight(lower))

    def skipped(self, first: int, last: int) -> float:
        """The cost of leaving out the places from ``first`` to before ``last``."""
        right, left = self.places.right_run, self.places.left_run
        over = self.right_share * (right[last] - right[first]) + self.left_share * (left[last] - left[first])
        return self.costs.missed * over

    def step(self, index: int, time_sec: float, pitch: int, guests: Iterable[Guest] = (), again: bool = False) -> float:
        """Take one note in; returns the cost of the best move.

        ``guests`` come in beside the moves; ``again`` says that the chord has struck this key already.
        """
        self._in_turn = self._turns.take(time_sec, pitch)
        best: dict[tuple[int, int, Pending], Move] = {}
        top = -1e9
        for hypothesis in self.hypotheses:
            for move in self._moves(hypothesis, time_sec, pitch):
                logp = move[0]
                if logp < top + DROP:
                    continue
                key = move[5:]
                known = best.get(key)
                if known is None or known[0] < logp:
                    best[key] = move
                    top = max(top, logp)
        gap_sec, self._clock_sec = time_sec - self._clock_sec, time_sec
        made = [self._made(move, index, time_sec, pitch, gap_sec, again) for move in self._survivors(best.values())]
        held = {hypothesis.place: hypothesis.logp for hypothesis in reversed(made)}
        made += [guest for guest, fresh in guests if _is_welcome(guest, fresh, held.get(guest.place))]
        made.sort(key=_logp, reverse=True)
        self.hypotheses = made[: self.width]
        top, self.home, line = made[0].logp, made[0].coarse, made[0].line
        for hypothesis in self.hypotheses:
            hypothesis.logp -= top
            if hypothesis.line > line:
                hypothesis.logp += self.costs.jump_fade
            hypothesis.coarse -= self.home
        return top

    def stand(self, known: Hypothesis) -> None:
        """Believe this one alone: it is known where the player is."""
        self.hypotheses, self._clock_sec, self.home = [known], known.last, 0.0

    def _survivors(self, moves: Iterable[Move]) -> list[Move]:
        """The best moves, few of them to the same place, so that no single belief fills the beam."""
        kept: list[Move] = []
        crowd: dict[int, int] = {}
        ranked = sorted(moves, key=_logp_of, reverse=True)
        for move in ranked:
            if move[0] < ranked[0][0] + DROP:
                break
            there = move[5]
            crowd[there] = crowd.get(there, 0) + 1
            if crowd[there] <= SAME_PLACE:
                kept.append(move)
                if len(kept) == self.width:
                    break
        return kept

    def _moves(self, h: Hypothesis, time_sec: float, pitch: int) -> list[Move]:
        costs, places = self.costs, self.places
        place, left, pending, logp = h.place, h.left, h.pending, h.logp
        moves: list[Move] = []
        bits = places.bits[place]
        bit = bits.get(pitch, 0) & left
        bit &= -bit
        graces = places.grace_bits[place]
        graced = graces != 0 and not (bit & graces and self._is_begun(place, left, bit))
        in_chord = spread_cost(time_sec - h.last, graced, costs) if left != places.full[place] else 0.0
        if bit:
            if bit & graces and not graced:
                in_chord += costs.grace_after
            cost = max(in_chord, costs.ornamented) if pitch in places.ornamented[place] else in_chord
            moves.append((logp + cost, h, "hit", place, bit, place, left & ~bit, pending))
        for slot, (earlier, mask) in enumerate(pending):
            late = places.bits[earlier].get(pitch, 0) & mask
            if late:
                late &= -late
                rest = mask & ~late
                refund = self.charge(earlier, rest) - self.charge(earlier, mask)
                overdue = time_sec - h.anchor + (places.beats[place] - places.beats[earlier]) * h.period
                cost = logp + refund + costs.late - max(0.0, overdue) / costs.late_sec
                kept = (*pending[:slot], *(((earlier, rest),) if rest else ()), *pending[slot + 1 :])
                moves.append((cost, h, "hit", earlier, late, place, left, kept))
        leaving = logp + self.charge(place, left)
        gap, beat = time_sec - h.anchor, places.beats[place]
        for there in places.coming(pitch, place, REACH, BRANCHES):
            beats = places.beats[there] - beat
            bit_there = places.bits[there][pitch]
            bit_there &= -bit_there
            timing = timing_cost(gap, beats, h.period, h.steady, h.settled, costs)
            if gap < beats * h.period and bit_there & places.grace_bits[there]:
                timing *= costs.early_grace
            cost = leaving + self.skipped(place + 1, there) + timing
            moves.append(
                (cost, h, "hit", there, bit_there, there, places.full[there] & ~bit_there, self._waiting(h, there))
            )
        self._faults(h, moves, time_sec, pitch, in_chord, leaving)
        return moves

    def _faults(
        self, h: Hypothesis, moves: list[Move], time_sec: float, pitch: int, in_chord: float, leaving: float
    ) -> None:
        """Add what the note may be where it is not right."""
        costs, places = self.costs, self.places
        place, left, pending = h.place, h.left, h.pending
        bits = places.bits[place]
        near = any(abs(pitch - other) <= 2 for other in bits)
        stray = costs.ornament if near else costs.extra
        since = time_sec - h.step.time_sec if h.step is not None else 1.0
        more = h.step is not None and h.step.verdict != "hit" and since < costs.chord_sec
        if more:
            stray = max(stray, costs.extra_more)
        elif since > costs.alone_sec:
            stray += costs.extra_alone
        is_free = pitch in places.ornamented[place] or pitch in places.unasked[place]
        if is_free and not bits.get(pitch, 0) & left:
            stray = costs.ornamented_due if self._is_due(h, pitch, time_sec) else costs.ornamented
        elif self._in_turn and is_trill(places, place, pitch, self._in_turn):
            stray = max(stray, costs.trilled)
        moves.append((h.logp + stray, h, "extra", place, 0, place, left, pending))
        if left:
            meant, cost = self.meant(bits, left, pitch)
            if more:
                cost = max(cost, costs.extra_more)
            moves.append((h.logp + cost + in_chord, h, "wrong", place, meant, place, left & ~meant, pending))
        there = place + 1
        if there < places.count:
            meant, cost = self.meant(places.bits[there], places.full[there], pitch)
            gap, beats = time_sec - h.anchor, places.next_gap[place]
            cost += leaving + timing_cost(gap, beats, h.period, h.steady, h.settled, costs)
            moves.append((cost, h, "wrong", there, meant, there, places.full[there] & ~meant, self._waiting(h, there)))

    def _is_due(self, h: Hypothesis, pitch: int, time_sec: float) -> bool:
        """Whether a pitch is written at the next place, and that place is due about now."""
        there = h.place + 1
        due = self.places.next_gap[h.place] * h.period
        return (
            there < self.places.count
            and pitch in self.places.bits[there]
            and abs(time_sec - h.anchor - due) < self.costs.due_share * due
        )

    def meant(self, bits: dict[int, int], left: int, pitch: int) -> tuple[int, float]:
        """The bit that a wrong pitch most likely stands for, and what that costs."""
        nearest, meant, octave = 99, 0, 0
        for other, both in bits.items():
            if bit := both & left:
                away = abs(other - pitch)
                if away < nearest and away:
                    nearest, meant = away, bit
                if away == 12:
                    octave = bit
        if nearest <= 2:
            return meant, self.costs.wrong_near
        if octave:
            return octave, self.costs.wrong_octave
        return (meant, self.costs.wrong_far) if meant else (left & -left, self.costs.wrong_far)

    def _waiting(self, h: Hypothesis, there: int) -> Pending:
        """The notes that may still come late once a hypothesis moves on to ``there``."""
        beats = self.places.beats
        since = beats[there] - PENDING_SEC / h.period
        waiting = tuple(item for item in h.pending if beats[item[0]] > since)
        if h.left and beats[h.place] > since:
            waiting = (*waiting, (h.place, h.left))
        if there > h.place + 1 and beats[there - 1] > since:
            waiting = (*waiting, (there - 1, self.places.full[there - 1]))
        return waiting[-PENDING:]

    def _made(self, move: Move, index: int, time_sec: float, pitch: int, gap_sec: float, again: bool) -> Hypothesis:
        """The hypothesis after a move."""
        logp, h, verdict, place, bit, after, left, pending = move
        due = 0.0
        if after == h.place:
            anchor, period, steady, settled = h.anchor, h.period, h.steady, h.settled
            if verdict == "hit" and h.left == self.places.full[after]:  # nothing but a stray note before
                anchor = time_sec
            error: float | None = time_sec - anchor
            if verdict != "extra" and self._first_after_graces(h, place, bit):
                anchor, error = time_sec, None
        else:
            beats = self.places.beats[after] - self.places.beats[h.place]
            due = h.period * beats
            error = time_sec - (h.anchor + due)
            anchor, period, steady, settled = moved(
                h.anchor, h.period, h.steady, h.settled, time_sec, beats, self.costs
            )
        last = time_sec if place == after and verdict != "extra" else h.last
        gone = self._gone(h, after, pending) if after != h.place else ()
        error = None if verdict == "extra" or bit & self.places.free_bits[place] else error
        step = Step(h.step, index, time_sec, verdict, place, bit, error, gone, False)
        fits = any(pitch in keys[after] for keys in (self.places.bits, self.places.ornamented, self.places.unasked))
        skipped = 0 if self.one_hand else after - h.place - 1
        counted = coarse_cost(fits, gap_sec, due, skipped, again, self.costs)
        coarse = h.coarse + max(counted, logp - h.logp)
        return Hypothesis(logp, after, left, pending, anchor, last, period, steady, settled, coarse, h.line, step)

    def _is_begun(self, place: int, left: int, bit: int) -> bool:
        """Whether the hand of a grace note has struck a main note of the place already."""
        lower = self.places.left_bits[place]
        same = lower if bit & lower else ~lower
        return bool(self.places.full[place] & ~left & ~self.places.grace_bits[place] & same)

    def _first_after_graces(self, h: Hypothesis, place: int, bit: int) -> bool:
        """Whether only grace notes were struck at the place, so that its beat begins with this note."""
        graces = self.places.grace_bits[place]
        return (
            bool(graces)
            and place == h.place
            and not (self.places.full[place] & ~h.left | bit & graces) & ~graces
            and bit & ~graces != 0
        )

    def _gone(self, h: Hypothesis, after: int, pending: Pending) -> Pending:
        """The notes given up by moving on to ``after``."""
        before = [*h.pending, (h.place, h.left), *((k, self.places.full[k]) for k in range(h.place + 1, after))]
        kept = {place for place, _ in pending}
        return tuple((place, mask) for place, mask in before if mask and place not in kept)


def _is_welcome(guest: Hypothesis, fresh: bool, known: float | None) -> bool:
    """Whether the beam has nothing like a guest; what it knows closely is replaced by a fresh jump alone."""
    return known is None or (fresh and guest.logp > known + BETTER)


def _logp(hypothesis: Hypothesis) -> float:
    return hypothesis.logp


def _logp_of(move: Move) -> float:
    return move[0]
