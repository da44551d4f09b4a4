"""A piano heard while it is played: the events that a keyboard would send, about a tenth of a second late. Causal.

A key is struck where the ear says that it begins (`tutor.listen.ear`), and it is let go where it sounds no more. What
the score has due is believed sooner than what it has not (`tutor.listen.belief`), at the latest when the rest of its
chord was heard, and notes that the program itself sounds are passed over.
Hints too faint to be told, and the sound of the last minutes where that is wanted, are kept for the second look.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np

from tutor.events import NoteOff, NoteOn
from tutor.listen.beginnings import Likelihood, Places, Seconds, Shares, likelihoods, peaks, rising, times
from tutor.listen.belief import SURE, needed
from tutor.listen.due import DueNotes
from tutor.listen.ear import BEGINS, FORCE, KEYS, LATE, LOWEST_KEY, SOUNDS, PianoEar, Said
from tutor.listen.kept_sound import KeptSound
from tutor.listen.periodicity import Sound
from tutor.listen.piano import HINT_SEC, LONGEST_SEC, Stroke
from tutor.listen.spectrum import FRAME_SEC
from tutor.listen.tuning import CONCERT_HERTZ, heard_rate

HINT = 0.002
CHORD_SEC = 0.06  # the keys of a chord are struck within
AGAIN_SEC, AGAIN_WEAK_SEC = 0.05, 0.1  # the same key cannot be struck again sooner; a hint may have come too soon
SILENT, SILENT_FRAMES = 0.3, 4
LEAST_FRAMES = 6
MOST_STROKES = 50_000  # are kept for the second look: an hour and more
SEEN = 3  # frames: the peak and one on either side


class LivePiano:
    """Turns mono sound of a piano into events; ``start_sec`` is the stamp of the first sample.

    ``ahead_beats``: how far ahead of the player it wants to know what is due. The ear knows pianos in A = 440 Hz: for
    one that is tuned otherwise it is told another rate, and its frames last so much longer.
    """

    ahead_beats = 2.5

    def __init__(
        self, rate: int, start_sec: float = 0.0, sound: KeptSound | None = None, a4_hertz: float = CONCERT_HERTZ
    ):
        told_rate = heard_rate(rate, a4_hertz)
        self._ear, self._start_sec, self._sound = PianoEar(told_rate), start_sec, sound
        self._longer = told_rate / rate
        self._frame_sec = FRAME_SEC * self._longer
        self._said = np.zeros((SEEN, KEYS, 3), np.float32)
        self._frame = -1  # the newest
        self._due: DueNotes | None = None
        self._own: frozenset[int] = frozenset()
        self._open: dict[int, Stroke] = {}
        self._silent = np.zeros(KEYS, np.intp)
        self._weak: tuple[Stroke, ...] = ()  # a chord that is heard a moment later may make them likely
        self._told: deque[Stroke] = deque(maxlen=KEYS)
        self._past: deque[Stroke] = deque(maxlen=MOST_STROKES)

    def expect(self, due: DueNotes | None) -> None:
        """Tell which notes the score has here; None where no score is played."""
        self._due = due

    def discount(self, pitches: Collection[int]) -> None:
        """Tell which pitches the program itself sounds now."""
        self._own = frozenset(pitches)

    def feed(self, block: Sound) -> list[NoteOn | NoteOff]:
        """The events that this block completes."""
        if self._sound is not None:
            self._sound.add(block)
        return self._taken_in(self._ear.feed(block))

    def finish(self) -> list[NoteOn | NoteOff]:
        """What is still in the air, and the end of what sounds."""
        events = self._taken_in(self._ear.finish())
        end = (self._frame + 1 - LATE) * self._frame_sec
        return events + [self._let_go(pitch, end) for pitch in list(self._open)]

    def all_strokes(self, shift_sec: float) -> list[Stroke]:
        """Everything heard so far, hints too, with times moved by ``shift_sec``; any thread may ask."""
        heard = [*tuple(self._past), *self._weak, *tuple(self._open.values())]
        return [replace(stroke, onset_sec=stroke.onset_sec + shift_sec) for stroke in heard]

    def _taken_in(self, said: Said) -> list[NoteOn | NoteOff]:
        events: list[NoteOn | NoteOff] = []
        for one in said:
            self._said = np.concatenate([self._said[1:], one[None]])
            self._frame += 1
            events += self._struck()
            events += self._believed()
            events += self._released(one[:, SOUNDS])
        return events

    def _struck(self) -> list[NoteOn | NoteOff]:
        """The keys whose peak was a frame ago, and those that are sure of it before it is over."""
        begins, past, now = self._said[..., BEGINS], SEEN - 2, SEEN - 1
        frames, keys = peaks(begins, past, now)
        over = self._strokes(past, keys, times(begins, frames, keys), likelihoods(begins, frames, keys))
        events = [event for stroke in over if stroke.confidence >= HINT for event in self._weighed(stroke)]
        keys, at, likely = rising(begins, now, SURE)
        for stroke in self._strokes(now, keys, at, likely):
            if stroke.confidence >= self._needed(stroke):
                events += self._weighed(stroke)
        return events

    def _strokes(self, row: int, keys: Places, at: Seconds, likely: Shares) -> Iterator[Stroke]:
        """Strokes of these keys at seconds from the oldest frame seen; the force is that of frame ``row``."""
        first_sec = (self._frame + 1 - SEEN - LATE) * self._frame_sec
        for key, onset, share in zip(keys.tolist(), at.tolist(), likely.tolist(), strict=True):
            velocity = int(np.clip(round(127 * float(self._said[row, key, FORCE])), 1, 127))
            yield Stroke(
                max(0.0, onset * self._longer + first_sec), HINT_SEC, key + LOWEST_KEY, velocity, round(share, 4)
            )

    def _weighed(self, stroke: Stroke) -> list[NoteOn | NoteOff]:
        sounding = self._open.get(stroke.pitch)
        if sounding is not None and stroke.onset_sec - sounding.onset_sec < _again_sec(sounding):  # seen once more
            self._open[stroke.pitch] = max(sounding, stroke, key=lambda one: one.confidence)
            return []
        if stroke.confidence < self._needed(stroke):
            self._weak += (stroke,)
            return []
        ended = [self._let_go(stroke.pitch, stroke.onset_sec)] if sounding else []
        self._open[stroke.pitch] = stroke
        self._told.append(stroke)
        self._silent[stroke.pitch - LOWEST_KEY] = -LEAST_FRAMES
        return [*ended, NoteOn(self._start_sec + stroke.onset_sec, stroke.pitch, stroke.velocity, stroke.confidence)]

    def _believed(self) -> list[NoteOn | NoteOff]:
        """The weak strokes that have become likely; those that are too old for that are hints."""
        weak, self._weak = self._weak, tuple[Stroke, ...]()
        events = [event for stroke in weak for event in self._weighed(stroke)]
        since = (self._frame + 1 - SEEN - LATE) * self._frame_sec - CHORD_SEC
        self._past.extend(stroke for stroke in self._weak if stroke.onset_sec < since)
        self._weak = tuple(stroke for stroke in self._weak if stroke.onset_sec >= since)
        return events

    def _needed(self, stroke: Stroke) -> float:
        """How likely a stroke must be to be told."""
        struck = {
            told.pitch
            for told in self._told
            if told.pitch != stroke.pitch and abs(told.onset_sec - stroke.onset_sec) < CHORD_SEC
        }
        return needed(stroke.pitch, self._start_sec + stroke.onset_sec, self._due, struck, self._own)

    def _released(self, sounds: Likelihood) -> list[NoteOff]:
        self._silent = np.where(sounds < SILENT, self._silent + 1, np.minimum(self._silent, 0))
        now = (self._frame + 1 - LATE) * self._frame_sec
        over = [
            pitch
            for pitch, stroke in self._open.items()
            if self._silent[pitch - LOWEST_KEY] >= SILENT_FRAMES or now - stroke.onset_sec > LONGEST_SEC
        ]
        return [self._let_go(pitch, now - SILENT_FRAMES * self._frame_sec) for pitch in over]

    def _let_go(self, pitch: int, end_sec: float) -> NoteOff:
        stroke = self._open.pop(pitch)
        length = max(self._frame_sec, end_sec - stroke.onset_sec)
        self._past.append(replace(stroke, duration_sec=length))
        return NoteOff(self._start_sec + stroke.onset_sec + length, pitch)


def _again_sec(stroke: Stroke) -> float:
    return AGAIN_SEC if stroke.confidence >= SURE else AGAIN_WEAK_SEC
