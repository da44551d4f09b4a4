"""A left hand in a style that has a name, under a tune that stays over chords that stay."""

from __future__ import annotations

from dataclasses import replace

from lessons.analogy import STYLE_WORDS, Analogy, Style, Variation, styles_for
from lessons.errors import ComposerError
from lessons.harmony import chords_of
from lessons.score import LEFT, RIGHT
from models.measures import Comparison, measure
from models.patterns import patterned
from models.plan import passage

WEIGHTS = "rules-1"


def check_style(analogy: Analogy, style: Style, count: int) -> None:
    """Raise ComposerError where a style does not go with the rest of the question, or not with the metre."""
    if analogy.donors:
        raise ComposerError("--style: tune and chords stay, so nothing can be taken from another piece as well")
    if analogy.hand == RIGHT:
        raise ComposerError("--style: it is the left hand that plays in it; do not vary only the right one")
    if count > 1:
        raise ComposerError(f"--count {count}: a style has one answer only")
    metre = analogy.piece.metre_at(max(0.0, passage(analogy)[0]))
    if style not in styles_for(metre):
        fitting = ", ".join(styles_for(metre))
        raise ComposerError(f"--style {style}: does not fit {metre[0]}/{metre[1]}; choose among {fitting}")


def restyled(analogy: Analogy, style: Style, count: int = 1) -> list[Variation]:
    """The piece with its left hand in the style; the right hand's notes and the chords are the same."""
    check_style(analogy, style, count)
    piece, (start, end) = analogy.piece, passage(analogy)
    chords = chords_of(piece)
    if not (piece.notes["hand"] == LEFT).any() or not len(chords):
        raise ComposerError("--style: the piece has no left hand, or no chords that it could play")
    answer = patterned(piece, chords, style, start, end)
    answer = replace(answer.unsigned, title=f"Variation on {piece.title}" if piece.title else "", level=0)
    tune = answer.notes[answer.notes["hand"] == RIGHT]
    measures = measure(piece, answer, Comparison(tune, tune, tune, chords, start, end))
    return [
        Variation(
            answer, analogy, measures, WEIGHTS, (f"tune and chords stay; the left hand plays {STYLE_WORDS[style]}",)
        )
    ]
