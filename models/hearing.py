"""The ear for pianos, learning: two small networks, of which the program runs the sums itself (`tutor.listen.ear`).

`KeyNetwork` says of a key whether it begins and whether it sounds, from what the key sees around itself; all keys share
its weights but for a bias. `PeakNetwork` says whether a peak of what begins is a key struck, from what was said around.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

KEYS = 88
RARE = -2.0  # most keys are silent: the logit to start from
Array = NDArray[np.float32]
Tell = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class HearingSchedule:
    """How to teach; ``minutes`` are of processor time."""

    minutes: float = 3.0
    batch: int = 2048
    rate: float = 2e-3
    warm_share: float = 0.03
    weight_decay: float = 1e-3
    widths: tuple[int, int] = (160, 64)
    dropout: float = 0.08
    sounding_weight: float = 0.3
    peak_minutes: float = 0.4
    peak_batch: int = 1024
    peak_width: int = 32
    seed: int = 1


class KeyNetwork(nn.Module):
    """(batch, seen) and key numbers to logits (batch, 2): begins, sounds."""

    def __init__(self, seen: int, widths: tuple[int, int], dropout: float):
        super().__init__()
        first, second = widths
        self.first, self.first_key = nn.Linear(seen, first), nn.Embedding(KEYS, first)
        self.second, self.second_key = nn.Linear(first, second), nn.Embedding(KEYS, second)
        self.say, self.dropout = nn.Linear(second, 2), nn.Dropout(dropout)
        for bias in (self.first_key, self.second_key):
            nn.init.zeros_(bias.weight)
        nn.init.constant_(self.say.bias, RARE)

    def forward(self, seen: Tensor, keys: Tensor) -> Tensor:
        """Logits."""
        first = self.dropout(functional.relu(self.first(seen) + self.first_key(keys)))
        said: Tensor = self.say(functional.relu(self.second(first) + self.second_key(keys)))
        return said


class PeakNetwork(nn.Module):
    """(batch, features) to logits (batch,): a key struck."""

    def __init__(self, mean: Tensor, spread: Tensor, width: int):
        super().__init__()
        self.first, self.say, self.dropout = nn.Linear(len(mean), width), nn.Linear(width, 1), nn.Dropout(0.1)
        self.mean, self.spread = mean, spread

    def forward(self, seen: Tensor) -> Tensor:
        """Logits."""
        said: Tensor = self.say(self.dropout(functional.relu(self.first((seen - self.mean) / self.spread))))
        return said[:, 0]


def learn_keys(
    seen: NDArray[np.float16],
    keys: NDArray[np.uint8],
    wanted: NDArray[np.float16],
    schedule: HearingSchedule,
    tell: Tell,
) -> dict[str, Array]:
    """Teach a `KeyNetwork`; its weights as matrices (inputs, outputs), the biases of each key with those of all."""
    torch.manual_seed(schedule.seed)
    network = KeyNetwork(seen.shape[1], schedule.widths, schedule.dropout)
    examples = torch.from_numpy(seen), torch.from_numpy(keys.astype(np.int64)), torch.from_numpy(wanted)
    weight = torch.tensor([1.0, schedule.sounding_weight])

    def loss(chosen: Tensor) -> Tensor:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = network(examples[0][chosen].float(), examples[1][chosen]).float()
        each = functional.binary_cross_entropy_with_logits(logits, examples[2][chosen].float(), reduction="none")
        return (each * weight).mean()

    _teach(network, loss, len(seen), schedule.batch, schedule.minutes, schedule, tell)
    made = {"first.weight": network.first.weight.T, "first.key": network.first_key.weight + network.first.bias}
    made |= {"second.weight": network.second.weight.T, "second.key": network.second_key.weight + network.second.bias}
    made |= {"say.weight": network.say.weight.T, "say.bias": network.say.bias}
    return {name: _array(tensor) for name, tensor in made.items()}


def learn_peaks(seen: Array, struck: NDArray[np.bool_], schedule: HearingSchedule, tell: Tell) -> dict[str, Array]:
    """Teach a `PeakNetwork`; its weights as matrices, the scaling of the features folded in."""
    torch.manual_seed(schedule.seed)
    features, truth = torch.from_numpy(seen), torch.from_numpy(struck.astype(np.float32))
    network = PeakNetwork(features.mean(0), features.std(0) + 1e-3, schedule.peak_width)

    def loss(chosen: Tensor) -> Tensor:
        return functional.binary_cross_entropy_with_logits(network(features[chosen]), truth[chosen])

    _teach(network, loss, len(seen), schedule.peak_batch, schedule.peak_minutes, schedule, tell)
    scaled = network.first.weight / network.spread
    made = {"peak.first.weight": scaled.T, "peak.first.bias": network.first.bias - scaled @ network.mean}
    made |= {"peak.say.weight": network.say.weight.T, "peak.say.bias": network.say.bias}
    return {name: _array(tensor) for name, tensor in made.items()}


def _teach(
    network: nn.Module,
    loss: Callable[[Tensor], Tensor],
    examples: int,
    batch: int,
    minutes: float,
    schedule: HearingSchedule,
    tell: Tell,
) -> None:
    """Descend until the time is over: the rate rises for a moment, then falls like a cosine."""
    optimiser = torch.optim.AdamW(network.parameters(), weight_decay=schedule.weight_decay)
    generator = torch.Generator().manual_seed(schedule.seed)
    began, step, total = time.process_time(), 0, 0.0
    while (progress := (time.process_time() - began) / (60 * minutes)) < 1:
        for group in optimiser.param_groups:
            group["lr"] = schedule.rate * min(1.0, progress / schedule.warm_share) * (1 + np.cos(np.pi * progress)) / 2
        cost = loss(torch.randint(examples, (batch,), generator=generator))
        optimiser.zero_grad()
        cost.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        step, total = step + 1, total + float(cost.detach())
        if step % 400 == 0:
            tell({"step": step, "progress": progress, "loss": total / 400})
            total = 0.0
    network.eval()


def _array(tensor: Tensor) -> Array:
    return np.ascontiguousarray(tensor.detach().float().numpy())
