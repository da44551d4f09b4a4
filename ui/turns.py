"""Learners take turns at one window: who goes leaves it as if it were closed, for the next it is furnished anew.

The take is kept, the glove is still, ports and journal are closed before anything of the next learner is opened.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from lessons.errors import InputError
from tutor.enrolment import Enrolment
from tutor.register import LONGEST_NAME, Person, Register
from ui.rooms import Rooms
from ui.stylesheet import wear
from ui.tasks import Tasks
from ui.widgets.asked_name import asked_name
from ui.window import MainWindow

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Turn:
    """Whose turn it is: their rooms, and what is to be told, perhaps with who was laid aside where."""

    rooms: Rooms
    told: tuple[str, ...] = ()
    aside: tuple[Person, Path] | None = None


class Turns(QObject):
    """Changes the learner of a window. ``changed`` tells that another one plays.

    ``furnish`` makes the rooms of a learner, and may look at the disk; ``begin`` fills the window once they are there.
    """

    changed = Signal()

    def __init__(
        self,
        window: MainWindow,
        enrolment: Enrolment,
        furnish: Callable[[Person], Rooms],
        begin: Callable[[], object],
    ):
        super().__init__(window)
        self._window, self._enrolment, self._furnish, self._begin = window, enrolment, furnish, begin
        self._tasks = Tasks(self)
        self._next: Person | None = None  # while the one before leaves
        self._aside: Person | None = None
        window.closed.connect(self._tasks.close)
        self._tasks.failed.connect(window.warn)
        self._connect()

    @property
    def person(self) -> Person:
        """Who plays."""
        return self._window.rooms.person

    def remember(self) -> None:
        """Note who plays, for the next start."""
        person = self.person
        self._tasks.run(lambda: self._enrolment.remember(person), None, log.warning)

    def choose(self, person: Person) -> None:
        """Let another learner play, where the folder is there."""
        if person.slug != self.person.slug and self._next is None:
            self._tasks.run(lambda: self._enrolment.folder_of(person), lambda _folder: self._change_to(person))

    def add(self) -> None:
        """Ask for a name, and let that learner play."""
        name = asked_name(self._window, "Add a learner", "Add", LONGEST_NAME)
        if name is not None:
            self._tasks.run(lambda: self._enrolment.add(name), self.choose)

    def rename(self) -> None:
        """Ask for another name for who plays."""
        person = self.person
        name = asked_name(self._window, f"Rename {person.name}", "Rename", LONGEST_NAME, person.name)
        if name is not None:
            self._tasks.run(lambda: self._enrolment.rename(person, name), self._show_people)

    def lay_aside(self) -> None:
        """Take who plays off the list, and let the first learner play."""
        if not self.person.is_first and self._next is None:
            self._aside = self.person
            self._change_to(self._window.rooms.register.people[0])

    def _change_to(self, person: Person) -> None:
        """Change once no take is under way and none is being judged."""
        house = self._window.house
        if self._next is not None or house is None:
            return
        self._next = person
        house.lesson.state_changed.connect(self._look_soon)
        house.reviewing.judged.connect(self._look_soon)
        if house.lesson.running:
            self._window.notice.tell(f"The take is kept first; then {person.name} plays.")
        self._look()

    def _look_soon(self) -> None:
        """Look once all who wait for the take were told of it."""
        QTimer.singleShot(0, self, self._look)

    def _look(self) -> None:
        house = self._window.house
        if self._next is None or house is None or self._window.is_left:
            return
        if house.lesson.running:
            house.lesson.stop()
        elif not house.reviewing.judging:
            if house.lesson.ports.glove is not None:
                house.lesson.ports.glove.stop()  # at once; to close it may take a while
            self._leave(self._next)

    def _leave(self, person: Person) -> None:
        aside, window = self._aside, self._window
        rooms, told = window.rooms, list[str]()
        part = window.leave()
        rooms.tell_notices_to(told.append)  # what it told is about to go
        self._tasks.run(
            lambda: self._change(part, person, aside, told),
            self._arrive,
            lambda reason: self._tasks.run(lambda: Turn(self._furnish(rooms.person), (reason,)), self._arrive),
        )

    def _change(self, part: Callable[[], None], person: Person, aside: Person | None, told: list[str]) -> Turn:
        """Close what one learner had open, and furnish for the next; in the background."""
        part()
        laid = None
        try:
            if aside is not None:
                laid = aside, self._enrolment.lay_aside(aside)
            self._enrolment.remember(person)
        except InputError as fault:
            told.append(str(fault))
        return Turn(self._furnish(person), tuple(told), laid)

    def _arrive(self, turn: Turn) -> None:
        wear(turn.rooms.config.dark)
        self._window.move_in(turn.rooms)
        self._connect()
        QTimer.singleShot(0, self, lambda: self._fill(turn))  # once the library has been painted

    def _fill(self, turn: Turn) -> None:
        if self._window.is_left:
            return
        self._next = self._aside = None
        self._begin()
        for words in turn.told:
            self._window.warn(words)
        if turn.aside is not None:
            self._tell_aside(*turn.aside)
        QTimer.singleShot(0, self, _clear_away)
        self.changed.emit()

    def _tell_aside(self, person: Person, path: Path) -> None:
        self._window.notice.tell(
            f"{person.name} is laid aside, and can be brought back where the learners stand. The folder is {path} now.",
            undo=lambda: self.bring_back(person),
        )

    def bring_back(self, person: Person) -> None:
        """Put who was laid aside onto the list again."""
        self._tasks.run(lambda: self._enrolment.bring_back(person), self._show_people)

    def _offer(self) -> None:
        """Let somebody choose among those who are there by now; another program may have added some."""

        def offer(register: Register) -> None:
            self._window.show_people(register)
            self._window.who.open_menu()

        self._tasks.run(lambda: self._enrolment.read()[0], offer)

    def _show_people(self, _done: object) -> None:
        """Show the names as they are now."""
        self._tasks.run(lambda: self._enrolment.read()[0], self._window.show_people)

    def _connect(self) -> None:
        who = self._window.who
        who.chosen.connect(self.choose)
        who.add_asked.connect(self.add)
        who.rename_asked.connect(self.rename)
        who.lay_aside_asked.connect(self.lay_aside)
        who.bring_back_asked.connect(self.bring_back)
        who.menu_asked.connect(self._offer)


def _clear_away() -> None:
    """Let go of what is left of who was here, also where it was set aside to stay (`ui.app`).

    Here, and not when another thread comes to it: there are things of Qt among it.
    """
    gc.unfreeze()
    gc.collect()
