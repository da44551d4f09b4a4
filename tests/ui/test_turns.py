"""Learners take turns at the window: what is theirs comes and goes with them, and nothing is lost or left over."""

from __future__ import annotations

import gc
import sqlite3
import threading
import weakref
from contextlib import closing
from dataclasses import dataclass, field, replace

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest

from lessons.errors import InputError
from main import build_parts
from tutor.clock import stamp
from tutor.config import Config, journal_path
from tutor.enrolment import Enrolment
from tutor.events import NoteOn
from tutor.glove.state import GloveState
from tutor.practice import Mode
from tutor.register import FIRST
from tutor.synth import SilentSynth
from ui import turns as turns_module
from ui.app import furnishing
from ui.glove.page import Touch
from ui.stylesheet import wear
from ui.turns import Turns
from ui.who_plays import ADD, BRING_BACK, LAY_ASIDE, RENAME
from ui.widgets import notice
from ui.window import MainWindow

PIECE = "hot-cross-buns"


@dataclass
class Port:
    """A keyboard, a loudspeaker or a glove that tells when it is opened, stopped and closed."""

    name: str
    told: list[str]
    state: GloveState = field(default_factory=lambda: GloveState(connected=True, armed=True, actuators=10))

    def __post_init__(self) -> None:
        self.told.append(f"{self.name} opens")

    def close(self) -> None:
        self.told.append(f"{self.name} closes")

    def stop(self) -> None:
        self.told.append(f"{self.name} stops")

    def arm(self) -> None:
        """Be ready."""

    def use(self, settings) -> None:
        self.told.append(f"{self.name} at {settings.max_level}")

    def cancel(self, _from_sec) -> None:
        """Forget."""

    def cue(self, *_said) -> None:
        self.told.append(f"{self.name} touches")


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def enrolment(tmp_path, monkeypatch) -> Enrolment:
    monkeypatch.setenv("DACAPO_HOME", str(tmp_path))
    made = Enrolment(tmp_path)
    made.add("Anna")
    return made


@pytest.fixture
def turns(qtbot, enrolment, told):
    """The window of the first learner, with a keyboard and a glove."""
    parts = replace(
        build_parts(),
        midi_input_names=lambda: ["Piano"],
        open_midi=lambda _name, _inbox: Port("Piano", told),
        open_speaker=lambda: SilentSynth("no sound here"),
        device_checks=tuple,
        microphone_names=tuple,
        serial_names=tuple,
    )
    furnish_for = furnishing(parts, enrolment, FIRST)

    def furnish(person):
        rooms = furnish_for(person)
        return replace(rooms, open_glove=lambda _port, _kind, settings: Port(f"glove at {settings.max_level}", told))

    wear(True)
    window = MainWindow(furnish(FIRST))
    qtbot.addWidget(window)
    window.show()
    window.begin(glove="/dev/glove")
    made = Turns(window, enrolment, furnish, lambda: window.begin(glove="/dev/glove"))
    ready(qtbot, window)
    yield made
    window.close()


def ready(qtbot, window):
    ports = window.house.lesson.ports
    qtbot.waitUntil(
        lambda: window.tasks.idle and bool(window.library.shelf) and bool(ports.midi_name) and ports.glove is not None,
        timeout=20_000,
    )


def change(qtbot, turns, name):
    """Let another learner play, by two clicks; the second one is on the menu."""
    with qtbot.waitSignal(turns.changed, timeout=20_000):
        pick(turns, name)
    ready(qtbot, turns._window)
    return turns._window


def pick(turns, words):
    menu = turns._window.who.menu()
    next(action for action in menu.actions() if action.text() == words).trigger()
    menu.deleteLater()


def play(qtbot, window, notes=7):
    """Begin a take and play into it, without an end."""
    window.library.choose(PIECE)
    window.house.stand.practise_current()
    lesson = window.house.lesson
    qtbot.waitUntil(lambda: lesson.score is not None)
    lesson.change(replace(lesson.settings, mode=Mode.FOLLOW))
    lesson.start()
    qtbot.waitUntil(lambda: lesson.phase == "running", timeout=20_000)
    pitches = [int(note["pitch"]) for note in lesson.score.notes[:notes]]
    for pitch in pitches:
        lesson.inbox.put(NoteOn(stamp(), pitch, 70))
    qtbot.waitUntil(lesson.inbox.empty)
    return pitches


