"""The running lesson: where a take begins, what a restart leaves, and what is said where nothing was heard."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from lessons.note_names import Naming
from tutor.clock import stamp
from tutor.practice import Hands, Mode, PracticeSettings
from ui.microphone.ear import Ear
from ui.practice.beginning import from_bar_at
from ui.practice.input_words import NOTHING_BY_MICROPHONE, NOTHING_HEARD, NOTHING_PLAYED
from ui.practice.lesson import JUST_STOP, READY, RUNNING
from ui.practice.standing import status_words
from ui.practice.verdict_state import MISSED, NONE


@pytest.fixture
def lesson(qtbot, page):
    yield page.lesson
    page.lesson.stop()
    qtbot.waitUntil(lambda: not page.lesson.running)


def begun(qtbot, lesson, listen=False):
    """The score's clock of a take that has just begun."""
    lesson.start(listen=listen)
    qtbot.waitUntil(lambda: lesson.phase == RUNNING)
    return lesson.transport


@pytest.mark.parametrize(
    ("bars", "beat", "expected"),
    [
        (None, 0.0, None),
        (None, 8.0, (3, 4)),
        (None, 9.5, (3, 4)),  # scrolled into a bar
        (None, 16.0, None),  # at the end
        ((2, 3), 4.0, (2, 3)),
        ((2, 3), 8.0, (3, 3)),
        ((2, 3), 12.0, (4, 4)),
        ((2, 3), 0.0, None),
    ],
)
def test_a_take_begins_at_the_bar_where_the_page_stands(make_scale, bars, beat, expected):
    assert from_bar_at(PracticeSettings(bars=bars), make_scale(4), beat).bars == expected


def test_a_loop_keeps_its_bars_wherever_the_page_stands(make_scale):
    settings = PracticeSettings(bars=(2, 3), loop=True)
    assert from_bar_at(settings, make_scale(4), 12.0) == settings


def test_where_nothing_is_left_to_play_a_take_begins_at_the_beginning(make_scale):
    score = make_scale(4)
    score = score.with_notes(score.notes[score.notes["onset_beat"] < 8])
    assert from_bar_at(PracticeSettings(hands=Hands.BOTH), score, 12.0).bars is None


@pytest.mark.parametrize("mode", [Mode.FOLLOW, Mode.WAIT])
def test_a_take_that_the_learner_leads_begins_where_the_page_stands(qtbot, page, lesson, mode):
    lesson.change(replace(lesson.settings, mode=mode))
    page.steps.go(2)
    assert begun(qtbot, lesson).beat_at(stamp()) == 8.0
    assert lesson.settings.bars is None  # the piece is on the stand as before


def test_a_take_begins_and_a_port_opens_while_all_that_is_slow_is_under_way(qtbot, lesson):
    ended = threading.Event()
    for _ in range(9):
        lesson._tasks.run(lambda: ended.wait(20))
    try:
        lesson.ports.open_midi("Piano")
        begun(qtbot, lesson)
        qtbot.waitUntil(lambda: not lesson.ports._midi.opening)
    finally:
        ended.set()


def test_what_closes_a_lesson_waits_for_its_take_only_in_the_part_that_is_left(qtbot, page, monkeypatch):
    begun(qtbot, page.lesson)
    joined = []
    monkeypatch.setattr(page.lesson._session, "join", joined.append)
    part = page.lesson.close()
    assert joined == []
    part()
    assert len(joined) == 1


def test_a_count_in_leads_to_where_the_page_stands(qtbot, page, lesson):
    lesson.change(replace(lesson.settings, mode=Mode.KEEP_TEMPO))
    page.steps.go(2)
    assert 4.0 <= begun(qtbot, lesson).beat_at(stamp()) < 8.0
    lesson.stop()
    qtbot.waitUntil(lambda: lesson.phase == READY)
    assert lesson.standing_beat == 8.0


def test_listening_begins_where_the_page_stands(qtbot, page, lesson):
    page.steps.go(2)
    assert 8.0 <= begun(qtbot, lesson, listen=True).beat_at(stamp()) < 10.0


def test_a_beat_of_the_count_in_is_told(qtbot, lesson):
    lesson.change(replace(lesson.settings, mode=Mode.KEEP_TEMPO, tempo_ratio=1.0))
    transport = begun(qtbot, lesson)
    for beat, told in ((-4.0, (1, 4)), (-1.5, (3, 4)), (-0.5, (4, 4)), (0.0, None)):
        lesson.transport = transport.moved(transport.progress_of(beat), stamp() + 60)
        assert lesson.counted_in == told


def test_a_pause_stands_still_and_is_counted_in_when_it_ends(qtbot, page, lesson):
    lesson.change(replace(lesson.settings, mode=Mode.KEEP_TEMPO, count_in_bars=0))
    transport = begun(qtbot, lesson)
    assert lesson.can_pause
    qtbot.waitUntil(lambda: transport.beat_at(stamp()) > 0.5)
    lesson.pause()
    qtbot.waitUntil(lambda: lesson.paused)
    stood = lesson.beat_now()
    assert page.transport._pause.isChecked() and "F4 goes on" in status_words(lesson)
    qtbot.wait(60)
    assert lesson.beat_now() == stood
    page.transport._pause.click()
    qtbot.waitUntil(lambda: not lesson.paused)
    assert lesson.phase == RUNNING and not page.transport._pause.isChecked()


