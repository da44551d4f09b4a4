"""An analogy worked out as far as it needs no taste: rhythm, target curve and harmony of the new line.

Every composer here starts from a `Plan` and only chooses pitches; so the rhythm of an answer is the donor's by
construction, and the notes outside the passage, of the other hand and of locked features stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import Analogy, Feature
from lessons.harmony import Key, chord_indices, chords_of, in_mask, scale_under, tones_at
from lessons.score import NOTE_DTYPE, Score
from models.bounds import bounds
from models.chord_sheet import under_chords
from models.companions import inside_line, still_struck
from models.compass import accompaniment_in_range, line_in_range
from models.donors import (
    close_class,
    closes_piece,
    home_of,
    pitch_source,
    rhythm_source,
    wanted_chords,
)
from models.figures import passing
from models.fixed_notes import at_places, with_fixed
from models.ground import Ground, ground_of
from models.layout import within
from models.leading import led_between
from models.line import (
    EPSILON,
    Beats,
    Mask,
    Pitches,
    held_index,
    played_by,
    respelled,
    strong_beats,
)
from models.two_hands import playable_with_line, reach, stretches

AGAIN_SEC = 0.2


@dataclass(frozen=True, eq=False)
class Plan:
    """What a composer has to fill: ``line`` has exact onsets and durations, and as pitches the curve aimed at."""

    analogy: Analogy
    start_beat: float
    end_beat: float
    line: NDArray[np.void]
    stammers: Mask  # strikes again what the source holds: here a repeated pitch is an accident
    tense: Mask  # the source's pitch is foreign to its own chord
    source: NDArray[np.void]  # the line that the pitches come from, laid out in the passage
    rhythm: NDArray[np.void]  # the line that the rhythm comes from, laid out in the passage
    chords: NDArray[np.void]
    key: Key
    rest: NDArray[np.void]  # all notes of the answer outside the line
    floor: Pitches  # bounds for each note: the range asked for, and clear of the other hand
    ceiling: Pitches
    harsh: Pitches  # mask of what is a semitone from the other hand's keys: `models.bounds`
    before: int | None = None
    after: int | None = None
    ends_piece: bool = True
    close: int | None = None  # the class that the last note comes home to
    closes_early: bool = False  # the last note began before the source came home, and is home all the same
    fixed: Mask = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))  # which notes the piece's own are
    notices: tuple[str, ...] = ()

    @property
    def strong(self) -> Mask:
        """Which notes begin on a bar line or on the middle of a bar."""
        return strong_beats(self.analogy.piece, self.line["onset_beat"])

    @property
    def hurried(self) -> Mask:
        """Which notes come so soon after the one before that a finger hardly strikes the same key again."""
        onsets = self.analogy.piece.tempo.seconds_at(self.line["onset_beat"])
        return np.append(False, np.diff(onsets) < AGAIN_SEC)

    @property
    def chord_masks(self) -> NDArray[np.int64]:
        """The mask of the wanted chord under each note; under one that comes home in the end, the last chord."""
        places = self.line["onset_beat"].copy()
        ends = places.copy()
        ends[-1] += max(0.0, self.line["duration_beat"][-1] - 3 * EPSILON)
        masks, rest = tones_at(self.chords, places), int(tones_at(self.chords, ends)[-1])
        if self.closes_early or (self.close is not None and rest >> self.close & 1):
            masks[-1] = rest
        return masks

    @property
    def scales(self) -> NDArray[np.int64]:
        """The mask of the scale under each note, as the chord there has it."""
        chords, scale = self.chords, self.key.scale
        under = [scale_under(int(one["root"]), int(one["tones"]), scale) for one in chords]
        return np.array([*under, scale], dtype=np.int64)[chord_indices(chords, self.line["onset_beat"])]

    def pinned(self, pitches: Pitches) -> Pitches:
        """These pitches, but those of the notes that stay as they are."""
        return np.where(self.fixed, self.line["pitch"], pitches) if self.fixed.any() else pitches

    def answer(self, pitches: Pitches) -> Score:
        """The whole piece with these pitches in the line."""
        line, piece = with_pitches(self.line, self.pinned(pitches)), self.analogy.piece
        rest, asked = self.rest, stretches(piece.notes)
        if Feature.RHYTHM not in self.analogy.donors:
            movable = within(rest, self.start_beat, self.end_beat) & ~at_places(rest, self.analogy.fixed)
            rest = inside_line(rest, line, self.chords, movable, asked)
        answer = piece.with_notes(playable_with_line(np.concatenate([rest, line]), line, asked))
        if Feature.CHORDS in self.analogy.donors:
            answer = under_chords(answer, self.analogy, self.chords, self.key, self.start_beat, self.end_beat)
        return answer


def plan_line(
    analogy: Analogy, onsets: Beats | None = None, durations: Beats | None = None, curve: Pitches | None = None
) -> Plan:
    """Work out an analogy for one line.

    ``onsets`` and ``durations`` replace the rhythm, and ``curve`` the pitches of the source, where no donor gives them.
    """
    ground = ground_of(analogy)
    chords, key, notices = wanted_chords(analogy, ground.start, ground.end)
    at_home = home_of(analogy, key)
    source, source_chords = _pitches(ground, at_home)
    rhythm = _rhythm(ground)
    line, held, closes_early = _drawn(ground, rhythm, source, at_home, onsets, durations)
    stammers, tense = np.append(False, np.diff(held) == 0), _foreign(line, source_chords)
    line, fixed = _aimed(ground, line if curve is None else with_pitches(line, passing(curve[held], stammers)))
    rest, told = accompaniment_in_range(analogy, _rest(ground, line, chords, key), line)
    floor, ceiling, harsh = _bounded(ground, line, fixed, source, rest, key)
    return Plan(
        analogy=analogy,
        start_beat=ground.start,
        end_beat=ground.end,
        line=line,
        stammers=stammers,
        tense=tense,
        source=source,
        rhythm=rhythm,
        chords=chords,
        key=key,
        rest=rest,
        floor=floor,
        ceiling=ceiling,
        harsh=harsh,
        before=_neighbour(ground.own, ground.own["onset_beat"] < ground.start - EPSILON, -1),
        after=_neighbour(ground.own, ground.own["onset_beat"] >= ground.end - EPSILON, 0),
        ends_piece=closes_piece(analogy, ground.end),
        close=close_class(analogy, source, at_home, ground.end),
        closes_early=closes_early,
        fixed=fixed,
        notices=(*notices, *ground.repeats(), *told),
    )


def _pitches(ground: Ground, at_home: Key) -> tuple[NDArray[np.void], NDArray[np.void]]:
    """The line that the pitches come from, and the chords under it."""
    if Feature.PITCH in ground.analogy.donors:
        return pitch_source(ground.analogy, ground.inside, at_home, ground.downbeat, ground.end)
    return ground.inside, chords_of(ground.analogy.piece)


def _rhythm(ground: Ground) -> NDArray[np.void]:
    """The line that the rhythm comes from."""
    if Feature.RHYTHM in ground.analogy.donors:
        return rhythm_source(ground.analogy, ground.inside, ground.start, ground.downbeat, ground.end)
    return ground.inside


def _drawn(
    ground: Ground,
    rhythm: NDArray[np.void],
    source: NDArray[np.void],
    at_home: Key,
    onsets: Beats | None,
    durations: Beats | None,
) -> tuple[NDArray[np.void], NDArray[np.intp], bool]:
    """The line in its rhythm with the pitches of the source, and for each note which one of the source it holds.

    And whether the last note began before the source came home, and is home all the same.
    """
    filled = rhythm if onsets is None or durations is None else _blank_line(onsets, durations, rhythm)
    line = _dressed(
        with_fixed(ground.analogy.piece, filled, ground.inside, ground.analogy.fixed), ground.inside, source
    )
    held = held_index(source, line["onset_beat"])
    closes_early = closes_piece(ground.analogy, ground.end) and _outlasts(line[-1], source[-1], at_home)
    if closes_early:
        held[-1] = len(source) - 1
        line[-1:] = with_pitches(line[-1:], source["pitch"][-1:])
    return line, held, closes_early


def _foreign(line: NDArray[np.void], chords: NDArray[np.void]) -> Mask:
    """Which notes of a line are foreign to the chord under them."""
    masks = tones_at(chords, line["onset_beat"])
    foreign: Mask = (masks != 0) & ~in_mask(masks, line["pitch"])
    return foreign


def _bounded(
    ground: Ground, line: NDArray[np.void], fixed: Mask, source: NDArray[np.void], rest: NDArray[np.void], key: Key
) -> tuple[Pitches, Pitches, Pitches]:
    """The bounds of each note and what is harsh there; a note that stays as it is has no other choice."""
    lines = [notes["pitch"][held_index(notes, line["onset_beat"])] for notes in (source, ground.inside)]
    floor, ceiling, harsh = bounds(ground.analogy, line, rest, np.array(lines, dtype=np.int64), key.scale)
    floor[fixed] = ceiling[fixed] = line["pitch"][fixed]
    return floor, ceiling, harsh


def _aimed(ground: Ground, line: NDArray[np.void]) -> tuple[NDArray[np.void], Mask]:
    """The line in the range asked for, and which of its notes stay as the piece has them."""
    ranged = with_pitches(line, line_in_range(ground.analogy, line["pitch"].astype(np.int64)))
    fixed = at_places(ranged, ground.analogy.fixed)
    ranged[fixed] = ground.inside[held_index(ground.inside, ranged["onset_beat"][fixed])]
    return ranged, fixed


def _outlasts(last: np.void, close: np.void, key: Key) -> bool:
    """Whether the last note of a line sounds already when the source comes home to its tonic."""
    begins, ends = last["onset_beat"] + EPSILON, last["onset_beat"] + last["duration_beat"] - EPSILON
    return bool(begins < close["onset_beat"] < ends and close["pitch"] % 12 == key.tonic)


def _neighbour(line: NDArray[np.void], where: Mask, index: int) -> int | None:
    return int(line["pitch"][where][index]) if where.any() else None


def _blank_line(onsets: Beats, durations: Beats, like: NDArray[np.void]) -> NDArray[np.void]:
    line = like[held_index(like, onsets)].copy()
    line["onset_beat"], line["duration_beat"] = onsets, durations
    return line


def _dressed(rhythm: NDArray[np.void], own: NDArray[np.void], source: NDArray[np.void]) -> NDArray[np.void]:
    """Notes in that rhythm, with hand, part and loudness of the piece and the pitches that the source holds."""
    held = own[held_index(own, rhythm["onset_beat"])]
    line = held.astype(NOTE_DTYPE)
    line["onset_beat"], line["duration_beat"] = rhythm["onset_beat"], rhythm["duration_beat"]
    return with_pitches(line, source["pitch"][held_index(source, rhythm["onset_beat"])])


def with_pitches(line: NDArray[np.void], pitches: Pitches) -> NDArray[np.void]:
    """The line with other pitches, spelled anew where they changed."""
    moved = line.copy()
    moved["pitch"] = np.clip(pitches, 0, 127)
    return respelled(moved, line)


def _rest(ground: Ground, line: NDArray[np.void], chords: NDArray[np.void], key: Key) -> NDArray[np.void]:
    """All other notes: outside the passage as they are; inside re-pitched to new chords.

    Companions stay where they are struck with the line, or under a note of it that stays, or at places that stay.
    """
    analogy, mask = ground.analogy, ground.mask
    notes, piece = analogy.piece.notes, analogy.piece
    inside = within(notes, ground.start, ground.end)
    outside = cut_at(notes[~inside], ground.start, line)
    others = notes[inside & ~mask]
    hand = piece.notes["hand"][mask][0]
    other_mask = inside & ~mask
    companions = (played_by(piece, analogy.hand) & (piece.notes["hand"] == hand))[other_mask]
    struck = np.isin(np.round(others["onset_beat"], 6), np.round(line["onset_beat"], 6))
    same_line = hand >= 0 or analogy.hand is not None
    if Feature.RHYTHM not in analogy.donors:
        struck |= still_struck(others, line, ground.inside)
    others = others[~companions | struck | at_places(others, analogy.fixed) | (not same_line)]
    if Feature.CHORDS in analogy.donors:
        for played in (others["hand"] == hand for hand in np.unique(others["hand"])):
            mine, own = others[played], chords_of(piece)
            others[played] = led_between(outside, mine, own, chords, key.scale, *reach(mine))
    return np.concatenate([outside, others])


def cut_at(notes: NDArray[np.void], start: float, line: NDArray[np.void]) -> NDArray[np.void]:
    """The notes, those that sound into the passage in the line's hand cut where its first note begins."""
    cut = notes.copy()
    first = float(line["onset_beat"][0]) if len(line) else start
    into = (cut["onset_beat"] < start - EPSILON) & (cut["onset_beat"] + cut["duration_beat"] > first)
    into &= (cut["hand"] == line["hand"][0]) & (cut["part"] == line["part"][0])
    cut["duration_beat"][into] = first - cut["onset_beat"][into]
    return cut
