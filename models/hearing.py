"""The ear for pianos, as a network that learns: which keys begin and sound, from loudness over pitch.

What is done with a key is done alike with all of them: two small convolutions over time and pitch, then each key
gathers what lies at its harmonics and at the keys whose harmonic it could be, remembers it in a recurrent layer, looks
once more at its relatives, and remembers again (after HPPNet, Wei et al., ISMIR 2022). It hears forward only, and says
what it says `EarShape.late` frames after the fact. `tutor.listen.ear` does the same sums without torch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

KEYS, SEMITONES, PER_SEMITONE, LOOKS = 88, 98, 3, 3
SAID = 3
"""Begins, sounds (logits), and how hard it was struck (0..1 of MIDI's velocity where it begins)."""
RARE = -5.0  # the logit to start from: most keys are silent
Array = NDArray[np.float32]


@dataclass(frozen=True)
class EarShape:
    """What an ear is like; offsets are in semitones, levels in units of 20 dB. Who hears live says the first four."""

    late: int  # frames from what sounded to what is said of it
    fall: float  # a frame, of the level that all is held against
    quietest: float  # the least level
    softest: float  # against the level
    channels: int = 24
    width: int = 80
    harmonics: tuple[int, ...] = (-28, -24, -19, -12, -1, 0, 1, 12, 19, 24, 28, 31, 34, 36)
    relatives: tuple[int, ...] = (-24, -19, -12, -1, 0, 1, 12, 19, 24)


class EarNetwork(nn.Module):
    """(batch, frames, looks, bins) in units of 20 dB to what is said, (batch, frames, keys, `SAID`)."""

    def __init__(self, shape: EarShape):
        super().__init__()
        self.shape = shape
        wide, width = shape.channels, shape.width
        self.first = nn.Conv2d(LOOKS, wide, (3, 5), padding=(0, 2), bias=False)
        self.second = nn.Conv2d(wide, wide, (3, 3), padding=(0, 1), bias=False)
        self.first_norm, self.second_norm = nn.BatchNorm2d(wide), nn.BatchNorm2d(wide)
        self.gather = Relatives(PER_SEMITONE * wide, width, shape.harmonics)
        self.gather_norm = nn.BatchNorm1d(width)
        self.key, self.look_bias = nn.Parameter(torch.zeros(KEYS, width)), nn.Parameter(torch.zeros(width))
        self.memory = nn.GRU(width, width, batch_first=True)
        self.look = Relatives(width, width, shape.relatives)
        self.again = nn.GRU(width, width, batch_first=True)
        self.say = nn.Linear(width, SAID)
        nn.init.constant_(self.say.bias, RARE)

    def forward(self, frames: Tensor) -> Tensor:
        """Logits, and the force as it is."""
        heard = levelled(frames, self.shape).transpose(1, 2)
        heard = functional.relu(self.first_norm(self.first(self._padded(heard))))
        heard = functional.relu(self.second_norm(self.second(self._padded(heard))))
        batch, channels, count, _ = heard.shape
        heard = heard.reshape(batch, channels, count, SEMITONES, PER_SEMITONE).permute(3, 0, 2, 4, 1)
        heard = self.gather(heard.reshape(SEMITONES, batch * count, PER_SEMITONE * channels))
        heard = self.gather_norm(heard.reshape(KEYS * batch * count, -1)).reshape(heard.shape)
        heard = functional.relu(heard + self.key[:, None])
        heard = self._remembered(self.memory, heard, count)
        heard = heard + functional.relu(self.look(heard) + self.look_bias)
        heard = self._remembered(self.again, heard, count)
        said: Tensor = self.say(heard).float()
        return said.reshape(KEYS, batch, count, SAID).permute(1, 2, 0, 3)

    @staticmethod
    def _padded(heard: Tensor) -> Tensor:
        return functional.pad(heard, (0, 0, 2, 0))

    @staticmethod
    def _remembered(memory: nn.GRU, heard: Tensor, count: int) -> Tensor:
        """Each key's frames in order, ``count`` of each clip: (keys, clips * frames, width)."""
        out, _ = memory(heard.reshape(-1, count, heard.shape[-1]))
        remembered: Tensor = out.reshape(heard.shape)
        return remembered


class Relatives(nn.Module):
    """Each key gathers from places at fixed offsets: (places, frames, inputs) to (keys, frames, outputs)."""

    def __init__(self, inputs: int, outputs: int, offsets: Sequence[int]):
        super().__init__()
        self.offsets = tuple(offsets)
        self.weight = nn.Parameter(torch.randn(len(self.offsets), inputs, outputs) / (inputs * len(offsets)) ** 0.5)

    def forward(self, heard: Tensor) -> Tensor:
        """What is gathered."""
        lowest, highest = min(self.offsets), max(self.offsets)
        padded = functional.pad(heard, (0, 0, 0, 0, -lowest, max(0, KEYS + highest - len(heard))))
        starts = tuple(offset - lowest for offset in self.offsets)
        gathered: Tensor = Gathering.apply(padded, self.weight.to(heard.dtype), starts)  # type: ignore[no-untyped-call]
        return gathered


class Gathering(torch.autograd.Function):
    """The sum of slices of places times their weights, without copies of the slices on either way."""

    @staticmethod
    def forward(ctx: Any, places: Tensor, weight: Tensor, starts: tuple[int, ...]) -> Tensor:
        """Sum."""
        ctx.save_for_backward(places, weight)
        ctx.starts = starts
        out = torch.zeros(KEYS * places.shape[1], weight.shape[2], dtype=places.dtype, device=places.device)
        for start, one in zip(starts, weight, strict=True):
            out.addmm_(places[start : start + KEYS].flatten(0, 1), one)
        return out.reshape(KEYS, places.shape[1], -1)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor, None]:
        """The slices' gradients, added up."""
        places, weight = ctx.saved_tensors
        given = gradients[0].reshape(-1, weight.shape[2]).to(places.dtype)
        back, weights = torch.zeros_like(places), torch.empty_like(weight)
        for number, start in enumerate(ctx.starts):
            some = slice(start, start + KEYS)
            torch.mm(places[some].flatten(0, 1).T, given, out=weights[number])
            back[some].flatten(0, 1).addmm_(given, weight[number].T)
        return back, weights, None


