"""Notation: a score engraved by Verovio, a system at a time, with the place of every note.

``python -m lessons.engrave WIDTH SIZE < score.musicxml`` prints what `engrave` reads, as JSON: a process of its own, as
Verovio holds the interpreter for as long as it works. Lengths are pixels at scale 1, positions are beats.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from lessons.drawing import Drawing, drawing
from lessons.errors import FormatError
from lessons.files.musicxml_writer import musicxml_bytes
from lessons.files.note_elements import ROW
from lessons.reading.reading import readable
from lessons.score import Score

if TYPE_CHECKING:
    import verovio

SCALES = (40, 64)  # percent of Verovio's own size: a staff 29 to 46 pixels high
WIDTH_A_PERCENT = 25  # pixels of width for each of them
MARGIN = 20.0  # pixels
PATIENCE_SEC = 120.0
LEAST_WIDTH = 400
ROOT = Path(__file__).resolve().parents[1]
WORD_SPACE = 2.0  # half spaces of a staff between words that are sung: fonts are wider than the engraver thinks
BY_NOTE = ("slur", "tie", "fing", "trill", "mordent", "turn", "ornam")  # what stands at notes
BY_STAFF = ("dir", "dynam", "fermata", "hairpin", "octave", "pedal", "tempo")
CROWDED = 1.15  # heads beside each other for a width of as many; the densest of real pages have less than 1
Page = tuple[str, float, float, float, list[tuple[int, float, float]]]


@dataclass(frozen=True)
class PlacedNote:
    """A note of the score, by its row there, as engraved: the middle of its head in pixels from the system's corner.

    Position and pitch are those of the score, wherever the page has the note.
    """

    row: int
    onset_beat: float
    pitch: int
    grace: bool
    x: float
    y: float


@dataclass(frozen=True)
class System:
    """One line of music: an SVG picture for `QSvgRenderer`, its size, and its notes in the order of the score."""

    svg: str
    width: float
    height: float
    head: float  # width of a note's head
    notes: tuple[PlacedNote, ...]


def engrave(score: Score, width: int, size: float = 1.0) -> tuple[System, ...]:
    """Engrave a score, as it is read, in another process; staves ``size`` times as high as a width has them by itself.

    Raises FormatError where that fails.
    """
    reading = readable(score)
    command = [sys.executable, "-m", "lessons.engrave", str(max(width, LEAST_WIDTH)), str(size)]
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            input=musicxml_bytes(reading.score),
            capture_output=True,
            timeout=PATIENCE_SEC,
            check=True,
        )
        pages: list[Page] = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise FormatError(f"{score.title or 'the piece'}: its notation could not be drawn ({error})") from error
    return tuple(_system(page, score, reading.rows.tolist()) for page in pages)


def _system(page: Page, score: Score, rows: Sequence[int]) -> System:
    svg, width, height, head, heads = page
    written: list[tuple[float, int, bool]] = score.notes[["onset_beat", "pitch", "grace"]].tolist()
    found = sorted((rows[row], x, y) for row, x, y in heads)
    return System(svg, width, height, head, tuple(PlacedNote(row, *written[row], x, y) for row, x, y in found))


def systems_of(musicxml: str, width: int, size: float = 1.0) -> list[Page]:
    """Engrave in this process: the fields of each `System`, notes as row and place."""
    import verovio

    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    scale = round(size * min(max(width // WIDTH_A_PERCENT, SCALES[0]), SCALES[1]))
    margin = round(MARGIN * 100 / scale)
    toolkit.setOptions(
        {
            "scale": scale,
            "pageWidth": round(width * 100 / scale),
            "pageHeight": 100,  # too little for two systems, and grown to the height of one
            "adjustPageHeight": True,
            "breaks": "auto",
            "header": "none",
            "footer": "none",
            "lyricWordSpace": WORD_SPACE,
            "octaveAlternativeSymbols": True,  # 8va, not 8
            "svgAdditionalAttribute": [
                *(f"{kind}@{end}id" for kind in BY_NOTE for end in ("start", "end")),
                *(f"{kind}@staff" for kind in BY_STAFF),
                "arpeg@plist",
            ],
            **{f"pageMargin{side}": margin for side in ("Left", "Right", "Top", "Bottom")},
        }
    )
    pages = _pages(toolkit, musicxml)
    return pages if not any(map(_is_crowded, pages)) else _pages(toolkit, _without_words(musicxml))


def _pages(toolkit: verovio.toolkit, musicxml: str) -> list[Page]:
    if not toolkit.loadData(musicxml):
        raise FormatError("the engraver cannot read this score")
    pages, staves = [], dict[str, str]()
    for number in range(1, toolkit.getPageCount() + 1):
        page = drawing(toolkit.renderToSVG(number), staves)
        pages.append(_placed(page))
        staves |= page.staves
    return pages


def _is_crowded(page: Page) -> bool:
    """Whether heads lie upon heads: the engraver finds no place to break lines where words reach over each bar line."""
    _, width, _, head, notes = page
    return len({round(x) for _, x, _ in notes}) * head > CROWDED * width


def _without_words(musicxml: str) -> str:
    document = ElementTree.fromstring(musicxml)
    for measure in document.iter("measure"):
        for direction in measure.findall("direction"):
            if any(direction.find(f"direction-type/{said}") is not None for said in ("words", "dashes")):
                measure.remove(direction)
    return ElementTree.tostring(document, encoding="unicode")


def _placed(page: Drawing) -> Page:
    notes = [(int(name.removeprefix(ROW)), x, y) for name, (x, y) in page.heads.items() if name.startswith(ROW)]
    return page.svg, page.width, page.height, page.head, notes


if __name__ == "__main__":
    json.dump(systems_of(sys.stdin.buffer.read().decode(), int(sys.argv[1]), float(sys.argv[2])), sys.stdout)
