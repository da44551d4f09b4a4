"""What the commands make of the instrument, the hands and the microphone that are named, or are not."""

from argparse import ArgumentParser
from typing import cast

import pytest
from listen_scores import scale_score

from lessons.errors import InputError
from tutor.commands import practise
from tutor.commands.parts import Parts
from tutor.commands.score_source import hands_of, tell_of_hands
from tutor.listen.listener import known_instrument
from tutor.practice import Hands


def test_one_line_is_judged_by_the_tune_and_that_is_said(capsys) -> None:
    assert hands_of(None, scale_score(left=True), "flute") is Hands.RIGHT
    tell_of_hands(None, scale_score(left=True), "flute")
    assert "the tune of the right hand is expected (flute)" in capsys.readouterr().err


def test_hands_that_are_said_stay_and_so_do_both_of_a_pianist_and_of_a_tune_alone(capsys) -> None:
    assert hands_of("both", scale_score(left=True), "flute") is Hands.BOTH
    assert hands_of(None, scale_score(left=True)) is Hands.BOTH
    assert hands_of(None, scale_score(left=False), "flute") is Hands.BOTH
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ("Flute", "flute"),
        ("clarinet in Bb", "clarinet in B flat"),
        ("Trumpet in B♭", "trumpet in B flat"),
        ("Clarinet in a", "clarinet in A"),
        ("PIANO", "piano"),
    ],
)
def test_an_instrument_is_known_by_its_name_however_it_is_written(said: str, own: str) -> None:
    assert known_instrument(said) == own


def test_an_instrument_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="say one of voice"):
        known_instrument("clarinet in B")


def test_a_recording_that_is_named_for_a_microphone_is_sent_to_listen() -> None:
    parser = ArgumentParser()
    practise.configure(parser)
    with pytest.raises(InputError, match=r"'listen take.wav --score tune.abc'"):
        practise.run(parser.parse_args(["tune.abc", "--audio", "take.wav", "--headless"]), cast(Parts, None))
