"""Find how far each ear for pianos is to be believed: ``fit_both_ears.py --data DIR [--font FILE] [--notes DIR]``.

Takes as `piano_held_back.py` makes them, of other pieces than it judges by, heard by both ears:
every stroke that either hints at is an example. Prints the weights of `tutor.listen.both_ears` as JSON, with the
cross entropy on each piece of weights fitted to the others, and of either ear alone fitted so.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from sklearn.metrics import log_loss  # type: ignore[import-untyped]

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from piano_held_back import FITTED, add_flags, kept_back, takes_of
from piano_sounds import RATE

from tutor.listen.both_ears import log_odds, paired
from tutor.listen.live_piano import LivePiano
from tutor.listen.piano import PianoListener

NEAR_SEC = 0.05
WAYS = {"looking back": [0], "live": [1], "both": [0, 1]}
Rows = NDArray[np.float64]


def examples(path: Path, arguments: argparse.Namespace) -> Rows:
    """(log odds of either ear, whether it was a stroke) of all that is heard of a piece."""
    rows = []
    for *_, take, sound in takes_of(path, arguments):
        looking_back, live = PianoListener(RATE), LivePiano(RATE)
        looking_back.feed(sound)
        live.feed(sound)
        live.finish()
        for pair in paired(looking_back.finish(), live.all_strokes(0.0)):
            one = next(stroke for stroke in pair if stroke)
            same = take.notes["onset_sec"][take.notes["pitch"] == one.pitch]
            rows.append([*map(log_odds, pair), (np.abs(same - one.onset_sec) < NEAR_SEC).any()])
    return np.array(rows)


def cost(pieces: list[Rows], columns: list[int]) -> float:
    """The mean cross entropy of each piece by what the others teach."""
    costs = []
    for place, held in enumerate(pieces):
        others = np.concatenate([piece for other, piece in enumerate(pieces) if other != place])
        fitted = LogisticRegression(C=10).fit(others[:, columns], others[:, 2])
        costs.append(log_loss(held[:, 2], fitted.predict_proba(held[:, columns])[:, 1]))
    return round(float(np.mean(costs)), 4)


def main() -> None:
    """Hear, fit and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_flags(parser)
    parser.add_argument("--pieces", type=int, default=4)
    arguments = parser.parse_args()
    pieces = [examples(path, arguments) for path in kept_back(arguments.data)[FITTED][: arguments.pieces]]
    told = np.concatenate(pieces)
    fitted = LogisticRegression(C=10).fit(told[:, :2], told[:, 2])
    weights = [round(float(one), 2) for one in (*fitted.coef_[0], fitted.intercept_[0])]
    costs = {way: cost(pieces, columns) for way, columns in WAYS.items()}
    print(json.dumps({"examples": len(told), "back, live, bias": weights, "cross entropy": costs}))


if __name__ == "__main__":
    main()
