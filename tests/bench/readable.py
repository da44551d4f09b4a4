"""How readable the page of a MIDI file is, and how right: ``python tests/bench/readable.py ../shared/data``.

Real files: the share of values shorter than a thirty-second, ties a note, printed rests a bar, voices a staff, and
seconds to engrave, written as they are and as they are read. Pieces whose page is known, with onsets up to 20 ms off,
ends 30 ms early to 60 ms late and no voices told (seeded): the share of onsets, of values and of whole bars that are
those of the page. ``--engrave`` times the engraver too.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from lxml import etree

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from lessons import engrave as engraving
from lessons.errors import FormatError
from lessons.files import read_score
from lessons.files.musicxml_writer import musicxml_bytes
from lessons.parts import for_pianist
from lessons.reading.reading import Reading, readable
from lessons.score import Score

STRAY_SEC, EARLY_SEC, LATE_SEC, LEAST_SEC = 0.02, 0.03, 0.06, 0.03
GRACE_SEC = 0.07  # from one grace to the next note
WIDTH = 1200
TINY = {"64th", "128th", "256th"}
REAL = {
    "POP909": ("pop909/*/*.mid", 12),
    "POP909-CL": ("pop909-cl/*.mid", 12),
    "ASAP score MIDI": ("asap-piano-subset/**/midi_score.mid", 12),
    "ASAP performances": ("asap-piano-subset/**/*M.mid", 8),
    "Vienna 4x22 performances": ("vienna4x22/midi/*.mid", 8),
    "Mutopia": ("mutopia-piano/midi/*.mid", 12),
    "Nottingham": ("nottingham/MIDI/*.mid", 8),
}
KNOWN = {
    "ASAP": ("asap-piano-subset/**/xml_score.musicxml", 12),
    "Vienna 4x22": ("vienna4x22/musicxml/*.musicxml", 4),
    "lieder, the piano": ("openscore-lieder/*.mxl", 12),
    "Mutopia": ("mutopia-piano/midi/*.mid", 16),
    "Nottingham": ("nottingham/MIDI/*.mid", 8),
}


def files(root: Path, pattern: str, count: int) -> list[Path]:
    """So many files of a pattern, evenly out of all of them."""
    found = sorted(root.glob(pattern))
    return [found[round(place)] for place in np.linspace(0, len(found) - 1, min(count, len(found)))]


def as_it_is(score: Score) -> Reading:
    """What was engraved before pages were read."""
    return Reading(score, np.arange(len(score.notes)))


def page_figures(score: Score) -> dict[str, float]:
    """What stands on the page that is written of a score."""
    root = etree.fromstring(musicxml_bytes(score))
    notes = [note for note in root.iter("note") if note.find("rest") is None]
    rests = [note for note in root.iter("note") if note.find("rest") is not None and note.get("print-object") != "no"]
    values = [note.findtext("type") for note in notes + rests]
    staves = max(1, len(list(root.iter("clef"))))
    voices = {(note.getparent().get("number"), note.findtext("staff"), note.findtext("voice")) for note in notes}
    bars = len(score.bars)
    return {
        "tiny": sum(value in TINY for value in values) / max(1, len(values)),
        "ties a note": sum(note.find("tie[@type='start']") is not None for note in notes) / max(1, len(notes)),
        "rests a bar": len([rest for rest in rests if rest.find("type") is not None]) / bars / staves,
        "voices a staff": len(voices) / bars / staves,
    }


def timed_engraving(score: Score, read: Callable[[Score], Reading]) -> float:
    """Seconds from the score to its systems."""
    kept, engraving.readable = engraving.readable, read
    begun = time.perf_counter()
    try:
        engraving.engrave(score, WIDTH)
    except FormatError:
        return engraving.PATIENCE_SEC
    finally:
        engraving.readable = kept
    return time.perf_counter() - begun


def played(score: Score, seed: int) -> tuple[Score, np.ndarray]:
    """The score as somebody plays it in time, as a MIDI file would tell it: no voices, no spelling, graces struck.

    With it the rows that its notes have in the score.
    """
    rng = np.random.default_rng(seed)
    notes, grace = score.notes.copy(), score.notes["grace"]
    begin = score.tempo.seconds_at(notes["onset_beat"]) + rng.uniform(-STRAY_SEC, STRAY_SEC, len(notes))
    end = score.tempo.seconds_at(notes["onset_beat"] + notes["duration_beat"])
    end = np.maximum(end + rng.uniform(-EARLY_SEC, LATE_SEC, len(notes)), begin + LEAST_SEC)
    begin[grace] -= GRACE_SEC * to_come(notes)[grace]
    end[grace] = begin[grace] + GRACE_SEC
    beats = np.maximum(score.tempo.beats_at(begin), score.start_beat)
    notes["onset_beat"], notes["duration_beat"] = beats, score.tempo.beats_at(end) - beats
    notes["step"], notes["alter"], notes["voice"], notes["grace"] = "", 0, 1, False
    rows = np.lexsort((notes["pitch"], np.round(beats * 480)))
    return replace(score, notes=notes[rows], backing=score.notes[:0], marks=score.marks[:0]), rows


def to_come(notes: np.ndarray) -> np.ndarray:
    """For each grace how many of its hand there are before its main note, itself included."""
    counts: dict[tuple[float, int], int] = {}
    found = np.zeros(len(notes))
    for row in np.flatnonzero(notes["grace"])[::-1].tolist():
        name = float(notes["onset_beat"][row]), int(notes["hand"][row])
        found[row] = counts[name] = counts.get(name, 0) + 1
    return found


def rightness(score: Score, read: Callable[[Score], Reading], seed: int) -> dict[str, float]:
    """The shares of onsets, of values and of whole bars that are read as they are written."""
    taken, rows = played(score.alone, seed)
    truth = score.notes[rows]
    reading = read(taken)
    got = np.empty_like(taken.notes)
    got[reading.rows] = reading.score.notes
    onset = (np.abs(got["onset_beat"] - truth["onset_beat"]) < 1e-3) & (got["grace"] == truth["grace"])
    value = (np.abs(got["duration_beat"] - truth["duration_beat"]) < 1e-3) | truth["grace"]
    bar = score.bar_numbers_at(truth["onset_beat"])
    whole = [bool((onset & value)[bar == number].all()) for number in np.unique(bar)]
    begun = [bool(onset[bar == number].all()) for number in np.unique(bar)]
    return {
        "onsets": float(onset.mean()),
        "values": float((onset & value).mean()),
        "bars' onsets": float(np.mean(begun)),
        "whole bars": float(np.mean(whole)),
        "graces missed": float((truth["grace"] & ~got["grace"]).sum()),
        "graces found": float((truth["grace"] & got["grace"]).sum()),
        "graces too many": float((~truth["grace"] & got["grace"]).sum()),
    }


def mean(rows: list[dict[str, float]]) -> dict[str, float]:
    """The mean of each figure."""
    return {name: round(float(np.mean([row[name] for row in rows])), 4) for name in rows[0]} if rows else {}


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--engrave", action="store_true")
    parser.add_argument("--only", choices=["real", "known"], default="")
    asked = parser.parse_args()
    for name, (pattern, count) in REAL.items() if asked.only != "known" else ():
        scores = [for_pianist(read_score(path)) for path in files(asked.data, pattern, count)]
        for way, read in (("as it is", as_it_is), ("as read", readable)):
            rows = [page_figures(read(score).score) for score in scores]
            if asked.engrave:
                for row, score in zip(rows, scores, strict=True):
                    row["seconds"] = timed_engraving(score, read)
            print(json.dumps({"files": name, "count": len(scores), "way": way} | mean(rows)), flush=True)
    for name, (pattern, count) in KNOWN.items() if asked.only != "real" else ():
        scores = [for_pianist(read_score(path)) for path in files(asked.data, pattern, count)]
        scores = [score for score in scores if readable(score).score is score]
        for way, read in (("as it is", as_it_is), ("as read", readable)):
            rows = [rightness(score, read, seed) for seed, score in enumerate(scores)]
            print(json.dumps({"known": name, "count": len(scores), "way": way} | mean(rows)), flush=True)


if __name__ == "__main__":
    main()
