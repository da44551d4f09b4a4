"""Choose the keys of a pattern with the voicing network, many times at once, as hands could play them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from lessons.harmony import in_mask
from lessons.progress import Told, unheard
from lessons.score import LEFT, RIGHT, UNKNOWN_HAND, Score
from models.figures import bar_groups, bar_start
from models.layers import log_softmax
from models.line import EPSILON, OCTAVE, Pitches
from models.two_hands import HAND_SPAN
from models.voicing import KEYS, REACH, Keyboards, Strokes, features
from models.writer import Rows, Writer

NEVER = -1e9
STRONG = 3


@dataclass(frozen=True)
class Manner:
    """How keys are chosen; figures are nats."""

    temperature: float = 0.3
    doubt: int = 45  # of the rough places, in tenths of a semitone
    pull: float = 0.05  # against each semitone away from the rough place
    foreign: float = 3.0  # against what is neither in the scale nor in the chord
    chord: float = 0.5  # for tones of the chord
    root: float = 0.7  # for the root below on strong beats
    again: float = 3.0  # for what the same bar had before
    crossed: float = 4.0  # against keys beyond what the other hand holds
    leap: float = 1.5  # against each semitone that a hand leaps beyond an octave, and beyond what the pattern leaps


@dataclass(frozen=True, eq=False)
class Voicings:
    """Keys for one pattern: pitches (K, N), and their surprise for the network, (K,), nats a note."""

    pitches: Pitches
    surprise: NDArray[np.float64]


@dataclass(eq=False)
class Hands:
    """What ``count`` players have done so far."""

    count: int
    now: NDArray[np.uint8] = field(init=False)
    last: NDArray[np.uint8] = field(init=False)
    before: NDArray[np.uint8] = field(init=False)
    held: NDArray[np.uint8] = field(init=False)
    until: dict[int, NDArray[np.float64]] = field(init=False)  # by hand: when each key is let go

    def __post_init__(self) -> None:
        """Begin with nothing down."""
        self.now, self.last, self.before, self.held = (np.zeros((self.count, KEYS), dtype=np.uint8) for _ in range(4))
        self.until = {hand: np.full((self.count, KEYS), -np.inf) for hand in (LEFT, RIGHT, UNKNOWN_HAND)}
        self.lowest: dict[int, Rows] = {}
        self.struck: dict[int, tuple[Rows, int]] = {}  # by hand: lowest keys of the last stroke, and the rough one
        self.top = np.full(self.count, -1)

    def begin(self, onset: float) -> None:
        """Begin a stroke."""
        self.before, self.last, self.now = self.last, self.now, np.zeros_like(self.now)
        self.held = np.any([until > onset + EPSILON for until in self.until.values()], axis=0).astype(np.uint8)
        self.lowest, self.top = {}, np.full(self.count, -1)

    def strike(self, note: np.void, pitches: Rows) -> None:
        """Strike one key each; the note itself has the rough place."""
        rows = np.arange(self.count)
        if int(note["hand"]) not in self.lowest:
            self.struck[int(note["hand"])] = pitches, int(note["pitch"])
        self.now[rows, pitches] = 1
        self.until[int(note["hand"])][rows, pitches] = float(note["onset_beat"] + note["duration_beat"])
        self.lowest.setdefault(int(note["hand"]), pitches)
        self.top = pitches

    def beyond(self, note: np.void, options: Rows) -> NDArray[np.bool_]:
        """Which options are not above the stroke so far, or too far for the hand, (K, options)."""
        lowest = self.lowest.get(int(note["hand"]))
        under: NDArray[np.bool_] = options <= self.top[:, None]
        return under if lowest is None or note["hand"] < 0 else under | (options > lowest[:, None] + HAND_SPAN)

    def leaping(self, note: np.void, options: Rows) -> NDArray[np.float64]:
        """By how many semitones each option is too far from the hand's last stroke, (K, options)."""
        hand = int(note["hand"])
        if hand == UNKNOWN_HAND or hand in self.lowest or hand not in self.struck:
            return np.zeros((self.count, len(options)))
        keys, rough = self.struck[hand]
        widest = max(OCTAVE, abs(int(note["pitch"]) - rough))
        beyond: NDArray[np.float64] = np.clip(np.abs(options - keys[:, None]) - widest, 0, None).astype(np.float64)
        return beyond

    def crossing(self, note: np.void, options: Rows) -> NDArray[np.bool_]:
        """Which options are not on this hand's side of what the other hand holds, (K, options)."""
        hand = int(note["hand"])
        if hand == UNKNOWN_HAND:
            return np.zeros((self.count, len(options)), dtype=np.bool_)
        held = self.until[LEFT if hand == RIGHT else RIGHT] > float(note["onset_beat"]) + EPSILON
        some = held.any(axis=1, keepdims=True)
        if hand == RIGHT:
            highest = KEYS - 1 - held[:, ::-1].argmax(axis=1)
            return np.asarray(some & (options <= highest[:, None]), dtype=np.bool_)
        return np.asarray(some & (options >= held.argmax(axis=1)[:, None]), dtype=np.bool_)


