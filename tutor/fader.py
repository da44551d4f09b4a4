"""Fading in a lesson: a sink beside the one that touches, which lets each pass be led by how the last ones went.

It keeps, for the journal, at which level each pass was felt. A pass through which the glove was away, or was for the
other hand, counts as one without touch.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lessons.errors import InputError
from lessons.score import Score
from tutor.clock import Clock, stamp
from tutor.events import Event
from tutor.fading import Fading, GuidedPass, fading_after
from tutor.glove.state import Glove
from tutor.journal.entries import TakeEntry
from tutor.learner import practised
from tutor.passes import Pass, PassWatch
from tutor.practice import PracticeSettings
from tutor.sinks import FinishedTake, Sink
from tutor.touch import TouchSink
from tutor.transport import Transport
from tutor.verdicts import Judgement

if TYPE_CHECKING:
    from tutor.journal.journal import Journal

log = logging.getLogger(__name__)
REMEMBERED_TAKES = 30
LAP_END_SEC = 0.25
"""So long before a lap ends the next one is decided on, so that it is led at one level from its first note on."""

Keep = Callable[[str, Sequence[Mapping[str, Any]]], object]
Tell = Callable[[Fading], object]


class Fader(Sink):
    """Leads one session through ``touch`` (None without a glove), from where ``fading`` stands."""

    def __init__(
        self,
        score: Score,
        settings: PracticeSettings,
        fading: Fading,
        touch: TouchSink | None,
        keep: Keep | None = None,
        tell: Tell = lambda _fading: None,
    ):
        self._settings, self.fading, self._touch, self._keep, self._tell = settings, fading, touch, keep, tell
        self._watch = PassWatch(score, settings)
        self._passes: list[GuidedPass] = []
        self._transport: Transport | None = None
        self._end_beat = settings.span(score)[1]
        self._felt = False
        self._lead()

    @property
    def level(self) -> int:
        """How the hand is led now."""
        return self.fading.next_level if self._settings.fade else self._settings.guidance

    def moved(self, transport: Transport, next_rows: tuple[int, ...]) -> None:
        """Note where the score stands."""
        self._transport = transport

    def heard(self, event: Event, judgements: tuple[Judgement, ...]) -> None:
        """Count, and lead the next pass where this one is over."""
        self._take(self._watch.heard(judgements))

    def settled(self, judgements: tuple[Judgement, ...]) -> None:
        """Count what the end changed."""
        self._take(self._watch.heard(judgements))

    def ticked(self, now_sec: float) -> None:
        """Note whether the hand is touched at all; close a lap that ends without its last note."""
        self._felt = self._felt or (self._touch is not None and self._touch.is_felt)
        transport = self._transport
        if transport is not None and transport.loop and transport.running:
            end = transport.progress_of(self._end_beat, transport.lap_at(now_sec))
            if end - transport.progress_at(now_sec) < LAP_END_SEC * transport.ratio:
                self._take(self._watch.close())

    def changed(self, settings: PracticeSettings) -> None:
        """Lead as the learner wants from now on."""
        if settings.guidance != self._settings.guidance:
            self.fading = self.fading.begun_at(settings.guidance)
        self._settings = settings
        self._lead()

    def finished(self, take: FinishedTake) -> None:
        """Take in the last pass, and keep how all of them were led."""
        self._take(self._watch.close())
        if take.take_id is not None and self._keep is not None:
            self._keep(take.take_id, [played.as_json() for played in self._passes])

    def _take(self, over: Pass | None) -> None:
        if over is None:
            return
        played = GuidedPass.of(over, self.level if self._felt else 0)
        self._passes.append(played)
        self._felt = False
        if self._settings.fade or not played.level:
            self.fading = self.fading.after(played)
        self._lead()

    def _lead(self) -> None:
        if self._touch is not None:
            self._touch.use(self._settings.led_at(self.level))
        self._tell(self.fading)


def latest_takes(journal: Journal, score_digest: str) -> list[TakeEntry]:
    """The takes of a score by which a hand is led, newest first; the newest one with its assessment."""
    takes = journal.takes(score_digest, REMEMBERED_TAKES)
    return [*journal.whole(takes[:1]), *takes[1:]]


def guided(
    score: Score,
    settings: PracticeSettings,
    glove: Glove | None,
    entries: Sequence[TakeEntry],
    *,
    keep: Keep | None = None,
    tell: Tell = lambda _fading: None,
    clock: Clock = stamp,
) -> tuple[Sink, ...]:
    """The sinks that touch and fade in a session; ``entries`` are the `latest_takes` of this score."""
    fading = fading_after(_readable(reversed(entries)), settings)
    touch = None
    if glove is not None:
        missed = missed_rows(score, entries[0].assessment) if entries and entries[0].assessment else ()
        touch = TouchSink(glove, score, settings, settings.led_at(0), clock, missed)
    fader = Fader(score, settings, fading, touch, keep, tell)
    return (touch, fader) if touch is not None else (fader,)


def _readable(entries: Iterable[TakeEntry]) -> Iterator[tuple[PracticeSettings, tuple[GuidedPass, ...]]]:
    """How the takes were practised; one of another version of the program must not keep a lesson from beginning."""
    for entry in entries:
        try:
            yield practised(entry)
        except (InputError, KeyError, TypeError, ValueError) as error:
            log.info("%s: cannot be read for fading: %s", entry.take_id, error)


def missed_rows(score: Score, assessment: Mapping[str, Any]) -> tuple[int, ...]:
    """The notes of a score that went wrong in a judged take of it."""
    failed = {(note["onset_beat"], note["pitch"]) for note in assessment["notes"] if note["verdict"] != "hit"}
    places = zip(score.notes["onset_beat"].round(3).tolist(), score.notes["pitch"].tolist(), strict=True)
    return tuple(row for row, place in enumerate(places) if place in failed)
