"""Train the prior over segments: minutes on one core, once the melody network is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from models.corpus import TRAIN, VALID, Corpus
from models.encoding import Encoder
from models.epochs import EpochSchedule, epochs, optimiser_of, perceptron_of, weights_of
from models.layers import Rows
from models.prior import BACK, NARROWEST, NEVER, NEW, WIDEST, Sentence, before, context
from models.sentences import sentences

FAINTEST = 0.3  # no dimension is scaled as if it spread less: what is never used would be noise


@dataclass(frozen=True)
class PriorSchedule(EpochSchedule):
    """How to train the prior."""

    minutes: float = 8.0
    epochs: int = 30
    dropout: float = 0.25
    batch: int = 512
    rate: float = 1.5e-3
    weight_decay: float = 1e-2


@dataclass(frozen=True)
class Lines:
    """Segments as rows: what is seen (N, F), which copies are possible (N, 3), them (N, 3, Z), and the truth (N, Z)."""

    seen: Tensor
    possible: Tensor
    copies: Tensor
    truth: Tensor

    def __getitem__(self, rows: Tensor) -> Lines:
        """Some of the rows."""
        return Lines(self.seen[rows], self.possible[rows], self.copies[rows], self.truth[rows])


class PriorNetwork(nn.Module):
    """The perceptron, and the spreads of copies."""

    def __init__(self, seen: int, size: int, schedule: EpochSchedule) -> None:
        super().__init__()
        self.net = perceptron_of(seen, NEW + 1 + 2 * size, schedule)
        self.copy = nn.Parameter(torch.full((NEW, size), -1.0))
        self.size = size

    def forward(self, lines: Lines) -> Tensor:
        """Nats that each row's shape costs, (N,)."""
        told: Tensor = self.net(lines.seen)
        gates, new, spread = torch.split(told, [NEW + 1, self.size, self.size], dim=1)
        gates = gates.masked_fill(~functional.pad(lines.possible, (0, 1), value=True), NEVER).log_softmax(dim=1)
        copies = _log_normal(lines.truth[:, None], lines.copies, self.copy.clamp(NARROWEST, WIDEST))
        fresh = _log_normal(lines.truth, new, spread.clamp(NARROWEST, WIDEST))
        known: Tensor = (gates + torch.cat([copies, fresh[:, None]], dim=1)).logsumexp(dim=1)
        return -known

    def weights(self, scale: Rows) -> dict[str, NDArray[np.float32]]:
        """Weights by the names that `models.prior.Prior` knows."""
        named = {f"net.{name}": array for name, array in weights_of(self.net).items()}
        return {**named, "copy": self.copy.detach().numpy().copy(), "scale": scale}


def _log_normal(x: Tensor, centre: Tensor, log_spread: Tensor) -> Tensor:
    each = -0.5 * ((x - centre) * (-log_spread).exp()) ** 2 - log_spread - 0.5 * float(np.log(2 * np.pi))
    return each.sum(dim=-1)


def lines_of(found: list[Sentence], scale: Rows) -> Lines:
    """All segments that sound, as rows."""
    parts = []
    for one in found:
        scaled = Sentence(one.shape / scale, one.middle, one.rhythm, one.chords, one.sounding)
        seen, possible = context(scaled)
        copies = np.stack([before(scaled.shape, back) for back in BACK], axis=2)
        sounding = one.sounding
        parts.append((seen[sounding], possible[sounding], copies[sounding], scaled.shape[sounding]))
    return Lines(*(torch.from_numpy(np.concatenate(column)) for column in zip(*parts, strict=True)))


def scale_of(found: list[Sentence]) -> Rows:
    """The spread of each number of a shape."""
    shapes = np.concatenate([one.shape[one.sounding] for one in found])
    scale: Rows = np.maximum(shapes.std(axis=0), FAINTEST).astype(np.float32)
    return scale


def train_prior(
    corpus: Corpus, encoder: Encoder, schedule: PriorSchedule, tell: Callable[[dict[str, Any]], None]
) -> tuple[dict[str, NDArray[np.float32]], dict[str, float]]:
    """Train until the epochs or the minutes are spent; the weights of the best epoch on the validation split."""
    torch.manual_seed(schedule.seed)
    rng = np.random.default_rng(schedule.seed)
    told = list(sentences(corpus, TRAIN, encoder))
    scale = scale_of(told)
    lines, check = lines_of(told, scale), lines_of(list(sentences(corpus, VALID, encoder)), scale)
    network = PriorNetwork(lines.seen.shape[1], lines.truth.shape[1], schedule)
    optimiser = optimiser_of(network, schedule)
    best, kept = float("inf"), network.weights(scale)
    for epoch in epochs(schedule, optimiser):
        loss = _epoch(network, optimiser, lines, schedule.batch, rng)
        found = _surprise(network, check)
        tell({**epoch.told(), "train": loss, "surprise": found})
        if found < best:
            best, kept = found, network.weights(scale)
    return kept, {"surprise": best}


def _epoch(
    network: PriorNetwork, optimiser: torch.optim.Optimizer, lines: Lines, batch: int, rng: np.random.Generator
) -> float:
    network.train()
    total, count = 0.0, len(lines.truth)
    for rows in torch.split(torch.from_numpy(rng.permutation(count)), batch):
        loss = network(lines[rows]).mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        total += float(loss.detach()) * len(rows)
    return total / count


@torch.no_grad()
def _surprise(network: PriorNetwork, lines: Lines) -> float:
    network.eval()
    return float(network(lines).mean())
