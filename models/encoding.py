"""The encoders of the melody network in plain numpy, for the composer, which does not wait for torch.

The layers and their names are those of `models.melody`; a test holds the two together.
Shapes: B segments, S = 32 steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.grid import CHORD_EVERY, CLASSES, NO_CHORD, REACH, RHYTHMS, Steps
from models.layers import Rows, silu

NORM_EPSILON = 1e-5


@dataclass(frozen=True, eq=False)
class Encoder:
    """The weights of a melody network, by name."""

    weights: Mapping[str, Rows]

    @property
    def rhythm_size(self) -> int:
        """Numbers in a rhythm latent."""
        return len(self.weights["rhythm_head.bias"]) // 2

    def shape(self, curve: Steps, chords: Rows, middle: Steps) -> Rows:
        """The contour latent without its register: held pitches (B, S) under chords already turned to the middle."""
        steps = self.weights["shape_in.weight"][np.clip(curve - middle[:, None], -REACH, REACH) + REACH]
        for number in range(len(self._numbers("shape_near"))):
            steps = self._neighbours(f"shape_near.{number}", steps, number + 1)
        told = silu(self._linear("chords.1", chords.reshape(len(chords), -1)))
        hidden = self._trunk("contour_encoder", np.concatenate([steps.reshape(len(steps), -1), told], axis=1))
        return _means(self._linear("contour_head", hidden))

    def rhythm(self, rhythm: Steps) -> Rows:
        """The rhythm latent of `grid.rhythm_of` tokens (B, S)."""
        one_hot = np.eye(RHYTHMS, dtype=np.float32)[rhythm].reshape(len(rhythm), -1)
        return _means(self._linear("rhythm_head", self._trunk("rhythm_encoder", one_hot)))

    def _numbers(self, name: str) -> set[str]:
        return {key.removeprefix(f"{name}.").split(".")[0] for key in self.weights if key.startswith(f"{name}.")}

    def _linear(self, name: str, x: Rows) -> Rows:
        y: Rows = x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]
        return y

    def _norm(self, name: str, x: Rows) -> Rows:
        centred = x - x.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + NORM_EPSILON)
        y: Rows = centred / spread * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]
        return y

    def _neighbours(self, name: str, x: Rows, apart: int) -> Rows:
        seen = np.pad(self._norm(f"{name}.norm", x), ((0, 0), (apart, apart), (0, 0)))
        steps = x.shape[1]
        three = np.concatenate([seen[:, start : start + steps] for start in (0, apart, 2 * apart)], axis=2)
        return x + self._linear(f"{name}.outer", silu(self._linear(f"{name}.inner", three)))

    def _trunk(self, name: str, x: Rows) -> Rows:
        numbers = sorted(int(number) for number in self._numbers(name))
        x = self._linear(f"{name}.0", x)
        for number in numbers[1:-1]:
            block = f"{name}.{number}"
            inner = silu(self._linear(f"{block}.inner", self._norm(f"{block}.norm", x)))
            x = x + self._linear(f"{block}.outer", inner)
        return self._norm(f"{name}.{numbers[-1]}", x)


def _means(parameters: Rows) -> Rows:
    return parameters[:, : parameters.shape[1] // 2]


def turned_chords(root: Steps, bass: Steps, tones: Steps, middle: Steps) -> Rows:
    """`melody.chord_features` of chords by step, (B, S) each, counted from each segment's middle."""
    root, bass, tones = (part[:, ::CHORD_EVERY] for part in (root, bass, tones))
    wheel = (np.arange(CLASSES) + middle[:, None]) % CLASSES
    known = (root != NO_CHORD)[..., None]
    one_hot = [(part[..., None] == wheel[:, None]) & known for part in (root, bass)]
    bits = (tones[..., None] >> wheel[:, None] & 1).astype(bool)
    return np.concatenate([*one_hot, bits], axis=-1).astype(np.float32)
