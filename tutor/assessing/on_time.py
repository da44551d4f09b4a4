"""Whether an onset came when it was due: how much freedom a player has, and who merely bends the tempo.

A pianist's onsets lie further from a steady line than a beginner's window allows, and on purpose. So the window grows
with the player's own spread, within bounds. What is off all the same says much where it is off by far, or where the
same rhythm went wrong the same way most times that it came. It says little where both hands were off together: a player
who lingers bends the tempo of both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from tutor.assessing.assessment import HIT
from tutor.assessing.heard import Heard, Take
from tutor.assessing.mistake import Degree, Failed, Mistake

FREEDOM, MOST_FREEDOM = 3.0, 2.0  # of the player's own spread, and of the window: more is no freedom
GROSS = 1.5  # times as far off as is allowed: nobody means that
BEND_BEATS = 1.0
SAME_RHYTHM, MOST = 5, 0.5  # times that a rhythm went wrong, and their share

Rhythm = tuple[int, float, float]


def off_time(take: Take) -> Iterator[Mistake]:
    """An onset is outside the window, early or late, and not the only one of its kind in its bar and the next."""
    off = [note for note in struck(take) if _is_off(take, note) and take.slowing_near(note) == 1.0]
    off = [note for note in off if not (take.has_figure(note) or take.is_ending(note) or take.is_near_stop(note))]
    places = {(note.pass_index, note.bar, _is_late(note), note.beat) for note in off}
    kinds = Counter(place[:3] for place in places)
    usual = _usually_off(take)
    for note in off:
        late = _is_late(note)
        if sum(kinds[note.pass_index, bar, late] for bar in (note.bar - 1, note.bar, note.bar + 1)) > 1:
            by = f"{round(1000 * abs(note.error_sec))} ms"
            says = f"The {take.named(note)}{take.hand_in_words(note)} came {by} too {'late' if late else 'early'}."
            degree = Degree.PLAIN if (note.pass_index, note.row) in usual else _degree(take, note)
            yield take.mistake(note, "late" if late else "early", Failed.RHYTHM, says, degree)


def struck(take: Take) -> Iterator[Heard]:
    """The notes of a take that were hit."""
    return (note for note in take.notes if note.verdict == HIT)


def free_sec(window: float, usual: float) -> float:
    """How far something may be off: the window, or what is usual with this player, within bounds."""
    return max(window, min(FREEDOM * usual, MOST_FREEDOM * window))


def degree_of(times_allowed: float, gross: float = GROSS) -> Degree:
    """How much it says that something was off so many times as far as is allowed."""
    return Degree.PLAIN if times_allowed > gross else Degree.SLIGHT


def _allowed_sec(take: Take, note: Heard) -> float:
    window = max(take.windows.trivial_sec, take.windows.on_time_sec(note.period))
    return free_sec(window, take.own_spread)


def _is_off(take: Take, note: Heard) -> bool:
    return bool(np.isfinite(note.error_sec)) and abs(note.error_sec) > _allowed_sec(take, note)


def _is_late(note: Heard) -> bool:
    return note.error_sec > 0


def _degree(take: Take, note: Heard) -> Degree:
    others = (other for other in take.near(note, BEND_BEATS) if other.hand != note.hand and _is_off(take, other))
    if any(_is_late(other) == _is_late(note) for other in others):
        return Degree.SLIGHT
    return degree_of(abs(note.error_sec) / _allowed_sec(take, note))


def _usually_off(take: Take) -> set[tuple[int, int]]:
    """Pass and row of the notes whose rhythm went wrong the same way most times that it came."""
    rhythms: dict[Rhythm, list[Heard]] = {}
    for line in take.lines():
        for before, note, after in zip(line, line[1:], line[2:], strict=False):
            if note.verdict == HIT:
                rhythm = note.hand, round(note.beat - before.beat, 3), round(after.beat - note.beat, 3)
                rhythms.setdefault(rhythm, []).append(note)
    found: set[tuple[int, int]] = set()
    for same in rhythms.values():
        for late in (False, True):
            wrong = [note for note in same if _is_off(take, note) and _is_late(note) == late]
            if len(wrong) >= SAME_RHYTHM and len(wrong) > MOST * len(same):
                found |= {(note.pass_index, note.row) for note in wrong}
    return found
