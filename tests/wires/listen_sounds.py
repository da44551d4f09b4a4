"""A piano for the tests of listening: the soundfont's, to the frame."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from tutor.synth import Renderer, soundfont_path

RATE = 44100
Sound = NDArray[np.float32]
Notes = list[tuple[float, int]]
CHORDS: Notes = [
    (0.3, 48),
    (0.3, 64),
    (0.3, 67),
    (0.9, 72),
    (1.2, 71),
    (1.5, 69),
    (1.5, 53),
    (2.1, 65),
    (2.1, 69),
    (2.7, 60),
]


def piano(notes: Notes, length_sec: float = 0.4) -> Sound:
    """The notes by the soundfont's piano."""
    renderer = Renderer(soundfont_path(), RATE)
    events = [(time, 1, pitch) for time, pitch in notes] + [(time + length_sec, 0, pitch) for time, pitch in notes]
    sound, done = np.zeros((round((max(events)[0] + 1.0) * RATE), 2), np.float32), 0
    for time, begins, pitch in sorted(events):
        if round(time * RATE) > done:
            renderer.render(sound[done : round(time * RATE)])
            done = round(time * RATE)
        renderer.note_on(pitch, 85) if begins else renderer.note_off(pitch)
    renderer.render(sound[done:])
    return cast(Sound, sound.mean(axis=1) / np.abs(sound).max() * 0.7)
