"""The form of a song: bar by bar, what each bar does with the motif.

A step says what a bar is made of: a bar of the motif or of the song itself as it stands, moved by scale steps, turned
over, or with its rhythm only, and which bars close: on the dominant (half), on the tonic (full), or on the way there
(approach). Forms come from the textbook (period, sentence, aaba) or from a donor: which bars of it repeat which.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray

from lessons.errors import ComposerError
from lessons.harmony import Key, score_key
from lessons.score import Score
from models.donors import named
from models.layout import within
from models.line import EPSILON, cut_overlaps, line_mask
from models.motif import degree_of

PHRASE = 4  # bars
Content = tuple[tuple[float, ...], tuple[int, ...]]  # places, degrees


class Deed(Enum):
    """What a bar does with another one."""

    STATE = auto()
    MOVE = auto()
    DEPART = auto()  # moved to where it has not been
    TURN = auto()
    BEND = auto()  # the rhythm of the bar with the contour of the donor's
    APPROACH = auto()
    HALF = auto()
    FULL = auto()


@dataclass(frozen=True)
class Step:
    """A bar of the song: ``of`` is an earlier bar of it; ``steps`` and ``curve`` are what a donor says."""

    deed: Deed
    of: int = 0
    steps: int | None = None
    curve: tuple[int, ...] = ()


@dataclass(frozen=True)
class Form:
    """The bars of a song, and what it is called."""

    steps: tuple[Step, ...]
    name: str


def default_form(bars: int, motif_bars: int, turn: int) -> Form:
    """A form from the textbook for a song of so many bars; ``turn`` takes the next one."""
    if bars == 8:
        return (_period, _sentence)[turn % 2](motif_bars)
    if bars == 16 and turn % 2:
        return _double_period(motif_bars)
    return _aaba(motif_bars) if bars == 16 else _long_aaba(motif_bars)


def _period(motif_bars: int) -> Form:
    return Form((*_opening(motif_bars), *_answer(motif_bars)), "the form of a period")


def _sentence(motif_bars: int) -> Form:
    idea = min(2, motif_bars)
    first = [Step(Deed.STATE, bar) for bar in range(motif_bars)][:PHRASE]
    while len(first) < PHRASE - 1:
        first.append(Step(Deed.MOVE, len(first) % idea))
    if len(first) < PHRASE:
        first.append(Step(Deed.HALF, min(idea, motif_bars) - 1))
    broken = [Step(Deed.MOVE, 0), Step(Deed.MOVE, 4)]
    return Form((*first, *broken, Step(Deed.APPROACH, idea - 1), Step(Deed.FULL)), "the form of a sentence")


def _opening(motif_bars: int) -> list[Step]:
    """The motif, carried on to a half cadence where it leaves room for one."""
    steps = [Step(Deed.STATE, bar) for bar in range(motif_bars)]
    while len(steps) < PHRASE - 1:
        steps.append(Step(Deed.MOVE if len(steps) % 2 == 0 or motif_bars == 1 else Deed.TURN, len(steps) % motif_bars))
    return [*steps, Step(Deed.HALF, motif_bars - 1)][:PHRASE]


def _answer(motif_bars: int) -> list[Step]:
    """The motif again, and a full cadence."""
    steps = [Step(Deed.STATE, bar) for bar in range(min(motif_bars, 2))]
    while len(steps) < PHRASE - 2:
        steps.append(Step(Deed.MOVE, 0))
    return [*steps, Step(Deed.APPROACH, min(motif_bars - 1, 2)), Step(Deed.FULL)]


def _middle(motif_bars: int, at: int) -> list[Step]:
    """Something else: the motif's first bar on other degrees, climbing or falling, to a half cadence."""
    third = Step(Deed.TURN, motif_bars - 1) if motif_bars > 1 else Step(Deed.TURN, 0)
    return [Step(Deed.DEPART, 0), Step(Deed.MOVE, at), third, Step(Deed.HALF, motif_bars - 1)]


def _again(first: int, count: int) -> list[Step]:
    return [Step(Deed.STATE, bar) for bar in range(first, first + count)]


