"""Passive rehearsal: the hands feel today's worst passages over and over while the learner does something else.

Two or three passages, both hands, 20 to 30 minutes (Mobile Music Touch; Seim; Gemicioglu 2024), in blocks of five
minutes with a minute of rest between, and never beyond what a hand may be touched in one sitting. Seconds count from
the start of the rehearsal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle

from lessons.errors import InputError
from lessons.score import Score
from tutor.cues import Guidance, Strength, TimedCue, plan
from tutor.glove.limits import CHILD_SESSION_SEC, SESSION_SEC

MOST_PASSAGES = 3
MINUTES = (1.0, 30.0)
DEFAULT_MINUTES = 25.0
BLOCK_SEC, REST_SEC = 300.0, 60.0
BETWEEN_SEC = 2.0


@dataclass(frozen=True)
class Rehearsal:
    """What the hands will feel, in order of time; ``rests`` are (start, end) in seconds."""

    cues: tuple[TimedCue, ...]
    rests: tuple[tuple[float, float], ...]
    length_sec: float


def rehearse(
    score: Score, passages: Sequence[tuple[int, int]], minutes: float = DEFAULT_MINUTES, child: bool = False
) -> Rehearsal:
    """Plan a rehearsal of passages (first and last bar, the worst first). Raises InputError where none can be felt."""
    if not MINUTES[0] <= minutes <= MINUTES[1]:
        raise InputError(f"{minutes:g} minutes of rehearsal: must be {MINUTES[0]:g} to {MINUTES[1]:g}")
    rounds = [felt for passage in passages[:MOST_PASSAGES] if (felt := _round(score, passage))[0]]
    if not rounds:
        raise InputError("nothing in these passages can be felt: no notes with a hand and a finger")
    return _timed(rounds, min(minutes * 60, CHILD_SESSION_SEC if child else SESSION_SEC))


_Round = tuple[tuple[TimedCue, ...], float]


def _round(score: Score, bars: tuple[int, int]) -> _Round:
    """The cues of one time through a passage, from its start, and how long that takes."""
    start, end = score.bar_range(*bars)
    timed = plan(score, Guidance(strength=Strength.HINT)).timed(score.tempo, start)
    inside = tuple(each for each in timed if start <= each.cue.onset_beat < end)
    return inside, float(score.tempo.seconds_at(end) - score.tempo.seconds_at(start))


def _timed(rounds: Sequence[_Round], length_sec: float) -> Rehearsal:
    cues: list[TimedCue] = []
    rests: list[tuple[float, float]] = []
    now, block_end = 0.0, BLOCK_SEC
    for felt, round_sec in cycle(rounds):
        if now + round_sec > block_end and now > (rests[-1][1] if rests else 0.0):
            rests.append((now, now + REST_SEC))
            now, block_end = now + REST_SEC, now + REST_SEC + BLOCK_SEC
        if now + round_sec > length_sec:
            break
        cues += [TimedCue(now + each.at_sec, each.cue) for each in felt]
        now += round_sec + BETWEEN_SEC
    return Rehearsal(tuple(cues), tuple(rest for rest in rests if rest[1] < length_sec), now)
