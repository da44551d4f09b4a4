"""The front door of Dacapo: builds the parts, hands them to a command or to the window, and turns errors into one line.

``python main.py`` opens the window; ``python main.py COMMAND …`` does one job in the terminal. This is the only file
that knows all the packages, and it imports each only when it is needed, so that the window opens at once.
"""

from __future__ import annotations

import argparse
import importlib
import io
import logging
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, NoReturn

from lessons.errors import EXIT_OTHER, CheckpointError, DeviceError, InputError, TutorError

if TYPE_CHECKING:
    from lessons.analogy import Likeness
    from tutor.commands.parts import Check, Parts

COMMANDS = {
    "doctor": ("tutor.commands.doctor", "what works on this machine, and how to get the rest"),
    "follow": ("tutor.commands.follow", "follow a take note by note, as in a lesson"),
    "assess": ("tutor.commands.assess", "judge a take after it was played"),
    "vary": ("models.commands.vary", "make a new piece by analogy"),
    "song": ("models.commands.song", "let a motif grow into a song"),
    "similar": ("models.commands.similar", "find pieces with a like rhythm or contour"),
    "listen": ("tutor.commands.listen", "hear a recording as notes"),
    "glove": ("tutor.commands.glove", "find, simulate, test and play a haptic glove"),
    "practise": ("tutor.commands.practise", "practise a piece, with or without the window"),
    "takes": ("tutor.commands.takes", "the takes that were kept, with their ids"),
    "learners": ("tutor.commands.learners", "who plays on this computer"),
    "assign": ("tutor.commands.assign", "write an assignment for a pupil"),
    "assignment": ("tutor.commands.assignment", "what an assignment asks for, and how it stands"),
    "hand-in": ("tutor.commands.hand_in", "hand an assignment in to the teacher"),
    "results": ("tutor.commands.results", "what pupils handed in, beside each other"),
    "train": ("models.commands.train", "train one of the networks"),
    "evaluate": ("models.commands.evaluate", "measure one of the networks"),
}
NUMBERS = {"(?:int|uid)": "no whole number", "(?:float|tempo)": "no number"}  # what argparse calls by their types
SWITCH_INTERVAL_SEC = 0.0005  # a busy Python thread must not keep the session waiting
log = logging.getLogger("dacapo")


class OneLineParser(argparse.ArgumentParser):
    """A parser whose complaint is one line."""

    def error(self, message: str) -> NoReturn:
        """Raise the complaint as an InputError, in words that are not the programmer's."""
        for kind, words in NUMBERS.items():
            message = re.sub(rf"invalid {kind} value: (.*)", rf"\1 is {words}", message)
        raise InputError(f"{message} (see '{self.prog} --help')")


def main(words: Sequence[str] | None = None) -> int:
    """Run a command, or open the window where none is named; the exit status."""
    words = sys.argv[1:] if words is None else words
    level = os.environ.get("DACAPO_LOG", "")
    layout = "%(name)s: %(message)s" if level else "%(message)s"  # which module speaks is for who looks for a fault
    logging.basicConfig(level=level or "WARNING", stream=sys.stderr, format=layout)
    for stream in (sys.stdout, sys.stderr):  # what a terminal's encoding does not have is no reason to stop
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        return run(words)
    except TutorError as error:
        print(" ".join(f"dacapo: {error}".split()), file=sys.stderr)
        return error.status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_OTHER
    except Exception as error:
        log.debug("unexpected", exc_info=True)
        print(f"dacapo: unexpected {type(error).__name__}: {error} (DACAPO_LOG=DEBUG tells more)", file=sys.stderr)
        return EXIT_OTHER


def run(words: Sequence[str]) -> int:
    """Parse and do; raises TutorError."""
    if words and words[0] in COMMANDS:
        return run_command(words[0], words[1:])
    arguments = window_parser().parse_args(words)
    if arguments.score and not Path(arguments.score).exists():
        raise InputError(f"{arguments.score}: no such file, and no command (see 'dacapo --help')")
    return open_window(arguments)


