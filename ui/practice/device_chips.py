"""The chips above the roll: what listens, what sounds, what touches; each opens a small menu."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSlider, QWidget, QWidgetAction

from tutor.fading import fading_words
from tutor.glove.state import GloveState
from ui.devices.ports import Ports
from ui.practice.lesson import Lesson
from ui.theme import Space, Type
from ui.widgets.button import Button
from ui.widgets.chip import Chip
from ui.widgets.text import label, pressed_words


def clear_button(ports: Ports) -> Button:
    """The button with which a person tells the glove that they have looked after its fault."""
    button = Button("Clear the fault", "check", "primary", "You have seen to it: touch may come back")
    button.clicked.connect(ports.clear_fault)
    return button


class DeviceChips(QWidget):
    """Three chips that follow the lesson's ports."""

    devices_asked = Signal()

    def __init__(self, lesson: Lesson):
        super().__init__()
        self._lesson, self._ports = lesson, lesson.ports
        self.midi = Chip("MIDI input", "The keyboard that is heard")
        self.sound = Chip("Sound", "What is heard from the loudspeaker")
        self.glove = Chip("Glove", "The haptic glove")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        for chip, ask in ((self.midi, self._midi_menu), (self.sound, self._sound_menu), (self.glove, None)):
            row.addWidget(chip)
            chip.clicked.connect(ask or self.devices_asked)
        self._ports.changed.connect(self.refresh)
        lesson.state_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say how the devices are."""
        ports = self._ports
        if ports.midi_lost:
            self.midi.say(
                "Keyboard lost", "lost", f"{ports.midi_name} was unplugged; it is heard again when it returns"
            )
        elif ports.microphone_lost:
            self.midi.say("Microphone lost", "lost", "The microphone is gone; it is heard again when it returns")
        elif ports.microphone is not None:
            self.midi.say("Microphone", "good", f"Hearing {ports.microphone.name}")
        elif ports.midi_name:
            self.midi.say(short_port(ports.midi_name), "good", f"Hearing {ports.midi_name}")
        else:
            self.midi.say("No keyboard", "none", "No MIDI keyboard; play with the mouse or the computer's keys")
        self._say_sound()
        text, state, tip = glove_words(ports.glove_state)
        fading = self._lesson.fading if self._lesson.running and self._lesson.settings.fade else None
        self.glove.say(text, state, f"{tip}. {fading_words(fading)}" if fading is not None and state == "good" else tip)

    def _say_sound(self) -> None:
        if self._ports.synth is None:
            self.sound.say("Sound", "busy", "The sound is being made ready")
        elif self._ports.silence_reason:
            self.sound.say("Silent", "none", self._ports.silence_reason)
        else:
            echo = "your notes are sounded" if self._lesson.settings.echo else "your notes are not sounded"
            self.sound.say("Sound", "good", f"Sound is ready; {echo}")

    def _midi_menu(self) -> None:
        menu = QMenu(self)
        for name in self._ports.midi_names:
            action = menu.addAction(pressed_words(name))
            action.setCheckable(True)
            action.setChecked(name == self._ports.midi_name)
            action.triggered.connect(lambda _checked=False, chosen=name: self._ports.open_midi(chosen))
        menu.addAction("Look again").triggered.connect(self._look_again)
        menu.addSeparator()
        menu.addAction("Devices …").triggered.connect(self.devices_asked)
        self._show(menu, self.midi)

    def _look_again(self) -> None:
        self._ports.look_for_midi()

    def _sound_menu(self) -> None:
        menu = QMenu(self)
        menu.addAction(self._volume_action(menu))
        menu.addSeparator()
        settings = self._lesson.settings
        others = self._lesson.score is not None and len(self._lesson.score.backing)
        echo = menu.addAction("Sound my notes")
        accompany = menu.addAction("Play the other parts" if others else "Play the other hand")
        for action, is_on in ((echo, settings.echo), (accompany, settings.accompany)):
            action.setCheckable(True)
            action.setChecked(is_on)
        echo.triggered.connect(lambda on: self._lesson.change(replace(settings, echo=on)))
        accompany.triggered.connect(lambda on: self._lesson.change(replace(settings, accompany=on)))
        menu.addSeparator()
        menu.addAction("Devices …").triggered.connect(self.devices_asked)
        self._show(menu, self.sound)

    def _volume_action(self, menu: QMenu) -> QWidgetAction:
        """A slider of how loud everything is."""
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, 100)
        slider.setValue(round(100 * self._ports.volume))
        slider.setMinimumWidth(150)
        slider.setAccessibleName("Volume in percent")
        slider.valueChanged.connect(lambda percent: self._ports.set_volume(percent / 100))
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        layout.setSpacing(Space.SMALL)
        layout.addWidget(label("Volume", Type.BODY))
        layout.addWidget(slider)
        action = QWidgetAction(menu)
        action.setDefaultWidget(row)
        return action

    def _show(self, menu: QMenu, chip: Chip) -> None:
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(chip.mapToGlobal(chip.rect().bottomLeft()))


def short_port(name: str) -> str:
    """A MIDI port's name without the numbers that the driver adds."""
    return name.split(":", maxsplit=1)[0].strip() or name


def glove_words(state: GloveState | None) -> tuple[str, str, str]:
    """Text, state and tooltip of the glove's chip."""
    if state is None:
        return "No glove", "none", "No glove; choose its port in Devices"
    if not state.connected:
        return "Glove away", "lost", state.error or "The glove does not answer yet; the lesson goes on without touch"
    if state.faults:
        return "Glove fault", "lost", state.trouble
    if state.resting:
        return "Glove rests", "busy", state.error or "The hand needs five minutes without touch"
    if state.error:
        return "No touch", "lost", state.error
    said = f"{state.name or 'Glove'}, {'ready' if state.armed else 'at rest until it is wanted'}"
    hand = {1: "Left glove", 2: "Right glove"}.get(state.hands, "Glove")
    return hand, "good", f"{said}. {state.notice}" if state.notice else said
