"""Titles and names as they can be shown: nothing in them turns around what stands beside them."""

from __future__ import annotations

import pytest

from lessons.files import read_score
from lessons.legible import legible


@pytest.mark.parametrize(("name", "title"), [("tune.abc", "T:Ma\u202ery\n"), ("Ma\u202ery.abc", "")])
def test_a_title_turns_nothing_around(tmp_path, name, title):
    path = tmp_path / name
    path.write_text(f"X:1\n{title}C:A\u202eb\nL:1/4\nK:C\nCDEF|\n", encoding="utf-8")
    score = read_score(path)
    assert (score.title, score.composer) == ("Ma ry", "A b")


def test_emoji_and_joined_letters_stay_as_they_are():
    for words in ("\U0001f469\u200d\U0001f3a4 sings", "नमस्ते\u200d", "Zoë"):
        assert legible(words) == words
