"""What a glove says of itself, as fields of the state that is shown of it (`tutor.glove.state`)."""

from __future__ import annotations

from tutor.glove.codes import NO_BATTERY, ActuatorClass, DeviceState
from tutor.glove.messages import Hello, Status
from tutor.glove.onsets import ONSET_MS
from tutor.glove.state import FAULT_WORDS, GloveState


def who(hello: Hello) -> dict[str, object]:
    """Which glove it is; what it says of its motors' spin-up, else what is known of motors of their kind."""
    known = hello.actuator_class in list(ActuatorClass)
    table = ONSET_MS[ActuatorClass(hello.actuator_class)] if known else 0
    return {
        "hands": hello.hands,
        "actuators": hello.actuators,
        "actuator_class": ActuatorClass(hello.actuator_class).name if known else "unknown",
        "onset_ms": tuple(own or table for own in hello.onset_ms),
        "uid": hello.uid,
        "boot_count": hello.boot_count,
        "firmware": ".".join(map(str, hello.firmware)),
    }


def how(status: Status, before: GloveState) -> dict[str, object]:
    """How it is by now; an error stays until the faults that it was of have gone."""
    faults = tuple(words for bit, words in FAULT_WORDS.items() if status.faults & bit)
    return {
        "battery": None if status.battery == NO_BATTERY else status.battery,
        "faults": faults,
        "armed": before.armed and status.state == DeviceState.ARMED,
        "outputs": status.outputs,
        "device_late": status.late,
        "device_crc_errors": status.crc_errors,
        "error": "" if before.faults and not faults else before.error,
    }
