"""``glove list | simulate | selftest | play | monitor | clear | flash``: a haptic glove without the window."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from lessons.errors import EXIT_DEVICE, EXIT_OTHER, DeviceError, InputError
from lessons.score import LEFT, RIGHT
from tutor.commands.parts import Parts, SerialLine
from tutor.commands.tempo import MOST_RATIO, add_tempo
from tutor.cues import BOTH_HANDS, FINGERS, PRESETS, TimedCue, plan
from tutor.glove.chip import chip_command, flash_command
from tutor.glove.conformance.cases import THOROUGH, Thoroughness
from tutor.glove.conformance.suite import Result, selftest
from tutor.glove.kinds import KIND_HELP, Kind
from tutor.glove.limits import MAX_ACTUATORS
from tutor.glove.link import GloveLink
from tutor.glove.opening import open_glove
from tutor.glove.settings import LinkSettings
from tutor.glove.state import HAND_BITS, Glove, GloveState
from tutor.practice import Hands

LEAST_RATIO = 0.1
LAST_VERSION = 255  # that a byte can say
FIND_SEC = 3.0
ARM_SEC = 5.0
GIVE_UP_SEC = 1.0
HANDED_OVER_SEC = 0.7
LOOK_SEC = 0.05
STATUS_SEC = 0.6  # in which a glove that was met has told of its faults
HANDS = {HAND_BITS[LEFT]: Hands.LEFT, HAND_BITS[RIGHT]: Hands.RIGHT, sum(HAND_BITS.values()): Hands.BOTH}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the jobs and their flags."""
    jobs = parser.add_subparsers(dest="job", required=True, metavar="JOB")
    _add_list(jobs)
    _add_simulate(jobs)
    _add_selftest(jobs)
    _add_play(jobs)
    flash = jobs.add_parser("flash", help="write the firmware to an Arduino on a port (avrdude)")
    flash.add_argument("port", metavar="PORT")
    flash.add_argument("--baud", type=int, default=115200, help="of its boot loader; old Nanos have 57600")
    clear = jobs.add_parser("clear", help="clear the fault of a glove, once you have looked after its cause")
    clear.add_argument("port", metavar="PORT")
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
    simulate.add_argument("--motors", type=int, default=10, metavar="N", help="how many it has, 1 to 16")
    simulate.add_argument("--uid", type=lambda said: int(said, 0), help="who the glove says that it is")
    simulate.add_argument("--chip", action="store_true", help="run the real firmware on a simulated microcontroller")
    simulate.add_argument("--speaks", type=int, default=1, metavar="VERSION", help="the version of HGP it claims")


