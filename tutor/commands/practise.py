"""``practise``: a practice session; without the window it streams what it hears and ends with the coach's next step."""

from __future__ import annotations

import argparse
import json
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from lessons.errors import EXIT_DEVICE, InputError
from lessons.files import WRITTEN_ENDINGS, write_score
from lessons.files.disk import check_out
from lessons.fingering import with_fingers
from lessons.library.shelf import pieces
from lessons.score import Score
from tutor.analogue import exercise
from tutor.assigned.keeping import opened
from tutor.assigned.teacher import under_teacher
from tutor.clock import utc_now
from tutor.commands.bar_range import BARS_HELP, bars_of
from tutor.commands.headless import is_live, play
from tutor.commands.learner_source import add_learner, journal_to_write
from tutor.commands.onlookers import tell
from tutor.commands.parts import Parts
from tutor.commands.report_lines import report_lines
from tutor.commands.score_source import add_hands, add_part, hands_of, open_for_pianist, open_score
from tutor.commands.take_source import names_a_file
from tutor.commands.tempo import add_tempo
from tutor.commands.tuning import a4_of, add_a4
from tutor.cues import LEVEL_WORDS
from tutor.glove.kinds import KIND_HELP, Kind
from tutor.journal.journal import Journal
from tutor.listen.audio_file import ENDINGS as RECORDINGS
from tutor.listen.listener import HEARD, known_instrument, plays_one_line
from tutor.practice import Mode, PracticeSettings
from tutor.review import keep, learner_from, passes_of, resting, review_of, schedule
from tutor.sinks import FinishedTake
from tutor.takes import load_take
from tutor.transfer import with_mastery

GUIDANCE_HELP = f"how strongly it leads at first: {', '.join(LEVEL_WORDS)}"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the piece, where the playing comes from, where touch and takes go, and how to practise."""
    parser.add_argument("score", metavar="SCORE", help="what to play: MusicXML, MIDI or ABC")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--midi", metavar="NAME", help="listen to a MIDI input")
    source.add_argument("--take", metavar="TAKE", help="play a take from a file, or from the journal by its id")
    source.add_argument("--audio", metavar="NAME", help="listen to a microphone")
    parser.add_argument("--instrument", default="voice", metavar="NAME", help=f"before it: {', '.join(HEARD)}")
    add_a4(parser, "as the Microphone page has it, else found by ear")
    parser.add_argument("--glove", metavar="PORT", help="the port of a haptic glove")
    parser.add_argument("--glove-kind", type=Kind, choices=list(Kind), default=Kind.HGP, metavar="KIND", help=KIND_HELP)
    parser.add_argument("--guidance", choices=LEVEL_WORDS, default=LEVEL_WORDS[-1], metavar="WORDS", help=GUIDANCE_HELP)
    parser.add_argument("--no-fade", action="store_true", help="let touch lead always so, however well it goes")
    parser.add_argument("--headless", action="store_true", help="without the window")
    parser.add_argument("--journal", metavar="DB", type=Path, help="where takes are kept")
    add_learner(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a line (without the window)")
    parser.add_argument("--realtime", action="store_true", help="play a take at its own pace")
    parser.add_argument("--mode", choices=[mode.value for mode in Mode if mode is not Mode.LISTEN], default=Mode.FOLLOW)
    add_part(parser)
    add_hands(parser)
    add_tempo(parser, "against")
    parser.add_argument("--bars", metavar="A-B", help=BARS_HELP)
    parser.add_argument("--sound", action="store_true", help="sound the metronome, the other hand and your own notes")
    parser.add_argument("--exercise", metavar="OUT", type=Path, help="write the next exercise here")
    parser.add_argument("--force", action="store_true", help="replace OUT")
    parser.add_argument("--seed", type=int, default=0, help="of the exercise")


def run(arguments: argparse.Namespace, parts: Parts) -> int:
    """Practise; the exit status."""
    arguments.instrument = known_instrument(arguments.instrument)
    if arguments.audio and Path(arguments.audio).suffix.lower() in RECORDINGS:
        raise InputError(
            f"--audio {arguments.audio}: names a microphone; a recording is heard with "
            f"'listen {arguments.audio} --score {arguments.score}'"
        )
    if a4_of(arguments) is not None and not arguments.audio:
        raise InputError(f"--a4 {arguments.a4:g}: is what a microphone hears by; name one with --audio")
    if not (arguments.headless or arguments.json):
        arguments.settings = _settings(arguments, None)
        arguments.settings.span(open_score(arguments.score, arguments.part))  # refused here, not in the window
        return parts.open_window(arguments)
    if not (arguments.midi or arguments.take or arguments.audio):
        raise InputError(
            "--headless: nothing to listen to; name an input with --midi or --audio, or a take with --take"
        )
    journal_path = journal_to_write(arguments)
    score = _score(arguments)
    settings = _settings(arguments, score)
    settings.span(score)
    if arguments.take and names_a_file(arguments.take):
        load_take(arguments.take)  # refused here, before a journal is begun
    if arguments.exercise:
        check_out(arguments.exercise, WRITTEN_ENDINGS, arguments.force)
    with ExitStack() as until_told, ExitStack() as kept:
        journal = Journal.open_or_stand_in(journal_path, tell)
        kept.callback(journal.close)
        for entry in journal.recover():
            tell(f"A take of {entry.title or 'a piece'} that had not been finished was recovered: {entry.take_id}")
        taken = play(arguments, parts, score, settings, journal, until_told)
        return _conclude(arguments, parts, taken, journal)


def _settings(arguments: argparse.Namespace, score: Score | None) -> PracticeSettings:
    if arguments.seed < 0:
        raise InputError(f"--seed {arguments.seed}: must be 0 or more")
    one_line = _one_line(arguments)
    return PracticeSettings(
        mode=Mode(arguments.mode),
        hands=hands_of(arguments.hands, score, one_line),
        one_line=bool(one_line),
        tempo_ratio=arguments.tempo,
        bars=bars_of(arguments.bars),
        metronome=arguments.sound,
        accompany=arguments.sound,
        echo=arguments.sound and not arguments.audio,  # the microphone would hear it as played
        guidance=LEVEL_WORDS.index(arguments.guidance),
        fade=not arguments.no_fade,
    )


def _score(arguments: argparse.Namespace) -> Score:
    """The piece with fingers, and with its file's name where it has no title; who plays one line has all its parts."""
    opened = open_score if _one_line(arguments) else open_for_pianist
    score = with_fingers(opened(arguments.score, arguments.part))
    return score if score.title else replace(score, title=Path(arguments.score).stem)


