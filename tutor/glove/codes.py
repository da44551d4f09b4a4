"""The numbers of HGP/1 by their names: types of frames, answers, states, faults, events, keys."""

from __future__ import annotations

from enum import IntEnum, IntFlag

VERSION = 1
NO_READING = -128
"""STATUS.temperature without a sensor."""
NO_BATTERY = 255
"""STATUS.battery without a sensor."""


class Kind(IntEnum):
    """The types of frames; below 0x80 from the host, above it from the device."""

    HELLO_REQ = 0x01
    PING = 0x02
    ARM = 0x03
    STOP_ALL = 0x04
    PULSE = 0x10
    PULSE_AT = 0x11
    CHORD_AT = 0x12
    RHYTHM_AT = 0x13
    CANCEL = 0x14
    SET = 0x20
    GET = 0x21
    SELFTEST = 0x22
    CLEAR_FAULT = 0x23
    HELLO = 0x81
    PONG = 0x82
    ACK = 0x83
    NACK = 0x84
    STATUS = 0x85
    EVENT = 0x86
    DONE = 0x87


class Code(IntEnum):
    """What an ACK or a NACK says; ACK with LIMITED means taken, but cut down to a limit."""

    OK = 0
    BAD_ARG = 1
    NOT_ARMED = 2
    LATE = 3
    QUEUE_FULL = 4
    LIMITED = 5
    FAULT = 6
    UNKNOWN = 7


class DeviceState(IntEnum):
    """The device's own states; BOOT is never seen on the wire."""

    BOOT = 0
    SAFE = 1
    ARMED = 2
    FAULT = 3


class ActuatorClass(IntEnum):
    """What moves: it decides how long the skin waits (`tutor.glove.onsets`)."""

    ERM = 1
    LRA = 2
    PIEZO = 3
    SERVO = 4
    SIM = 5


class Capability(IntFlag):
    """What a device says it can do."""

    COMPENSATES_ONSET = 1
    READS_BACK = 2
    STOP_BUTTON = 4
    WEAR_SENSOR = 8
    CURRENT_SENSOR = 16
    BATTERY_SENSOR = 32


class FaultBit(IntFlag):
    """The bits of STATUS.faults; any of them keeps the device in FAULT."""

    ESTOP = 1
    OVERCURRENT = 2
    STOP_UNVERIFIED = 4


class EventCode(IntEnum):
    """What an EVENT tells."""

    ESTOP = 1
    GLOVE_OFF = 2
    OVERCURRENT = 3
    STOP_UNVERIFIED = 4
    LEASE_LAPSED = 5
    REST_DUE = 6
    LOW_BATTERY = 7


class Key(IntEnum):
    """What SET and GET speak of; values are u32."""

    CHILD = 1
    OUTPUTS = 2
    SESSION_LEFT_S = 3
    REST_LEFT_S = 4
