"""Chord symbols: the kinds of MusicXML as sets of pitch classes, and the way they travel through partitura.

partitura keeps of a <harmony> only a text, so the whole chord is written into that text as a code before it reads.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from lxml import etree  # type: ignore[import-untyped]
from numpy.typing import NDArray

from lessons.files.spelling import STEPS, spelling
from lessons.score import CHORD_DTYPE

KINDS = {
    "major": (0, 4, 7),
    "minor": (0, 3, 7),
    "augmented": (0, 4, 8),
    "diminished": (0, 3, 6),
    "dominant": (0, 4, 7, 10),
    "major-seventh": (0, 4, 7, 11),
    "minor-seventh": (0, 3, 7, 10),
    "diminished-seventh": (0, 3, 6, 9),
    "augmented-seventh": (0, 4, 8, 10),
    "half-diminished": (0, 3, 6, 10),
    "major-minor": (0, 3, 7, 11),
    "major-sixth": (0, 4, 7, 9),
    "minor-sixth": (0, 3, 7, 9),
    "dominant-ninth": (0, 4, 7, 10, 2),
    "major-ninth": (0, 4, 7, 11, 2),
    "minor-ninth": (0, 3, 7, 10, 2),
    "dominant-11th": (0, 4, 7, 10, 2, 5),
    "major-11th": (0, 4, 7, 11, 2, 5),
    "minor-11th": (0, 3, 7, 10, 2, 5),
    "dominant-13th": (0, 4, 7, 10, 2, 5, 9),
    "major-13th": (0, 4, 7, 11, 2, 5, 9),
    "minor-13th": (0, 3, 7, 10, 2, 5, 9),
    "suspended-second": (0, 2, 7),
    "suspended-fourth": (0, 5, 7),
    "power": (0, 7),
}
_DEGREES = (0, 2, 4, 5, 7, 9, 10, 0, 2, 4, 5, 7, 9)  # semitones of degree 1..13; a seventh is minor unless altered
_DEGREE_OF = ((1, 0), (2, -1), (2, 0), (3, -1), (3, 0), (4, 0), (5, -1), (5, 0), (5, 1), (6, 0), (7, 0), (7, 1))


def tones_of(root: int, intervals: Sequence[int]) -> int:
    """The bit set of a chord's pitch classes."""
    return sum({1 << (root + interval) % 12 for interval in intervals})


def chord_code(harmony: etree._Element) -> str:
    """A <harmony> as 'root,tones,bass'; '-' for no chord, '' where it names none that can be played."""
    kind = (harmony.findtext("kind") or "major").strip()
    step = (harmony.findtext("root/root-step") or "").strip().upper()
    if kind == "none":
        return "-"
    if step not in STEPS:
        return ""
    root = (STEPS[step] + _integer(harmony.findtext("root/root-alter"))) % 12
    intervals = set(KINDS.get(kind, KINDS["major"]))
    for degree in harmony.findall("degree"):
        _apply(degree, intervals)
    bass_step = (harmony.findtext("bass/bass-step") or "").strip().upper()
    bass = (STEPS[bass_step] + _integer(harmony.findtext("bass/bass-alter"))) % 12 if bass_step in STEPS else root
    return f"{root},{tones_of(root, sorted(intervals))},{bass}"


def chords_from_codes(codes: Sequence[tuple[float, str]], end_beat: float) -> NDArray[np.void]:
    """Rows of CHORD_DTYPE from (start_beat, code): each lasts until the next one or the end."""
    latest = dict(sorted((place for place in codes if place[1]), key=lambda place: place[0]))
    ends = [*list(latest)[1:], end_beat]
    rows = []
    for (start, code), end in zip(latest.items(), ends, strict=False):
        if code != "-" and end > start:
            root, tones, bass = map(int, code.split(","))
            rows.append((start, end, root, tones, bass))
    return np.array(rows, CHORD_DTYPE)


def harmony_element(root: int, tones: int, bass: int, key: tuple[int, bool]) -> etree._Element:
    """A <harmony> for a chord in a key (fifths, minor); without tones it says that no chord sounds."""
    element = etree.Element("harmony")
    kind, changes = _kind_and_changes(root, tones)
    _place(element, "root", *spelling(root, *key))
    etree.SubElement(element, "kind").text = kind
    if tones and bass != root:
        _place(element, "bass", *spelling(bass, *key))
    for how, (number, shift) in changes:
        degree = etree.SubElement(element, "degree")
        for tag, text in (("value", number), ("alter", shift), ("type", how)):
            etree.SubElement(degree, f"degree-{tag}").text = str(text)
    return element


def _place(harmony: etree._Element, name: str, step: str, alter: int) -> None:
    element = etree.SubElement(harmony, name)
    etree.SubElement(element, f"{name}-step").text = step
    if alter:
        etree.SubElement(element, f"{name}-alter").text = str(alter)


def _kind_and_changes(root: int, tones: int) -> tuple[str, list[tuple[str, tuple[int, int]]]]:
    """The kind of a chord, and the degrees to add and to take away where no kind has just these tones."""
    if not tones:
        return "none", []
    kind = next((kind for kind, intervals in KINDS.items() if tones_of(root, intervals) == tones), "")
    if kind:
        return kind, []
    wanted = {interval for interval in range(12) if tones >> (root + interval) % 12 & 1}
    kind = "minor" if 3 in wanted and 4 not in wanted else "major"
    added = [("add", _DEGREE_OF[interval]) for interval in sorted(wanted - set(KINDS[kind]))]
    return kind, added + [("subtract", _DEGREE_OF[interval]) for interval in sorted(set(KINDS[kind]) - wanted)]


def _apply(degree: etree._Element, intervals: set[int]) -> None:
    number = _integer(degree.findtext("degree-value"))
    if not 1 <= number <= len(_DEGREES):
        return
    plain = _DEGREES[number - 1]
    how = (degree.findtext("degree-type") or "add").strip()
    if how in ("subtract", "alter"):
        near = {(plain + shift) % 12 for shift in ((0, 1) if number == 7 else (0, -1) if number == 3 else (0,))}
        intervals -= near
    if how in ("add", "alter"):
        intervals.add((plain + _integer(degree.findtext("degree-alter"))) % 12)


def _integer(text: str | None) -> int:
    try:
        return round(float(text or 0))
    except (ValueError, OverflowError):
        return 0
