"""A glove without hardware: the states, lease, queue and limits of the firmware, as a pure machine.

Bytes and the time go in, bytes and the times of the motors come out; nothing here waits, opens or measures. Time is
``now_us``, microseconds of uptime that only grow; on the wire it is taken modulo 2**32 and starts shortly before the
wrap, so that every glove crosses it soon after it is switched on and not for the first time in a concert.
`tutor.glove.terminal` puts this machine on a pseudo-terminal, and ``firmware/core/hgp.c`` is the same machine in C.
"""

from __future__ import annotations

from tutor.glove import limits
from tutor.glove.asks import Touch, asks_of, level_of
from tutor.glove.board import Hardware, Identity
from tutor.glove.codes import NO_READING, Code, DeviceState, EventCode, FaultBit, Key
from tutor.glove.counting import later_by
from tutor.glove.lease import Lease, is_lease
from tutor.glove.messages import (
    Arm,
    Cancel,
    ChordAt,
    ClearFault,
    Done,
    Event,
    Get,
    HelloRequest,
    Message,
    Ping,
    Pong,
    Pulse,
    PulseAt,
    RhythmAt,
    SelfTest,
    Set,
    Status,
    StopAll,
)
from tutor.glove.motors import Motors, Ran
from tutor.glove.replies import Replies

WRAP = 1 << 32
BOOT_CLOCK_US = WRAP - 8_000_000
STATUS_US = 500_000
LOW_BATTERY = 5


