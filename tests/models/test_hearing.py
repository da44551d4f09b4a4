"""What the ear for pianos learns from, and that it can learn."""

from __future__ import annotations

import torch

from models.hearing import KEYS, SAID, EarNetwork, EarShape, levelled, loss
from models.hearing_training import targets
from models.pianos import LOWEST, RATE, Struck, Tones, invented, sounded, together
from models.rooms import Rooms
from tutor.listen.ear import FALL, LATE, QUIETEST, SOFTEST

CPU = torch.device("cpu")
FRAMES_A_SEC = 62.5


def struck(*rows: tuple[int, float, float, int, int]) -> Struck:
    clip, onset, duration, pitch, velocity = torch.tensor(rows, dtype=torch.float32).T
    return Struck(clip.long(), onset, duration, pitch, velocity)


def draw() -> torch.Generator:
    return torch.Generator().manual_seed(3)


def sines() -> Tones:
    """A piano of two pure tones."""
    length = 2 * RATE
    times = torch.arange(length) / RATE
    sound = torch.cat([torch.sin(2 * torch.pi * hertz * times) for hertz in (220.0, 880.0)]).half()
    lengths = torch.tensor([length, length])
    return Tones(sound, torch.tensor([0, length]), lengths, torch.tensor([57, 81]), torch.tensor([64, 64]), lengths * 0)


def loudest_hertz(sound: torch.Tensor) -> float:
    spectrum = torch.fft.rfft(sound).abs()
    return float(spectrum.argmax()) * RATE / len(sound)


def test_a_note_sounds_at_its_pitch_in_its_clip_and_for_its_time() -> None:
    tones = sines()
    notes = struck((0, 0.5, 0.4, 60, 100), (1, 0.2, 0.3, 79, 100))
    clips = sounded(tones, tones.nearest(), notes, torch.tensor([0, 0]), torch.zeros(2), 2.0, draw())
    assert clips.shape == (2, 2 * RATE)
    assert abs(loudest_hertz(clips[0, RATE // 2 : RATE // 2 + 6400]) - 261.6) < 3
    assert abs(loudest_hertz(clips[1, 3200:8000]) - 784.0) < 4
    assert float(clips[0, : RATE // 2].abs().max()) == 0
    assert float(clips[0, round(1.8 * RATE) :].abs().max()) < 0.02 * float(clips[0].abs().max())


def test_tuning_moves_all_that_sounds() -> None:
    tones = sines()
    flat = sounded(
        tones, tones.nearest(), struck((0, 0, 1.9, 57, 90)), torch.tensor([0]), torch.tensor([-0.5]), 2, draw()
    )
    assert abs(loudest_hertz(flat[0]) - 220 * 2 ** (-0.5 / 12)) < 1


def test_pianos_that_never_were_are_each_of_their_own_and_in_tune() -> None:
    tones = invented(2, 5, CPU)
    assert tones.nearest().shape == (2, KEYS, 4)
    both = together(tones, sines())
    assert int(both.piano.max()) == 2
    first, second = (int(tones.nearest()[piano, 60 - LOWEST, 2]) for piano in (0, 1))
    waves = [tones.sound[tones.start[one] : tones.start[one] + RATE].float() for one in (first, second)]
    assert not torch.allclose(waves[0], waves[1])
    assert float(waves[0].abs().max()) <= 1.0


def test_a_room_keeps_the_shape_and_a_silent_one_has_noise() -> None:
    clips = torch.zeros(3, RATE)
    clips[:2, 4000:9000] = torch.sin(torch.arange(5000) / 8)
    heard = Rooms(draw()).heard(clips, torch.tensor([False, False, True]))
    assert heard.shape == clips.shape
    assert torch.isfinite(heard).all()
    assert float(heard.abs().max()) <= 1.01
    assert float(heard[2].std()) > 0


def test_what_is_wanted_is_a_peak_where_a_key_begins_and_its_sounding() -> None:
    wanted = targets(struck((0, 0.4, 0.4, 60, 127), (1, 0.0, 0.2, 21, 64)), 2, 60, FRAMES_A_SEC)
    assert wanted.shape == (2, 60, KEYS, SAID)
    key = wanted[0, :, 60 - LOWEST]
    assert int(key[:, 0].argmax()) in (24, 25)
    assert 1.2 < float(key[:, 0].sum()) < 1.8
    assert key[25:50, 1].sum() == 25
    assert key[:25, 1].sum() == 0
    assert float(key[25, 2]) == 1.0
    assert float(wanted[0].sum()) == float(key.sum())


def test_the_level_is_the_loudest_that_was_heard_and_is_forgotten_slowly() -> None:
    shape = EarShape(LATE, FALL, QUIETEST, SOFTEST)
    frames = torch.full((1, 100, 3, 8), -2.0)
    frames[0, 10] = 1.0
    held = levelled(frames, shape)
    assert float(held[0, 10].max()) == 1.0
    assert float(held[0, 99, 0, 0]) > float(held[0, 11, 0, 0])
    assert float(held[0, 11, 0, 0]) < float(held[0, 9, 0, 0])


def test_an_ear_learns_one_batch_by_heart() -> None:
    torch.manual_seed(2)
    ear = EarNetwork(EarShape(0, FALL, QUIETEST, SOFTEST, channels=8, width=16))
    frames = torch.randn(1, 30, 3, 294)
    wanted = targets(struck((0, 0.1, 0.2, 60, 100), (0, 0.25, 0.2, 64, 60)), 1, 30, FRAMES_A_SEC)
    frames[0, 6:19, :, 117:120] += 4
    optimiser = torch.optim.AdamW(ear.parameters(), 1e-2)
    costs = []
    for _ in range(70):
        cost, _ = loss(ear(frames), wanted)
        optimiser.zero_grad()
        cost.backward()
        optimiser.step()
        costs.append(float(cost.detach()))
    assert costs[-1] < 0.25 * costs[0]