def kinds_of_threads():
    return sorted(thread.name.rstrip("0123456789_") for thread in threading.enumerate())


def takes_in(folder):
    with closing(sqlite3.connect(journal_path(folder))) as database:
        query = "select count(*) from played_notes where take_id = ?"
        rows = database.execute("select id, finished_at from takes").fetchall()
        return [(finished is not None, database.execute(query, (take_id,)).fetchone()[0]) for take_id, finished in rows]


def test_a_notice_goes_with_the_next_thing_that_the_next_learner_presses(qtbot, turns, monkeypatch):
    window = change(qtbot, turns, "Anna")
    window.notice.tell("It is kept.")
    monkeypatch.setattr(notice, "READ_MS", -1)
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(5, 5))
    qtbot.waitUntil(lambda: window.notice.text == "")


def test_a_take_that_is_under_way_is_kept_and_nobody_else_sees_it(qtbot, turns, enrolment):
    window = turns._window
    play(qtbot, window)
    change(qtbot, turns, "Anna")
    assert window.rooms.person.name == "Anna"
    assert takes_in(enrolment.home) == [(True, 7)]
    assert takes_in(enrolment.home / "learners" / "anna") == []
    assert window.rooms.known_shares().by_title == {}
    play(qtbot, window, 5)
    change(qtbot, turns, "Me")
    assert list(window.rooms.known_shares().by_title) == ["Hot Cross Buns"]
    assert takes_in(enrolment.home) == [(True, 7)]
    assert takes_in(enrolment.home / "learners" / "anna") == [(True, 5)]


def test_touch_is_the_learners_and_the_devices_stay_at_the_computer(qtbot, turns):
    window = turns._window
    before = window.config.glove_level
    window.house.gloves.use("/dev/glove", window.config.glove_kind)
    window.house.gloves.touch(Touch(level=90))
    window.toggle_theme()
    ready(qtbot, window)
    change(qtbot, turns, "Anna")
    assert (window.config.glove_level, window.config.glove_port) == (before, "/dev/glove")
    window.house.gloves.touch(Touch(level=40))
    change(qtbot, turns, "Me")
    assert (window.config.glove_level, window.config.dark) == (90, False)
    change(qtbot, turns, "Anna")
    assert (window.config.glove_level, window.config.midi_input) == (40, "Piano")


def test_all_is_closed_and_the_glove_is_still_before_the_next_learners_is_opened(qtbot, turns, told):
    window = turns._window
    window.house.gloves.use("/dev/glove", window.config.glove_kind)
    ready(qtbot, window)
    play(qtbot, window)
    del told[:]
    change(qtbot, turns, "Anna")
    closed = max(told.index("Piano closes"), told.index("glove at 200 closes"))
    opened = min(told.index("Piano opens"), told.index("glove at 200 opens"))
    assert told.index("glove at 200 stops") < closed < opened
    assert not any("touches" in words for words in told[told.index("glove at 200 closes") :])


def test_no_thread_no_timer_and_no_page_of_the_one_before_is_left(qtbot, turns):
    window = turns._window
    change(qtbot, turns, "Anna")
    left = [window.house, window.house.lesson, window.house.lesson.ports, window.library, window.tasks]
    left += [window.house.practice, window.house.saving, window.house.glove, *window.findChildren(QTimer)]
    ours = set(turns.findChildren(QTimer))
    rooms, threads = weakref.ref(window.rooms), kinds_of_threads()
    change(qtbot, turns, "Me")
    qtbot.waitUntil(lambda: not any(shiboken6.isValid(one) for one in left if one not in ours), timeout=10_000)
    change(qtbot, turns, "Anna")
    qtbot.waitUntil(lambda: kinds_of_threads() == threads, timeout=10_000)
    left.clear()

    def forgotten() -> bool:
        gc.collect()  # which comes by itself, in its time
        return rooms() is None

    qtbot.waitUntil(forgotten)


def test_what_was_set_aside_to_stay_is_let_go_with_who_was_here(qtbot, turns):
    class Knot:
        """Holds itself."""

    knot = Knot()
    knot.itself, left = knot, weakref.ref(knot)
    gc.freeze()  # as the program does once the window is filled
    del knot
    change(qtbot, turns, "Anna")

    def let_go() -> bool:
        gc.collect()  # which does nothing while another thread is at it
        return left() is None

    qtbot.waitUntil(let_go)


