"""Two-hand pieces as chords and texture: a donor's pattern under the piece's chords, or the piece under others.

Each note keeps its part in the chord (root to root, third to third), its place, its length and its hand; what then lies
outside the range moves by octaves, and what two hands cannot hold is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import Analogy, Feature
from lessons.errors import ComposerError
from lessons.harmony import Key, chord_indices, chords_of, in_mask, tones_at
from lessons.score import LEFT, RIGHT, Score
from models.apart import LOWEST_KEY, beside, clear_of, hands_apart
from models.chord_sheet import under_chords
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
from models.ground import passage
from models.layout import as_it_stands, laid_out, runs, spread_chords, within
from models.leading import led_between
from models.line import OCTAVE, Mask, folded, line_mask, played_by, repitched, respelled
from models.measures import Comparison
from models.two_hands import NOBODYS, playable, stretches

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
        asked = NOBODYS if Feature.TEXTURE in analogy.donors else stretches(piece.notes)
        played = playable(ranged, analogy.hand is not None or Feature.TEXTURE not in analogy.donors, asked)
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
        notices += repeats_notice(analogy.donors[Feature.TEXTURE], Feature.TEXTURE, analogy.piece, max(start, 0.0), end)
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
    if Feature.TEXTURE in analogy.donors:
        moved = repitched(pattern, heard, chords, key.scale if passing else 0, low)
    else:
        moved = led_between(kept[~within(kept, start, end)], pattern, heard, chords, key.scale, low)
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


def fold_into_range(notes: NDArray[np.void], low: int, high: int) -> NDArray[np.void]:
    """The notes with those outside the range moved by octaves; what no octave brings inside is left out."""
    moved, pitch = notes.copy(), folded(notes["pitch"].astype(np.int64), low, high)
    moved["pitch"] = np.clip(pitch, 0, 127)
    inside: NDArray[np.void] = moved[(pitch >= low) & (pitch <= high)]
    if not len(inside):
        raise ComposerError(f"--range {low}-{high}: no note fits into it")
    return inside
