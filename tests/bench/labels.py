"""How right are the labels after the take? F1 of hit, wrong, missed and extra over takes with known faults.

Real performances (Vienna 4x22, note-aligned) get seeded faults and restarts of this file's own making: notes a semitone
to a third off, notes left out, stray notes, and one or two restarts from an earlier bar line after 0.4 to 2 s.
The truth is known for every played note and for every written note of every time through; the pianists' own strays are
taken out, because the alignment cannot tell them from a note struck twice. Prints JSON.

    .venv/bin/python tests/bench/labels.py [--seeds 2] [--pianists 03,07] [--quick]
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from lessons.files import read_score
from lessons.score import Score
from tutor.assess import assess
from tutor.performance import PLAYED_DTYPE, Performance

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "vienna4x22"
WRONG, MISSED, EXTRA = 0.05, 0.05, 0.04
LABELS = ("hit", "wrong", "missed", "extra")
WRITTEN = re.compile(r"snote\((?P<id>[^,]+),\[(?P<step>[A-G]),(?P<alter>[^\]]*)\],(?P<octave>-?\d+),.*?\)-(?P<rest>.*)")
SOUNDED = re.compile(r"note\([^,]+,(?P<pitch>\d+),(?P<on>-?\d+),(?P<off>-?\d+),(?P<velocity>\d+)")
STEPS = dict(zip("CDEFGAB", (0, 2, 4, 5, 7, 9, 11), strict=True))
ALTERS = {"n": 0, "#": 1, "##": 2, "x": 2, "b": -1, "bb": -2}


@dataclass(frozen=True)
class Told:
    """A played note with its truth: ``beat`` and ``pitch_written`` of its score note, None where it has none."""

    time: float
    pitch: int
    length: float
    velocity: int
    beat: float | None
    pitch_written: int | None


def aligned(path: Path) -> list[Told]:
    """The played notes of a match file, each with the place of its score note."""
    text = path.read_text(encoding="utf-8", errors="replace")
    tick = float(re.search(r"midiClockRate,(\d+)", text)[1]) / 1e6 / float(re.search(r"midiClockUnits,(\d+)", text)[1])
    denominator = int(re.search(r"timeSignature,\d+/(\d+)", text)[1])
    notes = []
    for line in text.splitlines():
        sounded = SOUNDED.search(line.split(")-", 1)[1] if line.startswith("snote") and ")-" in line else line)
        if not sounded or not line.startswith(("snote", "insertion")):
            continue
        beat = pitch = None
        if line.startswith("snote"):
            fields = line[6 : line.index(")-")].split(",")
            step, alter, octave = re.match(r".*?\[([A-G]),([^\]]*)\],(-?\d+)", line).groups()
            pitch = 12 * (int(octave) + 1) + STEPS[step] + ALTERS.get(alter, 0)
            onset = next(field for field in fields if re.fullmatch(r"-?\d+\.\d+", field))
            beat = round(float(onset) * 4 / denominator, 3)
        on, off = int(sounded["on"]) * tick, int(sounded["off"]) * tick
        notes.append(Told(on, int(sounded["pitch"]), max(0.02, off - on), int(sounded["velocity"]), beat, pitch))
    return sorted(notes, key=lambda note: (note.time, note.pitch))


def restarted(notes: list[Told], score: Score, rng: np.random.Generator) -> list[list[Told]]:
    """The times through: one or two restarts from one to six bars before, each after a pause."""
    passes, rest = [], notes
    for _ in range(int(rng.integers(1, 3))):
        stop = int(len(rest) * rng.uniform(0.3, 0.8))
        while 0 < stop < len(rest) and (rest[stop].beat is None or rest[stop].beat == rest[stop - 1].beat):
            stop += 1
        if stop >= len(rest) or not stop:
            break
        starts = score.bars["start_beat"]
        bar = int(np.searchsorted(starts, rest[stop].beat, side="right")) - 1 - int(rng.integers(1, 7))
        target = max(float(starts[max(0, bar)]), min(note.beat for note in notes if note.beat is not None))
        begin = next(i for i, note in enumerate(notes) if note.beat is not None and note.beat >= target)
        passes.append(rest[:stop])
        rest = notes[begin:]
        shift = passes[-1][-1].time + float(rng.uniform(0.4, 2.0)) - rest[0].time
        rest = [replace(note, time=note.time + shift) for note in rest]
    return [*passes, rest]


def faulty(
    passes: list[list[Told]], score: Score, rng: np.random.Generator, silent: set[float]
) -> tuple[list[Told], Counter[tuple[float, int]]]:
    """Notes with faults, and how often each written note was left out.

    Nothing is ambiguous on purpose: at most one fault at an onset, none beside a stray note or where the pianist
    left a note out (``silent``), and no injected pitch that the score has within two onsets.
    """
    near: dict[float, set[int]] = {}
    beats = score.onset_beats
    for beat, pitch in zip(score.notes["onset_beat"].tolist(), score.notes["pitch"].tolist(), strict=True):
        near.setdefault(beat, set()).add(pitch)
    out: list[Told] = []
    missed: Counter[tuple[float, int]] = Counter()
    for one in passes:
        closed = {int(np.searchsorted(beats, beat - 1e-3)) for beat in silent}
        for note in one:
            place = int(np.searchsorted(beats, note.beat - 1e-3))
            taken = set().union(*(near[beat] for beat in beats[max(0, place - 2) : place + 3].tolist()))
            steps = [s for s in (-4, -3, -2, -1, 1, 2, 3, 4) if note.pitch + s not in taken]
            draw = rng.random()
            if place in closed or not steps or draw > MISSED + WRONG + EXTRA:
                out.append(note)
            elif draw < MISSED:
                closed.add(place)
                missed[note.beat, note.pitch_written] += 1
            elif draw < MISSED + WRONG:
                closed.add(place)
                out.append(replace(note, pitch=note.pitch + int(rng.choice(steps))))
            else:
                closed |= {place, place + 1}
                delay, stray = float(rng.uniform(0.02, 0.15)), note.pitch + int(rng.choice(steps))
                out += [note, replace(note, time=note.time + delay, pitch=stray, length=0.1, beat=None)]
    return sorted(out, key=lambda note: (note.time, note.pitch)), missed


def measured(score: Score, notes: list[Told], missed: Counter[tuple[float, int]]) -> dict[str, tuple[int, int, int]]:
    """(true, said, both) for each label."""
    rows = [(note.time, note.length, note.pitch, note.velocity) for note in notes]
    said = assess(score, Performance(np.array(rows, PLAYED_DTYPE))).as_json()
    truth_hit = {
        (i, note.beat) for i, note in enumerate(notes) if note.beat is not None and note.pitch == note.pitch_written
    }
    truth_wrong = {
        (i, note.beat) for i, note in enumerate(notes) if note.beat is not None and note.pitch != note.pitch_written
    }
    truth_extra = {i for i, note in enumerate(notes) if note.beat is None}
    places = {
        label: {(n["played"], n["onset_beat"]) for n in said["notes"] if n["verdict"] == label} for label in LABELS
    }
    told_missed = Counter(
        (n["onset_beat"], n["pitch"]) for n in said["notes"] if n["verdict"] == "missed" and n["reached"]
    )
    said_extra = {one["played"] for one in said["extra"]}
    return {
        "hit": (len(truth_hit), len(places["hit"]), len(truth_hit & places["hit"])),
        "wrong": (len(truth_wrong), len(places["wrong"]), len(truth_wrong & places["wrong"])),
        "missed": (sum(missed.values()), sum(told_missed.values()), sum((missed & told_missed).values())),
        "extra": (len(truth_extra), len(said_extra), len(truth_extra & said_extra)),
    }


def native_missed(notes: list[Told], passes: list[list[Told]], score: Score) -> Counter[tuple[float, int]]:
    """Written notes that the pianist never played, once for each time through that went over them."""
    played = {(note.beat, note.pitch_written) for note in notes}
    silent = {
        (round(beat, 3), pitch)
        for beat, pitch in zip(score.notes["onset_beat"].tolist(), score.notes["pitch"].tolist(), strict=True)
        if (round(beat, 3), pitch) not in played
    }
    spans = [[note.beat for note in one if note.beat is not None] for one in passes]
    return Counter({key: sum(min(span) <= key[0] <= max(span) for span in spans if span) for key in silent})


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--pianists", default="03,07,10,12,15,17,18,22", help="which performances, by pianist")
    parser.add_argument("--quick", action="store_true", help="one performance of each piece")
    arguments = parser.parse_args()
    pianists = ["04"] if arguments.quick else arguments.pianists.split(",")
    totals: dict[str, list[float]] = {label: [] for label in LABELS}
    sums = {label: np.zeros(3, int) for label in LABELS}
    for path in sorted((DATA / "musicxml").glob("*.musicxml")):
        score = read_score(path)
        for pianist in pianists:
            played = aligned(DATA / "match" / f"{path.stem}_p{pianist}.match")
            notes = [note for note in played if note.beat is not None]
            for seed in range(1 if arguments.quick else arguments.seeds):
                rng = np.random.default_rng([seed, int(pianist), len(notes)])
                passes = restarted(notes, score, rng)
                silent = native_missed(notes, passes, score)
                told, missed = faulty(passes, score, rng, {beat for beat, _ in silent})
                found = measured(score, told, missed + silent)
                for label, (true, said, both) in found.items():
                    totals[label].append(2 * both / max(1, true + said) if true + said else 1.0)
                    sums[label] += (true, said, both)
    report = {
        label: {
            "f1": round(float(2 * both / max(1, true + said)), 4),
            "mean_f1": round(fmean(totals[label]), 4),
            "worst_take": round(min(totals[label]), 4),
            "true": int(true),
        }
        for label, (true, said, both) in sums.items()
    }
    print(json.dumps({"takes": len(totals["hit"]), "labels": report}, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
