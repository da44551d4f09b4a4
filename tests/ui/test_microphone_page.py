"""The microphone page: what is heard is seen, and goes to the lesson as notes."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

import listen_sounds
import numpy as np
import pytest
from listen_scores import scale_score
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from lessons.note_names import Naming
from tutor.assess import assess
from tutor.clock import stamp
from tutor.commands.parts import SoundListener
from tutor.config import Config
from tutor.events import Inbox, Lost, NoteOn
from tutor.listen.level import LevelMeter, SoundLevel
from ui.devices import ports
from ui.microphone.ear import Ear, pitch_number
from ui.microphone.live_view import LiveView
from ui.practice.intonation import IntonationLine, across
from ui.practice.lanes import lanes
from ui.window import MainWindow

RATE, BLOCK = 16000, 512


def tone(hertz: float, seconds: float) -> np.ndarray:
    times = np.arange(round(seconds * RATE)) / RATE
    wave = sum(np.sin(2 * np.pi * hertz * part * times) / part for part in (1, 2, 3))
    return (0.15 * wave).astype(np.float32)


@dataclass
class FakeMicrophone:
    """A microphone that hears what the test plays."""

    name: str
    listener: SoundListener
    inbox: Inbox
    level: SoundLevel
    closed: bool = False

    def hear(self, sound: np.ndarray) -> None:
        meter = LevelMeter(RATE)
        for begin in range(0, len(sound), BLOCK):
            block = sound[begin : begin + BLOCK]
            self.level = meter.feed(block)
            for event in self.listener.feed(block):
                self.inbox.put(event)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def microphone(qtbot, window):
    """The page, listening to a fake microphone whose sound is still to come."""
    opened: list[FakeMicrophone] = []

    def open_it(wanted, make_listener, inbox):
        opened.append(FakeMicrophone(wanted, make_listener(RATE, stamp() + 60.0), inbox, SoundLevel()))
        return opened[-1]

    window.house.lesson.ports._parts = replace(window.house.lesson.ports._parts, open_microphone=open_it)
    window.show_page("microphone")
    window.house.microphone.listen.click()
    qtbot.waitUntil(lambda: window.house.lesson.ports.microphone is not None)
    return opened[0]


def test_a_tone_turns_the_tuner_and_draws_a_line(window, microphone):
    microphone.hear(tone(440.0 * 2 ** (20 / 1200), 1.0))
    window.house.microphone.look()
    assert window.house.microphone.tuner._pitch == pytest.approx(69.2, abs=0.12)
    assert len(window.house.microphone.view._trace) > 50


@pytest.mark.parametrize(
    ("naming", "name", "a"),
    [(Naming.LETTERS, "B4", "A ="), (Naming.GERMAN, "H", "A ="), (Naming.SOLFEGE, "Si", "La =")],
)
def test_the_tuner_calls_notes_as_the_learner_does(window, microphone, naming, name, a):
    page = window.house.microphone
    window.house.practice.names_choice.choose(naming)
    microphone.hear(tone(440.0 * 2 ** (2 / 12), 1.0))
    page.look()
    assert page.tuner.name == name
    assert page._a_is.text() == a
    assert page.tuner.accessibleName() == f"Tuner: {name}, in tune"


def test_a_screen_reader_is_told_of_a_tone_once_and_how_it_is_called_at_once(window, monkeypatch):
    tuner, said = window.house.microphone.tuner, []
    monkeypatch.setattr(
        tuner, "setAccessibleName", lambda words: (said.append(words), QWidget.setAccessibleName(tuner, words))
    )
    for pitch in (68.80, 68.81, 68.79, 69.01):
        tuner.show_pitch(pitch)
    tuner.call_notes(Naming.SOLFEGE)
    tuner.show_pitch(None)
    assert said == ["Tuner: A4, too low", "Tuner: La, too low", "Tuner"]


def test_notes_that_are_heard_are_called_as_the_learner_chose_before(show_window, world):
    window = show_window(replace(world.rooms(), config=Config(naming=Naming.SOLFEGE)))
    assert window.house.microphone._a_is.text() == "La ="


def test_a_tone_goes_to_the_lesson_as_a_note(window, microphone):
    microphone.hear(np.concatenate([tone(440.0, 0.6), np.zeros(RATE // 2, np.float32)]))
    heard = [event for event in window.house.lesson.between.waiting() if isinstance(event, NoteOn)]
    assert [event.pitch for event in heard] == [69]


def test_what_the_microphone_hears_is_not_sounded_again(window, microphone):
    lesson = window.house.lesson
    lesson.change(replace(lesson.settings, echo=True))
    assert not lesson.sounds_notes
    lesson.ports.close_microphone()
    assert lesson.sounds_notes


def test_a_microphone_that_is_too_loud_is_told(window, microphone):
    microphone.hear(np.sign(tone(440.0, 0.5)))
    window.house.microphone.look()
    assert "too loud" in window.house.microphone._notice.text()


def test_it_can_be_told_to_stop(qtbot, window, microphone):
    window.house.microphone.listen.click()
    qtbot.waitUntil(lambda: microphone.closed)
    assert window.house.lesson.ports.microphone is None


def test_a_machine_without_a_microphone_says_so_calmly(qtbot, window):
    window.show_page("microphone")
    window.house.microphone.listen.click()
    qtbot.waitUntil(lambda: "none can be opened" in window.notice.text)


def test_asking_again_while_it_opens_opens_one_microphone(qtbot, window):
    opened, may_open = [], threading.Event()

    def open_it(wanted, make_listener, inbox):
        may_open.wait(10)
        opened.append(FakeMicrophone(wanted, make_listener(RATE, stamp()), inbox, SoundLevel()))
        return opened[-1]

    ports, page = window.house.lesson.ports, window.house.microphone
    ports._parts = replace(ports._parts, open_microphone=open_it)
    window.show_page("microphone")
    page.listen.click()
    assert "Opening" in page.listen.text()
    assert not page.listen.isEnabled()
    ports.open_microphone("", "flute")
    may_open.set()
    qtbot.waitUntil(lambda: window.tasks.idle)
    assert len(opened) == 1
    assert "Stop" in page.listen.text()


def test_after_a_refusal_it_can_be_asked_again(qtbot, window):
    window.show_page("microphone")
    window.house.microphone.listen.click()
    qtbot.waitUntil(lambda: bool(window.notice.text))
    assert window.house.microphone.listen.isEnabled()
    assert window.house.microphone.listen.text().strip() == "Listen"


def test_instruments_are_named_with_the_capitals_of_their_keys(window):
    choice = window.house.microphone._instrument
    shown = [choice.itemText(row) for row in range(choice.count())]
    assert {"Voice", "Clarinet in B flat", "Clarinet in A", "Horn in F"} <= set(shown)


def test_a_microphone_that_goes_and_comes_back_is_told_as_such(window, microphone):
    lesson, chips = window.house.lesson, window.house.practice.chips
    microphone.inbox.put(Lost(0.0, microphone.name))
    lesson.look()
    assert "microphone is gone" in window.notice.text
    assert (chips.midi.text().strip(), lesson.ports.midi_lost) == ("Microphone lost", False)
    microphone.inbox.put(Lost(1.0, microphone.name, regained=True))
    lesson.look()
    assert "heard again" in window.notice.text
    assert chips.midi.text().strip() == "Microphone"


def test_the_keys_stay_with_the_page_while_the_microphone_is_opened(qtbot, window, microphone):
    window.show_page("microphone")
    page = window.house.microphone
    assert window.focusWidget() is page
    page.listen.click()
    qtbot.waitUntil(lambda: window.house.lesson.ports.microphone is None)
    page._instrument.setFocus()
    page.listen.click()
    qtbot.waitUntil(lambda: "Stop" in page.listen.text())
    assert not page._instrument.isEnabled()
    assert window.focusWidget() is page


def test_the_window_may_be_told_at_the_start_what_to_listen_to(qtbot, window):
    asked = []
    ports = window.house.lesson.ports
    ports.open_microphone = lambda wanted, instrument, a4_hertz: asked.append((wanted, instrument, a4_hertz))
    window.house.microphones.listen_to("desk", "violin")
    assert asked == [("desk", "violin", None)]
    assert window.house.microphone._instrument.currentData() == "violin"


def test_lessons_are_heard_by_the_a_of_the_tuner_where_the_learner_says_so(qtbot, window, world):
    page, asked = window.house.microphone, []
    window.house.lesson.ports.open_microphone = lambda *wanted: asked.append(wanted)
    page._reference.setValue(415)
    window.house.microphones.listen_to("desk", "flute")
    page._in_lessons.click()
    window.house.microphones.listen_to("desk", "flute")
    page._as_played.click()
    window.house.microphones.listen_to("desk", "flute")
    assert [a4_hertz for *_, a4_hertz in asked] == [None, 415.0, None]
    assert not page._in_lessons.isEnabled()
    window.close()
    assert world.saved[-1].tuned_by_tuner


def test_the_a_that_is_named_at_the_start_is_what_lessons_are_heard_by(qtbot, window, world):
    page, asked = window.house.microphone, []
    window.house.lesson.ports.open_microphone = lambda *wanted: asked.append(wanted)
    window.house.microphones.listen_to("desk", "flute", 415.0)
    assert asked == [("desk", "flute", 415.0)]
    assert (page._reference.value(), page._in_lessons.isChecked()) == (415.0, True)
    window.close()
    assert (world.saved[-1].tuner_hertz, world.saved[-1].tuned_by_tuner) == (415.0, True)


def test_an_a_by_which_lessons_hear_stays_until_they_hear_no_more(qtbot, show_window, world):
    world.config = replace(world.config, tuner_hertz=415.0, tuned_by_tuner=True)
    window = show_window(world.rooms())
    page, ports = window.house.microphone, window.house.lesson.ports
    assert page._in_lessons.isChecked() and page._reference.isEnabled()
    ports._parts = replace(
        ports._parts,
        open_microphone=lambda _wanted, make, inbox: FakeMicrophone("Microphone", make(RATE, 0.0), inbox, SoundLevel()),
    )
    page.listen.click()
    qtbot.waitUntil(lambda: ports.ear is not None)
    assert ports.ear.tuning_hertz == 415.0
    assert not (page._reference.isEnabled() or page._in_lessons.isEnabled() or page._as_played.isEnabled())
    ports.close_microphone()
    assert page._reference.isEnabled() and page._in_lessons.isEnabled()


def test_silence_leaves_no_trace():
    ear = Ear("flute")
    ear.listen(RATE, 0.0).feed(np.zeros(RATE, np.float32))
    assert ear.trace() == ()


def test_pitches_count_as_in_midi():
    assert pitch_number(440.0) == 69
    assert pitch_number(442.0, 442.0) == 69
    assert pitch_number(261.63) == pytest.approx(60, abs=0.01)


def test_the_line_over_the_notes_is_cut_where_it_was_silent():
    line = IntonationLine()
    line.take_in([(0.0, 60.0), (0.05, 60.1), (1.0, 62.0), (1.05, 62.2)], lambda time_sec: 2 * time_sec - 1)
    line.take_in([(1.0, 62.0), (1.05, 62.2), (1.1, 62.1)], lambda time_sec: 2 * time_sec - 1)
    first, second = line.stretches(-2.0, 4.0)
    assert first[:, 1].tolist() == [60.0, 60.1]
    assert second[:, 0].tolist() == pytest.approx([1.0, 1.1, 1.2])


def test_a_pitch_between_two_keys_lies_between_their_lanes():
    keys = lanes(48, 72)
    low, between, high = across(keys, np.array([64.0, 64.5, 65.0]))
    assert between == pytest.approx((low + high) / 2)


@pytest.fixture
def piano_microphone(qtbot, window):
    """The same, with a piano chosen."""
    window.house.microphone._instrument.setCurrentIndex(window.house.microphone._instrument.findData("piano"))
    opened: list[FakeMicrophone] = []

    def open_it(wanted, make_listener, inbox):
        opened.append(FakeMicrophone(wanted, make_listener(listen_sounds.RATE, stamp()), inbox, SoundLevel()))
        return opened[-1]

    window.house.lesson.ports._parts = replace(window.house.lesson.ports._parts, open_microphone=open_it)
    window.show_page("microphone")
    window.house.microphone.listen.click()
    qtbot.waitUntil(lambda: window.house.lesson.ports.microphone is not None)
    return opened[0]


def test_the_keys_of_a_piano_are_seen_and_go_to_the_lesson(window, piano_microphone):
    piano_microphone.hear(listen_sounds.piano([(0.3, 60), (0.3, 64), (1.0, 67)]))
    window.house.microphone.look()
    assert sorted(pitch for _, pitch in window.house.lesson.ports.ear.struck()) == [60, 64, 67]
    assert sorted(pitch for _, pitch in window.house.microphone.view._struck) == [60, 64, 67]
    heard = [event for event in window.house.lesson.between.waiting() if isinstance(event, NoteOn)]
    assert sorted(event.pitch for event in heard) == [60, 64, 67]


def test_a_lesson_by_piano_and_microphone_ends_with_a_judged_take(qtbot, window, piano_microphone):
    lesson = window.house.lesson
    lesson.open_piece(scale_score(left=False))
    lesson.start()
    qtbot.waitUntil(lambda: lesson.phase == "running")
    pitches = [60, 62, 64, 66, 67, 69, 71, 72]  # 66 is wrong
    with qtbot.waitSignal(lesson.take_finished, timeout=20_000) as told:
        piano_microphone.hear(listen_sounds.piano([(0.4 + 0.4 * place, pitch) for place, pitch in enumerate(pitches)]))
        lesson.stop()
    judged = assess(lesson.score, told.args[0].performance).as_json()
    assert [(note["pitch"], note["verdict"]) for note in judged["notes"] if note["verdict"] != "hit"] == [(65, "wrong")]
    assert judged["extra"] == []


def test_a_written_part_is_shown_as_written_where_the_instrument_transposes():
    ear = Ear("clarinet in B flat")
    ear.listen(RATE, 0.0).feed(tone(440.0, 0.6))
    assert ear.trace()[-1][1] == pytest.approx(71, abs=0.1)


def test_what_is_heard_is_dated_back_by_the_measured_delay():
    ear = Ear("flute", late_sec=0.25)
    ear.listen(RATE, 10.0).feed(tone(440.0, 0.6))
    assert ear.trace()[-1][0] < 10.0 + 0.6 - 0.2


def test_the_delay_is_measured_on_request_and_remembered(qtbot, window, monkeypatch):
    monkeypatch.setattr(ports, "measured_delay", lambda *_: 0.064)
    window.show_page("microphone")
    qtbot.waitUntil(lambda: window.house.lesson.ports.synth is not None)
    monkeypatch.setattr(type(window.house.lesson.ports), "silence_reason", "")
    window.house.microphone.measure.click()
    qtbot.waitUntil(lambda: "64 ms" in window.house.microphone._delay.text())
    assert window.config.microphone_late_ms == 64.0
    assert window.house.lesson.ports.microphone_late_sec == pytest.approx(0.064)


def test_a_delay_is_measured_once_at_a_time_and_that_is_seen(qtbot, window, monkeypatch):
    end, asked = threading.Event(), []

    def slow(*_said: object) -> float:
        asked.append(1)
        end.wait(5)
        return 0.064

    monkeypatch.setattr(ports, "measured_delay", slow)
    window.show_page("microphone")
    page, own = window.house.microphone, window.house.lesson.ports
    qtbot.waitUntil(lambda: own.synth is not None)
    monkeypatch.setattr(type(own), "silence_reason", "")
    page.measure.click()
    own.changed.emit()
    own.measure_delay("", lambda _late: None)
    assert page._delay.text() == "Measuring: five clicks …"
    assert not page.measure.isEnabled() and not page.listen.isEnabled()
    end.set()
    qtbot.waitUntil(lambda: "64 ms" in page._delay.text())
    assert page.measure.isEnabled() and len(asked) == 1


def test_without_sound_the_delay_cannot_be_measured_and_that_is_said(qtbot, window, monkeypatch):
    window.show_page("microphone")
    monkeypatch.setattr(type(window.house.lesson.ports), "silence_reason", "no loudspeaker")
    window.house.microphone.measure.click()
    qtbot.waitUntil(lambda: "cannot be measured" in window.notice.text)
    qtbot.waitUntil(lambda: "clicks" not in window.house.microphone._delay.text())


def test_a_leap_cuts_the_line_and_a_slip_of_the_ear_does_not_spoil_the_view():
    view = LiveView()
    trace = [(0.004 * k, 60.0) for k in range(100)] + [(0.4, 30.0), (0.404, 30.0)]
    trace += [(0.408 + 0.004 * k, 64.0) for k in range(100)]
    view.show_heard(trace, (), 1.0)
    assert [round(stretch[0][1]) for stretch in view._stretches()] == [60, 64]
    assert view._low > 40


def test_a_leap_cuts_the_line_over_the_roll():
    line = IntonationLine()
    line.take_in([(0.0, 60.0), (0.01, 60.1), (0.02, 67.0), (0.03, 67.1)], lambda time_sec: time_sec)
    assert [part[:, 1].tolist() for part in line.stretches(-1.0, 1.0)] == [[60.0, 60.1], [67.0, 67.1]]


def flat_for_long(window, microphone, cents: float = -35.0) -> float:
    """What the tuner shows, in cents, of an A that was flat for a while."""
    for _ in range(12):
        microphone.hear(np.concatenate([tone(440.0 * 2 ** (cents / 1200), 0.5), np.zeros(RATE // 4, np.float32)]))
    microphone.hear(tone(440.0 * 2 ** (cents / 1200), 0.5))
    window.house.microphone.look()
    return 100 * (window.house.microphone.tuner._pitch - 69)


def test_a_string_that_is_flat_stays_flat_however_long_it_is_played(qtbot, window, microphone):
    window.house.microphone.choose_instrument("guitar")
    window.house.microphone.listen.click()
    window.house.microphones.listen_to("", "guitar")
    qtbot.waitUntil(lambda: window.house.lesson.ports.microphone not in (None, microphone))
    assert flat_for_long(window, window.house.lesson.ports.microphone) == pytest.approx(-35, abs=3)


def test_the_tuner_counts_from_the_learners_own_a_where_they_choose_that(qtbot, window, microphone, world):
    page = window.house.microphone
    page._reference.setValue(435)
    microphone.hear(tone(435.0, 0.5))
    page.look()
    assert page.tuner._pitch == pytest.approx(69, abs=0.03)
    page._as_played.click()
    window.close()
    assert world.saved[-1].tuner_hertz == 0.0


@pytest.mark.parametrize(("typed", "hertz"), [("415", 415.0), ("442.5", 442.5), ("442,5", 442.5), ("392", 392.0)])
def test_the_tuner_counts_from_any_a_that_players_use(qtbot, window, microphone, world, typed, hertz):
    page = window.house.microphone
    page._reference.selectAll()
    qtbot.keyClicks(page._reference, typed)
    qtbot.keyClick(page._reference, Qt.Key.Key_Return)
    microphone.hear(tone(hertz, 0.5))
    page.look()
    assert page.tuner._pitch == pytest.approx(69, abs=0.03)
    window.close()
    assert world.saved[-1].tuner_hertz == hertz


def test_an_a_that_no_tuner_counts_from_is_refused_in_words(qtbot, window, microphone):
    page = window.house.microphone
    page._reference.selectAll()
    qtbot.keyClicks(page._reference, "300")
    qtbot.keyClick(page._reference, Qt.Key.Key_Return)
    assert window.notice.text == "A = 300 Hz: the tuner can count from 390 to 470 Hz"
    assert (page._reference.value(), page._reference.text()) == (440.0, "440")
    assert "390 to 470" in page._reference.toolTip()


def test_what_was_listened_to_is_listened_to_at_the_next_start(qtbot, window, microphone, world):
    window.house.microphones.listen_to("Headset", "flute")
    qtbot.waitUntil(lambda: window.house.lesson.ports.microphone not in (None, microphone))
    window.close()
    config = world.saved[-1]
    assert (config.microphone, config.instrument, config.listening) == ("Headset", "flute", True)


@pytest.mark.parametrize(("listening", "asked"), [(True, ["Headset"]), (False, [])])
def test_a_microphone_is_opened_at_the_start_only_where_it_was_listened_to(qtbot, world, listening, asked):
    wanted: list[str] = []
    rooms = world.rooms()
    config = replace(world.config, microphone="Headset", listening=listening)
    parts = replace(
        rooms.parts,
        open_microphone=lambda name, _make, _inbox: (
            wanted.append(name) or FakeMicrophone(name, None, None, SoundLevel())
        ),
    )
    made = MainWindow(replace(rooms, config=config, parts=parts))
    qtbot.addWidget(made)
    made.begin()
    qtbot.waitUntil(lambda: made.tasks.idle)
    assert wanted == asked
    assert made.house.microphone._device.currentData() == "Headset"
    made.close()


def test_a_microphone_that_hears_but_faintly_is_told(window, microphone):
    faint = 0.01 * tone(440.0, 0.7)
    microphone.hear(
        np.concatenate([np.zeros(RATE, np.float32), faint, 0 * faint[:2000], faint, 0 * faint[:2000], faint])
    )
    window.house.microphone.look()
    assert "too quiet" in window.house.microphone._notice.text()


def test_a_hum_that_the_instrument_could_play_is_told(window, microphone):
    times = np.arange(16 * RATE) / RATE
    hum = (0.01 * np.sin(2 * np.pi * 300.0 * times)).astype(np.float32)
    microphone.hear(hum + np.random.default_rng(0).normal(0, 1e-4, len(hum)).astype(np.float32))
    window.house.microphone.look()
    assert "A steady hum at 300 Hz" in window.house.microphone._notice.text()


def test_listen_is_what_to_do_only_where_there_is_a_microphone(window):
    for names, role in ((("Desk",), "primary"), ((), ""), (("Desk",), "primary")):
        window.house.microphone._device.show_names(names)
        assert window.house.microphone.listen.property("role") == role


def test_a_microphone_that_is_plugged_in_while_another_is_listened_to_is_told_and_offered(window, microphone):
    choice = window.house.microphone._device
    choice.show_names(["Desk"])
    choice.choose("Desk")
    assert choice.plugged.isHidden()
    choice.show_names(["Desk", "Headset"])
    assert choice.plugged.text() == "Headset was plugged in: stop listening to choose it."
    window.house.lesson.ports.close_microphone()
    assert choice.plugged.text() == "Headset was plugged in: choose it above."
    choice.choose("Headset")
    assert choice.plugged.isHidden()
    choice.show_names(["Desk"])
    assert (choice.chosen, choice.plugged.text()) == ("", "")


def test_the_microphone_that_is_listened_to_stays_chosen_while_it_is_not_listed(window, microphone):
    choice = window.house.microphone._device
    choice.choose("Headset")
    choice.show_names(["Desk"])
    assert choice.chosen == "Headset"


def test_the_microphone_that_is_about_to_be_listened_to_stays_chosen_while_it_is_not_listed(qtbot, window):
    choice, ports, opens = window.house.microphone._device, window.house.lesson.ports, threading.Event()

    def open_it(wanted, make, inbox):
        opens.wait(10)
        return FakeMicrophone(wanted, make(RATE, 0.0), inbox, SoundLevel())

    ports._parts = replace(ports._parts, open_microphone=open_it)
    window.house.microphones.listen_to("Head", "flute")
    choice.show_names(["Desk", "Headset"])
    assert choice.chosen == "Head"
    opens.set()
    qtbot.waitUntil(lambda: ports.microphone is not None)


def test_microphones_are_not_asked_for_again_before_they_are_told(qtbot, window):
    choice, ports, tell, asked = window.house.microphone._device, window.house.lesson.ports, threading.Event(), []

    def names():
        asked.append(len(asked))
        tell.wait(10)
        return ("Desk",)

    ports._parts = replace(ports._parts, microphone_names=names)
    choice._timer.setInterval(10)
    window.show_page("microphone")
    qtbot.waitUntil(lambda: bool(asked))
    assert not choice._timer.isActive()
    tell.set()
    qtbot.waitUntil(lambda: len(asked) > 2)


def test_microphones_are_listed_again_while_the_page_is_seen(qtbot, window, monkeypatch):
    names, choice = ["Desk"], window.house.microphone._device
    ports = window.house.lesson.ports
    ports._parts = replace(ports._parts, microphone_names=lambda: tuple(names))
    choice._timer.setInterval(20)
    window.show_page("microphone")
    qtbot.waitUntil(lambda: choice.findData("Desk") > 0)
    names.append("Headset")
    qtbot.waitUntil(lambda: choice.findData("Headset") > 0)
    window.show_page("library")
    assert not choice._timer.isActive()


def test_nothing_is_said_of_a_tuning_before_anything_was_heard(window):
    page, ear = window.house.microphone, Ear("flute")
    listener = ear.listen(RATE, 0.0)
    assert page._tuning_of(ear) == ""
    listener.feed(tone(440.0, 0.6))
    assert page._tuning_of(ear) == "You play at A = 440.0 Hz."
