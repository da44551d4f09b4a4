"""``glove list | monitor | clear``: what gloves say of themselves, without the window."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict

from lessons.errors import EXIT_DEVICE, DeviceError, InputError
from lessons.score import LEFT, RIGHT
from tutor.commands.parts import Parts, SerialLine
from tutor.glove.link import GloveLink
from tutor.glove.state import HAND_BITS, GloveState
from tutor.practice import Hands

FIND_SEC = 3.0
LOOK_SEC = 0.05
STATUS_SEC = 0.6  # in which a glove that was met has told of its faults
HANDS = {HAND_BITS[LEFT]: Hands.LEFT, HAND_BITS[RIGHT]: Hands.RIGHT, sum(HAND_BITS.values()): Hands.BOTH}


def add_list(jobs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the job that lists gloves, and its flags."""
    found = jobs.add_parser("list", help="the serial ports, and which of them has a glove")
    found.add_argument("--json", action="store_true")
    found.add_argument("port", nargs="*", metavar="PORT", help="look here too (a pseudo-terminal is in no list)")


def add_monitor(jobs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the job that tells how a glove is, and its flags."""
    monitor = jobs.add_parser("monitor", help="tell how a glove is, until Ctrl-C; one that is unplugged is waited for")
    monitor.add_argument("port", metavar="PORT")
    monitor.add_argument("--seconds", type=float, help="end after this time")
    monitor.add_argument("--json", action="store_true", help="one object a line")


def add_clear(jobs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the job that clears a fault."""
    clear = jobs.add_parser("clear", help="clear the fault of a glove, once you have looked after its cause")
    clear.add_argument("port", metavar="PORT")


def list_gloves(arguments: argparse.Namespace, parts: Parts) -> int:
    """Tell how each port answers; the exit status."""
    found = met([*parts.serial_names(), *arguments.port], parts.open_serial)
    if arguments.json:
        print(json.dumps([_plain(state) for state in found]))
    elif not found:
        print("no serial port here; 'glove simulate' makes a glove without hardware")
    else:
        print("\n".join(f"{state.name:24} {_words(state).removeprefix(f'{state.name}: ')}" for state in found))
    return 0


def met(ports: Iterable[str], open_serial: Callable[[str], SerialLine]) -> list[GloveState]:
    """How each port answers a greeting; all are asked at the same time."""
    links = [_link(port, open_serial) for port in ports]
    end = time.perf_counter() + FIND_SEC
    while time.perf_counter() < end and not all(link.state.connected or link.state.error for link in links):
        time.sleep(LOOK_SEC)
    found = [link.state for link in links]
    for link in links:
        link.close()
    return found


def monitor(arguments: argparse.Namespace, parts: Parts) -> int:
    """Tell each change of a glove; the exit status. Raises DeviceError where the port cannot be opened at first."""
    if arguments.seconds is not None and arguments.seconds <= 0:
        raise InputError(f"--seconds {arguments.seconds:g}: must be more than 0")
    first = [parts.open_serial(arguments.port)]
    link = _link(arguments.port, lambda port: first.pop() if first else parts.open_serial(port))
    end = float("inf") if arguments.seconds is None else time.perf_counter() + arguments.seconds
    try:
        _tell_changes(link, end, arguments.json)
    finally:
        link.close()
    return 0 if link.state.connected else EXIT_DEVICE


def clear(arguments: argparse.Namespace, parts: Parts) -> int:
    """Clear the fault, and say which one it was. Raises DeviceError where its cause is still there."""
    link = _link(arguments.port, parts.open_serial)
    try:
        _wait(lambda: link.state.connected or bool(link.state.error), FIND_SEC)
        if not link.state.connected:
            raise DeviceError(link.state.reason or f"{arguments.port}: no glove answers there")
        if not _wait(lambda: bool(link.state.faults), STATUS_SEC):
            print(f"{arguments.port}: this glove has no fault")
            return 0
        faults = ", ".join(link.state.faults)
        link.clear_fault()
        if not _wait(lambda: not link.state.faults, FIND_SEC):
            raise DeviceError(f"{arguments.port}: {faults}; it cannot be cleared while its cause is there")
        print(f"{arguments.port}: cleared ({faults})")
        return 0
    finally:
        link.close()


def _link(port: str, open_serial: Callable[[str], SerialLine]) -> GloveLink:
    return GloveLink(lambda: open_serial(port), name=port)


def _wait(what: Callable[[], bool], most_sec: float) -> bool:
    """Wait for something to be so; whether it is."""
    end = time.perf_counter() + most_sec
    while not what() and time.perf_counter() < end:
        time.sleep(LOOK_SEC)
    return what()


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
        return state.reason or "greeting …"
    hands = HANDS[state.hands].words if state.hands in HANDS else "no hand"
    battery = "" if state.battery is None else f", battery {state.battery} %"
    fault = f"; {', '.join(state.faults)}" if state.faults else ""
    armed = "armed" if state.armed else "safe"
    return f"a glove: {hands}, {state.actuators} motors ({state.actuator_class}), {armed}{battery}{fault}"
