"""The ABC files as text: every voice fills every bar, and all voices have the same bar lines.

A score alone cannot tell: a voice that is too short ends in silence.
"""

import re
from fractions import Fraction

import pytest

from lessons.library.shelf import PIECES

SIGNS = re.compile(r"![^!]*!|\"[^\"]*\"|\[K:[^\]]*\]|(?<=[\s|])T(?=[!\[_=^A-Ga-g])|[.MPT~()](?![0-9])|-")
BAR_LINE = re.compile(r":?\|[|\]:]?[12]?:?")
TRIPLET = re.compile(r"\(3((?:[=^_]*[A-Ga-gxz][,']*){3})")
EVENT = re.compile(r"(?:\[[^\]]+\]|[=^_]*[A-Ga-gxz][,']*)(\d*)(/*)(\d*)(>?)")


def voices_of(text: str) -> dict[str, str]:
    """The music of each voice, its lines joined."""
    music: dict[str, str] = {}
    for name, line in re.findall(r"^\[V:(\w+)\](.*)$", text, re.MULTILINE):
        music[name] = music.get(name, "") + line
    return music


def bar_lengths(music: str, unit: Fraction) -> list[Fraction]:
    """The sum of the note values of each bar."""
    plain = TRIPLET.sub(r"\1@", SIGNS.sub("", music))
    return [length_of(bar, unit) for bar in BAR_LINE.split(plain) if bar.strip()]


def length_of(bar: str, unit: Fraction) -> Fraction:
    total, dotted = Fraction(0), False
    for digits, slashes, divisor, longer in EVENT.findall(bar):
        value = unit * int(digits or 1)
        value /= int(divisor) if divisor else 2 ** len(slashes)
        total += value / 2 if dotted else value * 3 / 2 if longer else value
        dotted = bool(longer)
    return total - bar.count("@") * unit  # three in the time of two


def header(text: str, field: str) -> str:
    found = re.search(rf"^{field}:(.*)$", text, re.MULTILINE)
    assert found is not None
    return found[1].strip()


@pytest.mark.parametrize("path", sorted(PIECES.glob("*.abc")), ids=lambda path: path.stem)
def test_every_voice_fills_every_bar(path) -> None:
    text = path.read_text(encoding="utf-8")
    voices, bar = voices_of(text), Fraction(header(text, "M"))
    assert {"RH", "LH"} <= set(voices)
    lengths = {name: bar_lengths(music, Fraction(header(text, "L"))) for name, music in voices.items()}
    assert len(set(map(tuple, lengths.values()))) == 1, lengths
    pickup, *rest = lengths["RH"]
    assert pickup <= bar
    assert rest == [bar] * len(rest)


@pytest.mark.parametrize("path", sorted(PIECES.glob("*.abc")), ids=lambda path: path.stem)
def test_all_voices_have_the_same_bar_lines(path) -> None:
    voices = voices_of(path.read_text(encoding="utf-8"))
    lines = {tuple(BAR_LINE.findall(music)) for music in voices.values()}
    assert len(lines) == 1


@pytest.mark.parametrize("path", sorted(PIECES.glob("*.abc")), ids=lambda path: path.stem)
def test_the_header_is_in_one_order_and_the_staves_are_two(path) -> None:
    text = path.read_text(encoding="utf-8")
    names = re.findall(r"^(?:%%)?([A-Za-z]+)(?=[: ])", text.split("\n[V:RH]")[0], re.MULTILINE)
    order = ["X", "T", "C", "level", "bars", "tags", "about", "M", "L", "Q", "score", "V", "K"]
    assert list(dict.fromkeys(names)) == order
    assert re.search(r"^%%score \{(RH|\(RH RH2\)) (LH|\(LH LH2\))\}$", text, re.MULTILINE)
