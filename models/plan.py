"""An analogy worked out as far as it needs no taste: rhythm, target curve and harmony of the new line.

Every composer here starts from a `Plan` and only chooses pitches; so the rhythm of an answer is the donor's by
construction, and the notes outside the passage, of the other hand and of locked features stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import Analogy, Feature
from lessons.errors import ComposerError
from lessons.harmony import Key, chord_part, chords_of, classes_of, in_mask, mask_of, tones_at
from lessons.score import KEY_DTYPE, LEFT, NOTE_DTYPE, RIGHT, Score
from models.compass import accompaniment_in_range, line_in_range
from models.donors import (
    close_class,
    closes_piece,
    home_of,
    pitch_source,
    repeats_notice,
    rhythm_source,
    wanted_chords,
    within_chords,
)
from models.figures import passing
from models.layout import within
from models.line import (
    EPSILON,
    Beats,
    Mask,
    Pitches,
    at_places,
    cut_overlaps,
    held_index,
    line_mask,
    played_by,
    repitched,
    respelled,
    strong_beats,
    with_fixed,
)

HAND_SPAN = 14
MOST_FINGERS = 5
LONG_NOTE = 1.0  # beats from which a clash with the other hand is heard as one
LONGEST_NOTE = 16.0  # beats that a note of the other hand may have sounded already


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
    harsh: Pitches  # mask of what is a semitone from the other hand's keys, under long notes and on strong beats
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
    def chord_masks(self) -> NDArray[np.int64]:
        """The mask of the wanted chord under each note; under one that comes home in the end, the last chord."""
        places = self.line["onset_beat"].copy()
        ends = places.copy()
        ends[-1] += max(0.0, self.line["duration_beat"][-1] - 3 * EPSILON)
        masks, rest = tones_at(self.chords, places), int(tones_at(self.chords, ends)[-1])
        if self.closes_early or (self.close is not None and rest >> self.close & 1):
            masks[-1] = rest
        return masks

    def pinned(self, pitches: Pitches) -> Pitches:
        """These pitches, but those of the notes that stay as they are."""
        return np.where(self.fixed, self.line["pitch"], pitches) if self.fixed.any() else pitches

    def answer(self, pitches: Pitches) -> Score:
        """The whole piece with these pitches in the line."""
        line, piece = with_pitches(self.line, self.pinned(pitches)), self.analogy.piece
        notes = np.concatenate([self.rest, line])
        answer = piece.with_notes(_playable(notes, line))
        if Feature.CHORDS in self.analogy.donors:
            answer = under_chords(answer, self.analogy, self.chords, self.key, self.start_beat, self.end_beat)
        return answer


def passage(analogy: Analogy) -> tuple[float, float]:
    """Start and end in beats of what is to be varied."""
    if analogy.bars is None:
        return analogy.piece.start_beat, analogy.piece.end_beat
    return analogy.piece.bar_range(*analogy.bars)


def plan_line(
    analogy: Analogy, onsets: Beats | None = None, durations: Beats | None = None, curve: Pitches | None = None
) -> Plan:
    """Work out an analogy for one line.

    ``onsets`` and ``durations`` replace the rhythm, and ``curve`` the pitches of the source, where no donor gives them.
    """
    piece = analogy.piece
    start, end = passage(analogy)
    mask = line_mask(piece, analogy.hand)
    own = cut_overlaps(piece.notes[mask])
    inside = within(own, start, end)
    if not inside.any():
        raise ComposerError("there are no notes to vary" + _where(analogy))
    downbeat = max(start, 0.0) if analogy.bars is None else start
    chords, key, notices = wanted_chords(analogy, start, end)
    source, source_chords, at_home = own[inside], chords_of(piece), home_of(analogy, key)
    if Feature.PITCH in analogy.donors:
        source, source_chords = pitch_source(analogy, source, at_home, downbeat, end)
        notices += repeats_notice(analogy.donors[Feature.PITCH], Feature.PITCH, end - downbeat)
    rhythm = own[inside]
    if Feature.RHYTHM in analogy.donors:
        rhythm = rhythm_source(analogy, rhythm, start, downbeat, end)
        notices += repeats_notice(analogy.donors[Feature.RHYTHM], Feature.RHYTHM, end - downbeat)
    filled = rhythm if onsets is None or durations is None else _blank_line(onsets, durations, rhythm)
    line = _dressed(with_fixed(filled, own[inside], analogy.fixed), own[inside], source)
    held = held_index(source, line["onset_beat"])
    closes_early = closes_piece(analogy, end) and _outlasts(line[-1], source[-1], at_home)
    if closes_early:
        held[-1] = len(source) - 1
        line[-1:] = with_pitches(line[-1:], source["pitch"][-1:])
    masks = tones_at(source_chords, line["onset_beat"])
    tense = (masks != 0) & ~in_mask(masks, line["pitch"])
    if curve is not None:
        line = with_pitches(line, passing(curve[held], np.append(False, np.diff(held) == 0)))
    line = with_pitches(line, line_in_range(analogy, line["pitch"].astype(np.int64)))
    fixed = at_places(line, analogy.fixed)
    line[fixed] = own[inside][held_index(own[inside], line["onset_beat"][fixed])]
    rest, told = accompaniment_in_range(analogy, _rest(analogy, mask, start, end, line, chords, key), line)
    notices += told
    lines = [notes["pitch"][held_index(notes, line["onset_beat"])] for notes in (source, own[inside])]
    floor, ceiling, harsh = _bounds(analogy, line, rest, np.array(lines, dtype=np.int64))
    floor[fixed] = ceiling[fixed] = line["pitch"][fixed]
    return Plan(
        analogy=analogy,
        start_beat=start,
        end_beat=end,
        line=line,
        stammers=np.append(False, np.diff(held) == 0),
        tense=tense,
        source=source,
        rhythm=rhythm,
        chords=chords,
        key=key,
        rest=rest,
        floor=floor,
        ceiling=ceiling,
        harsh=harsh,
        before=_neighbour(own, own["onset_beat"] < start - EPSILON, -1),
        after=_neighbour(own, own["onset_beat"] >= end - EPSILON, 0),
        ends_piece=closes_piece(analogy, end),
        close=close_class(analogy, source, at_home, end),
        closes_early=closes_early,
        fixed=fixed,
        notices=tuple(notices),
    )


def _outlasts(last: np.void, close: np.void, key: Key) -> bool:
    """Whether the last note of a line sounds already when the source comes home to its tonic."""
    begins, ends = last["onset_beat"] + EPSILON, last["onset_beat"] + last["duration_beat"] - EPSILON
    return bool(begins < close["onset_beat"] < ends and close["pitch"] % 12 == key.tonic)


def _bounds(
    analogy: Analogy, line: NDArray[np.void], rest: NDArray[np.void], sources: Pitches
) -> tuple[Pitches, Pitches, NDArray[np.int64]]:
    """What the other hand leaves: the lowest and the highest pitch for each note, and the classes that would clash.

    Hands that do not cross in one of the ``sources`` (lines held at each note) do not cross in the answer.
    """
    floor, ceiling = np.full(len(line), analogy.lowest), np.full(len(line), analogy.highest)
    harsh = np.zeros(len(line), dtype=np.int64)
    hand, strong = line["hand"][0], strong_beats(analogy.piece, line["onset_beat"])
    if hand not in (LEFT, RIGHT):
        return floor, ceiling, harsh
    for place, heard in enumerate(_heard_meanwhile(line, rest[rest["hand"] == (LEFT if hand == RIGHT else RIGHT)])):
        aims = np.clip([line["pitch"][place], *sources[:, place]], analogy.lowest, analogy.highest)
        if hand == RIGHT and len(heard) and heard.max() < aims.max():
            floor[place] = max(floor[place], heard.max() + 1)
        if hand == LEFT and len(heard) and heard.min() > aims.min():
            ceiling[place] = min(ceiling[place], heard.min() - 1)
        if line["duration_beat"][place] >= LONG_NOTE or strong[place]:
            classes = heard.astype(np.int64) % 12
            harsh[place] = mask_of(np.concatenate([classes + 1, classes - 1])) & ~mask_of(classes)
    return floor, ceiling, harsh


def _heard_meanwhile(line: NDArray[np.void], other: NDArray[np.void]) -> Iterator[NDArray[np.int16]]:
    """For each note of the line the pitches of the other hand that sound while it does."""
    other = other[np.argsort(other["onset_beat"], kind="stable")]
    ends = line["onset_beat"] + line["duration_beat"]
    first = np.searchsorted(other["onset_beat"], line["onset_beat"] - LONGEST_NOTE)
    stop = np.searchsorted(other["onset_beat"], ends - EPSILON)
    for place in range(len(line)):
        near = other[first[place] : stop[place]]
        yield near["pitch"][near["onset_beat"] + near["duration_beat"] > line["onset_beat"][place] + EPSILON]


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


def _rest(
    analogy: Analogy, mask: Mask, start: float, end: float, line: NDArray[np.void], chords: NDArray[np.void], key: Key
) -> NDArray[np.void]:
    """All other notes: outside the passage as they are; inside re-pitched to new chords, companions where they fit."""
    notes, piece = analogy.piece.notes, analogy.piece
    inside = within(notes, start, end)
    outside = cut_at(notes[~inside], start, line)
    others = notes[inside & ~mask]
    hand = piece.notes["hand"][mask][0]
    other_mask = inside & ~mask
    companions = (played_by(piece, analogy.hand) & (piece.notes["hand"] == hand))[other_mask]
    struck = np.isin(np.round(others["onset_beat"], 6), np.round(line["onset_beat"], 6))
    same_line = hand >= 0 or analogy.hand is not None
    others = others[~companions | struck | (not same_line)]
    if Feature.CHORDS in analogy.donors:
        others = repitched(others, chords_of(piece), chords, key.scale)
    return np.concatenate([outside, others])


def cut_at(notes: NDArray[np.void], start: float, line: NDArray[np.void]) -> NDArray[np.void]:
    """The notes, those that sound into the passage in the line's hand cut where its first note begins."""
    cut = notes.copy()
    first = float(line["onset_beat"][0]) if len(line) else start
    into = (cut["onset_beat"] < start - EPSILON) & (cut["onset_beat"] + cut["duration_beat"] > first)
    into &= (cut["hand"] == line["hand"][0]) & (cut["part"] == line["part"][0])
    cut["duration_beat"][into] = first - cut["onset_beat"][into]
    return cut


