"""Tunes as sentences of two-bar segments in latents, for the prior."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from models.corpus import Corpus, Tune
from models.encoding import Encoder, turned_chords
from models.grid import NO_CHORD, PAD, PITCHES, SEGMENT_BARS, SEGMENT_STEPS, ChordSteps, Steps, held_curve, rhythm_of
from models.prior import Scalar, Sentence


def sentence(tokens: Steps, chords: ChordSteps, length: int, encoder: Encoder) -> Sentence:
    """K lines under the same chords, tokens (K, steps), in segments of ``length`` steps; the rest is dropped."""
    count = tokens.shape[1] // length
    cut = _segments(tokens, count, length, PAD)
    root, bass, tones = (
        np.broadcast_to(_segments(part[None], count, length, blank), cut.shape).reshape(-1, SEGMENT_STEPS)
        for part, blank in ((chords.root, NO_CHORD), (chords.bass, NO_CHORD), (chords.tones, 0))
    )
    flat = cut.reshape(-1, SEGMENT_STEPS)
    curve = held_curve(flat)
    middle = np.sort(curve, axis=1)[:, (SEGMENT_STEPS - 1) // 2]
    turned = turned_chords(root, bass, tones, middle)

    def whole(rows: NDArray[Scalar]) -> NDArray[Scalar]:
        return rows.reshape(*cut.shape[:2], *rows.shape[1:])

    return Sentence(
        shape=whole(encoder.shape(curve, turned, middle)),
        middle=whole(middle),
        rhythm=np.broadcast_to(encoder.rhythm(rhythm_of(cut[0]))[None], (len(cut), count, encoder.rhythm_size)),
        chords=whole(turned),
        sounding=whole(np.asarray((flat < PITCHES).any(axis=1))),
    )


def _segments(steps: Steps, count: int, length: int, blank: int) -> Steps:
    """(K, steps) → (K, count, S)."""
    cut = steps[:, : count * length].reshape(len(steps), count, length)
    return np.pad(cut, ((0, 0), (0, 0), (0, SEGMENT_STEPS - length)), constant_values=blank)


def sentences(corpus: Corpus, split: int, encoder: Encoder) -> Iterator[Sentence]:
    """Each tune of a split, read from its first bar and from its second."""
    for tune in corpus.of_split(split):
        for first_bar in range(SEGMENT_BARS):
            start = first_bar * tune.bar_steps
            if len(tune.tokens) - start >= 2 * SEGMENT_BARS * tune.bar_steps:
                yield _read(tune, start, encoder)


def _read(tune: Tune, start: int, encoder: Encoder) -> Sentence:
    where = slice(start, None)
    return sentence(tune.tokens[None, where], tune.chords[where], SEGMENT_BARS * tune.bar_steps, encoder)
