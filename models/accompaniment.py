"""Move what lies under a tune: other chords of the key that still carry it, and other patterns for the left hand.

Both are what a teacher at the piano would try: the tune stays, I becomes vi, a block chord becomes an Alberti bass.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import Analogy, Feature, Level
from lessons.form import phrases
from lessons.harmony import Key, in_mask, mask_of
from lessons.score import LEFT, RIGHT, Score
from models.donors import within_chords
from models.layout import within
from models.leading import led
from models.line import EPSILON, Mask, line_mask
from models.patterns import PLAIN, patterned, patterns_for

BOLD = 0.75  # the strength from which a left hand that is varied alone plays another pattern
TUNE_ALONE = (
    0.5  # the strength up to which the tune alone moves; beyond it, in ever more drafts, what lies under it too
)
MOST_CHORDS = 0.5  # of the chords, at full strength
# What may stand for a chord, by the degree of its root: degrees and shapes, in semitones above the tonic.
MAJOR_INSTEAD = {0: (9, 4), 2: (5,), 4: (9, 0), 5: (2, 9), 7: (4,), 9: (0, 5, 4), 11: (7,)}
MINOR_INSTEAD = {0: (8, 3), 2: (5,), 3: (0, 8), 5: (8, 2), 7: (3,), 8: (5, 0), 10: (3, 7), 11: (7,)}
MAJOR_TRIADS = {0: (0, 4, 7), 2: (2, 5, 9), 4: (4, 7, 11), 5: (5, 9, 0), 7: (7, 11, 2), 9: (9, 0, 4)}
MINOR_TRIADS = {0: (0, 3, 7), 2: (2, 5, 8), 3: (3, 7, 10), 5: (5, 8, 0), 7: (7, 11, 2), 8: (8, 0, 3), 10: (10, 2, 5)}
EASY, BUSY = ("block",), ("broken", "Alberti")


def substituted(piece: Score, chords: NDArray[np.void], key: Key, share: float, seed: list[int]) -> NDArray[np.void]:
    """The chords with about ``share`` of the inner ones replaced by relatives that hold the longest note over them.

    The same chord under the same notes moves the same way; beginnings, and the cadences of phrases, stay.
    """
    moved = chords.copy()
    line = piece.notes[line_mask(piece)]
    for index in np.flatnonzero(~_settled(piece, chords)):
        start, end = float(chords["start_beat"][index]), float(chords["end_beat"][index])
        under = line[within(line, start, end)]
        rng = np.random.default_rng([*seed, int(chords["root"][index]), *_content(under, start)])
        choices = _instead(chords[index], key, under)
        if choices and rng.random() < share:
            root, tones = choices[int(rng.integers(len(choices)))]
            moved["root"][index], moved["bass"][index], moved["tones"][index] = root, root, tones
    return moved


def _settled(piece: Score, chords: NDArray[np.void]) -> Mask:
    """Which chords stay: those of the first bar, and the cadences of phrases: their last bar and the chord before."""
    bars = piece.bars
    ends = [round(phrase.end_beat, 6) for phrase in phrases(piece, 0.0, piece.end_beat)]
    kept = np.zeros(len(chords), dtype=np.bool_)
    for bar in bars[np.isin(np.round(bars["end_beat"], 6), ends)]:
        closing = within_chords(chords, float(bar["start_beat"]), float(bar["end_beat"]))
        kept |= closing
        kept[np.flatnonzero(closing)[:1] - 1] = True
    first = bars[bars["start_beat"] >= -EPSILON][:1]
    opening: Mask = chords["start_beat"] < first["end_beat"].sum() - EPSILON
    return kept | opening


def _content(notes: NDArray[np.void], start: float) -> list[int]:
    places = np.round((notes["onset_beat"] - start) * 480).astype(int)
    return [*places.tolist(), *notes["pitch"].tolist()]


def _instead(chord: np.void, key: Key, under: NDArray[np.void]) -> list[tuple[int, int]]:
    """(root, mask) of the chords that may stand for one, with the first of the longest notes over it."""
    relatives, triads = (MINOR_INSTEAD, MINOR_TRIADS) if key.minor else (MAJOR_INSTEAD, MAJOR_TRIADS)
    longest = under[np.argsort(-under["duration_beat"], kind="stable")][:1]
    degrees = relatives.get((int(chord["root"]) - key.tonic) % 12, ())
    found = [((degree + key.tonic) % 12, mask_of(np.array(triads[degree]) + key.tonic)) for degree in degrees]
    return [(root, tones) for root, tones in found if in_mask(tones, longest["pitch"]).all()]


def moves_accompaniment(analogy: Analogy) -> set[Feature]:
    """Which of chords and texture a question without donors may move: with strength, or where the tune is locked."""
    score = analogy.piece
    if analogy.donors or analogy.hand is not None or not {LEFT, RIGHT} <= set(score.notes["hand"].tolist()):
        return set()
    return {Feature.CHORDS, Feature.TEXTURE} - analogy.keep if share_moved(analogy) else set()


def share_moved(analogy: Analogy) -> float:
    """In which share of the drafts more than the tune moves; in all where the tune is locked."""
    if {Feature.PITCH, Feature.RHYTHM} <= analogy.keep:
        return 1.0
    return max(0.0, analogy.strength - TUNE_ALONE) / (1 - TUNE_ALONE)


def moved_under(
    analogy: Analogy, chords: NDArray[np.void], key: Key, span: tuple[float, float], seed: list[int]
) -> tuple[Score, list[str]]:
    """The piece with chords and left hand moved as far as the question lets them, and what was done in words.

    The piece that comes back names its chords.
    """
    moving, piece, notices = moves_accompaniment(analogy), analogy.piece, []
    if Feature.CHORDS in moving:
        inside = within_chords(chords, *span)
        other = chords.copy()
        other[inside] = substituted(piece, chords[inside], key, analogy.strength * MOST_CHORDS, seed)
        left = piece.notes["hand"] == LEFT
        notes = piece.notes.copy()
        notes[left] = led(piece.notes[left], chords, other, key.scale)
        changed = int((other["root"] != chords["root"]).sum())
        notices += [f"{changed} chord{'s are others' if changed > 1 else ' is another'} of the key"] if changed else []
        piece, chords = piece.with_notes(notes), other
    if Feature.TEXTURE in moving and len(chords):
        name = _pattern_for(analogy.level, piece.metre_at(max(span[0], 0.0)), np.random.default_rng(seed))
        piece = patterned(piece, chords, name, *span)
        notices.append(f"the left hand plays a pattern: {name}")
    return replace(piece, chords=chords), notices


def _pattern_for(level: Level, metre: tuple[int, int], rng: np.random.Generator) -> str:
    names = [name for name in patterns_for(metre) if name in PLAIN]
    wanted = {Level.EASIER: EASY, Level.SAME: tuple(names), Level.HARDER: BUSY}[level]
    fitting = [name for name in names if name in wanted]
    return fitting[int(rng.integers(len(fitting)))]
