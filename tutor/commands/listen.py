"""``listen``: what was played in a recording, as notes; with ``--score``, judged against it as in ``assess``.

With ``--json`` one object: without a score ``notes`` (``index``, ``time_sec``, ``duration_sec``, ``pitch``,
``velocity``, ``confidence``) and, where there is one line, ``cents`` for each note and ``tuning_hertz``; with a score
what ``assess`` says.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from lessons.files.disk import check_out
from tutor.assess import assess
from tutor.assessing.assessment import Assessment
from tutor.assessing.page import show
from tutor.commands.parts import Parts
from tutor.commands.score_source import add_hands, add_part, open_score
from tutor.listen.audio_file import AudioFile
from tutor.listen.both_ears import SURE, together
from tutor.listen.condition import Condition
from tutor.listen.listener import HEARD, PIANO, known_instrument
from tutor.listen.live_piano import LivePiano
from tutor.listen.melody import HeardNote
from tutor.listen.periodicity import Sound
from tutor.listen.piano import PianoListener, Stroke
from tutor.listen.second_look import SecondLook
from tutor.listen.verify import performance_of, verified
from tutor.mistakes import find_mistakes
from tutor.performance import Performance
from tutor.practice import Hands
from tutor.takes import ENDINGS as TAKE_ENDINGS
from tutor.takes import save_take

PROOF_NOTES = 15
FOREIGN_PRECISION = 0.4  # other pieces reach .1 to .2, the right one with a quarter of its notes wrong .7


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags."""
    parser.add_argument("audio", metavar="AUDIO", help="a recording: .wav, .flac, .ogg or .mp3")
    parser.add_argument("-o", dest="out", metavar="TAKE.mid", type=Path, help="write what was played as MIDI")
    parser.add_argument("--score", metavar="SCORE", help="what should have been played: MusicXML, MIDI or ABC")
    add_part(parser)
    add_hands(parser)
    parser.add_argument("--instrument", default=PIANO, metavar="NAME", help=f"{', '.join(HEARD)}")
    parser.add_argument("--force", action="store_true", help="replace TAKE.mid where it exists")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace, parts: Parts) -> int:
    """Read, hear, say and write; always 0. Raises InputError before anything is heard where it could not be written."""
    score = open_score(arguments.score, arguments.part) if arguments.score else None
    hands = Hands(arguments.hands).code
    known_instrument(arguments.instrument)
    if arguments.out:
        check_out(arguments.out, TAKE_ENDINGS, arguments.force)
    recording, condition = AudioFile(arguments.audio), Condition()
    judged: Assessment | None = None
    if arguments.instrument == PIANO:
        strokes = piano_strokes(recording.rate, condition.watched(recording.blocks()))
        judged = verified(score, strokes, hands=hands) if score else None
        sure = [stroke for stroke in strokes if stroke.confidence >= SURE]
        performance = judged.performance if judged else performance_of(sure)
        told: dict[str, Any] = {"notes": list(_stroke_fields(sure))}
    else:
        look = SecondLook(recording.rate, arguments.instrument)
        for block in condition.watched(recording.blocks()):
            look.feed(block)
        notes = look.finish()
        performance = performance_of(_strokes_of(notes), lengths_known=True)
        judged = assess(score, performance, hands=hands) if score else None
        told = {"notes": list(_note_fields(notes)), "tuning_hertz": round(look.tuning_hertz, 2)}
    if judged and is_another_piece(judged):
        print(f"{arguments.audio}: does not sound like {arguments.score}", file=sys.stderr)
    if arguments.out:
        save_take(performance, arguments.out, arguments.force)
    _say(told, judged, performance, arguments.json)
    for words in (*recording.notices, *condition.notices(bool(told["notes"]))):
        print(f"{arguments.audio}: {words}", file=sys.stderr)
    return 0


def is_another_piece(judged: Assessment) -> bool:
    """Whether so little of what was heard is in the score that it must be another."""
    heard = len(judged.performance.notes)
    return heard >= PROOF_NOTES and judged.summary()["precision"] < FOREIGN_PRECISION


def piano_strokes(rate: int, blocks: Iterable[Sound]) -> list[Stroke]:
    """All strokes of a piano that either ear hears, the merely possible ones too."""
    looking_back, live = PianoListener(rate), LivePiano(rate)
    for block in blocks:
        looking_back.feed(block)
        live.feed(block)
    live.finish()
    return together(looking_back.finish(), live.all_strokes(0.0))


def _strokes_of(notes: list[HeardNote]) -> Iterator[Stroke]:
    for note in notes:
        yield Stroke(note.onset_sec, note.duration_sec, note.pitch, note.velocity, note.confidence)


def _stroke_fields(strokes: list[Stroke]) -> Iterator[dict[str, Any]]:
    for index, stroke in enumerate(strokes):
        yield {
            "index": index,
            "time_sec": round(stroke.onset_sec, 4),
            "duration_sec": round(stroke.duration_sec, 4),
            "pitch": stroke.pitch,
            "velocity": stroke.velocity,
            "confidence": round(stroke.confidence, 4),
        }


def _note_fields(notes: list[HeardNote]) -> Iterator[dict[str, Any]]:
    for fields, note in zip(_stroke_fields(list(_strokes_of(notes))), notes, strict=True):
        yield fields | {"cents": round(note.cents, 1)}


def _say(heard: dict[str, Any], judged: Assessment | None, performance: Performance, as_json: bool) -> None:
    if as_json:
        print(json.dumps(judged.as_json() if judged else heard))
    elif judged:
        show(judged, find_mistakes(judged.score, performance, judged))
    else:
        for note in heard["notes"]:
            cents = f"  {note['cents']:+5.0f} cents" if "cents" in note else ""
            print(f"{note['time_sec']:9.3f} s  {note['duration_sec']:7.3f} s  {note['pitch']:4d}{cents}")
        print(f"{len(heard['notes'])} notes")
