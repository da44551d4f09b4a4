"""What a musician calls a bar: by the number that the page prints, and which time through it is.

A score counts its bars along the unfolded piece (`lessons.score`); nobody who reads from paper can follow that. Here is
the one home of what people read instead: "bar 5", and "bar 5, second time" where the repeat plays it again; "5²" where
there is little room. A bar that is played but once, such as the ending of a repeat, is its printed number alone, and a
bar whose halves stand apart is one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lessons.score import Score

ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
PICKUP = "0"
COUNTED = "counted along the piece as it is played: a repeat counts on, and a pickup is bar 0"
GOES_ON = "+"  # before the label of a bar that goes on from that one
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SAID = re.compile(
    r"(?:bar\s+)?(?P<written>[^\s⁰¹²³⁴⁵⁶⁷⁸⁹,(]+)\s*[,(]?\s*"
    r"(?:(?P<time>[\d⁰¹²³⁴⁵⁶⁷⁸⁹]+)(?:st|nd|rd|th)?|(?P<word>[a-z]+))?(?:\s+time)?\)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class BarName:
    """A bar of the page, as it is ``written`` there, the ``time``-th time that it is played."""

    written: str
    time: int = 1

    @property
    def short(self) -> str:
        """For labels: "5", the second time "5²"."""
        return self.written if self.time == 1 else self.written + str(self.time).translate(_RAISED)

    @property
    def is_pickup(self) -> bool:
        """Whether it is what leads to the first bar, of the piece or of a section."""
        return self.written.rpartition(":")[2] == PICKUP

    @property
    def in_words(self) -> str:
        """For sentences: "bar 5", the second time "bar 5, second time"."""
        section, colon, _ = self.written.rpartition(":")
        what = f"bar {self.written}" if not self.is_pickup else f"the pickup{' of ' if colon else ''}{section}"
        return what + time_in_words(self.time)

    def as_json(self) -> dict[str, Any]:
        """What stands beside a bar's number in JSON."""
        return {"written": self.written, "time": self.time}


def names_of(labels: Iterable[str]) -> tuple[BarName, ...]:
    """The names of bars by what the page calls them, in the order in which they are played."""
    times: Counter[str] = Counter()
    names: list[BarName] = []
    for label in labels:
        said = label.removeprefix(GOES_ON)
        times[said] += not label.startswith(GOES_ON) or said not in times
        names.append(BarName(said, times[said]))
    return tuple(names)


def name_of(score: Score, bar: int) -> BarName:
    """The name of a bar by its number along the piece; of a bar that the score does not have, the number."""
    row = bar - int(score.bars["number"][0]) if len(score.bars) else -1
    return score.bar_names[row] if 0 <= row < len(score.bar_names) else BarName(str(bar))


def bar_in_words(score: Score, bar: int) -> str:
    """A bar in a sentence: "bar 5, second time"."""
    return name_of(score, bar).in_words


def bar_at(score: Score, beat: float) -> str:
    """Which bar a position is in, where there is little room: "bar 5²"; nothing where the score has no bars."""
    short = name_of(score, int(score.bar_numbers_at(beat))).short if len(score.bars) else ""
    return "pickup" if short == PICKUP else f"bar {short}" if short else ""


def bars_in_words(score: Score, first: int, last: int) -> str:
    """A passage in a sentence: "bars 5–8, second time"; over a repeat "bar 7 to bar 2, second time", "… to the end"."""
    begin, end = name_of(score, first), name_of(score, last)
    if begin == end:
        return begin.in_words
    time = _time_of(score, first, last) if PICKUP not in (begin.written, end.written) else 0
    if time:
        return f"bars {begin.written}–{end.written}{time_in_words(time)}"
    is_end = len(score.bars) > 0 and last == int(score.bars["number"][-1])
    return f"{aside(begin.in_words)} to {'the end' if is_end else end.in_words}"


def counted_in_words(first: int, last: int) -> str:
    """Bars as they are counted along the piece: all that an older version of the program kept of a passage."""
    return f"bar {first}" if first == last else f"bars {first}–{last}"


def bars_listed(score: Score, bars: Sequence[int]) -> str:
    """Single bars in a sentence, in the order given: "bars 5, 6 (second time) and 9"."""
    names = list(dict.fromkeys(name_of(score, bar) for bar in bars))
    if len(names) == 1:
        return names[0].in_words
    *others, last = (name.written + (f" ({ordinal(name.time)} time)" if name.time > 1 else "") for name in names)
    return f"bars {', '.join(others)} and {last}"


