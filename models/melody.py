"""The melody network: two bars taken apart into a contour and a rhythm latent, under chords, and put together.

A variational autoencoder after EC2-VAE (Yang et al., ISMIR 2019), but not autoregressive: residual blocks over
flattened segments, so that decoding a batch is a handful of matrix products. The contour encoder sees the held-pitch
curve and never where notes are struck; the rhythm encoder sees no pitch, so the rhythm latent cannot move under
transposition. The pitch decoder is told the rhythm. Shapes: B segments, S = 32 steps, P = 128 pitches.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.grid import NO_CHORD, PITCHES, SEGMENT_STEPS

RHYTHMS = 4  # struck, held, rest, pad
CLASSES = 12
CHORD_EVERY = 2  # steps between looks at the chords
CHORD_FEATURES = 3 * CLASSES
STRUCK = 0


@dataclass(frozen=True)
class MelodyConfig:
    """Sizes of the network."""

    contour_size: int = 64
    rhythm_size: int = 32
    width: int = 512
    pitch_width: int = 48
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
        more: Tensor = self.outer(functional.gelu(self.inner(self.norm(x))))
        return x + more


def trunk(inputs: int, width: int, blocks: int) -> nn.Sequential:
    """Linear, then residual blocks, then a norm."""
    return nn.Sequential(nn.Linear(inputs, width), *[Residual(width) for _ in range(blocks)], nn.LayerNorm(width))


@dataclass(frozen=True)
class Posterior:
    """A diagonal normal distribution; (B, size) each."""

    mean: Tensor
    log_variance: Tensor

    def sample(self, generator: torch.Generator | None = None) -> Tensor:
        """Draw one latent a row."""
        noise = torch.randn(self.mean.shape, generator=generator, device=self.mean.device)
        return self.mean + noise * (0.5 * self.log_variance).exp()

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


class MelodyNetwork(nn.Module):
    """Contour and rhythm encoders and decoders; see the module."""

    def __init__(self, config: MelodyConfig) -> None:
        super().__init__()
        self.config = config
        flat_pitch = SEGMENT_STEPS * config.pitch_width
        self.pitch = nn.Embedding(PITCHES, config.pitch_width)
        self.chords = nn.Sequential(
            nn.Flatten(), nn.Linear(SEGMENT_STEPS // CHORD_EVERY * CHORD_FEATURES, config.chord_width), nn.GELU()
        )
        self.contour_encoder = trunk(flat_pitch + config.chord_width, config.width, config.blocks)
        self.contour_head = nn.Linear(config.width, 2 * config.contour_size)
        flat_rhythm = SEGMENT_STEPS * RHYTHMS
        self.rhythm_encoder = trunk(flat_rhythm, config.width // 2, config.blocks)
        self.rhythm_head = nn.Linear(config.width // 2, 2 * config.rhythm_size)
        self.rhythm_decoder = trunk(config.rhythm_size, config.width // 2, config.blocks)
        self.rhythm_out = nn.Linear(config.width // 2, flat_rhythm)
        self.pitch_decoder = trunk(
            config.contour_size + config.chord_width + flat_rhythm, config.width, config.blocks + 1
        )
        self.pitch_out = nn.Linear(config.width, flat_pitch)
        self.pitch_bias = nn.Parameter(torch.zeros(PITCHES))

    def encode_contour(self, curve: Tensor, chords: Tensor) -> Posterior:
        """Held pitches (B, S) and `chord_features` → the contour latent's posterior."""
        hidden = self.contour_encoder(torch.cat([self.pitch(curve).flatten(1), self.chords(chords)], dim=1))
        return _posterior(self.contour_head(hidden))

    def encode_rhythm(self, rhythm: Tensor) -> Posterior:
        """`grid.rhythm_of` tokens (B, S) → the rhythm latent's posterior."""
        return _posterior(self.rhythm_head(self.rhythm_encoder(_flat_rhythm(rhythm))))

    def decode_rhythm(self, *, z_rhythm: Tensor) -> Tensor:
        """Logits (B, S, RHYTHMS)."""
        logits: Tensor = self.rhythm_out(self.rhythm_decoder(z_rhythm))
        return logits.view(-1, SEGMENT_STEPS, RHYTHMS)

    def decode_pitch(self, *, z_contour: Tensor, rhythm: Tensor, chords: Tensor) -> Tensor:
        """Logits (B, S, P): at each step, the pitch that a note struck there would have."""
        hidden = self.pitch_decoder(torch.cat([z_contour, self.chords(chords), _flat_rhythm(rhythm)], dim=1))
        steps: Tensor = self.pitch_out(hidden).view(-1, SEGMENT_STEPS, self.config.pitch_width)
        return steps @ self.pitch.weight.T + self.pitch_bias


def _posterior(parameters: Tensor) -> Posterior:
    mean, log_variance = parameters.chunk(2, dim=1)
    return Posterior(mean, log_variance.clamp(-8.0, 4.0))


def _flat_rhythm(rhythm: Tensor) -> Tensor:
    return functional.one_hot(rhythm, RHYTHMS).flatten(1).float()
