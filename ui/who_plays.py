"""Who plays: always in sight at the foot of the rail, and two clicks from the next learner."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu

from tutor.register import Person, Register
from ui.widgets.rail import RailButton
from ui.widgets.text import plain_tip, pressed_words

ADD, RENAME, LAY_ASIDE, BRING_BACK = "Add a learner …", "Rename {} …", "Lay {} aside", "Bring back"
TIP = "Who plays: the library's results, what is due, the settings and the touch are theirs"


class WhoPlays(RailButton):
    """The name of the learner over a menu of all."""

    chosen = Signal(object)  # Person
    add_asked = Signal()
    rename_asked = Signal()
    lay_aside_asked = Signal()
    bring_back_asked = Signal(object)  # Person
    menu_asked = Signal()  # who knows the learners shows them, then opens the menu

    def __init__(self, person: Person, register: Register):
        super().__init__(person.name, "person", "")
        self.setToolTip(TIP)
        self.clicked.connect(self.menu_asked)
        self.show_people(person, register)

    def show_people(self, person: Person, register: Register) -> None:
        """Show who plays, and offer these."""
        self._person, self._register = person, register
        self.setText(person.name)
        self.setAccessibleName(f"Who plays: {person.name}")
        self.setToolTip(plain_tip(f"{person.name}\n{TIP}"))
        self.update()

    def menu(self) -> QMenu:
        """All learners, and what can be done with them."""
        menu, name = QMenu(self), pressed_words(self._person.name)
        for person in self._register.people:
            action = menu.addAction(pressed_words(person.name))
            action.setCheckable(True)
            action.setChecked(person.slug == self._person.slug)
            action.triggered.connect(lambda _checked=False, one=person: self.chosen.emit(one))
        menu.addSeparator()
        menu.addAction(ADD).triggered.connect(self.add_asked)
        menu.addAction(RENAME.format(name)).triggered.connect(self.rename_asked)
        aside = menu.addAction(LAY_ASIDE.format(name))
        aside.triggered.connect(self.lay_aside_asked)
        aside.setEnabled(not self._person.is_first)
        back = menu.addMenu(BRING_BACK)
        back.menuAction().setVisible(bool(self._register.aside))
        for person in self._register.aside:
            triggered = back.addAction(pressed_words(person.name)).triggered
            triggered.connect(lambda _checked=False, one=person: self.bring_back_asked.emit(one))
        return menu

    def open_menu(self) -> None:
        """Let somebody choose."""
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        up = QPoint(0, menu.sizeHint().height())
        menu.popup(self.mapToGlobal(self.rect().bottomRight()) - up)
