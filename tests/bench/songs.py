"""Measure songs grown from seeded motifs: ``songs.py [--count N]``; prints JSON.

Motifs of one to four bars in five metres, major and minor, some with a pickup, walk and leap through their scale as a
beginner's would. Of each song: whether the motif stands first as it was, how many of its bars have the rhythm of one of
the motif's, whether it opens on the tonic, the dominant or the subdominant, how many chords are foreign to its key,
cadences, chord tones on strong beats, range and leaps, notes a semitone from a key that the left hand strikes with them
on a strong beat, crossings, and how wide the left hand reaches; and how hard it is on the scale of
`lessons.difficulty` when it is asked to be easier, the same and harder.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from lessons.analogy import Growth, Level
from lessons.harmony import Key, chord_indices, chords_of, in_mask, score_key, tones_at
from lessons.score import BAR_DTYPE, KEY_DTYPE, LEFT, METRE_DTYPE, NOTE_DTYPE, RIGHT, Score
from models.line import strong_beats
from models.motif import pitch_of
from models.songwriter import songs

METRES = ((4, 4), (3, 4), (6, 8), (2, 4), (4, 4))
RHYTHMS = {
    (4, 4): ((1, 1, 1, 1), (1.5, 0.5, 1, 1), (2, 1, 1), (1, 0.5, 0.5, 2), (1, 1, 2)),
    (3, 4): ((1, 1, 1), (2, 1), (1.5, 0.5, 1), (1, 0.5, 0.5, 1)),
    (6, 8): ((1, 0.5, 1, 0.5), (0.5, 0.5, 0.5, 1.5), (1.5, 1, 0.5), (1, 0.5, 1.5)),
    (2, 4): ((1, 1), (0.5, 0.5, 1), (1, 0.5, 0.5)),
}


def motif(seed: int) -> Score:
    """A motif as a beginner's hand might find it."""
    rng = np.random.default_rng(seed)
    metre = METRES[seed % len(METRES)]
    key = Key(int(rng.integers(12)), bool(seed % 3 == 2))
    count, length = int(rng.integers(1, 5)), metre[0] * 4 / metre[1]
    early = (0.5 if metre[1] == 8 else 1.0) if seed % 4 == 1 else 0.0
    spans = [(-early, early)] if early else []
    for bar in range(count):
        rhythm = RHYTHMS[metre][int(rng.integers(len(RHYTHMS[metre])))]
        spans += [(bar * length + sum(rhythm[:at]), held) for at, held in enumerate(rhythm)]
    steps = rng.choice((-2, -1, -1, 1, 1, 2), size=len(spans))
    wandered = int(rng.choice((0, 2, 4))) + np.concatenate([[0], np.cumsum(steps[1:])])
    degrees = np.abs((wandered + 1) % 18 - 9) - 1  # turned back at the leading note below and the octave above
    notes = np.zeros(len(spans), NOTE_DTYPE)
    notes["onset_beat"], notes["duration_beat"] = zip(*spans, strict=True)
    notes["pitch"] = [pitch_of(int(degree), 0, key) for degree in degrees]
    notes["hand"], notes["velocity"] = RIGHT, 80
    bars = [(0, 0, -early, 0.0)] if early else []
    bars += [(bar + 1, bar + 1, bar * length, (bar + 1) * length) for bar in range(count)]
    return Score(
        notes,
        np.array(bars, dtype=BAR_DTYPE),
        np.array([(-early, *metre)], dtype=METRE_DTYPE),
        np.array([(-early, key.fifths, key.minor)], dtype=KEY_DTYPE),
    )


def rhythms(line: NDArray[np.void], bars: NDArray[np.void]) -> list[tuple[float, ...]]:
    """Where notes begin in each bar."""
    return [
        tuple(np.round(line["onset_beat"][within(line, bar)] - bar["start_beat"], 3).tolist())
        for bar in bars[bars["number"] >= 1]
    ]


