"""How a donor's bars are laid out in the passage of a piece: bar by bar, or phrase by phrase after the piece's form.

A donor that is long enough is taken as it stands from its first downbeat. A shorter one gives its phrases: a phrase of
the piece that returns takes the same phrase of the donor again, and each phrase ends as the donor's does. So it is
where the piece is played with repeats. Chords also follow phrases where the donor is longer, so that the piece ends on
the donor's own cadence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lessons.form import PHRASE_BARS, Phrase, phrases, repeats_by_the_page
from lessons.score import Score
from models.line import EPSILON, Mask


@dataclass(frozen=True)
class Run:
    """A stretch of ``length`` beats of a donor, from ``from_beat`` on, that goes to ``at_beat``."""

    at_beat: float
    from_beat: float
    length: float


def bar_length(score: Score, beat: float = 0.0) -> float:
    """The length in beats of a bar at a position."""
    numerator, denominator = score.metre_at(beat)
    return numerator * 4.0 / denominator


def within(notes: NDArray[np.void], start: float, end: float) -> Mask:
    """Which notes begin inside [start, end)."""
    inside: Mask = (notes["onset_beat"] >= start - EPSILON) & (notes["onset_beat"] < end - EPSILON)
    return inside


def donor_length(donor: Score) -> float:
    """The length in beats of a donor in whole bars; without a page in whole phrases, since silence is easily lost."""
    bar = bar_length(donor)
    last = float(donor.notes["onset_beat"].max()) if len(donor.notes) else 0.0
    bars = max(1, int(np.ceil((max(last + EPSILON, donor.end_beat) - EPSILON) / bar)))
    phrase = PHRASE_BARS if bars > PHRASE_BARS else 2 if bars == PHRASE_BARS - 1 else 1
    if (donor.notes["step"] != "").any():
        phrase = 1
    return -(-bars // phrase) * phrase * bar


def bars_begun(donor: Score) -> int:
    """How many bars a donor has up to the last one in which a note begins."""
    last = float(donor.notes["onset_beat"].max()) if len(donor.notes) else 0.0
    return int((last + EPSILON) // bar_length(donor)) + 1


def runs(
    piece: Score, donor: Score, start: float, end: float, stretch: float = 1.0, to_its_end: bool = False
) -> list[Run]:
    """Where a donor's stretches go in [start, end) of a piece; ``from_beat`` in beats of the donor times ``stretch``.

    ``to_its_end``: a donor that is longer by a bar is cut by phrases too, so that the last one ends where it ends.
    """
    length, unit = donor_length(donor) * stretch, bar_length(donor) * stretch
    longer = to_its_end and bars_begun(donor) * unit > end - start + unit - EPSILON
    long_enough = length > end - start - EPSILON and not longer
    if long_enough and not repeats_by_the_page(piece, start, end):
        return [Run(start, 0.0, end - start)]
    ours = phrases(piece, start, end) or [Phrase(start, end, 0)]
    theirs = _known(donor, stretch, bars_begun(donor) * unit if longer else length)
    given = _given(ours, theirs)
    pairs = zip(ours, given, strict=True)
    found = [_fitted(own.start_beat, _whole(own.length, unit), phrase, unit) for own, phrase in pairs]
    if end >= piece.end_beat - EPSILON and given[-1] != theirs[-1]:
        last = ours[-1].tune
        found = [
            _closed(layout, theirs[-1], unit) if own.tune == last else layout
            for own, layout in zip(ours, found, strict=True)
        ]
    return joined([run for layout in found for run in layout])


def as_it_stands(layout: list[Run], piece: Score, donor: Score, notes: NDArray[np.void]) -> bool:
    """Whether a donor's notes are all taken once, bar for bar: where they rest, the answer rests."""
    if len(layout) != 1 or layout[0].from_beat > 0.0 or piece.metre_at(layout[0].at_beat) != donor.metre_at(0.0):
        return False
    return float(notes["onset_beat"].max()) < layout[0].length


def _known(donor: Score, stretch: float, length: float) -> list[Phrase]:
    """The donor's phrases in stretched beats, each tune once, in order; the last one ends where the donor does."""
    found = phrases(donor, 0.0, donor.end_beat) or [Phrase(0.0, 0.0, 0)]
    scaled = [Phrase(one.start_beat * stretch, one.end_beat * stretch, one.tune) for one in found]
    scaled[-1] = replace(scaled[-1], end_beat=max(scaled[-1].end_beat, length))
    last = scaled[-1]
    first = {phrase.tune: phrase for phrase in reversed(scaled[:-1]) if phrase.tune != last.tune}
    return [*sorted(first.values(), key=lambda phrase: phrase.start_beat), last]


