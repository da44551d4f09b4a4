"""Left hands in bars of five and seven."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.analogy import Growth, Style, styles_for
from lessons.harmony import chords_of
from lessons.score import LEFT
from lessons.typed_notes import score_of_typed
from models.patterns import lasting
from models.songwriter import songs
from models.uneven import groups_of

THREE_AND_TWO, TWO_AND_THREE = "C2 D E2 | F2 E D2", "C2 E2 D | F2 E3"
IN_SEVEN = "A2 c2 e3 | d2 c2 B3"


@pytest.mark.parametrize(
    ("text", "metre", "groups"),
    [
        (THREE_AND_TWO, (5, 4), (3.0, 2.0)),
        (TWO_AND_THREE, (5, 4), (2.0, 3.0)),
        (IN_SEVEN, (7, 8), (2.0, 1.5)),
        ("A3 c2 e2 | d3 c2 B2", (7, 8), (1.5, 2.0)),
        ("A2 c3 e2 | d2 c3 B2", (7, 8), (1.0, 1.5, 1.0)),
        ("C D E F", (4, 4), ()),
    ],
)
def test_a_bar_falls_where_the_tune_does(text: str, metre: tuple[int, int], groups: tuple[float, ...]) -> None:
    assert groups_of(score_of_typed(text, metre, 90.0), metre) == groups


def test_block_chords_are_struck_with_each_chord_and_not_with_each_group() -> None:
    struck = {}
    for style in (Style.BLOCK, Style.HYMN):
        made = songs(Growth(score_of_typed(THREE_AND_TWO, (5, 4), 90.0), style=style))[0].score
        chords = lasting(made, chords_of(made))["start_beat"]
        struck[style] = set(made.hands(LEFT).notes["onset_beat"].tolist()) - set(chords.tolist())
    assert struck[Style.HYMN]
    assert not {onset % 5 for onset in struck[Style.BLOCK]} - {0.0}


@pytest.mark.parametrize(
    ("text", "metre", "group"),
    [(THREE_AND_TWO, (5, 4), 3.0), (TWO_AND_THREE, (5, 4), 2.0), (IN_SEVEN, (7, 8), 2.0)],
)
def test_the_bass_begins_each_group_anew(text: str, metre: tuple[int, int], group: float) -> None:
    motif, length = score_of_typed(text, metre, 90.0), metre[0] * 4 / metre[1]
    for style in styles_for(metre):
        if style in (Style.SINGLE, Style.BLOCK, Style.WALKING):
            continue
        left = songs(Growth(motif, style=style))[0].score.hands(LEFT).notes
        for bar in range(7):
            low = [
                left["pitch"][np.abs(left["onset_beat"] - bar * length - place) < 1e-6].min() for place in (0, group)
            ]
            assert low[0] == low[1], (style, bar)