def levelled(frames: Tensor, shape: EarShape) -> Tensor:
    """The frames against the loudest that was heard, which is forgotten slowly; about -1..1."""
    loudest = frames[:, :, 1].amax(-1)
    fallen = shape.fall * torch.arange(frames.shape[1], device=frames.device)
    level = torch.clamp(torch.cummax(loudest + fallen, dim=1).values - fallen, min=shape.quietest)
    return torch.clamp(frames - level[:, :, None, None], min=shape.softest) / 2 + 1


def loss(said: Tensor, wanted: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
    """What is to be made small of ``said`` against (batch, frames, keys, `SAID`), and its parts.

    Force counts only where a key begins.
    """
    begins = functional.binary_cross_entropy_with_logits(said[..., 0], wanted[..., 0])
    sounds = functional.binary_cross_entropy_with_logits(said[..., 1], wanted[..., 1])
    force = (wanted[..., 0] * (said[..., 2] - wanted[..., 2]) ** 2).mean()
    return begins + 0.1 * sounds + 0.3 * force, {"begins": begins, "sounds": sounds, "force": force}


def parts(network: EarNetwork) -> dict[str, Array]:
    """The weights as `tutor.listen.ear` uses them: matrices (inputs, outputs), norms folded in."""
    made: dict[str, Any] = {"say.weight": network.say.weight.T, "say.bias": network.say.bias}
    for name, convolution, norm in (
        ("first", network.first, network.first_norm),
        ("second", network.second, network.second_norm),
    ):
        scale, bias = _folded(norm)
        made[f"{name}.weight"] = (convolution.weight * scale[:, None, None, None]).permute(2, 3, 1, 0).flatten(0, 2)
        made[f"{name}.bias"] = bias
    scale, bias = _folded(network.gather_norm)
    made |= {"gather.weight": (network.gather.weight * scale).flatten(0, 1), "gather.bias": bias + network.key}
    made |= {"look.weight": network.look.weight.flatten(0, 1), "look.bias": network.look_bias}
    made |= {f"{name}.offsets": torch.tensor(getattr(network, name).offsets) for name in ("gather", "look")}
    for name, memory in (("memory", network.memory), ("again", network.again)):
        for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            tensor = getattr(memory, f"{kind}_l0")
            made[f"{name}.{kind}"] = tensor.T if tensor.dim() > 1 else tensor
    return {name: np.ascontiguousarray(tensor.detach().float().cpu().numpy()) for name, tensor in made.items()}


def restored(shape: EarShape, held: Mapping[str, Array]) -> EarNetwork:
    """The network of these `parts`, to be taught further: its norms stay folded in, whatever it hears."""
    network = EarNetwork(shape)
    taken = {name: torch.from_numpy(array) for name, array in held.items()}
    with torch.no_grad():
        for name in ("first", "second"):
            convolution, norm = getattr(network, name), getattr(network, f"{name}_norm")
            outputs, inputs, frames, bins = convolution.weight.shape
            weight = taken[f"{name}.weight"].reshape(frames, bins, inputs, outputs)
            convolution.weight.copy_(weight.permute(3, 2, 0, 1))
            norm.bias.copy_(taken[f"{name}.bias"])
        network.key.copy_(taken["gather.bias"])
        network.look_bias.copy_(taken["look.bias"])
        for name in ("gather", "look"):
            weight = getattr(network, name).weight
            weight.copy_(taken[f"{name}.weight"].reshape(weight.shape))
        for name in ("memory", "again"):
            for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
                tensor = taken[f"{name}.{kind}"]
                getattr(getattr(network, name), f"{kind}_l0").copy_(tensor.T if tensor.dim() > 1 else tensor)
        network.say.weight.copy_(taken["say.weight"].T)
        network.say.bias.copy_(taken["say.bias"])
    for norm in (network.first_norm, network.second_norm, network.gather_norm):
        norm.running_var.fill_(1 - norm.eps)  # type: ignore[union-attr]
        norm.eval()
    return network


def _folded(norm: Any) -> tuple[Tensor, Tensor]:
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return scale, norm.bias - norm.running_mean * scale
