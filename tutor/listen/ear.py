"""The ear for pianos: how likely each key begins and sounds, as a stream, a tenth of a second after it did.

Each key looks at the same places around itself: its harmonics, its neighbours and the keys whose harmonic it could be,
now and up to a quarter of a second ago, all against the loudest of the last half second. Two layers of weights, shared
by all keys but for a bias, say whether it begins and whether it sounds; `models.hearing` learns them. They are small
enough for numpy, so that a lesson needs neither torch nor a runtime. They lie beside this file under a name that holds
their hash; ``weights.md`` is their model card.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

from lessons.errors import CheckpointError
from tutor.listen.periodicity import Sound
from tutor.listen.spectrum import BINS, FRAME_SEC, PER_SEMITONE, ZERO, Frames, Spectrum

KEYS, LOWEST_KEY = 88, 21
DELAY = 5  # frames from what sounded to what is said of it
LATENCY_SEC = DELAY * FRAME_SEC
CENTRES = (-72, -57, -36, -3, 0, 3, 36, 57, 72, 84, 93, 101, 108, 120)  # thirds of a semitone from the key
BESIDE = (-1, 0, 1)
LOOKS = (  # for each look of a frame: bins around each centre, and frames ago
    ((0,), (0, 1, 2, 3, 4, 5, 6, 8, 11, 15)),
    (BESIDE, (0, 2, 4, 6, 9, 14)),
    (BESIDE, (0, 4, 8, 16)),
)
PAST = 16
LOUDEST_FRAMES = 32  # over which the loudest is sought
SOFTEST = -4.5  # against it, in units of the frames
MARGIN = max(CENTRES) + 1  # bins of nothing on either side
FOLDER, NAME, ENDING = Path(__file__).parent, "ear", ".safetensors"

Values = NDArray[np.float32]
Weights = dict[str, Values]
Likelihood = NDArray[np.float32]
"""0..1, of shape (frames, 88)."""


class Surroundings:
    """What each key sees, frame by frame: a stream."""

    def __init__(self) -> None:
        self._past = np.full((LOUDEST_FRAMES - 1, len(LOOKS), BINS), ZERO, np.float32)

    def feed(self, frames: Frames) -> Values:
        """(frames, 88, seen) of new frames."""
        kept = np.concatenate([self._past, frames])
        self._past = kept[len(frames) :]
        return seen(kept, np.arange(LOUDEST_FRAMES - 1, len(kept))[:, None], np.arange(KEYS))


def seen(frames: Frames, at: NDArray[np.intp], keys: NDArray[np.intp]) -> Values:
    """What ``keys`` see at the frames ``at`` (both broadcast), and how loud it is; before lie `LOUDEST_FRAMES`."""
    places, ago = _plan()
    padded = np.pad(frames, ((0, 0), (0, 0), (MARGIN, MARGIN)), constant_values=ZERO).reshape(len(frames), -1)
    highest = frames[:, 1].max(axis=1)
    reach = np.arange(LOUDEST_FRAMES)
    loudest = np.max(highest[at[..., None] - reach], axis=-1)[..., None]
    around = np.maximum(padded[at[..., None] - ago, places[keys]] - loudest, SOFTEST) / 2 + 1
    return np.concatenate([around, np.broadcast_to(loudest / 4, (*around.shape[:-1], 1))], axis=-1)


@cache
def _plan() -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """For each key and each thing seen its place in a flattened frame, shape (88, seen), and how many frames ago."""
    own = MARGIN + 1 + PER_SEMITONE * np.arange(KEYS)[:, None]
    row, ago = [], []
    for look, (beside, lags) in enumerate(LOOKS):
        for lag in lags:
            for centre in CENTRES:
                row += [look * (BINS + 2 * MARGIN) + centre + away for away in beside]
                ago += [lag] * len(beside)
    return own + np.array(row), np.array(ago)


class PianoEar:
    """Turns a stream of mono sound at any rate into what begins and what sounds. Raises CheckpointError."""

    def __init__(self, rate: int):
        self._spectrum, self._surroundings, self._weights = Spectrum(rate), Surroundings(), weights()

    def feed(self, block: Sound) -> tuple[Likelihood, Likelihood]:
        """(beginning, sounding) of the frames that this block completes; row ``n`` is about frame ``n - DELAY``."""
        return self._heard(self._spectrum.feed(block))

    def finish(self) -> tuple[Likelihood, Likelihood]:
        """The frames up to the end of the sound, and what is said of them later."""
        return self._heard(self._spectrum.finish(more=DELAY))

    def _heard(self, frames: Frames) -> tuple[Likelihood, Likelihood]:
        if not len(frames):
            nothing = np.zeros((0, KEYS), np.float32)
            return nothing, nothing
        with _blas().limit(limits=1):  # the products are small: threads would only wait for each other
            said = likelihoods(self._surroundings.feed(frames), self._weights)
        return said[..., 0], said[..., 1]


def likelihoods(seen: Values, weights: Weights) -> Values:
    """(…, 88, 2): beginning and sounding, from what each key sees."""
    first = np.maximum(seen @ weights["first.weight"] + weights["first.key"], 0)
    second = np.maximum(first @ weights["second.weight"] + weights["second.key"], 0)
    return sigmoid(second @ weights["say.weight"] + weights["say.bias"])


def sigmoid(logits: Values) -> Values:
    """0..1 from logits of any size."""
    said: Values = (1 / (1 + np.exp(-np.clip(logits, -30, 30)))).astype(np.float32)
    return said


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController().select(user_api="blas")


@cache
def weights() -> Weights:
    """The weights that came with the program. Raises CheckpointError where they are missing or damaged."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    found = sorted(FOLDER.glob(f"{NAME}-*{ENDING}"))
    if len(found) != 1:
        raise CheckpointError(f"{FOLDER}: there must be one {NAME}-*{ENDING}, and there are {len(found)}")
    content = found[0].read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:8]
    if found[0].stem != f"{NAME}-{digest}":
        raise CheckpointError(f"{found[0]}: damaged weights: the file's hash is {digest}")
    try:
        return {name: array.astype(np.float32) for name, array in load(content).items()}
    except SafetensorError as error:
        raise CheckpointError(f"{found[0]}: cannot be read: {' '.join(str(error).split())}") from error
