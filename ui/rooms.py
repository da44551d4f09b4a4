"""What the window needs and cannot make itself, as plain calls that ``main.py`` hands over.

All of them may take long and are called in the background, never on the window's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from lessons.library.shelf import Piece
from lessons.note_names import Naming
from lessons.score import Score
from tutor.commands.parts import Parts, Synth
from tutor.config import Config
from tutor.glove.kinds import Kind
from tutor.practice import Hands, PracticeSettings
from tutor.register import FIRST, Person, Register
from tutor.shares import KnownShares
from ui.assignments.desk import AssignedDesk
from ui.library.names_desk import NamesDesk

if TYPE_CHECKING:  # what comes after the window
    from lessons.analogy import Analogy, Feature, Variation
    from lessons.exercise import Exercise
    from lessons.progress import Told
    from tutor.events import Event, Inbox
    from tutor.fading import Fading
    from tutor.glove.settings import LinkSettings
    from tutor.glove.state import Glove
    from tutor.headway import Headway
    from tutor.listen.listener import Hearing
    from tutor.review import Review
    from tutor.session import Session
    from tutor.sinks import FinishedTake, Sink


@dataclass(frozen=True, eq=False)
class SessionWish:
    """What a session is to be made of; ``struck`` is what called for it, a first note and what came after it.

    ``fading_moved`` is told, on the session's thread, where the guidance of the passage stands.
    ``hearing`` is what a microphone is heard with.
    """

    score: Score
    settings: PracticeSettings
    inbox: Inbox
    sinks: tuple[Sink, ...]
    synth: Synth | None
    glove: Glove | None
    struck: tuple[Event, ...] = ()
    fading_moved: Callable[[Fading], object] = lambda _fading: None
    hearing: Hearing | None = None


@dataclass(frozen=True, eq=False)
class TakeReport:
    """A judged take as the report page shows it; ``history`` are the shares of right notes up to this take.

    ``task`` says how the teacher's task stands that it was of; empty where it was of none. ``day`` is when it was
    played, where that was before the program was started.
    """

    score: Score
    settings: PracticeSettings
    review: Review
    history: tuple[float, ...] = ()
    task: str = ""
    day: date | None = None


@dataclass(frozen=True)
class DuePassage:
    """A passage that the schedule brings back; ``bars`` are its first and its last, None is the whole piece.

    ``passage`` is what a musician calls the bars.
    """

    piece: Piece
    bars: tuple[int, int] | None
    hands: Hands
    passage: str = ""


@dataclass(frozen=True, eq=False)
class Rooms:
    """Shelf, files, devices, sessions and reports, and whose they are."""

    parts: Parts
    config: Config
    save_config: Callable[[Config], None]
    pieces: Callable[[], Sequence[Piece]]
    read_piece: Callable[[Piece], Score]
    play_parts: Callable[[Score, Collection[int]], Score]
    open_file: Callable[[Path], Score]
    own_pieces: Callable[[], Sequence[Piece]]
    remove_piece: Callable[[Piece], Path]
    restore_piece: Callable[[Piece, Path], None]
    names: NamesDesk
    look_into: Callable[[Piece], Piece]
    compose: Callable[[Analogy, int, Told], Sequence[Variation]]
    alike: Callable[[Piece, Sequence[Piece]], Mapping[Feature, Sequence[str]]]
    keep_variation: Callable[[Variation], str]
    open_glove: Callable[[str, Kind, LinkSettings], Glove]
    make_session: Callable[[SessionWish], Session]
    report: Callable[[FinishedTake, Naming], TakeReport]
    last_report: Callable[[], tuple[TakeReport, FinishedTake] | None]
    make_exercise: Callable[[TakeReport, str | None], Exercise | None]
    known_shares: Callable[[], KnownShares]
    headway: Callable[[], Headway]
    due: Callable[[Sequence[Piece]], Sequence[DuePassage]]
    assigned: AssignedDesk
    take_turns: Callable[[bool], None]
    tell_notices_to: Callable[[Callable[[str], object]], None]
    close: Callable[[], None]
    person: Person = FIRST
    register: Register = field(default_factory=Register)

    @property
    def pupil(self) -> str:
        """The name under which assignments are handed in; at first that of the learner, once they have one."""
        return self.config.pupil or ("" if self.person.name == FIRST.name else self.person.name)
