"""Whose notes the learner plays. Of a song with a piano that is the pianist's part, until another one is chosen.

What is left is the *backing*: it is sounded, shown and written, but nobody waits for it and nothing of it is judged.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lessons.errors import InputError
from lessons.hands import hand_of_name, with_hands
from lessons.score import LEFT, RIGHT, UNKNOWN_HAND, Score
from lessons.transposition import as_sounding, as_written

KEYBOARD = re.compile(
    r"\b(piano|pianoforte|fortepiano|pf|pno|klavier|clavier|keyboards?|harpsichord|cembalo|clavecin|spinet|hand)\b",
    re.I,
)


@dataclass(frozen=True)
class Part:
    """A part of a score that has notes: its number in ``part_names``, and what it is called."""

    number: int
    name: str


def parts_of(score: Score) -> tuple[Part, ...]:
    """The parts that have notes, from the top of the page down."""
    numbers = np.unique(_everything(score)["part"]).tolist()
    return tuple(Part(number, _name(score, number)) for number in numbers)


def choices(score: Score) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The parts among which a learner may choose, by name and number: none where all are one player's.

    Two parts that are the hands of one keyboard are one choice, and parts of one name are counted.
    """
    parts = parts_of(score)
    if len(parts) < 2 or not all(part.name for part in parts):
        return ()
    if all(hand_of_name(part.name) != UNKNOWN_HAND for part in parts):
        return ()
    hands = [part for part in parts if KEYBOARD.search(part.name) and hand_of_name(part.name) != UNKNOWN_HAND]
    pair = tuple(part.number for part in hands) if len(hands) == 2 else ()
    named: list[tuple[str, tuple[int, ...]]] = [
        (part.name, (part.number,)) for part in parts if part.number not in pair
    ]
    if pair:
        place = sum(numbers[0] < pair[0] for _, numbers in named)
        named.insert(place, (_instrument(hands[0].name), pair))
    counts = Counter(name for name, _ in named)
    seen: Counter[str] = Counter()
    told = []
    for name, numbers in named:
        seen[name] += 1
        told.append((f"{name} {seen[name]}" if counts[name] > 1 else name, numbers))
    return tuple(told) if len(told) > 1 else ()


def _instrument(name: str) -> str:
    """What a keyboard is called whose name tells a hand."""
    found = KEYBOARD.search(name)
    word = found.group(0) if found and found.group(0).casefold() != "hand" else "Piano"
    return word[:1].upper() + word[1:]


def for_pianist(score: Score) -> Score:
    """The score as a pianist plays it: where some parts are a keyboard's, the others are the backing."""
    parts = parts_of(score)
    keyboards = [part.number for part in parts if KEYBOARD.search(part.name)]
    if not keyboards or len(keyboards) == len(parts):
        return score
    two_handed = [number for number in keyboards if _has_two_staves(score, number)]
    return playing(score, two_handed[:1] or keyboards)


def playing(score: Score, wanted: Collection[int]) -> Score:
    """The score for who plays the parts of these numbers. Raises InputError where these have no notes.

    A transposing part that is played by itself is read as it is written; the backing stands where it sounds.
    """
    score = as_sounding(score)
    notes = _everything(score)
    for number in score.handless:
        notes["hand"][notes["part"] == number] = hand_of_name(_name(score, number))
    mine = np.isin(notes["part"], list(wanted))
    if not mine.any():
        raise InputError("a part without notes cannot be played")
    played = with_hands(replace(score, notes=notes[mine], backing=notes[~mine]))
    numbers = np.unique(notes["part"][mine]).tolist()
    return as_written(played, numbers[0]) if len(numbers) == 1 else played


def named(score: Score, name: str) -> tuple[int, ...]:
    """The parts of this name, else the only one that has it in its name. Raises InputError with the names."""
    parts = parts_of(score)
    wanted = name.strip().casefold()
    found = tuple(part.number for part in parts if part.name.casefold() == wanted)
    holding = [part.number for part in parts if wanted and wanted in part.name.casefold()]
    found = found or (tuple(holding) if len(holding) == 1 else ())
    if not found:
        names = ", ".join(part.name for part in parts if part.name and not part.name.isdigit())
        why = f"the score has no such part; its parts are {names}" if names else "no part of this score has a name"
        raise InputError(f"{name!r}: {why}")
    return found


def on_page(score: Score) -> tuple[Score, ...]:
    """What the learner plays, by who has staves of their own on the page: one score for the hands of a keyboard."""
    alone = score.alone
    groups = [numbers for _, numbers in choices(alone)] or _by_hands(alone)
    return (alone,) if len(groups) < 2 else tuple(_staff_group(alone, numbers) for numbers in groups)


def _by_hands(score: Score) -> list[tuple[int, ...]]:
    """The parts together where each is a hand of its own; one by one where some share a hand."""
    numbers = tuple(np.unique(score.notes["part"]).tolist())
    shared = len(np.unique(score.notes[["part", "hand"]])) > len(np.unique(score.notes["hand"]))
    return [(number,) for number in numbers] if shared else [numbers]


def _staff_group(score: Score, numbers: tuple[int, ...]) -> Score:
    """The parts of these numbers; one that is no keyboard's, and whose hands were only found, has one staff."""
    notes = score.notes[np.isin(score.notes["part"], numbers)]
    for number in set(numbers) & set(score.handless):
        if not KEYBOARD.search(_name(score, number)):
            notes["hand"][notes["part"] == number] = RIGHT
    return score.with_notes(notes)


def staves(score: Score) -> tuple[int, int, int]:
    """How many staves a page has above those that the learner plays, for the learner, and below."""
    mine = int(score.notes["part"].min()) if len(score.notes) else 0
    above, below = 0, 0
    for number in np.unique(score.backing["part"]).tolist():
        count = len(np.unique(score.backing["hand"][score.backing["part"] == number]))
        above, below = (above + count, below) if number < mine else (above, below + count)
    return above, max(1, sum(len(np.unique(group.notes["hand"])) for group in on_page(score))), below


def _everything(score: Score) -> NDArray[np.void]:
    return np.concatenate([score.notes, score.backing])


def _name(score: Score, number: int) -> str:
    return " ".join(score.part_names[number].split()) if number < len(score.part_names) else ""


def _has_two_staves(score: Score, number: int) -> bool:
    notes = _everything(score)
    hands = notes["hand"][notes["part"] == number]
    return number not in score.handless and bool(np.all(np.isin((LEFT, RIGHT), hands)))
