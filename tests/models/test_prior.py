"""The prior over segments, and the composer's use of it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from lessons.analogy import Analogy, Feature
from lessons.errors import CheckpointError
from lessons.score import METRE_DTYPE, Score
from models import checkpoint
from models.checkpoint import Checkpoint
from models.composer import LearnedComposer, load_composer
from models.corpus import TRAIN, VALID, Corpus
from models.encoding import Encoder, turned_chords
from models.evaluate_prior import evaluate_prior
from models.foresight import Foresight, foresight_of
from models.melody import MelodyConfig, MelodyNetwork, chord_features, middle_of, turned
from models.plan import plan_line
from models.prior import BACK, Prior, context
from models.prior_training import PriorNetwork, PriorSchedule, lines_of, scale_of, train_prior
from models.segments import batch_of, segments_of
from models.sentences import sentences

SMALL = MelodyConfig(contour_size=9, rhythm_size=8, width=32, step_width=8, chord_width=16, blocks=1)


@pytest.fixture(scope="module")
def network() -> MelodyNetwork:
    torch.manual_seed(0)
    return MelodyNetwork(SMALL).eval()


@pytest.fixture(scope="module")
def encoder(network: MelodyNetwork) -> Encoder:
    return Encoder({name: tensor.numpy() for name, tensor in network.state_dict().items()})


@pytest.fixture(scope="module")
def prior(corpus: Corpus, encoder: Encoder) -> Prior:
    weights, _ = train_prior(corpus, encoder, PriorSchedule(epochs=3, width=32), lambda _: None)
    return Prior(weights)


def test_both_encoders_are_one(corpus: Corpus, network: MelodyNetwork, encoder: Encoder) -> None:
    segments = segments_of(corpus, TRAIN)
    batch = batch_of(segments)
    middle = middle_of(batch.curve)
    chords = turned_chords(segments.root, segments.bass, segments.tones, middle.numpy())
    features = chord_features(*(torch.from_numpy(part) for part in (segments.root, segments.bass, segments.tones)))
    assert np.array_equal(turned(features, middle).numpy(), chords)
    with torch.no_grad():
        shape = network.encode_contour(batch.curve, batch.chords).mean[:, : network.shape_size].numpy()
        rhythm = network.encode_rhythm(batch.rhythm).mean.numpy()
    assert np.allclose(encoder.shape(batch.curve.numpy(), chords, middle.numpy()), shape, atol=1e-5)
    assert np.allclose(encoder.rhythm(batch.rhythm.numpy()), rhythm, atol=1e-5)


def test_training_and_judging_agree_on_the_surprise(corpus: Corpus, encoder: Encoder) -> None:
    told = list(sentences(corpus, VALID, encoder))
    scale = scale_of(told)
    lines = lines_of(told, scale)
    torch.manual_seed(1)
    network = PriorNetwork(lines.seen.shape[1], lines.truth.shape[1], PriorSchedule(width=32)).eval()
    with torch.no_grad():
        wanted = network(lines).numpy()
    judge = Prior(network.weights(scale))
    assert np.allclose(np.concatenate([judge.surprise(one)[one.sounding] for one in told]), wanted, rtol=1e-4)


def test_a_segment_that_comes_back_is_less_of_a_surprise(encoder: Encoder, prior: Prior, corpus: Corpus) -> None:
    one = next(sentences(corpus, TRAIN, encoder))
    again = one.at(np.array([0, 1, 0, 1]))
    other = replace(again, shape=again.shape.copy())
    other.shape[:, 2:] = np.random.default_rng(0).normal(size=other.shape[:, 2:].shape)
    assert (prior.surprise(again)[:, 2:] < prior.surprise(other)[:, 2:]).all()


def test_the_prior_looks_back_and_never_ahead(encoder: Encoder, prior: Prior, corpus: Corpus) -> None:
    one = next(sentences(corpus, TRAIN, encoder)).at(slice(0, 5))
    changed = replace(one, shape=one.shape.copy())
    changed.shape[:, 3] += 1.0
    before, after = prior.surprise(one), prior.surprise(changed)
    assert np.array_equal(before[:, :3], after[:, :3])
    assert (before[:, 3:] != after[:, 3:]).all()


def test_the_first_segments_have_nothing_to_copy(encoder: Encoder, corpus: Corpus) -> None:
    _, possible = context(next(sentences(corpus, TRAIN, encoder)).at(np.array([0, 1, 2, 3, 0])))
    assert possible[0].tolist() == [[place >= back for back in BACK] for place in range(5)]


def test_silence_costs_nothing(encoder: Encoder, prior: Prior, corpus: Corpus) -> None:
    one = next(sentences(corpus, TRAIN, encoder))
    silent = replace(one, sounding=np.zeros_like(one.sounding))
    assert not prior.surprise(silent).any()


def test_a_prior_taught_on_tunes_that_repeat_finds_what_comes_next(corpus: Corpus, encoder: Encoder) -> None:
    tunes = []
    for number, tune in enumerate(corpus.of_split(TRAIN)):
        split = VALID if number % 3 == 0 else TRAIN
        bars = np.arange(len(tune.tokens)) % (2 * tune.bar_steps)
        tunes.append(replace(tune, tokens=tune.tokens[bars], chords=tune.chords[bars], split=split))
    same = Corpus.of(tunes)
    weights, _ = train_prior(same, encoder, PriorSchedule(epochs=20, width=32), lambda _: None)
    figures = evaluate_prior(Foresight(encoder, Prior(weights)), same, TRAIN)
    assert figures["chosen"] > 0.9
    assert figures["surprise"] == pytest.approx(figures["surprise_shuffled"])


def test_a_prior_of_other_latents_is_refused(encoder: Encoder, prior: Prior) -> None:
    melody = Checkpoint("melody-1", dict(encoder.weights), {}, {})
    assert foresight_of(melody, Checkpoint("prior-1", prior.weights, {"melody": "melody-1"}, {})).prior.weights
    with pytest.raises(CheckpointError, match="belongs to melody-2, not melody-1"):
        foresight_of(melody, Checkpoint("prior-1", prior.weights, {"melody": "melody-2"}, {}))


def test_only_lines_on_the_grid_are_judged(two_hands: Score) -> None:
    composer = load_composer()
    assert isinstance(composer, LearnedComposer)
    assert composer.foresight is not None
    plan = plan_line(Analogy(two_hands, {Feature.RHYTHM: two_hands}))
    own = plan.line["pitch"].astype(np.int64)
    lines = np.stack([own, own + np.arange(len(own)) % 3])
    assert composer.foresight.surprise(plan, lines).tolist() != [0.0, 0.0]
    thirds = two_hands.with_notes(two_hands.notes.copy())
    thirds.notes.flags.writeable = True
    thirds.notes["onset_beat"][thirds.notes["onset_beat"] == 1.0] += 1 / 3
    odd = replace(two_hands, metres=np.array([(0.0, 4, 4), (8.0, 3, 4)], dtype=METRE_DTYPE))
    for piece in (thirds, odd):
        unfit = plan_line(Analogy(piece, {Feature.RHYTHM: piece}))
        assert composer.foresight.surprise(unfit, lines[:, : len(unfit.line)]).tolist() == [0.0, 0.0]


def test_without_a_prior_the_writer_composes_alone(tmp_path: Path, two_hands: Score) -> None:
    for path in checkpoint.FOLDER.glob("writer-*"):
        shutil.copy(path, tmp_path)
    composer = load_composer(tmp_path)
    assert isinstance(composer, LearnedComposer)
    assert composer.foresight is None
    assert composer.weights.startswith("writer-") and "+" not in composer.weights
    assert composer.vary(Analogy(two_hands, {Feature.RHYTHM: two_hands}))
