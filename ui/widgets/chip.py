"""A chip: a small button with a dot that says how a device is."""

from __future__ import annotations

from PySide6.QtCore import Qt

from ui.widgets.button import Button
from ui.widgets.text import plain_tip

TONES = {"good": "good", "busy": "warning", "lost": "wrong", "none": "ink_faint"}
STATE_WORDS = {"good": "ready", "busy": "waiting", "lost": "lost", "none": "not there"}
TEXT_PIXELS = 150


class Chip(Button):
    """``state`` is 'good', 'busy', 'lost' or 'none'; a filled dot means ready, other signs mean not."""

    def __init__(self, name: str, tip: str):
        super().__init__(name, "dot", "chip", tip)
        self._name = name

    def say(self, text: str, state: str, tip: str = "") -> None:
        """Show a device's state in a word or two."""
        shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, TEXT_PIXELS)
        if shown != self.words:
            self.setText(shown)
        self.set_glyph("dot" if state in ("good", "busy") else "cross" if state == "lost" else "minus", TONES[state])
        self.setToolTip(plain_tip(tip or text))
        self.setAccessibleName(f"{self._name}: {text}, {STATE_WORDS[state]}")
