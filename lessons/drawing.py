"""Verovio's SVG made simpler, so that Qt's renderer of SVG Tiny draws all of it, and read for where the notes stand.

Qt skips nested ``svg`` elements and nested ``tspan``; both are flattened. Style sheets, embedded fonts, invisible
placeholders and the names of parts go. Words are drawn as they are by `lessons.lettering`. What stands at notes is told
the number of its staff, as what stands by a staff is. Colour is left to the reader: everything is drawn in `INK`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from lessons.errors import FormatError
from lessons.lettering import letter
from lessons.side_by_side import stand_clear

SVG = "http://www.w3.org/2000/svg"
LINK = "http://www.w3.org/1999/xlink"
INK = "#010203"  # a colour that nothing else has, to be replaced by the theme's
DROPPED = {"label", "labelAbbr", "placeholder"}
STAFF, AT = "data-staff", ("data-startid", "data-endid", "data-plist")
BEGUN = "id-"  # before the name, in the class of what began on an earlier page
TRANSLATION = re.compile(r"translate\(\s*(-?[\d.]+)[ ,]+(-?[\d.]+)\s*\)")
HALF_A_HEAD = 106.0  # of Verovio's units


@dataclass(frozen=True)
class Drawing:
    """One page: SVG; width, height and a head in pixels; by name the middles of heads and the staves of signs."""

    svg: str
    width: float
    height: float
    head: float
    heads: dict[str, tuple[float, float]] = field(default_factory=dict)
    staves: dict[str, str] = field(default_factory=dict)


def drawing(svg: str, carried: Mapping[str, str] = MappingProxyType({})) -> Drawing:
    """Simplify a page of Verovio's. Raises FormatError for what is no such page.

    ``carried``: the staves of what began on earlier pages, by name.
    """
    root = ElementTree.fromstring(svg)
    inner = root.find(f"{{{SVG}}}svg")
    if inner is None:
        raise FormatError("the engraver's picture has another form than expected")
    width, height = (float(root.get(side, "0").removesuffix("px")) for side in ("width", "height"))
    units = float(inner.get("viewBox", "0 0 1 1").split()[2]) / width
    _prune(root)
    staves = _tell_staves(root, carried)
    heads = {name: (x / units, y / units) for name, x, y in _heads(inner, 0.0, 0.0, "")}
    return Drawing(
        _simplified(root, inner, width, height, units), width, height, 2 * HALF_A_HEAD / units, heads, staves
    )


def _prune(element: Element) -> None:
    for child in list(element):
        classes = set(child.get("class", "").split())
        if child.tag == f"{{{SVG}}}style" or classes & DROPPED:
            element.remove(child)
        else:
            _prune(child)


def _simplified(root: Element, inner: Element, width: float, height: float, units: float) -> str:
    page = Element(f"{{{SVG}}}svg", {"width": str(width), "height": str(height), "viewBox": f"0 0 {width} {height}"})
    page.extend(root.findall(f"{{{SVG}}}defs"))
    paint = {"fill": INK, "stroke": INK, "stroke-width": "0", "font-family": "serif"}
    group = ElementTree.SubElement(page, f"{{{SVG}}}g", {"transform": f"scale({1 / units})", **paint})
    group.extend(list(inner))
    for element in page.iter(f"{{{SVG}}}g"):
        for text in element.findall(f"{{{SVG}}}text"):
            letter(element, text, width * units)
    stand_clear(group)
    for path in group.iter(f"{{{SVG}}}path"):
        if path.get("stroke-width") and path.get("fill") is None and " L" in path.get("d", ""):
            path.set("fill", "none")
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", LINK)
    return ElementTree.tostring(page, encoding="unicode").replace("currentColor", INK)


def _tell_staves(root: Element, carried: Mapping[str, str]) -> dict[str, str]:
    """Put the number of their staff, from 1 at the top of the system, on what stands at notes.

    Returns the numbers of all signs by their names; those that began on an earlier page are ``carried`` from there.
    """
    numbers: dict[str, int] = {}
    for measure in (each for each in root.iter(f"{{{SVG}}}g") if "measure" in each.get("class", "").split()):
        staves = [each for each in measure if "staff" in each.get("class", "").split()]
        numbers |= {each.get("id", ""): number for number, staff in enumerate(staves, 1) for each in staff.iter()}
    told = {}
    for sign in root.iter(f"{{{SVG}}}g"):
        names = [name.removeprefix("#") for at in AT for name in sign.attrib.pop(at, "").split()]
        begun = [each[len(BEGUN) :] for each in sign.get("class", "").split() if each.startswith(BEGUN)]
        found = [carried[name] for name in begun if name in carried] + [str(numbers[n]) for n in names if n in numbers]
        if found and STAFF not in sign.attrib:
            sign.set(STAFF, found[0])
        if STAFF in sign.attrib and "id" in sign.attrib:
            told[sign.attrib["id"]] = sign.attrib[STAFF]
    return told


def _heads(element: Element, x: float, y: float, note: str) -> Iterator[tuple[str, float, float]]:
    """Note ids with the middles of their heads, in Verovio's units; a chord has a head for each of its notes."""
    moved = TRANSLATION.search(element.get("transform", ""))
    if moved:
        x, y = x + float(moved[1]), y + float(moved[2])
    classes = element.get("class", "").split()
    if "note" in classes:
        note = element.get("id", "")
    if "notehead" in classes:
        for use in element.iter(f"{{{SVG}}}use"):
            place = TRANSLATION.search(use.get("transform", ""))
            if place and note:
                yield note, x + float(place[1]) + HALF_A_HEAD, y + float(place[2])
                return
    for child in element:
        yield from _heads(child, x, y, note)
