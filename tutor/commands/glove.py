"""``glove list | simulate | selftest | play | monitor | flash``: a haptic glove without the window."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from lessons.errors import EXIT_DEVICE, DeviceError
from tutor.commands.parts import Parts, SerialLine
from tutor.glove.link import GloveLink
from tutor.glove.state import GloveState

FIND_SEC = 3.0
LOOK_SEC = 0.05


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the jobs and their flags."""
    jobs = parser.add_subparsers(dest="job", required=True, metavar="JOB")
    _add_list(jobs)
    _add_simulate(jobs)
    monitor = jobs.add_parser("monitor", help="tell how a glove is, until Ctrl-C")
    monitor.add_argument("port", metavar="PORT")
    monitor.add_argument("--seconds", type=float, help="end after this time")
    monitor.add_argument("--json", action="store_true", help="one object a line")


def _add_list(jobs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    found = jobs.add_parser("list", help="the serial ports, and which of them has a glove")
    found.add_argument("--json", action="store_true")
    found.add_argument("port", nargs="*", metavar="PORT", help="look here too (a pseudo-terminal is in no list)")


def _add_simulate(jobs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    simulate = jobs.add_parser("simulate", help="a glove without hardware, on a pseudo-terminal")
    simulate.add_argument("--link", type=Path, help="a path that shall always lead to the port")
    simulate.add_argument("--hands", choices=("both", "left", "right"), default="both")
    simulate.add_argument("--uid", type=lambda said: int(said, 0), help="who the glove says that it is")
    simulate.add_argument("--speaks", type=int, default=1, metavar="VERSION", help="the version of HGP it claims")


def run(arguments: argparse.Namespace, parts: Parts) -> int:
    """Do one job; the exit status."""
    jobs: dict[str, Callable[[argparse.Namespace, Parts], int]] = {
        "list": _list,
        "simulate": _simulate,
        "monitor": _monitor,
    }
    return jobs[arguments.job](arguments, parts)


def _list(arguments: argparse.Namespace, parts: Parts) -> int:
    found = _met([*parts.serial_names(), *arguments.port], parts.open_serial)
    if arguments.json:
        print(json.dumps([_plain(state) for state in found]))
    elif not found:
        print("no serial port here; 'glove simulate' makes a glove without hardware")
    else:
        print("\n".join(f"{state.name:24} {_words(state)}" for state in found))
    return 0


def _met(ports: Iterable[str], open_serial: Callable[[str], SerialLine]) -> list[GloveState]:
    """How each port answers a greeting; all are asked at the same time."""
    links = [_link(port, open_serial) for port in ports]
    end = time.perf_counter() + FIND_SEC
    while time.perf_counter() < end and not all(link.state.connected or link.state.error for link in links):
        time.sleep(LOOK_SEC)
    found = [link.state for link in links]
    for link in links:
        link.close()
    return found


def _link(port: str, open_serial: Callable[[str], SerialLine]) -> GloveLink:
    return GloveLink(lambda: open_serial(port), name=port)


def _simulate(arguments: argparse.Namespace, _parts: Parts) -> int:
    if os.name != "posix":
        raise DeviceError("glove simulate: this system has no pseudo-terminals (Linux and macOS have)")
    from tutor.glove.simulator import Identity
    from tutor.glove.terminal import Terminal

    hands = {"left": 1, "right": 2, "both": 3}[arguments.hands]
    who = Identity(hands=hands, version=arguments.speaks)
    if arguments.uid is not None:
        who = Identity(uid=arguments.uid, hands=hands, version=arguments.speaks)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    Terminal(who, sys.stdout, _typed(sys.stdin), arguments.link).run()
    return 0


def _typed(stream: TextIO | None) -> TextIO | None:
    """Standard input where it can be waited for."""
    return stream if stream is not None and not stream.closed else None


def _monitor(arguments: argparse.Namespace, parts: Parts) -> int:
    link = _link(arguments.port, parts.open_serial)
    end = float("inf") if arguments.seconds is None else time.perf_counter() + arguments.seconds
    try:
        _tell_changes(link, end, arguments.json)
    finally:
        link.close()
    return 0 if link.state.connected else EXIT_DEVICE


def _tell_changes(link: GloveLink, end: float, as_json: bool) -> None:
    told = ""
    while time.perf_counter() < end:
        said = json.dumps(_plain(link.state)) if as_json else _words(link.state)
        if said != told:
            print(said, flush=True)
        told = said
        time.sleep(LOOK_SEC)


def _plain(state: GloveState) -> dict[str, object]:
    return asdict(state)


def _words(state: GloveState) -> str:
    if not state.connected:
        return state.error or "greeting …"
    hands = {1: "left hand", 2: "right hand", 3: "both hands"}.get(state.hands, "no hand")
    battery = "" if state.battery is None else f", battery {state.battery} %"
    fault = f"; {', '.join(state.faults)}" if state.faults else ""
    armed = "armed" if state.armed else "safe"
    return f"a glove: {hands}, {state.actuators} motors ({state.actuator_class}), {armed}{battery}{fault}"
