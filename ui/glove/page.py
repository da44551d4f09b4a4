"""The glove page: two hands to see and to try, how the hand is led, and a stop that is always there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tutor.clock import stamp
from tutor.glove.limits import DEFAULT_LEVEL
from tutor.glove.state import GloveState
from ui.devices.ports import Ports
from ui.glove.cards import LEFT_INDEX, RIGHT_INDEX, RehearsalCard, TapCard
from ui.glove.hands_view import HandsView
from ui.glove.lead_card import LeadCard
from ui.glove.strength_card import StrengthCard
from ui.glove.watched import HALTED
from ui.practice.device_chips import clear_button, glove_words
from ui.theme import Space, Type
from ui.widgets.button import Button
from ui.widgets.chip import Chip
from ui.widgets.scroll import Scrolled
from ui.widgets.text import Elided, card, label

LOOK_MS = 33
SIDE_WIDTH = 372
TRY_MS = 200
FIRST_TRY_SEC = 0.5
LONGEST_ONSET_MS = 200.0
FINGERS = 10
ALLOW, ALLOWED = "Touch may be felt again", "Touch is allowed"


@dataclass(frozen=True)
class Touch:
    """How the learner wants to be touched: ``level`` 1..255; ``onset_ms`` None where it was not measured.

    A ``child``'s hand is touched more gently, and rests after a quarter of an hour. ``gains`` are shares of the level
    for the fingers from the left thumb to the right little one.
    """

    level: int = DEFAULT_LEVEL
    lead_ms: float = 0.0
    onset_ms: float | None = None
    child: bool = False
    gains: tuple[float, ...] = (1.0,) * FINGERS


class GlovePage(QWidget):
    """Tells how the hand shall be touched (``touch_chosen``); its card ``lead`` tells how it shall be led."""

    touch_chosen = Signal(object)  # Touch
    devices_asked = Signal()
    noticed = Signal(str)

    def __init__(self, ports: Ports, touch: Touch):
        super().__init__()
        self.setObjectName("page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._ports, self._touch = ports, touch
        self.tap_test, self.rehearsal, self.lead = TapCard(), RehearsalCard(), LeadCard(touch.lead_ms)
        self.lead.lead_chosen.connect(lambda lead_ms: self._use(replace(self._touch, lead_ms=lead_ms)))
        self.rehearsal.child = touch.child
        self.tap_test.start_asked.connect(self._start_tap_test)
        self.tap_test.measured.connect(self._lag_measured)
        self.rehearsal.noticed.connect(self.noticed)
        self.hands = HandsView()
        self.hands.finger_chosen.connect(self._try_one)
        self.strength = StrengthCard(touch.level, touch.gains, touch.child)
        self.strength.chosen.connect(lambda fields: self._use(replace(self._touch, **fields)))
        self.strength.each_asked.connect(lambda: self.try_fingers((4, 3, 2, 1, 0, 5, 6, 7, 8, 9), 0.35))
        self._state, self._facts = Chip("Glove", ""), Elided("", Type.SMALL, "soft")
        self._state.clicked.connect(self.devices_asked)
        self.halt = Button("Stop all touch", "stop", "danger", "Everything off, until you allow touch again", "Esc")
        self.halt.clicked.connect(self.stop)
        self.clear = clear_button(ports)
        self._allow = Button("Allow touch", "check", "", ALLOW)
        self._allow.clicked.connect(self.allow)
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        self.look()

    def look(self) -> None:
        """Show how the glove is now."""
        glove, state = self._ports.glove, self._ports.glove_state
        self._state.say(*glove_words(state))
        present = state is not None and state.connected
        hands = state.hands if state is not None and present else 0
        self.hands.show_motors(glove.running_at(stamp()) if glove is not None else 0, present, hands)
        self._facts.setText(facts(state) if state is not None else "No glove yet: choose its port in Devices.")
        self.halt.setEnabled(glove is not None)
        self.clear.setVisible(state is not None and bool(state.faults))
        self._allow.setEnabled(self._ports.touch_stopped)
        self._allow.set_role("primary" if self._ports.touch_stopped else "")
        self._allow.setToolTip(ALLOW if self._ports.touch_stopped else ALLOWED)
        ready = present and glove is not None and not glove.halted
        for button in (self.strength.each, self.tap_test.button):
            button.setEnabled(ready)
        self.tap_test.use(tapped_finger(state))
        self.rehearsal.use(glove, ready)
        self.tap_test.look()

    def try_fingers(self, fingers: Sequence[int], apart_sec: float = 0.0) -> None:
        """Let fingers be touched now, together or one after the other."""
        glove = self._ports.glove
        if glove is None:
            return
        if glove.halted:
            self.noticed.emit(HALTED)
            return
        glove.lend()
        if not apart_sec:
            glove.cue(fingers, None, self._touch.level, TRY_MS)
        first_sec = stamp() + FIRST_TRY_SEC + self._touch.lead_ms / 1000  # by so much every touch is brought forward
        for place, finger in enumerate(fingers if apart_sec else ()):
            glove.cue((finger,), first_sec + place * apart_sec, self._touch.level, TRY_MS)

    def _try_one(self, finger: int) -> None:
        self.strength.choose_finger(finger)
        self.try_fingers((finger,))

    def stop(self) -> None:
        """Everything off, until touch is allowed."""
        self.tap_test.stop()
        self.rehearsal.stop()
        if self._ports.glove is None:
            return
        if not self._ports.touch_stopped:
            self.noticed.emit(HALTED)
        self._ports.let_touch(False)
        self.look()

    def rest(self) -> None:
        """Nothing more is asked of the glove: the window goes."""
        self._timer.stop()
        self.tap_test.stop()
        self.rehearsal.stop()

    def allow(self) -> None:
        """Touch may be felt again."""
        self._ports.let_touch(True)
        self.look()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the taps of the test."""
        if event.key() == Qt.Key.Key_Space and self.tap_test.running and not event.isAutoRepeat():
            self.tap_test.tap()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Look while seen."""
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while unseen; a rehearsal goes on."""
        super().hideEvent(event)
        self._timer.stop()

    def _start_tap_test(self) -> None:
        if self._ports.glove is not None:
            self.tap_test.start(self._ports.glove, self._touch.level, self._touch.lead_ms / 1000)
            self.setFocus()

    def _lag_measured(self, lag_ms: float) -> None:
        """Send every touch so much earlier than until now."""
        before = self._touch.onset_ms if self._touch.onset_ms is not None else self._stated_onset()
        onset = min(LONGEST_ONSET_MS, max(0.0, before + lag_ms))
        self.tap_test.words.setText(f"You feel it {lag_ms:+.0f} ms off; from now on it is sent {onset:.0f} ms ahead.")
        self._use(replace(self._touch, onset_ms=onset))

    def _stated_onset(self) -> float:
        """What the glove says of its motors."""
        state = self._ports.glove_state
        finger = tapped_finger(state)
        return float(state.onset_ms[finger]) if state and len(state.onset_ms) > finger else 0.0

    def _use(self, touch: Touch) -> None:
        self._touch, self.rehearsal.child = touch, touch.child
        self.touch_chosen.emit(touch)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.MEDIUM)
        head.addWidget(label("Glove", Type.DISPLAY, bold=True))
        head.addWidget(self._state)
        head.addStretch(1)
        head.addWidget(self.clear)
        head.addWidget(self._allow)
        head.addWidget(self.halt)
        drawing, inner = card(), QVBoxLayout()
        inner.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.MEDIUM)
        inner.addWidget(self.hands, 1)
        inner.addWidget(self._facts)
        drawing.setLayout(inner)
        cards = QWidget()
        side = QVBoxLayout(cards)
        side.setContentsMargins(0, 0, Space.SMALL, 0)
        side.setSpacing(Space.MEDIUM)
        for made in (self.strength, self.lead, self.tap_test, self.rehearsal):
            side.addWidget(made)
        side.addStretch(1)
        scroll = Scrolled(cards, "The glove's settings")
        scroll.setFixedWidth(SIDE_WIDTH)
        row = QHBoxLayout()
        row.setSpacing(Space.LARGE)
        row.addWidget(drawing, 1)
        row.addWidget(scroll)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        whole.setSpacing(Space.MEDIUM)
        whole.addLayout(head)
        whole.addLayout(row, 1)


def tapped_finger(state: GloveState | None) -> int:
    """The finger of the tap test: an index finger that the glove has."""
    return LEFT_INDEX if state is not None and state.hands == 1 else RIGHT_INDEX


def facts(state: GloveState) -> str:
    """What is known of the glove, in one line."""
    if not state.connected:
        return state.error or "Waiting for the glove to answer …"
    if state.faults:
        return "  ·  ".join(words for words in (state.trouble, state.notice) if words)
    said = [state.error] if state.error else []
    said += [state.actuator_class, f"{state.actuators} motors", f"firmware {state.firmware}"]
    said += [f"answers in {state.rtt_ms:.1f} ms"] if state.rtt_ms is not None else []
    said += [f"battery {state.battery} %"] if state.battery is not None else []
    said += [f"felt {state.counts.felt}"] if state.counts.felt else []
    said += [state.notice] if state.notice else []
    return "  ·  ".join(word for word in said if word)
