"""One line of what works on this machine; where it is missing, what gets it, and a command to copy if that is one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from tutor.commands.parts import Check
from ui.theme import Space, Type, font
from ui.widgets.button import Button
from ui.widgets.text import label

COMMANDS = ("sudo", "apt", "brew", "pip", "python", "make", "git")
PROSE = (", ", "; ")  # a line with more to it than the command is to be read, not pasted


class CheckRow(QFrame):
    """One check: its state, what it says, and the line that gets it where it is missing."""

    def __init__(self, check: Check):
        super().__init__()
        self.setObjectName("card")
        mark = label("✓" if check.works else "○", Type.LEAD, "good" if check.works else "warning", bold=True)
        mark.setFixedWidth(22)
        mark.setAccessibleName("works" if check.works else "missing")
        words = QVBoxLayout()
        words.setSpacing(Space.TIGHT)
        words.addWidget(label(_sentence(check.name), Type.BODY, bold=True))
        words.addWidget(label(check.says, Type.BODY, "soft", wrap=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.MEDIUM)
        row.setSpacing(Space.MEDIUM)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        if check.remedy and not check.works:
            words.addWidget(_remedy(check.remedy))
            if is_command(check.remedy):
                row.addWidget(_copy(check.remedy), 0, Qt.AlignmentFlag.AlignTop)


def is_command(remedy: str) -> bool:
    """Whether a remedy is a line for a terminal and nothing else."""
    return remedy.split(" ", 1)[0] in COMMANDS and not any(mark in remedy for mark in PROSE)


def _copy(command: str) -> Button:
    copy = Button("Copy", "", "quiet", "Copy the line that gets it")
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(command))
    return copy


def _remedy(text: str) -> QLabel:
    """A command as a terminal shows it, other advice as a sentence."""
    command = is_command(text)
    line = label(text if command else _sentence(text), Type.SMALL, wrap=True)
    line.setFont(font(Type.SMALL, mono=command))
    line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return line


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
