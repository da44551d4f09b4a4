"""Which takes are of which piece, where several pieces go by one title.

Takes go by titles, so that a piece keeps what was played of it when its file is edited. Of two pieces with one title
each has the takes of its own notes; what was played of other notes is of the piece that they are most like.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from lessons.score import Score
from tutor.journal.entries import TakeEntry
from tutor.known import share_named

EDITED = 0.5  # of the notes by which a take was judged: with as many still there it is the same piece, edited


def told_apart(
    scores: Mapping[str, Score], takes: Sequence[TakeEntry], judgement: Callable[[TakeEntry], Mapping[str, Any]]
) -> dict[str, list[TakeEntry]]:
    """The takes of each score, by its name here: those of its own notes, then those of what it was before.

    ``takes`` are newest first; ``judgement`` reads how one was judged.
    """
    by_digest: dict[str, list[TakeEntry]] = {}
    for take in takes:
        by_digest.setdefault(take.score_digest, []).append(take)
    found = {name: list(by_digest.get(score.digest, ())) for name, score in scores.items()}
    own = {score.digest for score in scores.values()}
    for digest in [digest for digest in by_digest if digest not in own]:  # the newest first, as their takes
        name = _most_like(scores, judgement(by_digest[digest][0]))
        if name is not None:
            found[name] += by_digest[digest]
    return found


def _most_like(scores: Mapping[str, Score], assessment: Mapping[str, Any]) -> str | None:
    """The score with most of the notes that a take was judged by, whoever plays them; None where each has too few."""
    sounding = {name: np.concatenate([score.notes, score.backing]) for name, score in scores.items()}
    shares = {name: share_named(notes, assessment) for name, notes in sounding.items()}
    most = max(shares, key=lambda name: shares[name], default=None)
    return most if most is not None and shares[most] >= EDITED else None
