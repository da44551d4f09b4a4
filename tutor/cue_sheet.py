"""The cues of a passage on pages of a few bars, each planned when it is first asked for.

A plan of a whole piece takes longer than a beat may be late; a page is done between two events. Places are *progress*
seconds, as in `tutor.transport`, those of a page within the first lap of a loop. What a page says at its end leaves
room for what the next one says first, and in a loop the last page for what the first says.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence

from lessons.score import Score
from tutor.cues import Cue, Guidance, Planner, apart
from tutor.metronome import Click
from tutor.transport import EDGE_SEC

PAGE_BEATS = 8.0
SEAM_SEC = 0.5
"""How far a page looks into the next one: more than the longest cue and the gap after it."""
Page = tuple[Sequence[Cue], Sequence[float]]
"""Cues in order, and their progress seconds."""


class CueSheet:
    """The cues of the passage ``span`` (beats) at ``ratio`` times its tempo.

    ``missed`` are rows of the score; whoever adds to them says so by `forget`. ``beats`` are the metronome's clicks.
    """

    def __init__(
        self,
        score: Score,
        guidance: Guidance,
        hands: Iterable[int],
        span: tuple[float, float],
        *,
        ratio: float = 1.0,
        loop: bool = False,
        missed: Collection[int] = (),
        beats: Sequence[Click] | None = None,
    ):
        self._score, self._span, self._ratio, self._loop, self._missed = score, span, ratio, loop, missed
        self._planner = Planner(score, guidance, hands, score.tempo, span, ratio, beats)
        self._edges = _page_edges(score, span)
        self._edges_sec: list[float] = score.tempo.seconds_at(self._edges).tolist()
        self._lap_sec = self._edges_sec[-1] - self._edges_sec[0]
        self._pages: dict[int, Page] = {}

    def pages(self, low_sec: float, high_sec: float) -> Iterator[tuple[int, float, Page]]:
        """The pages from one place to another, in order: lap, seconds since the first lap, page."""
        for lap in range(self._lap_of(low_sec), self._lap_of(high_sec) + 1):
            lap_sec = lap * self._lap_sec
            first = max(0, bisect_right(self._edges_sec, low_sec - lap_sec) - 1)
            last = min(len(self._edges) - 1, bisect_right(self._edges_sec, high_sec - lap_sec))
            for number in range(first, last):
                if number not in self._pages:
                    self._pages[number] = self._planned(number)
                yield lap, lap_sec, self._pages[number]

    def forget(self, rows: Iterable[int]) -> None:
        """Plan anew, when they are asked for, the pages that these rows of the score stand on or come right after."""
        for onset_sec in self._score.tempo.seconds_at(self._score.notes["onset_beat"][list(rows)]).tolist():
            number = bisect_right(self._edges_sec, onset_sec + EDGE_SEC) - 1
            self._pages.pop(number, None)
            if onset_sec - self._edges_sec[number] < SEAM_SEC * self._ratio:
                self._pages.pop(number - 1 if number or not self._loop else len(self._edges) - 2, None)

    def _lap_of(self, place_sec: float) -> int:
        """The lap of a place; 0 without a loop."""
        if not self._loop:
            return 0
        return max(0, int((place_sec - self._edges_sec[0] + EDGE_SEC) // self._lap_sec))

    def _planned(self, number: int) -> Page:
        start, end = self._edges[number : number + 2]
        cues = self._planner.cues(start, end, self._missed)
        seam, after_sec = self._after(number)
        following = self._planner.cues(*seam, self._missed)
        places: list[float] = self._score.tempo.seconds_at([cue.onset_beat for cue in (*cues, *following)]).tolist()
        shifted = [place + (after_sec if at >= len(cues) else 0.0) for at, place in enumerate(places)]
        spaced = apart([*cues, *following], [place / self._ratio for place in shifted])
        kept = [(cue, place) for cue, place in zip(spaced[: len(cues)], places, strict=False) if cue is not None]
        return tuple(cue for cue, _ in kept), tuple(place for _, place in kept)

    def _after(self, number: int) -> tuple[tuple[float, float], float]:
        """What comes right after a page, in beats, and how much later than written that is played, in seconds."""
        start, shift_sec = number + 1, 0.0
        if start == len(self._edges) - 1:
            if not self._loop:
                return (self._span[1], self._span[1]), 0.0
            start, shift_sec = 0, self._lap_sec
        reach = float(self._score.tempo.beats_at(self._edges_sec[start] + SEAM_SEC * self._ratio))
        return (self._edges[start], min(reach, self._span[1])), shift_sec


def _page_edges(score: Score, span: tuple[float, float]) -> list[float]:
    """Where pages begin, at starts of bars, and where the last one ends; in beats."""
    edges = [span[0]]
    for start in score.bars["start_beat"].tolist():
        if edges[-1] + PAGE_BEATS <= start < span[1]:
            edges.append(start)
    return [*edges, span[1]]
