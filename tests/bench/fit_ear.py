"""Teach the ear for pianos: ``fit_ear.py --examples DIR`` of ``piano_examples.py``; replaces its weights.

Every step sounds clips that nobody heard before: a piece or notes at random, played unevenly and with slips, on one of
many pianos, in a room, through a microphone, with noise. Takes a GPU where there is one. Prints JSON. With few
processors, ``torchrun --nproc-per-node 2 fit_ear.py … --clips 2 --workers 0`` takes the same steps in less time.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from piano_players import NOTE_DTYPE, Notes, clip_of

from models import checkpoint
from models.hearing import EarNetwork, EarShape, parts, restored
from models.hearing_training import Examples, HearingSchedule, Looks, learn
from models.pianos import Tones, invented, together
from models.several import joined
from tutor.listen.ear import FALL, LATE, QUIETEST, SOFTEST
from tutor.listen.ear_weights import EAR, FOLDER
from tutor.listen.spectrum import FLOOR, HOP, UNIT_DB, WINDOWS, ZERO_DB, bank_of, window_of

OTHER = 1000  # from one process's seed to the next one's
Rows = NDArray[np.float32]


class Batches(IterableDataset[Rows]):
    """The notes of one batch of clips after the other, other ones in each worker."""

    def __init__(self, pieces: list[Notes], schedule: HearingSchedule):
        self._pieces, self._schedule = pieces, schedule

    def __iter__(self) -> Iterator[Rows]:
        worker = get_worker_info()
        rng = np.random.default_rng([self._schedule.seed, worker.id if worker else 0])
        while True:
            rows = []
            for clip in range(self._schedule.clips):
                notes = clip_of(self._pieces, self._schedule.clip_sec, rng)
                columns = [np.full(len(notes), clip), *(notes[name] for name in NOTE_DTYPE.names or ())]
                rows.append(np.stack(columns, axis=1).astype(np.float32))
            yield np.concatenate(rows)


def tones_in(folder: Path, device: torch.device) -> Tones:
    """The tones of recorded and sampled pianos."""
    with np.load(folder / "tones.npz") as held:
        sound = torch.from_numpy(held["sound"]).to(device).half() / 32000
        lengths = torch.from_numpy(held["length"]).to(device)
        columns = [torch.from_numpy(held[name]).to(device) for name in ("pitch", "velocity", "piano")]
        return Tones(sound, torch.cumsum(lengths, 0) - lengths, lengths, *columns)


def pieces_in(folder: Path) -> list[Notes]:
    """The notes of each piece."""
    with np.load(folder / "pieces.npz") as held:
        return np.split(held["notes"], np.cumsum(held["count"])[:-1])


def main() -> None:
    """Gather, teach and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=HearingSchedule.minutes)
    parser.add_argument("--clips", type=int, default=HearingSchedule.clips)
    parser.add_argument("--rate", type=float, default=HearingSchedule.rate)
    parser.add_argument("--invented", type=int, default=HearingSchedule.invented)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--clip-seconds", type=float, default=HearingSchedule.clip_sec)
    parser.add_argument("--seed", type=int, default=HearingSchedule.seed)
    parser.add_argument("--further", type=Path, help="weights to be taught further")
    parser.add_argument("--out", type=Path, default=FOLDER)
    arguments, rank = parser.parse_args(), joined()
    schedule = HearingSchedule(
        arguments.minutes,
        arguments.clips,
        arguments.clip_seconds,
        invented=arguments.invented,
        rate=arguments.rate,
        seed=arguments.seed + OTHER * rank,
    )
    torch.manual_seed(schedule.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.set_float32_matmul_precision("high")
    began, steps = time.monotonic(), 0

    def tell(figures: dict[str, Any]) -> None:
        nonlocal steps
        steps = figures["step"]
        if rank == 0:
            print(json.dumps(figures | {"seconds": round(time.monotonic() - began)}), file=sys.stderr, flush=True)

    recorded = tones_in(arguments.examples, device)
    tones = together(recorded, invented(schedule.invented, schedule.seed, device))
    windows, banks = [window_of(*each) for each in WINDOWS], [bank_of(size) for size, _ in WINDOWS]
    looks = Looks(windows, banks, HOP, FLOOR, ZERO_DB, UNIT_DB, device)
    examples = Examples(tones, int(recorded.piano.max()) + 1, looks, schedule)
    loader = DataLoader(Batches(pieces_in(arguments.examples), schedule), None, num_workers=arguments.workers)
    shape = EarShape(late=LATE, fall=FALL, quietest=QUIETEST, softest=SOFTEST)
    further = checkpoint.read(arguments.further) if arguments.further else None
    ear = restored(shape, further.weights) if further else EarNetwork(shape)

    def keep(ear: EarNetwork) -> None:
        if rank > 0:
            return
        told = {"training": asdict(schedule), "shape": asdict(shape), "steps": steps, "pianos": len(tones.nearest())}
        told["further"] = further and further.label
        print(json.dumps({"written": str(checkpoint.write(EAR, parts(ear), told, {}, arguments.out))}), flush=True)

    keep(learn(ear, map(np.asarray, loader), examples, schedule, device, tell, keep))


if __name__ == "__main__":
    main()
