"""The composer that needs no learning: rhythm and contour transplant, re-pitched patterns, known figures.

It answers every analogy that can be answered at all, in milliseconds and without weights; learned composers must beat
it, and fall back on it. Same question, same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from lessons.analogy import Analogy, Feature, Level, Variation
from lessons.errors import ComposerError
from lessons.harmony import chord_part, chords_of, score_key
from lessons.page_signs import PageSigns
from lessons.progress import Told, unheard
from lessons.score import LEFT, RIGHT, Score
from models.accompaniment import BOLD, moved_under, moves_accompaniment, share_moved
from models.choosing import LEAST_CHANGE, choose
from models.compass import crossing_notices
from models.credit import after
from models.figuration import is_figuration, reordered
from models.figures import vary_curve, vary_rhythm
from models.fingers import fingers_in_place
from models.ground import passage
from models.layout import within
from models.line import Pitches, cut_overlaps, folded, is_monophonic, line_mask, played_by, respelled
from models.measures import Comparison, level_of, measure, note_distance, onset_f1
from models.plan import Plan, plan_line
from models.restyling import restyled, varied_title
from models.texture import TexturePlan, vary_texture
from models.voice_leading import choose_pitches

WEIGHTS = "rules-1"
MORE_DRAFTS = "Further drafts, for they are much alike"
TRIES = 4  # candidates made for each one wanted
MORE_TRIES = 24  # where answers come out alike
NARROWEST = 7  # semitones: a fifth
LONG = 3000  # notes of a piece for which fewer candidates must do
NOISE = 0.35
PLAINEST = 0.1
STEP_ON = 0.15  # each further candidate is this much bolder
SAME_PATTERN = 0.9  # of a left hand's rhythm
TUNE_SHARE = 0.9  # of the right hand's notes

Chooser = Callable[[Plan, float, np.random.Generator], Pitches]


@dataclass(frozen=True)
class RuleComposer:
    """Answers analogies by rule; see `lessons.analogy.Composer`."""

    weights: str = WEIGHTS

    def vary(self, analogy: Analogy, count: int = 1, told: Told = unheard) -> list[Variation]:
        """Answer with ``count`` distinct pieces, best first. Raises ComposerError with the reason where it cannot."""
        if analogy.style:
            return restyled(analogy, analogy.style, count)
        check(analogy, count)
        if is_still(analogy):
            plan = plan_line(analogy)
            return [variation_of(plan, plan.line["pitch"].astype(np.int64), self.weights)]
        first = tries(analogy, count)
        found = []
        for turn in range(first):
            told(f"Draft {turn + 1} of {first}", turn / first)
            found.append(one_variation(analogy, turn, choose_by_rule, self.weights))
        return choose(found, analogy, count, self._bolder(analogy, first, told))

    def _bolder(self, analogy: Analogy, first: int, told: Told) -> Iterator[Variation]:
        for turn in range(first, first + MORE_TRIES):
            told(MORE_DRAFTS, 1.0)
            yield one_variation(analogy, turn, choose_by_rule, self.weights)


def tries(analogy: Analogy, count: int) -> int:
    """How many candidates to make: one where nothing has to be chosen between."""
    if count == 1 and analogy.level == Level.SAME and (analogy.donors or len(analogy.piece.notes) > LONG):
        return 1
    return TRIES * max(2, count) if len(analogy.piece.notes) <= LONG else 2 * count


def check(analogy: Analogy, count: int) -> None:
    """Raise ComposerError for what no composer here can answer, in one line."""
    if count < 1:
        raise ComposerError(f"--count {count}: must be at least 1")
    piece = analogy.piece
    if not len(piece.notes) or chord_part(piece).all():
        raise ComposerError("the piece has no notes to vary")
    if not played_by(piece, analogy.hand).any():
        raise ComposerError("--hand: the piece has no notes for that hand")
    if analogy.highest - analogy.lowest < NARROWEST:
        raise ComposerError(f"--range {analogy.lowest}-{analogy.highest}: a tune needs at least a fifth")
    if is_still(analogy) and count > 1:
        raise ComposerError("--strength 0 moves nothing, so there is one answer only; ask for more strength")
    if Feature.TEXTURE in analogy.donors and {Feature.PITCH, Feature.RHYTHM} & set(analogy.donors):
        raise ComposerError("--texture-from takes rhythm and pitches along: it goes with --chords-from only")
    if not analogy.donors and tune_is_locked(analogy) and not moves_accompaniment(analogy):
        raise ComposerError("--keep: nothing is left to vary; unlock pitch or rhythm, or name a donor")


def is_still(analogy: Analogy) -> bool:
    """Whether nothing is to move: no donor, no strength, no other level."""
    return not analogy.donors and analogy.strength == 0 and analogy.level == Level.SAME


def by_voices(analogy: Analogy) -> bool:
    """Whether the question is about a texture of several voices rather than about one line."""
    if Feature.TEXTURE in analogy.donors:
        return True
    return set(analogy.donors) == {Feature.CHORDS} and not has_tune(analogy)


def has_tune(analogy: Analogy) -> bool:
    """Whether one line stands for what is to be varied: alone, or as nearly all of what the right hand plays."""
    piece = analogy.piece
    touched = played_by(piece, analogy.hand)
    if is_monophonic(piece.notes[touched]):
        return True
    right = touched & (piece.notes["hand"] == RIGHT)
    return analogy.hand is None and bool(right.any()) and line_mask(piece).sum() >= TUNE_SHARE * right.sum()


def one_variation(analogy: Analogy, turn: int, choose_line: Chooser, weights: str) -> Variation:
    """Candidate number ``turn``; the first is the plainest, later ones are bolder."""
    rng = np.random.default_rng([analogy.seed, turn])
    noise = NOISE + STEP_ON * turn if turn else PLAINEST
    if by_voices(analogy):
        answer, compared, notices = vary_texture(analogy, 0.0 if turn == 0 else min(0.6, 0.25 + 0.05 * turn), rng)
        return _variation(analogy, answer, compared, tuple(notices), weights)
    if analogy.donors:
        plan = plan_line(analogy)
        return variation_of(plan, choose_line(plan, noise, rng), weights)
    if moves_a_figure(analogy):
        made = reordered_variation(analogy, turn, weights)
        return repatterned(analogy, turn, choose_line, weights) if needs_pattern(analogy, made) else made
    moved, notices = free_question(analogy, turn)
    plan = free_plan(moved, turn)
    pitches = plan.line["pitch"].astype(np.int64) if tune_is_locked(analogy) else choose_line(plan, noise, rng)
    return settled(variation_of(plan, pitches, weights), analogy, notices)


def answer_of_texture(plan: TexturePlan, pitches: Pitches, weights: str) -> Variation:
    """The answer with these pitches in the plan's pattern, measured."""
    notes = plan.moved.copy()
    notes["pitch"] = pitches
    answer, compared = plan.answer(respelled(notes, plan.moved))
    return _variation(plan.analogy, answer, compared, plan.notices, weights)


