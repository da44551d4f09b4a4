"""Mistakes by name: what went wrong, where, when, in which hand, and which feature of the music it speaks of.

Each kind is found by one short rule such as a teacher could read out.
Rules about keys (`tutor.assessing.slips`): *wrong*, *neighbour* (the key beside), *octave*, *missing*, *extra*,
*corrected* (a wrong key and then the right one).
Rules about time and touch (`tutor.assessing.on_time`, `tutor.assessing.rhythm`): *early*, *late*, *too short*,
*too long*, *uneven*, *hesitation* (an interval more than 1.6 times its length), *restart*, *skip*, *hands apart*,
*dynamics*.
Rules about tempo (`tutor.assessing.tempo`): *rushing*, *dragging*, *tempo changed* (once), *slower* (some bars, than
the rest).
Trivial ones have no name: less than 40 ms, and a single slip of timing. Onsets are held against the player's own
freedom, within bounds, and how a piece comes to its end is the player's. A mistake says how much it means (`Degree`): a
*slight* one counts where more goes wrong than that, or where it was made again at the same place in another pass.

The feature is what a musician would practise: pitch reading, a leap, rhythm, coordination, texture.
"""

from __future__ import annotations

from dataclasses import replace

from lessons.score import Score
from tutor.assessing.assessment import Assessment
from tutor.assessing.heard import Take
from tutor.assessing.mistake import Degree, Failed, Mistake
from tutor.assessing.on_time import off_time
from tutor.assessing.rhythm import (
    dynamics,
    hands_apart,
    hesitations,
    off_length,
    off_rhythm,
    restarts,
    uneven_runs,
)
from tutor.assessing.slips import corrected, extra_notes, missing_notes, wrong_keys
from tutor.assessing.tempo import drifts, slower
from tutor.performance import Performance

__all__ = ["RULES", "Failed", "Mistake", "find_mistakes"]

RULES = (
    wrong_keys,
    missing_notes,
    extra_notes,
    corrected,
    off_time,
    off_rhythm,
    off_length,
    uneven_runs,
    hesitations,
    restarts,
    drifts,
    slower,
    hands_apart,
    dynamics,
)


def find_mistakes(score: Score, performance: Performance, assessment: Assessment) -> tuple[Mistake, ...]:
    """All mistakes of a take that are worth a name, in order of time."""
    take = Take(score, performance, assessment)
    found = [mistake for rule in RULES for mistake in rule(take)]
    found = _plain_where_again(found)
    return tuple(sorted(found, key=lambda mistake: (mistake.time_sec or 0.0, mistake.onset_beat, mistake.kind)))


def _plain_where_again(found: list[Mistake]) -> list[Mistake]:
    """The mistakes, where what was slight is plain if it happened at the same place in another pass too."""
    passes: dict[tuple[object, ...], set[int]] = {}
    for one in found:
        passes.setdefault(_place(one), set()).add(one.pass_index)
    again = {place for place, indices in passes.items() if len(indices) > 1}
    return [
        replace(one, degree=Degree.PLAIN) if one.degree is Degree.SLIGHT and _place(one) in again else one
        for one in found
    ]


def _place(one: Mistake) -> tuple[object, ...]:
    return one.kind, one.bar, round(one.onset_beat, 1), one.pitch
