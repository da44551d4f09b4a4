"""The judgement after the take on made takes: verdicts, passes, times, bars."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from conftest import plain_score
from hypothesis import given, settings
from hypothesis import strategies as st
from playing import between, composed, joined, played, with_repeats

from lessons.library.shelf import load
from lessons.score import MARK_DTYPE, NOTE_DTYPE
from tutor.assess import assess
from tutor.assessing.assessment import HIT, Assessment
from tutor.performance import PLAYED_DTYPE, Performance
from tutor.windows import Windows

seeds = st.integers(0, 10_000)
few = settings(max_examples=12, deadline=None)


def of(assessment: Assessment, verdict: str) -> list[tuple[float, int]]:
    return [(n["onset_beat"], n["pitch"]) for n in assessment.as_json()["notes"] if n["verdict"] == verdict]


@few
@given(seeds, st.floats(0.3, 2.0))
def test_a_perfect_take_is_all_hits_in_time(seed: int, ratio: float) -> None:
    score = composed(seed)
    said = assess(score, played(score, 0.6 / ratio)).summary()
    assert (said["hit"], said["wrong"], said["missed"], said["extra"]) == (len(score.notes), 0, 0, 0)
    assert said["f1"] == 1.0
    assert said["tempo_bpm"] == pytest.approx(100 * ratio, rel=0.01)
    assert said["timing_sd_sec"] < 1e-6


@few
@given(seeds, st.floats(-100.0, 1e5))
def test_a_take_shifted_in_time_is_judged_the_same(seed: int, shift: float) -> None:
    score = composed(seed)
    take = played(score, rng=np.random.default_rng(seed))
    later = take.notes.copy()
    later["onset_sec"] += shift
    one, other = assess(score, take), assess(score, Performance(later))
    assert one.notes[["row", "verdict", "played"]].tolist() == other.notes[["row", "verdict", "played"]].tolist()


@few
@given(seeds)
def test_every_note_has_one_verdict_and_every_played_note_one_use(seed: int) -> None:
    rng = np.random.default_rng(seed)
    score = composed(seed)
    notes = played(score, rng=rng).notes
    notes = notes[rng.random(len(notes)) > 0.15].copy()
    notes["pitch"] += np.where(rng.random(len(notes)) < 0.15, rng.integers(-12, 13, len(notes)), 0).astype("i2")
    take = Performance(notes)
    said = assess(score, take)
    summary = said.summary()
    assert summary["hit"] + summary["wrong"] + summary["missed"] == summary["score_notes"] >= len(score.notes)
    used = sorted([n for n in said.notes["played"].tolist() if n >= 0] + said.extra["played"].tolist())
    assert used == list(range(len(take.notes)))


def test_wrong_missing_and_stray_notes_are_told_apart() -> None:
    score = composed(3)
    notes = played(score, rng=np.random.default_rng(1)).notes.copy()
    wrong, missing = notes[10].copy(), notes[20].copy()
    notes["pitch"][10] += 1
    stray = notes[30:31].copy()
    stray["pitch"], stray["onset_sec"] = 100, stray["onset_sec"] + 0.2
    take = Performance(np.concatenate([np.delete(notes, 20), stray]))
    said = assess(score, take)
    assert [pitch for _, pitch in of(said, "wrong")] == [wrong["pitch"]]
    assert [pitch for _, pitch in of(said, "missed")] == [missing["pitch"]]
    assert [one["pitch"] for one in said.as_json()["extra"]] == [100]


def test_a_restart_is_judged_once_for_each_time_through() -> None:
    score = composed(6)
    take = played(score, rng=np.random.default_rng(6))
    said = assess(score, joined(between(score, take, 0.0, 26.0), between(score, take, 16.0, 48.0)))
    assert len(said.passes) == 2
    assert {n["verdict"] for n in said.as_json()["notes"]} == {"hit"}
    repeated = [n["onset_beat"] for n in said.as_json()["notes"] if n["pass"] == 1]
    assert (min(repeated), max(repeated)) == (16.0, 25.0) or max(repeated) < 26.0
    assert not len(said.extra)


def test_a_restart_in_music_written_twice_is_placed_where_it_leads_to_the_end() -> None:
    score = composed(6)
    again = score.notes[(score.notes["onset_beat"] >= 16.0) & (score.notes["onset_beat"] < 32.0)].copy()
    again["onset_beat"] += 16.0
    score = score.with_notes(np.concatenate([score.notes[score.notes["onset_beat"] < 32.0], again]))
    take = played(score, rng=np.random.default_rng(1))
    said = assess(score, joined(between(score, take, 0.0, 24.0), between(score, take, 32.0, 48.0)))
    assert [(one.first_bar, one.last_bar) for one in said.passes] == [(1, 6), (9, 12)]


def test_a_break_off_inside_a_chord_leaves_nothing_missed() -> None:
    score = composed(6)
    take = played(score)
    first = Performance(between(score, take, 0.0, 20.5).notes[:-1])
    said = assess(score, joined(first, between(score, take, 8.0, 48.0)))
    assert said.summary()["missed"] == 0


def test_bars_that_nobody_reached_are_missed_but_not_reached() -> None:
    score = composed(2)
    said = assess(score, between(score, played(score), 0.0, 16.0))
    unreached = [n for n in said.as_json()["notes"] if not n["reached"]]
    assert min(n["onset_beat"] for n in unreached) == 16.0
    assert {n["verdict"] for n in unreached} == {"missed"}
    assert [bar.score for bar in said.bars] == [1.0] * 4 + [None] * 8


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("first", "second"), [((0.0, 16.0), (32.0, 64.0)), ((16.0, 64.0), (64.0, 64.0))])
def test_who_leaves_a_written_repeat_out_has_missed_nothing(seed: int, first, second) -> None:
    score = with_repeats(composed(seed), 4)
    take = played(score, rng=np.random.default_rng(seed))
    kept = [between(score, take, *stretch) for stretch in (first, second) if stretch[0] < stretch[1]]
    said = assess(score, kept[0] if len(kept) == 1 else joined(*kept))
    assert {n["verdict"] for n in said.as_json()["notes"]} == {"hit"}
    assert said.summary()["recall"] == 1.0
    assert not any(one.broken for one in said.passes)


@pytest.mark.parametrize("played_as", ["plain", "mordent", "trill"])
def test_a_written_ornament_may_be_played_or_left_out(played_as: str) -> None:
    score = plain_score(left=False)
    score = replace(score, marks=np.array([(6.0, 71, "mordent")], MARK_DTYPE))
    notes = played(score).notes.copy()
    at, pitch = float(notes["onset_sec"][6]), int(notes["pitch"][6])
    added = {
        "plain": (),
        "mordent": ((0.06, pitch - 1), (0.12, pitch)),
        "trill": [(0.07 * k, pitch + k % 2) for k in range(1, 6)],
    }
    stray = np.repeat(notes[6:7], len(added[played_as]))
    for note, (later, other) in zip(stray, added[played_as], strict=True):
        note["onset_sec"], note["pitch"], note["duration_sec"] = at + later, other, 0.05
    said = assess(score, Performance(np.sort(np.concatenate([notes, stray]), order="onset_sec")))
    assert (said.summary()["recall"], len(said.extra)) == (1.0, 0)
    assert np.isnan(said.notes["error_sec"][6])


def test_a_stray_note_beside_an_ornament_is_a_stray_note() -> None:
    score = replace(plain_score(left=False), marks=np.array([(6.0, 71, "mordent")], MARK_DTYPE))
    notes = played(score).notes.copy()
    stray = notes[[6, 6, 9]].copy()
    stray["onset_sec"] += 0.06
    stray["pitch"] = [50, 75, stray["pitch"][2] + 1]
    said = assess(score, Performance(np.sort(np.concatenate([notes, stray]), order="onset_sec")))
    assert len(said.extra) == 3


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("lost", [0, 15, 16, -1])
def test_a_note_missed_where_a_repeat_was_left_out_is_one_missed_note(seed: int, lost: int) -> None:
    score = with_repeats(composed(seed, voices=1), 4)
    take = played(score, rng=np.random.default_rng(seed))
    whole = joined(between(score, take, 0.0, 16.0), between(score, take, 32.0, 64.0))
    said = assess(score, Performance(np.delete(whole.notes, lost)))
    assert (said.summary()["missed"], len(said.extra)) == (1, 0)


def test_a_da_capo_that_was_left_out_is_not_asked_for() -> None:
    score = composed(2)
    again = score.notes[score.notes["onset_beat"] < 16.0].copy()
    again["onset_beat"] += 48.0
    bars = np.array([(13 + bar, 1 + bar, 48.0 + 4 * bar, 52.0 + 4 * bar) for bar in range(4)], score.bars.dtype)
    score = replace(score, notes=np.concatenate([score.notes, again]), bars=np.concatenate([score.bars, bars]))
    said = assess(score, between(score, played(score, rng=np.random.default_rng(2)), 0.0, 48.0))
    assert said.summary()["recall"] == 1.0


def test_a_few_bars_that_come_again_are_skipped_all_the_same() -> None:
    score = with_repeats(composed(3), 4)
    take = played(score, rng=np.random.default_rng(3))
    said = assess(score, joined(between(score, take, 0.0, 4.0), between(score, take, 12.0, 64.0)))
    left = {n["bar"] for n in said.as_json()["notes"] if n["verdict"] == "missed"}
    assert left == {2, 3}


def test_a_flourish_is_no_restart() -> None:
    score = composed(6)
    take = played(score, rng=np.random.default_rng(6))
    cluster = between(score, take, 4.0, 8.0).notes[:6].copy()
    at = float(between(score, take, 30.0, 48.0).notes["onset_sec"][0])
    cluster["onset_sec"], cluster["duration_sec"] = at + 0.01 + 0.03 * np.arange(6), 0.02
    said = assess(score, Performance(np.sort(np.concatenate([take.notes, cluster]), order="onset_sec")))
    assert len(said.passes) == 1


def test_a_late_note_does_not_excuse_itself() -> None:
    score = plain_score(left=False)
    notes = played(score).notes.copy()
    notes["onset_sec"][7] += 0.12
    said = assess(score, Performance(notes))
    errors = said.notes["error_sec"]
    assert errors[7] == pytest.approx(0.12, abs=0.01)
    assert np.abs(np.delete(errors, 7)).max() < 0.03


def test_a_stop_is_no_lateness_of_the_notes_around_it() -> None:
    score = plain_score(left=False)
    notes = played(score).notes.copy()
    notes["onset_sec"][8:] += 3.0
    said = assess(score, Performance(notes))
    assert said.curves[0].hesitates.sum() == 1
    assert np.nanmax(np.abs(said.notes["error_sec"])) < 0.02


def test_a_steady_slowing_is_no_error() -> None:
    score = plain_score(bars=8, left=False)
    notes = played(score).notes.copy()
    beats = np.arange(len(notes))
    notes["onset_sec"] = 0.5 * beats + 0.004 * beats**2
    assert np.nanmax(np.abs(assess(score, Performance(notes)).notes["error_sec"])) < 0.03


def test_lengths_are_measured_at_the_players_tempo() -> None:
    score = plain_score(left=False)
    for period in (0.3, 0.5, 1.2):
        ratios = assess(score, played(score, period)).notes["duration_ratio"]
        assert ratios == pytest.approx(np.full(len(ratios), 0.9), abs=0.01)


def test_two_voices_in_unison_are_one_key() -> None:
    score = plain_score(left=False)
    doubled = score.with_notes(np.concatenate([score.notes, score.notes[3:4]]))
    said = assess(doubled, played(score))
    assert said.count(HIT) == len(score.notes) + 1


@pytest.mark.parametrize("count", [0, 1, 2])
def test_scores_and_takes_of_hardly_any_notes_are_judged(count: int) -> None:
    score = composed(1)
    tiny = score.with_notes(score.notes[:count])
    for take in (Performance(np.empty(0, PLAYED_DTYPE)), Performance(played(score).notes[:1]), played(score)):
        assert json.dumps(assess(tiny, take).as_json())
        assert json.dumps(assess(score, take).as_json())
    assert assess(score.with_notes(np.empty(0, NOTE_DTYPE)), played(score)).summary()["extra"] == len(score.notes)


def test_another_piece_is_judged_without_a_fault_of_ours() -> None:
    said = assess(composed(1), played(composed(2)))
    assert said.summary()["f1"] < 0.7


def test_windows_widen_for_slow_beats_and_early_levels() -> None:
    easy, hard = Windows.for_level(1), Windows.for_level(9)
    assert easy.on_time_sec(0.5) > hard.on_time_sec(0.5)
    assert Windows().on_time_sec(1.0) > Windows().on_time_sec(0.4)
    assert Windows().on_time_sec(100.0) == Windows().most_sec
    assert "ms" in Windows().in_words(0.5)


@pytest.mark.parametrize("seed", [3, 7, 12])
def test_a_wrong_beginning_is_not_taken_for_the_repeat(seed: int) -> None:
    first = composed(seed, bars=8, voices=2).notes.copy()
    second = first.copy()
    second["onset_beat"] += 32.0
    opening = first["onset_beat"] < 6.0
    first["pitch"][opening] += 2  # what is played here is what the repeat has
    score = composed(seed, bars=16).with_notes(np.concatenate([first, second]))
    notes = played(score, rng=np.random.default_rng(seed)).notes.copy()
    notes["pitch"][: opening.sum()] -= 2
    notes["pitch"][20::5] += 1
    said = assess(score, Performance(notes))
    assert [(one.first_bar, one.last_bar) for one in said.passes] == [(1, 16)]
    right = len(notes) - opening.sum() - len(notes[20::5])
    assert said.count(HIT) >= right


@pytest.mark.parametrize("bars", [3, 4])
@pytest.mark.parametrize("wrong", [0, 1])
def test_who_plays_a_few_bars_and_stops_is_not_taken_to_have_leapt_through_the_piece(bars: int, wrong: int) -> None:
    score = load("petzold-minuet-g")
    take = between(score, played(score, rng=np.random.default_rng(bars)), 0.0, 3.0 * bars)
    notes = take.notes.copy()
    notes["pitch"][5 : 5 + wrong] += 2
    said = assess(score, Performance(notes))
    assert [(one.first_bar, one.last_bar) for one in said.passes] == [(1, bars)]
    assert said.count(HIT) == len(notes) - wrong
