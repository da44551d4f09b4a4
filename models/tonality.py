"""Where a piece is at home, and how music from elsewhere comes to be at home there.

A page names a signature; a tune in a church mode begins and ends elsewhere than on the tonic of that signature.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lessons.harmony import Key, chords_of, classes_of, in_mask, mask_of, score_key
from lessons.score import Score
from models.line import Pitches, line_mask

MINOR_THIRD, MAJOR_THIRD = 3, 4
SIXTH, MINOR_SIXTH, LEADING = 9, 8, 11
TO_MINOR, TO_MAJOR = {4: -1, 9: -1}, {3: 1, 8: 1, 10: 1}  # semitones by degree; the leading note stays


def home(score: Score, chords: NDArray[np.void]) -> Key:
    """The tonic and mode of a piece: the page's, or those of a mode whose chord begins and ends the piece."""
    page = score_key(score, chords)
    line = score.notes[line_mask(score)]
    if not len(score.keys) or not len(chords) or not len(line):
        return page
    final = int(line["pitch"][-1]) % 12
    framed = int(chords["root"][0]) == int(chords["root"][-1]) == final
    if not framed or not in_mask(page.scale, final):
        return page
    return Key(final, bool(in_mask(page.scale, final + MINOR_THIRD)) and not in_mask(page.scale, final + MAJOR_THIRD))


def towards(theirs: Key, ours: Key) -> int:
    """Semitones from one key to another, -6 to 5: tonic to tonic, but a relative of the other mode stays."""
    if theirs.minor != ours.minor and theirs.fifths == ours.fifths:
        return 0
    return (ours.tonic - theirs.tonic + 6) % 12 - 6


def home_of_answer(piece: Score, donor: Score | None, key: Key) -> Key:
    """Where an answer in ``key`` is at home; ``donor`` gives the chords of the whole answer, if one does."""
    shown = piece if donor is None else donor
    chords = chords_of(shown)
    page, own = score_key(shown, chords), home(shown, chords)
    return key if own == page else Key((own.tonic - page.tonic + key.tonic) % 12, own.minor)


def degrees_moved(tune: Pitches, theirs: Key, ours: Key) -> dict[int, int]:
    """How far each degree of a tune on our tonic moves to be in our mode: nowhere where the tonics differ.

    In minor a dorian sixth moves too, where the tune has no other.
    """
    if theirs.tonic != ours.tonic:
        return {}
    if theirs.minor == ours.minor:
        degrees = set(((tune - ours.tonic) % 12).tolist())
        return {SIXTH: -1} if ours.minor and SIXTH in degrees and MINOR_SIXTH not in degrees else {}
    return TO_MINOR if ours.minor else TO_MAJOR


def in_mode(tune: Pitches, tonic: int, steps: Mapping[int, int]) -> Pitches:
    """The tune with some degrees moved; a leading note beside a lowered sixth goes down with it."""
    degrees = (tune - tonic) % 12
    moved = tune + np.array([steps.get(int(degree), 0) for degree in degrees], dtype=np.int64)
    if steps is TO_MINOR:
        sixths = np.pad(degrees == SIXTH, 1)
        moved -= (degrees == LEADING) & (sixths[:-2] | sixths[2:])
    return moved


def chords_in_mode(chords: NDArray[np.void], tonic: int, steps: Mapping[int, int]) -> NDArray[np.void]:
    """The chords under such a tune."""
    moved = chords.copy()
    for name in ("root", "bass"):
        moved[name] = _classes_in_mode(chords[name].astype(np.int64), tonic, steps)
    moved["tones"] = [mask_of(_classes_in_mode(np.array(classes_of(mask)), tonic, steps)) for mask in chords["tones"]]
    return moved


def _classes_in_mode(classes: Pitches, tonic: int, steps: Mapping[int, int]) -> Pitches:
    found: Pitches = np.array([tone + steps.get((int(tone) - tonic) % 12, 0) for tone in classes], dtype=np.int64) % 12
    return found
