"""Harmony read from notes: chords, keys and scales as numbers.

A pitch class is 0 (C) to 11 (B); a set of pitch classes is a 12-bit mask, bit p for class p, as in `CHORD_DTYPE`.
Chords come from a score's own chord symbols, else from a part of block chords called CHORDS, else they are inferred:
triads and sevenths matched against duration-weighted chroma in windows of half a bar, with the bass and the key as
hints, smoothed by Viterbi. Keys follow Krumhansl and Kessler's profiles (1982); that of a lone tune `lessons.tune_key`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lessons.harmonising import harmonised, is_lone_tune, tune_alone
from lessons.score import CHORD_DTYPE, Score
from lessons.tune_key import key_of_tune

CHORD_PART = "CHORDS"
MAJOR_PROFILE = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
MINOR_PROFILE = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])
MAJOR_SCALE = (0, 2, 4, 5, 7, 9, 11)
MINOR_SCALE = (0, 2, 3, 5, 7, 8, 10, 11)  # natural, with the raised seventh that cadences ask for
SHAPES = {
    "maj": (0, 4, 7),
    "min": (0, 3, 7),
    "7": (0, 4, 7, 10),
    "min7": (0, 3, 7, 10),
    "maj7": (0, 4, 7, 11),
    "dim": (0, 3, 6),
    "m7b5": (0, 3, 6, 10),
    "dim7": (0, 3, 6, 9),
    "sus4": (0, 5, 7),
    "aug": (0, 4, 8),
}
SPELLED = {
    "sus2": (0, 2, 7),
    "6": (0, 4, 7, 9),
    "min6": (0, 3, 7, 9),
    "add9": (0, 2, 4, 7),
    "minmaj7": (0, 3, 7, 11),
    "7sus4": (0, 5, 7, 10),
} | SHAPES
OTHER_FORM = {3: 4, 4: 3, 6: 7, 7: 6, 8: 7, 10: 11, 11: 10}  # of thirds, fifths, sevenths; semitones above the root

# Weights of the template match, in shares of the window's sounding time; fitted on labelled songs and tunes.
MISSING_TONE = 0.6
EXTRA_SIZE = 0.13
ON_BASS = 0.2
IN_KEY = 0.03
PRIMARY = 0.04  # the first, fourth and fifth degree: they settle what a thin texture leaves open
STAY = 0.06
FIFTH_DOWN = 0.07
WINDOWS_AT_ONCE = 256
UNHEARD = 0.2  # off for a tone that neither sounds in the window nor is of the key: nothing speaks for it
AT_START = 0.28  # more for what sounds as the window begins: passing notes come later
RARE = {"sus4": 0.36, "aug": 0.13, "dim": 0.3, "m7b5": 0.12, "maj7": 0.12}


class Key(NamedTuple):
    """A tonic (pitch class) and a mode."""

    tonic: int
    minor: bool

    @property
    def scale(self) -> int:
        """The mask of the scale; the minor one holds both sevenths."""
        return mask_of(self.tonic + np.array(MINOR_SCALE if self.minor else MAJOR_SCALE))

    @property
    def fifths(self) -> int:
        """Sharps (positive) or flats of the key signature, -5 to 6."""
        major = (self.tonic + 3) % 12 if self.minor else self.tonic
        return int((major * 7 + 5) % 12) - 5


def mask_of(classes: ArrayLike) -> int:
    """The mask of some pitches or pitch classes."""
    return int(np.bitwise_or.reduce(1 << (np.asarray(classes, dtype=np.int64).ravel() % 12), initial=0))


def classes_of(mask: int) -> list[int]:
    """The pitch classes of a mask, ascending."""
    return [pitch for pitch in range(12) if int(mask) >> pitch & 1]


def transposed_mask(mask: int, semitones: int) -> int:
    """The mask of every class moved up by ``semitones``."""
    return mask_of(np.array(classes_of(mask), dtype=np.int64) + semitones)


def transpose_chords(chords: NDArray[np.void], semitones: int) -> NDArray[np.void]:
    """The same chords, ``semitones`` higher."""
    moved = chords.copy()
    moved["root"], moved["bass"] = (chords["root"] + semitones) % 12, (chords["bass"] + semitones) % 12
    moved["tones"] = [transposed_mask(mask, semitones) for mask in chords["tones"]]
    return moved


def name_chord(pitches: ArrayLike) -> tuple[int, int, int]:
    """(root, mask, bass) of the chord that some pitches spell: the closest template, rooted on the bass if possible.

    A bass foreign to an otherwise plain chord (C over D) is no tone of it.
    """
    ordered = np.sort(np.asarray(pitches, dtype=np.int64))
    return _named(mask_of(ordered), mask_of(ordered[1:]), int(ordered[0] % 12))


@lru_cache(maxsize=4096)
def _named(mask: int, upper: int, bass: int) -> tuple[int, int, int]:
    """The chord of a mask over a bass; ``upper`` is the mask without the lowest pitch."""
    if not _is_plain(mask) and _is_plain(upper):
        mask = upper

    def misfit(root: int) -> tuple[int, bool, int]:
        above = transposed_mask(mask, -root)
        return min((above ^ mask_of(shape)).bit_count() for shape in SPELLED.values()), root != bass, -root

    return min(classes_of(mask), key=misfit), mask, bass


def _is_plain(mask: int) -> bool:
    return any(transposed_mask(mask, -root) == mask_of(shape) for root in range(12) for shape in SPELLED.values())


def chords_from_notes(notes: NDArray[np.void], end_beat: float) -> NDArray[np.void]:
    """Block chords as written in a chord part: one for each onset, until the next one or its own end."""
    onsets = np.unique(notes["onset_beat"])
    chords = np.zeros(len(onsets), CHORD_DTYPE)
    for index, onset in enumerate(onsets):
        group = notes[notes["onset_beat"] == onset]
        until = onsets[index + 1] if index + 1 < len(onsets) else end_beat
        own = float((group["onset_beat"] + group["duration_beat"]).max())
        chords[index] = (onset, min(until, own), *name_chord(group["pitch"]))
    return chords


def chord_indices(chords: NDArray[np.void], beats: ArrayLike) -> NDArray[np.intp]:
    """The index of the chord that sounds at each position in beats; -1 where there is none."""
    beats = np.asarray(beats, dtype=np.float64)
    if not len(chords):
        return np.full(beats.shape, -1, dtype=np.intp)
    index = np.searchsorted(chords["start_beat"], beats + 1e-6, side="right") - 1
    inside = (index >= 0) & (beats < chords["end_beat"][np.clip(index, 0, None)] - 1e-6)
    return np.where(inside, index, -1)


def tones_at(chords: NDArray[np.void], beats: ArrayLike) -> NDArray[np.int64]:
    """The mask of the chord at each position in beats; 0 where there is none."""
    index = chord_indices(chords, beats)
    masks = np.append(chords["tones"].astype(np.int64), 0)
    return masks[index]


@lru_cache(maxsize=1024)
def scale_under(root: int, tones: int, scale: int) -> int:
    """The mask of a scale while a chord sounds: of what the chord raises or lowers the other form is left out.

    Of the two sevenths of minor the one that the chord has stays; a third, fifth or seventh that is foreign to the
    scale takes the place of the scale's own.
    """
    gone = 0
    for low in range(12):
        natural, raised, above = (1 << (low + step) % 12 for step in range(3))
        if scale & natural and scale & raised and scale & above:  # no scale but minor has three in a row
            gone |= natural if tones & raised and not tones & natural else 0
            gone |= raised if tones & natural and not tones & raised else 0
    for above, form in OTHER_FORM.items():
        if tones & ~scale & 1 << (root + above) % 12:
            gone |= 1 << (root + form) % 12
    return scale & ~gone


def in_mask(mask: ArrayLike, pitches: ArrayLike) -> NDArray[np.bool_]:
    """Whether each pitch belongs to its mask; broadcasts."""
    classes = np.asarray(pitches, dtype=np.int64) % 12
    return (np.asarray(mask, dtype=np.int64) >> classes & 1).astype(np.bool_)


def find_key(chords: NDArray[np.void] | None = None, notes: NDArray[np.void] | None = None) -> Key:
    """The key that chords (roots count twice) and notes speak for, each weighed by duration; C major from nothing."""
    chroma = np.zeros(12)
    if chords is not None:
        for chord in chords:
            held = float(chord["end_beat"] - chord["start_beat"])
            chroma[classes_of(chord["tones"])] += held
            chroma[int(chord["root"])] += held
    if notes is not None and len(notes):
        np.add.at(chroma, notes["pitch"] % 12, notes["duration_beat"])
    return max((Key(tonic, minor) for minor in (False, True) for tonic in range(12)), key=lambda key: _fit(key, chroma))


def _fit(key: Key, chroma: NDArray[np.float64]) -> float:
    if not chroma.any() or np.ptp(chroma) == 0:
        return -float(key.tonic + 12 * key.minor)
    return float(np.corrcoef(np.roll(chroma, -key.tonic), MINOR_PROFILE if key.minor else MAJOR_PROFILE)[0, 1])


def score_key(score: Score, chords: NDArray[np.void] | None = None) -> Key:
    """The key that the page names, else the one that chords, or the notes themselves, speak for."""
    if len(score.keys):
        fifths, minor = int(score.keys["fifths"][0]), bool(score.keys["minor"][0])
        return Key((fifths * 7 + (9 if minor else 0)) % 12, minor)
    if chords is not None and len(chords):
        return find_key(chords)
    return Key(*key_of_tune(score.notes, score.bars)) if is_lone_tune(score) else find_key(None, score.notes)


def harmonic_window(metre: tuple[int, int]) -> float:
    """How long one inferred chord lasts at least, in beats: half a bar; a whole one in 2, 3 or an odd metre."""
    bar = metre[0] * 4.0 / metre[1]
    compound = metre[1] == 8 and metre[0] % 3 == 0
    return bar / 2 if (metre[0] % 4 == 0 or (compound and metre[0] % 2 == 0)) and bar >= 3 else bar


def infer_chords(
    notes: NDArray[np.void], start_beat: float, end_beat: float, window: float, key: Key | None = None
) -> NDArray[np.void]:
    """Hear one chord a window from ``start_beat`` on, windows aligned there; a silent window has no chord."""
    starts = np.arange(start_beat, end_beat - 1e-6, window)
    if not len(notes) or not len(starts):
        return np.zeros(0, CHORD_DTYPE)
    key = key or find_key(None, notes)
    stops = np.minimum(starts + window, end_beat)
    chroma, bass = _chroma(notes, starts, stops)
    path = _smoothest(_match(chroma, bass, key))
    names = list(SHAPES.values())
    chords = np.zeros(len(starts), CHORD_DTYPE)
    for index, state in enumerate(path):
        root, shape = state % 12, names[state // 12]
        chords[index] = (starts[index], stops[index], root, mask_of(np.array(shape) + root), bass[index])
    sounding: NDArray[np.void] = chords[chroma.sum(axis=1) > 0]
    return sounding


def _chroma(
    notes: NDArray[np.void], starts: NDArray[np.float64], stops: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Sounding time by pitch class (windows, 12), more at the start; and the class of each window's lowest note."""
    ends = notes["onset_beat"] + notes["duration_beat"]
    chroma, lowest = np.zeros((len(starts), 12)), np.zeros(len(starts), dtype=np.int64)
    for first in range(0, len(starts), WINDOWS_AT_ONCE):  # a long score has too many windows and notes for one table
        part = slice(first, first + WINDOWS_AT_ONCE)
        heard = (ends > starts[part][0]) & (notes["onset_beat"] < stops[part][-1])
        chroma[part], lowest[part] = _chroma_of(notes[heard], starts[part], stops[part])
    return chroma, lowest


