"""Find the figures of ``lessons/harmonising.json``: ``fit_harmony.py [-o FILE]``; prints what they are worth as JSON.

Folk tunes with chord symbols teach a linear chain (a conditional random field) which chord stands in each window; the
tunes that `splits.json` sets aside for validation measure it: the share of their beats in which the chord of the bare
tune has the root that the page writes, beside what the tonic alone has.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from lessons.errors import TutorError
from lessons.files import read_score
from lessons.harmonising import FIGURES, features, read_figures, windows_of
from lessons.harmony import chord_indices, chords_of, score_key, transposed_mask
from lessons.score import Score

TUNES = Path(__file__).resolve().parents[3] / "shared" / "data" / "nottingham"
COVERED, STEPS, RATE, DECAY = 0.985, 80, 0.15, 2e-3
LONGEST = 80  # windows of a tune that are learned from: the rest repeats them
Chord = tuple[int, str]


def tunes(wanted: bool) -> list[Score]:
    """The tunes with chord symbols that are for validation, or all others."""
    aside = set(json.loads((TUNES / "splits.json").read_text(encoding="utf-8"))["val"])
    found = []
    for path in sorted((TUNES / "ABC").glob("*.abc")):
        if (path.stem in aside) == wanted:
            try:
                score = read_score(path)
            except TutorError:
                continue
            found += [score] if len(score.chords) and len(score.bars) > 4 else []
    return found


def shape_of(chord: np.void) -> str:
    """The triad of a chord symbol."""
    tones = transposed_mask(int(chord["tones"]), -int(chord["root"]))
    return "maj" if tones >> 4 & 1 else "dim" if tones >> 6 & 1 else "min" if tones >> 3 & 1 else "maj"


def example(score: Score) -> tuple[NDArray[np.float64], list[Chord | None], NDArray[np.bool_]]:
    """What is seen of a tune's last windows, the chord that stands in each, and where bars begin."""
    key, windows = score_key(score), windows_of(score)
    rows = chord_indices(score.chords, windows.starts)
    chords = [
        ((int(score.chords["root"][row]) - key.tonic) % 12, shape_of(score.chords[row])) if row >= 0 else None
        for row in rows
    ]
    seen = features(score.notes, windows, key.tonic)
    return seen[-LONGEST:], chords[-LONGEST:], windows.opens_bar[-LONGEST:]


def fit(scores: list[Score]) -> dict[str, object]:
    """The figures of one mode."""
    examples = [example(score) for score in scores]
    counted = Counter(chord for _, chords, _ in examples for chord in chords if chord)
    states, total = [], 0
    for chord, count in counted.most_common():
        if total >= COVERED * counted.total():
            break
        states.append(chord)
        total += count
    longest = max(len(seen) for seen, _, _ in examples)
    width = examples[0][0].shape[1]
    seen = torch.zeros(len(examples), longest, width)
    labels = torch.full((len(examples), longest), -1)
    over = torch.zeros(len(examples), longest, dtype=torch.long)
    lengths = torch.zeros(len(examples), longest)
    for row, (what, chords, opens) in enumerate(examples):
        seen[row, : len(what)] = torch.from_numpy(what).float()
        over[row, : len(what)] = torch.from_numpy(opens).long()
        lengths[row, : len(what)] = 1
        labels[row, : len(what)] = torch.tensor([states.index(one) if one in states else -1 for one in chords])
    speaks = torch.zeros(width, len(states), requires_grad=True)
    moves = torch.zeros(2, len(states), len(states), requires_grad=True)
    optimiser = torch.optim.Adam([speaks, moves], lr=RATE)
    allowed = torch.where(
        labels[..., None] < 0, 0.0, torch.where(torch.arange(len(states)) == labels[..., None], 0.0, -1e4)
    )
    for step in range(STEPS):
        for group in optimiser.param_groups:
            group["lr"] = RATE * (1 - step / STEPS)
        optimiser.zero_grad()
        scores_of = seen @ speaks
        told = _total(scores_of + allowed, moves, over, lengths) - _total(scores_of, moves, over, lengths)
        loss = -told.sum() / lengths.sum() + DECAY * ((speaks**2).sum() + (moves**2).sum()) / 10
        loss.backward()
        optimiser.step()
    return {
        "chords": [list(chord) for chord in states],
        "seen": _rounded(speaks),
        "moves": _rounded(moves),
    }


def _total(speaks: torch.Tensor, moves: torch.Tensor, over: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """The log of the sum over all paths of each tune."""
    reached, ways = speaks[:, 0], moves.exp()
    for place in range(1, speaks.shape[1]):
        most = reached.max(dim=1, keepdim=True).values.detach()
        share = (reached - most).exp()
        moved = torch.where(over[:, place, None] > 0, share @ ways[1], share @ ways[0])
        further = (moved + 1e-30).log() + most + speaks[:, place]
        reached = torch.where(lengths[:, place, None] > 0, further, reached)
    return torch.logsumexp(reached, dim=1)


def _rounded(figures: torch.Tensor) -> object:
    return json.loads(json.dumps(figures.detach().double().numpy().round(2).tolist()))


def agreement(scores: list[Score]) -> dict[str, float]:
    """Root by root, beat by beat: the chords of the bare tunes against their symbols, and the tonic against them."""
    ours, tonic, home = [], [], []
    for score in scores:
        heard, key = chords_of(replace(score, chords=score.chords[:0])), score_key(score)
        beats = np.arange(0.0, score.end_beat, 1.0)
        written, bare = chord_indices(score.chords, beats), chord_indices(heard, beats)
        both = (written >= 0) & (bare >= 0)
        if both.any():
            roots = score.chords["root"][written[both]]
            ours.append(float((roots == heard["root"][bare[both]]).mean()))
            tonic.append(float((roots == key.tonic).mean()))
            home.append(float(heard["root"][-1] == score.chords["root"][-1]))
    return {
        "tunes": len(ours),
        "roots": round(float(np.mean(ours)), 3),
        "tonic": round(float(np.mean(tonic)), 3),
        "last": round(float(np.mean(home)), 3),
    }


def main() -> None:
    """Fit, write where asked, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--out", type=Path, help="write the figures here; without it those at hand are measured")
    arguments = parser.parse_args()
    if arguments.out:
        torch.manual_seed(0)
        teaching = tunes(False)
        minor = [score for score in teaching if score_key(score).minor]
        major = [score for score in teaching if not score_key(score).minor]
        figures = {"major": fit(major), "minor": fit(minor)}
        arguments.out.write_text(json.dumps(figures, separators=(",", ":")) + "\n", encoding="utf-8")
    read_figures.cache_clear()
    held = tunes(True)
    told = {
        mode: agreement([score for score in held if score_key(score).minor == minor])
        for mode, minor in (("major", False), ("minor", True))
    }
    print(json.dumps({"figures": str(FIGURES.name)} | told | {"all": agreement(held)}))


if __name__ == "__main__":
    main()
