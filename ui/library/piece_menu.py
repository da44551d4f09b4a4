"""What can be done with a piece, where the list is pressed with the other button."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QWidget

from lessons.library.shelf import Piece
from ui.library.preview import Preview
from ui.shortcuts import named


def piece_menu(piece: Piece, preview: Preview, parent: QWidget) -> QMenu:
    """The deeds of the preview that a piece allows, each with its key."""
    menu = QMenu(parent)
    deeds = [(preview.practise, "practise"), (preview.save, "")]
    deeds += [(preview.rename, "rename"), (preview.remove, "")] if piece.removable else []
    for button, shortcut in deeds:
        keys = f"\t{named(shortcut).keys[0]}" if shortcut else ""
        menu.addAction(f"{button.words}{keys}").triggered.connect(button.click)
    return menu
