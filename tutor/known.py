"""How much of a piece somebody knows: of all its notes, in both hands, those that were right when last played.

A take of some bars or of one hand says nothing of the others: what was never reached is not known. Repeats that the
latest whole take left out are not asked for, and what was struck beside the written notes counts against, as in a
report (`tutor.evidence`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons.errors import InputError
from tutor.journal.entries import TakeEntry
from tutor.practice import Hands, PracticeSettings

NOTES_IN_PIECE = "notes_in_piece"  # in an assessment: how many notes are written for all that the player has to play
Note = tuple[float, int, str | None]  # onset in beats, pitch, hand


def known_share_of_newest(entries: Iterable[TakeEntry]) -> float:
    """The share of a piece that is known by its takes, newest first; of its newest score, if it had several."""
    judged = [entry for entry in entries if entry.assessment]
    return known_share([entry for entry in judged if entry.score_digest == judged[0].score_digest])


def known_share(entries: Sequence[TakeEntry]) -> float:
    """The share of a piece that is known after these judged takes of it, newest first; 0 without takes."""
    verdicts: dict[Note, bool] = {}
    extra: dict[int, int] = {}
    for entry in entries:
        assessment = entry.assessment or {}
        for note, is_right in _latest(assessment).items():
            verdicts.setdefault(note, is_right)
        for bar, count in _extras(assessment).items():
            extra.setdefault(bar, count)
    asked, total = _asked(entries)
    right = sum(is_right for note, is_right in verdicts.items() if not asked or note in asked)
    return right / (total + sum(extra.values())) if total else 0.0


def reached_bars(assessment: Mapping[str, Any]) -> tuple[int, int, int] | None:
    """The first and the last bar that a take reached, and the last one that there is; None where it reached none."""
    bars = [int(bar["bar"]) for bar in assessment["bars"]]
    reached = [int(note["bar"]) for note in assessment["notes"] if note.get("reached", True)]
    return (min(reached), max(reached), max(bars)) if reached else None


def went_to_the_end(assessment: Mapping[str, Any]) -> bool:
    """Whether a take reached the last bar in which anything was to be played: rests may follow."""
    notes = assessment["notes"]
    reached = max((int(note["bar"]) for note in notes if note.get("reached", True)), default=0)
    return bool(notes) and reached == max(int(note["bar"]) for note in notes)


def share_named(notes: NDArray[np.void], assessment: Mapping[str, Any]) -> float:
    """The share of the notes that a take was judged by which are among these of a score; 0 where it names none."""
    written = {(round(float(note["onset_beat"]), 3), int(note["pitch"])) for note in notes}
    judged = {(note.get("onset_beat"), note.get("pitch")) for note in assessment.get("notes", ())}
    return len(judged & written) / len(judged) if judged else 0.0


def written_notes(settings: PracticeSettings, hands: Iterable[int]) -> int:
    """How many of the notes of a piece, by their ``hands``, its player has to play."""
    wanted = settings.hands.played() if settings.one_line else Hands.BOTH.played()
    return sum(hand in wanted for hand in hands)


def _asked(entries: Sequence[TakeEntry]) -> tuple[frozenset[Note], int]:
    """The notes that the newest whole take asked for, and how many; none but a number where there is none."""
    for entry in entries:
        if entry.assessment and _is_whole(entry):
            notes = frozenset(_note(note) for note in entry.assessment["notes"])
            return notes, len(notes)
    written = max((int((entry.assessment or {}).get(NOTES_IN_PIECE, 0)) for entry in entries), default=0)
    seen = {_note(note) for entry in entries for note in (entry.assessment or {"notes": ()})["notes"]}
    return frozenset(), max(written, len(seen))


def _is_whole(entry: TakeEntry) -> bool:
    """Whether a take asked for all that its player has to play: all bars, by both hands or as an instrument's line."""
    try:
        settings = PracticeSettings.from_json(entry.settings)
    except InputError:
        return False
    return settings.bars is None and (settings.hands is Hands.BOTH or settings.one_line)


def _latest(assessment: Mapping[str, Any]) -> dict[Note, bool]:
    """Whether each note that was reached was right, the last time through."""
    reached = [note for note in assessment.get("notes", ()) if note.get("reached", True)]
    return {_note(note): note["verdict"] == "hit" for note in sorted(reached, key=_order)}


def _order(note: Mapping[str, Any]) -> int:
    return int(note.get("in_pass", 0))


def _extras(assessment: Mapping[str, Any]) -> dict[int, int]:
    """How many keys were struck beside the written notes in each bar, the last time through it."""
    last: dict[int, int] = {}
    for note in assessment.get("notes", ()):
        if note.get("reached", True):
            last[int(note["bar"])] = max(last.get(int(note["bar"]), 0), _order(note))
    return {bar: sum(_is_in(stray, bar, at) for stray in assessment.get("extra", ())) for bar, at in last.items()}


def _is_in(stray: Mapping[str, Any], bar: int, time_through: int) -> bool:
    return int(stray.get("bar", 0)) == bar and _order(stray) == time_through


def _note(note: Mapping[str, Any]) -> Note:
    return float(note["onset_beat"]), int(note["pitch"]), note.get("hand")
