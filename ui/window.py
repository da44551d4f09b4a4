"""The one window: rail, notice bar and pages, and what leads from one page to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from lessons.analogy import Variation
from lessons.library.shelf import SCORE_ENDINGS, Piece
from lessons.score import Score
from tutor.config import Config
from tutor.glove.link import GloveLink
from tutor.practice import PracticeSettings
from ui.compose.composing import Composing
from ui.compose.page import ComposePage
from ui.devices.page import DevicesPage
from ui.furnishing import link_settings
from ui.glove.page import GlovePage, Touch
from ui.library.catalogue import Catalogue
from ui.library.page import LibraryPage
from ui.microphone.page import MicrophonePage
from ui.practice.lesson import Lesson
from ui.practice.page import PracticePage
from ui.report.page import ReportPage
from ui.report.reviewing import Reviewing
from ui.rooms import Rooms
from ui.shortcuts import SHORTCUTS, Shortcut
from ui.stylesheet import wear
from ui.tasks import Tasks
from ui.theme import Space
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
        self.catalogue = Catalogue(rooms, self.tasks, self)
        self.composing = Composing(rooms, self.tasks, self.catalogue, self.compose, self.library, self.lesson.ports)
        self.reviewing = Reviewing(rooms, self.tasks, self.report, self.lesson)
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
        self.catalogue.fetch()
        ports = self.lesson.ports
        ports.look_for_midi(midi or self._config.midi_input)
        ports.open_speaker()
        if glove or self._config.glove_port:
            ports.open_glove(glove or self._config.glove_port)
        if score is not None:
            self.open_file(score, settings)
        self._midi_look.start()

    def show_page(self, name: str) -> None:
        """Go to a page."""
        self._pages.setCurrentWidget(getattr(self, name))
        self._rail.show_page(name)
        score = {"practice": self.lesson.score, "report": self.reviewing.score}.get(name)
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
            self.catalogue.with_score(piece, self._open_score)

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
        self.composing.be_silent()
        self.lesson.close()
        self.tasks.close()
        kept = replace(self._config, practice=replace(self.lesson.settings, bars=None, loop=False))
        self._rooms.close()
        self._rooms.save_config(replace(kept, midi_input=self.lesson.ports.midi_name or kept.midi_input))
        super().closeEvent(event)

    def _look_at(self, piece: Piece) -> None:
        self.catalogue.with_score(piece, lambda score: self.library.show_score(piece, score))

    def _open_score(self, score: Score, settings: PracticeSettings | None = None) -> None:
        self.lesson.open_piece(score, settings)
        self.show_page("practice")

    def _open_variation(self, variation: Variation) -> None:
        self._open_score(variation.score)
        for words in variation.notices:
            self.notice.tell(words)

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
        self.library.chosen.connect(self._look_at)
        self.library.practise_asked.connect(self.practise_current)
        self.library.open_asked.connect(self._choose_file)
        self.practice.library_asked.connect(lambda: self.show_page("library"))
        self.practice.devices_asked.connect(lambda: self.show_page("devices"))
        self.catalogue.changed.connect(self.library.show_shelf)
        self.catalogue.results_changed.connect(self.library.show_results)
        self.catalogue.refused.connect(self._warn)
        self.composing.practise_asked.connect(self._open_variation)
        self.composing.refused.connect(self._warn)
        self.reviewing.report_asked.connect(lambda: self.show_page("report"))
        self.reviewing.piece_asked.connect(self._open_score)
        self.reviewing.passages_found.connect(self.glove.show_passages)
        self.reviewing.journal_changed.connect(self.catalogue.fetch_own)
        self.reviewing.noticed.connect(self.notice.tell)
        self.reviewing.refused.connect(self._warn)
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


def touch_of(config: Config) -> Touch:
    """How the learner wants to be touched, as it was remembered."""
    onset = config.glove_onset_ms
    return Touch(config.glove_level, config.glove_lead_ms, onset if onset >= 0 else None)


def _deed(call: Callable[..., object], *said: object) -> Callable[[], object]:
    return lambda: call(*said)
