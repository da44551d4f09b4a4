"""The learner's own scores: files in a folder of theirs, known by name until they are read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

from lessons.bar_names import PICKUP
from lessons.errors import InputError
from lessons.files.disk import replace_whole
from lessons.key_names import key_in_words, mode_in_words
from lessons.library.names import call, names_in
from lessons.library.shelf import SCORE_ENDINGS, Piece, folded
from lessons.score import Score

UNFIT = re.compile(r"[^\w .,()'&+-]")  # for the name of a file, on any system
LONGEST_NAME = 80
YOURS = "Your own score"
REMOVED = "removed"  # the folder of what was taken away, beside what is there


def folder(directory: Path) -> tuple[Piece, ...]:
    """The score files in a folder, by name; empty where there is no such folder."""
    if not directory.is_dir():
        return ()
    try:
        files = [path for path in directory.iterdir() if path.suffix.lower() in SCORE_ENDINGS and path.name[0] != "."]
    except OSError as fault:
        raise InputError(f"{directory}: cannot be listed: {fault.strerror or fault}") from fault
    given = names_in(directory)
    return tuple(sorted((_piece(path, given.get(path.name, "")) for path in files), key=lambda one: folded(one.title)))


def _piece(path: Path, given: str) -> Piece:
    title = given or _spoken(path.stem)
    return Piece(slug=path.name, title=title, path=path, removable=True, origin=YOURS, renamed=bool(given))


def described(piece: Piece, score: Score) -> Piece:
    """The piece with what its score says, where nothing else does: composer, key, metre, bars without a pickup."""
    if piece.key or piece.metre or piece.bars:
        return piece
    fifths, minor = score.keys[["fifths", "minor"]][0].tolist() if len(score.keys) else (0, False)
    named = mode_in_words(fifths, score.mode) if score.mode else key_in_words(fifths, minor)
    key = named if len(score.keys) else ""
    metre = "{}/{}".format(*score.metre_at(0.0)) if len(score.metres) else ""
    written = {name.written for name in score.bar_names} - {PICKUP}
    composer = score.composer if piece.origin == YOURS else piece.composer  # what was made says of what
    return replace(piece, composer=composer, key=key, metre=metre, bars=len(written))


def keep(directory: Path, path: Path, title: str) -> Path:
    """Copy a score file into the folder under its title; what is there already is not copied again. Raises OSError."""
    return keep_content(directory, path.read_bytes(), title or path.stem, path.suffix.lower())


def keep_content(directory: Path, content: bytes, title: str, ending: str) -> Path:
    """Lay the content of a score file into the folder under its title, once. Raises OSError."""
    directory.mkdir(parents=True, exist_ok=True)
    for kept in _numbered(directory, file_name(title), ending):
        if not kept.exists():
            replace_whole(kept, content)
            return kept
        if kept.read_bytes() == content:
            return kept
    raise AssertionError("numbers do not end")


def remove(piece: Piece) -> Path:
    """Take a piece out of the folder, and tell where its file lies now. Raises OSError where it cannot be moved.

    The name that it was given goes with it, so that another file of its name does not get that.
    """
    path, directory = piece.path, piece.path.parent / REMOVED
    directory.mkdir(exist_ok=True)
    lies_in = path.rename(next(free for free in _numbered(directory, path.stem, path.suffix) if not free.exists()))
    call(path, "")
    return lies_in


def restore(piece: Piece, path: Path) -> None:
    """Lay the file of a piece that was taken out back into its folder. Raises OSError where it cannot be moved."""
    if piece.path.exists():
        raise FileExistsError(0, "another file has its name now", str(piece.path))
    path.rename(piece.path)
    if piece.renamed:
        call(piece.path, piece.title)


def _numbered(directory: Path, name: str, ending: str) -> Iterator[Path]:
    """The paths that a file of this name may have: without a number, then with 2, 3, …."""
    return (directory / f"{name}{f' {number}' if number > 1 else ''}{ending}" for number in count(1))


def may_be(piece: Piece, title: str) -> bool:
    """Whether a piece of the catalogue, or of one's own, may be the score of this title."""
    by_itself = _spoken(piece.path.stem) if piece.renamed else piece.title
    return piece.title == title or by_itself.startswith(_spoken(file_name(title)))


def goes_by(piece: Piece, title: str) -> bool:
    """Whether takes of the piece go by this title: it is the piece's own, or that of a file with a number behind it.

    A second file of a title is laid beside the first with a number (`keep`).
    """
    numbered = re.compile(re.escape(_spoken(file_name(title))) + r" \d+")
    by_number = piece.origin == YOURS and not piece.renamed and numbered.fullmatch(_spoken(piece.path.stem))
    return piece.title == title or bool(by_number)


def file_name(title: str) -> str:
    """What a file of this title may be called on any system, without its ending."""
    return " ".join(UNFIT.sub(" ", title).split())[:LONGEST_NAME].strip(" .") or "Untitled"


def _spoken(stem: str) -> str:
    return " ".join(stem.replace("_", " ").replace("-", " ").split()) or stem
