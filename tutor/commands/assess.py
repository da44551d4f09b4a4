"""``assess``: judge a take after it was played.

With ``--json`` one object (`tutor.assessing.assessment.Assessment.as_json`, and ``mistakes``), in which ``bar`` counts
along the unfolded piece, ``written`` is the number on the page and ``time`` which time it is played; else the score
bar by bar with what happened, in colours and in signs, so that nothing is lost where there are no colours.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from lessons.errors import InputError
from tutor.assess import assess
from tutor.assessing.page import show
from tutor.commands.learner_source import add_learner, journal_of
from tutor.commands.parts import Parts
from tutor.commands.score_source import add_hands, add_part, hands_of, open_for_pianist
from tutor.commands.take_source import open_take, recorded_hands
from tutor.listen.fitting import is_another_piece
from tutor.mistakes import find_mistakes
from tutor.windows import Windows

LEVELS = range(1, 10)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags."""
    parser.add_argument("score", metavar="SCORE", help="what should be played: MusicXML, MIDI or ABC")
    parser.add_argument("take", metavar="TAKE", help="what was played: a MIDI file, or a take's id in the journal")
    add_part(parser)
    add_hands(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--level", type=int, default=None, metavar="1..9", help="how strict the windows are")
    parser.add_argument("--journal", metavar="DB", type=Path, help="the journal that has the take")
    add_learner(parser)


def run(arguments: argparse.Namespace, parts: Parts) -> int:
    """Read both, judge, say it; always 0."""
    if arguments.level is not None and arguments.level not in LEVELS:
        raise InputError(f"--level {arguments.level}: must be {LEVELS[0]} to {LEVELS[-1]}")
    journal = journal_of(arguments)
    score = open_for_pianist(arguments.score, arguments.part)
    performance = open_take(arguments.take, journal)
    windows = Windows.for_level(score.level if arguments.level is None else arguments.level)
    hands = hands_of(arguments.hands or recorded_hands(arguments.take, journal), score).code
    judged = assess(score, performance, hands=hands, windows=windows)
    if is_another_piece(judged, hands):
        print(f"{arguments.take}: does not sound like {arguments.score}", file=sys.stderr)
    mistakes = find_mistakes(score, performance, judged)
    if arguments.json:
        print(json.dumps(judged.as_json() | {"mistakes": [mistake.as_json(score) for mistake in mistakes]}))
    else:
        show(judged, mistakes)
    return 0
