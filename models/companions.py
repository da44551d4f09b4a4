"""The other voices of the hand that plays a line: where the line is struck as it was, so are they, inside of it.

What would lie outside of the line's new notes, or beyond the hand, goes to the nearest tone of the chord that fits; so
the rhythm of the hand stays.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lessons.harmony import in_mask, tones_at
from lessons.score import LEFT, RIGHT
from models.bounds import NEAREST
from models.line import EPSILON, Mask, held_index, respelled
from models.two_hands import HAND_SPAN, NOBODYS, Stretches, span_of


def still_struck(others: NDArray[np.void], line: NDArray[np.void], own: NDArray[np.void]) -> Mask:
    """Which of these notes come while the line holds a note that begins where the piece's ``own`` line has one."""
    now, before = (notes["onset_beat"][held_index(notes, others["onset_beat"])] for notes in (line, own))
    same: Mask = np.abs(now - before) < EPSILON
    return same


def inside_line(
    rest: NDArray[np.void],
    line: NDArray[np.void],
    chords: NDArray[np.void],
    movable: Mask,
    asked: Stretches = NOBODYS,
) -> NDArray[np.void]:
    """The ``rest`` with the companions of the line's hand, as far as they are movable, on the inner side of it."""
    hand = int(line["hand"][0])
    if hand not in (LEFT, RIGHT):
        return rest
    moved, way = rest.copy(), 1 if hand == RIGHT else -1
    companions = movable & (rest["hand"] == hand) & ~rest["grace"]
    for index in np.flatnonzero(companions):
        lead = _over(line, moved[index])
        span = span_of(moved[index], asked)
        if lead is not None and not 0 < way * (lead - int(moved["pitch"][index])) <= span:
            keys = lead - way * np.arange(NEAREST, HAND_SPAN + 1)
            free = _free(moved, int(index), way, keys, int(tones_at(chords, moved["onset_beat"][index : index + 1])[0]))
            if len(free):
                nearest = np.abs(free - int(moved["pitch"][index])).argmin()
                moved["pitch"][index] = free[nearest]
    return respelled(moved, rest)


def _over(line: NDArray[np.void], note: np.void) -> int | None:
    """The pitch of the line while a note is struck; None where it rests."""
    lead = line[held_index(line, note["onset_beat"][None])[0]]
    sounds = lead["onset_beat"] - EPSILON < note["onset_beat"] < lead["onset_beat"] + lead["duration_beat"] - EPSILON
    return int(lead["pitch"]) if sounds else None


def _free(notes: NDArray[np.void], index: int, way: int, keys: NDArray[np.int64], mask: int) -> NDArray[np.int64]:
    """The keys of the chord that nobody strikes or holds meanwhile, on the line's side of the other hand."""
    note = notes[index]
    begins, ends = float(note["onset_beat"]), float(note["onset_beat"] + note["duration_beat"])
    meanwhile = (notes["onset_beat"] < ends - EPSILON) & (
        notes["onset_beat"] + notes["duration_beat"] > begins + EPSILON
    )
    meanwhile[index] = False
    taken = notes["pitch"][meanwhile].astype(np.int64)
    held = meanwhile & (notes["onset_beat"] < begins + EPSILON) & (notes["hand"] != note["hand"])
    other = notes["pitch"][held].astype(np.int64)
    beyond = (way * (keys[:, None] - other[None]) > 0).all(axis=1)
    found: NDArray[np.int64] = keys[in_mask(mask, keys) & ~np.isin(keys, taken) & beyond]
    return found
