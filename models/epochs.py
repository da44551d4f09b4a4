"""What the trainings of the composer's small perceptrons share: schedule, epochs until the time is spent, weights."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

LEAST_RATE = 0.02  # of the first rate


@dataclass(frozen=True)
class EpochSchedule:
    """How to train a small network: at most so many epochs and minutes, the rate falling along a cosine."""

    minutes: float = 10.0
    epochs: int = 24
    width: int = 256
    dropout: float = 0.15
    batch: int = 1024
    rate: float = 2e-3
    weight_decay: float = 1e-3
    seed: int = 1


def perceptron_of(inputs: int, outputs: int, schedule: EpochSchedule) -> nn.Sequential:
    """Three linear layers with SiLU between them."""
    return nn.Sequential(
        *(nn.Linear(inputs, schedule.width), nn.SiLU(), nn.Dropout(schedule.dropout)),
        *(nn.Linear(schedule.width, schedule.width), nn.SiLU(), nn.Dropout(schedule.dropout)),
        nn.Linear(schedule.width, outputs),
    )


def optimiser_of(network: nn.Module, schedule: EpochSchedule) -> torch.optim.Optimizer:
    """The optimiser at its first rate."""
    return torch.optim.AdamW(network.parameters(), lr=schedule.rate, weight_decay=schedule.weight_decay)


@dataclass(frozen=True)
class Epoch:
    """One time through the data; ``begun_sec`` and ``deadline_sec`` of the whole training, on the monotonic clock."""

    number: int
    begun_sec: float
    deadline_sec: float

    def told(self) -> dict[str, float]:
        """How far the training is, for its progress."""
        return {"epoch": self.number, "minutes": (time.monotonic() - self.begun_sec) / 60}


def epochs(schedule: EpochSchedule, optimiser: torch.optim.Optimizer) -> Iterator[Epoch]:
    """Set the rate for each epoch, until the epochs or the minutes are spent."""
    begun = time.monotonic()
    for number in range(schedule.epochs):
        spent = max(number / schedule.epochs, (time.monotonic() - begun) / (60 * schedule.minutes))
        if spent >= 1:
            return
        for group in optimiser.param_groups:
            group["lr"] = schedule.rate * max(LEAST_RATE, 0.5 * (1 + float(np.cos(np.pi * spent))))
        yield Epoch(number, begun, begun + 60 * schedule.minutes)


def weights_of(network: nn.Sequential) -> dict[str, NDArray[np.float32]]:
    """The linear layers in order, as `models.layers.perceptron` wants them."""
    layers = [layer for layer in network if isinstance(layer, nn.Linear)]
    return {
        f"{index}.{name}": getattr(layer, name).detach().numpy().copy()
        for index, layer in enumerate(layers)
        for name in ("weight", "bias")
    }
