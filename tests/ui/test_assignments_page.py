"""The assignments page: opened, practised, handed in and read back; made, and put away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from desk_takes import SLUG, in_time, taken
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication

from lessons.analogy import Analogy, Measures, Variation
from lessons.assignment import Assignment, Task, read_assignment, task_of, write_assignment
from lessons.fingering import with_fingers
from lessons.library import shelf
from tutor.assigned.progress import TaskProgress
from tutor.assigned.results import read_result
from tutor.clock import local_day, utc_now
from tutor.config import Config
from tutor.performance import Performance
from tutor.practice import Hands, Mode, PracticeSettings
from tutor.register import Person
from ui import saving
from ui.assignments.desk import Wished
from ui.assignments.page import BACK, MAKE, NOTHING_BACK, NOTHING_TO_DO, TO_DO
from ui.assignments.task_row import TITLE_WIDTH, TaskRow
from ui.compose.answer_card import AnswerCard
from ui.compose.history import Answer
from ui.placing import FIRST_SIZE, LEAST_SIZE
from ui.widgets.text import Elided

BARS = (5, 8)
NOT_TRIED = "Not tried yet · two clean passes wanted"


@pytest.fixture
def window(world, desk, show_window):
    """The window with a journal, and a desk that opens, judges and hands in."""
    return show_window(replace(world.rooms(), assigned=desk.assigned, report=desk.report))


@pytest.fixture(scope="module")
def score():
    return with_fingers(shelf.load(SLUG))


@pytest.fixture
def file(tmp_path, score) -> Path:
    """What a teacher gave: one task."""
    path = tmp_path / "week5.dacapo"
    write_assignment(Assignment("Week 5", (task_of(score, bars=BARS, hands="right"),), "Gently."), path)
    return path


@pytest.fixture
def opened(qtbot, window, file):
    """The page with that file opened, which is gone since."""
    window.house.stand.open_file(file)
    page = window.house.assignments
    qtbot.waitUntil(lambda: page.isVisible() and bool(page.to_do.cards) and window.tasks.idle)
    file.unlink()
    return page


@pytest.fixture
def wanted(monkeypatch, tmp_path):
    """The names that are suggested for a file; each is taken as it is."""
    suggested: list[str] = []

    def want(_window, path, _suffixes):
        suggested.append(path.name)
        return tmp_path / path.name

    monkeypatch.setattr(saving, "wanted_path", want)
    return suggested


def play(qtbot, window, desk, performance: Performance | None = None) -> None:
    """Play the passage on the stand, and read the report."""
    lesson, report = window.house.lesson, window.house.report
    lesson.take_finished.emit(taken(desk, lesson.settings, lesson.score, performance))
    qtbot.waitUntil(lambda: report.isVisible() and window.tasks.idle)


def practise(qtbot, window, page) -> None:
    window.show_page("assignments")
    qtbot.waitUntil(lambda: window.tasks.idle)
    page.to_do.cards[0].practise[0].click()
    qtbot.waitUntil(window.house.practice.isVisible)


def test_where_there_is_nothing_one_sentence_says_what_to_do(qtbot, window):
    window.show_page("assignments")
    page = window.house.assignments
    qtbot.waitUntil(lambda: window.tasks.idle)
    assert page.words == NOTHING_TO_DO
    page.views.button(BACK).click()
    assert page.words == NOTHING_BACK
    page.views.button(MAKE).click()
    assert page.words == ""
    assert not page.making.save.isEnabled()
    assert not page.making.stand.isEnabled()


def test_a_task_is_opened_practised_handed_in_and_read_back(qtbot, window, desk, opened, wanted, tmp_path, world):
    card = opened.to_do.cards[0]
    assert card.standings == [NOT_TRIED]
    practise(qtbot, window, opened)
    settings = window.house.lesson.settings
    assert (settings.bars, settings.hands, settings.loop, settings.tempo_ratio) == (BARS, Hands.RIGHT, True, 1.0)
    assert window.notice.text == ("Your teacher asks for bars 5–8 with the right hand at ♩ = 108; two clean passes.")
    play(qtbot, window, desk)
    report = window.house.report
    assert report._task.text() == "Week 5: 1 of 2 clean passes · best 100 % right."
    assert report._next._reason.text() == (
        "Your teacher asks for bars 5–8 with the right hand at ♩ = 108; one more clean pass."
    )
    assert not report._next.open.isVisible()
    report._next.passage.click()
    assert window.house.lesson.settings.bars == BARS
    play(qtbot, window, desk)
    assert report._task.text() == "Week 5 is done: two clean passes at ♩ = 108."
    assert "teacher" not in report._next._reason.text()
    window.show_page("assignments")
    qtbot.waitUntil(lambda: bool(opened.to_do.cards) and opened.to_do.cards[0].standings == ["Done"])
    card = opened.to_do.cards[0]
    qtbot.keyClicks(card._name, "Ann")
    card.hand_in.click()
    qtbot.waitUntil(lambda: window.notice.text.endswith("Send it to your teacher."))
    assert wanted == ["Week 5 - Ann.dacapo-result"]
    assert read_result(tmp_path / wanted[0]).tasks[0].progress.clean == 2
    window.house.stand.open_file(tmp_path / wanted[0])
    qtbot.waitUntil(lambda: bool(opened.back.results))
    assert opened.views.index == BACK
    (hear,) = opened.back.hear
    hear.click()
    qtbot.waitUntil(lambda: bool(window.house.assigning._player._playing))
    assert hear.text().strip() == "Stop"
    played = in_time(window.house.lesson.score, window.house.lesson.settings)
    assert world.sessions[-1].score.notes["pitch"].tolist() == played.notes["pitch"].tolist()
    window.show_page("library")
    assert hear.text().strip() == "Hear"
    qtbot.waitUntil(lambda: not world.sessions[-1]._thread.is_alive())
    window.close()
    assert world.saved[-1].pupil == "Ann"


def test_what_else_is_played_of_the_piece_counts_too_and_bars_to_mind_are_told(qtbot, window, desk, opened, score):
    window.house.stand.open_score(score, PracticeSettings(hands=Hands.RIGHT))
    notes = in_time(score, PracticeSettings(hands=Hands.RIGHT)).notes.copy()
    bars = score.bar_numbers_at(score.notes["onset_beat"][score.rows_of(Hands.RIGHT.played(), (0, 99))])
    notes["pitch"][np.flatnonzero(bars == 6)[:2]] += 1
    play(qtbot, window, desk, Performance(notes))
    window.show_page("assignments")
    qtbot.waitUntil(lambda: opened.to_do.cards[0].standings != [NOT_TRIED])
    assert opened.to_do.cards[0].standings[0].startswith("0 of 2 clean passes")
    shown = [words.text() for words in opened.to_do.cards[0].findChildren(saving.QWidget) if hasattr(words, "text")]
    assert "Watch bar 6" in shown


def test_an_assignment_that_is_put_away_can_be_brought_back(qtbot, window, opened, desk):
    opened.to_do.put_away_asked.emit(opened.to_do.cards[0].assignment)
    qtbot.waitUntil(lambda: not opened.to_do.cards and "put away" in window.notice.text)
    assert opened.words == NOTHING_TO_DO
    window.notice._undo.click()
    qtbot.waitUntil(lambda: len(opened.to_do.cards) == 1)


def test_what_cannot_be_opened_is_one_line(qtbot, window, tmp_path):
    for name in ("broken.dacapo", "broken.dacapo-result"):
        (tmp_path / name).write_bytes(b"nothing of the kind")
        window.house.stand.open_file(tmp_path / name)
        qtbot.waitUntil(lambda name=name: f"{name}: is no" in window.notice.text)
        assert "\n" not in window.notice.text


def test_files_of_both_kinds_can_be_dropped_together(qtbot, window, file, desk, tmp_path):
    desk.assigned.hand_in(read_assignment(file), "Ben", tmp_path / "ben.dacapo-result")
    desk.assigned.hand_in(read_assignment(file), "Ann", tmp_path / "ann.dacapo-result")
    data = QMimeData()
    names = ("week5.dacapo", "ben.dacapo-result", "ann.dacapo-result", "other.txt")
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in names])
    left = Qt.MouseButton.LeftButton
    nothing = Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, left, nothing))
    page = window.house.assignments
    qtbot.waitUntil(lambda: len(page.back.results) == 2 and bool(page.to_do.cards))
    assert {result.pupil for result in page.back.results} == {"Ann", "Ben"}


def test_a_newer_result_of_a_pupil_stands_in_place_of_the_older(window, file, desk):
    back, assignment = window.house.assignments.back, read_assignment(file)
    desk.assigned.hand_in(assignment, "Ann", file.with_name("ann.dacapo-result"))
    results = desk.assigned.read_results([file.with_name("ann.dacapo-result")])
    back.show_results(results)
    back.show_results([replace(results[0], day=date(2030, 1, 1))])
    assert [result.day for result in back.results] == [date(2030, 1, 1)]


@pytest.fixture
def making(qtbot, window, score):
    """The view in which a teacher makes one, with a piece on the stand."""
    window.house.stand.open_score(score, PracticeSettings(bars=BARS, hands=Hands.LEFT, tempo_ratio=0.8, loop=True))
    window.show_page("assignments")
    window.house.assignments.views.button(MAKE).click()
    qtbot.waitUntil(lambda: window.tasks.idle)
    return window.house.assignments.making


def test_an_assignment_is_made_of_what_is_set_on_the_practice_page(qtbot, window, making, wanted, tmp_path):
    making.stand.click()
    qtbot.waitUntil(lambda: len(making.tasks) == 1)
    window.house.lesson.change(PracticeSettings(tempo_ratio=0.9))
    making.shelf.activated.emit(0)
    qtbot.waitUntil(lambda: len(making.tasks) == 2)
    qtbot.keyClicks(making.title, "Week 6")
    qtbot.keyClicks(making.words, "Gently.")
    making.due.setCurrentIndex(7)
    making.rows[0].passes.setValue(3)
    making.rows[0].accuracy.activated.emit(1)
    making.rows[1].mode.activated.emit(3)
    making.touch.click()
    making.save.click()
    qtbot.waitUntil(lambda: "Give it to your pupils" in window.notice.text)
    assert wanted == ["Week 6.dacapo"]
    made = read_assignment(tmp_path / "Week 6.dacapo")
    today = local_day(utc_now())
    assert (made.title, made.words, made.given, made.due) == ("Week 6", "Gently.", today, today + timedelta(days=7))
    first, second = made.tasks
    assert (first.bars, first.hands, first.tempo, first.passes, first.accuracy) == (BARS, "left", 0.8, 3, 0.9)
    assert (second.bars, second.hands, second.tempo, second.mode) == (None, "both", 1.0, Mode.KEEP_TEMPO)
    assert not first.guidance and not second.guidance


def test_a_task_can_be_taken_out_again(qtbot, window, making):
    for _ in range(2):
        making.stand.click()
    qtbot.waitUntil(lambda: len(making.tasks) == 2)
    making.rows[0].remove.click()
    assert (len(making.tasks), len(making.rows)) == (1, 1)
    making.rows[0].remove.click()
    assert not making.save.isEnabled()


def test_a_piece_is_assigned_from_the_practice_page_with_what_made_it(qtbot, window, making, world):
    analogy = Analogy(world.score, {}, seed=7)
    made = Variation(world.score, analogy, Measures(1, 0.5, 0.9, 2, 0.3), "fake")
    window.house._open_variation(made)
    window.house.practice.deeds.assign.click()
    qtbot.waitUntil(lambda: len(making.tasks) == 1)
    assert "in the assignment that you are making" in window.notice.text
    making.stand.click()
    qtbot.waitUntil(lambda: len(making.tasks) == 2)
    assert all(b'"seed": 7' in task.page.replace(b"&quot;", b'"') for task in making.tasks)


def test_an_exercise_that_was_kept_is_assigned_with_what_made_it(window, world, desk, score):
    piece = replace(score, title="Kept once")
    analogy = Analogy(piece, {}, seed=9)
    desk.keep_variation(Variation(piece, analogy, Measures(1, 0.5, 0.9, 2, 0.3), "fake"))
    (kept,) = [one for one in desk.own.pieces() if one.title == "Kept once"]
    for wanted in (piece, desk.read_piece(kept)):
        task = desk.assigned.make_task(Wished(wanted, PracticeSettings()))
        assert b'"seed": 9' in task.page.replace(b"&quot;", b'"')
    assert b"seed" not in desk.assigned.make_task(Wished(world.score, PracticeSettings())).page


def test_who_hands_in_is_asked_for_a_name_first(qtbot, window, opened, wanted):
    card = opened.to_do.cards[0]
    card.hand_in.click()
    assert "Type your name first" in window.notice.text
    assert card._name.hasFocus()
    assert wanted == []


def test_an_answer_of_the_composer_is_assigned_from_its_card(qtbot, window, making, world):
    made = Variation(world.score, Analogy(world.score, {}, seed=8), Measures(1, 0.5, 0.9, 2, 0.3), "fake")
    card, asked = AnswerCard(1, Answer(made)), []
    qtbot.addWidget(card)
    card.assign_asked.connect(asked.append)
    next(button for button in card.findChildren(type(card._keep)) if "Assign" in button.toolTip()).click()
    assert asked == [made]
    window.house.compose.assign_asked.emit(made)
    qtbot.waitUntil(lambda: len(making.tasks) == 1)


def test_a_task_without_touch_leaves_touch_as_it_was_for_other_pieces(qtbot, window, world, score):
    lesson = window.house.lesson
    task: Task = task_of(score, guidance=False)
    window.house.assigning._practise(task, TaskProgress(2))
    assert (lesson.settings.guidance, lesson.settings.fade) == (0, False)
    window.house.stand.open_score(score)
    assert (lesson.settings.guidance, lesson.settings.fade) == (4, True)
    window.house.assigning._practise(task, TaskProgress(2))
    window.close()
    assert world.saved[-1].practice.guidance == 4


def test_the_views_hold_the_keys(qtbot, window, opened):
    opened.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_8, Qt.KeyboardModifier.ControlModifier)
    assert opened.isVisible()
    button = opened.to_do.cards[0].practise[0]
    button.setFocus()
    window.house.assigning.fetch()
    qtbot.waitUntil(lambda: window.tasks.idle and opened.to_do.cards[0].practise[0] is not button)
    assert opened.to_do.cards[0].practise[0].hasFocus()
    assert opened.to_do.cards[0].practise[0].accessibleName() == f"Practise Ode to Joy: {NOT_TRIED}"
    assert opened.views.index == TO_DO


def test_a_learner_with_a_name_need_not_type_it(world, desk, show_window):
    window = show_window(replace(world.rooms(), assigned=desk.assigned, person=Person("Anna", "anna")))
    assert window.house.assigning.pupil == "Anna"
    assert replace(world.rooms(), config=Config(pupil="Ann")).pupil == "Ann"
    assert world.rooms().pupil == ""


def test_what_is_being_made_is_there_again_when_the_window_is(qtbot, window, making, world, desk, show_window):
    making.stand.click()
    qtbot.waitUntil(lambda: len(making.tasks) == 1)
    qtbot.keyClicks(making.title, "Week 6")
    qtbot.keyClicks(making.words, "Gently.")
    making.rows[0].passes.setValue(5)
    making.due.setCurrentIndex(3)
    making.touch.click()
    window.close()
    again = show_window(replace(world.rooms(), assigned=desk.assigned)).house.assignments.making
    qtbot.waitUntil(lambda: len(again.tasks) == 1)
    assert (again.title.text(), again.words.toPlainText(), again.touch.isChecked()) == ("Week 6", "Gently.", False)
    assert again.due_day == local_day(utc_now()) + timedelta(days=3)
    assert (again.tasks[0].bars, again.tasks[0].hands, again.rows[0].passes.value()) == (BARS, "left", 5)


def test_what_is_being_made_is_kept_while_the_window_is_open(qtbot, window, making, desk):
    qtbot.keyClicks(making.title, "Week 6")
    qtbot.waitUntil(lambda: window.tasks.idle and desk.assigned.read_draft().title == "Week 6")
    making.anew.click()
    assert making.title.text() == ""
    window.notice._undo.click()
    assert making.title.text() == "Week 6"
    making.title.clear()
    qtbot.waitUntil(lambda: window.tasks.idle and desk.assigned.read_draft().is_empty)


def test_a_draft_that_cannot_be_read_is_told_and_set_aside(qtbot, world, desk, show_window, tmp_path):
    (tmp_path / "assignment.draft").write_bytes(b"PK nothing")
    window = show_window(replace(world.rooms(), assigned=desk.assigned))
    qtbot.waitUntil(lambda: "assignment.draft.damaged-" in window.notice.text)
    making = window.house.assignments.making
    qtbot.keyClicks(making.title, "Week 7")
    qtbot.waitUntil(lambda: desk.assigned.read_draft().title == "Week 7")
    assert [path.read_bytes() for path in tmp_path.glob("*.damaged-*")] == [b"PK nothing"]


def test_what_came_back_is_there_again_until_it_is_put_away(qtbot, window, file, desk, world, show_window):
    for pupil in ("Ben", "Ann"):
        path = file.with_name(f"{pupil}.dacapo-result")
        desk.assigned.hand_in(read_assignment(file), pupil, path)
        window.house.stand.open_file(path)
    qtbot.waitUntil(lambda: len(window.house.assignments.back.results) == 2 and window.tasks.idle)
    window.close()
    window = show_window(replace(world.rooms(), assigned=desk.assigned))
    page = window.house.assignments
    window.show_page("assignments")
    qtbot.waitUntil(lambda: len(page.back.results) == 2)
    assert page.views.index == TO_DO
    page.back.away[0].click()
    qtbot.waitUntil(lambda: "What Ann handed in of Week 5 is put away" in window.notice.text)
    assert [result.pupil for result in page.back.results] == ["Ben"]
    window.notice._undo.click()
    qtbot.waitUntil(lambda: len(page.back.results) == 2 and window.tasks.idle)
    page.back.away[1].click()
    qtbot.waitUntil(lambda: len(page.back.results) == 1 and window.tasks.idle)
    assert [result.pupil for result in desk.assigned.results()] == ["Ann"]


def test_what_was_made_here_is_offered_to_be_changed_and_is_not_to_do(qtbot, window, making, wanted, tmp_path):
    making.stand.click()
    qtbot.waitUntil(lambda: len(making.tasks) == 1)
    qtbot.keyClicks(making.title, "Week 6")
    making.save.click()
    qtbot.waitUntil(lambda: "Give it to your pupils" in window.notice.text)
    making.title.setText("Week 7")
    page = window.house.assignments
    page.views.button(TO_DO).click()
    window.house.stand.open_file(tmp_path / "Week 6.dacapo")
    qtbot.waitUntil(making.offer.isVisible)
    assert (page.views.index, page.to_do.cards) == (MAKE, [])
    making.offer.change.click()
    assert (making.title.text(), making.offer.isVisible()) == ("Week 6", False)
    window.notice._undo.click()
    assert making.title.text() == "Week 7"
    window.house.stand.open_file(tmp_path / "Week 6.dacapo")
    qtbot.waitUntil(making.offer.isVisible)
    making.offer.to_do.click()
    qtbot.waitUntil(lambda: [card.assignment.title for card in page.to_do.cards] == ["Week 6"])


def test_where_no_disk_takes_it_nobody_is_told_that_the_file_is_not_needed(qtbot, window, file, desk, monkeypatch):
    monkeypatch.setattr(type(desk.journal), "flush", lambda *_: False)
    desk.assigned.hand_in(read_assignment(file), "Ben", file.with_name("ben.dacapo-result"))
    monkeypatch.setattr(desk.journal._writer, "put", lambda _job: None)
    window.house.stand.open_file(file)
    page = window.house.assignments
    qtbot.waitUntil(lambda: "keep the file until it does" in window.notice.text)
    qtbot.waitUntil(lambda: len(page.to_do.cards) == 1)
    window.house.stand.open_file(file.with_name("ben.dacapo-result"))
    qtbot.waitUntil(lambda: "keep the files that came back" in window.notice.text)
    assert len(page.back.results) == 1


def test_bars_hands_and_tempo_of_a_task_can_be_changed_in_its_line(qtbot, window, making):
    making.stand.click()
    qtbot.waitUntil(lambda: len(making.tasks) == 1)
    row = making.rows[0]
    assert (row.bars.text(), row.hands.currentText(), row.tempo.value()) == ("5–8", "left hand", 80)
    row.bars.setText("2-3")
    row.bars.editingFinished.emit()
    row.hands.activated.emit(list(Hands).index(Hands.RIGHT))
    row.tempo.setValue(120)
    assert (making.tasks[0].bars, making.tasks[0].hands, making.tasks[0].tempo) == ((2, 3), "right", 1.2)
    for wrong, reason in (("90-95", "90-95"), ("x", "must be bars of the page, such as 5–8")):
        row.bars.setText(wrong)
        row.bars.editingFinished.emit()
        assert reason in window.notice.text
        assert (row.bars.text(), making.tasks[0].bars) == ("2–3", (2, 3))
    row.bars.clear()
    row.bars.editingFinished.emit()
    assert making.tasks[0].bars is None


@pytest.mark.parametrize(
    ("typed", "bars", "shown"),
    [("17-20", (33, 36), "17–20"), ("5²-8²", (21, 24), "5²–8²"), ("5 2", (21, 21), "5²"), ("16–1", (16, 17), "16–1²")],
)
def test_bars_of_a_task_are_typed_as_the_page_numbers_them(qtbot, window, typed, bars, shown):
    row, asked = TaskRow(1, task_of(shelf.load("petzold-minuet-g"))), []
    qtbot.addWidget(row)
    row.changed.connect(asked.append)
    row.bars.setText(typed)
    qtbot.keyClick(row.bars, Qt.Key.Key_Return)
    assert (asked[-1].bars, row.bars.text()) == (bars, shown)


def test_what_a_task_asks_for_does_not_stay_with_other_pieces(qtbot, window, world, score):
    lesson = window.house.lesson
    lesson.change(replace(lesson.settings, tempo_ratio=1.1, mode=Mode.KEEP_TEMPO))
    task = task_of(score, bars=BARS, hands="right", tempo=0.8, mode=str(Mode.WAIT))
    window.house.assigning._practise(task, TaskProgress(2))
    window.house.assigning._practise(task, TaskProgress(2))
    assert (lesson.settings.hands, lesson.settings.tempo_ratio, lesson.settings.mode) == (Hands.RIGHT, 0.8, Mode.WAIT)
    window.house.stand.practise_current()
    qtbot.waitUntil(lambda: lesson.score is world.score)
    now = lesson.settings
    assert (now.hands, now.tempo_ratio, now.mode, now.bars) == (Hands.BOTH, 1.1, Mode.KEEP_TEMPO, None)
    window.house.assigning._practise(task, TaskProgress(2))
    window.close()
    assert (world.saved[-1].practice.hands, world.saved[-1].practice.tempo_ratio) == (Hands.BOTH, 1.1)


def test_what_a_task_is_of_can_be_read_in_the_narrowest_window(qtbot, window, making):
    making.stand.click()
    making.shelf.activated.emit(0)
    qtbot.waitUntil(lambda: len(making.rows) == 2)
    scroll = window.house.assignments._scrolls[MAKE]

    def is_readable() -> bool:
        titles = [row.findChildren(Elided)[0].width() for row in making.rows]
        return min(titles) >= TITLE_WIDTH and scroll.horizontalScrollBar().maximum() == 0

    for size in (FIRST_SIZE, LEAST_SIZE):
        window.resize(size)
        qtbot.waitUntil(is_readable)
        assert [row.hands.shown for row in making.rows] == [row.hands.currentText() for row in making.rows]


def test_tab_comes_by_the_tasks_on_its_way_from_the_words_to_what_saves_them(qtbot, window, making):
    for _ in range(2):
        making.shelf.activated.emit(0)
    qtbot.waitUntil(lambda: len(making.rows) == 2 and making.rows[1].isVisible())
    making.words.setFocus()
    reached = []
    while QApplication.focusWidget() is not making.save:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
        assert len(reached) < 30
    fields = [field for row in making.rows for field in row.fields]
    assert reached == [*fields, making.stand, making.shelf, making.touch, making.anew, making.save]
