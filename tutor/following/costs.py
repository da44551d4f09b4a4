"""What each thing that a player may do costs, in nats below the most likely thing: one home for every number.

All are log-likelihood ratios (0 = as expected, more negative = rarer). They were tuned by hand and by coordinate search
on a development part (some pianists and seeds of four pieces); the benches report on others.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Costs:
    """The player model. Times in seconds, tempo deviations as natural logarithms of a ratio."""

    # a note that the score has
    missed: float = -1.7  # a chord that is left out (see `places.weight`)
    late: float = -1.35  # a note of an earlier onset, after the next onset has begun
    late_sec: float = 0.185  # how fast a late note becomes unlikely
    # a note that the score has not
    extra: float = -6.0
    extra_more: float = -4.2  # together with another fault: a wrong chord is one slip
    extra_alone: float = -0.8  # more for one that comes alone: slips come with other notes
    alone_sec: float = 0.2
    ornament: float = -5.5  # struck again, or a neighbour of a note that is sounding: a trill or a slip
    ornamented: float = -0.3  # the same where an ornament is written
    ornamented_due: float = -2.0  # ... and it is the next written note's key, struck when that is due
    due_share: float = 0.2  # of the interval: so far from when it is due
    trilled: float = -1.0  # one more stroke of a trill that is not written
    wrong_near: float = -2.7  # instead of a written note 1 or 2 semitones away
    wrong_octave: float = -4.2
    wrong_far: float = -6.0
    # time
    chord_sec: float = 0.045  # notes of a chord come within this of each other for nothing
    spread_sec: float = 0.074  # how fast a wider gap becomes unlikely (rolled chords)
    early_grace: float = 0.4  # share of that for a grace note, which comes before its beat
    grace_after: float = -3.0  # a grace note after the main note of its hand
    grace_sec: float = 0.6  # the same where the chord has grace notes
    spread_worst: float = -8.0
    tempo_sigma: float = 0.24  # deviation of an interval from its expected length, once the tempo is known
    a_tempo: float = -0.5  # back to the steady tempo after a ritardando
    tempo_vague: float = 3.4  # how much wider while it is not, shrinking with each interval
    jitter_sec: float = 0.04  # added to intervals before they are compared
    early_weight: float = 2.0  # how steeply an early note loses
    early_worst: float = -12.0
    pause_worst: float = -1.93  # a hesitation is common, however long
    anchor_share: float = 0.75  # how much of a deviation is the beat's, ...
    period_share: float = 0.30  # ... and the tempo's
    steady_share: float = 0.08  # how fast the steady tempo follows
    # jumps
    jump: float = -14.0  # without a pause
    jump_after_pause: float = -5.4
    pause_due: float = 0.9  # a pause is what exceeds this many times the expected gap ...
    pause_unsure: float = 1.0  # more of that while the tempo is not known, shrinking with each interval
    pause_sec: float = 0.3  # ... and it is a whole one with this much
    jump_far: float = -0.08  # for each bar of distance
    jump_far_worst: float = -2.5
    jump_off_bar: float = -2.5  # to an onset that is no bar line
    jump_ahead: float = -0.4  # forward rather than back
    jump_fade: float = -0.25  # for each note that a later jump explains no better than playing on
    jump_odd: float = -0.7  # by an odd number of bars (half of it by 2, 6, …): phrases are square
    jump_beginning: float = 0.8  # to where the learner began before, or is known to begin
    jump_mistake: float = -0.3  # to the last mistake
    begin_elsewhere: float = -8.0  # the first note anywhere but where it was expected
    false_start: float = -3.0  # a stray note before the first one
    jump_loop: float = -0.2  # from the end of the loop to its start
    jump_led: float = 0.5  # to where the beat stands that has gone on while nothing was played
    scout_mismatch: float = -6.0
    scout_skip: float = -2.5
    scout_fade: float = -0.1  # for each note since the jump: whoever really jumped is soon found
    # the mean cost of the latest notes, below which they fit nowhere
    lost_fit: float = -2.6
    foreign_fit: float = -1.75
