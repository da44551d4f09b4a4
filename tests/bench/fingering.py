"""Count how many printed fingers `with_fingers` finds, edition by edition; prints JSON.

    python tests/bench/fingering.py ../shared/data

``wide``: of those, the notes of runs in one direction whose steps are all wider than a tone, as in arpeggios.
``passes``: how often the thumb passes within three such steps that together stay within an octave, where a hand that
opens needs no pass: in all piano parts that are looked at, printed fingers forgotten.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from lessons.files import read_score
from lessons.fingering import with_fingers
from lessons.score import LEFT, RIGHT, Score

OCTAVE = 12  # semitones
FINGERED = (  # scores with fingers in print
    "k265-variation-nc/musicxml/full.musicxml",
    "asap-piano-subset/Rachmaninoff/Preludes_op_32/5/xml_score.musicxml",
    *(
        f"openscore-lieder/*{key}.mxl"
        for key in (
            "lc5840072",
            "lc5098705",
            "lc6117412",
            "lc6018965",
            "lc5834392",
            "lc6156388",
            "lc6174024",
            "lc5974308",
            "lc6156587",
            "lc5840228",
            "lc6189719",
        )
    ),
)


def measured(path: Path) -> dict[str, int]:
    """The printed fingers of a score, those that are found, and the same of wide runs."""
    score = read_score(path)
    printed = score.notes["finger"]
    bare = score.notes.copy()
    bare["finger"] = 0
    guessed = with_fingers(score.with_notes(bare))
    right = (guessed.notes["finger"] == printed) & (printed > 0)
    wide = _in_wide_runs(score) & (printed > 0)
    return {
        "fingers": int((printed > 0).sum()),
        "found": int(right.sum()),
        "wide": int(wide.sum()),
        "wide_found": int((right & wide).sum()),
        "runs": len(runs := _runs(score)),
        "passes": sum(_passes(guessed, run) for run in runs),
    }


def _runs(score: Score) -> list[NDArray[np.intp]]:
    """Four notes one after the other of one hand that go one way by more than a tone each and stay within an octave."""
    found = []
    for hand in (LEFT, RIGHT):
        rows = np.flatnonzero((score.notes["hand"] == hand) & ~score.notes["grace"])
        onsets, count = np.unique(score.notes["onset_beat"][rows], return_counts=True)
        alone = rows[np.isin(score.notes["onset_beat"][rows], onsets[count == 1])]
        for start in range(len(alone) - 3):
            run = alone[start : start + 4]
            steps = np.diff(score.notes["pitch"][run].astype(int))
            near = np.all(np.diff(score.notes["onset_beat"][run]) <= 1.0)
            if near and (np.all(steps > 2) or np.all(steps < -2)) and abs(steps.sum()) <= OCTAVE:
                found.append(run)
    return found


def _in_wide_runs(score: Score) -> NDArray[np.bool_]:
    inside = np.zeros(len(score.notes), bool)
    for run in _runs(score):
        inside[run] = True
    return inside


def _passes(score: Score, run: NDArray[np.intp]) -> bool:
    """Whether the fingers of a run do not all lie in the order of its notes."""
    outwards = np.diff(score.notes["pitch"][run].astype(int)) * (1 if score.notes["hand"][run[0]] == RIGHT else -1)
    return bool(np.any(np.diff(score.notes["finger"][run].astype(int)) * np.sign(outwards) <= 0))


def main(data: Path) -> None:
    """Measure all and print it."""
    report = {}
    for pattern in FINGERED:
        for path in sorted(data.glob(pattern)):
            name = path.stem if "lieder" in pattern else "/".join(path.parts[-3:-1])
            report[name] = measured(path)
    total = {key: sum(each[key] for each in report.values()) for key in next(iter(report.values()))}
    print(json.dumps({"scores": report, "all": total}, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
