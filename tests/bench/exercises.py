"""Measure the exercises written for what failed: ``exercises.py [--seeds N] [--features F,…] [SCORE …]``; prints JSON.

In passages of one to three bars of each piece of the library, or of each score, one to three faults of a feature are
put into one hand, and the exercise is asked for as after a take. Of each feature: how many exercises came about; how
many say from which piece they take something, and in how many of those that really is another than on the page
(`lessons.otherness`); how many keep exactly what failed (rhythm: all onsets and lengths of the hand that failed, pitch:
the failed notes, chords: the failed notes of the hand, texture: when both hands strike); and the share of exercises
that have more than the page of semitones between the hands on strong beats, of false relations between them, of keys
that both hands hold, of leaps beyond a sixth in the passage and where it joins the page, of strokes wider than a sixth
and the passage's own, of rests of a beat or more, and of difficulty (a quarter of a level).
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from lessons.analogy import Feature
from lessons.difficulty import difficulty
from lessons.exercise import excerpt
from lessons.files import read_score
from lessons.harmony import chords_of, score_key
from lessons.library import shelf
from lessons.library.shelf import Piece
from lessons.otherness import Passage, differs
from lessons.parts import for_pianist
from lessons.score import HAND_NAMES, LEFT, RIGHT, Score
from models.line import strong_beats
from models.songwriter import load_songwriter
from tutor.analogue import analogies_for, exercise
from tutor.evidence import BarEvidence, Evidence
from tutor.faults import Fault
from tutor.learner import Learner
from tutor.practice import PracticeSettings
from tutor.step import Knob, Step

FAILED = {Feature.RHYTHM: "late", Feature.PITCH: "wrong", Feature.CHORDS: "wrong", Feature.TEXTURE: "hands apart"}
SEMITONES, SIXTH, LONG_REST, HARDER = (1, 13, 25), 9, 0.99, 0.25
EPSILON, GRID = 1e-6, 0.125
LEAST_NOTES = 16  # of each hand
Notes = NDArray[np.void]


def failed(score: Score, rng: np.random.Generator) -> tuple[tuple[int, int], int, list[float]]:
    """(bars, hand, positions) of faults somewhere where the hand plays."""
    numbers = [int(number) for number in score.bars["number"] if number > 0]
    while True:
        first = int(rng.integers(numbers[0], numbers[-1] + 1))
        bars = first, min(first + int(rng.integers(0, 3)), numbers[-1])
        hand = int(rng.choice([LEFT, RIGHT]))
        onsets = np.unique(inside(score, bars, hand)["onset_beat"])
        if len(onsets) >= 2:
            return bars, hand, sorted(rng.choice(onsets, size=min(3, len(onsets)), replace=False).tolist())


def inside(score: Score, bars: tuple[int, int], hand: int) -> Notes:
    """The notes of a hand that begin in some bars."""
    start, end = score.bar_range(*bars)
    notes, onsets = score.notes, score.notes["onset_beat"]
    here = (onsets >= start - EPSILON) & (onsets < end - EPSILON) & (notes["hand"] == hand) & ~notes["grace"]
    return notes[here]


def sounding(score: Score, hand: int, beat: float) -> Notes:
    """What a hand holds at a moment."""
    notes = score.notes[(score.notes["hand"] == hand) & ~score.notes["grace"]]
    onsets = notes["onset_beat"]
    return notes[(onsets <= beat + EPSILON) & (onsets + notes["duration_beat"] > beat + EPSILON)]


def ugly(score: Score, bars: tuple[int, int]) -> dict[str, float]:
    """What nobody wants much of, counted in some bars."""
    onsets = np.unique(np.concatenate([inside(score, bars, hand)["onset_beat"] for hand in (LEFT, RIGHT)]))
    held = [[sounding(score, hand, beat)["pitch"].astype(int) for hand in (LEFT, RIGHT)] for beat in onsets]
    apart = [np.abs(np.subtract.outer(left, right)) for left, right in held]
    semitones = np.array([np.isin(each, SEMITONES).any() for each in apart], bool)
    return {
        "semitones": float((semitones & strong_beats(score, onsets)).sum()),
        "same_key": float(sum((each == 0).any() for each in apart)),
        "false_relations": float(sum(false_relations(score, bars))),
        "leaps": float(sum(leaps(score, bars, hand) for hand in (LEFT, RIGHT))),
        "joins": float(sum(joins(score, bars, hand) for hand in (LEFT, RIGHT))),
        "stretch": max(widest(inside(score, bars, hand)) for hand in (LEFT, RIGHT)),
        "rest": max(longest_rest(score, bars, hand) for hand in (LEFT, RIGHT)),
    }


def false_relations(score: Score, bars: tuple[int, int]) -> Iterator[bool]:
    """For each half beat whether the hands have a note and its chromatic neighbour at once or in turn."""
    scale = score_key(score, chords_of(score)).scale
    for beat in np.arange(*score.bar_range(*bars), 0.5):
        moments = (beat - 0.25, beat, beat + 0.25)
        left, right = (
            {int(p) % 12 for at in moments for p in sounding(score, hand, at)["pitch"]} for hand in (LEFT, RIGHT)
        )
        beside = {(one, other) for one in left for other in ((one + 1) % 12, (one - 1) % 12) if other in right}
        yield any((scale >> one & 1) != (scale >> other & 1) for one, other in beside)


def outer(score: Score, notes: Notes, hand: int) -> list[int]:
    """The outer key that a hand holds at each of these notes' onsets."""
    edge = np.max if hand == RIGHT else np.min
    return [int(edge(sounding(score, hand, beat)["pitch"])) for beat in np.unique(notes["onset_beat"])]


