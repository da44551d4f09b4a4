"""The order in which the parts of an ABC tune are played: ``P:ABA`` in its head, ``P:A``, ``P:B`` where they begin.

A digit after a part or after a bracket says how often it comes: ``P:A2(BC)2`` is A A B C B C. What stands before the
first part is played once, at the start. Source: the ABC standard 2.1, "P: parts".

Many tunes say with ``P:AAB`` what the repeat sign of A says too (so all of the Nottingham Database): a part that is
named as often in a row as it repeats itself is played with its repeats, and no more often than that.
"""

from __future__ import annotations

import re
from itertools import groupby
from xml.etree import ElementTree as Tree

from lessons.errors import FormatError
from lessons.files.repeat_signs import Signs, signs_of
from lessons.files.unfolding import unfolded_order

_MOST = 500  # parts that are played
_ORDER = re.compile(r"[A-Z][A-Z\d()]*|\([A-Z\d()]*")
_HEAD = re.compile(r"^P:([^%\n]*)", re.MULTILINE)
_PIECE = re.compile(r"(\(|\)|[A-Z])(\d*)")


def sections(text: str, document: Tree.Element) -> list[range]:
    """The measures of each part, in the order in which they are played; none where that is the order of the text.

    ``document`` is what the converter made of ``text``. Raises FormatError where the order cannot be followed.
    """
    told = _HEAD.findall(re.split(r"^K:", text, maxsplit=1, flags=re.MULTILINE)[0])
    order = re.sub(r"[.\s]", "", told[-1]) if told else ""
    if not _ORDER.fullmatch(order):
        return []
    wanted, marks, inside = _expanded(order), *_marks(document)
    if not marks or wanted == [name for _, name in marks]:
        return []
    names = {name for _, name in marks}
    if inside or len(names) < len(marks) or not set(wanted) <= names:
        raise FormatError(f"P:{order[:40]} asks for an order of parts that the tune does not mark bar by bar")
    return _in_order(wanted, marks, signs_of(document.findall("part")))


def _in_order(wanted: list[str], marks: list[tuple[int, str]], signs: list[Signs]) -> list[range]:
    edges = [index for index, _ in marks] + [len(signs)]
    place = {name: range(edges[i], edges[i + 1]) for i, (_, name) in enumerate(marks)}
    times = {name: unfolded_order(signs[at.start : at.stop]).count(0) for name, at in place.items()}
    runs = [(name, len(list(run))) for name, run in groupby(wanted)]
    played = [name for name, count in runs for _ in range(1 if count == times[name] else count)]
    before = [range(edges[0])] if edges[0] else []
    return [] if played == [name for _, name in marks] else before + [place[name] for name in played]


def _expanded(order: str) -> list[str]:
    """The names of the parts one by one. Raises FormatError for brackets that do not match, or too many parts."""
    levels: list[list[str]] = [[]]
    for sign, digits in _PIECE.findall(order):
        if sign == "(":
            levels.append([])
            continue
        names = [sign]
        if sign == ")":
            if len(levels) == 1:
                raise FormatError(f"P:{order[:40]} closes a bracket that is not open")
            names = levels.pop()
        times = int(digits[:4] or 1)
        if len(levels[-1]) + len(names) * times > _MOST:
            raise FormatError(f"P:{order[:40]} plays more than {_MOST} parts")
        levels[-1] += names * times
    if len(levels) > 1:
        raise FormatError(f"P:{order[:40]} does not close a bracket")
    return levels[0]


def _marks(document: Tree.Element) -> tuple[list[tuple[int, str]], bool]:
    """(measure, name) of the places where parts begin, and whether one begins inside a bar."""
    found: set[tuple[int, str]] = set()
    inside = False
    for part in document.findall("part"):
        for index, measure in enumerate(part.findall("measure")):
            begun = False
            for element in measure:
                begun |= element.tag == "note"
                name = (element.findtext("direction-type/rehearsal") or "").strip()
                if re.fullmatch("[A-Z]", name):
                    found.add((index, name))
                    inside |= begun
    return sorted(found), inside