def moves_a_figure(analogy: Analogy) -> bool:
    """Whether broken chords are to move freely, and not a tune."""
    free = not analogy.donors and Feature.PITCH not in analogy.keep and analogy.level == Level.SAME
    return free and is_figuration(analogy.piece, analogy.hand)


def reordered_variation(analogy: Analogy, turn: int, weights: str) -> Variation:
    """The piece with its broken chords in another order."""
    piece, (start, end) = analogy.piece, passage(analogy)
    line = cut_overlaps(piece.notes[line_mask(piece, analogy.hand)])
    line = line[within(line, start, end)]
    rng = np.random.default_rng([analogy.seed, turn, 5])
    plan = plan_line(analogy, curve=reordered(piece, line, analogy.strength, rng))
    keys = folded(plan.line["pitch"].astype(np.int64), analogy.lowest, analogy.highest)
    made = variation_of(plan, keys, weights)
    return replace(made, notices=(*made.notices, "chords are broken here and no tune is played: their order moved"))


def needs_pattern(analogy: Analogy, reordered: Variation) -> bool:
    """Whether a left hand under a tune is to play another pattern: it is to move far, or its order cannot change."""
    under_tune = analogy.hand == LEFT and bool((analogy.piece.notes["hand"] == RIGHT).any()) and not analogy.fixed
    return under_tune and (analogy.strength >= BOLD or reordered.measures.distance < LEAST_CHANGE)


