"""What the report says after takes by pianists, clean and with one thing put wrong in the middle; prints JSON.

    python tests/bench/coaching.py ../shared/data/vienna4x22

*praised*: the share of clean takes after which nothing is drilled. *stop* and *break*: the share of takes after which a
stop of three seconds, and a break with a return by two bars, is told of the bar in which it was. Pedals are left out of
the spoiled takes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lessons.score import Score
    from tutor.performance import Performance
    from tutor.review import Review

EVERY_SPOILED = 4  # of the takes, one in so many is also spoiled
STOP_SEC, PAUSE_SEC = 3.0, 1.0


def takes(folder: Path) -> Iterator[tuple[str, Score, Performance]]:
    """Each pianist's take with its score, and its name."""
    from lessons.files import read_score
    from tutor.takes import load_take

    for path in sorted((folder / "midi").glob("*.mid")):
        score = read_score(folder / "musicxml" / f"{path.stem.rsplit('_p', 1)[0]}.musicxml")
        yield path.stem, score, load_take(path)


def told(score: Score, take: Performance) -> Review:
    """What a learner who had played this would be told."""
    from tutor.learner import Learner
    from tutor.practice import PracticeSettings
    from tutor.review import review

    return review(score, take, PracticeSettings(), Learner(), datetime(2026, 3, 1, 12))


def onset_of(score: Score, take: Performance, bar: int) -> float:
    """When a bar began in a clean take, in seconds."""
    from tutor.assess import assess

    judged = assess(score, take).notes
    played = judged["played"][(judged["bar"] == bar) & (judged["played"] >= 0)]
    return float(take.notes["onset_sec"][played].min())


def stopped(notes: NDArray[np.void], at_sec: float) -> NDArray[np.void]:
    """The notes with a stop before a time."""
    later = notes.copy()
    later["onset_sec"] += STOP_SEC * (notes["onset_sec"] >= at_sec)
    return later


def broken(notes: NDArray[np.void], at_sec: float, back_sec: float) -> NDArray[np.void]:
    """The notes up to a time, and then from an earlier one on."""
    first, again = notes[notes["onset_sec"] < at_sec], notes[notes["onset_sec"] >= back_sec].copy()
    again["onset_sec"] += at_sec - back_sec + PAUSE_SEC
    return np.concatenate([first, again])


def is_told(found: Review, score: Score, bar: int) -> bool:
    """Whether the first thing to mind is said of this bar."""
    from lessons.bar_names import bar_in_words, begun

    return bool(found.report.items) and found.report.items[0].startswith(f"{begun(bar_in_words(score, bar))}:")


def main(folder: Path) -> None:
    """Print the figures, and which clean takes were drilled for what."""
    from tutor.performance import Performance

    drilled: dict[str, str] = {}
    stops, breaks, count = [], [], 0
    for name, score, take in takes(folder):
        clean = told(score, take)
        count += 1
        if clean.step.bars is not None:
            drilled[name] = clean.step.reason
        if count % EVERY_SPOILED == 0:
            bar = int(score.bars["number"][len(score.bars) // 2])
            begins, ends, back = (onset_of(score, take, number) for number in (bar, bar + 1, bar - 2))
            stops.append(is_told(told(score, Performance(stopped(take.notes, begins - 0.05))), score, bar))
            middle = (begins + ends) / 2
            breaks.append(is_told(told(score, Performance(broken(take.notes, middle, back - 0.05))), score, bar))
    said = {"clean": count, "praised": round(1 - len(drilled) / count, 3), "drilled": drilled}
    spoiled = {"spoiled": len(stops), "stop": float(np.mean(stops)), "break": float(np.mean(breaks))}
    print(json.dumps(said | spoiled, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