def _one_line(arguments: argparse.Namespace) -> str:
    """The instrument of one line that is listened to; empty where none is."""
    return arguments.instrument if arguments.audio and plays_one_line(arguments.instrument) else ""


def _conclude(arguments: argparse.Namespace, parts: Parts, taken: FinishedTake, journal: Journal) -> int:
    """Judge the take, keep what was found, say it; the exit status."""
    status = EXIT_DEVICE if taken.lost else 0
    if not len(taken.performance.notes):
        print(
            json.dumps({"assessment": None, "next": None, "take_id": None}) if arguments.json else "Nothing was played."
        )
        return status
    learner, passes = learner_from(journal), passes_of(journal, taken.take_id)
    found = review_of(taken, learner, utc_now(), pieces(), arguments.seed, passes)
    keep(journal, taken.take_id, found, None)  # whatever becomes of the exercise
    journal.flush()
    if is_live(arguments):  # nobody has learned anything by replaying a file
        found = resting(with_mastery(found, taken.score, journal, pieces(), arguments.seed), journal, utc_now())
    found, task = under_teacher(journal, opened(journal), taken.take_id, found)
    given = {made.score_digest for made in journal.made_exercises()}
    made = exercise(found.step, parts.composer, given)
    exercise_id = keep(journal, taken.take_id, found, made)
    if made is not None and arguments.exercise:
        write_score(made.score, arguments.exercise, arguments.force)
    passage = schedule(journal, taken.score, found, utc_now()) if is_live(arguments) else None
    said = found.step.as_json() | {"exercise_id": exercise_id}
    said |= {"due_at": passage.due_at.isoformat() if passage else None}
    if made is not None:
        said |= {"analogy": made.provenance, "notices": list(made.notices), "title": made.score.title}
    if arguments.json:
        report = found.report.as_json()
        report.pop("next")
        report |= {"task": task} if task else {}
        if taken.intonation:
            report["intonation"] = taken.intonation.as_json(found.assessment)
        print(json.dumps({"assessment": found.assessment, "next": said, "take_id": taken.take_id, "report": report}))
    else:
        finished = {entry.take_id for entry in journal.takes(taken.score.digest)} if journal.lasting else set()
        in_journal = taken.take_id in finished
        print("\n".join(report_lines(found, taken, said.get("title"), task, in_journal)))
    return status
