"""Patterns for a left hand: how it plays a chord, in the metre of the piece and where the hand was.

A pattern strikes when the harmony moves, keeps below the right hand, and puts no close third into the low register.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import Style, styles_for
from lessons.harmony import classes_of
from lessons.score import LEFT, RIGHT, Score
from models.closing import LOWEST_BASS, close_of
from models.donors import within_chords
from models.layout import within
from models.line import EPSILON, nearest
from models.two_hands import HAND_SPAN

FIFTH = 6  # semitones from which an interval over the bass is clear in any register
FULL = 3  # voices
DISTANT, INVERTED, THIN, WIDE, PARALLEL, UNPLAYABLE = 0.25, 2.0, 4.0, 3.5, 6.0, 99.0  # costs; the first each semitone
STAMMERS = 2  # times as bad is a voice that lacks in a figure: another one is struck for it
MUDDY = 46  # below B flat 2 thirds over the bass are heard as noise, so the third sounds an octave higher or not at all


@dataclass(frozen=True)
class Pattern:
    """How a hand plays a chord: strokes of (place, length, voice), in beats, again every ``cycle`` beats.

    Voice 0 is the bass; a cycle of 0 is one stroke as long as the chord. A ``wide`` one lies over more than an octave,
    and may have other strokes for a ``short`` chord, of half a cycle.
    """

    cycle: float
    strokes: tuple[tuple[float, float, int], ...]
    wide: bool = False
    short: tuple[tuple[float, float, int], ...] = ()


def one_by_one(length: float, *voices: int) -> tuple[tuple[float, float, int], ...]:
    """Voices struck one after the other, each as long as the next one waits."""
    return tuple((place * length, length, voice) for place, voice in enumerate(voices))


STEPS = Pattern(1.0, ((0, 1, 0),))  # of a walking bass, whose keys `models.walking` finds
BLOCK = Pattern(0.0, ((0, 0, 0), (0, 0, 1), (0, 0, 2)))
SINGLE = Pattern(0.0, ((0, 0, 0),))
HELD = Pattern(0.0, ((0, 0, 2), (0, 0, 1), (0, 0, 0)))
IN_TWO: dict[str, Pattern] = {
    Style.SINGLE: SINGLE,
    Style.BLOCK: BLOCK,
    Style.HYMN: Pattern(2.0, ((0, 1, 0), (0, 1, 2), (1, 1, 1), (1, 1, 2))),
    Style.BASS_AND_CHORD: Pattern(2.0, ((0, 1, 0), (1, 1, 1), (1, 1, 2))),
    Style.BROKEN: Pattern(2.0, one_by_one(0.5, 0, 1, 2, 1)),
    Style.ALBERTI: Pattern(2.0, one_by_one(0.5, 0, 2, 1, 2)),
    Style.ARPEGGIO: Pattern(4.0, one_by_one(0.5, 0, 1, 2, 3, 2, 1, 2, 1), True, one_by_one(0.5, 0, 1, 3, 1)),
    Style.TENTHS: Pattern(4.0, one_by_one(1.0, 0, 3, 1, 3), wide=True),
    Style.BALLAD: Pattern(4.0, ((0, 0.5, 0), (0.5, 0.5, 1), (1, 1, 3), (2, 1, 2), (3, 1, 1)), wide=True),
    Style.MARCH: Pattern(4.0, ((0, 1, 0), (1, 1, 2), (1, 1, 3), (2, 1, 1), (3, 1, 2), (3, 1, 3)), wide=True),
    Style.WALKING: STEPS,
}
IN_THREE: dict[str, Pattern] = {
    Style.SINGLE: SINGLE,
    Style.BLOCK: BLOCK,
    Style.HYMN: Pattern(3.0, ((0, 2, 0), (0, 2, 2), (2, 1, 1), (2, 1, 2))),
    Style.WALTZ: Pattern(3.0, ((0, 1, 0), (1, 1, 1), (1, 1, 2), (2, 1, 1), (2, 1, 2))),
    Style.BROKEN: Pattern(3.0, one_by_one(1.0, 0, 1, 2)),
    Style.ARPEGGIO: Pattern(3.0, one_by_one(0.5, 0, 1, 2, 3, 2, 1), wide=True),
    Style.TENTHS: Pattern(3.0, one_by_one(1.0, 0, 3, 1), wide=True),
    Style.BALLAD: Pattern(3.0, ((0, 0.5, 0), (0.5, 0.5, 1), (1, 2, 3)), wide=True),
    Style.WALKING: STEPS,
}
COMPOUND: dict[str, Pattern] = {
    Style.SINGLE: SINGLE,
    Style.BLOCK: BLOCK,
    Style.HYMN: Pattern(3.0, ((0, 1.5, 0), (0, 1.5, 2), (1.5, 1.5, 1), (1.5, 1.5, 2))),
    Style.ROCKING: Pattern(1.5, ((0, 0.5, 0), (0.5, 1, 1), (0.5, 1, 2))),
    Style.BROKEN: Pattern(1.5, one_by_one(0.5, 0, 1, 2)),
    Style.ARPEGGIO: Pattern(3.0, one_by_one(0.5, 0, 1, 2, 3, 2, 1), wide=True),
    Style.TENTHS: Pattern(1.5, ((0, 0.5, 0), (0.5, 1, 3)), wide=True),
    Style.BALLAD: Pattern(3.0, ((0, 0.5, 0), (0.5, 0.5, 1), (1, 2, 3)), wide=True),
}
PLAIN = (Style.BLOCK, Style.BASS_AND_CHORD, Style.BROKEN, Style.ALBERTI, Style.WALTZ, Style.ROCKING)


@dataclass(frozen=True)
class Outer:
    """The outer voices as a chord begins, as pitches."""

    top: int | None = None
    bass: int = 0

    def parallel(self, top: int | None, bass: int) -> bool:
        """Whether fifths or octaves run in parallel from here to these."""
        if self.top is None or top is None or (top - self.top) * (bass - self.bass) <= 0:
            return False
        return (top - bass) % 12 == (self.top - self.bass) % 12 and (top - bass) % 12 in (0, 7)


def lasting(score: Score, chords: NDArray[np.void]) -> NDArray[np.void]:
    """The chords with neighbours of one root in one bar made one: a hand strikes when the harmony moves."""
    kept: list[np.void] = []
    bar_of = np.searchsorted(score.bars["start_beat"], chords["start_beat"] + EPSILON, side="right")
    for index, chord in enumerate(chords):
        same_bar = index > 0 and bar_of[index] == bar_of[index - 1]
        if same_bar and kept[-1]["root"] == chord["root"] and kept[-1]["end_beat"] > chord["start_beat"] - EPSILON:
            kept[-1]["end_beat"] = chord["end_beat"]
        else:
            kept.append(chord.copy())
    return np.array(kept, dtype=chords.dtype)


def patterned(score: Score, chords: NDArray[np.void], pattern: str, start: float, end: float) -> Score:
    """The score whose left hand, in [start, end), plays a pattern of the chords where it played, below the right.

    At the end of the piece it holds the last harmony until the tune ends.
    """
    notes = score.notes
    left, right = notes[notes["hand"] == LEFT], notes[notes["hand"] == RIGHT]
    rest = close_of(score, right, chords) if len(right) and end >= score.end_beat - EPSILON else (np.inf, np.inf)
    rows: list[np.void] = []
    covered, outer = np.zeros(len(notes), dtype=np.bool_), Outer()
    for chord in lasting(score, chords[within_chords(chords, start, end)]):
        span = (float(chord["start_beat"]), min(end, float(chord["end_beat"])))
        here, over = sounding(left, *span), sounding(right, *span)
        if not len(here):
            continue
        ceiling, top = int(over["pitch"].min(initial=127)), top_at(right, span[0])
        for (begin, until), figure in closed(span, patterns_for(score.metre_at(span[0]))[pattern], rest):
            settled = begin <= start + EPSILON or figure is HELD
            voices = _voices(chord, int(here["pitch"].min()), ceiling, figure in (BLOCK, HELD), outer, top, settled)
            rows += _figure(here[0], voices, (begin, until), figure)
            outer = Outer(top, voices[0])
        covered |= within(notes, *span)
    kept = notes[~(covered & (notes["hand"] == LEFT))]
    held = (kept["hand"] == LEFT) & (kept["onset_beat"] < start) & (kept["onset_beat"] + kept["duration_beat"] > start)
    kept["duration_beat"][held] = start - kept["onset_beat"][held]
    return score.with_notes(np.concatenate([kept, np.array(rows, dtype=notes.dtype)]))


def closed(
    span: tuple[float, float], pattern: Pattern, rest: tuple[float, float]
) -> list[tuple[tuple[float, float], Pattern]]:
    """What a hand plays in a chord's span: the pattern, and from where the piece comes to ``rest`` one held stroke."""
    moving = [((span[0], min(span[1], rest[0])), pattern)] if span[0] < rest[0] - EPSILON else []
    return [*moving, (rest, HELD)] if span[0] < rest[0] + EPSILON < span[1] else moving


