"""A piece is mastered when it stays from one day to another, and when what it taught carries over."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tutor.evidence import BarEvidence, Evidence
from tutor.fading import GuidedPass
from tutor.faults import Fault
from tutor.journal.entries import ExerciseEntry
from tutor.keeping import OffBeat
from tutor.learner import Attempt
from tutor.mastery import NO_PIECE, analogues, masteries, proves
from tutor.practice import Hands, Mode, PracticeSettings

NOON = datetime(2026, 3, 1, 12)
MADE_OF = {"like buns": "buns", "as written": NO_PIECE}


def attempt(hours: float = 0, wrong: int = 0, digest: str = "buns", **settings) -> Attempt:
    """Four bars of 25 notes, the last one with so many wrong."""
    bars = (*(BarEvidence(number, 25) for number in (1, 2, 3)), BarEvidence(4, 25 - wrong, wrong=wrong))
    how = PracticeSettings(**settings)
    return Attempt(digest, digest.title(), how, Evidence(bars), 4, NOON + timedelta(hours=hours))


def found(*attempts):
    return masteries(attempts, MADE_OF)["buns"]


def test_two_proofs_show_that_it_stays_once_a_night_lies_between_them():
    assert not found(attempt()).stays
    assert not found(attempt(), attempt(19.9)).stays
    assert found(attempt(), attempt(20)).stays
    assert found(attempt(), attempt(2), attempt(20)).stays  # what is proved in between takes nothing away
    assert not found(attempt(0, wrong=4), attempt(20)).stays


def test_it_is_mastered_when_an_unseen_analogue_went_well_besides():
    clean = (attempt(), attempt(24))
    assert not found(*clean).is_mastered
    assert found(*clean, attempt(25, wrong=15, digest="like buns")).is_mastered
    unsure = found(*clean, attempt(25, wrong=16, digest="like buns"))
    assert (unsure.carried, unsure.is_mastered) == (0.84, False)


def test_an_analogue_is_unseen_once():
    again = (attempt(25, wrong=20, digest="like buns"), attempt(26, digest="like buns"))
    assert found(attempt(), attempt(24), *again).carried == 0.8


def test_what_was_made_of_it_before_it_went_well_shows_nothing():
    assert found(attempt(digest="like buns"), attempt(1), attempt(24)).carried is None
    mixed = masteries([attempt(digest="like buns"), attempt(1, wrong=20)], MADE_OF)
    assert mixed["buns"].first is None


def test_bars_as_they_are_written_are_neither_a_piece_nor_an_analogue():
    assert set(masteries([attempt(), attempt(25, digest="as written")], MADE_OF)) == {"buns"}


@pytest.mark.parametrize(
    "settings",
    [{"hands": Hands.RIGHT}, {"tempo_ratio": 0.9, "mode": Mode.KEEP_TEMPO}, {"mode": Mode.WAIT}],
    ids=["one hand", "slower", "waiting"],
)
def test_what_was_made_easier_proves_nothing(settings):
    assert proves(attempt())
    assert not proves(attempt(**settings))


def test_who_sets_the_tempo_must_reach_it():
    free = attempt(mode=Mode.FOLLOW)
    assert proves(replace(free, evidence=replace(free.evidence, tempo_ratio=0.96)))
    assert not proves(replace(free, evidence=replace(free.evidence, tempo_ratio=0.7)))


@pytest.mark.parametrize(
    "change",
    [
        {"unplayed": (5,)},
        {"off_beat": OffBeat(0.5, 0.9, 4)},
        {"bars": tuple(BarEvidence(number, 25, extra=1) for number in (1, 2, 3, 4))},
    ],
    ids=["a bar left out", "behind the beat", "keys too many"],
)
def test_what_was_not_all_right_proves_nothing(change):
    plain = attempt()
    assert not proves(replace(plain, evidence=replace(plain.evidence, **change)))


def test_notes_that_come_at_the_wrong_time_count_apart_from_wrong_ones():
    late = tuple(Fault("late", bar, float(beat)) for bar in (1, 2) for beat in range(6))
    bars = tuple(BarEvidence(bar, 25, faults=tuple(one for one in late if one.bar == bar)) for bar in (1, 2, 3, 4))
    evidence = Evidence(bars)
    assert (evidence.hit_share, evidence.on_time_share) == (1.0, 0.88)
    assert not proves(replace(attempt(), evidence=evidence))


def test_what_a_glove_led_proves_nothing():
    assert not proves(replace(attempt(), passes=(GuidedPass(3, 1.0),)))


def kept(title: str, digest: str, **provenance) -> ExerciseEntry:
    said = {"piece": {"title": "Buns", "digest": "buns"}, "weights": "melody-1"} | provenance
    return ExerciseEntry(digest, NOON, title, digest, "", said, "", b"")


def test_an_analogue_is_known_by_its_notes_and_by_its_title_and_a_song_is_a_piece():
    made_of = analogues([
        kept("After Buns, bar 2", "a"),
        kept("Buns, bars 1–2", "b", weights="as written"),
        kept("A song", "c", song_bars=16),
    ])  # fmt: skip
    assert made_of == {"a": "buns", "After Buns, bar 2": "buns", "b": NO_PIECE, "Buns, bars 1–2": NO_PIECE}
    anew = replace(attempt(25, digest="x"), title="After Buns, bar 2")
    assert masteries([attempt(), attempt(24), anew], made_of)["buns"].is_mastered
