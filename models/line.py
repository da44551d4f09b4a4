"""One line of notes taken out of a score, and the harmony under it.

The line of a hand is what its rhythm and contour are read from: the top notes of a right hand (or of a piece without
hands), the lowest notes of a left hand. Companions are the other notes of that hand. All positions are beats of the
score that the line came from.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lessons.harmony import chord_indices, chord_part, in_mask, scale_under
from lessons.score import LEFT, RIGHT, Score

OVERLAP_SHARE = 0.5  # a note that still sounds over more than this share of a lower one keeps the line
EPSILON = 1e-6
OCTAVE = 12
DOTTED = 1.5  # the beat of compound metres
AT_ONCE = 256  # notes

Beats = NDArray[np.float64]
Pitches = NDArray[np.int64]
Mask = NDArray[np.bool_]


def played_by(score: Score, hand: int | None) -> Mask:
    """The notes that a variation may touch: of one hand, or of the piece without its CHORDS part and grace notes."""
    wanted = ~chord_part(score)
    return wanted if hand is None else wanted & (score.notes["hand"] == hand)


def line_mask(score: Score, hand: int | None = None) -> Mask:
    """Which notes form the line: of ``hand``, else of the right hand, else of the first part that is not CHORDS."""
    notes = score.notes
    wanted = played_by(score, hand) & ~notes["grace"]
    if hand is None and (notes["hand"][wanted] == RIGHT).any() and not is_monophonic(notes[wanted]):
        wanted &= notes["hand"] == RIGHT
    elif hand is None and wanted.any():
        wanted &= notes["part"] == notes["part"][wanted].min()
    sign = -1 if hand == LEFT else 1
    chosen = np.zeros(len(notes), dtype=np.bool_)
    chosen[_outer(notes, np.flatnonzero(wanted), sign)] = True
    return chosen


def is_monophonic(notes: NDArray[np.void]) -> bool:
    """Whether no two notes begin together and few overlap: one voice, or one finger at a time."""
    if len(notes) < 2:
        return True
    steps = np.diff(notes["onset_beat"])
    overlaps = notes["duration_beat"][:-1] - steps > OVERLAP_SHARE * notes["duration_beat"][1:] + EPSILON
    return bool((steps > EPSILON).all() and overlaps.mean() < 0.05)


def _outer(notes: NDArray[np.void], candidates: NDArray[np.intp], sign: int) -> list[int]:
    """The outermost note of each onset, without those that move under a held one."""
    line: list[int] = []
    order = sorted(candidates.tolist(), key=lambda index: (notes["onset_beat"][index], -sign * notes["pitch"][index]))
    for index in order:
        onset, length = float(notes["onset_beat"][index]), float(notes["duration_beat"][index])
        if line:
            last = line[-1]
            left = float(notes["onset_beat"][last] + notes["duration_beat"][last]) - onset
            outside = sign * (int(notes["pitch"][last]) - int(notes["pitch"][index])) > 0
            if notes["onset_beat"][last] == onset or (outside and left > OVERLAP_SHARE * length - EPSILON):
                continue
        line.append(index)
    return line


def cut_overlaps(notes: NDArray[np.void]) -> NDArray[np.void]:
    """The notes of a line, each ended where the next one begins."""
    line = notes.copy()
    if len(line) > 1:
        room = np.diff(line["onset_beat"])
        line["duration_beat"][:-1] = np.minimum(line["duration_beat"][:-1], room)
    return line


def raised(notes: NDArray[np.void], semitones: int) -> NDArray[np.void]:
    """The notes so much higher, as far as there are keys."""
    moved = notes.copy()
    moved["pitch"] = np.clip(notes["pitch"].astype(np.int64) + semitones, 0, 127)
    return moved


def crossings(notes: NDArray[np.void], other: NDArray[np.void], way: int) -> int:
    """How many notes lie on or beyond a note of the other hand that sounds with them; ``way`` 1: notes belong above."""
    ordered = notes[np.argsort(notes["onset_beat"], kind="stable")]
    other_ends, crossed = other["onset_beat"] + other["duration_beat"], 0
    for first in range(0, len(ordered), AT_ONCE):  # a long score has too many notes for one table
        part = ordered[first : first + AT_ONCE]
        until = float((part["onset_beat"] + part["duration_beat"]).max())
        near = (other["onset_beat"] < until) & (other_ends > part["onset_beat"][0])
        crossed += _across(part, other[near], way)
    return crossed


def _across(notes: NDArray[np.void], other: NDArray[np.void], way: int) -> int:
    begins, others = notes["onset_beat"][:, None], other["onset_beat"][None]
    ends, other_ends = begins + notes["duration_beat"][:, None], others + other["duration_beat"][None]
    together = (begins < other_ends - EPSILON) & (others < ends - EPSILON)
    across = (notes["pitch"][:, None].astype(int) - other["pitch"][None]) * np.sign(way) <= 0
    return int((together & across).any(axis=1).sum())


def held_index(line: NDArray[np.void], beats: Beats) -> NDArray[np.intp]:
    """The index of the line's note that is held at each position: rests keep the note before, the start the first."""
    return np.clip(np.searchsorted(line["onset_beat"], beats + EPSILON, side="right") - 1, 0, None)


