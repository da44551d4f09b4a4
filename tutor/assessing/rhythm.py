"""Rules for when it was struck, how long it sounded and how loud: time, evenness, togetherness, touch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby, pairwise

import numpy as np

from lessons.bar_names import aside, bar_in_words
from lessons.score import LEFT, RIGHT
from tutor.assessing.assessment import HIT
from tutor.assessing.curve import HESITATION_RATIO, Floats
from tutor.assessing.figures import Figure
from tutor.assessing.heard import Heard, Take, spread_sec
from tutor.assessing.mistake import Degree, Failed, Mistake
from tutor.assessing.on_time import degree_of, free_sec, struck

RUN = 4  # notes of equal length in a row whose evenness can be heard
AROUND_BEATS = 2.0
LOUD, SOFT = 1.6, 0.55  # of the velocity of the notes around, in the same hand
LEAST_AROUND = 4
FAR_APART = 1.6  # times as far apart as is allowed
PAUSE_SEC, PAUSE_BEATS = 0.7, 0.7  # longer than it was due: a pianist breathes for less
STOP_SEC, STOP_BEATS, SURELY_SEC = 1.5, 2.0, 2.5  # that is no hesitation but a stop; the last in any tempo


def off_rhythm(take: Take) -> Iterator[Mistake]:
    """The notes of a figure were not in proportion, as often as it came: long and short played even, or even not."""
    for figure in take.figures.values():
        if figure.again:
            yield _out_of_proportion(take, figure)


def off_length(take: Take) -> Iterator[Mistake]:
    """A key was let go, or held, far out of proportion to the player's own touch in that hand.

    Only without pedal, and where it is known how long keys were held.
    """
    if len(take.performance.pedals) or not take.performance.lengths_known:
        return
    touch = _touch(take)
    for note in struck(take):
        if (
            note.grace
            or note.row in take.short
            or take.is_ending(note)
            or not np.isfinite(note.ratio)
            or note.length < 0.25
            or take.shares_key(note)
        ):
            continue
        usual = touch[note.pass_index, note.hand]
        off_sec = abs(note.ratio - usual) * note.length * note.period
        if off_sec < 2 * take.windows.on_time_sec(note.period):
            continue
        if note.ratio < take.windows.short_ratio * usual:
            says = f"The {take.named(note)}{take.hand_in_words(note)} was let go too soon."
            yield take.mistake(note, "too short", Failed.RHYTHM, says, Degree.SLIGHT)
        elif note.ratio > take.windows.long_ratio * max(1.0, usual) and not _waits(take, note):
            says = f"The {take.named(note)}{take.hand_in_words(note)} was held too long."
            yield take.mistake(note, "too long", Failed.RHYTHM, says, Degree.SLIGHT)


def uneven_runs(take: Take) -> Iterator[Mistake]:
    """A run of equal notes in one hand and at one pace has intervals that differ more than the window allows."""
    for line in take.lines():
        told = [note for note in line if note.verdict == HIT and note.row not in take.free]
        told = [note for note in told if not (take.is_ending(note) or take.is_near_stop(note))]
        for _, part in groupby(told, key=take.slow_passage_at):
            for run in _runs(list(part)):
                worst, times_allowed = _most_uneven(take, run)
                if times_allowed > 1.0 and not any(take.has_figure(note) for note in run):
                    says = f"The {len(run)} equal notes{take.hand_in_words(run[0])} are uneven."
                    degree = degree_of(times_allowed)
                    yield take.mistake(worst, "uneven", Failed.RHYTHM, says, degree)


def _most_uneven(take: Take, run: list[Heard]) -> tuple[Heard, float]:
    """The note of a run after the interval that differs most from the others, and how many times what is allowed."""
    struck = np.diff([note.time_sec for note in run])
    written = np.diff(take.score.tempo.seconds_at([note.beat for note in run]))
    gaps = min((struck, struck * np.median(written) / np.maximum(written, 1e-6)), key=_spread)
    middle, spread = float(np.median(gaps)), _spread(gaps)
    allowed = max(take.windows.trivial_sec, take.windows.uneven_share * middle)
    return run[1 + int(np.argmax(np.abs(gaps - middle)))], spread / allowed


def _spread(gaps: Floats) -> float:
    """How far intervals in seconds are from their middle one, on average; a stop counts as one interval."""
    middle = float(np.median(gaps))
    return float(np.mean(np.minimum(np.abs(gaps - middle), middle)))


def hesitations(take: Take) -> Iterator[Mistake]:
    """The music stopped: an interval was far longer than it was due.

    No last ritardando made it so, and no fermata.
    """
    first = take.first_notes()
    for index, curve in enumerate(take.assessment.curves):
        for slot in np.flatnonzero(curve.hesitates).tolist():
            note = first.get((index, float(curve.beat[slot])))
            if note is None or take.is_ending(note) or (index, note.beat) in take.corrections:
                continue
            gap = float(curve.time_sec[slot] - curve.time_sec[slot - 1])
            due = float((curve.beat[slot] - curve.beat[slot - 1]) * curve.period[slot])
            if take.fermatas.between(float(curve.beat[slot - 1]), note.beat):
                continue
            slowing = take.slowing_near(note)
            if slowing > 1.0 and gap < HESITATION_RATIO * slowing * due:
                continue
            leap = max((take.leap_to(other) for other in take.near(note, 0.0)), default=0) > 7
            says = f"A stop before the {take.named(note)}: {gap:.1f} s instead of {due:.1f} s."
            yield take.mistake(note, "hesitation", Failed.LEAP if leap else Failed.RHYTHM, says, _stop(gap - due, note))


def _stop(too_long_sec: float, note: Heard) -> Degree:
    if too_long_sec > min(SURELY_SEC, max(STOP_SEC, STOP_BEATS * note.period)):
        return Degree.GRAVE
    is_breath = too_long_sec < max(PAUSE_SEC, PAUSE_BEATS * note.period)
    return Degree.SLIGHT if is_breath else Degree.PLAIN


def restarts(take: Take) -> Iterator[Mistake]:
    """The player broke off and went on from another place; said of the bar in which they broke off."""
    last = take.last_struck()
    for index, (before, after) in enumerate(pairwise(take.assessment.passes)):
        note, to_bar = last.get(index), after.first_bar
        if note is None or not before.broken:
            continue
        back = to_bar <= note.bar
        where, to = aside(bar_in_words(take.score, note.bar)), bar_in_words(take.score, to_bar)
        says = f"Broke off in {where} and went {'back' if back else 'on'} to {to}."
        found = take.mistake(note, "restart" if back else "skip", Failed.RHYTHM, says, Degree.GRAVE)
        yield replace(found, to_bar=to_bar)


def hands_apart(take: Take) -> Iterator[Mistake]:
    """Notes of both hands that are written together were not struck together.

    Where one hand alone left its own rhythm, it is that hand's mistake and none of both.
    """
    chords = list(_of_both_hands(take))
    usual = spread_sec([apart for _, apart in chords])
    for together, apart in chords:
        window = max(take.windows.hands_apart_sec, take.windows.on_time_sec(together[0].period) / 2)
        limit = free_sec(window, usual)
        if abs(apart) <= limit:
            continue
        bent = [take.figures[key] for note in together if (key := (note.pass_index, note.row)) in take.figures]
        if len({figure.note.hand for figure in bent}) == 1:
            yield from (_out_of_proportion(take, figure) for figure in bent if not figure.again)
            continue
        behind = "left" if apart > 0 else "right"
        says = f"The {behind} hand came {round(1000 * abs(apart))} ms after the other."
        later = [note for note in together if note.hand == (LEFT if apart > 0 else RIGHT)]
        degree = degree_of(abs(apart) / limit, FAR_APART)
        yield take.mistake(later[0], "hands apart", Failed.COORDINATION, says, degree)


def _of_both_hands(take: Take) -> Iterator[tuple[list[Heard], float]]:
    """The chords of both hands that were not rolled, with how many seconds the left hand came after the right.

    A hand that has an ornament or a grace note there strikes its key when that leaves off, and is no witness; nor is
    one whose chord the page spreads.
    """
    for chord in take.chords():
        adorned = {note.hand for note in chord if note.grace or note.row in take.free}
        together = [note for note in chord if note.verdict == HIT and note.hand not in adorned]
        times = {hand: [note.time_sec for note in together if note.hand == hand] for hand in (LEFT, RIGHT)}
        if times[LEFT] and times[RIGHT]:
            apart = float(np.median(times[LEFT]) - np.median(times[RIGHT]))
            if max(np.ptp(times[LEFT]), np.ptp(times[RIGHT])) <= abs(apart):
                yield together, apart


def dynamics(take: Take) -> Iterator[Mistake]:
    """A note stands out of the notes around it in its hand: far louder or far softer."""
    for note in struck(take):
        around = [
            other.velocity
            for other in take.near(note, AROUND_BEATS)
            if other.hand == note.hand and other.row != note.row and other.verdict == HIT
        ]
        if len(around) < LEAST_AROUND:
            continue
        usual = float(np.median(around))
        if note.velocity > LOUD * usual or note.velocity < SOFT * usual:
            how = "louder" if note.velocity > usual else "softer"
            says = f"The {take.named(note)}{take.hand_in_words(note)} was far {how} than the notes around it."
            yield take.mistake(note, "dynamics", Failed.TEXTURE, says)


def _out_of_proportion(take: Take, figure: Figure) -> Mistake:
    note, way = figure.note, "late" if figure.off > 0 else "early"
    degree = Degree.PLAIN if figure.surely else Degree.SLIGHT
    where = f"{take.named(note)}{take.hand_in_words(note)}"
    by = f"{round(1000 * abs(figure.off) * figure.length_sec)} ms"
    if figure.is_even:
        says = f"The {where} and the note before it are equal; it came {by} too {way}."
        return take.mistake(note, "uneven", Failed.RHYTHM, says, degree)
    return take.mistake(note, way, Failed.RHYTHM, f"The {where} came {by} too {way}.", degree)


def _touch(take: Take) -> dict[tuple[int, int], float]:
    """The usual sounding share of a note's length, for each pass and hand."""
    ratios: dict[tuple[int, int], list[float]] = {}
    for note in struck(take):
        if np.isfinite(note.ratio) and note.row not in take.short:
            ratios.setdefault((note.pass_index, note.hand), []).append(note.ratio)
    return {place: min(1.0, float(np.median(found))) for place, found in ratios.items()}


def _waits(take: Take, note: Heard) -> bool:
    """Whether the music stopped before what follows a note: it was held because of that."""
    curve = take.assessment.curves[note.pass_index]
    stops = curve.beat[curve.hesitates]
    return bool(np.any((stops > note.beat + 1e-6) & (stops <= note.beat + note.length + 1e-6)))


def _runs(line: list[Heard]) -> Iterator[list[Heard]]:
    """Stretches of at least `RUN` notes that follow each other at equal distances of at most a beat."""
    run = line[:1]
    for before, note in pairwise(line):
        gap = note.beat - before.beat
        if len(run) > 1 and abs(gap - (run[-1].beat - run[-2].beat)) > 1e-6:
            if len(run) >= RUN:
                yield run
            run = [before]
        run = [*run, note] if gap <= 1.0 else [note]
    if len(run) >= RUN:
        yield run
