"""Endings of repeats are as long as a musician takes them to be, also where the file never closes them."""

from __future__ import annotations

import pytest
from lxml import etree
from malformed import musicxml, note

from lessons.files.musicxml import parse_musicxml
from lessons.files.repeat_signs import signs_of
from lessons.files.unfolding import unfolded_order

WORDS = {"|:": ("left", '<repeat direction="forward"/>'), ":|": ("right", '<repeat direction="backward"/>')}


def measure(number: int, text: str) -> str:
    """A bar with its signs: ``|:``, ``:|``, ``[1`` where an ending starts, ``]`` where one stops, ``~`` in the air.

    ``[1=1.-3.`` has a print of its own; other words are directions at the end of the bar.
    """
    signs, words = [], ""
    for word in text.split():
        if word.startswith("["):
            turns, _, printed = word[1:].partition("=")
            signs.append(("left", f'<ending number="{turns}" type="start">{printed}</ending>'))
        elif word in "]~":
            signs.append(("right", f'<ending number="1" type="{"stop" if word == "]" else "discontinue"}"/>'))
        elif word in WORDS:
            signs.append(WORDS[word])
        else:
            words += f"<direction><direction-type><words>{word}</words></direction-type></direction>"
    lines = "".join(f'<barline location="{side}">{sign}</barline>' for side, sign in signs)
    attributes = "<attributes><divisions>1</divisions></attributes>" if number == 1 else ""
    return f'<measure number="{number}">{attributes}{lines}{note() * 4}{words}</measure>'


def played(*bars: str) -> str:
    parts = etree.fromstring(musicxml("".join(measure(*bar) for bar in enumerate(bars, 1)))).findall("part")
    return "".join(str(index + 1) for index in unfolded_order(signs_of(parts)))


@pytest.mark.parametrize(
    ("bars", "order"),
    [
        (["|:", "[1 :| ]", "[2 ]", ""], "12134"),
        (["|:", "[1 :| ]", "[2 ~", ""], "12134"),
        (["|:", "[1", ":|", "[2", ""], "1231" + "45"),  # neither is closed
        (["|:", "[1", ":|", "", ""], "1231" + "45"),  # the second time has no bracket
        (["|:", "[1", "[2 ]", ""], "12134"),  # a start ends the one before, and sends back without a sign
        (["|:", "[1 :| ]", "[2", "|:", ":|", ""], "121345456"),  # the open one is as long as the other
        (["|:", "[1 :| ]", "[2", "", ":|"], "12134545"),
        (["|:", "[1 ", ":| ]", "[2", "|:", ":|"], "1231456" + "56"),  # a new repeat ends it sooner
        (["|:", "[1,3 :|", "[2,4 :|"], "12131213"),
        (["|:", "[1 :|", "[2 :|", "[3", ""], "1213145"),
        (["|:", "[1 :|", "[2 :|", ""], "1213" + "14"),  # a refrain with three couplets, the last without a bracket
        (["|:", "[1 :| ]", "[2 :| ]", ""], "12134"),
        (["|:", "[1 :|", "[2 :|", "|:", ":|"], "12134545"),
        (["|:", "[1", "", ":|", "", ""], "1234" + "156"),
        (["|:", "[1 ~", "", ":|", "[2 ~", ""], "1234" + "156"),  # the brackets are shorter than the music
        (["|:", "[1,2 ~", ":|", ""], "123" * 2 + "14"),
        (["|:", ":|", "[2 ~", ""], "12123" + "4"),  # only the last time has a bracket
        (["|:", "[1 ]", "[2 ]", "[3 ~", "fine", "[1 :| ]", "[2 :| ]"], "126" + "137" + "145"),
        (["|:", "[1 ] :|", "[2 ~", "fine", "|:", ":|"], "1213456" + "56"),
        (["|:", "[1=1.-2. ] :|", "[2=3. ]"], "12" * 2 + "13"),  # the print counts the times
        (["|:", "[1=1.u.2. ] :|", "[3=3. ]"], "12" * 2 + "13"),
        (["|:", "[1,2=1. ] :|", "[3=2. ]"], "12" * 2 + "13"),  # the print counts too few
        (["|:", "[1=2. ] :|", "[2=3. ]"], "1213"),  # or does not begin at the first
    ],
)
def test_an_ending_that_is_left_open_goes_no_farther_than_a_musician_takes_it(bars: list[str], order: str) -> None:
    assert played(*bars) == order


def test_where_one_part_closes_an_ending_it_is_closed() -> None:
    left_open = "".join(measure(*bar) for bar in enumerate(["|:", "[1 :|", "[2", "", ""], 1))
    closed = "".join(measure(*bar) for bar in enumerate(["|:", "[1 :| ]", "[2", "]", ""], 1))
    root = etree.fromstring(musicxml(left_open))
    root.append(etree.fromstring(f'<part id="P2">{closed}</part>'))
    turns = [sorted(sign.volta) for sign in signs_of(root.findall("part"))]
    assert turns == [[], [1], [2], [2], []]


def test_all_of_a_piece_is_there_whose_endings_are_left_open() -> None:
    bars = ["|:", "[1", ":|", "[2", ":|", "", ""]
    score = parse_musicxml(musicxml("".join(measure(*bar) for bar in enumerate(bars, 1))))
    assert score.bars["written"].tolist() == [1, 2, 3, 1, 4, 5, 1, 6, 7]
    assert [name.short for name in score.bar_names][-3:] == ["1³", "6", "7"]
