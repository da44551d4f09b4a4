"""Two-hand pieces as chords and texture: a donor's pattern under the piece's chords, or the piece under others.

Each note keeps its part in the chord (root to root, third to third), its place, its length and its hand; what then lies
outside the range moves by octaves, and what two hands cannot hold is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import Analogy, Feature
from lessons.errors import ComposerError
from lessons.harmony import Key, chord_indices, chords_of, in_mask, tones_at
from lessons.score import LEFT, RIGHT, Score
from models.closing import closed_chords, closed_with, falls_silent, held_close, landed, resolved
from models.donors import (
    check_metre,
    close_class,
    closes_piece,
    comes_home,
    home_of,
    named,
    repeats_notice,
    wanted_chords,
)
from models.layout import as_it_stands, laid_out, runs, spread_chords, within
from models.line import OCTAVE, Mask, Pitches, crossings, folded, line_mask, played_by, repitched, respelled
from models.measures import Comparison
from models.plan import HAND_SPAN, MOST_FINGERS, passage, under_chords

MOST_OCTAVES, LOWEST_KEY, HIGHEST_KEY = 2, 33, 100  # that a hand gives way by; beyond, a piano growls or tinkles
CROWDED = 0.1  # share of a left hand's notes among the right one's keys, beyond the donor's, from which they collide
LOW_ENOUGH = 40  # no left hand goes out of the right one's way below this: its chords would growl
TUNE_LOST = "a texture brings its own top line; to keep the tune, let only the left hand change"


@dataclass(frozen=True, eq=False)
class TexturePlan:
    """What a question about several voices comes to before any key is chosen.

    ``moved`` are the notes of the pattern, each in its part of the new chords, sorted by onset and pitch.
    """

    analogy: Analogy
    start_beat: float
    end_beat: float
    chords: NDArray[np.void]
    key: Key
    source: NDArray[np.void]  # the line of the piece
    moved: NDArray[np.void]
    kept: NDArray[np.void]  # the notes of the piece that stay
    notices: tuple[str, ...]
    close: int | None = None  # the class on which the top line closes, where the piece's does
    closes: bool = False  # the piece ends there, on the chord of that tonic

    def answer(self, notes: NDArray[np.void]) -> tuple[Score, Comparison]:
        """The whole piece with these notes in the passage, as two hands can play them, and what to compare it with."""
        analogy, piece, span = self.analogy, self.analogy.piece, (self.start_beat, self.end_beat)
        free = clear_of(beside(notes, self.kept, piece.bars), self.kept)
        if Feature.TEXTURE in analogy.donors:
            free = hands_apart(free, piece, analogy.donors[Feature.TEXTURE])
        ranged = fold_into_range(free, analogy.lowest, analogy.highest)
        if self.closes:
            ranged = landed(ranged, self.chords, self.close, (analogy.lowest, analogy.highest))
        played = playable(ranged, alone=analogy.hand is not None)
        answer = piece.with_notes(np.concatenate([self.kept, played]))
        if Feature.CHORDS in analogy.donors:
            answer = under_chords(answer, analogy, self.chords, self.key, *span)
        line = answer.notes[line_mask(answer, analogy.hand) & within(answer.notes, *span)]
        touched = piece.notes[played_by(piece, analogy.hand) & within(piece.notes, *span)]
        return answer, Comparison(line, touched, self.source, self.chords, *span, played)


def vary_texture(analogy: Analogy, noise: float, rng: np.random.Generator) -> tuple[Score, Comparison, list[str]]:
    """Answer an analogy about a piece of several voices with a donor of texture or of chords, or both.

    ``noise`` is the share of inner notes that go to another tone of their chord.
    """
    plan = plan_texture(analogy)
    answer, compared = plan.answer(_stirred(plan.moved, plan.chords, noise, rng))
    return answer, compared, list(plan.notices)


def plan_texture(analogy: Analogy, passing: bool = False) -> TexturePlan:
    """Work out a question about several voices; ``passing`` lets notes between chord tones be notes of the scale."""
    piece = analogy.piece
    start, end = passage(analogy)
    chords, key, notices = wanted_chords(analogy, start, end)
    if not len(chords):
        raise ComposerError("no chords can be heard in the piece, so no texture fits it")
    touched = played_by(piece, analogy.hand) & within(piece.notes, start, end)
    if not touched.any():
        raise ComposerError("there are no notes to vary there")
    if Feature.TEXTURE in analogy.donors:
        pattern, heard = _pattern(analogy, start, end)
        notices += repeats_notice(analogy.donors[Feature.TEXTURE], Feature.TEXTURE, end - max(start, 0.0))
        if analogy.hand is None and {LEFT, RIGHT} <= set(piece.notes["hand"].tolist()):
            notices.append(TUNE_LOST)
    else:
        pattern, heard = piece.notes[touched], chords_of(piece)
    low, kept = min(LOWEST_KEY, int(pattern["pitch"].min())), piece.notes[~touched]
    source, ours = piece.notes[line_mask(piece, analogy.hand)], home_of(analogy, key)
    close = close_class(analogy, source, ours, end)
    closes = Feature.TEXTURE in analogy.donors and close is not None and int(chords["root"][-1]) == close
    tunes = np.concatenate([pattern, kept])
    tunes = tunes[tunes["hand"] == RIGHT]
    if closes and len(tunes):
        chords = resolved(chords, float(tunes["onset_beat"].max()))
    moved = repitched(pattern, heard, chords, key.scale if passing else 0, low)
    if closes:
        moved = held_close(moved, tunes, piece, chords)
    moved = spread_apart(moved, chords)
    moved = moved[np.lexsort((moved["pitch"], moved["onset_beat"]))]
    return TexturePlan(analogy, start, end, chords, key, source, moved, kept, tuple(notices), close, closes)


def _pattern(analogy: Analogy, start: float, end: float) -> tuple[NDArray[np.void], NDArray[np.void]]:
    """The donor's notes and the chords heard under them, both laid out in the passage."""
    donor = analogy.donors[Feature.TEXTURE]
    downbeat = max(start, 0.0) if analogy.bars is None else start
    check_metre(analogy.piece, donor, Feature.TEXTURE, downbeat)
    notes, heard = donor.notes[played_by(donor, analogy.hand)], chords_of(donor)
    if not len(notes) or not len(heard):
        raise ComposerError(f"--texture-from {named(donor)}: no notes to take the texture from")
    layout = runs(analogy.piece, donor, downbeat, end, to_its_end=closes_piece(analogy, end))
    placed = laid_out(notes, layout, end, pickup=downbeat - start)
    closes = comes_home(analogy, end) and not as_it_stands(layout, analogy.piece, donor, notes)
    return _closed(analogy, placed, spread_chords(heard, layout, end), closes)


