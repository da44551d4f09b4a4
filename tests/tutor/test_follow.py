"""The online follower on made takes: what it says of right, wrong, missing and stray notes, and after jumps."""

from __future__ import annotations

import math
import pickle
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from conftest import plain_score
from hypothesis import given, settings
from hypothesis import strategies as st
from playing import PERIOD_SEC, between, composed, in_order, joined, played

from lessons.library import shelf
from lessons.score import ARPEGGIO, LEFT, MARK_DTYPE, NOTE_DTYPE, RIGHT, Score
from tutor.events import NoteOn
from tutor.follow import Follower
from tutor.performance import Performance
from tutor.verdicts import Judgement

seeds = st.integers(0, 10_000)
few = settings(max_examples=15, deadline=None)


def heard(follower: Follower, take: Performance) -> list[Judgement]:
    """The first judgement of each note."""
    return [follower.step(NoteOn(on, pitch, velocity))[0] for on, _, pitch, velocity in take.notes.tolist()]


def matches(said: list[Judgement]) -> list[tuple[str, float | None]]:
    return [(one.verdict, one.onset_beat) for one in said]


@few
@given(seeds, st.floats(0.3, 2.0))
def test_a_perfect_take_is_all_hits_at_any_tempo(seed: int, ratio: float) -> None:
    score = composed(seed)
    said = heard(Follower(score), played(score, 0.6 / ratio))
    assert matches(said) == [("hit", beat) for beat in score.notes["onset_beat"].tolist()]


@few
@given(seeds, st.floats(-1e4, 1e6))
def test_a_take_shifted_in_time_has_the_same_matches(seed: int, shift: float) -> None:
    score = composed(seed)
    take = played(score, rng=np.random.default_rng(seed))
    later = take.notes.copy()
    later["onset_sec"] += shift
    assert matches(heard(Follower(score), Performance(later))) == matches(heard(Follower(score), take))


@few
@given(seeds, st.integers(-20, 20))
def test_a_take_transposed_with_its_score_has_the_same_matches(seed: int, steps: int) -> None:
    score = composed(seed)
    notes, take = score.notes.copy(), played(score, rng=np.random.default_rng(seed))
    moved = take.notes.copy()
    notes["pitch"] += steps
    moved["pitch"] += steps
    transposed = heard(Follower(score.with_notes(notes)), Performance(moved))
    assert matches(transposed) == matches(heard(Follower(score), take))


@few
@given(seeds, st.data())
def test_a_take_fed_in_chunks_gives_the_same_result(seed: int, data: st.DataObject) -> None:
    score = composed(seed)
    take = played(score, rng=np.random.default_rng(seed))
    cut = data.draw(st.integers(0, len(take.notes)))
    follower = Follower(score)
    chunked = heard(follower, Performance(take.notes[:cut])) + heard(follower, Performance(take.notes[cut:]))
    assert matches(chunked) == matches(heard(Follower(score), take))


def test_a_wrong_note_keeps_its_place_and_the_next_notes_are_right() -> None:
    score = plain_score(left=False)
    take = played(score)
    notes = take.notes.copy()
    notes["pitch"][5] += 1
    said = heard(Follower(score), Performance(notes))
    assert matches(said)[5] == ("wrong", 5.0)
    assert [one.verdict for one in said].count("hit") == len(said) - 1


def test_a_missed_note_is_given_up_and_told() -> None:
    score = plain_score(left=False)
    take = Performance(np.delete(played(score).notes, 6))
    said = heard(Follower(score), take)
    assert {one.verdict for one in said} == {"hit"}
    assert 6 in [row for one in said for row in one.missed]


@pytest.mark.parametrize("loop", [None, (0.0, 16.0)])
def test_a_note_that_is_missed_each_time_is_told_each_time(loop: tuple[float, float] | None) -> None:
    score = composed(3, bars=4, voices=1)
    without = Performance(np.delete(played(score).notes, [3, 7]))
    follower = Follower(score, loop=loop)
    for take in np.split(joined(without, without, without).notes, 3):
        said = [one for on, _, pitch, _ in take.tolist() for one in follower.step(NoteOn(on, pitch))]
        assert sorted(row for one in said for row in one.missed) == [3, 7]


def test_a_stray_note_is_extra_and_moves_nothing() -> None:
    score = plain_score(left=False)
    notes = played(score).notes
    stray = notes[4:5].copy()
    stray["onset_sec"] += 0.06
    stray["pitch"] = 30
    said = heard(Follower(score), Performance(np.concatenate([notes, stray])))
    assert [(one.verdict, one.onset_beat) for one in said if one.pitch == 30] == [("extra", None)]
    assert sum(one.verdict == "hit" for one in said) == len(notes)


