"""How an answer comes to rest: a tune that sounds to the end, and a hand that holds the last harmony under it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lessons.harmony import chord_indices, in_mask
from lessons.score import LEFT, RIGHT, Score
from models.line import EPSILON, nearest, respelled, strong_beats
from models.two_hands import HAND_SPAN

LOWEST_BASS = 33  # A1
HALF_BEAT = 0.5
CLEAR = 6  # semitones from which an interval over the bass is clear in any register
MOST_VOICES = 3


def falls_silent(tune: NDArray[np.void], own: NDArray[np.void], piece: Score) -> float | None:
    """From which beat on the piece's own notes have to close a tune that stops before the piece's ``own`` line does."""
    last, until = own[-1], float((tune["onset_beat"] + tune["duration_beat"]).max())
    ends, begins = float(last["onset_beat"] + last["duration_beat"]), float(last["onset_beat"])
    if until > max(begins, bar_before(piece, ends)) + EPSILON:
        return None
    return min(bar_after(piece, float(tune["onset_beat"].max()) + 2 * EPSILON), begins)


def closed_with(notes: NDArray[np.void], own: NDArray[np.void], begins: float | None) -> NDArray[np.void]:
    """A donor's notes until ``begins``, if that is a beat, and the piece's own from there on."""
    if begins is None:
        return notes
    kept = notes[notes["onset_beat"] < begins - EPSILON].copy()
    kept["duration_beat"] = np.minimum(kept["duration_beat"], begins - kept["onset_beat"])
    return np.concatenate([kept, own[own["onset_beat"] >= begins - EPSILON].astype(kept.dtype)])


def closed_chords(chords: NDArray[np.void], own: NDArray[np.void], begins: float | None) -> NDArray[np.void]:
    """The chords under such notes."""
    if begins is None:
        return chords
    kept, closing = (
        chords[chords["start_beat"] < begins - EPSILON].copy(),
        own[own["end_beat"] > begins + EPSILON].copy(),
    )
    kept["end_beat"] = np.minimum(kept["end_beat"], begins)
    closing["start_beat"] = np.maximum(closing["start_beat"], begins)
    return np.concatenate([kept, closing])


def resolved(chords: NDArray[np.void], last: float) -> NDArray[np.void]:
    """The chords with the last one under all of the last stroke, that begins at the beat ``last``."""
    kept = chords[chords["start_beat"] < last - EPSILON].copy()
    kept["end_beat"] = np.minimum(kept["end_beat"], last)
    close = chords[-1:].copy()
    close["start_beat"] = last
    return np.concatenate([kept, close]) if chords["start_beat"][-1] > last + EPSILON else chords


def bar_before(piece: Score, beat: float) -> float:
    """The last bar line before a position in beats."""
    starts = piece.bars["start_beat"]
    return float(starts[starts < beat - EPSILON][-1:].max(initial=piece.start_beat))


def bar_after(piece: Score, beat: float) -> float:
    """The first bar line at or after a position in beats."""
    starts = piece.bars["start_beat"]
    return float(starts[starts >= beat - EPSILON][:1].min(initial=piece.end_beat))


def close_of(piece: Score, tune: NDArray[np.void], chords: NDArray[np.void]) -> tuple[float, float]:
    """When a hand holds the last harmony under a tune: from its strong beat until the tune ends, in beats."""
    last = float(tune["onset_beat"].max())
    index = int(chord_indices(chords, [last])[0])
    begins = bar_before(piece, last + 2 * EPSILON)
    places = np.arange(begins, last + EPSILON, HALF_BEAT)
    strong = float(places[strong_beats(piece, places)].max(initial=begins))
    strong = strong if index < 0 else max(strong, float(chords["start_beat"][index]))
    return strong, float((tune["onset_beat"] + tune["duration_beat"]).max())


def held_close(
    notes: NDArray[np.void], tune: NDArray[np.void], piece: Score, chords: NDArray[np.void]
) -> NDArray[np.void]:
    """The notes of a texture whose left hand rests at the end on the last harmony, its root below, under the tune."""
    left = notes[notes["hand"] == LEFT]
    if not len(left) or not len(tune):
        return notes
    strong, until = close_of(piece, tune, chords)
    index, before = int(chord_indices(chords, [strong])[0]), notes["onset_beat"] < strong - EPSILON
    if index < 0:
        return notes
    inside = left[left["onset_beat"] + left["duration_beat"] > strong + EPSILON]
    like = inside if len(inside) else left[left["onset_beat"] == left["onset_beat"].max()]
    voices = close_voices(sorted(set(like["pitch"].tolist())), chords[index])
    held = np.repeat(like[:1], len(voices))
    held["onset_beat"], held["duration_beat"], held["pitch"] = strong, until - strong, voices
    kept = notes[before | (notes["hand"] != LEFT)].copy()
    sounding_on = (kept["hand"] == LEFT) & (kept["onset_beat"] + kept["duration_beat"] > strong)
    kept["duration_beat"][sounding_on] = strong - kept["onset_beat"][sounding_on]
    return np.concatenate([kept, without_spelling(held)])


def close_voices(keys: list[int], chord: np.void) -> list[int]:
    """The root below, and what a hand struck of the chord above it, at most three keys in all."""
    bass = nearest(keys[0], 1 << int(chord["root"]), LOWEST_BASS)
    above = [key for key in keys if in_mask(chord["tones"], key) and CLEAR <= key - bass <= HAND_SPAN]
    return [bass, *above[: MOST_VOICES - 1]]


def without_spelling(notes: NDArray[np.void]) -> NDArray[np.void]:
    """The notes without spelling and fingers."""
    plain = notes.copy()
    plain["step"], plain["alter"], plain["finger"], plain["finger_confidence"] = "", 0, 0, 0.0
    return plain


def landed(
    notes: NDArray[np.void], chords: NDArray[np.void], close: int | None, bounds: tuple[int, int]
) -> NDArray[np.void]:
    """The notes of a texture, at the end with the root lowest in the left hand and ``close`` highest in the right."""
    moved = notes.copy()
    for hand in (LEFT, RIGHT):
        struck = last_struck(notes, hand)
        index = int(chord_indices(chords, notes["onset_beat"][struck[:1]]).max(initial=-1))
        aim = close if hand == RIGHT or index < 0 else int(chords["root"][index])
        if index < 0 or aim is None or not in_mask(chords["tones"][index], aim):
            continue
        keys = notes["pitch"][struck].astype(int)
        low, high = (bounds[0], keys[1:].min(initial=bounds[1] + 1) - 1)
        if hand == RIGHT:
            low, high = keys[:-1].max(initial=bounds[0] - 1) + 1, bounds[1]
        edge = 0 if hand == LEFT else -1
        moved["pitch"][struck[edge]] = nearest(int(keys[edge]), 1 << aim, int(low), int(high))
    return respelled(moved, notes)


def last_struck(notes: NDArray[np.void], hand: int) -> NDArray[np.intp]:
    """The indices of the notes that a hand strikes last, from the lowest up."""
    played = np.flatnonzero(notes["hand"] == hand)
    last = played[notes["onset_beat"][played] == notes["onset_beat"][played].max(initial=-np.inf)]
    ordered: NDArray[np.intp] = last[np.argsort(notes["pitch"][last], kind="stable")]
    return ordered
