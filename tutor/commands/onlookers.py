"""Who looks on while a session runs without a window: a stream of words or JSON, a watch, and a pace-maker."""

from __future__ import annotations

import json
import sys
import threading
import time
from dataclasses import replace

from lessons.bar_names import bar_at
from lessons.note_names import pitch_name
from lessons.score import Score
from tutor.clock import stamp
from tutor.commands.parts import SoundInput
from tutor.events import Event, Inbox, Lost
from tutor.glove.state import Glove, GloveState
from tutor.performance import Performance
from tutor.sinks import FinishedTake, Sink
from tutor.verdicts import Judgement

MARKS = {"hit": "·", "wrong": "✗", "extra": "+"}


def tell(words: str) -> None:
    """Tell the person at the terminal, on standard error."""
    print(words, file=sys.stderr, flush=True)


class Stream(Sink):
    """Prints what the session hears: JSON objects, or short lines for a person."""

    def __init__(self, score: Score, as_json: bool):
        self._score, self._as_json = score, as_json

    def heard(self, event: Event, judgements: tuple[Judgement, ...]) -> None:
        """Print each judgement."""
        for said in judgements:
            print(json.dumps(said.as_json()) if self._as_json else self._line(said), flush=True)

    def settled(self, judgements: tuple[Judgement, ...]) -> None:
        """Print what the end changed."""
        if self._as_json:
            for said in judgements:
                print(json.dumps(said.as_json()), flush=True)

    def lost(self, event: Lost) -> None:
        """Say so on standard error."""
        tell(f"{event.source} {'is back' if event.regained else 'was lost; your take is kept'}")

    def noticed(self, words: str) -> None:
        """Say it on standard error."""
        tell(words)

    def _line(self, said: Judgement) -> str:
        """One judgement for a person: time, verdict, note, bar, how late."""
        bar = "" if said.onset_beat is None else bar_at(self._score, said.onset_beat)
        late = "" if said.error_sec is None else f"{1000 * said.error_sec:+.0f} ms"
        name = pitch_name(said.pitch)
        mark, what = (MARKS["hit"], "orn.") if said.ornament else (MARKS[said.verdict], said.verdict)
        return f"{said.time_sec:8.2f} s  {mark} {what:6} {name:4} {bar:8} {late:>8}"


class EndWhenLost(Sink):
    """Ends the session when its input goes away; nobody is there to plug it in again."""

    def __init__(self, inbox: Inbox):
        self._inbox = inbox

    def lost(self, event: Lost) -> None:
        """Ask the session to end."""
        if not event.regained:
            self._inbox.put(None)


class TellOfMicrophone(Sink):
    """Says once what would spoil the hearing of this instrument: too loud, too quiet, a hum."""

    def __init__(self, microphone: SoundInput, instrument: str):
        self._microphone, self._instrument = microphone, instrument
        self._told, self._gone = {""}, False

    def ticked(self, now_sec: float) -> None:
        """Say what is new."""
        said = self._microphone.level.notice_for(self._instrument)
        if not self._gone and said not in self._told:
            self._told.add(said)
            tell(said)

    def lost(self, event: Lost) -> None:
        """Of a microphone that is gone there is nothing more to say."""
        self._gone = not event.regained


class TellOfGlove(Sink):
    """Says once, in calm words, what happens to the glove; the lesson goes on whatever it is."""

    def __init__(self, glove: Glove):
        self._glove, self._told = glove, ""

    def ticked(self, now_sec: float) -> None:
        """Say what is new."""
        said = words_of(self._glove.state)
        if said != self._told:
            self._told = said
            tell(said or f"{self._glove.state.name}: touch is back")

    def finished(self, take: FinishedTake) -> None:
        """What happens to it after the take is nobody's matter."""
        self._told = words_of(self._glove.state)


def words_of(state: GloveState) -> str:
    """What a learner should know of a glove; empty where all is well, or where it has not answered yet."""
    return state.error or ", ".join(state.faults) or state.notice


class Pace(Sink):
    """Feeds a take at its own pace, from the moment that the session begins."""

    def __init__(self, performance: Performance, inbox: Inbox):
        self._events, self._inbox = performance.events(), inbox

    def begun(self, start_sec: float) -> None:
        """Start with the session's clock."""
        threading.Thread(target=self._feed, args=(start_sec,), daemon=True).start()

    def _feed(self, start_sec: float) -> None:
        for event in self._events:
            time.sleep(max(0.0, start_sec + event.time_sec - stamp()))
            self._inbox.put(replace(event, time_sec=start_sec + event.time_sec))
        self._inbox.put(None)
