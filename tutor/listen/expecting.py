"""What the score has here, told to a listener: so a due note is believed sooner and an octave error is put right."""

from __future__ import annotations

from lessons.score import Score
from tutor.events import Event
from tutor.listen.melody import MelodyListener
from tutor.sinks import Sink
from tutor.verdicts import Judgement

BEFORE_BEATS, AHEAD_BEATS = 0.5, 1.5


class Expecting(Sink):
    """A sink that tells the listener of one line what is written around the place where the player is."""

    def __init__(self, score: Score, instrument: str, start_beat: float):
        self._score, self._instrument = score, instrument
        self._listener: MelodyListener | None = None
        self._beat = start_beat

    def listen(self, rate: int, start_sec: float) -> MelodyListener:
        """A listener that is told; for a microphone."""
        self._listener = MelodyListener(rate, self._instrument, start_sec)
        self._tell()
        return self._listener

    def heard(self, event: Event, judgements: tuple[Judgement, ...]) -> None:
        """Follow the player."""
        if judgements:
            self._beat = judgements[0].position_beat
            self._tell()

    def _tell(self) -> None:
        away = self._score.notes["onset_beat"] - self._beat
        near = (away >= -BEFORE_BEATS) & (away <= AHEAD_BEATS)
        if self._listener is not None:
            self._listener.expect(frozenset(self._score.notes["pitch"][near].tolist()))
