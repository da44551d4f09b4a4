"""How a take begins: as a piece that comes on the stand is practised, and at the bar where the page stands."""

from __future__ import annotations

from dataclasses import replace

from lessons.score import Score
from tutor.practice import Mode, PracticeSettings

EDGE = 1e-6


def on_the_stand(score: Score, wanted: PracticeSettings | None, before: PracticeSettings) -> PracticeSettings:
    """How a piece is practised: as is ``wanted`` where that fits it, else like the one before, whole and at its tempo.

    Nobody begins by listening.
    """
    fitting = wanted if wanted is not None and wanted.fits(score) else None
    found = fitting or replace(wanted or replace(before, tempo_ratio=1.0), bars=None, loop=False)
    return replace(found, mode=Mode.FOLLOW) if found.mode is Mode.LISTEN else found


def needs_another_take(now: PracticeSettings, then: PracticeSettings) -> bool:
    """Whether one is to practise as in a take that began with other settings one cannot."""
    listens = then.mode is Mode.LISTEN
    return now.hands is not then.hands or (now.mode is not then.mode and not listens)


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
