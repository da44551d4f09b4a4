"""The choice of a microphone: those that are there now, also where one is plugged in while another is listened to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent

from ui.devices.ports import Ports
from ui.theme import Type
from ui.widgets.choice import Choice
from ui.widgets.text import label

LIST_MS = 4000
OWN_MICROPHONE, NONE_FOUND = "This computer's own", "No microphone found"


class MicrophoneChoice(Choice):
    """Lists the microphones while it is seen; ``plugged`` names one that has come meanwhile."""

    listed = Signal(bool)  # whether there is any

    def __init__(self, ports: Ports):
        super().__init__("Microphone", 14)
        self._ports = ports
        self._names: tuple[str, ...] | None = None
        self._new = ""
        self.plugged = label("", Type.SMALL, "soft", wrap=True)
        self.plugged.hide()
        self.addItem(OWN_MICROPHONE, "")
        self._timer = QTimer(self, singleShot=True, interval=LIST_MS)
        self._timer.timeout.connect(self._list)
        ports.changed.connect(self._say_plugged)
        self.currentIndexChanged.connect(self._say_plugged)

    @property
    def chosen(self) -> str:
        """The name of the microphone; '' is the machine's own."""
        return str(self.currentData() or "")

    def choose(self, name: str) -> None:
        """Have a microphone chosen, there or not."""
        if self.findData(name) < 0:
            self.addItem(name, name)
        self.setCurrentIndex(self.findData(name))

    def show_names(self, names: Sequence[str]) -> None:
        """Offer the microphones that are there."""
        if tuple(names) == self._names:
            return  # a list that is being looked at stays as it is
        before, self._names = self._names, tuple(names)
        come = [name for name in names if before is not None and name not in before]
        self._new = come[0] if come else self._new if self._new in names else ""
        chosen = self.chosen
        self.clear()
        self.addItem(OWN_MICROPHONE if names else NONE_FOUND, "")
        for name in names:
            self.addItem(name, name)
        if chosen in names or self._ports.hears:
            self.choose(chosen)
        self._say_plugged()
        self.listed.emit(bool(names))

    def showEvent(self, event: QShowEvent) -> None:
        """Look while seen."""
        super().showEvent(event)
        self._list()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while unseen."""
        super().hideEvent(event)
        self._timer.stop()

    def _list(self) -> None:
        self._ports.list_microphones(self._listed)

    def _listed(self, names: Sequence[str]) -> None:
        """Show them, and ask again only now: to look takes as long as a process does, and other ports wait for that."""
        self.show_names(names)
        if self.isVisible():
            self._timer.start()

    def _say_plugged(self) -> None:
        """Name a microphone that was plugged in, until it is chosen."""
        is_new = self._new not in ("", self.chosen)
        how = "stop listening to choose it" if self._ports.microphone is not None else "choose it above"
        self.plugged.setText(f"{self._new} was plugged in: {how}." if is_new else "")
        self.plugged.setVisible(is_new)
