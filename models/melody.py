"""The melody network: two bars taken apart into a contour and a rhythm latent, under chords, and put together.

A variational autoencoder after EC2-VAE (Yang et al., ISMIR 2019), but not autoregressive: residual blocks over whole
segments, so that decoding a batch is a handful of matrix products. The contour encoder sees the held-pitch curve and
never where notes are struck; the rhythm encoder sees no pitch, so the rhythm latent cannot move under transposition.

Pitches are told from the segment's own middle: the contour latent is a shape, which is the same in every key, and a
register, one number that says where the middle lies. Chords are turned to the same middle. The pitch decoder is told
the rhythm. Shapes: B segments, S = 32 steps, P = 128 pitches, R = 61 semitones about the middle.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.grid import CHORD_EVERY, CLASSES, NO_CHORD, PITCHES, REACH, RHYTHMS, SEGMENT_STEPS

CHORD_FEATURES = 3 * CLASSES
SHAPES = 2 * REACH + 1
REGISTER_SIZE = 1
HOME, SPAN = 66.0, 8.0  # where middles lie, and how far they spread, in semitones
IMPOSSIBLE = -1e4


@dataclass(frozen=True)
class MelodyConfig:
    """Sizes of the network; ``contour_size`` counts the register."""

    contour_size: int = 64
    rhythm_size: int = 32
    width: int = 512
    step_width: int = 64
    chord_width: int = 128
    blocks: int = 2


class Residual(nn.Module):
    """x + MLP(norm(x))."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.inner = nn.Linear(width, width)
        self.outer = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """(B, width) → (B, width)."""
        more: Tensor = self.outer(functional.silu(self.inner(self.norm(x))))
        return x + more


class Neighbours(nn.Module):
    """x + MLP(the step, and the steps ``apart`` before and after it); the same at every step."""

    def __init__(self, width: int, apart: int) -> None:
        super().__init__()
        self.apart = apart
        self.norm = nn.LayerNorm(width)
        self.inner = nn.Linear(3 * width, width)
        self.outer = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """(B, S, width) → (B, S, width)."""
        seen = functional.pad(self.norm(x), (0, 0, self.apart, self.apart))
        steps = x.shape[1]
        three = torch.cat([seen[:, start : start + steps] for start in (0, self.apart, 2 * self.apart)], dim=2)
        more: Tensor = self.outer(functional.silu(self.inner(three)))
        return x + more


def trunk(inputs: int, width: int, blocks: int) -> nn.Sequential:
    """Linear, then residual blocks, then a norm."""
    return nn.Sequential(nn.Linear(inputs, width), *[Residual(width) for _ in range(blocks)], nn.LayerNorm(width))


@dataclass(frozen=True)
class Posterior:
    """A diagonal normal distribution; (B, size) each."""

    mean: Tensor
    log_variance: Tensor

    def sample(self, share: float = 1.0, generator: torch.Generator | None = None) -> Tensor:
        """Draw a latent for the first ``share`` of the rows; the others stay at the mean."""
        noise = torch.randn(self.mean.shape, generator=generator, device=self.mean.device)
        drawn = torch.arange(len(noise), device=noise.device) < share * len(noise)
        return self.mean + drawn[:, None] * noise * (0.5 * self.log_variance).exp()

    def divergence(self) -> Tensor:
        """KL from the standard normal, in nats; (B,)."""
        return 0.5 * (self.mean**2 + self.log_variance.exp() - 1 - self.log_variance).sum(dim=1)


def chord_features(root: Tensor, bass: Tensor, tones: Tensor) -> Tensor:
    """Root, bass (-1: none) and tone mask by step, (B, S) each → (B, S / CHORD_EVERY, CHORD_FEATURES)."""
    root, bass, tones = (part[:, ::CHORD_EVERY] for part in (root, bass, tones))
    known = (root != NO_CHORD).unsqueeze(-1)
    one_hot = [functional.one_hot(part.clamp(min=0), CLASSES) * known for part in (root, bass)]
    bits = tones.unsqueeze(-1) >> torch.arange(CLASSES, device=tones.device) & 1
    features: Tensor = torch.cat([*one_hot, bits], dim=-1).float()
    return features


def middle_of(curve: Tensor) -> Tensor:
    """The median of the held pitches: (B, S) → (B,)."""
    return curve.median(dim=1).values


def turned(chords: Tensor, middle: Tensor) -> Tensor:
    """`chord_features` with pitch classes counted from each segment's middle; the same shape."""
    classes = torch.arange(CLASSES, device=chords.device)
    place = (classes + middle[:, None]) % CLASSES
    wheels = chords.view(len(chords), -1, CLASSES)
    return wheels.gather(2, place[:, None].expand(-1, wheels.shape[1], -1)).view(chords.shape)


def shape_of(pitches: Tensor, middle: Tensor) -> Tensor:
    """Pitches (B, S) as classes 0..R-1, semitones from the middle; what lies further off is brought to the edge."""
    return (pitches - middle[:, None]).clamp(-REACH, REACH) + REACH


