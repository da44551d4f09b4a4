"""One line of music heard twice from one tracker: at once, for the lesson, and with hindsight, for the report."""

from __future__ import annotations

from collections.abc import Callable, Collection
from queue import Empty, SimpleQueue

from tutor.events import NoteOff, NoteOn
from tutor.listen.clicks import RINGS_SEC, Clicks
from tutor.listen.due import DueNotes
from tutor.listen.instruments import known
from tutor.listen.melody import HeardNote, MelodyListener
from tutor.listen.octave import Octave
from tutor.listen.onset_ear import OnsetEar
from tutor.listen.periodicity import Sound
from tutor.listen.pitch import Pitch, PitchTracker
from tutor.listen.second_look import SecondLook
from tutor.listen.tuning import CONCERT_HERTZ

See = Callable[[Pitch, float], object]
"""Told each value of the pitch, and its stamp."""


class OneLine:
    """A listener whose `hindsight` has better notes than it could tell at once; ``see`` gets each value of pitch.

    ``ahead_beats``: how far ahead of the player it wants to know what is due; ``octave``: in which one it hears what
    it tells at once; ``a4_hertz``: what A is tuned to, where it shall not be found by ear; ``clicks`` are those that
    the program sounds.
    """

    ahead_beats = 1.5

    def __init__(
        self,
        rate: int,
        instrument: str,
        start_sec: float = 0.0,
        see: See = lambda _pitch, _stamp: None,
        octave: Octave | None = None,
        a4_hertz: float | None = None,
        clicks: Clicks | None = None,
    ):
        self._instrument, self._clicks = known(instrument), clicks or Clicks()
        self._tracker = PitchTracker(rate, *self._instrument.range_hertz(a4_hertz or CONCERT_HERTZ))
        self._onsets = OnsetEar(rate, self._tracker.hop_sec)
        self.octave = octave or Octave()
        self.live = MelodyListener(rate, instrument, start_sec, self.octave, a4_hertz, self._clicks)
        self._look = SecondLook(rate, instrument, a4_hertz)
        self.start_sec, self._see = start_sec, see
        self._asked: SimpleQueue[SimpleQueue[list[HeardNote]]] = SimpleQueue()
        self._ended: list[HeardNote] | None = None

    @property
    def tuning_hertz(self) -> float:
        """What A is tuned to, as far as it is known now."""
        return self.live.tuning_hertz if self._ended is None else self._look.tuning_hertz

    @property
    def tuned(self) -> bool:
        """Whether the instrument keeps a tuning of its own."""
        return self._instrument.tuned

    def expect(self, due: DueNotes | None) -> None:
        """Tell which notes the score has here; None where no score is played."""
        self.live.expect(due)

    def discount(self, pitches: Collection[int]) -> None:
        """Tell which pitches the program itself sounds now."""
        self.live.discount(pitches)

    def passed_over(self) -> tuple[tuple[int, float], ...]:
        """(pitch, second) of the program's own notes that were heard."""
        return tuple(self.live.passed_over)

    def may_be_click(self, note: HeardNote) -> bool:
        """Whether a note is short enough for a click, and sounds where and as one does."""
        sounding, stamp_sec = note.pitch - self._instrument.written_above, self.start_sec + note.onset_sec
        return note.duration_sec < RINGS_SEC and self._clicks.may_be(sounding, stamp_sec)

    def feed(self, block: Sound) -> list[NoteOn | NoteOff]:
        """The events that this block completes."""
        pitches = self._tracker.feed(block)
        rows = self._onsets.feed(block, pitches)
        self._look.hear(pitches, rows)
        for pitch in pitches:
            self._see(pitch, self.start_sec + pitch.time_sec)
        while not self._asked.empty():
            self._asked.get().put(self._look.finish())
        return self.live.hear(pitches, rows)

    def finish(self) -> list[NoteOn | NoteOff]:
        """End the note that still sounds, and the second look."""
        self._ended = self._look.finish()
        return self.live.finish()

    def hindsight(self, wait_sec: float) -> list[HeardNote]:
        """The notes of all that was heard so far, by the second look; any thread may ask while another one feeds."""
        if self._ended is not None:
            return self._ended
        answer: SimpleQueue[list[HeardNote]] = SimpleQueue()
        self._asked.put(answer)
        try:
            return answer.get(timeout=wait_sec)
        except Empty:
            return self._ended or []
