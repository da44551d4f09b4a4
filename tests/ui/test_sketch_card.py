"""A motif that is played on the Compose page."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from lessons.analogy import Growth
from tutor.events import NoteOff, NoteOn
from ui.compose import sketching
from ui.compose.sketching import NOTHING, UNDER_WAY


@pytest.fixture
def page(qtbot, window):
    window.show_page("compose")
    qtbot.waitUntil(lambda: window.tasks.idle)
    window.house.compose.song.own.click()
    return window.house.compose


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands until the test moves it."""
    now = [100.0]
    monkeypatch.setattr(sketching, "stamp", lambda: now[0])
    return now


def begun(page, clock):
    """A sketch whose timer does not look by itself; the first downbeat in seconds."""
    page.sketch.toggle()
    page.sketch.sketching._looking.setInterval(10**6)
    return page.sketch.sketching.downbeat_sec


def play(page, window, downbeat, *pitches):
    for beat, pitch in enumerate(pitches):
        at = downbeat + beat * 60 / 80
        window.house.lesson.inbox.put(NoteOn(at + 0.02, pitch))
        window.house.lesson.inbox.put(NoteOff(at + 0.6, pitch))


def test_what_is_played_to_the_clicks_becomes_a_motif_and_grows(qtbot, page, window, world, clock):
    play(page, window, begun(page, clock), 60, 64, 67, 64)
    page.sketch.toggle()
    qtbot.waitUntil(lambda: window.tasks.idle)
    assert "(1 bar)" in page.song._heard.text()
    page.song.make.click()
    qtbot.waitUntil(lambda: window.tasks.idle and bool(page.answers.cards))
    growth = world.questions[-1]
    assert isinstance(growth, Growth)
    assert growth.piece.notes["pitch"].tolist() == [60, 64, 67, 64]
    assert growth.piece.notes["onset_beat"].tolist() == [0, 1, 2, 3]


def test_the_motif_stands_in_the_place_of_the_piece_and_can_be_heard(qtbot, page, window, world, clock):
    page.song.own.click()
    assert page.source.isVisible()
    page.song.own.click()
    assert not page.source.isVisible()
    assert not page.sketch.listen.isVisible()
    play(page, window, begun(page, clock), 60, 64, 67, 64)
    page.sketch.toggle()
    qtbot.waitUntil(lambda: window.tasks.idle)
    page.sketch.listen.click()
    qtbot.waitUntil(lambda: bool(world.sessions))
    assert world.sessions[-1].score.notes["pitch"].tolist() == [60, 64, 67, 64]
    assert page.sketch.listen.text().strip() == "Stop"
    page.song.own.click()
    assert page.sketch.listen.text().strip() == "Listen"


def test_an_earlier_song_comes_back_with_its_motif(qtbot, page, window, world, clock):
    for pitches in ((60, 64), (65, 67)):
        play(page, window, begun(page, clock), *pitches)
        page.sketch.toggle()
        qtbot.waitUntil(lambda: window.tasks.idle)
        page.song.make.click()
        qtbot.waitUntil(lambda: window.tasks.idle)
    page._earlier.activated.emit(1)
    assert page.sketch.motif.notes["pitch"].tolist() == [60, 64]


def test_new_songs_are_in_sight_however_small_the_window(qtbot, page, window, world, clock):
    window.resize(1280, 720)
    play(page, window, begun(page, clock), 60, 64, 67, 64)
    page.sketch.toggle()
    qtbot.waitUntil(lambda: window.tasks.idle)
    for _ in range(2):
        page._beside.verticalScrollBar().setValue(0)
        page.song.make.click()
        qtbot.waitUntil(lambda: window.tasks.idle and len(page.answers.cards) == 3)
        qtbot.wait(50)
        first, seen = page.answers.cards[0], page._beside.viewport()
        top = first.mapTo(seen, first.rect().topLeft()).y()
        assert top >= 0
        assert top + first.height() <= seen.height()


def test_the_key_that_was_heard_is_named_and_another_one_can_be_chosen(qtbot, page, window, world, clock):
    play(page, window, begun(page, clock), 60, 64, 67, 69)
    assert not page.sketch.key.isVisible()
    page.sketch.toggle()
    assert page.sketch.key.currentText() == "C major"
    row = page.sketch.key.findText("A minor")
    page.sketch.key.setCurrentIndex(row)
    page.sketch.key.activated.emit(row)
    page.song.make.click()
    qtbot.waitUntil(lambda: window.tasks.idle and bool(page.answers.cards))
    assert world.questions[-1].piece.keys[["fifths", "minor"]].tolist() == [(0, True)]


def test_it_counts_in_and_ends_by_itself_after_four_bars(qtbot, page, window, clock):
    counted = []
    page.sketch.sketching.counted.connect(lambda beat, bar: counted.append((bar, beat)))
    play(page, window, begun(page, clock), 60)
    clock[0] += 60.0
    page.sketch.sketching.look()
    assert counted[:5] == [(0, 1), (0, 2), (0, 3), (0, 4), (1, 1)]
    assert counted[-1] == (4, 4)
    assert not page.sketch.sketching.running


def test_the_keys_of_the_computer_play_while_it_listens(qtbot, page, window, clock):
    begun(page, clock)
    qtbot.keyPress(page.sketch, Qt.Key.Key_Z)
    page.sketch.sketching.look()
    assert [event.pitch for event in page.sketch.sketching._events] == [60]


def test_silence_is_told_and_makes_no_motif(page, clock):
    begun(page, clock)
    page.sketch.toggle()
    assert page.sketch._status.text() == NOTHING
    assert not page.song.make.isEnabled()