def held_pitches(line: NDArray[np.void], beats: Beats) -> Pitches:
    """The pitch held at each position in beats; the line must not be empty."""
    return line["pitch"][held_index(line, beats)].astype(np.int64)


def nearest(pitch: int, mask: int, low: int = 0, high: int = 127) -> int:
    """The closest pitch of a mask within bounds, the lower of two; the pitch itself where nothing fits."""
    for distance in range(12):
        for candidate in (pitch - distance, pitch + distance):
            if low <= candidate <= high and mask >> candidate % 12 & 1:
                return candidate
    return pitch


def folded(pitches: Pitches, low: int, high: int) -> Pitches:
    """The pitches with those outside [low, high] moved by octaves, to the nearest one inside or just beyond."""
    raised = np.where(pitches < low, pitches + OCTAVE * -((pitches - low) // OCTAVE), pitches)
    return np.where(raised > high, raised - OCTAVE * -((high - raised) // OCTAVE), raised)


def repitched(
    notes: NDArray[np.void], old: NDArray[np.void], new: NDArray[np.void], scale: int, low: int = 0, high: int = 127
) -> NDArray[np.void]:
    """The notes moved from chords ``old`` to ``new``: root to root, third to third; passing notes into the scale."""
    moved = notes.copy()
    before, after = chord_indices(old, notes["onset_beat"]), chord_indices(new, notes["onset_beat"])
    for index in np.flatnonzero((before >= 0) & (after >= 0)):
        source, target = old[before[index]], new[after[index]]
        if source["root"] != target["root"] or source["tones"] != target["tones"] or source["bass"] != target["bass"]:
            moved["pitch"][index] = same_rank(int(notes["pitch"][index]), source, target, scale, low, high)
    return respelled(moved, notes)


def same_rank(pitch: int, old: np.void, new: np.void, scale: int, low: int, high: int) -> int:
    """The pitch that plays in the chord ``new`` the part that ``pitch`` played in ``old``."""
    if not in_mask(old["tones"], pitch):
        tones = int(new["tones"])
        return nearest(pitch, tones | scale_under(int(new["root"]), tones, scale), low, high)
    ranks, wanted = _ranks(old), _ranks(new)
    rank = min(ranks.index((pitch - int(old["root"])) % 12), len(wanted) - 1)
    return nearest(pitch, 1 << (int(new["root"]) + wanted[rank]) % 12, low, high)


def _ranks(chord: np.void) -> list[int]:
    return sorted((tone - int(chord["root"])) % 12 for tone in range(12) if in_mask(chord["tones"], tone))


def respelled(notes: NDArray[np.void], before: NDArray[np.void]) -> NDArray[np.void]:
    """The notes without the written spelling and fingers of those whose pitch is no longer what it was ``before``."""
    changed = notes["pitch"] != before["pitch"]
    notes["step"][changed], notes["alter"][changed] = "", 0
    notes["finger"][changed], notes["finger_confidence"][changed] = 0, 0.0
    return notes


def strong_beats(score: Score, beats: Beats) -> Mask:
    """Which positions lie on a bar line, on the middle of a bar of 4/4, or on a beat of 6/8, 9/8 or 12/8."""
    bars = score.bars
    index = np.clip(np.searchsorted(bars["start_beat"], beats + EPSILON, side="right") - 1, 0, None)
    length = bars["end_beat"][index] - bars["start_beat"][index]
    place = beats - bars["start_beat"][index]
    metres = [score.metre_at(float(start)) for start in bars["start_beat"]]
    compound = np.array([unit == 8 and count % 3 == 0 and count > 3 for count, unit in metres])[index]
    halved = np.array([count % 2 == 0 for count, _ in metres])[index] & (length >= 3) & ~compound
    onto_beat = np.abs(place - np.round(place / DOTTED) * DOTTED) < EPSILON
    strong: Mask = (
        (np.abs(place) < EPSILON) | (halved & (np.abs(place - length / 2) < EPSILON)) | (compound & onto_beat)
    )
    return strong
