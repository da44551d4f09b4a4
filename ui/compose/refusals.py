"""What a composer refuses, in the words of the page: composers speak the language of the command line."""

from __future__ import annotations

import re

from ui.compose.question import WORDS
from ui.widgets.notice import sentence

DONOR_FLAG = re.compile(r"--([a-z]+)-from( (?=“|the donor))?")
OTHER_FLAG = re.compile(r"--(?:keep|hand|style|count \d+): |--(?=[a-z])")
PAGE_WORDS = (
    (
        "nothing is left to vary; unlock",
        "Everything stays as it is. Let the melody or the rhythm move, or take something from another piece.",
    ),
    ("no notes for that hand", "This piece has no notes for that hand. Let both hands change."),
    (
        "moves nothing, so there is one answer only",
        "With “Move” at 0 % there is one answer only. Move it further, or ask for one.",
    ),
    (
        "takes rhythm and pitches along",
        "A texture brings its own rhythm and melody along: only the chords may come from another piece as well.",
    ),
)
PAGE_NOUNS = (("choose another donor", "choose another piece"), ("choose a donor", "choose a piece"))


def refusal_in_words(reason: str) -> str:
    """What a composer refuses, as somebody reads it who knows the page only."""
    return next((words for part, words in PAGE_WORDS if part in reason), None) or without_flags(reason)


def without_flags(reason: str) -> str:
    """A refusal that the page has no words of its own for, with the names of its choices in place of flags."""
    words = DONOR_FLAG.sub(lambda flag: f"the {WORDS.get(flag[1], flag[1])}{' from ' if flag[2] else ''}", reason)
    words = OTHER_FLAG.sub("", words)
    for said, meant in PAGE_NOUNS:
        words = words.replace(said, meant)
    return sentence(words)