def _aaba(motif_bars: int) -> Form:
    """Four phrases; the first ends open, the third is another one, the last is the second again."""
    part = [*_opening(motif_bars), *_answer(motif_bars)]
    return Form((*part, *_middle(motif_bars, 8), *_again(4, 4)), "the form AABA")


def _long_aaba(motif_bars: int) -> Form:
    """Four parts of two phrases: the first is a period, the third another one that ends open."""
    part = [*_opening(motif_bars), *_answer(motif_bars)]
    middle = [*_middle(motif_bars, 16)[:3], Step(Deed.TURN, min(1, motif_bars - 1)), *_middle(motif_bars, 20)]
    return Form((*part, *_again(0, 8), *middle, *_again(0, 8)), "the form AABA")


def _double_period(motif_bars: int) -> Form:
    """Two halves that begin alike: the first ends open, the second closed."""
    closing = [Step(Deed.MOVE, 0), Step(Deed.MOVE, 12), Step(Deed.APPROACH, motif_bars - 1), Step(Deed.FULL)]
    return Form(
        (*_opening(motif_bars), *_middle(motif_bars, 4), *_again(0, 4), *closing), "the form of a double period"
    )


def states_first_bar(form: Form, place: int) -> bool:
    """Whether a bar is the motif's first one, as it stands."""
    step = form.steps[place]
    while step.deed is Deed.STATE and 0 < step.of < place:
        place, step = step.of, form.steps[step.of]
    return step.deed is Deed.STATE and step.of == 0


def form_of(donor: Score, bars: int, motif_bars: int) -> Form:
    """The form of a donor's first bars: which repeat which, which are sequences, which share a rhythm.

    The middle comes to a half cadence unless the motif itself stands there, and the song comes home.
    """
    heard = _contents(donor, bars)
    steps: list[Step] = []
    for place, content in enumerate(heard):
        steps.append(Step(Deed.STATE, place) if place < motif_bars else _relation(heard, place, content, motif_bars))
    middle = bars // 2 - 1
    if middle >= motif_bars:
        steps[middle] = Step(Deed.HALF, motif_bars - 1)
    steps[-2:] = [Step(Deed.APPROACH, steps[-2].of), Step(Deed.FULL)]
    return Form(tuple(steps), f"the form of {named(donor)}")


def _contents(donor: Score, bars: int) -> list[Content]:
    """Places and degrees of the tune in each of a donor's first bars."""
    line, key = cut_overlaps(donor.notes[line_mask(donor)]), score_key(donor)
    full = donor.bars[donor.bars["start_beat"] >= -EPSILON]
    if len(full) < bars or not len(line):
        raise ComposerError(
            f"--form-from {named(donor)}: it has {len(full)} bars, the song {bars}; choose a longer one"
        )
    return [_content(line, bar, key) for bar in full[:bars]]


def _content(line: NDArray[np.void], bar: np.void, key: Key) -> Content:
    here = line[within(line, float(bar["start_beat"]), float(bar["end_beat"]))]
    places = tuple(round(float(onset - bar["start_beat"]), 3) for onset in here["onset_beat"])
    return places, tuple(degree_of(int(pitch), key)[0] for pitch in here["pitch"])


def _relation(heard: list[Content], place: int, content: Content, motif_bars: int) -> Step:
    """What a bar of a donor is to the bars before it; a new one takes the rhythm of the motif."""
    for before in range(place):
        if heard[before] == content and content[0]:
            return Step(Deed.STATE, before)
    curve = tuple(degree - content[1][0] for degree in content[1]) if content[1] else ()
    for before in range(place):
        places, degrees = heard[before]
        if places == content[0] and degrees and len({a - b for a, b in zip(content[1], degrees, strict=True)}) == 1:
            return Step(Deed.MOVE, before, content[1][0] - degrees[0])
    for before in range(place):
        if heard[before][0] == content[0]:
            return Step(Deed.BEND, before, curve=curve)
    return Step(Deed.BEND, place % motif_bars, curve=curve)
