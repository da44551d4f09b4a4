"""What the learner has come to, in figures that they understand; and what got better, once that can be said."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from lessons.percent import percent
from tutor.headway import WEEK, Headway
from tutor.learner import SITTINGS_FOR_A_TREND
from tutor.mastery import Mastery
from tutor.passes import CLEAN_SHARE
from ui.theme import Space, Type
from ui.widgets.text import card, label

FIGURES = ("on days of the week", "played clean", "mastered")
BESIDE = 520  # pixels from which there is room for words beside the figures
HOW_MASTERED = "Whole, clean and at its tempo on two days, and something like it right at first sight"
HOW_CLEAN = f"The share of this week’s times through that had {percent(CLEAN_SHARE)} of their notes right"
MOST_LACKING = 6


class ProgressCard(QWidget):
    """Hidden until anything was played."""

    def __init__(self) -> None:
        super().__init__()
        self._values, self._words, figures = [], [], QHBoxLayout()
        figures.setSpacing(Space.LARGE)
        for words in FIGURES:
            column = QVBoxLayout()
            column.setSpacing(0)
            value = label("", Type.DISPLAY, bold=True)
            column.addWidget(value)
            self._words.append(label(words, Type.SMALL, "soft"))
            column.addWidget(self._words[-1])
            figures.addLayout(column)
            self._values.append(value)
        figures.addStretch(1)
        self._better = label("", Type.SMALL, "soft", wrap=True)
        self._better.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._row = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._row.setSpacing(Space.SMALL)
        self._row.addLayout(figures)
        self._row.addWidget(self._better, 1)
        frame, whole = card(), QVBoxLayout()
        whole.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.MEDIUM)
        whole.setSpacing(Space.TIGHT)
        whole.addWidget(label("Your progress", Type.LEAD, bold=True))
        whole.addLayout(self._row)
        frame.setLayout(whole)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(frame)
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say what got better beside the figures, or below them."""
        super().resizeEvent(event)
        ways, beside = QBoxLayout.Direction, event.size().width() >= BESIDE
        self._row.setDirection(ways.LeftToRight if beside else ways.TopToBottom)
        self._row.setSpacing(Space.LARGE if beside else Space.SMALL)

    def show_headway(self, made: Headway) -> None:
        """Show it; hide where nothing was played yet."""
        minutes = f"{made.minutes:.0f} min" if made.minutes >= 1 or not made.minutes else "< 1 min"
        clean = "–" if made.clean is None else percent(made.clean)
        for value, words in zip(self._values, (minutes, clean, str(len(made.mastered))), strict=True):
            value.setText(words)
        self._words[0].setText(f"on {made.days} of {WEEK.days} days")
        lacking = (f"{one.title}: {lacking_words(one)}" for one in made.proved[-MOST_LACKING:])
        self._values[-2].setToolTip(HOW_CLEAN)
        self._values[-1].setToolTip("\n".join((HOW_MASTERED, *made.mastered, *lacking)))
        self._better.setText(better_words(made))
        self.setVisible(made.sittings > 0)

    @property
    def figures(self) -> list[str]:
        """What the figures say."""
        return [f"{value.text()} {words.text()}" for value, words in zip(self._values, self._words, strict=True)]


def lacking_words(mastery: Mastery) -> str:
    """What a piece lacks that was played as it should be once."""
    if not mastery.stays:
        return "once more on another day"
    return "then something like it at first sight"


def better_words(made: Headway) -> str:
    """What got better this week; that it is too early to tell, or that nothing did by much."""
    if made.is_thin:
        days = f"{made.sittings} day{'' if made.sittings == 1 else 's'}"
        return f"{days} of practice so far: after {SITTINGS_FOR_A_TREND} you can read here what got better."
    said = [f"{one.title}, {percent(one.before)} → {percent(one.now)} right" for one in made.better]
    return f"Better this week: {'; '.join(said)}." if said else "Nothing changed much this week."
