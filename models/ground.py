"""What is varied of a piece: the passage, where it lies in beats, and the line in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import Analogy, Feature
from lessons.bar_names import bars_in_words
from lessons.errors import ComposerError
from models.donors import repeats_notice
from models.layout import within
from models.line import Mask, cut_overlaps, line_mask


def passage(analogy: Analogy) -> tuple[float, float]:
    """Start and end in beats of what is to be varied."""
    if analogy.bars is None:
        return analogy.piece.start_beat, analogy.piece.end_beat
    return analogy.piece.bar_range(*analogy.bars)


@dataclass(frozen=True, eq=False)
class Ground:
    """The passage that is varied: where it lies, in beats, and the piece's own line."""

    analogy: Analogy
    start: float
    end: float
    mask: Mask  # which notes of the piece are the line
    own: NDArray[np.void]
    inside: NDArray[np.void]

    @property
    def downbeat(self) -> float:
        """Where the first full bar begins."""
        return max(self.start, 0.0) if self.analogy.bars is None else self.start

    def repeats(self) -> list[str]:
        """What there is to say of donors that are shorter than the passage."""
        donors, span = self.analogy.donors, (self.downbeat, self.end)
        wanted = [feature for feature in (Feature.PITCH, Feature.RHYTHM) if feature in donors]
        return [
            told for feature in wanted for told in repeats_notice(donors[feature], feature, self.analogy.piece, *span)
        ]


def ground_of(analogy: Analogy) -> Ground:
    """The ground of an analogy. Raises ComposerError where the passage has no notes of the line."""
    start, end = passage(analogy)
    mask = line_mask(analogy.piece, analogy.hand)
    own = cut_overlaps(analogy.piece.notes[mask])
    inside = within(own, start, end)
    if not inside.any():
        raise ComposerError("there are no notes to vary" + _where(analogy))
    return Ground(analogy, start, end, mask, own, own[inside])


def _where(analogy: Analogy) -> str:
    return f" in {bars_in_words(analogy.piece, *analogy.bars)}" if analogy.bars else ""
