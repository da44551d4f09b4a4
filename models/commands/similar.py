"""``similar``: the pieces of a folder whose rhythm, or whose contour, is most like a piece's."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from lessons.analogy import Feature
from lessons.errors import FormatError, InputError
from lessons.files import ABC_ENDINGS, MIDI_ENDINGS, MUSICXML_ENDINGS, read_score
from lessons.score import Score

ENDINGS = MUSICXML_ENDINGS + MIDI_ENDINGS + ABC_ENDINGS


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags of ``similar``."""
    parser.add_argument("piece", metavar="PIECE", type=Path)
    parser.add_argument("--by", choices=["rhythm", "pitch"], default="rhythm", help="what to compare")
    parser.add_argument("--among", metavar="DIR", type=Path, required=True, help="a folder of pieces")
    parser.add_argument("--index", metavar="FILE", type=Path, help="where to keep the index (.npz)")
    parser.add_argument("--count", metavar="K", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(arguments: argparse.Namespace, _parts: object) -> int:
    """Print the nearest pieces; 0 when done."""
    from models.likeness import load_likeness

    if arguments.count < 1:
        raise InputError(f"--count {arguments.count}: must be at least 1")
    piece, pieces = read_score(arguments.piece), pieces_of(arguments.among)
    likeness = load_likeness(arguments.index)
    found = likeness.nearest(piece, pieces, Feature(arguments.by))[: arguments.count]
    if arguments.json:
        results = [{"file": name, "distance": round(distance, 4)} for name, distance in found]
        print(
            json.dumps(
                {"piece": str(arguments.piece), "by": arguments.by, "weights": likeness.label, "results": results}
            )
        )
    else:
        for name, distance in found:
            print(f"{distance:8.3f}  {name}")
    return 0


def pieces_of(folder: Path) -> dict[str, Score]:
    """The scores of a folder that can be read, by file name. Raises InputError where there are none."""
    if not folder.is_dir():
        raise InputError(f"--among {folder}: no such folder")
    pieces = {}
    for path in sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS):
        try:
            pieces[str(path)] = read_score(path)
        except FormatError:
            continue
    if not pieces:
        raise InputError(f"--among {folder}: no pieces in this folder")
    return pieces
