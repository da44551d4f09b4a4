"""A score as pages to print: a PDF with title, systems one below the other, and page numbers.

Repeats are written out, as on the stand. May be made in any thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgRenderer

from lessons.drawing import INK
from lessons.engrave import System, engrave
from lessons.errors import InputError
from lessons.files.disk import write_whole
from lessons.score import Score

PDF = ".pdf"
WIDTH = 800  # of the paper between its margins, in the engraver's pixels: a staff is 6.5 mm high then
MARGIN_MM, DOTS_PER_INCH = 15.0, 300
TITLE, BYLINE, FOOT = 26, 15, 12  # pixels of letters
HEAD_GAP, FOOT_GAP = 14.0, 26.0
BLACK = "#000000"


def write_pdf(score: Score, path: Path, force: bool = False) -> None:
    """Write a score as a PDF, whole or not at all. Raises InputError and FormatError."""
    if not len(score.notes):
        raise InputError(f"{path}: there are no notes to print")
    write_whole(path, pdf_bytes(score), force)


def pdf_bytes(score: Score) -> bytes:
    """The PDF. Raises FormatError where the score cannot be engraved."""
    systems = engrave(score, WIDTH)
    content, buffer = QByteArray(), QBuffer()
    buffer.setBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DOTS_PER_INCH)
    writer.setTitle(score.title)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    writer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    painter = QPainter(writer)
    painter.scale(writer.width() / WIDTH, writer.width() / WIDTH)
    height = writer.height() * WIDTH / writer.width()
    pages = list(on_pages([system.height for system in systems], height - FOOT_GAP, _head_height(score)))
    for number, page in enumerate(pages, 1):
        if number > 1:
            writer.newPage()
        top = _head(painter, score) if number == 1 else 0.0
        _draw(painter, [systems[place] for place in page], top)
        _foot(painter, height, score.title if number > 1 else "", f"{number} / {len(pages)}" if len(pages) > 1 else "")
    painter.end()
    buffer.close()
    return bytes(content.data())


def on_pages(heights: Sequence[float], height: float, first_top: float) -> Iterable[list[int]]:
    """Which systems stand on each page, of which the first begins lower; one that is too high has a page of its own."""
    page: list[int] = []
    filled = first_top
    for place, needed in enumerate(heights):
        if page and filled + needed > height:
            yield page
            page, filled = [], 0.0
        page.append(place)
        filled += needed
    if page:
        yield page


def _draw(painter: QPainter, systems: Sequence[System], top: float) -> None:
    for system in systems:
        svg = system.svg.replace(INK, BLACK)
        QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, top, system.width, system.height))
        top += system.height


def _head_height(score: Score) -> float:
    lines = [size for size, words in ((TITLE, score.title), (BYLINE, score.composer)) if words]
    return sum(QFontMetricsF(_letters(size)).height() for size in lines) + HEAD_GAP * bool(lines)


def _head(painter: QPainter, score: Score) -> float:
    """Title and composer; where the music begins below them."""
    top = 0.0
    for size, words, side in (
        (TITLE, score.title, Qt.AlignmentFlag.AlignHCenter),
        (BYLINE, score.composer, Qt.AlignmentFlag.AlignRight),
    ):
        if words:
            letters = _letters(size)
            room = QRectF(0, top, WIDTH, QFontMetricsF(letters).height())
            _words(painter, letters, room, side, words)
            top = room.bottom()
    return _head_height(score)


def _foot(painter: QPainter, height: float, left: str, right: str) -> None:
    letters = _letters(FOOT)
    room = QRectF(0, height - QFontMetricsF(letters).height(), WIDTH, QFontMetricsF(letters).height())
    _words(painter, letters, room, Qt.AlignmentFlag.AlignLeft, left)
    _words(painter, letters, room, Qt.AlignmentFlag.AlignRight, right)


def _words(painter: QPainter, letters: QFont, room: QRectF, side: Qt.AlignmentFlag, words: str) -> None:
    """Write on one line; what is too long for the page ends in dots."""
    painter.setFont(letters)
    painter.setPen(BLACK)
    shown = QFontMetricsF(letters).elidedText(words, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, side, shown)


def _letters(pixels: int) -> QFont:
    letters = QFont("serif")
    letters.setPixelSize(pixels)
    return letters
