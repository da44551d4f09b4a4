"""Whether a glove keeps HGP/1: the cases that any device must survive, asked over the wire alone.

The same cases run against the pure-Python glove, the real firmware on a simulated chip, and a real glove on a port.
Each is a function from a `Rig` to the figures that it measured; it raises `BrokenError` with the reason where the glove
fails, and `NotTriedError` where this glove cannot be asked. Motors run for moments in most cases, and for three
seconds in one.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from tutor.commands.parts import SerialLine
from tutor.glove import limits
from tutor.glove.messages import (
    Ack,
    Arm,
    Cancel,
    ChordAt,
    Code,
    DeviceState,
    Done,
    Get,
    Hello,
    Key,
    Ping,
    Pong,
    Pulse,
    PulseAt,
    RhythmAt,
    SelfTest,
    StopAll,
    actuators_of,
    later_by,
)
from tutor.glove.protocol import encode
from tutor.glove.rig import BrokenError, NotTriedError, Rig

ONSET_US = 5_000
TRANSIT_US = 5_000
LAPSE_US = 10_000
FAR_SEC = 4.0
TOGETHER = 50
WRAP_REACH_SEC = 15.0


@dataclass(frozen=True)
class Thoroughness:
    """How long the long cases last."""

    garbage_bytes: int = 8_000
    mutants: int = 200
    soak_sec: float = 3.0


THOROUGH = Thoroughness(garbage_bytes=1_000_000, mutants=100_000, soak_sec=600.0)


@dataclass(frozen=True)
class Result:
    """What one case said; ``passed`` is None where it was not tried."""

    name: str
    passed: bool | None
    note: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)


def selftest(
    open_line: Callable[[], SerialLine], clock: Callable[[], float], much: Thoroughness | None = None, seed: int = 1
) -> Iterator[Result]:
    """Put a glove through all cases, one result each. Raises DeviceError where the line is lost."""
    rig = Rig(open_line, clock, seed)
    try:
        for case in CASES:
            yield _judged(case, rig, much or Thoroughness())
            if case is greeting and rig.hello is None:
                return
    finally:
        rig.close()


def _judged(case: Case, rig: Rig, much: Thoroughness) -> Result:
    name = case.__name__.replace("_", " ")
    try:
        return Result(name, True, (case.__doc__ or "").rstrip("."), case(rig, much))
    except BrokenError as reason:
        return Result(name, False, str(reason))
    except NotTriedError as reason:
        return Result(name, None, str(reason))


Case = Callable[[Rig, Thoroughness], dict[str, float]]


def greeting(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """It says who it is."""
    hello = rig.greet()
    _demand(hello.version == 1, f"it speaks version {hello.version}")
    _demand(0 < hello.actuators <= limits.MAX_ACTUATORS, f"{hello.actuators} actuators")
    _demand(hello.max_duration_ms <= limits.PULSE_MS[1], f"a pulse may last {hello.max_duration_ms} ms")
    rig.learn_clock()
    return {"actuators": hello.actuators, "queue": hello.queue_length, "rtt_ms": rig.sync.rtt_sec * 1e3}


def silent_until_armed(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """No motor runs and none can be started before ARM."""
    rig.send(StopAll())
    status = rig.status()
    _demand(status.state == DeviceState.SAFE, f"its state is {status.state}")
    _demand(status.outputs == 0, "a motor runs")
    for message in (Pulse(0, 0, 200, 50), ChordAt(rig.device_us(0.2), 1, 200, 50, 0), SelfTest(0)):
        rig.ask(message, Code.NOT_ARMED)
    return {}


def time_wraps(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """A cue across the wrap of its clock comes in time."""
    to_wrap_sec = (-rig.device_us(0.0) % (1 << 32)) / 1e6
    if to_wrap_sec > WRAP_REACH_SEC:
        raise NotTriedError(f"its clock wraps in {to_wrap_sec / 60:.0f} minutes only; switch it off and on to try this")
    rig.arm()
    rig.listen(max(0.0, to_wrap_sec - 0.3))
    asked = 50_000
    rig.ask(PulseAt(asked, 0, 0, 200, 50), Code.OK)
    done = rig.expect(Done, 1.5)
    return {"error_ms": _on_time(rig, done, asked, 0)}


def pulse_lasts_as_long_as_asked(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """A pulse starts at once and ends in time."""
    rig.arm()
    asked_us = rig.device_us(0.0)
    rig.ask(Pulse(0, 0, 200, 80), Code.OK)
    done = rig.expect(Done)
    length_ms = later_by(done.off_time, done.on_time) / 1000
    _demand(abs(length_ms - 80) <= 10, f"80 ms lasted {length_ms:.1f} ms")
    return {"length_ms": length_ms, "reaction_ms": later_by(done.on_time, asked_us) / 1000}


def chord_is_one_frame(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """Several motors go on together, at the time asked for."""
    rig.arm()
    mask = 0b111 if rig.hello and rig.hello.actuators >= 3 else 1
    asked = rig.device_us(0.3)
    rig.ask(ChordAt(asked, mask, 150, 100, 0), Code.OK)
    rig.listen(0.3)
    running = rig.value(Key.OUTPUTS)
    done = rig.expect(Done)
    _demand(running == mask, f"motors {actuators_of(running)} ran")
    return {"error_ms": _on_time(rig, done, asked, 0)}


def rhythm_keeps_its_gaps(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """A rhythm in one frame is felt with its gaps."""
    rig.arm()
    asked, place = rig.device_us(0.3), len(rig.heard)
    rig.ask(RhythmAt(asked, 1, 150, (200, 100, 300)), Code.OK)
    rig.listen(1.2)
    done = rig.since(place, Done)
    _demand(len(done) == 4, f"{len(done)} of 4 pulses were felt")
    errors = [_on_time(rig, each, asked + at * 1000, 0) for each, at in zip(done, (0, 200, 300, 600), strict=True)]
    return {"error_ms": max(errors, key=abs)}


def lease_lapses(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """Without a heartbeat everything goes off, a pulse in flight too."""
    rig.arm(lease_ms=200, heartbeat=False)
    rig.send(Ping(1), ack=False)
    alive = rig.expect(Pong, matching=lambda pong: pong.host_time == 1)
    rig.send(ChordAt(rig.device_us(2.0), 1, 200, 100, 0))
    rig.ask(Pulse(0, 0, 200, 1500), Code.OK)
    done = rig.expect(Done)
    after_us = later_by(done.off_time, alive.received) - 200_000
    _demand(-1000 <= after_us <= LAPSE_US, f"off {after_us / 1000:.1f} ms after the lease")
    status = rig.status()
    _demand(status.state == DeviceState.SAFE and not status.outputs and not status.queue, f"then it said {status}")
    rig.ask(Pulse(0, 0, 200, 50), Code.NOT_ARMED)
    return {"after_lease_ms": after_us / 1000}


def host_vanishes(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """A host that dies in mid chord leaves no motor running, and the re-plugged glove is the same and safe."""
    uid = rig.hello.uid if rig.hello else 0
    rig.arm(lease_ms=200, heartbeat=False)
    rig.ask(ChordAt(rig.device_us(0.1), 1, 200, 1500, 0), Code.OK)
    rig.reopen()
    rig.listen(0.5)
    _demand(rig.value(Key.OUTPUTS) == 0, "a motor still runs")
    _demand(rig.status().state == DeviceState.SAFE, "it is still armed")
    _demand(rig.greet().uid == uid, "it says that it is another glove")
    rig.learn_clock()
    return {}


def greeting_disarms(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """A new host finds it safe: HELLO ends whatever another began."""
    rig.arm()
    rig.ask(Pulse(0, 0, 200, 1500), Code.OK)
    rig.greet()
    _demand(rig.value(Key.OUTPUTS) == 0, "a motor runs on")
    rig.ask(Pulse(0, 0, 200, 50), Code.NOT_ARMED)
    return {}


def garbage_is_passed_over(rig: Rig, much: Thoroughness) -> dict[str, float]:
    """Noise starts no motor, resets nothing, and the next frame is read."""
    rig.arm()
    before, place = rig.hello, len(rig.heard)
    rig.send_raw(b"\0" + rig.rng.randbytes(much.garbage_bytes) + b"\0")
    rig.listen(0.3)
    _demand(not rig.since(place, Done), "a motor ran")
    _demand(not [hello for hello in rig.since(place, Hello) if not hello.nonce], "it was reset")
    rig.greet()
    _demand(before is not None and rig.hello is not None and rig.hello.boot_count == before.boot_count, "it was reset")
    return {"bytes": much.garbage_bytes, "crc_errors": rig.status().crc_errors}


def damaged_chords_are_refused(rig: Rig, much: Thoroughness) -> dict[str, float]:
    """No flipped, cut or torn CHORD_AT is ever taken."""
    rig.arm()
    place = len(rig.heard)
    for done in range(0, much.mutants, TOGETHER):
        good = encode(ChordAt(rig.device_us(FAR_SEC), 1, 160, 100, 0), 77, ack_wanted=True)
        rig.send_raw(b"".join(_mutant(good, rig.rng) for _ in range(min(TOGETHER, much.mutants - done))))
    rig.listen(0.3)
    taken = [ack for ack in rig.since(place, Ack) if ack.sequence == 77]
    _demand(not taken and not rig.since(place, Done), f"{len(taken)} damaged frames were taken")
    _demand(rig.status().queue == 0, "something waits in its queue")
    return {"frames": much.mutants}


def duplicates_are_felt_once(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """The same frame three times is answered three times and felt once."""
    rig.arm()
    place = len(rig.heard)
    message, sequence = PulseAt(rig.device_us(0.2), 0, 0, 200, 50), rig.send(Ping(2), ack=False)
    for _again in range(3):
        rig.send(message, sequence=sequence)
    rig.listen(0.5)
    acks = [ack for ack in rig.since(place, Ack) if ack.sequence == sequence]
    _demand(len(acks) == 3, f"it answered {len(acks)} of 3")
    _demand(len(rig.since(place, Done)) == 1, f"it was felt {len(rig.since(place, Done))} times")
    return {}


def order_of_time_not_of_sending(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """Cues sent in the wrong order are felt in the right one."""
    rig.arm()
    place, start = len(rig.heard), rig.device_us(0.3)
    late = rig.send(PulseAt(start + 200_000, 0, 0, 200, 50))
    early = rig.send(PulseAt(start, 0, 0, 200, 50))
    rig.listen(0.8)
    felt = [done.sequence for done in rig.since(place, Done)]
    _demand(felt == [early, late], f"felt in the order {felt}, not {[early, late]}")
    return {}


def sequences_wrap(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """Nothing special happens when the sequence comes round."""
    rig.arm()
    place = len(rig.heard)
    for _again in range(300):
        rig.ask(Get(Key.CHILD), Code.OK)
    numbers = [frame.sequence for _, frame in rig.heard[place:]]
    steps = {(after - before) % 256 for before, after in pairwise(numbers)}
    _demand(steps == {1}, f"its sequence steps by {sorted(steps)}")
    return {"frames": 300}


def full_queue_is_said(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """What does not fit is refused; CANCEL makes room."""
    rig.arm()
    room = rig.hello.queue_length if rig.hello else 0
    for place in range(room):
        rig.ask(PulseAt(rig.device_us(FAR_SEC + place * 0.02), 0, 0, 100, 10), Code.OK)
    rig.ask(PulseAt(rig.device_us(FAR_SEC), 0, 0, 100, 10), Code.QUEUE_FULL)
    rig.ask(Cancel(rig.device_us(0.0)), Code.OK)
    _demand(rig.status().queue == 0, "CANCEL left something")
    rig.ask(PulseAt(rig.device_us(FAR_SEC), 0, 0, 100, 10), Code.OK)
    return {"queue": room}


def cancel_spares_what_is_before(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """CANCEL forgets from its time on, and only that."""
    rig.arm()
    place, start = len(rig.heard), rig.device_us(0.3)
    kept = rig.send(PulseAt(start, 0, 0, 200, 50))
    rig.send(PulseAt(start + 200_000, 0, 0, 200, 50))
    rig.ask(Cancel((start + 100_000) % (1 << 32)), Code.OK)
    rig.listen(0.8)
    felt = [done.sequence for done in rig.since(place, Done)]
    _demand(felt == [kept], f"felt {felt}, not {[kept]}")
    return {}


def late_cues_are_dropped(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """A cue that comes too late is dropped and counted, not felt late."""
    rig.arm()
    before, place = rig.status().late, len(rig.heard)
    rig.ask(PulseAt(rig.device_us(-0.1), 0, 0, 200, 50), Code.LATE)
    status = rig.status()
    _demand(status.late == before + 1, "it did not count it")
    _demand(not rig.since(place, Done), "it was felt")
    return {}


def nonsense_is_refused(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """Values that cannot be are refused, and a huge leap of the host's clock is one of them."""
    rig.arm()
    for message in (
        Pulse(200, 0, 200, 50),
        Pulse(0, 99, 200, 50),
        Pulse(0, 0, 0, 50),
        Pulse(0, 0, 200, 1),
        ChordAt(rig.device_us(0.2), 0, 200, 50, 0),
        ChordAt(rig.device_us(60.0), 1, 200, 50, 0),
        Get(99),
    ):
        rig.ask(message, Code.BAD_ARG)
    for lease_ms in (0, 100, 3000):
        rig.ask(Arm(lease_ms, 200, 1500), Code.BAD_ARG)
    return {}


