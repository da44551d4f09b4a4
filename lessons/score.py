"""A score: a piece as written, with its repeats unfolded, as read-only arrays.

Every view of a piece (roll, follower, report, composer) uses this one timeline. Bars are counted along it: bar 1 is the
first full bar, a pickup is bar 0, and a bar that is played twice has two numbers; ``written`` keeps the number that the
printed page shows, and people read bars by that (`lessons.bar_names`).
Hands are `LEFT`, `RIGHT` or `UNKNOWN_HAND`; fingers are 1 (thumb) to 5, 0 where nobody said, each
with a confidence in 0..1 (1 = written in the file). What others play beside the learner is the ``backing``
(`lessons.parts` says whose notes are whose), and always stands where it sounds, even where the learner reads a
transposing part (`lessons.transposition`). The ``marks`` of the page, ornaments and articulations, and its other
``signs`` are no part of the identity of the music.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lessons.bar_names import BarName, names_of
from lessons.errors import InputError
from lessons.identity import content_digest_of, identity_of
from lessons.page_signs import PageSigns
from lessons.timing import TempoMap, snap

LEFT, RIGHT, UNKNOWN_HAND = 0, 1, -1
HAND_NAMES = {LEFT: "left", RIGHT: "right"}
PIANO_KEYS = (21, 108)  # the lowest and the highest

NOTE_DTYPE = np.dtype(
    [
        ("onset_beat", "f8"),
        ("duration_beat", "f8"),
        ("pitch", "i2"),
        ("velocity", "u1"),
        ("hand", "i1"),
        ("voice", "i2"),
        ("part", "i2"),
        ("finger", "i1"),
        ("finger_confidence", "f4"),
        ("step", "U1"),  # written spelling: C..B, "" where unknown
        ("alter", "i1"),
        ("grace", "?"),
    ]
)
BAR_DTYPE = np.dtype([("number", "i4"), ("written", "i4"), ("start_beat", "f8"), ("end_beat", "f8")])
METRE_DTYPE = np.dtype([("start_beat", "f8"), ("numerator", "i2"), ("denominator", "i2")])
KEY_DTYPE = np.dtype([("start_beat", "f8"), ("fifths", "i1"), ("minor", "?")])
CHORD_DTYPE = np.dtype(
    [
        ("start_beat", "f8"),
        ("end_beat", "f8"),
        ("root", "i1"),  # pitch class 0..11
        ("tones", "u2"),  # bit p is set when pitch class p belongs to the chord
        ("bass", "i1"),
    ]
)
MARK_DTYPE = np.dtype([("onset_beat", "f8"), ("pitch", "i2"), ("name", "U24")])  # at a note; named as MusicXML does
ARPEGGIO = "arpeggiate"
ORNAMENTS = ("trill-mark", "turn", "delayed-turn", "inverted-turn", "mordent", "inverted-mordent", "shake", "schleifer")
FREE_MARKS = (*ORNAMENTS, ARPEGGIO)  # when exactly such a note is struck is the player's own
SHORT_MARKS = ("staccato", "staccatissimo", "spiccato", "detached-legato")


def frozen(array: NDArray[np.void]) -> NDArray[np.void]:
    """The array, made read-only."""
    array.flags.writeable = False
    return array


def even_bars(count: int, length_beat: float, pickup_beat: float = 0.0) -> NDArray[np.void]:
    """So many bars alike (BAR_DTYPE), numbered from 1; a pickup is bar 0 before them."""
    rows = [(0, 0, -pickup_beat, 0.0)] if pickup_beat else []
    rows += [(n + 1, n + 1, n * length_beat, (n + 1) * length_beat) for n in range(count)]
    return np.array(rows, dtype=BAR_DTYPE)


def one_a_key(notes: NDArray[np.void], *apart: str) -> NDArray[np.bool_]:
    """Which notes are the first of those that share onset and key, and the fields ``apart``; graces are all kept."""
    kept: NDArray[np.bool_] = notes["grace"].copy()
    _, first = np.unique(notes[["onset_beat", "pitch", *apart, "grace"]], return_index=True)
    kept[first] = True
    return kept


def _empty(dtype: np.dtype[np.void]) -> NDArray[np.void]:
    return frozen(np.empty(0, dtype))


def _in_order(notes: NDArray[np.void]) -> NDArray[np.void]:
    """The notes at snapped positions, by onset and pitch; of one onset first the grace notes, in the order given.

    Raises InputError for a pitch that does not exist.
    """
    notes = notes.copy()
    notes["onset_beat"] = snap(notes["onset_beat"])
    notes["duration_beat"] = snap(notes["duration_beat"])
    if len(notes) and not (notes["pitch"].min() >= 0 and notes["pitch"].max() <= 127):
        raise InputError("a pitch is outside 0..127")
    height = np.where(notes["grace"], -1, notes["pitch"])
    return frozen(notes[np.lexsort((height, notes["onset_beat"]))])


@dataclass(frozen=True, eq=False)
class Score:
    """A piece as written: notes sorted by (onset_beat, pitch), grace notes first and in their order.

    All arrays are read-only, with the dtypes above.
    """

    notes: NDArray[np.void]
    bars: NDArray[np.void]
    metres: NDArray[np.void] = field(default_factory=lambda: _empty(METRE_DTYPE))
    keys: NDArray[np.void] = field(default_factory=lambda: _empty(KEY_DTYPE))
    chords: NDArray[np.void] = field(default_factory=lambda: _empty(CHORD_DTYPE))
    tempo: TempoMap = field(default_factory=TempoMap.of)
    title: str = ""
    composer: str = ""
    level: int = 0  # 1 (first lessons) .. 9; 0 = not graded
    part_names: tuple[str, ...] = ()
    backing: NDArray[np.void] = field(default_factory=lambda: _empty(NOTE_DTYPE))
    handless: tuple[int, ...] = ()  # the parts whose hands were found, as no file told them
    marks: NDArray[np.void] = field(default_factory=lambda: _empty(MARK_DTYPE))
    signs: PageSigns = field(default_factory=PageSigns)
    transpositions: tuple[int, ...] = ()  # semitones that each part is written above what sounds; () = nothing
    mode: str = ""  # the church mode that the page names with its first key, such as dorian; "" for major and minor
    written_above: int = 0  # semitones that the notes, keys and chords stand above what sounds
    labels: tuple[str, ...] = ()  # what the page calls each bar (`lessons.files.bar_labels`); () = as ``written``

    def __post_init__(self) -> None:
        """Snap positions, sort and freeze. Raises InputError for arrays of another dtype or notes out of range."""
        if self.notes.dtype != NOTE_DTYPE or self.bars.dtype != BAR_DTYPE or self.backing.dtype != NOTE_DTYPE:
            raise InputError("a score needs notes and bars with the dtypes of lessons.score")
        if len(self.labels) not in (0, len(self.bars)):
            raise InputError(f"{len(self.labels)} labels of {len(self.bars)} bars")
        object.__setattr__(self, "notes", _in_order(self.notes))
        object.__setattr__(self, "backing", _in_order(self.backing))
        for name in ("bars", "metres", "keys", "chords", "marks"):
            object.__setattr__(self, name, frozen(getattr(self, name).copy()))

    @cached_property
    def digest(self) -> str:
        """The identity of the music (`lessons.identity`)."""
        return identity_of(self)

    @cached_property
    def former_digest(self) -> str:
        """What older programs knew the score by, once it has fingers: an identity in which guesses had their part."""
        return content_digest_of(self)

    @cached_property
    def bar_names(self) -> tuple[BarName, ...]:
        """What a musician calls each bar, in their order."""
        return names_of(self.labels or map(str, self.bars["written"].tolist()))

    @cached_property
    def start_beat(self) -> float:
        """Where the music begins; negative with a pickup."""
        first_bar = float(self.bars["start_beat"][0]) if len(self.bars) else 0.0
        return min(first_bar, float(self.notes["onset_beat"][0])) if len(self.notes) else first_bar

    @cached_property
    def end_beat(self) -> float:
        """Where the last bar or the last note ends, whichever is later."""
        ends = [float(self.bars["end_beat"][-1])] if len(self.bars) else [0.0]
        if len(self.notes):
            ends.append(float((self.notes["onset_beat"] + self.notes["duration_beat"]).max()))
        return max(ends)

    @cached_property
    def onset_beats(self) -> NDArray[np.float64]:
        """The distinct onsets, ascending."""
        return np.unique(self.notes["onset_beat"])

    def bar_numbers_at(self, beats: NDArray[np.float64] | float) -> NDArray[np.int32]:
        """The bar number at each position in beats; places before the first or after the last bar get the nearest."""
        index = np.searchsorted(self.bars["start_beat"], np.asarray(beats) + 1e-9, side="right") - 1
        numbers: NDArray[np.int32] = self.bars["number"][np.clip(index, 0, len(self.bars) - 1)]
        return numbers

    def bar_range(self, first: int, last: int) -> tuple[float, float]:
        """Start and end in beats of bars ``first`` to ``last``, both included. Raises InputError outside the score."""
        numbers = self.bars["number"]
        if first > last:
            raise InputError(f"bars {first}-{last}: the first bar comes after the last")
        if first < numbers[0] or last > numbers[-1]:
            counted = ", its repeats counted" if any(name.time > 1 for name in self.bar_names) else ""
            raise InputError(f"bars {first}-{last}: this piece has bars {numbers[0]} to {numbers[-1]}{counted}")
        start = self.bars["start_beat"][np.searchsorted(numbers, first)]
        return float(start), float(self.bars["end_beat"][np.searchsorted(numbers, last)])

    def metre_at(self, beat: float) -> tuple[int, int]:
        """(numerator, denominator) at a position; 4/4 where the file says nothing."""
        if not len(self.metres):
            return 4, 4
        row = self.metres[max(0, int(np.searchsorted(self.metres["start_beat"], beat + 1e-9, side="right")) - 1)]
        return int(row["numerator"]), int(row["denominator"])

    def with_notes(self, notes: NDArray[np.void]) -> Score:
        """The same bars, metres, keys, chords, tempo and backing with other notes."""
        return replace(self, notes=notes)

    @property
    def alone(self) -> Score:
        """The score without what others play."""
        return replace(self, backing=_empty(NOTE_DTYPE)) if len(self.backing) else self

    @property
    def unsigned(self) -> Score:
        """The score without what the page says beside its notes, for notes that are no longer those of the page."""
        return replace(self, signs=PageSigns())

    def marked_rows(self, names: Collection[str]) -> NDArray[np.intp]:
        """The rows of the notes at which one of these marks stands."""
        marks = self.marks[np.isin(self.marks["name"], list(names))]
        places = set(zip(marks["onset_beat"].round(4).tolist(), marks["pitch"].tolist(), strict=True))
        notes = zip(self.notes["onset_beat"].round(4).tolist(), self.notes["pitch"].tolist(), strict=True)
        return np.array([row for row, place in enumerate(notes) if place in places], dtype=np.intp)

    def rows_of(self, hands: Collection[int], span: tuple[float, float]) -> NDArray[np.intp]:
        """The rows of what these hands strike from beat to beat, the last one not included: one row a key."""
        onset = self.notes["onset_beat"]
        inside = (onset >= span[0]) & (onset < span[1])
        rows = np.flatnonzero(inside & np.isin(self.notes["hand"], list(hands)))
        struck: NDArray[np.intp] = rows[one_a_key(self.notes[rows])]
        return struck

    def rows_of_key(self, row: int) -> NDArray[np.intp]:
        """The rows that one stroke plays: a note's own, and of another hand or voice that shares its key."""
        if self.notes["grace"][row]:
            return np.array([row], dtype=np.intp)
        alike = (self.notes["onset_beat"] == self.notes["onset_beat"][row]) & ~self.notes["grace"]
        return np.flatnonzero(alike & (self.notes["pitch"] == self.notes["pitch"][row]))

    def hands(self, *wanted: int) -> Score:
        """The score with only the notes of the wanted hands."""
        return self.with_notes(self.notes[np.isin(self.notes["hand"], wanted)])
