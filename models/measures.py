"""How an answer relates to its question, in figures that a teacher can read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import Measures
from lessons.difficulty import difficulty
from lessons.harmony import in_mask, tones_at
from lessons.score import LEFT, RIGHT, Score
from models.layout import within
from models.line import Beats, held_pitches, line_mask, strong_beats

CURVE_STEP = 0.25


@dataclass(frozen=True, eq=False)
class Comparison:
    """What an answer is measured against: its own line, and the lines that gave rhythm and pitches, in its passage."""

    line: NDArray[np.void]
    rhythm: NDArray[np.void]
    source: NDArray[np.void]
    chords: NDArray[np.void]
    start_beat: float
    end_beat: float
    played: NDArray[np.void] | None = None  # what has the rhythm, where that is more than the line


def measure(piece: Score, answer: Score, compared: Comparison) -> Measures:
    """Measure an answer to a question about ``piece``."""
    played = compared.line if compared.played is None else compared.played
    return Measures(
        rhythm_kept=onset_f1(played["onset_beat"], compared.rhythm["onset_beat"]),
        contour_kept=contour_correlation(compared),
        chord_tones=chord_tone_share(answer, _judged(answer, compared), compared.chords),
        difficulty=level_of(answer),
        distance=note_distance(answer, piece),
    )


def level_of(score: Score) -> float:
    """The difficulty of a score, on the scale of `lessons.difficulty`."""
    return float(difficulty(score).level)


def onset_f1(left: Beats, right: Beats) -> float:
    """F1 of two sets of onsets in beats, equal to 1e-3."""
    first, second = ({round(float(beat), 3) for beat in beats} for beats in (left, right))
    return 2 * len(first & second) / max(1, len(first) + len(second))


def contour_correlation(compared: Comparison) -> float:
    """Correlation of the held-pitch curves of line and source, every sixteenth; of flat curves 1 if both are flat."""
    steps = np.arange(compared.start_beat, compared.end_beat, CURVE_STEP)
    if not (len(steps) and len(compared.line) and len(compared.source)):
        return 0.0
    first, second = held_pitches(compared.line, steps), held_pitches(compared.source, steps)
    flat = (np.ptp(first) == 0, np.ptp(second) == 0)
    if any(flat):
        return float(all(flat))
    return float(np.corrcoef(first, second)[0, 1])


def chord_tone_share(score: Score, line: NDArray[np.void], chords: NDArray[np.void]) -> float:
    """Of a line's notes on strong beats, the share in the chords; 1 where there is nothing to judge."""
    masks = tones_at(chords, line["onset_beat"])
    judged = strong_beats(score, line["onset_beat"]) & (masks != 0)
    return float(in_mask(masks, line["pitch"])[judged].mean()) if judged.any() else 1.0


def _judged(answer: Score, compared: Comparison) -> NDArray[np.void]:
    """What the chords have to suit: the line, and the tune above where that is the left hand's."""
    line = compared.line
    if not len(line) or (line["hand"] != LEFT).any():
        return line
    tune = answer.notes[line_mask(answer, RIGHT)]
    return np.concatenate([line, tune[within(tune, compared.start_beat, compared.end_beat)]])


def repeats(score: Score, hand: int | None = None) -> float:
    """Of the moves of a score's line, the share that strike the same pitch again."""
    moves = np.diff(score.notes["pitch"][line_mask(score, hand)].astype(np.int64))
    return float((moves == 0).mean()) if len(moves) else 0.0


def note_distance(answer: Score, piece: Score) -> float:
    """One minus the F1 of (onset, pitch): 0 for the same notes, 1 for none in common."""
    first, second = (
        {(round(float(note["onset_beat"]), 3), int(note["pitch"])) for note in score.notes} for score in (answer, piece)
    )
    return 1 - 2 * len(first & second) / max(1, len(first) + len(second))
