"""A take as *passes*: stretches in which the player goes through the score without jumping.

The live follower hears the whole take once; its last belief, read backwards, is the most likely story of all notes. A
jump in it opens a new pass. Where the jump was noticed a few notes late, those notes are given to the new pass if
they fit it better.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from lessons.score import Score
from tutor.events import NoteOn
from tutor.follow import Follower
from tutor.following.costs import Costs
from tutor.following.hypotheses import Step
from tutor.following.places import Places
from tutor.performance import Performance

SHORTEST, SHORTEST_SEC = 4, 0.4  # notes of a pass, and its time; less is a stumble or a flourish of the pass before
GOES_ON = 12  # places after a stumble within which the pass goes on
LATEST_NOTICE = 12  # notes until a jump is noticed
TOGETHER_SEC = 0.1
HINDSIGHT = Costs(jump_fade=0.0)  # what follows will tell: no story need fade
BACK_REACH = 3  # places that one note may step back over while the start of a pass is sought


@dataclass(frozen=True, eq=False)
class Pass:
    """Notes ``first_note`` to before ``end_note`` of the take go through places ``first`` to ``last`` of the score.

    ``heard`` maps a note to the place and bit that the follower took it for. ``broken`` says that a jump ended it. The
    last notes may go on to ``search_last``.
    """

    first_note: int
    end_note: int
    first: int
    last: int
    search_last: int
    heard: dict[int, tuple[int, int]]
    broken: bool


def find_passes(
    score: Score, performance: Performance, hands: int | None = None, span: tuple[float, float] | None = None
) -> tuple[Places, list[Pass]]:
    """The score's places and the passes of a take through them, in order of time; of a passage (beats) alone."""
    follower = Follower(score, hands=hands, costs=HINDSIGHT, remembers=True, start_beat=span and span[0], loop=span)
    for onset, _, pitch, velocity in performance.notes.tolist():
        follower.step(NoteOn(onset, pitch, max(1, velocity)))
    places, steps = follower.places, follower.story()
    if not steps:
        return places, []
    starts = _starts(places, steps, performance)
    ends = [*(start for start, _ in starts[1:]), len(steps)]
    found = [
        _pass(steps[start:end], start, place, broken=end < len(steps))
        for (start, place), end in zip(starts, ends, strict=True)
    ]
    return places, _without_stumbles([one for one in found if one is not None], performance, places.count)


def _starts(places: Places, steps: list[Step], performance: Performance) -> list[tuple[int, int]]:
    """(first note, first place) of each pass.

    Two jumps within one chord are one: its first notes were taken for those of another beginning.
    """
    starts, times = [(0, steps[0].place)], performance.notes["onset_sec"]
    for index, step in enumerate(steps):
        if step.jumped and index:
            if len(starts) > 1 and times[index] - times[starts[-1][0]] < TOGETHER_SEC:
                starts.pop()
            earliest = max(starts[-1][0] + 1, index - LATEST_NOTICE)
            starts.append(_begun(places, steps, performance, index, earliest))
    return starts


def _begun(places: Places, steps: list[Step], performance: Performance, index: int, earliest: int) -> tuple[int, int]:
    """Where the pass that was noticed at note ``index`` really began: (note, place).

    A note that fits both passes belongs to the chord that it was struck with.
    """
    pitches, times = performance.notes["pitch"].tolist(), performance.notes["onset_sec"]
    place, best, gain = steps[index].place, (index, steps[index].place), 0
    used = {(place, pitches[index])}
    balance = 0
    for note in range(index - 1, earliest - 1, -1):
        balance -= steps[note].verdict == "hit"
        for there in range(place, max(-1, place - BACK_REACH), -1):
            if pitches[note] in places.bits[there] and (there, pitches[note]) not in used:
                used.add((there, pitches[note]))
                place, balance = there, balance + 1
                break
        together = times[note + 1] - times[note] < TOGETHER_SEC
        if balance > gain or (balance == gain and together and best[0] == note + 1):
            best, gain = (note, place), balance
    return best


def _without_stumbles(found: list[Pass], performance: Performance, count: int) -> list[Pass]:
    """The passes, with those too short to be one given to the pass before, unless all there is was played in them."""
    kept: list[Pass] = []
    notes, times = len(performance.notes), performance.notes["onset_sec"]
    for one in found:
        brief = times[one.end_note - 1] - times[one.first_note] < SHORTEST_SEC
        whole = one.first == 0 and one.last == count - 1
        if kept and not whole and (len(one.heard) < SHORTEST or brief):
            before = kept[-1]
            ahead = min(count - 1, before.last + one.end_note - one.first_note)
            kept[-1] = replace(before, end_note=one.end_note, search_last=ahead, broken=one.end_note < notes)
        elif kept and kept[-1].search_last > kept[-1].last and kept[-1].last < one.first <= kept[-1].last + GOES_ON:
            before = kept[-1]
            heard = before.heard | one.heard
            kept[-1] = Pass(before.first_note, one.end_note, before.first, one.last, one.last, heard, one.broken)
        else:
            kept.append(one)
    return kept


def _pass(steps: list[Step], first_note: int, first: int, broken: bool) -> Pass | None:
    """One pass from its steps; None where nothing of it was in the score."""
    noticed = max((slot for slot, step in enumerate(steps) if step.jumped), default=0)
    heard = {
        first_note + slot: (step.place, step.bit) for slot, step in enumerate(steps) if step.bit and slot >= noticed
    }
    reached = [place for place, _ in heard.values()]
    if not reached:
        return None
    return Pass(first_note, first_note + len(steps), min(first, *reached), max(reached), max(reached), heard, broken)


def mean_period(places: Places, one: Pass, performance: Performance, usual: float) -> float:
    """Seconds a beat from one end of a pass to the other; ``usual`` where it has but one place."""
    times = performance.notes["onset_sec"]
    ends = sorted((places.beats[place], float(times[note])) for note, (place, _) in one.heard.items())
    beats, seconds = (ends[-1][axis] - ends[0][axis] for axis in (0, 1)) if ends else (0.0, 0.0)
    return seconds / beats if beats > 0 and seconds > 0 else usual
