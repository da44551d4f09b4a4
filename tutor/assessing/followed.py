"""The passes of a take as the live follower hears them, without its detours, and cut where the player stumbled."""

from __future__ import annotations

from lessons.score import Score
from tutor.assessing.detours import without_detours
from tutor.assessing.passes import Pass, find_passes
from tutor.assessing.stumbles import with_stumbles
from tutor.following.places import Places
from tutor.performance import Performance


def followed(
    score: Score, performance: Performance, hands: int | None, span: tuple[float, float] | None = None
) -> tuple[Places, list[Pass]]:
    """The places of a score, or of a ``span`` of it, for these hands (None: both), and the passes of a take there."""
    places, passes = find_passes(score, performance, hands, span)
    usual_period = usual_period_of(score)
    passes = without_detours(places, passes, performance, usual_period)
    return places, with_stumbles(places, passes, performance, usual_period)


def usual_period_of(score: Score) -> float:
    """Seconds a beat in which the score begins."""
    return 60.0 / score.tempo.bpm_at(0.0)
