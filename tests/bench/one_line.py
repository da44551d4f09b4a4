"""How well is one line of music heard? Pitch as it sounds, notes as they sound, and notes by the second look: JSON.

For each sound and condition: ``rpa`` (share of sounding frames within 50 cents, the first 30 ms of notes left out),
``rca`` (octaves forgiven), ``delay_ms`` (from an onset to the first right pitch), ``rtf`` (seconds of one core for a
second of sound, of the pitch), ``live`` and ``second`` (F1 of notes: onset within 50 ms, pitch within half a
semitone). The sounds are seeded; the seeds of the default are not those that the listening was tuned with.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from pathlib import Path
from statistics import fmean

import numpy as np
import soundfile
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from one_line_notes import recorded_melody
from one_line_sounds import CONDITIONS, INSTRUMENTS, RATE, Line, melody, singer

from tutor.listen.melody import MelodyListener
from tutor.listen.pitch import track
from tutor.listen.second_look import SecondLook

ATTACK_SEC, ONSET_SEC, SEMITONES, BLOCK = 0.03, 0.05, 0.5, 512
SHORTEST_SEC = 0.06
Notes = list[tuple[float, float]]


def recorded_singer(data: Path, annotator: int = 1) -> Line:
    """The singer of vocadito with the notes of one of its two annotators."""
    folder = data / "audio-fixtures" / "vocadito-voice"
    sound, rate = soundfile.read(folder / "vocadito_1.wav", dtype="float32", always_2d=True)
    assert rate == RATE
    pitch = np.loadtxt(folder / "vocadito_1_f0.csv", delimiter=",")
    with (folder / f"vocadito_1_notesA{annotator}.csv").open() as table:
        rows = [(float(row[0]), float(row[1])) for row in csv.reader(table) if row]
    notes = tuple((onset, 69 + 12 * float(np.log2(sung / 440))) for onset, sung in rows)
    return Line("voice", sound.mean(axis=1), notes, pitch[:, 0], pitch[:, 1])


def single_notes(data: Path) -> dict[str, str]:
    """What is heard in the recorded notes of TinySOL, by the second look: written → heard, as MIDI numbers."""
    found = {}
    for path in sorted((data / "audio-fixtures" / "tinysol-notes").glob("Fl-*.wav")):
        sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
        look = SecondLook(rate, "flute")
        look.feed(sound.mean(axis=1))
        found[path.stem] = ", ".join(f"{note.pitch} {note.cents:+.0f} cents" for note in look.finish())
    return found


def f1(written: Notes, heard: Notes) -> float:
    """Of notes, as they are `paired`."""
    return 2 * paired(written, heard) / max(1, len(written) + len(heard))


def paired(written: Notes, heard: Notes) -> int:
    """How many go together one to one, nearest first."""
    pairs = sorted(
        (abs(onset - at), i, j)
        for i, (onset, pitch) in enumerate(written)
        for j, (at, said) in enumerate(heard)
        if abs(onset - at) <= ONSET_SEC and abs(pitch - said) <= SEMITONES
    )
    left, right = set[int](), set[int]()
    for _, i, j in pairs:
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
    return len(left)


def frame_figures(line: Line, times: NDArray[np.float64], said: NDArray[np.float64]) -> dict[str, float]:
    """What the tracker says against the truth; a value counts from when it is known."""
    at = np.clip(np.searchsorted(times, line.times, side="right") - 1, 0, len(times) - 1)
    counted = line.hertz > 0
    for onset, _ in line.notes:
        counted &= ~((line.times >= onset) & (line.times < onset + ATTACK_SEC))
    cents = 1200 * np.log2(np.maximum(said[at], 1e-3) / np.maximum(line.hertz, 1e-3))
    right, chroma = np.abs(cents) <= 50, np.abs((cents + 600) % 1200 - 600) <= 50
    delays = []
    for onset, _ in line.notes:
        found = np.flatnonzero((line.times >= onset) & (line.times < onset + 0.4) & right & (line.hertz > 0))
        delays += [line.times[found[0]] - onset] if len(found) else []
    delay = 1000 * float(np.median(delays)) if delays else float("nan")
    return {"rpa": float(right[counted].mean()), "rca": float(chroma[counted].mean()), "delay_ms": delay}


def live(line: Line) -> Notes:
    """The notes as they are told while the sound goes on."""
    listener = MelodyListener(RATE, line.instrument)
    for begin in range(0, len(line.sound), BLOCK):
        listener.feed(line.sound[begin : begin + BLOCK])
    listener.finish()
    return [(note.onset_sec, note.pitch) for note in listener.heard if note.duration_sec >= SHORTEST_SEC]


def second(line: Line) -> Notes:
    """The notes as the second look has them, with their cents."""
    look = SecondLook(RATE, line.instrument)
    for begin in range(0, len(line.sound), RATE):
        look.feed(line.sound[begin : begin + RATE])
    notes = look.finish()
    shift = 12 * float(np.log2(look.tuning_hertz / 440))
    return [(note.onset_sec, note.pitch + note.cents / 100 + shift) for note in notes]


def figures(line: Line) -> dict[str, float]:
    """All figures of one sound. The live notes are whole semitones, as they go to the lesson."""
    begun = time.process_time()
    times, said = track(line.sound, RATE)
    tracked = (time.process_time() - begun) / (len(line.sound) / RATE)
    found = frame_figures(line, times, said) | {"rtf": tracked}
    return found | {"live": f1(list(line.notes), live(line)), "second": f1(list(line.notes), second(line))}


def mean(rows: list[dict[str, float]]) -> dict[str, float]:
    """The mean of each figure."""
    return {name: round(fmean(row[name] for row in rows), 3) for name in rows[0]}


def lines_of(arguments: argparse.Namespace) -> dict[str, list[Line]]:
    """What is to be heard, by its name."""
    font, seeds = arguments.font, arguments.seeds
    if arguments.notes:
        named = [one.partition("=") for one in arguments.notes]
        return {folder: [recorded_melody(name, Path(folder), seed) for seed in seeds] for name, _, folder in named}
    lines = {name: [melody(name, seed, font=font) for seed in seeds] for name in arguments.instruments}
    return lines | {"made singer": [singer(seed) for seed in seeds]}


def main() -> int:
    """Measure."""
    parser = argparse.ArgumentParser(description="Measure how well one line of music is heard.")
    parser.add_argument("--seeds", type=int, nargs="+", default=[101, 102, 103])
    parser.add_argument("--instruments", nargs="+", default=list(INSTRUMENTS), choices=list(INSTRUMENTS))
    parser.add_argument("--conditions", nargs="+", default=list(CONDITIONS), choices=list(CONDITIONS))
    parser.add_argument("--data", type=Path, help="a folder with audio-fixtures, for the recorded singer")
    parser.add_argument("--font", type=Path, help="another soundfont than the one that everything was fitted to")
    parser.add_argument(
        "--notes",
        nargs="+",
        metavar="INSTRUMENT=FOLDER",
        help="recorded notes, not a soundfont's",
    )
    arguments = parser.parse_args()
    said: dict[str, object] = {"seeds": arguments.seeds}
    lines = lines_of(arguments)
    for condition in arguments.conditions:
        change = CONDITIONS[condition]
        rows = {name: mean([figures(change(line)) for line in group]) for name, group in lines.items()}
        said[condition] = rows | {"all": mean(list(rows.values()))}
        print(condition, said[condition]["all"], file=sys.stderr, flush=True)  # type: ignore[index]
    if arguments.data:
        first, other = (recorded_singer(arguments.data, annotator) for annotator in (1, 2))
        agreed = f1(list(first.notes), list(other.notes))
        said["recorded singer"] = mean([figures(first)]) | {"annotators agree": round(agreed, 3)}
        said["recorded notes"] = single_notes(arguments.data)
    print(json.dumps(said, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
