"""Pieces that are alike, by one feature and not the other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from lessons.analogy import Feature
from lessons.errors import ComposerError, InputError
from lessons.score import RIGHT, Score
from models.melody import MelodyConfig, MelodyNetwork
from models.similarity import Index, index_of, nearest

SMALL = MelodyConfig(contour_size=16, rhythm_size=12, width=64, step_width=16, chord_width=32, blocks=1)


@pytest.fixture(scope="module")
def network() -> MelodyNetwork:
    torch.manual_seed(0)
    return MelodyNetwork(SMALL).eval()


def with_tune(piece: Score, pitches: list[int], lengths: list[float]) -> Score:
    starts = np.concatenate([[0.0], np.cumsum(lengths)[:-1]])
    tune = np.repeat(piece.hands(RIGHT).notes[:1], len(lengths))
    tune["onset_beat"], tune["duration_beat"] = starts, lengths
    tune["pitch"] = np.resize(pitches, len(lengths))
    return piece.with_notes(np.concatenate([tune, piece.notes[piece.notes["hand"] != RIGHT]]))


@pytest.fixture(scope="module")
def shelf(two_hands: Score) -> dict[str, Score]:
    dotted, even = [1.5, 0.5] * 8, [1.0] * 16
    return {
        "dotted": with_tune(two_hands, [60, 64], dotted),
        "dotted and high": with_tune(two_hands, [72, 79, 67, 84], dotted),
        "even": with_tune(two_hands, [60, 64], even),
    }


def test_the_same_rhythm_is_nearest_whatever_the_pitches(shelf: dict[str, Score], network: MelodyNetwork) -> None:
    index = index_of(shelf, network, "toy")
    found = nearest(index, shelf["dotted"], network, Feature.RHYTHM)
    assert [name for name, _ in found] == ["dotted and high", "even"]
    assert found[0][1] == 0.0
    assert found[1][1] > 0.0


def test_by_contour_the_nearest_is_another(shelf: dict[str, Score], network: MelodyNetwork) -> None:
    found = nearest(index_of(shelf, network, "toy"), shelf["dotted"], network, Feature.PITCH)
    assert found[0][0] == "even"


def test_a_tune_in_another_key_has_the_same_contour(two_hands: Score, network: MelodyNetwork) -> None:
    notes = two_hands.notes.copy()
    notes["pitch"] += 5
    keys = two_hands.keys.copy()
    keys["fifths"] = -1
    moved = replace(two_hands, notes=notes, keys=keys)
    found = nearest(index_of({"moved": moved}, network, "toy"), two_hands, network, Feature.PITCH)
    assert found == [("moved", pytest.approx(0.0, abs=1e-4))]


def test_an_index_is_kept_until_weights_or_pieces_change(
    shelf: dict[str, Score], network: MelodyNetwork, tmp_path: Path
) -> None:
    path = tmp_path / "index.npz"
    made = index_of(shelf, network, "toy", path)
    written = path.stat().st_mtime_ns
    assert np.array_equal(index_of(shelf, network, "toy", path).owner, made.owner)
    assert path.stat().st_mtime_ns == written
    index_of(shelf, network, "newer", path)
    assert (found := Index.load(path)) is not None
    assert found.label == "newer"
    index_of({"even": shelf["even"]}, network, "newer", path)
    assert (found := Index.load(path)) is not None
    assert found.names == ("even",)


def test_an_index_that_cannot_be_read_is_made_anew(
    shelf: dict[str, Score], network: MelodyNetwork, tmp_path: Path
) -> None:
    path = tmp_path / "index.npz"
    path.write_bytes(b"torn")
    assert len(index_of(shelf, network, "toy", path).owner)
    found = Index.load(path)
    assert found is not None
    assert found.names == tuple(shelf)


def test_triplets_are_left_out_of_an_index_and_refused_as_a_question(
    two_hands: Score, shelf: dict[str, Score], network: MelodyNetwork
) -> None:
    triplets = with_tune(two_hands, [60, 62, 64], [1 / 3] * 48)
    found = nearest(index_of({**shelf, "triplets": triplets}, network, "toy"), shelf["even"], network, Feature.RHYTHM)
    assert "triplets" not in [name for name, _ in found]
    with pytest.raises(ComposerError, match="triplets"):
        nearest(index_of(shelf, network, "toy"), triplets, network, Feature.RHYTHM)


def test_pieces_are_not_compared_by_texture(shelf: dict[str, Score], network: MelodyNetwork) -> None:
    with pytest.raises(InputError, match="texture"):
        nearest(index_of(shelf, network, "toy"), shelf["even"], network, Feature.TEXTURE)
