"""How well the glove keeps time and stays safe, with the real firmware on the simulated chip; prints JSON.

    PYTHONPATH=.:tests/wires python tests/bench/glove.py           about four minutes (make glove-sim first)
    PYTHONPATH=.:tests/wires python tests/bench/glove.py --long    a megabyte, 100,000 mutants, ten minutes of soak

Times on the pin are the chip's own: the cycle at which a pin moved, put on the host's clock by the simulator, which
runs the chip in real time. ``seen`` is when the simulator really got there: it lags where other programs hold the
processor, as no chip would. Errors are in milliseconds; a pin is early by the glove's onset table, and that is taken
into account.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import random
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from glove_port import GlovePort, eventually

from tutor.devices.glove import open_line
from tutor.glove.conformance.cases import Thoroughness
from tutor.glove.conformance.wire import damaged_chords_are_refused, garbage_is_passed_over
from tutor.glove.counting import later_by
from tutor.glove.link import GloveLink
from tutor.glove.messages import ChordAt, Done, Ping, Pong, Pulse
from tutor.glove.rig import Rig

ONSET_SEC = 0.060
Figures = dict[str, Any]


@contextlib.contextmanager
def chip() -> Iterator[GlovePort]:
    """A running chip."""
    with tempfile.TemporaryDirectory() as folder:
        port = GlovePort("--chip", "--link", str(Path(folder) / "port"))
        try:
            yield port
        finally:
            port.close()


@contextlib.contextmanager
def linked(port: GlovePort) -> Iterator[GloveLink]:
    """The app's own link to it, armed."""
    link = GloveLink(lambda: open_line(port.port), name=port.port)
    link.arm()
    if not eventually(lambda: link.state.armed):
        raise SystemExit(f"the glove did not get ready: {link.state}")
    time.sleep(1.0)
    yield link
    link.close()


@contextlib.contextmanager
def rigged(port: GlovePort) -> Iterator[Rig]:
    """A test host that says exactly what it is told."""
    rig = Rig(lambda: open_line(port.port), time.perf_counter, seed=1)
    rig.greet()
    rig.learn_clock()
    yield rig
    rig.close()


def spread(values_ms: Sequence[float]) -> Figures:
    """Median, 95th and 99th percentile of the size, worst, mean and standard deviation."""
    sizes = sorted(map(abs, values_ms))
    mean = sum(values_ms) / len(values_ms)
    deviation = math.sqrt(sum((value - mean) ** 2 for value in values_ms) / len(values_ms))
    at = [sizes[min(len(sizes) - 1, int(len(sizes) * share))] for share in (0.5, 0.95, 0.99)]
    named = zip(("median", "p95", "p99"), at, strict=True)
    figures = {name: round(value, 3) for name, value in named}
    return figures | {"worst": round(sizes[-1], 3), "mean": round(mean, 3), "sd": round(deviation, 3), "n": len(sizes)}


def drifting_tempo(count: int = 1000, seed: int = 1) -> Figures:
    """Scheduled cues while the tempo drifts by 15 % either way; at each change the rest is cancelled and sent anew."""
    rng, due, changes = random.Random(seed), [], 0
    with chip() as port, linked(port) as link:
        at, interval, ratio, given = time.perf_counter() + 1.0, 0.05, 1.0, 0.0
        while len(due) < count:
            due.append((at, len(due) % 10))
            at += interval / ratio
            if len(due) % 40 == 0:
                ratio = min(1.15, max(0.85, ratio + rng.uniform(-0.15, 0.15)))
        planned: list[tuple[float, int]] = []
        for number, (moment, finger) in enumerate(due):
            if number % 40 == 20:  # what was said of the next cues so far was wrong by a tempo change
                for ahead in range(4):
                    link.cue([due[min(number + ahead, count - 1)][1]], moment + ahead * interval * 1.1, 120, 40)
                link.cancel(moment - 0.01)
                changes += 1
            time.sleep(max(0.0, moment - 0.35 - time.perf_counter()))
            link.cue([finger], moment, 120, 40)
            planned.append((moment, finger))
            given = moment
        time.sleep(max(0.0, given + 0.5 - time.perf_counter()))
        motors = port.motors(count, 5.0)
        counts = link.state.counts
    pairs = list(zip(planned, motors, strict=False))
    figures = {
        "cues": count,
        "felt": len(motors),
        "tempo_changes": changes,
        "right_motor": sum(motor["actuator"] == finger for (_, finger), motor in pairs),
        "pin_error_ms": spread([(motor["host_time"] + ONSET_SEC - moment) * 1e3 for (moment, _), motor in pairs]),
        "seen_error_ms": spread([(motor["host_seen"] + ONSET_SEC - moment) * 1e3 for (moment, _), motor in pairs]),
    }
    return figures | {"stale": counts.stale, "lost": counts.lost, "retried": counts.retried}


def reactive(count: int = 300) -> Figures:
    """From the call that a verdict makes to the pin."""
    with chip() as port, linked(port) as link:
        called = []
        for number in range(count):
            called.append(time.perf_counter())
            link.cue([number % 10], None, 120, 40)
            time.sleep(0.06)
        time.sleep(0.5)
        motors, counts = port.motors(count, 5.0), link.state.counts
    pairs = list(zip(called, motors, strict=False))
    return {
        "cues": count,
        "felt": len(motors),
        "pin_ms": spread([(motor["host_time"] - at) * 1e3 for at, motor in pairs]),
        "seen_ms": spread([(motor["host_seen"] - at) * 1e3 for at, motor in pairs]),
        "stale": counts.stale,
        "lost": counts.lost,
        "limited": counts.limited,
        "refused": counts.refused,
    }


