"""The household of the window: the lesson, all pages but the library, and what leads from one to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from lessons.analogy import Variation
from lessons.difficulty import difficulty
from lessons.library.shelf import Piece
from lessons.score import Score
from tutor.config import Config
from tutor.glove.kinds import Kind
from ui.assignments.assigning import Assigning
from ui.assignments.page import AssignmentsPage
from ui.compose.composing import Composing
from ui.compose.page import ComposePage
from ui.devices.page import DevicesPage
from ui.devices.sound_watch import SoundWatch
from ui.glove.in_use import GloveInUse, link_settings, touch_of
from ui.glove.page import GlovePage
from ui.library.catalogue import Catalogue
from ui.library.first_steps import FirstSteps
from ui.library.renaming import Renaming
from ui.library.surveying import Surveying
from ui.microphone.in_use import MicrophoneInUse
from ui.microphone.page import MicrophonePage
from ui.practice.lesson import Lesson
from ui.practice.page import PracticePage
from ui.report.page import ReportPage
from ui.report.reviewing import Reviewing
from ui.saving import Saving
from ui.stand import Stand
from ui.widgets.notice import sentences
from ui.window import MainWindow, deed

LOOK_MS = 3000


class House(QObject):
    """Builds the pages into the window, and carries what one tells to the others."""

    def __init__(self, window: MainWindow):
        super().__init__(window)
        rooms, tasks, config = window.rooms, window.tasks, window.config
        self._window, self._rooms, self._tasks = window, rooms, tasks
        self.lesson = Lesson(rooms, tasks, self)
        ports = self.lesson.ports
        self.practice, self.report = PracticePage(self.lesson, tasks), ReportPage(tasks)
        self.compose = ComposePage(self.lesson, tasks)
        self.assignments = AssignmentsPage(rooms.pupil)
        self.glove, self.microphone = GlovePage(ports, touch_of(config)), MicrophonePage(ports)
        self.devices = DevicesPage(ports)
        ports.set_volume(config.volume)
        ports.touch_stopped = config.touch_stopped
        self.practice.keys_choice.setChecked(config.keys_shown)
        for call in (self.microphone.call_notes, self.compose.sketch.keyboard.show_names):
            self.practice.names_choice.chosen.connect(call)
        self.practice.names_choice.choose(config.naming)
        window.add_page("practice", self.practice, notices_on=self.practice.stage)
        for name in ("report", "compose", "assignments", "glove", "microphone", "devices"):
            window.add_page(name, getattr(self, name))
        self.catalogue = Catalogue(rooms, tasks, self)
        self.renaming = Renaming(rooms, tasks, self.catalogue, self.lesson, window)
        self.renaming.setParent(self)
        self._surveying = Surveying(rooms, tasks, self.catalogue, self.lesson, self)
        self.composing = Composing(rooms, tasks, self.catalogue, self.compose, window.library, ports)
        self.reviewing = Reviewing(rooms, tasks, self.report, self.lesson)
        self.first_steps = FirstSteps(window.library, self.lesson)
        self.saving = Saving(window.notice, tasks, window)
        self.saving.setParent(self)
        self.assigning = Assigning(rooms, tasks, self.assignments, self.lesson, self.saving)
        self.stand = Stand(window, self.lesson, self.catalogue, self.first_steps, self.assigning)
        self.gloves = GloveInUse(window, self.lesson, self.glove)
        self.microphones = MicrophoneInUse(window, ports, self.microphone)
        self.sound = SoundWatch(ports)
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._look_for_midi)
        self._look.timeout.connect(self.sound.look)
        self._connect(window)

    def begin(self, midi: str, glove: str, glove_kind: Kind | None) -> None:
        """Fetch what the pages show, in the background: first the shelf, then the devices."""
        self.catalogue.fetch()
        self.assigning.begin()
        config, ports = self._window.config, self.lesson.ports
        ports.look_for_midi(config.midi_input, midi)
        ports.open_speaker()
        if glove or config.glove_port:
            remembered = config.glove_kind if glove in ("", config.glove_port) else Kind.HGP
            ports.open_glove(glove or config.glove_port, glove_kind or remembered, link_settings(config))
        self._look.start()

    def close(self) -> tuple[Config, Callable[[], None]]:
        """End the take and let the devices go; what is to be remembered, and what gives them back."""
        self._look.stop()
        self.glove.rest()
        self.practice.rest()
        parts = [self.composing.close(), self.reviewing.close(), self.assigning.close()]
        midi, volume = self.lesson.ports.midi_name, self.lesson.ports.volume
        listening = self.lesson.ports.hears
        parts.append(self.lesson.close())  # the devices go once nobody plays on them
        config = self._window.config
        kept = replace(config, midi_input=midi or config.midi_input, volume=volume, listening=listening)
        kept = replace(kept, practice=self.assigning.forget_task(), pupil=self.assigning.pupil)
        kept = replace(kept, keys_shown=self.practice.keys_choice.isChecked(), naming=self.practice.names_choice.naming)

        def part() -> None:
            for one in parts:
                one()

        return kept, part

    def piece_on(self, page: str) -> str:
        """The title of the piece that a page shows; '' where it shows none."""
        score = {"practice": self.lesson.score, "report": self.reviewing.score}.get(page)
        return (score.title or "Untitled") if score is not None else ""

    def stop_touch(self) -> None:
        """No finger is touched any more."""
        self.glove.stop()

    def deeds(self) -> dict[str, Callable[[], object]]:
        """What the shortcuts of the pages do, by name."""
        practice = self.practice
        return {
            "practise": self.stand.practise_current,
            "rename": self._window.library.ask_to_rename,
            "ask": self.compose.question.ask.click,
            "undo": self.compose.undo.click,
            "start": practice.toggle,
            "pause": self.lesson.pause,
            "restart": self.lesson.restart,
            "listen": practice.listen,
            "metronome": practice.transport.toggle_metronome,
            "count_in": practice.transport.next_count_in,
            "mode": practice.transport.next_mode,
            "save": practice.deeds.save_piece,
            "view": practice.turn_view,
            "keys": practice.keys_choice.click,
            "slower": deed(practice.transport.nudge_tempo, -1),
            "faster": deed(practice.transport.nudge_tempo, 1),
            "bar_back": deed(practice.steps.go, -1),
            "bar_on": deed(practice.steps.go, 1),
            "loop_more": deed(practice.steps.stretch_loop, 1),
            "loop_less": deed(practice.steps.stretch_loop, -1),
            "loop": practice.steps.clear_loop,
            "zoom_in": deed(practice.stage.zoom, 1.2),
            "zoom_out": deed(practice.stage.zoom, 1 / 1.2),
            "octave_down": deed(practice.shift_octave, -1),
            "octave_up": deed(practice.shift_octave, 1),
            "exercise": self.report.play_exercise,
            "hear": self.microphone.listen.click,
        }

    def _look_at(self, piece: Piece) -> None:
        preview = self._window.library.preview

        def read(score: Score) -> None:
            preview.show_score(piece, score)
            self._tasks.run(lambda: difficulty(score), lambda grade: preview.show_grade(piece, grade))

        self.catalogue.with_score(piece, read, lambda reason: preview.show_trouble(piece, reason))

    def _open_library(self) -> None:
        self._window.show_page("library")

    def _practise_or_choose(self) -> None:
        """Go to the piece on the stand, or choose one."""
        self._window.show_page("practice" if self.lesson.score is not None else "library")

    def _remove(self, piece: Piece) -> None:
        def removed(path: Path) -> None:
            words = f"{piece.title} is off the shelf. Its file lies in {path.parent} now."
            self._window.notice.tell(words, undo=lambda: self._restore(piece, path))
            self.catalogue.forget(piece)

        self._tasks.run(lambda: self._rooms.remove_piece(piece), removed, self._window.warn)

    def _restore(self, piece: Piece, path: Path) -> None:
        self._tasks.run(
            lambda: self._rooms.restore_piece(piece, path),
            lambda _restored: self.catalogue.fetch_own(),
            self._window.warn,
        )

    def _take_turns(self, wanted: bool) -> None:
        self._window.config = replace(self._window.config, takes_turns=wanted)
        self._window.library.due.turns.setChecked(wanted)
        self._rooms.take_turns(wanted)

    def _open_variation(self, variation: Variation) -> None:
        self.stand.open_score(variation.score)
        if not self.composing.has_kept(variation):
            self.practice.deeds.offer_to_keep(variation)
        if variation.notices:
            self._window.notice.tell(sentences(variation.notices))

    def _assign_piece(self, piece: Piece) -> None:
        self.catalogue.with_score(piece, self.assigning.add)

    def _save_piece(self, piece: Piece) -> None:
        self.catalogue.with_score(piece, self.saving.save)

    def _save_variation(self, variation: Variation) -> None:
        self.saving.save(variation.score, variation.made_by)

    def _tell_kept(self, title: str) -> None:
        self._window.notice.tell(f"{title or 'It'} is kept: you find it in the Library, under Yours.")

    def _look_for_midi(self) -> None:
        """Notice a keyboard that was plugged in later; never during a take."""
        if not self.lesson.running and not self.lesson.ports.midi_name:
            self.lesson.ports.look_for_midi()

    def _connect(self, window: MainWindow) -> None:
        self._connect_lesson(window)
        self._connect_library(window)
        self._connect_answers(window)
        self._connect_assignments(window)
        self._connect_devices(window)

    def _connect_lesson(self, window: MainWindow) -> None:
        self.lesson.noticed.connect(window.notice.tell)
        window.rooms.tell_notices_to(self.lesson.noticed.emit)
        self.practice.names_choice.chosen.connect(self.reviewing.call_notes)
        self.lesson.piece_opened.connect(self.report.show_stand)
        self.lesson.piece_opened.connect(window.show_title)
        self.lesson.piece_opened.connect(self.composing.show_stand)
        self.practice.library_asked.connect(self._open_library)
        self.practice.parts_asked.connect(self.stand.play_parts)
        self.practice.devices_asked.connect(lambda: window.show_page("devices"))
        self.practice.deeds.save_asked.connect(self.saving.save)
        self.practice.deeds.keep_asked.connect(self.composing.keep)
        self.report.practise_asked.connect(self._practise_or_choose)

    def _connect_library(self, window: MainWindow) -> None:
        window.library.chosen.connect(self._look_at)
        window.library.remove_asked.connect(self._remove)
        window.library.rename_asked.connect(self.renaming.ask)
        window.library.practise_asked.connect(self.stand.practise_current)
        window.library.start.asked.connect(self.stand.open_first)
        window.library.due.asked.connect(self.stand.open_due)
        window.library.due.turns.setChecked(window.config.takes_turns)
        window.library.due.turns_chosen.connect(self._take_turns)
        self.report.turns_refused.connect(lambda: self._take_turns(False))
        window.library.save_asked.connect(self._save_piece)
        self.catalogue.changed.connect(window.library.show_shelf)
        self.catalogue.results_changed.connect(window.library.show_results)
        self.catalogue.results_changed.connect(self.first_steps.look_for_ways)
        self.first_steps.noticed.connect(window.notice.tell)
        self.catalogue.due_changed.connect(window.library.show_due)
        self.catalogue.headway_changed.connect(window.library.preview.progress.show_headway)
        self.catalogue.refused.connect(self.stand.refuse)

    def _connect_answers(self, window: MainWindow) -> None:
        self.composing.heard.connect(self.lesson.hush)
        self.composing.practise_asked.connect(self._open_variation)
        self.composing.refused.connect(window.warn)
        self.composing.kept.connect(self._tell_kept)
        self.composing.answered.connect(window.notice.settle)
        self.compose.save_asked.connect(self._save_variation)
        self.reviewing.heard.connect(self.lesson.hush)
        self.reviewing.looked_back.connect(window.show_title)
        self.reviewing.report_asked.connect(lambda: window.show_page("report", by_itself=True))
        self.reviewing.piece_asked.connect(self.stand.open_next)
        self.reviewing.passages_found.connect(self.glove.rehearsal.show_passages)
        self.reviewing.journal_changed.connect(self.catalogue.fetch_own)
        self.reviewing.noticed.connect(window.notice.tell)
        self.reviewing.refused.connect(window.warn)

    def _connect_devices(self, window: MainWindow) -> None:
        ports = self.lesson.ports
        ports.noticed.connect(window.warn)
        ports.told.connect(window.notice.tell)
        ports.settled.connect(window.notice.take_back)
        self.glove.devices_asked.connect(lambda: window.show_page("devices"))
        self.glove.noticed.connect(window.notice.tell)
        self.devices.midi_chosen.connect(ports.open_midi)
        self.devices.glove_chosen.connect(self.gloves.use)
        self.devices.looked.connect(self.sound.look_again)

    def _connect_assignments(self, window: MainWindow) -> None:
        self.assigning.page_asked.connect(lambda: window.show_page("assignments"))
        self.assigning.piece_asked.connect(self.stand.open_score)
        self.assigning.heard.connect(self.lesson.hush)
        self.assigning.noticed.connect(window.notice.tell)
        self.assigning.undoable.connect(lambda words, undo: window.notice.tell(words, undo=undo))
        self.assigning.refused.connect(window.warn)
        self.assignments.open_asked.connect(window.choose_file)
        self.assignments.making.stand_asked.connect(self.practice.deeds.assign_piece)
        self.assignments.making.piece_asked.connect(self._assign_piece)
        self.catalogue.changed.connect(self.assignments.making.show_pieces)
        self.practice.deeds.assign_asked.connect(self.assigning.add_from_stand)
        self.compose.assign_asked.connect(lambda made: self.assigning.add(made.score, made.made_by))
