"""Train the melody network: one loop that can be killed and resumed at any time.

The loss is the cross-entropy of rhythm at every step and of pitch where a note is struck, plus ``beta`` times the KL
divergence of each latent. Chords are dropped from a share of segments so that they can be missing. Progress is
measured on the validation split only.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from models.corpus import TRAIN, VALID, Corpus
from models.grid import PAD, PITCHES, RHYTHMS, SEGMENT_STEPS, STRUCK, Steps, held_curve
from models.melody import MelodyConfig, MelodyNetwork, middle_of, shape_of
from models.segments import (
    Batch,
    Segments,
    batch_of,
    draw_transpositions,
    hurried,
    segments_of,
    spliced,
    with_moved_onsets,
)

STATE = "melody-training.pt"
LEAST_STEERING = 0.25


@dataclass(frozen=True)
class Schedule:
    """How to train."""

    minutes: float = 36.0
    batch: int = 160
    rate: float = 1.2e-3
    contour_nats: float = 55.3  # what the latents may tell of two bars of the validation split; beta is steered there
    rhythm_nats: float = 18.6  # rhythms are few: they can be told in less
    beta_contour: float = 0.035  # to begin with
    beta_rhythm: float = 0.5
    steering: float = 4.0  # of log beta, a minute, for a latent that tells twice as much as it may; less with the rate
    warm_share: float = 0.1  # of the time: both betas rise from nothing, the rate from a tenth
    hurried_share: float = 0.2  # of the segments: at twice the pace, since short notes are rare and hard
    spliced_share: float = 0.5  # of the segments: begun as one and ended as another, so that none is learned by heart
    sampled_share: float = 0.7  # of the segments; the others are decoded from the mean, as the program does
    moved_share: float = 0.2  # of the segments: some of their onsets reach the contour encoder a step early or late
    lent_share: float = 0.35  # of the segments: decoded in another segment's rhythm
    # weights of how far the contour latent moves with those onsets, squared, at shares of the time: late, since short
    # notes have to be told first
    steadiness: tuple[tuple[float, float], ...] = ((0.5, 0.03), (0.65, 0.66))
    steadied: int = 48  # segments of a batch that it is measured on
    chord_dropout: float = 0.15
    weight_decay: float = 1e-2
    save_every_sec: float = 60.0
    half: bool = True  # matrix products in bfloat16
    seed: int = 1


@dataclass(frozen=True)
class Losses:
    """Parts of the loss in nats a segment, and shares that came out right."""

    rhythm: Tensor
    pitch: Tensor
    kl_contour: Tensor
    kl_rhythm: Tensor
    pitch_right: Tensor
    rhythm_right: Tensor
    tokens_right: Tensor


def losses(
    network: MelodyNetwork, batch: Batch, sampled: float = 0.0, generator: torch.Generator | None = None
) -> Losses:
    """Encode and decode a batch, a share of it from samples of the posterior and the rest from its mean."""
    contour, rhythm = network.encode_contour(batch.curve, batch.chords), network.encode_rhythm(batch.rhythm)
    z_contour, z_rhythm = contour.sample(sampled, generator), rhythm.sample(sampled, generator)
    middle = middle_of(batch.curve)
    registers = network.decode_register(z_contour=z_contour)
    shapes = network.decode_shape(z_contour=z_contour, rhythm=batch.rhythm, chords=batch.chords, middle=middle)
    rhythms = network.decode_rhythm(z_rhythm=z_rhythm)
    struck, inside = batch.rhythm == STRUCK, batch.rhythm < RHYTHMS - 1
    wanted = shape_of(batch.tokens, middle)
    right_pitch = (shapes.argmax(-1) == wanted) & struck & (registers.argmax(-1) == middle)[:, None]
    right_rhythm = (rhythms.argmax(-1) == batch.rhythm) & inside
    shape_loss = functional.cross_entropy(shapes[struck], wanted[struck], reduction="sum") / len(batch.tokens)
    return Losses(
        rhythm=functional.cross_entropy(rhythms.flatten(0, 1), batch.rhythm.flatten()) * SEGMENT_STEPS,
        pitch=shape_loss + functional.cross_entropy(registers, middle),
        kl_contour=contour.divergence().mean(),
        kl_rhythm=rhythm.divergence().mean(),
        pitch_right=right_pitch.sum() / struck.sum(),
        rhythm_right=right_rhythm.sum() / inside.sum(),
        tokens_right=(right_rhythm & (right_pitch | ~struck)).sum() / inside.sum(),
    )


def unsteadiness(network: MelodyNetwork, batch: Batch, rows: int) -> Tensor:
    """How far, squared, the shape moves in the contour latent with onsets that move by a step; mean of segments."""
    true = torch.from_numpy(held_curve(batch.tokens[:rows].numpy(force=True))).to(batch.curve.device)
    one = network.encode_contour(true, batch.chords[:rows])
    other = network.encode_contour(batch.curve[:rows], batch.chords[:rows])
    return ((one.mean - other.mean)[:, : network.shape_size] ** 2).sum(dim=1).mean()


def make_batch(segments: Segments, schedule: Schedule, rng: np.random.Generator) -> Batch:
    """A random batch, transposed; some of it changed as `Schedule` says."""
    chosen = segments[rng.integers(0, len(segments), schedule.batch)]
    chosen = hurried(chosen, rng.random(schedule.batch) < schedule.hurried_share)
    chosen = spliced(chosen, rng.random(schedule.batch) < schedule.spliced_share, rng)
    moved = rng.random((schedule.batch, 1)) < schedule.moved_share
    seen = np.where(moved, with_moved_onsets(chosen.tokens, rng), chosen.tokens)
    lent = (rng.random(schedule.batch) < schedule.lent_share) & (np.arange(schedule.batch) >= schedule.steadied)
    asked = replace(chosen, tokens=in_lent_rhythm(chosen.tokens, lent))
    batch = batch_of(asked, draw_transpositions(chosen, rng), seen)
    batch.chords[torch.from_numpy(rng.random(schedule.batch) < schedule.chord_dropout)] = 0.0
    return batch


def in_lent_rhythm(tokens: Steps, lent: NDArray[np.bool_]) -> Steps:
    """Some segments' held pitches in the rhythm of the segment before them, where that is as long."""
    lender = np.roll(tokens, 1, axis=0)
    alike = ((lender == PAD) == (tokens == PAD)).all(axis=1)
    sung = np.where(lender < PITCHES, held_curve(tokens), lender)
    return np.where((lent & alike)[:, None], sung, tokens)


