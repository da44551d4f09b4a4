"""Where the window tells of bars it says what the page calls them, and takes it from who types."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from conftest import scale
from desk_takes import in_time, taken
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

from lessons.score import BAR_DTYPE, Score, even_bars
from main import build_parts
from tutor.clock import stamp
from tutor.events import Inbox, NoteOff, NoteOn
from tutor.practice import PracticeSettings
from tutor.report import BarHeat
from tutor.step import Knob, Step
from ui.furnishing import Desk
from ui.practice.roll_notes import beat_lines
from ui.practice.ruler import LEAST_NUMBER_PIXELS, numbered_rows
from ui.report.figures import Figures
from ui.report.heat import GAP, MARGIN, HeatMap, bar_words, slips_in_words
from ui.report.next_card import NextCard
from ui.rooms import SessionWish
from ui.theme import Type, font
from ui.widgets.bar_number import BarNumber


def repeated(bars: int, after: int = 0) -> Score:
    """|: so many bars :|, and some after them."""
    page = [*range(1, bars + 1)] * 2 + [*range(bars + 1, bars + after + 1)]
    rows = [(row + 1, number, 4.0 * row, 4.0 * row + 4.0) for row, number in enumerate(page)]
    return replace(scale(len(page)), bars=np.array(rows, BAR_DTYPE))


@pytest.fixture
def field(qtbot) -> BarNumber:
    made = BarNumber("From bar")
    qtbot.addWidget(made)
    made.show()
    made.show_bars(repeated(8, 8))
    return made


def test_a_field_counts_along_the_piece_and_shows_the_page(field):
    shown = []
    for bar in (1, 8, 9, 16, 17, 24):
        field.setValue(bar)
        shown.append(field.text())
    assert shown == ["1", "8", "1²", "8²", "9", "16"]
    assert field.accessibleName() == "From bar, bar 16"
    field.setValue(13)
    assert field.accessibleName() == "From bar, bar 5, second time"


@pytest.mark.parametrize(("typed", "bar"), [("5", 5), ("5²", 13), ("5 2", 13), ("9", 17)])
def test_a_bar_is_typed_as_it_stands_on_the_page(qtbot, field, typed, bar):
    field.lineEdit().selectAll()
    qtbot.keyClicks(field.lineEdit(), typed)
    qtbot.keyClick(field.lineEdit(), Qt.Key.Key_Return)
    assert field.value() == bar


def test_what_is_no_bar_leaves_the_field_as_it_was(qtbot, field):
    field.setValue(13)
    field.lineEdit().selectAll()
    qtbot.keyClicks(field.lineEdit(), "x7")
    field.interpretText()
    assert (field.value(), field.text()) == (13, "5²")


def test_the_arrows_of_a_field_go_on_into_the_second_time(field):
    field.setValue(8)
    field.stepUp()
    assert (field.value(), field.text()) == (9, "1²")


def test_a_field_without_a_piece_is_a_plain_number(qtbot):
    made = BarNumber("From bar")
    qtbot.addWidget(made)
    made.setValue(12)
    assert (made.text(), made.valueFromText("7")) == ("12", 7)


def test_the_longest_name_has_room_in_a_field(field):
    field.show_bars(repeated(150))
    field.setValue(300)
    assert field.text() == "150²"
    assert QFontMetrics(field.font()).horizontalAdvance(field.text()) < field.lineEdit().width()


def test_the_bar_lines_of_the_roll_are_named_by_the_page():
    assert beat_lines(repeated(2, 1))[2] == ["1", "2", "1²", "2²", "3"]


@pytest.mark.parametrize(("bars", "width"), [(16, 1150), (32, 1150), (100, 600), (3, 200)])
def test_the_ruler_numbers_where_a_repeat_begins_and_no_two_bars_too_near(bars, width):
    score = repeated(bars, bars)
    rows = sorted(numbered_rows(score, width))
    assert {0, bars} <= set(rows)
    assert len(rows) > 2
    assert np.diff(rows).min() * width / len(score.bars) >= LEAST_NUMBER_PIXELS


def test_the_ruler_numbers_every_so_many_bars_of_the_page():
    score = repeated(20)
    shown = [score.bar_names[row].short for row in sorted(numbered_rows(score, 400))]
    assert shown == ["1", "4", "8", "12", "16", "1²", "4²", "8²", "12²", "16²", "20²"]


def test_the_number_of_a_last_bar_that_has_no_room_before_the_end_does_not_lie_on_the_one_before_it():
    rows = numbered_rows(replace(scale(600), bars=even_bars(600, 4.0)), 1156)
    assert 579 in rows  # bar 580
    assert 599 not in rows


def test_a_short_pickup_has_no_number_where_that_of_the_first_bar_stands():
    score = replace(scale(32), bars=even_bars(33, 4.0, pickup_beat=0.5))
    assert score.bar_names[0].short == "0"
    assert {1, 2, 32} == {1, 2, 32} & numbered_rows(score, 1156)
    assert 0 not in numbered_rows(score, 1156)
    assert {0, 1} <= numbered_rows(replace(scale(8), bars=even_bars(9, 4.0, pickup_beat=2.0)), 1156)


def test_a_cell_of_the_heat_map_says_which_time_it_was():
    bar = BarHeat(13, 0.5, hit=3, wrong=1, why="a wrong note was struck", written="5", time=2)
    assert bar_words(bar) == "Bar 5, second time: 3 right, 1 wrong; a wrong note was struck"
    assert bar_words(replace(bar, heat=None)) == "Bar 5, second time: not played"
    assert slips_in_words([bar]).endswith("Bar 5, second time: a wrong note was struck.")


def test_name_and_faults_of_a_bar_do_not_touch_in_its_cell(qtbot):
    cells = HeatMap()
    qtbot.addWidget(cells)
    cells.resize(722, 400)
    cells.show_bars(tuple(BarHeat(n, 0.5, wrong=12, written=str(n - 120), time=2) for n in range(220, 260)))
    name, sign = (QFontMetrics(font(Type.SMALL, bold=bold)) for bold in (True, False))
    room = cells._box(0).width() - 2 * MARGIN
    assert name.horizontalAdvance("139²") + sign.horizontalAdvance("✕12") + GAP // 2 <= room


@pytest.mark.parametrize(
    ("bars", "words", "tip"),
    [
        (None, "Play the whole piece", "The piece, as it is written"),
        ((5, 8), "Play bars 5–8", "Bars 5–8, as it is written"),
        ((8, 9), "Play the passage", "Bar 8 to bar 1, second time, as it is written"),
    ],
)
def test_the_button_names_the_passage_where_it_has_room(qtbot, bars, words, tip):
    card, score = NextCard(), repeated(8)
    qtbot.addWidget(card)
    card.show_step(Step(score, "Why.", Knob.LENGTH, "What.", PracticeSettings(bars=bars), bars=(5, 5)), score)
    assert (card.passage.text(), card.passage.toolTip()) == (words, tip)


def test_the_practice_page_says_the_loop_by_the_page(page):
    page.lesson.open_piece(repeated(4, 2))
    page.ruler.loop_chosen.emit(6, 7)
    page.look()
    assert page._status.text().startswith("Bars 2–3, second time, looped.")
    page.ruler.loop_chosen.emit(4, 5)
    page.look()
    assert page._status.text().startswith("Bar 4 to bar 1, second time, looped.")


def test_the_compose_page_offers_the_bars_of_the_page_and_asks_by_the_count(qtbot, window, world):
    world.score = repeated(4, 2)
    window.show_page("compose")
    qtbot.waitUntil(lambda: window.tasks.idle)
    page = window.house.compose
    page.question.choose_piece("waltz")
    qtbot.waitUntil(lambda: window.tasks.idle)
    page.question._only.setChecked(True)
    page.question._first.setValue(6)
    page.question._last.setValue(7)
    asked = page.question.question()
    assert (asked.bars, asked.passage) == ((6, 7), "bars 2–3, second time")
    page.song._first.setValue(4)
    page.song._last.setValue(5)
    song = page.song.of(asked)
    assert (song.bars, song.passage) == ((4, 5), "bar 4 to bar 1, second time")
    assert (page.song._first.text(), page.song._last.text()) == ("4", "1²")


def test_the_journal_keeps_with_a_take_of_the_window_what_the_page_calls_its_bars(tmp_path):
    desk, inbox = Desk(build_parts(), tmp_path / "journal.db"), Inbox()
    settings = PracticeSettings(bars=(6, 7))
    session = desk.make_session(SessionWish(repeated(4), settings, inbox, (), None, None))
    for event in (NoteOn(stamp(), 60), NoteOff(stamp() + 0.1, 60), None):
        inbox.put(event)
    session.run()
    desk.journal.flush()
    (kept,) = desk.journal.takes()
    assert (kept.settings["bars"], kept.settings["passage"]) == ([6, 7], "bars 2–3, second time")
    desk.close()


def test_how_far_a_take_went_is_told_by_the_last_number_on_the_page(qtbot, desk):
    figures, score = Figures(), repeated(8)
    qtbot.addWidget(figures)
    played = in_time(score, PracticeSettings(bars=(1, 3)))
    figures.show_figures(desk.report(taken(desk, PracticeSettings(), score, played)))
    assert figures._words[0].text() == "right, to bar 3 of 8"
