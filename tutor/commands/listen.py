"""``listen``: what was played in a recording, as notes; with ``--score``, judged against it as in ``assess``.

With ``--json`` one object: without a score ``notes`` (``index``, ``time_sec``, ``duration_sec``, ``pitch``,
``velocity``, ``confidence``), with a score what ``assess`` says; ``instrument``, ``tuning_hertz``, and where there is
one line ``cents`` for each note, and with a score ``intonation`` and ``octaves`` (of the score above what sounded).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from lessons.files.disk import check_out
from lessons.note_names import pitch_name
from lessons.score import Score
from tutor.assessing.page import show
from tutor.commands.parts import Parts
from tutor.commands.score_source import add_hands, add_part, hands_of, open_score, tell_of_hands
from tutor.commands.tuning import a4_of, add_a4
from tutor.listen.audio_file import AudioFile
from tutor.listen.condition import Condition
from tutor.listen.fitting import is_another_piece
from tutor.listen.kind import of_score, of_sound
from tutor.listen.listener import HEARD, PIANO, known_instrument, plays_one_line
from tutor.listen.recorded import Recorded, line_heard, piano_heard
from tutor.mistakes import find_mistakes
from tutor.takes import ENDINGS as TAKE_ENDINGS
from tutor.takes import save_take


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags."""
    parser.add_argument("audio", metavar="AUDIO", help="a recording: .wav, .flac, .ogg or .mp3")
    parser.add_argument("-o", dest="out", metavar="TAKE.mid", type=Path, help="write what was played as MIDI")
    parser.add_argument("--score", metavar="SCORE", help="what should have been played: MusicXML, MIDI or ABC")
    add_part(parser)
    add_hands(parser)
    parser.add_argument("--instrument", metavar="NAME", help=f"{', '.join(HEARD)} (default: found by ear)")
    add_a4(parser, "found by ear")
    parser.add_argument("--force", action="store_true", help="replace TAKE.mid where it exists")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace, parts: Parts) -> int:
    """Read, hear, say and write; always 0. Raises InputError before anything is heard where it could not be written."""
    score = open_score(arguments.score, arguments.part) if arguments.score else None
    instrument = known_instrument(arguments.instrument) if arguments.instrument else ""
    a4_hertz = a4_of(arguments)
    if arguments.out:
        check_out(arguments.out, TAKE_ENDINGS, arguments.force)
    instrument = instrument or _found(arguments.audio, score)
    one_line = instrument if plays_one_line(instrument) else ""
    hands = hands_of(arguments.hands, score, one_line).code
    recording = AudioFile(arguments.audio)
    tell_of_hands(arguments.hands, score, one_line)
    condition = Condition(recording.rate)
    if instrument == PIANO:
        heard = piano_heard(recording, condition, score, hands, a4_hertz)
    else:
        heard = line_heard(recording, condition, instrument, score, hands, a4_hertz)
    is_foreign = heard.judged is not None and is_another_piece(heard.judged, hands)
    if is_foreign:
        print(f"{arguments.audio}: does not sound like {arguments.score}", file=sys.stderr)
    if arguments.out:
        save_take(heard.performance, arguments.out, arguments.force)
    if arguments.json:
        print(json.dumps({"instrument": instrument, **heard.as_json()}))
    elif not is_foreign:
        _say(heard)
    notices = condition.notices(instrument, [stroke.duration_sec for stroke in heard.strokes])
    for words in (*heard.notices(), *recording.notices, *notices):
        print(f"{arguments.audio}: {words}", file=sys.stderr)
    return 0


def _found(audio: str, score: Score | None) -> str:
    """What to hear the recording as where nobody says, which is said where it is no piano."""
    instrument = score and of_score(score)
    if not instrument:
        recording = AudioFile(audio)
        with closing(recording.blocks()) as blocks:
            instrument = of_sound(recording.rate, blocks)
    if instrument != PIANO:
        print(f"{audio}: heard as one line ({instrument}). Say --instrument for another.", file=sys.stderr)
    return instrument


def _say(heard: Recorded) -> None:
    """The page of a take that was judged, else its notes, one a line."""
    if heard.judged:
        show(heard.judged, find_mistakes(heard.judged.score, heard.performance, heard.judged))
        words = heard.intonation.in_words(heard.as_json()) if heard.intonation else ""
        if words:
            print(words)
        return
    print("\n".join(_lines(heard)))


def _lines(heard: Recorded) -> Iterator[str]:
    cents = heard.intonation.cents if heard.intonation else [None] * len(heard.strokes)
    for stroke, off in zip(heard.strokes, cents, strict=True):
        tail = "" if off is None else f"  {off:+5.0f} cents"
        name = f"{stroke.pitch:4d}  {pitch_name(stroke.pitch):4}"
        yield f"{stroke.onset_sec:9.3f} s  {stroke.duration_sec:7.3f} s  {name}{tail}".rstrip()
    yield f"{len(heard.strokes)} notes"
    yield from [heard.tuned_in_words()] if heard.strokes and heard.intonation and heard.intonation.tuned else []
