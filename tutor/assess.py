"""The considered judgement of a take, once it is over.

Conventions
-----------
**What is compared.** A score (as written, repeats unfolded, positions in quarter notes) and a performance (as played,
in seconds). No clock and no metronome: the player's own tempo is the measure, and it may bend.

**Passes.** A player who stops and begins again somewhere else goes through the score in several *passes*. The follower
hears the take once; every jump in its final story opens a pass. Each pass is judged by itself, so a restart is not a
heap of wrong notes and a repeated bar is judged once a pass. A jump that cost no time and explains little was none
(`tutor.assessing.detours`); a beat that was struck again at once begins a pass, too (`tutor.assessing.stumbles`). Where
the same music is written more than once, a pass is where the jumps to it and from it are shortest
(`tutor.assessing.recurrence`). Where one way straight through explains clearly more of a take with many faults, it
stands instead (`tutor.assessing.straight`), unless it would leap over far more than the take did: who stops after three
bars has not gone through the piece. What was played before and after the program was asked to begin again is
heard apart. ``pass`` of a judged note counts the times through the *same place* before it. Notes of the score that no
pass reached are listed once as missed, with ``reached`` false: they count in the recall, and nobody is told about them
as mistakes. A written repeat that was left out is not asked for, nor listed (`tutor.assessing.repeats`); where a way
that leaves repeats out explains clearly more, it stands (`tutor.assessing.routes`).

**A passage that was practised** (``span``) is judged as if it were all there is, round after round: where its music
comes again further on, a round is not taken for that. Only what clearly speaks for other places is judged there.

**Matching.** Inside a pass a played note can only be a written note of its own pitch. Each pitch is aligned in order,
with as many matches as possible and then as near in time as possible to the tempo curve (`tutor.assessing.matching`).
Two voices in unison are one key, which both rows take as played.

**Verdicts.** *hit*: the written note was struck. *wrong*: it was not, and a stray note of a near pitch was struck about
when it was due. *missed*: neither. *extra*: a played note that is none of these. Every written note of a pass has
exactly one of hit, wrong and missed, and every played note is used exactly once: as hit, as wrong, or as extra. The
rest of a chord at which the player broke off is not asked for, and notes of the hand that is not asked for are no extra
ones.

A written ornament may be played or left out: its notes are no extra ones (`tutor.assessing.ornaments`), nor are the
strokes of a trill that the player adds. What it adorns has no onset error and no length, a spread chord no onset error.

**Time.** ``error_sec`` is the onset against the tempo curve of its pass at its place, late being positive. The curve is
a robust local line through the neighbours of the place without the place itself; it starts anew after a hesitation
(`tutor.assessing.curve`). It is None where there are too few neighbours, and for grace notes, which have no time of
their own. ``duration_ratio`` is the sounding length over the written one at the local tempo; pedal is not counted.

**Figures.** precision = hit / (hit + wrong + extra), recall = hit / (hit + wrong + missed), f1 their harmonic mean.
``tempo_bpm`` is the median of the curve, ``timing_sd_sec`` the standard deviation of the onset errors. A bar's score is
the share of its notes that were hit, extra notes counted against it: hit / (hit + wrong + missed + extra).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lessons.score import FREE_MARKS, ORNAMENTS, Score
from tutor.assessing.assessment import (
    HIT,
    JUDGED_DTYPE,
    MISSED,
    WRONG,
    Assessment,
    PassSummary,
)
from tutor.assessing.bars import bars_of
from tutor.assessing.followed import cuts, followed, usual_period_of
from tutor.assessing.matching import Key, Matched, balance, match_pass
from tutor.assessing.passes import Pass
from tutor.assessing.recurrence import placed_by_what_follows, placed_within
from tutor.assessing.repeats import Twins, as_on_the_page
from tutor.assessing.routes import shortened
from tutor.assessing.straight import straight_pass
from tutor.assessing.strays import strays
from tutor.following.places import Places
from tutor.performance import Performance
from tutor.windows import Windows

SURE_SHARE = 0.8  # of the hits: with fewer faults than the rest, what was found is not doubted
CLEARLY_SHARE, LEAST_GAIN = 0.05, 4.0  # by so much another explanation must be better
SHORTER_GAIN = 2.0  # notes by which one without a repeat must be: nothing is likelier
AS_DENSE = 0.5  # of the share of struck notes that it had: who plays three bars and stops has not leapt through all


def assess(
    score: Score,
    performance: Performance,
    *,
    hands: int | None = None,
    windows: Windows | None = None,
    span: tuple[float, float] | None = None,
    restarts_sec: Sequence[float] = (),
) -> Assessment:
    """Judge a take against a score. ``hands`` None asks for both; ``windows`` None takes those of the score's level.

    ``span`` is the passage that was practised, in beats, perhaps again and again: it alone is judged, unless the player
    clearly left it. Then what is also written there was played there. At ``restarts_sec`` they asked to begin again.
    """
    windows = windows or Windows.for_level(score.level)
    inside = _assessed(score, performance, hands, windows, restarts_sec, span)
    if span is None or _speaks_for(inside) >= SURE_SHARE * inside.count(HIT):
        return inside
    anywhere = _assessed(score, performance, hands, windows, restarts_sec, None, span)
    clearly = max(LEAST_GAIN, CLEARLY_SHARE * len(performance.notes))
    return anywhere if _speaks_for(anywhere) > _speaks_for(inside) + clearly else inside


def _speaks_for(judged: Assessment) -> int:
    """How many notes speak for a judgement, less those of the take and of its passes that speak against it."""
    asked = judged.notes[judged.notes["pass_index"] >= 0]
    return 2 * int((asked["verdict"] == HIT).sum()) - len(asked) - len(judged.extra)


def _assessed(
    score: Score,
    performance: Performance,
    hands: int | None,
    windows: Windows,
    restarts_sec: Sequence[float],
    within: tuple[float, float] | None,
    meant: tuple[float, float] | None = None,
) -> Assessment:
    """The judgement by all of the score, or by a passage alone; or by all, where ``meant`` was rather played."""
    places, passes = followed(score, performance, hands, within, restarts_sec)
    usual_period, asked = usual_period_of(score), cuts(performance, restarts_sec)
    passes = placed_by_what_follows(places, passes, performance)
    passes = placed_within(places, passes, performance, meant) if meant is not None else passes
    twins = Twins(score, places)
    passes = as_on_the_page(twins, passes)
    matched = [match_pass(places, one, performance, usual_period) for one in passes]
    passes, matched = _or_straight(places, twins, passes, matched, performance, usual_period)
    passes, matched = _or_shortened(score, twins, places, (passes, matched), performance, hands)
    passes = [_to_where_it_led(one, found, asked) for one, found in zip(passes, matched, strict=True)]
    notes = _judged(score, places, twins, passes, matched, performance)
    extra = strays(score, places, passes, matched, performance, hands)
    curves = tuple(one.curve for one in matched)
    return Assessment(
        score,
        performance,
        notes,
        extra,
        tuple(
            _pass_summary(score, places, one, found, performance, int((extra["pass_index"] == index).sum()))
            for index, (one, found) in enumerate(zip(passes, matched, strict=True))
        ),
        curves,
        bars_of(score, performance, notes, extra, curves, windows),
        windows,
        _repeats_left_out(score, places, twins, passes),
    )


def _to_where_it_led(one: Pass, found: Matched, asked: Sequence[int]) -> Pass:
    """A pass up to the last place of which a key was struck; nobody broke off where the next one was ``asked`` for."""
    reached = max([one.last, *(place for place, _ in found.hits)])
    return replace(one, last=reached, broken=one.broken and one.end_note not in asked)


def _or_straight(
    places: Places,
    twins: Twins,
    passes: list[Pass],
    matched: list[Matched],
    performance: Performance,
    usual_period: float,
) -> tuple[list[Pass], list[Matched]]:
    """What was found, or one pass straight through where that explains clearly more of the take."""
    doubtful = _balance(places, twins, passes, matched) < SURE_SHARE * sum(len(one.hits) for one in matched)
    straight = straight_pass(places, performance, usual_period) if doubtful else None
    clearly = max(LEAST_GAIN, CLEARLY_SHARE * len(performance.notes))
    others = [straight] if straight is not None else []
    return _clearer(places, twins, (passes, matched), others, performance, usual_period, clearly)


def _or_shortened(
    score: Score,
    twins: Twins,
    places: Places,
    found: tuple[list[Pass], list[Matched]],
    performance: Performance,
    hands: int | None,
) -> tuple[list[Pass], list[Matched]]:
    """What was found, or a way that leaves repeats out where that explains clearly more of the take."""
    all_right = _balance(places, twins, *found) >= sum(len(one.hits) for one in found[1])
    others = [] if all_right else shortened(score, places, twins.seams, performance, hands)
    return _clearer(places, twins, found, others, performance, usual_period_of(score), SHORTER_GAIN)


def _clearer(
    places: Places,
    twins: Twins,
    found: tuple[list[Pass], list[Matched]],
    others: list[Pass],
    performance: Performance,
    usual_period: float,
    clearly: float,
) -> tuple[list[Pass], list[Matched]]:
    """What was found, or other passes where these explain more by more than ``clearly`` notes."""
    if not others:
        return found
    instead = [match_pass(places, one, performance, usual_period) for one in others]
    if _struck_share(instead) < AS_DENSE * _struck_share(found[1]):
        return found
    gained = _balance(places, twins, others, instead) - _balance(places, twins, *found)
    return (others, instead) if gained > clearly else found


def _struck_share(matched: list[Matched]) -> float:
    """The share of the notes of some passes that were hit."""
    hits = sum(len(one.hits) for one in matched)
    return hits / max(1, hits + sum(len(one.wrong) + len(one.missed) for one in matched))


def _balance(places: Places, twins: Twins, passes: list[Pass], matched: list[Matched]) -> int:
    """How many notes speak for an explanation of the take, less those of the take and the score that speak against."""
    reached = {place for one in passes for place in range(one.first, one.last + 1)}
    reached |= twins.left_out(reached)
    left = sum(len(places.rows[place]) for place in range(places.count) if place not in reached)
    return sum(balance(one) for one in matched) - left


def _judged(
    score: Score, places: Places, twins: Twins, passes: list[Pass], matched: list[Matched], performance: Performance
) -> NDArray[np.void]:
    """One line for each written note and pass, and one for each that no pass reached, repeats left out aside."""
    lines: list[tuple[int, int, int, float, float, int, int]] = []
    visits: Counter[int] = Counter()
    for index, (one, found) in enumerate(zip(passes, matched, strict=True)):
        verdicts = _keys(found)
        for key, (verdict, played) in verdicts.items():
            error, ratio = _timing(places, key, played, found, performance) if verdict == HIT else (np.nan, np.nan)
            for row in places.rows_of(*key):
                length = float(score.notes["duration_beat"][row])
                lines.append((row, verdict, played, error, ratio / length if length else np.nan, visits[key[0]], index))
        visits.update(range(one.first, one.last + 1))
    asked, free = {line[0] for line in lines}, twins.left_out(visits)
    for place in range(places.count):
        rows = places.rows_of(place, places.full[place]) if place not in free else ()
        lines += [(row, MISSED, -1, np.nan, np.nan, 0, -1) for row in rows if row not in asked]
    notes = np.zeros(len(lines), JUDGED_DTYPE)
    for name, column in zip(JUDGED_DTYPE.names or (), zip(*lines, strict=True), strict=False):
        notes[name] = column
    notes["error_sec"][np.isin(notes["row"], score.marked_rows(FREE_MARKS))] = np.nan
    notes["duration_ratio"][np.isin(notes["row"], score.marked_rows(ORNAMENTS))] = np.nan
    if len(notes):
        notes["bar"] = score.bar_numbers_at(score.notes["onset_beat"][notes["row"]]) if len(score.bars) else 1
    return notes[np.lexsort((notes["pass_index"], notes["row"]))]


def _repeats_left_out(score: Score, places: Places, twins: Twins, passes: list[Pass]) -> tuple[int, ...]:
    """The bars of which no place was played because a repeat was left out."""
    played = {place for one in passes for place in range(one.first, one.last + 1)}
    free = {_bar_at(score, places.beats[place]) for place in twins.left_out(played)}
    return tuple(sorted(free - {_bar_at(score, places.beats[place]) for place in played}))


def _keys(found: Matched) -> dict[Key, tuple[int, int]]:
    """Verdict and played note of each key of a pass."""
    verdicts = {key: (HIT, note) for key, note in found.hits.items()}
    verdicts |= {key: (WRONG, note) for key, note in found.wrong.items()}
    return verdicts | dict.fromkeys(found.missed, (MISSED, -1))


def _timing(places: Places, key: Key, played: int, found: Matched, performance: Performance) -> tuple[float, float]:
    """Onset error in seconds, and sounding length in beats, of a hit."""
    place, bit = key
    slot = int(np.searchsorted(found.curve.beat, places.beats[place]))
    if bit & places.grace_bits[place] or slot == len(found.curve.beat) or found.curve.beat[slot] != places.beats[place]:
        return np.nan, np.nan
    note = performance.notes[played]
    length = float(note["duration_sec"]) / float(found.curve.period[slot])
    return float(note["onset_sec"]) - float(found.curve.due_sec[slot]), length


def _pass_summary(
    score: Score, places: Places, one: Pass, found: Matched, performance: Performance, extra: int
) -> PassSummary:
    first, last = (_bar_at(score, places.beats[place]) for place in (one.first, one.last))
    times = performance.notes["onset_sec"][one.first_note : one.end_note]
    return PassSummary(
        first_bar=first,
        last_bar=last,
        start_sec=float(times[0]),
        end_sec=float(times[-1]),
        tempo_bpm=float(60.0 / np.median(found.curve.period)),
        hit=len(found.hits),
        notes=len(found.hits) + len(found.wrong) + len(found.missed),
        extra=extra,
        broken=one.broken,
    )


def _bar_at(score: Score, beat: float) -> int:
    return int(score.bar_numbers_at(beat)) if len(score.bars) else 1
