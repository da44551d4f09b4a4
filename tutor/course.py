"""The course of a practice: from where to where it goes, how it is counted in, and what sounds along it.

Where the score's clock leads (keep tempo, listen), it begins with the count-in, in the metre and the tempo of the first
bar. Where the learner leads, it waits at their first note, and they may go back to before it.
"""

from __future__ import annotations

from lessons.score import Score
from tutor.accompany import Timeline, timeline
from tutor.metronome import clicks, count_in_beat, counted_in
from tutor.practice import Mode, PracticeSettings
from tutor.transport import Transport


class Course:
    """The practice of ``score`` as first wished; ``span`` is its start and its end, ``within`` where it may be played.

    All in beats of the score.
    """

    def __init__(self, score: Score, settings: PracticeSettings):
        self.span = start, end = settings.span(score)
        self.clock_leads = settings.mode in (Mode.KEEP_TEMPO, Mode.LISTEN)
        self.within = self.span if settings.loop or self.clock_leads else (score.start_beat, end)
        self._loop = self.span if settings.loop else None
        self._score = counted_in(score, start) if self.clock_leads else score
        bars = settings.count_in_bars if self.clock_leads else 0
        self._begins = count_in_beat(score, start, bars)

    @property
    def count_in(self) -> tuple[float, ...]:
        """The positions at which the count-in clicks."""
        return tuple(click.onset_beat for click in clicks(self._score, self._begins, self.span[0]))

    def opening(self, now_sec: float, tempo_ratio: float, first_beat: float | None) -> Transport:
        """The score's clock at the start: in the count-in, or at ``first_beat``, where it waits for the learner."""
        opening = Transport.at(self._score.tempo, self._begins, now_sec, tempo_ratio, self._loop)
        return opening if self.clock_leads or first_beat is None else opening.waiting(opening.progress_of(first_beat))

    def timeline(self, settings: PracticeSettings) -> Timeline:
        """What sounds along it as the learner wants it now."""
        clicked = self._begins if self.clock_leads else self.within[0]
        hands, backing = settings.sounded_hands(), settings.sounds_backing
        return timeline(self._score, hands, self.within, clicked, settings.metronome, backing)
