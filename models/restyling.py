"""A left hand in a style that has a name, under a tune that stays over chords that stay."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import STYLE_WORDS, Analogy, Style, Variation, styles_for
from lessons.errors import ComposerError
from lessons.harmony import chords_of, score_key
from lessons.score import LEFT, RIGHT, Score
from models.ground import passage
from models.layout import within
from models.left_hand import hand_in_style, harmonies_under
from models.measures import Comparison, measure
from models.patterns import sounding

WEIGHTS = "rules-1"
VARIATION_ON = "Variation on "


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


def varied_title(piece: Score) -> str:
    """What an answer to a question about a piece is called; one about an answer has its name."""
    known = not piece.title or piece.title.startswith(VARIATION_ON)
    return piece.title if known else VARIATION_ON + piece.title


def restyled(analogy: Analogy, style: Style, count: int = 1) -> list[Variation]:
    """The piece with its left hand in the style; the right hand's notes and the chords are the same."""
    check_style(analogy, style, count)
    piece, (start, end) = analogy.piece, passage(analogy)
    chords, hands = chords_of(piece), piece.notes["hand"]
    if not {LEFT, RIGHT} <= set(hands.tolist()) or not len(chords):
        raise ComposerError("--style: the piece has not two hands, or no chords that the left one could play")
    left, others = piece.notes[hands == LEFT], piece.notes[hands != LEFT]
    answer = piece.with_notes(
        np.concatenate([others, _kept(left, start, end), _played(piece, chords, style, start, end)])
    )
    answer = replace(answer.unsigned, title=varied_title(piece), level=0)
    tune = answer.notes[answer.notes["hand"] == RIGHT]
    measures = measure(piece, answer, Comparison(tune, tune, tune, chords, start, end))
    told = f"tune and chords stay; the left hand plays {STYLE_WORDS[style]}"
    return [Variation(answer, analogy, measures, WEIGHTS, (told,))]


def _kept(left: NDArray[np.void], start: float, end: float) -> NDArray[np.void]:
    """The left hand's own notes outside the passage; what sounds into it ends there."""
    kept = left[~within(left, start, end)].copy()
    held = (kept["onset_beat"] < start) & (kept["onset_beat"] + kept["duration_beat"] > start)
    kept["duration_beat"][held] = start - kept["onset_beat"][held]
    return kept


def _played(piece: Score, chords: NDArray[np.void], style: Style, start: float, end: float) -> NDArray[np.void]:
    """The left hand in its style wherever it played in the passage, in its own part and as loud as it was."""
    left, tune = (piece.notes[(piece.notes["hand"] == LEFT) == is_left] for is_left in (True, False))
    above = piece.with_notes(tune)
    harmonies = harmonies_under(above, chords, start, end)
    played = [one for one in harmonies if len(sounding(left, one.start_beat, one.end_beat))]
    if not played:
        raise ComposerError("--style: the left hand rests there")
    notes = hand_in_style(above, played, style, score_key(piece, chords).scale, start, end)
    notes["part"], notes["velocity"] = left["part"][0], max(1, round(float(np.median(left["velocity"]))))
    return notes
