"""The weights of the ears, for pianos and for beginnings, that came with the program."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lessons.errors import CheckpointError

FOLDER, ENDING = Path(__file__).parent, ".safetensors"
EAR = "ear"

Values = NDArray[np.float32]
Weights = dict[str, Values]


@cache
def weights(name: str = EAR) -> Weights:
    """The weights. Raises CheckpointError where they are missing or damaged."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    found = sorted(FOLDER.glob(f"{name}-*{ENDING}"))
    if len(found) != 1:
        raise CheckpointError(f"{FOLDER}: there must be one {name}-*{ENDING}, and there are {len(found)}")
    content = found[0].read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:8]
    if found[0].stem != f"{name}-{digest}":
        raise CheckpointError(f"{found[0]}: damaged weights: the file's hash is {digest}")
    try:
        return {name: array.astype(np.float32) for name, array in load(content).items()}
    except SafetensorError as error:
        raise CheckpointError(f"{found[0]}: cannot be read: {' '.join(str(error).split())}") from error
