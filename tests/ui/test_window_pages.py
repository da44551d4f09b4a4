"""The window: its pages, its shortcuts, and that nothing is cut off or left behind."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QWidget,
)

from tutor.commands.parts import Check
from ui.library.page import ALL, NO_SUCH_PIECE, NONE_OF_YOURS, YOURS
from ui.placing import LEAST_SIZE
from ui.shortcuts import SHORTCUTS
from ui.widgets import notice
from ui.widgets.rail import RailButton
from ui.widgets.text import Elided

SIZES = [(1280, 720), (1366, 768), (1920, 1080)]
PAGE_NAMES = ["library", "practice", "compose", "assignments", "glove", "microphone", "devices"]


def cut_off(page) -> list[str]:
    """Words in a page that have less room than they need."""
    found = []
    for widget in [*page.findChildren(QLabel), *page.findChildren(QAbstractButton)]:
        if not widget.isVisible() or isinstance(widget, Elided):
            continue
        need = widget.sizeHint()
        tall = widget.heightForWidth(widget.width()) if widget.hasHeightForWidth() else need.height()
        wraps = isinstance(widget, QLabel) and widget.wordWrap()
        if tall > widget.height() + 1 or (not wraps and need.width() > widget.width() + 1):
            found.append(f"{widget.text()!r}: {widget.size().toTuple()} of {need.toTuple()}")
    return found


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", PAGE_NAMES)
def test_no_words_are_cut_off(qtbot, window, open_piece, name, size):
    open_piece()
    window.show_page(name)
    window.resize(*size)
    qtbot.waitUntil(lambda: window.tasks.idle)
    QApplication.processEvents()
    assert window.size().toTuple() == size
    assert cut_off(window.page(name)) == []


def test_every_shortcut_is_bound_to_a_deed(window):
    bound = {shortcut.key().toString() for shortcut in window.findChildren(QShortcut)}
    assert bound == {QKeySequence(keys).toString() for shortcut in SHORTCUTS for keys in shortcut.keys}


@pytest.mark.parametrize(
    ("keys", "name"),
    [
        ("2", "practice"),
        ("3", "report"),
        ("4", "compose"),
        ("5", "glove"),
        ("6", "microphone"),
        ("7", "devices"),
        ("1", "library"),
    ],
)
def test_a_shortcut_goes_to_each_page(qtbot, window, keys, name):
    qtbot.keyClick(window, keys, Qt.KeyboardModifier.ControlModifier)
    assert window.page(name).isVisible()


def test_the_help_comes_with_f1_and_goes_with_escape(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_F1)
    assert window._help.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window._help.isVisible()


def test_a_notice_takes_no_focus_and_goes_with_escape(qtbot, window):
    window.library.search.setFocus()
    window.tasks.failed.emit("The disk is full.")
    assert window.notice.text == "The disk is full."
    assert window.library.search.hasFocus()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.notice.text == ""


def test_a_warning_stays_until_it_was_read_and_left(qtbot, window, monkeypatch):
    window.warn("no microphone is there")
    window.show_page("practice")
    assert window.notice.text == "No microphone is there"
    monkeypatch.setattr(notice, "READ_MS", -1)
    window.show_page("practice")
    assert window.notice.text
    window.show_page("report", by_itself=True)
    assert window.notice.text
    window.show_page("library")
    assert window.notice.text == ""
    window.notice.tell("This is no warning.")
    window.show_page("practice")
    assert window.notice.text == "This is no warning."


def test_a_warning_that_was_left_at_once_goes_by_itself(qtbot, window, monkeypatch):
    monkeypatch.setattr(notice, "READ_MS", 30)
    window.warn("no microphone is there")
    window.show_page("practice")
    assert window.notice.text
    qtbot.waitUntil(lambda: window.notice.text == "")


def covered(window) -> list[QWidget]:
    """What can be pressed or chosen and lies under the notice."""
    whole, notices = window.centralWidget(), window.notice
    controls = [
        one
        for kind in (QAbstractButton, QComboBox, QLineEdit, QAbstractSpinBox, QAbstractSlider)
        for one in whole.findChildren(kind)
        if one.isVisible() and not one.visibleRegion().isEmpty() and not notices.isAncestorOf(one)
    ]
    seen = [(one, one.visibleRegion().boundingRect()) for one in controls]
    return [one for one, box in seen if box.translated(one.mapTo(whole, QPoint(0, 0))).intersects(notices.geometry())]


@pytest.mark.parametrize("size", [(1280, 720), (900, 600)], ids=str)
@pytest.mark.parametrize("name", PAGE_NAMES)
def test_a_notice_covers_no_control_and_gives_its_room_back(qtbot, window, open_piece, name, size):
    open_piece()
    window.show_page(name)
    window.resize(*size)
    window.notice.hide()
    for _ in range(3):
        QApplication.processEvents()
    page, stage = window.page(name), window.house.practice.stage
    before = page.geometry(), stage.geometry()
    window.notice.tell("What happened is told in a line. " * 4, undo=lambda: None)
    for _ in range(3):
        QApplication.processEvents()
    notices = window.notice
    assert notices._text.height() >= notices._text.heightForWidth(notices._text.width())
    assert window.centralWidget().rect().contains(notices.geometry())
    if name == "practice":  # on the notes, which stay where they are
        assert (page.geometry(), stage.geometry()) == before
        assert stage.rect().translated(stage.mapTo(window.centralWidget(), QPoint(0, 0))).contains(notices.geometry())
    assert [(type(one).__name__, one.accessibleName()) for one in covered(window)] == []
    notices.hide()
    qtbot.waitUntil(lambda: (page.geometry(), stage.geometry()) == before)


def test_a_notice_goes_with_the_next_thing_that_is_pressed_once_it_was_read(qtbot, window, monkeypatch):
    def press() -> None:
        QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(5, 5))

    window.notice.tell("It is kept.")
    press()
    assert window.notice.text == "It is kept."
    monkeypatch.setattr(notice, "READ_MS", -1)
    press()
    assert window.notice.text == ""
    window.notice.tell("It is off the shelf.", undo=lambda: None)
    press()
    assert window.notice.text == "It is off the shelf."


def test_a_short_notice_is_no_wider_than_its_words(window):
    window.notice.tell("Kept.")
    assert window.notice.width() < 200


def test_the_search_has_room_for_its_words_in_a_narrow_window(qtbot, window):
    library = window.library
    for width in (880, 1280):
        window.resize(width, 560)
        qtbot.waitUntil(lambda width=width: window.width() == width)
        QApplication.processEvents()
        words = library.search.fontMetrics().horizontalAdvance("Search title")
        assert library.search.width() > words + 40
        assert not library.search.geometry().intersects(library.bands.geometry())


def test_a_file_that_opens_answers_the_warning_of_one_that_did_not(qtbot, window, tmp_path):
    window.warn("broken.mid: is no MIDI file")
    assert window.notice.text == "broken.mid: is no MIDI file"
    window.house.stand.open_file(tmp_path / "good.mid")
    qtbot.waitUntil(lambda: window.house.lesson.score is not None)
    assert window.notice.text == ""


def test_what_cannot_be_used_any_more_leaves_the_keys_to_its_page(qtbot, window):
    window.show_page("glove")
    page = window.page("glove")
    page.strength.each.setEnabled(True)
    page.strength.each.setFocus()
    assert window.focusWidget() is page.strength.each
    page.look()
    qtbot.waitUntil(lambda: window.focusWidget() is page)


@pytest.mark.parametrize("name", PAGE_NAMES)
@pytest.mark.parametrize("size", [LEAST_SIZE.toTuple(), (1100, 680)], ids=str)
def test_nothing_is_cut_off_in_a_small_window(qtbot, window, name, size):
    window.resize(*size)
    window.show_page(name)
    page = window.page(name)
    qtbot.waitUntil(lambda: page.isVisible() and window.tasks.idle)
    qtbot.wait(20)
    cut = [
        button.accessibleName()
        for button in page.findChildren(QAbstractButton)
        if button.isVisible() and button.width() < button.sizeHint().width()
    ]
    wide = [
        area.objectName()
        for area in page.findChildren(QScrollArea)
        if area.isVisible() and area.widget().width() > area.viewport().width()
    ]
    assert (cut, wide) == ([], [])
    assert page.width() <= window.width()


def test_every_widget_that_can_be_reached_has_a_name(window):
    for name in PAGE_NAMES:
        for widget in window.page(name).findChildren(QAbstractButton):
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                assert widget.accessibleName() or widget.text(), widget


def test_the_search_keeps_the_pieces_that_match(qtbot, window):
    window.library.search.setText("walt")
    assert window.library.current().slug == "waltz"
    window.library.search.setText("nothing like it")
    assert window.library._nothing.isVisible()


def test_what_is_in_sight_can_be_played_while_no_piece_is_found(qtbot, window):
    window.library.choose("waltz")
    window.library.search.setText("nothing like it")
    window.house.catalogue.fetch_own()
    qtbot.waitUntil(lambda: window.tasks.idle)
    assert (window.library.search.text(), window.library.current().slug) == ("nothing like it", "waltz")
    window.library.preview.practise.click()
    qtbot.waitUntil(lambda: window.house.lesson.score is not None)
    window.library.search.clear()
    assert window.library._model.piece(window.library.list.currentIndex().row()).slug == "waltz"


def test_it_is_told_how_something_of_ones_own_comes_onto_the_shelf(window):
    window.library.bands.button(YOURS).click()
    assert window.library._nothing.text() == NONE_OF_YOURS
    window.library.search.setText("nothing like it")
    assert window.library._nothing.text() == NO_SUCH_PIECE


def test_a_level_keeps_the_pieces_of_its_band(window):
    window.library.bands.button(2).click()
    assert window.library.current().slug == "waltz"


def test_a_file_that_is_opened_is_put_on_the_stand_and_on_the_shelf(qtbot, window, tmp_path):
    window.house.stand.open_file(tmp_path / "waltz.mid")
    qtbot.waitUntil(lambda: window.house.lesson.score is not None)
    qtbot.waitUntil(lambda: window.house.catalogue.named("waltz.mid") is not None)
    assert "waltz.mid" in [piece.slug for piece in window.library.shelf]


def test_a_file_of_ones_own_is_taken_off_the_shelf_and_no_other_piece_can_be(qtbot, window, tmp_path):
    library = window.library
    assert not library.preview.remove.isVisible()
    window.house.stand.open_file(tmp_path / "waltz.mid")
    qtbot.waitUntil(lambda: window.house.catalogue.named("waltz.mid") is not None)
    window.show_page("library")
    library.bands.button(YOURS).click()
    assert library.current().slug == "waltz.mid"
    assert library.preview.remove.isVisible()
    library.preview.remove.click()
    qtbot.waitUntil(lambda: window.house.catalogue.named("waltz.mid") is None)
    assert library.current().slug == "scale"
    assert not library.preview.remove.isVisible()
    assert str(tmp_path / "removed") in window.notice.text


def test_what_was_taken_off_the_shelf_can_be_put_back_while_it_is_told(qtbot, window, tmp_path):
    window.house.stand.open_file(tmp_path / "waltz.mid")
    qtbot.waitUntil(lambda: window.house.catalogue.named("waltz.mid") is not None)
    window.house._remove(window.house.catalogue.named("waltz.mid"))
    qtbot.waitUntil(lambda: window.house.catalogue.named("waltz.mid") is None)
    assert window.notice._undo.isVisible()
    window.notice._undo.click()
    qtbot.waitUntil(lambda: window.house.catalogue.named("waltz.mid") is not None)
    window.notice.tell("Something else.")
    assert not window.notice._undo.isVisible()


def test_the_devices_page_says_what_is_missing_and_how_to_get_it(qtbot, window, world):
    window.show_page("devices")
    qtbot.waitUntil(lambda: window.tasks.idle)
    words = " ".join(label.text() for label in window.house.devices.findChildren(QLabel))
    assert "no MIDI system" in words
    assert "sudo apt install it" in words


@pytest.mark.parametrize("page", ["practice", "report", "glove", "microphone", "devices"])
def test_a_page_that_is_shown_has_the_keys(window, page):
    window.findChild(RailButton).setFocus()
    window.show_page(page)
    assert window.focusWidget() is getattr(window.house, page)


def test_what_works_stands_below_what_is_missing(qtbot, window):
    window.house.devices.show_checks((Check("Works", True, "fine"), Check("Lacks", False, "gone", "get it")))
    first = window.house.devices._checks.itemAt(0).widget()
    assert "Lacks" in {label.text() for label in first.findChildren(QLabel)}


def test_the_theme_turns_and_is_remembered(qtbot, window, world):
    window.toggle_theme()
    assert QApplication.palette().window().color().lightness() > 128
    window.close()
    assert world.saved[-1].dark is False


def test_an_input_that_opens_slowly_is_opened_once(qtbot, window, world):
    may_open = threading.Event()
    opens = world._open_midi
    ports = window.house.lesson.ports
    ports._parts = replace(ports._parts, open_midi=lambda name, inbox: may_open.wait(10) and opens(name, inbox))
    world.midi_names.append("Piano")
    for _ in range(3):
        ports.look_for_midi()
        qtbot.wait(50)
    may_open.set()
    qtbot.waitUntil(lambda: bool(ports.midi_name))
    qtbot.wait(50)
    assert [opened.closed for opened in world.inputs] == [False]


def test_of_two_inputs_asked_for_at_once_only_the_last_is_heard(qtbot, window, world):
    may_open = threading.Event()
    opens = world._open_midi
    ports = window.house.lesson.ports
    ports._parts = replace(ports._parts, open_midi=lambda name, inbox: may_open.wait(10) and opens(name, inbox))
    ports.open_midi("Piano")
    ports.open_midi("Organ")
    may_open.set()
    qtbot.waitUntil(lambda: ports.midi_name == "Organ")
    qtbot.waitUntil(lambda: sum(not opened.closed for opened in world.inputs) == 1)
    assert next(opened.name for opened in world.inputs if not opened.closed) == "Organ"


def test_a_keyboard_that_is_named_in_part_is_heard_and_the_systems_own_port_is_not(qtbot, window, world):
    world.midi_names += ["Midi Through 14:0", "Digital Piano 20:0"]
    window.house.lesson.ports.look_for_midi(named="piano")
    qtbot.waitUntil(lambda: window.house.lesson.ports.midi_name == "Digital Piano 20:0")


def test_a_keyboard_that_is_not_there_is_told_once_and_taken_when_it_comes(qtbot, window, world):
    told, ports = [], window.house.lesson.ports
    ports.noticed.connect(told.append)
    world.midi_names.append("Midi Through 14:0")
    ports._named = "Piano"
    for _ in range(2):
        window.house._look_for_midi()
        qtbot.waitUntil(lambda: window.tasks.idle)
    assert told == ["MIDI port 'Piano' is not there; there is Midi Through 14:0"]
    assert ports.midi_name == ""
    world.midi_names.append("Digital Piano 20:0")
    window.house._look_for_midi()
    qtbot.waitUntil(lambda: ports.midi_name == "Digital Piano 20:0")


def test_an_input_that_opens_after_the_window_has_closed_is_closed_again(qtbot, window, world):
    opening, may_open, ports = threading.Event(), threading.Event(), window.house.lesson.ports

    def open_midi(name, inbox):
        opening.set()
        may_open.wait(10)
        return world._open_midi(name, inbox)

    ports._parts = replace(ports._parts, open_midi=open_midi)
    ports.open_midi("Piano")
    assert opening.wait(10)
    window.close()
    may_open.set()
    qtbot.waitUntil(lambda: [opened.closed for opened in world.inputs] == [True])


def test_closing_leaves_no_timer_running(qtbot, window, open_piece, world):
    world.midi_names.append("Piano")
    window.house.lesson.ports.look_for_midi()
    qtbot.waitUntil(lambda: bool(window.house.lesson.ports.midi_name))
    open_piece()
    window.close()
    assert [timer for timer in window.findChildren(QTimer) if timer.isActive()] == []
    assert all(opened.closed for opened in world.inputs)


def test_a_file_that_opens_late_ends_no_take_and_is_told_of(qtbot, window, world, open_piece, tmp_path):
    open_piece()
    opening, house = threading.Event(), window.house
    real = window.rooms.open_file
    house.stand._opening._timer.setInterval(0)
    rooms = replace(window.rooms, open_file=lambda path: (opening.wait(10), real(path))[1])
    house.stand._rooms = rooms
    house.stand.open_file(tmp_path / "large.musicxml")
    qtbot.waitUntil(lambda: window.notice.text == "Opening large.musicxml …")
    before = house.lesson.score
    house.lesson.start()
    qtbot.waitUntil(lambda: house.lesson.phase == "running")
    assert window.notice.text == ""
    opening.set()
    qtbot.waitUntil(lambda: "large.musicxml is on the shelf" in window.notice.text)
    assert (house.lesson.phase, house.lesson.score) == ("running", before)


def test_of_two_files_the_one_that_was_asked_for_last_is_opened(qtbot, window, tmp_path, make_scale):
    first, house = threading.Event(), window.house
    scores = {"one.mid": make_scale(2), "two.mid": make_scale(3)}

    def open_file(path):
        if path.name == "one.mid":
            first.wait(10)
        return scores[path.name]

    house.stand._rooms = replace(window.rooms, open_file=open_file)
    for name in scores:
        house.stand.open_file(tmp_path / name)
    qtbot.waitUntil(lambda: house.lesson.score is scores["two.mid"])
    first.set()
    qtbot.waitUntil(lambda: window.tasks.idle)
    assert house.lesson.score is scores["two.mid"]


def test_the_title_names_the_piece_that_came_after_a_take(qtbot, window, world, open_piece, make_scale):
    open_piece()
    lesson = window.house.lesson
    window.show_page("practice")
    lesson.start()
    qtbot.waitUntil(lambda: lesson.phase == "running")
    window.house.stand.open_score(replace(make_scale(2), title="Another"))
    qtbot.waitUntil(lambda: lesson.score.title == "Another")
    assert window.windowTitle().startswith("Another · ")


def test_undoing_a_removal_shows_the_pieces_as_they_were_sifted(qtbot, window, tmp_path):
    library = window.library
    window.house.stand.open_file(tmp_path / "my waltz.mid")
    qtbot.waitUntil(lambda: window.house.catalogue.named("my waltz.mid") is not None)
    window.show_page("library")
    library.bands.button(YOURS).click()
    library.search.setText("my")

    def remove():
        library.preview.remove.click()
        qtbot.waitUntil(lambda: window.house.catalogue.named("my waltz.mid") is None)
        assert (library.bands.index, library.search.text()) == (ALL, "")

    def undo():
        window.notice._undo.click()
        qtbot.waitUntil(lambda: window.house.catalogue.named("my waltz.mid") is not None)

    remove()
    undo()
    assert (library.bands.index, library.search.text(), library.current().slug) == (YOURS, "my", "my waltz.mid")
    remove()
    library.bands.button(2).click()  # who has gone on to something else stays there
    undo()
    assert (library.bands.index, library.current().slug) == (2, "waltz")
