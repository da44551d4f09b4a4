"""Write candidates for a plan with the line writer, all at once, and put the most musical first."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from lessons.analogy import Feature
from lessons.harmony import chord_indices, in_mask
from lessons.progress import Told, unheard
from models.figures import bar_groups, bar_start
from models.layers import log_softmax
from models.line import Beats, Pitches, held_pitches
from models.measures import CURVE_STEP
from models.plan import Plan
from models.restoration import guide
from models.voice_leading import lands
from models.writer import WIDEST, Past, Rows, Setting, Writer, duration_class, features, metric_strength

FIRST_WAIT = 4.0  # beats before the first note, as in training
NEVER = -1e9
FIFTH = 7  # semitones
CROSSED = -100.0  # log-odds against crossing another voice: a writer that is sure of itself gives a key less than -30


@dataclass(frozen=True)
class Taste:
    """How to draw candidates and what to prefer among them."""

    temperature: float = 0.7
    guidance: float = 1.0  # 0: as if there were no curve; 1: as learned
    pull: float = 0.0  # nats a semitone off the curve, on top of what the writer learned
    strong_chord: float = 0.5  # nats for chord tones on bar lines and half bars
    harsh: float = 2.5  # nats against a long note a semitone from what the other hand holds
    foreign: float = 3.0  # nats against what is neither in the scale nor in the chord
    stammer: float = 0.0  # nats against the pitch before where the curve moves
    hurried: float = 3.0  # nats against a key struck again at once
    again: float = 3.0  # nats for what the same bar had before
    surprise: float = 0.9  # nats a note that a real tune has for the writer without a curve
    oddness: float = 2.0
    contour: float = 2.5
    chords: float = 1.5
    repeats: float = 2.0
    usual_repeats: float = 0.2
    join: float = 0.4  # for each semitone past a fifth from the page before a passage, and to the page after it


@dataclass(frozen=True, eq=False)
class Candidates:
    """Lines for one plan: pitches (K, N), and their surprise for a writer who sees no curve, (K,), nats a note."""

    pitches: Pitches
    surprise: NDArray[np.float64]


def setting_of(plan: Plan) -> Setting:
    """What the writer sees of a plan."""
    line = plan.line
    onsets, lengths = line["onset_beat"], line["duration_beat"]
    index = chord_indices(plan.chords, onsets)
    roots = np.append(plan.chords["root"].astype(np.int64), -1)[index]
    masks = plan.chord_masks
    waits = np.diff(onsets)
    strength = strengths(plan, onsets)
    full = np.ones(len(line), dtype=np.int64)
    bent = Feature.CHORDS in plan.analogy.donors or not plan.analogy.donors
    return Setting(
        root=roots,
        mask=masks,
        next_mask=np.append(masks[1:], masks[-1]),
        scale=full * plan.key.scale,
        tonic=full * plan.key.tonic,
        minor=full * plan.key.minor,
        strength=strength,
        next_strength=np.append(strength[1:], 0),
        before_class=duration_class(np.append(FIRST_WAIT, waits)),
        length_class=duration_class(lengths),
        after_class=duration_class(np.append(waits, lengths[-1])),
        stammer=plan.stammers.astype(np.int64),
        last=(np.arange(len(line)) == len(line) - 1).astype(np.int64),
        bent=full * int(bent),
        guided=full,
        curve=guide(line["pitch"].astype(np.int64)),
    )


def strengths(plan: Plan, onsets: Beats) -> Rows:
    """Metrical weights, each in its own bar."""
    piece = plan.analogy.piece
    found = []
    for onset in onsets:
        start = bar_start(piece, float(onset))
        numerator, denominator = piece.metre_at(start)
        compound = denominator == 8 and numerator % 3 == 0
        found.append(metric_strength(np.array([onset - start]), numerator * 4 / denominator, compound)[0])
    return np.array(found, dtype=np.int64)


def same_bar_before(plan: Plan) -> Rows:
    """For each note its place in the first bar that has the same rhythm, curve and chords; -1 in a new bar."""
    line, masks = plan.line, plan.chord_masks
    first: dict[tuple[float, ...], NDArray[np.intp]] = {}
    before = np.full(len(line), -1, dtype=np.int64)
    for members in bar_groups(plan.analogy.piece, line):
        start = bar_start(plan.analogy.piece, float(line["onset_beat"][members[0]]))
        rhythm = np.round([line["onset_beat"][members] - start, line["duration_beat"][members]], 6)
        content = (*rhythm.ravel(), *line["pitch"][members], *masks[members])
        if content in first:
            before[members] = first[content]
        first.setdefault(content, members)
    return before


def write(
    plan: Plan, writer: Writer, taste: Taste, count: int, rng: np.random.Generator, told: Told = unheard
) -> Candidates:
    """Draw ``count`` lines note by note."""
    with threadpool_limits(1):  # the products are small: threads would only wait for each other
        return _write(plan, writer, taste, count, rng, told)


def _write(plan: Plan, writer: Writer, taste: Taste, count: int, rng: np.random.Generator, told: Told) -> Candidates:
    setting, model_before, hurried = setting_of(plan), same_bar_before(plan), plan.hurried
    fitting = plan.chord_masks | plan.scales
    first = np.clip(setting.curve[:1, 0], plan.analogy.lowest, plan.analogy.highest)
    past = Past.start(np.repeat(first, count))
    pitches = np.zeros((count, len(setting)), dtype=np.int64)
    surprise = np.zeros(count)
    rows = np.arange(count)
    steps = np.arange(-WIDEST, WIDEST + 1)
    for place in range(len(setting)):
        told("Writing lines", place / len(setting))
        guided, free = known_intervals(writer, setting.repeated(place, count), past)
        known = free + taste.guidance * (guided - free)
        options = past.pitch[:, None] + steps
        bias = _bias(plan, setting, taste, place, options) - taste.foreign * ~in_mask(fitting[place], options)
        bias[:, WIDEST] -= taste.hurried * hurried[place]
        if model_before[place] >= 0:
            bias = bias + taste.again * (options == pitches[:, model_before[place]][:, None])
        drawn = (known / taste.temperature + bias + rng.gumbel(size=known.shape)).argmax(axis=1)
        surprise -= free[rows, drawn]
        pitches[:, place] = options[rows, drawn]
        past = past.after(pitches[:, place])
    return Candidates(pitches, surprise / len(setting))


def known_intervals(writer: Writer, setting: Setting, past: Past) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Log-probabilities of the next interval with the curve in sight and without it."""
    seen = features(setting, past)
    blind = features(replace(setting, guided=np.zeros_like(setting.guided), bent=np.zeros_like(setting.bent)), past)
    both = log_softmax(writer.logits(np.concatenate([seen, blind])))
    return both[: len(seen)], both[len(seen) :]


