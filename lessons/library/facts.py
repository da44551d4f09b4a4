"""What the score files of a folder were found to say, kept beside them so that a shelf tells it at once."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from lessons.difficulty import difficulty
from lessons.files.disk import replace_whole
from lessons.library.entries import entries_in
from lessons.library.own import described, file_name
from lessons.library.shelf import Piece

FACTS_FILE = "facts.json"
FACTS = {"title": str, "composer": str, "key": str, "metre": str, "bars": int, "graded": int}
log = logging.getLogger(__name__)
Found = Mapping[str, Mapping[str, Any]]  # by the name of the file


def facts_in(directory: Path) -> Found:
    """What is known of the files of a folder; nothing where that cannot be read."""
    return entries_in(directory / FACTS_FILE, dict, logging.INFO)


def with_facts(piece: Piece, found: Found) -> Piece:
    """The piece with what was found of its file, where that is the same file still."""
    facts = found.get(piece.path.name, {})
    if facts.get("file") != _file(piece.path) or not all(
        isinstance(facts.get(key), kind) for key, kind in FACTS.items()
    ):
        return piece
    return replace(piece, **{key: facts[key] for key in FACTS} | {"title": _title(piece, facts["title"])})


def looked_into(piece: Piece) -> Piece:
    """The piece with what its score says, kept for the next time. Raises FormatError where it cannot be read."""
    file, score = _file(piece.path), replace(piece, renamed=False).score()
    said = replace(described(piece, score), graded=round(difficulty(score).level))
    facts = {key: getattr(said, key) for key in FACTS} | {"title": score.title, "file": file}
    directory = piece.path.parent
    known = {name: kept for name, kept in facts_in(directory).items() if (directory / name).exists()}
    try:
        replace_whole(directory / FACTS_FILE, json.dumps(known | {piece.path.name: facts}, ensure_ascii=False).encode())
    except OSError as fault:
        log.info("%s cannot be written: %s", directory / FACTS_FILE, fault)
    return replace(said, title=_title(piece, score.title))


def _title(piece: Piece, written: str) -> str:
    """What a piece is called: as its takes are, where its file has its title, as far as a file can."""
    return written if not piece.renamed and file_name(written) == piece.path.stem else piece.title


def _file(path: Path) -> list[int]:
    """By what a file is known to be the same: its size and when it was written."""
    try:
        kept = path.stat()
    except OSError:
        return []
    return [kept.st_size, kept.st_mtime_ns]
