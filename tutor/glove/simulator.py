"""A glove without hardware: the states, lease, queue and limits of the firmware, as a pure machine.

Bytes and the time go in, bytes and the times of the motors come out; nothing here waits, opens or measures. Time is
``now_us``, microseconds of uptime that only grow; on the wire it is taken modulo 2**32 and starts shortly before the
wrap, so that every glove crosses it soon after it is switched on and not for the first time in a concert.
`tutor.glove.terminal` puts this machine on a pseudo-terminal, and ``firmware/core/hgp.c`` is the same machine in C.
"""

from __future__ import annotations

from collections import deque

from tutor.glove import limits
from tutor.glove.asks import SELFTEST_LEVEL, TOUCHES, Ask, Touch, asks_of
from tutor.glove.board import Hardware, Identity
from tutor.glove.codes import NO_READING, Code, DeviceState, EventCode, FaultBit, Key
from tutor.glove.messages import (
    Ack,
    Arm,
    Cancel,
    ChordAt,
    ClearFault,
    DeviceMessage,
    Done,
    Event,
    Get,
    HelloRequest,
    Message,
    Nack,
    Ping,
    Pong,
    Pulse,
    PulseAt,
    RhythmAt,
    SelfTest,
    Set,
    Status,
    StopAll,
    Unreadable,
    later_by,
)
from tutor.glove.motors import Motors, Ran
from tutor.glove.protocol import Frame, FrameReader, encode

WRAP = 1 << 32
BOOT_CLOCK_US = WRAP - 8_000_000
REMEMBERED = 8
STATUS_US = 500_000
LOW_BATTERY = 5
STEADY = 0
ONCE_ONLY = (*TOUCHES, Cancel)
"""What must not be done twice when a frame comes twice."""