def strength_and_length_are_capped(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """What ARM allows is the most that can be had."""
    rig.arm(level=100, max_on_ms=60)
    rig.ask(Pulse(0, 0, 255, 1500), Code.LIMITED)
    done = rig.expect(Done)
    length_ms = later_by(done.off_time, done.on_time) / 1000
    _demand(length_ms <= 70, f"60 ms lasted {length_ms:.1f} ms")
    return {"length_ms": length_ms}


def stop_is_at_once(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """STOP_ALL ends everything within 5 ms, and the outputs say so."""
    rig.arm()
    rig.ask(Pulse(0, 0, 200, 1500), Code.OK)
    rig.send(ChordAt(rig.device_us(0.5), 1, 200, 100, 0))
    rig.listen(0.1)
    asked_us = rig.device_us(0.0)
    rig.send(StopAll())
    rig.send(StopAll())
    done = rig.expect(Done)
    after_us = later_by(done.off_time, asked_us)
    _demand(after_us <= 5000 + TRANSIT_US + rig.sync.rtt_sec * 1e6, f"off {after_us / 1000:.1f} ms after it was sent")
    _demand(rig.value(Key.OUTPUTS) == 0, "a motor runs on")
    status = rig.status()
    _demand(status.state == DeviceState.SAFE and not status.queue, f"then it said {status}")
    return {"after_sending_ms": after_us / 1000}


def a_finger_is_never_touched_too_long(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """One finger is on for half of any ten seconds at most, however hard the host asks."""
    rig.arm()
    before, place = rig.status().limited, len(rig.heard)
    for _again in range(3):
        rig.send(Pulse(0, 0, 200, 1500))
        rig.listen(1.45)
    rig.send(StopAll())
    rig.listen(0.2)
    on_ms = sum(later_by(done.off_time, done.on_time) for done in rig.since(place, Done)) / 1000
    _demand(on_ms <= limits.DUTY_WINDOWS[0][0] * limits.DUTY_WINDOWS[0][1] * 1000, f"on for {on_ms:.0f} ms")
    _demand(on_ms < 4000 and rig.status().limited > before, "it counted no limit")
    return {"on_ms": on_ms}


def soak(rig: Rig, much: Thoroughness) -> dict[str, float]:
    """Many cues, none lost, none late, no drift."""
    rig.arm()
    place, asked = len(rig.heard), {}
    count = rig.hello.actuators if rig.hello else 1
    end, number = rig.clock() + much.soak_sec, 0
    errors: list[float] = []
    while rig.clock() < end:
        at_us = rig.device_us(0.35)
        asked[rig.send(PulseAt(at_us, number % count, 0, 120, 40))] = (at_us, number % count)
        number += 1
        rig.listen(0.045)
        place = _collect(rig, place, asked, errors)
    rig.listen(0.6)
    _collect(rig, place, asked, errors)
    _demand(len(errors) == number, f"{number - len(errors)} of {number} cues were not felt")
    _demand(max(map(abs, errors)) <= ONSET_US / 1000, f"the worst was {max(errors, key=abs):.1f} ms off")
    return {"cues": number, "worst_ms": max(errors, key=abs), "mean_ms": sum(errors) / len(errors)}


CASES: tuple[Case, ...] = (
    greeting,
    silent_until_armed,
    pulse_lasts_as_long_as_asked,
    chord_is_one_frame,
    rhythm_keeps_its_gaps,
    time_wraps,
    lease_lapses,
    host_vanishes,
    greeting_disarms,
    garbage_is_passed_over,
    damaged_chords_are_refused,
    duplicates_are_felt_once,
    order_of_time_not_of_sending,
    sequences_wrap,
    full_queue_is_said,
    cancel_spares_what_is_before,
    late_cues_are_dropped,
    nonsense_is_refused,
    strength_and_length_are_capped,
    stop_is_at_once,
    soak,
    a_finger_is_never_touched_too_long,
)


def _demand(kept: bool, reason: str) -> None:
    if not kept:
        raise BrokenError(reason)


def _on_time(rig: Rig, done: Done, asked_us: int, actuator: int) -> float:
    error_us = later_by(done.on_time, (asked_us - rig.early_us(actuator)) % (1 << 32))
    _demand(abs(error_us) <= ONSET_US, f"{error_us / 1000:.1f} ms off")
    return error_us / 1000


def _collect(rig: Rig, place: int, asked: dict[int, tuple[int, int]], errors: list[float]) -> int:
    for done in rig.since(place, Done):
        if done.sequence in asked:
            at_us, actuator = asked.pop(done.sequence)
            errors.append(later_by(done.on_time, (at_us - rig.early_us(actuator)) % (1 << 32)) / 1000)
    return len(rig.heard)


def _mutant(frame: bytes, rng: random.Random) -> bytes:
    """The frame with one to three bits flipped, bytes lost, or torn in two; always ended, never as it was."""
    body = bytearray(frame[:-1])
    kind = rng.randrange(3)
    if kind == 0:
        for bit in rng.sample(range(len(body) * 8), rng.randint(1, 3)):
            body[bit // 8] ^= 1 << bit % 8
    elif kind == 1:
        start = rng.randrange(len(body))
        del body[start : start + rng.randint(1, 4)]
    else:
        body.insert(rng.randrange(1, len(body)), 0)
    return bytes(body) + b"\0"