def top_at(tune: NDArray[np.void], beat: float) -> int | None:
    """The highest key of a tune that is held at a position in beats; None in a rest."""
    keys = sounding(tune, beat, beat + 2 * EPSILON)["pitch"]
    return int(keys.max()) if len(keys) else None


def sounding(notes: NDArray[np.void], start: float, end: float) -> NDArray[np.void]:
    """The notes that are heard somewhere in [start, end)."""
    heard: NDArray[np.void] = notes[
        (notes["onset_beat"] < end - EPSILON) & (notes["onset_beat"] + notes["duration_beat"] > start + EPSILON)
    ]
    return heard


def _figure(like: np.void, voices: list[int], span: tuple[float, float], pattern: Pattern) -> list[np.void]:
    """The notes of a pattern of some voices in a span."""
    length = span[1] - span[0]
    notes: dict[tuple[float, int], np.void] = {}
    for turn in range(int(np.ceil(length / pattern.cycle - EPSILON)) if pattern.cycle else 1):
        for place, share, voice in pattern.strokes:
            onset = turn * pattern.cycle + place
            if onset > length - EPSILON:
                continue
            note = like.copy()
            note["onset_beat"] = span[0] + onset
            note["duration_beat"] = min(share, length - onset) if pattern.cycle else length
            note["pitch"], note["step"], note["alter"] = voices[min(voice, len(voices) - 1)], "", 0
            note["finger"], note["finger_confidence"] = 0, 0.0
            notes[onset, int(note["pitch"])] = note
    return list(notes.values())