def test_it_listens_to_nothing_during_a_take_or_while_unseen(qtbot, page, window, clock):
    begun(page, clock)
    window.show_page("library")
    assert not page.sketch.sketching.running
    window.show_page("compose")
    window.house.lesson.phase = "running"
    page.sketch.toggle()
    assert page.sketch._status.text() == UNDER_WAY
    window.house.lesson.phase = "empty"


def test_bars_of_the_piece_can_be_taken_again(qtbot, page, window, world, clock):
    play(page, window, begun(page, clock), 60, 62)
    page.sketch.toggle()
    page.song.own.click()
    assert not page.sketch.isVisible()
    page.song.make.click()
    qtbot.waitUntil(lambda: window.tasks.idle and bool(page.answers.cards))
    assert world.questions[-1].piece.title == "Scale"


def typed(qtbot, page, text):
    page.sketch.line.setFocus()
    page.sketch.line.selectAll()
    qtbot.keyClicks(page.sketch.line, text)
    qtbot.keyClick(page.sketch.line, Qt.Key.Key_Return)


def test_a_motif_can_be_typed_and_grows(qtbot, page, window, world):
    typed(qtbot, page, "D F# A c#/2 B/2 | A3 z")
    assert "This is what you typed, in D major" in page.sketch._status.text()
    assert "(2 bars)" in page.song._heard.text()
    page.song.make.click()
    qtbot.waitUntil(lambda: window.tasks.idle and bool(page.answers.cards))
    growth = world.questions[-1]
    assert growth.piece.notes["pitch"].tolist() == [62, 66, 69, 73, 71, 69]


def test_what_was_played_stands_in_the_line_and_can_be_corrected(qtbot, page, window, clock):
    play(page, window, begun(page, clock), 60, 64, 66, 64)
    page.sketch.toggle()
    assert page.sketch.line.text() == "C E F# E"
    typed(qtbot, page, "C E G E")
    assert page.sketch.motif.notes["pitch"].tolist() == [60, 64, 67, 64]


def test_a_key_that_was_chosen_stays_while_the_line_is_corrected(qtbot, page):
    typed(qtbot, page, "C E G A")
    row = page.sketch.key.findText("A minor")
    page.sketch.key.setCurrentIndex(row)
    page.sketch.key.activated.emit(row)
    typed(qtbot, page, "C E A A")
    assert page.sketch.key.currentText() == "A minor"
    assert bool(page.sketch.motif.keys["minor"][0])


def test_a_motif_that_comes_back_is_not_told_as_heard_and_brings_no_key_of_another(qtbot, page, window):
    typed(qtbot, page, "D F# A d")
    page.song.make.click()
    qtbot.waitUntil(lambda: window.tasks.idle and bool(page.answers.cards))
    typed(qtbot, page, "C E G A")
    row = page.sketch.key.findText("A minor")
    page.sketch.key.setCurrentIndex(row)
    page.sketch.key.activated.emit(row)
    page.song.make.click()
    qtbot.waitUntil(lambda: window.tasks.idle and page._earlier.count() == 2)
    page._earlier.activated.emit(1)
    assert page.sketch._status.text().startswith("This is your motif again, in D major")
    typed(qtbot, page, "D F# A F#")
    assert page.sketch.key.currentText() == "D major"


def test_what_cannot_be_read_is_said_and_the_motif_stays(qtbot, page):
    typed(qtbot, page, "C E G E")
    typed(qtbot, page, "C E H")
    assert page.sketch._status.text().startswith("“H” is no note")
    assert page.sketch.line.text() == "C E H"
    assert page.sketch.motif.notes["pitch"].tolist() == [60, 64, 67, 64]
    assert page.song.make.isEnabled()


def test_a_metre_in_five_is_typed_and_played(qtbot, page, window, clock):
    page.sketch._metre.setCurrentIndex(page.sketch._metre.findText("5/4"))
    typed(qtbot, page, "C E G E D")
    assert page.sketch.motif.metre_at(0.0) == (5, 4)
    counted = []
    page.sketch.sketching.counted.connect(lambda beat, bar: counted.append((bar, beat)))
    play(page, window, begun(page, clock), 60)
    clock[0] += 60.0
    page.sketch.sketching.look()
    assert counted[:6] == [(0, 1), (0, 2), (0, 3), (0, 4), (0, 5), (1, 1)]


def test_what_was_typed_is_read_again_in_another_metre_and_at_another_tempo(qtbot, page, window, clock):
    typed(qtbot, page, "C E G E D C")
    page.sketch._metre.setCurrentIndex(page.sketch._metre.findText("3/4"))
    page.sketch._metre.activated.emit(page.sketch._metre.currentIndex())
    assert page.sketch.motif.metre_at(0.0) == (3, 4)
    page.sketch._tempo.setValue(120)
    page.sketch._tempo.editingFinished.emit()
    assert page.sketch.motif.tempo.bpm_at(0.0) == 120
    page.sketch.show_motif(page.sketch.motif)
    page.sketch._metre.setCurrentIndex(page.sketch._metre.findText("4/4"))
    page.sketch._metre.activated.emit(page.sketch._metre.currentIndex())
    assert page.sketch.motif.metre_at(0.0) == (3, 4)


def test_the_keys_of_the_computer_can_be_tried_before_anything_is_recorded(qtbot, page, window):
    heard = []
    window.house.lesson.overheard.connect(heard.append)
    qtbot.keyPress(page.sketch, Qt.Key.Key_Z)
    window.house.lesson.look()
    assert [event.pitch for event in heard] == [60]
    assert page.sketch.motif is None
