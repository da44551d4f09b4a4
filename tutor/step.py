"""What to play next, as a value: the one thing that changes, the settings, and what is asked of the composer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lessons.analogy import Analogy, Feature
from lessons.bar_names import told_range
from lessons.score import Score
from tutor.practice import PracticeSettings


class Knob(StrEnum):
    """The one thing that changes for the next attempt."""

    NOTHING = "nothing"
    LENGTH = "length"
    HANDS = "hands"
    TEMPO = "tempo"
    GUIDANCE = "guidance"
    ANALOGUE = "analogue"


@dataclass(frozen=True, eq=False)
class Step:
    """What to do next: ``settings`` for the passage itself, and the ``analogies`` to ask for an exercise made from it,
    the best first (`tutor.analogue`).

    ``bars`` is the worst passage and ``context`` the same with the bar before, from which it is rejoined; both None
    where there is no such passage. ``reason`` is for the learner; ``advice`` says what changes.
    ``is_foreign``: what was played was hardly this piece, so nobody tells its mistakes. ``is_over``: nothing is left to
    do here; who knows the shelf says where to go on (`tutor.onward`), perhaps with another ``score``. ``instead``: what
    comes next for who does not take turns (`tutor.interleaving`).
    """

    score: Score
    reason: str
    knob: Knob
    advice: str
    settings: PracticeSettings
    bars: tuple[int, int] | None = None
    context: tuple[int, int] | None = None
    feature: Feature | None = None
    analogies: tuple[Analogy, ...] = ()
    is_foreign: bool = False
    is_over: bool = False
    instead: Step | None = None

    @property
    def analogy(self) -> Analogy | None:
        """What is asked first; None where no exercise is."""
        return self.analogies[0] if self.analogies else None

    def as_json(self) -> dict[str, Any]:
        """The step as plain JSON values; ``analogy`` without the weights that will answer it."""
        return {
            "piece": {"title": self.score.title, "digest": self.score.digest},
            "bars": list(self.bars) if self.bars else None,
            "reason": self.reason,
            "feature": self.feature,
            "analogy": self.analogy.provenance("") if self.analogy else None,
            "knob": self.knob,
            "advice": self.advice,
            "settings": self.settings.named(self.score),
        } | told_range(self.score, self.bars)
