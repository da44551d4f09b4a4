"""``follow``: feed a take to the live follower, note by note, and stream what it says of each.

With ``--json`` one object a line (`tutor.verdicts.Judgement.as_json`). A later line with ``"revised": true`` replaces
what was said of its index.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from lessons.bar_names import bar_at
from lessons.note_names import pitch_name
from lessons.percent import percent
from lessons.score import Score
from tutor.commands.learner_source import add_learner, journal_of
from tutor.commands.parts import Parts
from tutor.commands.score_source import add_hands, add_part, hands_of, open_score
from tutor.commands.take_source import open_take
from tutor.events import NoteOn
from tutor.follow import Follower
from tutor.performance import Performance
from tutor.verdicts import Judgement

MARKS = {"hit": "[green]·[/] hit  ", "wrong": "[red]✗ wrong[/]", "extra": "[yellow]+ extra[/]"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags."""
    parser.add_argument("score", metavar="SCORE", help="what should be played: MusicXML, MIDI or ABC")
    parser.add_argument("take", metavar="TAKE", help="what was played: a MIDI file, or a take's id in the journal")
    add_part(parser)
    add_hands(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--realtime", action="store_true", help="at the take's own pace")
    parser.add_argument("--journal", metavar="DB", type=Path, help="the journal that has the take")
    add_learner(parser)


def run(arguments: argparse.Namespace, parts: Parts) -> int:
    """Read both, then follow; always 0."""
    journal = journal_of(arguments)
    score = open_score(arguments.score, arguments.part)
    performance = open_take(arguments.take, journal)
    follower = Follower(score, hands=hands_of(arguments.hands, score).code)
    said = stream(follower, performance, arguments.realtime)
    if arguments.json:
        for one in said:
            print(json.dumps(one.as_json()), flush=True)
    else:
        show(said, score)
    return 0


def stream(follower: Follower, performance: Performance, realtime: bool = False) -> Iterator[Judgement]:
    """The judgements of a take in the order in which they are made, revisions among them.

    Says on standard error as soon as the take does not sound like the score.
    """
    began, told = time.perf_counter(), False
    for onset, _, pitch, velocity in performance.notes.tolist():
        if realtime:
            time.sleep(max(0.0, began + onset - time.perf_counter()))
        yield from follower.step(NoteOn(onset, pitch, max(1, velocity)))
        if follower.says_not_this_piece and not told:
            told = True
            print(f"This does not sound like {follower.score.title or 'this piece'}.", file=sys.stderr, flush=True)


def show(said: Iterator[Judgement], score: Score) -> None:
    """Print a line a note for a person."""
    from rich.console import Console

    console = Console(highlight=False)
    for one in said:
        console.print(_line(one, score))


def _line(said: Judgement, score: Score) -> str:
    name = pitch_name(said.pitch)
    bar = "" if said.onset_beat is None else bar_at(score, said.onset_beat)
    late = "" if said.error_sec is None else f"{1000 * said.error_sec:+.0f} ms"
    after = " [dim]lost[/]" if said.lost else " [dim]ornament[/]" if said.ornament else ""
    again = " [dim]after all[/]" if said.revised else ""
    return (
        f"{said.time_sec:8.2f} s  {MARKS[said.verdict]}  {name:4} {bar:8} "
        f"at {said.position_beat:8.2f} {late:>8}  {percent(said.confidence):>5}{after}{again}"
    )
