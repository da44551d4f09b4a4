"""The ear for pianos, taught: clips are sounded, put into rooms and heard anew for every step."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional
from torch.nn.utils import clip_grad_norm_

from models.hearing import KEYS, SAID, EarNetwork, loss
from models.pianos import LOWEST, RATE, Struck, Tones, sounded
from models.rooms import Rooms
from models.several import averaged

ONSET_FRAMES = 1.5  # half the width of the peak that marks a beginning
SCALE = 2.0**14  # of gradients on their way back: in the half precision of a GPU's recurrent layers they vanish
TOLD_STEPS, KEPT_STEPS = 50, 250
Tell = Callable[[dict[str, Any]], None]
Rows = NDArray[np.float32]
"""(clip, onset_sec, duration_sec, pitch, velocity) of each note of a batch."""


@dataclass(frozen=True)
class HearingSchedule:
    """How to teach; ``minutes`` are of the clock."""

    minutes: float = 60.0
    clips: int = 4
    clip_sec: float = 6.0
    rate: float = 2.5e-3
    warm_share: float = 0.04
    weight_decay: float = 1e-3
    most_gradient: float = 1.0
    seed: int = 1
    invented: int = 40
    invented_share: float = 0.45


class Looks:
    """Sound to loudness over pitch, as `tutor.listen.spectrum` does it: its ``windows`` and ``banks`` (bins, bins).

    ``floor`` is of the power; 0 is ``zero_db``, and 1 is ``unit_db`` more.
    """

    def __init__(
        self,
        windows: Sequence[Rows],
        banks: Sequence[Rows],
        hop: int,
        floor: float,
        zero_db: float,
        unit_db: float,
        device: torch.device,
    ):
        self._windows = [torch.from_numpy(window).to(device) for window in windows]
        self._banks = [torch.from_numpy(bank).to(device) for bank in banks]
        self._hop, self._floor, self._zero_db, self._unit_db = hop, floor, zero_db, unit_db
        self.frames_a_sec = RATE / hop

    def __call__(self, sound: Tensor) -> Tensor:
        """(clips, samples) to (clips, frames, looks, bins)."""
        longest = max(len(window) for window in self._windows)
        framed = functional.pad(sound, (longest - self._hop, 0)).unfold(1, longest, self._hop)
        frames = []
        for window, bank in zip(self._windows, self._banks, strict=True):
            power = torch.fft.rfft(framed[..., longest - len(window) :] * window).abs() ** 2
            frames.append(power @ bank.T)
        return (10 * torch.log10(torch.stack(frames, 2).clamp(min=self._floor)) - self._zero_db) / self._unit_db


class Examples:
    """Makes frames and what is wanted of them from notes."""

    def __init__(self, tones: Tones, real: int, looks: Looks, schedule: HearingSchedule):
        self._tones, self._table, self._real, self._looks = tones, tones.nearest(), real, looks
        self._schedule, device = schedule, tones.sound.device
        self._draw = torch.Generator(device=device).manual_seed(schedule.seed)
        self._rooms = Rooms(self._draw)

    def made(self, rows: Rows) -> tuple[Tensor, Tensor]:
        """(frames, wanted) of a batch; ``wanted`` is at the time itself."""
        clips, device = self._schedule.clips, self._tones.sound.device
        clip, onset, duration, pitch, velocity = torch.from_numpy(rows).to(device).T
        struck = Struck(clip.long(), onset, duration, pitch, velocity)
        pianos = len(self._table)
        piano = torch.randint(self._real, (clips,), generator=self._draw, device=device)
        other = torch.randint(self._real, pianos, (clips,), generator=self._draw, device=device)
        chance = torch.rand(clips, 3, generator=self._draw, device=device)
        piano = torch.where(chance[:, 0] < self._schedule.invented_share, other, piano)
        near = 0.12 * torch.randn(clips, generator=self._draw, device=device)
        tuning = torch.where(chance[:, 1] < 0.7, near, 0.9 * chance[:, 2] - 0.45)
        sound = sounded(self._tones, self._table, struck, piano, tuning, self._schedule.clip_sec, self._draw)
        silent = torch.bincount(struck.clip, minlength=clips) == 0
        frames = self._looks(self._rooms.heard(sound, silent))
        return frames, targets(struck, clips, frames.shape[1], self._looks.frames_a_sec)


def targets(struck: Struck, clips: int, frames: int, frames_a_sec: float) -> Tensor:
    """(clips, frames, keys, `SAID`): the beginning as a peak, the sounding, and how hard, around each beginning."""
    device = struck.clip.device
    wanted = torch.zeros(SAID, clips * (frames + 1) * KEYS, device=device)
    key = (struck.pitch - LOWEST).long()
    onset = struck.onset_sec * frames_a_sec
    end = onset + struck.duration_sec * frames_a_sec

    def place(frame: Tensor) -> Tensor:
        return (struck.clip * (frames + 1) + frame.clamp(0, frames)) * KEYS + key

    for away in range(-2, 3):
        frame = onset.long() + away
        height = (1 - (frame + 0.5 - onset).abs() / ONSET_FRAMES).clamp(min=0) * (frame >= 0) * (frame < frames)
        wanted[0].scatter_reduce_(0, place(frame), height, "amax")
        wanted[2].scatter_reduce_(0, place(frame), struck.velocity / 127 * (height > 0), "amax")
    changes = torch.zeros(clips * (frames + 1) * KEYS, device=device)
    changes.index_add_(0, place(onset.round().long()), torch.ones_like(onset))
    changes.index_add_(0, place(torch.maximum(end.round().long(), onset.round().long() + 1)), -torch.ones_like(onset))
    wanted[1] = (changes.reshape(clips, frames + 1, KEYS).cumsum(1) > 0.5).float().flatten()
    return wanted.reshape(SAID, clips, frames + 1, KEYS)[:, :, :frames].permute(1, 2, 3, 0)


def learn(
    ear: EarNetwork,
    batches: Iterator[Rows],
    examples: Examples,
    schedule: HearingSchedule,
    device: torch.device,
    tell: Tell,
    keep: Callable[[EarNetwork], None],
) -> EarNetwork:
    """Teach an ear until the time is over; ``keep`` gets it now and then.

    The rate rises for a moment, then falls like a cosine. `models.several` may teach the same ear beside this process.
    """
    ear, late = ear.to(device), ear.shape.late
    optimiser = torch.optim.AdamW(ear.parameters(), schedule.rate, (0.9, 0.98), weight_decay=schedule.weight_decay)
    began, step, progress = time.monotonic(), 0, 0.0
    while progress < 1:
        rate = schedule.rate * min(1.0, progress / schedule.warm_share) * (1 + np.cos(np.pi * progress)) / 2
        frames, wanted = examples.made(next(batches))
        wanted = functional.pad(wanted, (0, 0, 0, 0, late, 0))[:, : wanted.shape[1]]
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):  # few processors are faster so
            said = ear(frames)
        cost, each = loss(said, wanted)
        optimiser.zero_grad(set_to_none=True)
        (cost * SCALE).backward()  # type: ignore[no-untyped-call]
        for weight in ear.parameters():
            weight.grad = None if weight.grad is None else weight.grad / SCALE
        progress = averaged(ear.parameters(), (time.monotonic() - began) / (60 * schedule.minutes))
        clip_grad_norm_(ear.parameters(), schedule.most_gradient)
        for group in optimiser.param_groups:
            group["lr"] = rate
        optimiser.step()
        step += 1
        if step % TOLD_STEPS == 0:
            tell({"step": step, "progress": round(progress, 4)} | {name: float(part) for name, part in each.items()})
        if step % KEPT_STEPS == 0:
            keep(ear)
    return ear.eval()
