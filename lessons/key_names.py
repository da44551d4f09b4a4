"""Keys in words: ``E♭ major``; and keys as people type them: ``Eb``, ``F# minor``, ``Am``."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from lessons.errors import InputError
from lessons.modes import MODES
from lessons.score import KEY_DTYPE, Score

LINE = "FCGDAEB"  # each a fifth above the one before
MOST_FIFTHS, FIFTH, OCTAVE = 7, 7, 12  # signs; semitones
TYPED = re.compile(r"([A-Ga-g])([#♯b♭]?)\s*(major|maj|minor|min|m|)")


def key_in_words(fifths: int, minor: bool) -> str:
    """The name of a key with so many sharps, or flats below zero."""
    turn, place = divmod(fifths + (4 if minor else 1), len(LINE))
    return f"{LINE[place]}{'♯' * turn}{'♭' * -turn} {'minor' if minor else 'major'}"


def mode_in_words(fifths: int, mode: str) -> str:
    """The name of a church mode on a signature: ``D Dorian`` on none."""
    brighter = MODES[mode].above * FIFTH % OCTAVE
    tonic = key_in_words(fifths + (brighter if brighter <= OCTAVE // 2 else brighter - OCTAVE), False)
    return f"{tonic.split()[0]} {mode.capitalize()}"


def key_of_words(text: str) -> tuple[int, bool]:
    """(fifths, whether minor) of a key's name. Raises InputError for what is none, or cannot be written."""
    typed = TYPED.fullmatch(text.strip())
    if not typed:
        raise InputError(f"--key {text}: must be a key such as Eb, F#m or A minor")
    minor = typed[3] in ("m", "min", "minor")
    turn = {"": 0, "#": 1, "♯": 1}.get(typed[2], -1)
    fifths = LINE.index(typed[1].upper()) + len(LINE) * turn - (4 if minor else 1)
    if abs(fifths) > MOST_FIFTHS:
        raise InputError(f"--key {text}: no page has so many sharps or flats")
    return fifths, minor


def in_key(score: Score, fifths: int, minor: bool) -> Score:
    """The same notes, in this key from the beginning."""
    notes = score.notes.copy()
    notes["step"], notes["alter"] = "", 0
    return replace(
        score.with_notes(notes), mode="", keys=np.array([(min(0.0, score.start_beat), fifths, minor)], dtype=KEY_DTYPE)
    )
