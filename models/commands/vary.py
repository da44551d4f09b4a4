"""``vary``: a new piece by analogy, from files to files."""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path
from typing import Any, Protocol

from lessons.analogy import Analogy, Composer, Feature, Growth, Level, Style, Variation
from lessons.bar_names import COUNTED
from lessons.errors import InputError
from lessons.files import WRITTEN_ENDINGS, read_score, write_score
from lessons.files.spelling import STEPS
from lessons.parts import for_pianist
from lessons.percent import percent
from lessons.score import HAND_NAMES, PIANO_KEYS
from models.commands.bar import bar

FEATURES = tuple(Feature)
HANDS = {name: hand for hand, name in HAND_NAMES.items()} | {"both": None}
PITCH_NAME = re.compile(r"([A-Ga-g])([#b]?)(-?\d)")
ENDING = ".mid"
MOST = 64
FIGURES_WIDE = 76  # columns of a terminal for what stands beside the name of a file


class HasComposer(Protocol):
    """Whoever hands over the composer: ``main.py``, or a test."""

    @property
    def composer(self) -> Callable[[], Composer]:
        """Open the composer."""
        ...


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags of ``vary``."""
    parser.add_argument("piece", metavar="PIECE", type=Path, help="the piece to vary; of a song, its piano part")
    for feature in FEATURES:
        parser.add_argument(f"--{feature}-from", metavar="D", type=Path, help=f"take the {feature} from this piece")
    parser.add_argument("--bars", metavar="A-B", help=f"vary only these bars, {COUNTED}")
    parser.add_argument("--strength", type=float, default=0.5, help="without a donor: how far to move, 0 to 1")
    parser.add_argument("--level", choices=[str(level) for level in Level], default=str(Level.SAME))
    parser.add_argument("--range", metavar="LOW-HIGH", help="bounds of what may move, such as 60-79 or C4-G5")
    parser.add_argument("--hand", choices=list(HANDS), default="both", help="vary only this hand")
    parser.add_argument(
        "--style", metavar="NAME", help=f"how the left hand plays: {', '.join(Style)}; nothing else moves"
    )
    parser.add_argument("--keep", metavar="LIST", default="", help="features to lock, such as rhythm,chords")
    add_output_flags(parser)


def add_output_flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of who makes pieces: how many, from which seed, and where to."""
    parser.add_argument("--count", type=int, default=1, metavar="K", help="make K different ones; OUT is a folder then")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("-o", "--out", metavar="OUT", type=Path, required=True, help="the file (or folder) to write")
    parser.add_argument("--force", action="store_true", help="replace an OUT that exists")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(arguments: argparse.Namespace, parts: HasComposer) -> int:
    """Answer the analogy and write the files; 0 when done."""
    return answer(arguments, parts, analogy_of)


def answer(
    arguments: argparse.Namespace, parts: HasComposer, question_of: Callable[[argparse.Namespace], Analogy]
) -> int:
    """Answer the question that the flags ask, write the files and tell; 0 when done."""
    check_out(arguments.out, arguments.count, arguments.force)
    question = question_of(arguments)
    with bar("Reading the weights") as told:
        answers = parts.composer().vary(question, arguments.count, told)
    paths = write_answers(answers, arguments.out, arguments.count, arguments.force)
    if arguments.json:
        print(json.dumps(report(answers, paths), ensure_ascii=False))
    else:
        print_table(answers, paths)
    return 0


def analogy_of(arguments: argparse.Namespace) -> Analogy:
    """The question that the flags ask. Raises InputError or FormatError with the flag or the file."""
    if arguments.seed < 0:
        raise InputError(f"--seed {arguments.seed}: must not be negative")
    given = {feature: getattr(arguments, f"{feature}_from") for feature in FEATURES}
    lowest, highest = pitch_range(arguments.range) if arguments.range else PIANO_KEYS
    return Analogy(
        piece=for_pianist(read_score(arguments.piece)),
        donors={feature: for_pianist(read_score(path)) for feature, path in given.items() if path is not None},
        keep=frozenset(locked(arguments.keep)),
        bars=bar_range(arguments.bars) if arguments.bars is not None else None,
        strength=arguments.strength,
        level=Level(arguments.level),
        lowest=lowest,
        highest=highest,
        hand=HANDS[arguments.hand],
        seed=arguments.seed,
        style=style_named(arguments.style) if arguments.style is not None else None,
    )


def style_named(text: str) -> Style:
    """The style of a name, whatever its case, with hyphens or blanks."""
    wanted = " ".join(text.replace("-", " ").split()).casefold()
    found = next((style for style in Style if style.casefold() == wanted), None)
    if found is None:
        raise InputError(f"--style {text}: must be one of {', '.join(Style)}")
    return found


