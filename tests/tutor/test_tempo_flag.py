"""The tempo of all commands: a ratio or a percentage, told apart by size."""

from __future__ import annotations

import argparse

import pytest

from tutor.commands import assign, glove, practise

WORDS = {
    assign: ["PIECE", "-o", "out.dacapo"],
    practise: ["PIECE"],
    glove: ["play", "PIECE", "PORT"],
}


@pytest.mark.parametrize("command", WORDS)
@pytest.mark.parametrize(("said", "ratio"), [("80", 0.8), ("0.8", 0.8), ("150", 1.5), ("1.5", 1.5), ("3", 3.0)])
def test_a_percentage_and_a_ratio_are_the_same_tempo(command, said, ratio):
    parser = argparse.ArgumentParser()
    command.configure(parser)
    assert parser.parse_args([*WORDS[command], "--tempo", said]).tempo == pytest.approx(ratio)
    assert parser.parse_args(WORDS[command]).tempo == 1.0