def leaps(score: Score, bars: tuple[int, int], hand: int) -> int:
    """How often the outer voice of a hand leaps beyond a sixth."""
    return int((np.abs(np.diff(outer(score, inside(score, bars, hand), hand))) > SIXTH).sum())


def joins(score: Score, bars: tuple[int, int], hand: int) -> int:
    """How often it does where it comes into the passage and goes on from it."""
    notes = score.notes[(score.notes["hand"] == hand) & ~score.notes["grace"]]
    start, end = score.bar_range(*bars)
    before, after = notes[notes["onset_beat"] < start - EPSILON], notes[notes["onset_beat"] >= end - EPSILON]
    here = outer(score, inside(score, bars, hand), hand)
    ways = [(outer(score, before[-1:], hand), here[:1]), (here[-1:], outer(score, after[:1], hand))]
    return sum(abs(old[0] - new[0]) > SIXTH for old, new in ways if old and new)


def widest(notes: Notes) -> float:
    """The widest stroke, in semitones; up to a sixth all are alike."""
    strokes = [notes["pitch"][notes["onset_beat"] == beat] for beat in np.unique(notes["onset_beat"])]
    return float(max([SIXTH, *(int(np.ptp(stroke)) for stroke in strokes)]))


def longest_rest(score: Score, bars: tuple[int, int], hand: int) -> float:
    """The beats for which a hand is silent at most."""
    start, end = score.bar_range(*bars)
    longest = now = 0.0
    for beat in np.arange(start + GRID / 2, end, GRID):
        now = 0.0 if len(sounding(score, hand, float(beat))) else now + GRID
        longest = max(longest, now)
    return longest


def rows_of(notes: Notes, *names: str) -> set[tuple[float, ...]]:
    """These columns of notes, as a set."""
    return {tuple(round(float(note[name]), 3) for name in names) for note in notes}


def kept_exactly(
    page: Score, answer: Score, feature: Feature, bars: tuple[int, int], hand: int, at: set[float]
) -> bool:
    """Whether what failed is as it was on the page."""
    if feature is Feature.TEXTURE:
        strokes = [[rows_of(inside(one, bars, side), "onset_beat") for side in (LEFT, RIGHT)] for one in (page, answer)]
        return strokes[0] == strokes[1]
    columns = ("onset_beat", "duration_beat") if feature is Feature.RHYTHM else ("onset_beat", "pitch")
    before, after = (rows_of(inside(one, bars, hand), *columns) for one in (page, answer))
    if feature is Feature.RHYTHM:
        return before == after
    return {row for row in before if row[0] in at} == {row for row in after if row[0] in at}


def measured(score: Score, feature: Feature, seed: int, library: Sequence[Piece]) -> dict[str, float] | None:
    """The figures of one exercise; None where the passage itself is what is practised."""
    bars, hand, places = failed(score, np.random.default_rng([zlib.crc32(f"{score.digest}{feature}".encode()), seed]))
    faults = [
        Fault(FAILED[feature], int(score.bar_numbers_at(beat)), beat, HAND_NAMES[hand], feature) for beat in places
    ]
    numbers = range(bars[0], bars[1] + 1)
    each = (BarEvidence(bar, 6, faults=tuple(fault for fault in faults if fault.bar == bar)) for bar in numbers)
    settings = PracticeSettings()
    asked = analogies_for(score, bars, Evidence(tuple(each)), feature, settings, Learner(), library, seed)
    context = max(int(score.bars["number"][0]), bars[0] - 1), bars[1]
    made = exercise(Step(score, "", Knob.LENGTH, "", settings, bars, context, feature, asked), load_songwriter)
    if made is None or made.variation is None:
        return None
    answer, analogy = made.variation.score, made.variation.analogy
    at = {round(place, 3) for place in places}
    before, after = ugly(score, bars), ugly(answer, bars)
    passages = [Passage(one, analogy.bars or bars) for one in (score, answer)]
    changed = [differs(feature, *passages, analogy.hand) for feature in made.taken]
    return {
        "claimed": float(bool(made.taken)),
        "changed": float(all(changed)) if changed else np.nan,
        "kept": float(kept_exactly(score, answer, feature, bars, hand, at)),
        "harder": float(difficulty(made.score).level - difficulty(excerpt(score, *made.bars)).level >= HARDER),
        "rest": float(after.pop("rest") - before.pop("rest") >= LONG_REST),
    } | {name: float(count > before[name]) for name, count in after.items()}


def sources(paths: Sequence[Path], library: Sequence[Piece]) -> Iterator[Score]:
    """The scores to practise that have two hands; those of the library where none are named."""
    scores = (for_pianist(read_score(path)) for path in paths) if paths else (piece.score() for piece in library)
    for score in scores:
        if all((score.notes["hand"] == hand).sum() >= LEAST_NOTES for hand in (LEFT, RIGHT)):
            yield score


def main() -> None:
    """Ask, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scores", nargs="*", type=Path)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--features", default=",".join(FAILED))
    arguments = parser.parse_args()
    seeds, library = range(arguments.seeds), shelf.pieces()
    scores = list(sources(arguments.scores, library))
    for feature in map(Feature, arguments.features.split(",")):
        asked = [measured(score, feature, seed, library) for score in scores for seed in seeds]
        found = [row for row in asked if row is not None]
        shares = {name: round(float(np.nanmean([row[name] for row in found])), 3) for name in found[0]}
        print(json.dumps({"failed": str(feature), "asked": len(asked), "made": len(found)} | shares), flush=True)


if __name__ == "__main__":
    main()
