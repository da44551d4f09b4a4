"""A session without a window: it listens in this thread, streams what it hears, and ends in good order."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import count
from types import FrameType

from lessons.score import Score
from tutor import histories
from tutor.clock import Clock, stamp
from tutor.commands.onlookers import EndWhenLost, Pace, Stream, TellOfGlove, TellOfMicrophone, tell
from tutor.commands.parts import Parts, Synth
from tutor.commands.score_source import tell_of_hands
from tutor.commands.take_source import names_a_file
from tutor.commands.tuning import a4_of
from tutor.config import Config
from tutor.events import Inbox
from tutor.fader import guided, latest_takes
from tutor.follow import Follower
from tutor.glove.opening import open_glove_at_once
from tutor.growing_take import Hindsight
from tutor.journal.journal import Journal
from tutor.listen.expecting import Expecting
from tutor.listen.listener import Hearing
from tutor.performance import Performance
from tutor.practice import PracticeSettings
from tutor.session import Session
from tutor.sinks import FinishedTake, Sink
from tutor.synth import SilentSynth
from tutor.take_time import TakeTime
from tutor.takes import load_take

PATIENT_ASKS = 3  # to stop, while the take ends and is judged; one more leaves without the report


def is_live(arguments: argparse.Namespace) -> bool:
    """Whether somebody plays now; a take from a file teaches nobody anything."""
    return bool(arguments.midi or arguments.audio)


def play(
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
        sinks = _onlookers(stack, arguments, parts, score, settings, journal, inbox)
        start, _ = settings.span(score)
        hearing, expecting = None, None
        synth = _synth(stack, parts) if arguments.sound else None
        if arguments.audio:
            config, a4_hertz = Config.load(), a4_of(arguments)
            a4_hertz = config.a4_hertz if a4_hertz is None else a4_hertz
            hearing = Hearing(
                arguments.instrument,
                config.microphone_late_ms / 1000,
                a4_hertz,
                lambda: synth.playback if synth else None,
            )
            expecting = Expecting(score, hearing, start, settings, tell)
            microphone = parts.open_microphone(arguments.audio, hearing.listen, inbox)
            stack.callback(microphone.close)
            sinks.append(TellOfMicrophone(microphone, hearing.instrument))
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
            synth=synth,
            clock=clock,
            open_ended=bool(arguments.take),
            hindsight=_told(expecting.hindsight if expecting else None) if clock else None,
        )
        until_told.enter_context(_stopped_by_signals(inbox))
        taken = session.run()
    return replace(taken, intonation=hearing.intonation) if hearing else taken


def _onlookers(
    stack: ExitStack,
    arguments: argparse.Namespace,
    parts: Parts,
    score: Score,
    settings: PracticeSettings,
    journal: Journal,
    inbox: Inbox,
) -> list[Sink]:
    """Who is told of the session: what leads the hand first, by the takes before this one, then who says it."""
    sinks: list[Sink] = [Stream(score, arguments.json), EndWhenLost(inbox)]
    glove = open_glove_at_once(arguments.glove_kind, arguments.glove, parts) if arguments.glove else None
    if glove is not None:
        stack.callback(glove.close)
        sinks.append(TellOfGlove(glove))
    histories.bring_forward(journal, score, score.title.__eq__)
    entries = latest_takes(journal, score.digest)
    kept = journal.keep_passes if is_live(arguments) else None
    return [*guided(score, settings, glove, entries, keep=kept), *sinks]


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


def _synth(stack: ExitStack, parts: Parts) -> Synth:
    synth = parts.open_speaker()
    stack.callback(synth.close)
    if isinstance(synth, SilentSynth):
        tell(f"There is no sound: {synth.reason}")
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
