"""Where a notice stands in the window: where nothing is pressed, and until the next thing is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QTimer
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ui.theme import Space
from ui.widgets.notice import NoticeBar


class NoticePlace(QObject):
    """Lays a notice over the ``whole`` window, by the page that is seen; ``room`` is the layout of the pages."""

    def __init__(self, notice: NoticeBar, whole: QWidget, pages: QStackedWidget, room: QVBoxLayout):
        super().__init__(whole)
        self._notice, self._whole, self._pages, self._room = notice, whole, pages, room
        self._on: dict[QWidget, QWidget] = {}
        notice.setParent(whole)
        notice.hide()
        notice.told.connect(self.place)
        notice.gone.connect(self.place)
        pages.currentChanged.connect(lambda: QTimer.singleShot(0, notice, self.place))

    def stand_on(self, page: QWidget, part: QWidget) -> None:
        """Let notices of a page float at the head of a part of it."""
        self._on[page] = part

    def watch(self, window: QWindow) -> None:
        """Heed what is pressed anywhere in the window."""
        window.installEventFilter(self)

    def place(self) -> None:
        """Give the notice a place where nothing is pressed: on a part of a page, else below it, which makes room."""
        page = self._pages.currentWidget()
        if page is None:
            return
        on = self._on.get(page, page)
        size = self._notice.size_within(on.width() - 2 * Space.LARGE)
        corner, is_below = on.mapTo(self._whole, QPoint(0, 0)), on is page
        room = size.height() + 2 * Space.SMALL - Space.LARGE if is_below and not self._notice.isHidden() else 0
        self._room.setContentsMargins(0, 0, 0, room)
        top = self._whole.height() - size.height() - Space.SMALL if is_below else corner.y() + Space.SMALL
        self._notice.setGeometry(QRect(QPoint(corner.x() + (on.width() - size.width()) // 2, top), size))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the notice go with the next thing that is pressed."""
        if event.type() == QEvent.Type.MouseButtonPress and not self._notice.underMouse():
            self._notice.move_on()
        return super().eventFilter(watched, event)