def test_a_note_of_the_next_place_struck_too_early_does_not_carry_the_player_away() -> None:
    score = composed(3)
    notes = played(score).notes
    early = notes[20:21].copy()
    early["onset_sec"] = notes["onset_sec"][12] + 0.06
    said = heard(Follower(score), Performance(np.concatenate([notes, early])))
    assert sum(one.verdict == "hit" for one in said) >= len(notes)
    assert said[-1].position_beat == score.notes["onset_beat"][-1]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("target", [0.0, 8.0, 28.0, 40.0])
def test_after_a_jump_to_a_bar_line_the_place_is_found_within_five_notes(seed: int, target: float) -> None:
    score = composed(seed)
    take = played(score, rng=np.random.default_rng(seed))
    first, second = between(score, take, 0.0, 24.0), between(score, take, target, 48.0)
    said = heard(Follower(score), joined(first, second))[len(first.notes) :]
    right = [one.onset_beat for one in said]
    wanted = [beat for beat in score.notes["onset_beat"].tolist() if beat >= target]
    assert right[5:] == wanted[5:]


def test_one_hand_alone_is_followed_without_being_told() -> None:
    score = composed(5)
    right = score.hands(RIGHT)
    said = heard(Follower(score), played(right))
    assert [one.onset_beat for one in said] == right.notes["onset_beat"].tolist()


def test_a_follower_of_one_hand_expects_only_that_hand() -> None:
    score = composed(5)
    follower = Follower(score, hands=LEFT)
    assert set(score.notes["hand"][list(follower.next_rows())]) == {LEFT}
    assert {one.verdict for one in heard(follower, played(score.hands(LEFT)))} == {"hit"}


def test_next_and_pending_rows_go_with_the_player() -> None:
    score = plain_score()
    follower = Follower(score)
    assert score.notes["onset_beat"][list(follower.next_rows())].tolist() == [0.0, 0.0]
    follower.step(NoteOn(0.0, 60))
    assert score.notes["pitch"][list(follower.pending_rows())].tolist() == [48]
    assert score.notes["onset_beat"][list(follower.next_rows())].tolist() == [1.0]


def test_a_follower_told_where_the_player_begins_starts_there() -> None:
    score = composed(7)
    follower = Follower(score, start_beat=16.0)
    assert follower.position_beat == 16.0
    said = heard(follower, between(score, played(score), 16.0, 32.0))
    assert {one.verdict for one in said} == {"hit"}
    assert said[0].onset_beat == 16.0


def keyed(follower: Follower, pitches: list[int], gap_sec: float = 0.6) -> list[Judgement]:
    """The first judgement of each of these keys, struck evenly."""
    return [follower.step(NoteOn(gap_sec * place, pitch))[0] for place, pitch in enumerate(pitches)]


@pytest.mark.parametrize("wrong", [[62], [60], [65], [67], [72], [59], [62, 60], [67, 65]])
def test_wrong_first_keys_count_against_the_place_where_the_player_begins(wrong: list[int]) -> None:
    score = shelf.load("ode-to-joy")
    said = keyed(Follower(score), [*wrong, 64, 48, 64, 65, 67])
    assert all(one.verdict != "hit" and one.position_beat == 0.0 for one in said[: len(wrong)])
    assert [one.position_beat for one in said[-3:]] == [1.0, 2.0, 3.0]
    assert said[-1].verdict == "hit"


def test_a_wrong_first_key_that_is_put_right_makes_nothing_late() -> None:
    said = keyed(Follower(plain_score(left=False)), [61, 60, 62, 64], gap_sec=0.5)
    assert matches(said)[1:] == [("hit", 0.0), ("hit", 1.0), ("hit", 2.0)]
    assert [one.error_sec for one in said[1:]] == pytest.approx([0.0, 0.0, 0.0], abs=0.01)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("bar", [1, 4, 6, 9])
def test_who_begins_elsewhere_is_found_within_four_notes(seed: int, bar: int) -> None:
    score = composed(seed, voices=1)
    take = between(score, played(score, rng=np.random.default_rng(seed)), 4.0 * bar, 48.0)
    wanted = [beat for beat in score.notes["onset_beat"].tolist() if beat >= 4 * bar]
    assert [one.onset_beat for one in heard(Follower(score), take)][4:] == wanted[4:]


def test_a_note_that_is_known_is_that_note_and_the_place_is_there() -> None:
    score = composed(3)
    follower = Follower(score)
    keyed(follower, [100, 101])
    row = int(np.flatnonzero(score.notes["onset_beat"] == 20.0)[0])
    (said,) = follower.step_at(NoteOn(5.0, int(score.notes["pitch"][row])), row)
    assert (said.verdict, said.score_index, said.missed) == ("hit", row, ())
    assert follower.position_beat == said.position_beat == 20.0
    assert row not in follower.pending_rows()
    later = int(np.flatnonzero(score.notes["onset_beat"] > 20.0)[0])
    assert follower.step(NoteOn(5.5, int(score.notes["pitch"][later])))[0].score_index == later