@torch.no_grad()
def evaluate_segments(network: MelodyNetwork, segments: Segments, batch: int = 1024) -> dict[str, float]:
    """Mean figures over segments, decoded from the posterior mean."""
    network.eval()
    device = str(next(network.parameters()).device)
    sums: dict[str, float] = {}
    for start in range(0, len(segments), batch):
        part = batch_of(segments[start : start + batch]).on(device)
        for name, value in vars(losses(network, part)).items():
            sums[name] = sums.get(name, 0.0) + float(value) * len(part.tokens)
    network.train()
    return {name: value / len(segments) for name, value in sums.items()}


class Trainer:
    """The state of one training run: network, optimiser, time spent."""

    def __init__(self, config: MelodyConfig, schedule: Schedule, out: Path, device: str = "cpu") -> None:
        torch.manual_seed(schedule.seed)
        self.config, self.schedule, self.out, self.device = config, schedule, out, device
        self.network = MelodyNetwork(config).to(device)
        self.optimiser = torch.optim.AdamW(
            self.network.parameters(), lr=schedule.rate, betas=(0.9, 0.98), weight_decay=schedule.weight_decay
        )
        self.spent_sec, self.step = 0.0, 0
        self.betas = {"contour": schedule.beta_contour, "rhythm": schedule.beta_rhythm}

    @property
    def progress(self) -> float:
        """The share of the time that is spent."""
        return min(1.0, self.spent_sec / (60 * self.schedule.minutes))

    @property
    def fade(self) -> float:
        """What is left of the rate, from 1 down to 0 along a cosine."""
        return 0.5 * (1 + float(np.cos(np.pi * self.progress)))

    @property
    def steadiness(self) -> float:
        """The weight of `unsteadiness` now."""
        shares, weights = zip(*self.schedule.steadiness, strict=True)
        return float(np.interp(self.progress, shares, weights))

    def resume(self) -> bool:
        """Go on where `save` left off; False where there is nothing to go on from."""
        path = self.out / STATE
        if not path.exists():
            return False
        state = torch.load(path, weights_only=True, map_location=self.device)
        self.network.load_state_dict(state["network"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.spent_sec, self.step, self.betas = state["spent_sec"], state["step"], state["betas"]
        return True

    def save(self) -> None:
        """Write the whole state, in one piece."""
        state = {
            "network": self.network.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "spent_sec": self.spent_sec,
            "step": self.step,
            "betas": self.betas,
        }
        unfinished = self.out / f"{STATE}.part"
        torch.save(state, unfinished)
        unfinished.replace(self.out / STATE)

    def weights(self) -> dict[str, NDArray[np.float32]]:
        """The network's weights by name."""
        return {name: tensor.detach().cpu().numpy() for name, tensor in self.network.state_dict().items()}

    def advance(self, segments: Segments) -> Losses:
        """Take one step."""
        rng = np.random.default_rng([self.schedule.seed, self.step])
        warm = min(1.0, self.progress / self.schedule.warm_share)
        for group in self.optimiser.param_groups:
            group["lr"] = self.schedule.rate * (0.1 + 0.9 * warm) * max(self.fade, 0.01)
        batch = make_batch(segments, self.schedule, rng).on(self.device)
        noise = torch.Generator(self.device).manual_seed(self.schedule.seed * 10**6 + self.step)
        with torch.autocast(self.device, torch.bfloat16, enabled=self.schedule.half):
            parts = losses(self.network, batch, self.schedule.sampled_share, noise)
            moved = unsteadiness(self.network, batch, self.schedule.steadied)
        told = self.betas["contour"] * parts.kl_contour + self.betas["rhythm"] * parts.kl_rhythm
        loss = parts.rhythm + parts.pitch + warm * (told + self.steadiness * moved)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        self.step += 1
        return parts

    def steer(self, figures: dict[str, float]) -> None:
        """Raise beta where a latent tells more than it may, lower it where it tells less."""
        gain = self.schedule.steering * max(self.fade, LEAST_STEERING)
        budgets = {"contour": self.schedule.contour_nats, "rhythm": self.schedule.rhythm_nats}
        for latent, nats in budgets.items():
            off = figures[f"kl_{latent}"] / nats - 1
            self.betas[latent] *= float(np.exp(np.clip(gain * off, -1, 1)))

    def run(self, corpus: Corpus, tell: Callable[[dict[str, Any]], None]) -> dict[str, float]:
        """Train until the time is spent, saving every minute; return the figures of the validation split."""
        segments, check = segments_of(corpus, TRAIN), segments_of(corpus, VALID, hop_bars=2)
        saved = begun = time.monotonic()
        before = self.spent_sec
        while self.progress < 1:
            self.advance(segments)
            now = time.monotonic()
            self.spent_sec = before + now - begun
            if now - saved > self.schedule.save_every_sec:
                saved, figures = now, evaluate_segments(self.network, check)
                if self.progress > self.schedule.warm_share:
                    self.steer(figures)
                self.save()
                tell({"step": self.step, "minutes": self.spent_sec / 60, **figures})
        self.save()
        return evaluate_segments(self.network, check)
