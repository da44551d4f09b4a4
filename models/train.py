"""Train the melody network: one loop that can be killed and resumed at any time.

The loss is the cross-entropy of rhythm at every step and of pitch where a note is struck, plus ``beta`` times the KL
divergence of each latent. Chords are dropped from a share of segments so that they can be missing. Progress is
measured on the validation split only.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from models.corpus import TRAIN, VALID, Corpus
from models.grid import SEGMENT_STEPS
from models.melody import RHYTHMS, STRUCK, MelodyConfig, MelodyNetwork
from models.segments import Batch, Segments, batch_of, draw_transpositions, segments_of

STATE = "melody-training.pt"


@dataclass(frozen=True)
class Schedule:
    """How to train."""

    minutes: float = 75.0
    batch: int = 160
    rate: float = 1.2e-3
    beta_contour: float = 0.035
    beta_rhythm: float = 0.5  # rhythms are few: they can be told in less
    warm_share: float = 0.1  # of the time: both betas rise from nothing, the rate from a tenth
    chord_dropout: float = 0.15
    weight_decay: float = 1e-4
    save_every_sec: float = 60.0
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


def losses(network: MelodyNetwork, batch: Batch, sampled: bool, generator: torch.Generator | None = None) -> Losses:
    """Encode and decode a batch, from samples of the posterior or from its mean."""
    contour, rhythm = network.encode_contour(batch.curve, batch.chords), network.encode_rhythm(batch.rhythm)
    z_contour = contour.sample(generator) if sampled else contour.mean
    z_rhythm = rhythm.sample(generator) if sampled else rhythm.mean
    rhythm_logits = network.decode_rhythm(z_rhythm=z_rhythm)
    pitch_logits = network.decode_pitch(z_contour=z_contour, rhythm=batch.rhythm, chords=batch.chords)
    struck = batch.rhythm == STRUCK
    inside = batch.rhythm < RHYTHMS - 1
    right_pitch = (pitch_logits.argmax(-1) == batch.tokens) & struck
    right_rhythm = (rhythm_logits.argmax(-1) == batch.rhythm) & inside
    pitch_loss = functional.cross_entropy(pitch_logits[struck], batch.tokens[struck], reduction="sum")
    return Losses(
        rhythm=functional.cross_entropy(rhythm_logits.flatten(0, 1), batch.rhythm.flatten()) * SEGMENT_STEPS,
        pitch=pitch_loss / len(batch.tokens),
        kl_contour=contour.divergence().mean(),
        kl_rhythm=rhythm.divergence().mean(),
        pitch_right=right_pitch.sum() / struck.sum(),
        rhythm_right=right_rhythm.sum() / inside.sum(),
        tokens_right=(right_rhythm & (right_pitch | ~struck)).sum() / inside.sum(),
    )


def make_batch(segments: Segments, schedule: Schedule, rng: np.random.Generator) -> Batch:
    """A random batch, transposed, some of it without chords."""
    chosen = segments[rng.integers(0, len(segments), schedule.batch)]
    batch = batch_of(chosen, draw_transpositions(chosen, rng))
    batch.chords[torch.from_numpy(rng.random(schedule.batch) < schedule.chord_dropout)] = 0.0
    return batch


@torch.no_grad()
def evaluate_segments(network: MelodyNetwork, segments: Segments, batch: int = 1024) -> dict[str, float]:
    """Mean figures over segments, decoded from the posterior mean."""
    network.eval()
    device = str(next(network.parameters()).device)
    sums: dict[str, float] = {}
    for start in range(0, len(segments), batch):
        part = batch_of(segments[start : start + batch]).on(device)
        for name, value in vars(losses(network, part, sampled=False)).items():
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

    @property
    def progress(self) -> float:
        """The share of the time that is spent."""
        return min(1.0, self.spent_sec / (60 * self.schedule.minutes))

    def resume(self) -> bool:
        """Go on where `save` left off; False where there is nothing to go on from."""
        path = self.out / STATE
        if not path.exists():
            return False
        state = torch.load(path, weights_only=True, map_location=self.device)
        self.network.load_state_dict(state["network"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.spent_sec, self.step = state["spent_sec"], state["step"]
        return True

    def save(self) -> None:
        """Write the whole state, in one piece."""
        state = {
            "network": self.network.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "spent_sec": self.spent_sec,
            "step": self.step,
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
        fade = 0.5 * (1 + float(np.cos(np.pi * self.progress)))
        for group in self.optimiser.param_groups:
            group["lr"] = self.schedule.rate * (0.1 + 0.9 * warm) * max(fade, 0.01)
        batch = make_batch(segments, self.schedule, rng).on(self.device)
        noise = torch.Generator(self.device).manual_seed(self.schedule.seed * 10**6 + self.step)
        parts = losses(self.network, batch, sampled=True, generator=noise)
        told = self.schedule.beta_contour * parts.kl_contour + self.schedule.beta_rhythm * parts.kl_rhythm
        loss = parts.rhythm + parts.pitch + warm * told
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        self.step += 1
        return parts

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
                saved = now
                self.save()
                tell({"step": self.step, "minutes": self.spent_sec / 60, **evaluate_segments(self.network, check)})
        self.save()
        return evaluate_segments(self.network, check)