def test_a_loop_goes_round_in_time_without_a_slip() -> None:
    score = composed(11)
    once = between(score, played(score), 8.0, 16.0)
    gap = once.notes["onset_sec"].min() + 4.0 - once.notes["onset_sec"].max()
    said = heard(Follower(score, start_beat=8.0, loop=(8.0, 16.0)), joined(once, once, once, gap_sec=gap))
    assert {one.verdict for one in said} == {"hit"}
    assert [one.onset_beat for one in said] == 3 * [one.onset_beat for one in said[: len(once.notes)]]


def test_a_rolled_chord_is_one_place() -> None:
    score = plain_score(left=False)
    notes = score.notes.copy()
    chord = np.repeat(notes[4:5], 4)
    chord["pitch"] = [52, 55, 60, 64]
    score = score.with_notes(np.concatenate([np.delete(notes, 4), chord]))
    take = played(score).notes.copy()
    take["onset_sec"][4:8] += np.array([0.0, 0.08, 0.16, 0.24])
    said = heard(Follower(score), Performance(take))
    assert matches(said)[4:8] == [("hit", 4.0)] * 4


def test_a_long_stop_is_no_jump_where_the_next_note_comes() -> None:
    score = composed(4)
    take = joined(between(score, played(score), 0.0, 20.0), between(score, played(score), 20.0, 48.0), gap_sec=12.0)
    assert {one.verdict for one in heard(Follower(score), take)} == {"hit"}


def test_another_piece_is_told_within_fifteen_notes() -> None:
    follower = Follower(composed(1, bars=30))
    for on, _, pitch, velocity in played(composed(2)).notes[:15].tolist():
        follower.step(NoteOn(on, pitch, velocity))
    assert follower.says_not_this_piece


def test_the_right_piece_is_never_called_another() -> None:
    score = composed(1)
    follower = Follower(score)
    for on, _, pitch, velocity in played(score).notes.tolist():
        follower.step(NoteOn(on, pitch, velocity))
        assert not follower.says_not_this_piece
        assert not follower.lost


def test_revisions_repeat_an_index_and_come_within_their_time() -> None:
    seen = 0
    for seed in range(8):
        rng = np.random.default_rng(seed)
        score = composed(seed)
        follower, first = Follower(score), {}
        notes = played(score, 0.2, rng).notes.copy()
        notes["pitch"] += np.where(rng.random(len(notes)) < 0.4, rng.integers(-2, 3, len(notes)), 0).astype("i2")
        for on, _, pitch, velocity in Performance(notes).notes.tolist():
            said, *again = follower.step(NoteOn(on, pitch, velocity))
            first[said.index] = said
            assert not said.revised
            for one in again:
                seen += 1
                assert one.revised
                assert one.pitch == first[one.index].pitch
                assert on - first[one.index].time_sec <= 0.150 + 1e-9
    assert seen


def strange_scores() -> list[Score]:
    whole = composed(1)
    graces = whole.notes.copy()
    graces["grace"][::3] = True
    return [
        whole.with_notes(np.empty(0, NOTE_DTYPE)),
        whole.with_notes(whole.notes[:1]),
        whole.with_notes(whole.notes[:2]),
        whole.with_notes(np.repeat(whole.notes, 2)),
        whole.with_notes(graces),
    ]


@pytest.mark.parametrize("score", strange_scores(), ids=["empty", "one note", "two notes", "doubled", "graces"])
def test_strange_events_are_never_an_exception(score: Score) -> None:
    follower = Follower(score)
    times = [0.0, 0.0, 5.0, 1.0, -3.0, math.nan, math.inf, -math.inf, 1e300, 5.0]
    for time in times:
        for pitch in (0, 60, 127):
            follower.step(NoteOn(time, pitch, 64))
    assert follower.step(NoteOn(6.0, 60, 0)) == ()
    for pitch in range(128):
        follower.step(NoteOn(6.0, pitch, 127))
    follower.finish()


def test_a_hundred_thousand_random_events_neither_raise_nor_grow() -> None:
    rng = np.random.default_rng(0)
    follower = Follower(composed(8, bars=4, voices=1))
    times = np.cumsum(rng.exponential(0.15, 100_000)) * np.where(rng.random(100_000) < 0.01, -1.0, 1.0)
    events = iter(zip(times.tolist(), rng.integers(0, 128, 100_000).tolist(), strict=True))

    def kept_after(count: int) -> int:
        for time, pitch in islice(events, count):
            follower.step(NoteOn(time, pitch))
        return len(pickle.dumps(follower))

    early, late = kept_after(2_000), kept_after(98_000)
    assert late < 1.5 * early


