"""What keeps a hand safe: arming, the lease, stops, limits."""

from __future__ import annotations

from tutor.glove import limits
from tutor.glove.codes import Code, DeviceState, Key
from tutor.glove.conformance.cases import Thoroughness, demand
from tutor.glove.counting import later_by
from tutor.glove.messages import ChordAt, Done, Ping, Pong, Pulse, SelfTest, StopAll
from tutor.glove.rig import Rig

TRANSIT_US = 5_000
LAPSE_US = 10_000


def silent_until_armed(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """No motor runs and none can be started before ARM."""
    rig.send(StopAll())
    status = rig.status()
    demand(status.state == DeviceState.SAFE, f"its state is {status.state}")
    demand(status.outputs == 0, "a motor runs")
    for message in (Pulse(0, 0, 200, 50), ChordAt(rig.device_us(0.2), 1, 200, 50, 0), SelfTest(0)):
        rig.ask(message, Code.NOT_ARMED)
    return {}


def lease_lapses(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """Without a heartbeat everything goes off, a pulse in flight too."""
    rig.arm(lease_ms=200, heartbeat=False)
    rig.send(Ping(1), ack=False)
    alive = rig.expect(Pong, matching=lambda pong: pong.host_time == 1)
    rig.send(ChordAt(rig.device_us(2.0), 1, 200, 100, 0))
    rig.ask(Pulse(0, 0, 200, 1500), Code.OK)
    done = rig.expect(Done)
    after_us = later_by(done.off_time, alive.received) - 200_000
    demand(-1000 <= after_us <= LAPSE_US, f"off {after_us / 1000:.1f} ms after the lease")
    status = rig.status()
    demand(status.state == DeviceState.SAFE and not status.outputs and not status.queue, f"then it said {status}")
    rig.ask(Pulse(0, 0, 200, 50), Code.NOT_ARMED)
    return {"after_lease_ms": after_us / 1000}


def host_vanishes(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """A host that dies in mid chord leaves no motor running, and the re-plugged glove is the same and safe."""
    uid = rig.hello.uid if rig.hello else 0
    rig.arm(lease_ms=200, heartbeat=False)
    rig.ask(ChordAt(rig.device_us(0.1), 1, 200, 1500, 0), Code.OK)
    rig.reopen()
    rig.listen(0.5)
    demand(rig.value(Key.OUTPUTS) == 0, "a motor still runs")
    demand(rig.status().state == DeviceState.SAFE, "it is still armed")
    demand(rig.greet().uid == uid, "it says that it is another glove")
    rig.learn_clock()
    return {}


def greeting_disarms(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """A new host finds it safe: HELLO ends whatever another began."""
    rig.arm()
    rig.ask(Pulse(0, 0, 200, 1500), Code.OK)
    rig.greet()
    demand(rig.value(Key.OUTPUTS) == 0, "a motor runs on")
    rig.ask(Pulse(0, 0, 200, 50), Code.NOT_ARMED)
    return {}


def strength_and_length_are_capped(rig: Rig, _: Thoroughness) -> dict[str, float]:
    """What ARM allows is the most that can be had."""
    rig.arm(level=100, max_on_ms=60)
    rig.ask(Pulse(0, 0, 255, 1500), Code.LIMITED)
    done = rig.expect(Done)
    length_ms = later_by(done.off_time, done.on_time) / 1000
    demand(length_ms <= 70, f"60 ms lasted {length_ms:.1f} ms")
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
    demand(after_us <= 5000 + TRANSIT_US + rig.sync.rtt_sec * 1e6, f"off {after_us / 1000:.1f} ms after it was sent")
    demand(rig.value(Key.OUTPUTS) == 0, "a motor runs on")
    status = rig.status()
    demand(status.state == DeviceState.SAFE and not status.queue, f"then it said {status}")
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
    demand(on_ms <= limits.DUTY_WINDOWS[0][0] * limits.DUTY_WINDOWS[0][1] * 1000, f"on for {on_ms:.0f} ms")
    demand(on_ms < 4000 and rig.status().limited > before, "it counted no limit")
    return {"on_ms": on_ms}
