"""Pianos that sound many notes at once, as examples for the ear: recorded, sampled and invented ones, on any device.

A piano is a set of tones; a note is the nearest of them read faster or slower, held, and damped.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from lessons.score import PIANO_KEYS

RATE = 16000
LOWEST, HIGHEST = PIANO_KEYS
LAYERS = 4  # of loudness that are told apart: velocities 0..31, 32..63 and so on
CHUNK = 2_000_000  # samples at once
STEP = 4  # keys between the tones of an invented piano
PARTIALS = 40


@dataclass
class Tones:
    """Single notes one after the other in ``sound`` (fp16, peak 1), with where each starts, how long it is, its pitch,
    the velocity it was struck with and the number of its piano."""

    sound: Tensor
    start: Tensor
    length: Tensor
    pitch: Tensor
    velocity: Tensor
    piano: Tensor

    def nearest(self) -> Tensor:
        """The tone for each piano, key from `LOWEST` on and layer: (pianos, keys, `LAYERS`)."""
        keys = torch.arange(LOWEST, HIGHEST + 1, device=self.pitch.device)
        middles = (torch.arange(LAYERS, device=self.pitch.device) + 0.5) * 128 / LAYERS
        rows = []
        for piano in range(int(self.piano.max()) + 1):
            own = torch.nonzero(self.piano == piano)[:, 0]
            away = (keys[:, None] - self.pitch[own]).abs()[:, None] * 64
            away = away + (middles[:, None] - self.velocity[own]).abs()[None]
            rows.append(own[away.argmin(-1)])
        return torch.stack(rows)


def invented(count: int, seed: int, device: torch.device) -> Tones:
    """Strings and hammers that never were: partials of a random shape, stretched, beating and dying away twice."""
    draw = torch.Generator(device=device).manual_seed(seed)
    sounds, pitches, velocities, pianos = [], [], [], []
    for piano in range(count):
        made, pitch, velocity = _one_invented(draw, device)
        sounds += made
        pitches += pitch
        velocities += velocity
        pianos += [piano] * len(made)
    lengths = torch.tensor([len(sound) for sound in sounds], device=device)
    return Tones(
        torch.cat(sounds),
        torch.cumsum(lengths, 0) - lengths,
        lengths,
        torch.tensor(pitches, device=device),
        torch.tensor(velocities, device=device),
        torch.tensor(pianos, device=device),
    )


def _one_invented(draw: torch.Generator, device: torch.device) -> tuple[list[Tensor], list[float], list[float]]:
    def uniform(low: float, high: float, *size: int) -> Tensor:
        return low + (high - low) * torch.rand(*size, generator=draw, device=device)

    slope, stretch, knock = uniform(0.4, 1.7, 1), uniform(0.4, 2.5, 1), 10 ** uniform(-2.2, -0.4, 1)
    struck, ring, twin = uniform(0.06, 0.18, 1), 2 ** uniform(-1.0, 1.0, 1), uniform(0.0, 0.6, 1)
    bumps = 4.5 * torch.randn(48, generator=draw, device=device)
    order = torch.arange(1, PARTIALS + 1, device=device)[:, None]
    sounds, pitches, velocities = [], [], []
    for pitch in range(LOWEST, HIGHEST + 1, STEP):
        seconds = 5.0 if pitch < 60 else 3.5 if pitch < 84 else 1.8
        times = torch.arange(round(seconds * RATE), device=device)[None] / RATE
        hertz = 440 * 2 ** ((pitch - 69) / 12)
        curve = stretch * 1e-4 * 2 ** ((pitch - 45) / 10)
        frequency = order * hertz * torch.sqrt(1 + curve * order**2)
        place = 12 * torch.log2(frequency / 27.5) / 3
        low = place.long().clamp(0, 46)
        shape = bumps[low] + (bumps[low + 1] - bumps[low]) * (place - low).clamp(0, 1)
        shape = shape + 3 * torch.randn(PARTIALS, 1, generator=draw, device=device)
        shape = shape + 20 * torch.log10((torch.pi * order * struck).sin().abs() + 0.05)
        shape = shape - 10 * (frequency < 80) * (80 / frequency - 1) - 400 * (frequency > 0.47 * RATE)
        fast = 0.3 * ring * 2 ** (-(pitch - 60) / 24) / (1 + frequency / 2500)
        decay = 0.65 * torch.exp(-times / fast) + 0.35 * torch.exp(-times / (4 * fast))
        beat = 1 + twin * torch.cos(2 * torch.pi * uniform(0.1, 1.5, PARTIALS, 1) * times + uniform(0, 6, PARTIALS, 1))
        waves = decay * beat * torch.sin(2 * torch.pi * frequency * times + uniform(0, 6, PARTIALS, 1))
        thud = torch.randn(times.shape[1], generator=draw, device=device) * torch.exp(
            -times[0] / uniform(0.004, 0.03, 1)
        )
        thud = torch.nn.functional.avg_pool1d(thud[None], 9, 1, 4)[0]
        attack = torch.clamp(times[0] / (0.001 + uniform(0.0, 0.007, 1) * 2 ** (-(pitch - 30) / 30)), max=1.0)
        for velocity in (40.0, 100.0):
            level = shape - 20 * slope * torch.log10(order) * (1.7 - velocity / 130)
            tone = attack * (10 ** (level / 20) * waves).sum(0)
            tone = tone / tone.abs().max() + knock * (0.5 + velocity / 127) * thud
            sounds.append((tone / tone.abs().max()).half())
            pitches.append(pitch + 0.04 * float(torch.randn(1, generator=draw, device=device)))
            velocities.append(velocity)
    return sounds, pitches, velocities


def together(*groups: Tones) -> Tones:
    """Several sets of pianos as one, numbered on."""
    pianos, starts, first, before = [], [], 0, 0
    for group in groups:
        pianos.append(group.piano + first)
        starts.append(group.start + before)
        first, before = first + int(group.piano.max()) + 1, before + len(group.sound)

    def joined(name: str) -> Tensor:
        return torch.cat([getattr(group, name) for group in groups])

    return Tones(
        joined("sound"), torch.cat(starts), joined("length"), joined("pitch"), joined("velocity"), torch.cat(pianos)
    )


@dataclass
class Struck:
    """Keys struck in many clips at once: 1-D tensors, times in seconds; ``tuning`` is of each clip, in semitones."""

    clip: Tensor
    onset_sec: Tensor
    duration_sec: Tensor
    pitch: Tensor
    velocity: Tensor


def sounded(
    tones: Tones, table: Tensor, struck: Struck, piano: Tensor, tuning: Tensor, clip_sec: float, draw: torch.Generator
) -> Tensor:
    """The clips (clips, samples); ``piano`` and ``tuning`` (semitones) are of each clip."""
    clips, samples, device = len(piano), round(clip_sec * RATE), tones.sound.device
    out = torch.zeros(clips * samples, device=device)

    def uniform(low: float, high: float, size: int) -> Tensor:
        return low + (high - low) * torch.rand(size, generator=draw, device=device)

    layer = (struck.velocity * LAYERS / 128).long().clamp(0, LAYERS - 1)
    tone = table[piano[struck.clip], (struck.pitch - LOWEST).long(), layer]
    step = 2 ** ((struck.pitch + tuning[struck.clip] - tones.pitch[tone]) / 12)
    strength, release = uniform(1.2, 2.1, clips), 0.02 * 2 ** uniform(0.0, 3.0, clips)
    balance = uniform(-0.6, 0.6, clips)  # treble against bass, in units of 20 dB over four octaves
    gain = (struck.velocity / 127) ** strength[struck.clip]
    gain = gain * 10 ** (balance[struck.clip] * (struck.pitch - 64) / 48)
    fade = release[struck.clip]
    begin = (struck.onset_sec * RATE).round().long()
    lasting = ((struck.duration_sec + 5 * fade) * RATE).long().clamp(min=640)
    lasting = torch.minimum(torch.minimum(lasting, ((tones.length[tone] - 2) / step).long()), samples - begin).clamp(
        min=1
    )
    for some in _alike(lasting):
        along = torch.arange(int(lasting[some].max()), device=device)[None]
        read = along * step[some, None]
        here = read.long().clamp(max=tones.length[tone[some]][:, None] - 2)
        share = (read - here).clamp(0, 1)
        place = tones.start[tone[some]][:, None] + here
        wave = torch.lerp(tones.sound[place].float(), tones.sound[place + 1].float(), share)
        over = (along / RATE - struck.duration_sec[some, None]).clamp(min=0) / fade[some, None]
        wave = wave * torch.exp(-over) * gain[some, None] * (along < lasting[some, None])
        target = (struck.clip[some] * samples + begin[some])[:, None] + along
        out.index_add_(0, target.clamp(max=len(out) - 1).flatten(), wave.flatten())
    return out.reshape(clips, samples)


def _alike(lasting: Tensor) -> list[Tensor]:
    """Notes of about the same length together, as many as fit."""
    order = torch.argsort(lasting)
    lengths = lasting[order].tolist()
    groups, first = [], 0
    for place, length in enumerate(lengths):
        if (place + 1 - first) * length > CHUNK and place > first:
            groups.append(order[first:place])
            first = place
    return [*groups, order[first:]] if len(order) else []
