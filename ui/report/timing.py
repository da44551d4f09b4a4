"""When each note came, against the local tempo: a plot by pyqtgraph, which is loaded in the background."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QStackedLayout, QWidget

from lessons.score import Score
from ui.tasks import Tasks
from ui.theme import Colours, Type, font, worn
from ui.widgets.text import label

LEAST_HEIGHT = 140
CALM_MS, WIDEST_MS = 40.0, 250.0
MARKS = (("early", "t"), ("hit", "o"), ("late", "t1"))


class TimingPlot(QWidget):
    """Dots over the bars: below the line early, above it late; the band is where nobody hears it."""

    def __init__(self, tasks: Tasks):
        super().__init__()
        self.setAccessibleName("Timing of the notes")
        self.setMinimumHeight(LEAST_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._tasks = tasks
        self._words: QLabel = label("", Type.BODY, "faint")
        self._plot: Any = None
        self._drawn: tuple[ModuleType, Score, np.ndarray, tuple[int, int] | None, Colours] | None = None
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._words)

    def sizeHint(self) -> QSize:
        """As low as it may be; it grows where there is room."""
        return QSize(400, LEAST_HEIGHT)

    def show_notes(self, score: Score, notes: Sequence[Mapping[str, Any]], bars: tuple[int, int] | None = None) -> None:
        """Show the timing of judged notes, as `assess` tells them, over the ``bars`` that were played; None is all."""
        self._drawn = None
        timed = [(note["onset_beat"], 1000 * note["error_sec"]) for note in notes if note["error_sec"] is not None]
        if len(timed) < 2:
            self.show_words("Too few notes to show their timing.")
            return
        places = np.array(timed, float)
        self._tasks.run(
            lambda: importlib.import_module("pyqtgraph"), lambda module: self._draw(module, score, places, bars)
        )

    def show_words(self, words: str) -> None:
        """Say why there is nothing to show."""
        self._drawn = None
        self._words.setText(words)
        self._stack.setCurrentWidget(self._words)

    def changeEvent(self, event: QEvent) -> None:
        """Wear another theme."""
        super().changeEvent(event)
        if self._drawn is not None and self._drawn[-1] is not worn():
            self._draw(*self._drawn[:4])

    def _draw(self, pyqtgraph: ModuleType, score: Score, places: np.ndarray, bars: tuple[int, int] | None) -> None:
        colours = worn()
        self._drawn = pyqtgraph, score, places, bars, colours
        plot = self._plot = pyqtgraph.PlotWidget(background=colours.surface)
        plot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        plot.setMouseEnabled(x=False, y=False)
        for part in (plot, plot.viewport()):  # nothing in it can be pressed
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plot.hideButtons()
        plot.setMenuEnabled(False)
        errors = np.clip(places[:, 1], -WIDEST_MS, WIDEST_MS)
        reach = max(80.0, float(np.abs(errors).max()) + 15.0)
        plot.setYRange(-reach, reach, padding=0)
        span = score.bar_range(*bars) if bars is not None else (score.start_beat, score.end_beat)
        plot.setXRange(*span, padding=0.01)
        band = pyqtgraph.LinearRegionItem((-CALM_MS, CALM_MS), "horizontal", movable=False, pen=pyqtgraph.mkPen(None))
        tint = pyqtgraph.mkColor(colours.hit)
        tint.setAlpha(28)
        band.setBrush(tint)
        plot.addItem(band)
        plot.addItem(pyqtgraph.InfiniteLine(0, 0, pen=pyqtgraph.mkPen(colours.line)))
        self._dress_axes(plot, score, span, reach)
        groups = (errors < -CALM_MS, np.abs(errors) <= CALM_MS, errors > CALM_MS)
        early, on_time, late = (int(chosen.sum()) for chosen in groups)
        self.setAccessibleDescription(f"{early} notes early, {on_time} on time, {late} late")
        for (name, symbol), chosen in zip(MARKS, groups, strict=True):
            colour = colours.hit if name == "hit" else colours.timing
            plot.plot(
                places[chosen, 0],
                errors[chosen],
                pen=None,
                symbol=symbol,
                symbolSize=7,
                symbolPen=None,
                symbolBrush=colour,
            )
        old = self._stack.widget(1)
        if old is not None:
            self._stack.removeWidget(old)
            old.deleteLater()
        self._stack.addWidget(plot)
        self._stack.setCurrentWidget(plot)

    def _dress_axes(self, plot: Any, score: Score, span: tuple[float, float], reach: float) -> None:
        colours = worn()
        starts = score.bars["start_beat"]
        seen = np.flatnonzero((starts >= span[0]) & (starts < span[1]))
        rows = seen[:: max(1, len(seen) // 12)].tolist()
        bottom, left = plot.getAxis("bottom"), plot.getAxis("left")
        bottom.setTicks([[(float(starts[row]), score.bar_names[row].short) for row in rows]])
        step = 50 if reach < 160 else 100
        left.setTicks([[(-step, "early"), (0, "on time"), (step, "late")]])
        left.setWidth(64)
        for axis in (bottom, left):
            axis.setPen(colours.line)
            axis.setTextPen(colours.ink_soft)
            axis.setStyle(tickFont=font(Type.SMALL - 1), tickLength=0)