def test_where_a_pause_is_is_said_without_a_comma_too_many(qtbot, lesson, make_scale):
    score = make_scale(2)
    bars = score.bars.copy()
    bars["written"] = 1
    lesson.open_piece(replace(score, bars=bars), replace(lesson.settings, mode=Mode.KEEP_TEMPO, count_in_bars=0))
    lesson.standing_beat = 4.0
    begun(qtbot, lesson)
    lesson.pause()
    qtbot.waitUntil(lambda: lesson.paused)
    assert status_words(lesson).startswith("Paused in bar 1, second time: F4 goes on")


@pytest.mark.parametrize(
    ("naming", "said"),
    [(Naming.NONE, "C3, D4 and D♯4"), (Naming.LETTERS, "C3, D4 and D♯4"), (Naming.GERMAN, "C, D and Dis")],
)
def test_the_keys_that_the_score_waits_for_are_called_as_page_and_roll_call_them(
    qtbot, page, lesson, make_scale, naming, said
):
    score = make_scale(2)
    notes = score.notes.copy()
    notes["onset_beat"][2] = 0.0
    notes["pitch"][1], notes["step"][1], notes["alter"][1] = 63, "D", 1
    lesson.open_piece(score.with_notes(notes), replace(lesson.settings, mode=Mode.WAIT))
    page.names_choice.choose(naming)
    begun(qtbot, lesson)
    page.look()
    assert page._status.text() == f"Bar 1. Waiting for {said}."


def test_a_pause_ends_with_the_count_in_that_the_learner_wants(qtbot, lesson):
    lesson.change(replace(lesson.settings, mode=Mode.KEEP_TEMPO, count_in_bars=1))
    begun(qtbot, lesson)
    lesson.pause()
    qtbot.waitUntil(lambda: lesson.paused)
    assert lesson.counted_in is None
    lesson.pause()
    qtbot.waitUntil(lambda: not lesson.paused)
    assert lesson.counted_in == (1, 4)


@pytest.mark.parametrize("mode", [Mode.FOLLOW, Mode.WAIT])
def test_who_leads_is_offered_no_pause_and_told_why(qtbot, page, lesson, mode):
    lesson.change(replace(lesson.settings, mode=mode))
    begun(qtbot, lesson)
    assert not lesson.can_pause and not page.transport._pause.isEnabled()
    with qtbot.waitSignal(lesson.noticed) as told:
        lesson.pause()
    assert told.args == [JUST_STOP]


def test_what_the_program_plays_can_be_paused_and_goes_on_at_once(qtbot, lesson):
    begun(qtbot, lesson, listen=True)
    lesson.pause()
    qtbot.waitUntil(lambda: lesson.paused)
    lesson.pause()
    qtbot.waitUntil(lambda: not lesson.paused)
    assert lesson.counted_in is None and lesson.listening


def test_a_restart_leaves_no_mark_of_what_was_passed_before_it(qtbot, lesson):
    lesson.change(replace(lesson.settings, mode=Mode.KEEP_TEMPO))
    transport = begun(qtbot, lesson)
    lesson.restart()
    lesson._bridge.beat_passed.emit((0, 1))  # the session had told so before it took the restart
    assert lesson.verdicts.codes[:2].tolist() == [MISSED, MISSED]
    qtbot.waitUntil(lambda: lesson.transport.restarts > transport.restarts)
    assert lesson.verdicts.codes[:2].tolist() == [NONE, NONE]


def test_each_take_counts_its_own_restarts(qtbot, lesson):
    for _ in range(2):
        begun(qtbot, lesson)
        lesson.verdicts.passed((0,))
        lesson.restart()
        qtbot.waitUntil(lambda: lesson.transport.restarts == 1)
        assert lesson.verdicts.codes[0] == NONE
        lesson.stop()
        qtbot.waitUntil(lambda: lesson.phase == READY)


@pytest.mark.parametrize(
    ("ear", "keyboard", "words"),
    [
        (None, "Piano", NOTHING_HEARD),
        (None, "", NOTHING_PLAYED),
        (Ear("voice"), "", NOTHING_BY_MICROPHONE),
    ],
)
def test_a_take_that_ends_without_a_note_asks_for_what_should_be_heard(qtbot, world, lesson, ear, keyboard, words):
    said = []
    lesson.ports.ear = ear
    if keyboard:
        lesson.ports.open_midi(keyboard)
        qtbot.waitUntil(lambda: lesson.ports.midi_name == keyboard)
    lesson.noticed.connect(said.append)
    begun(qtbot, lesson)
    world.sessions[-1].stop()  # as it ends by itself, and not because the learner stopped it
    qtbot.waitUntil(lambda: lesson.phase == READY)
    assert said == [words]