def _voices(
    chord: np.void, near: int, ceiling: int, together: bool, outer: Outer, top: int | None, settled: bool
) -> list[int]:
    """Bass, and two tones above it, near a pitch and below the ceiling; no fifths or octaves in parallel with the top.

    The bass is the root, or the third where the root would run in parallel and the music is not ``settled``.
    """
    steps = _triad(chord)
    thirds = [] if settled or len(steps) < FULL or steps[1] >= FIFTH else [steps[1]]
    found: list[tuple[float, list[int]]] = []
    for step in [0, *thirds]:
        lowest = nearest(near, 1 << (int(chord["root"]) + step) % 12)
        above = sorted((other - step) % 12 or 12 * (other > step) for other in steps)
        for bass in {lowest, lowest - 12, lowest + 12}:
            keys = _stacked(bass, above, ceiling, together)
            cost = DISTANT * abs(bass - near) + INVERTED * (step > 0)
            cost += THIN * (len(steps) - len(keys)) * (1 if together else STAMMERS)
            cost += WIDE * (not together and (step > 0 or keys[-1] - keys[0] > HAND_SPAN))
            cost += PARALLEL * outer.parallel(top, bass) + (UNPLAYABLE if bass < LOWEST_BASS or bass >= ceiling else 0)
            found.append((cost, keys))
    return min(found)[1]


def _triad(chord: np.void) -> list[int]:
    """The steps of a chord's triad above its root; a chord without a third is left open, whatever hangs over it."""
    above = {(tone - int(chord["root"])) % 12 for tone in classes_of(chord["tones"])}
    if not above & {3, 4}:
        return [0, 7, 12]
    return sorted(above | {0})[:FULL] if 7 not in above else [0, 4 if 4 in above else 3, 7]


def _stacked(bass: int, above: list[int], ceiling: int, together: bool) -> list[int]:
    """Keys over a bass; over a low one what is close goes an octave higher if it fits, or away if struck together."""
    keys = []
    for step in above:
        close = bass < MUDDY and 0 < step < FIFTH
        if close and bass + step + 12 < ceiling and not together:
            keys.append(bass + step + 12)
        elif bass + step < ceiling and not (close and together):
            keys.append(bass + step)
    return [bass, *sorted(key for key in set(keys) if key != bass)]


def patterns_for(metre: tuple[int, int]) -> dict[str, Pattern]:
    """The patterns that suit a metre, by the names of their styles."""
    styles = styles_for(metre)
    return next(patterns for patterns in (IN_TWO, IN_THREE, COMPOUND) if tuple(patterns) == styles)
