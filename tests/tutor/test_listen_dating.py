"""When a live note began: where it was struck, or in the middle of the glide that leads to it."""

from __future__ import annotations

import numpy as np
import pytest

from tutor.listen.dating import DETECTION_SEC, ByGlide, ByStrike
from tutor.listen.onset_ear import LAGS
from tutor.listen.onsets import Lately

HOP_SEC, FRAME_SEC = 0.004, 0.008
BEFORE = (60.0, 0.2)


def struck_at(beginnings: dict[float, float], until_sec: float) -> ByStrike:
    """How likely something began at these times; nothing else did."""
    frames = round(until_sec / FRAME_SEC)
    likely = np.zeros(frames)
    for at, share in beginnings.items():
        likely += share * np.maximum(0, 1 - np.abs(np.arange(frames) + 1 - at / FRAME_SEC) / 3)
    lately = Lately(FRAME_SEC)
    for now in range(frames):
        lately.hear(np.array([likely[now - lag] if now >= lag else 0.0 for lag in LAGS], np.float32))
    return ByStrike(lately)


@pytest.mark.parametrize(
    ("beginnings", "began"),
    [
        pytest.param({1.0: 1.0}, 1.0, id="struck while the last note rang on"),
        pytest.param({0.95: 0.5, 1.0: 1.0}, 1.0, id="the likelier one"),
        pytest.param({1.02: 0.8}, 1.02, id="just before the pitch was steady"),
    ],
)
def test_a_note_begins_where_it_was_most_likely_struck(beginnings: dict[float, float], began: float) -> None:
    assert struck_at(beginnings, 1.1).began(1.06, 62.0, BEFORE) == pytest.approx(began, abs=FRAME_SEC)


def test_a_strike_of_long_ago_is_not_that_of_the_note() -> None:
    assert struck_at({0.87: 1.0}, 0.95).began(0.9, 62.0, BEFORE) == pytest.approx(0.87, abs=FRAME_SEC)
    assert struck_at({0.87: 1.0}, 1.1).began(1.06, 62.0, BEFORE) == pytest.approx(1.06 - DETECTION_SEC)


def test_what_is_hardly_likely_is_no_strike() -> None:
    assert struck_at({1.0: 0.1}, 1.1).began(1.06, 62.0, BEFORE) == pytest.approx(1.06 - DETECTION_SEC)


def test_the_strike_of_the_last_note_is_not_that_of_the_next() -> None:
    assert struck_at({1.0: 1.0}, 1.1).began(1.06, 62.0, (60.0, 1.0)) == pytest.approx(1.06 - DETECTION_SEC, abs=0.01)


def sung(*glide: float | None) -> ByGlide:
    """A place each hop, up to 1 s."""
    dating = ByGlide(HOP_SEC, Lately(FRAME_SEC))
    for hop, place in enumerate(glide):
        dating.hear_place(1.0 + (hop + 1 - len(glide)) * HOP_SEC, place)
    return dating


def test_a_note_begins_in_the_middle_of_the_glide_to_it() -> None:
    rising = [60.0] * 10 + [60.0 + 0.2 * step for step in range(1, 20)] + [64.0] * 3
    middle_sec = 1.0 - (3 + 9.5) * HOP_SEC
    assert sung(*rising).began(1.0 - 2 * HOP_SEC, 64.0, BEFORE) == pytest.approx(middle_sec - 0.012, abs=2 * HOP_SEC)


def test_a_note_after_silence_begins_with_the_scoop() -> None:
    scoop = [None] * 10 + [62.0 + 0.1 * step for step in range(20)] + [64.0] * 3
    assert sung(*scoop).began(1.0 - 2 * HOP_SEC, 64.0, None) == pytest.approx(
        1.0 - 23 * HOP_SEC - 0.012, abs=2 * HOP_SEC
    )


def test_a_leap_begins_where_it_is_heard() -> None:
    leap = [60.0] * 20 + [67.0] * 3
    assert sung(*leap).began(1.0 - 2 * HOP_SEC, 67.0, BEFORE) == pytest.approx(1.0 - 2 * HOP_SEC - DETECTION_SEC)
