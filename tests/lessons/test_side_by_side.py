"""What is said of loudness at one place stands side by side on the page."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
from scores import score_of

from lessons.engrave import systems_of
from lessons.files.musicxml_writer import musicxml_bytes
from lessons.lettering import SVG
from lessons.page_signs import BELOW, DIRECTION_DTYPE, DYNAMICS, WEDGE, WORDS, PageSigns
from lessons.score import RIGHT
from lessons.side_by_side import GAP, stand_clear

P, TEXT = "E520", "cresc."


def dynam(x: float, words: str = "", dashes: tuple[float, ...] = ()) -> str:
    """Words, or a *p*, on the line 1000, with dashes behind them."""
    letters = f'<use xlink:href="#{P}-id" transform="translate({x:g}, 1000) scale(0.72, 0.72)"/>'
    text = f'<text x="{x:g}" y="1000" font-size="360px">{words}</text>' if words else letters
    return f'<g class="dynam">{text}{"".join(f"<rect x={chr(34)}{each:g}{chr(34)}/>" for each in dashes)}</g>'


def wedge(left: float, right: float, line: float = 950.0) -> str:
    points = f"{right:g},{line + 100:g} {left:g},{line:g} {right:g},{line - 100:g}"
    return f'<g class="hairpin"><polyline points="{points} "/></g>'


def cleared(*groups: str) -> ElementTree.Element:
    page = ElementTree.fromstring(
        f'<svg xmlns="{SVG}" xmlns:xlink="http://www.w3.org/1999/xlink">{"".join(groups)}</svg>'
    )
    stand_clear(page)
    return page


def places(page: ElementTree.Element) -> list[float]:
    """Where the words of a page begin."""
    return [float(text.get("x", "0")) for text in page.iter(f"{{{SVG}}}text")]


def spans(page: ElementTree.Element) -> list[tuple[float, float]]:
    """From where to where the wedges of a page go."""
    rows = [re.findall(r"(-?[\d.]+),", lines.get("points", "")) for lines in page.iter(f"{{{SVG}}}polyline")]
    return [(min(map(float, row)), max(map(float, row))) for row in rows]


def test_words_stand_behind_the_letters_at_their_place_and_their_dashes_behind_them() -> None:
    page = cleared(dynam(500), dynam(500, TEXT, (1900, 2500, 4000)))
    [place] = places(page)
    assert 600 < place < 1000
    page = cleared(dynam(500), dynam(500, "poco a poco crescendo", (1900, 2500, 9000)))
    assert [dash.get("x") for dash in page.iter(f"{{{SVG}}}rect")] == ["9000"]


def test_words_stand_before_the_letters_that_they_would_run_into_and_not_on_those_before_them() -> None:
    assert places(cleared(dynam(1000, TEXT), dynam(1800)))[0] < 1000
    tight = cleared(dynam(500), dynam(700, TEXT), dynam(1300))
    assert places(tight)[0] > 600


def test_words_that_stand_clear_stay_with_their_dashes() -> None:
    assert len(cleared(dynam(500, TEXT, (900, 1700)))[0]) == 3
    assert places(cleared(dynam(500), dynam(2000, TEXT), dynam(5000))) == [2000]
    other_line = dynam(500, TEXT).replace('y="1000"', 'y="3000"')
    assert places(cleared(dynam(500), other_line)) == [500]


@pytest.mark.parametrize(
    ("x", "found"), [(900, "begins later"), (2900, "ends sooner"), (5000, "stays"), (None, "stays")]
)
def test_a_wedge_leaves_room_for_the_letters_at_its_ends(x: float | None, found: str) -> None:
    [(left, right)] = spans(cleared(*([dynam(x)] if x else []), wedge(1000, 3000)))
    begins, ends = left > 1000 + GAP / 2, right < 3000 - GAP / 2
    assert (begins, ends) == (found == "begins later", found == "ends sooner")


def test_a_wedge_on_another_line_stays() -> None:
    assert spans(cleared(dynam(1000), wedge(1000, 3000, line=2000))) == [(1000, 3000)]


def test_the_two_lines_of_a_wedge_that_goes_on_in_the_next_system_stay_together() -> None:
    lines = "".join(f'<polyline points="{left},{line} 3000,{line}"/>' for left, line in ((1000, 900), (1000, 1100)))
    page = cleared(dynam(900), f'<g class="hairpin spanning">{lines}</g>', wedge(500, 1600))
    (first, _), (second, _), _ = spans(page)
    assert first == second > 1000


def test_wedges_that_overlap_follow_one_another() -> None:
    (_, end), (begin, _) = spans(cleared(wedge(1000, 2500), wedge(2000, 4000)))
    assert 2000 < end < begin < 2500
    assert spans(cleared(wedge(1000, 4000), wedge(2000, 3000))) == [(1000, 4000), (2000, 3000)]


def test_on_an_engraved_page_nothing_of_a_row_begins_where_something_stands() -> None:
    score = score_of([(float(beat), 1.0, 72 + beat % 5, RIGHT) for beat in range(16)], count=4)
    rows = [
        (0.0, 0.0, 0, RIGHT, BELOW, DYNAMICS, "mf"),
        (0.0, 7.0, 0, RIGHT, BELOW, WORDS, "crescendo"),
        (9.0, 9.0, 0, RIGHT, BELOW, DYNAMICS, "p"),
        (9.0, 13.0, 0, RIGHT, BELOW, WEDGE, "crescendo"),
    ]
    signed = replace(score, signs=PageSigns(np.array(rows, DIRECTION_DTYPE)))
    [page] = systems_of(musicxml_bytes(signed).decode(), 2000)
    letters = [float(x) for x in re.findall(r"<use [^>]*#E52[^>]*translate\((\d+), ", page[0])]
    words = [float(x) for x in re.findall(r'<text x="([\d.]+)"[^>]*>crescendo', page[0])]
    [points] = re.findall(r'<polyline [^>]*points="([^"]+)"', page[0])
    starts = [letters[0], *words, letters[1], min(float(point.split(",")[0]) for point in points.split())]
    assert all(after - before > GAP for before, after in pairwise(starts))


def letters(page: ElementTree.Element) -> list[float]:
    """Where the letters of a page stand."""
    return [float(use.get("transform", "")[10:].split(",")[0]) for use in page.iter(f"{{{SVG}}}use")]


def test_a_wedge_without_room_between_two_letters_moves_the_second_on() -> None:
    page = cleared(dynam(500), wedge(520, 690), dynam(700))
    first, second = letters(page)
    [(begin, end)] = spans(page)
    assert first == 500
    assert end - begin == pytest.approx(240)
    assert second == pytest.approx(end + GAP)
    assert "scale(0.72, 0.72)" in page.findall(f".//{{{SVG}}}use")[1].get("transform", "")


def test_a_short_wedge_beside_one_letter_reaches_over_its_other_end() -> None:
    [(begin, end)] = spans(page := cleared(dynam(500), wedge(520, 800)))
    assert letters(page) == [500]
    assert begin > 500 + GAP and end - begin == pytest.approx(360)
    [(begin, end)] = spans(page := cleared(dynam(1000), wedge(790, 1050)))
    assert letters(page) == [1000]
    assert end == 1000 - GAP and end - begin == pytest.approx(360)