def _bias(plan: Plan, setting: Setting, taste: Taste, place: int, options: Pitches) -> NDArray[np.float64]:
    """Log-odds added to each option, (K, INTERVALS): bounds, chord tones on strong beats, the cadence, the curve."""
    mask = int(setting.mask[place])
    bias = -taste.pull * np.abs(options - setting.curve[place, 0]).astype(np.float64)
    bias -= taste.harsh * in_mask(plan.harsh[place], options)
    if place and setting.curve[place, 0] != setting.curve[place - 1, 0]:
        bias[:, WIDEST] -= taste.stammer
    if mask and setting.strength[place] >= 3:
        bias += taste.strong_chord * in_mask(mask, options)
    for edge, here in ((plan.before, place == 0), (plan.after, bool(setting.last[place]))):
        if edge is not None and here:
            bias -= taste.join * np.clip(np.abs(options - edge) - FIFTH, 0, None)
    if setting.last[place]:
        bias += np.where(lands(plan, options), 0.0, NEVER / 10)
    low, high = plan.analogy.lowest, plan.analogy.highest
    bias += CROSSED * ((options < plan.floor[place]) | (options > plan.ceiling[place]))
    return np.where((options < low) | (options > high), NEVER, bias)


def ranked(plan: Plan, found: Candidates, taste: Taste) -> NDArray[np.intp]:
    """The candidates' numbers, best first."""
    contour = contours(plan, found.pitches)
    masks = plan.chord_masks
    judged = plan.strong & (masks != 0)
    chords = in_mask(masks[judged], found.pitches[:, judged]).mean(axis=1) if judged.any() else np.ones(len(contour))
    moves = np.diff(found.pitches, axis=1)
    repeats = (moves == 0).mean(axis=1) if moves.shape[1] else np.zeros(len(contour))
    joins = np.zeros(len(contour))
    for edge, place in ((plan.before, 0), (plan.after, -1)):
        if edge is not None:
            joins += np.clip(np.abs(found.pitches[:, place] - edge) - FIFTH, 0, None)
    cost = (
        taste.oddness * np.abs(found.surprise - taste.surprise)
        - taste.contour * contour
        - taste.chords * chords
        + taste.repeats * np.clip(repeats - taste.usual_repeats, 0, None)
        + taste.join * joins
    )
    return np.argsort(cost, kind="stable")


def contours(plan: Plan, pitches: Pitches) -> NDArray[np.float64]:
    """Correlation of each candidate's held curve with the source's, (K,); 0 where either is flat."""
    steps = np.arange(plan.start_beat, plan.end_beat, CURVE_STEP)
    places = np.clip(np.searchsorted(plan.line["onset_beat"], steps + 1e-6, side="right") - 1, 0, None)
    curves = pitches[:, places].astype(np.float64)
    source = held_pitches(plan.source, steps).astype(np.float64)
    curves = curves - curves.mean(axis=1, keepdims=True)
    source = source - source.mean()
    size = np.sqrt((curves**2).sum(axis=1) * (source**2).sum())
    return np.where(size > 1e-9, curves @ source / np.where(size > 1e-9, size, 1.0), 0.0)
