"""Figures of the networks, and the commands that print them."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch

from lessons.errors import CheckpointError, InputError
from models import checkpoint
from models.commands import evaluate, similar, train
from models.composer import writer_of
from models.corpus import TEST, VALID, Corpus
from models.evaluate import evaluate_melody, evaluate_writer_on, melody_network
from models.grid import HOLD, NO_CHORD, PAD, SEGMENT_STEPS
from models.melody import MelodyConfig, MelodyNetwork
from models.segments import Segments, batch_of
from models.train import losses

SMALL = MelodyConfig(contour_size=8, rhythm_size=8, width=32, step_width=8, chord_width=16, blocks=1)


def words(command: object, *given: object) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    command.configure(parser)  # type: ignore[attr-defined]
    return parser.parse_args([str(word) for word in given])


def test_the_melody_weights_still_tell_a_tune_they_never_saw() -> None:
    path = checkpoint.find("melody")
    assert path is not None
    network = melody_network(checkpoint.read(path))
    tokens = np.full((1, SEGMENT_STEPS), HOLD)
    tokens[0, [0, 4, 8, 12, 14, 16, 20, 24, 28]] = [60, 62, 64, 65, 67, 64, 67, 65, 62]
    blank = np.full((1, SEGMENT_STEPS), NO_CHORD)
    found = losses(network, batch_of(Segments(tokens, blank, blank, np.zeros_like(blank))))
    assert (float(found.pitch_right), float(found.rhythm_right)) == (1.0, 1.0)
    assert (tokens != PAD).all()


def test_a_network_that_knows_nothing_has_figures_that_say_so(corpus: Corpus) -> None:
    torch.manual_seed(0)
    figures = evaluate_melody(MelodyNetwork(SMALL).eval(), corpus, VALID)
    assert figures["rhythm_moved"] == 0.0
    assert figures["contour_moved_restruck"] == 0.0
    assert figures["contour_moved_late"] > 0.0
    assert figures["contour_moved_early"] > 0.0
    assert figures["pitch_right"] < 0.5
    assert figures["query_contour_f1"] < 0.5


def test_the_writer_restores_more_with_a_curve_than_without(corpus: Corpus) -> None:
    path = checkpoint.find("writer")
    assert path is not None
    figures = evaluate_writer_on(writer_of(checkpoint.read(path)), corpus, VALID)
    assert figures["guided"] < figures["free"]
    assert figures["guided_right"] > figures["free_right"]


def test_training_writes_weights_that_evaluate_can_read(
    corpus: Corpus, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.melody.MelodyConfig.__init__.__defaults__", tuple(asdict(SMALL).values()))
    corpus.save(tmp_path / train.PREPARED)
    asked = words(train, "melody", "--data", tmp_path, "--out", tmp_path, "--minutes", 0.005, "--json")
    assert train.run(asked, None) == 0
    written = Path(json.loads(capsys.readouterr().out)["weights"])
    assert written.exists()
    again = words(train, "melody", "--data", tmp_path, "--out", tmp_path, "--minutes", 0.006, "--resume", "--json")
    assert train.run(again, None) == 0
    capsys.readouterr()
    asked = words(
        evaluate, "melody", "--data", tmp_path, "--weights", tmp_path, "--prepared", tmp_path, "--split", "valid"
    )
    assert evaluate.run(asked, None) == 0
    assert "kl_total" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (["melody", "--data", "nowhere", "--minutes", "1"], "nowhere"),
        (["melody", "--data", ".", "--minutes", "0"], "--minutes 0"),
    ],
)
def test_training_refuses_what_it_cannot_use(tmp_path: Path, given: list[str], reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        train.run(words(train, *given, "--out", tmp_path / "out"), None)


def test_without_weights_there_is_nothing_to_evaluate(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no weights"):
        evaluate.run(words(evaluate, "writer", "--data", tmp_path, "--weights", tmp_path), None)


@pytest.mark.parametrize("name", ["writer", "voicing"])
def test_a_folder_without_packs_is_refused_and_no_empty_folder_is_left(tmp_path: Path, name: str) -> None:
    there = tmp_path / "there"
    there.mkdir()
    for out in (tmp_path / "new" / "out", there):
        with pytest.raises(InputError, match="no pop909"):
            train.run(words(train, name, "--data", tmp_path, "--out", out), None)
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


def test_similar_names_the_folder_that_has_no_pieces(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no pieces"):
        similar.pieces_of(tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        similar.pieces_of(tmp_path / "nowhere")
    assert TEST != VALID