def within(line: NDArray[np.void], bar: np.void) -> NDArray[np.bool_]:
    """Which notes begin in a bar."""
    inside: NDArray[np.bool_] = (line["onset_beat"] >= bar["start_beat"]) & (line["onset_beat"] < bar["end_beat"])
    return inside


def measured(asked: Score, song: Score) -> dict[str, float]:
    """The figures of one song."""
    line, left, key, chords = song.hands(RIGHT).notes, song.hands(LEFT).notes, score_key(song), chords_of(song)
    first = line[: len(asked.notes) - 1]
    known = set(rhythms(asked.notes, asked.bars))
    strong = strong_beats(song, line["onset_beat"])
    bars = song.bars[song.bars["number"] >= 1]
    middle = chord_indices(chords, [float(bars["end_beat"][len(bars) // 2 - 1]) - 0.01])
    leaps = np.abs(np.diff(line["pitch"].astype(int)))
    struck = [left["pitch"][left["onset_beat"] == onset].astype(int) for onset in np.unique(left["onset_beat"])]
    clashes = sum(
        bool(
            np.isin((int(note["pitch"]) - left["pitch"][left["onset_beat"] == note["onset_beat"]]) % 12, (1, 11)).any()
        )
        for note in line[strong]
    )
    crossings = sum(
        bool((left["pitch"][sounding(left, float(note["onset_beat"]))] >= note["pitch"]).any()) for note in line
    )
    return {
        "motif_first": float(
            first[["onset_beat", "pitch"]].tolist() == asked.notes[:-1][["onset_beat", "pitch"]].tolist()
        ),
        "rhythms_of_motif": float(np.mean([rhythm in known for rhythm in rhythms(line, bars)])),
        "opens_in_key": float((int(chords["root"][0]) - key.tonic) % 12 in (0, 5, 7)),
        "foreign_chords": float(np.mean([foreign(int(mask), key) for mask in chords["tones"]])),
        "ends_on_tonic": float(line["pitch"][-1] % 12 == key.tonic and chords["root"][-1] == key.tonic),
        "half_close": float(chords["root"][middle[0]] == (key.tonic + 7) % 12),
        "strong_chord_tones": float(
            in_mask(tones_at(chords, line["onset_beat"][strong]), line["pitch"][strong]).mean()
        ),
        "range": float(np.ptp(line["pitch"].astype(int))),
        "leaps_over_sixth": float((leaps > 9).sum()),
        "repeated": float((leaps == 0).mean()),
        "strong_clashes": float(clashes),
        "crossings": float(crossings),
        "widest_grasp": float(max(int(np.ptp(keys)) for keys in struck)),
    }


def foreign(mask: int, key: Key) -> bool:
    """Whether a chord has a tone that neither the key's scale holds nor its dominant."""
    return bool(mask & ~(key.scale | 1 << (key.tonic + 11) % 12))


def sounding(notes: NDArray[np.void], beat: float) -> NDArray[np.bool_]:
    """Which notes are heard at a place."""
    held: NDArray[np.bool_] = (notes["onset_beat"] <= beat) & (notes["onset_beat"] + notes["duration_beat"] > beat)
    return held


def main() -> None:
    """Grow and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20)
    arguments = parser.parse_args()
    rows, levels = [], []
    for seed in range(arguments.count):
        asked = motif(seed)
        growth = Growth(asked, seed=seed, song_bars=16 if seed % 2 else 8)
        rows.append(measured(asked, songs(growth)[0].score))
        levels.append([songs(replace(growth, level=level))[0].measures.difficulty for level in Level])
    mean = {name: round(float(np.mean([row[name] for row in rows])), 3) for name in rows[0]}
    most = {
        name: max(row[name] for row in rows) for name in ("range", "leaps_over_sixth", "strong_clashes", "crossings")
    }
    apart = np.diff(levels, axis=1)
    hard = {"mean": np.mean(levels, axis=0).round(2).tolist(), "least_step": apart.min(axis=0).round(2).tolist()}
    print(json.dumps({"songs": len(rows), "mean": mean, "most": most, "levels": hard, "each": rows}))


if __name__ == "__main__":
    main()