def with_trill(seed: int) -> tuple[Score, int]:
    """A piece with a trill on a half note in its fifth bar, and that note's pitch."""
    score = composed(seed)
    melody = (score.notes["hand"] == RIGHT) & (score.notes["onset_beat"] >= 16) & (score.notes["onset_beat"] < 18)
    notes = score.notes[~melody | (score.notes["onset_beat"] == 16)].copy()
    row = int(np.flatnonzero((notes["hand"] == RIGHT) & (notes["onset_beat"] == 16))[0])
    notes["duration_beat"][row] = 2.0
    mark = np.array([(16.0, notes["pitch"][row], "trill-mark")], MARK_DTYPE)
    return replace(score.with_notes(notes), marks=mark), int(notes["pitch"][row])


def trilled(take: Performance, pitch: int, first: int, strokes: int) -> Performance:
    """The take with the note of that pitch on beat 16 trilled from ``first`` (0: the note, 1: the one above) on."""
    row = int(np.flatnonzero((take.notes["pitch"] == pitch) & (abs(take.notes["onset_sec"] - 8.5) < 0.1))[0])
    notes = np.repeat(take.notes[row : row + 1], strokes)
    notes["onset_sec"] += 0.09 * np.arange(strokes)
    notes["pitch"] += (first + np.arange(strokes)) % 2 * 2
    notes["duration_sec"] = 0.08
    return Performance(np.sort(np.concatenate([np.delete(take.notes, row), notes]), order="onset_sec"))


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("seed", range(12))
def test_the_notes_of_a_written_trill_are_its_own(seed: int, first: int) -> None:
    score, pitch = with_trill(seed)
    take = trilled(played(score, rng=np.random.default_rng(seed)), pitch, first, 9)
    follower = Follower(score)
    said: dict[int, Judgement] = {}
    for on, _, pitch, velocity in take.notes.tolist():
        said |= {one.index: one for one in follower.step(NoteOn(on, pitch, velocity))}
    assert {one.score_index for one in said.values() if one.verdict == "hit"} == set(range(len(score.notes)))
    assert all(one.ornament for one in said.values() if one.verdict != "hit")
    assert sum(one.ornament for one in said.values()) >= 7  # the last may pass for the note that follows


@pytest.mark.parametrize("step_sec", [0.06, 0.2])
def test_a_chord_that_the_page_spreads_is_not_late(step_sec: float) -> None:
    score = composed(4)
    beats = [float(beat) for beat in score.onset_beats if beat % 4 == 0]
    marks = [(beat, pitch, ARPEGGIO) for beat, pitch in score.notes[["onset_beat", "pitch"]].tolist() if beat in beats]
    notes, written = played(score).notes.copy(), in_order(score)
    for beat in beats:
        here = np.flatnonzero(written["onset_beat"] == beat)
        notes["onset_sec"][here] += step_sec * np.arange(len(here))
    said = heard(Follower(replace(score, marks=np.array(marks, MARK_DTYPE))), Performance(notes))
    assert {one.verdict for one in said} == {"hit"}
    assert {one.error_sec for one in said if one.onset_beat in beats} == {None}


def test_neither_a_grace_note_nor_the_note_after_it_is_early_or_late() -> None:
    score = composed(5, voices=1)
    graces = score.notes[score.notes["onset_beat"] % 4 == 0].copy()
    graces["grace"], graces["duration_beat"] = True, 0.0
    graces["pitch"] += 2
    page = score.with_notes(np.concatenate([score.notes, graces]))
    times = 1.0 + PERIOD_SEC * page.notes["onset_beat"] - 0.2 * page.notes["grace"]
    strokes = sorted(zip(times.tolist(), page.notes["pitch"].tolist(), strict=True))
    follower = Follower(page)
    said = [follower.step(NoteOn(time, pitch))[0] for time, pitch in strokes]
    assert {one.verdict for one in said} == {"hit"}
    errors = [(one.onset_beat, one.error_sec) for one in said]
    assert all(error is None for beat, error in errors if beat is not None and beat % 4 == 0)


def test_a_trill_that_is_not_written_is_stray_notes() -> None:
    score, pitch = with_trill(3)
    take = trilled(played(score), pitch, 0, 9)
    said = heard(Follower(replace(score, marks=score.marks[:0])), take)
    assert not any(one.ornament for one in said)
    assert "ornament" not in said[0].as_json()
