"""``practise``: a practice session; without the window it streams what it hears and ends with the coach's next step."""

from __future__ import annotations

import argparse
import json
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import FrameType

from lessons.errors import EXIT_DEVICE, InputError
from lessons.files import WRITTEN_ENDINGS, write_score
from lessons.files.disk import check_out
from lessons.fingering import with_fingers
from lessons.library.shelf import pieces
from lessons.score import Score
from tutor.analogue import exercise
from tutor.assigned.keeping import opened
from tutor.assigned.teacher import under_teacher
from tutor.clock import Clock, stamp, utc_now
from tutor.commands.bar_range import BARS_HELP, bars_of
from tutor.commands.learner_source import add_learner, journal_of
from tutor.commands.onlookers import EndWhenLost, Pace, Stream, TellOfGlove, tell
from tutor.commands.parts import Parts, Synth
from tutor.commands.report_lines import report_lines
from tutor.commands.score_source import add_hands, add_part, hands_of, open_for_pianist, open_score, tell_of_hands
from tutor.commands.take_source import names_a_file
from tutor.commands.tempo import add_tempo
from tutor.config import Config
from tutor.cues import LEVEL_WORDS
from tutor.events import Inbox
from tutor.fader import guided, latest_takes
from tutor.follow import Follower
from tutor.glove.kinds import KIND_HELP, Kind
from tutor.glove.opening import open_glove_at_once
from tutor.growing_take import Hindsight
from tutor.journal.journal import Journal
from tutor.listen.audio_file import ENDINGS as RECORDINGS
from tutor.listen.expecting import Expecting
from tutor.listen.listener import HEARD, Hearing, known_instrument, plays_one_line
from tutor.performance import Performance
from tutor.practice import Mode, PracticeSettings
from tutor.review import keep, learner_from, passes_of, resting, review_of, schedule
from tutor.session import Session
from tutor.sinks import FinishedTake, Sink
from tutor.take_time import TakeTime
from tutor.takes import load_take
from tutor.transfer import with_mastery

