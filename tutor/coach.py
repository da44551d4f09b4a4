"""The coach: where it went wrong, which feature failed, and what to play next. Pure: values in, a `Step` out.

The rules, with their starting values (the design calls each a policy, not a law): one knob changes at a time, in the
order length, hands, tempo, guidance, analogue; tempo is a ladder with hysteresis (5 % up after two clean attempts, 9 %
down after two failed, never under half); between 80 % and 95 % of notes nothing changes; isolated slips have no name;
little evidence is called little. The exercise keeps the feature that failed and takes the others from music that the
learner plays already, so that the difficulty is the old one in new clothes. Guidance fades by itself with each pass
(`tutor.fading`) unless the learner wants it otherwise; what was led by a glove is put back only once it was clean
without.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from lessons.analogy import Analogy, Composer, Feature
from lessons.errors import InputError, TutorError
from lessons.exercise import Exercise, bars_in_words, excerpt
from lessons.library.shelf import Piece
from lessons.score import HAND_NAMES, LEFT, RIGHT, Score
from tutor.evidence import Evidence
from tutor.learner import Learner
from tutor.passes import CLEAN_SHARE, FAILED_SHARE
from tutor.practice import Hands, PracticeSettings
from tutor.reasons import reason

UP, DOWN, SLOWEST = 1.05, 0.91, 0.5
CLEAN_TO_SPEED_UP, FAILED_TO_SLOW_DOWN, CLEAN_TO_FADE = 2, 2, 3
LONGEST_PASSAGE = 4
WARM = 0.5  # a neighbouring bar belongs to the passage from this share of the worst gravity on
FOREIGN_SHARE = 0.25  # with fewer notes right, another piece was played
ONE_HAND_SHARE, ENOUGH_FAULTS = 0.8, 4
FURTHER_BARS = 8
CHANGED: dict[Feature, Feature] = {
    Feature.RHYTHM: Feature.PITCH,
    Feature.PITCH: Feature.RHYTHM,
    Feature.CHORDS: Feature.TEXTURE,
    Feature.TEXTURE: Feature.CHORDS,
}
"""What is taken from elsewhere when a feature failed and is kept."""


class Knob(StrEnum):
    """The one thing that changes for the next attempt."""

    NOTHING = "nothing"
    LENGTH = "length"
    HANDS = "hands"
    TEMPO = "tempo"
    GUIDANCE = "guidance"
    ANALOGUE = "analogue"


@dataclass(frozen=True, eq=False)
class Step:
    """What to do next: ``settings`` for the passage itself, and the ``analogy`` for an exercise made from it.

    ``bars`` is the worst passage and ``context`` the same with the bar before, from which it is rejoined; both None
    where there is no such passage. ``reason`` is for the learner; ``advice`` says what changes.
    """

    score: Score
    reason: str
    knob: Knob
    advice: str
    settings: PracticeSettings
    bars: tuple[int, int] | None = None
    context: tuple[int, int] | None = None
    feature: Feature | None = None
    analogy: Analogy | None = None

    def as_json(self) -> dict[str, Any]:
        """The step as plain JSON values; ``analogy`` without the weights that will answer it."""
        return {
            "bars": list(self.bars) if self.bars else None,
            "reason": self.reason,
            "feature": self.feature,
            "analogy": self.analogy.provenance("") if self.analogy else None,
            "knob": self.knob,
            "advice": self.advice,
            "settings": self.settings.as_json(),
        }


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
        return _again(score, settings, evidence)
    if evidence.is_octave_off:
        return _another_octave(score, evidence, settings)
    if evidence.hit_share < FOREIGN_SHARE:
        why = f"This did not sound like {score.title or 'this piece'}."
        return Step(score, why, Knob.NOTHING, "Begin at the first bar, as slowly as you like.", settings)
    bars = worst_passage(evidence)
    if bars is None:
        return (
            _steadily(score, evidence, settings)
            or _further(score, evidence, settings)
            or _onward(score, settings, learner)
        )
    feature = failed_feature(evidence.within(*bars))
    knob, advice, changed = _one_knob(score, evidence, learner, settings, bars)
    why = reason(score, bars, evidence, feature)
    context = (max(int(score.bars["number"][0]), bars[0] - 1), bars[1])
    analogy = analogy_for(score, bars, feature, learner, library, seed)
    return Step(score, why, knob, advice, changed, bars, context, feature, analogy)


def worst_passage(evidence: Evidence) -> tuple[int, int] | None:
    """The gravest bar with its warm neighbours, at most four bars; None where there were only isolated slips."""
    hot = [bar for bar in evidence.bars if bar.slips > 1]
    if not hot and evidence.hit_share < CLEAN_SHARE:
        hot = [bar for bar in evidence.bars if bar.slips]
    if not hot:
        return None
    gravities = {bar.bar: bar.gravity for bar in evidence.bars}
    first = last = max(hot, key=lambda bar: (bar.gravity, -bar.bar)).bar
    least = WARM * gravities[first]
    while last - first + 1 < LONGEST_PASSAGE:
        before, after = gravities.get(first - 1, 0.0), gravities.get(last + 1, 0.0)
        if max(before, after) < least:
            break
        first, last = (first - 1, last) if before > after else (first, last + 1)
    return first, last


def failed_feature(evidence: Evidence) -> Feature:
    """The feature that failed most; pitch where the faults have no name or weigh the same."""
    weights = dict.fromkeys(Feature, 0.0)
    for fault in evidence.faults:
        if fault.feature is not None:
            weights[fault.feature] += fault.weight
    return max(weights, key=lambda feature: weights[feature])


def ladder(ratio: float, clean: int, failed: int) -> float:
    """The next tempo ratio: up after two clean attempts in a row, down after two failed, else the same."""
    if clean >= CLEAN_TO_SPEED_UP and ratio < 1.0:
        return min(1.0, round(ratio * UP, 3))
    if failed >= FAILED_TO_SLOW_DOWN:
        return max(min(SLOWEST, ratio), round(ratio * DOWN, 3))
    return ratio


def analogy_for(
    score: Score,
    bars: tuple[int, int],
    feature: Feature,
    learner: Learner,
    library: Sequence[Piece] = (),
    seed: int = 0,
) -> Analogy:
    """Keep the feature that failed; take another from a piece that the learner plays, else from the library."""
    donor = choose_donor(score, learner, library)
    if donor is None:
        return Analogy(score, keep=frozenset({feature}), bars=bars, seed=seed)
    return Analogy(score, {CHANGED[feature]: donor}, frozenset({feature}), bars, seed=seed)


def choose_donor(score: Score, learner: Learner, library: Sequence[Piece]) -> Score | None:
    """A piece of the same metre, another after each attempt: one that the learner plays if any, and none harder."""
    played = learner.plays()
    metre = "{}/{}".format(*score.metre_at(0.0))
    fitting = [piece for piece in library if piece.metre == metre and piece.title != score.title]
    known = sorted((piece for piece in fitting if piece.title in played), key=lambda piece: played.index(piece.title))
    easy = [piece for piece in fitting if not score.level or piece.level <= score.level]
    pool = known or easy or fitting
    if not pool:
        return None
    try:
        return pool[len(learner.attempts) % len(pool)].score()
    except InputError:
        return None


def exercise(step: Step, composer: Callable[[], Composer] | None) -> Exercise | None:
    """Have the step's exercise made; where the composer is absent, does not load or fails, the passage as written.

    None where the step asks for the whole piece. A composer that fails with a donor is asked once more without one.
    """
    if step.bars is None or step.context is None:
        return None
    notices: list[str] = []
    for analogy in _questions(step.analogy) if composer and step.analogy else ():
        try:
            variation = composer().vary(analogy)[0]  # type: ignore[misc]
            title = f"After {step.score.title or 'the piece'}, {bars_in_words(*step.bars)}"
            score = excerpt(variation.score, *step.context, title=title)
            return Exercise(score, step.score, step.context, step.reason, step.feature, variation, variation.notices)
        except TutorError as error:
            notices.append(str(error))
    score = excerpt(step.score, *step.context)
    return Exercise(score, step.score, step.context, step.reason, step.feature, None, tuple(notices))


def _questions(analogy: Analogy) -> tuple[Analogy, ...]:
    return (analogy, replace(analogy, donors={})) if analogy.donors else (analogy,)


def _again(score: Score, settings: PracticeSettings, evidence: Evidence) -> Step:
    count = evidence.notes
    why = f"Only {count} note{'' if count == 1 else 's'} to judge by so far: too few to say what to practise."
    return Step(score, why, Knob.NOTHING, "Play a little more of it.", settings)


def _one_knob(
    score: Score, evidence: Evidence, learner: Learner, settings: PracticeSettings, bars: tuple[int, int]
) -> tuple[Knob, str, PracticeSettings]:
    """The first knob, in their order, that still can be turned."""
    first = max(int(score.bars["number"][0]), bars[0] - 1)
    wanted, now = (first, bars[1]), settings.bars
    if now is None or now[1] - now[0] > wanted[1] - wanted[0]:
        advice = f"Play only {bars_in_words(*wanted)}, again and again, until three times in a row are right."
        return Knob.LENGTH, advice, replace(settings, bars=wanted, loop=True)
    if evidence.hit_share >= FAILED_SHARE:
        return Knob.NOTHING, "Once more like this: it is nearly there.", settings
    hand = _failing_hand(evidence)
    if settings.hands is Hands.BOTH and hand is not None:
        name = HAND_NAMES[hand]
        return Knob.HANDS, f"Play it with the {name} hand alone.", replace(settings, hands=Hands(name))
    failed = learner.failed_streak(score.digest, settings)
    slower = ladder(settings.tempo_ratio, 0, failed)
    if slower < settings.tempo_ratio:
        advice = f"Take it at {round(100 * slower)} % of the written tempo."
        return Knob.TEMPO, advice, replace(settings, tempo_ratio=slower)
    if failed >= FAILED_TO_SLOW_DOWN and settings.guidance < 4 and not settings.fade:
        return Knob.GUIDANCE, "Let yourself be shown more.", replace(settings, guidance=settings.guidance + 1)
    if failed >= FAILED_TO_SLOW_DOWN:
        return Knob.ANALOGUE, "Try the exercise first: it has the same difficulty in other notes.", settings
    return Knob.NOTHING, "Once more like this.", settings


def _failing_hand(evidence: Evidence) -> int | None:
    """The hand that nearly all faults belong to, where there are enough of them."""
    faults = [fault.hand for fault in evidence.faults if fault.feature and fault.hand]
    for hand in (LEFT, RIGHT):
        if len(faults) >= ENOUGH_FAULTS and faults.count(HAND_NAMES[hand]) >= ONE_HAND_SHARE * len(faults):
            return hand
    return None


def _another_octave(score: Score, evidence: Evidence, settings: PracticeSettings) -> Step:
    hands = {fault.hand for fault in evidence.faults if fault.kind == "octave"}
    whose = f"your {hand} hand" if len(hands) == 1 and (hand := next(iter(hands))) else "your hands"
    why = f"The notes were right but an octave off: {whose} lay too high or too low."
    return Step(score, why, Knob.NOTHING, f"Move {whose} by an octave, and play it again.", settings)


def _steadily(score: Score, evidence: Evidence, settings: PracticeSettings) -> Step | None:
    """After a take whose tempo ran away; None where it did not."""
    if not evidence.drift:
        return None
    how = "faster and faster" if evidence.drift == "rushing" else "slower and slower"
    why = f"The notes were right, but you grew {how}."
    return Step(score, why, Knob.NOTHING, "Once more, with the metronome.", replace(settings, metronome=True))


def _further(score: Score, evidence: Evidence, settings: PracticeSettings) -> Step | None:
    """After a take without a fault that left bars out: on from where it stopped; None where nothing was left out."""
    first, last = settings.bars or (int(score.bars["number"][0]), int(score.bars["number"][-1]))
    left = [bar for bar in evidence.unplayed if first <= bar <= last]
    if not left:
        return None
    end = next((bar for bar in left if bar + 1 not in left), left[-1])
    begins, ends = max(first, left[0] - 1), min(end, left[0] + FURTHER_BARS - 1)
    why = f"What you played went well; {bars_in_words(left[0], end)} {'was' if left[0] == end else 'were'} not played."
    advice = f"Go on from there: {bars_in_words(begins, ends)}."
    return Step(score, why, Knob.LENGTH, advice, replace(settings, bars=(begins, ends), loop=False))


def _onward(score: Score, settings: PracticeSettings, learner: Learner) -> Step:
    """After a clean take: put the knobs back one at a time, the last turned first."""
    clean = learner.clean_streak(score.digest, settings)
    faster = ladder(settings.tempo_ratio, clean, 0)
    where = bars_in_words(*settings.bars).capitalize() if settings.bars else "The piece"
    well = f"{where} went well: no fault came twice."
    if faster > settings.tempo_ratio:
        advice = f"A little faster: {round(100 * faster)} % of the written tempo."
        return Step(score, well, Knob.TEMPO, advice, replace(settings, tempo_ratio=faster))
    if settings.tempo_ratio < 1.0:
        return Step(score, well, Knob.NOTHING, "Once more, to be sure; then a little faster.", settings)
    fading = learner.fading(score.digest, settings)
    if fading is not None and not fading.mastered:
        return Step(score, well, Knob.NOTHING, "Once more: what is clean twice without touch is yours.", settings)
    if settings.hands is not Hands.BOTH:
        return Step(score, well, Knob.HANDS, "Now both hands together.", replace(settings, hands=Hands.BOTH))
    if settings.bars is not None:
        advice = "Put it back: play the whole piece."
        return Step(score, well, Knob.LENGTH, advice, replace(settings, bars=None, loop=False))
    if clean >= CLEAN_TO_FADE and settings.guidance > 0 and not settings.fade:
        fewer = replace(settings, guidance=settings.guidance - 1)
        return Step(score, well, Knob.GUIDANCE, "With fewer cues this time.", fewer)
    return Step(score, well, Knob.NOTHING, "Play it again from memory, or choose a new piece.", settings)
