"""The course of a practice: from where to where it goes, how it is counted in, and what sounds along it.

Where the score's clock leads (keep tempo, listen), it begins with the count-in, in the metre and the tempo of the first
bar. Where the learner leads, it waits at their first note, and they may go back to before it.
"""

from __future__ import annotations

from lessons.score import Score
from tutor.accompany import Timeline, timeline
from tutor.metronome import Click, clicks, count_in_beat, counted_in
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
        self._bars = settings.count_in_bars if self.clock_leads else 0
        self._begins = count_in_beat(score, start, self._bars)

    def opening(self, now_sec: float, tempo_ratio: float, first_beat: float | None) -> Transport:
        """The score's clock at the start: in the count-in, or at ``first_beat``, where it waits for the learner."""
        opening = Transport.at(self._score.tempo, self._begins, now_sec, tempo_ratio, self._loop)
        if self.clock_leads:
            counted = [opening.progress_of(one.onset_beat) for one in clicks(self._score, self._begins, self.span[0])]
            return opening.entering(opening.progress_of(self.span[0]), counted)
        return opening if first_beat is None else opening.waiting(opening.progress_of(first_beat))

    def going_on(self, paused: Transport, now_sec: float) -> tuple[Transport, list[tuple[float, Click]]]:
        """The score's clock after a pause, and the clicks by progress that count in to where the music goes on.

        They come as at the beginning: whole bars in the metre and the tempo of that place, and what is before it in
        its own bar.
        """
        entry = paused.entry_progress
        beat = paused.beat_of(entry)
        here = counted_in(self._score, beat)
        first = count_in_beat(here, beat, self._bars)

        def progress_of(place: float) -> float:
            return entry - float(here.tempo.seconds_at(beat) - here.tempo.seconds_at(place))

        counted = [(progress_of(click.onset_beat), click) for click in clicks(here, first, beat)]
        going = paused.moved(progress_of(first), now_sec).resumed(now_sec)
        return going.entering(entry, [progress for progress, _ in counted]), counted

    def timeline(self, settings: PracticeSettings) -> Timeline:
        """What sounds along it as the learner wants it now."""
        clicked = self._begins if self.clock_leads else self.within[0]
        hands, backing = settings.sounded_hands(), settings.sounds_backing
        return timeline(self._score, hands, self.within, clicked, settings.metronome, backing)