def _closed(
    analogy: Analogy, placed: NDArray[np.void], heard: NDArray[np.void], closes: bool
) -> tuple[NDArray[np.void], NDArray[np.void]]:
    """A donor's notes and chords; if ``closes``, the piece's own from where they leave it without a tune."""
    piece, touched = analogy.piece, analogy.piece.notes[played_by(analogy.piece, analogy.hand)]
    placed["part"] = touched["part"].min()
    tune = placed[placed["hand"] == RIGHT] if analogy.hand is None and (placed["hand"] == RIGHT).any() else placed
    silent = falls_silent(tune, piece.notes[line_mask(piece, analogy.hand)], piece) if closes else None
    return closed_with(placed, touched, silent), closed_chords(heard, chords_of(piece), silent)


def spread_apart(notes: NDArray[np.void], chords: NDArray[np.void]) -> NDArray[np.void]:
    """The notes with those that fell on a key already struck moved to the nearest free tone of their chord."""
    apart, masks = notes.copy(), tones_at(chords, notes["onset_beat"])
    taken: dict[float, set[int]] = {}
    for index in np.lexsort((notes["pitch"], notes["onset_beat"])):
        keys = taken.setdefault(round(float(notes["onset_beat"][index]), 6), set())
        pitch = int(notes["pitch"][index])
        if pitch in keys:
            free = [key for key in _by_distance(pitch) if in_mask(masks[index], key) and key not in keys]
            pitch = free[0] if free else pitch
            apart["pitch"][index] = pitch
        keys.add(pitch)
    return respelled(apart, notes)


