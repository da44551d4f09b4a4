"""The devices page: what a glove's port answers, and which hints can be copied."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel

from lessons.errors import DeviceError
from tutor.commands.parts import Check
from tutor.glove.kinds import Kind
from tutor.glove.state import GloveState
from tutor.synth import SilentSynth
from ui.devices.check_row import CheckRow, is_command
from ui.glove import watched
from ui.glove.page import facts
from ui.glove.watched import WatchedGlove

PORT = "/dev/ttyS0"


@dataclass
class Silent:
    """A glove's line on which nobody speaks, until it does."""

    state: GloveState = field(default_factory=GloveState)

    def arm(self) -> None: ...

    def close(self) -> None: ...


@pytest.fixture
def page(qtbot, window):
    window.show_page("devices")
    qtbot.waitUntil(lambda: window.tasks.idle)
    return window.house.devices


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("", f"No answer from {PORT}."),
        (f"{PORT}: permission denied", f"No answer from {PORT}: permission denied"),
    ],
)
def test_a_port_on_which_nobody_answers_is_told_after_a_while(qtbot, window, page, monkeypatch, reason, words):
    glove, ports = Silent(GloveState(error=reason)), window.house.lesson.ports
    monkeypatch.setattr(watched, "PATIENCE_SEC", 1.0)
    ports._open_glove = lambda *_: glove
    page._glove.setCurrentText(PORT)
    page._connect.click()
    qtbot.waitUntil(lambda: ports.glove is not None)
    assert page._answer.text() == (reason or f"Asking {PORT} …")
    qtbot.waitUntil(lambda: page._answer.text() == words)
    assert page._answer.isVisible()
    assert facts(ports.glove_state) == words


def test_a_glove_that_has_answered_is_not_said_to_be_silent(monkeypatch):
    monkeypatch.setattr(watched, "PATIENCE_SEC", 0.0)
    glove = Silent(GloveState(connected=True))
    made = WatchedGlove(glove, PORT)
    assert made.state.error == ""
    glove.state = replace(glove.state, connected=False)
    assert made.state.error == ""


def test_there_is_nothing_to_connect_to_without_a_port(qtbot, window, page):
    page._glove.setCurrentText("")
    assert not page._connect.isEnabled()
    page._glove.setCurrentText(PORT)
    assert page._connect.isEnabled()
    assert window.house.lesson.ports.glove_kind is Kind.HGP


@pytest.mark.parametrize(
    ("remedy", "command"),
    [
        ("sudo apt install libportaudio2", True),
        ("git checkout models/weights", True),
        ("connect headphones or loudspeakers, then start the program again", False),
        ("pip install pretty_midi, or set DACAPO_SOUNDFONT", False),
        ("plug in a glove; 'glove simulate' makes one without hardware", False),
    ],
)
def test_only_a_command_can_be_copied(qtbot, remedy, command):
    row = CheckRow(Check("Audio", False, "no device", remedy))
    qtbot.addWidget(row)
    copies = [button for button in row.findChildren(QAbstractButton) if button.text().strip() == "Copy"]
    assert (bool(copies), is_command(remedy)) == (command, command)
    shown = remedy if command else remedy[:1].upper() + remedy[1:]
    assert shown in [one.text() for one in row.findChildren(QLabel)]


def typed(qtbot, page, port: str) -> None:
    """Type a port over what stands there, and press Enter."""
    field = page._glove.lineEdit()
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, port)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_the_port_that_is_typed_is_the_port_that_is_asked(qtbot, window, page):
    ports, asked = window.house.lesson.ports, list[str]()
    ports._open_glove = lambda port, *_: asked.append(port) or Silent()
    page._glove.addItem("gl-left,gl-right")
    before = [page._glove.itemText(row) for row in range(page._glove.count())]
    typed(qtbot, page, "gl-left")
    qtbot.waitUntil(lambda: asked == ["gl-left"])
    assert [page._glove.itemText(row) for row in range(page._glove.count())] == before


