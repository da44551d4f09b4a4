"""A motif as bars of scale degrees, which can be moved within the key.

A degree counts scale steps from a tonic near middle C: 0 is that tonic, 7 its octave, -1 the step below. What the
scale does not hold is a degree with an alteration in semitones; minor is the natural scale. A note belongs to the bar
in which it begins and may sound on over the next ones: a bar in which none begins is held, or a rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import MOTIF_BARS
from lessons.errors import ComposerError
from lessons.harmony import Key, score_key
from lessons.modes import MODES
from lessons.score import RIGHT, Score
from models.layout import bar_length, within
from models.line import EPSILON, cut_overlaps, line_mask

MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
OCTAVE_DEGREES = 7
LOWEST = 52  # E3: the lowest note of a motif that a left hand fits below


@dataclass(frozen=True)
class Tone:
    """A note of a bar: its place and length in beats, and its degree."""

    place: float
    length: float
    degree: int
    alter: int = 0


Bar = tuple[Tone, ...]


@dataclass(frozen=True, eq=False)
class Motif:
    """What a song grows from: full bars, and the pickup before them (places below zero)."""

    key: Key
    metre: tuple[int, int]
    bars: tuple[Bar, ...]
    pickup: Bar = ()
    fifths: int = 0  # sharps (positive) or flats of the page
    mode: str = ""  # a church mode

    @property
    def bar_beats(self) -> float:
        """The length of a bar in beats."""
        return self.metre[0] * 4.0 / self.metre[1]

    @property
    def beat(self) -> float:
        """The length of a beat in quarters: a dotted one in compound time."""
        return 1.5 if self.metre[1] == 8 and self.metre[0] % 3 == 0 else 1.0

    @property
    def pickup_beats(self) -> float:
        """The length of the pickup in beats."""
        return -min((tone.place for tone in self.pickup), default=0.0)

    @property
    def scale(self) -> tuple[int, ...]:
        """Semitones above the tonic."""
        return scale_of(self.key, self.mode)

    @property
    def tones(self) -> Bar:
        """All notes, in order."""
        return (*self.pickup, *(tone for bar in self.bars for tone in bar))


def motif_of(score: Score) -> Motif:
    """The motif that a score holds: its tune. Raises ComposerError for none, or one of more than `MOTIF_BARS` bars."""
    line = cut_overlaps(score.notes[line_mask(score)])
    if not len(line):
        raise ComposerError("the motif has no notes")
    metre, length = score.metre_at(0.0), bar_length(score)
    key = _home(score_key(score.with_notes(_for_right(line))), score.mode)
    begun = round(float(np.ceil((line["onset_beat"][-1] + EPSILON) / length)))
    if begun > MOTIF_BARS:
        raise ComposerError(f"the motif has {begun} bars; a song grows from 1 to {MOTIF_BARS}")
    if begun < 1:
        raise ComposerError("the motif has a pickup only; it needs a full bar")
    held = (line["onset_beat"][-1] + line["duration_beat"][-1] - EPSILON) / length
    count = min(MOTIF_BARS, max(begun, round(float(np.ceil(held)))))
    mode = score.mode
    bars = tuple(
        _bar(line[within(line, at * length, (at + 1) * length)], at * length, key, mode) for at in range(count)
    )
    if not bars[0]:
        raise ComposerError("nothing begins in the motif's first bar; let it begin where the tune does")
    fifths = int(score.keys["fifths"][0]) if len(score.keys) else key.fifths
    return Motif(key, metre, bars, _bar(line[line["onset_beat"] < -EPSILON], 0.0, key, mode), fifths, mode)


def _for_right(line: NDArray[np.void]) -> NDArray[np.void]:
    """The line as a tune, whichever hand plays it."""
    tune = line.copy()
    tune["hand"] = RIGHT
    return tune


def _home(key: Key, mode: str) -> Key:
    """The tonic of a church mode on the signature of a key, or the key itself."""
    if not mode:
        return key
    return Key((key.tonic + MODES[mode].above) % 12, MODES[mode].minor)


def _bar(notes: NDArray[np.void], start: float, key: Key, mode: str) -> Bar:
    return tuple(
        Tone(
            round(float(note["onset_beat"]) - start, 4),
            float(note["duration_beat"]),
            *degree_of(int(note["pitch"]), key, mode),
        )
        for note in notes
    )


def scale_of(key: Key, mode: str) -> tuple[int, ...]:
    """Semitones above the tonic."""
    return MODES[mode].scale if mode else MINOR if key.minor else MAJOR


def degree_of(pitch: int, key: Key, mode: str = "") -> tuple[int, int]:
    """(degree, alteration) of a pitch."""
    octave, above = divmod(pitch - home(key), 12)
    scale = scale_of(key, mode)
    step = max(step for step, tone in enumerate(scale) if tone <= above)
    return OCTAVE_DEGREES * octave + step, above - scale[step]


def pitch_of(degree: int, alter: int, key: Key, mode: str = "") -> int:
    """The pitch of a degree."""
    octave, step = divmod(degree, OCTAVE_DEGREES)
    return home(key) + 12 * octave + scale_of(key, mode)[step] + alter


def home(key: Key) -> int:
    """The pitch of degree 0: the tonic from F sharp 3 to F 4."""
    return 54 + (key.tonic - 54) % 12


def lifted(motif: Motif) -> tuple[Motif, int]:
    """The motif as many octaves higher as a left hand needs to fit below it, and how many these are."""
    lowest = min(pitch_of(tone.degree, tone.alter, motif.key, motif.mode) for tone in motif.tones)
    octaves = max(0, -((lowest - LOWEST) // 12))
    bars = tuple(_higher(bar, octaves) for bar in motif.bars)
    return replace(motif, bars=bars, pickup=_higher(motif.pickup, octaves)), octaves


def _higher(bar: Bar, octaves: int) -> Bar:
    return tuple(replace(tone, degree=tone.degree + OCTAVE_DEGREES * octaves) for tone in bar)


def moved(bar: Bar, steps: int, scale: tuple[int, ...]) -> Bar:
    """The notes some steps of a scale higher; of alterations only chromatic steps move along, where there is room."""
    if steps == 0:
        return bar
    heights = [_height(tone.degree, scale) + tone.alter for tone in bar]
    found = []
    for index, tone in enumerate(bar):
        degree = tone.degree + steps
        chromatic = all(abs(heights[at] - heights[index]) == 1 for at in (index - 1, index + 1) if 0 <= at < len(bar))
        room = _height(degree + 1, scale) - _height(degree, scale) == 2
        leads = scale == MINOR and tone.degree % OCTAVE_DEGREES == 6  # the leading note is its key's own
        found.append(replace(tone, degree=degree, alter=tone.alter if chromatic and room and not leads else 0))
    return tuple(found)


def _height(degree: int, scale: tuple[int, ...]) -> int:
    """Semitones above the tonic."""
    octave, step = divmod(degree, OCTAVE_DEGREES)
    return 12 * octave + scale[step]


def inverted(bar: Bar, steps: int) -> Bar:
    """The notes with their contour turned over around the first one, some steps higher."""
    first = bar[0].degree
    return tuple(replace(tone, degree=2 * first - tone.degree + steps, alter=0) for tone in bar)
