"""Lines of a page: dashes behind words, octave lines over one voice and over several, and ends that come early."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from malformed import musicxml
from scores import score_of, scores

from lessons.engrave import MARGIN, systems_of
from lessons.files.musicxml import parse_musicxml
from lessons.files.musicxml_writer import musicxml_bytes
from lessons.page_signs import (
    ABOVE,
    BELOW,
    DIRECTION_DTYPE,
    METRONOME,
    OCTAVE,
    TEMPO,
    WEDGE,
    WORDS,
    PageSigns,
)
from lessons.score import LEFT, RIGHT, Score

Row = tuple[float, float, int, int, int, str, str]
NARROW, WIDE = 600, 2000


def signed(score: Score, *rows: Row) -> Score:
    return replace(score, signs=PageSigns(np.array([*rows], DIRECTION_DTYPE)))


def one_voice(bars: int = 4) -> Score:
    return score_of([(float(beat), 1.0, 84 + beat % 5, RIGHT) for beat in range(4 * bars)], count=bars)


def two_voices() -> Score:
    lower = [(0.0, 3.0, 72, RIGHT), (3.0, 3.0, 74, RIGHT), (6.0, 2.0, 76, RIGHT)]
    return score_of([(float(beat), 1.0, 84 + beat % 5, RIGHT) for beat in range(8)] + lower, count=2)


def line(start: float, end: float, text: str = "8va") -> Row:
    return (start, end, 0, RIGHT, ABOVE, OCTAVE, text)


def direction(*content: str, staff: int = 1) -> str:
    told = "".join(f"<direction-type>{each}</direction-type>" for each in content)
    return f'<direction placement="below">{told}<staff>{staff}</staff></direction>'


def dashes(kind: str, number: int = 1) -> str:
    return f'<dashes type="{kind}" number="{number}"/>'


def half(voice: int = 1) -> str:
    pitch = "<pitch><step>C</step><octave>5</octave></pitch>"
    return f"<note>{pitch}<duration>2</duration><voice>{voice}</voice><staff>1</staff></note>"


BACK = "<backup><duration>4</duration></backup>"


def said(*bars: str) -> list[tuple[float, float, str, str]]:
    """Place, end, kind and text of the directions of bars of two halves each."""
    attributes = "<attributes><divisions>1</divisions></attributes>"
    xml = "".join(
        f'<measure number="{number}">{attributes if number == 1 else ""}{content}</measure>'
        for number, content in enumerate(bars, 1)
    )
    rows = parse_musicxml(musicxml(xml)).signs.directions
    return rows[["start_beat", "end_beat", "kind", "text"]].tolist()


def test_dashes_lead_words_to_their_end() -> None:
    cresc = direction("<words>cresc.</words>", dashes("start"))
    bars = cresc + half() + half(), half() + direction(dashes("stop")) + half()
    assert said(*bars) == [(0.0, 6.0, WORDS, "cresc.")]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (direction("<words>cresc.</words>", dashes("start")) + half() + half(), [(0.0, 0.0)]),
        (half() + direction("<words>cresc.</words>", dashes("start")) + direction(dashes("stop")) + half(), [(2, 2)]),
        (
            direction("<words>a</words>", dashes("start")) * 2 + half() + direction(dashes("stop")) + half(),
            [(0, 0), (0, 2)],
        ),
        (direction(dashes("start")) + half() + direction(dashes("stop")) + half(), []),
        (half() + direction(dashes("stop")) + direction("<words>rit.</words>") + half(), [(2, 2)]),
    ],
    ids=["without an end", "without a length", "begun anew", "without words", "only an end"],
)
def test_words_stay_whatever_their_dashes_do(content: str, found: list[tuple[float, float]]) -> None:
    assert [row[:2] for row in said(content)] == found


@pytest.mark.parametrize(
    ("kind", "start", "stop", "text"),
    [
        (WEDGE, '<wedge type="crescendo"/>', '<wedge type="stop"/>', "crescendo"),
        (OCTAVE, '<octave-shift type="down" size="8"/>', '<octave-shift type="stop" size="8"/>', "8va"),
    ],
)
def test_an_end_that_stands_in_the_file_before_its_beginning_is_its_end(
    kind: str, start: str, stop: str, text: str
) -> None:
    content = half() + half() + direction(stop) + BACK + half(2) + direction(start) + half(2)
    assert said(content) == [(2.0, 4.0, kind, text)]
    other_bar = half() + half() + direction(stop), half() + direction(start) + half()
    assert said(*other_bar) == []
    other_staff = half() + half() + direction(stop, staff=2) + BACK + half(2) + direction(start) + half(2)
    assert said(other_staff) == []


def test_dashes_are_written_and_read_again_beside_others() -> None:
    rows = [
        (0.0, 7.0, 0, RIGHT, ABOVE, TEMPO, "rall."),
        (2.0, 6.0, 0, RIGHT, BELOW, WORDS, "cresc."),
        (6.0, 8.0, 0, RIGHT, BELOW, WORDS, "dim."),
        (7.0, 7.0, 0, RIGHT, ABOVE, TEMPO, "a tempo"),
    ]
    again = parse_musicxml(musicxml_bytes(signed(one_voice(), *rows))).signs.directions
    assert sorted(row for row in again.tolist() if row[5] != METRONOME) == sorted(rows)


def dash_groups(score: Score, width: int) -> list[list[int]]:
    """How many dashes each page has, by what they belong to."""
    pages = systems_of(musicxml_bytes(score).decode(), width)
    groups = [re.findall(r'<g [^>]*class="(?:dir|dynam)[ "].*?</g>', page[0], re.DOTALL) for page in pages]
    return [[group.count("<rect") for group in page] for page in groups]


@pytest.mark.parametrize("kind", [WORDS, TEMPO])
def test_dashes_are_drawn_and_go_on_over_the_end_of_a_system(kind: str) -> None:
    score = signed(one_voice(8), (2.0, 30.0, 0, RIGHT, ABOVE, kind, "cresc."))
    [[once]] = dash_groups(score, WIDE)
    assert once >= 4
    assert len(dash_groups(score, NARROW)) > 1
    assert all(len(page) == 1 and page[0] > 0 for page in dash_groups(score, NARROW))
    assert dash_groups(signed(one_voice(8), (2.0, 2.0, 0, RIGHT, ABOVE, WORDS, "cresc.")), WIDE) == [[0]]


def heights(score: Score) -> dict[int, float]:
    """How high the head of each row stands in the picture, counted downwards from that of the first."""
    [page] = systems_of(musicxml_bytes(score).decode(), WIDE)
    places = {row: y for row, _, y in page[4]}
    return {row: y - places[0] for row, y in places.items()}


def moved(score: Score, *rows: Row) -> list[int]:
    """The rows whose heads an octave line moves down on the page."""
    plain, under = heights(score), heights(signed(score, *rows))
    return sorted(row for row in plain if under[row] > plain[row] + 1)


@pytest.mark.parametrize(("start", "end"), [(3.0, 6.0), (3.0, 5.0), (4.0, 8.0), (2.0, 7.0)])
def test_an_octave_line_moves_on_the_page_all_that_is_struck_in_its_staff(start: float, end: float) -> None:
    score = two_voices()
    onsets = score.notes["onset_beat"].tolist()
    assert moved(score, line(start, end)) == [row for row, onset in enumerate(onsets) if start <= onset < end]


def test_a_note_that_is_tied_over_the_beginning_of_an_octave_line_stays_where_it_was() -> None:
    score = signed(score_of([(0.0, 8.0, 72, RIGHT), (4.0, 4.0, 91, RIGHT)], count=2), line(4.0, 8.0))
    written = musicxml_bytes(score)
    assert written.index(b'<tie type="stop"') < written.index(b'octave-shift type="down"')


def test_an_octave_line_leaves_the_other_staff_alone() -> None:
    rows = [(float(beat), 1.0, 84, RIGHT) for beat in range(8)] + [(0.0, 8.0, 72, RIGHT), (0.0, 8.0, 48, LEFT)]
    score = score_of(rows, count=2)
    left = int(np.flatnonzero(score.notes["hand"] == LEFT)[0])
    assert left not in moved(score, line(1.0, 8.0))
    assert len(moved(score, line(1.0, 8.0))) == 7


def test_an_octave_line_is_drawn_once_with_its_name_up_to_the_last_note_of_any_voice() -> None:
    score = two_voices()
    [page] = systems_of(musicxml_bytes(signed(score, line(3.0, 6.0))).decode(), WIDE)
    scale = re.search(r"scale\(([\d.]+)\)", page[0])
    end = re.search(r'class="octave".*?<path d="M\d+ \d+ L(\d+)', page[0], re.DOTALL)
    assert scale and end
    places = {float(score.notes["onset_beat"][row]): x for row, x, _ in page[4]}
    assert places[5.0] < float(end[1]) * float(scale[1]) + MARGIN < places[6.0]
    assert len(re.findall(r'class="octave"', page[0])) == 1
    assert re.search(r'href="#E511', page[0])  # 8va, not 8


def test_octave_lines_that_overlap_follow_one_another_and_end_with_the_piece() -> None:
    score = signed(two_voices(), line(0.0, 4.0), line(3.0, 6.0, "15ma"), line(7.0, 99.0))
    again = parse_musicxml(musicxml_bytes(score)).signs.directions
    found = again[again["kind"] == OCTAVE][["start_beat", "end_beat", "text"]].tolist()
    assert found == [(0.0, 4.0, "8va"), (4.0, 6.0, "15ma"), (7.0, 8.0, "8va")]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scores(grid=4), st.data())
def test_any_score_under_an_octave_line_is_the_same_when_it_is_read(score: Score, data: st.DataObject) -> None:
    hand = data.draw(st.sampled_from(sorted(set(score.notes["hand"].tolist()))))
    places = st.integers(round(score.start_beat * 4), round(score.end_beat * 4))
    start, end = sorted(place / 4 for place in data.draw(st.lists(places, min_size=2, max_size=2, unique=True)))
    row = (start, end, 0, hand, ABOVE, OCTAVE, "8va")
    again, plain = (parse_musicxml(musicxml_bytes(each)) for each in (signed(score, row), score))
    assert again.digest == plain.digest
    assert [each for each in again.signs.directions.tolist() if each[5] == OCTAVE] == [row]
