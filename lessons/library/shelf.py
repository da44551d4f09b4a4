"""The catalogue: what there is to play, read from the headers of the files alone so that a window opens at once.

Each piece of the library is one ABC file in ``pieces/``. Its header is the only home of what the catalogue says:
``T`` (title, then subtitle), ``C`` (composer), ``M``, ``K``, and the directives ``%%level``, ``%%bars`` (written bars
without a pickup), ``%%tags`` and ``%%about`` (one sentence for the learner). Levels are 1 (first lessons) to 9; 0 is
not graded.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from lessons.errors import InputError
from lessons.files import ABC_ENDINGS, MIDI_ENDINGS, MUSICXML_ENDINGS, read_score
from lessons.parts import for_pianist
from lessons.score import Score

PIECES = Path(__file__).parent / "pieces"
MODES = {"": "major", "m": "minor", "dor": "Dorian", "mix": "Mixolydian"}
SCORE_ENDINGS = MUSICXML_ENDINGS + MIDI_ENDINGS + ABC_ENDINGS


@dataclass(frozen=True)
class Piece:
    """One entry of the catalogue; empty strings and zeros where nobody knows yet."""

    slug: str
    title: str
    path: Path
    subtitle: str = ""
    composer: str = ""
    level: int = 0
    key: str = ""  # "G minor"
    metre: str = ""  # "3/4"
    bars: int = 0
    tags: tuple[str, ...] = ()
    about: str = ""
    removable: bool = False  # from the shelf, as what the learner opened or had made
    renamed: bool = False  # its title is what the learner calls it, whatever its file says
    graded: int = 0  # the level that it was found to have, of a piece that the catalogue does not grade
    origin: str = ""  # what it was made of, or comes from, where it is not of the library
    details: str = ""  # for who wants to make it again

    def score(self) -> Score:
        """Read the piece as a pianist plays it. Raises FormatError where the file cannot be read."""
        score = for_pianist(read_score(self.path))
        return replace(
            score,
            title=self.title if self.level or self.renamed else score.title or self.title,
            composer=self.composer or score.composer,
            level=self.level or score.level,
        )


def pieces() -> tuple[Piece, ...]:
    """The library, easiest first, then by title."""
    return tuple(sorted(map(_catalogued, PIECES.glob("*.abc")), key=lambda piece: (piece.level, folded(piece.title))))


def load(slug: str) -> Score:
    """The score of a library piece. Raises InputError for a name that the library does not have."""
    path = PIECES / f"{slug}.abc"
    if path.parent != PIECES or not path.is_file():
        raise InputError(f"{slug}: the library has no such piece")
    return _catalogued(path).score()


def find(
    shelf: Iterable[Piece],
    text: str = "",
    levels: Container[int] | None = None,
    key: str = "",
    metre: str = "",
) -> tuple[Piece, ...]:
    """The pieces of a shelf, in its order, that have every word of ``text`` and are of the wanted kind.

    Words match title, composer, tags and description without regard to case and accents; what is empty or None
    does not restrict.
    """
    words = folded(text).split()
    return tuple(
        piece
        for piece in shelf
        if (levels is None or piece.level in levels)
        and key in ("", piece.key)
        and metre in ("", piece.metre)
        and all(word in _searched(piece) for word in words)
    )


def folded(text: str) -> str:
    """The text without case and accents, for searching and sorting."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def _searched(piece: Piece) -> str:
    return folded(
        " ".join(
            (
                piece.title,
                piece.subtitle,
                piece.composer,
                *piece.tags,
                piece.key,
                piece.about,
                piece.slug.replace("-", " "),
            )
        )
    )


def _catalogued(path: Path) -> Piece:
    fields = _header(path)
    return Piece(
        slug=path.stem,
        title=fields["T"][0],
        subtitle=" ".join(fields["T"][1:]),
        path=path,
        composer=fields["C"][0],
        level=int(fields["level"][0]),
        key=_key(fields["K"][0]),
        metre=fields["M"][0],
        bars=int(fields["bars"][0]),
        tags=tuple(tag.strip() for tag in fields["tags"][0].split(",")),
        about=fields["about"][0],
    )


def _header(path: Path) -> dict[str, list[str]]:
    """Each field or directive of an ABC header with its values in order; ``K`` ends the header."""
    fields: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, _, value = line[2:].partition(" ") if line.startswith("%%") else line.partition(":")
        fields.setdefault(name, []).append(value.strip())
        if name == "K":
            break
    return fields


def _key(abc: str) -> str:
    tonic = abc[:2] if abc[1:2] in ("b", "#") else abc[:1]
    return f"{tonic.replace('b', '♭').replace('#', '♯')} {MODES[abc[len(tonic) :]]}"