class Device:
    """The glove's side of HGP/1. `receive` bytes, `advance` time; `take_output` and `take_ran` give what came of it."""

    def __init__(self, identity: Identity | None = None, now_us: int = 0):
        self.identity = identity or Identity()
        self.hardware = Hardware()
        self.state = DeviceState.SAFE
        self.motors = Motors(len(self.identity.onset_ms))
        self.frames = self.late = 0
        self._now = now_us
        self._reader = FrameReader()
        self._output = bytearray()
        self._sequence = 0
        self._remembered: deque[tuple[int, type, Code]] = deque(maxlen=REMEMBERED)
        self._faults = FaultBit(0)
        self._lease_us = self._lease_from = 0
        self._max_level = self._max_on_ms = 0
        self._sitting = limits.Sitting()
        self._stop_check: int | None = None
        self._status_at = self._step_at = now_us
        self._say(self.identity.hello(0))

    @property
    def outputs(self) -> int:
        """The motors that run now, as the board reads them back."""
        return self.motors.on | self.hardware.stuck if self.hardware.powered else 0

    @property
    def crc_errors(self) -> int:
        """How many pieces of the stream were no frame."""
        return self._reader.bad

    def receive(self, received: bytes, now_us: int) -> None:
        """Take bytes from the host at a time."""
        self.advance(now_us)
        for frame in self._reader.feed(received):
            self.frames += 1
            self._answer(frame)
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
            times.append(self._lease_from + self._lease_us)
        if self._stop_check is not None:
            times.append(self._stop_check)
        return min(times)

    def take_output(self) -> bytes:
        """The bytes for the host since the last call."""
        output = bytes(self._output)
        self._output.clear()
        return output

    def take_ran(self) -> list[Ran]:
        """The motors that went off since the last call."""
        return self.motors.take_ran()

    # -- time passes -----------------------------------------------------------------------------------------------

    def _step(self, now_us: int) -> None:
        self._now = max(self._now, now_us)
        self._sense()
        if self.state == DeviceState.ARMED and self._now - self._lease_from >= self._lease_us:
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
        self._say(Event(reason, self._clock(self._now)))

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
        self._say(Event(reason, self._clock(self._now)))

    def _enter(self, state: DeviceState) -> None:
        changed, self.state = self.state != state, state
        if changed:
            self._say_status()

    # -- answering -------------------------------------------------------------------------------------------------

    def _answer(self, frame: Frame) -> None:
        message = frame.message
        if isinstance(message, Unreadable):
            self._say(Nack(frame.sequence, Code.BAD_ARG if message.known else Code.UNKNOWN))
            return
        code = self._answered_before(frame.sequence, message)
        if code is None:
            code = self._perform(message, frame.sequence)
            if isinstance(message, ONCE_ONLY):
                self._remembered.append((frame.sequence, type(message), code))
        if code != Code.OK and not (code == Code.LIMITED and isinstance(message, TOUCHES)):
            self._say(Nack(frame.sequence, code))
        elif isinstance(message, Get):
            self._say(Ack(frame.sequence, code, self._value(Key(message.key))))
        elif frame.ack_wanted:
            self._say(Ack(frame.sequence, code))

    def _answered_before(self, sequence: int, message: Message) -> Code | None:
        known = (code for old, kind, code in self._remembered if (old, kind) == (sequence, type(message)))
        return next(known, None)

    def _perform(self, message: Message, sequence: int) -> Code:
        match message:
            case HelloRequest(nonce=nonce):
                self._greet(nonce)
            case Ping(host_time):
                self._lease_from = self._now
                self._say(Pong(host_time, self._clock(self._now), self._clock(self._now)))
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
        self._remembered.clear()
        self._say(self.identity.hello(nonce))
        self._say_status()

    def _arm(self, arm: Arm) -> Code:
        if not limits.LEASE_MS[0] <= arm.lease_ms <= limits.LEASE_MS[1] or not arm.max_intensity:
            return Code.BAD_ARG
        if arm.max_on_ms < limits.PULSE_MS[0]:
            return Code.BAD_ARG
        if self.state == DeviceState.FAULT:
            return Code.FAULT
        if self._sitting.resting or not self.hardware.worn or self.hardware.battery < LOW_BATTERY:
            return Code.LIMITED
        self._lease_us, self._lease_from = arm.lease_ms * 1000, self._now
        self._max_level, self._max_on_ms = arm.max_intensity, min(arm.max_on_ms, limits.PULSE_MS[1])
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
        level = SELFTEST_LEVEL if isinstance(message, SelfTest) else message.intensity
        asks = asks_of(message, self._now, self._uptime, self.motors.all)
        shaped = isinstance(message, Pulse | PulseAt) and message.wave != STEADY
        if not level or shaped or not all(self._sensible(ask) for ask in asks):
            return Code.BAD_ARG
        onset_us = _at_once if isinstance(message, Pulse | SelfTest) else self._onset_us
        level_had = min(level, self._max_level)
        cues = [cue for ask in asks for cue in ask.cues(onset_us, self._max_on_ms, level_had, sequence)]
        if self._now - cues[0].fire_us > limits.LATE_US:
            self.late += 1
            return Code.LATE
        if not self.motors.add(cues, self._now):
            return Code.QUEUE_FULL
        cut = level > self._max_level or any(ask.duration_ms > self._max_on_ms for ask in asks)
        self.motors.limited += cut
        return Code.LIMITED if cut else Code.OK

    def _onset_us(self, actuator: int) -> int:
        return self.identity.onset_ms[actuator] * 1000

    def _sensible(self, ask: Ask) -> bool:
        there = bool(ask.mask) and not ask.mask & ~self.motors.all
        return there and ask.duration_ms >= limits.PULSE_MS[0] and ask.skin_us - self._now <= limits.HORIZON_US

    # -- saying ----------------------------------------------------------------------------------------------------

    def _clock(self, uptime_us: int) -> int:
        return (uptime_us + BOOT_CLOCK_US) % WRAP

    def _uptime(self, clock: int) -> int:
        """The uptime nearest to now at which the device's clock shows ``clock``."""
        return self._now + later_by(clock, self._clock(self._now))

    def _report(self) -> None:
        for ended in self.motors.take_ended():
            self._say(Done(ended.sequence, self._clock(ended.on_us), self._clock(ended.off_us)))

    def _say(self, message: DeviceMessage) -> None:
        self._output += encode(message, self._sequence)
        self._sequence = (self._sequence + 1) % 256

    def _say_status(self) -> None:
        self._status_at = self._now + STATUS_US
        left_us = self._lease_from + self._lease_us - self._now if self.state == DeviceState.ARMED else 0
        self._say(
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
