"""What a piece is called: by its file's own words, else by the head of its page, else by where the file lies.

Programs put words there that name nothing ("Untitled score", "Title"); they count as none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree  # type: ignore[import-untyped]

from lessons.legible import legible

_SAYS_NOTHING = re.compile(
    r"(un(titled|named|benannt)|title|titel|no title|music21( fragment)?|(midi|xml|full)|new)?[ -]*"
    r"(score|partitur|piece|file|music ?xml( document)?)?[ \d]*",
    re.IGNORECASE,
)
_FIRST_PAGE = (None, "1")


def is_title(text: str) -> bool:
    """Whether words name a piece, and are no placeholder of some program."""
    plain = " ".join(re.sub(r"[\W_]+", " ", text).split())
    return bool(plain) and not (_has_letters(plain) and _SAYS_NOTHING.fullmatch(plain))


def title_of(document: etree._Element) -> str:
    """The title of a MusicXML document, of a song in a cycle the song's own; none where only placeholders stand."""
    told = [document.findtext(place) for place in ("movement-title", "work/work-title")]
    titles = [words for words in (_line(each) for each in (*told, *_headings(document))) if is_title(words)]
    return next((words for words in titles if _is_word(words)), titles[-1] if titles else "")


def title_from(path: Path) -> str:
    """The name of a file as a title; that of its folders where "score" is all that the file's name says."""
    names = [name.replace("_", " ") for name in (path.stem, *(parent.name for parent in path.parents))]
    place = next((place for place, name in enumerate(names) if place and is_title(name) and _has_letters(name)), 0)
    return legible(names[0] if is_title(names[0]) else " ".join(reversed(names[1 : place + 1])) or names[0])


def _headings(document: etree._Element) -> Iterator[str]:
    """The words at the head of the first page: those that are said to be the title, then the largest in its middle."""
    credits = [credit for credit in document.iterfind("credit") if credit.get("page") in _FIRST_PAGE]
    yield from (text for credit in credits if credit.findtext("credit-type") == "title" for text in _words(credit)[:1])
    middle = [
        words for credit in credits for words in credit.iterfind("credit-words[@justify='center'][@valign='top']")
    ]
    yield from (words.text or "" for words in sorted(middle, key=_size, reverse=True)[:1])


def _has_letters(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


def _is_word(text: str) -> bool:
    """Whether a title is more than a number or a single letter."""
    return _has_letters(text) and (len(text) > 1 or not text.isascii())


def _words(credit: etree._Element) -> list[str]:
    return [words.text or "" for words in credit.iterfind("credit-words")]


def _size(words: etree._Element) -> float:
    told = words.get("font-size") or ""
    return float(told) if re.fullmatch(r"\d+(\.\d+)?", told) else 0.0


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
