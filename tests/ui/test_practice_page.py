"""The practice page: what is played goes into the inbox, what is judged is shown."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QSlider

from lessons.errors import JournalError
from lessons.library import shelf
from lessons.note_names import Naming
from lessons.score import even_bars
from tutor.clock import stamp
from tutor.events import Lost, NoteOff, NoteOn
from tutor.practice import Hands, Mode, PracticeSettings
from tutor.verdicts import Judgement
from ui.practice import typed_keys
from ui.practice.computer_keys import letter_of, pitch_of
from ui.practice.lesson import READY, RUNNING
from ui.practice.typed_keys import LET_GO_MS
from ui.practice.verdict_state import EARLY, EXTRA, HIT, LATE, MISSED, NONE, WRONG, VerdictState


def drained(page) -> list:
    return list(page.lesson.between.waiting())


def test_the_computers_keys_put_note_on_and_note_off_into_the_inbox(qtbot, page):
    page._base = 48
    qtbot.keyPress(page, Qt.Key.Key_Z)
    qtbot.keyRelease(page, Qt.Key.Key_Z)
    qtbot.wait(2 * LET_GO_MS)
    qtbot.keyClick(page, Qt.Key.Key_Q)
    qtbot.wait(2 * LET_GO_MS)
    assert [(type(event), event.pitch) for event in drained(page)] == [
        (NoteOn, 48),
        (NoteOff, 48),
        (NoteOn, 60),
        (NoteOff, 60),
    ]


def test_a_held_key_that_the_display_repeats_is_struck_once(qtbot, page, monkeypatch):
    monkeypatch.setattr(typed_keys, "LET_GO_MS", 60_000)  # the display repeats it sooner, however busy the machine is
    for _ in range(3):
        qtbot.keyPress(page, Qt.Key.Key_Z)
        qtbot.keyRelease(page, Qt.Key.Key_Z)
    assert [type(event) for event in drained(page)] == [NoteOn]


def test_a_key_held_while_the_page_is_left_is_let_go(qtbot, window, page):
    qtbot.keyPress(page, Qt.Key.Key_Z)
    window.show_page("library")
    assert [type(event) for event in drained(page)] == [NoteOn, NoteOff]


def test_the_mouse_plays_the_keys_on_the_screen(qtbot, page):
    keys = page.keyboard
    x = int((keys._lanes.left[60] + keys._lanes.width[60] / 2) * keys.width())
    qtbot.mousePress(keys, Qt.MouseButton.LeftButton, pos=QPoint(x, keys.height() - 10))
    qtbot.mouseRelease(keys, Qt.MouseButton.LeftButton, pos=QPoint(x, keys.height() - 10))
    assert [(type(event), event.pitch) for event in drained(page)] == [(NoteOn, 60), (NoteOff, 60)]


def test_the_keys_can_be_hidden_for_more_of_the_notes_and_stay_so(qtbot, window, world, page):
    with_keys = page.stage.height()
    page.keys_choice.click()
    qtbot.waitUntil(lambda: page.stage.height() >= with_keys + page.keyboard.minimumHeight())
    assert not page.keyboard.isVisible()
    window.close()
    assert world.saved[-1].keys_shown is False


def test_keys_that_were_hidden_are_hidden_at_the_next_start_and_a_key_shows_them(qtbot, show_window, world):
    world.config = replace(world.config, keys_shown=False)
    window = show_window(world.rooms())
    window.show_page("practice")
    assert not window.house.practice.keyboard.isVisible()
    window.house.deeds()["keys"]()
    assert window.house.practice.keyboard.isVisible()


def test_notes_and_keys_are_called_as_the_learner_does_and_stay_so(window, world, page):
    bare = page.keyboard.grab().toImage()
    page.names_choice.choose(Naming.SOLFEGE)
    assert page.keyboard.grab().toImage() != bare
    assert page.names_choice.isChecked()
    page.lesson.open_piece(shelf.pieces()[0].score())
    assert set(page.roll._notes.name) <= {"Do", "Re", "Mi", "Fa", "Sol", "La", "Si", "Fa♯", "Si♭"}
    page.names_choice.choose(Naming.NONE)
    assert set(page.roll._notes.name) == {""}
    page.names_choice.choose(Naming.GERMAN)
    window.close()
    assert world.saved[-1].naming is Naming.GERMAN


def test_keys_light_between_takes_without_a_take(page):
    page.lesson.keys.play(64, 70)
    page.look()
    assert page.keyboard._held == {64: NONE}
    assert page.lesson.phase == "ready"


def test_the_first_note_begins_a_take_where_the_learner_leads(qtbot, page, world):
    page.lesson.armed = True
    page.lesson.keys.play(60, 70)
    page.look()
    qtbot.waitUntil(lambda: page.lesson.verdicts.codes[1] == HIT or page.lesson.verdicts.codes[0] == HIT)
    assert page.lesson.running
    page.lesson.stop()
    qtbot.waitUntil(lambda: not page.lesson.running)
    take = world.sessions[0].join(1.0)
    assert take.performance.notes["onset_sec"].tolist() == [0.0]


def test_the_first_note_begins_nothing_where_the_clock_leads(page):
    page.lesson.armed = True
    page.lesson.change(replace(page.lesson.settings, mode=Mode.KEEP_TEMPO))
    page.lesson.keys.play(60, 70)
    page.look()
    assert page.lesson.phase == "ready"


def test_space_starts_and_stops(qtbot, window, page):
    qtbot.keyClick(page, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.lesson.phase == "running")
    qtbot.keyClick(page, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.lesson.phase == "ready")


def test_listening_says_so_and_is_stopped_by_the_key_that_began_it(qtbot, page, world):
    page.listen()
    qtbot.waitUntil(lambda: page.lesson.phase == RUNNING)
    qtbot.waitUntil(lambda: world.sessions[0].transport.beat_at(stamp()) > 0.1)
    page.look()
    assert page.lesson.listening
    assert page._status.text() == "Listen. Bar 1."
    assert not page.keyboard._next
    page.listen()
    qtbot.waitUntil(lambda: not page.lesson.running)
    assert not page.lesson.listening


def test_dragging_over_bars_loops_them(qtbot, page):
    ruler = page.ruler
    quarter = ruler.width() // 4
    qtbot.mousePress(ruler, Qt.MouseButton.LeftButton, pos=QPoint(quarter + 10, 20))
    qtbot.mouseMove(ruler, pos=QPoint(2 * quarter + 10, 20))
    qtbot.mouseRelease(ruler, Qt.MouseButton.LeftButton, pos=QPoint(2 * quarter + 10, 20))
    settings = page.lesson.settings
    assert (settings.bars, settings.loop) == ((2, 3), True)
    assert page.roll.loop == (4.0, 12.0)


def test_the_loop_can_be_taken_away(page):
    page.ruler.loop_chosen.emit(2, 3)
    page.steps.clear_loop()
    assert page.lesson.settings.bars is None
    assert page.roll.loop is None


def test_a_loop_that_cannot_be_taken_away_in_a_take_says_so(qtbot, page):
    page.ruler.loop_chosen.emit(2, 3)
    page.lesson.start()
    with qtbot.waitSignal(page.lesson.noticed) as told:
        page.steps.clear_loop()
    assert told.args[0].startswith("Stop first")
    assert page.lesson.settings.bars == (2, 3)
    page.lesson.stop()
    qtbot.waitUntil(lambda: not page.lesson.running)


def test_the_piece_is_not_offered_to_be_heard_while_the_learner_plays(qtbot, page):
    listen = page.transport._listen
    assert listen.isEnabled()
    page.lesson.start()
    qtbot.waitUntil(lambda: page.lesson.phase == RUNNING)
    assert not listen.isEnabled()
    page.lesson.stop()
    qtbot.waitUntil(lambda: not page.lesson.running)
    assert listen.isEnabled()


def test_a_click_on_a_bar_goes_there(qtbot, page):
    ruler = page.ruler
    qtbot.mouseClick(ruler, Qt.MouseButton.LeftButton, pos=QPoint(3 * ruler.width() // 4 + 10, 20))
    assert page.roll.view_beat == 12.0


def test_arrow_keys_change_tempo_and_bar(qtbot, page):
    qtbot.keyClick(page, Qt.Key.Key_Down)
    assert page.lesson.settings.tempo_ratio == pytest.approx(0.95)
    qtbot.keyClick(page, Qt.Key.Key_Right)
    assert page.lesson.standing_beat == 4.0


def test_choices_of_the_transport_reach_the_lesson(page):
    page.transport._mode.button(1).click()
    page.transport._hands.button(0).click()
    page.transport._metronome.click()
    settings = page.lesson.settings
    assert (settings.mode, settings.hands, settings.metronome) == (Mode.WAIT, Hands.LEFT, True)
    assert page.roll.played_hands == Hands.LEFT.played()


def test_a_lost_keyboard_is_told_calmly_and_shown(page, window):
    page.lesson.inbox.put(Lost(0.0, "Piano"))
    page.look()
    assert "unplugged" in window.notice.text
    assert page.chips.midi.text().strip() == "Keyboard lost"


def test_what_was_played_on_another_page_begins_no_take(qtbot, window, open_piece):
    open_piece()
    lesson = window.house.lesson
    window.show_page("library")
    lesson.inbox.put(NoteOn(stamp(), 60, 70))
    qtbot.waitUntil(lambda: lesson.inbox.qsize() == 0)
    window.show_page("practice")
    window.house.practice.look()
    assert lesson.phase == READY


def test_a_lost_keyboard_is_told_on_any_page(qtbot, window, open_piece):
    open_piece()
    window.show_page("devices")
    window.house.lesson.inbox.put(Lost(0.0, "Piano"))
    qtbot.waitUntil(lambda: "unplugged" in window.notice.text)


def judged(index: int, verdict: str, row: int | None, **more) -> Judgement:
    place = None if row is None else float(row)
    return Judgement(index, 0.5 * index, 60, verdict, place, place or 0.0, 1.0, score_index=row, **more)


@pytest.mark.parametrize(
    ("judgement", "code"),
    [
        (judged(0, "hit", 3), HIT),
        (judged(0, "hit", 3, error_sec=-0.2), EARLY),
        (judged(0, "hit", 3, error_sec=0.2), LATE),
        (judged(0, "wrong", 3), WRONG),
    ],
)
def test_a_verdict_colours_its_note(world, judgement, code):
    state = VerdictState(world.score)
    state.heard(NoteOn(0.0, 60), (judgement,), 2.0)
    assert state.codes[3] == code
    assert state.held == {60: code}


def test_missed_notes_are_marked_and_extra_ones_are_ghosts(world):
    state = VerdictState(world.score)
    state.heard(NoteOn(0.0, 60), (judged(0, "extra", None, missed=(0, 1)),), 2.0)
    assert state.codes[[0, 1]].tolist() == [MISSED, MISSED]
    assert state.ghosts[0].verdict == EXTRA


def test_what_the_beat_has_left_behind_is_missed_until_it_is_played_late(world):
    state = VerdictState(world.score)
    state.heard(NoteOn(0.0, 60), (judged(0, "hit", 2),), 2.0)
    before = state.revision
    state.passed((2, 3, 4))
    assert state.codes[[2, 3, 4]].tolist() == [HIT, MISSED, MISSED]
    assert state.revision > before
    state.heard(NoteOn(0.9, 60), (judged(1, "hit", 3, error_sec=0.6),), 2.0)
    assert state.codes[3] == LATE


def test_the_beat_goes_on_before_the_eyes_of_who_drops_out(qtbot, page):
    page.lesson.change(replace(page.lesson.settings, mode=Mode.KEEP_TEMPO, count_in_bars=0))
    page.lesson.start()
    codes = page.lesson.verdicts.codes
    qtbot.waitUntil(lambda: codes[:2].tolist() == [MISSED, MISSED])
    notes = page.lesson.score.notes
    assert notes["onset_beat"][list(page.lesson.verdicts.next_rows)].min() >= 1
    page.lesson.stop()
    qtbot.waitUntil(lambda: not page.lesson.running)


def test_a_revised_verdict_takes_the_first_one_back(world):
    state = VerdictState(world.score)
    state.heard(NoteOn(0.0, 60), (judged(0, "hit", 3),), 2.0)
    state.heard(NoteOn(0.1, 62), (judged(1, "hit", 4), judged(0, "extra", None, revised=True)), 2.0)
    assert state.codes[3] == NONE
    assert state.ghosts[0].verdict == EXTRA


def test_a_row_that_one_note_gives_back_is_the_next_ones(world):
    state = VerdictState(world.score)
    state.heard(NoteOn(0.0, 60), (judged(0, "wrong", 3),), 2.0)
    state.heard(NoteOn(0.1, 62), (judged(1, "hit", 3), judged(0, "extra", None, revised=True)), 2.0)
    assert state.codes[3] == HIT


def test_a_ghost_ends_where_the_key_came_up(world):
    state = VerdictState(world.score)
    state.heard(NoteOn(0.0, 60), (judged(0, "hit", 0),), 2.0)
    state.heard(NoteOff(0.5, 60), (), 2.0)
    assert state.ghosts[0].end_beat == pytest.approx(1.0)


def test_a_new_round_of_a_loop_begins_clean(world):
    state = VerdictState(world.score)
    state.heard(NoteOn(0.0, 60), (judged(0, "hit", 1),), 2.0)
    state.wipe(0.0, 4.0)
    assert not state.codes.any()
    assert not state.ghosts


@pytest.mark.parametrize(
    ("key", "scan_code", "platform", "letter"),
    [
        (ord("Y"), 52, "xcb", "Z"),  # the key left of X on a German keyboard
        (ord("Y"), 44, "windows", "Z"),
        (ord("Q"), 0, "xcb", "Q"),
        (ord("W"), 17, "cocoa", "W"),
        (0x01000012, 0, "cocoa", ""),
    ],
)
def test_computer_keys_are_piano_keys_by_place(key, scan_code, platform, letter):
    assert letter_of(key, scan_code, platform) == letter


def test_the_two_rows_lie_an_octave_apart():
    assert (pitch_of("Z", 48), pitch_of("Q", 48), pitch_of("A", 48)) == (48, 60, None)


def test_another_piece_waits_for_the_end_of_the_take(qtbot, page, world, make_scale):
    page.lesson.start()
    qtbot.waitUntil(lambda: page.lesson.phase == "running")
    other = make_scale(2)
    page.lesson.open_piece(other)
    qtbot.waitUntil(lambda: page.lesson.score is other)
    assert page.lesson.phase == "ready"
    assert world.sessions[0].join(0.0) is not None


def test_a_take_can_be_stopped_before_it_has_begun(qtbot, page, world):
    page.lesson.start()
    page.lesson.stop()
    qtbot.waitUntil(lambda: page.lesson.phase == "ready")
    assert world.sessions[0].join(1.0) is not None


def test_a_time_without_touch_is_said_while_the_glove_is_there(qtbot, window, open_piece):
    from tutor.fading import Fading
    from tutor.glove.state import GloveState
    from ui.practice.standing import status_words

    open_piece()
    lesson = window.house.lesson
    lesson.start()
    qtbot.waitUntil(lambda: lesson.phase == "running")
    lesson._bridge.fading_moved.emit(Fading(since_probe=3))
    assert "Without touch" not in status_words(lesson)
    lesson.ports._glove.device = type("Glove", (), {"state": GloveState(connected=True), "close": lambda _self: None})()
    assert "Without touch this time." in status_words(lesson)
    lesson.stop()
    qtbot.waitUntil(lambda: not lesson.running)


@pytest.mark.parametrize(("slug", "words"), [("greensleeves", "♩. = 60"), ("ode-to-joy", "♩ = 108")])
def test_a_tempo_counts_the_beats_of_the_metre(window, page, slug, words):
    window.house.stand.open_score(shelf.load(slug))
    assert page.transport._bpm.text() == words


def test_bars_that_a_piece_does_not_have_are_not_practised(page, make_scale):
    lesson = page.lesson
    lesson.open_piece(make_scale(2), PracticeSettings(bars=(12, 14), loop=True, tempo_ratio=0.8))
    assert (lesson.settings.bars, lesson.settings.loop, lesson.settings.tempo_ratio) == (None, False, 0.8)
    assert lesson.verdicts is not None
    assert len(lesson.verdicts.codes) == len(lesson.score.notes)


def test_where_the_score_waits_nobody_is_late(qtbot, page, world):
    lesson = page.lesson
    for mode, code in ((Mode.WAIT, HIT), (Mode.FOLLOW, LATE)):
        lesson.change(replace(lesson.settings, mode=mode))
        lesson.start()
        qtbot.waitUntil(lambda: lesson.phase == "running")
        lesson.verdicts.heard(NoteOn(1.0, 60, 64), (judged(0, "hit", 0, error_sec=0.5),), 2.0)
        assert lesson.verdicts.codes[0] == code
        lesson.stop()
        qtbot.waitUntil(lambda: lesson.phase == "ready")


class CountingSynth:
    """Counts what it is told to sound."""

    reason = ""

    def __init__(self) -> None:
        self.sounded: list[int] = []

    def note_on(self, pitch: int, velocity: int, channel: int = 0) -> None:
        self.sounded.append(pitch)

    def __getattr__(self, _name: str):
        return lambda *_args, **_more: None


def test_keys_without_a_sound_of_their_own_are_sounded_once(page):
    lesson, synth = page.lesson, CountingSynth()
    lesson.ports._speaker.device = synth
    for echo in (False, True):
        lesson.change(replace(lesson.settings, echo=echo))
        lesson.keys.play(60, 64)
        lesson.between.drain()
    assert synth.sounded == [60, 60]
    lesson.ports._microphone.opening = True
    lesson.keys.play(60, 64)
    lesson.between.drain()
    assert synth.sounded == [60, 60]


def test_the_program_falls_silent_where_something_else_is_heard(qtbot, window, page):
    page.listen()
    qtbot.waitUntil(lambda: page.lesson.phase == "running")
    window.house.composing.heard.emit()
    qtbot.waitUntil(lambda: page.lesson.phase == "ready")


def test_a_take_that_a_microphone_heard_does_not_silence_the_next(qtbot, window, page):
    lesson, reviewing = page.lesson, window.house.reviewing
    lesson.change(replace(lesson.settings, echo=True))
    reviewing.score, reviewing._settings = lesson.score, replace(lesson.settings, echo=False, tempo_ratio=0.7)
    window.house.report.again_asked.emit()
    qtbot.waitUntil(lambda: lesson.settings.tempo_ratio == 0.7)
    assert lesson.settings.echo


def test_settings_that_change_while_a_take_begins_hold_for_it(qtbot, world, page):
    lesson, may_begin = page.lesson, threading.Event()
    real = lesson._rooms.make_session
    lesson._rooms = replace(lesson._rooms, make_session=lambda wish: may_begin.wait(10) and real(wish))
    lesson.start()
    lesson.change(replace(lesson.settings, tempo_ratio=0.5))
    may_begin.set()
    qtbot.waitUntil(lambda: bool(world.sessions) and world.sessions[-1].settings.tempo_ratio == 0.5)
    lesson.stop()
    qtbot.waitUntil(lambda: lesson.phase == "ready")


def test_a_take_that_begins_as_the_window_closes_ends_with_it(qtbot, world, window, page):
    lesson, may_begin = page.lesson, threading.Event()
    real = lesson._rooms.make_session
    lesson._rooms = replace(lesson._rooms, make_session=lambda wish: may_begin.wait(10) and real(wish))
    lesson.start()
    qtbot.wait(50)
    window.close()
    may_begin.set()
    qtbot.waitUntil(lambda: bool(world.sessions))
    qtbot.wait(100)
    assert world.sessions[-1]._thread is None


def test_after_a_refusal_the_piece_that_waited_is_on_the_stand(qtbot, page, make_scale):
    lesson, may_begin, told = page.lesson, threading.Event(), []

    def refuse(_wish):
        may_begin.wait(10)
        raise JournalError("the journal is full")

    lesson.noticed.connect(told.append)
    lesson._rooms = replace(lesson._rooms, make_session=refuse)
    lesson.start()
    waltz = replace(make_scale(8), title="Waltz")
    lesson.open_piece(waltz)
    may_begin.set()
    qtbot.waitUntil(lambda: lesson.score is waltz)
    assert told == ["the journal is full"]


def test_keys_that_are_down_between_takes_come_up_with_the_cable(page):
    lesson = page.lesson
    lesson.inbox.put(NoteOn(1.0, 60, 64))
    lesson.between.drain()
    assert lesson.verdicts.held
    lesson.inbox.put(Lost(2.0, "Piano"))
    lesson.between.drain()
    assert not lesson.verdicts.held


def test_the_volume_is_in_the_menu_of_the_sound_and_is_remembered(qtbot, window, world, page):
    ports, said = window.house.lesson.ports, []
    ports._speaker.device = type(
        "Synth", (), {"reason": "", "loudness": lambda _self, share: said.append(share), "close": lambda _self: None}
    )()
    action = page.chips._volume_action(QMenu(page))
    slider = action.defaultWidget().findChild(QSlider)
    assert slider.value() == 80
    slider.setValue(30)
    assert said == [0.3]
    window.close()
    assert world.saved[-1].volume == 0.3


def test_a_loop_is_set_by_keys(page):
    lesson = page.lesson

    def looped():
        return lesson.settings.bars if lesson.settings.loop else None

    page.steps.stretch_loop(-1)
    assert looped() is None
    page.steps.go(1)
    page.steps.stretch_loop(1)
    assert looped() == (2, 2)
    page.steps.stretch_loop(1)
    assert looped() == (2, 3)
    for _ in range(50):
        page.steps.stretch_loop(1)
    assert looped() == (2, int(lesson.score.bars["number"][-1]))
    for _ in range(50):
        page.steps.stretch_loop(-1)
    assert looped() is None


def test_a_pickup_is_looped_with_the_bar_that_it_leads_to(page, make_scale):
    lesson = page.lesson
    lesson.open_piece(replace(make_scale(8), bars=even_bars(9, 4.0, pickup_beat=1.0)))
    assert lesson.standing_beat == lesson.score.bar_range(0, 0)[0]
    looped = []
    for count in (1, 1, -1, -1):
        page.steps.stretch_loop(count)
        looped.append(lesson.settings.bars)
    assert looped == [(0, 1), (0, 2), (0, 1), None]


def test_shift_and_the_arrows_loop_bars_in_the_window(qtbot, window, page):
    window.show_page("practice")
    page.setFocus()
    qtbot.keyClick(page, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert (page.lesson.settings.bars, page.lesson.settings.loop) == ((1, 1), True)
    qtbot.keyClick(page, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert page.lesson.settings.bars is None
