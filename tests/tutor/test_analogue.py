"""The exercise keeps what failed where it failed, differs from the page, and is not given twice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from playing import composed

from lessons.analogy import Analogy, Feature, Measures, Variation
from lessons.difficulty import difficulty
from lessons.exercise import excerpt
from lessons.library.shelf import pieces
from lessons.progress import Told, unheard
from lessons.score import LEFT, METRE_DTYPE, RIGHT, Score
from tutor.analogue import (
    AS_HARD,
    HARDER,
    Way,
    analogies_for,
    differing,
    donors_for,
    exercise,
    is_other,
    places_of,
    to_phrase_end,
    wide_enough,
)
from tutor.evidence import BarEvidence, Evidence
from tutor.faults import Fault
from tutor.learner import Learner
from tutor.practice import Hands, PracticeSettings
from tutor.step import Knob, Step

BARS = (5, 6)


def evidence(*faults: Fault) -> Evidence:
    bars = sorted({fault.bar for fault in faults})
    return Evidence(tuple(BarEvidence(bar, 6, faults=tuple(f for f in faults if f.bar == bar)) for bar in bars))


def asked(feature: Feature, hand: str, settings: PracticeSettings | None = None, beat: float = 17.0) -> list[Analogy]:
    found = evidence(Fault("wrong", 5, beat, hand, feature))
    score = replace(composed(3), level=3)
    return list(analogies_for(score, BARS, found, feature, settings or PracticeSettings(), Learner(), pieces()))


@pytest.mark.parametrize("hand", ["left", "right"])
def test_failed_notes_stay_with_their_neighbours_in_the_hand_that_failed(hand: str) -> None:
    first = asked(Feature.PITCH, hand)[0]
    assert (first.hand, set(first.donors)) == ({"left": LEFT, "right": RIGHT}[hand], {Feature.RHYTHM})
    assert {16.0, 17.0} < set(first.fixed)
    assert len(first.fixed) == 3


def test_where_nothing_else_may_change_what_leads_there_does_in_the_end() -> None:
    questions = asked(Feature.PITCH, "right")
    within = [one for one in questions if one.bars == questions[0].bars]
    before = questions[len(within) :]
    assert before and not any(one.bars == questions[0].bars for one in before)
    first, last = questions[0].bars
    assert {(one.bars, one.fixed) for one in before} == {((first - 1, last), one.fixed) for one in within if one.fixed}


def test_a_failed_rhythm_is_kept_under_another_tune_of_the_hand_that_plays() -> None:
    assert {analogy.hand for analogy in asked(Feature.RHYTHM, "left")} == {None}
    alone = asked(Feature.RHYTHM, "left", PracticeSettings(hands=Hands.LEFT))
    assert {analogy.hand for analogy in alone} == {LEFT}
    assert all(analogy.keep == {Feature.RHYTHM, Feature.TEXTURE} for analogy in alone)


def test_a_failed_rhythm_is_kept_under_other_harmonies_where_no_other_tune_is_one() -> None:
    ways = [set(analogy.donors) for analogy in asked(Feature.RHYTHM, "left") if analogy.donors]
    assert ways[0] == {Feature.PITCH} and ways[-1] == {Feature.CHORDS}


@pytest.mark.parametrize("feature", list(Feature))
def test_the_hand_below_plays_on_as_it_did_whatever_failed(feature: Feature) -> None:
    assert all(Feature.TEXTURE in analogy.keep for analogy in asked(feature, "right"))


def test_hands_that_were_apart_keep_their_time() -> None:
    assert all(Feature.RHYTHM in analogy.keep for analogy in asked(Feature.TEXTURE, "right"))


def test_a_failed_chord_stays_under_another_tune_or_alone_in_another_rhythm() -> None:
    first = asked(Feature.CHORDS, "left")[0]
    assert (first.hand, set(first.donors)) == (RIGHT, {Feature.PITCH})
    first = asked(Feature.CHORDS, "left", PracticeSettings(hands=Hands.LEFT))[0]
    assert (first.hand, set(first.donors)) == (LEFT, {Feature.RHYTHM})
    assert 17.0 in first.fixed


def test_hands_that_were_apart_stay_as_they_are_under_other_harmonies_else_another_tune() -> None:
    ways = [set(analogy.donors) for analogy in asked(Feature.TEXTURE, "left") if analogy.donors]
    assert ways[0] == {Feature.CHORDS} and ways[-1] == {Feature.PITCH}


def test_the_same_failure_after_one_more_attempt_asks_for_something_else() -> None:
    class Busy(Learner):
        def plays(self) -> tuple[str, ...]:
            return ()

    score, found = composed(3), evidence(Fault("wrong", 5, 17.0, "right"))
    how = score, BARS, found, Feature.PITCH, PracticeSettings()
    seeds = {analogies_for(*how, Busy((None,) * count), pieces())[0].seed for count in range(8)}  # type: ignore[arg-type]
    assert len(seeds) == 8


def test_a_fault_between_two_notes_belongs_to_the_one_before() -> None:
    score = composed(3)
    assert places_of(score, BARS, [Fault("extra", 5, 17.3, "right")], RIGHT, 0) == (17.0,)
    assert places_of(score, BARS, [Fault("extra", 5, 17.3, "left")], RIGHT, 0) == ()


def in_quarters(title: str, onsets: tuple[float, ...] = (0.0, 1.0, 2.0, 3.0)) -> Score:
    """A tune that strikes at these places of each bar, over the left hand of the composed piece."""
    score = composed(3)
    left = score.notes[score.notes["hand"] == LEFT]
    tune = np.repeat(score.notes[score.notes["hand"] == RIGHT][:1], len(onsets) * 12)
    tune["onset_beat"] = [4 * bar + place for bar in range(12) for place in onsets]
    tune["pitch"] = 67 + np.arange(len(tune)) % 5
    tune["duration_beat"] = 0.5
    return replace(score.with_notes(np.concatenate([left, tune])), title=title)


def test_donors_whose_rhythm_is_the_passages_own_come_last() -> None:
    page, held = in_quarters("page"), in_quarters("held", (0.0, 2.0, 3.0))
    same = [in_quarters(f"quarters {number}") for number in range(5)]
    first = differing([*same, held], page, BARS, Way(Feature.RHYTHM, RIGHT))
    assert [donor.title for donor in first] == ["held", "quarters 0", "quarters 1", "quarters 2"]


def test_an_exercise_that_takes_a_rhythm_takes_another_one_where_it_can() -> None:
    page, held = in_quarters("page"), in_quarters("held", (0.0, 2.0, 3.0))
    analogy = Analogy(page, {Feature.RHYTHM: held}, bars=BARS, hand=RIGHT)
    step = Step(page, "why", Knob.LENGTH, "", PracticeSettings(), BARS, (4, 6), Feature.PITCH, (analogy,) * 2)
    answers = Answers(moved(page, 2), moved(held, 2))
    other = exercise(step, lambda: answers)
    assert other is not None and set(other.taken) == {Feature.RHYTHM}
    only = exercise(replace(step, analogies=(analogy,)), lambda: Answers(moved(page, 2)))
    assert only is not None and only.variation is not None and only.taken == {}


class Answers:
    """A composer that answers with one score after the other."""

    def __init__(self, *answers: Score):
        self.answers = list(answers)

    def vary(self, analogy: Analogy, count: int = 1, told: Told = unheard) -> list[Variation]:
        return [Variation(self.answers.pop(0), analogy, Measures(1, 1, 1, 1, 0), "rules")]


def moved(score: Score, semitones: int) -> Score:
    notes = score.notes.copy()
    notes["pitch"] += semitones
    return score.with_notes(notes)


def crowded(score: Score) -> Score:
    """Eight notes for each one, far apart."""
    notes = np.repeat(score.notes, 8)
    notes["duration_beat"] /= 8
    notes["onset_beat"] += np.tile(np.arange(8), len(score.notes)) * notes["duration_beat"]
    notes["pitch"] += np.tile([0, 14, 1, 13, 2, 12, 3, 11], len(score.notes)).astype("i2")
    return score.with_notes(notes)


def made(*answers: Score, given: frozenset[str] = frozenset()):
    score = composed(3)
    analogy = Analogy(score, bars=BARS)
    step = Step(
        score, "why", Knob.LENGTH, "", PracticeSettings(), BARS, (4, 6), Feature.PITCH, (analogy,) * len(answers)
    )
    composer = Answers(*answers)
    return exercise(step, lambda: composer, given)


def test_an_answer_that_is_the_page_or_far_too_hard_is_not_taken() -> None:
    score = composed(3)
    taken = made(score, crowded(score), moved(score, 2))
    assert taken.score.notes["pitch"][0] == excerpt(score, 4, 8).notes["pitch"][0] + 2
    assert made(score, crowded(score)).variation is None


def test_an_answer_that_is_harder_than_the_page_is_taken_where_there_is_no_other() -> None:
    score = composed(3)
    busier = split_in_two(score)
    harder = difficulty(excerpt(busier, 4, 8)).level - difficulty(excerpt(score, 4, 8)).level
    assert AS_HARD < harder <= HARDER
    assert made(busier, moved(score, 2)).score.digest == made(moved(score, 2)).score.digest
    assert made(busier, score).score.digest == made(busier).score.digest


def split_in_two(score: Score) -> Score:
    """The tune of a bar with each of its notes struck twice."""
    tune = (score.notes["hand"] == RIGHT) & (score.notes["onset_beat"] >= 16) & (score.notes["onset_beat"] < 20)
    notes, again = score.notes.copy(), score.notes[tune].copy()
    notes["duration_beat"][tune] /= 2
    again["duration_beat"] /= 2
    again["onset_beat"] += again["duration_beat"]
    return score.with_notes(np.concatenate([notes, again]))


@pytest.mark.parametrize(("metre", "found"), [((3, 8), {"6/8"}), ((2, 2), {"4/4", "2/4"}), ((4, 4), {"4/4"})])
def test_donors_are_of_the_same_metre_else_of_one_with_such_bars(metre: tuple[int, int], found: set[str]) -> None:
    score = replace(composed(3), metres=np.array([(0.0, *metre)], METRE_DTYPE), level=4)
    given = list(donors_for(score, Learner(), pieces(), 0))
    assert {"{}/{}".format(*donor.metre_at(0.0)) for donor in given} == found


def test_an_exercise_that_was_given_before_is_given_only_where_there_is_no_other() -> None:
    score = composed(3)
    first = made(moved(score, 1))
    given = frozenset({first.score.digest})
    assert made(moved(score, 1), moved(score, 2), given=given).score.digest not in given
    assert made(moved(score, 1), score, given=given).score.digest == first.score.digest


def test_an_exercise_goes_on_to_the_end_of_a_phrase_that_is_near() -> None:
    score = composed(3)
    assert to_phrase_end(score, (4, 6)) == (4, 8)
    assert to_phrase_end(score, (5, 8)) == (5, 8)
    assert to_phrase_end(score, (4, 5)) == (4, 5)


def test_one_changed_note_is_no_other_passage() -> None:
    score = composed(3)
    notes = score.notes.copy()
    notes["pitch"][np.flatnonzero(notes["onset_beat"] == 16.0)[-1]] += 1
    assert not is_other(score.with_notes(notes), score, BARS)
    assert is_other(moved(score, 1), score, BARS)
    assert not is_other(moved(score.hands(RIGHT), 1), score.hands(RIGHT), BARS, LEFT)


def test_an_exercise_has_notes_enough_to_be_judged():
    score = composed(4, bars=8, voices=1)
    first, last = wide_enough(score, (3, 3), 12)
    numbers = score.bar_numbers_at(score.notes["onset_beat"])
    assert first <= 3 <= last
    assert np.count_nonzero((numbers >= first) & (numbers <= last)) >= 12
    assert wide_enough(score, (3, 3), 2) == (3, 3)
    assert wide_enough(score, (3, 3), 10_000) == (1, 8)
