"""``evaluate``: measure one of the networks on tunes that it never saw."""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from lessons.errors import CheckpointError
from models import checkpoint
from models.commands.train import prepared, prepared_parts

NAMES = ("melody", "prior", "writer", "voicing")
SPLITS = ("train", "valid", "test")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags of ``evaluate``."""
    parser.add_argument("name", metavar="NAME", choices=NAMES, help=" or ".join(NAMES))
    parser.add_argument("--data", metavar="DIR", type=Path, required=True, help="the folder of the data packs")
    parser.add_argument("--split", choices=SPLITS, default="test")
    parser.add_argument("--weights", metavar="DIR", type=Path, default=checkpoint.FOLDER, help="where the weights are")
    parser.add_argument("--prepared", metavar="DIR", type=Path, help="a folder to keep the prepared data in")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(arguments: argparse.Namespace, _parts: object) -> int:
    """Print the figures of a split; 0 when done."""
    path = checkpoint.find(arguments.name, arguments.weights)
    if path is None:
        raise CheckpointError(f"{arguments.weights}: no weights of the {arguments.name} network here")
    with tempfile.TemporaryDirectory() as folder:
        figures = measured(arguments.name, path, arguments.data, arguments.prepared or Path(folder), arguments.split)
    if arguments.json:
        print(json.dumps({"weights": path.stem, "split": arguments.split, "figures": figures}))
    else:
        print(f"{path.stem} on the {arguments.split} split")
        for name, value in figures.items():
            print(f"  {name:24}{value:10.4f}")
    return 0


def measured(name: str, path: Path, data: Path, folder: Path, split: str) -> dict[str, float]:
    """The figures of one network on one split."""
    if name == "voicing":
        return _voicing(path, data, folder, split)
    from models.composer import writer_of
    from models.corpus import SPLITS as NUMBERS
    from models.evaluate import evaluate_melody, evaluate_writer_on, melody_network
    from models.evaluate_prior import evaluate_prior
    from models.foresight import foresight_of

    found, corpus = checkpoint.read(path), prepared(data, folder)
    if name == "writer":
        return evaluate_writer_on(writer_of(found), corpus, NUMBERS[split])
    if name == "prior":
        melody = checkpoint.find("melody", path.parent)
        if melody is None:
            raise CheckpointError(f"{path.parent}: no weights of the melody network here, which the prior speaks of")
        return evaluate_prior(foresight_of(checkpoint.read(melody), found), corpus, NUMBERS[split])
    return evaluate_melody(melody_network(found), corpus, NUMBERS[split])


def _voicing(path: Path, data: Path, folder: Path, split: str) -> dict[str, float]:
    from models.corpus import SPLITS as NUMBERS
    from models.voicing_composer import network_of
    from models.voicing_corpus import lesson_of
    from models.voicing_training import evaluate_voicing

    network = network_of(checkpoint.read(path))
    return evaluate_voicing(network.logits, lesson_of(prepared_parts(data, folder).of_split(NUMBERS[split])))
