"""Tells which pieces are alike, by the latents of the melody network and an index that is kept in a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lessons.analogy import Feature
from lessons.errors import CheckpointError
from lessons.score import Score
from models import checkpoint
from models.evaluate import melody_network
from models.melody import MelodyNetwork
from models.similarity import index_of, nearest

NAME = "melody"


@dataclass(frozen=True, eq=False)
class NetworkLikeness:
    """See `lessons.analogy.Likeness`; ``index`` is the file of the index, made anew with other weights or pieces."""

    network: MelodyNetwork
    label: str
    index: Path | None

    def nearest(self, piece: Score, among: Mapping[str, Score], feature: Feature) -> list[tuple[str, float]]:
        """Names of pieces with their distances, the most alike first. Raises ComposerError for what it cannot read."""
        return nearest(index_of(among, self.network, self.label, self.index), piece, self.network, feature)


def load_likeness(index: Path | None = None, folder: Path = checkpoint.FOLDER) -> NetworkLikeness:
    """The melody network that came with the program. Raises CheckpointError where it is missing or damaged."""
    path = checkpoint.find(NAME, folder)
    if path is None:
        raise CheckpointError("no weights of the melody network: train it first, with 'train melody'")
    found = checkpoint.read(path)
    return NetworkLikeness(melody_network(found), found.label, index)