class MelodyNetwork(nn.Module):
    """Contour and rhythm encoders and decoders; see the module."""

    def __init__(self, config: MelodyConfig) -> None:
        super().__init__()
        self.config = config
        step, flat_step = config.step_width, SEGMENT_STEPS * config.step_width
        flat_rhythm, flat_chords = SEGMENT_STEPS * RHYTHMS, SEGMENT_STEPS // CHORD_EVERY * CHORD_FEATURES
        self.shape_in = nn.Embedding(SHAPES, step)
        self.shape_near = nn.Sequential(Neighbours(step, 1), Neighbours(step, 2))
        self.chords = nn.Sequential(nn.Flatten(), nn.Linear(flat_chords, config.chord_width), nn.SiLU())
        self.contour_encoder = trunk(flat_step + config.chord_width, config.width, config.blocks)
        self.shape_size = config.contour_size - REGISTER_SIZE
        self.contour_head = nn.Linear(config.width, 2 * self.shape_size)
        self.register_head = nn.Linear(1, 2 * REGISTER_SIZE)
        self.register_out = nn.Linear(REGISTER_SIZE, 1)
        self.register_sharpness = nn.Parameter(torch.zeros(()))
        self.rhythm_encoder = trunk(flat_rhythm, config.width // 2, config.blocks)
        self.rhythm_head = nn.Linear(config.width // 2, 2 * config.rhythm_size)
        self.rhythm_decoder = trunk(config.rhythm_size, config.width // 2, config.blocks)
        self.rhythm_out = nn.Linear(config.width // 2, flat_rhythm)
        self.shape_decoder = trunk(self.shape_size + config.chord_width + flat_rhythm, config.width, config.blocks + 1)
        self.shape_steps = nn.Linear(config.width, flat_step)
        self.step_rhythm = nn.Linear(RHYTHMS, step)
        self.step_chords = nn.Linear(CHORD_FEATURES, step)
        self.shape_far = nn.Sequential(*[Neighbours(step, apart) for apart in (1, 2, 4)], nn.LayerNorm(step))
        self.shape_out = nn.Linear(step, SHAPES)
        with torch.no_grad():
            self.register_head.weight[0], self.register_out.weight[0] = 1.0, 1.0
            self.register_head.bias[0], self.register_head.bias[1], self.register_out.bias[0] = 0.0, -7.5, 0.0

    def encode_contour(self, curve: Tensor, chords: Tensor) -> Posterior:
        """Held pitches (B, S) and `chord_features` → the contour latent's posterior."""
        middle = middle_of(curve)
        steps = self.shape_near(self.shape_in(shape_of(curve, middle))).flatten(1)
        hidden = self.contour_encoder(torch.cat([steps, self.chords(turned(chords, middle))], dim=1))
        shape = _posterior(self.contour_head(hidden))
        register = _posterior(self.register_head((middle[:, None] - HOME) / SPAN))
        means, spreads = ((shape.mean, register.mean), (shape.log_variance, register.log_variance))
        return Posterior(torch.cat(means, dim=1), torch.cat(spreads, dim=1))

    def encode_rhythm(self, rhythm: Tensor) -> Posterior:
        """`grid.rhythm_of` tokens (B, S) → the rhythm latent's posterior."""
        return _posterior(self.rhythm_head(self.rhythm_encoder(_flat_rhythm(rhythm))))

    def decode_rhythm(self, *, z_rhythm: Tensor) -> Tensor:
        """Logits (B, S, RHYTHMS)."""
        logits: Tensor = self.rhythm_out(self.rhythm_decoder(z_rhythm))
        return logits.view(-1, SEGMENT_STEPS, RHYTHMS)

    def decode_register(self, *, z_contour: Tensor) -> Tensor:
        """Logits (B, P) of the segment's middle."""
        told = HOME + SPAN * self.register_out(z_contour[:, self.shape_size :])
        pitches = torch.arange(PITCHES, device=z_contour.device)
        logits: Tensor = -self.register_sharpness.exp() * (told - pitches) ** 2
        return logits

    def decode_shape(self, *, z_contour: Tensor, rhythm: Tensor, chords: Tensor, middle: Tensor) -> Tensor:
        """Logits (B, S, R): at each step, how far from the middle (B,) a note struck there would lie."""
        chords = turned(chords, middle)
        told = torch.cat([z_contour[:, : self.shape_size], self.chords(chords), _flat_rhythm(rhythm)], dim=1)
        steps: Tensor = self.shape_steps(self.shape_decoder(told)).view(-1, SEGMENT_STEPS, self.config.step_width)
        under = self.step_chords(chords).repeat_interleave(CHORD_EVERY, dim=1)
        logits: Tensor = self.shape_out(self.shape_far(steps + under + self.step_rhythm(_one_hot(rhythm))))
        return logits

    def decode_pitch(self, *, z_contour: Tensor, rhythm: Tensor, chords: Tensor) -> Tensor:
        """Logits (B, S, P): at each step, the pitch that a note struck there would have."""
        middle = self.decode_register(z_contour=z_contour).argmax(dim=1)
        shape = self.decode_shape(z_contour=z_contour, rhythm=rhythm, chords=chords, middle=middle)
        room = functional.pad(shape, (PITCHES, PITCHES), value=IMPOSSIBLE)
        place = torch.arange(PITCHES, device=middle.device) - middle[:, None] + REACH + PITCHES
        place = place.clamp(0, room.shape[2] - 1)[:, None].expand(-1, SEGMENT_STEPS, -1)
        logits: Tensor = room.gather(2, place)
        return logits


def _posterior(parameters: Tensor) -> Posterior:
    mean, log_variance = parameters.chunk(2, dim=1)
    return Posterior(mean, log_variance.clamp(-8.0, 4.0))


def _one_hot(rhythm: Tensor) -> Tensor:
    return functional.one_hot(rhythm, RHYTHMS).float()


def _flat_rhythm(rhythm: Tensor) -> Tensor:
    return _one_hot(rhythm).flatten(1)
