"""The church modes: where they stand on a signature, their scales, and how a tune in one comes to rest.

The leading note of major and minor is not theirs: a Dorian, Phrygian or Mixolydian tune comes home from the chord a
step below its tonic; only the Lydian has a major dominant of its own.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mode:
    """``above``: semitones from the signature's major tonic to its own; ``scale``, and the roots of the chords on which
    a phrase stands ``half`` way and from which it comes home: semitones above its own."""

    above: int
    scale: tuple[int, ...]
    half: int
    home_from: int

    @property
    def minor(self) -> bool:
        """Whether its third is minor."""
        return 3 in self.scale


MODES = {
    "dorian": Mode(2, (0, 2, 3, 5, 7, 9, 10), 7, 10),
    "phrygian": Mode(4, (0, 1, 3, 5, 7, 8, 10), 8, 10),
    "lydian": Mode(5, (0, 2, 4, 6, 7, 9, 11), 7, 7),
    "mixolydian": Mode(7, (0, 2, 4, 5, 7, 9, 10), 5, 10),
}
