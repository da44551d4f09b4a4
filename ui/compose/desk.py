"""Asks the composer, and what knows which pieces are alike; both load when they are first asked."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lessons.errors import CheckpointError, InputError
from lessons.library.shelf import Piece
from lessons.score import Score
from tutor.commands.parts import Parts
from tutor.config import home

if TYPE_CHECKING:  # what comes after the window
    from lessons.analogy import Analogy, Composer, Feature, Likeness, Variation
    from lessons.progress import Told

log = logging.getLogger(__name__)
ALIKE_FILE = "alike.npz"


class ComposerDesk:
    """Every method may take long, and any thread may call it."""

    def __init__(self, parts: Parts):
        self._parts = parts
        self._loading, self._comparing = threading.Lock(), threading.Lock()
        self._composer: Composer | None = None
        self._likeness: Likeness | None = None
        self._compared: dict[Path, Score] = {}

    @property
    def composer(self) -> Composer:
        """The composer, which may load for seconds when it is first asked."""
        with self._loading:
            if self._composer is None:
                self._composer = self._parts.composer()
            return self._composer

    def compose(self, analogy: Analogy, count: int, told: Told) -> Sequence[Variation]:
        """The answers of the composer, best first, with fingers."""
        from lessons.fingering import with_fingers

        told("Reading what the composer has learned", 0.0)
        made = self.composer.vary(analogy, count, told)
        told("Choosing fingers", 1.0)
        return [replace(variation, score=with_fingers(variation.score)) for variation in made]

    def alike(self, piece: Piece, among: Sequence[Piece]) -> Mapping[Feature, Sequence[str]]:
        """The slugs of the pieces most like one in rhythm, and in melody, the most alike first; none where unknown."""
        from lessons.analogy import Feature

        scores = self._readable(among)
        try:
            self._likeness = self._likeness or self._parts.likeness(home() / ALIKE_FILE)
            nearest, features = self._likeness.nearest, (Feature.RHYTHM, Feature.PITCH)
            return {name: [slug for slug, _ in nearest(piece.score(), scores, name)] for name in features}
        except (CheckpointError, InputError) as error:
            log.info("nobody can tell what is alike: %s", error)
            return {}

    def _readable(self, pieces: Sequence[Piece]) -> dict[str, Score]:
        """The scores of the pieces that can be read, each read once, by slug."""
        with self._comparing:
            for piece in pieces:
                if piece.path not in self._compared:
                    try:
                        self._compared[piece.path] = piece.score()
                    except InputError as error:
                        log.info("not compared: %s", error)
        return {piece.slug: self._compared[piece.path] for piece in pieces if piece.path in self._compared}
