"""How sure the ear must be of a stroke before it is told: what is due needs a hint, what is not must be plain.

A hint of a due note is enough where others of its chord were just heard; of a note written alone, where it is in time.
A key that was struck beside a due one speaks against that one. What is not due may be an octave or a twelfth that a
struck key only seems to have, so most is asked of that; a slip to a key beside a due one is likely.
"""

from __future__ import annotations

from collections.abc import Collection

from tutor.listen.due import DueNote, DueNotes

SURE = 0.5  # where nothing is known
IN_CHORD, IN_TIME, OUT_OF_TIME = 0.003, 0.03, 0.2  # of a due note: as others of its chord were heard, or by the clock
OVERTONE, REPLACED = 0.02, 0.15  # where an octave above it, or a key beside it that is not written, was struck
EARLY, SLIP, STRAY, RESONANCE = 0.6, 0.3, 0.6, 0.9  # of what is not due
NEVER = 2.0  # of what the program itself sounds
TIMELY_SEC, SLIP_SEC = 0.15, 0.3
BESIDE = (-2, -1, 1, 2)
OCTAVES = (12, 19, 24)
HARMONICS = (*OCTAVES, 28, 31, 34, 36)


def needed(pitch: int, stamp: float, due: DueNotes | None, struck: Collection[int], own: Collection[int] = ()) -> float:
    """The likelihood asked of a stroke, 0..1, or `NEVER`.

    ``due`` is what is near in the score, None where there is none; ``struck`` are the other keys that were told to be
    struck with it, and ``own`` what the program sounds.
    """
    written = [] if due is None else [note for note in due.get(pitch, ()) if stamp >= note.from_sec]
    if written:
        return min(_needed_of(note, pitch, stamp, struck) for note in written)
    if pitch in own:
        return NEVER
    if due is None:
        return SURE
    if any(pitch - step in struck for step in HARMONICS) or any(pitch + step in struck for step in OCTAVES):
        return RESONANCE
    if pitch in due:
        return EARLY
    slipped = any(abs(stamp - note.at_sec) < SLIP_SEC for step in BESIDE for note in due.get(pitch + step, ()))
    return SLIP if slipped else STRAY


def _needed_of(note: DueNote, pitch: int, stamp: float, struck: Collection[int]) -> float:
    late = not abs(stamp - note.at_sec) <= TIMELY_SEC  # or before the first note, when there is no clock yet
    least = IN_CHORD if note.together.intersection(struck) else OUT_OF_TIME if late else IN_TIME
    if any(pitch + step in struck for step in OCTAVES):
        least = max(least, OVERTONE)
    if any(pitch + step in struck and pitch + step not in note.together for step in BESIDE):
        least = max(least, REPLACED)
    return least
