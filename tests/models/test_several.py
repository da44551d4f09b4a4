"""Processes that teach one network take the same step, and end together."""

import os
import socket
import subprocess
import sys

import pytest
import torch

from models.several import averaged, joined

PROGRAM = """
import torch
from models.several import averaged, joined
rank = joined()
weights = [torch.nn.Parameter(torch.zeros(2, 3)), torch.nn.Parameter(torch.zeros(4)), torch.nn.Parameter(torch.ones(1))]
weights[0].grad, weights[1].grad = torch.full((2, 3), 1.0 + 2 * rank), torch.arange(4.0) * rank
progress = averaged(weights, 0.25 + 0.5 * rank)
print(rank, progress, weights[0].grad.flatten().tolist(), weights[1].grad.tolist(), weights[2].grad)
"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def test_two_processes_take_the_mean_step():
    shared = {
        "WORLD_SIZE": "2",
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(free_port()),
        "TORCHELASTIC_RUN_ID": "x",
    }
    started = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            env=os.environ | shared | {"RANK": str(rank), "OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )
        for rank in range(2)
    ]
    told = [one.communicate(timeout=120)[0].strip() for one in started]
    same = f"0.5 {[2.0] * 6} {[0.0, 0.5, 1.0, 1.5]} None"
    assert told == [f"0 {same}", f"1 {same}"]


def test_one_process_steps_by_its_own(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("TORCHELASTIC_RUN_ID", raising=False)
    weight = torch.nn.Parameter(torch.zeros(2))
    weight.grad = torch.ones(2)
    assert joined() == 0
    assert averaged([weight], 0.75) == 0.75
    assert weight.grad.tolist() == [1.0, 1.0]
