"""The online follower: one note-on in; the player's place and a verdict out.

A beam of close-up hypotheses (`tutor.following.beam`) follows the player note by note, each with its own pulse; a scout
(`tutor.following.scout`) watches coarsely for jumps to anywhere in the score. Both are strictly causal, use plain
lists and a few vector operations, and take the same time for a note however long the score and the take are.

Times may be stamps of any clock; time going backwards counts as no time passing. A note-on of velocity 0 is a note-off
and is passed over.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from math import exp, inf, isfinite
from time import perf_counter

from lessons.score import LEFT, RIGHT, Score
from tutor.events import NoteOn
from tutor.following.activity import Activity
from tutor.following.beam import Beam, Guest
from tutor.following.costs import Costs
from tutor.following.hypotheses import Hypothesis, Step
from tutor.following.known import known
from tutor.following.opening import slips
from tutor.following.places import Places
from tutor.following.scout import Scout
from tutor.following.trail import KEPT, Trail
from tutor.verdicts import Judgement

KEPT_SETTLED = 4  # intervals' worth of trust in the tempo after a jump
GRACE_SEC = 0.5  # a grace note still to come excuses a gap of this length
FIRST_GAP_SEC = 10.0  # nothing was heard before the first note: any beginning is a beginning after a pause
FIT_RATE = 0.12  # how fast the fit follows the latest notes
FIT_WORST = -8.0
OPENING_NOTES = 40
PROOF_NOTES = 15  # a take of another piece shows itself within this many
ABOUT_AS_GOOD = -4.0
LED_BEATS = 0.5  # as far from the beat may be who rejoins it
SETTLED_NOTES = 4  # a beginning that lasted this long is one that the learner may come back to


class Follower:
    """Follow one player through one score.

    ``hands`` None expects both hands, `LEFT` or `RIGHT` one; ``start_beat`` is where the player is about to begin;
    ``loop`` (start, end in beats) a passage that begins again at its end, beside which there is nothing to play. With
    ``remembers`` the whole take is kept for `story`; without, memory stays the same however long the player plays.
    """

    def __init__(
        self,
        score: Score,
        *,
        hands: int | None = None,
        start_beat: float | None = None,
        loop: tuple[float, float] | None = None,
        costs: Costs | None = None,
        remembers: bool = False,
    ):
        self.score = score
        self.costs = costs or Costs()
        self.places = Places(score, hands, loop)
        self._beam = Beam(self.places, self.costs)
        self._scout = Scout(self.places, self.costs)
        self._activity = Activity(self.places)
        self._trail = Trail(self.places)
        self._remembers = remembers
        self._start = self.places.at(score.start_beat if start_beat is None else start_beat)
        self._starts = self.places.starts(self._start)
        self._period = 60.0 / score.tempo.bpm_at(start_beat or 0.0)
        self._beginnings: deque[int] = deque(maxlen=2)
        self._began_at = self._start
        self._mistake: int | None = None
        self._expected: deque[int] = deque(maxlen=2)
        self._index = -1
        self._clock_sec = 0.0
        self._fit = 0.0
        self._since_jump = 0
        self._begun = False  # whether any note was right so far
        self._known = (-1, 0)  # the place of the note that was known last, and all that is known of it
        self.confidence = 0.0
        self._scout.loops = loop is not None

    @property
    def position_beat(self) -> float:
        """Where the player is believed to be, in beats; before the first note, where they are expected to begin."""
        return self.places.beats[self._place] if self.places.count else self.score.start_beat

    @property
    def tempo_bpm(self) -> float:
        """The player's tempo in quarter notes a minute; before the second note, that of the score."""
        return 60.0 / (self._beam.hypotheses[0].period if self._beam.hypotheses else self._period)

    @property
    def lost(self) -> bool:
        """Whether the latest notes fit nowhere well."""
        return self._index >= SETTLED_NOTES and self._fit < self.costs.lost_fit

    @property
    def says_not_this_piece(self) -> bool:
        """Whether what was heard so far does not sound like this score; later on the player is only `lost`."""
        opening = PROOF_NOTES <= self._index + 1 <= OPENING_NOTES
        return (
            self._fit < (self.costs.foreign_fit if opening else self.costs.lost_fit) and self._index + 1 >= PROOF_NOTES
        )

    def next_rows(self) -> tuple[int, ...]:
        """The rows of ``score.notes`` at the onset after the present one; at the beginning, those of the first."""
        if not self._beam.hypotheses:
            return self._rows(self._start)
        return self._rows(self._place + 1)

    def pending_rows(self) -> tuple[int, ...]:
        """The rows of the present onset that are not struck yet; at the beginning, none."""
        if not self._beam.hypotheses:
            return ()
        return self.places.rows_of(self._place, self._beam.hypotheses[0].left)

    def expect_from(self, beat: float) -> None:
        """Name a place where the player is likely to begin again."""
        if self.places.count:
            self._expected.append(self.places.at(beat))

    def lead_to(self, beat: float) -> None:
        """Name the place to which a beat has gone on while nothing was played: the next note is most likely there."""
        away = [(abs(there - beat), place) for place, there in enumerate(self.places.beats)]
        if away:
            self._scout.led = tuple(place for distance, place in away if distance <= LED_BEATS) or (min(away)[1],)

    def step(self, event: NoteOn) -> tuple[Judgement, ...]:
        """Take one note-on in; returns its judgement, then earlier ones that it revises."""
        began = perf_counter()
        if event.velocity <= 0:
            return ()
        self._index += 1
        if not self.places.count:
            return (self._nowhere(event, began),)
        now = self._now(event.time_sec)
        gap, self._clock_sec = now - self._clock_sec, now
        guests = self._guests(event.pitch, gap if self._index else FIRST_GAP_SEC)
        cost = self._beam.step(self._index, now, event.pitch, guests, self._scout.again)
        self._scout.settle(self._beam.home)
        self._scout.led = ()
        self._learn(cost)
        return self._told(event, began)

    def _told(self, event: NoteOn, began: float) -> tuple[Judgement, ...]:
        """What is said of the newest note, and revised with it."""
        if not self._remembers and self._index % KEPT == 0:
            self._trail.forget(self._beam.hypotheses)
        said, *revised = self._trail.judge(self._beam.hypotheses[0], event.pitch, self.confidence, self.lost)
        said = replace(said, time_sec=event.time_sec, step_ms=(perf_counter() - began) * 1e3)
        return (said, *revised)

    def step_at(self, event: NoteOn, row: int) -> tuple[Judgement, ...]:
        """Take one note-on in of which it is known which note it is: a row of ``score.notes`` that is followed.

        Whatever was believed of the place before is given up; nothing is missed by it.
        """
        began = perf_counter()
        self._index += 1
        self._clock_sec = now = self._now(event.time_sec)
        place, bit = self.places.of_row(row)
        self._known = place, bit | (self._known[1] if self._known[0] == place else 0)
        best = self._beam.hypotheses[0] if self._beam.hypotheses else None
        self._beam.stand(known(self.places, best, *self._known, bit, self._index, now, self._period))
        self._scout.forget()
        self._scout.led = ()
        self._learn(0.0)
        return self._told(event, began)

    def finish(self) -> tuple[Judgement, ...]:
        """The last judgement again, with the notes still open where the player stopped given up as missed."""
        last = self._trail.last
        return (replace(last, missed=self.pending_rows(), revised=True),) if last and self.pending_rows() else ()

    def story(self) -> list[Step]:
        """What each note since the beginning is taken for, as believed at the end (with ``remembers``).

        Between stories that are about as good, a take ends where the piece ends.
        """
        last = self.places.count - 1
        told = [one for one in self._beam.hypotheses if one.place == last and one.logp > ABOUT_AS_GOOD]
        step = next((one.step for one in (*told, *self._beam.hypotheses)), None)
        steps: list[Step] = []
        while step is not None:
            steps.append(step)
            step = step.before
        return steps[::-1]

    @property
    def _place(self) -> int:
        return self._beam.hypotheses[0].place if self._beam.hypotheses else self._start

    def _rows(self, place: int) -> tuple[int, ...]:
        return self.places.rows_of(place, self.places.full[place]) if place < self.places.count else ()

    def _now(self, time_sec: float) -> float:
        """The event's time, or that of the event before where time went backwards or is no number."""
        if not self._index:
            return time_sec if isfinite(time_sec) else 0.0
        return time_sec if isfinite(time_sec) and time_sec > self._clock_sec else self._clock_sec

    def _guests(self, pitch: int, gap_sec: float) -> list[Guest]:
        """Hypotheses that come from a jump with this note or a few notes ago, where the beam has nothing as good."""
        best = self._beam.hypotheses[0] if self._beam.hypotheses else None
        period = best.period if best else self._period
        due = self._due(best, gap_sec) if best else 0.0
        self._scout.favour((*self._starts, *self._beginnings, *self._expected), self._mistake)
        if best and not self._begun:
            due = inf  # nobody has paused who has not begun
        stopped = self._place if best is None or best.left else min(self._place + 1, self.places.count - 1)
        self._scout.step(pitch, gap_sec, due, period, self._place, self.places.bar_of[stopped])
        if best is None:
            return self._openings(pitch)
        first, last = best.place - 1, best.place + 3
        return [
            (self._guest(place, cost, pitch, best), fresh)
            for place, cost, fresh in self._scout.best()
            if not first <= place <= last or (fresh and self._scout.is_round(best.place, place))
        ]

    def _openings(self, pitch: int) -> list[Guest]:
        """What the first note may be: one of those that were expected, a slip there, or one of another place."""
        starts = tuple(dict.fromkeys((*self._starts, *self._scout.led)))
        self._scout.begin(starts)
        begins = [(place, self._scout.beginning(place, pitch)) for place in (self._start, *self._scout.led)]
        fitting = [(place, cost) for place, cost, _ in self._scout.best() if pitch in self.places.bits[place]]
        found = [self._guest(place, cost, pitch, None) for place, cost in fitting]
        found += slips(self._beam, begins, pitch, self._clock_sec, self._period)
        return [(guest, True) for guest in found]

    def _due(self, best: Hypothesis, gap_sec: float) -> float:
        """How long after the note before the next place was expected."""
        due = best.anchor + self.places.next_gap[best.place] * best.period - (self._clock_sec - gap_sec)
        graces = (best.left & self.places.grace_bits[best.place]).bit_count()
        unsure = 1.0 + self.costs.pause_unsure / (1 + best.settled)
        return float(max(0.0, due) * unsure + GRACE_SEC * graces)

    def _guest(self, place: int, cost: float, pitch: int, best: Hypothesis | None) -> Hypothesis:
        now, both = self._clock_sec, self.places.bits[place].get(pitch, 0)
        bit = both & -both
        before, period, steady, settled = (
            (best.step, best.period, best.steady, min(best.settled, KEPT_SETTLED))
            if best
            else (None, self._period, self._period, 0)
        )
        line = self._index if best else -1
        step = Step(before, self._index, now, "hit" if bit else "wrong", place, bit, None, (), True)
        return Hypothesis(
            cost, place, self.places.full[place] & ~bit, (), now, now, period, steady, settled, cost, line, step
        )

    def _learn(self, cost: float) -> None:
        """Remember how well the note fitted, where the player began and where they erred."""
        best = self._beam.hypotheses[0]
        step = best.step
        assert step is not None
        self._activity.learn(step)
        self._beam.right_share, self._beam.left_share = (self._activity.weight(hand) for hand in (RIGHT, LEFT))
        self._scout.alone = self._activity.alone
        self._beam.one_hand = self._scout.alone is not None
        if self._index:
            self._fit += FIT_RATE * (max(FIT_WORST, cost) - self._fit)
        total = sum(exp(hypothesis.logp) for hypothesis in self._beam.hypotheses)
        here = sum(exp(other.logp) for other in self._beam.hypotheses if other.place == best.place)
        self.confidence = here / total
        self._begun = self._begun or step.verdict == "hit"
        if step.jumped:
            self._began_at, self._since_jump = best.place, 0
        self._since_jump += 1
        if self._since_jump == SETTLED_NOTES and self._began_at not in self._beginnings:
            self._beginnings.append(self._began_at)
        if step.verdict == "wrong":
            self._mistake = step.place

    def _nowhere(self, event: NoteOn, began: float) -> Judgement:
        """The judgement where there is nothing to play."""
        return Judgement(
            index=self._index,
            time_sec=event.time_sec,
            pitch=event.pitch,
            verdict="extra",
            onset_beat=None,
            position_beat=self.position_beat,
            confidence=0.0,
            lost=True,
            step_ms=(perf_counter() - began) * 1e3,
        )
