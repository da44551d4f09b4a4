"""The one window: rail, notice bar and pages, and what leads from one page to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QFileDialog, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from lessons.analogy import Analogy, Variation
from lessons.exercise import Exercise
from lessons.library.shelf import SCORE_ENDINGS, Piece
from lessons.score import Score
from tutor.config import Config
from tutor.glove.link import GloveLink
from tutor.practice import PracticeSettings
from tutor.rehearsal import MOST_PASSAGES
from tutor.sinks import FinishedTake
from ui.compose.page import ComposePage
from ui.compose.player import Player
from ui.compose.question import Question
from ui.devices.page import DevicesPage
from ui.furnishing import link_settings
from ui.glove.page import GlovePage, Touch
from ui.library.page import LibraryPage
from ui.library.vary_panel import VaryWish
from ui.microphone.page import MicrophonePage
from ui.practice.lesson import Lesson
from ui.practice.page import PracticePage
from ui.report.page import ReportPage
from ui.rooms import Rooms, TakeReport
from ui.shortcuts import SHORTCUTS, Shortcut
from ui.stylesheet import stylesheet
from ui.tasks import Tasks
from ui.theme import DARK, LIGHT, Space, font, palette
from ui.widgets.help_overlay import HelpOverlay
from ui.widgets.notice import NoticeBar
from ui.widgets.rail import Rail

PAGES = (
    ("library", "Library"),
    ("practice", "Practice"),
    ("report", "Report"),
    ("compose", "Compose"),
    ("glove", "Glove"),
    ("microphone", "Microphone"),
    ("devices", "Devices"),
)
FIRST_SIZE, LEAST_SIZE = (1280, 720), (960, 640)
MIDI_LOOK_MS = 3000
LEAST_NOTES = 5  # a shorter take was a touch of the keys


def wear(dark: bool) -> None:
    """Give the application its colours and its type."""
    colours = DARK if dark else LIGHT
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    QApplication.setFont(font())
    QApplication.setPalette(palette(colours))
    sheet = stylesheet(colours)
    if application.styleSheet() != sheet:  # to dress everything anew takes long
        application.setStyleSheet(sheet)


class MainWindow(QMainWindow):
    """Everything that a person sees."""

    def __init__(self, rooms: Rooms):
        super().__init__()
        self.setWindowTitle("Dacapo")
        self.setMinimumSize(*LEAST_SIZE)
        self.resize(*FIRST_SIZE)
        self.setAcceptDrops(True)
        self._rooms, self._config = rooms, rooms.config
        self.tasks = Tasks(self)
        self.lesson = Lesson(rooms, self.tasks, self)
        self.notice = NoticeBar()
        self.library, self.practice = LibraryPage(), PracticePage(self.lesson)
        self.devices = DevicesPage(self.lesson.ports)
        self.glove = GlovePage(self.lesson.ports, touch_of(self._config))
        self.microphone = MicrophonePage(self.lesson.ports)
        self.glove.show_guidance(self._config.practice.guidance)
        self.report, self.compose = ReportPage(self.tasks), ComposePage()
        self._player = Player(rooms.make_session, self.tasks, self)
        self._scores: dict[str, Score] = {}
        self._shelf: tuple[Piece, ...] = ()
        self._own: tuple[Piece, ...] = ()
        self._reported_score: Score | None = None
        self._midi_look = QTimer(self)
        self._midi_look.setInterval(MIDI_LOOK_MS)
        self._midi_look.timeout.connect(self._look_for_midi)
        self._lay_out()
        self._bind()
        self._connect()
        self.show_page("library")

    def begin(
        self,
        midi: str = "",
        glove: str = "",
        score: Path | None = None,
        settings: PracticeSettings | None = None,
    ) -> None:
        """Fetch what the pages show, in the background: first the shelf, then the devices."""
        self.tasks.run(self._rooms.pieces, self._show_shelf)
        ports = self.lesson.ports
        ports.look_for_midi(midi or self._config.midi_input)
        ports.open_speaker()
        if glove or self._config.glove_port:
            ports.open_glove(glove or self._config.glove_port)
        if score is not None:
            self.open_file(score, settings)
        self._fetch_own()
        self._midi_look.start()

    def show_page(self, name: str) -> None:
        """Go to a page."""
        self._pages.setCurrentWidget(getattr(self, name))
        self._rail.show_page(name)
        score = {"practice": self.lesson.score, "report": self._reported_score}.get(name)
        piece = [score.title or "Untitled"] if score is not None else []
        self.setWindowTitle(" · ".join([*piece, dict(PAGES)[name], "Dacapo"]))

    def open_file(self, path: Path, settings: PracticeSettings | None = None) -> None:
        """Put a score of the learner's own on the stand."""
        self.tasks.run(
            lambda: self._rooms.read_score(path), lambda score: self._open_score(score, settings), self._warn
        )

    def practise_current(self) -> None:
        """Put the piece that is looked at on the stand."""
        piece = self.library.current()
        if piece is not None:
            self._with_score(piece, self._open_score)

    def toggle_theme(self) -> None:
        """Dark or light, and remember it."""
        self._config = replace(self._config, dark=not self._config.dark)
        wear(self._config.dark)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take scores."""
        if self._dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a score that was dropped."""
        path = self._dropped(event)
        if path is not None:
            self.open_file(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the take, give the devices back, remember."""
        self._midi_look.stop()
        self._player.stop()
        self.lesson.close()
        self.tasks.close()
        kept = replace(self._config, practice=replace(self.lesson.settings, bars=None, loop=False))
        self._rooms.close()
        self._rooms.save_config(replace(kept, midi_input=self.lesson.ports.midi_name or kept.midi_input))
        super().closeEvent(event)

    def _with_score(self, piece: Piece, done: Callable[[Score], object]) -> None:
        """Read a piece once, then go on with its score."""
        if piece.slug in self._scores:
            done(self._scores[piece.slug])
            return

        def read(score: Score) -> None:
            self._scores[piece.slug] = score
            done(score)

        self.tasks.run(lambda: self._rooms.read_piece(piece), read, self._warn)

    def _show_shelf(self, shelf: Sequence[Piece]) -> None:
        self._shelf = tuple(shelf)
        self._show_pieces(self._own)

    def _show_pieces(self, own: Sequence[Piece]) -> None:
        self._own = tuple(own)
        self.library.show_shelf((*self._shelf, *self._own))
        self.compose.show_shelf(self.library.shelf)

    def _fetch_own(self) -> None:
        """Fetch what the journal knows: last results, and exercises that were kept."""
        self.tasks.run(self._rooms.last_results, self.library.show_results)
        self.tasks.run(self._rooms.own_pieces, self._show_pieces)

    def _piece_named(self, slug: str) -> Piece | None:
        return next((piece for piece in self.library.shelf if piece.slug == slug), None)

    def _look_at(self, piece: Piece) -> None:
        self._with_score(piece, lambda score: self.library.show_score(piece, score))

    def _open_score(self, score: Score, settings: PracticeSettings | None = None) -> None:
        self.lesson.open_piece(score, settings)
        self.show_page("practice")

    def _vary(self, wish: VaryWish) -> None:
        piece = self.library.current()
        if piece is None:
            return
        self.library.preview.vary.set_busy(True)
        donor = self._piece_named(wish.donor)

        def ask() -> Variation:
            donors = {wish.feature: self._rooms.read_piece(donor)} if donor and wish.feature else {}
            analogy = Analogy(
                self._rooms.read_piece(piece),
                donors,
                strength=wish.strength,
                level=wish.level,
                seed=wish.seed,
            )
            return self._rooms.compose(analogy, 1)[0]

        self.tasks.run(ask, self._varied, self._not_varied)

    def _varied(self, variation: Variation) -> None:
        self.library.preview.vary.set_busy(False)
        self._open_score(variation.score)
        for words in variation.notices:
            self.notice.tell(words)

    def _not_varied(self, reason: str) -> None:
        self.library.preview.vary.set_busy(False)
        self._warn(reason)

    def _show_source(self, slug: str) -> None:
        piece = self._piece_named(slug)
        if piece is not None:
            self._with_score(piece, self.compose.show_source)

    def _ask(self, question: Question) -> None:
        piece = self._piece_named(question.piece)
        if piece is None:
            return
        self.compose.question.set_busy(True)
        found = {feature: self._piece_named(slug) for feature, slug in question.donors.items()}

        def ask() -> Sequence[Variation]:
            read = self._rooms.read_piece
            analogy = Analogy(
                read(piece),
                {feature: read(donor) for feature, donor in found.items() if donor is not None},
                question.keep,
                question.bars,
                question.strength,
                question.level,
                hand=question.hand,
                seed=question.seed,
            )
            return self._rooms.compose(analogy, question.count)

        self.tasks.run(ask, self._answered, self._not_answered)

    def _answered(self, variations: Sequence[Variation]) -> None:
        self.compose.question.set_busy(False)
        self.compose.show_answers(variations)

    def _not_answered(self, reason: str) -> None:
        self.compose.question.set_busy(False)
        self._warn(reason)

    def _hear(self, score: Score | None) -> None:
        self._player.stop() if score is None else self._player.play(score, self.lesson.ports.synth)

    def _keep(self, variation: Variation) -> None:
        self.tasks.run(lambda: self._rooms.keep_variation(variation), lambda _kept: self._fetch_own(), self._warn)

    def _take_finished(self, take: FinishedTake) -> None:
        if len(take.performance.notes) < LEAST_NOTES:
            self.notice.tell("That was too short to judge; it is kept all the same.")
            return
        self._reported_score = take.score
        self.report.show_reading(take)
        self.show_page("report")

        def made(exercise: Exercise | None) -> None:
            self.report.show_exercise(exercise)
            self._fetch_own()

        def reported(told: TakeReport) -> None:
            self.report.show_report(told)
            self.glove.show_passages(told.score, worst_bars(told))
            self.tasks.run(lambda: self._rooms.make_exercise(told, take.take_id), made, self._warn)

        self.tasks.run(lambda: self._rooms.report(take), reported, self.report.show_trouble)

    def _open_exercise(self, exercise: Exercise) -> None:
        self._open_score(exercise.score)
        self.notice.tell(exercise.reason)

    def _open_passage(self, settings: PracticeSettings) -> None:
        if self._reported_score is not None:
            self._open_score(self._reported_score, settings)

    def _open_bar(self, bar: int) -> None:
        if self._reported_score is not None:
            self._open_score(self._reported_score, replace(self.lesson.settings, bars=(bar, bar), loop=True))

    def _play_again(self) -> None:
        if self._reported_score is not None:
            self._open_score(self._reported_score, self.lesson.settings)

    def _choose_file(self) -> None:
        endings = " ".join(f"*{ending}" for ending in SCORE_ENDINGS)
        name, _ = QFileDialog.getOpenFileName(self, "Open a score", "", f"Scores ({endings})")
        if name:
            self.open_file(Path(name))

    def _dropped(self, event: QDropEvent) -> Path | None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        return next((path for path in paths if path.suffix.lower() in SCORE_ENDINGS), None)

    def _look_for_midi(self) -> None:
        """Notice a keyboard that was plugged in later; never during a take."""
        if not self.lesson.running and not self.lesson.ports.midi_name:
            self.lesson.ports.look_for_midi(self._config.midi_input)

    def _warn(self, reason: str) -> None:
        self.notice.tell(reason, warning=True)

    def _escape(self) -> None:
        self.glove.stop()
        if self._help.isVisible():
            self._help.hide()
        else:
            self.notice.hide()

    def _lay_out(self) -> None:
        self._rail = Rail(PAGES)
        self._pages = QStackedWidget()
        for name, _ in PAGES:
            self._pages.addWidget(getattr(self, name))
        bar = QVBoxLayout()
        bar.setContentsMargins(Space.LARGE, 0, Space.LARGE, 0)
        bar.addWidget(self.notice)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(bar)
        column.addWidget(self._pages, 1)
        whole = QWidget()
        whole.setObjectName("page")
        whole.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._rail)
        row.addLayout(column, 1)
        self.setCentralWidget(whole)
        self._help = HelpOverlay(whole)

    def _bind(self) -> None:
        """Give each shortcut its deed."""
        practice = self.practice
        deeds: dict[str, Callable[[], object]] = {name: _deed(self.show_page, name) for name, _ in PAGES}
        deeds |= {
            "open": self._choose_file,
            "theme": self.toggle_theme,
            "help": self._help.toggle,
            "away": self._escape,
            "find": self.library.search.setFocus,
            "practise": self.practise_current,
            "ask": self.compose.question.ask.click,
            "start": practice.toggle,
            "restart": self.lesson.restart,
            "listen": practice.listen,
            "metronome": practice.transport.toggle_metronome,
            "count_in": practice.transport.next_count_in,
            "mode": practice.transport.next_mode,
            "view": practice.turn_view,
            "slower": _deed(practice.transport.nudge_tempo, -1),
            "faster": _deed(practice.transport.nudge_tempo, 1),
            "bar_back": _deed(practice.go_by_bars, -1),
            "bar_on": _deed(practice.go_by_bars, 1),
            "loop": practice.clear_loop,
            "zoom_in": _deed(practice.roll.zoom, 1.2),
            "zoom_out": _deed(practice.roll.zoom, 1 / 1.2),
            "octave_down": _deed(practice.shift_octave, -1),
            "octave_up": _deed(practice.shift_octave, 1),
            "exercise": self.report.play_exercise,
        }
        for shortcut in SHORTCUTS:
            self._bind_one(shortcut, deeds[shortcut.name])

    def _bind_one(self, shortcut: Shortcut, deed: Callable[[], object]) -> None:
        owner = getattr(self, shortcut.page.lower()) if shortcut.page else self
        for keys in shortcut.keys:
            bound = QShortcut(QKeySequence(keys), owner)
            bound.setContext(
                Qt.ShortcutContext.WidgetWithChildrenShortcut if shortcut.page else Qt.ShortcutContext.WindowShortcut
            )
            bound.activated.connect(deed)

    def _connect(self) -> None:
        self._rail.page_chosen.connect(self.show_page)
        self._rail.theme_asked.connect(self.toggle_theme)
        self._rail.help_asked.connect(self._help.toggle)
        self.tasks.failed.connect(self._warn)
        self.lesson.noticed.connect(self.notice.tell)
        self.lesson.ports.noticed.connect(self._warn)
        self.lesson.take_finished.connect(self._take_finished)
        self.library.chosen.connect(self._look_at)
        self.library.practise_asked.connect(self.practise_current)
        self.library.vary_asked.connect(self._vary)
        self.library.open_asked.connect(self._choose_file)
        self.practice.library_asked.connect(lambda: self.show_page("library"))
        self.practice.devices_asked.connect(lambda: self.show_page("devices"))
        self.report.exercise_asked.connect(self._open_exercise)
        self.report.passage_asked.connect(self._open_passage)
        self.report.bar_asked.connect(self._open_bar)
        self.report.again_asked.connect(self._play_again)
        self.compose.asked.connect(self._ask)
        self.compose.piece_chosen.connect(self._show_source)
        self.compose.listen_asked.connect(self._hear)
        self.compose.practise_asked.connect(lambda variation: self._open_score(variation.score))
        self.compose.keep_asked.connect(self._keep)
        self._player.ended.connect(self.compose.show_silence)
        self.microphone.listen_asked.connect(self._listen_to)
        self.microphone.silence_asked.connect(self.lesson.ports.close_microphone)
        self.glove.devices_asked.connect(lambda: self.show_page("devices"))
        self.glove.noticed.connect(self.notice.tell)
        self.glove.guidance_chosen.connect(self._guide)
        self.glove.touch_chosen.connect(self._touch)
        self.devices.midi_chosen.connect(self.lesson.ports.open_midi)
        self.devices.glove_chosen.connect(self._use_glove)

    def _listen_to(self, device: str, instrument: str) -> None:
        """Let lessons hear a microphone; what it hears is not sounded again."""
        self.lesson.change(replace(self.lesson.settings, echo=False))
        self.lesson.ports.open_microphone(device, instrument)

    def _guide(self, guidance: int) -> None:
        self.lesson.change(replace(self.lesson.settings, guidance=guidance))

    def _touch(self, touch: Touch) -> None:
        onset = -1.0 if touch.onset_ms is None else touch.onset_ms
        self._config = replace(self._config, glove_level=touch.level, glove_lead_ms=touch.lead_ms, glove_onset_ms=onset)
        glove = self.lesson.ports.glove
        if glove is not None and isinstance(glove.inner, GloveLink):
            glove.inner.use(link_settings(self._config))

    def _use_glove(self, port: str) -> None:
        self._config = replace(self._config, glove_port=port)
        self.lesson.ports.open_glove(port)


def worst_bars(told: TakeReport) -> list[tuple[int, int]]:
    """The hottest bars of a take, at most as many as a rehearsal takes."""
    hot = sorted((bar for bar in told.review.report.bars if bar.heat), key=lambda bar: -(bar.heat or 0.0))
    return [(bar.bar, bar.bar) for bar in hot[:MOST_PASSAGES]]


def touch_of(config: Config) -> Touch:
    """How the learner wants to be touched, as it was remembered."""
    onset = config.glove_onset_ms
    return Touch(config.glove_level, config.glove_lead_ms, onset if onset >= 0 else None)


def _deed(call: Callable[..., object], *said: object) -> Callable[[], object]:
    return lambda: call(*said)
