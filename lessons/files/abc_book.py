"""A book of tunes in ABC: each tune begins with its ``X:`` line; what stands before the first holds for all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from lessons.files.abc_text import decoded

_BEGINNING = re.compile(rb"^(?:\xef\xbb\xbf)?X:", re.MULTILINE)
_TITLE = re.compile(rb"^T:[ \t]*(.*?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Tune:
    """One tune of a book, as an ABC file of its own."""

    title: str
    content: bytes


def tunes_of(content: bytes) -> tuple[Tune, ...]:
    """The tunes of an ABC file, in its order; a file without an ``X:`` line has none."""
    places = [found.start() for found in _BEGINNING.finditer(content)]
    head = content[: min(places, default=0)]
    parts = [content[first:last] for first, last in pairwise([*places, len(content)])]
    return tuple(Tune(_title(part), head + part) for part in parts)


def _title(part: bytes) -> str:
    found = _TITLE.search(part)
    return decoded(found[1]) if found else ""
