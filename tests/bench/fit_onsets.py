"""Teach the ear for beginnings: ``fit_onsets.py --font FONT --font FONT … --out DIR`` replaces its weights there.

Lines by thirty instruments of each soundfont and by made singers and instruments (`onset_sounds`). A font named by
``--judge`` is not learned from: the beginnings that are lost and made up there are printed, within 50 ms, as JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from one_line import paired
from one_line_notes import recorded_line
from one_line_sounds import RATE, Line
from onset_sounds import PLAYED, elsewhere, made, played

from models import checkpoint
from models.onset_hearing import (
    Array,
    OnsetClip,
    OnsetNetwork,
    OnsetSchedule,
    OnsetShape,
    learn,
    parts,
    restored,
    wanted,
)
from tutor.listen.ear_weights import FOLDER
from tutor.listen.instruments import known
from tutor.listen.onset_ear import DILATIONS, LAGS, NAME
from tutor.listen.onset_frames import HOPS, INPUTS, Bands, Levelled
from tutor.listen.onsets import AGAIN, Onsets
from tutor.listen.pitch import PitchTracker, hertz_of

MADE, CLEAN, MADE_SEED = 24, 6, 9000  # made lines for each line of a font; every so many stay as they are


def framed(line: Line) -> tuple[Array, float]:
    """What the ear is given of a line, and the seconds of a frame."""
    instrument = known(line.instrument)
    tracker = PitchTracker(RATE, hertz_of(instrument.lowest - 1.5), hertz_of(instrument.highest + 1.5))
    frame_sec, pitches = HOPS * tracker.hop_sec, tracker.feed(line.sound)
    bands = Bands(RATE, frame_sec).feed(line.sound)
    count = min(len(bands), len(pitches) // HOPS)
    return Levelled().feed(bands[:count], pitches[HOPS - 1 : HOPS * count : HOPS]), frame_sec


def noted(notes: Sequence[str], count: int) -> Iterator[Line]:
    """So many lines of each ``INSTRUMENT=FOLDER`` of recorded notes."""
    for one in notes:
        instrument, _, folder = one.partition("=")
        rng = np.random.default_rng([zlib.crc32(folder.encode()), 2])
        for number in range(count):
            line = recorded_line(instrument, Path(folder), rng)
            yield line if number % CLEAN == 0 else elsewhere(line, rng)


def lines(font: Path | None, count: int) -> Iterator[Line]:
    """So many lines of each instrument of a soundfont; of None what is made here."""
    rng = np.random.default_rng([zlib.crc32(font.stem.encode()) if font else 0, 1])
    for number in range(count):
        some = (played(name, font, rng) for name in PLAYED) if font else (made(MADE_SEED + n) for n in range(MADE))
        for line in some:
            if np.isfinite(line.sound).all():
                yield line if number % CLEAN == 0 else elsewhere(line, rng)


def clip_of(line: Line) -> OnsetClip:
    """A line as the ear learns from it."""
    frames, frame_sec = framed(line)
    return OnsetClip(frames, wanted([onset for onset, _ in line.notes], len(frames), frame_sec))


def judged(network: OnsetNetwork, judges: list[Line]) -> dict[str, int]:
    """How many beginnings are lost and made up with hindsight."""
    told = {"beginnings": 0, "lost": 0, "made up": 0}
    for line in judges:
        frames, frame_sec = framed(line)
        more = np.concatenate([frames, np.repeat(frames[-1:], LAGS[-1], axis=0)])
        with torch.no_grad():
            likely = torch.sigmoid(network(torch.from_numpy(more).T[None]))[0, -1].numpy()[LAGS[-1] :]
        onsets = Onsets(likely.astype(np.float64), frame_sec, frame_sec)
        heard = [(at, 0.0) for at, _ in onsets.peaks(0.0, len(likely) * frame_sec, AGAIN)]
        right = paired([(onset, 0.0) for onset, _ in line.notes], heard)
        told["beginnings"] += len(line.notes)
        told["lost"] += len(line.notes) - right
        told["made up"] += len(heard) - right
    return told


def main() -> None:
    """Sound, teach, judge and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--font", type=Path, action="append", required=True, help="a soundfont; may be said repeatedly")
    parser.add_argument(
        "--notes", nargs="*", default=[], metavar="INSTRUMENT=FOLDER", help="recorded notes to learn from"
    )
    parser.add_argument("--noted", type=int, default=30, help="lines of each folder of notes")
    parser.add_argument("--judge", type=Path, action="append", default=[], help="one that is not learned from")
    parser.add_argument("--lines", type=int, default=6, help="of each instrument of each font")
    parser.add_argument("--steps", type=int, default=OnsetSchedule.steps)
    parser.add_argument("--rate", type=float, default=OnsetSchedule.rate)
    parser.add_argument("--seed", type=int, default=OnsetSchedule.seed)
    parser.add_argument("--further", type=Path, help="weights to be taught further")
    parser.add_argument("--out", type=Path, default=FOLDER)
    arguments = parser.parse_args()
    schedule = OnsetSchedule(arguments.steps, rate=arguments.rate, seed=arguments.seed)
    shape = OnsetShape(INPUTS, LAGS, DILATIONS)
    clips = [clip_of(line) for font in (None, *arguments.font) for line in lines(font, arguments.lines)]
    clips += [clip_of(line) for line in noted(arguments.notes, arguments.noted)]
    torch.manual_seed(schedule.seed)
    further = checkpoint.read(arguments.further) if arguments.further else None
    network = restored(shape, further.weights) if further else OnsetNetwork(shape)
    network = learn(network, clips, schedule, lambda told: print(json.dumps(told), file=sys.stderr, flush=True))
    for font in arguments.judge:
        print(json.dumps({font.stem: judged(network, list(lines(font, 2)))}), flush=True)
    told = {"training": asdict(schedule), "shape": asdict(shape), "clips": len(clips)}
    told["fonts"] = [font.stem for font in arguments.font]
    told |= {"notes": arguments.notes, "further": further and further.label}
    print(json.dumps({"written": str(checkpoint.write(NAME, parts(network), told, {}, arguments.out))}))


if __name__ == "__main__":
    main()
