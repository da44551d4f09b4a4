"""XML elements for writing MusicXML: one under another, and steps forward and back in a bar."""

from __future__ import annotations

from lxml import etree  # type: ignore[import-untyped]


def add(parent: etree._Element, tag: str, text: str | None = None, **attributes: str) -> etree._Element:
    """Put a new element under its parent."""
    element = etree.SubElement(parent, tag, attributes)
    element.text = text
    return element


def move(measure: etree._Element, ticks: int) -> None:
    """Go forward or back in a bar, in ticks of the grid (`lessons.timing.GRID_PER_BEAT`)."""
    if ticks:
        add(add(measure, "forward" if ticks > 0 else "backup"), "duration", str(abs(ticks)))
