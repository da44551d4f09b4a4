"""What the score has here, told to a listener: so a due note is believed sooner, and a line in another octave is moved.

The listener is also told which notes the program sounds now, so that they are not taken for the learner's. After the
take it is heard once more: a piano with the whole score at hand (`tutor.listen.verify`), one line over whole phrases
(`tutor.listen.hindsight`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from lessons.score import Score
from tutor.events import Event
from tutor.listen.due import Due
from tutor.listen.hindsight import corrected
from tutor.listen.listener import Hearing
from tutor.listen.own_sound import OwnClicks, OwnSound
from tutor.listen.verify import heard_again
from tutor.performance import Performance
from tutor.practice import PracticeSettings
from tutor.sinks import FinishedTake, Sink
from tutor.take_time import TakeTime
from tutor.transport import Transport
from tutor.verdicts import Judgement


class Expecting(Sink):
    """A sink that tells whoever hears what is written where the player is, and what is sounded there.

    ``notice`` is told, when the playing is over, where what was heard lies against what is written.
    """

    def __init__(
        self,
        score: Score,
        hearing: Hearing,
        start_beat: float,
        settings: PracticeSettings | None = None,
        notice: Callable[[str], object] = lambda _words: None,
    ):
        self._score, self._hearing, self._settings = score, hearing, settings or PracticeSettings()
        self._notice = notice
        self._transport: Transport | None = None
        self._origin_sec, self._left_behind = 0.0, False
        self._own = OwnSound(score, self._settings.sounded_hands(), self._settings.sounds_backing)
        self._clicks = OwnClicks(score, self._settings)
        self._due = Due(score, frozenset(self._settings.hands.played()), start_beat)
        self._tell()

    def begun(self, start_sec: float) -> None:
        """Count what is due by the clock, as the listener does."""
        self._origin_sec = start_sec

    def went_on(self, time: TakeTime) -> None:
        """Count what is due from where the take goes on."""
        self._origin_sec = time.origin_sec

    def moved(self, transport: Transport, next_rows: tuple[int, ...]) -> None:
        """Take note of the score's clock."""
        self._transport = transport

    def heard(self, event: Event, judgements: tuple[Judgement, ...]) -> None:
        """Follow the player."""
        if judgements:
            self._due.heard(judgements)
            self._tell()

    def changed(self, settings: PracticeSettings) -> None:
        """Know what the program sounds from now on."""
        self._settings = settings
        self._own.now_of(self._score, settings.sounded_hands(), settings.sounds_backing)
        self._clicks = OwnClicks(self._score, settings)

    def passed(self, rows: tuple[int, ...]) -> None:
        """Take note that the beat may have gone on without the player."""
        self._left_behind = True

    def ticked(self, now_sec: float) -> None:
        """Tell a listener that is new what is due, and what the program sounds now."""
        if self._left_behind and self._transport is not None:
            self._due.led_to(self._transport.beat_at(now_sec), now_sec - self._origin_sec)
            self._left_behind = False
        self._tell()
        listener = self._hearing.listener
        if self._transport is not None and listener is not None:
            listener.discount(self._own.at(self._transport, now_sec))
            for accent in self._clicks.since(self._transport, now_sec):
                self._hearing.clicks.sounded(now_sec, accent)

    def finished(self, take: FinishedTake) -> None:
        """Expect nothing any more, and sound nothing."""
        if self._hearing.listener is not None:
            self._hearing.listener.expect(None)
            self._hearing.listener.discount(())

    def hindsight(self, performance: Performance, time: TakeTime) -> Performance:
        """The take as it looks when all of it was heard."""
        if self._hearing.lines:
            if words := self._hearing.octave.in_words():
                self._notice(words)
            heard = self._hearing.lines, performance, time
            performance, self._hearing.intonation = corrected(*heard, self._score, self._settings.hands.code)
        clear = [(time.start_sec + stroke.onset_sec, stroke) for stroke in self._hearing.heard_again(time.start_sec)]
        played = [replace(stroke, onset_sec=time.at(sec)) for sec, stroke in clear if time.has(sec)]
        strokes = self._own.taken_out(played, performance, time)
        if strokes:
            performance = heard_again(self._score, strokes, performance, self._settings.hands.code)
        return replace(performance, lengths_known=self._hearing.knows_lengths)

    def _tell(self) -> None:
        listener = self._hearing.listener
        if listener is not None:
            listener.expect(self._due.notes(listener.ahead_beats, self._origin_sec))