def test_after_a_port_on_which_nobody_answers_another_can_be_typed_at_once(qtbot, window, page):
    ports, asked, gloves = window.house.lesson.ports, list[str](), [Silent(), Silent(GloveState(connected=True))]
    ports._open_glove = lambda port, *_: asked.append(port) or gloves[len(asked) - 1]
    typed(qtbot, page, "/etc/passwd")
    qtbot.waitUntil(lambda: ports.glove is not None)
    assert (page._glove.isEnabled(), page._connect.text()) == (True, "Let go")
    typed(qtbot, page, PORT)
    qtbot.waitUntil(lambda: asked == ["/etc/passwd", PORT] and ports.glove is not None)
    page.show_states()
    assert (page._glove.isEnabled(), page._connect.text()) == (False, "Let go")
    page._connect.click()
    qtbot.waitUntil(lambda: ports.glove is None and page._connect.text() == "Connect")


def test_a_warning_about_a_port_goes_once_another_one_is_open(qtbot, window, page):
    ports = window.house.lesson.ports

    def open_glove(port: str, *_said: object) -> Silent:
        if "," in port:
            raise DeviceError(f"{port}: name two ports")
        return Silent(GloveState(connected=True))

    ports._open_glove = open_glove
    typed(qtbot, page, "a,b,c")
    qtbot.waitUntil(lambda: "name two ports" in window.notice.text)
    typed(qtbot, page, PORT)
    qtbot.waitUntil(lambda: ports.glove is not None and not window.notice.text)


@pytest.mark.parametrize(("names", "words"), [((), "No keyboard found"), (("Piano",), "None is heard")])
def test_where_no_keyboard_is_heard_that_is_said(window, page, names, words):
    window.house.lesson.ports.midi_names = names
    page.show_states()
    assert (page._midi.shown, page._midi.isEnabled()) == (words, bool(names))


def test_where_there_is_no_sound_no_loudspeaker_is_named(page):
    page._ports.synth.reason = "no sound here"
    page.show_states()
    assert page._sound.text() == "No loudspeaker or headphones can be opened"
    assert "no sound here" in page._sound_state.toolTip()
    page._ports.synth.reason = ""
    page.show_states()
    assert page._sound.text() == "This computer's own loudspeaker or headphones"


def test_a_loudspeaker_that_goes_away_is_told_and_taken_back_when_it_returns(window, page):
    ports, watch = window.house.lesson.ports, window.house.sound
    ports._speaker.device = SimpleNamespace(reason="", close=lambda: None)
    watch.look()
    ports.synth.reason = "The headphones are gone."
    watch.look()
    assert window.notice.text == "The headphones are gone."
    assert window.house.practice.chips.sound.text().strip() == "Silent"
    ports.synth.reason = ""
    watch.look()
    assert window.notice.text == ""
    assert window.house.practice.chips.sound.text().strip() == "Sound"


def test_a_machine_that_never_had_sound_is_not_told_of_a_loss(window, page):
    window.house.lesson.ports._speaker.device = SilentSynth("no sound here")
    window.house.sound.look()
    assert window.notice.text == ""


def test_a_loudspeaker_that_opens_when_its_learner_has_gone_is_given_back(qtbot, window, page):
    ports, begun, gone, closed = window.house.lesson.ports, threading.Event(), threading.Event(), []

    def open_speaker():
        begun.set()
        gone.wait(10)
        return SimpleNamespace(loudness=lambda _: None, close=lambda: closed.append(True))

    ports._parts = replace(ports._parts, open_speaker=open_speaker)
    ports.open_speaker()
    qtbot.waitUntil(begun.is_set)
    ports.let_go()()
    gone.set()
    qtbot.waitUntil(lambda: closed == [True])


def test_to_look_again_opens_a_loudspeaker_where_there_was_none(qtbot, window, page):
    ports, found = window.house.lesson.ports, SimpleNamespace(loudness=lambda _: None, close=lambda: None)
    ports._speaker.device = SilentSynth("no sound here")
    ports._parts = replace(ports._parts, open_speaker=lambda: found)
    page._again.click()
    qtbot.waitUntil(lambda: ports.synth is found)
    ports._parts = replace(ports._parts, open_speaker=lambda: pytest.fail("it sounds already"))
    page._again.click()
    qtbot.waitUntil(lambda: window.tasks.idle)
    assert ports.synth is found
