"""Jumps that cost no time: whoever strays or trills in time has not left the page.

A player who breaks off and begins elsewhere loses time by it, or comes out elsewhere. Where a pass goes on where
another ended, or further along about when that was due, no jump was made: the two are one pass, and what was struck
between them are stray notes in it, unless the notes themselves speak clearly for the jumps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tutor.assessing.matching import balance, match_pass
from tutor.assessing.ornaments import added_trills
from tutor.assessing.passes import Pass, mean_period
from tutor.following.places import Places
from tutor.performance import Performance

GOES_ON = 3  # places ahead that are where a pass ends
LONG = 12  # notes from which a tempo of its own can be told
MOST_JUMPS = 6  # between two passes that are joined
JUMP_WORTH = 6  # notes that must speak for a jump
LOST_SEC, LOST_SHARE, LOST_MOST_BEATS = 0.4, 0.25, 1.0  # time that may go by beyond what was due, ...
WON_SHARE = 0.4  # ... and that may be lacking


def without_detours(
    places: Places, passes: Sequence[Pass], performance: Performance, usual_period: float
) -> list[Pass]:
    """The passes, those joined between which no time was lost; the furthest apart first."""
    kept, first = list(passes), 0
    while first < len(kept):
        for last in range(min(len(kept) - 1, first + MOST_JUMPS), first, -1):
            joined = _joined(places, kept[first : last + 1], performance, usual_period)
            if joined is not None:
                kept[first : last + 1] = [joined]
                break
        else:
            first += 1
    return kept


def _joined(places: Places, parts: Sequence[Pass], performance: Performance, usual_period: float) -> Pass | None:
    """Several passes as one that leads through the first and the last of them; None where it does not."""
    before, after = parts[0], parts[-1]
    ahead = {note: key for note, key in after.heard.items() if key[0] > before.last}
    if not ahead or not _goes_on(places, before, after, min(ahead), performance, usual_period):
        return None
    one = replace(after, first_note=before.first_note, first=before.first, heard=before.heard | ahead)
    apart = sum(balance(match_pass(places, part, performance, usual_period)) for part in parts)
    found = match_pass(places, one, performance, usual_period)
    together = balance(found) + 2 * len(added_trills(places, performance, found))  # they speak for it like hits
    return one if together + JUMP_WORTH * (len(parts) - 1) >= apart else None


def _goes_on(
    places: Places, before: Pass, after: Pass, back: int, performance: Performance, usual_period: float
) -> bool:
    """Whether a pass goes on with its note ``back`` where the other ends, or further along when that was due."""
    times, (place, _) = performance.notes["onset_sec"], after.heard[back]
    if place <= before.last + GOES_ON:
        return True
    left = max((note for note, (place, _) in before.heard.items() if place == before.last), default=before.end_note - 1)
    beats, gap_sec = places.beats[place] - places.beats[before.last], float(times[back] - times[left])
    longer = max(len(before.heard), len(after.heard))
    tempos = [one for one in (before, after) if len(one.heard) >= min(longer, LONG)]
    return any(_is_in_time(gap_sec, beats, mean_period(places, one, performance, usual_period)) for one in tempos)


def _is_in_time(gap_sec: float, beats: float, period: float) -> bool:
    """Whether an interval is about as long as its beats."""
    lost = gap_sec - beats * period
    return -WON_SHARE * beats * period < lost < max(LOST_SEC, min(LOST_SHARE * beats, LOST_MOST_BEATS) * period)