@pytest.mark.parametrize("listen", [True, False])
def test_a_take_that_was_stopped_without_a_note_says_nothing(qtbot, lesson, listen):
    said = []
    lesson.noticed.connect(said.append)
    begun(qtbot, lesson, listen)
    lesson.stop()
    qtbot.waitUntil(lambda: lesson.phase == READY)
    assert said == []


def test_of_one_line_the_tune_is_expected_until_the_learner_chooses_otherwise(lesson, make_scale):
    said = []
    lesson.noticed.connect(said.append)
    lesson.ports.ear = Ear("flute")
    lesson.ports.changed.emit()
    assert (lesson.settings.hands, len(said)) == (Hands.RIGHT, 1)
    lesson.change(replace(lesson.settings, hands=Hands.BOTH))
    lesson.ports.changed.emit()
    assert lesson.settings.hands is Hands.BOTH
    lesson.open_piece(make_scale(4))
    assert lesson.settings.hands is Hands.RIGHT


def test_a_session_knows_whether_one_line_is_played(qtbot, world, lesson):
    lesson.ports.ear = Ear("flute")
    begun(qtbot, lesson)
    assert world.sessions[-1].settings.one_line
    lesson.stop()
    qtbot.waitUntil(lambda: not lesson.running)
    lesson.ports.ear = None
    begun(qtbot, lesson)
    assert not world.sessions[-1].settings.one_line


def test_another_piece_is_opened_at_its_own_tempo_and_in_the_same_mode(lesson, make_scale):
    lesson.change(replace(lesson.settings, mode=Mode.KEEP_TEMPO, tempo_ratio=0.7, hands=Hands.RIGHT))
    lesson.open_piece(make_scale(3))
    assert (lesson.settings.tempo_ratio, lesson.settings.mode, lesson.settings.hands) == (
        1.0,
        Mode.KEEP_TEMPO,
        Hands.RIGHT,
    )
    lesson.open_piece(make_scale(2), replace(lesson.settings, tempo_ratio=0.8))
    assert lesson.settings.tempo_ratio == 0.8


def played_into_bar(qtbot, lesson, beats=6):
    """A take led by the learner, into the second bar."""
    for beat in range(beats):
        lesson.keys.play(60 + (0, 2, 4, 5)[beat % 4], 70)
        qtbot.wait(30)
    qtbot.waitUntil(lambda: lesson.beat_now() > 4.0)


@pytest.mark.parametrize("other", [{"hands": Hands.LEFT}, {"mode": Mode.KEEP_TEMPO}])
def test_other_hands_or_another_leader_keep_the_take_and_begin_one_at_the_same_bar(qtbot, page, lesson, other):
    left, asked = [], []
    lesson.take_left.disconnect()
    lesson.take_left.connect(left.append)
    lesson.take_finished.connect(asked.append)
    lesson.change(replace(lesson.settings, mode=Mode.WAIT, hands=Hands.RIGHT))
    begun(qtbot, lesson)
    played_into_bar(qtbot, lesson)
    first = lesson.settings_of_take
    page.transport._change(**other)
    qtbot.waitUntil(lambda: bool(left) and lesson.phase == RUNNING)
    assert asked == [] and left[0].settings.hands is first.hands and left[0].settings.mode is first.mode
    assert len(left[0].performance.notes) == 6
    assert lesson.settings_of_take == replace(first, **other, bars=(2, 4))
    assert lesson.settings.bars is None
    assert not lesson.verdicts.codes.any()


def test_a_take_of_a_loop_begins_anew_with_the_loop(qtbot, page, lesson):
    lesson.change(replace(lesson.settings, mode=Mode.WAIT, hands=Hands.RIGHT, bars=(1, 2), loop=True))
    begun(qtbot, lesson)
    page.transport._change(hands=Hands.BOTH)
    qtbot.waitUntil(lambda: lesson.phase == RUNNING and lesson.settings_of_take.hands is Hands.BOTH)
    assert (lesson.settings_of_take.bars, lesson.settings_of_take.loop) == ((1, 2), True)


def test_who_listens_hears_the_other_hand_from_the_same_bar(qtbot, page, lesson):
    page.steps.go(2)
    begun(qtbot, lesson, listen=True)
    page.transport._change(hands=Hands.LEFT)
    qtbot.waitUntil(lambda: lesson.phase == RUNNING and lesson.settings_of_take.hands is Hands.LEFT)
    assert lesson.listening and lesson.settings_of_take.bars == (3, 4)


def test_who_leads_can_be_chosen_while_the_program_plays_and_it_plays_on(qtbot, page, lesson):
    begun(qtbot, lesson, listen=True)
    session = lesson._session
    page.transport._change(mode=Mode.WAIT)
    qtbot.wait(100)
    assert lesson.phase == RUNNING and lesson._session is session


def test_who_stops_while_a_take_makes_room_for_another_has_stopped(qtbot, page, lesson):
    begun(qtbot, lesson)
    page.transport._change(hands=Hands.LEFT)
    page.toggle()
    qtbot.waitUntil(lambda: lesson.phase == READY)
    qtbot.wait(100)
    assert lesson.phase == READY
