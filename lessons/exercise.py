"""Exercises: a score with a purpose, and the analogy that made it; and the cutting of passages out of pieces."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import Feature, Variation
from lessons.bar_names import bars_in_words
from lessons.otherness import renewed
from lessons.score import Score

AS_WRITTEN = "as written"
LEAST_HELD_BEAT = 0.2  # for which a note must sound into an excerpt to be struck there


@dataclass(frozen=True, eq=False)
class Exercise:
    """What to play next, and why: a few bars made from bars ``bars`` of ``piece``.

    ``kept`` is the feature that the exercise practises; ``variation`` is None where the bars stand as they are written.
    """

    score: Score
    piece: Score
    bars: tuple[int, int]
    reason: str
    kept: Feature | None = None
    variation: Variation | None = None
    notices: tuple[str, ...] = ()

    @property
    def provenance(self) -> dict[str, Any]:
        """All that is needed to make the exercise again, as plain JSON values."""
        if self.variation is None:
            made = {"piece": {"title": self.piece.title, "digest": self.piece.digest}, "weights": AS_WRITTEN}
        else:
            made = self.variation.analogy.provenance(self.variation.weights)
        passage = bars_in_words(self.piece, *self.bars)
        return made | {"excerpt": list(self.bars), "passage": passage, "kept": self.kept}

    @property
    def taken(self) -> dict[Feature, Score]:
        """The donors whose feature is another here than on the page: the others gave nothing that a learner sees."""
        return renewed(self.variation, self.bars) if self.variation is not None else {}


def excerpt(score: Score, first: int, last: int, title: str = "") -> Score:
    """Bars ``first`` to ``last`` as a piece of their own: it begins at beat 0 with bar 1, or with a pickup as bar 0.

    ``written`` keeps the numbers of the page. A note that sounds on beyond the last bar ends with it; one that
    sounds into the first is struck there. Raises InputError for bars that the score does not have.
    """
    start, end = score.bar_range(first, last)
    wanted = (score.bars["number"] >= first) & (score.bars["number"] <= last)
    bars = score.bars[wanted].copy()
    has_pickup = first == 0 and last > 0
    origin = float(bars["end_beat"][0]) if has_pickup else start
    bars["number"] = np.arange(len(bars)) + (0 if has_pickup else 1)
    bars["start_beat"] -= origin
    bars["end_beat"] -= origin
    return replace(
        score,
        notes=_cut(score.notes, start, end, origin),
        backing=_cut(score.backing, start, end, origin),
        marks=_marks(score.marks, start, end, origin),
        signs=score.signs.cut(start, end, origin),
        bars=bars,
        labels=tuple(label for label, kept in zip(score.labels, wanted, strict=False) if kept),
        metres=_in_force(score.metres, start, end, origin),
        keys=_in_force(score.keys, start, end, origin),
        chords=_clipped(score.chords, start, end, origin),
        tempo=score.tempo.shifted(-origin),
        title=title or f"{score.title}, {bars_in_words(score, first, last)}".lstrip(", "),
        level=0,
    )


def _cut(notes: NDArray[np.void], start: float, end: float, origin: float) -> NDArray[np.void]:
    """The notes that sound between two places, cut off at both and counted from ``origin``."""
    ends = notes["onset_beat"] + notes["duration_beat"]
    held = (notes["onset_beat"] < start) & (ends >= start + LEAST_HELD_BEAT) & ~notes["grace"]
    found: NDArray[np.void] = notes[held | (notes["onset_beat"] >= start) & (notes["onset_beat"] < end)].copy()
    found["duration_beat"] -= np.maximum(0.0, start - found["onset_beat"])
    found["onset_beat"] = np.maximum(start, found["onset_beat"])
    found["duration_beat"] = np.minimum(found["duration_beat"], end - found["onset_beat"])
    found["onset_beat"] -= origin
    return found


def _marks(marks: NDArray[np.void], start: float, end: float, origin: float) -> NDArray[np.void]:
    found: NDArray[np.void] = marks[(marks["onset_beat"] >= start) & (marks["onset_beat"] < end)].copy()
    found["onset_beat"] -= origin
    return found


def _in_force(changes: NDArray[np.void], start: float, end: float, origin: float) -> NDArray[np.void]:
    """The changes between two places, and the one in force at the first."""
    before = np.flatnonzero(changes["start_beat"] <= start)[-1:]
    inside = np.flatnonzero((changes["start_beat"] > start) & (changes["start_beat"] < end))
    found: NDArray[np.void] = changes[np.concatenate([before, inside])].copy()
    found["start_beat"] = np.maximum(found["start_beat"], start) - origin
    return found


def _clipped(chords: NDArray[np.void], start: float, end: float, origin: float) -> NDArray[np.void]:
    found: NDArray[np.void] = chords[(chords["end_beat"] > start) & (chords["start_beat"] < end)].copy()
    found["start_beat"] = np.maximum(found["start_beat"], start) - origin
    found["end_beat"] = np.minimum(found["end_beat"], end) - origin
    return found