def repatterned(analogy: Analogy, turn: int, choose_line: Chooser, weights: str) -> Variation:
    """The piece with another pattern in its left hand; where it moves far also under other chords, as new as can be."""
    locked = {Feature.PITCH, Feature.RHYTHM} | ({Feature.CHORDS} if analogy.strength < BOLD else set())
    question = replace(analogy, hand=None, keep=analogy.keep | locked)
    turns = range(turn, turn + TRIES * TRIES, TRIES)
    made = [one_variation(question, number, choose_line, weights) for number in turns]
    other = [answer for answer in made if _alike_below(answer, analogy) <= SAME_PATTERN] or made
    far = analogy.strength >= BOLD
    return replace(max(other, key=lambda answer: far * answer.measures.distance), analogy=analogy)


def _alike_below(answer: Variation, analogy: Analogy) -> float:
    """How much of the left hand's rhythm is that of the piece."""
    left, before = (score.hands(LEFT).notes["onset_beat"] for score in (answer.score, analogy.piece))
    return onset_f1(left, before)


def tune_is_locked(analogy: Analogy) -> bool:
    """Whether neither pitch nor rhythm may move."""
    return analogy.keep >= {Feature.PITCH, Feature.RHYTHM}


def free_question(analogy: Analogy, turn: int) -> tuple[Analogy, list[str]]:
    """The question about the piece with its accompaniment moved, where it may be, and what was done in words."""
    drawn = float(np.random.default_rng([analogy.seed, turn, 4]).random())
    if not moves_accompaniment(analogy) or drawn >= share_moved(analogy):
        return analogy, []
    chords = chords_of(analogy.piece)
    key, seed = score_key(analogy.piece, chords), [analogy.seed, turn, 3]
    piece, notices = moved_under(analogy, chords, key, passage(analogy), seed)
    if analogy.level == Level.EASIER and level_of(piece) > level_of(analogy.piece):
        return analogy, []
    return replace(analogy, piece=piece), notices


def settled(answer: Variation, analogy: Analogy, notices: list[str]) -> Variation:
    """The answer to a question whose accompaniment was moved first, as an answer to the question itself."""
    if answer.analogy is analogy:
        return answer
    score = answer.score if len(analogy.piece.chords) else replace(answer.score, chords=analogy.piece.chords)
    measures = replace(answer.measures, distance=note_distance(score, analogy.piece))
    return replace(answer, score=score, analogy=analogy, measures=measures, notices=(*answer.notices, *notices))


def variation_of(plan: Plan, pitches: Pitches, weights: str) -> Variation:
    """The answer with these pitches in the plan's line, measured."""
    line = plan.line.copy()
    line["pitch"] = plan.pinned(pitches)
    compared = Comparison(line, plan.rhythm, plan.source, plan.chords, plan.start_beat, plan.end_beat)
    notices = (*plan.notices, *crossing_notices(plan.analogy, plan.rest, line))
    return _variation(plan.analogy, plan.answer(pitches), compared, notices, weights)


def _variation(
    analogy: Analogy, answer: Score, compared: Comparison, notices: tuple[str, ...], weights: str
) -> Variation:
    clefs = answer.signs.clefs if Feature.TEXTURE not in analogy.donors else PageSigns().clefs
    answer = replace(answer, signs=PageSigns(clefs=clefs), title=varied_title(analogy.piece), level=0)
    answer = replace(answer, composer=after(analogy.piece.composer))
    answer = answer.with_notes(fingers_in_place(answer.notes, analogy.piece.notes))
    return Variation(answer, analogy, measure(analogy.piece, answer, compared), weights, notices)


def choose_by_rule(plan: Plan, noise: float, rng: np.random.Generator) -> Pitches:
    """Pitches by the hand-set weights of `models.voice_leading`."""
    smooth = 1.0 if plan.analogy.level == Level.EASIER else 0.0
    return choose_pitches(plan, noise, rng, smooth=smooth)


def free_plan(analogy: Analogy, turn: int) -> Plan:
    """The plan where there is no donor: rhythm and curve of the piece, bent as far as ``strength`` says."""
    piece = analogy.piece
    start, end = passage(analogy)
    line = cut_overlaps(piece.notes[line_mask(piece, analogy.hand)])
    line = line[within(line, start, end)]
    if not len(line):
        return plan_line(analogy)
    seed, strength = [analogy.seed, turn], analogy.strength
    onsets, durations = line["onset_beat"], line["duration_beat"]
    if Feature.RHYTHM not in analogy.keep:
        onsets, durations = vary_rhythm(piece, line, strength, analogy.level, seed)
    curve = None if Feature.PITCH in analogy.keep else vary_curve(piece, line, strength, seed)
    return plan_line(analogy, onsets, durations, curve)
