"""What the window needs and cannot make itself, as plain calls that ``main.py`` hands over.

All of them may take long and are called in the background, never on the window's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lessons.analogy import Analogy, Variation
from lessons.library.shelf import Piece
from lessons.score import Score
from tutor.commands.parts import Parts, Synth
from tutor.config import Config
from tutor.events import Inbox
from tutor.glove.state import Glove
from tutor.practice import PracticeSettings
from tutor.session import Session
from tutor.sinks import Sink


@dataclass(frozen=True, eq=False)
class SessionWish:
    """What a session is to be made of."""

    score: Score
    settings: PracticeSettings
    inbox: Inbox
    sinks: tuple[Sink, ...]
    synth: Synth | None
    glove: Glove | None


@dataclass(frozen=True, eq=False)
class Rooms:
    """Shelf, files, devices, sessions and reports."""

    parts: Parts
    config: Config
    save_config: Callable[[Config], None]
    pieces: Callable[[], Sequence[Piece]]
    read_piece: Callable[[Piece], Score]
    read_score: Callable[[Path], Score]
    vary: Callable[[Analogy], Variation]
    open_glove: Callable[[str], Glove]
    make_session: Callable[[SessionWish], Session]
    last_results: Callable[[], Mapping[str, float]]
    close: Callable[[], None]