def test_it_is_always_in_sight_who_plays(qtbot, turns):
    window = turns._window
    assert window.who.isVisible()
    assert (window.who.text(), window.windowTitle()) == ("Me", "Library · Me · Dacapo")
    assert [action.text() for action in window.who.menu().actions() if action.isCheckable()] == ["Me", "Anna"]
    change(qtbot, turns, "Anna")
    assert (window.who.text(), window.windowTitle()) == ("Anna", "Library · Anna · Dacapo")
    assert [action.isChecked() for action in window.who.menu().actions() if action.isCheckable()] == [False, True]


def test_alone_there_is_no_name_in_the_title(window):
    assert window.who.text() == "Me"
    assert window.windowTitle() == "Library · Dacapo"
    menu = window.who.menu()
    assert [action.isEnabled() for action in menu.actions() if action.text() == "Lay Me aside"] == [False]


def test_who_is_added_plays_at_once_and_at_the_next_start(qtbot, turns, enrolment, monkeypatch):
    monkeypatch.setattr(turns_module, "asked_name", lambda *_: "Ben & Bo")
    with qtbot.waitSignal(turns.changed, timeout=20_000):
        pick(turns, ADD)
    assert turns.person.name == "Ben & Bo"
    assert "Ben && Bo" in [action.text() for action in turns._window.who.menu().actions()]
    assert enrolment.last()[0] == turns.person


@pytest.mark.parametrize("name", ["anna", "", "x" * 50])
def test_a_name_that_cannot_be_is_told_and_nothing_changes(qtbot, turns, enrolment, monkeypatch, name):
    monkeypatch.setattr(turns_module, "asked_name", lambda *_: name)
    pick(turns, ADD)
    qtbot.waitUntil(lambda: bool(turns._window.notice.text))
    assert [person.name for person in enrolment.read()[0].people] == ["Me", "Anna"]
    assert turns.person == FIRST


def test_another_name_is_shown_and_all_else_stays(qtbot, turns, monkeypatch):
    monkeypatch.setattr(turns_module, "asked_name", lambda *_: "Grandpa")
    house = turns._window.house
    pick(turns, RENAME.format("Me"))
    qtbot.waitUntil(lambda: turns._window.windowTitle() == "Library · Grandpa · Dacapo")
    assert turns._window.who.text() == "Grandpa"
    assert turns._window.house is house


def test_who_thinks_better_of_it_changes_nothing(qtbot, turns, enrolment, monkeypatch):
    monkeypatch.setattr(turns_module, "asked_name", lambda *_: None)
    for words in (ADD, RENAME.format("Me")):
        pick(turns, words)
    qtbot.waitUntil(lambda: turns._tasks.idle)
    assert [person.name for person in enrolment.read()[0].people] == ["Me", "Anna"]


def test_who_is_laid_aside_leaves_the_window_to_the_first_and_can_be_put_back(qtbot, turns, enrolment):
    window = change(qtbot, turns, "Anna")
    play(qtbot, window, 5)
    with qtbot.waitSignal(turns.changed, timeout=20_000):
        pick(turns, LAY_ASIDE.format("Anna"))
    assert turns.person == FIRST
    aside = enrolment.home / "learners" / "removed" / "anna"
    assert takes_in(aside) == [(True, 5)]
    assert str(aside) in window.notice.text
    assert window.windowTitle() == "Library · Dacapo"
    window.notice._undo.click()
    qtbot.waitUntil(lambda: window.windowTitle() == "Library · Me · Dacapo")
    assert takes_in(enrolment.home / "learners" / "anna") == [(True, 5)]


def test_a_learner_whose_folder_vanished_is_told_and_who_is_there_goes_on(qtbot, turns, enrolment):
    (enrolment.home / "learners" / "anna").rmdir()
    house = turns._window.house
    pick(turns, "Anna")
    qtbot.waitUntil(lambda: "folder of Anna is gone" in turns._window.notice.text)
    assert (turns.person, turns._window.house) == (FIRST, house)


