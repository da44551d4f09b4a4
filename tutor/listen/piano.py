"""A piano heard as notes: every stroke that the network hints at, with how likely it is one.

A stroke is told when `posterior.STRIDE` frames and their edges are complete, up to two seconds after it sounded: this
is half of the second look, for recordings and after a take (`tutor.listen.both_ears`). ``SURE`` separates notes from
hints; hints serve where the other ear or a score says that there should be a note (`tutor.listen.verify`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tutor.listen.periodicity import Sound
from tutor.listen.posterior import FRAME_SEC, LOWEST_KEY, OnsetNetwork, Posterior
from tutor.listen.strokes import AFTER, BEFORE, likelihood, peaks

SHIFT_SEC = 0.004  # peaks come so much after the onset, median over rendered and real pianos
SURE = 0.6
HINT = 0.005
SOUNDING = 0.3
HINT_SEC = 0.1
LONGEST_SEC = 12.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """A key going down, in seconds from the first sample; ``velocity`` is a rough guess from how it sounds."""

    onset_sec: float
    duration_sec: float
    pitch: int
    velocity: int
    confidence: float

    def stretched(self, longer: float, shift_sec: float = 0.0) -> Stroke:
        """The same where all lasts so many times as long, and was later by so much."""
        onset_sec = self.onset_sec * longer + shift_sec
        return replace(self, onset_sec=onset_sec, duration_sec=self.duration_sec * longer)


class PianoListener:
    """Turns a stream of mono sound at any rate into strokes; flat in memory but for the strokes themselves."""

    def __init__(self, rate: int):
        self._network = OnsetNetwork(rate)
        self._onset = self._note = np.zeros((0, 88))
        self._first = self._decided = 0  # frames: of the kept posterior's first row, and up to which all is decided
        self._open: dict[int, Stroke] = {}
        self.strokes: list[Stroke] = []

    def feed(self, block: Sound) -> None:
        """Hear one more block."""
        for onset, note in self._network.feed(block):
            self._take_in(onset, note, last=False)

    def finish(self) -> list[Stroke]:
        """The end of the sound; all strokes by (onset, pitch)."""
        for onset, note in self._network.finish():
            self._take_in(onset, note, last=False)
        self._take_in(np.zeros((0, 88)), np.zeros((0, 88)), last=True)
        self.strokes += self._open.values()
        self._open = {}
        self.strokes.sort(key=lambda stroke: (stroke.onset_sec, stroke.pitch))
        return self.strokes

    def _take_in(self, onset: Posterior, note: Posterior, last: bool) -> None:
        self._onset, self._note = np.concatenate([self._onset, onset]), np.concatenate([self._note, note])
        end = self._first + len(self._onset) - (0 if last else AFTER)
        frames, keys = peaks(self._onset)
        fresh = (frames + self._first >= self._decided) & (frames + self._first < end)
        frames, keys = frames[fresh], keys[fresh]
        likely = likelihood(self._onset, self._note, frames, keys)
        for frame, key, share in zip(frames.tolist(), keys.tolist(), likely.tolist(), strict=True):
            if share >= HINT:
                self._add(frame, key, share)
        self._end_notes(end)
        self._decided = max(self._decided, end)
        keep = max(0, self._decided - BEFORE - AFTER - self._first)
        self._onset, self._note, self._first = self._onset[keep:], self._note[keep:], self._first + keep

    def _add(self, frame: int, key: int, share: float) -> None:
        time = max(0.0, (frame + self._first) * FRAME_SEC - SHIFT_SEC)
        velocity = round(25 + 90 * float(self._note[frame : frame + AFTER, key].max()))
        stroke = Stroke(time, HINT_SEC, key + LOWEST_KEY, velocity, round(share, 4))
        if share < SURE:
            self.strokes.append(stroke)
            return
        before = self._open.pop(stroke.pitch, None)
        if before:
            self.strokes.append(replace(before, duration_sec=max(FRAME_SEC, time - before.onset_sec)))
        self._open[stroke.pitch] = stroke

    def _end_notes(self, end: int) -> None:
        """Close the notes whose key has stopped sounding before frame ``end``."""
        for pitch, stroke in list(self._open.items()):
            begun = round((stroke.onset_sec + SHIFT_SEC) / FRAME_SEC)
            first = max(begun + 3, self._decided)
            heard = self._note[first - self._first : end - self._first, pitch - LOWEST_KEY]
            quiet = np.flatnonzero(heard < SOUNDING)
            length = ((first + int(quiet[0])) if len(quiet) else end) * FRAME_SEC - stroke.onset_sec
            if len(quiet) or length > LONGEST_SEC:
                self.strokes.append(replace(self._open.pop(pitch), duration_sec=length))
            else:
                self._open[pitch] = replace(stroke, duration_sec=max(length, HINT_SEC))
