"""Bar after bar of a song: the motif stated, moved, turned or bent, and led to its closes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models.line import EPSILON
from models.motif import OCTAVE_DEGREES, Bar, Motif, Tone, inverted, moved
from models.song_form import Deed, Step

FARTHEST = 7  # scale steps that a bar moves at most
AROUND = 3  # scale steps beyond the motif that a song may go before it costs
LEADING_NOTE = 6  # the seventh degree
HALF_CLOSE, LEADING = (1, 4, LEADING_NOTE), (1, LEADING_NOTE)  # with the second and the fifth; with the second


def made(motif: Motif, bars: list[Bar], step: Step, place: int, rng: np.random.Generator) -> Bar:
    """One bar of the song after the bars before it."""
    if step.deed is Deed.STATE:
        return bars[step.of] if step.of < place else motif.bars[step.of]
    source = _struck_again(motif, bars, bars[: step.of + 1] if step.of < place else list(motif.bars[: step.of + 1]))
    if step.deed is Deed.HALF:
        return _half_close(motif, bars, source, rng)
    if step.deed is Deed.FULL:
        return (Tone(0.0, motif.bar_beats, _nearest(_last_begun(bars)[-1].degree, (0,))),)
    if step.deed is Deed.MOVE and step.steps is not None:
        return moved(source, step.steps, motif.scale)
    shapes = {
        Deed.MOVE: [source],
        Deed.DEPART: [source],
        Deed.TURN: [inverted(source, 0)],
        Deed.BEND: [_bent(source, step.curve)],
        Deed.APPROACH: [source, inverted(source, 0)],
    }[step.deed]
    elsewhere = source if step.deed is Deed.DEPART else ()
    return _shifted(motif, bars, shapes, LEADING if step.deed is Deed.APPROACH else (), elsewhere, rng)


def _last_begun(bars: Sequence[Bar]) -> Bar:
    """The last bar in which notes begin."""
    return next(bar for bar in reversed(bars) if bar)


def _struck_again(motif: Motif, bars: list[Bar], until: list[Bar]) -> Bar:
    """The last of some bars in which notes begin; what was held into it is struck, unless a note is held here too."""
    at = max(place for place, bar in enumerate(until) if bar)
    held = _held_over(until[at - 1], motif.bar_beats) if at else 0.0
    if held < EPSILON or _held_over(bars[-1], motif.bar_beats) > EPSILON:
        return until[at]
    last = until[at - 1][-1]
    return (Tone(0.0, min(held, until[at][0].place), last.degree, last.alter), *until[at])


def _held_over(bar: Bar, length: float) -> float:
    """How many beats a bar's last note goes on in the next one."""
    return max(0.0, bar[-1].place + bar[-1].length - length) if bar else 0.0


def _bent(source: Bar, curve: tuple[int, ...]) -> Bar:
    """The rhythm of a bar with another contour, stretched over its notes."""
    if not curve:
        return source
    index = np.round(np.linspace(0, len(curve) - 1, len(source))).astype(int)
    return tuple(
        replace(tone, degree=source[0].degree + curve[at], alter=0) for tone, at in zip(source, index, strict=True)
    )


def _shifted(
    motif: Motif,
    bars: list[Bar],
    shapes: list[Bar],
    ends_on: tuple[int, ...],
    away_from: Bar,
    rng: np.random.Generator,
) -> Bar:
    """One of the shapes, moved: near to the bar before but not the same, within the range, to an end that is wanted."""
    (low, high), before = _range(motif), _last_begun(bars)
    choices, costs = [], []
    for shape in shapes:
        for steps in range(-FARTHEST, FARTHEST + 1):
            bar = moved(shape, steps, motif.scale)
            if (ends_on and bar[-1].degree % OCTAVE_DEGREES not in ends_on) or any(
                _sounds_like(bar, other) for other in (before, away_from)
            ):
                continue
            join = abs(bar[0].degree - before[-1].degree)
            beyond = sum(max(0, low - tone.degree, tone.degree - high) for tone in bar)
            choices.append(bar)
            costs.append(0.7 * max(0, join - 2) + 0.5 * (join == 0) + 0.8 * beyond + 0.3 * max(0, abs(steps) - 3))
    weights = np.exp(-np.array(costs) + min(costs))
    return choices[int(rng.choice(len(choices), p=weights / weights.sum()))]


def _sounds_like(bar: Bar, before: Bar) -> bool:
    """Whether a bar strikes the same degrees as another one."""
    return [tone.degree for tone in bar] == [tone.degree for tone in before]


def _range(motif: Motif) -> tuple[int, int]:
    degrees = [tone.degree for tone in motif.tones]
    return min(degrees) - AROUND, max(degrees) + AROUND


def _half_close(motif: Motif, bars: list[Bar], source: Bar, rng: np.random.Generator) -> Bar:
    """A bar that comes to rest on the dominant: one long note, or the motif's rhythm before it in a long bar."""
    length, before = motif.bar_beats, _last_begun(bars)[-1].degree
    even = motif.metre[0] % 4 == 0 or motif.metre == (6, 8)
    opening = [tone for tone in source if tone.place < length / 2 - EPSILON]
    if not even or not opening or rng.random() < 0.4:
        return (_resting(motif, 0.0, length, _nearest(before, HALF_CLOSE)),)
    close = _nearest(before + int(rng.integers(-2, 3)), HALF_CLOSE)
    path = np.round(np.linspace(before, close, len(opening) + 2)[1:-1]).astype(int)
    if path[-1] == close:
        path[-1] = close + 1
    ends = [*(tone.place for tone in opening[1:]), length / 2]
    led = [
        Tone(tone.place, min(tone.length, end - tone.place), int(degree))
        for tone, degree, end in zip(opening, path, ends, strict=True)
    ]
    return (*led, _resting(motif, length / 2, length / 2, close))


def _resting(motif: Motif, place: float, length: float, degree: int) -> Tone:
    """A note that rests on the dominant: in minor its third is the leading note."""
    leads = motif.key.minor and not motif.mode and degree % OCTAVE_DEGREES == LEADING_NOTE
    return Tone(place, length, degree, int(leads))


def _nearest(degree: int, wanted: tuple[int, ...]) -> int:
    """The degree nearest to one that is wanted in some octave."""
    return min(
        (
            degree + way
            for way in range(-OCTAVE_DEGREES, OCTAVE_DEGREES + 1)
            if (degree + way) % OCTAVE_DEGREES in wanted
        ),
        key=lambda found: (abs(found - degree), found),
    )
