"""Where a take begins: at the bar where the page stands, chosen by a click, the arrows or scrolling."""

from __future__ import annotations

from dataclasses import replace

from lessons.score import Score
from tutor.practice import PracticeSettings

EDGE = 1e-6


def from_bar_at(settings: PracticeSettings, score: Score, beat: float) -> PracticeSettings:
    """The settings for a take from the bar of a position on: what lies before it is not part of the practice.

    A passage goes on to its end, from elsewhere the piece does. A loop keeps its bars, and where nothing is left to
    play all stays as it is: the take begins at the beginning.
    """
    numbers = score.bars["number"].tolist()
    if settings.loop or not numbers or beat >= score.end_beat - EDGE:
        return settings
    bar, (start, end) = int(score.bar_numbers_at(beat + EDGE)), settings.span(score)
    bars = (bar, settings.bars[1] if settings.bars and start - EDGE <= beat < end else numbers[-1])
    if not len(score.rows_of(settings.hands.played(), score.bar_range(*bars))):
        return settings
    return replace(settings, bars=None if bars == (numbers[0], numbers[-1]) else bars)
