"""Bars of a song made easier or harder: notes joined, or struck more often with steps on the way to the next note.

The motif stays as it was played wherever it is stated; what goes on from it is moved one way or the other.
"""

from __future__ import annotations

from dataclasses import replace

from lessons.analogy import Level
from models.figures import Rhythm, join, split
from models.line import EPSILON
from models.motif import Bar, Tone

MOST_CHANGES = 2  # a bar
SHORTEST = 0.5  # beats: notes that are shorter would hide the harmony


def at_level(bar: Bar, level: Level, beat: float) -> Bar:
    """The bar made easier or harder; as it is for the same level. ``beat`` is the length of a beat, in quarters."""
    figure = {Level.EASIER: _joined, Level.SAME: _unchanged, Level.HARDER: _split}[level]
    for _ in range(MOST_CHANGES):
        bar = figure(bar, beat)
    return bar


def _unchanged(bar: Bar, _beat: float) -> Bar:
    return bar


def _rhythm(bar: Bar) -> Rhythm:
    return [(tone.place, tone.length) for tone in bar]


def _joined(bar: Bar, beat: float) -> Bar:
    """Two notes struck as one, the shortest that can be; the first one's pitch stays."""
    ways = join(_rhythm(bar), beat)
    if not ways:
        return bar
    chosen = min(ways, key=lambda rhythm: min(bar[_changed(bar, rhythm)].length, bar[_changed(bar, rhythm) + 1].length))
    place = _changed(bar, chosen)
    return (*bar[:place], replace(bar[place], length=chosen[place][1]), *bar[place + 2 :])


def _split(bar: Bar, beat: float) -> Bar:
    """The longest note that can be, but not the last, struck again on the way to the next one."""
    ways = [way for way in split(_rhythm(bar[:-1]), beat) if way[_changed(bar, way)][1] >= SHORTEST]
    if not ways:
        return bar
    chosen = max(ways, key=lambda rhythm: bar[_changed(bar, rhythm)].length)
    place = _changed(bar, chosen)
    led = Tone(*chosen[place + 1], _on_the_way(bar[place].degree, bar[place + 1].degree))
    return (*bar[:place], replace(bar[place], length=chosen[place][1]), led, *bar[place + 1 :])


def _changed(bar: Bar, rhythm: Rhythm) -> int:
    """The first note of a bar that has another length in a rhythm."""
    return next(place for place, tone in enumerate(bar) if abs(rhythm[place][1] - tone.length) > EPSILON)


def _on_the_way(degree: int, after: int) -> int:
    """A degree a step from one on the way to the next; a neighbour where they are the same or lie side by side."""
    if abs(after - degree) >= 2:
        return degree + (1 if after > degree else -1)
    return degree + 1 if after <= degree else degree - 1
