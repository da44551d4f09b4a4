"""Move what lies under a tune: other chords of the key that still carry it, and other patterns for the left hand.

Both are what a teacher at the piano would try: the tune stays, I becomes vi, a block chord becomes an Alberti bass.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import Analogy, Feature, Level
from lessons.harmony import Key, classes_of, in_mask, mask_of
from lessons.score import LEFT, RIGHT, Score
from models.donors import within_chords
from models.layout import within
from models.line import EPSILON, line_mask, nearest, repitched

BOLD = 0.75  # the strength from which more than the tune moves
MOST_CHORDS = 0.5  # of the chords, at full strength
CADENCE = 2  # so many chords at the end stay
MAJOR_TRIADS = ((0, (0, 4, 7)), (2, (2, 5, 9)), (4, (4, 7, 11)), (5, (5, 9, 0)), (7, (7, 11, 2)), (9, (9, 0, 4)))
MINOR_TRIADS = ((0, (0, 3, 7)), (3, (3, 7, 10)), (5, (5, 8, 0)), (7, (7, 11, 2)), (8, (8, 0, 3)), (10, (10, 2, 5)))
# Patterns of one chord: (place, length, voice), places and lengths as shares of the chord, voices 0 (bass) upwards.
PATTERNS: dict[str, tuple[tuple[float, float, int], ...]] = {
    "block": ((0, 1, 0), (0, 1, 1), (0, 1, 2)),
    "bass and chord": ((0, 0.5, 0), (0.5, 0.5, 1), (0.5, 0.5, 2)),
    "broken": ((0, 0.25, 0), (0.25, 0.25, 1), (0.5, 0.25, 2), (0.75, 0.25, 1)),
    "Alberti": ((0, 0.25, 0), (0.25, 0.25, 2), (0.5, 0.25, 1), (0.75, 0.25, 2)),
}
IN_THREE: dict[str, tuple[tuple[float, float, int], ...]] = {
    "block": ((0, 1, 0), (0, 1, 1), (0, 1, 2)),
    "waltz": ((0, 1 / 3, 0), (1 / 3, 1 / 3, 1), (1 / 3, 1 / 3, 2), (2 / 3, 1 / 3, 1), (2 / 3, 1 / 3, 2)),
    "broken": ((0, 1 / 3, 0), (1 / 3, 1 / 3, 1), (2 / 3, 1 / 3, 2)),
}
LOWEST_BASS = 33  # A1
EASY, BUSY = ("block",), ("broken", "Alberti")


def substituted(
    piece: Score, chords: NDArray[np.void], key: Key, share: float, rng: np.random.Generator
) -> NDArray[np.void]:
    """The chords with about ``share`` of the inner ones replaced by triads of the key that hold the longest note."""
    moved = chords.copy()
    line = piece.notes[line_mask(piece)]
    for index in range(1, len(chords) - CADENCE):
        if rng.random() >= share:
            continue
        under = line[within(line, float(chords["start_beat"][index]), float(chords["end_beat"][index]))]
        longest = under[under["duration_beat"] == under["duration_beat"].max()] if len(under) else under
        choices = [
            (root, tones)
            for root, tones in _triads(key)
            if root != chords["root"][index] and in_mask(tones, longest["pitch"]).all()
        ]
        if choices:
            root, tones = choices[int(rng.integers(len(choices)))]
            moved["root"][index], moved["bass"][index], moved["tones"][index] = root, root, tones
    return moved


def _triads(key: Key) -> list[tuple[int, int]]:
    """(root, mask) of the triads of a key."""
    table = MINOR_TRIADS if key.minor else MAJOR_TRIADS
    return [((root + key.tonic) % 12, mask_of(np.array(tones) + key.tonic)) for root, tones in table]


def patterned(score: Score, chords: NDArray[np.void], pattern: str, start: float, end: float) -> Score:
    """The score whose left hand, in [start, end), plays a pattern of the chords where it played, below the right."""
    notes = score.notes
    left, right = notes[notes["hand"] == LEFT], notes[notes["hand"] == RIGHT]
    rows, covered = [], np.zeros(len(notes), dtype=np.bool_)
    for chord in chords[within_chords(chords, start, end)]:
        span = (float(chord["start_beat"]), min(end, float(chord["end_beat"])))
        here, over = sounding(left, *span), sounding(right, *span)
        if len(here):
            ceiling = int(over["pitch"].min()) if len(over) else 127
            rows += _figure(chord, here, span, pattern, ceiling)
            covered |= within(notes, *span)
    kept = notes[~(covered & (notes["hand"] == LEFT))]
    held = (kept["hand"] == LEFT) & (kept["onset_beat"] < start) & (kept["onset_beat"] + kept["duration_beat"] > start)
    kept["duration_beat"][held] = start - kept["onset_beat"][held]
    return score.with_notes(np.concatenate([kept, np.array(rows, dtype=notes.dtype)]))


def sounding(notes: NDArray[np.void], start: float, end: float) -> NDArray[np.void]:
    """The notes that are heard somewhere in [start, end)."""
    heard: NDArray[np.void] = notes[
        (notes["onset_beat"] < end - EPSILON) & (notes["onset_beat"] + notes["duration_beat"] > start + EPSILON)
    ]
    return heard


def _figure(
    chord: np.void, here: NDArray[np.void], span: tuple[float, float], pattern: str, ceiling: int
) -> list[np.void]:
    """The notes of one chord's pattern in the register of the notes that were there, below ``ceiling``."""
    length = span[1] - span[0]
    voices = _voices(chord, int(here["pitch"].min()), ceiling)
    table = patterns_for(length)
    notes = []
    for place, share, voice in table.get(pattern, table["block"]):
        note = here[0].copy()
        note["onset_beat"], note["duration_beat"] = span[0] + place * length, share * length
        note["pitch"], note["step"], note["alter"] = voices[min(voice, len(voices) - 1)], "", 0
        note["finger"], note["finger_confidence"] = 0, 0.0
        notes.append(note)
    return notes


