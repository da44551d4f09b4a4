"""Keys of the computer that are held as keys of a piano.

An X server repeats a held key as a release and a press right after it, and Qt cannot always tell them from a new
stroke. No finger strikes a key again so soon, so a release counts when no press of the same key has followed it.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent

from ui.practice import computer_keys

LET_GO_MS = 25
PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class TypedKeys(QObject):
    """``play`` is told the pitch when a key goes down, ``let_go`` when it has come up."""

    def __init__(self, play: Callable[[int], object], let_go: Callable[[int], object], parent: QObject):
        super().__init__(parent)
        self._play, self._let_go = play, let_go
        self._down: dict[int, tuple[int, QTimer]] = {}

    def pressed(self, event: QKeyEvent, base: int) -> bool:
        """Play what an event strikes, the lower row from ``base`` on; whether it is a key of the piano."""
        letter = computer_keys.letter_of(event.key(), event.nativeScanCode(), QGuiApplication.platformName())
        pitch = computer_keys.pitch_of(letter, base) if event.modifiers() in PLAIN else None
        if pitch is not None and not event.isAutoRepeat():
            self.press(event.key(), pitch)
        return pitch is not None

    def released(self, event: QKeyEvent) -> bool:
        """Let go what an event releases; whether that was held."""
        return not event.isAutoRepeat() and self.release(event.key())

    def press(self, key: int, pitch: int) -> None:
        """A key goes down, or is held on."""
        if key in self._down:
            self._down[key][1].stop()
            return
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(LET_GO_MS)
        timer.timeout.connect(lambda: self._came_up(key))
        self._down[key] = pitch, timer
        self._play(pitch)

    def release(self, key: int) -> bool:
        """A key comes up, unless it goes down again at once; whether it was held."""
        held = key in self._down
        if held:
            self._down[key][1].start()
        return held

    def release_all(self) -> None:
        """Hold nothing any more."""
        for key in list(self._down):
            self._came_up(key)

    def _came_up(self, key: int) -> None:
        pitch, timer = self._down.pop(key)
        timer.stop()
        timer.deleteLater()
        self._let_go(pitch)
