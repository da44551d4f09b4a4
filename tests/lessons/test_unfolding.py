"""Repeats are played as a musician plays them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from malformed import bar, musicxml, note

from lessons.errors import FormatError
from lessons.files.musicxml import parse_musicxml
from lessons.files.repeat_signs import Signs, signs_of
from lessons.files.unfolding import unfolded_order


def played(*bars: str) -> str:
    """The order of bars named 1, 2, ...; each text holds its signs: ``|:``, ``:|``, ``[1``, and marks."""
    signs = []
    for text in bars:
        words = text.split()
        voltas = frozenset(int(n) for word in words if word.startswith("[") for n in word[1:].split(","))
        marks = {word for word in words if word.isalpha()}
        signs.append(Signs("|:" in words, 2 if ":|" in words else 0, voltas, marks))
    return "".join(str(index + 1) for index in unfolded_order(signs))


@pytest.mark.parametrize(
    ("bars", "order"),
    [
        (["", "", ""], "123"),
        (["", ":|", ""], "12123"),
        (["", "|:", ":|", ""], "123234"),
        (["|:", ":|", "|:", ":|"], "12123434"),
        ([":|", ":|"], "1122"),
        (["|:", "", "[1 :|", "[2", ""], "1231245"),
        (["|:", "[1,2 :|", "[3", ""], "1212134"),
        (["|:", "[1 :|", "[2 :|", "[3"], "121314"),
        (["|:", "[1 :|", "", ""], "12134"),
        (["|:", "[1", "[1 :|", "[2", "[2", ""], "1231456"),
        (["", "[1 :|", "[2", "|:", ":|"], "12134545"),
        (["", "fine", "", "dacapo"], "123412"),
        (["", ":|", "dacapo"], "12123123"),
        (["|:", "[1 :|", "[2 fine", "", "dacapo"], "12134513"),
        (["", "segno", "fine", "dalsegno"], "123423"),
        (["", "tocoda", "dacapo", "coda", ""], "1231245"),
        (["", "segno", "tocoda", "dalsegno", "coda"], "1234235"),
        (["segno", "", "segno", "fine", "dalsegno"], "1234534"),
        (["segno", "", "dalsegno", "segno"], "1231234"),
        (["", "dalsegno", "segno"], "123"),
    ],
)
def test_the_order_of_bars_follows_the_signs(bars: list[str], order: str) -> None:
    assert played(*bars) == order


signs = st.builds(
    Signs,
    forward=st.booleans(),
    times=st.sampled_from([0, 2, 3]),
    volta=st.sampled_from([frozenset[int](), frozenset({1}), frozenset({2}), frozenset({1, 3})]),
    marks=st.sets(st.sampled_from(["segno", "coda", "fine", "tocoda", "dacapo", "dalsegno"]), max_size=1),
)


@given(st.lists(signs, max_size=12))
def test_any_signs_come_to_an_end_and_go_on_from_each_bar_to_the_next_but_at_signs(bars: list[Signs]) -> None:
    order = unfolded_order(bars)
    for here, after in itertools.pairwise(order):
        skipped = any(bar.volta for bar in bars[here:after])
        jumps = skipped or bars[here].times or bars[here].marks or bars[here].volta
        assert after == here + 1 or jumps


def test_repeats_of_repeats_without_end_are_refused() -> None:
    with pytest.raises(FormatError, match="longer than"):
        unfolded_order([Signs(forward=True, times=15_000), Signs(forward=True, times=15_000)])


def repeated(inner: str, second: str, voltas: bool = True) -> bytes:
    """Two bars in 2/4: the first is repeated, with ``second`` after it."""
    attributes = (
        "<attributes><divisions>2</divisions><key><fifths>1</fifths></key>"
        "<time><beats>2</beats><beat-type>4</beat-type></time><staves>2</staves></attributes>"
    )
    closing = '<barline location="right"><repeat direction="backward"/></barline>'
    return musicxml(
        f'<measure number="1">{attributes}{inner}{closing}</measure>'
        f'<measure number="2"><attributes><key><fifths>-1</fifths></key></attributes>{second}</measure>'
    )


def half(step: str, extra: str = "", notations: str = "", staff: int = 1) -> str:
    pitch = f"<pitch><step>{step}</step><octave>4</octave></pitch><duration>4</duration>"
    held = f"<notations>{notations}</notations>" if notations else ""
    return f"<note>{pitch}{extra}<voice>{staff}</voice><type>half</type><staff>{staff}</staff>{held}</note>"


def test_a_repeated_bar_keeps_fingers_and_hands_and_gets_its_key_back() -> None:
    finger = "<technical><fingering>3</fingering></technical>"
    lower = "<backup><duration>4</duration></backup>" + half("D", staff=2)
    score = parse_musicxml(repeated(half("G", notations=finger) + lower, half("C") + lower))
    assert score.notes["onset_beat"].tolist() == [0, 0, 2, 2, 4, 4]
    assert score.notes["finger"].tolist() == [0, 3, 0, 3, 0, 0]
    assert score.notes["hand"].tolist() == [0, 1, 0, 1, 1, 0]
    assert score.bars["number"].tolist() == [1, 2, 3]
    assert score.bars["written"].tolist() == [1, 1, 2]
    assert score.keys["fifths"].tolist() == [1, -1]


def test_a_tie_out_of_a_repeated_bar_holds_the_second_time_too() -> None:
    score = parse_musicxml(repeated(half("G", extra='<tie type="start"/>'), half("G", extra='<tie type="stop"/>')))
    assert score.notes["onset_beat"].tolist() == [0, 2]
    assert score.notes["duration_beat"].tolist() == [2, 4]


def test_two_halves_of_a_bar_around_a_repeat_sign_are_one_bar() -> None:
    quarter = half("G").replace("<duration>4", "<duration>2")
    attributes = (
        "<attributes><divisions>2</divisions><time><beats>2</beats><beat-type>4</beat-type></time></attributes>"
    )
    closing = '<barline location="right"><repeat direction="backward"/></barline>'
    bars = [quarter, half("A"), quarter + closing, quarter, half("B")]
    xml = "".join(f'<measure number="{i}">{attributes if i == 0 else ""}{bar}</measure>' for i, bar in enumerate(bars))
    score = parse_musicxml(musicxml(xml))
    assert score.notes["onset_beat"].tolist() == [-1, 0, 2, 3, 4, 6, 7, 8]
    assert score.bars["start_beat"].tolist() == [-1, 0, 2, 4, 6, 8]
    assert score.bars["written"].tolist() == [0, 1, 2, 1, 2, 4]


def test_signs_are_gone_from_the_document_that_others_read() -> None:
    from lessons.files.unfolding import unfold

    document = etree.fromstring(repeated(half("G"), half("A")))
    assert unfold(document) == [0, 0, 1]
    assert document.find(".//repeat") is None


@pytest.mark.parametrize(
    ("said", "marks"),
    [
        ("<direction-type><words>D.C. al Fine</words></direction-type>", {"dacapo"}),
        ("<direction-type><words>Fine</words></direction-type>", {"fine"}),
        ("<direction-type><words>D. S. al Coda</words></direction-type>", {"dalsegno"}),
        ("<direction-type><words>To Coda</words></direction-type><direction-type><coda/></direction-type>", {"tocoda"}),
        ("<direction-type><segno/></direction-type>", {"segno"}),
        ('<direction-type><words>Fine</words></direction-type><sound dacapo="yes"/>', {"dacapo"}),
        ("<direction-type><words>dolce</words></direction-type>", set()),
    ],
)
def test_jumps_are_heard_in_sound_and_else_read_in_print(said: str, marks: set[str]) -> None:
    content = bar(f"<direction>{said}</direction>")
    assert signs_of(etree.fromstring(musicxml(content)).findall("part"))[0].marks == marks


def test_a_leap_goes_to_the_sign_of_its_name() -> None:
    signs = [Signs(marks={mark}, names={mark: name}) for mark, name in NAMED]
    assert unfolded_order(signs) == [0, 1, 2, 3, 0, 1, 5]


NAMED = [("segno", "a"), ("tocoda", "d"), ("segno", "b"), ("dalsegno", "a"), ("coda", "c"), ("coda", "d")]


def test_a_sign_without_a_name_that_the_leap_tells_is_a_sign_too() -> None:
    signs = [Signs(marks={mark}, names={mark: str(place)}) for place, (mark, _) in enumerate(NAMED)]
    assert unfolded_order(signs) == [0, 1, 2, 3, 2, 3, 4, 5]


def test_a_jump_in_words_at_the_repeat_sign_says_the_same_as_the_sign() -> None:
    closing = '<barline location="right"><repeat direction="backward"/></barline>'
    words = "<direction><direction-type><words>D.C.</words></direction-type></direction>"
    back = "<backup><duration>4</duration></backup>"
    first, last = f'<measure number="1">{note() * 4}{closing}</measure>', '<measure number="2">'
    for second, order in (
        (f"{words}{note() * 4}", [0, 0, 1]),
        (f"{note() * 4}{back}{words}{note() * 4}", [0, 0, 1]),
        (f"{note() * 4}{words}", [0, 0, 1, 0, 1]),
    ):
        parts = etree.fromstring(musicxml(first + last + second + "</measure>")).findall("part")
        assert unfolded_order(signs_of(parts)) == order


def test_endings_without_a_repeat_sign_send_back_to_the_segno() -> None:
    segno, ending = "<direction><direction-type><segno/></direction-type></direction>", "barline><ending number="
    bars = ["", segno, f'<{ending}"1,2" type="start"/></barline>', f'<{ending}"3" type="start"/></barline>']
    xml = "".join(f'<measure number="{i}">{text}{note() * 4}</measure>' for i, text in enumerate(bars, 1))
    order = unfolded_order(signs_of(etree.fromstring(musicxml(xml)).findall("part")))
    assert order == [0, 1, 2, 1, 2, 1, 3]


@pytest.mark.parametrize(
    ("numbers", "accompanied", "bars"),
    [
        ([1, 2, 1, 2, 1, 2], 2, [1, 2, 1, 2]),
        ([1, 2, 9, 10, 17, 18], 2, [1, 2, 1, 2]),
        ([1, 2, 3, 4, 5, 6], 2, [1, 2, 1, 2, 3, 4, 5, 6]),  # the tune goes on alone
        ([1, 2, 1, 2, 1, 2], 6, [1, 2, 1, 2, 1, 2, 1, 2]),  # three songs in one file
    ],
)
def test_couplets_that_are_printed_after_the_end_are_not_played_there(
    numbers: list[int], accompanied: int, bars: list[int]
) -> None:
    attributes = "<attributes><divisions>1</divisions></attributes>"
    closing = '<barline location="right"><repeat direction="backward"/></barline>'
    rest = "<note><rest/><duration>4</duration></note>"
    parts = ""
    for part, sounding in (("P1", 6), ("P2", accompanied)):
        measures = "".join(
            f'<measure number="{number}">{attributes if place == 0 else ""}'
            f"{note() * 4 if place < sounding else rest}{closing if place == 1 else ''}</measure>"
            for place, number in enumerate(numbers)
        )
        parts += f'<part id="{part}">{measures}</part>'
    listed = "".join(f'<score-part id="{part}"><part-name/></score-part>' for part in ("P1", "P2"))
    content = f"<score-partwise><part-list>{listed}</part-list>{parts}</score-partwise>"
    assert parse_musicxml(content.encode()).bars["written"].tolist() == bars


def test_a_jump_back_gets_its_tempo_back() -> None:
    slow, fast = '<sound tempo="60"/>', '<sound tempo="120"/>'
    closing = '<direction><sound dacapo="yes"/></direction>'
    bars = f'<measure number="2">{fast}{note() * 4}{closing}</measure>'
    score = parse_musicxml(musicxml(bar(slow + note() * 4) + bars))
    assert score.tempo.start_beat.tolist() == [0, 4, 8, 12]
    assert score.tempo.bpm.tolist() == [60, 120, 60, 120]


def test_a_jump_into_the_middle_gets_the_key_metre_and_tempo_of_that_place_back() -> None:
    changed = (
        "<attributes><key><fifths>-2</fifths></key><time><beats>2</beats><beat-type>4</beat-type></time></attributes>"
        '<sound tempo="120"/>'
    )
    segno = '<direction><sound segno="segno"/></direction>'
    back = '<direction><sound dalsegno="segno"/></direction>'
    bars = f'<measure number="2">{segno}{note() * 4}</measure><measure number="3">{changed}{note() * 2}{back}</measure>'
    score = parse_musicxml(musicxml(bar('<sound tempo="60"/>' + note() * 4) + bars))
    assert score.bars["start_beat"].tolist() == [0, 4, 8, 10, 14]
    assert score.metres[["start_beat", "numerator"]].tolist() == [(0, 4), (8, 2), (10, 4), (14, 2)]
    assert score.tempo.bpm.tolist() == [60, 120, 60, 120]
