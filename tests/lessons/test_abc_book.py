"""A book of tunes comes apart into its tunes."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.files import read_score, score_in
from lessons.files.abc_book import tunes_of

BOOK = b"""M:3/4
L:1/4

X:1
T:The First
K:G
GAB|

X:7
T:The Second
M:2/4
K:D
de|
"""


def test_each_tune_of_a_book_is_a_file_of_its_own(tmp_path: Path) -> None:
    scores = []
    for tune in tunes_of(BOOK):
        (tmp_path / "tune.abc").write_bytes(tune.content)
        scores.append(read_score(tmp_path / "tune.abc"))
    assert [tune.title for tune in tunes_of(BOOK)] == ["The First", "The Second"] == [one.title for one in scores]
    assert [score.notes["pitch"].tolist() for score in scores] == [[67, 69, 71], [74, 76]]


def test_what_stands_before_the_first_tune_holds_for_all() -> None:
    assert all(tune.content.startswith(b"M:3/4\nL:1/4") for tune in tunes_of(BOOK))


@pytest.mark.parametrize("letters", ["utf-8", "latin-1", "utf-8-sig"])
def test_a_title_has_the_letters_of_its_tune_however_they_are_written(letters: str) -> None:
    book = "X:1\nT:Frère Jacques\nL:1/4\nK:C\ncdec|\nX:2\nT:Étude\nL:1/4\nK:C\ncdec|\n".encode(letters)
    tunes = tunes_of(book)
    assert [tune.title for tune in tunes] == ["Frère Jacques", "Étude"]
    assert [score_in(tune.content, ".abc").title for tune in tunes] == ["Frère Jacques", "Étude"]


def test_a_file_without_numbers_is_no_book() -> None:
    assert tunes_of(b"T:Alone\nK:C\nCDE|") == ()
