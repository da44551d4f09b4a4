"""What the line writer learns from: real tunes, and what is left of them after they were squeezed and bent.

A stretch of eight bars is squeezed through the rhythm of another tune: only the pitches that sound at that tune's
onsets survive, held until the next. From this curve, the rhythm and the chords, the writer has to restore the stretch.
Some stretches are also bent (their curve moved by a semitone or two here and there, as when the chords change), and
some have no curve at all, so that the writer also knows what tunes do by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from lessons.harmony import find_key
from lessons.score import CHORD_DTYPE
from models.corpus import Corpus, Tune
from models.grid import HOLD, PITCHES, STEPS_PER_BEAT, Steps, held_curve
from models.writer import HISTORY, MOST_RUN, UNKNOWN, WIDEST, Past, Rows, Setting, duration_class, metric_strength

STRETCH_BARS = 8
FEWEST_NOTES = 6
UNGUIDED_SHARE = 0.12
BENT_SHARE = 0.3
BEND_SHARE = 0.35  # of the curve's pitches in a bent stretch
SAME_RHYTHM_SHARE = 0.4  # of bent stretches: only the harmony changes there


@dataclass(frozen=True, eq=False)
class Stretch:
    """Eight bars of a tune: onsets and lengths in steps, pitches, and the setting without a curve."""

    onsets: Steps
    pitches: Rows
    steps: int
    bar_steps: int
    setting: Setting


def stretches(corpus: Corpus, split: int) -> list[Stretch]:
    """All stretches of a split that have enough notes."""
    found = []
    for tune in corpus.of_split(split):
        length = STRETCH_BARS * tune.bar_steps
        for start in range(0, len(tune.tokens), length):
            stretch = _stretch(tune, slice(start, min(start + length, len(tune.tokens))))
            if stretch is not None:
                found.append(stretch)
    return found


def _stretch(tune: Tune, where: slice) -> Stretch | None:
    tokens, chords = tune.tokens[where], tune.chords[where]
    onsets = np.flatnonzero(tokens < PITCHES)
    if len(onsets) < FEWEST_NOTES or (chords.tones > 0).mean() < 0.5:
        return None
    pitches = tokens[onsets]
    key = find_key(_chord_rows(chords.root, chords.bass, chords.tones))
    lengths = _lengths(tokens, onsets)
    following = np.append(onsets[1:], onsets[-1] + lengths[-1])
    place = onsets % tune.bar_steps / STEPS_PER_BEAT
    strength = metric_strength(place, tune.bar_steps / STEPS_PER_BEAT, tune.compound)
    full = np.full(len(onsets), 1)
    masks = chords.tones[onsets]
    setting = Setting(
        root=chords.root[onsets],
        mask=masks,
        next_mask=np.append(masks[1:], masks[-1]),
        scale=full * key.scale,
        tonic=full * key.tonic,
        minor=full * key.minor,
        strength=strength,
        next_strength=np.append(strength[1:], 0),
        before_class=duration_class(np.append(4.0, np.diff(onsets) / STEPS_PER_BEAT)),
        length_class=duration_class(lengths / STEPS_PER_BEAT),
        after_class=duration_class((following - onsets) / STEPS_PER_BEAT),
        stammer=full * 0,
        last=(np.arange(len(onsets)) == len(onsets) - 1).astype(np.int64),
        bent=full * 0,
        guided=full,
        curve=np.repeat(pitches[:, None], 3, axis=1),
    )
    return Stretch(onsets, pitches, len(tokens), tune.bar_steps, setting)


def _lengths(tokens: Steps, onsets: Steps) -> Steps:
    ends = np.flatnonzero(np.append(tokens, 0) != HOLD)
    return ends[np.searchsorted(ends, onsets, side="right")] - onsets


def _chord_rows(root: Steps, bass: Steps, tones: Steps) -> NDArray[np.void]:
    """Chords by step as rows of CHORD_DTYPE, a row a step."""
    rows = np.zeros(len(root), CHORD_DTYPE)
    rows["start_beat"], rows["end_beat"] = np.arange(len(root)), np.arange(1, len(root) + 1)
    rows["root"], rows["bass"], rows["tones"] = root, bass, tones
    return rows[tones > 0]


def squeezed(stretch: Stretch, through: Steps, rng: np.random.Generator, bend: bool) -> tuple[Rows, Rows]:
    """The curve that is left at each onset after the tune went ``through`` other onsets, and which notes stammer."""
    tokens = np.full(stretch.steps, HOLD)
    tokens[stretch.onsets] = stretch.pitches
    curve = held_curve(tokens)
    others = through[through < stretch.steps]
    left = np.full(stretch.steps, HOLD)
    left[others] = curve[others] + (_bends(len(others), rng) if bend else 0)
    if not len(others):
        left[0] = curve[0]
    held = held_curve(left)[stretch.onsets]
    source = np.searchsorted(others, stretch.onsets, side="right")
    return held, np.append(0, np.diff(source) == 0)


def _bends(count: int, rng: np.random.Generator) -> Rows:
    bent = rng.random(count) < BEND_SHARE
    return np.where(bent, rng.choice([-2, -1, -1, 1, 1, 2], size=count), 0)


def guide(curve: Rows) -> Rows:
    """For each note the pitches aimed at now and for the two notes after it, (N, 3)."""
    return np.stack([curve, np.append(curve[1:], curve[-1]), np.append(curve[2:], [curve[-1]] * min(2, len(curve)))], 1)


def lesson(pool: list[Stretch], rng: np.random.Generator) -> tuple[Setting, Past, Rows]:
    """One epoch: every stretch once, squeezed anew; settings, pasts and the intervals to predict."""
    by_bar: dict[int, list[int]] = {}
    for index, stretch in enumerate(pool):
        by_bar.setdefault(stretch.bar_steps, []).append(index)
    settings, pasts, answers = [], [], []
    for stretch in pool:
        other = pool[int(rng.choice(by_bar[stretch.bar_steps]))]
        bend = rng.random() < BENT_SHARE
        through = stretch.onsets if bend and rng.random() < SAME_RHYTHM_SHARE else other.onsets
        curve, stammer = squeezed(stretch, through, rng, bend)
        guided = np.full(len(curve), int(rng.random() >= UNGUIDED_SHARE))
        settings.append(_guided(stretch.setting, guide(curve), stammer, guided, int(bend)))
        past = past_of(stretch.pitches, curve[0] if guided[0] else stretch.pitches[0])
        pasts.append(past)
        answers.append(stretch.pitches - past.pitch)
    setting = Setting(*(np.concatenate([getattr(part, field.name) for part in settings]) for field in fields(Setting)))
    past = Past(*(np.concatenate([getattr(part, field.name) for part in pasts]) for field in fields(Past)))
    return setting, past, np.concatenate(answers)


def _guided(setting: Setting, curve: Rows, stammer: Rows, guided: Rows, bent: int) -> Setting:
    columns = {field.name: getattr(setting, field.name) for field in fields(Setting)}
    return Setting(**columns | {"curve": curve, "stammer": stammer, "guided": guided, "bent": guided * bent})


def past_of(pitches: Rows, start: int) -> Past:
    """The past of every note of a tune whose first note is approached from ``start``, as `Past.after` builds it."""
    before = np.append(start, pitches[:-1])
    steps = np.clip(pitches - before, -WIDEST, WIDEST)
    earlier = np.arange(len(pitches))[:, None] - 1 - np.arange(HISTORY)
    intervals = np.where(earlier >= 0, steps[np.clip(earlier, 0, None)], UNKNOWN)
    places = np.arange(len(pitches))
    moved = np.maximum.accumulate(np.where(steps != 0, places, -1))
    run = np.minimum(np.append(0, (places - moved)[:-1]), MOST_RUN)
    return Past(before, intervals, run)
