"""What makes two scores the same piece: what sounds and when, in which bars, and at what tempo.

Parts, voices, hands, fingers, spelling, loudness, and the names of bars, keys and chords are no part of it, whoever
said them. Where a file does not say them they are guessed, and a better guess must not make another piece of one that
somebody has practised. A piece that is written to a file and read again there is the same piece.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from lessons.score import Score

FORM = "2-"  # what the identity of a piece begins with; the former ones are hexadecimal digits alone
SOUNDING = ("onset_beat", "duration_beat", "pitch", "grace")


def identity_of(score: Score) -> str:
    """The identity of the music: its form, and 16 hex digits."""
    bars, tempo = score.bars, score.tempo
    metres = np.array([score.metre_at(beat) for beat in bars["start_beat"].tolist()])
    when = (bars["start_beat"], bars["end_beat"], metres, tempo.start_beat, tempo.bpm)
    arrays = (*_sounding(score.notes), *_sounding(score.backing), *when)
    return FORM + _hashed(*(array.astype("<f8") + 0 for array in arrays))  # the same on any machine, and no -0.0


def content_digest_of(score: Score) -> str:
    """16 hex digits over all that the notes say, their fingers, hands and voices too, and over what stands above them.

    It tells of any change in what was computed from a score; and histories that older programs kept know pieces by it.
    """
    named = (score.notes, score.bars, score.metres, score.keys, score.chords)
    return _hashed(*named, score.tempo.start_beat, score.tempo.bpm, score.backing)


def is_former(digest: str) -> bool:
    """Whether an older program gave this identity."""
    return not digest.startswith(FORM)


def _sounding(notes: NDArray[np.void]) -> list[NDArray[np.generic]]:
    """What sounds, whichever voice of the file came first; grace notes stay in their order, before their note."""
    main = ~notes["grace"]
    order = np.lexsort((main * notes["duration_beat"], np.where(main, notes["pitch"], -1), notes["onset_beat"]))
    return [notes[name][order] for name in SOUNDING]


def _hashed(*arrays: NDArray[np.generic] | NDArray[np.void]) -> str:
    hashed = hashlib.sha256()
    for array in arrays:
        hashed.update(np.ascontiguousarray(array).tobytes())
    return hashed.hexdigest()[:16]
