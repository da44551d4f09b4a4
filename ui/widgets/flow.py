"""A row of widgets that goes on in the next line where a window is narrow; its last widget stands at the right."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

Line = list[tuple[QLayoutItem, QSize]]


class Flow(QLayout):
    """Lays out what is visible in as many lines as its width asks for."""

    def __init__(self, spacing: int, *widgets: QWidget):
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)
        for widget in widgets:
            self.addWidget(widget)

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item in."""
        self._items.append(item)

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        """An item, or None."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        """Give an item away."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It takes no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Narrower is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all lines."""
        lines = self._lines(width)
        return sum(self._height(line) for line in lines) + self.spacing() * max(0, len(lines) - 1)

    def sizeHint(self) -> QSize:
        """All in one line."""
        shown = self._shown()
        return QSize(self._width(shown), self._height(shown))

    def minimumSize(self) -> QSize:
        """As wide as the widest."""
        return QSize(max((size.width() for _, size in self._shown()), default=0), self._height(self._shown()))

    def setGeometry(self, rect: QRect) -> None:
        """Put every widget in its place."""
        super().setGeometry(rect)
        top, last = rect.top(), self._shown()[-1:]
        for line in self._lines(rect.width()):
            left, height = rect.left(), self._height(line)
            for item, size in line:
                if last and item is last[0][0]:
                    left = rect.left() + rect.width() - size.width()
                item.setGeometry(QRect(QPoint(left, top + (height - size.height()) // 2), size))
                left += size.width() + self.spacing()
            top += height + self.spacing()

    def _shown(self) -> Line:
        return [(item, item.sizeHint()) for item in self._items if not item.isEmpty()]

    def _lines(self, width: int) -> list[Line]:
        lines: list[Line] = []
        for shown in self._shown():
            if lines and self._width([*lines[-1], shown]) <= width:
                lines[-1].append(shown)
            else:
                lines.append([shown])
        return lines

    def _width(self, line: Line) -> int:
        return sum(size.width() for _, size in line) + self.spacing() * max(0, len(line) - 1)

    def _height(self, line: Line) -> int:
        return max((size.height() for _, size in line), default=0)
