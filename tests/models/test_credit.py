"""A piece made from another's names whom it comes after."""

from __future__ import annotations

import pytest

from models.credit import after


@pytest.mark.parametrize(
    ("composer", "credit"),
    [
        ("Christian Petzold (1677–1733)", "after Christian Petzold (1677–1733)"),
        ("Traditional, England", "after a traditional tune from England"),
        ("Traditional, United States", "after a traditional tune from the United States"),
        ("Traditional", "after a traditional tune"),
        ("Trad.", "after a traditional tune"),
        ("Trad. Irish", "after a traditional tune (Irish)"),
        ("Anonymous (before 1740)", "after an anonymous piece (before 1740)"),
        ("Anon.", "after an anonymous piece"),
        ("Tradesman, John", "after Tradesman, John"),
        ("", ""),
    ],
)
def test_a_credit_reads_as_a_musician_writes_it(composer: str, credit: str) -> None:
    assert after(composer) == credit


@pytest.mark.parametrize("composer", ["Traditional, England", "Anonymous (before 1740)", "Petzold"])
def test_what_was_made_of_such_a_piece_keeps_the_credit(composer: str) -> None:
    assert after(after(composer)) == after(composer)
