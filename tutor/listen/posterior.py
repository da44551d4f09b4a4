"""How likely each key of a piano is sounding and beginning: the network that basic-pitch carries, as a stream.

basic-pitch (Bittner et al., ICASSP 2022) looks at windows of 43,844 samples at 22.05 kHz and says both for each frame
of 256 samples and each of 88 keys. The outer `EDGE` frames of a window know too little and are left to its neighbours.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons.errors import DeviceError
from tutor.listen.periodicity import Sound

RATE, HOP, WINDOW = 22050, 256, 43844
EDGE, STRIDE = 15, 141
FRAME_SEC = HOP / RATE
KEYS, LOWEST_KEY = 88, 21
NOTE, ONSET = "StatefulPartitionedCall:1", "StatefulPartitionedCall:2"

Posterior = NDArray[np.float64]
"""Likelihoods in 0..1, of shape (frames, 88)."""


class OnsetNetwork:
    """Feeds a stream of mono sound at any rate to the network. Raises DeviceError where a part of it is missing."""

    def __init__(self, rate: int):
        import soxr  # type: ignore[import-untyped]

        self._session = _session()
        self._resampler = soxr.ResampleStream(rate, RATE, 1, dtype="float32")
        self._sound = np.zeros(EDGE * HOP, np.float32)

    def feed(self, block: Sound) -> Iterator[tuple[Posterior, Posterior]]:
        """(onset, note) of the frames that this block completes, `STRIDE` at a time."""
        fresh = self._resampler.resample_chunk(np.asarray(block, np.float32))
        self._sound = np.concatenate([self._sound, fresh])
        yield from self._complete()

    def finish(self) -> Iterator[tuple[Posterior, Posterior]]:
        """The frames up to the end of the sound."""
        rest = self._resampler.resample_chunk(np.zeros(0, np.float32), last=True)
        self._sound = np.concatenate([self._sound, rest])
        left = (len(self._sound) - EDGE * HOP) // HOP
        self._sound = np.concatenate([self._sound, np.zeros(WINDOW + STRIDE * HOP, np.float32)])
        for onset, note in self._complete():
            if left <= 0:
                return
            yield onset[:left], note[:left]
            left -= STRIDE

    def _complete(self) -> Iterator[tuple[Posterior, Posterior]]:
        while len(self._sound) >= WINDOW:
            note, onset = self._session.run(
                [NOTE, ONSET], {"serving_default_input_2:0": self._sound[None, :WINDOW, None]}
            )
            self._sound = self._sound[STRIDE * HOP :]
            known = slice(EDGE, EDGE + STRIDE)
            yield onset[0][known].astype(np.float64), note[0][known].astype(np.float64)


def _session() -> Any:
    package = importlib.util.find_spec("basic_pitch")  # found, not imported: it asks for TensorFlow and more
    folders = list(package.submodule_search_locations or ()) if package else []
    try:
        import onnxruntime
    except ImportError as error:
        raise DeviceError(f"a piano cannot be heard: onnxruntime is missing ({error}); make run") from error
    if not folders:
        raise DeviceError("a piano cannot be heard: basic-pitch is missing; make run")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    model = Path(folders[0]) / "saved_models" / "icassp_2022" / "nmp.onnx"
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
