"""How well in tune a line was: cents of its right notes against the tuning found, in one plain line for the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean, median, pstdev
from typing import Any

from lessons.note_names import Naming, called, class_name

TUNED_PITCH = 69  # A, to which one tunes
IN_TUNE_CENTS, FAR_CENTS, LEAST_NOTES = 8.0, 25.0, 4


@dataclass(frozen=True)
class Intonation:
    """What A is tuned to, and the cents of each note of a take by its index; ``tuned``: by an instrument, no voice."""

    tuning_hertz: float
    cents: tuple[float, ...]
    tuned: bool = True

    def as_json(self, assessment: Mapping[str, Any]) -> dict[str, Any]:
        """Of the right notes: mean and spread in cents, and each note with its place and pitch."""
        right = self._right(assessment)
        cents = [said for _, _, said in right]
        return {
            "tuning_hertz": round(self.tuning_hertz, 2),
            "mean_cents": round(fmean(cents), 1) if cents else None,
            "spread_cents": round(pstdev(cents), 1) if cents else None,
            "notes": [{"onset_beat": beat, "pitch": pitch, "cents": round(said, 1)} for beat, pitch, said in right],
        }

    def in_words(self, assessment: Mapping[str, Any], naming: Naming = Naming.NONE) -> str:
        """One line, with notes called as somebody chose; '' where too few notes were right to tell."""
        right = self._right(assessment)
        if len(right) < LEAST_NOTES:
            return ""
        middle = median(cents for *_, cents in right)
        found = (
            f"{class_name(TUNED_PITCH, naming or Naming.LETTERS)} = {self.tuning_hertz:.0f} Hz; " if self.tuned else ""
        )
        whole = _way(middle) if abs(middle) > IN_TUNE_CENTS else "in tune"
        pitch, worst = self._worst(right)
        tail = f"; {called(pitch, naming=naming)} most of all: {_way(worst)}" if abs(worst) >= FAR_CENTS else ""
        return f"Intonation: {found}on the whole {whole}{tail}."

    def _right(self, assessment: Mapping[str, Any]) -> list[tuple[float, int, float]]:
        """(place, pitch, cents) of the right notes."""
        return [
            (note["onset_beat"], note["pitch"], self.cents[note["played"]])
            for note in assessment["notes"]
            if note["verdict"] == "hit" and note["played"] is not None and note["played"] < len(self.cents)
        ]

    def _worst(self, right: list[tuple[float, int, float]]) -> tuple[int, float]:
        """The pitch that is farthest from in tune, by the median of its notes."""
        pitches = {pitch: median(cents for _, one, cents in right if one == pitch) for _, pitch, _ in right}
        return max(pitches.items(), key=lambda pair: abs(pair[1]))


def _way(cents: float) -> str:
    return f"{abs(cents):.0f} cents too {'high' if cents > 0 else 'low'}"
