"""What is felt: when, how long, in which order, and what is not felt any more."""

from __future__ import annotations

from tutor.glove.codes import Code, Key
from tutor.glove.conformance.cases import FAR_SEC, ONSET_US, Thoroughness, demand, on_time
from tutor.glove.counting import actuators_of, later_by
from tutor.glove.messages import Cancel, ChordAt, Done, Pulse, PulseAt, RhythmAt
from tutor.glove.rig import NotTriedError, Rig

WRAP_REACH_SEC = 15.0


def pulse_lasts_as_long_as_asked(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """A pulse starts at once and ends in time."""
    rig.arm()
    asked_us = rig.device_us(0.0)
    rig.ask(Pulse(0, 0, 200, 80), Code.OK)
    done = rig.expect(Done)
    length_ms = later_by(done.off_time, done.on_time) / 1000
    demand(abs(length_ms - 80) <= 10, f"80 ms lasted {length_ms:.1f} ms")
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
    demand(running == mask, f"motors {actuators_of(running)} ran")
    return {"error_ms": on_time(rig, done, asked, 0)}


def rhythm_keeps_its_gaps(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """A rhythm in one frame is felt with its gaps."""
    rig.arm()
    asked, place = rig.device_us(0.3), len(rig.heard)
    rig.ask(RhythmAt(asked, 1, 150, (200, 100, 300)), Code.OK)
    rig.listen(1.2)
    done = rig.since(place, Done)
    demand(len(done) == 4, f"{len(done)} of 4 pulses were felt")
    errors = [on_time(rig, each, asked + at * 1000, 0) for each, at in zip(done, (0, 200, 300, 600), strict=True)]
    return {"error_ms": max(errors, key=abs)}


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
    return {"error_ms": on_time(rig, done, asked, 0)}


def full_queue_is_said(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """What does not fit is refused; CANCEL makes room."""
    rig.arm()
    room = rig.hello.queue_length if rig.hello else 0
    for place in range(room):
        rig.ask(PulseAt(rig.device_us(FAR_SEC + place * 0.02), 0, 0, 100, 10), Code.OK)
    rig.ask(PulseAt(rig.device_us(FAR_SEC), 0, 0, 100, 10), Code.QUEUE_FULL)
    rig.ask(Cancel(rig.device_us(0.0)), Code.OK)
    demand(rig.status().queue == 0, "CANCEL left something")
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
    demand(felt == [kept], f"felt {felt}, not {[kept]}")
    return {}


def late_cues_are_dropped(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """A cue that comes too late is dropped and counted, not felt late."""
    rig.arm()
    before, place = rig.status().late, len(rig.heard)
    rig.ask(PulseAt(rig.device_us(-0.1), 0, 0, 200, 50), Code.LATE)
    status = rig.status()
    demand(status.late == before + 1, "it did not count it")
    demand(not rig.since(place, Done), "it was felt")
    return {}


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
    demand(len(errors) == number, f"{number - len(errors)} of {number} cues were not felt")
    demand(max(map(abs, errors)) <= ONSET_US / 1000, f"the worst was {max(errors, key=abs):.1f} ms off")
    return {"cues": number, "worst_ms": max(errors, key=abs), "mean_ms": sum(errors) / len(errors)}


def _collect(rig: Rig, place: int, asked: dict[int, tuple[int, int]], errors: list[float]) -> int:
    for done in rig.since(place, Done):
        if done.sequence in asked:
            at_us, actuator = asked.pop(done.sequence)
            errors.append(later_by(done.on_time, (at_us - rig.early_us(actuator)) % (1 << 32)) / 1000)
    return len(rig.heard)
