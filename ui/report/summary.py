"""A take in short: its figures, and the line of earlier takes beside them or, where there is no room, below."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame

from ui.report.figures import Figures
from ui.report.trend import Trend
from ui.rooms import TakeReport
from ui.theme import Space


class Summary(QFrame):
    """The card over the bars of a take. It needs no more width than its figures do: what comes next has its place."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.figures, self.trend = Figures(), Trend()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.MEDIUM)
        self._row.setSpacing(Space.LARGE)
        self._row.addWidget(self.figures)
        self._row.addWidget(self.trend, 1)

    def show_take(self, told: TakeReport) -> None:
        """Show the figures of a take, and the takes before it."""
        self.figures.show_figures(told)
        self.trend.show_shares(told.history, told.review.report.thin)

    def minimumSizeHint(self) -> QSize:
        """As wide as the figures are."""
        return QSize(self._beside(0), super().minimumSizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Find room for the line when figures have other words."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place_trend()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Find room for the line."""
        super().resizeEvent(event)
        self._place_trend()

    def _place_trend(self) -> None:
        fits = self._beside(Space.LARGE + self.trend.minimumWidth()) <= self.width()
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom)
        self._row.setSpacing(Space.LARGE if fits else Space.SMALL)

    def _beside(self, width: int) -> int:
        """The width of the card with something of this width beside the figures."""
        margins = self._row.contentsMargins()
        return margins.left() + self.figures.minimumSizeHint().width() + width + margins.right()
