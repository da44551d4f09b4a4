"""What the ear for beginnings learns from, that it can learn, and that the listener does the same sums."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from models.onset_hearing import OnsetClip, OnsetNetwork, OnsetSchedule, OnsetShape, learn, parts, restored, wanted
from tutor.listen import onset_ear
from tutor.listen.onset_ear import DILATIONS, LAGS, OnsetEar
from tutor.listen.onset_frames import INPUTS

SHAPE = OnsetShape(INPUTS, LAGS, DILATIONS, width=8)


def made_frames(count: int) -> NDArray[np.float32]:
    return np.random.default_rng(1).normal(0, 0.3, (count, INPUTS)).astype(np.float32)


def said(network: OnsetNetwork, frames: NDArray[np.float32]) -> NDArray[np.float32]:
    with torch.no_grad():
        return torch.sigmoid(network(torch.from_numpy(frames).T[None]))[0].numpy().T


def test_a_beginning_is_wanted_as_a_peak_about_its_frame() -> None:
    aims = wanted([0.084], 30, 0.008)
    assert aims.argmax() in (9, 10)
    assert aims.sum() == pytest.approx(3.0, abs=0.1)
    assert not aims[:7].any()
    assert not aims[14:].any()


def test_what_comes_later_changes_nothing_that_was_said() -> None:
    torch.manual_seed(0)
    network, frames = OnsetNetwork(SHAPE), made_frames(80)
    before = said(network, frames)[:50]
    frames[50:] = 1.0
    assert np.array_equal(said(network, frames)[:50], before)


def test_the_listener_does_the_same_sums(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    network, frames = OnsetNetwork(SHAPE), made_frames(80)
    monkeypatch.setattr(onset_ear, "weights", lambda _: parts(network))
    ear = OnsetEar(44100, 0.004)
    heard = np.concatenate([ear._heard(frames[start : start + 7]) for start in range(0, 80, 7)])
    assert np.allclose(heard, said(network, frames), atol=1e-5)


def test_it_learns_where_something_begins() -> None:
    rng = np.random.default_rng(2)
    clips = []
    for _ in range(12):
        frames, onsets = np.full((200, INPUTS), -1.0, np.float32), np.sort(rng.integers(10, 190, 4))
        for onset in onsets.tolist():
            frames[onset + 1 : onset + 8, :40] = 1.0
        clips.append(OnsetClip(frames, wanted([0.008 * (onset + 1) for onset in onsets.tolist()], 200, 0.008)))
    torch.manual_seed(0)
    told: list[dict[str, float]] = []
    schedule = OnsetSchedule(steps=150, clips=4, frames=200, rate=5e-3, warm_steps=5, dull_share=0.0)
    network = learn(OnsetNetwork(SHAPE), clips, schedule, told.append)
    aims, heard = clips[0].wanted[60 : 200 - LAGS[-1]], said(network, clips[0].frames)[60 + LAGS[-1] :, -1]
    assert np.corrcoef(aims, heard)[0, 1] > 0.5


def test_what_was_taught_can_be_taught_further() -> None:
    torch.manual_seed(0)
    network, frames = OnsetNetwork(SHAPE), made_frames(80)
    assert np.array_equal(said(restored(SHAPE, parts(network)), frames), said(network, frames))