def _playable(notes: NDArray[np.void], line: NDArray[np.void]) -> NDArray[np.void]:
    """The notes without doubled ones, and without companions that the hand cannot hold with the line's note."""
    lead = {(round(float(note["onset_beat"]), 6), int(note["hand"])): note for note in line}
    kept: list[int] = []
    seen: set[tuple[float, int]] = set()
    fingers: dict[tuple[float, int], int] = {}
    for index in range(len(notes) - 1, -1, -1):  # the line's own notes come last and are taken first
        note = notes[index]
        place = (round(float(note["onset_beat"]), 6), int(note["hand"]))
        if (place[0], int(note["pitch"])) in seen or not _fits(note, lead.get(place), fingers.get(place, 0)):
            continue
        seen.add((place[0], int(note["pitch"])))
        fingers[place] = fingers.get(place, 0) + 1
        kept.append(index)
    return notes[np.array(sorted(kept), dtype=np.intp)]


def _fits(note: np.void, lead: np.void | None, held: int) -> bool:
    """Whether a note can be struck by the hand that plays the ``lead`` of the line there; True where there is none."""
    if lead is None or note["hand"] < 0:
        return True
    above = int(note["pitch"]) - int(lead["pitch"])
    inside = above >= 0 if note["hand"] == LEFT else above <= 0
    return held < MOST_FINGERS and abs(above) <= HAND_SPAN and inside


