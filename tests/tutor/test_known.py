"""What share of a piece is known: of all its notes, by the latest takes."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from lessons.fingering import with_fingers
from lessons.library.shelf import load
from tutor.commands.takes import line
from tutor.journal.entries import TakeEntry
from tutor.known import known_share, known_share_of_newest, went_to_the_end
from tutor.learner import Learner, attempt_of
from tutor.performance import PLAYED_DTYPE, Performance
from tutor.practice import Hands, PracticeSettings
from tutor.review import review

NOON = datetime(2026, 3, 1, 12)


@pytest.fixture(scope="module")
def score():
    return with_fingers(load("lightly-row"))


def take(score, last_bar=99, first_bar=1, slip=None, at=0, **settings) -> TakeEntry:
    """A judged take of these bars with the hands of the settings, one written note of bar ``slip`` a tone too high."""
    how = PracticeSettings(**settings)
    bars = score.bar_numbers_at(score.notes["onset_beat"])
    hands = np.isin(score.notes["hand"], list(how.hands.played()))
    chosen = score.notes[(first_bar <= bars) & (bars <= last_bar) & hands]
    rows = [(float(score.tempo.seconds_at(n["onset_beat"])) + 1, 0.3, int(n["pitch"]), 70) for n in chosen]
    if slip is not None:
        place = int(np.flatnonzero(score.bar_numbers_at(chosen["onset_beat"]) == slip)[0])
        rows[place] = (*rows[place][:2], rows[place][2] + 2, 70)
    found = review(score, Performance(np.array(rows, PLAYED_DTYPE)), how, Learner(), datetime(2026, 3, 1, 12))
    began = NOON + timedelta(minutes=at)
    said = how.as_json()
    return TakeEntry(f"t{at}", began, score.digest, score.title, said, 9.0, len(rows), assessment=found.assessment)


def test_two_bars_of_a_piece_are_not_the_piece(score):
    stopped = take(score, last_bar=2)
    bars = score.bar_numbers_at(score.notes["onset_beat"])
    assert known_share([stopped]) == pytest.approx((bars <= 2).sum() / len(score.notes))
    assert line(stopped).endswith("Lightly Row · bars 1–2 of 16 · both hands · 100 % right")


def test_a_passage_practised_with_both_hands_is_not_the_piece(score):
    looped = take(score, last_bar=4, bars=(1, 4), loop=True)
    bars = score.bar_numbers_at(score.notes["onset_beat"])
    assert known_share([looped]) == pytest.approx((bars <= 4).sum() / len(score.notes))
    assert known_share([looped, take(score)]) == pytest.approx(1.0)


def test_a_passage_that_the_journal_has_does_not_cover_the_piece(score):
    assert attempt_of(take(score, last_bar=4, bars=(1, 4), loop=True), ()).covers_piece is False
    assert attempt_of(take(score), ()).covers_piece is True


def test_one_hand_of_a_piece_is_not_the_piece(score):
    right = take(score, hands=Hands.RIGHT)
    share = (score.notes["hand"] == 1).mean()
    assert 0.3 < share < 0.8
    assert known_share([right]) == pytest.approx(share)


def test_the_hands_are_known_one_after_the_other_and_the_latest_time_counts(score):
    hands = [take(score, hands=Hands.LEFT), take(score, hands=Hands.RIGHT)]
    assert known_share(hands) == pytest.approx(1.0)
    assert known_share([take(score, slip=3), *hands]) == pytest.approx(1 - 1 / len(score.notes))
    assert known_share([*hands, take(score, slip=3)]) == pytest.approx(1.0)


def test_a_whole_take_without_a_fault_is_the_whole_piece(score):
    whole = take(score)
    assert known_share_of_newest([whole, take(score, last_bar=2)]) == 1.0
    assert line(whole).endswith("Lightly Row · both hands · 100 % right")


def test_what_was_stopped_in_a_passage_says_how_far_it_went(score):
    passage = take(score, first_bar=5, last_bar=6, bars=(5, 8))
    assert "bars 5–8 of 16, as far as bar 6 · both hands" in line(passage)
    assert "bars 5–8 of 16 · both hands" in line(take(score, first_bar=5, last_bar=8, bars=(5, 8)))


def test_the_bars_of_a_piece_with_a_repeat_are_those_of_its_page(score):
    whole = take(score, first_bar=5, last_bar=8, bars=(5, 8))
    for bar in whole.assessment["bars"]:
        again = bar["bar"] > 8
        bar |= {"written": str(bar["bar"] - 8 * again), "time": 1 + again}
    assert "bars 5–8 of 8 · both hands" in line(whole)


def test_a_take_of_an_older_program_counts_by_the_notes_that_it_tells_of(score):
    old = take(score, last_bar=2)
    old.assessment.pop("notes_in_piece")
    bars = score.bar_numbers_at(score.notes["onset_beat"])
    assert known_share([old]) == pytest.approx((bars <= 2).sum() / len(score.notes))
    assert known_share([]) == 0.0


def test_rests_at_the_end_are_no_reason_to_say_that_a_take_did_not_get_there(score):
    sung = score.with_notes(score.notes[score.bar_numbers_at(score.notes["onset_beat"]) < 15])
    whole, broken = take(sung), take(sung, last_bar=13)
    assert sung.bars["number"][-1] == 16
    assert went_to_the_end(whole.assessment) and "of 16" not in line(whole)
    assert not went_to_the_end(broken.assessment) and "bars 1–13 of 16" in line(broken)
