"""Takes of what a piece was before it was edited, the newest first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lessons.library.shelf import load
from tutor.journal.entries import TakeEntry
from tutor.namesakes import told_apart


def take(day: int, digest: str) -> TakeEntry:
    return TakeEntry(f"take-{day}", datetime(2026, 3, day, tzinfo=UTC), digest, "Hot Cross Buns", {}, 9.0, 9)


def test_takes_of_many_editions_of_a_piece_stay_in_their_order() -> None:
    score = load("hot-cross-buns")
    notes = [{"onset_beat": float(note["onset_beat"]), "pitch": int(note["pitch"])} for note in score.notes]
    before, own = [take(day, f"edition-{day}") for day in range(20, 10, -1)], take(1, score.digest)

    def judgement(_take: TakeEntry) -> Mapping[str, Any]:
        return {"notes": notes}

    assert told_apart({"buns": score}, [*before, own], judgement) == {"buns": [own, *before]}
