"""Pieces with this rhythm, or with this contour: tunes as latents of the melody network, and their distances.

Each two bars of a tune are one point for rhythm and one for contour. A piece is as near to another as its points are,
on average, to the nearest points of the other. The index is a file that names the weights that made it; with other
weights it is made anew.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import torch
from numpy.typing import NDArray

from lessons.analogy import Feature
from lessons.errors import ComposerError, InputError
from lessons.files.disk import write_whole
from lessons.harmony import chords_of, score_key
from lessons.identity import content_digest_of
from lessons.score import Score
from models.corpus import TRAIN, Tune
from models.grid import STEPS_PER_BEAT, bar_steps, chord_steps, to_tokens
from models.line import cut_overlaps, line_mask
from models.melody import MelodyNetwork
from models.segments import batch_of, cut

MIDDLE = 67.0
COMPARED = (Feature.RHYTHM, Feature.PITCH)
Points = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Index:
    """Latents by piece; ``owner`` says which name each row belongs to."""

    label: str  # of the weights
    names: tuple[str, ...]
    digests: tuple[str, ...]  # of all that is in each piece
    owner: NDArray[np.int64]
    points: dict[Feature, Points]

    def save(self, path: Path) -> None:
        """Write one file, whole or not at all."""
        content = io.BytesIO()
        np.savez_compressed(
            content,
            label=self.label,
            names=self.names,
            digests=self.digests,
            owner=self.owner,
            rhythm=self.points[Feature.RHYTHM],
            pitch=self.points[Feature.PITCH],
        )
        write_whole(path, content.getvalue(), force=True)

    @classmethod
    def load(cls, path: Path) -> Index | None:
        """Read what `save` wrote; None where there is nothing that can be read."""
        try:
            with np.load(path) as stored:
                points = {feature: stored[str(feature)] for feature in COMPARED}
                names, digests = tuple(stored["names"].tolist()), tuple(stored["digests"].tolist())
                return cls(str(stored["label"]), names, digests, stored["owner"], points)
        except (OSError, ValueError, KeyError, BadZipFile):
            return None


def index_of(pieces: Mapping[str, Score], network: MelodyNetwork, label: str, path: Path | None = None) -> Index:
    """The index of some pieces: the one in ``path`` where it still fits, else a new one, which is written there."""
    digests = tuple(content_digest_of(piece) for piece in pieces.values())
    found = Index.load(path) if path is not None else None
    if found is not None and (found.label, found.names, found.digests) == (label, tuple(pieces), digests):
        return found
    rows = [latents_or_none(piece, network) for piece in pieces.values()]
    owner = [number for number, row in enumerate(rows) if row for _ in row[COMPARED[0]]]
    points = (
        {feature: np.concatenate([row[feature] for row in rows if row]) for feature in COMPARED}
        if owner
        else {feature: np.zeros((0, 1), dtype=np.float32) for feature in COMPARED}
    )
    made = Index(label, tuple(pieces), digests, np.array(owner, dtype=np.int64), points)
    if path is not None:
        made.save(path)
    return made


def nearest(index: Index, piece: Score, network: MelodyNetwork, feature: Feature) -> list[tuple[str, float]]:
    """The pieces of an index with their distances, the most alike first; the piece itself left out."""
    if feature not in COMPARED:
        raise InputError(f"{feature}: pieces are compared by {' or '.join(COMPARED)}")
    asked, itself = latents(piece, network)[feature], content_digest_of(piece)
    found = []
    for number, (name, digest) in enumerate(zip(index.names, index.digests, strict=True)):
        own = index.points[feature][index.owner == number]
        if len(own) and digest != itself:
            apart = np.linalg.norm(asked[:, None] - own[None], axis=2)
            found.append((name, float(apart.min(axis=1).mean())))
    return sorted(found, key=lambda pair: pair[1])


def latents_or_none(piece: Score, network: MelodyNetwork) -> dict[Feature, Points] | None:
    """The latents of a piece, or None where its tune does not fit the grid."""
    try:
        return latents(piece, network)
    except ComposerError:
        return None


@torch.no_grad()
def latents(piece: Score, network: MelodyNetwork) -> dict[Feature, Points]:
    """Rhythm and contour latents of every two bars of a piece's tune. Raises ComposerError where they do not fit."""
    segments = cut(tune_of(piece))
    if not len(segments):
        raise ComposerError(f"{piece.title or 'the piece'}: no two bars with notes to compare")
    batch = batch_of(segments, np.full(len(segments), to_common_key(piece)))
    return {
        Feature.RHYTHM: network.encode_rhythm(batch.rhythm).mean.numpy(),
        Feature.PITCH: network.encode_contour(batch.curve, batch.chords).mean.numpy(),
    }


def to_common_key(piece: Score) -> int:
    """Semitones that bring a piece's tonic to C and its tune to the octave around `MIDDLE`: contours know no key."""
    up = -score_key(piece, chords_of(piece)).tonic
    middle = float(np.median(piece.notes["pitch"][line_mask(piece)])) + up
    return up + 12 * round((MIDDLE - middle) / 12)


def tune_of(piece: Score) -> Tune:
    """A piece's tune on the grid, from the first full bar on."""
    bar = bar_steps(piece)
    steps = -(-int(np.ceil(piece.end_beat * STEPS_PER_BEAT)) // bar) * bar
    line = cut_overlaps(piece.notes[line_mask(piece)])
    tokens = to_tokens(line, 0.0, steps)
    numerator, denominator = piece.metre_at(0.0)
    chords = chord_steps(chords_of(piece), 0.0, steps)
    return Tune(tokens, chords, bar, denominator == 8 and numerator % 3 == 0, TRAIN, 0)
