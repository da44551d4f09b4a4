"""What a glove says of itself, as the state shows it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tutor.glove.codes import NO_BATTERY, DeviceState, FaultBit
from tutor.glove.messages import Status
from tutor.glove.own_words import how
from tutor.glove.state import FAULT_WORDS, GloveState

WELL = Status(DeviceState.ARMED, 0, 900, 0, 1, 2, 0, 30, 80, 0b101)
STOPPED = replace(WELL, state=DeviceState.FAULT, faults=int(FaultBit.ESTOP))
PRESSED = (FAULT_WORDS[FaultBit.ESTOP],)


def test_its_counts_and_running_motors_are_shown_as_told():
    said = how(WELL, GloveState(armed=True))
    assert (said["outputs"], said["device_late"], said["device_crc_errors"], said["battery"]) == (0b101, 2, 1, 80)
    assert how(replace(WELL, battery=NO_BATTERY), GloveState())["battery"] is None


@pytest.mark.parametrize(
    ("before", "status", "armed"), [(True, WELL, True), (False, WELL, False), (True, STOPPED, False)]
)
def test_touch_is_allowed_where_both_sides_have_it_so(before, status, armed):
    assert how(status, GloveState(armed=before))["armed"] == armed


def test_an_error_goes_with_the_faults_that_it_was_of():
    state = GloveState(error="The stop button on the glove was pressed.")
    said = how(STOPPED, state)
    assert (said["faults"], said["error"]) == (PRESSED, state.error)
    assert how(WELL, replace(state, faults=PRESSED))["error"] == ""
    assert how(WELL, state)["error"] == state.error
