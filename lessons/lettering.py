"""The words of an engraved page: dynamics, tempo, fingers, syllables, in the weights and slants that engravers use.

Qt draws one text where Verovio nests several, and has no music font: accidentals and the letters of dynamics within
words become those of ordinary fonts, and the note of a metronome mark becomes an outline between two texts. Verovio
says only where a text begins, so what stands before such a note is set to end at it.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

SVG = "http://www.w3.org/2000/svg"
FONT = "Leipzig"
WORDS = {
    **{"\ue260": "♭", "\ue261": "♮", "\ue262": "♯", "\ue263": "𝄪", "\ue264": "𝄫"},
    **{"\uea64": "♭", "\uea65": "♮", "\uea66": "♯"},  # the small ones of chord symbols
    **{"\ue520": "p", "\ue521": "m", "\ue522": "f", "\ue523": "r", "\ue524": "s", "\ue525": "z", "\ue526": "n"},
}
BOLD = {"fing", "ending", "reh", "tempo"}
SLANTED = {"dir", "dynam"}
SIZES = {"syl": 0.85, "dir": 0.9, "dynam": 0.9, "tempo": 0.82}  # of those that the engraver has made room for
LOOSE = {"dir", "dynam", "tempo"}  # what nothing else is aligned with
NOTES = re.compile("([\ueca0-\uecb7](?: ?[\ueca0-\uecb7])*)")
NOTE_SIZE = 0.58  # of Verovio's units for one of a thousandth of the font's
WIDE, WIDE_BOLD = 0.58, 0.68  # of a letter's height, on average, in a wide font
GAP = 80.0  # of Verovio's units, after a note among words


def letter(parent: Element, text: Element, right: float) -> None:
    """Draw a text of an element anew, in place; words that stand free keep left of ``right``, in Verovio's units."""
    kinds = set(parent.get("class", "").split())
    words = " ".join("".join(part.text or "" for part in text.iter() if not len(part)).split())
    if not words:
        parent.remove(text)
        return
    size = next((size for part in text.iter() if (size := _size(part)) > 0), 1.0)
    size *= min((SIZES[kind] for kind in kinds if kind in SIZES), default=1.0)
    bold = bool(kinds & BOLD) or any(part.get("font-weight") == "bold" for part in text.iter())
    slanted = any(part.get("font-style") == "italic" for part in text.iter()) or (bool(kinds & SLANTED) and not bold)
    style = {"font-size": f"{size:g}px", "stroke": "none"}
    style |= ({"font-weight": "bold"} if bold else {}) | ({"font-style": "italic"} if slanted else {})
    for child in list(text):
        text.remove(child)
    for name, value in style.items():
        text.set(name, value)
    if kinds & LOOSE and not text.get("text-anchor"):
        _keep_inside(text, words, size * (WIDE_BOLD if bold else WIDE), right - size)
    before, *notes = NOTES.split(words.replace("(", " (", 1), maxsplit=1)
    text.text = _ordinary(" ".join(before.split()))
    if notes:
        _set_notes(parent, text, notes[0], notes[1], size)


def _size(part: Element) -> float:
    return 0.0 if part.get("font-family") == FONT else float(part.get("font-size", "0px").removesuffix("px"))


def _ordinary(words: str) -> str:
    return "".join(WORDS.get(letter, letter) for letter in words)


def _keep_inside(text: Element, words: str, wide: float, right: float) -> None:
    begins = float(text.get("x", "0"))
    text.set("x", f"{max(min(begins, right - wide * len(words)), min(begins, wide)):g}")


def _set_notes(parent: Element, text: Element, notes: str, after: str, size: float) -> None:
    """Put the outlines of a metronome's note and dot behind what stands before them, and the rest in its own text."""
    at, line = float(text.get("x", "0")), float(text.get("y", "0"))
    if text.text:
        at += WIDE_BOLD * size * len(text.text) + GAP
        text.set("x", f"{at - GAP:g}")
        text.set("text-anchor", "end")
    for note in notes.replace(" ", ""):
        shape, wide = outline(f"{ord(note):04X}")
        place = f"translate({at:g}, {line:g}) scale({NOTE_SIZE}, {-NOTE_SIZE})"
        ElementTree.SubElement(parent, f"{{{SVG}}}path", {"transform": place, "d": shape})
        at += NOTE_SIZE * wide + GAP / 2
    style = {name: value for name, value in text.attrib.items() if name not in ("x", "text-anchor", "font-weight")}
    rest = ElementTree.SubElement(parent, f"{{{SVG}}}text", {**style, "x": f"{at + GAP / 2:g}"})
    rest.text = _ordinary(after.strip())


@cache
def outline(code: str) -> tuple[str, float]:
    """The outline of a sign of the music font, and how far the next one stands from it, in thousandths."""
    import verovio

    folder = Path(verovio.__file__).parent / "data"
    path = ElementTree.parse(folder / FONT / f"{code}.xml").find(".//path")
    told = re.search(rf'c="{code}"[^>]*h-a-x="([\d.]+)"', (folder / f"{FONT}.xml").read_text())
    return (path.get("d", "") if path is not None else ""), float(told[1]) if told else 0.0
