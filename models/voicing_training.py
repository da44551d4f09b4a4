"""Train the voicing network: a few minutes on one core."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from models.corpus import TRAIN, VALID
from models.epochs import EpochSchedule, epochs, optimiser_of, perceptron_of, weights_of
from models.layers import log_softmax
from models.line import nearest
from models.voicing import CHOICES, KEYS, MOST_DOUBT, REACH, Keyboards, feature_count, features
from models.voicing_corpus import Lesson, Parts, lesson_of
from models.writer import Features, Rows

STRETCH = 64  # strokes that share a doubt
COMMON_SPREAD, OWN_SPREAD = 0.6, 0.8  # of the doubt: how far strokes, and notes in them, are moved
SNAPPED_SHARE = 0.75  # of the strokes: their moved notes go to the nearest chord tone, as a rule would play them
CHECKED = 20_000


@dataclass(frozen=True)
class VoicingSchedule(EpochSchedule):
    """How to train the voicing network."""

    epochs: int = 12
    width: int = 192
    dropout: float = 0.1


def network_of(schedule: EpochSchedule) -> nn.Sequential:
    """From what is seen of a note to its key."""
    return perceptron_of(feature_count(), CHOICES, schedule)


def roughened(lesson: Lesson, rng: np.random.Generator) -> tuple[Rows, Rows]:
    """The true keys moved by a few semitones, strokes together and notes apart, most to chord tones; and the doubts."""
    strokes = lesson.strokes
    doubt = rng.integers(0, MOST_DOUBT + 1, len(lesson.struck) // STRETCH + 1)[lesson.group // STRETCH]
    common = rng.normal(0, COMMON_SPREAD, len(lesson.struck))[lesson.group]
    away = doubt / 10 * (common + rng.normal(0, OWN_SPREAD, len(strokes)))
    moved = np.round(strokes.rough + away).astype(np.int64)
    snapped = (rng.random(len(lesson.struck)) < SNAPPED_SHARE)[lesson.group] & (strokes.mask > 0)
    table = np.array([[nearest(60 + step, mask) - 60 - step for step in range(12)] for mask in range(1 << 12)])
    moved += snapped * table[strokes.mask, moved % 12]
    moved = np.clip(moved, 0, KEYS - 1)
    order = np.lexsort((moved, lesson.group))  # the lowest place for the lowest note
    return moved[order], doubt


def seen(lesson: Lesson, rough: Rows, doubt: Rows, rows: Rows) -> tuple[Features, Rows]:
    """Features and choices of some notes, given the rough places of all."""
    group, true = lesson.group[rows], lesson.strokes.rough[rows]
    above = lesson.strokes.above[rows] > 0
    gaps = np.where(above, rough[np.minimum(rows + 1, len(rough) - 1)] - rough[rows], 0)
    strokes = replace(lesson.strokes[rows], rough=rough[rows], gap_above=gaps, doubt=doubt[rows])
    keyboards = Keyboards(
        now=lesson.struck[group] * (np.arange(KEYS) < true[:, None]),
        last=_earlier(lesson, group, 1),
        before=_earlier(lesson, group, 2),
        held=lesson.held[group],
    )
    return features(strokes, keyboards), true - rough[rows] + REACH


def _earlier(lesson: Lesson, group: Rows, strokes: int) -> NDArray[np.uint8]:
    """The keys struck so many strokes before, none where a song had not begun."""
    back = np.maximum(group - strokes, 0)
    same: NDArray[np.bool_] = (lesson.song[back] == lesson.song[group]) & (group >= strokes)
    keys: NDArray[np.uint8] = lesson.struck[back] * same[:, None]
    return keys


def train_voicing(
    parts: Parts, schedule: VoicingSchedule, tell: Callable[[dict[str, Any]], None]
) -> tuple[dict[str, NDArray[np.float32]], dict[str, float]]:
    """Train until the epochs or the minutes are spent; the weights of the best epoch on the validation split."""
    torch.manual_seed(schedule.seed)
    rng = np.random.default_rng(schedule.seed)
    pool, check = lesson_of(parts.of_split(TRAIN)), lesson_of(parts.of_split(VALID))
    network = network_of(schedule)
    optimiser = optimiser_of(network, schedule)
    best, kept = float("inf"), weights_of(network)
    figures: dict[str, float] = {}
    for epoch in epochs(schedule, optimiser):
        loss = _epoch(network, optimiser, pool, schedule.batch, rng, epoch.deadline_sec)
        network.eval()
        found = evaluate_voicing(lambda rows: network(torch.from_numpy(rows)).numpy(), check)
        tell({**epoch.told(), "train": loss, **found})
        if found["surprise"] < best:
            best, kept, figures = found["surprise"], weights_of(network), found
    return kept, figures


def _epoch(
    network: nn.Sequential,
    optimiser: torch.optim.Optimizer,
    pool: Lesson,
    batch: int,
    rng: np.random.Generator,
    deadline: float,
) -> float:
    network.train()
    (rough, doubt), losses = roughened(pool, rng), []
    rows = np.flatnonzero(np.abs(pool.strokes.rough - rough) <= REACH)
    for chosen in np.array_split(rng.permutation(rows), max(1, len(rows) // batch)):
        shown, answers = seen(pool, rough, doubt, chosen)
        loss = functional.cross_entropy(network(torch.from_numpy(shown)), torch.from_numpy(answers))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        losses.append(float(loss.detach()))
        if time.monotonic() > deadline:
            break
    return float(np.mean(losses))


@torch.no_grad()
def evaluate_voicing(logits: Callable[[Features], NDArray[np.float32]], lesson: Lesson) -> dict[str, float]:
    """Surprise in nats a note and how often the likeliest key is the right one, of seeded notes moved once."""
    rng = np.random.default_rng(0)
    rough, doubt = roughened(lesson, rng)
    rows = np.flatnonzero(np.abs(lesson.strokes.rough - rough) <= REACH)
    rows = np.sort(rng.permutation(rows)[:CHECKED])
    shown, answers = seen(lesson, rough, doubt, rows)
    known = log_softmax(logits(shown))
    return {
        "surprise": float(-known[np.arange(len(answers)), answers].mean()),
        "likeliest_right": float((known.argmax(axis=1) == answers).mean()),
        "unmoved_right": float((answers == REACH).mean()),
    }