PATIENT_ASKS = 3  # to stop, while the take ends and is judged; one more leaves without the report
GUIDANCE_HELP = f"how strongly it leads at first: {', '.join(LEVEL_WORDS)}"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the piece, where the playing comes from, where touch and takes go, and how to practise."""
    parser.add_argument("score", metavar="SCORE", help="what to play: MusicXML, MIDI or ABC")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--midi", metavar="NAME", help="listen to a MIDI input")
    source.add_argument("--take", metavar="TAKE", help="play a take from a file, or from the journal by its id")
    source.add_argument("--audio", metavar="NAME", help="listen to a microphone")
    parser.add_argument("--instrument", default="voice", metavar="NAME", help=f"before it: {', '.join(HEARD)}")
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
    if not (arguments.headless or arguments.json):
        arguments.settings = _settings(arguments, None)
        arguments.settings.span(open_score(arguments.score, arguments.part))  # refused here, not in the window
        return parts.open_window(arguments)
    if not (arguments.midi or arguments.take or arguments.audio):
        raise InputError(
            "--headless: nothing to listen to; name an input with --midi or --audio, or a take with --take"
        )
    journal_path = journal_of(arguments)
    score = _score(arguments)
    settings = _settings(arguments, score)
    settings.span(score)
    if arguments.exercise:
        check_out(arguments.exercise, WRITTEN_ENDINGS, arguments.force)
    with ExitStack() as until_told, ExitStack() as kept:
        journal = Journal.open_or_stand_in(journal_path, tell)
        kept.callback(journal.close)
        for entry in journal.recover():
            tell(f"A take of {entry.title or 'a piece'} that had not been finished was recovered: {entry.take_id}")
        taken = _play(arguments, parts, score, settings, journal, until_told)
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


def _play(
    arguments: argparse.Namespace,
    parts: Parts,
    score: Score,
    settings: PracticeSettings,
    journal: Journal,
    until_told: ExitStack,
) -> FinishedTake:
    """Hold the session in this thread until the input ends, is lost, or somebody asks to stop.

    Signals end it in good order from its beginning until ``until_told`` is closed.
    """
    inbox = Inbox()
    with ExitStack() as stack:
        sinks: list[Sink] = [Stream(score, arguments.json), EndWhenLost(inbox)]
        glove = open_glove_at_once(arguments.glove_kind, arguments.glove, parts) if arguments.glove else None
        if glove is not None:
            stack.callback(glove.close)
            sinks.append(TellOfGlove(glove))
        journal.identities.bring_forward(score.former_digest, score.digest)
        entries = latest_takes(journal, score.digest)
        kept = journal.keep_passes if _is_live(arguments) else None
        sinks = [*guided(score, settings, glove, entries, keep=kept), *sinks]
        start, _ = settings.span(score)
        hearing, expecting = None, None
        if arguments.audio:
            config = Config.load()
            hearing = Hearing(arguments.instrument, config.microphone_late_ms / 1000, config.a4_hertz)
            expecting = Expecting(score, hearing, start, settings, tell)
            stack.callback(parts.open_microphone(arguments.audio, hearing.listen, inbox).close)
            tell_of_hands(arguments.hands, score, arguments.instrument if settings.one_line else "")
            sinks.append(expecting)
        clock = stamp if arguments.audio else _source(stack, arguments, parts, inbox, sinks, journal)
        source = next(name for name in ("midi", "audio", "take") if getattr(arguments, name))
        said = settings.named(score) | {"source": source} | (hearing.how_heard if hearing else {})
        session = Session(
            score,
            Follower(score, hands=settings.hands.code, start_beat=start),
            inbox,
            sinks,
            settings,
            take_log=journal.begin_take(score.digest, score.title, said),
            synth=_synth(stack, parts) if arguments.sound else None,
            clock=clock,
            open_ended=bool(arguments.take),
            hindsight=_told(expecting.hindsight if expecting else None) if clock else None,
        )
        until_told.enter_context(_stopped_by_signals(inbox))
        taken = session.run()
    return replace(taken, intonation=hearing.intonation) if hearing else taken


def _source(
    stack: ExitStack, arguments: argparse.Namespace, parts: Parts, inbox: Inbox, sinks: list[Sink], journal: Journal
) -> Clock | None:
    """Connect the input; the clock of the session, None where a take goes through as fast as it can."""
    if arguments.midi:
        port = parts.open_midi(arguments.midi, inbox)
        stack.callback(port.close)
        return stamp
    name = arguments.take
    performance = load_take(name) if names_a_file(name) else journal.take(name)
    if arguments.realtime:
        sinks.append(Pace(performance, inbox))
        return stamp
    for event in performance.events():
        inbox.put(event)
    inbox.put(None)
    return None


def _is_live(arguments: argparse.Namespace) -> bool:
    """Whether somebody plays now; a take from a file teaches nobody anything."""
    return bool(arguments.midi or arguments.audio)


def _synth(stack: ExitStack, parts: Parts) -> Synth:
    synth = parts.open_speaker()
    stack.callback(synth.close)
    return synth


def _told(hindsight: Hindsight | None) -> Hindsight:
    """The same look back, after a word that the take has ended: the look and the report take their time."""

    def looked_back(performance: Performance, time: TakeTime) -> Performance:
        tell("The take has ended; the report comes in a moment.")
        return hindsight(performance, time) if hindsight else performance

    return looked_back


@contextmanager
def _stopped_by_signals(inbox: Inbox) -> Iterator[None]:
    """Let SIGINT and SIGTERM end the session in good order; who insists ends the program."""
    asked = count(1)

    def stop(_number: int, _frame: FrameType | None) -> None:
        if next(asked) > PATIENT_ASKS:
            raise KeyboardInterrupt
        inbox.put(None)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


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
    if _is_live(arguments):  # nobody has learned anything by replaying a file
        found = resting(with_mastery(found, taken.score, journal, pieces(), arguments.seed), journal, utc_now())
    found, task = under_teacher(journal, opened(journal), taken.take_id, found)
    given = {made.score_digest for made in journal.made_exercises()}
    made = exercise(found.step, parts.composer, given)
    exercise_id = keep(journal, taken.take_id, found, made)
    if made is not None and arguments.exercise:
        write_score(made.score, arguments.exercise, arguments.force)
    passage = schedule(journal, taken.score, found, utc_now()) if _is_live(arguments) else None
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
