"""Where to go on from what is mastered: back to the bars that an exercise was made for, to what is due, to a new piece.

An exercise is no end in itself: once it is clean, the hard part is put back where it stands. Pure: values in, a `Step`
out; whoever asks has read the pieces.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from lessons.bar_names import aside, bars_in_words
from lessons.library.shelf import Piece
from lessons.score import Score
from tutor.journal.entries import MadeExercise
from tutor.practice import Hands
from tutor.step import Knob, Step

FIRST_LEVEL = 1


@dataclass(frozen=True)
class Origin:
    """The bars of a piece that an exercise was made for, ``around`` them what was cut out with them."""

    title: str
    digest: str
    bars: tuple[int, int]
    around: tuple[int, int]


def origin_of(score: Score, exercises: Iterable[MadeExercise]) -> Origin | None:
    """What a score was made for, by the exercises that are kept; None where it is no exercise of some bars.

    A file need not say all that was made: what was read again may be another score, and its title tells it then.
    """
    kept = [entry for entry in exercises if entry.provenance.get("excerpt")]
    alike = [entry for entry in kept if entry.score_digest == score.digest]
    entry = next(iter(alike or [entry for entry in kept if entry.title == score.title]), None)
    if entry is None:
        return None
    piece, around = entry.provenance["piece"], entry.provenance["excerpt"]
    bars = entry.provenance.get("bars") or around
    return Origin(str(piece["title"]), str(piece["digest"]), _pair(bars), _pair(around))


def put_back(step: Step, piece: Score, origin: Origin, hands: Hands = Hands.BOTH) -> Step:
    """Play the bars that an exercise was made for where they stand, with what leads there, by the same hands."""
    where = aside(bars_in_words(piece, *origin.around))
    hard = "" if origin.bars == origin.around else f", with {aside(bars_in_words(piece, *origin.bars))} in the midst"
    advice = f"Now put it back: play {where} of {origin.title}{hard}, until three times in a row are right."
    settings = replace(step.settings, bars=origin.around, loop=True, hands=hands)
    return Step(piece, step.reason, Knob.LENGTH, advice, settings)


def to_due(step: Step, piece: Score, bars: tuple[int, int] | None, hands: Hands) -> Step:
    """Play what the schedule brings back today."""
    where = f"{aside(bars_in_words(piece, *bars))} of " if bars else ""
    hand = "" if hands is Hands.BOTH else f", with the {hands.words}"
    advice = f"To play again today, before it fades: {where}{piece.title or 'an earlier piece'}{hand}."
    return Step(piece, step.reason, Knob.NOTHING, advice, replace(step.settings, bars=bars, loop=False, hands=hands))


def to_new(step: Step, piece: Score, level: int, before: int) -> Step:
    """Begin a new piece of a level, after one of the level ``before``."""
    how = "as hard as this one" if level <= before else "a little harder" if level == before + 1 else "harder"
    settings = replace(step.settings, bars=None, loop=False, hands=Hands.BOTH, tempo_ratio=1.0)
    return Step(piece, step.reason, Knob.NOTHING, f"Something new: {piece.title}, {how}.", settings)


def next_piece(pieces: Sequence[Piece], played: Collection[str], level: int) -> Piece | None:
    """The easiest graded piece, not easier than ``level``, that was never played; None where all were."""
    new = [piece for piece in pieces if piece.level >= max(level, FIRST_LEVEL) and piece.title not in played]
    return min(new, key=lambda piece: piece.level, default=None)


def level_of(title: str, pieces: Iterable[Piece], plays: Sequence[str]) -> int:
    """The level of a piece; of one that is not graded the highest that its player plays, else the first."""
    levels = {piece.title: piece.level for piece in pieces if piece.level}
    return levels.get(title) or max((levels.get(one, FIRST_LEVEL) for one in plays), default=FIRST_LEVEL)


def _pair(bars: Sequence[int]) -> tuple[int, int]:
    return int(bars[0]), int(bars[1])
