"""How pitches are spelled, for notes whose file does not say.

Names lie on the line of fifths (F C G D A E B, sharps above, flats below). Twelve neighbours on it name the twelve
pitch classes in a key: in C major A flat to C sharp; in A minor, one fifth higher, E flat to G sharp, the leading note.

Notes of a piece are named by what sounds around them, after Meredith, "The ps13 pitch spelling algorithm", Journal of
New Music Research 35 (2006): each tone nearby is a tonic for once, and votes, as often as it sounds, for the name that
the note has in its chromatic scale; the key's own tonic says what the tonics are called, and names that lie far from
the key on the line lose votes. Then what is foreign to the key goes by the tune: a neighbour note has a letter of its
own (C sharp, B sharp, C sharp), and a step that rises between two letters is the first one raised (D, D sharp, E).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lessons.score import Score

STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_LINE = "FCGDAEB"
_LETTERS = "CDEFGAB"
_SCALE = np.array([0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6])  # letters above a tonic of the tones above it
_AROUND = 20  # notes before and after one that vote
_FLATTEST, _SHARPEST, _STRANGE = -2, 9, 0.1  # fifths from the key's own; share of the votes lost by a fifth beyond
_DOUBLE = (-15, 19)  # from F to B, twice altered
_TONE, _RAISED, _LETTER_BELOW = 2, 7, 5  # on the line: a tone up, a sharp, a semitone down to the letter below


def spelled(score: Score) -> Score:
    """The score with a step and an alter for each note that has none, or one of another pitch."""
    bare = ~named_rightly(score.notes)
    if not bare.any():
        return score
    notes = score.notes.copy()
    fifths, minor = _keys_at(score.keys, notes["onset_beat"])
    places = _by_context(notes, fifths, fifths + np.where(minor, 3, 0))
    places[~bare] = [_LINE.index(step) - 1 + 7 * alter for step, alter in notes[["step", "alter"]][~bare].tolist()]
    _go_by_the_tune(notes, places, bare & ((places < fifths - 1) | (places > fifths + 5)))
    for row in np.flatnonzero(bare).tolist():
        notes["step"][row], notes["alter"][row] = _named(int(places[row]))
    return score.with_notes(notes)


def _by_context(notes: NDArray[np.void], fifths: NDArray[np.int64], tonic: NDArray[np.int64]) -> NDArray[np.int64]:
    """The place on the line of each note (they are in order), by the tones around it."""
    pitch_class, row = notes["pitch"].astype(np.int64) % 12, np.arange(len(notes))
    sounded = np.concatenate([np.zeros((1, 12)), np.cumsum(np.eye(12)[pitch_class], axis=0)])
    nearby = sounded[np.minimum(len(notes), row + _AROUND)] - sounded[np.maximum(0, row - _AROUND)]
    letter = (4 * tonic) % 7  # a fifth is four letters up
    votes = np.zeros((len(notes), 7))
    for other in range(12):
        above = letter - _SCALE[(7 * tonic - other) % 12]
        votes[row, (above + _SCALE[(pitch_class - other) % 12]) % 7] += nearby[:, other]
    alter = (pitch_class[:, None] - np.array(list(STEPS.values())) + 6) % 12 - 6
    place = np.array([_LINE.index(step) - 1 for step in _LETTERS]) + 7 * alter
    far = np.maximum(0, (fifths + _FLATTEST)[:, None] - place) + np.maximum(0, place - (fifths + _SHARPEST)[:, None])
    votes -= _STRANGE * far * nearby.sum(axis=1, keepdims=True)
    votes[np.abs(alter) > 2] = -np.inf
    best: NDArray[np.int64] = place[row, votes.argmax(axis=1)]
    return best


def _go_by_the_tune(notes: NDArray[np.void], places: NDArray[np.int64], foreign: NDArray[np.bool_]) -> None:
    """Move the places of foreign notes, in place, to what the notes before and after them ask for."""
    for before, row, after in _steps(notes, foreign):
        rise, fall = (int(notes["pitch"][row]) - int(notes["pitch"][other]) for other in (before, after))
        first, last = int(places[before]), int(places[after])
        place = int(places[row])
        if rise == fall == -1 and first == last == place + _RAISED:
            place = first + _LETTER_BELOW
        elif rise == fall == 1 and first == last == place - _RAISED:
            place = first - _LETTER_BELOW
        elif rise == -fall == 1 and last - first == _TONE:
            place = first + _RAISED
        if _DOUBLE[0] <= place <= _DOUBLE[1]:
            places[row] = place


def _steps(notes: NDArray[np.void], wanted: NDArray[np.bool_]) -> Iterator[tuple[int, int, int]]:
    """For each wanted note (before, it, after) where a hand steps to and from it by a tone at most."""
    players = notes["part"].astype(np.int64) * 4 + notes["hand"]
    for player in np.unique(players[wanted]).tolist():
        rows = np.flatnonzero(players == player)
        chords = np.split(rows, np.flatnonzero(np.diff(notes["onset_beat"][rows])) + 1)
        for i in range(1, len(chords) - 1):
            for row in chords[i][wanted[chords[i]]].tolist():
                before, after = (_nearest(notes["pitch"], row, chords[i + side]) for side in (-1, 1))
                if before is not None and after is not None:
                    yield before, row, after


def _nearest(pitch: NDArray[np.int16], row: int, others: NDArray[np.intp]) -> int | None:
    """The note of a chord that a hand steps to from another: the nearest, at most a tone away, that is not the same."""
    away = np.abs(pitch[others].astype(np.int64) - int(pitch[row]))
    away[away == 0] = 12
    return int(others[away.argmin()]) if away.min() <= 2 else None


def named_rightly(notes: NDArray[np.void]) -> NDArray[np.bool_]:
    """Which notes have a step and an alter that name their own pitch class."""
    right = np.zeros(len(notes), dtype=np.bool_)
    for step, pitch_class in STEPS.items():
        right |= (notes["step"] == step) & ((notes["pitch"] - notes["alter"] - pitch_class) % 12 == 0)
    return right


def key_at(keys: NDArray[np.void], beat: float) -> tuple[int, bool]:
    """(fifths, minor) at a position; C major where nothing is said."""
    fifths, minor = _keys_at(keys, np.array([beat]))
    return int(fifths[0]), bool(minor[0])


def _keys_at(keys: NDArray[np.void], beats: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    if not len(keys):
        return np.zeros(len(beats), np.int64), np.zeros(len(beats), np.bool_)
    rows = keys[np.maximum(0, np.searchsorted(keys["start_beat"], beats + 1e-9, side="right") - 1)]
    return rows["fifths"].astype(np.int64), rows["minor"].astype(np.bool_)


def spelling(pitch: int, fifths: int, minor: bool) -> tuple[str, int]:
    """(step, alter) of a MIDI pitch or pitch class in a key."""
    lowest = fifths - (3 if minor else 4)  # in C: A flat; in A minor: E flat
    return _named(lowest + (7 * pitch - lowest) % 12)


def _named(place: int) -> tuple[str, int]:
    """(step, alter) of a place on the line of fifths, C being 0."""
    return _LINE[(place + 1) % 7], (place + 1) // 7
