"""Corpus, segments and training, on tunes that the tests make."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import mido
import numpy as np
import pytest
import torch

from models.corpus import TEST, TRAIN, VALID, Corpus, gather, split_of
from models.epochs import weights_of
from models.grid import HOLD, PAD, PITCHES, STRUCK, held_curve
from models.melody import MelodyConfig, MelodyNetwork
from models.restoration import lesson, squeezed, stretches
from models.segments import batch_of, draw_transpositions, hurried, segments_of, spliced, with_moved_onsets
from models.train import Schedule, Trainer, in_lent_rhythm, losses
from models.writer import INTERVALS, WIDEST, Writer, feature_count, features
from models.writer_training import WriterSchedule, network_of, pages, train_writer

SMALL = MelodyConfig(contour_size=17, rhythm_size=12, width=128, step_width=16, chord_width=32, blocks=1)


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> None:
    torch.set_num_threads(1)


def test_a_corpus_survives_its_file(corpus: Corpus, tmp_path: Path) -> None:
    corpus.save(tmp_path / "melodies.npz")
    again = Corpus.load(tmp_path / "melodies.npz")
    assert np.array_equal(again.tokens, corpus.tokens)
    assert again.tunes.tolist() == corpus.tunes.tolist()


def test_held_out_names_are_never_trained_on() -> None:
    names = [f"tune{number}" for number in range(400)]
    splits = {name: split_of(name, set(names[:50])) for name in names}
    assert all(splits[name] == TEST for name in names[:50])
    assert TEST not in [splits[name] for name in names[50:]]
    assert {TRAIN, VALID} == {splits[name] for name in names[50:]}


def test_packs_are_gathered_with_their_splits(tmp_path: Path) -> None:
    for name in ("001", "002"):
        song = tmp_path / "pop909-structure" / name
        song.mkdir(parents=True)
        (song / "melody.txt").write_text("0 4\n60 4\n64 8\n")
        (song / "finalized_chord.txt").write_text("C:maj [0, 4, 7] 0 2 \nG:7 [7, 11, 2, 5] 11 2 \n")
        (tmp_path / "pop909-cl").mkdir(exist_ok=True)
        file = mido.MidiFile(ticks_per_beat=480)
        file.tracks.append(mido.MidiTrack([mido.MetaMessage("time_signature", numerator=4, denominator=4)]))
        file.tracks.append(
            mido.MidiTrack([mido.Message("note_on", note=60), mido.Message("note_off", note=60, time=9)])
        )
        file.save(tmp_path / "pop909-cl" / f"{name}.mid")
    (tmp_path / "pop909").mkdir()
    (tmp_path / "pop909" / "splits.json").write_text(json.dumps({"val": ["002"]}))
    found = gather(tmp_path)
    assert (found.tunes["split"] == TEST).tolist() == [False, True]
    tune = found.tune(found.tunes[0])
    assert tune.tokens.tolist() == [129] * 4 + [60] + [HOLD] * 3 + [64] + [HOLD] * 7
    assert tune.chords.root.tolist() == [0] * 8 + [7] * 8
    assert tune.chords.bass.tolist() == [0] * 8 + [11] * 8


def test_segments_are_two_bars_and_never_the_same_twice(corpus: Corpus) -> None:
    segments = segments_of(corpus, TRAIN)
    keys = np.concatenate([segments.tokens, segments.root], axis=1)
    assert len(np.unique(keys, axis=0)) == len(segments)
    three_four = (segments.tokens == PAD).any(axis=1)
    assert (segments.tokens[three_four][:, 24:] == PAD).all()


def test_transposing_moves_pitches_and_chords_but_no_rhythm(corpus: Corpus) -> None:
    segments = segments_of(corpus, TRAIN)[:8]
    plain, moved = batch_of(segments), batch_of(segments, np.full(8, 5))
    assert torch.equal(plain.rhythm, moved.rhythm)
    assert torch.equal(plain.curve + 5, moved.curve)
    assert torch.equal(plain.chords.view(8, 16, 3, 12).roll(5, dims=3), moved.chords.view(8, 16, 3, 12))


def test_random_transpositions_stay_on_the_keyboard(corpus: Corpus) -> None:
    segments = segments_of(corpus, TRAIN)
    shift = draw_transpositions(segments, np.random.default_rng(0))
    curve = held_curve(segments.tokens) + shift[:, None]
    assert (curve.min(), curve.max()) >= (36, 60)
    assert curve.max() <= 96
    assert len(set(shift.tolist())) > 6


def test_one_batch_can_be_learned_by_heart(corpus: Corpus, tmp_path: Path) -> None:
    schedule = Schedule(
        minutes=1e9,
        batch=12,
        beta_contour=0.0,
        beta_rhythm=0.0,
        rate=3e-3,
        warm_share=1e-12,
        chord_dropout=0.0,
        spliced_share=0.0,
        hurried_share=0.0,
        moved_share=0.0,
        lent_share=0.0,
        steadiness=((0.0, 0.0),),
        half=False,
    )
    trainer = Trainer(SMALL, schedule, tmp_path)
    segments = segments_of(corpus, TRAIN)[:12]
    trainer.spent_sec = 1.0
    for _ in range(250):
        trainer.advance(segments)
    found = losses(trainer.network, batch_of(segments))
    assert float(found.rhythm_right) == 1.0
    assert float(found.pitch_right) > 0.97


def test_the_rhythm_latent_does_not_move_under_transposition(corpus: Corpus) -> None:
    network = MelodyNetwork(SMALL)
    segments = segments_of(corpus, TRAIN)[:4]
    plain, moved = batch_of(segments), batch_of(segments, np.array([1, 2, 3, 4]))
    assert torch.equal(network.encode_rhythm(plain.rhythm).mean, network.encode_rhythm(moved.rhythm).mean)


def test_the_contour_encoder_does_not_see_where_notes_are_struck(corpus: Corpus) -> None:
    segments = segments_of(corpus, TRAIN)[:4]
    struck_again = segments.tokens.copy()
    place = np.argmax(struck_again == HOLD, axis=1)
    struck_again[np.arange(4), place] = held_curve(segments.tokens)[np.arange(4), place]
    again = batch_of(replace(segments, tokens=struck_again))
    assert torch.equal(batch_of(segments).curve, again.curve)
    assert not torch.equal(batch_of(segments).rhythm, again.rhythm)


def test_moved_onsets_keep_every_pitch_and_the_order_of_them(corpus: Corpus) -> None:
    tokens = segments_of(corpus, TRAIN).tokens
    moved = with_moved_onsets(tokens, np.random.default_rng(0))
    assert (moved != tokens).any()
    for before, after in zip(tokens, moved, strict=True):
        assert after[after < PITCHES].tolist() == before[before < PITCHES].tolist()
        shifts = np.flatnonzero(after < PITCHES) - np.flatnonzero(before < PITCHES)
        assert np.abs(shifts).max() <= 1


def test_a_lent_rhythm_carries_the_pitches_held_there(corpus: Corpus) -> None:
    tokens = segments_of(corpus, TRAIN).tokens[:6]
    lent = in_lent_rhythm(tokens, np.array([True] * 5 + [False]))
    assert np.array_equal(lent[5], tokens[5])
    for own, lender, found in zip(tokens[1:5], tokens[:4], lent[1:5], strict=True):
        if ((own == PAD) == (lender == PAD)).all():
            assert np.array_equal(found < PITCHES, lender < PITCHES)
            struck = found < PITCHES
            assert np.array_equal(found[struck], held_curve(own)[struck])


def test_a_spliced_segment_keeps_its_first_beat_and_its_length(corpus: Corpus) -> None:
    segments = segments_of(corpus, TRAIN)[:8]
    chosen = np.arange(8) % 2 == 0
    found = spliced(segments, chosen, np.random.default_rng(0))
    assert np.array_equal(found.tokens[~chosen], segments.tokens[~chosen])
    assert np.array_equal(found.tokens[:, :4], segments.tokens[:, :4])
    assert np.array_equal(found.tokens == PAD, segments.tokens == PAD)
    assert (found.tokens[chosen] != segments.tokens[chosen]).any()


def test_beta_rises_where_a_latent_tells_too_much(tmp_path: Path) -> None:
    schedule = Schedule(contour_nats=50.0, rhythm_nats=20.0)
    trainer = Trainer(SMALL, schedule, tmp_path)
    trainer.steer({"kl_contour": 60.0, "kl_rhythm": 15.0})
    assert trainer.betas["contour"] > schedule.beta_contour
    assert trainer.betas["rhythm"] < schedule.beta_rhythm


def test_a_hurried_segment_is_two_segments_at_twice_the_pace(corpus: Corpus) -> None:
    segments = segments_of(corpus, TRAIN)
    long = segments[np.flatnonzero((segments.tokens != PAD).all(axis=1))[:4]]
    found = hurried(long, np.array([False, True, True, False]))
    assert np.array_equal(found.tokens[[0, 3]], long.tokens[[0, 3]])
    assert np.array_equal(found.tokens[1], np.concatenate([long.tokens[1, ::2], long.tokens[0, ::2]]))
    assert np.array_equal(found.root[2], np.concatenate([long.root[2, ::2], long.root[1, ::2]]))


def test_the_shape_is_the_same_in_every_key(corpus: Corpus) -> None:
    network = MelodyNetwork(SMALL).eval()
    segments = segments_of(corpus, TRAIN)[:4]
    plain, moved = batch_of(segments), batch_of(segments, np.array([1, 2, 3, 4]))
    with torch.no_grad():
        one, other = (network.encode_contour(batch.curve, batch.chords).mean for batch in (plain, moved))
    assert torch.allclose(one[:, : network.shape_size], other[:, : network.shape_size])
    assert (other[:, -1] > one[:, -1]).all()


def test_a_killed_training_goes_on_where_it_was(corpus: Corpus, tmp_path: Path) -> None:
    schedule = Schedule(minutes=1e9, batch=4)
    segments = segments_of(corpus, TRAIN)
    first = Trainer(SMALL, schedule, tmp_path)
    for _ in range(2):
        first.advance(segments)
    first.save()
    second = Trainer(SMALL, schedule, tmp_path)
    assert second.resume()
    assert second.step == 2
    straight, resumed = first.advance(segments), second.advance(segments)
    assert float(straight.rhythm.detach()) == pytest.approx(float(resumed.rhythm.detach()), rel=1e-5)


def test_nothing_to_resume_is_said(tmp_path: Path) -> None:
    assert not Trainer(SMALL, Schedule(), tmp_path).resume()


def test_only_struck_steps_count_as_pitches(corpus: Corpus) -> None:
    batch = batch_of(segments_of(corpus, TRAIN)[:6])
    assert ((batch.tokens < PITCHES) == (batch.rhythm == STRUCK)).all()


def test_a_tune_squeezed_through_its_own_rhythm_is_whole(corpus: Corpus) -> None:
    stretch = stretches(corpus, TRAIN)[0]
    curve, stammers = squeezed(stretch, stretch.onsets, np.random.default_rng(0), bend=False)
    assert curve.tolist() == stretch.pitches.tolist()
    assert not stammers.any()


def test_through_half_notes_only_every_second_beat_survives(corpus: Corpus) -> None:
    stretch = stretches(corpus, TRAIN)[0]
    halves = np.arange(0, stretch.steps, 8)
    curve, stammers = squeezed(stretch, halves, np.random.default_rng(0), bend=False)
    for onset, pitch in zip(stretch.onsets, curve, strict=True):
        heard = stretch.pitches[np.searchsorted(stretch.onsets, onset // 8 * 8, side="right") - 1]
        assert pitch == heard
    assert stammers.sum() == len(stretch.onsets) - len(np.unique(stretch.onsets // 8))


def test_answers_of_a_lesson_are_the_tunes_own_intervals(corpus: Corpus) -> None:
    pool = stretches(corpus, TRAIN)
    setting, past, answers = lesson(pool, np.random.default_rng(3))
    assert (past.pitch + answers).tolist() == np.concatenate([stretch.pitches for stretch in pool]).tolist()
    assert features(setting, past).shape == (len(answers), feature_count())


def test_numpy_and_torch_agree_on_the_writer(corpus: Corpus) -> None:
    network = network_of(WriterSchedule(width=32)).eval()
    seen = pages(stretches(corpus, VALID), np.random.default_rng(0))[0]
    with torch.no_grad():
        expected = network(torch.from_numpy(seen)).numpy()
    assert np.allclose(Writer(weights_of(network)).logits(seen), expected, atol=1e-4)
    assert expected.shape[1] == INTERVALS == 2 * WIDEST + 1


def test_the_writer_learns(corpus: Corpus) -> None:
    told: list[dict[str, float]] = []
    train_writer(corpus, WriterSchedule(minutes=5, epochs=12, width=32, batch=64, dropout=0.0), told.append)
    assert told[-1]["train"] < 0.6 * told[0]["train"]