def run_command(name: str, words: Sequence[str]) -> int:
    """Do one job in the terminal."""
    module, summary = COMMANDS[name]
    command = importlib.import_module(module)
    parser = OneLineParser(prog=f"dacapo {name}", description=summary[0].upper() + summary[1:] + ".")
    command.configure(parser)
    return int(command.run(parser.parse_args(words), build_parts()))


def window_parser() -> OneLineParser:
    """What the window takes: a piece to open, and where to listen, touch and keep."""
    from tutor.glove.kinds import KIND_HELP, Kind

    listing = "\n".join(f"  {name:10} {summary}" for name, (_, summary) in COMMANDS.items())
    parser = OneLineParser(
        prog="dacapo",
        description="Open the window; or name a command to do one job in the terminal.",
        epilog=f"commands:\n{listing}\n\n'dacapo COMMAND --help' tells more of each.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "score", nargs="?", metavar="SCORE", help="a piece to open: MusicXML, MIDI or ABC; or an assignment"
    )
    parser.add_argument("--midi", metavar="NAME", help="the MIDI input to listen to")
    parser.add_argument("--glove", metavar="PORT", help="the port of a haptic glove")
    parser.add_argument("--glove-kind", type=Kind, choices=list(Kind), metavar="KIND", help=KIND_HELP)
    parser.add_argument("--journal", metavar="DB", help="where takes are kept")
    parser.add_argument("--learner", metavar="NAME", help="who plays (see 'learners'; default: who played last)")
    return parser


def build_parts() -> Parts:
    """The factories for devices and composer; each imports its own when it is first asked."""
    from tutor.commands.parts import Parts

    return Parts(
        midi_input_names=lambda: device("midi").input_names(),
        open_midi=lambda name, inbox: device("midi").open_input(name, inbox),
        midi_output_names=lambda: device("midi").output_names(),
        open_midi_output=lambda name: device("midi").open_output(name),
        serial_names=lambda: device("glove").names(),
        open_serial=lambda name: device("glove").open_line(name),
        open_speaker=lambda: device("speaker").open_speaker(),
        device_checks=lambda: device("checks").device_checks(),
        weights_checks=weights_checks,
        composer=lambda: importlib.import_module("models.songwriter").load_songwriter(),
        microphone_names=lambda: device("microphone").input_names(),
        open_microphone=lambda wanted, make, inbox: device("microphone").Microphone(wanted, make, inbox),
        open_window=open_window,
        likeness=likeness,
    )


def weights_checks() -> list[Check]:
    """A line of ``doctor`` for each network that came with the program."""
    from models import checkpoint
    from tutor.commands.parts import Check

    try:
        described = checkpoint.describe()
    except CheckpointError as error:
        return [Check("weights", False, str(error), "git checkout models/weights")]
    shown = [(label, ", ".join(f"{name} {value:g}" for name, value in metrics.items())) for label, metrics in described]
    return [Check("weights", True, f"{label}: {metrics}", found=(label,)) for label, metrics in shown]


def likeness(index: Path | None) -> Likeness:
    """What tells which pieces are alike. It needs torch, whose library is loaded first, so that nobody waits for it."""
    importlib.import_module("models.torch_library").load()
    found: Likeness = importlib.import_module("models.likeness").load_likeness(index)
    return found


def device(name: str) -> ModuleType:
    """One of the drivers."""
    return importlib.import_module(f"tutor.devices.{name}")


def open_window(arguments: argparse.Namespace) -> int:
    """Open the window and stay until it is closed."""
    if not has_screen():
        raise DeviceError("there is no screen to open the window on; 'dacapo practise … --headless' needs none")
    from ui.app import run as run_window

    sys.setswitchinterval(SWITCH_INTERVAL_SEC)
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)  # what libraries say to programmers
    return run_window(build_parts(), arguments)


def has_screen() -> bool:
    """Whether a window can be opened; without a screen Qt would end the process."""
    named = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    return named or not sys.platform.startswith("linux")


if __name__ == "__main__":
    sys.exit(main())
