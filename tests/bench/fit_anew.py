"""Find the weights of ``tutor/listen/anew.json``: ``fit_anew.py --font FONT --font FONT ... [--write]``.

Melodies with many repeated notes on eleven instruments of several soundfonts, made instruments and singers: clean, in
noise, and in a room. Every peak of the flux in a tone is an example. Printed, as JSON: how many beginnings were lost
and made up for each font, with weights that were fitted to the others.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from sklearn.neural_network import MLPClassifier  # type: ignore[import-untyped]

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from one_line_sounds import INSTRUMENTS, RATE, Line, in_room, made_instrument, melody, singer, with_noise

from tutor.listen.anew import AFTER_SEC, WEIGHTS, Anew, odds
from tutor.listen.melody import MelodyListener

SEED, MELODIES, REPEATED, BLOCK = 700, 3, 0.35, 512
BEFORE_SEC, LATE_SEC = 0.02, 0.09  # a peak belongs to a beginning so long before it, and so long after
UNITS, DECAY, DIGITS = 16, 0.3, 4
Values = NDArray[np.float64]


def examples(line: Line) -> tuple[list[Values], list[bool]]:
    """What is seen of each peak, and whether a note of the same pitch began there."""
    found: tuple[list[Values], list[bool]] = ([], [])
    listener = MelodyListener(RATE, line.instrument)

    def watched(own: Anew, seen: Values) -> bool:
        note = listener._note
        at = (own._levels.count - round(AFTER_SEC / own._hop_sec)) * own._hop_sec
        near = [pitch for onset, pitch in line.notes if -BEFORE_SEC <= at - onset <= LATE_SEC]
        found[0].append(seen)
        found[1].append(note is not None and any(abs(pitch - note.pitch) < 0.5 for pitch in near))
        return found[1][-1]

    with patch.object(Anew, "_is_beginning", watched):
        for start in range(0, len(line.sound), BLOCK):
            listener.feed(line.sound[start : start + BLOCK])
    return found


def lines(font: Path | None) -> list[Line]:
    """What is heard of a soundfont; of None what is made here."""
    if font is None:
        return [made(SEED + seed) for made in (singer, made_instrument) for seed in range(4 * MELODIES)]
    clean = [melody(name, SEED + n, repeated=REPEATED, font=font) for name in INSTRUMENTS for n in range(MELODIES)]
    clean = [line for line in clean if np.isfinite(line.sound).all()]
    noisy = [with_noise(line, 15.0, n) for n, line in enumerate(clean) if n % MELODIES == 0]
    return clean + noisy + [in_room(line, 0.5, 6.0, n) for n, line in enumerate(clean) if n % MELODIES == 1]


def gathered(font: Path | None) -> tuple[Values, NDArray[np.bool_]]:
    """The examples of all lines: shapes (peaks, 16) and (peaks,)."""
    found = [examples(line) for line in lines(font)]
    return np.array([one for seen, _ in found for one in seen]), np.array([one for _, true in found for one in true])


def fitted(seen: Values, true: NDArray[np.bool_]) -> dict[str, object]:
    """The weights as they stand in the file."""
    middle, spread = seen.mean(axis=0), seen.std(axis=0) + 1e-9
    network = MLPClassifier((UNITS,), alpha=DECAY, max_iter=1500, random_state=0).fit((seen - middle) / spread, true)
    (into, out), (bias, last) = network.coefs_, network.intercepts_
    named = {"middle": middle, "spread": spread, "into": into, "bias": bias, "out": out[:, 0], "last": last[0]}
    return {name: np.round(values, DIGITS).tolist() for name, values in named.items()}


def main() -> None:
    """Sound, look, fit and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--font", type=Path, action="append", required=True, help="a soundfont; may be said repeatedly")
    parser.add_argument("--write", action="store_true", help=f"write {WEIGHTS.name}")
    parser.add_argument("--held-back", type=Path, help="a folder for the weights that each font was judged with")
    arguments = parser.parse_args()
    kinds: dict[str, Path | None] = {"made": None} | {font.stem: font for font in arguments.font}
    found = {name: gathered(font) for name, font in kinds.items()}
    for name, (seen, true) in found.items():
        others = [found[other] for other in found if other != name]
        weights = fitted(*(np.concatenate(part) for part in zip(*others, strict=True)))
        told = odds(seen, weights) > 0
        lost, made_up = int((~told & true).sum()), int((told & ~true).sum())
        print(json.dumps({name: {"beginnings": int(true.sum()), "lost": lost, "made up": made_up}}), flush=True)
        if arguments.held_back:
            (arguments.held_back / f"{name}.json").write_text(json.dumps(weights), encoding="utf-8")
    weights = fitted(*(np.concatenate(part) for part in zip(*found.values(), strict=True)))
    if arguments.write:
        WEIGHTS.write_text(json.dumps(weights) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
