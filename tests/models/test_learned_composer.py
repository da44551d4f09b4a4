"""The learned composer: exact where it must be, musical where it may choose, and honest where it cannot."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.analogy import Analogy, Feature
from lessons.errors import CheckpointError, ComposerError
from lessons.score import LEFT, METRE_DTYPE, NOTE_DTYPE, RIGHT, Score
from models import checkpoint
from models.composer import LearnedComposer, load_composer, writer_of
from models.layers import log_softmax
from models.line import line_mask
from models.plan import plan_line
from models.restoration import guide, past_of
from models.writer import Past, Setting, duration_class, features, metric_strength
from models.writing import Taste, contours, ranked, same_bar_before, setting_of, write


@pytest.fixture(scope="module")
def composer() -> LearnedComposer:
    found = load_composer()
    assert isinstance(found, LearnedComposer)
    return found


def donor(two_hands: Score, lengths: list[float]) -> Score:
    starts = np.concatenate([[0.0], np.cumsum(lengths)[:-1]])
    notes = np.zeros(len(lengths), NOTE_DTYPE)
    notes["onset_beat"], notes["duration_beat"], notes["pitch"], notes["hand"] = starts, lengths, 72, RIGHT
    return two_hands.with_notes(notes)


def line_of(score: Score) -> np.ndarray:
    return score.notes[line_mask(score)]


@settings(max_examples=15, deadline=None)
@given(lengths=st.lists(st.sampled_from([0.25, 1 / 3, 0.5, 0.75, 1.0, 1.5]), min_size=10, max_size=24))
def test_the_rhythm_is_the_donors_whatever_it_is(
    composer: LearnedComposer, two_hands: Score, lengths: list[float]
) -> None:
    rhythm = donor(two_hands, lengths)
    rhythm = rhythm.with_notes(rhythm.notes[rhythm.notes["onset_beat"] < 16])
    answer = composer.vary(Analogy(two_hands, {Feature.RHYTHM: rhythm}))[0]
    until_close = line_of(answer.score)["onset_beat"][: len(rhythm.notes)]  # a piece that comes home is not left silent
    assert until_close.tolist() == rhythm.notes["onset_beat"].tolist()
    assert answer.measures.rhythm_kept == 1.0


def test_the_same_seed_gives_the_same_notes_and_another_seed_others(
    composer: LearnedComposer, two_hands: Score
) -> None:
    asked = [Analogy(two_hands, {Feature.RHYTHM: donor(two_hands, [0.5] * 32)}, seed=seed) for seed in (1, 1, 2)]
    first, again, other = (composer.vary(analogy)[0].score.digest for analogy in asked)
    assert first == again
    assert first != other


def test_what_it_wrote_last_time_it_writes_again(composer: LearnedComposer, two_hands: Score) -> None:
    asked = Analogy(two_hands, {Feature.RHYTHM: donor(two_hands, [1.0, 0.5, 0.5] * 8)}, seed=7)
    golden = GOLDEN[composer.weights]
    assert line_of(composer.vary(asked)[0].score)["pitch"].tolist() == golden


def test_several_answers_differ(composer: LearnedComposer, two_hands: Score) -> None:
    answers = composer.vary(Analogy(two_hands, {Feature.RHYTHM: donor(two_hands, [0.5] * 32)}), 4)
    lines = [line_of(answer.score)["pitch"] for answer in answers]
    assert min((lines[a] != lines[b]).mean() for a in range(4) for b in range(a)) >= 0.1


def test_even_a_short_question_has_many_answers(composer: LearnedComposer, two_hands: Score) -> None:
    asked = Analogy(two_hands, {Feature.RHYTHM: two_hands}, bars=(1, 2))
    digests = {answer.score.digest for answer in composer.vary(asked, 8)}
    assert len(digests) == 8


def test_no_strength_moves_nothing(composer: LearnedComposer, two_hands: Score) -> None:
    answer = composer.vary(Analogy(two_hands, strength=0.0))[0]
    assert answer.score.notes.tolist() == two_hands.notes.tolist()
    with pytest.raises(ComposerError, match="--strength 0"):
        composer.vary(Analogy(two_hands, strength=0.0), 2)


def test_the_line_stays_above_the_other_hand_and_in_the_range(composer: LearnedComposer, two_hands: Score) -> None:
    for seed in range(4):
        answer = composer.vary(Analogy(two_hands, strength=1.0, seed=seed, lowest=48, highest=72))[0].score
        line = line_of(answer)
        assert line["pitch"].max() <= 72
        for note in line:
            left = answer.hands(LEFT).notes
            ends = left["onset_beat"] + left["duration_beat"]
            heard = left[(left["onset_beat"] <= note["onset_beat"]) & (note["onset_beat"] < ends)]
            assert note["pitch"] > heard["pitch"].max(initial=0)


def test_a_piece_that_ends_on_its_tonic_still_does(composer: LearnedComposer, two_hands: Score) -> None:
    for seed in range(4):
        assert line_of(composer.vary(Analogy(two_hands, strength=0.9, seed=seed))[0].score)["pitch"][-1] % 12 == 0


def test_a_locked_contour_is_followed_more_closely(composer: LearnedComposer, two_hands: Score) -> None:
    locked = composer.vary(Analogy(two_hands, keep=frozenset({Feature.PITCH}), strength=0.8))[0]
    free = composer.vary(Analogy(two_hands, keep=frozenset({Feature.RHYTHM}), strength=1.0))[0]
    assert locked.measures.contour_kept > max(0.85, free.measures.contour_kept)
    assert free.measures.rhythm_kept == 1.0


def test_what_it_has_not_learned_the_rules_answer_with_a_notice(composer: LearnedComposer, two_hands: Score) -> None:
    odd = replace(two_hands, metres=np.array([(0.0, 11, 8)], dtype=METRE_DTYPE))
    for analogy in (Analogy(odd, strength=0.5), Analogy(two_hands, {Feature.TEXTURE: two_hands})):
        answer = composer.vary(analogy)[0]
        assert answer.weights == "rules-1"
        assert any("the rules answered" in notice for notice in answer.notices)


def test_without_weights_the_rules_answer_and_say_so(tmp_path: Path, two_hands: Score) -> None:
    answer = load_composer(tmp_path).vary(Analogy(two_hands))[0]
    assert "no weights" in answer.notices[-1]


def test_damaged_weights_are_named_and_the_rules_answer(tmp_path: Path, two_hands: Score) -> None:
    whole = checkpoint.find("writer")
    assert whole is not None
    shutil.copy(whole, tmp_path / "writer-00000000.safetensors")
    answer = load_composer(tmp_path).vary(Analogy(two_hands))[0]
    assert whole.stem.rpartition("-")[2] in answer.notices[-1]


def test_weights_of_another_shape_are_refused() -> None:
    foreign = checkpoint.Checkpoint("writer-1", {"0.weight": np.zeros((2, 3)), "0.bias": np.zeros(2)}, {}, {})
    with pytest.raises(CheckpointError, match="another network"):
        writer_of(foreign)


@settings(max_examples=20, deadline=None)
@given(st.integers(-12, 12), st.integers(0, 5))
def test_the_writer_sees_the_same_in_every_key(semitones: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    setting, pitches = toy_setting(rng, 0), rng.integers(60, 72, 9)
    moved = toy_setting(np.random.default_rng(seed), semitones)
    assert np.array_equal(
        features(setting, past_of(pitches, 60)), features(moved, past_of(pitches + semitones, 60 + semitones))
    )


def toy_setting(rng: np.random.Generator, semitones: int) -> Setting:
    count = 9
    up = semitones % 12

    def turned(mask: int) -> int:
        return (mask << up | mask >> (12 - up)) & 0xFFF

    full = np.ones(count, dtype=np.int64)
    curve = rng.integers(58, 74, count) + semitones
    classes = [rng.integers(0, 5, count) for _ in range(5)]
    return Setting(
        (full * 7 + semitones) % 12, full * turned(0b100010000100), full * turned(0b000010010001),
        full * turned(0b101010110101), (full * 0 + semitones) % 12, full * 0, *classes,
        full * 0, full * 0, full * 0, full, guide(curve),
    )  # fmt: skip


def test_the_past_of_a_tune_is_what_writing_it_would_have_left() -> None:
    pitches = np.array([60, 62, 62, 62, 65, 50, 50])
    whole, past = past_of(pitches, 59), Past.start(np.array([59]))
    for place, pitch in enumerate(pitches):
        assert (past.pitch[0], past.run[0]) == (whole.pitch[place], whole.run[place])
        assert past.intervals[0].tolist() == whole.intervals[place].tolist()
        past = past.after(np.array([pitch]))


def test_places_in_a_bar_have_the_weights_of_the_metre() -> None:
    places = np.array([0, 0.25, 0.5, 1, 2, 3])
    assert metric_strength(places, 4.0, compound=False).tolist() == [4, 0, 1, 2, 3, 2]
    assert metric_strength(np.array([0, 0.5, 1.5, 2.0]), 3.0, compound=True).tolist() == [4, 1, 3, 1]
    assert metric_strength(np.array([0, 1.0, 1.5]), 3.0, compound=False).tolist() == [4, 2, 1]


def test_a_bar_that_returns_is_written_the_same_way(composer: LearnedComposer, two_hands: Score) -> None:
    line = line_of(two_hands)
    bar = line[line["onset_beat"] < 4]
    copies = []
    for place in range(4):
        copy = bar.copy()
        copy["onset_beat"] += 4 * place
        copies.append(copy)
    plan = plan_line(
        Analogy(two_hands.with_notes(np.concatenate(copies)), {Feature.RHYTHM: donor(two_hands, [0.5] * 32)})
    )
    before = same_bar_before(plan)
    assert before[8:16].tolist() == list(range(8))
    found = write(plan, composer.writer, Taste(again=50.0), 4, np.random.default_rng(0))
    assert (found.pitches[:, 8:16] == found.pitches[:, :8]).all()


def test_candidates_that_follow_the_source_come_first(composer: LearnedComposer, two_hands: Score) -> None:
    plan = plan_line(Analogy(two_hands, {Feature.RHYTHM: donor(two_hands, [0.5] * 32)}))
    found = write(plan, composer.writer, Taste(), 32, np.random.default_rng(0))
    order = ranked(plan, found, Taste(oddness=0.0, chords=0.0, repeats=0.0))
    measured = contours(plan, found.pitches)[order]
    assert (np.diff(measured) <= 1e-9).all()


def test_log_probabilities_sum_to_one(composer: LearnedComposer, two_hands: Score) -> None:
    plan = plan_line(Analogy(two_hands))
    setting = setting_of(plan)
    known = log_softmax(composer.writer.logits(features(setting, past_of(plan.line["pitch"].astype(np.int64), 60))))
    assert np.allclose(np.exp(known).sum(axis=1), 1, atol=1e-4)
    assert duration_class(np.array([0.25, 0.5, 4.0])).tolist() == [0, 1, 6]


def test_a_writer_without_layers_is_no_writer() -> None:
    with pytest.raises(CheckpointError):
        writer_of(checkpoint.Checkpoint("writer-0", {}, {}, {}))


GOLDEN = {
    "writer-cb2226f7+melody-7ccea08a+prior-c574987d": [
        67,
        64,
        60,
        64,
        67,
        64,
        65,
        62,
        59,
        62,
        65,
        62,
        60,
        62,
        64,
        64,
        65,
        67,
        67,
        62,
        60,
        60,
        60,
        60,
    ]
}
