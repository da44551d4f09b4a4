"""The learned composer: the line writer where a question is about one line, the rules for everything else.

The rhythm of an answer is the plan's by construction; the writer draws many lines for it at once and the most musical
come first. Where it cannot answer well it says so in a notice and the rules answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from lessons.analogy import Analogy, Feature, Level, Variation
from lessons.errors import CheckpointError
from lessons.progress import Told, part_of, unheard
from models import checkpoint
from models.choosing import SOME_REPEATS, choose
from models.foresight import Foresight, foresight_of
from models.ground import passage
from models.line import Pitches
from models.measures import repeats
from models.plan import Plan, plan_line
from models.rules import (
    MORE_DRAFTS,
    RuleComposer,
    by_voices,
    check,
    free_plan,
    free_question,
    is_still,
    settled,
    tune_is_locked,
    variation_of,
)
from models.writer import INTERVALS, Writer, feature_count
from models.writing import Taste, ranked, write

NAME = "writer"
JUDGES = ("melody", "prior")
DRAWN = 64
FREE_PLANS = 6  # bent curves tried where no donor says what to aim at
PATIENCE = 12_000  # notes drawn for one plan at most: long lines get fewer candidates
LONG = 600
MOST_PLANS = 1000  # turns from which further lines are counted
BOLDEST = 6
HOTTER = 0.3
LONGEST = 3000  # notes of a piece that the network still answers for
BEST_OF = 8  # of the candidates of one plan, so many are measured
FINALISTS = 16  # the best lines of a plan are also judged by the prior
PLACES_A_NAT = 0.3  # that a line loses in the order of the finalists
MOST_NATS = 60.0  # a segment
KNOWN_METRES = {(2, 4), (3, 4), (4, 4), (2, 2), (6, 8)}
LOCKED_PULL = 1.5  # nats a semitone
FREE_PULL = 0.5
STAMMER = 1.5  # nats against a pitch struck again where a tune moves
HOME_CHORDS = 3.0  # nats more for tones of the chords under a tune from elsewhere
NEW_CHORDS = 0.7  # nats more for tones of chords that the ear does not expect yet


@dataclass(frozen=True, eq=False)
class LearnedComposer:
    """Answers analogies with the line writer; see `lessons.analogy.Composer`."""

    writer: Writer
    weights: str
    foresight: Foresight | None = None
    taste: Taste = field(default_factory=Taste)
    rules: RuleComposer = field(default_factory=RuleComposer)

    def vary(self, analogy: Analogy, count: int = 1, told: Told = unheard) -> list[Variation]:
        """Answer with ``count`` distinct pieces, best first. Raises ComposerError with the reason where it cannot."""
        check(analogy, count)
        reason = beyond(analogy)
        if reason:
            return [with_notice(answer, reason) for answer in self.rules.vary(analogy, count, told)]
        return choose(self._candidates(analogy, count, told), analogy, count, self._bolder(analogy, count, told))

    def _bolder(self, analogy: Analogy, count: int, told: Told) -> Iterator[Variation]:
        """Further lines, drawn at ever higher temperature."""
        for turn in range(1, BOLDEST + 1):
            plan = plan_line(analogy) if analogy.donors else free_plan(analogy, MOST_PLANS + turn)
            hot = replace(self, taste=replace(self.taste, temperature=self.taste.temperature + HOTTER * turn))
            yield from hot._written(plan, DRAWN, 2 * count, MOST_PLANS + turn, part_of(told, 1, 1, MORE_DRAFTS))

    def _candidates(self, analogy: Analogy, count: int, told: Told) -> list[Variation]:
        """The most musical lines of each plan: one plan with donors, else several bent curves."""
        if analogy.donors:
            kept = 1 if count == 1 and analogy.level == Level.SAME else max(BEST_OF, 4 * count)
            return self._written(plan_line(analogy), max(DRAWN, 8 * count), kept, 0, told)
        plans = max(FREE_PLANS if len(analogy.piece.notes) < LONG else 2, 2 * count)
        parts = [part_of(told, turn, plans, f"Draft {turn + 1} of {plans}") for turn in range(plans)]
        return [answer for turn, part in enumerate(parts) for answer in self._free(analogy, turn, part)]

    def _free(self, analogy: Analogy, turn: int, told: Told) -> list[Variation]:
        """Two lines along one bent curve, over an accompaniment that may have moved too."""
        moved, notices = free_question(analogy, turn)
        answers = self._written(free_plan(moved, turn), DRAWN // 4, 2, turn, told)
        return [settled(answer, analogy, notices) for answer in answers]

    def lines(self, plan: Plan, drawn: int, kept: int, turn: int = 0, told: Told = unheard) -> Pitches:
        """The best of ``drawn`` lines for a plan, best first: (kept, N), fewer where fewer differ."""
        rng = np.random.default_rng([plan.analogy.seed, turn, drawn])
        taste = suited(self.taste, plan.analogy)
        drawn = max(2 * kept, min(drawn, PATIENCE // len(plan.line)))
        found = write(plan, self.writer, taste, drawn, rng, told)
        _, first = np.unique(found.pitches, axis=0, return_index=True)
        best = np.array([number for number in ranked(plan, found, taste) if number in set(first.tolist())])
        finalists = found.pitches[best[: max(kept, FINALISTS)]]
        return self._foreseen(plan, finalists)[:kept]

    def _written(self, plan: Plan, drawn: int, kept: int, turn: int, told: Told) -> list[Variation]:
        return [variation_of(plan, pitches, self.weights) for pitches in self.lines(plan, drawn, kept, turn, told)]

    def _foreseen(self, plan: Plan, lines: Pitches) -> Pitches:
        """The lines, best first, in an order that also heeds how they hold together over their phrases."""
        if self.foresight is None:
            return lines
        places = np.arange(len(lines), dtype=np.float64)
        nats = np.minimum(self.foresight.surprise(plan, lines), MOST_NATS)
        return lines[np.argsort(places + PLACES_A_NAT * nats, kind="stable")]


def beyond(analogy: Analogy) -> str:
    """Why the writer should not answer this; empty where it can."""
    if by_voices(analogy):
        return "several voices at once: the rules answered, not the network"
    start, _ = passage(analogy)
    metre = analogy.piece.metre_at(max(start, 0.0))
    if metre not in KNOWN_METRES:
        return f"the network has not learned {metre[0]}/{metre[1]}: the rules answered"
    if len(analogy.piece.notes) > LONGEST:
        return f"{len(analogy.piece.notes)} notes are too many for the network: the rules answered"
    if not analogy.donors and tune_is_locked(analogy):
        return "the tune is locked, so the rules answered, not the network"
    if is_still(analogy):
        return "strength 0 moves nothing: the rules answered, not the network"
    return ""


def suited(taste: Taste, analogy: Analogy) -> Taste:
    """The taste for a question: nearer to the curve where the contour is locked, freer as the strength grows."""
    if Feature.PITCH in analogy.keep:
        return replace(taste, pull=taste.pull + LOCKED_PULL)
    if Feature.CHORDS in analogy.donors:
        return replace(taste, strong_chord=taste.strong_chord + NEW_CHORDS)
    if not analogy.donors:
        pull = max(0.0, taste.pull + FREE_PULL * (1 - 2 * analogy.strength))
        usual = min(taste.usual_repeats, repeats(analogy.piece, analogy.hand) + SOME_REPEATS)
        return replace(taste, pull=pull, stammer=STAMMER, usual_repeats=usual, repeats=3 * taste.repeats)
    if Feature.PITCH in analogy.donors:  # a tune from elsewhere, over chords that are not its own
        strong = taste.strong_chord + HOME_CHORDS
        return replace(taste, strong_chord=strong, harsh=3 * taste.harsh, chords=2 * taste.chords)
    return taste


def with_notice(answer: Variation, notice: str) -> Variation:
    """The answer with one more notice."""
    return replace(answer, notices=(*answer.notices, notice))


@dataclass(frozen=True, eq=False)
class Apologetic:
    """The rules, with a notice of why the network does not answer."""

    reason: str
    rules: RuleComposer = field(default_factory=RuleComposer)

    def vary(self, analogy: Analogy, count: int = 1, told: Told = unheard) -> list[Variation]:
        """Answer by rule and say why."""
        return [with_notice(answer, self.reason) for answer in self.rules.vary(analogy, count, told)]


def load_composer(folder: Path = checkpoint.FOLDER) -> LearnedComposer | Apologetic:
    """The learned composer; without usable weights the rules, with a notice that says what is wrong with them."""
    try:
        path = checkpoint.find(NAME, folder)
        if path is None:
            return Apologetic(f"no weights of the {NAME} were found, so the rules answered")
        found = checkpoint.read(path)
        writer, judges = writer_of(found), _judges(folder)
        labels = [found.label, *(judge.label for judge in judges)]
        return LearnedComposer(writer, "+".join(labels), foresight_of(*judges) if judges else None)
    except CheckpointError as error:
        return Apologetic(f"{error}; the rules answered")


def _judges(folder: Path) -> list[checkpoint.Checkpoint]:
    """The melody network and the prior, or nothing where one of them is missing."""
    paths = [checkpoint.find(name, folder) for name in JUDGES]
    return [checkpoint.read(path) for path in paths if path is not None] if all(paths) else []


def writer_of(found: checkpoint.Checkpoint) -> Writer:
    """The line writer of a checkpoint. Raises CheckpointError where the shapes are another network's."""
    layers = len(found.weights) // 2
    try:
        fits = found.weights["0.weight"].shape[1] == feature_count() and (
            found.weights[f"{layers - 1}.weight"].shape[0] == INTERVALS
        )
    except KeyError:
        fits = False
    if not fits:
        raise CheckpointError(f"{found.label}: these weights belong to another network")
    return Writer(found.weights)