def _whole(length: float, unit: float) -> float:
    """A length rounded up to whole bars."""
    return float(np.ceil((length - EPSILON) / unit)) * unit


def _given(ours: list[Phrase], theirs: list[Phrase]) -> list[Phrase]:
    """A phrase of the donor for each of ours: in order, the same for the same tune; its last for a last tune."""
    given: dict[int, Phrase] = {}
    for phrase in ours:
        given.setdefault(phrase.tune, theirs[len(given) % len(theirs)])
    if ours[-1].tune != ours[0].tune:
        given[ours[-1].tune] = theirs[-1]
    return [given[phrase.tune] for phrase in ours]


def _fitted(at_beat: float, length: float, given: Phrase, unit: float) -> list[Run]:
    """A donor's phrase in ``length`` beats: repeated to fill them, or its opening and its end; ends alike."""
    spare = length % given.length
    if spare < EPSILON or given.length - spare < EPSILON:
        turns = round(length / given.length)
        return [Run(at_beat + turn * given.length, given.start_beat, given.length) for turn in range(turns)]
    if length > given.length:
        return [Run(at_beat, given.start_beat, spare), *_fitted(at_beat + spare, length - spare, given, unit)]
    close = max(unit, length // 2 // unit * unit)
    opening = Run(at_beat, given.start_beat, length - close)
    return [opening, Run(at_beat + length - close, given.end_beat - close, close)]


def _closed(phrase: list[Run], last: Phrase, unit: float) -> list[Run]:
    """The runs of a phrase with their last bars, at most two, taken from where the donor ends."""
    run = phrase[-1]
    close = min(2 * unit, run.length / 2 // unit * unit)
    end = Run(run.at_beat + run.length - close, last.end_beat - close, close)
    return [*phrase[:-1], replace(run, length=run.length - close), end]


def joined(found: list[Run]) -> list[Run]:
    """The runs, each until the next begins, those that go on from each other made one; empty ones left out."""
    whole: list[Run] = []
    for run in found:
        if run.length < EPSILON:
            continue
        if whole:
            whole[-1] = replace(whole[-1], length=min(whole[-1].length, run.at_beat - whole[-1].at_beat))
        if whole and abs(whole[-1].from_beat + whole[-1].length - run.from_beat) < EPSILON:
            whole[-1] = replace(whole[-1], length=whole[-1].length + run.length)
        else:
            whole.append(run)
    return whole


def laid_out(notes: NDArray[np.void], layout: list[Run], end: float, pickup: float) -> NDArray[np.void]:
    """A donor's notes in a passage that ends at ``end``; its pickup fills ``pickup`` and the gaps before beginnings."""
    copies: list[NDArray[np.void]] = []
    for run, after in pairwise([*layout, Run(end, -1.0, 0.0)]):
        begins = run.from_beat < EPSILON
        early = float(notes["onset_beat"].min()) if begins and len(notes) else run.from_beat
        copy = notes[within(notes, min(early, run.from_beat), run.from_beat + run.length)].copy()
        copy["onset_beat"] += run.at_beat - run.from_beat
        copy["duration_beat"] = np.minimum(copy["duration_beat"], after.at_beat - copy["onset_beat"])
        if copies and begins and len(copy):
            copies[-1] = copies[-1][copies[-1]["onset_beat"] < copy["onset_beat"].min() - EPSILON]
        copies.append(copy)
    placed = np.concatenate(copies)
    placed = placed[np.argsort(placed["onset_beat"], kind="stable")]
    return placed[within(placed, layout[0].at_beat - pickup, end)]


def spread_chords(chords: NDArray[np.void], layout: list[Run], end: float) -> NDArray[np.void]:
    """A donor's chords, in the beats of the runs, in the passage that ends at ``end``."""
    copies = []
    for run in layout:
        until = min(run.from_beat + run.length, run.from_beat + end - run.at_beat)
        inside = (chords["end_beat"] > run.from_beat + EPSILON) & (chords["start_beat"] < until - EPSILON)
        copy = chords[inside].copy()
        copy["start_beat"] = np.maximum(copy["start_beat"], run.from_beat) + run.at_beat - run.from_beat
        copy["end_beat"] = np.minimum(copy["end_beat"], until) + run.at_beat - run.from_beat
        copies.append(copy)
    spread: NDArray[np.void] = np.concatenate(copies)
    return spread
