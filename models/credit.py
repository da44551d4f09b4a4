"""Whom a page names that was made from another's piece: "after Christian Petzold (1677–1733)".

A composer field that names nobody is told as a musician would: "after a traditional tune from England".
"""

from __future__ import annotations

import re

_AFTER = "after "
_NOBODY = re.compile(r"(trad(?:itional|\.)?|anon(?:ymous|\.)?)(?:([\s,:;(]+)(.*?)\)?)?", re.IGNORECASE)
_WITH_ARTICLE = ("United ", "Netherlands", "Philippines")


def after(composer: str) -> str:
    """The credit of a piece made from one by ``composer``; none where nobody is named."""
    named = composer.strip().removeprefix(_AFTER)
    return f"{_AFTER}{_source(named)}" if named else ""


def _source(composer: str) -> str:
    """The composer, or the tune where the name stands for none."""
    found = _NOBODY.fullmatch(composer)
    if found is None:
        return composer
    kind = "an anonymous piece" if found[1].lower().startswith("anon") else "a traditional tune"
    parting, where = found[2] or "", found[3] or ""
    if not where:
        return kind
    return f"{kind} from {_place(where)}" if "," in parting else f"{kind} ({where})"


def _place(name: str) -> str:
    return f"the {name}" if name.startswith(_WITH_ARTICLE) else name
