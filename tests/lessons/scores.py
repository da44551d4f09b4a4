"""Small scores made in code, and strategies that make more of them."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from lessons.hands import with_hands
from lessons.score import (
    BAR_DTYPE,
    CHORD_DTYPE,
    KEY_DTYPE,
    LEFT,
    METRE_DTYPE,
    NOTE_DTYPE,
    RIGHT,
    UNKNOWN_HAND,
    Score,
)
from lessons.timing import TempoMap

Row = tuple[float, float, int, int]  # onset, duration (beats), pitch, hand


def notes_of(rows: list[Row], fingers: dict[int, int] | None = None) -> NDArray[np.void]:
    """Rows of NOTE_DTYPE; ``fingers`` by place in ``rows``."""
    notes = np.zeros(len(rows), NOTE_DTYPE)
    for note, (onset, duration, pitch, hand) in zip(notes, rows, strict=True):
        note["onset_beat"], note["duration_beat"], note["pitch"], note["hand"] = onset, duration, pitch, hand
    notes["velocity"], notes["voice"] = 64, 1
    for place, finger in (fingers or {}).items():
        notes["finger"][place], notes["finger_confidence"][place] = finger, 1.0
    return notes


def bars_of_length(length: float, count: int, pickup: float = 0.0) -> NDArray[np.void]:
    """Bars of equal length, after a pickup if there is one."""
    rows = [(i + 1, i + 1, i * length, (i + 1) * length) for i in range(count)]
    return np.array(([(0, 0, -pickup, 0.0)] if pickup else []) + rows, BAR_DTYPE)


def score_of(rows: list[Row], count: int = 4, fingers: dict[int, int] | None = None, bpm: float = 96.0) -> Score:
    """A score in 4/4 with the given notes."""
    metres = np.array([(0.0, 4, 4)], METRE_DTYPE)
    return Score(notes_of(rows, fingers), bars_of_length(4.0, count), metres, tempo=TempoMap.of([(0.0, bpm)]))


def song_score() -> Score:
    """Four bars of a song: a voice in the middle of the keyboard (part 0), and a piano on two staves (part 1)."""
    voice = notes_of([(float(beat), 1.0, pitch, UNKNOWN_HAND) for beat, pitch in enumerate([60, 62, 64, 65] * 4)])
    chords = [(4.0 * bar, 4.0, pitch, RIGHT) for bar in range(4) for pitch in (64, 67)]
    basses = [(4.0 * bar, 4.0, pitch, LEFT) for bar, pitch in enumerate((48, 43, 45, 48))]
    piano = notes_of(chords + basses)
    piano["part"] = 1
    song = Score(
        np.concatenate([voice, piano]),
        bars_of_length(4.0, 4),
        np.array([(0.0, 4, 4)], METRE_DTYPE),
        tempo=TempoMap.of([(0.0, 120.0)]),
        title="A Song",
        part_names=("Voice", "Piano"),
    )
    return with_hands(song)


def two_hand_score() -> Score:
    """Four bars for two hands in G with a pickup, chords, ties, triplets, fingers, chord symbols and words."""
    right = [(-1.0, 1.0, 62), (0.0, 1.0, 67), (1.0, 1 / 3, 69), (4 / 3, 1 / 3, 71), (5 / 3, 1 / 3, 69), (2.0, 1.0, 67)]
    right += [(3.0, 1.5, 71), (4.5, 0.5, 73), (5.0, 3.0, 74), (8.0, 0.75, 78), (8.75, 0.25, 79), (9.0, 2.0, 67)]
    left = [
        (0.0, 3.0, 43),
        (0.0, 3.0, 50),
        (3.0, 2.0, 50),
        (5.0, 1.0, 54),
        (6.0, 3.0, 48),
        (9.0, 2.0, 43),
        (9.0, 2.0, 47),
    ]
    rows = [(*note, RIGHT) for note in right] + [(*note, LEFT) for note in left]
    metres, keys = np.array([(-1.0, 3, 4)], METRE_DTYPE), np.array([(-1.0, 1, False)], KEY_DTYPE)
    chords = np.array([(0.0, 6.0, 7, 2**7 | 2**11 | 2**2, 7), (6.0, 9.0, 2, 2**2 | 2**6 | 2**9 | 2**0, 6)], CHORD_DTYPE)
    return Score(
        notes_of(rows, {0: 1, 1: 3, 12: 5}),
        np.concatenate([bars_of_length(3.0, 3, pickup=1.0), np.array([(4, 4, 9.0, 11.0)], BAR_DTYPE)]),
        metres,
        keys,
        chords,
        TempoMap.of([(-1.0, 92.0), (6.0, 80.5)]),
        title="Minuet in small",
        composer="N. N.",
        level=2,
    )


def heard(score: Score, fingers: bool = False) -> Counter[tuple[int, ...]]:
    """What of a score must survive: (onset, duration in 1/480 beat, pitch, hand, finger)."""
    names = ["onset_beat", "duration_beat", "pitch", "hand"] + (["finger"] if fingers else [])
    scale = [480, 480, 1, 1, 1]
    columns = [np.round(score.notes[name] * scale[i]).astype(int).tolist() for i, name in enumerate(names)]
    return Counter(zip(*columns, strict=True))


@st.composite
def scores(draw: st.DrawFn, grid: int = 480, graces: bool = False) -> Score:
    """Scores for one or two hands: any metre and key, perhaps a pickup, chords, overlaps, ties over bars, fingers.

    A key is struck again only when it is free, as on a real keyboard.
    """
    numerator, denominator = draw(st.sampled_from([(4, 4), (3, 4), (2, 4), (6, 8), (3, 8), (2, 2), (5, 4)]))
    length, count = 4.0 * numerator / denominator, draw(st.integers(2, 5))
    pickup = draw(st.sampled_from([0.0, 0.5])) if length > 0.5 else 0.0
    last = int(count * length * grid)
    first = -int(pickup * grid)
    step = st.integers(first, last - 1)
    spans = st.integers(1, max(1, int(6 * grid)))
    hands = draw(st.sampled_from([(RIGHT,), (LEFT,), (LEFT, RIGHT)]))
    keyed = st.dictionaries(
        st.tuples(step, st.integers(21, 108)),
        st.tuples(spans, st.sampled_from(hands), st.integers(0, 5)),
        min_size=1,
        max_size=12,
    )
    rows, fingers, drawn = [], {}, sorted(draw(keyed).items())
    for place, ((onset, pitch), (span, hand, finger)) in enumerate(drawn):
        again = min((on for (on, key), _ in drawn if key == pitch and on > onset), default=last)
        rows.append((onset / grid, min(span, again - onset) / grid, pitch, hand))
        if finger:
            fingers[place] = finger
    notes = notes_of(rows, fingers)
    notes["voice"] = draw(st.sampled_from([1, 2]))
    if graces:
        notes["grace"] = [draw(st.booleans()) if i % 3 == 0 else False for i in range(len(notes))]
        notes["duration_beat"][notes["grace"]] = 0.0
    return Score(
        notes,
        bars_of_length(length, count, pickup),
        np.array([(-pickup, numerator, denominator)], METRE_DTYPE),
        np.array([(-pickup, draw(st.integers(-7, 7)), draw(st.booleans()))], KEY_DTYPE),
        tempo=TempoMap.of([(-pickup, draw(st.integers(20, 300)))]),
        title=draw(st.text(st.characters(categories=["L"]), max_size=8)),
    )
