"""The window without a screen, with rooms made of fakes that answer at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from lessons.analogy import Analogy, Feature, Measures, Variation
from lessons.errors import JournalError
from lessons.library.shelf import Piece
from lessons.parts import playing
from lessons.progress import Told
from lessons.score import BAR_DTYPE, LEFT, NOTE_DTYPE, RIGHT, Score
from lessons.timing import TempoMap
from main import build_parts
from tutor.commands.parts import Check, Parts
from tutor.config import Config
from tutor.events import Inbox
from tutor.follow import Follower
from tutor.headway import Headway
from tutor.journal.journal import Journal
from tutor.session import Session
from tutor.shares import KnownShares
from tutor.synth import SilentSynth
from ui.assignments.desk import AssignedDesk
from ui.furnishing import Desk
from ui.library.names_desk import Renamed
from ui.placing import FIRST_SIZE
from ui.rooms import DuePassage, Rooms, SessionWish
from ui.stylesheet import wear
from ui.window import MainWindow


def scale(bars: int = 4) -> Score:
    """Quarter notes in the right hand over a whole note in the left one, at 120 beats a minute."""
    notes = np.zeros(bars * 5, NOTE_DTYPE)
    for bar in range(bars):
        for beat in range(4):
            row = notes[bar * 5 + beat]
            row["onset_beat"], row["duration_beat"], row["pitch"] = 4 * bar + beat, 1, 60 + (0, 2, 4, 5)[beat]
            row["hand"], row["finger"], row["velocity"] = RIGHT, beat + 1, 64
        low = notes[bar * 5 + 4]
        low["onset_beat"], low["duration_beat"], low["pitch"], low["hand"] = 4 * bar, 4, 48, LEFT
    rows = [(bar + 1, bar + 1, 4.0 * bar, 4.0 * bar + 4) for bar in range(bars)]
    return Score(notes, np.array(rows, BAR_DTYPE), tempo=TempoMap.of([(0, 120)]), title="Scale", composer="Nobody")


@dataclass
class FakeInput:
    """A MIDI input that the test plays."""

    name: str
    inbox: Inbox
    closed: bool = False

    def close(self) -> None:
        self.closed = True


@dataclass
class World:
    """What the fakes remember, and what they shall answer; ``draft`` is where an assignment lies that is being made."""

    draft: Path
    silence: str = ""  # why there is no sound
    midi_names: list[str] = field(default_factory=list)
    inputs: list[FakeInput] = field(default_factory=list)
    checks: tuple[Check, ...] = (Check("MIDI", False, "no MIDI system", "sudo apt install it"),)
    score: Score = field(default_factory=scale)
    scores: dict[str, Score] = field(default_factory=dict)  # of pieces that are not like all others, by slug
    saved: list[Config] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    config: Config = field(default_factory=Config)
    questions: list[Analogy] = field(default_factory=list)
    kept: list[Variation] = field(default_factory=list)
    due: list[DuePassage] = field(default_factory=list)
    own: list[Piece] = field(default_factory=list)
    turns: list[bool] = field(default_factory=list)  # that were wanted, or not
    looked_into: list[str] = field(default_factory=list)
    headway: Headway = field(default_factory=Headway)

    def rooms(self) -> Rooms:
        parts = Parts(
            midi_input_names=lambda: self.midi_names,
            open_midi=self._open_midi,
            serial_names=lambda: ["/dev/ttyUSB0"],
            midi_output_names=lambda: ["Synth"],
            open_serial=lambda _name: pytest.fail("no test opens a serial line"),
            open_speaker=lambda: SilentSynth(self.silence),
            device_checks=lambda: self.checks,
            composer=lambda: pytest.fail("no test composes"),
        )
        return Rooms(
            parts=parts,
            config=self.config,
            save_config=self.saved.append,
            pieces=lambda: PIECES,
            read_piece=lambda piece: self.scores.get(piece.slug, self.score),
            play_parts=playing,
            open_file=self._open_file,
            own_pieces=lambda: tuple(self.own),
            remove_piece=self._remove_piece,
            restore_piece=lambda piece, _path: self.own.append(piece),
            names=self,
            look_into=self._look_into,
            compose=self._compose,
            alike=lambda piece, among: {Feature.RHYTHM: [other.slug for other in among if other.slug != piece.slug]},
            keep_variation=self._keep,
            open_glove=lambda _port, _kind, _settings: pytest.fail("no test opens a glove"),
            make_session=self._make_session,
            report=lambda _take, _naming: pytest.fail("no test reports"),
            last_report=lambda: None,
            make_exercise=lambda _told, _take_id: None,
            known_shares=lambda: KnownShares({"Scale": 0.9}),
            headway=lambda: self.headway,
            due=lambda pieces: [one for one in self.due if one.piece in pieces],
            assigned=AssignedDesk(self._journal, self.draft),
            take_turns=self.turns.append,
            tell_notices_to=lambda _hear: None,
            close=lambda: None,
        )

    def _journal(self) -> Journal:
        raise JournalError("no test but those of assignments asks the journal")

    def _compose(self, analogy: Analogy, count: int, _told: Told) -> list[Variation]:
        self.questions.append(analogy)
        return [Variation(self.score, analogy, Measures(1, 0.5, 0.9, 2, 0.3), "fake") for _ in range(count)]

    def _keep(self, variation: Variation) -> str:
        """Keep it, and lay it on the shelf."""
        self.kept.append(variation)
        slug = f"kept-{len(self.kept)}"
        self.own.append(Piece(slug, variation.score.title, Path(slug), removable=True))
        return slug

    def _open_file(self, path: Path) -> Score:
        self.own.append(Piece(path.name, path.stem, path, removable=True))
        return self.score

    def _remove_piece(self, piece: Piece) -> Path:
        self.own = [one for one in self.own if one.slug != piece.slug]
        return piece.path.parent / "removed" / piece.path.name

    def rename(self, piece: Piece, wanted: str) -> Renamed:
        """Call a piece of one's own otherwise."""
        given = Renamed(replace(piece, title=wanted), piece, frozenset({self.score.digest}), self.score.title)
        self.own = [given.piece if one.slug == piece.slug else one for one in self.own]
        return given

    def take_back(self, given: Renamed) -> None:
        """Let it have the name that it had."""
        self.own = [given.before if one.slug == given.before.slug else one for one in self.own]

    def _look_into(self, piece: Piece) -> Piece:
        """Find out what a piece of one's own is, for the shelf to tell."""
        self.looked_into.append(piece.slug)
        known = replace(piece, key="C major", metre="4/4", bars=4, graded=2)
        self.own = [known if one.slug == piece.slug else one for one in self.own]
        return known

    def _open_midi(self, name: str, inbox: Inbox) -> FakeInput:
        self.inputs.append(FakeInput(name, inbox))
        return self.inputs[-1]

    def _make_session(self, wish: SessionWish) -> Session:
        follower = Follower(wish.score, start_beat=wish.settings.span(wish.score)[0])
        session = Session(
            wish.score, follower, wish.inbox, wish.sinks, wish.settings, synth=wish.synth, struck=wish.struck
        )
        self.sessions.append(session)
        return session


