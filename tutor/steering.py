"""Who leads the score's clock, what is said of their notes, and where each note takes the clock.

Where the score waits, the gate leads (`tutor.gate`); where the learner leads, the follower's place and their own pace.
Where the beat leads (`tutor.leading`), and where somebody only listens, no note moves the clock.
"""

from __future__ import annotations

import math
from dataclasses import replace

from lessons.score import Score
from tutor.company import Follower
from tutor.course import Course
from tutor.events import NoteOn
from tutor.gate import Gate
from tutor.leading import LeadingBeat
from tutor.pace import Pace
from tutor.practice import Mode, PracticeSettings
from tutor.transport import Transport
from tutor.verdicts import Judgement

REJOIN_SEC = 2.0  # who was silent so long while the beat led begins again where it stands


class Steering:
    """The steering of one take of ``score`` along a course: its ``gate``, its ``pace``, the ``beat`` where it leads.

    Mode and hands stay those of ``settings`` however the take goes on.
    """

    def __init__(self, score: Score, follower: Follower, settings: PracticeSettings, course: Course):
        hands, span = settings.hands.played(), course.span
        self.gate = Gate(score, hands, course.within, settings.loop, span[0])
        self.beat = LeadingBeat(score, hands, span) if settings.mode is Mode.KEEP_TEMPO else None
        self.pace = Pace(settings.tempo_ratio)
        self._follower, self._mode, self._start_beat = follower, settings.mode, span[0]

    def begin_anew(self, tempo_ratio: float) -> None:
        """The learner begins again, where the practice began."""
        self.gate.begin_anew()
        self.pace.begin_anew(tempo_ratio)
        if self.beat is not None:
            self.beat.begin_anew()
        self._follower.expect_from(self._start_beat)

    def judged(self, event: NoteOn, transport: Transport, clock_sec: float, silent_sec: float) -> tuple[Judgement, ...]:
        """What is said of a note: where the score waits, as it waits; where the beat leads, as it stands by now.

        The one before it was struck ``silent_sec`` seconds of the take ago.
        """
        if self._mode is Mode.WAIT:
            return self._at_gate(event)
        if self.beat is None:
            return self._follower.step(event)
        if silent_sec > REJOIN_SEC:
            here = max(transport.progress_at(clock_sec), transport.entry_progress)
            self._follower.lead_to(transport.beat_of(here))
        judgements = self._follower.step(event)
        self.beat.strike(judgements)
        return judgements

    def _at_gate(self, event: NoteOn) -> tuple[Judgement, ...]:
        """What is said of a note where the score waits: it is what was waited for, or it is wrong there."""
        row = self.gate.strike(event.pitch)
        if row is not None:
            return self._follower.step_at(event, row)[:1]
        return tuple(self.gate.judged(said) for said in self._follower.step(event)[:1])

    def moved(self, transport: Transport, clock_sec: float, judgements: tuple[Judgement, ...]) -> Transport:
        """The score's clock after a note that was so judged; the same one where who played does not move it."""
        if self._mode is Mode.WAIT and self.gate.moved:
            return self._past_gate(transport, clock_sec)
        if self._mode is Mode.FOLLOW and judgements and not judgements[0].lost:
            return self._glided(transport, judgements[0], clock_sec)
        return transport

    def _past_gate(self, transport: Transport, clock_sec: float) -> Transport:
        """Go on from the onset just struck to the next one that the learner must strike."""
        onset, struck = self.gate.onset_beat, self.gate.struck
        limit = math.inf if onset is None else transport.progress_of(onset, self.gate.lap)
        here = transport.progress_of(*struck) if struck else transport.anchor_progress
        return transport.moved(here, clock_sec).waiting(limit)

    def _glided(self, transport: Transport, said: Judgement, clock_sec: float) -> Transport:
        """Stand where the follower says, and move on towards the next onset at the learner's pace."""
        beat = said.position_beat
        lap, loop = transport.lap_at(clock_sec), transport.loop
        if loop and transport.beat_at(clock_sec) - beat > (loop[1] - loop[0]) / 2:
            lap += 1
        onset = self.gate.after(beat, lap)
        limit = math.inf if onset is None else transport.progress_of(*onset)
        here = transport.progress_of(beat, lap)
        ratio = self.pace.strike(clock_sec, here) if said.verdict == "hit" else self.pace.ratio
        return replace(transport.moved(here, clock_sec), ratio=ratio).waiting(limit)

    def due_rows(self, transport: Transport, now_sec: float) -> tuple[int, ...]:
        """The rows of the score that are due next, as who leads has it."""
        if self.beat is not None:
            stands = transport.stands_at(now_sec)
            standing = transport.moved(transport.entry_progress, now_sec).paused(now_sec)
            return self.beat.due_rows(standing if stands else transport, now_sec)
        return self.gate.pending_rows if self._mode is Mode.WAIT else self._follower.next_rows()
