"""A take that the learner has left for another one is judged like all others, and nobody is led away by it."""

from __future__ import annotations

from dataclasses import replace

from desk_takes import taken

from tutor.practice import Mode, PracticeSettings


def test_a_take_that_was_left_is_judged_behind_the_one_that_goes_on(qtbot, world, desk, show_window):
    window = show_window(replace(world.rooms(), report=desk.report))
    window.show_page("practice")
    take = taken(desk, PracticeSettings(mode=Mode.WAIT, bars=(1, 4)))
    window.house.lesson.take_left.emit(take)
    qtbot.waitUntil(lambda: not window.house.reviewing.judging)
    assert window.house.practice.isVisible()
    entry = desk.journal.entry(take.take_id)
    assert entry is not None and entry.assessment is not None


def test_a_touch_of_the_keys_that_was_left_is_not_judged(window, desk):
    take = taken(desk, PracticeSettings(mode=Mode.WAIT, bars=(1, 4)))
    few = replace(take.performance, notes=take.performance.notes[:3])
    window.house.lesson.take_left.emit(replace(take, performance=few))
    assert not window.house.reviewing.judging