def lease(count: int = 40) -> Figures:
    """From the end of a lease to the last pin off, on the chip's own clock."""
    after = []
    with chip() as port, rigged(port) as rig:
        for number in range(count):
            rig.arm(lease_ms=200 + 5 * number, heartbeat=False)
            rig.send(Ping(1), ack=False)
            alive = rig.expect(Pong, matching=lambda pong: pong.host_time == 1)
            rig.send(Pulse(number % 10, 0, 200, 1500))
            done = rig.expect(Done)
            motor = port.motors(number + 1)[-1]
            said_later_us = later_by(done.on_time, 0) - motor["on_us"]
            off_us = motor["off_us"] + said_later_us
            after.append((later_by(int(off_us) % (1 << 32), alive.received) - (200 + 5 * number) * 1000) / 1e3)
    return {"after_lease_ms": spread(after)}


def killed_hosts(count: int = 100, seed: int = 1) -> Figures:
    """A host process is killed in mid chord; how long its motors still run."""
    rng, still = random.Random(seed), []
    with chip() as port:
        for number in range(count):
            ready, told = os.pipe()
            child = os.fork()
            if not child:
                _play_until_killed(port.port, told, number)
            os.read(ready, 1)
            time.sleep(0.15 + rng.random() * 0.3)
            killed = time.perf_counter()
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            os.close(ready)
            os.close(told)
            motors = port.motors(3 * (number + 1))[-3:]
            still.append(max(motor["host_off"] for motor in motors) * 1e3 - killed * 1e3)
    return {"killed": count, "lease_ms": 1000, "still_on_ms": spread(still), "within_the_lease": max(still) <= 1000}


def _play_until_killed(port: str, told: int, number: int) -> None:
    mask = sum(1 << (number + step) % 10 for step in (0, 3, 6))  # others each time: fingers have their limits
    rig = Rig(lambda: open_line(port), time.perf_counter, seed=1)
    rig.greet()
    rig.learn_clock()
    rig.arm(lease_ms=1000)
    rig.send(ChordAt(rig.device_us(0.1), mask, 200, 1500, 0))
    rig.listen(0.1)
    os.write(told, b"!")
    rig.listen(60.0)


def noise(much: Thoroughness) -> Figures:
    """Garbage and damaged frames while armed: what was taken, and whether anything ran or was reset."""
    with chip() as port, rigged(port) as rig:
        figures = garbage_is_passed_over(rig, much) | damaged_chords_are_refused(rig, much)
        boots = rig.greet().boot_count
        ran = port.motors(1, 0.5)
    return figures | {"motors_ran": len(ran), "boot_count": boots}


def soak(seconds: float, rate: float = 40.0) -> Figures:
    """Many cues a second, and what the link's threads cost of one core."""
    with chip() as port, linked(port) as link:
        start, count = time.perf_counter() + 1.0, int(seconds * rate)
        cpu_before, wall_before = _link_cpu_sec(), time.perf_counter()
        for number in range(count):
            moment = start + number / rate
            time.sleep(max(0.0, moment - 0.5 - time.perf_counter()))
            link.cue([number % 10], moment, 120, 40)
        time.sleep(1.5)
        share = (_link_cpu_sec() - cpu_before) / (time.perf_counter() - wall_before)
        state = link.state
        motors = port.motors(count, 10.0)
    errors = [(motor["host_time"] + ONSET_SEC - start - n / rate) * 1e3 for n, motor in enumerate(motors)]
    tenth = max(1, len(errors) // 10)
    drift = sum(errors[-tenth:]) / tenth - sum(errors[:tenth]) / tenth
    return {
        "seconds": seconds,
        "cues": count,
        "felt": len(motors),
        "late_in_the_glove": state.device_late,
        "stale": state.counts.stale,
        "lost": state.counts.lost,
        "retried": state.counts.retried,
        "pin_error_ms": spread(errors),
        "drift_ms": round(drift, 3),
        "link_cpu_percent": round(100 * share, 2),
    }


def _link_cpu_sec() -> float:
    """Processor time of the link's two threads so far."""
    import threading

    clocks = [time.pthread_getcpuclockid(thread.ident) for thread in threading.enumerate() if "glove" in thread.name]
    return sum(time.clock_gettime(clock) for clock in clocks)


def main() -> None:
    """Run all, or the sections named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("sections", nargs="*")
    arguments = parser.parse_args()
    much = Thoroughness(garbage_bytes=1_000_000, mutants=100_000) if arguments.long else Thoroughness(100_000, 2_000)
    sections: dict[str, Callable[[], Figures]] = {
        "drifting_tempo": drifting_tempo,
        "reactive": reactive,
        "lease": lease,
        "killed_hosts": lambda: killed_hosts(100 if arguments.long else 20),
        "noise": lambda: noise(much),
        "soak": lambda: soak(600.0 if arguments.long else 30.0),
    }
    print(json.dumps({name: sections[name]() for name in arguments.sections or sections}, indent=2))


if __name__ == "__main__":
    main()
