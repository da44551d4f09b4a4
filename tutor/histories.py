"""Brings what older programs kept of a piece to the identity that it has today.

They knew a piece by a digest in which guesses had their part (`lessons.identity`), and a better guess makes another.
So a piece is recognised by what was played of it as well: by takes of its name whose judgement names its notes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lessons.score import Score
from tutor.journal.journal import Journal
from tutor.known import NOTES_IN_PIECE, share_named
from tutor.practice import Hands

ALIKE = 0.9  # of the notes: a score may be read a little better than it was


def bring_forward(journal: Journal, score: Score, is_its_name: Callable[[str], bool]) -> None:
    """Have all that is kept of a piece under former identities under the one of today."""
    played = {digest for digest, title in journal.identities.former_titles().items() if is_its_name(title)}
    recognised = {digest for digest in played if _is_of(journal, digest, score)}
    for former in sorted(recognised | {score.former_digest}):
        journal.identities.bring_forward(former, score.digest)


def _is_of(journal: Journal, digest: str, score: Score) -> bool:
    """Whether what was played under an identity is this score, by the newest take that was judged."""
    for take in journal.takes(digest):
        entry = journal.entry(take.take_id) if take.is_judged else None
        if entry is not None and entry.assessment:
            return _names_notes_of(score, entry.assessment, entry.settings)
    return False


def _names_notes_of(score: Score, assessment: Mapping[str, Any], settings: Mapping[str, Any]) -> bool:
    """Whether a judgement's notes are the score's, and as many as it has where both hands were asked for."""
    count = assessment.get(NOTES_IN_PIECE) if settings.get("hands") == Hands.BOTH else None
    is_as_long = count is None or ALIKE * count <= len(score.notes) <= count / ALIKE
    return share_named(score.notes, assessment) >= ALIKE and is_as_long