def _by_distance(pitch: int) -> list[int]:
    return [pitch + way * step for step in range(1, OCTAVE) for way in (1, -1) if 0 <= pitch + way * step <= 127]


def _stirred(
    notes: NDArray[np.void], chords: NDArray[np.void], noise: float, rng: np.random.Generator
) -> NDArray[np.void]:
    """The notes with some inner chord tones moved to the next tone of their chord, up or down."""
    if noise <= 0:
        return notes
    stirred = notes.copy()
    index = chord_indices(chords, notes["onset_beat"])
    for place in np.flatnonzero((index >= 0) & _inner(notes) & (rng.random(len(notes)) < noise)):
        mask, pitch = int(chords["tones"][index[place]]), int(notes["pitch"][place])
        if in_mask(mask, pitch):
            way = int(rng.choice([-1, 1]))
            stirred["pitch"][place] = next(
                (pitch + way * step for step in range(1, OCTAVE) if in_mask(mask, pitch + way * step)), pitch
            )
    return respelled(stirred, notes)


def _inner(notes: NDArray[np.void]) -> Mask:
    """Which notes are not the lowest of their onset."""
    lowest: dict[float, int] = {}
    for note in notes:
        onset = round(float(note["onset_beat"]), 6)
        lowest[onset] = min(int(note["pitch"]), lowest.get(onset, 128))
    return np.array([note["pitch"] > lowest[round(float(note["onset_beat"]), 6)] for note in notes], dtype=np.bool_)


def beside(notes: NDArray[np.void], kept: NDArray[np.void], bars: NDArray[np.void]) -> NDArray[np.void]:
    """The notes of one hand moved by octaves so that it does not cross the other, whose notes stay.

    All bars move alike as far as that helps; where some still cross, these move further. Notes of both hands stay.
    """
    hands = set(np.unique(notes["hand"]).tolist())
    other = kept[~np.isin(kept["hand"], list(hands))]
    if len(hands) != 1 or not len(other):
        return notes
    way = OCTAVE if hands == {RIGHT} else -OCTAVE
    edges = [*bars["start_beat"].tolist(), np.inf] if len(bars) else [-np.inf, np.inf]
    moved = _moved_clear(notes, other, way)
    for start, end in pairwise(edges):
        here = (moved["onset_beat"] >= start - 1e-6) & (moved["onset_beat"] < end - 1e-6)
        if here.any():
            moved[here] = _moved_clear(moved[here], other, way)
    return moved


def hands_apart(notes: NDArray[np.void], piece: Score, donor: Score) -> NDArray[np.void]:
    """The notes, the left hand an octave lower where it is among the right one's keys oftener than the donor's is."""
    left = notes["hand"] == LEFT
    moved = notes.copy()
    moved["pitch"][left] -= OCTAVE
    before, now, then = _shared(donor.notes, donor), _shared(notes, piece), _shared(moved, piece)
    low = not left.any() or moved["pitch"][left].min() < LOW_ENOUGH
    return notes if low or now <= before + CROWDED or then >= now else moved


def _shared(notes: NDArray[np.void], score: Score) -> float:
    """The share of the left hand's notes on or above the lowest key that the right one plays in the same bar."""
    left, right = (notes[notes["hand"] == hand] for hand in (LEFT, RIGHT))
    lowest: dict[int, int] = {}
    for bar, pitch in zip(score.bar_numbers_at(right["onset_beat"]).tolist(), right["pitch"].tolist(), strict=True):
        lowest[bar] = min(pitch, lowest.get(bar, pitch))
    bars = score.bar_numbers_at(left["onset_beat"]).tolist()
    above = [pitch >= lowest.get(bar, 128) for bar, pitch in zip(bars, left["pitch"].tolist(), strict=True)]
    return float(np.mean(above)) if above else 0.0


