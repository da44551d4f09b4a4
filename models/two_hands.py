"""What two hands can strike and hold."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from lessons.score import LEFT, RIGHT
from models.line import OCTAVE, Pitches

HAND_SPAN = 14
MOST_FINGERS = 5
Stretches = Mapping[tuple[float, int], int]  # semitones, by onset and hand
NOBODYS: Stretches = MappingProxyType({})


def stretches(notes: NDArray[np.void]) -> Stretches:
    """How far a page stretches each hand at each onset where that is beyond `HAND_SPAN`: who plays it rolls it."""
    edges: dict[tuple[float, int], tuple[int, int]] = {}
    for note in notes[~notes["grace"]]:
        place, pitch = _place(note), int(note["pitch"])
        low, high = edges.get(place, (pitch, pitch))
        edges[place] = min(low, pitch), max(high, pitch)
    return {place: high - low for place, (low, high) in edges.items() if high - low > HAND_SPAN}


def span_of(note: np.void, asked: Stretches) -> int:
    """How far, in semitones, a hand stretches where it strikes a note; farther where that is ``asked`` of it."""
    return asked.get(_place(note), HAND_SPAN)


def _place(note: np.void) -> tuple[float, int]:
    return round(float(note["onset_beat"]), 6), int(note["hand"])


def reach(notes: NDArray[np.void]) -> tuple[int, int]:
    """The lowest and the highest key for a hand under other chords: its position, made an octave wide.

    A hand that goes through more than an octave may go anywhere.
    """
    low, high = int(notes["pitch"].min()), int(notes["pitch"].max())
    spare = OCTAVE - 1 - (high - low)
    return (low - (spare + 1) // 2, high + spare // 2) if spare >= 0 else (0, 127)


def playable(notes: NDArray[np.void], stay: bool = False, asked: Stretches = NOBODYS) -> NDArray[np.void]:
    """The notes of a pattern that two hands can strike: each within `HAND_SPAN`, five at once, no key twice.

    Where a hand cannot hold its notes, the other one takes some unless all ``stay`` in theirs; the rest is left out.
    A hand stretches farther where that is ``asked`` of it.
    """
    groups: dict[float, list[int]] = {}
    for index, note in enumerate(notes):
        groups.setdefault(round(float(note["onset_beat"]), 6), []).append(index)
    held = notes.copy()
    kept: list[int] = []
    for onset, members in groups.items():
        spans = {hand: asked.get((onset, hand), HAND_SPAN) for hand in (LEFT, RIGHT)}
        kept += _struck(held, members, stay, spans)
    return held[np.array(sorted(kept), dtype=np.intp)]


def _struck(notes: NDArray[np.void], members: list[int], stay: bool, spans: Mapping[int, int]) -> list[int]:
    """The members of one struck group that can be held; changes their hands where that helps."""
    ordered = sorted({int(notes["pitch"][index]): index for index in members}.values(), key=lambda i: notes["pitch"][i])
    hands = notes["hand"][ordered]
    pitches = notes["pitch"][ordered].astype(np.int64)
    if all(_holds(pitches[hands == hand], span) for hand, span in spans.items()):
        return ordered
    for cut in range(0 if stay else len(ordered) + 1):
        if _holds(pitches[:cut], HAND_SPAN) and _holds(pitches[cut:], HAND_SPAN):
            notes["hand"][ordered[:cut]], notes["hand"][ordered[cut:]] = LEFT, RIGHT
            return ordered
    low = [index for index, hand in zip(ordered, hands, strict=True) if hand != RIGHT]
    high = [index for index, hand in zip(ordered, hands, strict=True) if hand == RIGHT]
    return _within_hand(low, notes["pitch"][low].astype(np.int64), False, spans[LEFT]) + _within_hand(
        high, notes["pitch"][high].astype(np.int64), True, spans[RIGHT]
    )


def _holds(pitches: Pitches, span: int) -> bool:
    return not len(pitches) or (len(pitches) <= MOST_FINGERS and int(np.ptp(pitches)) <= span)


def _within_hand(ordered: list[int], pitches: Pitches, right: bool, span: int) -> list[int]:
    """What one hand can hold of an ascending group, kept from its outer edge inwards."""
    if not ordered:
        return []
    edge = pitches[-1] if right else pitches[0]
    near = [index for index, pitch in zip(ordered, pitches, strict=True) if abs(pitch - edge) <= span]
    return near[-MOST_FINGERS:] if right else near[:MOST_FINGERS]


def playable_with_line(notes: NDArray[np.void], line: NDArray[np.void], asked: Stretches = NOBODYS) -> NDArray[np.void]:
    """The notes without doubled ones, and without companions that the hand cannot hold with the line's note.

    A hand stretches farther where that is ``asked`` of it.
    """
    lead = {_place(note): note for note in line}
    kept: list[int] = []
    seen: set[tuple[float, int]] = set()
    fingers: dict[tuple[float, int], int] = {}
    for index in range(len(notes) - 1, -1, -1):  # the line's own notes come last and are taken first
        note = notes[index]
        place, span = _place(note), span_of(note, asked)
        if (place[0], int(note["pitch"])) in seen or not _fits(note, lead.get(place), fingers.get(place, 0), span):
            continue
        seen.add((place[0], int(note["pitch"])))
        fingers[place] = fingers.get(place, 0) + 1
        kept.append(index)
    return notes[np.array(sorted(kept), dtype=np.intp)]


def _fits(note: np.void, lead: np.void | None, held: int, span: int) -> bool:
    """Whether a note can be struck by the hand that plays the ``lead`` of the line there; True where there is none."""
    if lead is None or note["hand"] < 0:
        return True
    above = int(note["pitch"]) - int(lead["pitch"])
    inside = above >= 0 if note["hand"] == LEFT else above <= 0
    return held < MOST_FINGERS and abs(above) <= span and inside