def locked(text: str) -> list[Feature]:
    """The features of a list such as ``rhythm,chords``."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in set(FEATURES)]
    if unknown:
        raise InputError(f"--keep {unknown[0]}: must be among {', '.join(FEATURES)}")
    return [Feature(name) for name in names]


def bar_range(text: str) -> tuple[int, int]:
    """Bars such as ``3-6`` or ``3``."""
    match = re.fullmatch(r"\s*(\d+)\s*(?:-\s*(\d+)\s*)?", text)
    if not match:
        raise InputError(f"--bars {text}: must be two bar numbers, such as 5-8")
    return int(match[1]), int(match[2] or match[1])


def pitch_range(text: str) -> tuple[int, int]:
    """Pitches such as ``60-79`` or ``C4-G5`` (C4 is 60)."""
    match = re.fullmatch(r"\s*(\d+|[A-Ga-g][#b]?-?\d)\s*-\s*(\d+|[A-Ga-g][#b]?-?\d)\s*", text)
    if not match:
        raise InputError(f"--range {text}: must be two pitches, such as 60-79 or C4-G5")
    return _pitch(match[1]), _pitch(match[2])


def _pitch(text: str) -> int:
    named = PITCH_NAME.fullmatch(text)
    if not named:
        return int(text)
    return STEPS[named[1].upper()] + {"": 0, "#": 1, "b": -1}[named[2]] + 12 * (int(named[3]) + 1)


def check_out(out: Path, count: int, force: bool) -> None:
    """Raise InputError where the answers could not be written, before any work is done."""
    if not 1 <= count <= MOST:
        raise InputError(f"--count {count}: must be 1 to {MOST}")
    if count == 1 and out.suffix.lower() not in WRITTEN_ENDINGS and not out.is_dir():
        raise InputError(f"{out}: a score is written as {', '.join(WRITTEN_ENDINGS)}")
    if count == 1 and out.is_dir():
        raise InputError(f"{out}: is a folder; name a file such as {out / 'variation.mid'}")
    if count > 1 and out.exists() and not out.is_dir():
        raise InputError(f"{out}: with --count {count} OUT is a folder, and this is a file")
    taken = any(out.iterdir()) if count > 1 and out.is_dir() else out.exists() and not out.is_dir()
    if taken and not force:
        raise InputError(f"{out}: exists; add --force to replace it")
    if not out.absolute().parent.is_dir():
        raise InputError(f"{out}: the folder {out.absolute().parent} does not exist")


def write_answers(answers: list[Variation], out: Path, count: int, force: bool) -> list[Path]:
    """Write one file, or a folder of numbered ones, which appears only when it is whole.

    The numbered answers of an earlier call go; whatever else is in the folder stays.
    """
    if count == 1:
        write_score(answers[0].score, out, force, answers[0].made_by)
        return [out]
    names = [answer_name(number, len(str(count))) for number in range(1, len(answers) + 1)]
    try:
        with tempfile.TemporaryDirectory(dir=out.absolute().parent, prefix=".vary-") as folder:
            for name, answer in zip(names, answers, strict=True):
                write_score(answer.score, Path(folder) / name, provenance=answer.made_by)
            out.mkdir(exist_ok=True)
            for name in names:
                (Path(folder) / name).replace(out / name)
            for stale in numbered(out) - set(names):
                (out / stale).unlink()
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror})") from error
    return [out / name for name in names]


def answer_name(number: int, digits: int) -> str:
    """What the file of an answer in a folder is called: ``3.mid``, or ``03.mid`` among ten or more."""
    return f"{number:0{digits}d}{ENDING}"


def numbered(out: Path) -> set[str]:
    """The names of answers in a folder: those that count on from 1 without a gap, in one digit or in two."""
    found: set[str] = set()
    for digits in range(1, len(str(MOST)) + 1):
        names = (answer_name(number, digits) for number in range(1, min(MOST, 10**digits - 1) + 1))
        found |= set(takewhile(lambda name: (out / name).is_file(), names))
    return found


def report(answers: list[Variation], paths: list[Path]) -> dict[str, Any]:
    """The JSON document: the analogy with its provenance, and each result with its measures."""
    first = answers[0]
    return {
        "analogy": first.analogy.provenance(first.weights),
        "results": [
            {"file": str(path), **measures_of(answer), "notices": list(answer.notices)}
            for path, answer in zip(paths, answers, strict=True)
        ],
    }


def measures_of(answer: Variation) -> dict[str, float]:
    """The measures of an answer, rounded for people."""
    names = ("rhythm_kept", "contour_kept", "chord_tones", "difficulty", "distance")
    return {name: round(float(getattr(answer.measures, name)), 4) for name in names}


def print_table(answers: list[Variation], paths: list[Path]) -> None:
    """Print the results for a person, each notice once."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None)
    table.add_column("file", no_wrap=True)
    figures = [figures_of(answer) for answer in answers]
    for heading in figures[0]:
        table.add_column(heading, no_wrap=True, justify="right")
    for path, told in zip(paths, figures, strict=True):
        table.add_row(str(path), *told.values())
    wide = max(len(str(path)) for path in paths) + FIGURES_WIDE
    console = Console(soft_wrap=True, width=max(Console().width, wide))
    console.print(table)
    for notice in dict.fromkeys(notice for answer in answers for notice in answer.notices):
        console.print(f"Note: {notice}.", style="dim", highlight=False)


def figures_of(answer: Variation) -> dict[str, str]:
    """The measures of an answer for a person; a song has its motif as it is, so there only its level tells anything."""
    measured = answer.measures
    level = {"difficulty": f"{measured.difficulty:.1f}"}
    if isinstance(answer.analogy, Growth):
        return level
    kept = {"rhythm kept": percent(measured.rhythm_kept), "contour kept": percent(measured.contour_kept)}
    return kept | {"chord tones": percent(measured.chord_tones)} | level | {"new notes": percent(measured.distance)}
