"""Is a piano told from one line? Rendered lines, single notes and pieces of pianos, as ``listen`` hears them: JSON.

``kinds.py --data ../shared/data --font FONT …``: for each soundfont and condition the share of lines heard as one line,
and of pianos heard as pianos, by lone melodies of four heights and by pieces.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import piano_sounds as pianos
from one_line_sounds import CONDITIONS, INSTRUMENTS, RATE, Line, melody, singer
from piano_held_back import judged_by, take_of

from tutor.listen.kind import of_sound
from tutor.listen.listener import PIANO
from tutor.performance import PLAYED_DTYPE
from tutor.synth import soundfont_path

PLUCKED = "guitar"  # which rings as a piano's strings do, and may be taken for them
HEIGHTS = ((33, 55, 0.8), (40, 60, 1.5), (45, 65, 0.5), (60, 84, 0.4))  # lowest, highest, seconds of a note
STEPS = (-4, -2, -1, 1, 2, 3, 5)


def lone(piano: pianos.Piano, height: tuple[int, int, float], rng: np.random.Generator) -> pianos.Sound:
    """One note after the other on a piano."""
    low, high, seconds = height
    pitch, onset, rows = (low + high) // 2, 0.3, []
    for _ in range(14):
        pitch = int(np.clip(pitch + rng.choice(STEPS), low, high))
        length = seconds * float(rng.choice([0.5, 1, 1, 2]))
        rows.append((onset, 0.95 * length, pitch, int(rng.integers(50, 100))))
        onset += length
    return piano.sound(np.array(rows, PLAYED_DTYPE))


def as_line(sound: pianos.Sound) -> Line:
    """A piano's sound, to which the same can happen."""
    empty = np.zeros(0)
    return Line(PIANO, pianos.resampled(0.5 * sound, pianos.RATE, RATE), (), empty, empty)


def sounds_of(font: Path, data: Path, seed: int) -> Iterator[tuple[str, Line]]:
    """Lines, then pianos, each with its kind."""
    rng = np.random.default_rng(seed)
    for name in INSTRUMENTS:
        if name != PLUCKED:
            yield "line", melody(name, seed, font=font)
    yield "line", singer(seed)
    for piano in (pianos.soundfont(font, 0, even=True), pianos.upright(data / "audio-piano-kw")):
        for height in HEIGHTS:
            yield "lone notes of a piano", as_line(lone(piano, height, rng))
        for path in judged_by(data)[:2]:
            yield "pieces of a piano", as_line(piano.sound(take_of(path, rng).notes))


def main() -> None:
    """Sound, ask and count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--font", type=Path, action="append", default=[])
    parser.add_argument("--seeds", type=int, nargs="+", default=[101, 102])
    parser.add_argument("--conditions", nargs="+", default=["clean", "noise 20 dB", "room .35 s"])
    arguments = parser.parse_args()
    for font in (soundfont_path(), *arguments.font):
        counted: dict[tuple[str, str], list[bool]] = {}
        for seed in arguments.seeds:
            for kind, line in sounds_of(font, arguments.data, seed):
                for condition in arguments.conditions:
                    said = of_sound(RATE, [CONDITIONS[condition](line).sound])
                    counted.setdefault((condition, kind), []).append((said == PIANO) != (kind == "line"))
                    if not counted[condition, kind][-1]:
                        print(font.stem, condition, kind, line.instrument, said, file=sys.stderr, flush=True)
        rows = {f"{kind}, {condition}": f"{sum(right)} of {len(right)}" for (condition, kind), right in counted.items()}
        print(json.dumps({"font": font.stem, **rows}), flush=True)


if __name__ == "__main__":
    main()
