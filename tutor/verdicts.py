"""What the follower says of one played note, live: a small frozen value that every sink reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Verdict = Literal["hit", "wrong", "missed", "extra"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """One played note-on as the follower understands it now; a later one with ``revised`` may replace it within 150 ms.

    ``onset_beat`` is the matched score note's place (None where there is none); a wrong note keeps the place it was
    meant for. ``position_beat`` is where the player is believed to be after this note, ``error_sec`` the onset error
    against the local tempo (late is positive), ``confidence`` 0..1 in the place. ``score_index`` is the matched note's
    row in ``score.notes``; ``missed`` are the rows given up as missed with this step; ``finger`` may be read from them.
    An extra note is no fault where it is of an ``ornament`` that is written there, or ``unasked``: the page has it
    there for the hand that is not asked for.
    """

    index: int
    time_sec: float
    pitch: int
    verdict: Literal["hit", "wrong", "extra"]
    onset_beat: float | None
    position_beat: float
    confidence: float
    error_sec: float | None = None
    score_index: int | None = None
    missed: tuple[int, ...] = ()
    lost: bool = False
    revised: bool = False
    ornament: bool = False
    unasked: bool = False
    step_ms: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """The fields of the ``follow`` stream."""
        names = (
            "index",
            "time_sec",
            "pitch",
            "verdict",
            "onset_beat",
            "position_beat",
            "confidence",
            "error_sec",
            "step_ms",
        )
        said = {name: getattr(self, name) for name in names}
        said = {name: round(value, 6) if isinstance(value, float) else value for name, value in said.items()}
        if self.lost:
            said["lost"] = True
        if self.revised:
            said["revised"] = True
        if self.ornament:
            said["ornament"] = True
        if self.unasked:
            said["unasked"] = True
        return said
