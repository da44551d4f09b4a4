"""The transport: start and stop, tempo, who leads, which hand, metronome, count-in and loop."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from tutor.practice import Hands, Mode, PracticeSettings
from ui.theme import Space, Type
from ui.widgets.button import Button, Segments
from ui.widgets.text import label

MODES = (Mode.FOLLOW, Mode.WAIT, Mode.KEEP_TEMPO)
MODE_WORDS = (
    ("Follow me", "The notes follow you"),
    ("Wait for me", "The notes wait for the right keys"),
    ("Keep tempo", "The notes keep the tempo, like a metronome"),
)
HANDS = (Hands.LEFT, Hands.BOTH, Hands.RIGHT)
HAND_WORDS = (("Left", "Play the left hand"), ("Both", "Play both hands"), ("Right", "Play the right hand"))
PAUSE_TIP = "Pause, where the tempo leads; where you lead, just stop"
GO_ON_TIP = "Go on from here, with the count-in"
TEMPO_PERCENT = (30, 150)
TEMPO_STEP = 5
CHOICES_PLACE = 6  # in the row, where it is wide enough


class TransportBar(QWidget):
    """Shows and changes the `PracticeSettings`; the page decides what they do."""

    changed = Signal(object)  # PracticeSettings
    start_asked = Signal()
    restart_asked = Signal()
    pause_asked = Signal()
    listen_asked = Signal()
    loop_cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._settings = PracticeSettings()
        self._written_bpm, self._beat_sign = 0.0, "♩"
        self._start = Button("Start", "play", "primary", "Start or stop", "Space")
        self._start.setMinimumWidth(104)
        self._start.clicked.connect(self.start_asked)
        self._pause = Button("", "pause", "glyph", PAUSE_TIP, "F4", checkable=True)
        self._pause.clicked.connect(self.pause_asked)
        self._restart = Button("", "restart", "glyph", "Begin again", "Backspace")
        self._restart.clicked.connect(self.restart_asked)
        self._listen = Button("Listen", "listen", "", "Hear the piece, or stop hearing it", "F5", checkable=True)
        self._listen.clicked.connect(self.listen_asked)
        self._mode = Segments(MODE_WORDS, "Who leads")
        self._mode.chosen.connect(lambda index: self._change(mode=MODES[index]))
        self._hands = Segments(HAND_WORDS, "Hands")
        self._hands.choose(1)
        self._hands.chosen.connect(lambda index: self._change(hands=HANDS[index]))
        self._metronome = Button("", "metronome", "glyph", "Metronome", "F6", checkable=True)
        self._metronome.toggled.connect(lambda on: self._change(metronome=on))
        self._count_in = Button("Count 1 bar", "", "", "Count-in before the first bar: none, one or two bars", "F7")
        self._count_in.clicked.connect(self.next_count_in)
        self._loop = Button("", "loop", "glyph", "Clear the loop; drag over bars to set one", "Ctrl+L")
        self._loop.clicked.connect(self.loop_cleared)
        self._lay_out()
        self.show_settings(self._settings)

    @property
    def settings(self) -> PracticeSettings:
        """What is chosen now."""
        return self._settings

    def show_settings(self, settings: PracticeSettings) -> None:
        """Show these settings without telling."""
        self._settings = settings
        if settings.mode in MODES:
            self._mode.choose(MODES.index(settings.mode))
        self._hands.choose(HANDS.index(settings.hands))
        with QSignalBlocker(self._metronome), QSignalBlocker(self._tempo):
            self._metronome.setChecked(settings.metronome)
            self._tempo.setValue(round(settings.tempo_ratio * 100))
        bars = settings.count_in_bars
        self._count_in.setText("No count-in" if bars == 0 else f"Count {bars} bar{'s' if bars > 1 else ''}")
        self._loop.setEnabled(settings.loop)
        self._loop.set_glyph("loop", "accent" if settings.loop else "")
        self._say_tempo()

    def show_tempo(self, written_bpm: float, sign: str) -> None:
        """Say beats a minute for a piece of this tempo, with the sign of the beat."""
        self._written_bpm, self._beat_sign = written_bpm, sign
        self._say_tempo()

    def offer_hands(self, offered: Collection[Hands]) -> None:
        """Let only the hands be chosen that the part has."""
        for row, (hands, (_, tip)) in enumerate(zip(HANDS, HAND_WORDS, strict=True)):
            button = self._hands.button(row)
            button.setEnabled(hands in offered)
            button.setToolTip(tip if hands in offered else f"This part has no notes for the {hands.words}")

    def show_pause(self, offered: bool, paused: bool) -> None:
        """Offer a pause, or to go on after it."""
        self._pause.setEnabled(offered)
        self._pause.setChecked(paused)
        self._pause.set_glyph("play" if paused else "pause")
        self._pause.tell_of(GO_ON_TIP if paused else PAUSE_TIP, "F4")

    def show_running(self, running: bool, listening: bool, ready: bool) -> None:
        """Offer what can be done now; nothing is played until a piece is ``ready``."""
        for widget in (self._start, self._restart):
            widget.setEnabled(ready)
        self._start.setText("Stop" if running else "Start")
        self._start.set_glyph("stop" if running else "play")
        self._listen.setEnabled(ready and (not running or listening))
        self._listen.setChecked(listening)
        self._count_in.setEnabled(not running)

    def nudge_tempo(self, steps: int) -> None:
        """Faster or slower."""
        self._tempo.setValue(self._tempo.value() + steps * TEMPO_STEP)

    def toggle_metronome(self) -> None:
        """Metronome on or off."""
        self._metronome.toggle()

    def next_count_in(self) -> None:
        """None, one or two bars."""
        self._change(count_in_bars=(self._settings.count_in_bars + 1) % 3)

    def next_mode(self) -> None:
        """Let the next one lead."""
        self._change(mode=MODES[(self._mode.index + 1) % len(MODES)])

    def _change(self, **fields: object) -> None:
        settings = PracticeSettings(**{**self._fields(), **fields})  # type: ignore[arg-type]
        self.show_settings(settings)
        self.changed.emit(settings)

    def _fields(self) -> dict[str, object]:
        return {name: getattr(self._settings, name) for name in self._settings.__dataclass_fields__}

    def _say_tempo(self) -> None:
        percent = self._tempo.value()
        self._percent.setText(f"{percent} %")
        self._bpm.setText(
            f"{self._beat_sign} = {round(self._written_bpm * percent / 100)}" if self._written_bpm else ""
        )

    def _tempo_group(self) -> QHBoxLayout:
        self._tempo = QSlider(Qt.Orientation.Horizontal)
        self._tempo.setRange(*TEMPO_PERCENT)
        self._tempo.setSingleStep(TEMPO_STEP)
        self._tempo.setMinimumWidth(72)
        self._tempo.setMaximumWidth(220)
        self._tempo.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._tempo.setAccessibleName("Tempo in percent")
        self._tempo.setToolTip("Tempo  (↑ ↓)")
        self._tempo.valueChanged.connect(lambda value: self._change(tempo_ratio=value / 100))
        self._percent = label("100 %", Type.BODY, bold=True)
        self._bpm = label("", Type.SMALL - 1, "faint")
        figures = QVBoxLayout()
        figures.setSpacing(0)
        for figure in (self._percent, self._bpm):
            figure.setFixedWidth(54)
            figures.addWidget(figure)
        group = QHBoxLayout()
        group.setSpacing(Space.SMALL)
        group.addWidget(self._tempo)
        group.addLayout(figures)
        return group

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the choices have a row of their own where one is too narrow for all."""
        super().resizeEvent(event)
        was_wide = self._row.indexOf(self._choices) >= 0
        others = self._row.minimumSize().width()
        needed = others if was_wide else others + Space.SMALL + self._choices.minimumSizeHint().width()
        wide = needed <= event.size().width()
        if wide and not was_wide:
            self._row.insertWidget(CHOICES_PLACE, self._choices)
        elif was_wide and not wide:
            self._below.insertWidget(0, self._choices)

    def _lay_out(self) -> None:
        self._choices = QWidget()
        choices = QHBoxLayout(self._choices)
        choices.setContentsMargins(0, 0, Space.TIGHT, 0)
        choices.setSpacing(Space.MEDIUM)
        for choice in (self._mode, self._hands):
            choices.addWidget(choice)
        self._row, self._below = QHBoxLayout(), QHBoxLayout()
        for row in (self._row, self._below):
            row.setSpacing(Space.SMALL)
        self._below.addStretch(1)
        for widget in (self._start, self._pause, self._restart, self._listen):
            self._row.addWidget(widget)
        self._row.addSpacing(Space.SMALL)
        self._row.addLayout(self._tempo_group(), 3)
        self._row.addStretch(1)
        for widget in (self._choices, self._metronome, self._count_in, self._loop):
            self._row.addWidget(widget)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(Space.SMALL)
        rows.addLayout(self._row)
        rows.addLayout(self._below)
