"""``glove list | simulate | selftest | play | monitor | clear | flash``: a haptic glove without the window."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from lessons.errors import EXIT_OTHER, DeviceError, InputError
from tutor.commands.glove_play import add_play, play
from tutor.commands.glove_states import add_clear, add_list, add_monitor, clear, list_gloves, monitor
from tutor.commands.parts import Parts
from tutor.glove.chip import chip_command, flash_command
from tutor.glove.conformance.cases import THOROUGH, Thoroughness
from tutor.glove.conformance.suite import Result, selftest
from tutor.glove.limits import MAX_ACTUATORS

LAST_VERSION = 255  # that a byte can say
LAST_UID = 2**64 - 1


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the jobs and their flags."""
    jobs = parser.add_subparsers(dest="job", required=True, metavar="JOB")
    add_list(jobs)
    _add_simulate(jobs)
    _add_selftest(jobs)
    add_play(jobs)
    flash = jobs.add_parser("flash", help="write the firmware to an Arduino on a port (avrdude)")
    flash.add_argument("port", metavar="PORT")
    flash.add_argument("--baud", type=int, default=115200, help="of its boot loader; old Nanos have 57600")
    add_clear(jobs)
    add_monitor(jobs)


def _add_simulate(jobs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    simulate = jobs.add_parser("simulate", help="a glove without hardware, on a pseudo-terminal")
    simulate.add_argument("--link", type=Path, help="a path that shall always lead to the port")
    simulate.add_argument("--hands", choices=("both", "left", "right"), default="both")
    simulate.add_argument("--motors", type=int, default=10, metavar="N", help="how many it has, 1 to 16")
    simulate.add_argument("--uid", type=uid, help="who the glove says that it is")
    simulate.add_argument("--chip", action="store_true", help="run the real firmware on a simulated microcontroller")
    simulate.add_argument("--speaks", type=int, default=1, metavar="VERSION", help="the version of HGP it claims")


def _add_selftest(jobs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    selftest = jobs.add_parser("selftest", help="put a glove through every case of the protocol; its motors run")
    selftest.add_argument("port", metavar="PORT")
    selftest.add_argument("--thorough", action="store_true", help="a megabyte of garbage, ten minutes of soak")
    selftest.add_argument("--seed", type=int, default=1)
    selftest.add_argument("--json", action="store_true")


def uid(said: str) -> int:
    """The number that somebody typed, also as 0x…; raises ValueError."""
    return int(said, 0)


def run(arguments: argparse.Namespace, parts: Parts) -> int:
    """Do one job; the exit status."""
    jobs: dict[str, Callable[[argparse.Namespace, Parts], int]] = {
        "list": list_gloves,
        "simulate": _simulate,
        "selftest": _selftest,
        "play": play,
        "flash": _flash,
        "monitor": monitor,
        "clear": clear,
    }
    return jobs[arguments.job](arguments, parts)


def _simulate(arguments: argparse.Namespace, _parts: Parts) -> int:
    if os.name != "posix":
        raise DeviceError("glove simulate: this system has no pseudo-terminals (Linux and macOS have)")
    if arguments.uid is not None and not 0 <= arguments.uid <= LAST_UID:
        raise InputError(f"--uid {arguments.uid}: must be 0 to {LAST_UID}")
    if arguments.chip:
        words = chip_command(arguments.link, arguments.uid)
        os.execv(words[0], words)
    from tutor.glove.board import Identity
    from tutor.glove.terminal import Terminal

    if not 1 <= arguments.motors <= MAX_ACTUATORS:
        raise InputError(f"--motors {arguments.motors}: must be 1 to {MAX_ACTUATORS}")
    if not 0 <= arguments.speaks <= LAST_VERSION:
        raise InputError(f"--speaks {arguments.speaks}: must be 0 to {LAST_VERSION}")
    who = Identity(
        uid=Identity.uid if arguments.uid is None else arguments.uid,
        hands={"left": 1, "right": 2, "both": 3}[arguments.hands],
        onset_ms=Identity.onset_ms[:1] * arguments.motors,
        version=arguments.speaks,
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    Terminal(who, sys.stdout, _typed(sys.stdin), arguments.link).run()
    return 0


def _typed(stream: TextIO | None) -> TextIO | None:
    """Standard input where it can be waited for."""
    return stream if stream is not None and not stream.closed else None


def _selftest(arguments: argparse.Namespace, parts: Parts) -> int:
    much = THOROUGH if arguments.thorough else Thoroughness()
    results = []
    for result in selftest(lambda: parts.open_serial(arguments.port), time.perf_counter, much, arguments.seed):
        results.append(result)
        if not arguments.json:
            print(_verdict(result), flush=True)
    failed = [result.name for result in results if result.passed is False]
    if arguments.json:
        cases = [asdict(result) for result in results]
        print(json.dumps({"port": arguments.port, "passed": not failed, "failed": failed, "cases": cases}))
    return EXIT_OTHER if failed else 0


def _verdict(result: Result) -> str:
    word = {True: "pass", False: "FAIL", None: "not tried"}[result.passed]
    figures = ", ".join(f"{name} {value:g}" for name, value in result.figures.items())
    return f"{word:9}  {result.name:34}  {result.note}{f' ({figures})' if figures else ''}"


def _flash(arguments: argparse.Namespace, _parts: Parts) -> int:
    done = subprocess.run(flash_command(arguments.port, arguments.baud), check=False)
    if done.returncode:
        raise DeviceError(f"{arguments.port}: avrdude could not write the firmware")
    return 0
