"""What was said about each note, and what the follower now thinks: judgements, revisions, and notes given up.

The beam keeps a chain of steps behind each hypothesis. When another hypothesis becomes the best, its chain tells
what the latest notes are after all; for `REVISION_SEC` of playing time that may be said.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import takewhile

from tutor.following.hypotheses import Hypothesis, Step
from tutor.following.places import Places
from tutor.verdicts import Judgement

REVISION_SEC = 0.150
KEPT = 32  # notes whose steps are kept


class Trail:
    """The chain of steps that was last believed, as judgements."""

    def __init__(self, places: Places):
        self.places = places
        self._said: deque[tuple[Step, Judgement]] = deque(maxlen=KEPT)
        self._given_up: deque[int] = deque(maxlen=8 * KEPT)  # rows, since the player last went back before them
        self._latest_jump = -1  # of the notes

    @property
    def last(self) -> Judgement | None:
        """What was said of the newest note."""
        return self._said[-1][1] if self._said else None

    def judge(self, best: Hypothesis, pitch: int, confidence: float, lost: bool) -> tuple[Judgement, ...]:
        """The judgement of the newest note, then those of notes whose meaning changed and may still be revised."""
        chain: list[Step] = []
        step = best.step
        while step is not None and len(chain) < KEPT:
            chain.append(step)
            step = step.before
        newest = chain[0]
        missed = self._missed(chain)
        said = self._judgement(newest, pitch, best, confidence, lost, missed)
        revised = self._revised(chain, newest.time_sec, best, confidence, lost)
        self._said.append((newest, said))
        return (said, *revised)

    @staticmethod
    def forget(hypotheses: Iterable[Hypothesis]) -> None:
        """Cut the chains of all hypotheses behind the notes that may still be asked for."""
        for hypothesis in hypotheses:
            step = hypothesis.step
            for _ in range(KEPT):
                if step is None:
                    break
                step = step.before
            if step is not None:
                step.before = None

    def _revised(
        self, chain: list[Step], now: float, best: Hypothesis, confidence: float, lost: bool
    ) -> list[Judgement]:
        """Judgements again where the believed step changed within the time that allows it."""
        changed = []
        slot = len(self._said) - 1
        for step in chain[1:]:
            if slot < 0 or now - step.time_sec > REVISION_SEC:
                break
            before, said = self._said[slot]
            if before is not step and (before.verdict, before.place, before.bit) != (
                step.verdict,
                step.place,
                step.bit,
            ):
                again = self._judgement(step, said.pitch, best, confidence, lost, (), revised=True)
                self._said[slot] = (step, again)
                changed.append(again)
            slot -= 1
        return changed

    def _missed(self, chain: list[Step]) -> tuple[int, ...]:
        """Rows given up along the chain since the last step that was said; who went back gives them up anew."""
        said = self._said[-1][0] if self._said else None
        rows: list[int] = []
        for step in reversed(list(takewhile(lambda step: step is not said, chain))):
            if step.jumped and step.index > self._latest_jump:
                self._latest_jump = step.index
                self._forget_from(step.place)
            for place, mask in step.gone:
                fresh = [row for row in self.places.rows_of(place, mask) if row not in self._given_up]
                self._given_up.extend(fresh)
                rows += fresh
        return tuple(sorted(rows))

    def _forget_from(self, place: int) -> None:
        """Note that the player goes through a place, and what follows it, once more."""
        kept = [row for row in self._given_up if self.places.of_row(row)[0] < place]
        self._given_up = deque(kept, maxlen=self._given_up.maxlen)

    def _judgement(
        self,
        step: Step,
        pitch: int,
        best: Hypothesis,
        confidence: float,
        lost: bool,
        missed: tuple[int, ...],
        revised: bool = False,
    ) -> Judgement:
        belongs = step.verdict != "extra"
        return Judgement(
            index=step.index,
            time_sec=step.time_sec,
            pitch=pitch,
            verdict=step.verdict,
            onset_beat=self.places.beats[step.place] if belongs else None,
            position_beat=self.places.beats[best.place],
            confidence=confidence,
            error_sec=step.error_sec,
            score_index=self.places.rows_of(step.place, step.bit)[0] if step.bit else None,
            missed=missed,
            lost=lost,
            revised=revised,
            ornament=not belongs and pitch in self.places.ornamented[step.place],
            unasked=not belongs and pitch in self.places.unasked[step.place],
        )
