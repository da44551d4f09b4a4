"""The coach: where it went wrong, which feature failed, and what to play next. Pure: values in, a `Step` out.

The rules, with their starting values (the design calls each a policy, not a law): one knob changes at a time, in the
order length, hands, tempo, guidance, analogue; tempo is a ladder with hysteresis (5 % up after two clean attempts, 9 %
down after two failed, never under half); between 80 % and 95 % of notes nothing changes; isolated slips have no name,
nor have small liberties where nearly all was right (`tutor.often`); little evidence is called little. The exercise
keeps the feature that failed and takes the others from music that the learner plays already, so that the difficulty is
the old one in new clothes. Guidance fades by itself with each pass (`tutor.fading`) unless the learner wants it
otherwise; what was led by a glove is put back only once it was clean without.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lessons.analogy import Feature
from lessons.bar_names import aside, bars_in_words, begun
from lessons.library.shelf import Piece
from lessons.percent import percent
from lessons.score import HAND_NAMES, Score
from tutor.analogue import analogies_for, hand_of
from tutor.circumstances import (
    again,
    another_height,
    another_octave,
    further,
    other_hand,
    steadily,
    waiting,
    with_the_beat,
)
from tutor.evidence import Evidence
from tutor.faults import moments
from tutor.ladder import CLEAN_TO_SPEED_UP, FAILED_TO_SLOW_DOWN, ladder
from tutor.learner import Learner
from tutor.often import often, telling
from tutor.passes import CLEAN_SHARE, FAILED_SHARE
from tutor.practice import Hands, PracticeSettings
from tutor.reasons import reason
from tutor.step import Knob, Step

CLEAN_TO_FADE, CLEAN_TO_GO_ON = 3, 2
LONGEST_PASSAGE = 4
ROUNDS = 3  # of a passage that must be clean in a row before it is put back
COUNTED = ("none", "one", "two", "three")
WARM = 0.5  # a neighbouring bar belongs to the passage from this share of the worst gravity on
FOREIGN_SHARE = 0.25  # with fewer notes right, another piece was played
ENOUGH_FAULTS = 4


def next_step(
    score: Score,
    evidence: Evidence,
    learner: Learner,
    settings: PracticeSettings,
    library: Sequence[Piece] = (),
    seed: int = 0,
) -> Step:
    """Choose what to play next after a take. ``learner`` already knows of this take."""
    if evidence.is_thin:
        return again(score, settings, evidence)
    if evidence.semitones_off:
        return another_height(score, evidence, settings)
    if evidence.is_octave_off:
        return another_octave(score, evidence, settings)
    if evidence.silent_hand and settings.hands is Hands.BOTH and not settings.one_line:
        return other_hand(score, evidence.silent_hand, settings)
    if evidence.hit_share < FOREIGN_SHARE:
        why = f"This did not sound like {score.title or 'this piece'}."
        advice = "Begin at the first bar, as slowly as you like."
        return Step(score, why, Knob.NOTHING, advice, settings, is_foreign=True)
    in_a_row = learner.clean_rounds(score.digest, settings) if settings.loop and settings.bars else None
    bars = None if in_a_row is not None and in_a_row >= rounds_for(settings) else worst_passage(evidence)
    if bars is None:
        return (
            waiting(score, evidence, settings)
            or with_the_beat(score, evidence, settings)
            or steadily(score, evidence, settings)
            or further(score, evidence, settings)
            or _round(score, evidence, settings, in_a_row)
            or _onward(score, evidence, settings, learner, in_a_row)
        )
    told = telling(evidence)
    feature = failed_feature(told.within(*bars))
    knob, advice, changed = _one_knob(score, evidence, learner, settings, bars)
    why = reason(score, bars, evidence, feature)
    context = (max(int(score.bars["number"][0]), bars[0] - 1), bars[1])
    analogies = analogies_for(score, bars, told, feature, settings, learner, library, seed)
    return Step(score, why, knob, advice, changed, bars, context, feature, analogies)


def worst_passage(evidence: Evidence) -> tuple[int, int] | None:
    """Where most went wrong: a hot bar with its warm neighbours, at most four; None where all were isolated slips.

    In a take that was nearly right, a bar is as hot as what has a name in it.
    """
    played = [bar for bar in telling(evidence).bars if bar.notes]
    named = {fault.bar for faults in often(evidence) for fault in faults if fault.kind != "skip"}
    hot = [bar for bar in played if bar.bar in named]
    if evidence.hit_share < CLEAN_SHARE:
        hot = [bar for bar in played if bar.slips > 1 or bar.bar in named] or [bar for bar in played if bar.slips]
    if not hot:
        return None
    gravities = {bar.bar: bar.gravity for bar in played}
    found = [_around(bar.bar, gravities) for bar in sorted(hot, key=lambda bar: (-bar.gravity, bar.bar))]
    return max(found, key=lambda bars: sum(gravities.get(bar, 0.0) for bar in range(bars[0], bars[1] + 1)))


def _around(bar: int, gravities: Mapping[int, float]) -> tuple[int, int]:
    """A bar with its warm neighbours, at most four bars."""
    first = last = bar
    least = WARM * gravities[bar]
    while last - first + 1 < LONGEST_PASSAGE:
        before, after = gravities.get(first - 1, 0.0), gravities.get(last + 1, 0.0)
        if max(before, after) < least or not max(before, after):
            break
        first, last = (first - 1, last) if before > after else (first, last + 1)
    return first, last


def failed_feature(evidence: Evidence) -> Feature:
    """The feature that failed most; pitch where the faults have no name or weigh the same."""
    weights = dict.fromkeys(Feature, 0.0)
    for fault in moments(evidence.faults):
        if fault.feature is not None:
            weights[fault.feature] += fault.weight
    return max(weights, key=lambda feature: weights[feature])


def _one_knob(
    score: Score, evidence: Evidence, learner: Learner, settings: PracticeSettings, bars: tuple[int, int]
) -> tuple[Knob, str, PracticeSettings]:
    """The first knob, in their order, that still can be turned."""
    first = max(int(score.bars["number"][0]), bars[0] - 1)
    wanted, now = (first, bars[1]), settings.bars
    if now is None or now[1] - now[0] > wanted[1] - wanted[0]:
        advice = f"Play only {bars_in_words(score, *wanted)}, again and again, until three times in a row are right."
        return Knob.LENGTH, advice, replace(settings, bars=wanted, loop=True)
    if evidence.hit_share >= FAILED_SHARE:
        return Knob.NOTHING, "Once more like this: it is nearly there.", settings
    if settings.hands is Hands.BOTH and (hand := _failing_hand(evidence)) is not None and not settings.one_line:
        name = HAND_NAMES[hand]
        return Knob.HANDS, f"Play it with the {name} hand alone.", replace(settings, hands=Hands(name))
    failed = learner.failed_streak(score.digest, settings)
    if (slower := ladder(settings.tempo_ratio, 0, failed)) < settings.tempo_ratio:
        advice = f"Take it at {percent(slower)} of the written tempo."
        return Knob.TEMPO, advice, replace(settings, tempo_ratio=slower)
    if failed >= FAILED_TO_SLOW_DOWN and settings.guidance < 4 and not settings.fade:
        return Knob.GUIDANCE, "Let yourself be shown more.", replace(settings, guidance=settings.guidance + 1)
    if failed >= FAILED_TO_SLOW_DOWN:
        return Knob.ANALOGUE, "Try the exercise first: it has the same difficulty in new surroundings.", settings
    return Knob.NOTHING, "Once more like this.", settings


def _failing_hand(evidence: Evidence) -> int | None:
    """The hand that nearly all faults belong to, where there are enough of them."""
    faults = [fault for fault in evidence.faults if fault.feature and fault.hand]
    return hand_of(faults) if len(faults) >= ENOUGH_FAULTS else None


def rounds_for(settings: PracticeSettings) -> int:
    """How many clean rounds in a row a passage takes before something changes: it goes faster, or is put back."""
    return ROUNDS if settings.tempo_ratio >= 1.0 else CLEAN_TO_SPEED_UP


def _round(score: Score, evidence: Evidence, settings: PracticeSettings, in_a_row: int | None) -> Step | None:
    """After rounds of a passage of which too few were clean in a row; None where enough were, or none was asked for."""
    if in_a_row is None or in_a_row >= rounds_for(settings):
        return None
    so_far = f"the last {COUNTED[in_a_row]} right" if in_a_row else "the last one not right yet"
    then = "it is put back" if settings.tempo_ratio >= 1.0 else "it goes a little faster"
    advice = f"Go on: {so_far}, and with {COUNTED[rounds_for(settings)]} in a row {then}."
    return Step(score, _well(score, evidence, settings), Knob.NOTHING, advice, settings)


def _well(score: Score, evidence: Evidence, settings: PracticeSettings, in_a_row: int = 0) -> str:
    """What went well, of the bars that were practised or of the piece."""
    where = begun(aside(bars_in_words(score, *settings.bars))) if settings.bars else "The piece"
    if in_a_row >= CLEAN_TO_SPEED_UP and not evidence.is_faultless:
        return f"{where} went right {in_a_row} times in a row."
    faults = "what went wrong was slight" if evidence.repeats else "no fault came twice"
    return f"{where} went without a fault." if evidence.is_faultless else f"{where} went well: {faults}."


def _onward(
    score: Score, evidence: Evidence, settings: PracticeSettings, learner: Learner, in_a_row: int | None
) -> Step:
    """After a clean take, or clean rounds ``in_a_row``: put the knobs back one at a time, the last turned first."""
    clean = learner.clean_streak(score.digest, settings) if in_a_row is None else in_a_row
    faster = ladder(settings.tempo_ratio, clean, 0)
    well = _well(score, evidence, settings, in_a_row or 0)
    if faster > settings.tempo_ratio:
        advice = f"A little faster: {percent(faster)} of the written tempo."
        return Step(score, well, Knob.TEMPO, advice, replace(settings, tempo_ratio=faster))
    if settings.tempo_ratio < 1.0:
        return Step(score, well, Knob.NOTHING, "Once more, to be sure; then a little faster.", settings)
    fading = learner.fading(score.digest, settings)
    if fading is not None and not fading.mastered:
        return Step(score, well, Knob.NOTHING, "Once more: what is clean twice without touch is yours.", settings)
    if settings.hands is not Hands.BOTH and not settings.one_line:
        return Step(score, well, Knob.HANDS, "Now both hands together.", replace(settings, hands=Hands.BOTH))
    if settings.bars is not None:
        whole = replace(settings, bars=None, loop=False)
        return Step(score, well, Knob.LENGTH, "Put it back: play the whole piece.", whole)
    if clean >= CLEAN_TO_FADE and settings.guidance > 0 and not settings.fade:
        fewer = replace(settings, guidance=settings.guidance - 1)
        return Step(score, well, Knob.GUIDANCE, "With fewer cues this time.", fewer)
    over = clean >= CLEAN_TO_GO_ON
    advice = "Play it again from memory, or choose a new piece." if over else "Once more, from memory if you can."
    return Step(score, well, Knob.NOTHING, advice, settings, is_over=over)
