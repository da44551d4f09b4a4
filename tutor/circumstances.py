"""What comes before the practice of a passage: too few notes, another octave, one hand, the beat, bars left out. Pure.

Each gives the step for its case; those that may not be the case give None.
"""

from __future__ import annotations

from dataclasses import replace

from lessons.bar_names import bar_in_words, bars_in_words, begun
from lessons.percent import percent
from lessons.score import Score
from tutor.evidence import Evidence
from tutor.ladder import DOWN, SLOWEST
from tutor.practice import Hands, Mode, PracticeSettings
from tutor.reasons import SAID, gaps_in_words, height_off_in_words, whose_hand
from tutor.step import Knob, Step

WAITS_TO_STAY = 1 / 8  # of the notes: a score that waits is for finding the keys, and left soon
FURTHER_BARS = 8
CHANGED = "tempo changed"


def again(score: Score, settings: PracticeSettings, evidence: Evidence) -> Step:
    """After a few notes of many: more of them."""
    count = f"{evidence.notes} note{'' if evidence.notes == 1 else 's'}"
    why = f"Only {count} to judge by so far: too few to say what to practise."
    return Step(score, why, Knob.NOTHING, "Play a little more of it.", settings)


def another_octave(score: Score, evidence: Evidence, settings: PracticeSettings) -> Step:
    """After a hand that lay an octave off: the same in its octave."""
    if settings.one_line:
        why = "The notes were right but an octave off."
        return Step(score, why, Knob.NOTHING, "Play it again an octave away.", settings)
    whose = whose_hand(fault for fault in evidence.faults if fault.kind == "octave")
    why = f"The notes were right but an octave off: {whose} lay too high or too low."
    return Step(score, why, Knob.NOTHING, f"Move {whose} by an octave, and play it again.", settings)


def another_height(score: Score, evidence: Evidence, settings: PracticeSettings) -> Step:
    """After keys that all lay too high or too low: the same with the keyboard set right."""
    why = f"{begun(height_off_in_words(evidence))}; the rest is judged as if it had been right."
    if evidence.semitones_off % 12:
        advice = "Set the transposition of your keyboard back to nothing, or move your hands, and play it again."
    else:
        advice = "Move your hands, or set the octave of your keyboard back, and play it again."
    return Step(score, why, Knob.NOTHING, advice, settings)


def other_hand(score: Score, silent: str, settings: PracticeSettings) -> Step:
    """After a take of one hand alone: the other one, before both."""
    played = next(str(hand) for hand in (Hands.LEFT, Hands.RIGHT) if hand != silent)
    advice = f"Now the {silent} hand alone; then both together."
    settings = replace(settings, hands=Hands(silent))
    return Step(score, f"You played the {played} hand alone.", Knob.HANDS, advice, settings)


def waiting(score: Score, evidence: Evidence, settings: PracticeSettings) -> Step | None:
    """After a take for which the score waited: without that, once it hardly had to; None where it did not wait."""
    if settings.mode is not Mode.WAIT:
        return None
    if evidence.waits > WAITS_TO_STAY * evidence.notes:
        why = f"The score stood still for you {evidence.waits} times in {evidence.notes} notes."
        return Step(score, why, Knob.NOTHING, "Once more like this; then without waiting.", settings)
    why = "You found the keys with hardly a stop."
    advice = "Now it does not wait any more: lead it yourself, in time."
    return Step(score, why, Knob.GUIDANCE, advice, replace(settings, mode=Mode.FOLLOW))


def with_the_beat(score: Score, evidence: Evidence, settings: PracticeSettings) -> Step | None:
    """After a take that did not keep with the beat: a slower one for who was behind it; None where it kept."""
    if (off := evidence.off_beat) is None:
        return None
    if not off.is_behind:
        advice = "Once more, and listen to the beat: let it come to you."
        return Step(score, off.in_words(score), Knob.NOTHING, advice, replace(settings, metronome=True))
    slower = max(min(SLOWEST, settings.tempo_ratio), round(settings.tempo_ratio * min(off.pace, DOWN), 2))
    advice = f"Take it at {percent(slower)} of the written tempo, and stay with the beat."
    return Step(score, off.in_words(score), Knob.TEMPO, advice, replace(settings, tempo_ratio=slower))


def steadily(score: Score, evidence: Evidence, settings: PracticeSettings) -> Step | None:
    """After a take whose tempo ran away; None where it did not."""
    if not evidence.drift:
        return None
    how = SAID[evidence.drift] + f" in {bar_in_words(score, evidence.drift_bar)}" * (evidence.drift == CHANGED)
    why = f"The notes were right, but {how}."
    return Step(score, why, Knob.NOTHING, "Once more, with the metronome.", replace(settings, metronome=True))


def further(score: Score, evidence: Evidence, settings: PracticeSettings) -> Step | None:
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
