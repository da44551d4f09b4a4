"""The window itself: rail, pages one above the other, notices below them; the library is there first, others follow.

What the pages do together stands in `ui.house`, which is loaded when the window has been painted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from lessons.endings import ASSIGNMENT_ENDING, RESULT_ENDING
from lessons.library.shelf import SCORE_ENDINGS
from tutor.glove.kinds import Kind
from tutor.practice import PracticeSettings
from tutor.register import Register
from ui.library.page import LibraryPage
from ui.notice_place import NoticePlace
from ui.placing import place, placement
from ui.rooms import Rooms
from ui.shortcuts import SHORTCUTS, Shortcut
from ui.stylesheet import wear
from ui.tasks import Tasks
from ui.who_plays import WhoPlays
from ui.widgets.help_overlay import HelpOverlay
from ui.widgets.notice import NoticeBar
from ui.widgets.rail import Rail

if TYPE_CHECKING:
    from ui.house import House

PAGES = (
    ("library", "Library"),
    ("practice", "Practice"),
    ("report", "Report"),
    ("compose", "Compose"),
    ("assignments", "Assignments"),
    ("glove", "Glove"),
    ("microphone", "Microphone"),
    ("devices", "Devices"),
)
OPENED = (*SCORE_ENDINGS, ASSIGNMENT_ENDING, RESULT_ENDING)


class MainWindow(QMainWindow):
    """Everything that a person sees. `begin` fills it; until then there is the library alone.

    Once a learner has made it `leave`, another one can `move_in`, and it begins anew.
    """

    closed = Signal()

    def __init__(self, rooms: Rooms):
        super().__init__()
        self.setAcceptDrops(True)
        QApplication.instance().focusChanged.connect(self._keys_moved)
        place(self, rooms.config.window)
        self._furnish(rooms)

    def _furnish(self, rooms: Rooms) -> None:
        self.rooms, self.config = rooms, rooms.config
        self.tasks = Tasks(self)
        self.is_left = False
        self.notice = NoticeBar()
        self.library = LibraryPage()
        self.house: House | None = None
        self._by_name: dict[str, QWidget] = {}
        self._lay_out()
        self.add_page("library", self.library)
        self.tasks.failed.connect(self.warn)
        self.show_page("library")

    def begin(
        self,
        midi: str = "",
        glove: str = "",
        glove_kind: Kind | None = None,
        score: Path | None = None,
        settings: PracticeSettings | None = None,
        audio: str = "",
        instrument: str = "",
        part: str = "",
        a4_hertz: float | None = None,
    ) -> None:
        """Load all the rest, fetch what the pages show, and listen to the microphone that is named or was in use."""
        from ui.house import House  # the window is there before the other pages are loaded

        self.house = House(self)
        self.bind(self.house.deeds())
        self.house.begin(midi, glove, glove_kind)
        if score is not None:
            self.house.stand.open_file(score, settings, part)
        if audio:
            self.house.microphones.listen_to(audio, instrument, a4_hertz)
        elif not midi:
            self.house.microphones.listen_again()

    def add_page(self, name: str, page: QWidget, notices_on: QWidget | None = None) -> None:
        """Put one more page into the window; notices stand below it, or float at the head of a part of it."""
        self._by_name[name] = page
        page.setAccessibleName(dict(PAGES)[name])
        if notices_on is not None:
            self._notice_place.stand_on(page, notices_on)
        self._pages.addWidget(page)

    def page(self, name: str) -> QWidget:
        """A page by its name."""
        return self._by_name[name]

    def show_page(self, name: str, *, by_itself: bool = False) -> None:
        """Go to a page; a warning stays where the window goes there ``by_itself``."""
        if name in self._by_name:
            if not by_itself and self._by_name[name] is not self._pages.currentWidget():
                self.notice.leave()
            self._pages.setCurrentWidget(self._by_name[name])
            self._rail.show_page(name)
            self.show_title()

    def show_title(self) -> None:
        """Name the page, the piece on it, and among several learners who plays, in the window's title."""
        name = next(name for name, page in self._by_name.items() if page is self._pages.currentWidget())
        piece = self.house.piece_on(name) if self.house is not None else ""
        who = self.rooms.person.name if len(self.rooms.register.people) > 1 else ""
        self.setWindowTitle(" · ".join(word for word in (piece, dict(PAGES)[name], who, "Dacapo") if word))

    def show_people(self, register: Register) -> None:
        """Show the learners as they are called now."""
        slug = self.rooms.person.slug
        person = next((one for one in register.people if one.slug == slug), self.rooms.person)
        self.rooms = replace(self.rooms, person=person, register=register)
        self.who.show_people(person, register)
        self.show_title()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep a notice in its place."""
        super().resizeEvent(event)
        self._notice_place.place()

    def showEvent(self, event: QShowEvent) -> None:
        """Let a notice heed from now on what is pressed anywhere in the window."""
        super().showEvent(event)
        self._notice_place.watch(self.windowHandle())

    def _give_keys(self) -> None:
        """Let the page that came into sight have the keys, where it takes them."""
        page = self._pages.currentWidget()
        if page.focusProxy() is not None or page.focusPolicy() != Qt.FocusPolicy.NoFocus:
            page.setFocus()

    def _keys_moved(self, before: QWidget | None, _now: QWidget | None) -> None:
        """What cannot be used any more leaves the keys to its page, not to whatever comes next."""
        if before is not None and not before.isEnabled() and self._pages.currentWidget().isAncestorOf(before):
            self._give_keys()

    def warn(self, reason: str) -> None:
        """Tell what went wrong, in one line that stays."""
        self.notice.tell(reason, warning=True)

    def bind(self, deeds: Mapping[str, Callable[[], object]]) -> None:
        """Give each shortcut its deed."""
        own: dict[str, Callable[[], object]] = {name: deed(self.show_page, name) for name, _ in PAGES}
        own |= {
            "open": self.choose_file,
            "theme": self.toggle_theme,
            "help": self._help.toggle,
            "away": self._put_away,
            "find": self.library.search.setFocus,
        }
        for shortcut in SHORTCUTS:
            self._bind_one(shortcut, deeds.get(shortcut.name) or own[shortcut.name])

    def toggle_theme(self) -> None:
        """Dark or light, and remember it."""
        self.config = replace(self.config, dark=not self.config.dark)
        wear(self.config.dark)

    def choose_file(self) -> None:
        """Ask for a score of the learner's own, or for assignments."""
        endings = " ".join(f"*{ending}" for ending in OPENED)
        names, _ = QFileDialog.getOpenFileNames(self, "Open a file", "", f"Scores and assignments ({endings})")
        self._open_files([Path(name) for name in names])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take scores and assignments."""
        if _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        self._open_files(_dropped(event))

    def _open_files(self, paths: Sequence[Path]) -> None:
        """Open files, the last of the scores staying on the stand."""
        for path in paths if self.house is not None else ():
            self.house.stand.open_file(path)

    def leave(self) -> Callable[[], None]:
        """End the take and let all go; what gives devices and journal back and remembers, which may take seconds."""
        give_back: Callable[[], None] | None = None
        if self.house is not None:
            self.config, give_back = self.house.close()
        self.config = replace(self.config, window=placement(self))
        self.tasks.close()
        self.centralWidget().setEnabled(False)
        self.is_left = True
        rooms, config = self.rooms, self.config

        def part() -> None:
            if give_back is not None:
                give_back()
            rooms.close()
            rooms.save_config(config)

        return part

    def move_in(self, rooms: Rooms) -> None:
        """Begin anew for another learner, after who was here has left; nothing of theirs stays."""
        for shortcut in self.findChildren(QShortcut):
            shortcut.setEnabled(False)
            shortcut.deleteLater()
        for left in (self.house, self.tasks):
            if left is not None:
                left.deleteLater()
        self._furnish(rooms)  # the pages go with the central widget that they were in

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the take, give the devices back, remember."""
        if not self.is_left:
            self.leave()()
        self.closed.emit()
        super().closeEvent(event)

    def _put_away(self) -> None:
        if self._help.isVisible():
            self._help.hide()
        else:
            self.notice.hide()
        if self.house is not None:
            self.house.stop_touch()

    def _bind_one(self, shortcut: Shortcut, deed: Callable[[], object]) -> None:
        owner = self.page(shortcut.page.lower()) if shortcut.page else self
        for keys in shortcut.keys:
            bound = QShortcut(QKeySequence(keys), owner)
            bound.setContext(_context(shortcut, keys))
            bound.activated.connect(deed)

    def _lay_out(self) -> None:
        self.who = WhoPlays(self.rooms.person, self.rooms.register)
        self._rail = Rail(PAGES, self.who)
        self._pages = QStackedWidget()
        self._pages.currentChanged.connect(self._give_keys)
        whole = QWidget()
        whole.setObjectName("page")
        whole.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._rail)
        room = QVBoxLayout()
        room.addWidget(self._pages)
        row.addLayout(room, 1)
        self.setCentralWidget(whole)
        self._notice_place = NoticePlace(self.notice, whole, self._pages, room)
        if self.windowHandle() is not None:  # the window was shown to the learner before
            self._notice_place.watch(self.windowHandle())
        self._help = HelpOverlay(whole)
        self._rail.page_chosen.connect(self.show_page)
        self._rail.theme_asked.connect(self.toggle_theme)
        self._rail.help_asked.connect(self._help.toggle)
        self.library.open_asked.connect(self.choose_file)


def deed(call: Callable[..., object], *said: object) -> Callable[[], object]:
    """A call with what is said to it, to be made later."""
    return lambda: call(*said)


def _context(shortcut: Shortcut, keys: str) -> Qt.ShortcutContext:
    """Where keys are heard: while their page is seen; plain ones, as Space, only where it has the keyboard too."""
    plain = bool(shortcut.page) and not keys.startswith("Ctrl+")
    return Qt.ShortcutContext.WidgetWithChildrenShortcut if plain else Qt.ShortcutContext.WindowShortcut


def _dropped(event: QDropEvent) -> list[Path]:
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() in OPENED]
