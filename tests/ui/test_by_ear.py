"""What a microphone asks of a practice."""

from __future__ import annotations

import pytest

from lessons.score import RIGHT
from tutor.practice import Hands, PracticeSettings
from ui.microphone.ear import Ear
from ui.practice.by_ear import as_heard, is_tune_alone


class Ports:
    """The devices, as far as they hear."""

    def __init__(self, ear: Ear | None, opening: bool = False):
        self.ear, self.hears = ear, opening or ear is not None


@pytest.mark.parametrize(
    ("ports", "echo", "one_line"),
    [
        (Ports(None), True, False),
        (Ports(None, opening=True), False, False),
        (Ports(Ear("piano")), False, False),
        (Ports(Ear("voice")), False, True),
    ],
)
def test_what_a_microphone_would_hear_as_played_is_not_sounded(ports, echo, one_line):
    heard = as_heard(PracticeSettings(echo=True), ports)
    assert (heard.echo, heard.one_line) == (echo, one_line)


def test_who_wants_no_echo_has_none_with_a_keyboard_either():
    assert not as_heard(PracticeSettings(echo=False), Ports(None)).echo


@pytest.mark.parametrize(
    ("instrument", "hands", "alone"),
    [("voice", Hands.BOTH, True), ("voice", Hands.LEFT, False), ("piano", Hands.BOTH, False)],
)
def test_of_a_piece_for_two_hands_one_line_can_play_but_the_tune(make_scale, instrument, hands, alone):
    assert is_tune_alone(PracticeSettings(hands=hands), make_scale(1), Ear(instrument)) == alone


def test_a_piece_for_one_hand_is_its_own_tune(make_scale):
    score = make_scale(1)
    tune = score.with_notes(score.notes[score.notes["hand"] == RIGHT])
    assert not is_tune_alone(PracticeSettings(), tune, Ear("voice"))
