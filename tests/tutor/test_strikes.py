import numpy as np

from tutor.listen.periodicity import Values
from tutor.listen.strikes import APART_SEC, Strikes

HOP_SEC, LATE_HOPS, COUNT, TYPICAL = 0.004, 3, 400, 1.0


def tone(dips: list[tuple[int, int, float]], peaks: list[int], dulled: list[int]) -> Strikes:
    """A tone of 1.6 s: dips of the level as (hop, hops from the middle to the edge, dB), peaks of the flux, and where
    the pitch is unclear.
    """
    hops = np.arange(COUNT)
    levels: Values = np.full(COUNT, -12.0)
    for middle, reach, depth_db in dips:
        levels -= depth_db * np.maximum(0, 1 - np.abs(hops - middle) / reach)
    flux, clarity = np.full(COUNT, 0.3), np.full(COUNT, 0.98)
    for peak in peaks:
        flux[peak] = TYPICAL
    for place in dulled:
        clarity[place - 2 : place + 3] = 0.75
    return Strikes(flux, levels, clarity, HOP_SEC, LATE_HOPS)


def test_a_sharp_dip_with_new_sound_and_no_clear_pitch_is_a_strike() -> None:
    assert [hop for hop, _ in tone([(200, 6, 9.0)], [200 + LATE_HOPS], [200]).again(0, COUNT, 0, TYPICAL)] == [
        200 + LATE_HOPS
    ]


def test_a_tremolo_is_none() -> None:
    slow = tone([(place, 22, 2.0) for place in (100, 144, 188, 232)], [103, 147, 191, 235], [])
    assert slow.again(0, COUNT, 0, TYPICAL) == []


def test_a_dip_without_new_sound_is_none_and_new_sound_without_a_dip_neither() -> None:
    assert tone([(200, 6, 9.0)], [], [200]).again(0, COUNT, 0, 10 * TYPICAL) == []
    assert tone([], [203], [200]).again(0, COUNT, 0, TYPICAL) == []


def test_what_comes_too_soon_after_the_last_strike_is_none() -> None:
    soon = round(0.8 * APART_SEC / HOP_SEC)
    twice = tone([(200, 6, 9.0), (200 + soon, 6, 9.0)], [203, 203 + soon], [200, 200 + soon])
    assert [hop for hop, _ in twice.again(0, COUNT, 0, TYPICAL)] == [203]
