"""What a person is told of a recording that could not be heard well."""

import numpy as np
import pytest

from tutor.listen.condition import Condition

RATE = 16000


def told(sound: np.ndarray, lengths_sec: list[float]) -> list[str]:
    condition = Condition(RATE)
    list(condition.watched([sound.astype(np.float32)]))
    return condition.notices("flute", lengths_sec)


@pytest.mark.parametrize(("peak", "words"), [(0.0005, "silent"), (0.002, "very quiet"), (0.05, "")])
def test_a_recording_that_is_too_quiet_is_told_before_it_is_silent(peak, words) -> None:
    notices = told(peak * np.sin(np.arange(2 * RATE) / 5), [])
    assert words in notices[0] if words else not notices


def test_a_recording_that_is_too_short_for_a_note_is_told() -> None:
    assert told(0.3 * np.sin(np.arange(RATE // 11) / 5), []) == [
        "is only 0.09 seconds long: too short to hear a note in it"
    ]
