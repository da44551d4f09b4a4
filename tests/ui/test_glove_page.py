"""The glove page: fingers can be tried and stopped, and what is felt late is measured."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtCore import QPoint, Qt

from tutor.cues import Leader
from tutor.fading import Fading, fading_words
from tutor.glove.kinds import KIND_WORDS, Kind
from tutor.glove.limits import CHILD_LEVEL, CHILD_SESSION_SEC
from tutor.glove.state import GloveState
from tutor.rehearsal import BETWEEN_SEC
from ui.glove.hands_view import _tip
from ui.glove.lead_card import FADING, STEADY
from ui.glove.news import BACK, GONE
from ui.glove.page import FIRST_TRY_SEC
from ui.glove.tap_test import ANTICIPATION_SEC, felt_lag_ms, pulse_times
from ui.glove.watched import IDLE_SEC, WatchedGlove
from ui.practice.device_chips import glove_words


@dataclass
class FakeGlove:
    """A glove that writes down what it is asked."""

    state: GloveState = field(default_factory=lambda: GloveState(connected=True, armed=True, actuators=10))
    said: list[tuple] = field(default_factory=list)

    def use(self, settings) -> None:
        self.said.append(("use", settings))

    def arm(self) -> None:
        self.said.append(("arm",))

    def cue(self, fingers, at_sec=None, intensity=None, duration_ms=None) -> None:
        self.said.append(("cue", tuple(fingers), at_sec, intensity))

    def rhythm(self, fingers, at_sec, intensity=None) -> None:
        self.said.append(("rhythm", tuple(fingers), tuple(at_sec), intensity))

    def cancel(self, from_sec) -> None:
        self.said.append(("cancel", from_sec))

    def stop(self) -> None:
        self.said.append(("stop",))

    def clear_fault(self) -> None:
        self.said.append(("clear_fault",))

    def close(self) -> None:
        self.said.append(("close",))


@pytest.fixture
def glove() -> FakeGlove:
    return FakeGlove()


@pytest.fixture
def page(window, glove):
    window.house.lesson.ports._glove.device = WatchedGlove(glove, "/dev/ttyUSB0")
    window.show_page("glove")
    window.house.glove.look()
    return window.house.glove


def test_a_click_on_a_fingertip_tries_that_finger(qtbot, page, glove):
    scale, origin = page.hands._scale()
    tip = _tip(6) * scale + origin
    qtbot.mouseClick(page.hands, Qt.MouseButton.LeftButton, pos=QPoint(int(tip.x()), int(tip.y())))
    assert [said[:2] for said in glove.said if said[0] == "cue"] == [("cue", (6,))]


def test_a_motor_is_alight_while_it_was_asked_to_run(page, glove):
    page.try_fingers((2, 7))
    page.look()
    assert page.hands._motors == 1 << 2 | 1 << 7


def test_escape_stops_all_touch_from_every_page(qtbot, window, page, glove):
    page.try_fingers((2,))
    window.show_page("library")
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert glove.said[-1] == ("stop",)
    page.look()
    assert page.hands._motors == 0


def test_what_is_cancelled_is_not_alight():
    watched = WatchedGlove(FakeGlove(), "/dev/ttyUSB0")
    watched.cue((1,), at_sec=100.0)
    watched.cue((2,), at_sec=101.0)
    watched.cancel(100.5)
    assert (watched.running_at(100.05), watched.running_at(101.05)) == (2, 0)


def test_the_strength_is_used_for_the_next_touch_and_remembered(qtbot, window, page, glove, world):
    page.strength.level.setValue(90)
    page.try_fingers((0,))
    assert glove.said[-1][3] == 90
    window.close()
    assert world.saved[-1].glove_level == 90


def test_one_finger_can_be_touched_more_gently_than_the_others(window, page, glove, world):
    page.hands.finger_chosen.emit(3)
    assert page.strength.finger_words.text() == "Of that, for the left ring finger:"
    page.strength.gain.setValue(60)
    settings = [said[1] for said in glove.said if said[0] == "use"][-1]
    assert (settings.gains[3], settings.gains[2]) == (0.6, 1.0)
    page.hands.finger_chosen.emit(6)
    assert page.strength.gain.value() == 100
    page.hands.finger_chosen.emit(3)
    assert page.strength.gain.value() == 60
    window.close()
    assert world.saved[-1].glove_gains[3] == 0.6


def test_without_a_glove_nothing_can_be_tried(window):
    window.show_page("glove")
    window.house.glove.look()
    assert not window.house.glove.strength.each.isEnabled()


def test_stop_is_there_as_long_as_a_glove_is_chosen_even_while_it_is_away(page, glove):
    glove.state = GloveState(error="the line is gone")
    page.look()
    assert page.halt.isEnabled() and not page.strength.each.isEnabled()
    page.halt.click()
    assert glove.said[-1] == ("stop",)


def test_the_tap_test_of_a_left_glove_is_felt_by_the_left_hand(page, glove):
    glove.state = GloveState(connected=True, armed=True, actuators=10, hands=1)
    page.look()
    assert "left index finger" in page.tap_test.words.text()
    page.tap_test.button.click()
    assert {said[1] for said in glove.said if said[0] == "cue"} == {(1,)}


def test_the_lag_is_the_median_of_the_taps_that_went_along():
    pulses = pulse_times(10.0)
    taps = [pulse + 0.06 - ANTICIPATION_SEC for pulse in pulses]
    taps[3] += 0.2
    assert felt_lag_ms(pulses, taps) == pytest.approx(60.0)


def test_too_few_taps_measure_nothing():
    pulses = pulse_times(0.0)
    assert felt_lag_ms(pulses, pulses[:3]) is None
    assert felt_lag_ms(pulses, [pulse + 0.29 for pulse in pulses]) is None


def test_the_tap_test_sends_every_touch_earlier_by_what_was_felt_late(qtbot, page, glove, world, window):
    page.tap_test.button.click()
    pulses = [said[2] for said in glove.said if said[0] == "cue"]
    assert len(pulses) == len(page.tap_test._pulses)
    page.tap_test._taps = [pulse + 0.05 - ANTICIPATION_SEC for pulse in pulses]
    page.tap_test._pulses = [pulse - 60.0 for pulse in pulses]  # as if a minute had passed
    page.tap_test._taps = [tap - 60.0 for tap in page.tap_test._taps]
    page.look()
    window.close()
    assert world.saved[-1].glove_onset_ms == pytest.approx(50.0)


@pytest.mark.parametrize("lead_ms", [-100, 0, 400])
def test_a_lead_is_no_lag_of_the_touch_and_loses_no_trial(page, glove, monkeypatch, lead_ms):
    monkeypatch.setattr("ui.glove.page.stamp", lambda: 1000.0)
    page.lead._lead.setValue(lead_ms)
    page.tap_test.button.click()
    meant = page.tap_test._pulses
    given = [said[2] for said in glove.said if said[0] == "cue"]
    assert [asked - lead_ms / 1000 for asked in given] == pytest.approx(meant)
    glove.said.clear()
    page.strength.each.click()
    first = next(said[2] for said in glove.said if said[0] == "cue")
    assert first - lead_ms / 1000 == pytest.approx(1000.0 + FIRST_TRY_SEC)


def test_a_rehearsal_touches_the_worst_bars_and_ends_with_everything_off(qtbot, page, glove, world):
    page.rehearsal.show_passages(world.score, [(1, 1), (3, 3)])
    page.look()
    page.rehearsal._button.click()
    qtbot.waitUntil(lambda: any(said[0] == "cue" for said in glove.said))
    page.rehearsal._button.click()
    assert glove.said[-1] == ("stop",)
    assert page.rehearsal._button.text().strip() == "Rehearse"


def test_how_the_hand_is_led_is_chosen_for_the_lesson_and_remembered(qtbot, window, page, world):
    lead = page.lead
    lead.strength.setCurrentIndex(2)
    lead.strength.activated.emit(2)
    lead.fade.click()
    lead.leader.button(1).click()
    window.close()
    practice = world.saved[-1].practice
    assert (practice.guidance, practice.fade, practice.leader) == (2, False, Leader.TEMPO)


def test_the_page_says_how_touch_fades_and_what_changes_it(window, page, open_piece):
    open_piece()
    assert page.lead.words.text() == FADING
    window.house.lesson._bridge.fading_moved.emit(Fading(level=3))
    assert page.lead.words.text() == fading_words(Fading(level=3))
    page.lead.fade.click()
    assert page.lead.words.text() == STEADY


def test_a_way_chosen_in_the_midst_of_a_take_reaches_the_session(qtbot, window, page, open_piece, world):
    open_piece()
    window.house.lesson.start()
    qtbot.waitUntil(lambda: window.house.lesson.phase == "running")
    page.lead.strength.activated.emit(1)
    qtbot.waitUntil(lambda: world.sessions[-1].settings.guidance == 1)
    window.house.lesson.stop()
    qtbot.waitUntil(lambda: not window.house.lesson.running)


def test_the_kind_of_a_glove_is_chosen_with_its_port_and_remembered(qtbot, window, world, glove):
    opened = []
    window.house.lesson.ports._open_glove = lambda *asked: opened.append(asked) or glove
    window.show_page("devices")
    devices = window.house.devices
    devices._kind.setCurrentIndex(list(KIND_WORDS).index(Kind.FINGER_CHANNELS))
    devices._kind.activated.emit(devices._kind.currentIndex())
    qtbot.waitUntil(lambda: devices._glove.itemText(0) == "Synth")
    devices._connect.click()
    qtbot.waitUntil(lambda: bool(opened) and window.house.lesson.ports.glove is not None)
    assert opened[0][:2] == ("Synth", Kind.FINGER_CHANNELS)
    devices.show_states()
    assert not devices._kind.isEnabled()
    window.close()
    assert (world.saved[-1].glove_port, world.saved[-1].glove_kind) == ("Synth", Kind.FINGER_CHANNELS)


def test_a_glove_that_goes_away_in_a_lesson_is_seen_on_the_practice_page_and_so_is_its_return(qtbot, window, glove):
    ports, chip = window.house.lesson.ports, window.house.practice.chips.glove
    ports._glove.device = WatchedGlove(glove, "/dev/ttyUSB0")
    ports._glove_opened()
    window.show_page("practice")
    glove.state = GloveState(error="port: the line is gone; the lesson goes on without touch")
    qtbot.waitUntil(lambda: chip.text().strip() == "Glove away")
    assert "goes on without touch" in chip.toolTip()
    glove.state = GloveState(connected=True, armed=True, actuators=10, hands=1, notice="no motors for the other hand")
    qtbot.waitUntil(lambda: chip.text().strip() == "Left glove")
    assert "no motors for the other hand" in chip.toolTip()


def test_a_childs_hand_is_touched_gently_and_rests_sooner_and_that_is_remembered(window, page, glove, world):
    page.strength.child.click()
    settings = [said[1] for said in glove.said if said[0] == "use"][-1]
    assert settings.child and settings.level_cap == CHILD_LEVEL
    page.rehearsal.show_passages(world.score, [(1, 2)])
    page.look()
    page.rehearsal._button.click()
    assert page.rehearsal._rehearsing._rehearsal.length_sec <= CHILD_SESSION_SEC + BETWEEN_SEC
    window.close()
    assert world.saved[-1].glove_child


def test_a_lesson_ends_a_rehearsal(qtbot, window, page, open_piece, world):
    open_piece()
    page.rehearsal.show_passages(world.score, [(1, 2)])
    page.look()
    page.rehearsal._button.click()
    assert page.rehearsal._rehearsing.running
    window.house.lesson.start()
    assert not page.rehearsal._rehearsing.running
    qtbot.waitUntil(lambda: window.house.lesson.phase == "running")
    window.house.lesson.stop()
    qtbot.waitUntil(lambda: not window.house.lesson.running)


def test_a_rhythm_is_seen_pulse_by_pulse_and_passed_on_as_one(glove):
    watched = WatchedGlove(glove, "/dev/ttyUSB0")
    watched.rhythm((3,), [100.0, 100.5], 90)
    assert [watched.running_at(now) for now in (100.05, 100.3, 100.55)] == [8, 0, 8]
    assert glove.said == [("rhythm", (3,), (100.0, 100.5), 90)]


STOPPED = GloveState(connected=True, actuators=10, faults=("the stop button is pressed",), error="It was pressed.")


def test_a_fault_is_named_on_both_pages_and_can_be_cleared_on_both(window, page, glove):
    devices = window.house.devices
    glove.state = STOPPED
    page.look()
    assert "The stop button is pressed. Release it, then clear the fault." in page._facts.text()
    page.clear.click()
    window.show_page("devices")
    devices.show_states()
    assert devices._answer.text().startswith("The stop button is pressed.")
    devices.clear.click()
    assert glove.said.count(("clear_fault",)) == 2
    glove.state = GloveState(connected=True, actuators=10)
    page.look()
    devices.show_states()
    assert (page.clear.isHidden(), devices.clear.isHidden()) == (True, True)


def test_a_glove_that_is_there_is_never_called_away(glove):
    assert glove_words(STOPPED)[0] == "Glove fault"
    assert glove_words(replace(STOPPED, faults=()))[0] == "No touch"
    assert glove_words(replace(STOPPED, connected=False))[0] == "Glove away"
    assert glove_words(replace(STOPPED, faults=(), error="", armed=False))[1] == "good"  # a lesson wakes it


def test_once_all_touch_is_stopped_only_the_learner_allows_it_again(page, glove):
    ports = page._ports
    page.halt.click()
    glove.said.clear()
    page.try_fingers((2,))
    ports.glove.arm()  # as a take does that begins
    assert glove.said == []
    assert not page.strength.each.isEnabled()
    assert "Touch is stopped" in glove_words(ports.glove_state)[2]
    page._allow.click()
    page.try_fingers((2,))
    assert [said[0] for said in glove.said] == ["arm", "arm", "cue"]


def test_the_end_of_a_lesson_does_not_keep_the_next_one_from_touching(page, glove):
    page._ports.glove.stop()
    glove.said.clear()
    page._ports.glove.arm()
    assert glove.said == [("arm",)]


@pytest.fixture
def hours(monkeypatch):
    """A clock that the test winds: its last entry is the time in seconds."""
    seconds = [1000.0]
    monkeypatch.setattr("ui.glove.watched.stamp", lambda: seconds[-1])
    return seconds


def test_a_hand_that_nobody_touches_rests_and_is_ready_for_the_next_trial(page, glove, hours):
    watched = page._ports.glove
    page.try_fingers((2,))
    hours.append(hours[-1] + IDLE_SEC - 1)
    watched.rest_if_idle()
    assert ("stop",) not in glove.said
    hours.append(hours[-1] + 2)
    watched.rest_if_idle()
    watched.rest_if_idle()
    assert glove.said.count(("stop",)) == 1
    page.try_fingers((2,))
    assert [said[0] for said in glove.said[-2:]] == ["arm", "cue"]


def test_a_lesson_keeps_the_glove_however_long_nothing_is_cued(page, glove, hours):
    watched = page._ports.glove
    page.try_fingers((2,))
    watched.arm()  # as a take does that begins
    page.halt.click()
    page._allow.click()
    glove.said.clear()
    hours.append(hours[-1] + 10 * IDLE_SEC)
    watched.rest_if_idle()
    assert ("stop",) not in glove.said
    watched.stop()
    watched.rest_if_idle()
    assert glove.said.count(("stop",)) == 1


def test_escape_says_that_touch_is_stopped(qtbot, window, page):
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert "Touch is stopped" in window.notice.text


def test_touch_that_was_stopped_is_stopped_at_the_next_start_until_it_is_allowed(
    qtbot, window, page, world, show_window
):
    page.halt.click()
    qtbot.waitUntil(lambda: bool(world.saved) and world.saved[-1].touch_stopped)
    window.close()
    fresh = FakeGlove()
    world.config = world.saved[-1]
    rooms = replace(world.rooms(), open_glove=lambda *_: fresh)
    again = show_window(rooms)
    again.house.lesson.ports.open_glove("/dev/ttyUSB0", Kind.HGP, None)
    qtbot.waitUntil(lambda: "Touch is stopped" in again.notice.text)
    assert ("arm",) not in fresh.said
    again.house.glove.look()
    again.house.glove._allow.click()
    assert ("arm",) in fresh.said
    again.close()
    assert not world.saved[-1].touch_stopped


def test_touch_can_be_allowed_only_where_it_was_stopped(page):
    page.look()
    assert not page._allow.isEnabled()
    page.halt.click()
    assert (page._allow.isEnabled(), page._allow.property("role")) == (True, "primary")
    page._allow.click()
    assert (page._allow.isEnabled(), page._allow.property("role")) == (False, "")


def test_that_the_glove_goes_and_comes_back_is_told(qtbot, window, glove):
    ports = window.house.lesson.ports
    ports._glove.device = WatchedGlove(glove, "/dev/ttyUSB0")
    ports._glove_opened()
    qtbot.waitUntil(lambda: ports._glove_news._before.connected)
    glove.state = GloveState(error="port: the line is gone; the lesson goes on without touch")
    qtbot.waitUntil(lambda: window.notice.text == GONE)
    glove.state = GloveState(connected=True, actuators=10)
    qtbot.waitUntil(lambda: window.notice.text == BACK)
    glove.state = GloveState(connected=True, actuators=10, notice="This glove has no motors for the other hand.")
    qtbot.waitUntil(lambda: "for the other hand" in window.notice.text)


def test_the_hand_that_a_glove_is_not_for_is_drawn_dim(page, glove):
    glove.state = replace(glove.state, hands=2)
    page.look()
    assert (page.hands.has_hand(right=True), page.hands.has_hand(right=False)) == (True, False)
    dim = page.hands.grab().toImage()
    glove.state = replace(glove.state, hands=3)
    page.look()
    lit = page.hands.grab().toImage()
    half = lit.width() // 2
    assert dim.copy(0, 0, half, dim.height()) != lit.copy(0, 0, half, lit.height())
    assert dim.copy(half, 0, half, dim.height()) == lit.copy(half, 0, half, lit.height())
