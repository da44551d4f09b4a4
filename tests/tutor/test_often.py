"""Which faults have a name: slips and small liberties have none, and what is grave has one though it came once."""

from __future__ import annotations

import pytest

from lessons.analogy import Feature
from tutor.assessing.mistake import Degree
from tutor.coach import failed_feature, worst_passage
from tutor.evidence import BarEvidence, Evidence
from tutor.faults import Fault
from tutor.often import often, telling


def in_bar(bar: int, *faults: Fault, hit: int = 10, wrong: int = 0) -> BarEvidence:
    return BarEvidence(bar, hit, wrong=wrong, faults=faults)


def late(bar: int, beat: float, degree: Degree = Degree.PLAIN, pass_index: int = 0) -> Fault:
    return Fault("late", bar, beat, "right", pass_index=pass_index, degree=degree)


def test_a_chord_that_came_late_is_one_slip_and_decides_nothing() -> None:
    chord = in_bar(2, *[late(2, 4.0) for _ in range(6)])
    assert chord.timing_faults == 1
    evidence = Evidence((in_bar(1), chord, in_bar(3)))
    assert often(evidence) == []
    assert worst_passage(evidence) is None


def test_a_chord_that_came_late_weighs_no_more_than_two_wrong_notes() -> None:
    faults = (*[late(1, 0.0) for _ in range(6)], Fault("wrong", 1, 1.0), Fault("wrong", 1, 2.0))
    assert failed_feature(Evidence((in_bar(1, *faults),))) is Feature.PITCH


def test_three_tries_at_one_spot_are_counted_three_times() -> None:
    tries = [Fault("late", 2, 4.0, "right", pass_index=number) for number in range(3)]
    assert in_bar(2, *tries).timing_faults == 3
    assert len(often(Evidence((in_bar(1), in_bar(2, *tries))))[0]) == 3


def test_small_liberties_are_told_only_where_more_goes_wrong() -> None:
    free = in_bar(2, *[late(2, 4.0 + beat, Degree.SLIGHT) for beat in range(3)])
    right = Evidence((in_bar(1), free, in_bar(3)))
    assert often(right) == [] and worst_passage(right) is None
    assert right.repeats
    others = tuple(Fault("wrong", 1, float(beat)) for beat in range(2))
    beginner = Evidence((in_bar(1, *others, hit=8, wrong=2), free, in_bar(3)))
    assert [faults[0].kind for faults in often(beginner)] == ["late", "wrong"]


def test_a_stray_note_here_and_there_is_no_drill_but_a_bar_full_of_them_is() -> None:
    def strays(count: int) -> Evidence:
        faults = tuple(Fault("extra", 2, 4.0 + beat, degree=Degree.SLIGHT) for beat in range(count))
        others = [in_bar(bar, hit=40) for bar in (1, 3, 4)]
        return Evidence((others[0], BarEvidence(2, 40, extra=count, faults=faults), *others[1:]))

    assert worst_passage(strays(2)) is None
    assert worst_passage(strays(5)) == (2, 2)


def test_what_is_grave_is_named_though_it_came_once_and_comes_first() -> None:
    stop = Fault("hesitation", 3, 8.0, degree=Degree.GRAVE)
    evidence = Evidence((in_bar(1), in_bar(2, late(2, 4.0), late(2, 5.0)), in_bar(3, stop)))
    assert [faults[0].kind for faults in often(evidence)] == ["hesitation", "late"]


def test_a_passage_is_as_hot_as_what_has_a_name_in_it() -> None:
    free = in_bar(1, *[late(1, float(beat), Degree.SLIGHT) for beat in range(8)])
    evidence = Evidence((free, in_bar(2), in_bar(3), in_bar(4, late(4, 12.0), late(4, 13.0))))
    assert worst_passage(evidence) == (4, 4)
    assert [fault.bar for fault in telling(evidence).faults] == [4, 4]


@pytest.mark.parametrize(("bars", "named"), [((1, 11, 21), False), ((1, 3, 21), True)])
def test_three_slips_in_a_long_piece_that_was_nearly_right_are_slips_unless_near(
    bars: tuple[int, ...], named: bool
) -> None:
    def in_all(hit: int) -> Evidence:
        slips = {bar: Fault("wrong", bar, 4.0 * bar) for bar in bars}
        played = (
            BarEvidence(bar, hit, wrong=1, faults=(slips[bar],)) if bar in bars else BarEvidence(bar, hit)
            for bar in range(1, 30)
        )
        return Evidence(tuple(played))

    assert bool(often(in_all(10))) == named
    assert often(in_all(0))


def test_hands_that_part_here_and_there_are_told_only_where_they_do_so_in_one_bar() -> None:
    def apart(*beats: float) -> Evidence:
        faults = [Fault("hands apart", 1 + int(beat // 4), beat) for beat in beats]
        return Evidence(tuple(in_bar(bar, *[one for one in faults if one.bar == bar]) for bar in (1, 2, 3)))

    assert often(apart(0.0, 4.0, 8.0)) == []
    assert len(often(apart(4.0, 5.0))) == 1