def listed(passages: Sequence[str], goes_on: bool = False) -> str:
    """Passages in a sentence, one after the other, which perhaps ``goes_on`` after them."""
    *others, last = (aside(passage) for passage in passages)
    last = last if goes_on else last.rstrip(",")
    if not others:
        return last
    *before, after = others
    return f"{', '.join([*(one.rstrip(',') for one in before), after])} and {last}"


def time_in_words(time: int) -> str:
    """What follows a bar that is played again: ", second time"; nothing the first time."""
    return "" if time == 1 else f", {ordinal(time)} time"


def ordinal(time: int) -> str:
    """Which one, in words as far as they are short."""
    return ORDINALS[time] if time < len(ORDINALS) else f"{time}th"


def aside(words: str) -> str:
    """Words in the middle of a sentence: what came after a comma ends with one."""
    return f"{words}," if "," in words else words


def begun(words: str) -> str:
    """Words at the beginning of a sentence."""
    return words[:1].upper() + words[1:]


def bar_of(score: Score, said: str) -> int | None:
    """The number along the piece of a bar as somebody types it: "5", "5²", "5 2", "5 (2nd)"; None where there is none.

    Who says no time means the first one.
    """
    return next(iter(_numbers_of(score, said, 1)), None)


def passage_of(score: Score, said: str) -> tuple[int, int] | None:
    """The bars along the piece of a passage as somebody types it: "5–8", "5²–8²", "5-8, second time"; None for none.

    A time after a comma is that of both bars. Who says none for the last bar means the next time that it is played.
    """
    bars, comma, time = said.strip().replace("–", "-").partition(",")
    first, dash, last = bars.removeprefix("bars ").partition("-")
    begin = bar_of(score, first + comma + time)
    if begin is None:
        return None
    named = _numbers_of(score, last + comma + time) if dash else _numbers_of(score, name_of(score, begin).short, 1)
    ends = [number for number in named if number >= begin]
    return (begin, _with_its_halves(score, ends[0])) if ends else None


def _numbers_of(score: Score, said: str, otherwise: int = 0) -> list[int]:
    """The numbers along the piece of a bar as it is typed; who says no time means that ``otherwise``, 0 any."""
    found = _SAID.fullmatch(said.strip())
    if found is None:
        return []
    word = (found["word"] or ORDINALS[otherwise]).lower()
    time = int(found["time"].translate(_PLAIN)) if found["time"] else ORDINALS.index(word) if word in ORDINALS else -1
    written = found["written"].upper() if ":" in found["written"] else found["written"]
    numbers = score.bars["number"].tolist()
    named = zip(numbers, score.bar_names, strict=True)
    return [number for number, name in named if name.written == written and name.time == (time or name.time)]


def _with_its_halves(score: Score, bar: int) -> int:
    """The last part of a bar whose halves stand apart, by its first."""
    numbers: list[int] = score.bars["number"].tolist()
    return max(number for number in numbers if name_of(score, number) == name_of(score, bar))


def passage_in_short(score: Score, first: int, last: int) -> str:
    """A passage as it may be typed, where there is little room: "5–8", "5²–8²"."""
    return "–".join(dict.fromkeys(name_of(score, bar).short for bar in (first, last)))


def told(score: Score, bar: int) -> dict[str, Any]:
    """What stands beside the number of a bar in JSON: ``written`` on the page, and the how many-th ``time``."""
    return name_of(score, bar).as_json()


def told_range(score: Score, bars: tuple[int, int] | None) -> dict[str, Any]:
    """What stands beside the first and the last bar of a passage in JSON; nothing beside none."""
    names = [name_of(score, bar) for bar in bars or ()]
    return {"written": [name.written for name in names], "times": [name.time for name in names]} if names else {}


def _time_of(score: Score, first: int, last: int) -> int:
    """Which time through all of a passage is, where the page leads on through it and never back; else 0."""
    begin = int(score.bars["number"][0])
    rows = slice(max(0, first - begin), last - begin + 1)
    written, names = score.bars["written"][rows].tolist(), score.bar_names[rows]
    again = {name.written for name in score.bar_names if name.time > 1}
    times = {name.time for name in names if name.written in again} or {1}
    is_onward = all(here <= after for here, after in pairwise(written))
    return times.pop() if is_onward and len(times) == 1 else 0
