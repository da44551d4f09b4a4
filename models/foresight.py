"""How likely whole lines are under the prior: whether what comes back comes back, and cadences come where they should.

The writer sees a bar; the prior sees eight. It judges a plan's candidates as sentences of two-bar segments, from the
first full bar on. Lines that do not fit the network's grid, or are shorter than two segments, are not judged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from lessons.errors import CheckpointError, ComposerError
from models.checkpoint import Checkpoint
from models.encoding import Encoder
from models.grid import PITCHES, SEGMENT_BARS, STEPS_PER_BEAT, bar_steps, chord_steps, to_tokens
from models.line import Pitches
from models.plan import Plan
from models.prior import Prior
from models.sentences import sentence

FEWEST = 2  # segments


@dataclass(frozen=True, eq=False)
class Foresight:
    """The encoders of the melody network and the prior that speaks of their latents."""

    encoder: Encoder
    prior: Prior

    def surprise(self, plan: Plan, pitches: Pitches) -> NDArray[np.float64]:
        """Nats a segment that each candidate, (K, N), costs beyond the likeliest; zeros where lines are not judged."""
        try:
            length, start = _layout(plan)
            tokens = _tokens(plan, pitches, start)
        except ComposerError:
            return np.zeros(len(pitches))
        if tokens.shape[1] < FEWEST * length:
            return np.zeros(len(pitches))
        with threadpool_limits(1):
            said = sentence(tokens, chord_steps(plan.chords, start, tokens.shape[1]), length, self.encoder)
            nats = self.prior.surprise(said).mean(axis=1)
        beyond: NDArray[np.float64] = nats - nats.min()
        return beyond


def _layout(plan: Plan) -> tuple[int, float]:
    """Steps of a segment, and the first full bar. Raises ComposerError for metres that change or do not fit."""
    piece = plan.analogy.piece
    start = max(plan.start_beat, 0.0)
    changes = piece.metres["start_beat"]
    if ((changes > start) & (changes < plan.end_beat)).any():
        raise ComposerError("the metre changes in the passage")
    return SEGMENT_BARS * bar_steps(piece, start), start


def _tokens(plan: Plan, pitches: Pitches, start: float) -> NDArray[np.int64]:
    """The candidates on the grid, (K, steps). Raises ComposerError for onsets between steps."""
    steps = round((plan.end_beat - start) * STEPS_PER_BEAT)
    one = to_tokens(plan.line, start, steps)
    struck = np.flatnonzero(one < PITCHES)
    places = np.round((plan.line["onset_beat"] - start) * STEPS_PER_BEAT).astype(np.int64)
    inside = (places >= 0) & (places < steps)
    if len(struck) != inside.sum():
        raise ComposerError("two notes of the line share a step")
    tokens = np.repeat(one[None], len(pitches), axis=0)
    tokens[:, struck] = pitches[:, inside]
    return tokens


def foresight_of(melody: Checkpoint, prior: Checkpoint) -> Foresight:
    """Put both networks together. Raises CheckpointError where the prior was taught on other latents."""
    if prior.config.get("melody") != melody.label:
        raise CheckpointError(f"{prior.label}: this prior belongs to {prior.config.get('melody')}, not {melody.label}")
    return Foresight(Encoder(melody.weights), Prior(prior.weights))
