"""Train the line writer: a few minutes on one core."""

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
from models.epochs import EpochSchedule, epochs, optimiser_of, perceptron_of, weights_of
from models.restoration import Stretch, lesson, stretches
from models.writer import INTERVALS, WIDEST, Features, Rows, feature_count, features


@dataclass(frozen=True)
class WriterSchedule(EpochSchedule):
    """How to train the writer."""

    minutes: float = 12.0


def network_of(schedule: EpochSchedule) -> nn.Sequential:
    """From what the writer sees to the next interval."""
    return perceptron_of(feature_count(), INTERVALS, schedule)


def pages(pool: list[Stretch], rng: np.random.Generator) -> tuple[Features, Rows, NDArray[np.bool_]]:
    """An epoch as features, classes to predict, and which rows are guided; leaps past an octave left out."""
    setting, past, answers = lesson(pool, rng)
    kept = np.flatnonzero(np.abs(answers) <= WIDEST)
    seen = features(setting, past)[kept]
    return seen, answers[kept] + WIDEST, setting.guided[kept] == 1


def train_writer(
    corpus: Corpus, schedule: WriterSchedule, tell: Callable[[dict[str, Any]], None]
) -> tuple[dict[str, NDArray[np.float32]], dict[str, float]]:
    """Train until the epochs or the minutes are spent; the weights of the best epoch on the validation split."""
    torch.manual_seed(schedule.seed)
    rng = np.random.default_rng(schedule.seed)
    pool, check = stretches(corpus, TRAIN), pages(stretches(corpus, VALID), np.random.default_rng(0))
    network = network_of(schedule)
    optimiser = optimiser_of(network, schedule)
    best, kept = float("inf"), weights_of(network)
    figures: dict[str, float] = {}
    for epoch in epochs(schedule, optimiser):
        loss = _epoch(network, optimiser, pages(pool, rng), schedule.batch, rng)
        found = evaluate_writer(network, check)
        tell({**epoch.told(), "train": loss, **found})
        if found["guided"] + found["free"] < best:
            best, kept, figures = found["guided"] + found["free"], weights_of(network), found
    return kept, figures


def _epoch(
    network: nn.Sequential,
    optimiser: torch.optim.Optimizer,
    page: tuple[Features, Rows, NDArray[np.bool_]],
    batch: int,
    rng: np.random.Generator,
) -> float:
    network.train()
    seen, answers = torch.from_numpy(page[0]), torch.from_numpy(page[1])
    total = 0.0
    for rows in torch.split(torch.from_numpy(rng.permutation(len(seen))), batch):
        loss = functional.cross_entropy(network(seen[rows]), answers[rows])
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        total += float(loss.detach()) * len(rows)
    return total / len(seen)


@torch.no_grad()
def evaluate_writer(network: nn.Sequential, page: tuple[Features, Rows, NDArray[np.bool_]]) -> dict[str, float]:
    """Nats a note with a curve (guided) and without (free)."""
    network.eval()
    surprise: Tensor = functional.cross_entropy(
        network(torch.from_numpy(page[0])), torch.from_numpy(page[1]), reduction="none"
    )
    guided = torch.from_numpy(page[2])
    return {"guided": float(surprise[guided].mean()), "free": float(surprise[~guided].mean())}
