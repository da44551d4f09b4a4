"""Texts of files and of people, fit for one line of a terminal or a window."""

from __future__ import annotations

import unicodedata

UNFIT = ("Cc", "Cs", "Zl", "Zp")  # controls, halves of letters, line ends
TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # of what follows them


def is_legible(letter: str) -> bool:
    """Whether a letter is to be read, and leaves those beside it in their order."""
    return unicodedata.category(letter) not in UNFIT and letter not in TURNING


def legible(text: str, besides: str = "") -> str:
    """The text without what a terminal or a window would stumble over, but for the letters ``besides``."""
    return "".join(letter if is_legible(letter) or letter in besides else " " for letter in text).strip()
