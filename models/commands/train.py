"""``train``: teach one of the networks from the data packs; can be killed and resumed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lessons.errors import InputError
from models import checkpoint

if TYPE_CHECKING:
    from models.corpus import Corpus
    from models.voicing_corpus import Parts

PREPARED, PREPARED_PARTS = "melodies.npz", "parts.npz"
DEFAULT_MINUTES = {"melody": 36.0, "prior": 8.0, "writer": 12.0, "voicing": 10.0}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags of ``train``."""
    parser.add_argument("name", metavar="NAME", choices=list(DEFAULT_MINUTES), help=" or ".join(DEFAULT_MINUTES))
    parser.add_argument("--data", metavar="DIR", type=Path, required=True, help="the folder of the data packs")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="where weights and progress go")
    parser.add_argument("--minutes", metavar="M", type=float, help="how long to train")
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto")
    parser.add_argument("--resume", action="store_true", help="go on from what --out holds")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(arguments: argparse.Namespace, _parts: object) -> int:
    """Prepare the data once, train, and write weights with their metrics; 0 when done."""
    minutes = DEFAULT_MINUTES[arguments.name] if arguments.minutes is None else arguments.minutes
    if minutes <= 0:
        raise InputError(f"--minutes {minutes:g}: must be more than 0")
    if arguments.name == "voicing":
        path, metrics = _voicing(arguments, minutes)
    else:
        corpus = prepared(arguments.data, arguments.out)
        path, metrics = {"melody": _melody, "prior": _prior, "writer": _writer}[arguments.name](
            corpus, arguments, minutes
        )
    if arguments.json:
        print(json.dumps({"weights": str(path), "metrics": metrics}))
    else:
        print(f"{path}: " + ", ".join(f"{name} {value:.4f}" for name, value in metrics.items()))
    return 0


def prepared(data: Path, out: Path) -> Corpus:
    """The corpus, gathered from the packs the first time and kept in ``out`` for the next."""
    from models.corpus import Corpus, gather

    path = out / PREPARED
    if path.exists():
        return Corpus.load(path)
    with folder_for(data, out):
        corpus = gather(data)
    corpus.save(path)
    return corpus


def prepared_parts(data: Path, out: Path) -> Parts:
    """The piano parts, gathered from the packs the first time and kept in ``out`` for the next."""
    from models.voicing_corpus import Parts, gather_parts

    path = out / PREPARED_PARTS
    if path.exists():
        return Parts.load(path)
    with folder_for(data, out):
        parts = gather_parts(data)
    parts.save(path)
    return parts


@contextmanager
def folder_for(data: Path, out: Path) -> Iterator[None]:
    """Make ``out`` before it takes long to read ``data``; where that fails, what was made is not left empty.

    Raises InputError where it cannot be made, or where there is no ``data``.
    """
    if not data.is_dir():
        raise InputError(f"--data {data}: no such folder")
    made = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"--out {out}: cannot be made ({error.strerror})") from error
    try:
        yield
    except BaseException:
        for folder in made:
            with suppress(OSError):
                folder.rmdir()
        raise


def told(figures: dict[str, Any]) -> None:
    """One line of progress on standard error."""
    print("  ".join(f"{name} {value:.4g}" for name, value in figures.items()), file=sys.stderr, flush=True)


def device_of(name: str) -> str:
    """Choose cpu or cuda. Raises InputError where cuda was asked for and is not there."""
    import torch

    if name == "cuda" and not torch.cuda.is_available():
        raise InputError("--device cuda: no such device here")
    return "cuda" if name != "cpu" and torch.cuda.is_available() else "cpu"


def _melody(corpus: Corpus, arguments: argparse.Namespace, minutes: float) -> tuple[Path, dict[str, float]]:
    from models.melody import MelodyConfig
    from models.train import Schedule, Trainer

    config, schedule = MelodyConfig(), Schedule(minutes=minutes)
    trainer = Trainer(config, schedule, arguments.out, device_of(arguments.device))
    if arguments.resume and not trainer.resume():
        raise InputError(f"--resume: {arguments.out} holds no training to go on with")
    metrics = trainer.run(corpus, told)
    described = {**asdict(config), "training": asdict(schedule), "steps": trainer.step}
    return checkpoint.write("melody", trainer.weights(), described, metrics, arguments.out), metrics


def _prior(corpus: Corpus, arguments: argparse.Namespace, minutes: float) -> tuple[Path, dict[str, float]]:
    from models.encoding import Encoder
    from models.prior_training import PriorSchedule, train_prior

    _starts_anew(arguments)
    melody = checkpoint.find("melody", arguments.out) or checkpoint.find("melody")
    if melody is None:
        raise InputError(f"--out {arguments.out}: no melody network here to learn from; train melody first")
    known, schedule = checkpoint.read(melody), replace(PriorSchedule(), minutes=minutes)
    weights, metrics = train_prior(corpus, Encoder(known.weights), schedule, told)
    described = {"melody": known.label, "training": asdict(schedule)}
    return checkpoint.write("prior", weights, described, metrics, arguments.out), metrics


def _starts_anew(arguments: argparse.Namespace) -> None:
    if arguments.resume:
        raise InputError(f"--resume: the {arguments.name} trains in minutes and starts anew")


def _writer(corpus: Corpus, arguments: argparse.Namespace, minutes: float) -> tuple[Path, dict[str, float]]:
    from models.writer_training import WriterSchedule, train_writer

    _starts_anew(arguments)
    schedule = replace(WriterSchedule(), minutes=minutes)
    tell: Callable[[dict[str, Any]], None] = told
    weights, metrics = train_writer(corpus, schedule, tell)
    return checkpoint.write("writer", weights, {"training": asdict(schedule)}, metrics, arguments.out), metrics


def _voicing(arguments: argparse.Namespace, minutes: float) -> tuple[Path, dict[str, float]]:
    from models.voicing_training import VoicingSchedule, train_voicing

    _starts_anew(arguments)
    schedule = replace(VoicingSchedule(), minutes=minutes)
    tell: Callable[[dict[str, Any]], None] = told
    weights, metrics = train_voicing(prepared_parts(arguments.data, arguments.out), schedule, tell)
    return checkpoint.write("voicing", weights, {"training": asdict(schedule)}, metrics, arguments.out), metrics
