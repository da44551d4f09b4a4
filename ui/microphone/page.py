"""The microphone page: choose what is played, see how loud and how high it is, and let the lesson hear it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from lessons.note_names import Naming, class_name
from tutor.clock import stamp
from tutor.listen.instruments import INSTRUMENTS
from tutor.listen.level import SoundLevel
from tutor.listen.listener import HEARD
from tutor.listen.tuning import A4_HERTZ
from ui.devices.ports import Ports
from ui.microphone.ear import CONCERT_HERTZ, CONCERT_PITCH, Ear
from ui.microphone.live_view import LiveView
from ui.microphone.tuner import Tuner
from ui.microphone.which import MicrophoneChoice
from ui.theme import Space, Type, worn
from ui.widgets.button import Button, Toggle
from ui.widgets.choice import Choice
from ui.widgets.number import Decimal
from ui.widgets.scroll import Scrolled
from ui.widgets.text import card, label

LOOK_MS = 33
SIDE_WIDTH = 372
QUIETEST_DB = -70.0
SILENT_SEC = 0.15
AS_PLAYED = 0.0
IN_LESSONS = (
    "Use this A in lessons too, such as 415 for baroque pitch; otherwise it is found by ear, from 430 to 450 Hz"
)
NO_DELAY = "Not measured yet. Let the microphone hear the loudspeaker for a moment, and measure."
MEASURING = "Measuring: five clicks …"
ADVICE = (
    "Headphones are best. Over loudspeakers the program takes its own sound out of what it hears, as long as you are "
    "louder. While it listens, your own notes are not sounded."
)


class MicrophonePage(QWidget):
    """Tells what shall be listened to (``listen_asked``: device, instrument), when to stop, and when to measure."""

    listen_asked = Signal(str, str)
    silence_asked = Signal()
    delay_asked = Signal(str)
    refused = Signal(str)
    reference_chosen = Signal(float)  # hertz, or 0 for the tuning in which the learner plays
    lessons_tuned = Signal(bool)  # by that A

    def __init__(self, ports: Ports):
        super().__init__()
        self.setObjectName("page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._ports = ports
        self._device, self._instrument = MicrophoneChoice(ports), Choice("Instrument", 14)
        for name in HEARD:
            self._instrument.addItem(name[0].upper() + name[1:], name)
        self.listen = Button(
            "Listen", "microphone", "primary", "Let lessons hear the microphone, or stop", "Ctrl+Return"
        )
        self.listen.clicked.connect(self._toggle)
        self._device.listed.connect(lambda any_is: self.listen.set_role("primary" if any_is else ""))
        self.measure = Button("Measure", "", "", "Sound five clicks and hear how late they come back")
        self.measure.clicked.connect(self._measure)
        self._delay = label("", Type.BODY, "soft", wrap=True)
        self.meter, self.tuner, self.view = Meter(), Tuner(), LiveView()
        self._a_name, self._a_is = "", label("", Type.BODY)
        self._reference = Decimal(*map(round, A4_HERTZ), "The tuner's A, in hertz")
        self._reference.setToolTip(f"{A4_HERTZ[0]:g} to {A4_HERTZ[1]:g} Hz, such as 415 or 442.5")
        self._reference.setValue(CONCERT_HERTZ)
        self._reference.refused.connect(self._refuse_reference)
        words = "Measure from the tuning that you have played in until now"
        self._as_played = Button("As I play", "", "", words, checkable=True)
        self._reference.valueChanged.connect(self._tell_reference)
        self._as_played.clicked.connect(self._tell_reference)
        self._in_lessons = Toggle("In lessons too", IN_LESSONS)
        self._in_lessons.clicked.connect(self.lessons_tuned)
        self._tuning = label("", Type.SMALL, "soft")
        self._notice = label("", Type.BODY, "warning", wrap=True)
        self._lay_out()
        self.call_notes(Naming.NONE)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        ports.changed.connect(self.look)
        ports.changed.connect(self._say_delay)
        self.look()

    def call_notes(self, naming: Naming) -> None:
        """Call the notes so from now on; A too, which is La to many."""
        self._a_name = class_name(CONCERT_PITCH, naming)
        self._a_is.setText(f"{self._a_name} =")
        for shown in (self.tuner, self.view):
            shown.call_notes(naming)

    def look(self) -> None:
        """Show what is heard now."""
        microphone, ear = self._ports.microphone, self._ports.ear
        listening, opening = microphone is not None and ear is not None, self._ports.microphone_opening
        self.listen.setText("Opening …" if opening else "Stop listening" if listening else "Listen")
        busy = opening or self._ports.measuring
        self.listen.setEnabled(not busy)
        for choice in (self._device, self._instrument, self.measure):
            choice.setEnabled(not (listening or busy))
        self._offer_reference(listening or opening)
        level = microphone.level if microphone is not None else SoundLevel()
        self.meter.show_level(level)
        self._notice.setText(level.notice_for(ear.instrument) if ear is not None else level.notice)
        trace = ear.trace() if ear is not None else ()
        self.tuner.show_pitch(ear.pitch_at(stamp(), SILENT_SEC, self._against(ear)) if ear is not None else None)
        self.view.show_heard(trace, ear.struck() if ear is not None else (), stamp())
        self._tuning.setText(self._tuning_of(ear) if ear is not None else "")

    def _tuning_of(self, ear: Ear) -> str:
        """What A is tuned to, once it is known; '' for instruments that have no tuning of their own."""
        if ear.instrument not in INSTRUMENTS or not INSTRUMENTS[ear.instrument].tuned:
            return ""
        if self._in_lessons.isChecked():
            return f"Lessons use {self._a_name} = {ear.tuning_hertz:.1f} Hz."
        return f"You play at {self._a_name} = {ear.tuning_hertz:.1f} Hz." if ear.clear is not None else ""

    def _against(self, ear: Ear) -> float:
        """What the tuner counts its cents from."""
        return ear.tuning_hertz if self._as_played.isChecked() else self._reference.value()

    def _offer_reference(self, listening: bool) -> None:
        """Let be chosen what can be: an A by which lessons hear holds until they hear no more."""
        in_use = listening and self._in_lessons.isChecked()
        self._reference.setEnabled(not (self._as_played.isChecked() or in_use))
        self._as_played.setEnabled(not in_use)
        self._in_lessons.setEnabled(not (listening or self._as_played.isChecked()))

    def tune_lessons(self, wanted: bool) -> None:
        """Have lessons heard by the tuner's A, or not."""
        self._in_lessons.setChecked(wanted)

    def choose_reference(self, hertz: float) -> None:
        """Have the tuner count from what the learner chose; 0 is the tuning in which they play."""
        self._as_played.setChecked(hertz == AS_PLAYED)
        self.look()
        if hertz != AS_PLAYED:
            self._reference.setValue(hertz)

    def _refuse_reference(self, typed: str) -> None:
        self.refused.emit(
            f"{self._a_name} = {typed} Hz: the tuner can count from {A4_HERTZ[0]:g} to {A4_HERTZ[1]:g} Hz"
        )

    def _tell_reference(self) -> None:
        self.look()
        self.reference_chosen.emit(AS_PLAYED if self._as_played.isChecked() else self._reference.value())

    def choose_device(self, name: str) -> None:
        """Have a microphone chosen, there or not."""
        self._device.choose(name)

    def choose_instrument(self, name: str) -> None:
        """Have an instrument chosen."""
        self._instrument.setCurrentIndex(max(0, self._instrument.findData(name)))

    def showEvent(self, event: QShowEvent) -> None:
        """Look while seen."""
        super().showEvent(event)
        self._say_delay()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while unseen; lessons go on hearing."""
        super().hideEvent(event)
        self._timer.stop()

    def _toggle(self) -> None:
        if self._ports.microphone is not None:
            self.silence_asked.emit()
        else:
            self.listen_asked.emit(self._device.chosen, str(self._instrument.currentData()))

    def _measure(self) -> None:
        self.delay_asked.emit(self._device.chosen)

    def _say_delay(self) -> None:
        if self._ports.measuring:
            self._delay.setText(MEASURING)
            return
        late_sec = self._ports.microphone_late_sec
        self._delay.setText(f"{1000 * late_sec:.0f} ms, taken into account." if late_sec else NO_DELAY)

    def _reference_row(self) -> QWidget:
        """Where the learner says what the tuner counts from."""
        return _row(self._a_is, self._reference, label("Hz", Type.BODY), self._as_played)

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.setSpacing(Space.MEDIUM)
        side.addWidget(_titled("What you play", self._instrument, self._device, self._device.plugged, self.listen))
        side.addWidget(_titled("How loud it is", self.meter, self._notice))
        side.addWidget(_titled("Delay", self._delay, self.measure))
        side.addWidget(label(ADVICE, Type.BODY, "soft", wrap=True))
        side.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(Space.MEDIUM)
        left.addWidget(_titled("Tuner", self.tuner, self._reference_row(), _row(self._in_lessons, self._tuning)))
        left.addWidget(_titled("What is heard", self.view), 1)
        holder = QWidget()
        holder.setLayout(side)
        holder.setFixedWidth(SIDE_WIDTH)
        side.setContentsMargins(0, 0, 0, 0)
        inner = QWidget()
        row = QHBoxLayout(inner)
        row.setContentsMargins(0, 0, Space.SMALL, 0)
        row.setSpacing(Space.LARGE)
        row.addLayout(left, 1)
        row.addWidget(holder)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        whole.setSpacing(Space.MEDIUM)
        whole.addWidget(label("Microphone", Type.DISPLAY, bold=True))
        whole.addWidget(Scrolled(inner, "What is heard, and by what"), 1)


class Meter(QWidget):
    """How loud it is, from silence to the loudest that can be taken; the mark is the noise of the room."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Level of the microphone")
        self.setFixedHeight(18)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._level = SoundLevel()

    def show_level(self, level: SoundLevel) -> None:
        """Show a level."""
        if level != self._level:
            self._level = level
            self.setToolTip(f"{level.level_db:.0f} dB, the room {level.floor_db:.0f} dB")
            self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Wear another theme."""
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar."""
        painter, colours = QPainter(self), worn()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(colours.line))
        painter.setBrush(QColor(colours.roll))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(QColor(colours.roll))
        painter.setBrush(QColor(colours.wrong if self._level.clipping else colours.good))
        painter.drawRoundedRect(QRectF(2, 2, self._share(self._level.level_db) * (self.width() - 4), 14), 3, 3)
        mark = 2 + self._share(self._level.floor_db) * (self.width() - 4)
        painter.fillRect(QRectF(mark, 1, 2, 16), QColor(colours.ink_faint))
        painter.end()

    def _share(self, decibel: float) -> float:
        return min(1.0, max(0.0, 1 - decibel / QUIETEST_DB))


def _row(*widgets: QWidget) -> QWidget:
    holder, row = QWidget(), QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(Space.SMALL)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    holder.setLayout(row)
    return holder


def _titled(title: str, *widgets: QWidget) -> QFrame:
    frame, column = card(), QVBoxLayout()
    column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.LARGE)
    column.setSpacing(Space.SMALL)
    column.addWidget(label(title, Type.LEAD, bold=True))
    for widget in widgets:
        column.addWidget(widget, 1 if isinstance(widget, LiveView) else 0)
    frame.setLayout(column)
    return frame
