"""A hand of a piece under other chords, led as a musician leads it: voice by voice, near to where it was.

What was a chord tone is one again, and what passed from step to step passes. A voice goes on as it went, scales as
scales and repeated keys as repeated keys, and the root stays in the bass where a chord begins, if it was there. The
keys are the cheapest path through all that come into question; a cost of 1 is about a fourth from the old place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lessons.harmony import chord_indices, classes_of, in_mask, scale_under
from lessons.score import LEFT, RIGHT
from models.line import EPSILON, OCTAVE, Pitches, respelled
from models.two_hands import HAND_SPAN

STEP, FIFTH, FIFTHS = 2, 7, (6, 7, 8)  # semitones
NEAR_BEATS = 6.0  # from which a passage comes, and to which it goes
DRIFT = 0.2  # each semitone away from the old key
BENT, TURNED, STOOD, LEAPT = 0.4, 1.0, 1.5, 1.0  # an interval bent by a semitone, turned round, lost or won, too wide
OFF_THE_STEP = 1.0  # a step bent by a semitone
AT_A_CHANGE = 0.5  # of that, where the chord changes meanwhile
OTHER_PART = 0.5, 2.0  # a chord tone that is another one of the new chord: alone, and in a chord that is struck
INVERTED, SIX_FOUR = 2.0, 4.0  # as a chord begins, a bass that is its root no more, or its fifth now
DOUBLED = 1.5  # another voice has the class already, which was not so
CLASHING = 2.0  # a semitone beside a key struck at once
CROWDED = 20.0  # no key is left for a voice above
BEYOND = 50.0  # across a voice or a hand, on its key, or too far for the hand


@dataclass(frozen=True, eq=False)
class Harmony:
    """The chords that notes were under, those that they come under, the scale, and the keys that a hand may play."""

    old: NDArray[np.void]
    new: NDArray[np.void]
    scale: int
    low: int
    high: int

    def change(self, beat: float) -> tuple[int, int]:
        """The indices of the old and the new chord at a place; -1 for none."""
        return int(chord_indices(self.old, beat)), int(chord_indices(self.new, beat))

    def part(self, key: int, was: int, now: int) -> int:
        """The class that is to the new chord what a key is to the old one: its root, its third; its own for others."""
        old, new = self.old[was], self.new[now]
        ranks = [sorted((tone - int(one["root"])) % OCTAVE for tone in classes_of(one["tones"])) for one in (old, new)]
        above = (key - int(old["root"])) % OCTAVE
        if above not in ranks[0]:
            return key % OCTAVE
        return (int(new["root"]) + ranks[1][min(ranks[0].index(above), len(ranks[1]) - 1)]) % OCTAVE

    def choices(self, note: np.void, passes: bool) -> Pitches:
        """The keys that may stand for a note, a fifth away at most: of the scale where it is foreign and passes."""
        key, (was, now) = int(note["pitch"]), self.change(float(note["onset_beat"]))
        if was < 0 or now < 0 or _same(self.old[was], self.new[now]):
            return np.array([key], dtype=np.int64)
        tones = int(self.new[now]["tones"])
        foreign = not in_mask(int(self.old[was]["tones"]), key)
        fitting = _around(self.new[now], self.scale) if foreign and passes else tones
        near = np.arange(max(self.low, key - FIFTH), min(self.high, key + FIFTH) + 1, dtype=np.int64)
        found: Pitches = near[in_mask(fitting, near)]
        return found if len(found) else np.array([key], dtype=np.int64)


def led(
    notes: NDArray[np.void], old: NDArray[np.void], new: NDArray[np.void], scale: int, low: int = 0, high: int = 127
) -> NDArray[np.void]:
    """The notes under the chords ``new``; they were under ``old``. Where a chord stays, so do its notes."""
    moved, harmony = notes.copy(), Harmony(old, new, scale, low, high)
    hands = sorted(set(notes["hand"].tolist()), key=lambda hand: hand == RIGHT)
    voices = [voice for hand in hands for voice in _voices(notes, hand)]  # from the lowest up: above there is room
    passes, done = np.zeros(len(notes), dtype=np.bool_), np.zeros(len(notes), dtype=np.bool_)
    for voice in voices:
        steps = np.isin(np.abs(np.diff(notes["pitch"][voice].astype(np.int64))), (1, STEP))
        passes[voice[1:-1]] = steps[:-1] & steps[1:]
    choices = [harmony.choices(note, bool(by)) for note, by in zip(notes, passes, strict=True)]
    for voice in voices:
        moved["pitch"][voice] = _path(notes, moved, voice, done, choices, harmony)
        done[voice] = True
    return respelled(moved, notes)


def led_between(
    around: NDArray[np.void],
    notes: NDArray[np.void],
    old: NDArray[np.void],
    new: NDArray[np.void],
    scale: int,
    low: int = 0,
    high: int = 127,
) -> NDArray[np.void]:
    """The notes of a passage under other chords, led from and to those of the page ``around`` it, that stay."""
    begins, ends = float(notes["onset_beat"].min()), float(notes["onset_beat"].max())
    near = (around["onset_beat"] > begins - NEAR_BEATS) & (around["onset_beat"] < ends + NEAR_BEATS)
    near &= np.isin(around["hand"], notes["hand"]) & ~around["grace"]
    return led(np.concatenate([around[near], notes]), old, new, scale, low, high)[np.count_nonzero(near) :]


def _voices(notes: NDArray[np.void], hand: int) -> list[NDArray[np.intp]]:
    """The indices of a hand's notes as voices, the lowest first: each goes on to the nearest note once it is free."""
    mine = np.flatnonzero(notes["hand"] == hand)
    mine = mine[np.argsort(notes["onset_beat"][mine].round(6), kind="stable")]
    found: list[list[int]] = []
    for stroke in np.split(mine, np.flatnonzero(np.diff(notes["onset_beat"][mine].round(6))) + 1):
        _join(found, stroke.tolist(), notes)
    return [np.array(voice) for voice in sorted(found, key=lambda voice: float(notes["pitch"][voice].mean()))]


