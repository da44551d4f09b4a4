"""What a page says beside its notes: directions, slurs, clefs and the words of singers.

*Directions* stand at a place on a part's staff (that of a hand; `UNKNOWN_HAND` where the part has one for both), or
span from one place to another. Their ``text`` is, by ``kind``: the letters of dynamics (``mf``), words (``dolce``),
words of tempo (``Allegro``), where dashes lead both to their end; a metronome's unit and number (``half.=60``),
``crescendo`` or ``diminuendo`` of a wedge, ``sign`` or ``line`` of a pedal (released where it ends; one that begins and
ends at one place is not), ``8va`` to ``15mb`` of an octave line; a fermata has none. A *slur* goes from note to note:
position, pitch, and whether it is a grace note; of a note that is tied, the position of the tied one that it stands at.

Nothing of this is music to be heard or judged, but that nobody is told of a stop at a fermata; it goes wherever the
page goes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

DYNAMICS, WORDS, TEMPO, METRONOME = "dynamics", "words", "tempo", "metronome"
WEDGE, PEDAL, OCTAVE, FERMATA = "wedge", "pedal", "octave", "fermata"
LONGEST_TEXT = 60  # letters: what is longer is a note of the editor's
ABOVE, BELOW, ANYWHERE = 1, -1, 0

DIRECTION_DTYPE = np.dtype(
    [
        ("start_beat", "f8"),
        ("end_beat", "f8"),  # of what stands at a place the same
        ("part", "i2"),
        ("hand", "i1"),
        ("side", "i1"),  # of the staff
        ("kind", "U9"),
        ("text", f"U{LONGEST_TEXT}"),
    ]
)
SLUR_DTYPE = np.dtype(
    [
        ("start_beat", "f8"),
        ("start_pitch", "i2"),
        ("start_grace", "?"),
        ("end_beat", "f8"),
        ("end_pitch", "i2"),
        ("end_grace", "?"),
        ("part", "i2"),
        ("side", "i1"),
    ]
)
CLEF_DTYPE = np.dtype(
    [
        ("start_beat", "f8"),
        ("part", "i2"),
        ("hand", "i1"),
        ("sign", "U1"),  # G, F, C
        ("line", "i1"),
        ("octave", "i1"),  # octaves that the notes sound above what the clef would say
    ]
)
SYLLABLE_DTYPE = np.dtype(
    [
        ("onset_beat", "f8"),
        ("part", "i2"),
        ("verse", "i1"),
        ("text", "U32"),
        ("place", "U6"),  # in its word: single, begin, middle, end
        ("held", "?"),  # with a line after it
    ]
)


def _none(dtype: np.dtype[np.void]) -> NDArray[np.void]:
    return np.empty(0, dtype)


@dataclass(frozen=True, eq=False)
class PageSigns:
    """The signs of a page, each kind in order of its place; all arrays are read-only."""

    directions: NDArray[np.void] = field(default_factory=lambda: _none(DIRECTION_DTYPE))
    slurs: NDArray[np.void] = field(default_factory=lambda: _none(SLUR_DTYPE))
    clefs: NDArray[np.void] = field(default_factory=lambda: _none(CLEF_DTYPE))
    syllables: NDArray[np.void] = field(default_factory=lambda: _none(SYLLABLE_DTYPE))

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        for each in fields(self):
            getattr(self, each.name).flags.writeable = False

    def cut(self, start: float, end: float, origin: float) -> PageSigns:
        """The signs from one beat to another, counted from ``origin``.

        Spans are cut off at both ends; slurs need both their notes. A clef that is in force at the start stands there.
        """
        return PageSigns(
            _clipped(self.directions, start, end, origin),
            _whole(self.slurs, start, end, origin),
            _in_force(self.clefs, start, end, origin),
            _inside(self.syllables, start, end, origin),
        )

    def higher(self, semitones: int, parts: NDArray[np.int16]) -> PageSigns:
        """The signs of a page whose notes stand higher in these parts."""
        slurs = self.slurs.copy()
        for name in ("start_pitch", "end_pitch"):
            slurs[name] += np.where(np.isin(slurs["part"], parts), semitones, 0).astype(np.int16)
        return PageSigns(self.directions, slurs, self.clefs, self.syllables)


def _clipped(rows: NDArray[np.void], start: float, end: float, origin: float) -> NDArray[np.void]:
    spans = rows["end_beat"] > rows["start_beat"]
    reaching = spans & (rows["end_beat"] > start) & (rows["start_beat"] < end)
    standing = ~spans & (rows["start_beat"] >= start) & (rows["start_beat"] < end)
    found: NDArray[np.void] = rows[reaching | standing].copy()
    found["start_beat"] = np.maximum(found["start_beat"], start) - origin
    found["end_beat"] = np.minimum(found["end_beat"], end) - origin
    return found


def _whole(slurs: NDArray[np.void], start: float, end: float, origin: float) -> NDArray[np.void]:
    found: NDArray[np.void] = slurs[(slurs["start_beat"] >= start) & (slurs["end_beat"] < end)].copy()
    for name in ("start_beat", "end_beat"):
        found[name] -= origin
    return found


def _in_force(clefs: NDArray[np.void], start: float, end: float, origin: float) -> NDArray[np.void]:
    kept = (clefs["start_beat"] > start) & (clefs["start_beat"] < end)
    for staff in np.unique(clefs[["part", "hand"]]):
        before = (clefs[["part", "hand"]] == staff) & (clefs["start_beat"] <= start)
        kept[np.flatnonzero(before)[-1:]] = True
    found: NDArray[np.void] = clefs[kept].copy()
    found["start_beat"] = np.maximum(found["start_beat"], start) - origin
    return found


def _inside(rows: NDArray[np.void], start: float, end: float, origin: float) -> NDArray[np.void]:
    found: NDArray[np.void] = rows[(rows["onset_beat"] >= start) & (rows["onset_beat"] < end)].copy()
    found["onset_beat"] -= origin
    return found
