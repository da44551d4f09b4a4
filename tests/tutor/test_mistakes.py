"""Mistakes by name: each rule finds its own mistake in a made take, and finds nothing in a clean one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from conftest import plain_score
from numpy.typing import NDArray
from playing import between, composed, in_order, joined, played, with_repeats

import tutor.mistakes
from lessons.page_signs import ABOVE, DIRECTION_DTYPE, FERMATA, PageSigns
from lessons.score import ARPEGGIO, LEFT, MARK_DTYPE, RIGHT, Score
from lessons.timing import TempoMap
from tutor.assess import assess
from tutor.faults import DRIFT_KINDS, KEY_KINDS, TIME_KINDS, Fault
from tutor.mistakes import Failed, Mistake, find_mistakes
from tutor.performance import Performance
from tutor.reasons import SAID, fault_in_words

Notes = NDArray[np.void]


def found(score: Score, take: Performance) -> tuple[Mistake, ...]:
    return find_mistakes(score, take, assess(score, take))


def spoiled(score: Score, spoil: Callable[[Notes], Notes | None]) -> tuple[Mistake, ...]:
    notes = played(score).notes.copy()
    changed = spoil(notes)
    return found(score, Performance(notes if changed is None else changed))


def kinds(mistakes: tuple[Mistake, ...]) -> set[str]:
    return {mistake.kind for mistake in mistakes}


@pytest.mark.parametrize("seed", range(5))
def test_a_human_clean_take_has_no_mistakes(seed: int) -> None:
    score = composed(seed)
    assert found(score, played(score, rng=np.random.default_rng(seed))) == ()


def set_pitch(index: int, steps: int) -> Callable[[Notes], None]:
    def spoil(notes: Notes) -> None:
        notes["pitch"][index] += steps

    return spoil


@pytest.mark.parametrize(("steps", "kind"), [(1, "neighbour"), (-2, "neighbour"), (12, "octave"), (4, "wrong")])
def test_a_wrong_key_is_named_by_its_distance(steps: int, kind: str) -> None:
    mistakes = spoiled(plain_score(left=False), set_pitch(5, steps))
    assert kinds(mistakes) == {kind}
    assert mistakes[0].onset_beat == 5.0
    assert mistakes[0].bar == 2


def test_a_missing_note_after_a_leap_speaks_of_the_leap() -> None:
    score = plain_score(left=False)
    notes = score.notes.copy()
    notes["pitch"][6] = 90
    mistakes = spoiled(score.with_notes(notes), lambda played_notes: np.delete(played_notes, 6))
    assert kinds(mistakes) == {"missing"}
    assert mistakes[0].feature == Failed.LEAP


def test_an_extra_note_has_its_bar_and_time() -> None:
    def spoil(notes: Notes) -> Notes:
        stray = notes[6:7].copy()
        stray["pitch"], stray["onset_sec"] = 100, stray["onset_sec"] + 0.2
        return np.concatenate([notes, stray])

    (mistake,) = spoiled(plain_score(left=False), spoil)
    assert (mistake.kind, mistake.bar, mistake.pitch) == ("extra", 2, 100)
    assert mistake.time_sec == pytest.approx(0.5 + 6 * 0.5 + 0.2)


def test_two_late_notes_are_named_and_one_is_a_slip() -> None:
    def late(*places: int) -> Callable[[Notes], None]:
        def spoil(notes: Notes) -> None:
            notes["onset_sec"][list(places)] += 0.2

        return spoil

    assert kinds(spoiled(plain_score(bars=8, left=False), late(9))) == set()
    assert kinds(spoiled(plain_score(bars=8, left=False), late(9, 13))) == {"late"}


def test_notes_let_go_too_soon_or_held_too_long_are_named() -> None:
    def cut(notes: Notes) -> None:
        notes["duration_sec"][5] = 0.05

    def hold(notes: Notes) -> None:
        notes["duration_sec"][5] = 1.6

    assert kinds(spoiled(plain_score(left=False), cut)) == {"too short"}
    assert kinds(spoiled(plain_score(left=False), hold)) == {"too long"}


def test_how_long_keys_were_held_is_not_judged_where_a_microphone_heard_them() -> None:
    score = plain_score(left=False)
    take = played(score)
    notes = take.notes.copy()
    notes["duration_sec"][5] = 1.6
    assert kinds(found(score, Performance(notes))) == {"too long"}
    assert kinds(found(score, Performance(notes, lengths_known=False))) == set()


def test_what_is_written_short_is_not_let_go_too_soon() -> None:
    score = plain_score(left=False)
    notes = played(score).notes.copy()
    notes["duration_sec"][[4, 5]] = 0.08
    assert kinds(found(score, Performance(notes))) == {"too short"}
    marks = [(float(score.notes["onset_beat"][row]), int(score.notes["pitch"][row]), "staccato") for row in (4, 5)]
    assert found(replace(score, marks=np.array(marks, MARK_DTYPE)), Performance(notes)) == ()


def test_a_staccato_player_lets_nothing_go_too_soon() -> None:
    def staccato(notes: Notes) -> None:
        notes["duration_sec"] = 0.1

    assert kinds(spoiled(plain_score(left=False), staccato)) == set()


def test_an_uneven_run_is_named_once() -> None:
    def swing(notes: Notes) -> None:
        notes["onset_sec"][1::2] += 0.12

    mistakes = [one for one in spoiled(plain_score(left=False), swing) if one.kind == "uneven"]
    assert len(mistakes) == 1


def test_a_stop_is_a_hesitation_where_the_music_goes_on() -> None:
    def stop(notes: Notes) -> None:
        notes["onset_sec"][6:] += 2.0

    mistakes = spoiled(plain_score(left=False), stop)
    assert kinds(mistakes) == {"hesitation"}
    assert mistakes[0].onset_beat == 6.0


def test_a_note_that_was_held_because_the_music_stopped_is_not_too_long() -> None:
    score = plain_score(left=False)
    notes = played(score).notes.copy()
    notes["onset_sec"][9:] += 1.5
    notes["duration_sec"][8] += 1.5
    assert kinds(found(score, Performance(notes))) == {"hesitation"}


@pytest.mark.parametrize(("power", "kind"), [(0.8, "rushing"), (1.25, "dragging")])
def test_a_tempo_that_runs_away_is_named_once(power: float, kind: str) -> None:
    score = composed(2)
    take = played(score, rng=np.random.default_rng(2))
    notes = take.notes.copy()
    length = float(notes["onset_sec"].max())
    notes["onset_sec"] = length * (notes["onset_sec"] / length) ** power
    mistakes = [mistake for mistake in found(score, Performance(notes)) if mistake.kind in ("rushing", "dragging")]
    assert [mistake.kind for mistake in mistakes] == [kind]
    assert mistakes[0].says.startswith("The tempo rose from" if kind == "rushing" else "The tempo fell from")


@pytest.mark.parametrize("ratio", [0.7, 1.4])
def test_a_tempo_that_changes_once_is_told_with_its_bar(ratio: float) -> None:
    score = composed(2)
    notes = played(score, rng=np.random.default_rng(2)).notes.copy()
    change = 0.5 + 24 * 0.5
    later = notes["onset_sec"] >= change - 0.1
    notes["onset_sec"][later] = change + (notes["onset_sec"][later] - change) * ratio
    mistakes = [mistake for mistake in found(score, Performance(notes)) if mistake.kind in DRIFT_KINDS]
    assert [(mistake.kind, mistake.bar) for mistake in mistakes] == [("tempo changed", 7)]
    assert mistakes[0].says.startswith("The tempo changed in bar 7, from 12")


def test_every_kind_of_mistake_has_words() -> None:
    rules = str(tutor.mistakes.__doc__).split("Trivial")[0]
    known = set(re.findall(r"\*([a-z]+(?:\s[a-z]+)?)\*", rules)) | KEY_KINDS | TIME_KINDS | DRIFT_KINDS
    assert {"dynamics", "hands apart", "tempo changed"} <= known
    assert known <= set(SAID)
    for kind in known:
        words = fault_in_words(plain_score(), [Fault(kind, 1, 0.0), Fault(kind, 1, 1.0)])
        assert not words.startswith(kind + " ") and "{" not in words


def test_who_leaves_a_written_repeat_out_has_not_broken_off() -> None:
    score = with_repeats(composed(1), 4)
    take = played(score, rng=np.random.default_rng(1))
    mistakes = found(score, joined(between(score, take, 0.0, 16.0), between(score, take, 32.0, 64.0)))
    assert not kinds(mistakes) & {"skip", "restart", "missing"}


def test_a_restart_is_named_with_both_bars() -> None:
    score = composed(6)
    take = played(score)
    mistakes = found(score, joined(between(score, take, 0.0, 24.0), between(score, take, 8.0, 48.0)))
    assert kinds(mistakes) == {"restart"}
    assert "bar 6" in mistakes[0].says
    assert "bar 3" in mistakes[0].says


def test_hands_apart_name_the_hand_that_came_late() -> None:
    score = plain_score(bars=8)

    def apart(notes: Notes) -> None:
        lower = score.notes["hand"] == LEFT
        notes["onset_sec"][lower] += 0.13

    mistakes = [one for one in spoiled(score, apart) if one.kind == "hands apart"]
    assert len(mistakes) == 8
    assert {one.hand for one in mistakes} == {"left"}
    assert {one.feature for one in mistakes} == {Failed.COORDINATION}


def with_grace_notes(score: Score, beats: tuple[float, ...]) -> Score:
    graces = score.notes[np.isin(score.notes["onset_beat"], beats) & (score.notes["hand"] == RIGHT)].copy()
    graces["grace"], graces["duration_beat"] = True, 0.0
    graces["pitch"] += 1
    return score.with_notes(np.concatenate([score.notes, graces]))


@pytest.mark.parametrize("adorned", ["grace note", "trill"])
def test_a_hand_with_an_ornament_on_the_beat_is_no_witness_that_the_hands_came_apart(adorned: str) -> None:
    beats = (8.0, 12.0, 16.0)
    score = plain_score(bars=8)
    late = np.isin(score.notes["onset_beat"], beats) & (score.notes["hand"] == RIGHT)
    marks = [(beat, int(pitch), "trill-mark") for beat, pitch in score.notes[late][["onset_beat", "pitch"]].tolist()]
    notes = played(score).notes.copy()
    graces = notes[late].copy()
    graces["pitch"] += 1
    graces["duration_sec"] = 0.08
    notes["onset_sec"][late] += 0.09
    take = Performance(np.sort(np.concatenate([notes, graces]), order="onset_sec"))
    assert "hands apart" in kinds(found(score, take))
    trilled = replace(score, marks=np.array(marks, MARK_DTYPE))
    page = trilled if adorned == "trill" else with_grace_notes(score, beats)
    assert "hands apart" not in kinds(found(page, take))


def spread_chords(score: Score, beats: tuple[float, ...], step_sec: float) -> Performance:
    """The score as played, its chords at these beats one key after the other from below."""
    notes, written = played(score).notes.copy(), in_order(score)
    for beat in beats:
        here = np.flatnonzero(written["onset_beat"] == beat)
        notes["onset_sec"][here] += step_sec * np.arange(len(here))
    return Performance(notes)


def test_a_chord_that_the_page_spreads_is_neither_early_nor_late_nor_of_hands_apart() -> None:
    score, beats = plain_score(bars=8), (8.0, 12.0, 16.0)
    marks = [(beat, int(pitch), ARPEGGIO) for beat, pitch in score.notes[["onset_beat", "pitch"]].tolist()]
    spread = replace(score, marks=np.array([mark for mark in marks if mark[0] in beats], MARK_DTYPE))
    take = spread_chords(score, beats, 0.3)
    assert "hands apart" in kinds(found(score, take))
    assert any(bar.faults for bar in assess(score, take).bars)
    assert kinds(found(spread, take)) == set()
    assert not any(bar.faults for bar in assess(spread, take).bars)


@pytest.mark.parametrize(("fermata", "held"), [(23.0, True), (20.0, True), (24.0, False), (19.0, False), (None, False)])
def test_a_stop_at_a_fermata_is_no_hesitation(fermata: float | None, held: bool) -> None:
    score = plain_score(bars=8)
    rows = [(fermata, fermata, 0, RIGHT, ABOVE, FERMATA, "")] if fermata is not None else []
    page = replace(score, signs=PageSigns(directions=np.array(rows, DIRECTION_DTYPE)))
    notes = played(score).notes.copy()
    notes["onset_sec"][in_order(score)["onset_beat"] >= 24.0] += 2.0
    assert ("hesitation" in kinds(found(page, Performance(notes)))) is not held


@pytest.mark.parametrize("held_sec", [0.25, 0.3, 0.4])
def test_however_long_a_fermata_is_held_nothing_around_it_is_early_or_late(held_sec: float) -> None:
    score = composed(3)
    signs = np.array([(23.0, 23.0, 0, RIGHT, ABOVE, FERMATA, "")], DIRECTION_DTYPE)
    notes = played(score, rng=np.random.default_rng(3)).notes.copy()
    notes["onset_sec"][in_order(score)["onset_beat"] >= 24.0] += held_sec
    page = replace(score, signs=PageSigns(directions=signs))
    take = Performance(notes)
    assert any(bar.faults for bar in assess(score, take).bars)
    assert not any(bar.faults for bar in assess(page, take).bars)
    assert found(page, take) == ()


@pytest.mark.parametrize("seed", range(3))
def test_a_take_whose_clock_stood_still_is_judged_all_the_same(seed: int) -> None:
    score = composed(seed, voices=1)
    notes = played(score).notes.copy()
    notes["onset_sec"][len(notes) // 2 :] = notes["onset_sec"][len(notes) // 2]
    assert all(np.isfinite(mistake.tempo_bpm) for mistake in found(score, Performance(notes)))


def test_a_key_that_another_voice_strikes_again_may_be_let_go() -> None:
    score = plain_score(bars=8)
    notes = score.notes.copy()
    held = (notes["hand"] == LEFT) & (notes["onset_beat"] == 16.0)
    notes["pitch"][(notes["hand"] == RIGHT) & (notes["onset_beat"] == 17.0)] = notes["pitch"][held]
    shared = score.with_notes(notes)
    short = played(shared).notes.copy()
    short["duration_sec"][held] = 0.45
    assert kinds(found(shared, Performance(short))) == set()
    short["pitch"] = score.notes["pitch"]
    assert kinds(found(score, Performance(short))) == {"too short"}


def test_a_hand_that_always_lags_is_no_freedom() -> None:
    score = plain_score(bars=8)

    def lag(notes: Notes) -> None:
        notes["onset_sec"][score.notes["hand"] == LEFT] += 0.08

    assert len([one for one in spoiled(score, lag) if one.kind == "hands apart"]) == 8


def test_a_note_far_louder_than_the_rest_is_named() -> None:
    def loud(notes: Notes) -> None:
        notes["velocity"][9] = 120

    assert kinds(spoiled(plain_score(bars=8, left=False), loud)) == {"dynamics"}


def test_every_mistake_says_a_sentence_and_is_plain_json() -> None:
    rng = np.random.default_rng(0)
    score = composed(0)
    notes = played(score, rng=rng).notes[rng.random(len(score.notes)) > 0.2].copy()
    notes["pitch"] += np.where(rng.random(len(notes)) < 0.2, 1, 0).astype("i2")
    mistakes = found(score, Performance(notes))
    assert len(mistakes) > 10
    for mistake in mistakes:
        assert mistake.says.endswith(".")
        told = {"kind", "onset_beat", "bar", "written", "time", "hand", "time_sec", "feature", "says"}
        assert set(mistake.as_json(score)) >= told


@pytest.mark.parametrize(("first", "second"), [(60.0, 120.0), (120.0, 60.0), (80.0, 110.0)])
@pytest.mark.parametrize("keeps_to_it", [True, False])
def test_a_tempo_that_changes_on_the_page_is_no_mistake_nor_is_one_that_is_passed_over(
    first: float, second: float, keeps_to_it: bool
) -> None:
    score = replace(composed(5), tempo=TempoMap.of([(0.0, first), (24.0, second)]))
    notes = played(score).notes.copy()
    if keeps_to_it:
        notes["onset_sec"] = 0.5 + score.tempo.seconds_at((notes["onset_sec"] - 0.5) / 0.5)
    take = Performance(notes)
    judged = assess(score, take)
    told = kinds(find_mistakes(score, take, judged)) - {"too short", "too long"}
    assert told == set()
    assert np.nanmax(np.abs(judged.notes["error_sec"])) < 0.02
