"""Of an instrument of one line the tune of a piece for two hands is expected, where nobody says otherwise."""

from listen_scores import scale_score

from tutor.commands.score_source import hands_of
from tutor.practice import Hands


def test_one_line_is_judged_by_the_tune_and_that_is_said(capsys) -> None:
    assert hands_of(None, scale_score(left=True), "flute") is Hands.RIGHT
    assert "of one line (flute) the right hand's tune is expected" in capsys.readouterr().err


def test_hands_that_are_said_stay_and_so_do_both_of_a_pianist_and_of_a_tune_alone(capsys) -> None:
    assert hands_of("both", scale_score(left=True), "flute") is Hands.BOTH
    assert hands_of(None, scale_score(left=True)) is Hands.BOTH
    assert hands_of(None, scale_score(left=False), "flute") is Hands.BOTH
    assert capsys.readouterr().err == ""
