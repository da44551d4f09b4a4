"""The layers and features that the composer's small networks share, in plain numpy."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

FARTHEST = 60.0  # beyond, the logistic function is flat in single precision
Rows = NDArray[np.float32]
Classes = NDArray[np.int64]


def silu(x: Rows) -> Rows:
    """X times its logistic function."""
    y: Rows = x / (1 + np.exp(-np.clip(x, -FARTHEST, FARTHEST)))
    return y


def perceptron(weights: Mapping[str, Rows], x: Rows) -> Rows:
    """Linear layers ``0.weight``, ``0.bias``, ``1.weight``, … with SiLU between them: (N, in) → (N, out)."""
    layers = sum(name.partition(".")[2] == "weight" for name in weights)
    for index in range(layers):
        x = x @ weights[f"{index}.weight"].T + weights[f"{index}.bias"]
        if index < layers - 1:
            x = silu(x)
    return x


def log_softmax(logits: Rows) -> Rows:
    """Log-probabilities along the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    normal: Rows = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return normal


def log_sum_exp(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logarithm of the sum of exponentials along the last axis."""
    top = x.max(axis=-1, keepdims=True)
    summed: NDArray[np.float64] = (top + np.log(np.exp(x - top).sum(axis=-1, keepdims=True)))[..., 0]
    return summed


def relative(masks: Classes, pitch: Classes) -> Classes:
    """Whether each interval class 0..11 above a pitch belongs to its mask, (N, 12)."""
    members: Classes = masks[:, None] >> ((pitch[:, None] + np.arange(12)) % 12) & 1
    return members


def one_hot(classes: Classes, size: int) -> Classes:
    """Ones at the classes, (N,) → (N, size)."""
    hot: Classes = (classes[:, None] == np.arange(size)).astype(np.int64)
    return hot
