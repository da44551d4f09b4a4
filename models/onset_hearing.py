"""The ear for beginnings of one line, as a network that learns: when a tone is struck, blown, bowed or sung.

Convolutions over time that look back only, each twice as far as the one before. After every frame it says how likely
a tone began at each of the last ones, `OnsetShape.lags` ago: what was heard for longer is surer. `tutor.listen` does
the same sums without torch, and says what a frame holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

REACH = 3  # convolutions look at three frames each
WIDE = 3.0  # frames from the top of a beginning's peak to nothing
TOLD_STEPS = 250
Array = NDArray[np.float32]


@dataclass(frozen=True)
class OnsetShape:
    """What an ear is like: how much a frame holds, and how long ago beginnings are that it speaks of, in frames."""

    inputs: int
    lags: tuple[int, ...]
    dilations: tuple[int, ...]
    width: int = 64


@dataclass(frozen=True)
class OnsetSchedule:
    """How to teach; ``frames`` are those of a clip, ``bands`` what a dull sound may lack from one of them on."""

    steps: int = 8000
    clips: int = 24
    frames: int = 400
    settling: int = 40
    rate: float = 2e-3
    warm_steps: int = 200
    weight_decay: float = 1e-3
    most_gradient: float = 1.0
    positive: float = 2.0
    bands: tuple[int, int] = (24, 40)
    dull_share: float = 0.1
    colour: float = 0.15
    seed: int = 0


@dataclass(frozen=True, eq=False)
class OnsetClip:
    """Frames, shape (frames, inputs), and how much a tone begins at each, 0..1, shape (frames,)."""

    frames: Array
    wanted: Array


class OnsetNetwork(nn.Module):
    """(batch, inputs, frames) to logits, (batch, lags, frames)."""

    def __init__(self, shape: OnsetShape):
        super().__init__()
        self.shape = shape
        inputs = (shape.inputs, *(shape.width for _ in shape.dilations[1:]))
        self.layers = nn.ModuleList(
            nn.Conv1d(some, shape.width, REACH, dilation=apart)
            for some, apart in zip(inputs, shape.dilations, strict=True)
        )
        self.say = nn.Conv1d(shape.width, len(shape.lags), 1)

    def forward(self, frames: Tensor) -> Tensor:
        """Logits."""
        heard = frames
        for layer, apart in zip(self.layers, self.shape.dilations, strict=True):
            fresh = functional.relu(layer(functional.pad(heard, ((REACH - 1) * apart, 0))))
            heard = fresh if heard is frames else heard + fresh
        said: Tensor = self.say(heard)
        return said


def wanted(onsets_sec: Sequence[float], frames: int, frame_sec: float) -> Array:
    """How much a tone begins at each frame: a triangle about each onset; frame n ends (n + 1) frames after 0."""
    made = np.zeros(frames, np.float32)
    for onset in onsets_sec:
        at = onset / frame_sec - 1
        near = np.arange(max(0, int(at - WIDE)), max(0, min(frames, int(at + WIDE) + 2)))
        made[near] = np.maximum(made[near], np.clip(1 - np.abs(near - at) / WIDE, 0, 1))
    return made


def loss(said: Tensor, aims: Tensor, shape: OnsetShape, schedule: OnsetSchedule) -> Tensor:
    """Cross entropy of logits (batch, lags, frames) against (batch, frames), once there was something to hear."""
    frames, heard, positive = aims.shape[1], schedule.settling, torch.tensor(schedule.positive)
    costs = [
        functional.binary_cross_entropy_with_logits(
            said[:, place, heard + lag :], aims[:, heard : frames - lag], pos_weight=positive
        )
        for place, lag in enumerate(shape.lags)
    ]
    return torch.stack(costs).mean()


def learn(
    network: OnsetNetwork, clips: Sequence[OnsetClip], schedule: OnsetSchedule, tell: Callable[[dict[str, Any]], None]
) -> OnsetNetwork:
    """Teach. The rate rises for a moment, then falls like a cosine."""
    rng = np.random.default_rng(schedule.seed)
    optimiser = torch.optim.AdamW(network.parameters(), schedule.rate, weight_decay=schedule.weight_decay)
    mean = 0.0
    for step in range(schedule.steps):
        some = [_part(clips[int(rng.integers(len(clips)))], schedule, rng) for _ in range(schedule.clips)]
        frames = torch.from_numpy(np.stack([clip.frames for clip in some])).transpose(1, 2)
        cost = loss(
            network(frames), torch.from_numpy(np.stack([clip.wanted for clip in some])), network.shape, schedule
        )
        optimiser.zero_grad(set_to_none=True)
        cost.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), schedule.most_gradient)
        for group in optimiser.param_groups:
            warm = min(1.0, step / schedule.warm_steps)
            group["lr"] = schedule.rate * warm * (1 + np.cos(np.pi * step / schedule.steps)) / 2
        optimiser.step()
        mean = float(cost.detach()) if step == 0 else 0.98 * mean + 0.02 * float(cost.detach())
        if (step + 1) % TOLD_STEPS == 0:
            tell({"step": step + 1, "loss": round(mean, 4)})
    return network.eval()


def _part(clip: OnsetClip, schedule: OnsetSchedule, rng: np.random.Generator) -> OnsetClip:
    """Some of a clip, as another microphone would hear it: coloured, louder or softer, now and then dull."""
    size, most = schedule.frames, schedule.bands[1]
    first = int(rng.integers(max(1, len(clip.frames) - size)))
    frames, aims = clip.frames[first : first + size].copy(), clip.wanted[first : first + size]
    missing = size - len(frames)
    frames, aims = np.pad(frames, ((0, missing), (0, 0)), "edge"), np.pad(aims, (0, missing))
    if rng.random() < schedule.dull_share:
        frames[:, int(rng.integers(*schedule.bands)) : most] = -1.5
    colour = rng.normal(0, schedule.colour, most) * rng.random() + rng.normal(0, 0.1)
    frames[:, :most] += colour.astype(np.float32)
    return OnsetClip(frames, aims)


def parts(network: OnsetNetwork) -> dict[str, Array]:
    """The weights as the listener uses them: matrices (frames x inputs, outputs), the oldest frame first."""
    made: dict[str, Any] = {"say.weight": network.say.weight[:, :, 0].T, "say.bias": network.say.bias}
    for place, layer in enumerate(network.layers):
        weight, bias = (getattr(layer, name) for name in ("weight", "bias"))
        made |= {f"{place}.weight": weight.permute(2, 1, 0).flatten(0, 1), f"{place}.bias": bias}
    return {name: np.ascontiguousarray(tensor.detach().float().numpy()) for name, tensor in made.items()}


def restored(shape: OnsetShape, held: Mapping[str, Array]) -> OnsetNetwork:
    """The network of these `parts`, to be taught further."""
    network = OnsetNetwork(shape)
    taken = {name: torch.from_numpy(array) for name, array in held.items()}
    with torch.no_grad():
        network.say.weight.copy_(taken["say.weight"].T[:, :, None])
        for place, layer in enumerate(network.layers):
            width, inputs, reach = layer.get_parameter("weight").shape
            weight = taken[f"{place}.weight"].reshape(reach, inputs, width).permute(2, 1, 0)
            layer.get_parameter("weight").copy_(weight)
            layer.get_parameter("bias").copy_(taken[f"{place}.bias"])
        network.say.get_parameter("bias").copy_(taken["say.bias"])
    return network
