"""Keys in words, and as people type them."""

from __future__ import annotations

import pytest

from lessons.errors import InputError
from lessons.key_names import key_in_words, key_of_words, mode_in_words


@pytest.mark.parametrize("minor", [False, True])
@pytest.mark.parametrize("fifths", range(-7, 8))
def test_every_signature_has_a_name_that_can_be_typed(fifths: int, minor: bool) -> None:
    assert key_of_words(key_in_words(fifths, minor)) == (fifths, minor)


def test_keys_are_named_as_musicians_do() -> None:
    assert [key_in_words(*key) for key in ((0, False), (-3, False), (3, True), (-6, True))] == [
        "C major",
        "E♭ major",
        "F♯ minor",
        "E♭ minor",
    ]
    assert [key_of_words(text) for text in ("Eb", "F#m", "am", "B minor")] == [
        (-3, False),
        (3, True),
        (0, True),
        (2, True),
    ]


@pytest.mark.parametrize("text", ["H", "G#", "", "C phrygish"])
def test_what_is_no_key_is_refused_with_its_name(text: str) -> None:
    with pytest.raises(InputError, match="--key"):
        key_of_words(text)


@pytest.mark.parametrize(
    ("fifths", "mode", "words"),
    [
        (0, "dorian", "D Dorian"),
        (-1, "dorian", "G Dorian"),
        (0, "phrygian", "E Phrygian"),
        (1, "lydian", "C Lydian"),
        (-2, "mixolydian", "F Mixolydian"),
        (3, "mixolydian", "E Mixolydian"),
        (2, "phrygian", "F♯ Phrygian"),
    ],
)
def test_a_church_mode_is_named_by_its_own_tonic(fifths: int, mode: str, words: str) -> None:
    assert mode_in_words(fifths, mode) == words
