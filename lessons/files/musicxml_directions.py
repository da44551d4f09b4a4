"""The directions of a MusicXML part, and its fermatas: dynamics, words, tempo, wedges, pedals and octave lines.

A span without an end, or one that ends before it begins, is none; but a pedal without a release is a sign to take it,
and words whose dashes lead nowhere are words. As a file writes voice after voice, the end of a span may stand there
before its beginning, in the same bar. Where the music jumps, open spans end. Words that send the player elsewhere are
left out: repeats are written out.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from lxml import etree  # type: ignore[import-untyped]

from lessons.files.notation import TYPES
from lessons.files.repeat_signs import sends_elsewhere
from lessons.page_signs import (
    ABOVE,
    BELOW,
    DYNAMICS,
    FERMATA,
    LONGEST_TEXT,
    METRONOME,
    OCTAVE,
    PEDAL,
    TEMPO,
    WEDGE,
    WORDS,
)

LETTERS = "pmfrszn"
_DASHES = "dashes"
_MOST_AT_A_PLACE = 4  # words and dynamics of a part
_MOST = 5000  # of a part
_LEAST_STEP_BEATS = 4.0  # between metronome marks
_SIDES = {"above": ABOVE, "below": BELOW}
_UPPER = {WORDS, TEMPO, METRONOME}  # stand above where nobody says
_STANDING = {WORDS, TEMPO, PEDAL}  # are there also where they lead nowhere
_OCTAVES = {("down", "8"): "8va", ("up", "8"): "8vb", ("down", "15"): "15ma", ("up", "15"): "15mb"}
_GLYPHS = str.maketrans(
    {
        **{"\ue520": "p", "\ue521": "m", "\ue522": "f", "\ue523": "r", "\ue524": "s", "\ue525": "z", "\ue526": "n"},
        **{"\ue260": "♭", "\ue261": "♮", "\ue262": "♯"},
    }
)
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")


@dataclass(frozen=True)
class Direction:
    """What a direction says, from where to where, and on which staff."""

    start_beat: float
    end_beat: float
    staff: str
    side: int
    kind: str
    text: str


class DirectionReader:
    """Reads the directions of a part in the order of the file."""

    def __init__(self) -> None:
        self._found: list[Direction] = []
        self._open: dict[tuple[str, str], Direction] = {}
        self._early: dict[tuple[str, str], tuple[str, float]] = {}  # ends of what has not begun: staff and beat
        self._places: dict[float, int] = {}
        self._metronome = "", -math.inf  # the last mark and where it stands

    def read(self, direction: etree._Element, beat: float, divisions: float) -> None:
        """Read a <direction> that stands at a beat, but for its offset."""
        beat += _offset(direction, divisions)
        words, dashes = [], ""
        for element in direction.iterfind("direction-type/*"):
            if element.tag == "dynamics":
                self._add(direction, beat, DYNAMICS, _letters(element))
            elif element.tag == "words":
                words.append(element)
            elif element.tag == _DASHES:
                number = element.get("number") or "1"
                self._stop(direction, (_DASHES, number), beat)
                dashes = number if element.get("type") == "start" else dashes
            elif element.tag in (WEDGE, PEDAL, "octave-shift"):
                self._read_span(direction, element, beat)
        text = _plain("".join(each.text or "" for each in words))
        if text and not sends_elsewhere(direction):
            self._read_words(direction, words, text, beat, dashes)
        if not text or any(letter.isalpha() for letter in text):
            self._read_metronome(direction, beat, bool(text))

    def read_note(self, note: etree._Element, beat: float) -> None:
        """Read the fermata of a note or rest."""
        fermata = note.find("notations/fermata")
        if fermata is not None:
            side = BELOW if fermata.get("type") == "inverted" else ABOVE
            staff = note.findtext("staff") or "1"
            self._keep(Direction(beat, beat, staff, side, FERMATA, ""))

    def leap(self, beat: float) -> None:
        """End what is open where the music jumps."""
        for key in list(self._open):
            self._close(key, beat)

    def ended(self) -> list[Direction]:
        """All of them, at the end of the part."""
        return self._found + [each for each in self._open.values() if each.kind in _STANDING]

    def _add(self, direction: etree._Element, beat: float, kind: str, text: str, dashes: str = "") -> None:
        """Keep what stands at a beat; with the number of its ``dashes``, when they end."""
        if text and len(text) <= LONGEST_TEXT and self._places.get(beat, 0) < _MOST_AT_A_PLACE:
            self._places[beat] = self._places.get(beat, 0) + 1
            found = Direction(beat, beat, _staff(direction), _side(direction, kind), kind, text)
            if dashes:
                self._begin((_DASHES, dashes), found)
            else:
                self._keep(found)

    def _keep(self, found: Direction) -> None:
        if len(self._found) < _MOST:
            self._found.append(found)

    def _read_metronome(self, direction: etree._Element, beat: float, with_words: bool) -> None:
        """Read a metronome mark, unless it is a step of those by which programs slow down, or comes with a repeat."""
        text, (before, at) = _metronome(direction), self._metronome
        if text:
            self._metronome = text, beat
        if beat - at >= _LEAST_STEP_BEATS and (with_words or text != before):
            self._add(direction, beat, METRONOME, text)

    def _read_words(
        self, direction: etree._Element, words: list[etree._Element], text: str, beat: float, dashes: str
    ) -> None:
        bold = any(each.get("font-weight") == "bold" for each in words)
        printed = direction.find("direction-type/metronome") is not None
        if text and set(text) <= set(LETTERS) and _PRIVATE.search(words[0].text or ""):
            self._add(direction, beat, DYNAMICS, text)
        elif any(letter.isalpha() for letter in text) or text in ("♭", "♮", "♯"):
            self._add(direction, beat, TEMPO if bold or printed else WORDS, text, dashes)

    def _read_span(self, direction: etree._Element, element: etree._Element, beat: float) -> None:
        kind = OCTAVE if element.tag == "octave-shift" else str(element.tag)
        told, number = element.get("type") or "", element.get("number") or "1"
        key = (kind, _staff(direction) if kind == PEDAL else number)
        if told in ("stop", "change", "discontinue"):
            self._stop(direction, key, beat)
        text = _span_text(element, kind, told)
        if text:
            self._begin(key, Direction(beat, beat, _staff(direction), _side(direction, kind, text), kind, text))

    def _begin(self, key: tuple[str, str], span: Direction) -> None:
        before = self._open.get(key)
        if before is not None and before.kind in _STANDING:
            self._keep(before)
        self._open[key] = span
        staff, end_beat = self._early.pop(key, ("", -math.inf))
        if staff == span.staff and end_beat > span.start_beat:
            self._close(key, end_beat)

    def _stop(self, direction: etree._Element, key: tuple[str, str], beat: float) -> None:
        if key not in self._open:
            self._early[key] = _staff(direction), beat
        self._close(key, beat)

    def _close(self, key: tuple[str, str], beat: float) -> None:
        opened = self._open.pop(key, None)
        if opened is not None and (beat > opened.start_beat or opened.kind in (WORDS, TEMPO)):
            self._keep(replace(opened, end_beat=max(beat, opened.start_beat)))


def _span_text(element: etree._Element, kind: str, told: str) -> str:
    """What a span is called that begins with this element; nothing where none begins."""
    if kind == WEDGE:
        return told if told in ("crescendo", "diminuendo") else ""
    if kind == OCTAVE:
        return _OCTAVES.get((told, element.get("size") or "8"), "")
    return ("line" if element.get("line") == "yes" else "sign") if told in ("start", "change", "resume") else ""


def _letters(dynamics: etree._Element) -> str:
    """The letters of <dynamics>, or its other words."""
    letters = [str(each.tag) for each in dynamics if set(str(each.tag)) <= set(LETTERS)]
    return "".join(letters[:1]) or _plain(dynamics.findtext("other-dynamics") or "")


def _metronome(direction: etree._Element) -> str:
    """A direction's metronome mark as unit and number, in brackets where the page has them."""
    metronome = direction.find("direction-type/metronome")
    if metronome is None:
        return ""
    unit, number = (_plain(metronome.findtext(name) or "") for name in ("beat-unit", "per-minute"))
    if unit not in TYPES or not any(each.isdigit() for each in number):
        return ""
    text = f"{unit}{'.' * min(1, len(metronome.findall('beat-unit-dot')))}={number}"
    return f"({text})" if metronome.get("parentheses") == "yes" else text


def _plain(text: str) -> str:
    """Words in one line, with the signs of a music font that ordinary ones have."""
    return " ".join(_PRIVATE.sub("", text.translate(_GLYPHS)).split())


def _staff(direction: etree._Element) -> str:
    return (direction.findtext("staff") or "1").strip()


def _side(direction: etree._Element, kind: str, text: str = "") -> int:
    """Above or below its staff: as told, else as is the custom."""
    if kind == OCTAVE:
        return BELOW if text.endswith("b") else ABOVE
    told = _SIDES.get(direction.get("placement") or "")
    return told or (ABOVE if kind in _UPPER else BELOW)


def _offset(direction: etree._Element, divisions: float) -> float:
    try:
        return float(direction.findtext("offset") or 0.0) / divisions
    except ValueError:
        return 0.0
