"""The follower beyond the following bench: long ornamented pieces, hands apart, foreign takes, and time in long scores.

* ``asap``: note-aligned performances of long pieces (positions by match file): share of notes placed exactly, within an
  onset, and the share of right notes that were flagged. Pieces whose match file and score disagree are left out.
* ``k265``: the same figures for variations by another player.
* ``hands``: Vienna 4x22 with only the right or the left hand played, the follower not being told.
* ``both``: Vienna 4x22 with both hands played where the follower expects one of them: the share of that hand's notes
  that are right, and of all notes at which the player was lost; how many takes were told to be another piece.
* ``foreign``: how many of a piece's takes are told to be another piece within 15 notes (other pieces' and its own).
* ``time``: milliseconds a note, median, p95 and p99, for scores of 300 and 10,000 onsets, played and at random.

    .venv/bin/python tests/bench/following_more.py [--quick]
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from pathlib import Path
from statistics import fmean

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "tutor")]

from playing import composed, played  # noqa: E402

from lessons.errors import TutorError  # noqa: E402
from lessons.files import read_score  # noqa: E402
from lessons.score import LEFT, RIGHT, Score  # noqa: E402
from tests.bench.labels import Told, aligned  # noqa: E402
from tutor.events import NoteOn  # noqa: E402
from tutor.follow import Follower  # noqa: E402
from tutor.verdicts import Judgement  # noqa: E402

DATA = ROOT.parent / "shared" / "data"
REPORTED = ("03", "07", "12", "17", "22")


def follow(score: Score, notes: list[Told]) -> list[Judgement]:
    """The first judgement of each note."""
    follower = Follower(score)
    return [follower.step(NoteOn(note.time, note.pitch, note.velocity))[0] for note in notes]


def figures(score: Score, notes: list[Told], said: list[Judgement]) -> dict[str, float]:
    """exact, near (within one onset) and false errors over the notes that belong to the score."""
    beats = score.onset_beats
    at = lambda beat: int(np.abs(beats - beat).argmin())  # noqa: E731
    pairs = [(one, at(note.beat), at(one.position_beat if one.onset_beat is None else one.onset_beat))
             for note, one in zip(notes, said, strict=True) if note.beat is not None]  # fmt: skip
    return {
        "exact": fmean(there == here for _, there, here in pairs),
        "near": fmean(abs(there - here) <= 1 for _, there, here in pairs),
        "false_err": fmean(one.verdict != "hit" for one, _, _ in pairs),
    }


def asap(quick: bool) -> dict[str, object]:
    """Long, ornamented pieces."""
    results, left_out = {}, []
    paths = sorted((DATA / "asap-piano-subset").rglob("*.match"))
    for path in paths[:: 12 if quick else 1]:
        name = "/".join(path.parts[-3:])
        try:
            score, notes = read_score(path.parent / "xml_score.musicxml"), aligned(path)
            if not any(note.beat is not None for note in notes):
                raise ValueError("no aligned notes")
        except (TutorError, ValueError, TypeError) as fault:
            left_out.append(f"{name}: {fault}"[:100])
            continue
        written = {
            (round(b, 2), p)
            for b, p in zip(score.notes["onset_beat"].tolist(), score.notes["pitch"].tolist(), strict=True)
        }
        known = fmean(
            [*((round(note.beat, 2), note.pitch_written) in written for note in notes if note.beat is not None)]
        )
        if known < 0.98:
            left_out.append(f"{name}: {known:.2f} of the match is in the score")
            continue
        results[name] = figures(score, notes, follow(score, notes))
        print(name, {key: round(value, 4) for key, value in results[name].items()}, file=sys.stderr, flush=True)
    mean = {key: round(fmean(one[key] for one in results.values()), 4) for key in ("exact", "near", "false_err")}
    return {"takes": len(results), "mean": mean, "left_out": len(left_out), "why": left_out[:3]}


def k265() -> dict[str, object]:
    """Variations by another player."""
    folder = DATA / "k265-variation-nc"
    scores = {path.stem: read_score(path) for path in sorted((folder / "musicxml").glob("*.musicxml"))}
    found: dict[str, object] = {}
    for path in sorted((folder / "match").glob("*.match")):
        score, notes = scores[re.match(r"[a-z]+", path.stem)[0]], aligned(path)
        found[path.stem] = {key: round(value, 4) for key, value in figures(score, notes, follow(score, notes)).items()}
    return found


def vienna(quick: bool) -> list[tuple[Score, list[Told]]]:
    """The Vienna takes of the reported pianists."""
    takes = []
    for path in sorted((DATA / "vienna4x22" / "musicxml").glob("*.musicxml")):
        score = read_score(path)
        for pianist in REPORTED[: 1 if quick else None]:
            takes.append((score, aligned(DATA / "vienna4x22" / "match" / f"{path.stem}_p{pianist}.match")))
    return takes


def hands(takes: list[tuple[Score, list[Told]]]) -> dict[str, object]:
    """One hand played, the follower expecting both."""
    found: dict[str, object] = {}
    for name, hand in (("right", RIGHT), ("left", LEFT)):
        rows = []
        for score, notes in takes:
            mine = {(round(float(n["onset_beat"]), 3), int(n["pitch"])) for n in score.notes if n["hand"] == hand}
            only = [note for note in notes if note.beat is not None and (note.beat, note.pitch_written) in mine]
            rows.append(figures(score, only, follow(score, only)))
        found[name] = {key: round(fmean(row[key] for row in rows), 4) for key in rows[0]}
    return found


def both(takes: list[tuple[Score, list[Told]]]) -> dict[str, object]:
    """Both hands played, the follower expecting one."""
    found: dict[str, object] = {}
    for name, hand in (("right", RIGHT), ("left", LEFT)):
        right, lost, told = list[bool](), list[bool](), 0
        for score, notes in takes:
            mine = {(round(float(n["onset_beat"]), 3), int(n["pitch"])) for n in score.notes if n["hand"] == hand}
            follower = Follower(score, hands=hand)
            for note in notes:
                said = follower.step(NoteOn(note.time, note.pitch, note.velocity))[0]
                lost.append(follower.lost)
                if note.beat is not None and (note.beat, note.pitch_written) in mine:
                    right.append(said.verdict == "hit")
            told += follower.says_not_this_piece
        found[name] = {"right": round(fmean(right), 4), "lost": round(fmean(lost), 4), "told_foreign": told}
    return found


def foreign(takes: list[tuple[Score, list[Told]]]) -> dict[str, object]:
    """Who is told to play another piece."""
    own = others = told_own = told_others = 0
    for score, _ in takes:
        for other, notes in takes:
            follower = Follower(score)
            for note in notes[:15]:
                follower.step(NoteOn(note.time, note.pitch, note.velocity))
            if other is score:
                own, told_own = own + 1, told_own + follower.says_not_this_piece
            elif other.digest != score.digest:
                others, told_others = others + 1, told_others + follower.says_not_this_piece
    return {"other_pieces_told": f"{told_others}/{others}", "own_piece_told": f"{told_own}/{own}"}


def timed(follower: Follower, events: list[NoteOn]) -> dict[str, float]:
    """Milliseconds a note by the wall clock, and of the processor alone, which other programs do not lengthen."""
    walls, cpus = [], []
    for event in events:
        wall, cpu = time.perf_counter(), time.thread_time()
        follower.step(event)
        walls.append((time.perf_counter() - wall) * 1e3)
        cpus.append((time.thread_time() - cpu) * 1e3)
    quantiles = (("median", 0.5), ("p95", 0.95), ("p99", 0.99))
    found = {name: round(float(np.quantile(walls, q)), 3) for name, q in quantiles}
    return found | {f"cpu_{name}": round(float(np.quantile(cpus, q)), 3) for name, q in quantiles}


def times() -> dict[str, object]:
    """Short and long scores, played as written and at random."""
    found: dict[str, object] = {}
    rng = np.random.default_rng(0)
    for name, bars in (("300 onsets", 66), ("10,000 onsets", 2210)):
        score = composed(1, bars)
        events = [NoteOn(on, pitch) for on, _, pitch, _ in played(score, rng=rng).notes.tolist()[:3000]]
        strange = list(
            zip(np.cumsum(rng.exponential(0.15, 3000)).tolist(), rng.integers(30, 90, 3000).tolist(), strict=True)
        )
        found[name] = {
            "onsets": len(score.onset_beats),
            "played": timed(Follower(score), events),
            "random": timed(Follower(score), [NoteOn(on, pitch) for on, pitch in strange]),
        }
    return found


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer takes")
    quick = parser.parse_args().quick
    takes = vienna(quick)
    report = {"time": times(), "hands": hands(takes), "both": both(takes), "foreign": foreign(takes), "k265": k265()}
    report["asap"] = asap(quick)
    print(json.dumps(report, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