def _join(voices: list[list[int]], stroke: list[int], notes: NDArray[np.void]) -> None:
    """Add the notes of a stroke to the voices that have ended by then, the nearest first; others begin new ones."""
    onset = {index: float(notes["onset_beat"][index]) + EPSILON for index in stroke}
    ends = [float(notes["onset_beat"][voice[-1]] + notes["duration_beat"][voice[-1]]) for voice in voices]
    pairs = sorted(
        (abs(int(notes["pitch"][index]) - int(notes["pitch"][voice[-1]])), number, index)
        for number, voice in enumerate(voices)
        for index in stroke
        if ends[number] < onset[index]
    )
    taken: dict[int, int] = {}
    for _, number, index in pairs:
        if index not in taken and number not in taken.values():
            taken[index] = number
    for index in stroke:
        if index in taken:
            voices[taken[index]].append(index)
        else:
            voices.append([index])


def _is_bass(notes: NDArray[np.void], index: int) -> bool:
    """Whether a note is the lowest that the left hand holds when it is struck."""
    onsets, at = notes["onset_beat"], notes["onset_beat"][index]
    held = (onsets < at + EPSILON) & (onsets + notes["duration_beat"] > at + EPSILON) & (notes["hand"] == LEFT)
    return bool(notes["hand"][index] == LEFT and notes["pitch"][index] <= notes["pitch"][held].min())


def _path(
    notes: NDArray[np.void],
    moved: NDArray[np.void],
    voice: NDArray[np.intp],
    done: NDArray[np.bool_],
    choices: list[Pitches],
    harmony: Harmony,
) -> Pitches:
    """The cheapest keys for one voice, beside those that are done."""
    keys = notes["pitch"][voice].astype(np.int64)
    changes = [harmony.change(float(beat)) for beat in notes["onset_beat"][voice]]
    mine = [choices[index] for index in voice]
    costs = [
        DRIFT * np.abs(ways - key)
        + (
            OTHER_PART[_in_a_chord(notes, int(index))] * (ways % OCTAVE != harmony.part(key, *change))
            if len(ways) > 1
            else 0.0
        )
        + _beside(notes, moved, int(index), done, ways)
        + CROWDED * _leaves_no_room(notes, int(index), done, choices)
        for key, ways, index, change in zip(keys.tolist(), mine, voice, changes, strict=True)
    ]
    for place, (was, now) in enumerate(changes):
        begins = place == 0 or changes[place - 1] != (was, now)
        if begins and len(mine[place]) > 1 and _is_bass(notes, int(voice[place])):
            costs[place] = costs[place] + _bass(int(keys[place]), mine[place], harmony.old[was], harmony.new[now])
    total, back = costs[0], []
    for place in range(1, len(voice)):
        eased = AT_A_CHANGE if changes[place - 1] != changes[place] else 1.0
        ways = total[:, None] + eased * _moves(mine[place - 1], mine[place], int(keys[place] - keys[place - 1]))
        back.append(ways.argmin(axis=0))
        total = ways.min(axis=0) + costs[place]
    path = [int(total.argmin())]
    for step in reversed(back):
        path.append(int(step[path[-1]]))
    return np.array([ways[at] for ways, at in zip(mine, reversed(path), strict=True)], dtype=np.int64)


