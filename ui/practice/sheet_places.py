"""Where the notes of a score stand on engraved systems: rows to pixels, and positions to pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lessons.engrave import MARGIN, System
from lessons.score import Score


@dataclass(frozen=True, eq=False)
class Places:
    """One system: ``row`` (n,) of the score's notes with ``x`` and ``y``; its onsets, and where they are ``across``."""

    top: float
    height: float
    row: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    onset_beat: NDArray[np.float64]
    across: NDArray[np.float64]
    end_beat: float
    right: float
    head: float

    def x_at(self, beat: float) -> float:
        """The pixel of a position between this system's first onset and its end."""
        beats = np.append(self.onset_beat, self.end_beat)
        return float(np.interp(beat, beats, np.append(self.across, self.right)))

    def beat_at(self, x: float) -> float:
        """The position at a pixel."""
        return float(np.interp(x, np.append(self.across, self.right), np.append(self.onset_beat, self.end_beat)))


def places(score: Score, systems: Sequence[System]) -> list[Places]:
    """Lay systems under each other and find the score's notes in them; systems without a note have no onsets."""
    firsts = [system.notes[0].onset_beat if system.notes else None for system in systems]
    laid, top = [], 0.0
    for number, system in enumerate(systems):
        after = next((first for first in firsts[number + 1 :] if first is not None), score.end_beat)
        laid.append(_laid(system, top, after))
        top += system.height
    return laid


def _laid(system: System, top: float, end_beat: float) -> Places:
    row, x, y = np.array([(note.row, note.x, note.y) for note in system.notes], dtype=float).reshape(-1, 3).T
    firsts: dict[float, tuple[bool, float]] = {}  # of a beat the first note, and grace notes only where it has no other
    for note in system.notes:
        place = (note.grace, note.x)
        firsts[note.onset_beat] = min(place, firsts.get(note.onset_beat, place))
    onsets = np.array(sorted(firsts))
    across = np.array([firsts[beat][1] for beat in onsets.tolist()])
    return Places(
        top=top,
        height=system.height,
        row=row.astype(np.int64),
        x=x,
        y=y,
        onset_beat=onsets,
        across=np.maximum.accumulate(across) if len(across) else across,
        end_beat=end_beat,
        right=system.width - MARGIN,
        head=system.head,
    )
