"""Are rounds of a practised passage followed and judged in its own bars? All of the library, clean and not: JSON.

Five rounds of bars 1, 1-2, 1-4, 3-4 and 5-8 of every piece, right hand and both, with breaths of 0, 0.15 and 0.8 s,
seeded; with ``--faults SHARE`` so many notes left out, and as many struck wrong. ``live`` is the share of right notes
that the follower called right, ``passes`` how many takes were heard as five, ``elsewhere`` how many were judged in
other bars too.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from lessons.library.shelf import pieces
from lessons.score import Score
from tutor.assess import assess
from tutor.assessing.assessment import HIT
from tutor.events import NoteOn
from tutor.follow import Follower
from tutor.performance import PLAYED_DTYPE, Performance
from tutor.practice import Hands, PracticeSettings

BARS, BREATHS, ROUNDS, FEWEST = ((1, 1), (1, 2), (1, 4), (3, 4), (5, 8)), (0.0, 0.15, 0.8), 5, 8
SPREAD_SEC = 0.01


def take_of(score: Score, settings: PracticeSettings, breath_sec: float) -> Performance:
    """The rounds."""
    (begins, ends), rng, rows = settings.span(score), np.random.default_rng(3), []
    round_sec = float(score.tempo.seconds_at(ends) - score.tempo.seconds_at(begins)) + breath_sec
    for row in score.rows_of(settings.hands.played(), (begins, ends)):
        onset, off = (float(score.tempo.seconds_at(score.notes["onset_beat"][row] + more)) for more in (0.0, 1.0))
        for lap in range(ROUNDS):
            at = 0.5 + onset - float(score.tempo.seconds_at(begins)) + lap * round_sec + rng.normal(0, SPREAD_SEC)
            rows.append((at, max(0.08, 0.9 * (off - onset)), int(score.notes["pitch"][row]), 64))
    return Performance(np.array(sorted(rows), PLAYED_DTYPE))


def with_faults(take: Performance, share: float) -> tuple[Performance, int]:
    """The take with faults, and how many of its notes are wrong."""
    rng = np.random.default_rng(5)
    fault, away = rng.random(len(take.notes)), rng.choice([-2, -1, 1, 2], len(take.notes))
    wrong, notes = (fault >= share) & (fault < 2 * share), take.notes.copy()
    notes["pitch"] += np.where(wrong, away, 0).astype("i2")
    return Performance(notes[fault >= share]), int(wrong.sum())


def loops() -> Iterator[tuple[Score, PracticeSettings]]:
    """Every passage that a piece has."""
    for piece in pieces():
        score = piece.score()
        for bars in BARS:
            for hands in (Hands.RIGHT, Hands.BOTH):
                settings = PracticeSettings(bars=bars, loop=True, hands=hands)
                if bars[1] <= score.bars["number"][-1] and settings.fits(score):
                    yield score, settings


def hits_live(score: Score, settings: PracticeSettings, take: Performance) -> int:
    """How many notes the follower calls right, revised or not."""
    span, said = settings.span(score), dict[int, str]()
    follower = Follower(score, hands=settings.hands.code, start_beat=span[0], loop=span)
    for onset, _, pitch, velocity in take.notes.tolist():
        said |= {one.index: one.verdict for one in follower.step(NoteOn(onset, pitch, velocity))}
    return sum(verdict == "hit" for verdict in said.values())


def main() -> None:
    """Play and count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faults", type=float, default=0.0)
    arguments = parser.parse_args()
    for breath_sec in BREATHS:
        takes = right = live = judged = five = elsewhere = 0
        for score, settings in loops():
            clean = take_of(score, settings, breath_sec)
            if len(clean.notes) < FEWEST:
                continue
            take, wrong = with_faults(clean, arguments.faults)
            said = assess(score, take, hands=settings.hands.code, span=settings.span(score))
            first, last = settings.bars or (0, 0)
            takes, right = takes + 1, right + len(take.notes) - wrong
            live += hits_live(score, settings, take)
            judged += len(np.unique(said.notes["played"][said.notes["verdict"] == HIT]))
            five += len(said.passes) == ROUNDS
            elsewhere += any(bar.score is not None and not first <= bar.bar <= last for bar in said.bars)
        shares = {"live": round(live / right, 4), "judged": round(judged / right, 4)}
        print(json.dumps({"breath_sec": breath_sec, "takes": takes, **shares, "passes": five, "elsewhere": elsewhere}))


if __name__ == "__main__":
    main()