def equal_bars(score: Score, notes: NDArray[np.void], strokes: Strokes) -> Rows:
    """For each note its place in the first bar with the same rhythm, rough places and chords; -1 in a new bar."""
    first: dict[tuple[float, ...], NDArray[np.intp]] = {}
    before = np.full(len(notes), -1, dtype=np.int64)
    for members in bar_groups(score, notes):
        start = bar_start(score, float(notes["onset_beat"][members[0]]))
        rhythm = np.round([notes["onset_beat"][members] - start, notes["duration_beat"][members]], 6)
        content = (*rhythm.ravel(), *strokes.rough[members], *strokes.mask[members])
        if content in first:
            before[members] = first[content]
        first.setdefault(content, members)
    return before


def voiced(
    network: Writer,
    score: Score,
    notes: NDArray[np.void],
    strokes: Strokes,
    bounds: tuple[int, int],
    count: int,
    rng: np.random.Generator,
    manner: Manner,
    told: Told = unheard,
) -> Voicings:
    """Choose keys, ``count`` times, for notes sorted by onset and pitch, between two ``bounds``."""
    before = equal_bars(score, notes, strokes)
    pitches, surprise = np.zeros((count, len(strokes)), dtype=np.int64), np.zeros(count)
    hands, rows = Hands(count), np.arange(count)
    with threadpool_limits(1):  # the products are small: threads would only wait for each other
        for place, note in enumerate(notes):
            told("Finding keys for the texture", place / len(notes))
            if strokes.below[place] == 0:
                hands.begin(float(note["onset_beat"]))
            seen = features(strokes.repeated(place, count), Keyboards(hands.now, hands.last, hands.before, hands.held))
            known = log_softmax(network.logits(seen))
            options = strokes.rough[place] + np.arange(-REACH, REACH + 1)
            bias = _bias(strokes, place, options, bounds, manner) + NEVER / 10 * hands.beyond(note, options)
            bias = bias - manner.crossed * hands.crossing(note, options) - manner.leap * hands.leaping(note, options)
            if before[place] >= 0:
                bias = bias + manner.again * (options == pitches[:, before[place]][:, None])
            chosen = (known / manner.temperature + bias + rng.gumbel(size=known.shape)).argmax(axis=1)
            surprise -= known[rows, chosen]
            pitches[:, place] = options[chosen]
            hands.strike(note, pitches[:, place])
    return Voicings(pitches, surprise / max(1, len(strokes)))


def _bias(strokes: Strokes, place: int, options: Rows, bounds: tuple[int, int], manner: Manner) -> NDArray[np.float64]:
    """Log-odds added to each option: bounds, chord and scale, the root below, nearness to the rough place."""
    mask, scale = int(strokes.mask[place]), int(strokes.scale[place])
    bias = -manner.pull * np.abs(options - strokes.rough[place]).astype(np.float64)
    bias -= manner.foreign * ~in_mask(mask | scale, options)
    if mask:
        bias += manner.chord * in_mask(mask, options)
    if strokes.below[place] == 0 and strokes.strength[place] >= STRONG and strokes.root[place] >= 0:
        bias += manner.root * (options % 12 == strokes.root[place])
    room = bounds[1] - strokes.above[place]
    return np.where((options < max(0, bounds[0])) | (options > min(KEYS - 1, room)), NEVER, bias)
