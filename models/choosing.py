"""Which of the candidates are given as answers: near the level asked for, changed, musical, and unlike each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lessons.analogy import Analogy, Level, Variation
from lessons.errors import ComposerError
from models.measures import level_of, repeats

NEW_ENOUGH = (0.2, 0.12, 0.06, 1e-9)  # shares of notes in which answers to one question differ, if that can be had
UNCHANGED, WRONG_WAY = 5.0, 1.0
LEAST_CHANGE = 0.08
SOME_REPEATS, STAMMERING = 0.03, 4.0  # repeated pitches beyond the piece's that pass, and levels that all of them cost
LEVEL_STEP = 0.5  # how far easier and harder go, on the scale of `lessons.difficulty`


def choose(
    candidates: list[Variation], analogy: Analogy, count: int, more: Iterator[Variation] | None = None
) -> list[Variation]:
    """The ``count`` best candidates for the level asked for, all distinct; ``more`` are made where those are few.

    Raises ComposerError where even so there are too few.
    """
    ranked, level = candidates, level_of(analogy.piece)
    if analogy.level != Level.SAME or not analogy.donors:
        ranked = sorted(candidates, key=lambda answer: _misses(answer, analogy, level))
    chosen: list[Variation] = []
    for least in NEW_ENOUGH:
        for answer in ranked:
            _take(answer, chosen, count, least)
    for answer in more or ():
        if len(chosen) == count:
            break
        _take(answer, chosen, count, NEW_ENOUGH[-1])
    if len(chosen) < count:
        raise ComposerError(f"--count {count}: only {len(chosen)} different answers were found; ask for fewer")
    return chosen if analogy.level == Level.SAME else [told_level(answer, level) for answer in chosen]


def told_level(answer: Variation, level: float) -> Variation:
    """The answer, with a notice where it is not easier or harder than the piece, as was asked."""
    if not _is_wrong_way(answer, level):
        return answer
    words = (
        f"it could not be made {answer.analogy.level}: level {answer.measures.difficulty:.1f}, the piece {level:.1f}"
    )
    return replace(answer, notices=(*answer.notices, words))


def _is_wrong_way(answer: Variation, level: float) -> bool:
    difficulty, asked = answer.measures.difficulty, answer.analogy.level
    return (asked == Level.EASIER and difficulty >= level) or (asked == Level.HARDER and difficulty <= level)


def _take(answer: Variation, chosen: list[Variation], count: int, least: float) -> None:
    """Add an answer that is new enough while any is wanted."""
    if len(chosen) < count and all(_apart(answer, other) >= least for other in chosen):
        chosen.append(answer)


def _misses(answer: Variation, analogy: Analogy, level: float) -> float:
    """How far an answer is from the level asked for, in levels; what is unmusical or unchanged counts as farther."""
    aim = level + {Level.EASIER: -LEVEL_STEP, Level.SAME: 0.0, Level.HARDER: LEVEL_STEP}[analogy.level]
    measures = answer.measures
    wrong = UNCHANGED * (measures.distance < LEAST_CHANGE) + WRONG_WAY * _is_wrong_way(answer, level)
    stammers = max(0.0, repeats(answer.score, analogy.hand) - repeats(analogy.piece, analogy.hand) - SOME_REPEATS)
    return abs(measures.difficulty - aim) + wrong + 1 - measures.chord_tones + STAMMERING * stammers


def _apart(left: Variation, right: Variation) -> float:
    first, second = (
        {
            (round(float(note["onset_beat"]), 3), round(float(note["duration_beat"]), 3), int(note["pitch"]))
            for note in answer.score.notes
        }
        for answer in (left, right)
    )
    return 1 - 2 * len(first & second) / max(1, len(first) + len(second))
