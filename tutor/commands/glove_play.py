"""``glove play``: let the hand feel a piece without the window."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from lessons.errors import EXIT_DEVICE, DeviceError, InputError
from lessons.score import LEFT, RIGHT
from tutor.commands.glove_states import LOOK_SEC
from tutor.commands.parts import Parts
from tutor.commands.tempo import MOST_RATIO, add_tempo
from tutor.cues import BOTH_HANDS, FINGERS, PRESETS, TimedCue, plan
from tutor.glove.kinds import KIND_HELP, Kind
from tutor.glove.opening import open_glove
from tutor.glove.settings import LinkSettings
from tutor.glove.state import Glove

LEAST_RATIO = 0.1
ARM_SEC = 5.0
GIVE_UP_SEC = 1.0
HANDED_OVER_SEC = 0.7


def add_play(jobs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the job and its flags."""
    feel = jobs.add_parser("play", help="let the hand feel a piece")
    feel.add_argument("score", type=Path, metavar="SCORE")
    feel.add_argument("port", metavar="PORT")
    feel.add_argument("--kind", type=Kind, choices=list(Kind), default=Kind.HGP, metavar="KIND", help=KIND_HELP)
    feel.add_argument("--hands", choices=("both", "left", "right"), default="both")
    add_tempo(feel, "against")
    feel.add_argument("--guidance", choices=list(PRESETS), default="Show me everything", metavar="PRESET")
    feel.add_argument("--lead", type=float, default=0.0, metavar="MS", help="come before the beat by so much")
    feel.add_argument("--json", action="store_true", help="one cue a line")


def play(arguments: argparse.Namespace, parts: Parts) -> int:
    """Let the hand feel a piece; the exit status."""
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
