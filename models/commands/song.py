"""``song``: a motif grows into a song for two hands, from file to file."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from lessons.analogy import SONG_BARS, Feature, Growth, Level, Style
from lessons.errors import InputError
from lessons.files import read_score
from lessons.key_names import in_key, key_of_words
from lessons.score import Score
from lessons.typed_notes import score_of_typed
from models.commands.vary import HasComposer, add_output_flags, answer, style_named

PLAIN_METRE, PLAIN_TEMPO = "4/4", 90.0
SLOWEST, FASTEST = 20, 400
METRE = re.compile(r"([1-9]|1[0-2])/([248])")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags of ``song``."""
    parser.add_argument("motif", metavar="MOTIF", type=Path, nargs="?", help="a file of one to four bars to begin with")
    parser.add_argument(
        "--notes",
        metavar="TEXT",
        help="the motif itself instead of a file, such as 'D | G A/2 B/2 d2 | F# G2 z': C is middle C, c an octave"
        " higher, z a rest; numbers count the unit of the metre",
    )
    parser.add_argument("--metre", help=f"the metre of --notes (default: {PLAIN_METRE})")
    parser.add_argument("--tempo", type=float, help=f"quarters a minute of --notes (default: {PLAIN_TEMPO:g})")
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
    texture, form, motif = arguments.texture_from, arguments.form_from, motif_of(arguments)
    return Growth(
        piece=in_key(motif, *key_of_words(arguments.key)) if arguments.key else motif,
        donors={Feature.TEXTURE: read_score(texture)} if texture else {},
        level=Level(arguments.level),
        seed=arguments.seed,
        style=style_named(arguments.style) if arguments.style is not None else None,
        song_bars=arguments.bars or 0,
        form=read_score(form) if form else None,
    )


def motif_of(arguments: argparse.Namespace) -> Score:
    """The motif of a file, or the one that is typed. Raises InputError where there is none, or both."""
    if (arguments.motif is None) == (arguments.notes is None):
        raise InputError("give a MOTIF, or its --notes")
    if arguments.motif is None:
        return _typed_motif(arguments)
    for flag, given in (("--metre", arguments.metre), ("--tempo", arguments.tempo)):
        if given is not None:
            raise InputError(f"{flag}: is for --notes; a file has its own")
    return read_score(arguments.motif)


def _typed_motif(arguments: argparse.Namespace) -> Score:
    tempo = PLAIN_TEMPO if arguments.tempo is None else arguments.tempo
    if not SLOWEST <= tempo <= FASTEST:
        raise InputError(f"--tempo {tempo:g}: must be {SLOWEST} to {FASTEST}")
    words = PLAIN_METRE if arguments.metre is None else arguments.metre
    metre = METRE.fullmatch(words)
    if not metre:
        raise InputError(f"--metre {words}: must be 1 to 12 halves, quarters or eighths, such as 3/4 or 6/8")
    try:
        return score_of_typed(arguments.notes, (int(metre[1]), int(metre[2])), tempo)
    except InputError as error:
        raise InputError(f"--notes: {error}") from error
