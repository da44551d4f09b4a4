"""What goes over the wire: greetings, noise, damage, order, sense."""

from __future__ import annotations

import random
from itertools import pairwise

from tutor.glove import limits
from tutor.glove.codes import Code, Key
from tutor.glove.conformance.cases import FAR_SEC, Thoroughness, demand
from tutor.glove.messages import Ack, Arm, ChordAt, Done, Get, Hello, Ping, Pulse, PulseAt
from tutor.glove.protocol import encode
from tutor.glove.rig import Rig

TOGETHER = 50


def greeting(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """It says who it is."""
    hello = rig.greet()
    demand(hello.version == 1, f"it speaks version {hello.version}")
    demand(0 < hello.actuators <= limits.MAX_ACTUATORS, f"{hello.actuators} actuators")
    demand(hello.max_duration_ms <= limits.PULSE_MS[1], f"a pulse may last {hello.max_duration_ms} ms")
    rig.learn_clock()
    return {"actuators": hello.actuators, "queue": hello.queue_length, "rtt_ms": rig.sync.rtt_sec * 1e3}


def garbage_is_passed_over(rig: Rig, much: Thoroughness) -> dict[str, float]:
    """Noise starts no motor, resets nothing, and the next frame is read."""
    rig.arm()
    before, place = rig.hello, len(rig.heard)
    rig.send_raw(b"\0" + rig.rng.randbytes(much.garbage_bytes) + b"\0")
    rig.listen(0.3)
    demand(not rig.since(place, Done), "a motor ran")
    demand(not [hello for hello in rig.since(place, Hello) if not hello.nonce], "it was reset")
    rig.greet()
    demand(before is not None and rig.hello is not None and rig.hello.boot_count == before.boot_count, "it was reset")
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
    demand(not taken and not rig.since(place, Done), f"{len(taken)} damaged frames were taken")
    demand(rig.status().queue == 0, "something waits in its queue")
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
    demand(len(acks) == 3, f"it answered {len(acks)} of 3")
    demand(len(rig.since(place, Done)) == 1, f"it was felt {len(rig.since(place, Done))} times")
    return {}


def order_of_time_not_of_sending(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """Cues sent in the wrong order are felt in the right one."""
    rig.arm()
    place, start = len(rig.heard), rig.device_us(0.3)
    late = rig.send(PulseAt(start + 200_000, 0, 0, 200, 50))
    early = rig.send(PulseAt(start, 0, 0, 200, 50))
    rig.listen(0.8)
    felt = [done.sequence for done in rig.since(place, Done)]
    demand(felt == [early, late], f"felt in the order {felt}, not {[early, late]}")
    return {}


def sequences_wrap(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """Nothing special happens when the sequence comes round."""
    rig.arm()
    place = len(rig.heard)
    for _again in range(300):
        rig.ask(Get(Key.CHILD), Code.OK)
    numbers = [frame.sequence for _, frame in rig.heard[place:]]
    steps = {(after - before) % 256 for before, after in pairwise(numbers)}
    demand(steps == {1}, f"its sequence steps by {sorted(steps)}")
    return {"frames": 300}


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
