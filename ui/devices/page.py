"""The devices page: what is there, what is missing, and the one line that gets it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from tutor.commands.parts import Check
from tutor.glove.kinds import KIND_WORDS, Kind
from tutor.glove.state import GloveState
from ui.devices.check_row import CheckRow
from ui.devices.ports import Ports
from ui.practice.device_chips import clear_button, glove_words
from ui.theme import Space, Type
from ui.widgets.button import Button
from ui.widgets.chip import Chip
from ui.widgets.choice import Choice
from ui.widgets.scroll import Scrolled
from ui.widgets.text import Elided, card, label

REFRESH_MS = 1000
NO_INPUT, NO_INPUT_HEARD = "No keyboard found", "None is heard"
OWN_SOUND, NO_SOUND = "This computer's own loudspeaker or headphones", "No loudspeaker or headphones can be opened"
KINDS = tuple(KIND_WORDS)
ONE_PORT = "Port, as /dev/ttyUSB0 or COM3"
PORT_WORDS = {Kind.FINGER_CHANNELS: "Name of a MIDI output", Kind.LUCID: "Left and right port, as COM3,COM4"}


class DevicesPage(QWidget):
    """Chooses the learner's devices and shows the checks of this machine."""

    midi_chosen = Signal(str)
    glove_chosen = Signal(str, object)  # port, Kind
    looked = Signal()  # the learner looks for devices again

    def __init__(self, ports: Ports):
        super().__init__()
        self.setObjectName("page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._ports = ports
        self._midi, self._midi_state = Choice("MIDI input", 12), Chip("MIDI input", "")
        self._midi.activated.connect(self._choose_midi)
        self._kind, self._glove = Choice("Kind of glove", 12), Choice("Glove port", 12)
        self._glove_state = Chip("Glove", "")
        self._kind.addItems(list(KIND_WORDS.values()))
        self._kind.activated.connect(self._choose_kind)
        self._typed = QLineEdit()
        self._typed.setPlaceholderText(ONE_PORT)
        self._typed.returnPressed.connect(self._connect_glove)
        self._glove.setEditable(True)
        self._glove.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._glove.setToolTip("Two gloves, one on each hand: both ports with a comma, the left one first")
        self._glove.setLineEdit(self._typed)
        self._typed.setAccessibleName(self._glove.accessibleName())
        self._glove.setCompleter(None)  # what is typed is what is meant
        self._connect = Button("Connect", "", "", "Use the glove on this port")
        self._connect.clicked.connect(self._choose_glove)
        self._glove.currentTextChanged.connect(self._offer_to_connect)
        self.clear = clear_button(ports)
        self._answer = label("", Type.SMALL, "soft", wrap=True)
        self._sound, self._sound_state = Elided("", Type.BODY, "soft"), Chip("Sound", "")
        self._checks = QVBoxLayout()
        self._checks.setSpacing(Space.SMALL)
        self._again = Button("Look again", "refresh", "", "Look for devices again")
        self._again.clicked.connect(self.refresh)
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.show_states)
        ports.changed.connect(self.show_states)
        ports.checked.connect(self.show_checks)
        self._lay_out()
        self.show_states()
        self._say_looking()

    def refresh(self) -> None:
        """Look for devices again."""
        self._ports.look_for_midi()
        if self._ports.glove is not None:
            self._kind.setCurrentIndex(KINDS.index(self._ports.glove_kind))
        self._list_gloves()
        self._ports.check()
        self.looked.emit()

    def show_states(self) -> None:
        """Show how the chosen devices are."""
        ports = self._ports
        names = list(ports.midi_names)
        if [self._midi.itemText(row) for row in range(self._midi.count())] != names:
            self._midi.clear()
            self._midi.addItems(names)
        self._midi.setEnabled(bool(names))
        self._midi.setPlaceholderText(NO_INPUT_HEARD if names else NO_INPUT)
        self._midi.setCurrentIndex(self._midi.findText(ports.midi_name))
        state = "lost" if ports.midi_lost else "good" if ports.midi_name else "none"
        self._midi_state.say({"lost": "Unplugged", "good": "Listening", "none": "Not there"}[state], state)
        silent = ports.silence_reason
        sound = "busy" if ports.synth is None else "none" if silent else "good"
        self._sound.setText(NO_SOUND if silent else OWN_SOUND)
        self._sound_state.say({"busy": "Starting", "none": "Silent", "good": "Ready"}[sound], sound, silent)
        self._glove_state.say(*glove_words(ports.glove_state))
        self._answer.setText(answer_words(ports.glove_port, ports.glove_state))
        self._answer.setVisible(bool(self._answer.text()))
        self.clear.setVisible(ports.glove_state is not None and bool(ports.glove_state.faults))
        self._offer_to_connect()
        for choice in (self._kind, self._glove):
            choice.setEnabled(not self._is_connected)

    def show_checks(self, checks: Sequence[Check]) -> None:
        """Show what works on this machine, what is missing first."""
        self._clear_checks()
        for check in sorted(checks, key=lambda check: check.works):
            self._checks.addWidget(CheckRow(check))

    def showEvent(self, event: QShowEvent) -> None:
        """Look when seen."""
        super().showEvent(event)
        self._timer.start()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while unseen."""
        super().hideEvent(event)
        self._timer.stop()

    def _choose_midi(self, row: int) -> None:
        name = self._midi.itemText(row)
        if name in self._ports.midi_names:
            self.midi_chosen.emit(name)

    @property
    def _is_connected(self) -> bool:
        state = self._ports.glove_state
        return state is not None and state.connected

    @property
    def _port(self) -> str:
        return self._glove.currentText().strip()

    @property
    def _lets_go(self) -> bool:
        """Whether the button lets a glove go: one that answers, or the one that was asked for on this port."""
        asked = (self._ports.glove_port, self._ports.glove_kind)
        same = self._port == "" or (self._port, self._chosen_kind) == asked
        return self._ports.glove is not None and (self._is_connected or same)

    def _choose_glove(self) -> None:
        if self._lets_go:
            self.glove_chosen.emit("", self._chosen_kind)
        else:
            self._connect_glove()

    def _connect_glove(self) -> None:
        is_asked = self._ports.glove_opening and self._port == self._ports.glove_port  # Enter is heard twice
        if self._port and not self._is_connected and not is_asked:
            self.glove_chosen.emit(self._port, self._chosen_kind)

    def _offer_to_connect(self) -> None:
        """Connect to a port that is named, or let go what was."""
        lets_go = self._lets_go
        self._connect.setText("Let go" if lets_go else "Connect")
        self._connect.setEnabled(lets_go or bool(self._port))

    def _choose_kind(self) -> None:
        self._typed.clear()
        self._list_gloves()

    def _list_gloves(self) -> None:
        kind = self._chosen_kind
        self._typed.setPlaceholderText(PORT_WORDS.get(kind, ONE_PORT))
        self._ports.list_gloves(kind, lambda names: self._show_ports(kind, names))

    @property
    def _chosen_kind(self) -> Kind:
        return KINDS[self._kind.currentIndex()]

    def _show_ports(self, kind: Kind, names: Sequence[str]) -> None:
        if kind is not self._chosen_kind:
            return  # the learner has chosen another since
        typed = self._glove.currentText()
        self._glove.clear()
        self._glove.addItems(list(names))
        self._glove.setCurrentText(typed or self._ports.glove_port or next(iter(names), ""))

    def _clear_checks(self) -> None:
        while self._checks.count():
            item = self._checks.takeAt(0)
            row = item.widget() if item is not None else None
            if row is not None:
                row.deleteLater()

    def _say_looking(self) -> None:
        self._checks.addWidget(label("Looking at what works on this machine …", Type.BODY, "soft"))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(label("Devices", Type.DISPLAY, bold=True))
        head.addStretch(1)
        head.addWidget(self._again)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, Space.SMALL, 0)
        column.setSpacing(Space.MEDIUM)
        column.addWidget(self._chosen_card())
        column.addSpacing(Space.SMALL)
        column.addWidget(label("This computer", Type.TITLE, bold=True))
        column.addLayout(self._checks)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        whole.setSpacing(Space.MEDIUM)
        whole.addLayout(head)
        whole.addWidget(Scrolled(inner, "The devices"), 1)

    def _chosen_card(self) -> QFrame:
        frame, grid = card(), QGridLayout()
        grid.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        grid.setHorizontalSpacing(Space.MEDIUM)
        grid.setVerticalSpacing(Space.MEDIUM)
        for row, words in ((0, "Keyboard"), (1, "Glove"), (4, "Sound")):
            grid.addWidget(label(words, Type.BODY, bold=True), row, 0)
        grid.addWidget(self._midi, 0, 1)
        grid.addWidget(self._midi_state, 0, 3, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self._kind, 1, 1)
        grid.addWidget(self._glove, 2, 1)
        grid.addWidget(self._connect, 2, 2)
        grid.addWidget(self._glove_state, 2, 3, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self._answer, 3, 1, 1, 2)
        grid.addWidget(self.clear, 3, 3, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self._sound, 4, 1)
        grid.addWidget(self._sound_state, 4, 3, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnMinimumWidth(0, 100)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(3, 170)
        frame.setLayout(grid)
        return frame


def answer_words(port: str, state: GloveState | None) -> str:
    """What a glove says that was asked for on a port, where its chip does not say all; '' where that is enough."""
    if state is None:
        return ""
    if state.connected and state.faults:
        return " ".join(words for words in (state.trouble, state.notice) if words)
    return state.error or ("" if state.connected else f"Asking {port} …") or state.notice
