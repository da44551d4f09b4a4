"""How well what was heard fits the score: whether it is another piece, and whether it fits at another height.

A guitar, a recorder or a man's voice sounds an octave off what is written; an old piano may stand a semitone low.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from lessons.score import Score
from tutor.assessing.assessment import HIT, Assessment
from tutor.events import NoteOn
from tutor.follow import PROOF_NOTES, Follower
from tutor.performance import Performance

Judge = Callable[[int], Assessment]
"""Judges what was heard, so many semitones higher."""

POOR_PRECISION = 0.6  # who plays so much else than what is written may do so at another height
CLEARLY = 0.2  # of precision that another height must gain
LEAST_HITS = 5
HEIGHTS = [height for height in (*range(-12, 13), -24, 24) if height]
LIKELY = 3  # heights worth a look
FOREIGN = ((0.65, 0.85), (0.4, 0.5))  # (precision, share of the notes with which the follower was lost), see below


def best_height(judge: Judge, heights: Iterable[int]) -> tuple[int, Assessment]:
    """How many semitones above what was heard the score is, and the judgement there: 0, or clearly better than it."""
    as_heard = judge(0)
    if _precision(as_heard) >= POOR_PRECISION:
        return 0, as_heard
    others = [(height, judge(height)) for height in heights]
    height, best = max(others, key=lambda pair: _precision(pair[1]), default=(0, as_heard))
    better = best.count(HIT) >= LEAST_HITS and _precision(best) > _precision(as_heard) + CLEARLY
    return (height, best) if better and not is_another_piece(best) else (0, as_heard)


def likely_heights(score: Score, performance: Performance) -> list[int]:
    """The heights at which more of what was struck would be keys of the score; a few, the likeliest first.

    In semitones above what was struck.
    """
    written, struck = (np.bincount(notes["pitch"], minlength=128) for notes in (score.notes, performance.notes))
    written = written * (struck.sum() / max(1, written.sum()))
    shared = {height: float(np.minimum(written, _higher(struck, height)).sum()) for height in (0, *HEIGHTS)}
    likely = [height for height in HEIGHTS if shared[height] > shared[0]]
    return sorted(likely, key=lambda height: -shared[height])[:LIKELY]


def _higher(counts: NDArray[np.intp], height: int) -> NDArray[np.intp]:
    """Counts of pitches, each so many semitones higher."""
    moved = np.zeros_like(counts)
    if height >= 0:
        moved[height:] = counts[: len(counts) - height]
    else:
        moved[:height] = counts[-height:]
    return moved


def is_another_piece(judged: Assessment, hands: int | None = None) -> bool:
    """Whether so much of what was heard is not in the score, and who follows it so often lost, that it is another.

    Of 264 pairs of tunes or piano pieces 259 are told; of 492 takes of the right one, with up to 40 % of faults, half
    their notes, restarts, or of a part, three are, of which a third of the notes was left.
    """
    notes = judged.performance.notes
    precision = _precision(judged)
    if len(notes) < PROOF_NOTES or precision >= max(FOREIGN)[0]:
        return False
    follower, lost = Follower(judged.score, hands=hands), list[bool]()
    for onset, _, pitch, velocity in notes.tolist():
        follower.step(NoteOn(onset, pitch, velocity))
        lost.append(follower.lost)
    share = fmean(lost[PROOF_NOTES - 1 :])
    return any(precision < most and share >= least for most, least in FOREIGN)


def _precision(judged: Assessment) -> float:
    return float(judged.summary()["precision"])
