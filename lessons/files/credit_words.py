"""Words above the staff that are no directions to a player: names of authors, numbers of works, sources, the title.

Programs put there what has no other place on their page. Names are those that the file itself gives as authors; a title
counts as one in the first bar only, and not where a tempo goes with it (a piece may be called Andantino). Headings in
the bar of a credit go with it.
"""

from __future__ import annotations

import re

from lxml import etree  # type: ignore[import-untyped]

_OPUS_OR_SOURCE = re.compile(r"\bop(us)?\b\.? ?\d|https?://|\bwww\.|\bimslp", re.IGNORECASE)
_NAMES = re.compile(r"[^\W\d_]{4,}")  # what is shorter are initials and the likes of "von"
_CREATORS = "identification/creator"
_TITLES = ("work/work-title", "movement-title")


def drop_credits(document: etree._Element) -> None:
    """Take such words out of a document, in place; what else their directions say stays."""
    authors = {name for creator in document.iterfind(_CREATORS) for name in _names(creator.text or "")}
    titles = {_plain(document.findtext(place) or "") for place in _TITLES} - {""}
    for part in document.findall("part"):
        for index, measure in enumerate(part.findall("measure")):
            _drop_from(measure.findall("direction"), authors, titles if index == 0 else set())


def _drop_from(directions: list[etree._Element], authors: set[str], titles: set[str]) -> None:
    """Take credits out of the directions of a measure."""
    texts = ["".join(words.text or "" for words in each.iterfind("direction-type/words")) for each in directions]
    are_credits = [
        bool(_OPUS_OR_SOURCE.search(text) or (_names(text) and _names(text) <= authors))
        or (_plain(text) in titles and direction.find("sound[@tempo]") is None)
        for text, direction in zip(texts, directions, strict=True)
    ]
    for text, direction, is_credit in zip(texts, directions, are_credits, strict=True):
        if is_credit or (any(are_credits) and text[:1].isupper() and _is_upright(direction)):
            _drop_words(direction)


def _is_upright(direction: etree._Element) -> bool:
    """Whether words look like a heading: what tells a player something leans, or is bold where it is a tempo."""
    words = direction.findall("direction-type/words")
    return not any("italic" in each.get("font-style", "") or each.get("font-weight") == "bold" for each in words)


def _drop_words(direction: etree._Element) -> None:
    for told in direction.findall("direction-type[words]"):
        for words in told.findall("words"):
            told.remove(words)


def _names(text: str) -> set[str]:
    return set(_NAMES.findall(text.lower()))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
