"""Time scores in and out, and count how many hands and fingers are found; prints JSON.

    python tests/bench/score_files.py ../shared/data

Times are medians of five in ms, after the libraries are loaded (their own times are given apart).
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


def median_ms(work: Callable[[], object], times: int = 5) -> float:
    """The median time of some work."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return round(statistics.median(taken) * 1e3, 1)


def hands_found(folder: Path) -> dict[str, float]:
    """Agreement of `split_hands` with two-track files, and that of a split at middle C."""
    from lessons.files import read_score
    from lessons.hands import split_hands

    shares, right, middle, total = [], 0, 0, 0
    for path in sorted(folder.glob("*.mid")):
        score = read_score(path)
        if len(score.part_names) == 2:
            found = int((split_hands(score.notes) == score.notes["hand"]).sum())
            shares.append(found / len(score.notes))
            right, total = right + found, total + len(score.notes)
            middle += int(((score.notes["pitch"] >= 60) == score.notes["hand"]).sum())
    return {
        "pieces": len(shares),
        "notes": total,
        "found": round(right / total, 4),
        "median_piece": round(statistics.median(shares), 4),
        "split_at_middle_c": round(middle / total, 4),
    }


def fingers_found(path: Path) -> dict[str, float]:
    """Agreement of `with_fingers` with the printed fingers of a score."""
    from lessons.files import read_score
    from lessons.fingering import with_fingers

    score = read_score(path)
    printed = score.notes["finger"]
    bare = score.notes.copy()
    bare["finger"] = 0
    found = with_fingers(score.with_notes(bare)).notes["finger"]
    return {"fingers": int((printed > 0).sum()), "found": round(float((found == printed)[printed > 0].mean()), 3)}


def main(data: Path) -> None:
    """Measure all and print it."""
    start = time.perf_counter()
    import partitura  # noqa: F401

    report: dict[str, object] = {"import_partitura_ms": round((time.perf_counter() - start) * 1e3)}
    from lessons.difficulty import difficulty
    from lessons.files import read_score
    from lessons.files.midi_writer import midi_bytes
    from lessons.files.musicxml_writer import musicxml_bytes
    from lessons.fingering import with_fingers
    from tutor.takes import load_take

    paths = {
        "musicxml": data / "vienna4x22" / "musicxml" / "Chopin_op38.musicxml",
        "abc": data / "boostermusic" / "BoosterMusic" / "06-Greensleeves.abc",
        "midi": sorted((data / "mutopia-piano" / "midi").glob("*.mid"))[100],
    }
    for kind, path in paths.items():
        score = read_score(path)
        report[kind] = {
            "notes": len(score.notes),
            "read_ms": median_ms(lambda path=path: read_score(path)),
            "write_musicxml_ms": median_ms(lambda score=score: musicxml_bytes(score)),
            "write_midi_ms": median_ms(lambda score=score: midi_bytes(score)),
            "fingers_ms": median_ms(lambda score=score: with_fingers(score)),
            "difficulty_ms": median_ms(lambda score=score: difficulty(score)),
        }
    take = data / "vienna4x22" / "midi" / "Chopin_op38_p08.mid"
    report["take"] = {"notes": len(load_take(take).notes), "read_ms": median_ms(lambda: load_take(take))}
    report["hands"] = hands_found(data / "mutopia-piano" / "midi")
    report["fingers"] = fingers_found(data / "k265-variation-nc" / "musicxml" / "full.musicxml")
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
