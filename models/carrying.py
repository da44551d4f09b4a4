"""Chords from elsewhere under a tune that stays: each has to carry the notes that the tune puts on strong beats.

What does not gives way to the nearest that does: the same chord with its other third, another chord of the donor's
progression, or at last a triad of the key.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import Analogy
from lessons.harmony import Key, classes_of, in_mask, mask_of
from lessons.score import LEFT, RIGHT
from models.layout import within
from models.line import line_mask, strong_beats

THIRDS, FIFTH, SEMITONE_BELOW = (3, 4), 7, 11
ALTERED, ELSEWHERE, OF_THE_KEY = 0.5, 1.0, 3.0  # how far a chord is from the one that it stands for, beside its tones
FOREIGN = 0.5  # a note of the tune on a weak beat that is no chord tone
OUTSIDE = 1.0  # a tone that is not of the key
HARSH = 2.0  # a note of the tune on a strong beat a semitone below the root
Sound = tuple[int, int, int]  # root, tones, bass


def tune_that_stays(analogy: Analogy) -> NDArray[np.void]:
    """The tune of the piece where only the left hand changes; nothing otherwise."""
    piece = analogy.piece
    stays = analogy.hand == LEFT and bool((piece.notes["hand"] == RIGHT).any())
    return piece.notes[line_mask(piece, RIGHT)] if stays else piece.notes[:0]


def carrying(analogy: Analogy, chords: NDArray[np.void], key: Key) -> tuple[NDArray[np.void], int]:
    """The donor's chords, and how many of them had to give way to such as carry the tune that stays."""
    tune, carried, changed = tune_that_stays(analogy), chords.copy(), 0
    strong = tune[strong_beats(analogy.piece, tune["onset_beat"])]
    for index, chord in enumerate(chords):
        span = float(chord["start_beat"]), float(chord["end_beat"])
        firm, over = strong["pitch"][within(strong, *span)], tune["pitch"][within(tune, *span)]
        if in_mask(int(chord["tones"]), firm).all():
            continue
        found = [sound for sound in _instead(chord, chords, key) if in_mask(sound[1][1], firm).all()]
        if found:
            _, sound = min(found, key=lambda one: one[0] + _strain(one[1], firm, over, key))
            carried["root"][index], carried["tones"][index], carried["bass"][index] = sound
            changed += 1
    return carried, changed


def _strain(sound: Sound, firm: NDArray[np.int16], over: NDArray[np.int16], key: Key) -> float:
    """How a chord sits under the tune's notes on strong beats and under all of them, and in the key."""
    root, tones, _ = sound
    foreign, harsh = int((~in_mask(tones, over)).sum()), int(((firm - root) % 12 == SEMITONE_BELOW).sum())
    return FOREIGN * foreign + HARSH * harsh + OUTSIDE * (tones & ~key.scale).bit_count()


def _instead(chord: np.void, chords: NDArray[np.void], key: Key) -> list[tuple[float, Sound]]:
    """What may stand for a chord, with how far it is from it."""
    root, tones = int(chord["root"]), int(chord["tones"])
    altered = [(ALTERED, _triad(root, third)) for third in THIRDS]
    others = [
        (ELSEWHERE, (int(one["root"]), int(one["tones"]), int(one["bass"])))
        for one in np.unique(chords[["root", "tones", "bass"]])
    ]
    scale = classes_of(key.scale)
    triads = [_triad(degree, third) for degree in scale for third in THIRDS]
    of_key = [(OF_THE_KEY, triad) for triad in triads if not triad[1] & ~key.scale]
    return [(far + (tones ^ sound[1]).bit_count() / 2, sound) for far, sound in (*altered, *others, *of_key)]


def _triad(root: int, third: int) -> Sound:
    return root, mask_of(np.array([root, root + third, root + FIFTH])), root
