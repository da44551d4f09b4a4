"""When a live note began: where it was struck, or in the middle of the glide that leads to it."""

from __future__ import annotations

import pytest

from tutor.listen.dating import DETECTION_SEC, ByGlide, ByStrike

HOP_SEC, LATE_SEC = 0.004, 0.016
BEFORE = (60.0, 0.2)


def struck_at(jumps: dict[float, float], until_sec: float = 1.2) -> ByStrike:
    """The flux is .1, but at the given times."""
    dating = ByStrike(HOP_SEC, LATE_SEC)
    flux = [0.1] * round(until_sec / HOP_SEC)
    for at, jump in jumps.items():
        flux[round((at + LATE_SEC) / HOP_SEC) - 1] = jump
    for jump in flux:
        dating.hear_flux(jump)
    return dating


@pytest.mark.parametrize(
    ("jumps", "began"),
    [
        pytest.param({1.0: 1.0}, 1.0, id="struck while the last note rang on"),
        pytest.param({0.96: 0.5, 1.0: 1.0}, 1.0, id="the greater one"),
        pytest.param({0.98: 1.0, 1.02: 0.8}, 1.02, id="the last of two that are nearly as great"),
    ],
)
def test_a_note_begins_where_it_was_struck(jumps: dict[float, float], began: float) -> None:
    assert struck_at(jumps).began(1.06, 62.0, BEFORE) == pytest.approx(began, abs=HOP_SEC)


def test_a_strike_of_long_ago_is_not_that_of_the_note() -> None:
    dating = struck_at({0.85: 1.0})
    assert dating.began(0.9, 62.0, BEFORE) == pytest.approx(0.85, abs=HOP_SEC)
    assert dating.began(1.06, 62.0, BEFORE) == pytest.approx(1.06 - DETECTION_SEC)


def test_what_is_faint_beside_the_last_strikes_is_none() -> None:
    dating = struck_at({0.9: 1.0, 1.1: 0.3})
    assert dating.began(0.95, 62.0, BEFORE) == pytest.approx(0.9, abs=HOP_SEC)
    assert dating.began(1.15, 64.0, (62.0, 0.9)) == pytest.approx(1.15 - DETECTION_SEC)


def test_the_strike_of_the_last_note_is_not_that_of_the_next() -> None:
    dating = struck_at({1.0: 1.0})
    assert dating.began(1.06, 62.0, (60.0, 1.0)) == pytest.approx(1.06 - DETECTION_SEC)


def sung(*glide: float | None) -> ByGlide:
    """A place each hop, up to 1 s."""
    dating = ByGlide(HOP_SEC)
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