def _chroma_of(
    notes: NDArray[np.void], starts: NDArray[np.float64], stops: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    ends = notes["onset_beat"] + notes["duration_beat"]
    shared = np.minimum(ends, stops[:, None]) - np.maximum(notes["onset_beat"], starts[:, None])
    shared = np.clip(shared, 0, None)
    at_start = (notes["onset_beat"] <= starts[:, None] + 1e-6) & (shared > 0)
    chroma = (shared * (1 + AT_START * at_start)) @ np.eye(12)[notes["pitch"] % 12]
    lowest = np.where(shared > 0, notes["pitch"], 128).min(axis=1, initial=128)
    return chroma, lowest % 12


def _match(chroma: NDArray[np.float64], bass: NDArray[np.int64], key: Key) -> NDArray[np.float64]:
    """How well each chord (shape-major: 12 roots for each shape) fits each window; all alike in silence."""
    sums = chroma.sum(axis=1, keepdims=True)
    share = chroma / np.where(sums > 0, sums, 1)
    fits = []
    for name, shape in SHAPES.items():
        for root in range(12):
            tones = (root + np.array(shape)) % 12
            fit = share[:, tones].sum(axis=1) - MISSING_TONE * (chroma[:, tones] == 0).mean(axis=1)
            inside = mask_of(tones) & ~key.scale == 0
            primary = inside and (root - key.tonic) % 12 in (0, 5, 7)
            foreign = [tone for tone in tones.tolist() if not key.scale >> tone & 1]
            fit = fit + ON_BASS * (bass == root) + IN_KEY * inside + PRIMARY * primary
            fit = fit - UNHEARD * (chroma[:, foreign] == 0).sum(axis=1)
            fits.append(fit - EXTRA_SIZE * len(shape) - RARE.get(name, 0.0))
    return np.where(sums > 0, np.array(fits).T, 0.0)


def _smoothest(fits: NDArray[np.float64]) -> NDArray[np.intp]:
    """The best path of chords (Viterbi) when staying, or falling by a fifth, is a little easier than other moves."""
    roots = np.tile(np.arange(12), len(SHAPES))
    moves = FIFTH_DOWN * ((roots[:, None] - roots[None, :]) % 12 == 7) + STAY * np.eye(len(roots))
    best, back = fits[0], np.zeros(fits.shape, dtype=np.intp)
    for index in range(1, len(fits)):
        ways = best[:, None] + moves
        back[index] = ways.argmax(axis=0)
        best = ways.max(axis=0) + fits[index]
    path = np.zeros(len(fits), dtype=np.intp)
    path[-1] = best.argmax()
    for index in range(len(fits) - 1, 0, -1):
        path[index - 1] = back[index][path[index]]
    return path


def chord_part(score: Score) -> NDArray[np.bool_]:
    """Which notes of a score are the block chords of a part called CHORDS."""
    names = [name.split(",")[0].strip().upper() for name in score.part_names]  # "CHORDS, left hand" is one too
    parts = [index for index, name in enumerate(names) if name == CHORD_PART]
    return np.isin(score.notes["part"], parts)


def chords_of(score: Score) -> NDArray[np.void]:
    """The chords of a score: its symbols, else its CHORDS part, those that suit a tune alone, or those heard."""
    if len(score.chords):
        return score.chords
    written = chord_part(score)
    if written.any():
        return chords_from_notes(score.notes[written], score.end_beat)
    start = min(0.0, float(score.start_beat))
    window = harmonic_window(score.metre_at(0.0))
    aligned = np.floor(start / window) * window
    key = score_key(score)
    tune = tune_alone(score)
    if tune is not None:
        return harmonised(tune, key.tonic, key.minor)
    return infer_chords(score.notes, aligned, score.end_beat, window, key)
