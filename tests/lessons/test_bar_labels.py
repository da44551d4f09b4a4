"""The numbers of the page are read from a file as they stand there, and written so that they are read again."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from lxml import etree
from malformed import musicxml, note

from lessons.exercise import excerpt
from lessons.files import read_score
from lessons.files.musicxml import parse_musicxml
from lessons.files.musicxml_writer import musicxml_bytes
from lessons.score import Score

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
BACK = '<barline location="right"><repeat direction="backward"/></barline>'
FORWARD = '<barline location="left"><repeat direction="forward"/></barline>'


def ending(number: int, kind: str = "start") -> str:
    """A bar line of an ending."""
    location = "left" if kind == "start" else "right"
    back = '<repeat direction="backward"/>' if kind == "stop" and number == 1 else ""
    return f'<barline location="{location}"><ending number="{number}" type="{kind}"/>{back}</barline>'


def page(*measures: tuple[str, int, str, str]) -> Score:
    """A page in 4/4 of measures: the attributes, how many quarters, and what stands before and after the notes."""
    made = ""
    for place, (attributes, quarters, before, after) in enumerate(measures):
        time = "<time><beats>4</beats><beat-type>4</beat-type></time>"
        first = "" if place else f"<attributes><divisions>1</divisions>{time}</attributes>"
        made += f"<measure {attributes}>{before}{first}{note() * quarters}{after}</measure>"
    return parse_musicxml(musicxml(made))


def numbered(*numbers: object) -> list[tuple[str, int, str, str]]:
    """Whole measures with these numbers."""
    return [(f'number="{number}"', 4, "", "") for number in numbers]


def short(score: Score) -> str:
    """The short names of all bars."""
    return " ".join(name.short for name in score.bar_names)


HALF = 'number="X1" implicit="yes"'
CASES = {
    "a short first bar that has a number": ([('number="1"', 1, "", ""), *numbered(2, 3)], "1 2 3"),
    "plain": ((numbered(1, 2, 3)), "1 2 3"),
    "from another number on": (numbered(17, 18), "17 18"),
    "with letters": (numbered(1, "7a", "7b", 8), "1 7a 7b 8"),
    "without a number": ([*numbered(1), ('number=""', 2, "", ""), *numbered(2)], "1 1 2"),
    "two songs": (numbered(1, 2, 1, 2), "1 2 II:1 II:2"),
    "three songs": (numbered(1, 2, 1, 1, 2, 1), "1 2 II:1 II:1² II:2 III:1"),
    "a repeat": (
        [('number="1"', 4, "", ""), ('number="2"', 4, FORWARD, BACK), *numbered(3)],
        "1 2 2² 3",
    ),
    "endings": (
        [
            *numbered(1),
            ('number="2"', 4, ending(1), ending(1, "stop")),
            ('number="3"', 4, ending(2), ending(2, "stop")),
            *numbered(4),
        ],
        "1 2 1² 3 4",
    ),
    "endings numbered alike": (
        [
            *numbered(1, 2),
            ('number="3"', 4, ending(1), ""),
            ('number="4"', 4, "", ending(1, "stop")),
            ('number="3"', 4, ending(2), ""),
            ('number="4"', 4, "", ending(2, "stop")),
            *numbered(5),
        ],
        "1 2 3 4 1² 2² 3² 4² 5",
    ),
    "a bar cut by a repeat": (
        [*numbered(1), ('number="2"', 3, "", BACK), (HALF, 1, FORWARD, ""), *numbered(3), ('number="4"', 3, "", BACK)],
        "1 2 1² 2² 3 4 3² 4²",
    ),
    "a pickup and a bar cut by a repeat": (
        [
            ('number="0" implicit="yes"', 1, "", ""),
            *numbered(1),
            ('number="2"', 3, "", BACK),
            (HALF, 1, FORWARD, ""),
            *numbered(3),
        ],
        "0 1 2 1² 2² 3",
    ),
    "a bar in two halves that are too long": ([*numbered(1), (HALF, 2, "", ""), *numbered(2)], "1 1 2"),
    "a half under the number of its bar": ([*numbered(1), ('number="1" implicit="yes"', 2, "", "")], "1 1"),
}


@pytest.mark.parametrize(("measures", "names"), CASES.values(), ids=CASES)
def test_bars_have_the_numbers_of_the_file(measures, names):
    assert short(page(*measures)) == names


@pytest.mark.parametrize(("measures", "names"), CASES.values(), ids=CASES)
def test_the_numbers_of_the_page_come_back_from_what_is_written(measures, names):
    score = page(*measures)
    again = parse_musicxml(musicxml_bytes(score))
    assert short(again) == names
    assert again.bars["written"].tolist() == score.bars["written"].tolist()


def test_an_excerpt_over_a_repeat_is_read_again_as_it_was():
    over = excerpt(page(*CASES["a repeat"][0], ('number="4"', 4, "", BACK)), 5, 7)
    assert short(over) == "4 3 4²"
    again = parse_musicxml(musicxml_bytes(over))
    assert short(again) == "4 3 4²"
    assert again.digest == parse_musicxml(musicxml_bytes(again)).digest


def test_plain_numbers_need_no_labels():
    assert page(*CASES["a repeat"][0]).labels == ()


def test_what_is_engraved_and_written_has_the_numbers_of_the_page():
    written = etree.fromstring(musicxml_bytes(page(*CASES["endings"][0])))
    assert [measure.get("number") for measure in written.iter("measure")] == ["1", "2", "1", "3", "4"]


def test_a_number_of_other_digits_is_none():
    assert page(*numbered(1, "²")).bars["written"].tolist() == [1, 1]


def numbers_in(path: Path) -> set[str]:
    """The numbers of the measures that a file gives one."""
    with zipfile.ZipFile(path) as archive:
        root = etree.fromstring(archive.read("score.xml"))
    return {m.get("number") for m in root.find("part").findall("measure") if m.get("number").isdigit()}


@pytest.mark.shared_data
@pytest.mark.skipif(not (SHARED / "openscore-lieder").is_dir(), reason="needs shared/data/openscore-lieder")
def test_the_bars_of_real_songs_are_those_that_the_files_number():
    for path in sorted((SHARED / "openscore-lieder").glob("*.mxl"))[::150]:
        told = {name.written.rpartition(":")[2] for name in read_score(path).bar_names}
        assert told == numbers_in(path), path.name
