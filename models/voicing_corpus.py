"""The piano parts of POP909 on the step grid, with the chords that people gave them, for the voicing network.

The piano track comes from pop909, bar lines and chords from pop909-cl, and ``offset_to_pop909.tsv`` lays the one over
the other. The `val` ids are the test split; our own validation split is cut from the rest, as in `models.corpus`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lessons.errors import InputError
from lessons.files.midi import parse_midi
from lessons.harmony import chord_indices, chords_from_notes, find_key
from lessons.score import NOTE_DTYPE
from models.corpus import held_out_of, split_of
from models.grid import STEPS_PER_BEAT
from models.voicing import KEYS, Strokes
from models.writer import Rows, metric_strength

LEAST_SHARE = 0.9  # of the melody found on the grid, else the offset is not believed
BAR_BEATS = 4.0
COLUMNS = ("onset", "length", "pitch", "root", "mask", "song", "split", "tonic", "minor", "scale")


@dataclass(frozen=True, eq=False)
class Parts:
    """All notes end to end, sorted by song, onset (in steps) and pitch; arrays (N,)."""

    columns: dict[str, Rows]

    def save(self, path: Path) -> None:
        """Write one compressed file."""
        table = np.stack([self.columns[name] for name in COLUMNS]).astype(np.int32)
        np.savez_compressed(path, table=table)

    @classmethod
    def load(cls, path: Path) -> Parts:
        """Read what `save` wrote."""
        with np.load(path) as stored:
            return cls(dict(zip(COLUMNS, stored["table"].astype(np.int64), strict=True)))

    def of_split(self, split: int) -> Parts:
        """The notes of one split."""
        chosen = self.columns["split"] == split
        return Parts({name: values[chosen] for name, values in self.columns.items()})


def gather_parts(data: Path) -> Parts:
    """Read the packs under ``data``. Raises InputError where there is none."""
    songs = list(_songs(data))
    if not songs:
        raise InputError(f"{data}: no pop909 and no pop909-cl pack in this folder")
    return Parts({name: np.concatenate([song[name] for song in songs]) for name in COLUMNS})


def _songs(data: Path) -> Iterator[dict[str, Rows]]:
    listing = data / "pop909-cl" / "offset_to_pop909.tsv"
    if not listing.exists():
        return
    kept_apart = held_out_of(data / "pop909")
    with listing.open(encoding="utf-8") as lines:
        for number, (name, offset, share) in enumerate(list(csv.reader(lines, delimiter="\t"))[1:]):
            if float(share or 0) >= LEAST_SHARE:
                song = _song(data, name, float(offset))
                if song is not None:
                    count = len(song["onset"])
                    split = split_of(name, kept_apart)
                    yield song | {"song": np.full(count, number), "split": np.full(count, split)}


def _song(data: Path, name: str, offset: float) -> dict[str, Rows] | None:
    """The columns of one song in 4/4; None where a file is missing or says something else."""
    paths = data / "pop909" / name / f"{name}.mid", data / "pop909-cl" / f"{name}.mid"
    if not all(path.exists() for path in paths):
        return None
    played, grid = (parse_midi(path.read_bytes()) for path in paths)
    if grid.metres[["numerator", "denominator"]].tolist() != [(4, 4)] or "PIANO" not in played.part_names:
        return None
    notes = on_grid(played.notes[played.notes["part"] == played.part_names.index("PIANO")], offset)
    chords = chords_from_notes(grid.notes[grid.notes["part"] == 1], grid.end_beat)
    if not len(notes) or not len(chords):
        return None
    key, index = find_key(chords), chord_indices(chords, notes["onset_beat"])
    full = np.ones(len(notes), dtype=np.int64)
    return {
        "onset": np.round(notes["onset_beat"] * STEPS_PER_BEAT).astype(np.int64),
        "length": np.round(notes["duration_beat"] * STEPS_PER_BEAT).astype(np.int64),
        "pitch": notes["pitch"].astype(np.int64),
        "root": np.append(chords["root"].astype(np.int64), -1)[index],
        "mask": np.append(chords["tones"].astype(np.int64), 0)[index],
        "tonic": full * key.tonic,
        "minor": full * key.minor,
        "scale": full * key.scale,
    }


def on_grid(notes: NDArray[np.void], offset: float) -> NDArray[np.void]:
    """Performed notes moved by ``offset`` beats and laid on steps, each key once a step, in order."""
    laid = np.zeros(len(notes), NOTE_DTYPE)
    onsets = np.round((notes["onset_beat"] + offset) * STEPS_PER_BEAT)
    ends = np.round((notes["onset_beat"] + notes["duration_beat"] + offset) * STEPS_PER_BEAT)
    laid["onset_beat"], laid["duration_beat"] = onsets / STEPS_PER_BEAT, np.maximum(ends - onsets, 1) / STEPS_PER_BEAT
    laid["pitch"] = notes["pitch"]
    _, first = np.unique(np.stack([onsets, notes["pitch"]]), axis=1, return_index=True)
    kept: NDArray[np.void] = laid[first][laid["onset_beat"][first] >= 0]
    return kept[np.lexsort((kept["pitch"], kept["onset_beat"]))]


@dataclass(frozen=True, eq=False)
class Lesson:
    """Notes to restore: their strokes with the true keys as rough places, and keyboards by stroke, (G, KEYS)."""

    strokes: Strokes
    group: Rows  # which stroke each note belongs to
    struck: NDArray[np.uint8]
    held: NDArray[np.uint8]
    song: Rows  # (G,)


def lesson_of(parts: Parts) -> Lesson:
    """Lay the notes of some songs out for the network."""
    column = parts.columns
    place = column["song"] * (1 << 20) + column["onset"]
    starts, group = np.unique(place, return_inverse=True)
    group = group.astype(np.int64)
    struck = np.zeros((len(starts), KEYS), dtype=np.uint8)
    struck[group, column["pitch"]] = 1
    held = np.zeros_like(struck)
    until = np.searchsorted(starts, place + column["length"])
    for note in np.flatnonzero(until > group + 1):
        held[group[note] + 1 : until[note], column["pitch"][note]] = 1
    sizes = np.bincount(group)
    below = np.arange(len(group)) - np.searchsorted(group, group)
    beats = column["onset"] / STEPS_PER_BEAT
    strokes = Strokes(
        rough=column["pitch"],
        gap_above=np.zeros(len(group), dtype=np.int64),
        doubt=np.zeros(len(group), dtype=np.int64),
        below=below,
        above=sizes[group] - below - 1,
        root=column["root"],
        mask=column["mask"],
        scale=column["scale"],
        tonic=column["tonic"],
        minor=column["minor"],
        strength=metric_strength(beats % BAR_BEATS, BAR_BEATS, False),
    )
    return Lesson(strokes, group, struck, held, starts >> 20)
