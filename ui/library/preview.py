"""One piece closer: its facts, its notes at a glance, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from lessons.difficulty import Difficulty
from lessons.library.own import described
from lessons.library.shelf import Piece
from lessons.score import Score
from ui.library.progress_card import ProgressCard
from ui.library.shelf_list import facts, paint_level
from ui.library.vary_panel import VaryPanel
from ui.theme import Space, Type
from ui.widgets.button import Button
from ui.widgets.mini_roll import MiniRoll
from ui.widgets.text import Elided, card, label, plain_tip


class LevelDots(QWidget):
    """A level as dots."""

    def __init__(self) -> None:
        super().__init__()
        self._level = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Room for the dots."""
        return QSize(9 * max(6, self._level) if self._level else 0, 14)

    def show_level(self, level: int, reasons: Sequence[str] = ()) -> None:
        """Show a level, and what makes it so hard; 0 shows nothing."""
        self._level = level
        hardest = f"\nHardest about it: {', '.join(reasons)}" if reasons else ""
        self.setToolTip(f"Level {level} of 9{hardest}")
        self.setAccessibleName(f"Level {level}")
        self.setVisible(level > 0)
        self.updateGeometry()
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Wear another theme."""
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dots."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_level(painter, 0, self.height() / 2, self._level)
        painter.end()


class Preview(QWidget):
    """Shows a piece and offers to practise it or to vary it; between both stands what the learner has come to."""

    practise_asked = Signal()
    remove_asked = Signal()
    rename_asked = Signal()
    save_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._title = Elided("", Type.DISPLAY, bold=True)
        self._composer = Elided("", Type.LEAD, "soft")
        self._facts = label("", Type.BODY, "soft")
        self._dots = LevelDots()
        self._about = label("", Type.BODY, wrap=True)
        self.roll = MiniRoll(116, "Reading the notes …")
        self.practise = Button("Practise", "practice", "primary", "Put this piece on the stand", "Ctrl+Return")
        self.practise.setMinimumWidth(150)
        self.practise.clicked.connect(self.practise_asked)
        self.save = Button("Save as …", "save", "quiet", "Save a copy as a file: MusicXML, MIDI or PDF")
        self.save.clicked.connect(self.save_asked)
        self.rename = Button(
            "Rename …", "pencil", "quiet", "Give this piece another name; its file stays as it is", "F2"
        )
        self.rename.clicked.connect(self.rename_asked)
        self.remove = Button("Remove", "remove", "quiet", "Take this file off the shelf; it is not deleted")
        self.remove.clicked.connect(self.remove_asked)
        self.vary, self.progress = VaryPanel(), ProgressCard()
        self._slug = ""
        self._lay_out()

    def show_piece(self, piece: Piece) -> None:
        """Show the facts at once; the music comes when it is read."""
        self._slug = piece.slug
        self._show_facts(piece)
        self._title.setText(piece.title)
        self._facts.setToolTip(plain_tip(piece.details))
        self.vary.show_piece(piece)
        self._dots.show_level(piece.level or piece.graded)
        for button in (self.rename, self.remove):
            button.setVisible(piece.removable)
        self._about.setText(piece.about)
        self._about.setVisible(bool(piece.about))
        self.roll.show_score(None, words="Reading the notes …")

    def _show_facts(self, piece: Piece) -> None:
        self._composer.setText(" · ".join(word for word in (piece.composer or piece.origin, piece.subtitle) if word))
        self._composer.setVisible(bool(self._composer.text()))
        self._facts.setText(facts(piece))

    def show_score(self, piece: Piece, score: Score) -> None:
        """Show the music, where this piece is still looked at."""
        if piece.slug == self._slug:
            self._show_facts(described(piece, score))
            self.roll.show_score(score, words="There are no notes in this piece.")

    def show_grade(self, piece: Piece, grade: Difficulty) -> None:
        """Say what makes it hard, where this piece is still looked at; of one's own pieces the level too."""
        if piece.slug == self._slug:
            self._dots.show_level(piece.level or round(grade.level), grade.reasons)

    def show_trouble(self, piece: Piece, reason: str) -> None:
        """Say why the music cannot be shown."""
        if piece.slug == self._slug:
            self.roll.show_score(None, words=reason)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(Space.MEDIUM)
        line.addWidget(self._dots)
        line.addWidget(self._facts)
        line.addStretch(1)
        deeds = QHBoxLayout()
        deeds.addWidget(self.practise)
        deeds.addStretch(1)
        deeds.addWidget(self.save)
        deeds.addWidget(self.rename)
        deeds.addWidget(self.remove)
        piece, column = card(), QVBoxLayout()
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.SMALL)
        column.addWidget(self._title)
        column.addWidget(self._composer)
        column.addLayout(line)
        column.addSpacing(Space.TIGHT)
        column.addWidget(self._about)
        column.addSpacing(Space.TIGHT)
        column.addWidget(self.roll)
        column.addSpacing(Space.SMALL)
        column.addLayout(deeds)
        piece.setLayout(column)
        variation, inner = card(), QVBoxLayout()
        inner.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.LARGE)
        inner.setSpacing(Space.SMALL)
        inner.addWidget(label("Make it new", Type.LEAD, bold=True))
        inner.addWidget(
            label("What would this piece be like with something from another one?", Type.BODY, "soft", wrap=True)
        )
        inner.addSpacing(Space.TIGHT)
        inner.addWidget(self.vary)
        variation.setLayout(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, Space.SMALL, 0)
        whole.setSpacing(Space.MEDIUM)
        for part in (piece, self.progress, variation):
            whole.addWidget(part)
        whole.addStretch(1)
