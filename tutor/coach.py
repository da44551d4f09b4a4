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
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from lessons.analogy import Analogy, Feature
from lessons.bar_names import aside, bar_in_words, bars_in_words, begun, told_range
from lessons.library.shelf import Piece
from lessons.score import HAND_NAMES, Score
from tutor.analogue import analogies_for, hand_of
from tutor.evidence import Evidence, moments
from tutor.learner import Learner
from tutor.often import often, telling
from tutor.passes import CLEAN_SHARE, FAILED_SHARE
from tutor.practice import Hands, Mode, PracticeSettings
from tutor.reasons import SAID, gaps_in_words, height_in_words, reason, whose_hand

UP, DOWN, SLOWEST = 1.05, 0.91, 0.5
CLEAN_TO_SPEED_UP, FAILED_TO_SLOW_DOWN, CLEAN_TO_FADE, CLEAN_TO_GO_ON = 2, 2, 3, 2
LONGEST_PASSAGE = 4
ROUNDS = 3  # of a passage that must be clean in a row before it is put back
COUNTED = ("none", "one", "two", "three")
WARM = 0.5  # a neighbouring bar belongs to the passage from this share of the worst gravity on
WAITS_TO_STAY = 1 / 8  # of the notes: a score that waits is for finding the keys, and left soon
FOREIGN_SHARE = 0.25  # with fewer notes right, another piece was played
ENOUGH_FAULTS = 4
FURTHER_BARS = 8
CHANGED = "tempo changed"


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
    """What to do next: ``settings`` for the passage itself, and the ``analogies`` to ask for an exercise made from it,
    the best first (`tutor.analogue`).

    ``bars`` is the worst passage and ``context`` the same with the bar before, from which it is rejoined; both None
    where there is no such passage. ``reason`` is for the learner; ``advice`` says what changes.
    ``is_foreign``: what was played was hardly this piece, so nobody tells its mistakes. ``is_over``: nothing is left to
    do here; who knows the shelf says where to go on (`tutor.onward`), perhaps with another ``score``.
    """

    score: Score
    reason: str
    knob: Knob
    advice: str
    settings: PracticeSettings
    bars: tuple[int, int] | None = None
    context: tuple[int, int] | None = None
    feature: Feature | None = None
    analogies: tuple[Analogy, ...] = ()
    is_foreign: bool = False
    is_over: bool = False

    @property
    def analogy(self) -> Analogy | None:
        """What is asked first; None where no exercise is."""
        return self.analogies[0] if self.analogies else None

    def as_json(self) -> dict[str, Any]:
        """The step as plain JSON values; ``analogy`` without the weights that will answer it."""
        return {
            "piece": {"title": self.score.title, "digest": self.score.digest},
            "bars": list(self.bars) if self.bars else None,
            "reason": self.reason,
            "feature": self.feature,
            "analogy": self.analogy.provenance("") if self.analogy else None,
            "knob": self.knob,
            "advice": self.advice,
            "settings": self.settings.named(self.score),
        } | told_range(self.score, self.bars)


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
    if evidence.semitones_off:
        return _another_height(score, evidence, settings)
    if evidence.is_octave_off:
        return _another_octave(score, evidence, settings)
    if evidence.silent_hand and settings.hands is Hands.BOTH and not settings.one_line:
        return _other_hand(score, evidence.silent_hand, settings)
    if evidence.hit_share < FOREIGN_SHARE:
        why = f"This did not sound like {score.title or 'this piece'}."
        advice = "Begin at the first bar, as slowly as you like."
        return Step(score, why, Knob.NOTHING, advice, settings, is_foreign=True)
    in_a_row = learner.clean_rounds(score.digest, settings) if settings.loop and settings.bars else 0
    bars = worst_passage(evidence) if in_a_row < rounds_for(settings) else None
    if bars is None:
        return (
            _waiting(score, evidence, settings)
            or _with_the_beat(score, evidence, settings)
            or _steadily(score, evidence, settings)
            or _further(score, evidence, settings)
            or _round(score, evidence, settings, in_a_row)
            or _onward(score, evidence, settings, learner)
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


def ladder(ratio: float, clean: int, failed: int) -> float:
    """The next tempo ratio: up after two clean attempts in a row, down after two failed, else the same."""
    if clean >= CLEAN_TO_SPEED_UP and ratio < 1.0:
        return min(1.0, round(ratio * UP, 3))
    if failed >= FAILED_TO_SLOW_DOWN:
        return max(min(SLOWEST, ratio), round(ratio * DOWN, 3))
    return ratio


def _again(score: Score, settings: PracticeSettings, evidence: Evidence) -> Step:
    count = f"{evidence.notes} note{'' if evidence.notes == 1 else 's'}"
    why = f"Only {count} to judge by so far: too few to say what to practise."
    return Step(score, why, Knob.NOTHING, "Play a little more of it.", settings)


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
        advice = f"Take it at {round(100 * slower)} % of the written tempo."
        return Knob.TEMPO, advice, replace(settings, tempo_ratio=slower)
    if failed >= FAILED_TO_SLOW_DOWN and settings.guidance < 4 and not settings.fade:
        return Knob.GUIDANCE, "Let yourself be shown more.", replace(settings, guidance=settings.guidance + 1)
    if failed >= FAILED_TO_SLOW_DOWN:
        return Knob.ANALOGUE, "Try the exercise first: it has the same difficulty in other notes.", settings
    return Knob.NOTHING, "Once more like this.", settings


def _failing_hand(evidence: Evidence) -> int | None:
    """The hand that nearly all faults belong to, where there are enough of them."""
    faults = [fault for fault in evidence.faults if fault.feature and fault.hand]
    return hand_of(faults) if len(faults) >= ENOUGH_FAULTS else None


def _another_octave(score: Score, evidence: Evidence, settings: PracticeSettings) -> Step:
    if settings.one_line:
        why = "The notes were right but an octave off."
        return Step(score, why, Knob.NOTHING, "Play it again an octave away.", settings)
    whose = whose_hand(fault for fault in evidence.faults if fault.kind == "octave")
    why = f"The notes were right but an octave off: {whose} lay too high or too low."
    return Step(score, why, Knob.NOTHING, f"Move {whose} by an octave, and play it again.", settings)


def _another_height(score: Score, evidence: Evidence, settings: PracticeSettings) -> Step:
    why = f"You played it {height_in_words(evidence.semitones_off)}; the rest is judged as if it had been right."
    if evidence.semitones_off % 12:
        advice = "Set the transposition of your keyboard back to nothing, or move your hands, and play it again."
    else:
        advice = "Move your hands, or set the octave of your keyboard back, and play it again."
    return Step(score, why, Knob.NOTHING, advice, settings)


def _other_hand(score: Score, silent: str, settings: PracticeSettings) -> Step:
    """After a take of one hand alone: the other one, before both."""
    played = next(str(hand) for hand in (Hands.LEFT, Hands.RIGHT) if hand != silent)
    advice = f"Now the {silent} hand alone; then both together."
    settings = replace(settings, hands=Hands(silent))
    return Step(score, f"You played the {played} hand alone.", Knob.HANDS, advice, settings)


def _waiting(score: Score, evidence: Evidence, settings: PracticeSettings) -> Step | None:
    """After a take for which the score waited: without that, once it hardly had to; None where it did not wait."""
    if settings.mode is not Mode.WAIT:
        return None
    if evidence.waits > WAITS_TO_STAY * evidence.notes:
        why = f"The score stood still for you {evidence.waits} times in {evidence.notes} notes."
        return Step(score, why, Knob.NOTHING, "Once more like this; then without waiting.", settings)
    why = "You found the keys with hardly a stop."
    advice = "Now it does not wait any more: lead it yourself, in time."
    return Step(score, why, Knob.GUIDANCE, advice, replace(settings, mode=Mode.FOLLOW))


def _with_the_beat(score: Score, evidence: Evidence, settings: PracticeSettings) -> Step | None:
    """After a take that did not keep with the beat: a slower one for who was behind it; None where it kept."""
    if (off := evidence.off_beat) is None:
        return None
    if not off.is_behind:
        advice = "Once more, and listen to the beat: let it come to you."
        return Step(score, off.in_words(score), Knob.NOTHING, advice, replace(settings, metronome=True))
    slower = max(min(SLOWEST, settings.tempo_ratio), round(settings.tempo_ratio * min(off.pace, DOWN), 2))
    advice = f"Take it at {round(100 * slower)} % of the written tempo, and stay with the beat."
    return Step(score, off.in_words(score), Knob.TEMPO, advice, replace(settings, tempo_ratio=slower))


def _steadily(score: Score, evidence: Evidence, settings: PracticeSettings) -> Step | None:
    """After a take whose tempo ran away; None where it did not."""
    if not evidence.drift:
        return None
    how = SAID[evidence.drift] + f" in {bar_in_words(score, evidence.drift_bar)}" * (evidence.drift == CHANGED)
    why = f"The notes were right, but {how}."
    return Step(score, why, Knob.NOTHING, "Once more, with the metronome.", replace(settings, metronome=True))


def _further(score: Score, evidence: Evidence, settings: PracticeSettings) -> Step | None:
    """After a take without a fault that left bars out: on from where it stopped; None where nothing was left out."""
    first, last = settings.bars or (int(score.bars["number"][0]), int(score.bars["number"][-1]))
    gaps = [(max(first, start), min(last, end)) for start, end in evidence.gaps if start <= last and first <= end]
    if not gaps:
        return None
    start, end = gaps[0]
    begins, ends = max(first, start - 1), min(end, start + FURTHER_BARS - 1)
    why = f"What you played went well; {gaps_in_words(score, gaps)} not played."
    advice = f"Go on from there: {bars_in_words(score, begins, ends)}."
    return Step(score, why, Knob.LENGTH, advice, replace(settings, bars=(begins, ends), loop=False))


def rounds_for(settings: PracticeSettings) -> int:
    """How many clean rounds in a row a passage takes before something changes: it goes faster, or is put back."""
    return ROUNDS if settings.tempo_ratio >= 1.0 else CLEAN_TO_SPEED_UP


def _round(score: Score, evidence: Evidence, settings: PracticeSettings, in_a_row: int) -> Step | None:
    """After rounds of a passage of which too few were clean in a row; None where enough were, or none was asked for."""
    if not settings.loop or settings.bars is None or in_a_row >= rounds_for(settings):
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


def _onward(score: Score, evidence: Evidence, settings: PracticeSettings, learner: Learner) -> Step:
    """After a clean take: put the knobs back one at a time, the last turned first."""
    looped = settings.loop and settings.bars is not None
    clean = (learner.clean_rounds if looped else learner.clean_streak)(score.digest, settings)
    faster = ladder(settings.tempo_ratio, clean, 0)
    well = _well(score, evidence, settings, clean if looped else 0)
    if faster > settings.tempo_ratio:
        advice = f"A little faster: {round(100 * faster)} % of the written tempo."
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
