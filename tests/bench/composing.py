"""How fast the composer answers: loading its weights, eight bars with 32 candidates, a whole cold command.

Run ``python tests/bench/composing.py``; prints one JSON object, medians and 99th percentiles in milliseconds.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from lessons.analogy import Analogy, Feature  # noqa: E402
from lessons.files import read_score  # noqa: E402
from lessons.score import Score  # noqa: E402
from models.composer import LearnedComposer, load_composer  # noqa: E402
from models.plan import plan_line  # noqa: E402
from models.rules import RuleComposer  # noqa: E402

PIECES = ROOT / "lessons" / "library" / "pieces"
PIECE, DONOR = PIECES / "lightly-row.abc", PIECES / "ode-to-joy.abc"
BARS = (1, 8)
CANDIDATES = 32
TURNS = 30


def spent_ms(job: Callable[[], object], turns: int = TURNS) -> dict[str, float]:
    """Median and 99th percentile of a job, the first turn left out."""
    job()
    times = []
    for _ in range(turns):
        begun = time.perf_counter()
        job()
        times.append(1000 * (time.perf_counter() - begun))
    return {"median_ms": round(float(np.median(times)), 1), "p99_ms": round(float(np.percentile(times, 99)), 1)}


def cold_vary() -> None:
    """One ``vary`` from the shell."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "main.py", "vary", str(PIECE), "--rhythm-from", str(DONOR)]
        subprocess.run(
            [*words, "-o", str(Path(folder) / "new.mid"), "--json"], cwd=ROOT, check=True, capture_output=True
        )


def candidates(composer: LearnedComposer, piece: Score, donor: Score) -> None:
    """Eight bars: plan, draw 32 lines, rank them, also by the prior."""
    composer.lines(plan_line(Analogy(piece, {Feature.RHYTHM: donor}, bars=BARS)), CANDIDATES, 1)


def main() -> None:
    """Measure and print."""
    piece, donor = read_score(PIECE), read_score(DONOR)
    composer = load_composer()
    figures = {
        "load_weights": spent_ms(load_composer, 10),
        "rule_answer": spent_ms(lambda: RuleComposer().vary(Analogy(piece, {Feature.RHYTHM: donor}, bars=BARS))),
        "cold_vary": spent_ms(cold_vary, 5),
    }
    if isinstance(composer, LearnedComposer):
        figures["eight_bars_32_candidates"] = spent_ms(lambda: candidates(composer, piece, donor))
        figures["answer"] = spent_ms(lambda: composer.vary(Analogy(piece, {Feature.RHYTHM: donor}, bars=BARS)))
        figures["four_free_answers"] = spent_ms(lambda: composer.vary(Analogy(piece, bars=BARS), 4), 5)
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
