"""Each time through a repeat has its own verse on the page, and what all sing is there every time."""

from __future__ import annotations

import pytest
from malformed import musicxml

from lessons.files.musicxml import parse_musicxml

FORWARD, BACKWARD = '<repeat direction="forward"/>', '<repeat direction="backward"/>'


def sung(*lines: str) -> str:
    """A quarter with a syllable in each of these lines, counted from 1; none where one is empty."""
    lyrics = "".join(
        f'<lyric number="{number}"><syllabic>single</syllabic><text>{text}</text></lyric>'
        for number, text in enumerate(lines, 1)
        if text
    )
    pitch = "<pitch><step>C</step><octave>5</octave></pitch>"
    return f"<note>{pitch}<duration>1</duration><voice>1</voice>{lyrics}</note>"


def song(*bars: tuple[str, str]) -> bytes:
    """Bars, each with its signs (``|:``, ``:|``, ``:|3`` for three times, ``[1``, which ends with it) and its notes."""
    measures = []
    for number, (signs, notes) in enumerate(bars, 1):
        attributes = "<attributes><divisions>1</divisions></attributes>" if number == 1 else ""
        ending = next((word[1:] for word in signs.split() if word.startswith("[")), "")
        left = (f'<ending number="{ending}" type="start"/>' if ending else "") + FORWARD * ("|:" in signs)
        right = (f'<ending number="{ending}" type="stop"/>' if ending else "") + BACKWARD * (":|" in signs)
        right = right.replace(BACKWARD, BACKWARD.replace("/>", ' times="3"/>')) if ":|3" in signs else right
        measures.append(
            f'<measure number="{number}"><barline location="left">{left}</barline>{attributes}{notes}'
            f'<barline location="right">{right}</barline></measure>'
        )
    return musicxml("".join(measures))


def page(*bars: tuple[str, str]) -> list[tuple[str, ...]]:
    """By note the lines that the unfolded page has, from the top: "1:a"."""
    score = parse_musicxml(song(*bars))
    signs = score.signs.syllables
    return [
        tuple(f"{row['verse']}:{row['text']}" for row in signs[signs["onset_beat"] == beat])
        for beat in score.notes["onset_beat"].tolist()
    ]


@pytest.mark.parametrize(
    ("bars", "lines"),
    [
        ([("|:", sung("a", "b")), (":|", sung("c", "d"))], "1:a 1:c 1:b 1:d"),
        ([("|: :|3", sung("a", "b", "c"))], "1:a 1:b 1:c"),
        ([("", sung("x")), ("|: :|", sung("a", "b")), ("", sung("y"))], "1:x 1:a 1:b 1:y"),
        ([("|:", sung("a", "b")), ("[1 :|", sung("c")), ("[2", sung("", "d"))], "1:a 1:c 1:b 1:d"),
        ([("|: :|", sung("a"))], "1:a 1:a"),
        ([("|:", sung("a", "b")), (":|", sung("la"))], "1:a 1:la 1:b 1:la"),  # a refrain
        ([("|:", sung("a", "b") + sung("la")), (":|", sung("la"))], "1:a 1:la 1:la 1:b 1:la 1:la"),
        ([("|:", sung("la")), (":|", sung("la") + sung("a", "b"))], "1:la 1:la 1:a 1:la 1:la 1:b"),
        ([("|: :|", sung("a", "b") + sung("c") + sung("d", "e"))], "1:a 1:c 1:d 1:b - 1:e"),  # one holds a syllable
        ([("", sung("a", "b"))], "1:a+2:b"),
        ([("|: :|", sung("a", "b", "c"))], "1:a+2:b+3:c 1:a+2:b+3:c"),  # more verses than times
        ([("|: :|3", sung("a", "b"))], "1:a+2:b 1:a+2:b 1:a+2:b"),  # more times than verses
        ([("|: :|", sung("a", "b")), ("", sung("c", "d"))], "1:a 1:b 1:c+2:d"),
        ([("|:", sung("a", "b", "c", "d")), ("[1,3 :|", sung("e", "", "f")), ("[2,4 :|", sung("", "g", "", "h"))],
         "1:a 1:e 1:b 1:g 1:c 1:f 1:d 1:h"),
    ],
)  # fmt: skip
def test_each_time_through_has_its_own_verse_on_one_line(bars: list[tuple[str, str]], lines: str) -> None:
    assert " ".join("+".join(note) or "-" for note in page(*bars)) == lines


def test_lines_without_numbers_are_counted_from_the_top() -> None:
    bare = song(("|: :|", sung("a", "b"))).replace(b' number="2"', b"").replace(b'<lyric number="1"', b"<lyric")
    assert parse_musicxml(bare).signs.syllables["text"].tolist() == ["a", "b"]


def test_a_bar_that_gets_its_key_back_after_a_jump_keeps_what_all_sing() -> None:
    key = "<attributes><key><fifths>2</fifths></key></attributes>"
    bars = [("|:", sung("a", "b") + sung("la")), (":|", key + sung("la"))]
    assert page(*bars) == page(bars[0], (":|", sung("la")))
