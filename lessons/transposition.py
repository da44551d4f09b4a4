"""Parts of instruments that sound another pitch than they read, such as a clarinet in B flat.

A `Score` holds what sounds, so that all its parts fit together. Who plays one transposing part reads it as it is
written: notes, key and chords then stand ``written_above`` semitones above what sounds, and the backing stays where it
sounds. Instruments that read at an octave's distance (a guitar, a double bass) have no key of their own: their parts
are kept as they sound.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lessons.harmony import transpose_chords
from lessons.score import Score

FIFTHS_LIMIT = 7  # of sharps or flats


def as_sounding(score: Score) -> Score:
    """The score with its notes where they sound."""
    return _moved(score, -score.written_above)


def as_written(score: Score, part: int) -> Score:
    """The sounding score for who reads this part."""
    above = score.transpositions[part] if part < len(score.transpositions) else 0
    return _moved(score, above)


def moved_keys(keys: NDArray[np.void], semitones: int) -> NDArray[np.void]:
    """The same keys (KEY_DTYPE), ``semitones`` higher, with as few sharps or flats more as can be."""
    moved = keys.copy()
    for row, fifths in enumerate(keys["fifths"].tolist()):
        moved["fifths"][row] = within(fifths + (7 * semitones + 6) % 12 - 6)
    return moved


def within(fifths: int) -> int:
    """A key that can be written: the one of the same sound with seven sharps or flats at most."""
    return (fifths + FIFTHS_LIMIT) % 12 - FIFTHS_LIMIT if abs(fifths) > FIFTHS_LIMIT else fifths


def _moved(score: Score, semitones: int) -> Score:
    """The notes, their marks and slurs, the keys and the chords, ``semitones`` higher; the backing stays."""
    if not semitones:
        return score
    notes = score.notes.copy()
    notes["pitch"] += semitones
    notes["step"], notes["alter"] = "", 0
    return replace(
        score,
        notes=notes,
        marks=_moved_marks(score, semitones),
        signs=score.signs.higher(semitones, np.unique(notes["part"])),
        keys=moved_keys(score.keys, semitones),
        chords=transpose_chords(score.chords, semitones),
        written_above=score.written_above + semitones,
    )


def _moved_marks(score: Score, semitones: int) -> NDArray[np.void]:
    """The marks, those at the score's notes moved with them."""
    marks = score.marks.copy()
    places = set(zip(score.notes["onset_beat"].round(4).tolist(), score.notes["pitch"].tolist(), strict=True))
    at = zip(marks["onset_beat"].round(4).tolist(), marks["pitch"].tolist(), strict=True)
    marks["pitch"] += np.array([semitones * (place in places) for place in at], dtype=np.int16)
    return marks
