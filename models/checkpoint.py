"""Weights on disk: half-precision safetensors named by their hash, with config and metrics beside them in JSON.

``writer-1a2b3c4d.safetensors`` and ``writer-1a2b3c4d.json``: the name promises the first eight digits of the file's
SHA-256, which is checked whenever it is read. One folder holds at most one file of each network.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons.errors import CheckpointError

FOLDER = Path(__file__).parent / "weights"
SIZE_LIMIT = 20 * 2**20
ENDING = ".safetensors"


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """Weights as float32 arrays, with what is known of them; ``label`` is the file's name without its ending."""

    label: str
    weights: dict[str, NDArray[np.float32]]
    config: dict[str, Any]
    metrics: dict[str, float]


def find(name: str, folder: Path = FOLDER) -> Path | None:
    """The weight file of a network, or None. Raises CheckpointError where there are several."""
    found = sorted(folder.glob(f"{name}-*{ENDING}"))
    if len(found) > 1:
        raise CheckpointError(f"{folder}: several weights for {name}: {', '.join(path.name for path in found)}")
    return found[0] if found else None


def read(path: Path, expected: dict[str, tuple[int, ...]] | None = None) -> Checkpoint:
    """Read and check weights; ``expected`` has the shapes that the network needs. Raises CheckpointError."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    content = _content(path)
    digest = hashlib.sha256(content).hexdigest()[:8]
    promised = path.stem.rpartition("-")[2]
    if digest != promised:
        raise CheckpointError(f"{path}: damaged weights: the file's hash is {digest}, its name promises {promised}")
    try:
        weights = {name: array.astype(np.float32) for name, array in load(content).items()}
        about = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        config, metrics = dict(about["config"]), dict(about["metrics"])
    except (SafetensorError, OSError, ValueError, KeyError, TypeError) as error:
        raise CheckpointError(f"{path}: weights {digest} cannot be read: {' '.join(str(error).split())}") from error
    shapes = {name: array.shape for name, array in weights.items()}
    if expected is not None and shapes != expected:
        raise CheckpointError(f"{path}: weights {digest} belong to another network")
    return Checkpoint(path.stem, weights, config, metrics)


def describe(folder: Path = FOLDER) -> list[tuple[str, dict[str, float]]]:
    """The label and the metrics of each weight file, read and checked. Raises CheckpointError."""
    return [(found.label, found.metrics) for found in map(read, sorted(folder.glob(f"*{ENDING}")))]


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise CheckpointError(f"{path}: weights are at most {SIZE_LIMIT // 2**20} MB")
        return path.read_bytes()
    except OSError as error:
        raise CheckpointError(f"{path}: weights cannot be read ({error.strerror})") from error


def write(
    name: str, weights: dict[str, NDArray[np.float32]], config: dict[str, Any], metrics: dict[str, float], folder: Path
) -> Path:
    """Write weights in half precision in place of the network's older ones; the path says their hash."""
    from safetensors.numpy import save

    content = save({key: np.ascontiguousarray(array.astype(np.float16)) for key, array in sorted(weights.items())})
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{hashlib.sha256(content).hexdigest()[:8]}{ENDING}"
    older = [old for old in folder.glob(f"{name}-*") if old.suffix in (ENDING, ".json")]
    path.write_bytes(content)
    about = {"config": config, "metrics": {key: round(float(value), 5) for key, value in metrics.items()}}
    path.with_suffix(".json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    for old in older:
        if old.stem != path.stem:
            old.unlink()
    return path
