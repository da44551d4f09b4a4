"""The list of pieces: a model over the catalogue and a painter of its cards."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from lessons.library.own import YOURS
from lessons.library.shelf import Piece
from tutor.shares import KnownShares
from ui.theme import Colours, Space, Type, font, worn

ROW_HEIGHT = 74
RING = 34
PIECE_ROLE = Qt.ItemDataRole.UserRole
RESULT_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


class ShelfModel(QAbstractListModel):
    """Pieces in order, with the share that is known of each, in 0..1."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: tuple[Piece, ...] = ()
        self._results = KnownShares({})

    def show_pieces(self, pieces: Sequence[Piece]) -> None:
        """Show these."""
        self.beginResetModel()
        self._pieces = tuple(pieces)
        self.endResetModel()

    def show_results(self, results: KnownShares) -> None:
        """Show how much is known of each piece."""
        self._results = results
        if self._pieces:
            self.dataChanged.emit(self.index(0), self.index(len(self._pieces) - 1))

    def piece(self, row: int) -> Piece | None:
        """The piece of a row."""
        return self._pieces[row] if 0 <= row < len(self._pieces) else None

    def row_of(self, slug: str) -> int:
        """The row of a piece, -1 where it is not shown."""
        return next((row for row, piece in enumerate(self._pieces) if piece.slug == slug), -1)

    def rowCount(self, parent: Index | None = None) -> int:
        """How many there are."""
        return len(self._pieces)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A piece, how much is known of it, that in words, or all of it for a screen reader."""
        piece = self._pieces[index.row()]
        known = self._results.of(piece)
        if role == PIECE_ROLE:
            return piece
        if role == RESULT_ROLE:
            return known
        if role == Qt.ItemDataRole.ToolTipRole and known is not None:
            return known_words(known)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            level = f", level {level_of(piece)}" if level_of(piece) else ""
            said = f", {hundredths(known)} % known" if known is not None else ""
            return f"{piece.title}, {author(piece)}{level}, {facts(piece)}{said}"
        return None


def known_words(known: float) -> str:
    """What the ring of a piece says."""
    return f"{hundredths(known)} % of all its notes, in both hands, were right when you last played them"


def hundredths(share: float) -> int:
    """A share in whole per cent, 100 only where nothing is wanting."""
    return int(100 * share + 1e-6)


def level_of(piece: Piece) -> int:
    """The level that the catalogue gives a piece, else the one that it was found to have; 0 where nobody looked yet."""
    return piece.level or piece.graded


def facts(piece: Piece) -> str:
    """Key, metre and length in words; what it is where they are not known."""
    bars = f"{piece.bars} bar{'s' if piece.bars > 1 else ''}" if piece.bars else ""
    known = "  ·  ".join(word for word in (piece.key, piece.metre, bars) if word)
    return known or (piece.path.name if piece.origin == YOURS else "Made for you")


def author(piece: Piece) -> str:
    """The composer, or what it comes from."""
    return piece.composer or piece.origin or "Composer unknown"


class PieceCard(QStyledItemDelegate):
    """Paints one piece: title, composer, level dots, facts, and a ring with how much is known."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All rows are equally high."""
        return QSize(280, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a card."""
        piece, colours = index.data(PIECE_ROLE), worn()
        box = QRectF(option.rect).adjusted(1, 3, -7, -3)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, box, option.state, colours)
        right = self._paint_ring(painter, box, index.data(RESULT_ROLE), colours)
        self._paint_words(painter, QRectF(box.left() + 14, box.top(), right - box.left() - 20, box.height()), piece)
        painter.restore()

    def _paint_ground(self, painter: QPainter, box: QRectF, state: QStyle.StateFlag, colours: Colours) -> None:
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        focused = chosen and bool(state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(QPen(QColor(colours.accent if focused else colours.line), 1) if chosen else Qt.PenStyle.NoPen)
        ground = colours.raised if chosen else colours.surface if hovered else colours.ground
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box, 8, 8)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent))
            painter.drawRoundedRect(QRectF(box.left(), box.top() + 12, 3, box.height() - 24), 1.5, 1.5)

    def _paint_words(self, painter: QPainter, box: QRectF, piece: Piece) -> None:
        colours = worn()
        title = f"{piece.title}" if not piece.subtitle else f"{piece.title} — {piece.subtitle}"
        lines = (
            (title, font(Type.LEAD - 1, bold=True), colours.ink, 9),
            (author(piece), font(Type.SMALL), colours.ink_soft, 28),
        )
        for text, face, colour, top in lines:
            self._line(painter, QRectF(box.left(), box.top() + top, box.width(), 18), text, face, colour)
        dots = self._paint_level(painter, box.left(), box.top() + 54, level_of(piece))
        place = QRectF(dots + Space.MEDIUM, box.top() + 45, box.right() - dots - Space.MEDIUM, 18)
        self._line(painter, place, facts(piece), font(Type.SMALL), colours.ink_faint)

    def _line(self, painter: QPainter, box: QRectF, text: str, face: QFont, colour: str) -> None:
        painter.setFont(face)
        painter.setPen(QColor(colour))
        shown = QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_level(self, painter: QPainter, left: float, middle: float, level: int) -> float:
        """Dots up to the level; the right edge."""
        return paint_level(painter, left, middle, level) if level else left - Space.MEDIUM

    def _paint_ring(self, painter: QPainter, box: QRectF, share: float | None, colours: Colours) -> float:
        """How much is known as a ring; the left edge of what it takes."""
        if share is None:
            return box.right()
        ring = QRectF(box.right() - RING - 12, box.center().y() - RING / 2, RING, RING)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colours.line), 3))
        painter.drawEllipse(ring)
        painter.setPen(QPen(QColor(colours.good), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawArc(ring, 90 * 16, -int(share * 360 * 16))
        painter.setFont(font(Type.SMALL - 2, bold=True))
        painter.setPen(QColor(colours.ink_soft))
        painter.drawText(ring, Qt.AlignmentFlag.AlignCenter, str(hundredths(share)))
        return ring.left()


def paint_level(painter: QPainter, left: float, middle: float, level: int, shown: int = 6) -> float:
    """Level dots of which ``level`` are filled; the right edge."""
    colours, across = worn(), left
    for place in range(max(shown, level)):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent if place < level else colours.line))
        painter.drawEllipse(QRectF(across, middle - 3, 6, 6))
        across += 9
    return across
