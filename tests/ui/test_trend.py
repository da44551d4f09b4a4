"""What is said of earlier takes has room, in a narrow window too."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetrics

from tutor.report import BarHeat
from ui.report.heat import slips_in_words
from ui.report.trend import LINE_HEIGHT, WRAPPED, Trend
from ui.theme import Type, font

WORDS = "Too few days of practice yet to show a trend."


def test_the_words_below_the_line_have_room_in_a_narrow_card(qtbot):
    trend = Trend()
    qtbot.addWidget(trend)
    trend.resize(150, 56)
    trend.show()
    trend.show_shares((0.5, 0.9), WORDS)
    room = QFontMetrics(font(Type.SMALL)).boundingRect(QRect(0, 0, trend.width(), 500), WRAPPED, WORDS)
    assert trend.height() >= LINE_HEIGHT + room.height()


def test_what_went_wrong_but_once_is_told_bar_by_bar_and_no_more_than_a_few():
    bars = [BarHeat(number, 0.2, why="the music stopped") for number in range(1, 6)]
    assert slips_in_words(bars[3:4]) == "Nothing went wrong twice. Bar 4: the music stopped."
    assert slips_in_words(bars).endswith("bar 3: the music stopped …")
    assert slips_in_words([BarHeat(1, 0.0)]) == "Nothing went wrong."


def test_what_went_wrong_again_and_again_in_one_bar_is_not_said_to_have_happened_once():
    strays = "14 notes that are not written were struck"
    bars = [BarHeat(1, 0.9, why=strays, again=True), BarHeat(2, 0.1, why="it stopped")]
    said = f"Bar 1: {strays}; bar 2: it stopped."
    assert slips_in_words(bars) == said
