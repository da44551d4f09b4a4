"""Where else in the score somebody plays while it waits: a few whole onsets in a row, note for note, tell it.

A *run* is a stretch of onsets that what was struck last fits exactly, each with all its pitches in any order. An onset
of nothing but keys that the score waited for anyway proves nothing of a run; nor does one key struck over and over.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

ONSETS_TO_BELIEVE = 4  # struck whole, with keys that the score did not wait for
KEYS_TO_BELIEVE = 5  # that it did not wait for, among them
PITCHES_TO_BELIEVE = 3  # different ones
WATCHED = 100  # places with one key on either side: hundreds of bars, and in the longest score a key costs a moment


@dataclass(frozen=True, slots=True)
class Run:
    """What was struck last fits whole onsets before ``place``, and ``struck`` of its own pitches.

    ``proofs`` counts those onsets that prove something, ``proves`` tells whether ``struck`` does; ``stray`` counts the
    keys that the score did not wait for, and ``pitches`` are all different keys.
    """

    place: int
    struck: frozenset[int] = frozenset()
    proves: bool = False
    proofs: int = 0
    stray: int = 0
    pitches: frozenset[int] = frozenset()

    @property
    def is_believed(self) -> bool:
        """Whether somebody clearly plays here: at the end of a whole onset, with enough of them behind."""
        enough = self.proofs >= ONSETS_TO_BELIEVE and self.stray >= KEYS_TO_BELIEVE
        return not self.struck and enough and len(self.pitches) >= PITCHES_TO_BELIEVE


class Elsewhere:
    """Watches all runs through ``onsets``, the pitches of each onset in order."""

    def __init__(self, onsets: Sequence[Collection[int]]):
        self._onsets = [frozenset(pitches) for pitches in onsets]
        self._holders: dict[int, list[int]] = {}
        for place, pitches in enumerate(self._onsets):
            for pitch in pitches:
                self._holders.setdefault(pitch, []).append(place)
        self._runs: list[Run] = []

    def forget(self) -> None:
        """Begin to watch anew."""
        self._runs = []

    def strike(self, pitch: int, awaited: bool, here: int) -> None:
        """Take one struck key in; ``awaited`` says that the score, which stands ``here``, waited for it."""
        fresh = [Run(place) for place in self._near(pitch, here)]
        longest: dict[tuple[int, frozenset[int]], Run] = {}
        for run in (*self._runs, *fresh):
            if run.place < len(self._onsets) and pitch in self._onsets[run.place] - run.struck:
                gone_on = self._after(run, pitch, awaited)
                longest.setdefault((gone_on.place, gone_on.struck), gone_on)
        self._runs = sorted(longest.values(), key=lambda run: -run.stray)

    def believed(self, here: int) -> int | None:
        """The place after the run that is clearly played, the nearest to ``here`` of several; None without one."""
        places = [run.place for run in self._runs if run.is_believed]
        return min(places, key=lambda place: abs(place - here), default=None)

    def _near(self, pitch: int, here: int) -> list[int]:
        """The places with this key, in a long score those nearest to a place."""
        holders = self._holders.get(pitch, [])
        nearest = bisect_left(holders, here)
        return holders[max(0, nearest - WATCHED) : nearest + WATCHED]

    def _after(self, run: Run, pitch: int, awaited: bool) -> Run:
        run = replace(run, stray=run.stray + (not awaited), pitches=run.pitches | {pitch})
        struck, proves = run.struck | {pitch}, run.proves or not awaited
        if struck < self._onsets[run.place]:
            return replace(run, struck=struck, proves=proves)
        return replace(run, place=run.place + 1, struck=frozenset(), proves=False, proofs=run.proofs + proves)
