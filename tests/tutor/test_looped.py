"""A passage that is practised round after round: followed and judged in its own bars, whatever else sounds like it."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from playing import between, composed, joined, played, with_repeats

from lessons.assignment import task_of
from lessons.library.shelf import pieces
from lessons.score import MARK_DTYPE, RIGHT, Score
from tutor.assess import assess
from tutor.assigned.progress import JudgedTake, progress_of
from tutor.events import Inbox, NoteOn
from tutor.follow import Follower
from tutor.journal.journal import Journal
from tutor.learner import Learner
from tutor.performance import Performance
from tutor.practice import Hands, Mode, PracticeSettings
from tutor.review import review
from tutor.session import Session
from tutor.verdicts import Judgement

GAP_SEC = 0.5


def rounds(score: Score, span: tuple[float, float], count: int, hands: Hands = Hands.BOTH) -> Performance:
    """A passage so many times, with a breath between."""
    part = score.hands(*hands.played())
    once = between(part, played(part), *span)
    return joined(*[once] * count, gap_sec=GAP_SEC)


def verdicts(follower: Follower, take: Performance) -> list[tuple[str, float | None]]:
    said: dict[int, tuple[str, float | None]] = {}
    for onset, _, pitch, velocity in take.notes.tolist():
        said |= {one.index: (one.verdict, one.onset_beat) for one in follower.step(NoteOn(onset, pitch, velocity))}
    return list(said.values())


def library_loops() -> list[tuple[str, Score, PracticeSettings]]:
    found = []
    for piece in pieces():
        score = piece.score()
        for bars in ((1, 1), (1, 2), (1, 4)):
            for hands in (Hands.RIGHT, Hands.BOTH):
                settings = PracticeSettings(bars=bars, loop=True, hands=hands)
                if settings.fits(score) and len(score.rows_of(hands.played(), settings.span(score))):
                    found.append((f"{piece.title} {bars} {hands}", score, settings))
    return found


def test_clean_rounds_of_any_passage_of_the_library_hear_of_no_fault() -> None:
    wrong = []
    for name, score, settings in library_loops():
        take = rounds(score, settings.span(score), 3, settings.hands)
        said = assess(score, take, hands=settings.hands.code, span=settings.span(score))
        summary = said.summary()
        faults = summary["wrong"], summary["missed"], summary["extra"]
        if len(said.passes) != 3 or faults != (0, 0, 0):
            wrong.append((name, len(said.passes), faults))
    assert wrong == []


def test_the_live_follower_never_leaves_a_loop_for_the_same_music_elsewhere() -> None:
    score = with_repeats(composed(1, bars=16), 4)
    span = score.bar_range(1, 4)
    take = rounds(score, span, 4)
    said = verdicts(Follower(score, start_beat=span[0], loop=span), take)
    assert {verdict for verdict, _ in said} == {"hit"}
    once = [beat for _, beat in said[: len(said) // 4]]
    assert [beat for _, beat in said] == 4 * once
    assert max(once) < span[1]


def test_where_the_learner_leads_a_lap_is_counted_once_a_round() -> None:
    score = with_repeats(composed(1, bars=16), 4)
    settings = PracticeSettings(mode=Mode.FOLLOW, bars=(1, 4), loop=True)
    span, inbox, laps = settings.span(score), Inbox(), list[int]()
    for onset, _, pitch, velocity in rounds(score, span, 4).notes.tolist():
        inbox.put(NoteOn(onset, pitch, velocity))
    inbox.put(None)
    follower = Follower(score, start_beat=span[0], loop=span)
    session = Session(score, follower, inbox, settings=settings, clock=None)
    step = follower.step

    def counted(event: NoteOn) -> tuple[Judgement, ...]:
        laps.append(session.transport.lap_at(event.time_sec))
        return step(event)

    follower.step = counted  # type: ignore[method-assign]
    session.run()
    assert session.transport.lap_at(0.0) == 3
    assert [laps.count(lap) for lap in range(4)] == pytest.approx([len(laps) / 4] * 4, abs=1)


def test_a_round_without_its_last_note_leads_back_all_the_same() -> None:
    score = composed(1, voices=1)
    span = score.bar_range(1, 2)
    once = rounds(score, span, 1)
    short = Performance(once.notes[:-1])
    said = verdicts(Follower(score, start_beat=span[0], loop=span), joined(short, short, once, gap_sec=1.0))
    assert {verdict for verdict, _ in said} == {"hit"}


def test_who_plays_on_beyond_the_passage_is_judged_where_they_went() -> None:
    score = composed(2, bars=16)
    take = between(score, played(score), 0.0, 40.0)
    said = assess(score, take, span=score.bar_range(1, 2))
    assert [(one.first_bar, one.last_bar) for one in said.passes] == [(1, 10)]
    assert len(said.extra) == 0


def test_faults_in_a_round_are_told_in_the_bars_of_the_passage() -> None:
    score = with_repeats(composed(4, bars=16), 4)
    span = score.bar_range(1, 4)
    notes = rounds(score, span, 4).notes.copy()
    notes["pitch"][5] += 1
    notes["pitch"][len(notes) // 2 + 9] += 1
    said = assess(score, Performance(notes), span=span)
    assert len(said.passes) == 4
    assert {bar.bar for bar in said.bars if bar.score is not None} == {1, 2, 3, 4}
    assert said.summary()["wrong"] + said.summary()["missed"] == 2


def test_the_report_of_a_loop_speaks_of_its_bars_alone() -> None:
    score = next(piece.score() for piece in pieces() if piece.title == "Ode to Joy")
    settings = PracticeSettings(bars=(1, 4), loop=True, hands=Hands.RIGHT)
    take = rounds(score, settings.span(score), 3, Hands.RIGHT)
    found = review(score, take, settings, Learner(), datetime(2026, 11, 30, 12))
    assert found.report.hit_share == 1.0
    assert found.report.items == ()
    assert [bar.bar for bar in found.attempt.evidence.bars] == [1, 2, 3, 4]


def test_rounds_of_a_task_count_one_by_one(tmp_path: Path) -> None:
    score = next(piece.score() for piece in pieces() if piece.title == "Ode to Joy")
    settings = PracticeSettings(bars=(1, 4), loop=True, hands=Hands.RIGHT)
    take = rounds(score, settings.span(score), 3, Hands.RIGHT)
    found = review(score, take, settings, Learner(), datetime(2026, 11, 30, 12))
    with closing(Journal.open(tmp_path / "journal.db")) as journal:
        journal.begin_take(score.digest, score.title, settings.as_json()).finish(take)
        journal.flush()
        (entry,) = journal.takes()
        journal.judge(entry.take_id, found.assessment, found.mistakes)
        journal.flush()
        judged = [JudgedTake(one, journal.mistakes(one.take_id)) for one in journal.whole(journal.takes())]
    stands = progress_of(task_of(score, {}, bars=(1, 4), hands="right", passes=3), judged)
    assert (stands.tries, stands.clean, stands.done, stands.worst_bars) == (3, 3, True, ())


@pytest.mark.parametrize("name", ["mordent", "trill-mark"])
def test_a_note_that_is_to_be_adorned_and_comes_plain_when_it_is_due_is_right(name: str) -> None:
    score = composed(5)
    score = score.with_notes(score.notes[score.notes["hand"] == RIGHT])
    marks = np.array([(float(note["onset_beat"]), int(note["pitch"]), name) for note in score.notes[3::5]], MARK_DTYPE)
    adorned = Score(score.notes, score.bars, marks=marks, tempo=score.tempo)
    said = verdicts(Follower(adorned), played(adorned, rng=np.random.default_rng(2)))
    assert {verdict for verdict, _ in said} == {"hit"}
