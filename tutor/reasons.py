"""What went wrong and what went well in a passage, in the plain words of a teacher.

One sentence names the fault that mattered most and how often it came; the next names what was right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from lessons.analogy import Feature
from lessons.bar_names import aside, bar_in_words, bars_in_words, begun, listed
from lessons.percent import percent
from lessons.score import Score
from tutor.assessing.mistake import Degree
from tutor.evidence import Evidence
from tutor.faults import KEY_KINDS, TIME_KINDS, Fault, moments
from tutor.often import often, telling

TIMES = ("never", "once", "twice", "three times", "four times", "five times", "six times", "seven times", "eight times")
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SAID = {
    "wrong": "a wrong note was struck {times}",
    "octave": "notes were right but an octave off, {times}",
    "neighbour": "the key next to the right one was struck {times}",
    "extra": "a note that is not written was struck {times}",
    "corrected": "you struck a wrong note and put it right {times}",
    "missed": "a note was left out {times}",
    "missing": "a note was left out {times}",
    "early": "the {rhythm} came early {times}",
    "late": "the {rhythm} came late {times}",
    "too short": "the {rhythm} were let go too soon {times}",
    "too long": "the {rhythm} were held too long {times}",
    "uneven": "the {rhythm} were uneven {times}",
    "hesitation": "there was a pause {times}",
    "restart": "you broke off and began again {times}",
    "skip": "you went on from elsewhere {times}",
    "hands apart": "the hands did not come together {times}",
    "slower": "you played slower here than elsewhere",
    "dynamics": "a note was far louder or softer than the others {times}",
    "rushing": "you grew faster and faster",
    "dragging": "you grew slower and slower",
    "tempo changed": "the tempo changed",
}
IN_CHORD = {
    "wrong": "a wrong note was struck in a chord {times}",
    "neighbour": "in a chord, the key next to the right one was struck {times}",
    "missed": "a note of a chord was left out {times}",
    "missing": "a note of a chord was left out {times}",
}
SEVERAL = {
    "wrong": "{number} wrong notes were struck",
    "extra": "{number} notes that are not written were struck",
    "missed": "{number} notes were left out",
    "missing": "{number} notes were left out",
    "dynamics": "{number} notes were far louder or softer than the others",
}  # where each was another note, and not the same one again
SEVERAL_IN_CHORDS = {
    "wrong": "{number} wrong notes were struck in {chords}",
    "missed": "{number} notes of {chords} were left out",
    "missing": "{number} notes of {chords} were left out",
}
MOST_GAPS = 3
PLAIN_RHYTHMS = {4.0: "whole notes", 2.0: "half notes", 1.0: "quarter notes", 0.5: "eighth notes", 0.25: "sixteenths"}


def in_times(count: int) -> str:
    """How often, in words."""
    return TIMES[count] if count < len(TIMES) else f"{count} times"


def number_in_words(count: int) -> str:
    """How many, in words as far as they are short."""
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def rhythm_in_words(score: Score, onset_beats: Iterable[float]) -> tuple[str, bool]:
    """The rhythm at these places, and whether it is one word in the plural: (dotted rhythm, False)."""
    gaps = _gaps(score)
    near = [gaps[place] for place in {round(beat, 3) for beat in onset_beats} if place in gaps]
    if any(_is_dotted(gap) for around in near for gap in around):
        return "dotted rhythm", False
    after = [gap for _, gap in near]
    if any(_is_triplet(gap) for gap in after):
        return "triplets", True
    common = Counter(PLAIN_RHYTHMS.get(gap, "notes") for gap in after).most_common(1)
    return (common[0][0], True) if common else ("notes", True)


def gaps_in_words(score: Score, gaps: Sequence[tuple[int, int]]) -> str:
    """What was not played, with its verb: "bars 4–6 and bar 9 were"; many gaps are counted out no further."""
    names = [bars_in_words(score, *gap) for gap in gaps[:MOST_GAPS]] + ["others"] * (len(gaps) > MOST_GAPS)
    return f"{listed(names, goes_on=True)} {'was' if len(names) == 1 and gaps[0][0] == gaps[0][1] else 'were'}"


def height_in_words(semitones: int) -> str:
    """How much too high all of it lay, or too low: "an octave too high"."""
    octaves, rest = divmod(abs(semitones), 12)
    if rest:
        size = "a semitone" if abs(semitones) == 1 else f"{abs(semitones)} semitones"
    else:
        size = "an octave" if octaves == 1 else f"{octaves} octaves"
    return f"{size} too {'high' if semitones > 0 else 'low'}"


def fault_in_words(score: Score, faults: list[Fault]) -> str:
    """Faults of one kind as a clause: "the dotted rhythm came early four times", "two notes were left out"."""
    kind, count = faults[0].kind, len(moments(faults))
    times = in_times(count)
    if count == 1 and faults[0].to_bar is not None:
        return _jump_in_words(score, faults[0], faults[0].to_bar)
    if kind == "hesitation" and all(fault.degree is Degree.GRAVE for fault in faults):
        return f"the music stopped {times}".removesuffix(" once")
    in_chords = kind in IN_CHORD and all(fault.feature is Feature.CHORDS for fault in faults)
    if kind in SEVERAL and count > 1 and _are_others(faults):
        chords = "a chord" if len({fault.onset_beat for fault in faults}) == 1 else "chords"
        several = SEVERAL_IN_CHORDS if in_chords else SEVERAL
        return several[kind].format(number=number_in_words(count), chords=chords)
    words = IN_CHORD if in_chords else SAID
    rhythm, plural = rhythm_in_words(score, (fault.onset_beat for fault in faults))
    said = words.get(kind, kind + " {times}")
    said = said if plural or "{rhythm}" not in said else said.replace(" were ", " was ")
    said = said.format(rhythm=rhythm, times=times)
    return said.removesuffix(" once") if kind in ("hesitation", "restart") else said


def _are_others(faults: Iterable[Fault]) -> bool:
    """Whether these faults are of as many notes: none of them came again in another time through its place."""
    passes: dict[float, set[int]] = {}
    for fault in faults:
        passes.setdefault(round(fault.onset_beat, 3), set()).add(fault.pass_index)
    return all(len(found) == 1 for found in passes.values())


def _jump_in_words(score: Score, fault: Fault, to_bar: int) -> str:
    """Where somebody broke off once and where they went on."""
    if to_bar == fault.bar:
        return "you broke off and began the bar again"
    way = "went back to" if fault.kind == "restart" else "went on from"
    return f"you broke off and {way} {bar_in_words(score, to_bar)}"


def whose_hand(faults: Iterable[Fault]) -> str:
    """Whose faults they are, to the learner: one hand or both."""
    hands = {fault.hand for fault in faults}
    return f"your {hand} hand" if len(hands) == 1 and (hand := next(iter(hands))) else "your hands"


def reason(score: Score, bars: tuple[int, int], evidence: Evidence, feature: Feature | None) -> str:
    """Why this passage: "Bars 5–6: the dotted rhythm came early four times; the notes were right."."""
    here, told = evidence.within(*bars), telling(evidence).within(*bars)
    faults = _all_alike(told, main_faults(told, feature))
    hit, notes = sum(bar.hit for bar in here.bars), here.notes
    where = bars_in_words(score, *bars)
    what = fault_in_words(score, faults) if faults else f"{hit} of {notes} notes were right"
    return f"{begun(where)}: {what}{_comfort(here, faults, evidence.timed)}."


def main_faults(evidence: Evidence, feature: Feature | None) -> list[Fault]:
    """The faults of the kind that weighs most, among those of a feature where there are any."""
    faults = [fault for fault in evidence.faults if feature is None or fault.feature is feature]
    weights: dict[str, float] = {}
    for fault in moments(faults):
        weights[fault.kind] = weights.get(fault.kind, 0.0) + fault.weight
    gravest = max(weights, key=lambda kind: weights[kind], default=None)
    return [fault for fault in faults if fault.kind == gravest]


def _all_alike(evidence: Evidence, faults: list[Fault]) -> list[Fault]:
    """The faults, or where they came but once all of their kind: as often as the report counts them."""
    if not faults or len(moments(faults)) > 1:
        return faults
    return [fault for fault in evidence.faults if fault.feature and fault.kind == faults[0].kind]


def height_off_in_words(evidence: Evidence, one_line: bool = False) -> str:
    """What lay at another height than it is written, as a clause: "all of it lay an octave too high"; else empty."""
    if evidence.semitones_off:
        return f"all of it lay {height_in_words(evidence.semitones_off)}"
    octaves = [fault for fault in evidence.faults if fault.kind == "octave"]
    return f"{'all' if one_line else whose_hand(octaves)} lay an octave off" if evidence.is_octave_off else ""


def praise(score: Score, evidence: Evidence, one_line: bool = False) -> str | None:
    """The best thing that can be said truly and concretely of a take; None where nothing can.

    What lay at another height is told with it: nobody shall think that it was right.
    """
    best, off = _best(score, evidence), height_off_in_words(evidence, one_line)
    return f"{best.removesuffix('.')}, but {off}." if best and off else best


def _best(score: Score, evidence: Evidence) -> str | None:
    if evidence.is_faultless:
        return f"You made no fault: all {evidence.notes} notes were right."
    all_right = bool(evidence.notes) and evidence.hit_share == 1.0 and not evidence.semitones_off
    clean = _longest_clean_run(evidence) if not evidence.semitones_off else None
    if all_right and not often(evidence) and not evidence.left_out:
        return f"All {evidence.notes} notes were right."
    if clean and (clean[1] > clean[0] or len(evidence.bars) <= 2):
        return f"{begun(aside(bars_in_words(score, *clean)))} went without a fault."
    if all_right:
        return f"All {evidence.notes} notes were right."
    timed = [fault for fault in evidence.faults if fault.feature is Feature.RHYTHM]
    if evidence.timed and not timed and not (evidence.drift or evidence.off_beat) and evidence.hit_share > 0.5:
        return "The rhythm was steady throughout."
    if evidence.hit_share > 0.5 and not evidence.semitones_off:
        return f"{percent(evidence.hit_share)} of the notes were right."
    return None


def _comfort(here: Evidence, faults: Sequence[Fault], timed: bool) -> str:
    """What was right although this was wrong; of the rhythm only where somebody kept time."""
    if not faults:
        return ""
    if faults[0].kind in KEY_KINDS:
        return "; the rhythm was right" if timed and not any(fault.kind in TIME_KINDS for fault in here.faults) else ""
    return "; the notes were right" if all(bar.wrong + bar.missed + bar.extra == 0 for bar in here.bars) else ""


def _longest_clean_run(evidence: Evidence) -> tuple[int, int] | None:
    best: list[int] = []
    run: list[int] = []
    for bar in evidence.bars:
        follows = run and bar.bar == run[-1] + 1
        run = [*(run if follows else []), bar.bar] if bar.heat == 0 and bar.notes else []
        best = max(best, run, key=len)
    return (best[0], best[-1]) if best else None


def _gaps(score: Score) -> dict[float, tuple[float, float]]:
    """The time to each onset and from it to the next, in the quicker hand, in beats; 0 at the ends."""
    found: dict[float, tuple[float, float]] = {}
    for hand in np.unique(score.notes["hand"]):
        onsets = np.unique(score.notes["onset_beat"][score.notes["hand"] == hand])
        gaps = [0.0, *np.diff(onsets).tolist(), 0.0]
        for onset, before, after in zip(onsets.tolist(), gaps[:-1], gaps[1:], strict=True):
            place = round(onset, 3)
            if place not in found or 0 < after < found[place][1]:
                found[place] = (before, after)
    return found


def _is_dotted(gap: float) -> bool:
    return any(abs(gap - dotted) < 0.01 for dotted in (0.375, 0.75, 1.5))


def _is_triplet(gap: float) -> bool:
    """Whether a gap is a whole number of thirds of a beat, and of no quarters."""
    return abs(gap * 3 - round(gap * 3)) < 0.01 and abs(gap * 4 - round(gap * 4)) > 0.01