def _moved_clear(notes: NDArray[np.void], other: NDArray[np.void], way: int) -> NDArray[np.void]:
    """The notes, moved outwards by as few octaves as leave the fewest crossings, on the keys of a piano."""
    best, fewest = notes, crossings(notes, other, way)
    for octaves in range(1, MOST_OCTAVES + 1):
        moved = notes.copy()
        moved["pitch"] += way * octaves
        crossed = crossings(moved, other, way)
        if moved["pitch"].min() >= LOWEST_KEY and moved["pitch"].max() <= HIGHEST_KEY and crossed < fewest:
            best, fewest = moved, crossed
    return best


def clear_of(notes: NDArray[np.void], kept: NDArray[np.void]) -> NDArray[np.void]:
    """The notes with those on a key that a kept note strikes then moved an octave outwards: down for the left hand."""
    taken = {(round(float(note["onset_beat"]), 6), int(note["pitch"])) for note in kept}
    clear = notes.copy()
    for index, note in enumerate(notes):
        if (round(float(note["onset_beat"]), 6), int(note["pitch"])) in taken:
            clear["pitch"][index] += OCTAVE if note["hand"] == RIGHT else -OCTAVE
    return clear


def fold_into_range(notes: NDArray[np.void], low: int, high: int) -> NDArray[np.void]:
    """The notes with those outside the range moved by octaves; what no octave brings inside is left out."""
    moved, pitch = notes.copy(), folded(notes["pitch"].astype(np.int64), low, high)
    moved["pitch"] = np.clip(pitch, 0, 127)
    inside: NDArray[np.void] = moved[(pitch >= low) & (pitch <= high)]
    if not len(inside):
        raise ComposerError(f"--range {low}-{high}: no note fits into it")
    return inside


def playable(notes: NDArray[np.void], alone: bool = False) -> NDArray[np.void]:
    """The notes of a pattern that two hands can strike: each within `HAND_SPAN`, five at once, no key twice.

    Where a hand cannot hold its notes, the other one takes some unless the hand is ``alone``; the rest is left out.
    """
    groups: dict[float, list[int]] = {}
    for index, note in enumerate(notes):
        groups.setdefault(round(float(note["onset_beat"]), 6), []).append(index)
    held = notes.copy()
    kept: list[int] = []
    for members in groups.values():
        kept += _struck(held, members, alone)
    return held[np.array(sorted(kept), dtype=np.intp)]


def _struck(notes: NDArray[np.void], members: list[int], alone: bool) -> list[int]:
    """The members of one struck group that can be held; changes their hands where that helps."""
    ordered = sorted({int(notes["pitch"][index]): index for index in members}.values(), key=lambda i: notes["pitch"][i])
    hands = notes["hand"][ordered]
    pitches = notes["pitch"][ordered].astype(np.int64)
    if all(_holds(pitches[hands == hand]) for hand in (LEFT, RIGHT)):
        return ordered
    if alone:
        return _within_hand(ordered, pitches, bool(hands[0] == RIGHT))
    for cut in range(len(ordered) + 1):
        if _holds(pitches[:cut]) and _holds(pitches[cut:]):
            notes["hand"][ordered[:cut]], notes["hand"][ordered[cut:]] = LEFT, RIGHT
            return ordered
    low = [index for index, hand in zip(ordered, hands, strict=True) if hand != RIGHT]
    high = [index for index, hand in zip(ordered, hands, strict=True) if hand == RIGHT]
    return _within_hand(low, notes["pitch"][low].astype(np.int64), False) + _within_hand(
        high, notes["pitch"][high].astype(np.int64), True
    )


def _holds(pitches: Pitches) -> bool:
    return not len(pitches) or (len(pitches) <= MOST_FINGERS and int(np.ptp(pitches)) <= HAND_SPAN)


def _within_hand(ordered: list[int], pitches: Pitches, right: bool) -> list[int]:
    """What one hand can hold of an ascending group, kept from its outer edge inwards."""
    if not ordered:
        return []
    edge = pitches[-1] if right else pitches[0]
    near = [index for index, pitch in zip(ordered, pitches, strict=True) if abs(pitch - edge) <= HAND_SPAN]
    return near[-MOST_FINGERS:] if right else near[:MOST_FINGERS]
