"""Find the weights of ``tutor/listen/strikes.py``: ``fit_strikes.py``; prints them as JSON.

Melodies with many repeated notes on ten instruments of the soundfont, clean and with noise; every candidate is an
example. Beside the weights: how many strikes were made up and how many lost, by instrument, with weights that were
fitted to the other instruments.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from one_line_sounds import INSTRUMENTS, RATE, Line, Sound, melody

from tutor.listen.second_look import SecondLook
from tutor.listen.strikes import APART_SEC, Strikes

SEED, MELODIES, REPEATED, NOISE_DB, NEAR_SEC, BLOCK = 500, 6, 0.35, 15.0, 0.05, 4096
Values = NDArray[np.float64]


def examples(line: Line, sound: Sound) -> list[tuple[Values, bool]]:
    """What is seen of each candidate, and whether something was struck there."""
    found: list[tuple[Values, bool]] = []
    onsets = np.array([onset for onset, _ in line.notes])
    look = SecondLook(RATE, line.instrument)

    def watched(own: Strikes, begin: int, end: int, first: int, typical: float) -> list[int]:
        for hop, seen in own.candidates(begin, end, typical):
            if (hop - first) * own._hop_sec >= APART_SEC:
                at_sec = (hop + 1 - own._late_hops) * own._hop_sec
                found.append((seen, bool((np.abs(onsets - at_sec) < NEAR_SEC).any())))
        return []

    with patch.object(Strikes, "again", watched):
        for start in range(0, len(sound), BLOCK):
            look.feed(sound[start : start + BLOCK])
        look.finish()
    return found


def main() -> None:
    """Sound, look, fit and print."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    rows, struck, instruments = [], [], []
    for instrument in (name for name in INSTRUMENTS if name != "voice"):
        for seed in range(MELODIES):
            line = melody(instrument, SEED + seed, repeated=REPEATED)
            noise = np.random.default_rng(seed).normal(0, np.sqrt(np.mean(line.sound**2)), len(line.sound))
            for sound in (line.sound, (line.sound + 10 ** (-NOISE_DB / 20) * noise).astype(np.float32)):
                for seen, true in examples(line, sound):
                    rows.append(seen)
                    struck.append(true)
                    instruments.append(instrument)
    seen, true, where = np.array(rows), np.array(struck), np.array(instruments)
    middle, spread = seen.mean(axis=0), seen.std(axis=0)
    seen = (seen - middle) / spread
    errors = {}
    for instrument in np.unique(where).tolist():
        here = where == instrument
        said = LogisticRegression(max_iter=2000).fit(seen[~here], true[~here]).predict(seen[here])
        errors[instrument] = {"made up": int((said & ~true[here]).sum()), "lost": int((~said & true[here]).sum())}
    fitted = LogisticRegression(max_iter=2000).fit(seen, true)
    weights = fitted.coef_[0] / spread
    bias = float(fitted.intercept_[0] - weights @ middle)
    told = {"weights": [round(float(one), 2) for one in weights], "bias": round(bias, 2), "errors": errors}
    print(json.dumps(told | {"all": [sum(one[kind] for one in errors.values()) for kind in ("made up", "lost")]}))


if __name__ == "__main__":
    main()
