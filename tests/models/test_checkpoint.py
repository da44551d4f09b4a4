"""Weights whose names promise their contents."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lessons.errors import CheckpointError
from models import checkpoint

WEIGHTS = {"layer.weight": np.linspace(-1, 1, 6, dtype=np.float32).reshape(2, 3)}


def written(folder: Path) -> Path:
    return checkpoint.write("toy", WEIGHTS, {"width": 2}, {"loss": 0.5}, folder)


def test_weights_come_back_with_config_and_metrics(tmp_path: Path) -> None:
    found = checkpoint.read(written(tmp_path), {"layer.weight": (2, 3)})
    assert np.allclose(found.weights["layer.weight"], WEIGHTS["layer.weight"], atol=1e-3)
    assert (found.config, found.metrics) == ({"width": 2}, {"loss": 0.5})
    assert found.label == checkpoint.find("toy", tmp_path).stem  # type: ignore[union-attr]


def test_new_weights_replace_the_old_ones(tmp_path: Path) -> None:
    written(tmp_path)
    newer = checkpoint.write("toy", {"layer.weight": np.zeros((2, 3), np.float32)}, {}, {}, tmp_path)
    assert checkpoint.find("toy", tmp_path) == newer
    assert len(list(tmp_path.iterdir())) == 2


def test_one_changed_byte_is_noticed_and_the_hash_is_named(tmp_path: Path) -> None:
    path = written(tmp_path)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=path.stem.rpartition("-")[2]) as caught:
        checkpoint.read(path)
    assert "\n" not in str(caught.value)


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="another network"):
        checkpoint.read(written(tmp_path), {"layer.weight": (3, 3)})


def test_what_is_no_weight_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "toy-e3b0c442.safetensors"
    path.write_bytes(b"")
    with pytest.raises(CheckpointError, match="e3b0c442"):
        checkpoint.read(path)
    with pytest.raises(CheckpointError, match="cannot be read"):
        checkpoint.read(tmp_path / "toy-00000000.safetensors")


def test_two_files_of_one_network_are_one_too_many(tmp_path: Path) -> None:
    (tmp_path / "toy-1.safetensors").touch()
    (tmp_path / "toy-2.safetensors").touch()
    with pytest.raises(CheckpointError, match="several"):
        checkpoint.find("toy", tmp_path)
