"""Choose the pitches of a line: the cheapest path through candidate pitches by hand-set weights (Viterbi).

A cost of 1 is about a semitone off the wanted curve. Weights say what a teacher of counterpoint would: stay near the
curve, stand on chord tones on strong beats, move by step, do not stammer, land at the end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import Feature
from lessons.errors import ComposerError
from lessons.harmony import in_mask
from models.line import Pitches
from models.plan import Plan

REACH = 7  # candidates lie within this many semitones of the curve
WIDEST_LEAP = 12
IMPOSSIBLE = 1e6


@dataclass(frozen=True)
class Weights:
    """Costs of what is better avoided; see `choose_pitches`."""

    pull: float = 1.0
    strong_foreign: float = 4.0
    chord_left: float = 3.0  # a chord tone of the source becomes a foreign tone
    harsh: float = 2.0  # a long note a semitone from what the other hand holds, unless the source has it too
    stammer: float = 1.2
    hurried: float = 2.0  # a key struck again at once
    flattened: float = 1.0  # the source moves and the line does not
    leap: float = 0.35  # each semitone past a fifth
    against: float = 0.8  # moves against the source
    join: float = 0.5  # each semitone past a fifth at the edge of the passage
    cadence: float = 3.0


def choose_pitches(plan: Plan, noise: float, rng: np.random.Generator, smooth: float = 0.0) -> Pitches:
    """The cheapest pitches for a line; ``noise`` (semitones) and ``smooth`` (0 as is, 1 stepwise) bend the costs."""
    weights = Weights()
    candidates = candidate_pitches(plan)
    unary = _unary(plan, candidates, weights)
    unary = unary + noise * rng.gumbel(size=unary.shape)
    leap = weights.leap * (1 + 3 * smooth)
    hurried = plan.hurried
    best, back = unary[0], np.zeros(unary.shape, dtype=np.intp)
    for index in range(1, len(candidates)):
        ways = best[:, None] + _moves(plan, candidates, index, weights, leap, bool(hurried[index]))
        back[index] = ways.argmin(axis=0)
        best = ways.min(axis=0) + unary[index]
    path = np.zeros(len(candidates), dtype=np.intp)
    path[-1] = best.argmin()
    for index in range(len(candidates) - 1, 0, -1):
        path[index - 1] = back[index][path[index]]
    return candidates[np.arange(len(path)), path]


def candidate_pitches(plan: Plan) -> Pitches:
    """The pitches to choose from, (notes, 2·REACH + 1): around the curve, moved into the range asked for."""
    centre = np.clip(plan.line["pitch"].astype(np.int64), plan.floor, np.maximum(plan.floor, plan.ceiling))
    return centre[:, None] + np.arange(-REACH, REACH + 1)


def allowed(plan: Plan, candidates: Pitches) -> NDArray[np.bool_]:
    """Which candidates lie in the range asked for and in the scale or the chord of the moment."""
    fitting = in_mask((plan.chord_masks | plan.scales)[:, None], candidates)
    bounded = fitting & (candidates >= plan.floor[:, None]) & (candidates <= plan.ceiling[:, None])
    low, high = plan.analogy.lowest, plan.analogy.highest
    ranged = fitting & (candidates >= low) & (candidates <= high)
    reachable = np.any(bounded, axis=1, keepdims=True)  # else hands may cross before the range is broken
    usable: NDArray[np.bool_] = np.where(reachable, bounded, ranged)
    if not usable.any(axis=1).all():
        raise ComposerError(f"--range {low}-{high}: too narrow for a tune in this key")
    return usable


def _unary(plan: Plan, candidates: Pitches, weights: Weights) -> NDArray[np.float64]:
    curve = plan.line["pitch"].astype(np.int64)[:, None]
    masks = plan.chord_masks[:, None]
    foreign = (masks != 0) & ~in_mask(masks, candidates)
    foreign_tune = Feature.PITCH in plan.analogy.donors
    cost = weights.pull * np.abs(candidates - curve) + 1e-3 * (candidates > curve)
    cost = cost + weights.strong_foreign * (foreign & plan.strong[:, None] & ~plan.tense[:, None])
    cost = cost + weights.chord_left * (foreign & ~plan.tense[:, None])
    cost = cost + weights.harsh * (in_mask(plan.harsh[:, None], candidates) & (foreign_tune | (candidates != curve)))
    cost = np.where(allowed(plan, candidates), cost, IMPOSSIBLE)
    cost[-1] += weights.cadence * ~lands(plan, candidates[-1])
    for edge, index in ((plan.before, 0), (plan.after, -1)):
        if edge is not None:
            cost[index] += weights.join * np.clip(np.abs(candidates[index] - edge) - REACH, 0, None)
    return cost


def lands(plan: Plan, pitches: Pitches) -> NDArray[np.bool_]:
    """Whether the last note may be these: the tonic where the piece closes on it, else a tone of the last chord."""
    mask, close = int(plan.chord_masks[-1]), plan.close
    if close is None and plan.ends_piece and not mask:
        close = plan.key.tonic
    if close is None or (mask and not mask >> close & 1):
        return in_mask(mask or plan.key.scale, pitches)
    landed: NDArray[np.bool_] = np.equal(pitches % 12, close)
    return landed


def _moves(
    plan: Plan, candidates: Pitches, index: int, weights: Weights, leap: float, hurried: bool
) -> NDArray[np.float64]:
    """Costs of moving from each candidate of the note before to each of this note, that may be a ``hurried`` one."""
    interval = candidates[index][None, :] - candidates[index - 1][:, None]
    wanted = int(plan.line["pitch"][index]) - int(plan.line["pitch"][index - 1])
    size = np.abs(interval)
    cost: NDArray[np.float64] = leap * np.clip(size - max(REACH, abs(wanted)), 0, None)
    cost += IMPOSSIBLE / 10 * (size > WIDEST_LEAP)
    cost += weights.hurried * hurried * (interval == 0)
    if plan.stammers[index]:
        cost += weights.stammer * (interval == 0)
    elif wanted:
        cost += weights.flattened * (interval == 0) + weights.against * (interval * wanted < 0)
    return cost