def under_chords(
    answer: Score, analogy: Analogy, chords: NDArray[np.void], key: Key, start: float, end: float
) -> Score:
    """The answer with its chord part, chord symbols and key rewritten for new chords in [start, end)."""
    written = chord_part(answer)
    notes = answer.notes
    if written.any():
        inside = written & within(notes, start, end)
        blocks = _block_chords(chords[within_chords(chords, start, end)], notes[written][0])
        notes = np.concatenate([notes[~inside], blocks])
    keys = answer.keys
    if len(keys) and analogy.bars is None:
        keys = np.array([(keys["start_beat"][0], key.fifths, key.minor)], dtype=KEY_DTYPE)
    return replace(answer, notes=notes, keys=keys, mode="", chords=chords if len(answer.chords) else answer.chords)


def _block_chords(chords: NDArray[np.void], like: np.void) -> NDArray[np.void]:
    """Chords as notes: the bass in octave 2, the tones from octave 3."""
    blocks = []
    for chord in chords:
        tones = {48 + int(chord["root"]) + (tone - int(chord["root"])) % 12 for tone in classes_of(chord["tones"])}
        for pitch in sorted({36 + int(chord["bass"])} | tones):
            note = like.copy()
            note["onset_beat"], note["duration_beat"] = chord["start_beat"], chord["end_beat"] - chord["start_beat"]
            note["pitch"], note["step"], note["alter"] = pitch, "", 0
            blocks.append(note)
    return np.array(blocks, dtype=NOTE_DTYPE)


def _where(analogy: Analogy) -> str:
    return f" in bars {analogy.bars[0]}-{analogy.bars[1]}" if analogy.bars else ""
