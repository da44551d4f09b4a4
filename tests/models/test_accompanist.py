"""A left hand for a tune that stands alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lessons.analogy import Analogy, Feature, Growth, Level, Style
from lessons.errors import ComposerError
from lessons.harmony import chords_of
from lessons.page_signs import BELOW, DIRECTION_DTYPE, DYNAMICS, PageSigns
from lessons.score import LEFT, RIGHT, Score
from models.accompanist import accompaniments
from models.rules import RuleComposer
from models.songwriter import Songwriter
from models.two_hands import HAND_SPAN

COMPOSER = Songwriter(RuleComposer())
LOCKED = frozenset({Feature.PITCH, Feature.RHYTHM})


@pytest.fixture
def alone(two_hands: Score) -> Score:
    """The tune of the two-handed piece."""
    return two_hands.hands(RIGHT)


def questions(alone: Score, two_hands: Score) -> list[Analogy]:
    return [
        Analogy(alone, hand=LEFT),
        Analogy(alone, keep=LOCKED),
        Analogy(alone, {Feature.TEXTURE: two_hands}),
        Analogy(alone, {Feature.TEXTURE: two_hands}, hand=LEFT),
    ]


def test_every_way_of_asking_leaves_the_tune_alone_and_puts_a_left_hand_below(alone: Score, two_hands: Score) -> None:
    for asked in questions(alone, two_hands):
        answer = COMPOSER.vary(asked)[0]
        assert answer.score.hands(RIGHT).notes.tolist() == alone.notes.tolist()
        assert len(answer.score.hands(LEFT).notes)
        assert any("the tune stays" in notice for notice in answer.notices)


def test_what_the_page_said_of_other_music_is_not_said_of_the_answers(alone: Score, two_hands: Score) -> None:
    words = np.array([(0.0, 0.0, 0, RIGHT, BELOW, DYNAMICS, "ff")], DIRECTION_DTYPE)
    asked = [
        *questions(replace(alone, signs=PageSigns(words)), two_hands),
        Analogy(replace(two_hands, signs=PageSigns(words)), {Feature.RHYTHM: two_hands}),
        Analogy(replace(two_hands, signs=PageSigns(words)), style=Style.ALBERTI),
        Growth(replace(two_hands, signs=PageSigns(words)), bars=(1, 2)),
    ]
    assert not any(len(COMPOSER.vary(analogy)[0].score.signs.directions) for analogy in asked)


def test_the_left_hand_stays_below_the_tune_and_within_a_span(alone: Score) -> None:
    for answer in COMPOSER.vary(Analogy(alone, hand=LEFT), 3):
        left, right = answer.score.hands(LEFT).notes, answer.score.hands(RIGHT).notes
        for onset in np.unique(left["onset_beat"]):
            struck = left[left["onset_beat"] == onset]["pitch"]
            ends = right["onset_beat"] + right["duration_beat"]
            over = right[(right["onset_beat"] <= onset) & (ends > onset)]["pitch"]
            assert np.ptp(struck) <= HAND_SPAN
            assert not len(over) or struck.max() < over.min()


def test_it_closes_on_the_root_as_long_as_the_last_note(alone: Score) -> None:
    left = accompaniments(Analogy(alone, hand=LEFT))[0].score.hands(LEFT).notes
    last = left[left["onset_beat"] == left["onset_beat"].max()]
    assert last["pitch"].min() % 12 == chords_of(alone)["root"][-1]
    assert set(last["duration_beat"].tolist()) == {2.0}
    assert last["onset_beat"][0] == 14.0


def test_a_donor_lends_the_rhythm_of_its_left_hand(alone: Score, two_hands: Score) -> None:
    notes = two_hands.notes.copy()
    left = notes[notes["hand"] == LEFT]
    offbeat = left.copy()
    offbeat["onset_beat"] += 2
    left["duration_beat"] = offbeat["duration_beat"] = 2
    donor = two_hands.with_notes(np.concatenate([notes[notes["hand"] == RIGHT], left, offbeat]))
    answer = COMPOSER.vary(Analogy(alone, {Feature.TEXTURE: donor}))[0]
    onsets = np.unique(answer.score.hands(LEFT).notes["onset_beat"])
    assert onsets.tolist() == [0, 2, 4, 6, 8, 10, 12, 14]


def test_written_chords_are_taken_as_they_stand(alone: Score, two_hands: Score) -> None:
    chords = chords_of(two_hands).copy()
    chords["root"][0], chords["tones"][0], chords["bass"][0] = 9, 1 << 9 | 1 | 1 << 4, 9
    answer = COMPOSER.vary(Analogy(replace(alone, chords=chords), hand=LEFT))[0]
    left = answer.score.hands(LEFT).notes
    assert left["pitch"][0] % 12 == 9


def test_an_easier_hand_plays_fewer_notes_and_too_many_hands_are_refused(alone: Score) -> None:
    easier, harder = (
        COMPOSER.vary(Analogy(alone, hand=LEFT, level=level))[0].score.hands(LEFT)
        for level in (Level.EASIER, Level.HARDER)
    )
    assert len(np.unique(easier.notes["onset_beat"])) < len(np.unique(harder.notes["onset_beat"]))
    with pytest.raises(ComposerError, match="--count 12: only 11"):
        COMPOSER.vary(Analogy(alone, hand=LEFT), 12)


def test_a_donor_without_a_left_hand_is_refused(alone: Score) -> None:
    with pytest.raises(ComposerError, match="no left hand"):
        COMPOSER.vary(Analogy(alone, {Feature.TEXTURE: alone}))


def test_a_piece_for_two_hands_and_a_free_question_go_to_the_others(alone: Score, two_hands: Score) -> None:
    for asked in (Analogy(alone, strength=0.5), Analogy(two_hands, {Feature.TEXTURE: two_hands}, hand=LEFT)):
        ours, theirs = COMPOSER.vary(asked)[0], RuleComposer().vary(asked)[0]
        assert ours.score.notes.tolist() == theirs.score.notes.tolist()
