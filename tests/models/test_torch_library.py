"""Torch's library is loaded by a call that lets other threads run, not by the import that would hold them all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import main
from models import likeness, torch_library

LOADED = """
import sys
from models.torch_library import load
load()
assert "torch" not in sys.modules
print("libtorch_cpu" in open("/proc/self/maps").read())
import torch
print(torch.ones(2).sum().item())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which libraries are loaded")
def test_the_library_is_there_before_torch_is_imported_and_torch_takes_it() -> None:
    root = Path(main.__file__).parent
    told = subprocess.run([sys.executable, "-c", LOADED], cwd=root, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["True", "2.0"]


def test_the_window_has_it_loaded_before_it_asks_for_a_network(monkeypatch) -> None:
    order: list[str] = []
    monkeypatch.setattr(torch_library, "load", lambda: order.append("library"))
    monkeypatch.setattr(likeness, "load_likeness", lambda _index: order.append("network"))
    main.build_parts().likeness(None)
    assert order == ["library", "network"]
