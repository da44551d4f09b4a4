"""A motif as people type it: ``D | G A/2 B/2 d2 | F# G2 - | G4``.

As in ABC, ``C`` is middle C and ``c`` the one above; a comma goes an octave down and an apostrophe up. A sharp or a
flat follows its letter (``F#``, ``Bb``) and holds for that note alone. A number is a length in the unit of the metre,
quarters in 3/4 and eighths in 6/8: ``G2``, ``G/2``, ``G3/2``; ``z`` is a rest, and ``-`` ties two notes of one key. Bar
lines may be left out; what stands before the first one and is shorter than a bar is a pickup.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import MOTIF_BARS
from lessons.errors import InputError
from lessons.files.spelling import STEPS, spelled
from lessons.motif_page import motif_page
from lessons.note_names import SPELLED
from lessons.score import NOTE_DTYPE, PIANO_KEYS, RIGHT, Score

NOTE = r"(?:([A-Ga-g])([#♯b♭]?)([,']*)|z)([0-9]{0,2})(/[0-9]{0,2})?"
TOKEN = re.compile(rf"{NOTE}|([-|])|(\S+?)(?=[\s|]|$)")
QUOTED = 16  # letters of what cannot be read
SIGNS = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}
WRITTEN_SIGNS = {-1: "b", 0: "", 1: "#"}
UNITS = {2: "halves", 4: "quarters", 8: "eighths"}
MIDDLE_C, OCTAVE, VELOCITY = 60, 12, 80
LOWEST, HIGHEST = PIANO_KEYS
FINEST = 48  # parts of a beat


@dataclass(frozen=True)
class Typed:
    """A note or a rest (no step) as it is typed; ``length`` in beats."""

    step: str
    alter: int
    pitch: int
    length: Fraction
    tied: bool = False


def score_of_typed(text: str, metre: tuple[int, int], bpm: float) -> Score:
    """The motif in a text; ``bpm`` counts quarters. Raises InputError with what cannot be read."""
    bars, length = _bars(text, Fraction(4, metre[1])), Fraction(4 * metre[0], metre[1])
    line = _joined([one for bar in bars for one in bar])
    if not any(one.step for one in line):
        raise InputError("there are no notes in it")
    early = _pickup(bars, length, metre)
    starts = [start - early for start in accumulate((one.length for one in line), initial=Fraction(0))]
    count = -int(-starts[-1] // length)
    if count > MOTIF_BARS:
        raise InputError(f"it has {count} bars; a motif has {MOTIF_BARS} at most")
    return motif_page(_notes(line, starts), count, metre, bpm)


def _notes(line: Sequence[Typed], starts: Sequence[Fraction]) -> NDArray[np.void]:
    """What of a line sounds, where it starts, in beats."""
    sounding = [
        (float(start), float(one.length), one.pitch, one.step, one.alter)
        for start, one in zip(starts, line, strict=False)
        if one.step
    ]
    notes = np.zeros(len(sounding), NOTE_DTYPE)
    notes[["onset_beat", "duration_beat", "pitch", "step", "alter"]] = sounding
    notes["hand"], notes["velocity"] = RIGHT, VELOCITY
    return notes


def _pickup(bars: list[list[Typed]], length: Fraction, metre: tuple[int, int]) -> Fraction:
    """How long the pickup is; raises InputError where a bar line stands at a wrong place."""
    *held, _last = [sum((one.length for one in bar), Fraction(0)) for bar in bars]
    early = held[0] if held and held[0] < length else Fraction(0)
    for number, beats in enumerate(held[1:] if early else held, 1):
        if beats != length:
            units = beats * metre[1] / 4
            raise InputError(f"bar {number} holds {units} instead of {metre[0]} {UNITS[metre[1]]}")
    return early


def _bars(text: str, unit: Fraction) -> list[list[Typed]]:
    """What is typed between the bar lines."""
    bars: list[list[Typed]] = [[]]
    for found in TOKEN.finditer(text):
        *_, mark, wrong = found.groups()
        if wrong:
            raise InputError(f"{_quoted(wrong)} is no note; notes are C D E F G A B, an octave higher c d e, z a rest")
        if mark == "|":
            bars += [[]] if bars[-1] else []
        elif mark:
            _tie(bars)
        else:
            bars[-1].append(_typed(found, unit))
    return bars if bars[-1] or len(bars) == 1 else bars[:-1]


def _tie(bars: list[list[Typed]]) -> None:
    """Tie the last note to what comes, over a bar line too."""
    held = next((bar for bar in reversed(bars) if bar), [])
    held[-1:] = [replace(one, tied=True) for one in held[-1:]]


def _typed(found: re.Match[str], unit: Fraction) -> Typed:
    letter, sign, marks, units, over = found.groups()[:5]
    count, parts = int(units or 1), int(over[1:] or 2) if over else 1
    if not count or not parts:
        raise InputError(f"{_quoted(found[0])} has no length")
    length = unit * Fraction(count, parts)
    if letter is None:
        return Typed("", 0, 0, length)
    octaves = letter.islower() + marks.count("'") - marks.count(",")
    pitch = MIDDLE_C + STEPS[letter.upper()] + SIGNS[sign] + OCTAVE * octaves
    if not LOWEST <= pitch <= HIGHEST:
        raise InputError(f"{_quoted(found[0])} is beyond the piano's keys")
    return Typed(letter.upper(), SIGNS[sign], pitch, length)


def _quoted(text: str) -> str:
    """What was typed, as far as a line has room."""
    return f"“{text[:QUOTED]}{'…' if len(text) > QUOTED else ''}”"


def _joined(line: Sequence[Typed]) -> list[Typed]:
    """A line in which tied notes are one."""
    joined: list[Typed] = []
    for one in line:
        if joined and joined[-1].tied and joined[-1].pitch == one.pitch:
            joined[-1] = replace(joined[-1], length=joined[-1].length + one.length, tied=one.tied)
        else:
            joined.append(one)
    return joined


def typed_of(motif: Score) -> str:
    """The text of a motif, which is one line of notes."""
    metre = motif.metre_at(0.0)
    unit, bars = Fraction(4, metre[1]), []
    notes = spelled(motif).notes
    spans = [(_beats(note["onset_beat"]), _beats(note["duration_beat"]), _name(note)) for note in notes]
    for bar in motif.bars:
        start, end, words = _beats(bar["start_beat"]), _beats(bar["end_beat"]), []
        at = start
        for begins, length, name in spans:
            first, last = max(begins, start), min(begins + length, end)
            if first < last:
                words += [f"z{_length((first - at) / unit)}"] if first > at else []
                words += [f"{name}{_length((last - first) / unit)}", *(["-"] if begins + length > end else [])]
                at = last
        words += [f"z{_length((end - at) / unit)}"] if at < end else []
        bars.append(" ".join(words))
    return " | ".join(bars)


def _beats(beats: float) -> Fraction:
    return Fraction(float(beats)).limit_denominator(FINEST)


def _name(note: np.void) -> str:
    pitch = int(note["pitch"])
    step, alter = (str(note["step"]), int(note["alter"])) if abs(note["alter"]) < 2 else SPELLED[pitch % OCTAVE]
    octave = (pitch - alter - MIDDLE_C) // OCTAVE
    letter = step.lower() if octave > 0 else step
    return f"{letter}{WRITTEN_SIGNS[alter]}{chr(39) * (octave - 1)}{',' * -octave}"


def _length(units: Fraction) -> str:
    over = "" if units.denominator == 1 else f"/{units.denominator}"
    return f"{units.numerator if units.numerator > 1 else ''}{over}"