def _voices(chord: np.void, near: int, ceiling: int) -> list[int]:
    """Root, third and fifth from the root nearest to a pitch, an octave lower where they would reach the ceiling."""
    above = sorted((tone - int(chord["root"])) % 12 for tone in classes_of(chord["tones"]))
    steps = [0, *(step for step in above if step)][:3]
    bass = nearest(near, 1 << int(chord["root"]))
    while bass + steps[-1] >= ceiling and bass - 12 >= LOWEST_BASS:
        bass -= 12
    return [bass + step for step in steps if bass + step < ceiling] or [bass]


def patterns_for(span: float) -> dict[str, tuple[tuple[float, float, int], ...]]:
    """The patterns that a chord of so many beats can take: in three, or in halves and quarters."""
    return IN_THREE if abs(span / 1.5 % 1) < EPSILON else PATTERNS


def moves_accompaniment(analogy: Analogy) -> set[Feature]:
    """Which of chords and texture a question without donors moves: at full strength, or where the tune is locked."""
    score = analogy.piece
    if analogy.donors or analogy.hand is not None or not {LEFT, RIGHT} <= set(score.notes["hand"].tolist()):
        return set()
    if analogy.strength < BOLD and not {Feature.PITCH, Feature.RHYTHM} <= analogy.keep:
        return set()
    return {Feature.CHORDS, Feature.TEXTURE} - analogy.keep


def moved_under(
    analogy: Analogy, chords: NDArray[np.void], key: Key, span: tuple[float, float], rng: np.random.Generator
) -> tuple[Score, list[str]]:
    """The piece with chords and left hand moved as far as the question lets them, and what was done in words.

    The piece that comes back names its chords.
    """
    moving, piece, notices = moves_accompaniment(analogy), analogy.piece, []
    if Feature.CHORDS in moving:
        inside = within_chords(chords, *span)
        other = chords.copy()
        other[inside] = substituted(piece, chords[inside], key, analogy.strength * MOST_CHORDS, rng)
        left = piece.notes["hand"] == LEFT
        notes = piece.notes.copy()
        notes[left] = repitched(piece.notes[left], chords, other, key.scale)
        changed = int((other["root"] != chords["root"]).sum())
        notices += [f"{changed} chords are others of the key"] if changed else []
        piece, chords = piece.with_notes(notes), other
    if Feature.TEXTURE in moving and len(chords):
        name = _pattern_for(analogy.level, float(chords["end_beat"][0] - chords["start_beat"][0]), rng)
        piece = patterned(piece, chords, name, *span)
        notices.append(f"the left hand plays a pattern: {name}")
    return replace(piece, chords=chords), notices


def _pattern_for(level: Level, span: float, rng: np.random.Generator) -> str:
    names = list(patterns_for(span))
    wanted = {Level.EASIER: EASY, Level.SAME: tuple(names), Level.HARDER: BUSY}[level]
    fitting = [name for name in names if name in wanted]
    return fitting[int(rng.integers(len(fitting)))]