def test_rooms_that_cannot_be_furnished_leave_who_was_there_and_nothing_is_furnished_on_the_windows_thread(
    qtbot, turns, monkeypatch
):
    furnish, threads = turns._furnish, []

    def furnish_but_for_anna(person):
        threads.append(threading.current_thread())
        if person.name == "Anna":
            raise InputError("no room for Anna")
        return furnish(person)

    monkeypatch.setattr(turns, "_furnish", furnish_but_for_anna)
    with qtbot.waitSignal(turns.changed, timeout=20_000):
        pick(turns, "Anna")
    assert "room for Anna" in turns._window.notice.text
    assert turns.person == FIRST
    assert len(threads) == 2
    assert threading.main_thread() not in threads


def test_who_closes_the_window_in_the_midst_of_a_change_loses_nothing(qtbot, turns, enrolment):
    window = turns._window
    play(qtbot, window)
    window.house.gloves.touch(Touch(level=77))
    pick(turns, "Anna")
    qtbot.waitUntil(lambda: not window.house.lesson.running, timeout=20_000)
    window.close()
    qtbot.waitUntil(lambda: takes_in(enrolment.home) == [(True, 7)], timeout=20_000)
    qtbot.waitUntil(lambda: Config.load().glove_level == 77, timeout=20_000)


def test_a_piece_of_ones_own_is_on_nobody_elses_shelf(qtbot, turns, tmp_path):
    window = turns._window
    score = tmp_path / "Mine.abc"
    score.write_text("X:1\nT:Mine\nL:1/4\nK:C\nCDEF|\n")

    def is_on_the_shelf():
        return any(piece.title == "Mine" for piece in window.library.shelf)

    window.house.stand.open_file(score)
    qtbot.waitUntil(is_on_the_shelf)
    change(qtbot, turns, "Anna")
    assert not is_on_the_shelf()
    change(qtbot, turns, "Me")
    qtbot.waitUntil(is_on_the_shelf)


def test_two_windows_of_two_learners_play_at_once(qtbot, turns, enrolment):
    window, anna = turns._window, enrolment.listed("Anna")
    other = MainWindow(turns._furnish(anna))
    qtbot.addWidget(other)
    other.show()
    other.begin(glove="/dev/glove")
    ready(qtbot, other)
    play(qtbot, window)
    play(qtbot, other, 5)
    other.house.gloves.use("/dev/other", other.config.glove_kind)
    other.close()
    window.close()
    assert takes_in(enrolment.home) == [(True, 7)]
    assert takes_in(enrolment.folder(anna)) == [(True, 5)]
    assert Config.load().glove_port == "/dev/other"


def test_who_plays_is_remembered_from_the_start(qtbot, turns, enrolment):
    enrolment.remember(enrolment.listed("Anna"))
    turns.remember()
    qtbot.waitUntil(lambda: enrolment.last()[0] == FIRST)


def test_touch_that_one_learner_stopped_is_not_felt_by_the_next(qtbot, turns):
    window = turns._window
    window.house.glove.stop()
    change(qtbot, turns, "Anna")
    assert window.house.lesson.ports.glove.halted
    window.house.glove.allow()
    change(qtbot, turns, "Me")
    assert not window.house.lesson.ports.glove.halted


def test_who_was_laid_aside_can_be_brought_back_at_any_time(qtbot, turns, enrolment):
    enrolment.lay_aside(enrolment.listed("Anna"))
    window = turns._window
    turns._show_people(None)
    qtbot.waitUntil(lambda: len(window.rooms.register.people) == 1)
    menu = window.who.menu()
    (back,) = [action.menu() for action in menu.actions() if action.text() == BRING_BACK]
    assert back.menuAction().isVisible()
    (anna,) = back.actions()
    assert anna.text() == "Anna"
    anna.trigger()
    qtbot.waitUntil(lambda: window.windowTitle() == "Library · Me · Dacapo")
    assert not window.rooms.register.aside
    menu.deleteLater()


def test_who_was_added_elsewhere_is_on_the_menu_once_it_is_opened(qtbot, turns, enrolment, monkeypatch):
    shown = []
    monkeypatch.setattr(type(turns._window.who), "open_menu", lambda who: shown.append(who.menu()))
    enrolment.add("Cleo")
    turns._window.who.click()
    qtbot.waitUntil(lambda: bool(shown))
    assert "Cleo" in [action.text() for action in shown[0].actions()]
    shown[0].deleteLater()
