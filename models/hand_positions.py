"""Where a left hand lies on each chord: close positions, led from one to the next, below the tune.

A position is three tones of the chord, or root, fifth and octave; a wide one goes up to the tenth, and is never struck
at once. The best path over all chords moves the hand least, has roots in the bass where it can and where it must, and
gives way to the tune.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from lessons.harmony import classes_of

LOWEST, HIGHEST = 40, 60  # of the lowest key: E2 to C4
CENTRE, WIDE_CENTRE = 50.0, 54.0
MUDDY = 46  # below, thirds over the bass are heard as noise
CLOSE = 5  # semitones: an interval that is muddy over a low bass
FULL, FIFTH = 3, 6  # tones of a chord; semitones from which a fifth, diminished or not, is one
OCTAVE, SPAN = 12, 12
SEVENTH = 10  # semitones from which a tone over the root is no bass: it would have to fall
THIRDS, PERFECT_FIFTH = (3, 4), 7
INVERTED, SECOND_INVERSION, BARE, FAR, TIGHT, HARSH = 3.0, 6.5, 3.0, 0.4, 12.0, 6.0
HOLLOW, HOLLOW_END = 2.0, 20.0  # without a third that nobody else sounds; where the music ends
JUMP, FARTHEST = 1.0, 19  # from the top of a position to the bass of the next one: each semitone beyond a twelfth
ALONG, AGAINST = 20.0, 3.0  # in octaves or fifths with the tune, the same way or in contrary motion
BARE_AGAIN = 9.0  # from one bare fifth to another
ROOT, THIRD = 0, 1  # tones of a chord, counted from its root
ANY = (ROOT, THIRD, 2)
EVERY_OCTAVE = range(24, 73, OCTAVE)

Keys = tuple[int, ...]


@dataclass(frozen=True)
class Harmony:
    """A chord that a hand has to play from beat to beat under a tune.

    ``ceiling`` is the tune's lowest key meanwhile; ``harsh`` the mask of the classes a semitone from its long notes;
    ``on_top`` the tune's key as the chord begins, None in a rest; ``basses`` which tones may lie in the bass,
    ``bared`` whether the bass is heard alone, so that it rather does; ``wide`` whether the hand goes up to the tenth;
    ``hollow`` what it costs to leave out the third.
    """

    start_beat: float
    end_beat: float
    root: int
    tones: int
    ceiling: int = 127
    harsh: int = 0
    on_top: int | None = None
    basses: tuple[int, ...] = ANY
    bared: bool = False
    wide: bool = False
    hollow: float = 0.0


def positions(harmony: Harmony) -> list[Keys]:
    """The keys that may be held for a chord, each ascending; at least one."""
    if harmony.wide:
        wide = _clear([_opened(keys) for keys in _held(_triads(harmony))], harmony)
        wide = wide or _clear([(*keys, keys[0] + OCTAVE) for keys in _held(_triads(harmony))], harmony)
        if wide:
            return wide
    found = _held(_shapes(harmony))
    return _clear(found, harmony) or [_beneath(min(found, key=lambda keys: keys[0]), harmony)]


def _held(shapes: list[tuple[int, ...]]) -> list[Keys]:
    """Where a hand may hold chords of these shapes."""
    return [keys for shape in shapes for keys in _placed(shape) if LOWEST <= keys[0] <= HIGHEST]


def _clear(found: list[Keys], harmony: Harmony) -> list[Keys]:
    """The positions that lie below the tune."""
    return [keys for keys in found if keys[-1] < harmony.ceiling]


def _triads(harmony: Harmony) -> list[tuple[int, ...]]:
    """The close shapes that can be opened: on the root or, where it need not be the bass, on the tone above it."""
    return [shape for shape in _shapes(harmony) if len(set(shape)) == FULL and _steps_above(shape[0], harmony) < FIFTH]


def _steps_above(tone: int, harmony: Harmony) -> int:
    return (tone - harmony.root) % OCTAVE


def _opened(keys: Keys) -> Keys:
    """A close position opened: root, fifth, octave and tenth."""
    bass, middle, top = keys
    return bass, top, bass + OCTAVE, middle + OCTAVE


def _shapes(harmony: Harmony) -> list[tuple[int, ...]]:
    """Ascending steps from a lowest class: every inversion of every three tones, and the bare fifth."""
    others = [(tone - harmony.root) % OCTAVE for tone in classes_of(harmony.tones) if tone != harmony.root % OCTAVE]
    third = [step for step in others if step in THIRDS]
    pairs: list[tuple[int, ...]] = list(combinations(sorted(others), 2))
    kept = [pair for pair in pairs if not third or third[0] in pair] or [tuple(others)]
    closed = {tuple(sorted((0, *pair))) for pair in kept}
    shapes = []
    for shape in sorted(closed):
        classes = [(harmony.root + step) % OCTAVE for step in shape]
        turns = [turn for turn in harmony.basses if turn < len(classes) and shape[turn] < SEVENTH]
        shapes += [tuple(classes[turn:] + classes[:turn]) for turn in turns]
    if PERFECT_FIFTH in others and ROOT in harmony.basses:
        root, fifth = harmony.root % OCTAVE, (harmony.root + PERFECT_FIFTH) % OCTAVE
        shapes.append((root, fifth, root))
    return shapes


def _placed(classes: tuple[int, ...]) -> list[Keys]:
    """The classes as ascending keys, in every octave."""
    placed = []
    for octave in EVERY_OCTAVE:
        keys = [octave + classes[0]]
        for tone in classes[1:]:
            keys.append(keys[-1] + ((tone - keys[-1]) % OCTAVE or OCTAVE))
        placed.append(tuple(keys))
    return placed


def _beneath(keys: Keys, harmony: Harmony) -> Keys:
    """What of a position lies below the tune; the bass alone an octave lower where nothing does."""
    kept = tuple(key for key in keys if key < harmony.ceiling)
    return kept or (keys[0] - OCTAVE,)


def led(harmonies: list[Harmony]) -> list[Keys]:
    """The position for each chord: the path of least effort."""
    choices = [positions(harmony) for harmony in harmonies]
    total = np.array([_cost(keys, harmonies[0]) for keys in choices[0]])
    back: list[NDArray[np.intp]] = []
    for index in range(1, len(harmonies)):
        moves = np.array(
            [
                [_move(old, new, harmonies[index - 1], harmonies[index]) for new in choices[index]]
                for old in choices[index - 1]
            ]
        )
        ways = total[:, None] + moves
        back.append(ways.argmin(axis=0))
        total = ways.min(axis=0) + [_cost(keys, harmonies[index]) for keys in choices[index]]
    path = [int(total.argmin())]
    for step in reversed(back):
        path.append(int(step[path[-1]]))
    return [keys[place] for keys, place in zip(choices, reversed(path), strict=True)]


def over(bass: int, harmony: Harmony) -> Keys:
    """The best position of one chord, as near to a bass as can be."""
    return min(positions(harmony), key=lambda keys: _cost(keys, harmony) + abs(keys[0] - bass))


def _cost(keys: Keys, harmony: Harmony) -> float:
    """What is awkward or ugly about a position."""
    bass = _steps_above(keys[0], harmony)
    cost = FAR * abs(np.mean(keys) - (WIDE_CENTRE if harmony.wide else CENTRE))
    inverted = SECOND_INVERSION if bass in (6, 7, 8) else INVERTED
    cost += 0.0 if bass == 0 else inverted * (2 if harmony.bared else 1)
    cost += BARE if len({key % OCTAVE for key in keys}) < 3 else 0.0
    cost += 0.0 if any(_steps_above(key, harmony) in THIRDS for key in keys) else harmony.hollow
    cost += TIGHT if len(keys) > 1 and keys[0] < MUDDY and keys[1] - keys[0] < CLOSE else 0.0
    cost += TIGHT if keys[-1] - keys[0] > SPAN and not harmony.wide else 0.0
    return float(cost + HARSH * sum(harmony.harsh >> key % OCTAVE & 1 for key in keys))


def _move(old: Keys, new: Keys, before: Harmony, after: Harmony) -> float:
    """How far the hand moves, whether it does so in bare fifths, and its bass in octaves or fifths with the tune."""
    width = min(len(old), len(new))
    moved = float(np.abs(np.array(old[:width]) - np.array(new[:width])).sum()) / width
    moved += JUMP * max(0, old[-1] - new[0] - FARTHEST)
    moved += BARE_AGAIN * (old[0] != new[0] and _is_bare(old) and _is_bare(new))
    if before.on_top is None or after.on_top is None or before.on_top == after.on_top or old[0] == new[0]:
        return moved
    gaps = (before.on_top - old[0]) % OCTAVE, (after.on_top - new[0]) % OCTAVE
    against = (after.on_top - before.on_top) * (new[0] - old[0]) < 0
    return moved + (AGAINST if against else ALONG) * (gaps in ((0, 0), (PERFECT_FIFTH, PERFECT_FIFTH)))


def _is_bare(keys: Keys) -> bool:
    """Whether keys are root, fifth and octave and no more."""
    return {(key - keys[0]) % OCTAVE for key in keys} == {0, PERFECT_FIFTH}
