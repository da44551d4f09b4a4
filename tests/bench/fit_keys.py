"""Find the figures of ``lessons/tune_key.json``: ``fit_keys.py [-o FILE]``; prints what they are worth as JSON.

Of every second folk tune the openings of one, two, four and eight bars, with their pickup and without, teach which key
the page names; the other tunes measure it: how many openings of each length get the key of their page, beside the
profiles of `lessons.harmony.find_key`.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from lessons.errors import TutorError
from lessons.files import read_score
from lessons.harmony import find_key, score_key
from lessons.score import Score
from lessons.tune_key import FIGURES, key_of_tune, read_figures, seen_of

TUNES = Path(__file__).resolve().parents[3] / "shared" / "data" / "nottingham" / "ABC"
LENGTHS = (1, 2, 4, 8)  # bars
STEPS, RATE, DECAY = 400, 0.1, 3e-4
MINOR_COUNTS = 3.0  # one folk tune in ten is minor; of what people play more is


def tunes(turn: int) -> list[Score]:
    """Every second tune: one half to teach (0), one to measure (1)."""
    found = []
    for path in sorted(TUNES.glob("*.abc"))[turn::2]:
        try:
            score = read_score(path)
        except TutorError:
            continue
        found += [score] if len(score.keys) and len(score.bars) > LENGTHS[-1] else []
    return found


def opening(score: Score, bars: int, pickup: bool = True) -> NDArray[np.void]:
    """The tune of the first bars."""
    ends = float(score.bars["end_beat"][score.bars["start_beat"] >= 0][bars - 1])
    notes = score.notes[(score.notes["part"] == 0) & (score.notes["onset_beat"] < ends)]
    return notes if pickup else notes[notes["onset_beat"] >= 0]


def fit(scores: list[Score]) -> dict[str, object]:
    """The figures: a choice among 24 keys that are one another moved."""
    seen, keys = [], []
    for score in scores:
        key = score_key(score)
        for bars in LENGTHS:
            for pickup in (True, False):
                notes = opening(score, bars, pickup)
                if len(notes):
                    seen.append([np.roll(seen_of(notes, score.bars), -tonic, axis=1) for tonic in range(12)])
                    keys.append(2 * key.tonic + key.minor)
    turned, wanted = torch.tensor(np.array(seen)).float(), torch.tensor(keys)
    counts = torch.where(wanted % 2 == 1, MINOR_COUNTS, 1.0)
    weights = torch.zeros(2, turned.shape[2], 12, requires_grad=True)
    modes = torch.zeros(2, requires_grad=True)
    optimiser = torch.optim.Adam([weights, modes], lr=RATE)
    for step in range(STEPS):
        for group in optimiser.param_groups:
            group["lr"] = RATE * (1 - step / STEPS)
        optimiser.zero_grad()
        told = (torch.einsum("ntfd,mfd->ntm", turned, weights) + modes).flatten(1)
        missed = torch.nn.functional.cross_entropy(told, wanted, reduction="none")
        loss = (missed * counts).sum() / counts.sum() + DECAY * (weights**2).sum()
        loss.backward()
        optimiser.step()
    return {
        "seen": weights.detach().double().numpy().round(2).tolist(),
        "modes": modes.detach().double().numpy().round(2).tolist(),
    }


def right(scores: list[Score], bars: int) -> dict[str, float]:
    """The share of openings whose key is that of the page: ours, and by the profiles."""
    found, minor = [], []
    for score in scores:
        notes, key = opening(score, bars), score_key(score)
        if len(notes):
            found.append((key_of_tune(notes, score.bars) == key, find_key(None, notes) == key))
            minor.append(key.minor)
    ours, profiles = np.array(found).T
    return {
        "tunes": len(found),
        "ours": round(float(ours.mean()), 3),
        "profiles": round(float(profiles.mean()), 3),
        "ours, minor": round(float(ours[minor].mean()), 3),
        "profiles, minor": round(float(profiles[minor].mean()), 3),
    }


def main() -> None:
    """Fit, write where asked, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--out", type=Path, help="write the figures here; without it those at hand are measured")
    arguments = parser.parse_args()
    if arguments.out:
        torch.manual_seed(0)
        arguments.out.write_text(json.dumps(fit(tunes(0)), separators=(",", ":")) + "\n", encoding="utf-8")
    read_figures.cache_clear()
    held = tunes(1)
    print(json.dumps({"figures": FIGURES.name} | {f"{bars} bars": right(held, bars) for bars in LENGTHS}))


if __name__ == "__main__":
    main()
