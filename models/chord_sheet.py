"""What names the chords of a piece, written anew for others: the chord part, the symbols and the key."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import Analogy
from lessons.harmony import Key, chord_part, classes_of
from lessons.score import KEY_DTYPE, NOTE_DTYPE, Score
from models.donors import within_chords
from models.layout import within


def under_chords(
    answer: Score, analogy: Analogy, chords: NDArray[np.void], key: Key, start: float, end: float
) -> Score:
    """The answer with its chord part, chord symbols and key rewritten for new chords in [start, end)."""
    written = chord_part(answer)
    notes = answer.notes
    if written.any():
        inside = written & within(notes, start, end)
        blocks = _block_chords(chords[within_chords(chords, start, end)], notes[written][0])
        notes = np.concatenate([notes[~inside], blocks])
    keys = answer.keys
    if len(keys) and analogy.bars is None:
        keys = np.array([(keys["start_beat"][0], key.fifths, key.minor)], dtype=KEY_DTYPE)
    return replace(answer, notes=notes, keys=keys, mode="", chords=chords if len(answer.chords) else answer.chords)


def _block_chords(chords: NDArray[np.void], like: np.void) -> NDArray[np.void]:
    """Chords as notes: the bass in octave 2, the tones from octave 3."""
    blocks = []
    for chord in chords:
        tones = {48 + int(chord["root"]) + (tone - int(chord["root"])) % 12 for tone in classes_of(chord["tones"])}
        for pitch in sorted({36 + int(chord["bass"])} | tones):
            note = like.copy()
            note["onset_beat"], note["duration_beat"] = chord["start_beat"], chord["end_beat"] - chord["start_beat"]
            note["pitch"], note["step"], note["alter"] = pitch, "", 0
            blocks.append(note)
    return np.array(blocks, dtype=NOTE_DTYPE)
