"""From a real take through judge, coach and journal to the next exercise."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from lessons.analogy import Feature
from lessons.fingering import with_fingers
from lessons.library.shelf import load, pieces
from models.rules import RuleComposer
from tutor.analogue import exercise
from tutor.evidence import BIG_ENOUGH, Evidence
from tutor.fading import GuidedPass
from tutor.journal.journal import Journal
from tutor.learner import Learner
from tutor.performance import PLAYED_DTYPE, Performance
from tutor.practice import Hands, Mode, PracticeSettings
from tutor.review import keep, learner_from, passes_of, review, schedule
from tutor.schedule import new_passage
from tutor.step import Knob

DAY = datetime(2026, 3, 1, 12)
SLUG = "ode-to-joy"


@pytest.fixture(scope="module")
def score():
    return with_fingers(load(SLUG))


def played(score, change=lambda note, bar: (0.0, 0), seed: int = 2) -> Performance:
    """A human-like take; ``change`` gives each note a shift in seconds and in semitones, or None to leave it out."""
    rng = np.random.default_rng(seed)
    rows = []
    for note in score.notes:
        changed = change(note, int(score.bar_numbers_at(float(note["onset_beat"]))))
        if changed is not None:
            onset = float(score.tempo.seconds_at(note["onset_beat"])) + 2.0 + rng.normal(0, 0.008) + changed[0]
            rows.append((onset, 0.3, int(note["pitch"]) + changed[1], 70))
    return Performance(np.array(rows, PLAYED_DTYPE))


def reviewed(score, performance, learner=None, settings=None):
    return review(score, performance, settings or PracticeSettings(), learner or Learner(), DAY, pieces())


def test_a_take_without_a_fault_is_praised_and_nothing_is_asked(score):
    found = reviewed(score, played(score))
    assert found.report.hit_share == 1.0
    assert found.report.praise and not found.report.items
    assert found.step.bars is None


def test_wrong_notes_in_two_bars_are_found_named_and_answered_by_an_analogy(score):
    take = played(score, lambda note, bar: (0.0, 3 if bar in (5, 6) and note["hand"] == 1 else 0))
    found = reviewed(score, take)
    assert found.step.bars == (5, 6)
    assert found.step.feature is Feature.PITCH
    assert found.step.reason.startswith("Bars 5–6: eight wrong notes were struck")
    made = exercise(found.step, RuleComposer)
    assert made.variation is not None and not made.notices
    failed = score.notes[(score.notes["hand"] == 1) & np.isin(score.bar_numbers_at(score.notes["onset_beat"]), (5, 6))]
    first = score.bar_range(4, 4)[0]
    there = set(zip(made.score.notes["onset_beat"] + first, made.score.notes["pitch"], strict=True))
    assert {(note["onset_beat"], note["pitch"]) for note in failed} <= there
    assert made.bars[0] == 4
    heats = {heat.bar: heat.heat for heat in found.report.bars}
    assert heats[5] > 0.3 and heats[1] == 0.0


def test_what_goes_wrong_once_in_each_of_several_bars_is_named_all_the_same(score):
    firsts = {}
    for note in score.notes[score.notes["hand"] == 1]:
        firsts.setdefault(int(score.bar_numbers_at(float(note["onset_beat"]))), note["onset_beat"])
    wrong = {firsts[bar] for bar in (3, 6, 9)}
    take = played(score, lambda note, bar: (0.0, 3 if note["hand"] == 1 and note["onset_beat"] in wrong else 0))
    (item,) = reviewed(score, take).report.items
    assert item.startswith("Bars 3–9: three wrong notes were struck")


@pytest.fixture
def dotted(steps):
    """The right hand plays dotted in bars 2 and 3."""
    notes = steps.notes.copy()
    late = (notes["hand"] == 1) & np.isin(notes["onset_beat"] // 4, (1, 2)) & (notes["onset_beat"] % 2 == 1)
    notes["onset_beat"][late] += 0.5
    return steps.with_notes(notes)


def test_an_early_dotted_rhythm_is_named_and_kept_for_the_exercise(dotted):
    """Every short note after a dotted one comes a third of a beat early."""

    def change(note, bar):
        is_short = note["hand"] == 1 and note["onset_beat"] % 1 == 0.5
        return (-0.33 * 60 / dotted.tempo.bpm_at(0.0) if is_short else 0.0, 0)

    found = reviewed(dotted, played(dotted, change))
    assert found.step.bars == (2, 3)
    assert found.step.reason == "Bars 2–3: the dotted rhythm came early four times; the notes were right."
    assert found.step.analogy.keep == {Feature.RHYTHM, Feature.TEXTURE}
    made = exercise(found.step, RuleComposer)
    onsets = dotted.notes[(dotted.notes["hand"] == 1) & (dotted.notes["onset_beat"] < 12)]["onset_beat"]
    right = made.score.notes[(made.score.notes["hand"] == 1) & (made.score.notes["onset_beat"] < 12)]
    assert made.variation is not None
    assert np.unique(right["onset_beat"]).tolist() == np.unique(onsets).tolist()


def test_a_take_of_a_few_bars_is_judged_by_these_bars_alone(score):
    take = played(score, lambda note, bar: (0.0, 0) if bar <= 4 else None)
    found = reviewed(score, take)
    assert [heat.bar for heat in found.report.bars if heat.heat is not None] == [1, 2, 3, 4]
    assert found.report.hit_share == 1.0


def test_the_hand_that_rests_is_not_missed(score):
    take = played(score, lambda note, bar: (0.0, 0) if note["hand"] == 1 else None)
    found = reviewed(score, take, settings=PracticeSettings(hands=Hands.RIGHT))
    assert found.report.hit_share == 1.0


def test_the_learner_in_the_journal_is_the_learner_of_the_lesson(score, tmp_path):
    journal = Journal.open(tmp_path / "journal.db")
    learner = Learner()
    for seed in (1, 2):
        take = played(score, lambda note, bar: (0.0, 3 if bar == 7 else 0), seed)
        take_log = journal.begin_take(score.digest, score.title, PracticeSettings().as_json())
        take_log.finish(take)
        found = reviewed(score, take, learner)
        learner = found.learner
        made = exercise(found.step, RuleComposer)
        assert keep(journal, take_log.take_id, found, made) is not None
    journal.flush()
    kept = learner_from(journal)
    assert [attempt.evidence for attempt in kept.attempts] == [attempt.evidence for attempt in learner.attempts]
    assert len(journal.exercises()) == 2
    journal.close()


def test_a_passage_played_is_due_again_on_another_day(score, tmp_path):
    journal = Journal.open(tmp_path / "journal.db")
    now = datetime(2026, 3, 1, 18, 0)
    passage = schedule(journal, score, reviewed(score, played(score)), now)
    assert passage.due_at > now + timedelta(hours=20)
    assert (passage.first_bar, passage.last_bar, passage.hands) == (1, 16, "both")
    journal.flush()
    assert schedule(journal, score, reviewed(score, played(score, seed=9)), now + timedelta(hours=1)) == passage
    assert journal.passages(now) == []
    assert journal.passages(passage.due_at) == [passage]
    journal.close()


def test_what_was_due_of_a_piece_is_done_with_once_the_piece_was_played(score, tmp_path):
    journal = Journal.open(tmp_path / "journal.db")
    now = datetime(2026, 3, 1, 18, 0)
    for bars, hands in (((1, 16), "right"), ((5, 8), "both")):
        journal.keep_passage(new_passage(score.digest, bars, hands, now - timedelta(days=2)))
    journal.flush()
    schedule(journal, score, reviewed(score, played(score)), now)
    journal.flush()
    assert journal.passages(now + timedelta(hours=20)) == []
    assert len(journal.passages()) == 3
    journal.close()


def test_the_same_passage_failed_twice_is_taken_slower(score):
    settings = PracticeSettings(bars=(4, 7), hands=Hands.RIGHT)

    def change(note, bar):
        wrong = note["onset_beat"] % 2 == 1
        return (0.0, 3 if wrong else 0) if 4 <= bar <= 7 and note["hand"] == 1 else None

    once = reviewed(score, played(score, change, seed=1), settings=settings)
    twice = reviewed(score, played(score, change, seed=2), once.learner, settings)
    assert once.step.knob is Knob.NOTHING
    assert (twice.step.knob, twice.step.settings.tempo_ratio) == (Knob.TEMPO, 0.91)


def test_evidence_of_the_bars_alone_agrees_with_the_verdicts(score):
    found = reviewed(score, played(score, lambda note, bar: None if bar == 3 and note["hand"] == 1 else (0.0, 0)))
    evidence = Evidence.of(found.assessment)
    assert sum(bar.missed for bar in evidence.bars) == found.assessment["summary"]["missed"] > 0
    assert {fault.kind for fault in evidence.faults if fault.bar == 3} >= {"missed"}


def test_only_what_goes_without_touch_is_scheduled_and_the_report_says_how_touch_fades(score, tmp_path):
    journal = Journal.open(tmp_path / "journal.db")
    felt = (GuidedPass(4, 1.0),)
    led = review(score, played(score), PracticeSettings(), Learner(), DAY, pieces(), passes=felt)
    assert schedule(journal, score, led, datetime(2026, 3, 1)) is None
    assert led.report.touch.startswith("Touch: show me everything.")
    alone = reviewed(score, played(score))
    assert schedule(journal, score, alone, datetime(2026, 3, 1)) is not None
    assert alone.report.touch == ""
    journal.close()


def kept_take(journal, score, **said):
    """A judged take in the journal; its id."""
    log = journal.begin_take(score.digest, score.title, PracticeSettings().as_json() | said)
    log.finish(played(score, lambda note, bar: (0.0, 0) if bar <= 2 else None))
    keep(journal, log.take_id, reviewed(score, played(score)), None)
    journal.flush()
    return log.take_id


def test_passes_are_kept_with_the_take_and_known_again(score, tmp_path):
    journal = Journal.open(tmp_path / "journal.db")
    log = journal.begin_take(score.digest, score.title, PracticeSettings().as_json())
    log.finish(played(score))
    journal.keep_passes(log.take_id, [GuidedPass(3, 0.9).as_json()])
    assert passes_of(journal, log.take_id) == (GuidedPass(3, 0.9),)
    assert passes_of(journal, None) == ()
    keep(journal, log.take_id, reviewed(score, played(score)), None)
    journal.flush()
    assert learner_from(journal).attempts[0].is_led
    journal.close()


def test_what_is_known_of_the_journal_is_not_read_again_and_what_is_new_is(score, tmp_path, monkeypatch):
    journal = Journal.open(tmp_path / "journal.db")
    read, known, entry = [], {}, journal.entry
    monkeypatch.setattr(journal, "entry", lambda take_id: read.append(take_id) or entry(take_id))
    names = []
    for count in (1, 2, 3):
        names.append(kept_take(journal, score))
        assert len(learner_from(journal, known).attempts) == count
    assert read == names
    journal.close()


def test_a_take_that_is_judged_late_is_an_attempt_from_then_on(score, tmp_path):
    journal, known = Journal.open(tmp_path / "journal.db"), {}
    log = journal.begin_take(score.digest, score.title, PracticeSettings().as_json())
    log.finish(played(score))
    assert learner_from(journal, known).attempts == ()
    keep(journal, log.take_id, reviewed(score, played(score)), None)
    journal.flush()
    assert len(learner_from(journal, known).attempts) == 1
    journal.close()


def test_takes_from_files_are_no_attempts_of_the_learner_and_push_none_out(score, tmp_path, monkeypatch):
    monkeypatch.setattr("tutor.review.REMEMBERED_TAKES", 2)
    journal = Journal.open(tmp_path / "journal.db")
    for source in ("midi", "take", "take", "take"):
        kept_take(journal, score, source=source)
    (attempt,) = learner_from(journal).attempts
    assert attempt.at == journal.takes()[-1].started_at
    journal.close()


def test_a_take_of_another_version_keeps_no_report_from_being_made(tmp_path, score):
    journal = Journal.open(tmp_path / "journal.db")
    for mode in ("played-backwards", "follow-me"):
        log = journal.begin_take(score.digest, score.title, {"mode": mode})
        log.finish(played(score))
        journal.judge(log.take_id, reviewed(score, played(score)).assessment)
    journal.flush()
    assert len(learner_from(journal).attempts) == 1
    journal.close()


def test_where_the_score_waits_it_is_counted_how_often_it_stood_still(score):
    waiting = PracticeSettings(mode=Mode.WAIT)
    steady = reviewed(score, played(score), settings=waiting)
    assert (steady.assessment["waits"], steady.step.settings.mode) == (0, Mode.FOLLOW)
    bars = score.bars["number"]

    def halting(note, bar):
        return (2.0 * int(np.searchsorted(bars, bar)), 0)  # a stop before each bar

    found = reviewed(score, played(score, halting), settings=waiting)
    assert len(bars) - 4 <= found.assessment["waits"] <= len(bars) - 1  # none is told of the first and the last bar
    assert found.attempt.evidence.waits == found.assessment["waits"]
    assert "waits" not in reviewed(score, played(score, halting)).assessment


def test_eight_takes_that_stop_anywhere_leave_no_eight_passages(score, tmp_path):
    journal = Journal.open(tmp_path / "journal.db")
    learner = Learner()
    for stop in (3, 4, 5, 6, 7, 9, 11, 16):
        take = played(score, lambda _note, bar, stop=stop: (0.0, 0) if bar <= stop else None)
        found = reviewed(score, take, learner)
        learner = found.learner
        schedule(journal, score, found, DAY)
        journal.flush()
    assert {(one.first_bar, one.last_bar) for one in journal.passages()} == {(1, 4), (1, 16)}
    piece = next(one for one in journal.passages() if one.last_bar == 16)
    assert (piece.card, piece.due_at) == ({}, DAY + timedelta(days=1))  # it was not played cold
    journal.close()


def some_bars(score, first: int, last: int, wrong: int = 0) -> Performance:
    """The right hand of some bars, with wrong notes at first."""
    take = played(score, lambda note, bar: (0.0, 0) if first <= bar <= last and note["hand"] == 1 else None)
    notes = take.notes.copy()
    notes["pitch"][:wrong] += 1
    return Performance(notes)


def test_few_notes_are_enough_where_no_more_are_written(score):
    settings = PracticeSettings(bars=(5, 5), hands=Hands.RIGHT)
    span = score.rows_of(Hands.RIGHT.played(), score.bar_range(5, 5))
    assert 2 <= len(span) < BIG_ENOUGH
    found = reviewed(score, some_bars(score, 5, 5), settings=settings)
    assert (found.attempt.evidence.notes, found.attempt.evidence.is_thin) == (len(span), False)
    assert found.step.knob is Knob.HANDS
    few = reviewed(score, some_bars(score, 5, 5), settings=PracticeSettings(bars=(1, 8), hands=Hands.RIGHT))
    assert few.attempt.evidence.is_thin


def test_where_the_score_waits_nothing_is_said_of_the_rhythm(score):
    def uneven(note, bar):
        return (0.3 * (bar % 3), 1 if bar in (3, 4, 5, 9, 12) and note["hand"] == 1 else 0)

    told = [reviewed(score, played(score, uneven), settings=PracticeSettings(mode=mode)) for mode in Mode]
    waiting = told[list(Mode).index(Mode.WAIT)]
    assert "rhythm" not in " ".join((*waiting.report.praise, waiting.step.reason))
