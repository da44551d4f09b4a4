"""Notes by name."""

from __future__ import annotations

import pytest

from lessons.note_names import Naming, called, class_name, pitch_name, spelled_name


@pytest.mark.parametrize(
    ("step", "alter", "letters", "solfege", "german"),
    [
        ("C", 0, "C", "Do", "C"),
        ("F", 1, "F♯", "Fa♯", "Fis"),
        ("B", 0, "B", "Si", "H"),
        ("B", -1, "B♭", "Si♭", "B"),
        ("B", 1, "B♯", "Si♯", "His"),
        ("B", -2, "B♭♭", "Si♭♭", "Heses"),
        ("E", -1, "E♭", "Mi♭", "Es"),
        ("A", -1, "A♭", "La♭", "As"),
        ("A", -2, "A♭♭", "La♭♭", "Asas"),
        ("G", -1, "G♭", "Sol♭", "Ges"),
        ("F", 2, "F×", "Fa×", "Fisis"),
    ],
)
def test_a_note_is_called_as_musicians_call_it(step: str, alter: int, letters: str, solfege: str, german: str) -> None:
    said = [spelled_name(step, alter, naming) for naming in (Naming.LETTERS, Naming.SOLFEGE, Naming.GERMAN)]
    assert said == [letters, solfege, german]


def test_a_key_of_the_piano_is_called_as_it_is_written_most_often() -> None:
    assert " ".join(map(class_name, range(60, 72))) == "C C♯ D E♭ E F F♯ G A♭ A B♭ B"
    assert class_name(70, Naming.GERMAN) == "B"
    assert class_name(71, Naming.GERMAN) == "H"
    assert [pitch_name(pitch) for pitch in (21, 60, 108)] == ["A0", "C4", "C8"]


def test_a_sentence_calls_a_key_as_was_chosen_and_letters_come_with_the_octave() -> None:
    said = {naming: called(71, "B", 0, naming) for naming in Naming}
    assert said == {Naming.NONE: "B4", Naming.LETTERS: "B4", Naming.SOLFEGE: "Si", Naming.GERMAN: "H"}
