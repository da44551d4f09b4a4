"""The library page: find a piece, look at it, practise it or have another made from it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QListView,
    QMenu,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from lessons.library.shelf import Piece, find
from tutor.shares import KnownShares
from ui.library.due_card import DueCard
from ui.library.piece_menu import piece_menu
from ui.library.preview import Preview
from ui.library.search_field import SearchField
from ui.library.shelf_list import PieceCard, ShelfModel
from ui.library.start_card import StartCard
from ui.rooms import DuePassage
from ui.theme import Space, Type
from ui.widgets.button import Button, Segments
from ui.widgets.scroll import Scrolled
from ui.widgets.text import label

BANDS = (
    ("All", "All levels"),
    ("1–2", "First pieces"),
    ("3–4", "Early pieces"),
    ("5+", "Further on"),
    ("Yours", "Exercises that were made for you, and your own files"),
)
BAND_LEVELS = (None, range(1, 3), range(3, 5), range(5, 10), (0,))
ALL, YOURS = 0, len(BANDS) - 1
NO_SUCH_PIECE = "No piece like that. Try fewer letters, or another level."
NONE_OF_YOURS = "Nothing of yours is here yet. Open a file, or keep what you compose."
LEAST_LIST_WIDTH, LEAST_SEARCH_WIDTH = 330, 170


class LibraryPage(QWidget):
    """Tells which piece is looked at (``chosen``) and what shall be done with it."""

    chosen = Signal(object)  # Piece
    practise_asked = Signal()
    remove_asked = Signal(object)  # Piece
    rename_asked = Signal(object)  # Piece
    save_asked = Signal(object)  # Piece
    vary_asked = Signal(object)  # VaryWish
    open_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self.shelf: tuple[Piece, ...] = ()
        self._in_sight: Piece | None = None
        self._gone: tuple[str, int, str] | None = None  # with its name the level and the search that had it alone
        self._model = ShelfModel()
        self.search = SearchField()
        self.search.textChanged.connect(self._sift_anew)
        self.bands = Segments(BANDS, "Level")
        self.bands.chosen.connect(self._sift_anew)
        self.list = self._list_view()
        self.search.left.connect(self.list.setFocus)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # a proxy would keep Tab from what stands before the list
        self._nothing = label(NO_SUCH_PIECE, Type.BODY, "soft", wrap=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.due, self.start = DueCard(), StartCard()
        self.is_new = False  # whether whoever looks has never played anything here
        self.preview = Preview()
        self.preview.practise_asked.connect(self.practise_asked)
        self.preview.remove_asked.connect(self._ask_to_remove)
        self.preview.rename_asked.connect(self.ask_to_rename)
        self.preview.save_asked.connect(self._ask_to_save)
        self.preview.vary.asked.connect(self.vary_asked)
        self._lay_out()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Give the keys to the list."""
        self.list.setFocus(event.reason())

    def show_shelf(self, shelf: Sequence[Piece]) -> None:
        """Show these pieces; all of them where the one that was looked at is gone and was the last of its kind.

        Where it comes back, they are sifted as they were.
        """
        before, self.shelf = self.current(), tuple(shelf)
        there = {piece.slug for piece in shelf}
        if before and before.slug not in there and not self._found():
            gone = (before.slug, self.bands.index, self.search.text())
            self._sift_by(ALL, "")
            self._gone = gone
        elif self._gone and self._gone[0] in there:
            slug, band, words = self._gone
            self._sift_by(band, words)
            self.choose(slug)
        self.preview.vary.show_donors(self.shelf)
        self._sift()
        self._show_start()

    def show_results(self, results: KnownShares) -> None:
        """Show how much is known of each piece."""
        self._model.show_results(results)
        self.is_new = not results.by_title
        self._show_start()

    def show_due(self, due: Sequence[DuePassage]) -> None:
        """Show what is to be played again today, and keep the piece that is looked at in sight."""
        self.due.show_due(due)
        QTimer.singleShot(0, self, lambda: self.list.scrollTo(self.list.currentIndex()))

    def _show_start(self) -> None:
        """Say where to begin to who has played nothing yet: the one button that is meant stands there then."""
        first = next((piece for piece in self.shelf if piece.level), None)
        self.start.show_piece(first if self.is_new else None)
        self.preview.practise.set_role("" if self.is_new else "primary")

    def choose(self, slug: str) -> None:
        """Look at a piece."""
        row = self._model.row_of(slug)
        if row >= 0:
            self.list.setCurrentIndex(self._model.index(row))

    def current(self) -> Piece | None:
        """The piece that is looked at; it stays in sight while no piece is found."""
        return self._model.piece(self.list.currentIndex().row()) or self._in_sight

    def _sift_by(self, band: int, words: str) -> None:
        self.bands.choose(band)
        self.search.setText(words)
        self._sift_anew()

    def _sift_anew(self) -> None:
        """Sift by what was chosen now; what was chosen before comes back no more."""
        self._gone = None
        self._sift()

    def _sift(self) -> None:
        before = self.current()
        found = self._found()
        self._model.show_pieces(found)
        self._stack.setCurrentIndex(0 if found else 1)
        self._nothing.setText(NONE_OF_YOURS if self.bands.index == YOURS and not self.search.text() else NO_SUCH_PIECE)
        row = self._model.row_of(before.slug) if before else 0
        if found:
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.list.selectionModel().setCurrentIndex(self._model.index(max(0, row)), flags)

    def _found(self) -> tuple[Piece, ...]:
        return find(self.shelf, self.search.text(), BAND_LEVELS[self.bands.index])

    def _look_at(self) -> None:
        piece = self.current()
        if piece is not None:
            self._in_sight = piece
            self.preview.show_piece(piece)
            self.chosen.emit(piece)

    def _ask_to_remove(self) -> None:
        piece = self.current()
        if piece is not None and piece.removable:
            self.remove_asked.emit(piece)

    def ask_to_rename(self) -> None:
        """Ask for another name for the piece that is looked at."""
        piece = self.current()
        if piece is not None:
            self.rename_asked.emit(piece)

    def _ask_to_save(self) -> None:
        piece = self.current()
        if piece is not None:
            self.save_asked.emit(piece)

    def menu(self) -> QMenu | None:
        """What can be done with the piece that is looked at."""
        piece = self.current()
        return piece_menu(piece, self.preview, self.list) if piece is not None else None

    def _open_menu(self, at: QPoint) -> None:
        menu = self.menu()
        if menu is not None:
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(self.list.viewport().mapToGlobal(at))

    def _list_view(self) -> QListView:
        view = QListView()
        view.setModel(self._model)
        view.setItemDelegate(PieceCard(view))
        view.setMouseTracking(True)
        view.setUniformItemSizes(True)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setAccessibleName("Pieces")
        view.selectionModel().currentChanged.connect(self._look_at)
        view.doubleClicked.connect(self.practise_asked)
        view.activated.connect(self.practise_asked)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._open_menu)
        return view

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Search beside the levels, or above them where there is no room for words."""
        super().resizeEvent(event)
        self.layout().activate()
        beside = self._column.width() >= LEAST_SEARCH_WIDTH + self.bands.sizeHint().width() + Space.SMALL
        ways = QBoxLayout.Direction
        self._sieve.setDirection(ways.LeftToRight if beside else ways.TopToBottom)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(label("Library", Type.DISPLAY, bold=True))
        head.addStretch(1)
        open_button = Button(
            "Open file …", "folder", "", "Open a score of your own, MusicXML, MIDI or ABC; or an assignment", "Ctrl+O"
        )
        open_button.clicked.connect(self.open_asked)
        head.addWidget(open_button)
        self._sieve = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sieve.setSpacing(Space.SMALL)
        self._sieve.addWidget(self.search, 1)
        self._sieve.addWidget(self.bands)
        stack = QWidget()
        self._stack = QStackedLayout(stack)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._nothing)
        left = QVBoxLayout()
        left.setSpacing(Space.MEDIUM)
        for part in (head, self._sieve):
            left.addLayout(part)
        left.addWidget(self.start)
        left.addWidget(self.due)
        left.addWidget(stack, 1)
        self._column = holder = QWidget()
        holder.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        holder.setMinimumWidth(LEAST_LIST_WIDTH)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        row.setSpacing(Space.LARGE)
        row.addWidget(holder, 2)
        row.addWidget(Scrolled(self.preview, "The piece"), 3)
