"""What musicians call notes: C D E as in English, do re mi, or C D E … H as in German."""

from __future__ import annotations

from enum import StrEnum


class Naming(StrEnum):
    """How notes are called, if at all; the value is how settings keep it."""

    NONE = ""
    LETTERS = "letters"
    SOLFEGE = "solfege"
    GERMAN = "german"


SPELLED = (
    *(("C", 0), ("C", 1), ("D", 0), ("E", -1), ("E", 0), ("F", 0)),
    *(("F", 1), ("G", 0), ("A", -1), ("A", 0), ("B", -1), ("B", 0)),
)  # step and alteration of each pitch class as it is written most often
_SIGNS = {-2: "♭♭", -1: "♭", 1: "♯", 2: "×"}
_SYLLABLES = {"C": "Do", "D": "Re", "E": "Mi", "F": "Fa", "G": "Sol", "A": "La", "B": "Si"}
_ENDINGS = {-2: "eses", -1: "es", 0: "", 1: "is", 2: "isis"}
_IRREGULAR = {"Bes": "B", "Beses": "Heses", "Ees": "Es", "Eeses": "Eses", "Aes": "As", "Aeses": "Asas"}


def spelled_name(step: str, alter: int, naming: Naming = Naming.LETTERS) -> str:
    """A note as the page spells it, without its octave; ``alter`` in semitones, -2 to 2."""
    if naming is Naming.GERMAN:
        name = step + _ENDINGS.get(alter, "")
        return _IRREGULAR.get(name) or name.replace("B", "H")
    return (_SYLLABLES[step] if naming is Naming.SOLFEGE else step) + _SIGNS.get(alter, "")


def note_name(pitch: int, step: str = "", alter: int = 0, naming: Naming = Naming.LETTERS) -> str:
    """A MIDI pitch without its octave, as the page spells it, else as it is spelled most often."""
    return spelled_name(step, alter, naming) if step else class_name(pitch, naming)


def class_name(pitch: int, naming: Naming = Naming.LETTERS) -> str:
    """A MIDI pitch as it is spelled most often, without its octave."""
    return spelled_name(*SPELLED[pitch % 12], naming)


def called(pitch: int, step: str = "", alter: int = 0, naming: Naming = Naming.NONE) -> str:
    """What a sentence calls a key; letters, also where no names were chosen, come with its octave."""
    if naming in (Naming.NONE, Naming.LETTERS):
        return pitch_name(pitch, step, alter)
    return note_name(pitch, step, alter, naming)


def pitch_name(pitch: int, step: str = "", alter: int = 0) -> str:
    """A MIDI pitch with its octave, as the page spells it, else as it is spelled most often; middle C is C4."""
    return f"{note_name(pitch, step, alter)}{(pitch - alter) // 12 - 1}"
