"""``song``: a motif grows into a song for two hands, from file to file."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from lessons.analogy import Feature, Growth, Level
from lessons.files import read_score
from models.commands.vary import HasComposer, check_out, print_table, report, write_answers
from models.song_form import LENGTHS


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags of ``song``."""
    parser.add_argument("motif", metavar="MOTIF", type=Path, help="one to four bars to begin with")
    parser.add_argument("--bars", type=int, choices=LENGTHS, help="how long the song is; 8 without a form")
    parser.add_argument("--form-from", metavar="D", type=Path, help="take the form from this piece")
    parser.add_argument("--texture-from", metavar="D", type=Path, help="take the left hand's manner from this piece")
    parser.add_argument("--level", choices=[str(level) for level in Level], default=str(Level.SAME))
    parser.add_argument("--count", type=int, default=1, metavar="K", help="make K different ones; OUT is a folder then")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("-o", "--out", metavar="OUT", type=Path, required=True, help="the file (or folder) to write")
    parser.add_argument("--force", action="store_true", help="replace an OUT that exists")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(arguments: argparse.Namespace, parts: HasComposer) -> int:
    """Grow the song and write it; 0 when done."""
    check_out(arguments.out, arguments.count, arguments.force)
    answers = parts.composer().vary(growth_of(arguments), arguments.count)
    paths = write_answers(answers, arguments.out, arguments.count, arguments.force)
    if arguments.json:
        print(json.dumps(report(answers, paths), ensure_ascii=False))
    else:
        print_table(answers, paths)
    return 0


def growth_of(arguments: argparse.Namespace) -> Growth:
    """The question that the flags ask. Raises InputError or FormatError with the flag or the file."""
    texture, form = arguments.texture_from, arguments.form_from
    return Growth(
        piece=read_score(arguments.motif),
        donors={Feature.TEXTURE: read_score(texture)} if texture else {},
        level=Level(arguments.level),
        seed=arguments.seed,
        song_bars=arguments.bars or 0,
        form=read_score(form) if form else None,
    )
