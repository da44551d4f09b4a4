"""Count how many notes get the name that their page gives them, with the names forgotten; prints JSON.

    python tests/bench/spelling.py ../shared/data

The pages are piano pieces of ASAP and Vienna 4x22, and every eighth song of OpenScore Lieder. ``accidentals`` counts
the notes that their key does not have, where there is something to find out; ``keys`` says whether the names were found
with the keys of the page, or without.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from lessons.errors import FormatError
from lessons.files import read_score
from lessons.files.spelling import key_at, spelled
from lessons.score import Score

SCALE = "FCGDAEB"


def measured(score: Score) -> Counter[str]:
    """How many notes of a score are named as the page has them."""
    bare = score.notes.copy()
    bare["step"] = ""
    found = spelled(score.with_notes(bare)).notes
    same = (found["step"] == score.notes["step"]) & (found["alter"] == score.notes["alter"])
    chromatic = ~_in_key(score)
    return Counter(
        notes=len(same),
        found=int(same.sum()),
        accidentals=int(chromatic.sum()),
        accidentals_found=int((same & chromatic).sum()),
    )


def _in_key(score: Score) -> np.ndarray:
    """Which notes are of the key's own seven."""
    fifths = [key_at(score.keys, float(beat))[0] for beat in score.notes["onset_beat"]]
    places = [SCALE.index(str(step)) - 1 + 7 * int(alter) for step, alter in score.notes[["step", "alter"]].tolist()]
    return np.array([-1 <= place - key <= 5 for place, key in zip(places, fifths, strict=True)])


def pages(data: Path) -> dict[str, list[Path]]:
    """The scores that are looked at, by where they come from."""
    return {
        "asap": sorted((data / "asap-piano-subset").rglob("xml_score.musicxml")),
        "vienna4x22": sorted((data / "vienna4x22" / "musicxml").glob("*.musicxml")),
        "openscore": sorted((data / "openscore-lieder").glob("*.mxl"))[::8],
    }


def main(data: Path) -> None:
    """Measure all and print it."""
    report: dict[str, dict[str, float]] = {}
    for source, paths in pages(data).items():
        total: Counter[str] = Counter()
        for path in paths:
            try:
                total += measured(read_score(path))
            except FormatError as fault:
                print(fault, file=sys.stderr)
        shares = {
            "found": round(total["found"] / total["notes"], 4),
            "accidentals_found": round(total["accidentals_found"] / total["accidentals"], 4),
        }
        report[source] = {"pieces": len(paths), "notes": total["notes"], "accidentals": total["accidentals"], **shares}
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