def _add_selftest(jobs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    selftest = jobs.add_parser("selftest", help="put a glove through every case of the protocol; its motors run")
    selftest.add_argument("port", metavar="PORT")
    selftest.add_argument("--thorough", action="store_true", help="a megabyte of garbage, ten minutes of soak")
    selftest.add_argument("--seed", type=int, default=1)
    selftest.add_argument("--json", action="store_true")


def _add_play(jobs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    play = jobs.add_parser("play", help="let the hand feel a piece")
    play.add_argument("score", type=Path, metavar="SCORE")
    play.add_argument("port", metavar="PORT")
    play.add_argument("--kind", type=Kind, choices=list(Kind), default=Kind.HGP, metavar="KIND", help=KIND_HELP)
    play.add_argument("--hands", choices=("both", "left", "right"), default="both")
    add_tempo(play, "against")
    play.add_argument("--guidance", choices=list(PRESETS), default="Show me everything", metavar="PRESET")
    play.add_argument("--lead", type=float, default=0.0, metavar="MS", help="come before the beat by so much")
    play.add_argument("--json", action="store_true", help="one cue a line")


def run(arguments: argparse.Namespace, parts: Parts) -> int:
    """Do one job; the exit status."""
    jobs: dict[str, Callable[[argparse.Namespace, Parts], int]] = {
        "list": _list,
        "simulate": _simulate,
        "selftest": _selftest,
        "play": _play,
        "flash": _flash,
        "monitor": _monitor,
        "clear": _clear,
    }
    return jobs[arguments.job](arguments, parts)


def _list(arguments: argparse.Namespace, parts: Parts) -> int:
    found = met([*parts.serial_names(), *arguments.port], parts.open_serial)
    if arguments.json:
        print(json.dumps([_plain(state) for state in found]))
    elif not found:
        print("no serial port here; 'glove simulate' makes a glove without hardware")
    else:
        print("\n".join(f"{state.name:24} {_words(state)}" for state in found))
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


def _link(port: str, open_serial: Callable[[str], SerialLine]) -> GloveLink:
    return GloveLink(lambda: open_serial(port), name=port)


def _simulate(arguments: argparse.Namespace, _parts: Parts) -> int:
    if os.name != "posix":
        raise DeviceError("glove simulate: this system has no pseudo-terminals (Linux and macOS have)")
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


def _play(arguments: argparse.Namespace, parts: Parts) -> int:
    from lessons.files import read_score
    from lessons.fingering import with_fingers

    score = with_fingers(read_score(arguments.score))
    hands = {"both": BOTH_HANDS, "left": (LEFT,), "right": (RIGHT,)}[arguments.hands]
    if not LEAST_RATIO <= arguments.tempo <= MOST_RATIO:
        raise InputError(f"--tempo {arguments.tempo:g}: must be {LEAST_RATIO:g} to {MOST_RATIO:g}")
    tempo = score.tempo.scaled(arguments.tempo)
    guidance = PRESETS[arguments.guidance]
    cues = plan(score, guidance, hands, tempo)
    if not cues.cues:
        raise InputError(f"{arguments.score}: nothing here can be felt (no notes with a hand and a finger)")
    settings = LinkSettings(lead_ms=arguments.lead or guidance.lead_ms)
    link = open_glove(arguments.kind, arguments.port, parts, settings)
    try:
        _wait_armed(link)
        _feel(link, cues.timed(tempo, score.start_beat), arguments.json)
        return 0 if link.state.connected else EXIT_DEVICE
    finally:
        link.close()


def _wait_armed(link: Glove) -> None:
    link.arm()
    begun = time.perf_counter()
    while not link.state.armed:
        patience_sec = ARM_SEC if link.state.connected or not link.state.error else GIVE_UP_SEC
        if time.perf_counter() > begun + patience_sec:
            raise DeviceError(link.state.reason or f"{link.state.name}: the glove did not get ready")
        time.sleep(LOOK_SEC)


def _feel(link: Glove, cues: Sequence[TimedCue], as_json: bool) -> None:
    """Hand over each cue a little before its time, and tell it when it is due."""
    start = time.perf_counter() + HANDED_OVER_SEC
    for timed in cues:
        at_sec, cue = start + timed.at_sec, timed.cue
        _sleep_until(at_sec - HANDED_OVER_SEC)
        link.cue(cue.actuators, at_sec, cue.intensity, cue.duration_ms)
        said = {"onset_beat": round(cue.onset_beat, 3), "at_sec": round(timed.at_sec, 4), "actuators": cue.actuators}
        print(json.dumps(said) if as_json else f"{cue.onset_beat:8.2f}  {_fingers(cue.actuators)}", flush=True)
    _sleep_until(time.perf_counter() + HANDED_OVER_SEC + cues[-1].cue.duration_ms / 1000)


def _sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.perf_counter()))


def _fingers(actuators: Iterable[int]) -> str:
    return "  ".join(f"{'left' if actuator < FINGERS else 'right'} {actuator % FINGERS + 1}" for actuator in actuators)


def _flash(arguments: argparse.Namespace, _parts: Parts) -> int:
    done = subprocess.run(flash_command(arguments.port, arguments.baud), check=False)
    if done.returncode:
        raise DeviceError(f"{arguments.port}: avrdude could not write the firmware")
    return 0


def _monitor(arguments: argparse.Namespace, parts: Parts) -> int:
    link = _link(arguments.port, parts.open_serial)
    end = float("inf") if arguments.seconds is None else time.perf_counter() + arguments.seconds
    try:
        _tell_changes(link, end, arguments.json)
    finally:
        link.close()
    return 0 if link.state.connected else EXIT_DEVICE


def _clear(arguments: argparse.Namespace, parts: Parts) -> int:
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
