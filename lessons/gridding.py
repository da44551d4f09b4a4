"""Notes as they were played to a beat, put on the grid of the page.

The grid is that of eighths; where notes come faster than that, that of sixteenths; and that of triplets in a beat that
they fit clearly better. A note lasts until the next one where the gap is small; the last one, which nothing follows, to
the end of its beat where it was held for most of the way there, for a key is let go a little early.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

EIGHTH, SIXTEENTH, TRIPLET = 0.5, 0.25, 1 / 3
FAST = 0.375  # beats between notes, below which the grid is that of sixteenths
CLEARLY = 0.5  # of the squared error on sixteenths, below which three notes in a beat are a triplet
TOGETHER = 0.1  # beats within which keys are struck together
GAP = 0.5  # beats of silence that are no rest
HELD_OUT = 0.8  # of a value, from which the last note has it whole
FINEST = 1 / 24  # of a beat: what is written lies on it
OFF = 0.004  # beats beyond which a note is not on it

Beats = NDArray[np.float64]


def is_off_grid(notes: NDArray[np.void]) -> bool:
    """Whether most notes begin where no page has them."""
    onsets = notes["onset_beat"]
    missed = np.abs(onsets - np.round(onsets / FINEST) * FINEST)
    return bool(len(onsets)) and float((missed > OFF).mean()) > 0.5


def on_grid(notes: NDArray[np.void], metre: tuple[int, int]) -> NDArray[np.void]:
    """One line on the grid; of notes that fall on one place the highest."""
    ordered = notes[np.argsort(notes["onset_beat"], kind="stable")].copy()
    steps = _steps(ordered["onset_beat"], metre)
    ends = released = ordered["onset_beat"] + ordered["duration_beat"]
    ordered["onset_beat"] = np.round(np.round(ordered["onset_beat"] / steps) * steps, 4)
    ends = np.maximum(ordered["onset_beat"] + steps, np.round(ends / steps) * steps)
    rows = _highest(ordered)
    line, ends = ordered[rows], ends[rows]
    if len(line):
        ends[-1] = max(ends[-1], _held_out(float(line["onset_beat"][-1]), float(released[rows[-1]]), metre))
    after = np.append(line["onset_beat"][1:], np.inf)
    line["duration_beat"] = np.where(after - ends <= GAP, after, ends) - line["onset_beat"]
    return line


def _held_out(onset: float, released: float, metre: tuple[int, int]) -> float:
    """Where a last note ends that was held for most of the way to the end of a beat; its onset where it was not."""
    beat = 3 * EIGHTH if metre[1] == 8 and metre[0] % 3 == 0 else 4 / metre[1]
    end = float(np.ceil(released / beat - FINEST)) * beat
    return end if released - onset >= HELD_OUT * (end - onset) else onset


def _highest(notes: NDArray[np.void]) -> list[int]:
    """The rows of the highest notes of each place, in order."""
    found: dict[float, int] = {}
    for row, note in enumerate(notes):
        place = float(note["onset_beat"])
        if place not in found or notes["pitch"][found[place]] < note["pitch"]:
            found[place] = row
    return [found[place] for place in sorted(found)]


def _steps(onsets: Beats, metre: tuple[int, int]) -> Beats:
    """The step of the grid, in beats, that each note belongs to."""
    beats = np.floor(onsets + TRIPLET / 2)
    three = np.isin(beats, [] if metre[1] == 8 else [beat for beat in set(beats) if _is_triplet(onsets[beats == beat])])
    gaps = np.diff(onsets)[~(three[1:] & three[:-1])]
    plain = SIXTEENTH if ((gaps > TOGETHER) & (gaps < FAST)).any() else EIGHTH
    return np.where(three, TRIPLET, plain)


def _is_triplet(onsets: Beats) -> bool:
    """Whether the onsets of a beat lie clearly nearer to its thirds, of which the second and third are struck."""
    thirds, fourths = np.round(onsets / TRIPLET), np.round(onsets / SIXTEENTH)
    missed = [float(((onsets - grid) ** 2).sum()) for grid in (thirds * TRIPLET, fourths * SIXTEENTH)]
    return {1, 2} <= set(thirds % 3) and len(set(thirds)) == len(onsets) and missed[0] < CLEARLY * missed[1]