class Device:
    """The glove's side of HGP/1. `receive` bytes, `advance` time; `take_output` and `take_ran` give what came of it."""

    def __init__(self, identity: Identity | None = None, now_us: int = 0):
        self.identity = identity or Identity()
        self.hardware = Hardware()
        self.state = DeviceState.SAFE
        self.motors = Motors(len(self.identity.onset_ms))
        self.late = 0
        self._now = now_us
        self._replies = Replies(self._perform, self._value)
        self._faults = FaultBit(0)
        self._lease = Lease()
        self._sitting = limits.Sitting()
        self._stop_check: int | None = None
        self._status_at = self._step_at = now_us
        self._replies.say(self.identity.hello(0))

    @property
    def outputs(self) -> int:
        """The motors that run now, as the board reads them back."""
        return self.motors.on | self.hardware.stuck if self.hardware.powered else 0

    @property
    def crc_errors(self) -> int:
        """How many pieces of the stream were no frame."""
        return self._replies.bad

    @property
    def frames(self) -> int:
        """How many frames have come."""
        return self._replies.frames

    def receive(self, received: bytes, now_us: int) -> None:
        """Take bytes from the host at a time."""
        self.advance(now_us)
        for frame in self._replies.read(received):
            self._replies.answer(frame)
            self._report()

    def advance(self, now_us: int) -> None:
        """Let time pass: motors start and stop, the lease lapses, purses fill."""
        while self._now < (due := self.next_us()) < now_us:
            self._step(due)
        self._step(now_us)

    def next_us(self) -> int:
        """When something happens by itself next."""
        times = [self._status_at, self._step_at, *self.motors.times()]
        if self.state == DeviceState.ARMED:
            times.append(self._lease.ends_us)
        if self._stop_check is not None:
            times.append(self._stop_check)
        return min(times)

    def take_output(self) -> bytes:
        """The bytes for the host since the last call."""
        return self._replies.take_output()

    def take_ran(self) -> list[Ran]:
        """The motors that went off since the last call."""
        return self.motors.take_ran()

    # -- time passes -----------------------------------------------------------------------------------------------

    def _step(self, now_us: int) -> None:
        self._now = max(self._now, now_us)
        self._sense()
        if self.state == DeviceState.ARMED and self._now >= self._lease.ends_us:
            self._fall_silent(EventCode.LEASE_LAPSED)
        self.motors.run(self._now)
        self._report()
        if self._stop_check is not None and self._now >= self._stop_check:
            self._verify_stop()
        while self._now >= self._step_at:
            self._step_at += limits.PURSE_STEP_MS * 1000
            self.motors.fill_purses()
            if self._sitting.step(self.state == DeviceState.ARMED):
                self._fall_silent(EventCode.REST_DUE)
        if self._now >= self._status_at:
            self._say_status()

    def _sense(self) -> None:
        if self.hardware.stop_pressed and not self._faults & FaultBit.ESTOP:
            self._fail(FaultBit.ESTOP, EventCode.ESTOP)
        if self.hardware.overcurrent and not self._faults & FaultBit.OVERCURRENT:
            self._fail(FaultBit.OVERCURRENT, EventCode.OVERCURRENT)
        if self.state == DeviceState.ARMED and not self.hardware.worn:
            self._fall_silent(EventCode.GLOVE_OFF)
        if self.state == DeviceState.ARMED and self.hardware.battery < LOW_BATTERY:
            self._fall_silent(EventCode.LOW_BATTERY)

    # -- stopping --------------------------------------------------------------------------------------------------

    def _make_safe(self) -> None:
        self.motors.all_off(self._now)
        self._stop_check = self._now + limits.STOP_CHECK_US
        if self.state != DeviceState.FAULT:
            self._enter(DeviceState.SAFE)

    def _fall_silent(self, reason: EventCode) -> None:
        self._make_safe()
        self._replies.say(Event(reason, self._clock(self._now)))

    def _verify_stop(self) -> None:
        self._stop_check = None
        if self.outputs & ~self.motors.on:
            self._fail(FaultBit.STOP_UNVERIFIED, EventCode.STOP_UNVERIFIED)
        else:
            self.hardware.powered = self.state == DeviceState.ARMED

    def _fail(self, fault: FaultBit, reason: EventCode) -> None:
        self._faults |= fault
        self.hardware.powered = False
        self.motors.all_off(self._now)
        self._enter(DeviceState.FAULT)
        self._replies.say(Event(reason, self._clock(self._now)))

    def _enter(self, state: DeviceState) -> None:
        changed, self.state = self.state != state, state
        if changed:
            self._say_status()

    # -- doing -----------------------------------------------------------------------------------------------------

    def _perform(self, message: Message, sequence: int) -> Code:
        match message:
            case HelloRequest(nonce=nonce):
                self._greet(nonce)
            case Ping(host_time):
                self._lease = self._lease.renewed(self._now)
                self._replies.say(Pong(host_time, self._clock(self._now), self._clock(self._now)))
            case StopAll():
                self._make_safe()
            case Cancel(from_time):
                self.motors.cancel(self._uptime(from_time), self._now)
            case Arm():
                return self._arm(message)
            case Set() | Get():
                return self._set_or_get(message)
            case ClearFault(uid_low):
                return self._clear_fault(uid_low)
            case Pulse() | PulseAt() | ChordAt() | RhythmAt() | SelfTest():
                return self._touch(message, sequence)
            case _:
                return Code.UNKNOWN
        return Code.OK

    def _greet(self, nonce: int) -> None:
        self._make_safe()
        self._replies.forget()
        self._replies.say(self.identity.hello(nonce))
        self._say_status()

    def _arm(self, arm: Arm) -> Code:
        if not is_lease(arm):
            return Code.BAD_ARG
        if self.state == DeviceState.FAULT:
            return Code.FAULT
        if self._sitting.resting or not self.hardware.worn or self.hardware.battery < LOW_BATTERY:
            return Code.LIMITED
        self._lease = Lease.of(arm, self._now)
        self.hardware.powered = True
        if self.state != DeviceState.ARMED:
            self.motors.freshen()
        self._enter(DeviceState.ARMED)
        return Code.OK

    def _set_or_get(self, message: Set | Get) -> Code:
        if message.key not in list(Key):
            return Code.BAD_ARG
        if isinstance(message, Set):
            if message.key != Key.CHILD or message.value not in (0, 1):
                return Code.BAD_ARG
            self._sitting.child = bool(message.value)
        return Code.OK

    def _value(self, key: Key) -> int:
        match key:
            case Key.CHILD:
                return int(self._sitting.child)
            case Key.OUTPUTS:
                return self.outputs
            case Key.SESSION_LEFT_S:
                return self._sitting.left_sec
            case Key.REST_LEFT_S:
                return self._sitting.rest_left_sec

    def _clear_fault(self, uid_low: int) -> Code:
        if uid_low != self.identity.uid & 0xFFFF_FFFF:
            return Code.BAD_ARG
        if self.hardware.stop_pressed or self.hardware.overcurrent or self.hardware.stuck:
            return Code.FAULT
        self._faults = FaultBit(0)
        if self.state == DeviceState.FAULT:
            self._enter(DeviceState.SAFE)
        return Code.OK

    # -- touching --------------------------------------------------------------------------------------------------

    def _touch(self, message: Touch, sequence: int) -> Code:
        if self.state != DeviceState.ARMED:
            return Code.FAULT if self.state == DeviceState.FAULT else Code.NOT_ARMED
        lease, level = self._lease, level_of(message)
        asks = asks_of(message, self._now, self._uptime, self.motors.all)
        if not level or not all(ask.is_sensible(self.motors.all, self._now) for ask in asks):
            return Code.BAD_ARG
        onset_us = _at_once if isinstance(message, Pulse | SelfTest) else self.identity.onset_us
        level_had = min(level, lease.max_level)
        cues = [cue for ask in asks for cue in ask.cues(onset_us, lease.max_on_ms, level_had, sequence)]
        if self._now - cues[0].fire_us > limits.LATE_US:
            self.late += 1
            return Code.LATE
        if not self.motors.add(cues, self._now):
            return Code.QUEUE_FULL
        cut = level > lease.max_level or any(ask.duration_ms > lease.max_on_ms for ask in asks)
        self.motors.limited += cut
        return Code.LIMITED if cut else Code.OK

    # -- saying ----------------------------------------------------------------------------------------------------

    def _clock(self, uptime_us: int) -> int:
        return (uptime_us + BOOT_CLOCK_US) % WRAP

    def _uptime(self, clock: int) -> int:
        """The uptime nearest to now at which the device's clock shows ``clock``."""
        return self._now + later_by(clock, self._clock(self._now))

    def _report(self) -> None:
        for ended in self.motors.take_ended():
            self._replies.say(Done(ended.sequence, self._clock(ended.on_us), self._clock(ended.off_us)))

    def _say_status(self) -> None:
        self._status_at = self._now + STATUS_US
        left_us = self._lease.ends_us - self._now if self.state == DeviceState.ARMED else 0
        self._replies.say(
            Status(
                state=self.state,
                queue=len(self.motors),
                lease_left_ms=max(0, left_us) // 1000,
                faults=self._faults,
                crc_errors=min(self.crc_errors, 0xFFFF),
                late=min(self.late, 0xFFFF),
                limited=min(self.motors.limited, 0xFFFF),
                temperature=NO_READING,
                battery=self.hardware.battery,
                outputs=self.outputs,
            )
        )


def _at_once(_actuator: int) -> int:
    """The onset of what starts as soon as it is asked for."""
    return 0
