"""Starts Qt, shows the window, and returns when it is closed."""

from __future__ import annotations

import argparse
import gc
import logging
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from tutor.commands.learner_source import check_named
from tutor.commands.parts import Parts
from tutor.enrolment import Enrolment
from tutor.register import Person
from ui.enlarging import enlarge
from ui.furnishing import furnish
from ui.rooms import Rooms
from ui.stylesheet import wear
from ui.window import MainWindow

LOOK_FOR_SIGNALS_MS = 500
SETTLED_MS = 5000  # after which what the window was filled with is there to stay
log = logging.getLogger(__name__)


def run(parts: Parts, arguments: argparse.Namespace) -> int:
    """Show the window with what the command line names, and stay until it is closed; the exit status.

    ``arguments`` may have ``score``, ``midi``, ``audio`` with its ``instrument`` and ``a4``, ``glove``,
    ``glove_kind``, ``journal``, ``learner``, and ``settings`` to practise the score with. Raises InputError for an
    unknown learner, and for a journal in a folder that is missing.
    """
    enrolment = Enrolment.here()
    named = getattr(arguments, "learner", None)
    person, trouble = (enrolment.listed(named), "") if named else enrolment.last()
    enrolment.folder_of(person)
    journal, score = getattr(arguments, "journal", None), getattr(arguments, "score", None)
    if journal:
        check_named(Path(journal))
    enlarge()
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Dacapo")
    furnish_for = furnishing(parts, enrolment, person, Path(journal) if journal else None)
    rooms = furnish_for(person)
    wear(rooms.config.dark)
    window = MainWindow(rooms)
    window.show()
    application.processEvents()  # paint before anything is fetched
    midi, glove = getattr(arguments, "midi", None), getattr(arguments, "glove", None)
    kind = getattr(arguments, "glove_kind", None)
    audio, instrument = getattr(arguments, "audio", None), getattr(arguments, "instrument", "")
    a4_hertz = getattr(arguments, "a4", None)
    settings, part = getattr(arguments, "settings", None), getattr(arguments, "part", None) or ""
    if trouble:
        window.warn(trouble)
    log.info("first window")

    def begin() -> None:
        from ui.turns import Turns  # after the window

        opened = Path(score) if score else None
        window.begin(midi or "", glove or "", kind, opened, settings, audio or "", instrument, part, a4_hertz)
        turns = Turns(window, enrolment, furnish_for, lambda: window.begin(midi or "", glove or "", kind))
        turns.remember()
        turns.changed.connect(lambda: _set_aside_soon(window))
        _set_aside_soon(window)

    QTimer.singleShot(0, window, begin)
    _heed_interrupts(application)
    return int(application.exec())


def _set_aside_soon(window: MainWindow) -> None:
    """Look no more for garbage among what is there to stay: to go through it all stops every thread for a while."""
    QTimer.singleShot(SETTLED_MS, window, gc.freeze)


def furnishing(
    parts: Parts, enrolment: Enrolment, first: Person, journal: Path | None = None
) -> Callable[[Person], Rooms]:
    """What makes the rooms of a learner. A ``journal`` that was named is that of who is there ``first``."""
    shared = replace(parts, composer=cache(parts.composer), likeness=cache(parts.likeness))  # they take long to load

    def furnished(person: Person) -> Rooms:
        named = journal if person.slug == first.slug else None
        rooms = furnish(shared, named, enrolment.folder(person))
        return replace(rooms, person=person, register=enrolment.read()[0])

    return furnished


def _heed_interrupts(application: QApplication) -> None:
    """Let Ctrl+C in the terminal close the window: Python looks at signals only when it runs."""
    signal.signal(signal.SIGINT, lambda *_: application.closeAllWindows())
    timer = QTimer(application)
    timer.timeout.connect(lambda: None)
    timer.start(LOOK_FOR_SIGNALS_MS)
