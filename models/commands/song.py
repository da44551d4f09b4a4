"""``song``: a motif grows into a song for two hands, from file to file."""

from __future__ import annotations

import argparse
from pathlib import Path

from lessons.analogy import SONG_BARS, Feature, Growth, Level, Style
from lessons.files import read_score
from lessons.key_names import in_key, key_of_words
from models.commands.vary import HasComposer, add_output_flags, answer, style_named


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags of ``song``."""
    parser.add_argument("motif", metavar="MOTIF", type=Path, help="one to four bars to begin with")
    parser.add_argument("--bars", type=int, choices=SONG_BARS, help="how long the song is; 8 without a form")
    parser.add_argument("--form-from", metavar="D", type=Path, help="take the form from this piece")
    parser.add_argument(
        "--texture-from",
        metavar="D",
        type=Path,
        help="take the left hand's manner from this piece; with --style, where the motif is not stated",
    )
    parser.add_argument(
        "--style", metavar="NAME", help=f"how the left hand plays: {', '.join(Style)}; the tune is the same in each"
    )
    parser.add_argument(
        "--key", metavar="KEY", help="the motif's key, such as Eb or F#m; else its page's, or one heard"
    )
    parser.add_argument("--level", choices=[str(level) for level in Level], default=str(Level.SAME))
    add_output_flags(parser)


def run(arguments: argparse.Namespace, parts: HasComposer) -> int:
    """Grow the song and write it; 0 when done."""
    return answer(arguments, parts, growth_of)


def growth_of(arguments: argparse.Namespace) -> Growth:
    """The question that the flags ask. Raises InputError or FormatError with the flag or the file."""
    texture, form = arguments.texture_from, arguments.form_from
    return Growth(
        piece=in_key(read_score(arguments.motif), *key_of_words(arguments.key))
        if arguments.key
        else read_score(arguments.motif),
        donors={Feature.TEXTURE: read_score(texture)} if texture else {},
        level=Level(arguments.level),
        seed=arguments.seed,
        style=style_named(arguments.style) if arguments.style is not None else None,
        song_bars=arguments.bars or 0,
        form=read_score(form) if form else None,
    )
