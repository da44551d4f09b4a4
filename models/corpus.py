"""Melodies with chords on the step grid, gathered from the data packs into one file.

POP909 gives bar-aligned melodies in 4/4 and chords (the structure pack); Nottingham gives tunes in several metres. The
`val` ids of each pack's splits.json are the test split and are never trained on; our own validation split is cut from
the rest by a hash of the name. Every tune keeps its absolute pitch; training transposes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lessons.errors import ComposerError, InputError
from lessons.files.midi import parse_midi
from lessons.harmony import chords_from_notes, name_chord
from lessons.score import CHORD_DTYPE, Score
from models.grid import HOLD, REST, STEPS_PER_BEAT, ChordSteps, Steps, bar_steps, chord_steps, to_tokens
from models.line import cut_overlaps, is_monophonic

TRAIN, VALID, TEST = 0, 1, 2
SPLITS = {"train": TRAIN, "valid": VALID, "test": TEST}
VALID_SHARE = 20  # one tune in so many
STRETCH_BARS = 8  # keys are found in stretches of so many bars
TUNE_DTYPE = np.dtype(
    [("start", "i8"), ("steps", "i4"), ("bar_steps", "i2"), ("compound", "?"), ("split", "i1"), ("source", "i1")]
)
SOURCES = ("pop909", "nottingham")


@dataclass(frozen=True, eq=False)
class Tune:
    """One melody: tokens and chords by step, from a bar line on, whole bars."""

    tokens: Steps
    chords: ChordSteps
    bar_steps: int
    compound: bool
    split: int
    source: int


@dataclass(frozen=True, eq=False)
class Corpus:
    """All tunes end to end; ``tunes`` says where each begins."""

    tokens: NDArray[np.uint8]
    root: NDArray[np.int8]
    bass: NDArray[np.int8]
    tones: NDArray[np.uint16]
    tunes: NDArray[np.void]

    @classmethod
    def of(cls, tunes: list[Tune]) -> Corpus:
        """Join tunes."""
        rows, start = [], 0
        for tune in tunes:
            rows.append((start, len(tune.tokens), tune.bar_steps, tune.compound, tune.split, tune.source))
            start += len(tune.tokens)

        def joined(name: str) -> NDArray[np.int64]:
            return np.concatenate([getattr(tune.chords, name) for tune in tunes])

        return cls(
            tokens=np.concatenate([tune.tokens for tune in tunes]).astype(np.uint8),
            root=joined("root").astype(np.int8),
            bass=joined("bass").astype(np.int8),
            tones=joined("tones").astype(np.uint16),
            tunes=np.array(rows, TUNE_DTYPE),
        )

    def save(self, path: Path) -> None:
        """Write one compressed file."""
        np.savez_compressed(
            path, tokens=self.tokens, root=self.root, bass=self.bass, tones=self.tones, tunes=self.tunes
        )

    @classmethod
    def load(cls, path: Path) -> Corpus:
        """Read what `save` wrote."""
        with np.load(path) as stored:
            return cls(**{name: stored[name] for name in ("tokens", "root", "bass", "tones", "tunes")})

    def of_split(self, split: int) -> list[Tune]:
        """The tunes of one split."""
        return [self.tune(row) for row in self.tunes[self.tunes["split"] == split]]

    def tune(self, row: np.void) -> Tune:
        """One tune out of the whole."""
        where = slice(int(row["start"]), int(row["start"] + row["steps"]))
        chords = ChordSteps(*(column[where].astype(np.int64) for column in (self.root, self.bass, self.tones)))
        tokens = self.tokens[where].astype(np.int64)
        return Tune(tokens, chords, int(row["bar_steps"]), bool(row["compound"]), int(row["split"]), int(row["source"]))


def gather(data: Path) -> Corpus:
    """Read the packs under ``data``. Raises InputError where there is none."""
    tunes = [*_pop909(data), *_nottingham(data)]
    if not tunes:
        raise InputError(f"{data}: no pop909-structure and no nottingham pack in this folder")
    return Corpus.of(tunes)


def split_of(name: str, held_out: set[str]) -> int:
    """The split of a piece by its name."""
    if name in held_out:
        return TEST
    return VALID if int(hashlib.sha256(name.encode()).hexdigest(), 16) % VALID_SHARE == 0 else TRAIN


def held_out_of(pack: Path) -> set[str]:
    """The test ids of a pack; without a list everything is held out."""
    listing = pack / "splits.json"
    return set(json.loads(listing.read_text())["val"]) if listing.exists() else {path.name for path in pack.iterdir()}


def _pop909(data: Path) -> Iterator[Tune]:
    folder = data / "pop909-structure"
    held_out = held_out_of(data / "pop909") if folder.is_dir() else set()
    for song in sorted(path for path in folder.glob("*") if path.is_dir()):
        metre = data / "pop909-cl" / f"{song.name}.mid"
        if metre.exists() and _metre(metre) == [(4, 4)]:
            yield _pop909_tune(song, split_of(song.name, held_out))


def _metre(path: Path) -> list[tuple[int, int]]:
    score = parse_midi(path.read_bytes())
    return [(int(row["numerator"]), int(row["denominator"])) for row in score.metres]


def _pop909_tune(song: Path, split: int) -> Tune:
    tokens: list[int] = []
    for line in (song / "melody.txt").read_text().splitlines():
        pitch, steps = map(int, line.split()[:2])
        tokens += [pitch or REST] + [HOLD if pitch else REST] * (steps - 1)
    chords = _chord_sheet((song / "finalized_chord.txt").read_text())
    steps = -(-len(tokens) // 16) * 16
    tokens += [REST] * (steps - len(tokens))
    return Tune(np.array(tokens), chord_steps(chords, 0.0, steps), 16, False, split, 0)


def _chord_sheet(text: str) -> NDArray[np.void]:
    """Chords from lines such as ``B:maj [3, 6, 11] 11 2``: name, tones, bass, beats."""
    rows, beat = [], 0.0
    for line in text.splitlines():
        if "[" not in line:
            continue
        listed, rest = line.split("[", 1)[1].split("]", 1)
        tones = [int(tone) % 12 for tone in listed.split(",") if tone.strip()]
        bass, beats = int(rest.split()[0]) % 12, float(rest.split()[-1])
        if tones:
            root, mask, _ = name_chord([bass if bass in tones else tones[0], *(tone + 12 for tone in tones)])
            rows.append((beat, beat + beats, root, mask, bass))
        beat += beats
    return np.array(rows, dtype=CHORD_DTYPE)


def _nottingham(data: Path) -> Iterator[Tune]:
    folder = data / "nottingham" / "MIDI"
    held_out = held_out_of(data / "nottingham") if folder.is_dir() else set()
    for path in sorted(folder.glob("*.mid")):
        tune = _nottingham_tune(parse_midi(path.read_bytes()), split_of(path.stem, held_out))
        if tune is not None:
            yield tune


def _nottingham_tune(score: Score, split: int) -> Tune | None:
    """The tune, or None where it has no chords, changes metre or does not fit the grid."""
    if len(score.part_names) != 2 or len(score.metres) != 1:
        return None
    notes = score.notes[score.notes["part"] == 0]
    try:
        bar = bar_steps(score)
        steps = int(np.ceil(score.end_beat * STEPS_PER_BEAT / bar)) * bar
        line = cut_overlaps(notes)
        tokens = to_tokens(line, 0.0, steps)
    except ComposerError:
        return None
    if not is_monophonic(notes):
        return None
    chords = chords_from_notes(score.notes[score.notes["part"] == 1], score.end_beat)
    compound = score.metre_at(0.0)[1] == 8 and score.metre_at(0.0)[0] % 3 == 0
    return Tune(tokens, chord_steps(chords, 0.0, steps), bar, compound, split, 1)
