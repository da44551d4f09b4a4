"""An engraved page: its systems, where their notes stand, and the pictures of those that are seen first."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from PySide6.QtGui import QImage

from lessons.engrave import System, engrave
from lessons.score import Score
from ui.practice.ink import Ink
from ui.practice.sheet_picture import picture_of
from ui.practice.sheet_places import Places, places

ONSET_SLACK = 1e-3


@dataclass(frozen=True)
class Look:
    """How systems become pictures."""

    ink: Ink
    density: float
    inks: tuple[float, ...]

    def picture(self, system: System) -> QImage:
        """May be made in any thread."""
        return picture_of(system, self.ink.colours.ink, self.density, self.inks)


@dataclass(frozen=True, eq=False)
class Page:
    """An engraved score, with the pictures of what is seen first."""

    systems: tuple[System, ...]
    places: list[Places]
    pictures: dict[int, QImage]
    look: Look

    @classmethod
    def of(cls, score: Score, look: Look, beat: float, width: int, height: int, size: float) -> Page:
        """Engrave it for a width, and picture what stands within a height from the system of a position on."""
        systems = engrave(score, width, size)
        placed = places(score, systems)
        first = system_at(placed, beat)
        seen = [number for number in range(first, len(placed)) if placed[number].top - placed[first].top < height]
        return cls(systems, placed, {number: look.picture(systems[number]) for number in seen}, look)


def system_at(placed: list[Places], beat: float) -> int:
    """The number of the system of a position."""
    firsts = [place.onset_beat[0] if len(place.onset_beat) else place.end_beat for place in placed]
    return max(0, bisect_right(firsts, beat + ONSET_SLACK) - 1)
