"""A piece is called what its page says, and never by the placeholder of a program."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree
from malformed import bar, musicxml, note

from lessons.files import read_score
from lessons.files.titles import is_title, title_from, title_of


@pytest.mark.parametrize(
    "text",
    [
        "Title",
        "untitled",
        "Untitled Score",
        "xml score",
        "xml_score",
        "Score",
        "Music21 Fragment",
        "",
        "New score 2",
    ],
)
def test_placeholders_are_no_titles(text: str) -> None:
    assert not is_title(text)


@pytest.mark.parametrize(
    "text", ["Lied", "Score for two", "Untitled waltz", "雪", "24", "Fragment", "Title song", "Il Titlo", "Newcastle"]
)
def test_what_names_a_piece_is_a_title(text: str) -> None:
    assert is_title(text)


def document(head: str) -> etree._Element:
    return etree.fromstring(f"<score-partwise>{head}</score-partwise>")


def heading(words: str, size: int, justify: str = "center") -> str:
    look = f"font-size='{size}' justify='{justify}' valign='top'"
    return f"<credit page='1'><credit-words {look}>{words}</credit-words></credit>"


WORK = "<work><work-title>{}</work-title></work>"
MOVEMENT = "<movement-title>{}</movement-title>"


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (WORK.format("Six songs") + MOVEMENT.format("Spring"), "Spring"),
        (WORK.format("Six songs") + MOVEMENT.format("3"), "Six songs"),
        (WORK.format("Sonata") + MOVEMENT.format("Title"), "Sonata"),
        (WORK.format("3"), "3"),
        (WORK.format("A"), "A"),
        (WORK.format("a") + heading("Prelude", 24), "Prelude"),
        (heading("in C", 14) + heading("Prelude", 24) + heading("Bach", 30, "right"), "Prelude"),
        (WORK.format("Untitled score") + heading("Prelude", 24), "Prelude"),
        ("<credit><credit-type>title</credit-type><credit-words>Waltz</credit-words></credit>", "Waltz"),
        ("<credit page='2'><credit-words justify='center' valign='top'>Page</credit-words></credit>", ""),
        (MOVEMENT.format("xml score"), ""),
    ],
)
def test_the_head_of_the_page_tells_what_the_file_does_not(head: str, title: str) -> None:
    assert title_of(document(head)) == title


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("music/Little_waltz.mid", "Little waltz"),
        ("music/Kreisleriana/4/xml_score.musicxml", "Kreisleriana 4"),
        ("Italian_concerto/midi_score.mid", "Italian concerto"),
        ("score.mid", "score"),
    ],
)
def test_a_file_that_is_only_called_score_has_the_name_of_its_folders(path: str, title: str) -> None:
    assert title_from(Path(path)) == title


def test_a_placeholder_gives_way_to_the_name_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "Evening_song.musicxml"
    content = musicxml(bar(note() * 4)).replace(b"<part-list>", b"<movement-title>Title</movement-title><part-list>")
    file.write_bytes(content)
    assert read_score(file).title == "Evening song"