PIECES = (
    Piece("scale", "Scale", None, composer="Nobody", level=1, key="C major", metre="4/4", bars=4),  # type: ignore[arg-type]
    Piece("waltz", "Waltz", None, composer="Somebody", level=4, key="G major", metre="3/4", bars=16),  # type: ignore[arg-type]
)


@pytest.fixture
def make_scale() -> Callable[[int], Score]:
    return scale


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "assignment.draft")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The program's own desk, with a journal of its own."""
    made = Desk(build_parts(), tmp_path / "journal.db", tmp_path)
    yield made
    made.close()


@pytest.fixture
def show_window(qtbot) -> Iterator[Callable[[Rooms], MainWindow]]:
    """Shows the window of these rooms, filled."""
    shown: list[MainWindow] = []

    def go(rooms: Rooms) -> MainWindow:
        wear(True)
        made = MainWindow(rooms)
        shown.append(made)
        made.resize(FIRST_SIZE)  # also where there is no screen that large
        qtbot.addWidget(made)
        made.show()
        made.begin()
        qtbot.waitUntil(lambda: made.tasks.idle and bool(made.library.shelf))
        return made

    yield go
    for made in shown:
        made.close()


@pytest.fixture
def window(show_window: Callable[[Rooms], MainWindow], world: World) -> MainWindow:
    """The window, shown and filled."""
    return show_window(world.rooms())


@pytest.fixture
def open_piece(qtbot, window: MainWindow) -> Callable[[], Score]:
    """Puts the first piece on the stand."""

    def go() -> Score:
        window.house.stand.practise_current()
        qtbot.waitUntil(lambda: window.house.lesson.score is not None)
        return window.house.lesson.score

    return go


@pytest.fixture
def page(window, open_piece):
    """The practice page with a piece on the stand; it looks only when it is told to."""
    open_piece()
    window.house.practice.lesson.armed = False
    window.house.practice._frames.stop()  # the test looks by itself
    return window.house.practice