def _around(chord: np.void, scale: int) -> int:
    """The mask of what may pass under a chord; only its own tones where no ``scale`` is given."""
    tones = int(chord["tones"])
    return tones | (scale_under(int(chord["root"]), tones, scale) if scale else 0)


def _in_a_chord(notes: NDArray[np.void], index: int) -> bool:
    """Whether the hand strikes three keys or more with a note, which are a triad."""
    struck = np.abs(notes["onset_beat"] - notes["onset_beat"][index]) < EPSILON
    return bool(np.count_nonzero(struck & (notes["hand"] == notes["hand"][index])) > 2)


def _same(one: np.void, other: np.void) -> bool:
    return all(one[name] == other[name] for name in ("root", "tones", "bass"))


def _bass(key: int, choices: Pitches, old: np.void, new: np.void) -> NDArray[np.float64]:
    """What each choice costs as the bass of a chord that begins."""
    was, above = (key - int(old["root"])) % OCTAVE, (choices - int(new["root"])) % OCTAVE
    cost: NDArray[np.float64] = SIX_FOUR * (np.isin(above, FIFTHS) & (was not in FIFTHS)).astype(np.float64)
    cost += INVERTED * ((above != 0) & (was == 0))
    return cost


def _moves(old: Pitches, new: Pitches, wanted: int) -> NDArray[np.float64]:
    """Costs of each way from one key of a voice to its next, that went ``wanted`` semitones."""
    moves = new[None] - old[:, None]
    bent = OFF_THE_STEP if 0 < abs(wanted) <= STEP else BENT
    cost: NDArray[np.float64] = bent * np.clip(np.abs(moves - wanted) - 1, 0, None).astype(np.float64)
    cost += TURNED * (moves * wanted < 0) + STOOD * ((moves == 0) != (wanted == 0))
    cost += LEAPT * np.clip(np.abs(moves) - max(FIFTH, abs(wanted)), 0, None)
    return cost


def _leaves_no_room(
    notes: NDArray[np.void], index: int, done: NDArray[np.bool_], choices: list[Pitches]
) -> NDArray[np.bool_]:
    """Which choices of a note leave those above it in its hand no key each: in its stroke, and while it is held."""
    note, highest = notes[index], choices[index].copy()
    waits = notes["onset_beat"] - note["onset_beat"]
    above = (notes["pitch"] > note["pitch"]) & (notes["hand"] == note["hand"]) & ~done & (waits > -EPSILON)
    crowded = np.zeros(len(highest), dtype=np.bool_)
    for other in np.flatnonzero(above & (waits > EPSILON) & (waits < note["duration_beat"] - EPSILON)):
        crowded |= choices[other].max() <= choices[index]
    struck = np.flatnonzero(above & (waits < EPSILON))
    for other in struck[np.argsort(notes["pitch"][struck], kind="stable")]:
        ways = choices[other]
        place = np.searchsorted(ways, highest, side="right")
        crowded |= place == len(ways)
        highest = ways[np.minimum(place, len(ways) - 1)]
    return crowded


def _beside(
    notes: NDArray[np.void], moved: NDArray[np.void], index: int, done: NDArray[np.bool_], choices: Pitches
) -> NDArray[np.float64]:
    """What each choice costs beside the voices that are done: order, reach, doubled tones and clashes."""
    onsets, ends = notes["onset_beat"], notes["onset_beat"] + notes["duration_beat"]
    at = onsets[index]
    sounding = done & (onsets <= at + EPSILON) & (ends > at + EPSILON)
    own = sounding & (notes["hand"] == notes["hand"][index]) & (np.abs(onsets - at) < EPSILON)
    other = sounding & (notes["hand"] != notes["hand"][index])
    cost = np.zeros(len(choices))
    for near in np.flatnonzero(own | other):
        key, was = int(moved["pitch"][near]), int(notes["pitch"][index]) - int(notes["pitch"][near])
        away = choices - key
        cost += BEYOND * ((away * was <= 0) & (was != 0))
        if own[near]:
            cost += BEYOND * (np.abs(away) > max(HAND_SPAN, abs(was)))
            cost += DOUBLED * ((away % OCTAVE == 0) & (was % OCTAVE != 0))
        cost += CLASHING * (np.isin(away % OCTAVE, (1, OCTAVE - 1)) & (was % OCTAVE not in (1, OCTAVE - 1)))
    return cost
