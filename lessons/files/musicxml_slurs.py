"""The slurs of a MusicXML part: which note each begins at, and which it goes to.

Ends are joined by their numbers, those in one voice first. One that a voice written later in the bar begins may have
ended already. A slur without an end, and one over a jump, is none.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree  # type: ignore[import-untyped]

from lessons.files.spelling import STEPS
from lessons.page_signs import ABOVE, ANYWHERE, BELOW

_SIDES = {"above": ABOVE, "over": ABOVE, "below": BELOW, "under": BELOW}
_MOST_OPEN = 64  # in a part at once


@dataclass(frozen=True)
class _End:
    """Where a slur begins or ends."""

    beat: float
    pitch: int
    grace: bool
    number: str
    voice: str
    side: int = ANYWHERE


class SlurReader:
    """Reads notes in the order of the file; ``rows`` are slurs: three fields for each end, and the side."""

    def __init__(self) -> None:
        self.rows: list[tuple[float, int, bool, float, int, bool, int]] = []
        self._open: list[_End] = []
        self._early: list[_End] = []  # ends in this bar of what has not begun

    def read_note(self, note: etree._Element, beat: float) -> None:
        """Read the slurs at a note: those that end before those that begin."""
        slurs = note.findall("notations/slur")
        pitch = pitch_of(note) if slurs else None
        if pitch is None:
            return
        grace, voice = note.find("grace") is not None, note.findtext("voice") or "1"
        for slur in sorted(slurs, key=lambda each: each.get("type") != "stop"):
            side = _SIDES.get(slur.get("placement") or slur.get("orientation") or "", ANYWHERE)
            end = _End(beat, pitch, grace, slur.get("number") or "1", voice, side)
            if slur.get("type") == "stop":
                self._stop(end)
            elif slur.get("type") == "start":
                self._start(end)

    def end_bar(self) -> None:
        """Forget the ends of what did not begin."""
        self._early.clear()

    def leap(self) -> None:
        """Forget what is open where the music jumps."""
        self._open.clear()

    def _start(self, start: _End) -> None:
        found = [end for end in self._early if end.number == start.number and end.beat > start.beat]
        if found:
            self._early.remove(found[0])
            self._join(start, found[0])
        else:
            self._open = [*self._open, start][-_MOST_OPEN:]

    def _stop(self, end: _End) -> None:
        found = [start for start in self._open if start.number == end.number and start.beat <= end.beat]
        found.sort(key=lambda start: start.voice != end.voice)
        if found:
            self._open.remove(found[0])
            self._join(found[0], end)
        else:
            self._early = [*self._early, end][-_MOST_OPEN:]

    def _join(self, start: _End, end: _End) -> None:
        if (start.beat, start.pitch, start.grace) != (end.beat, end.pitch, end.grace):
            self.rows.append(
                (start.beat, start.pitch, start.grace, end.beat, end.pitch, end.grace, start.side or end.side)
            )


def pitch_of(note: etree._Element) -> int | None:
    """The MIDI pitch of a <note>; None for a rest and where it has none that can be."""
    step, alter, octave = (note.findtext(f"pitch/{name}") for name in ("step", "alter", "octave"))
    try:
        pitch = 12 * (int(octave or "") + 1) + STEPS[(step or "").strip()] + int(float(alter or 0))
    except (KeyError, ValueError, OverflowError):
        return None
    return pitch if 0 <= pitch <= 127 else None
