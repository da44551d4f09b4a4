"""The notes of a measure of MusicXML, each with its place in the bar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree  # type: ignore[import-untyped]


@dataclass(frozen=True, eq=False)
class Placed:
    """A note or rest of a bar with its place in divisions; grace notes take no time."""

    note: etree._Element
    start: float
    end: float

    @property
    def small(self) -> bool:
        """Whether it is in small print."""
        return self.note.find("cue") is not None

    @property
    def sounds(self) -> bool:
        """Whether it is no rest."""
        return self.note.find("rest") is None

    @property
    def shown(self) -> bool:
        """Whether the page shows it."""
        return bool(self.note.get("print-object") != "no")

    @property
    def grace(self) -> bool:
        """Whether it takes no time."""
        return self.note.find("grace") is not None

    @property
    def staff(self) -> str:
        """Its staff, as the file says it."""
        return self.note.findtext("staff") or "1"

    @property
    def voice(self) -> str:
        """Its voice, as the file says it."""
        return self.note.findtext("voice") or "1"

    @property
    def key(self) -> tuple[str | None, ...]:
        """Step, alteration and octave; of each None where the file has none."""
        return tuple(self.note.findtext(f"pitch/{name}") for name in ("step", "alter", "octave"))


def placed_in(measure: etree._Element) -> Iterator[Placed]:
    """The notes and rests of a measure in the order of the document."""
    at = last = 0.0  # where the next note begins, and the last one did
    for element in measure:
        length = number_in(element, "duration")
        if element.tag == "note":
            if element.find("chord") is None:
                last, at = at, at + length
            yield Placed(element, last, last + length)
        elif element.tag in ("backup", "forward"):
            at += length if element.tag == "forward" else -length


def number_in(element: etree._Element, place: str) -> float:
    """The number that stands in a place below an element; 0 where there is none."""
    try:
        return float(element.findtext(place) or 0)
    except ValueError:  # is refused later, with its reason
        return 0.0
