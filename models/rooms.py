"""What lies between a piano and an ear, many clips at once: rooms, microphones, noise, people talking, clipping."""

from __future__ import annotations

import torch
from torch import Tensor

from models.pianos import RATE

TAIL = 24000  # samples, the longest room
BANDS = 10  # of a microphone's bumps


class Rooms:
    """Draws a place for each clip; seeded by ``draw``, on its device."""

    def __init__(self, draw: torch.Generator):
        self._draw, self._device = draw, draw.device

    def heard(self, clips: Tensor, silent: Tensor) -> Tensor:
        """The clips (clips, samples) as they were recorded; ``silent`` marks those where nothing is played."""
        count, samples = clips.shape
        clips = clips / clips.abs().amax(1, keepdim=True).clamp(min=1e-4)
        size = 1 << (samples + TAIL - 1).bit_length()
        spectrum = torch.fft.rfft(clips, size) * torch.fft.rfft(self._room(count), size)
        hertz = torch.fft.rfftfreq(size, 1 / RATE, device=self._device)
        spectrum = spectrum * self._microphone(count, hertz)
        clips = torch.fft.irfft(spectrum, size)[:, :samples]
        level = clips.pow(2).mean(1, keepdim=True).sqrt()
        level = torch.where(silent[:, None], torch.full_like(level, 0.05), level)
        noisy = self._chance(count, 0.7) * 10 ** (-self._uniform(4, 45, count) / 20)
        clips = clips + level * noisy[:, None] * self._noise(count, samples)
        talking = (self._chance(count, 0.07) + self._chance(count, 0.7) * silent) * 10 ** (
            -self._uniform(0, 30, count) / 20
        )
        loud = torch.nonzero(talking)[:, 0]
        if len(loud):
            clips[loud] += level[loud] * talking[loud, None] * self._talk(len(loud), samples)
        clips = clips / clips.abs().amax(1, keepdim=True).clamp(min=1e-6)
        clipped = self._chance(count, 0.04)[:, None] > 0
        clips = torch.where(clipped, (4 * clips).clamp(-1, 1), clips)
        clips = clips * 10 ** (-self._uniform(0, 48, count) / 20)[:, None]
        return clips + 10 ** (-self._uniform(75, 110, count) / 20)[:, None] * self._normal(count, samples)

    def _room(self, count: int) -> Tensor:
        """Early reflections and a tail: (clips, `TAIL`)."""
        times = torch.arange(TAIL, device=self._device)[None] / RATE
        echo = (0.12 * 2 ** self._uniform(0, 3.4, count))[:, None]
        late = self._normal(count, TAIL) * 10 ** (-3 * times / echo)
        dull = self._uniform(0.0, 0.8, count)[:, None]
        late[:, 1:] = late[:, 1:] - (dull - 0.4) * late[:, :-1]
        wet = (self._chance(count, 0.75) * 10 ** self._uniform(-1.0, 0.15, count))[:, None]
        room = wet * late / late.pow(2).sum(1, keepdim=True).sqrt()
        room[:, :40] = 0
        places = torch.randint(40, 700, (count, 8), generator=self._draw, device=self._device)
        room.scatter_add_(1, places, wet * self._uniform(-0.4, 0.4, count, 8))
        room[:, 0] = 1
        return room

    def _microphone(self, count: int, hertz: Tensor) -> Tensor:
        """The gain at each frequency: nothing much under and over some, and bumps in between."""
        low, high = (20 * 2 ** self._uniform(0, 3.5, count))[:, None], (3000 * 2 ** self._uniform(0, 2, count))[:, None]
        gain = 1 / torch.sqrt(1 + (low / hertz.clamp(min=1)) ** 4) / torch.sqrt(1 + (hertz / high) ** 4)
        place = (torch.log2(hertz.clamp(min=20) / 20) / torch.log2(torch.tensor(400.0)) * (BANDS - 1)).clamp(
            0, BANDS - 1.01
        )
        at = place.long()
        bumps = 4.0 * self._normal(count, BANDS)
        bumps = bumps[:, at] + (bumps[:, at + 1] - bumps[:, at]) * (place - at)
        return torch.where(self._chance(count, 0.85)[:, None] > 0, gain * 10 ** (bumps / 20), torch.ones_like(gain))

    def _noise(self, count: int, samples: int) -> Tensor:
        """Noise of power 1 from white to brown."""
        spectrum = torch.fft.rfft(self._normal(count, samples))
        bins = torch.arange(spectrum.shape[1], device=self._device).clamp(min=samples * 30 // RATE)
        made: Tensor = torch.fft.irfft(spectrum / bins ** self._uniform(0, 1.0, count)[:, None], samples)
        made /= made.std(1, keepdim=True)
        return made

    def _talk(self, count: int, samples: int) -> Tensor:
        """Something like speech of power 1: gliding buzz through moving formants, hisses and pauses."""

        def moving(low: float, high: float, every_sec: float = 0.15) -> Tensor:
            points = self._uniform(low, high, count, int(samples / RATE / every_sec) + 2)
            return torch.nn.functional.interpolate(points[:, None], samples, mode="linear")[:, 0]

        pitch = moving(80, 180) * (1 + 0.8 * self._chance(count, 0.5)[:, None])
        phase = 2 * torch.pi * torch.cumsum(pitch, 1) / RATE
        first, second = moving(300, 900), moving(900, 2400)
        out = torch.zeros(count, samples, device=self._device)
        for partial in range(1, 25):
            near = 1 / (1 + ((partial * pitch - first) / 120) ** 2)
            out += (near + 0.5 / (1 + ((partial * pitch - second) / 200) ** 2) + 0.01) * torch.sin(partial * phase)
        hiss = 0.4 * self._normal(count, samples)
        out = out * moving(-0.6, 1).clamp(min=0) + hiss * moving(-1.5, 1).clamp(min=0)
        return out / out.std(1, keepdim=True).clamp(min=1e-6)

    def _uniform(self, low: float, high: float, *size: int) -> Tensor:
        return low + (high - low) * torch.rand(*size, generator=self._draw, device=self._device)

    def _normal(self, *size: int) -> Tensor:
        return torch.randn(*size, generator=self._draw, device=self._device)

    def _chance(self, count: int, share: float) -> Tensor:
        return (torch.rand(count, generator=self._draw, device=self._device) < share).float()
