"""What an analogy takes from its donors, laid out in the passage to be varied.

A donor begins at its own first downbeat; its pickup fills a pickup of the piece, and the gap before each repetition.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import Analogy, Feature, bars_fit
from lessons.errors import ComposerError
from lessons.exercise import excerpt
from lessons.form import repeats_by_the_page
from lessons.harmony import Key, chords_of, find_key, score_key, transpose_chords
from lessons.score import LEFT, RIGHT, Score
from models.carrying import carrying
from models.closing import bar_before, closed_chords, closed_with, falls_silent
from models.harmonic_rhythm import as_the_hand_strikes
from models.layout import as_it_stands, bar_length, bars_begun, donor_length, laid_out, runs, spread_chords
from models.line import EPSILON, OCTAVE, Mask, crossings, cut_overlaps, line_mask, raised
from models.tonality import chords_in_mode, degrees_moved, home, home_of_answer, in_mode, towards

THIRD = 4  # semitones that a tune may lie beyond the passage's own line
FAR_REGISTER = 7.0  # semitones between medians from which a donor's tune moves by octaves
CROSSED = 0.1  # the share of a donor's notes that may cross the other hand before the tune moves by an octave


def within_chords(chords: NDArray[np.void], start: float, end: float) -> Mask:
    """Which chords begin inside [start, end)."""
    inside: Mask = (chords["start_beat"] >= start - EPSILON) & (chords["start_beat"] < end - EPSILON)
    return inside


def donor_line(donor: Score, feature: Feature, hand: int | None) -> NDArray[np.void]:
    """The line of a donor: of the hand asked for where the donor has that hand, else its tune."""
    mask = line_mask(donor, hand) if hand is not None else line_mask(donor)
    line = donor.notes[mask if mask.any() else line_mask(donor)]
    if not len(line):
        raise ComposerError(f"--{feature}-from {named(donor)}: no notes to take the {feature} from")
    return cut_overlaps(line)


def repeats_notice(
    donor: Score, feature: Feature, piece: Score, start: float, end: float, stretch: float = 1.0
) -> list[str]:
    """Say that a donor shorter than [start, end) of a piece begins again, in bars as pages have them: repeats once."""
    length = donor_length(donor)
    if length * stretch >= end - start - EPSILON:
        return []
    once = _written_once(donor, 0.0, length) if repeats_by_the_page(donor, 0.0, length) else length
    if repeats_by_the_page(piece, start, end) and once * stretch >= _written_once(piece, start, end) - EPSILON:
        return []  # what comes again in the piece takes the same of the donor again
    bars = once / bar_length(donor)
    again = "begin again" if feature == Feature.CHORDS else "begins again"
    return [f"the {feature} of {named(donor)} {again} after {bars:g} bar{'s' if bars != 1 else ''}"]


def _written_once(score: Score, start: float, end: float) -> float:
    """How many beats of [start, end) a page has, where what it repeats stands once."""
    bars = score.bars[(score.bars["start_beat"] >= start - EPSILON) & (score.bars["start_beat"] < end - EPSILON)]
    _, first = np.unique(bars["written"], return_index=True)
    return float((bars["end_beat"][first] - bars["start_beat"][first]).sum())


def check_metre(piece: Score, donor: Score, feature: Feature, at_beat: float) -> None:
    """Raise ComposerError where the bars of two pieces cannot be laid over each other."""
    ours, theirs = piece.metre_at(at_beat), donor.metre_at(0.0)
    if not bars_fit(ours, theirs):
        raise ComposerError(
            f"--{feature}-from {named(donor)}: it is in {theirs[0]}/{theirs[1]} and the piece in {ours[0]}/{ours[1]};"
            " choose a donor with the same bars"
        )


def wanted_chords(analogy: Analogy, start: float, end: float) -> tuple[NDArray[np.void], Key, list[str]]:
    """The chords under the answer, their key, and notices: the donor's in the passage, the piece's elsewhere."""
    own = chords_of(analogy.piece)
    key = score_key(analogy.piece, own)
    donor = analogy.donors.get(Feature.CHORDS)
    if donor is None:
        return own, key, []
    theirs = chords_of(donor).copy()
    stretch = bar_length(analogy.piece, max(start, 0.0)) / bar_length(donor)  # bar by bar, whatever the metres
    theirs["start_beat"] *= stretch
    theirs["end_beat"] *= stretch
    if not len(theirs):
        raise ComposerError(f"--chords-from {named(donor)}: no chords to be found in it")
    moved, shift = _brought_home(analogy, theirs, own)
    notices = [f"the chords of {named(donor)} moved {shift:+d} semitones to the key of the piece"] if shift else []
    downbeat = max(start, 0.0) if analogy.bars is None else start
    spread = spread_chords(moved, runs(analogy.piece, donor, downbeat, end, stretch, to_its_end=True), end)
    spread = closed_chords(spread, own, _page_closes(analogy, own, end))
    spread = as_the_hand_strikes(analogy, spread, closes_piece(analogy, end))
    spread, changed = carrying(analogy, spread, key)
    notices += [f"{changed} of its chords gave way to such as carry the tune"] if changed else []
    outside = own[(own["start_beat"] < start - EPSILON) | (own["start_beat"] >= end - EPSILON)].copy()
    outside["end_beat"] = np.where(
        outside["start_beat"] < start, np.minimum(outside["end_beat"], start), outside["end_beat"]
    )
    joined = np.concatenate([outside, spread])
    joined = joined[np.argsort(joined["start_beat"], kind="stable")]
    if analogy.bars is None:
        key = _key_of(donor, spread, shift)
    return joined, key, notices + repeats_notice(donor, Feature.CHORDS, analogy.piece, downbeat, end, stretch)


def _page_closes(analogy: Analogy, own: NDArray[np.void], end: float) -> float | None:
    """From which beat on a passage that ends the piece keeps the chord that this comes home to; None elsewhere."""
    if analogy.bars is None or not closes_piece(analogy, end) or not len(own):
        return None
    is_home = own["root"] == home(analogy.piece, own).tonic
    begins = int(np.flatnonzero(~is_home)[-1:].max(initial=-1)) + 1
    return max(float(own["start_beat"][begins]), bar_before(analogy.piece, end)) if is_home[-1] else None


def _brought_home(analogy: Analogy, theirs: NDArray[np.void], own: NDArray[np.void]) -> tuple[NDArray[np.void], int]:
    """The donor's chords in the key of the piece, and how far they moved; also in its mode where bars around them stay.

    Only where both pages name their key, since a guess could be wrong, and where its tune does not come along.
    """
    piece, donor = analogy.piece, analogy.donors[Feature.CHORDS]
    if not (len(piece.keys) and len(donor.keys)) or same_donor(analogy, Feature.PITCH, Feature.CHORDS):
        return theirs, 0
    ours, there = home(piece, own), home(donor, theirs)
    shift = towards(there, ours)
    moved = transpose_chords(theirs, shift)
    if analogy.bars is not None:
        steps = degrees_moved(np.zeros(0, np.int64), Key((there.tonic + shift) % 12, there.minor), ours)
        moved = chords_in_mode(moved, ours.tonic, steps)
    return moved, shift


def _key_of(donor: Score, spread: NDArray[np.void], shift: int) -> Key:
    """The key of an answer under a donor's chords: the donor's own, moved along; what they say where no page does."""
    if not len(donor.keys):
        return find_key(spread)
    named = score_key(donor)
    return Key((named.tonic + shift) % 12, named.minor)


def same_donor(analogy: Analogy, first: Feature, second: Feature) -> bool:
    """Whether one piece gives two features: then they stay in its own key."""
    donors = analogy.donors
    return first in donors and second in donors and donors[first].digest == donors[second].digest


def home_of(analogy: Analogy, key: Key) -> Key:
    """Where the answer to a question is at home, that stands in ``key``."""
    donor = analogy.donors.get(Feature.CHORDS) if analogy.bars is None else None
    return home_of_answer(analogy.piece, donor, key)


def pitch_source(
    analogy: Analogy, own: NDArray[np.void], ours: Key, downbeat: float, end: float
) -> tuple[NDArray[np.void], NDArray[np.void]]:
    """The donor's tune at home where the answer is, with the chords that it had, both laid out in the passage."""
    donor, line = _begun(analogy.donors[Feature.PITCH], Feature.PITCH, analogy.hand)
    whole, chords = analogy.donors[Feature.PITCH], chords_of(donor)
    shift, steps, line = 0, dict[int, int](), line.copy()
    if not same_donor(analogy, Feature.PITCH, Feature.CHORDS):
        theirs = home(whole, chords_of(whole))
        shift = towards(theirs, ours)
        tune = line["pitch"].astype(np.int64) + shift
        steps = degrees_moved(tune, Key((theirs.tonic + shift) % 12, theirs.minor), ours)
        line["pitch"] = np.clip(in_mode(tune, ours.tonic, steps), 0, 127)
    layout = runs(analogy.piece, donor, downbeat, end, to_its_end=closes_piece(analogy, end))
    placed = laid_out(line, layout, end, pickup=max(0.0, downbeat - float(own["onset_beat"].min())))
    _refuse_silence(placed, donor, Feature.PITCH)
    placed = in_register(placed, own, analogy.piece.notes)
    aside = 0 if analogy.bars is None or closes_piece(analogy, end) else out_of_place(placed, own)
    placed = raised(placed, -aside)
    heard = chords_in_mode(transpose_chords(chords, shift), ours.tonic, steps) if len(chords) else chords
    heard = transpose_chords(heard, -aside) if aside else heard
    return placed, spread_chords(heard, layout, end) if len(chords) else chords


def comes_home(analogy: Analogy, end: float) -> bool:
    """Whether a passage ends the piece, and its line on the tonic."""
    piece = analogy.piece
    last = int(piece.notes["pitch"][line_mask(piece, analogy.hand)][-1])
    return closes_piece(analogy, end) and last % 12 == home(piece, chords_of(piece)).tonic


def close_class(analogy: Analogy, source: NDArray[np.void], ours: Key, end: float) -> int | None:
    """The tonic of an answer at home there, if the piece ends on its own, or the source of the pitches on this one."""
    borrowed = closes_piece(analogy, end) and source["pitch"][-1] % 12 == ours.tonic
    return ours.tonic if borrowed or comes_home(analogy, end) else None


def closes_piece(analogy: Analogy, end: float) -> bool:
    """Whether a passage that ends at ``end`` ends the piece."""
    return end >= analogy.piece.end_beat - EPSILON


def in_register(tune: NDArray[np.void], own: NDArray[np.void], notes: NDArray[np.void]) -> NDArray[np.void]:
    """A donor's tune moved by octaves to where the piece's own line lies, and clear of the other hand if that helps."""
    apart = float(np.median(own["pitch"]) - np.median(tune["pitch"]))
    octaves = round(apart / OCTAVE) if abs(apart) > FAR_REGISTER else 0
    hand = int(own["hand"][0])
    other, way = notes[notes["hand"] == (LEFT if hand == RIGHT else RIGHT)], 1 if hand == RIGHT else -1
    near, far = (raised(tune, OCTAVE * count) for count in (octaves, octaves + way))
    if hand not in (LEFT, RIGHT) or crossings(near, other, way) <= crossings(own, other, way) + CROSSED * len(near):
        return near
    return far if crossings(far, other, way) < crossings(near, other, way) else near


def out_of_place(tune: NDArray[np.void], own: NDArray[np.void]) -> int:
    """The semitones that a tune lies above the line of a passage, middle to middle; 0 where the hand can stay there.

    A passage comes out of its page and goes back into it, so a hand that plays there cannot go far away.
    """
    (low, high), (lowest, highest) = ((int(line["pitch"].min()), int(line["pitch"].max())) for line in (own, tune))
    if low - THIRD <= lowest and highest <= high + THIRD:
        return 0
    return round((lowest + highest - low - high) / 2)


def rhythm_source(
    analogy: Analogy, own: NDArray[np.void], start: float, downbeat: float, end: float
) -> NDArray[np.void]:
    """The donor's rhythm in the passage; where it has no pickup, the piece keeps its own."""
    donor = analogy.donors[Feature.RHYTHM]
    check_metre(analogy.piece, donor, Feature.RHYTHM, downbeat)
    donor, line = _begun(donor, Feature.RHYTHM, analogy.hand, end - downbeat)
    layout = runs(analogy.piece, donor, downbeat, end, to_its_end=closes_piece(analogy, end))
    placed = laid_out(line, layout, end, pickup=downbeat - start)
    _refuse_silence(placed, donor, Feature.RHYTHM)
    if not (placed["onset_beat"] < downbeat - EPSILON).any():
        pickup = own[own["onset_beat"] < downbeat - EPSILON]
        placed = np.concatenate([pickup, placed])
    placed = cut_overlaps(placed)
    closes = comes_home(analogy, end) and not as_it_stands(layout, analogy.piece, donor, line)
    return closed_with(placed, own, falls_silent(placed, own, analogy.piece) if closes else None)


def _begun(donor: Score, feature: Feature, hand: int | None, length: float = np.inf) -> tuple[Score, NDArray[np.void]]:
    """A donor from the bar on in which its line begins, and that line: bars that it rests in have nothing to give.

    One that is only with its rest as long as ``length`` beats is taken as it stands.
    """
    line = donor_line(donor, feature, hand)
    bar = int(donor.bar_numbers_at(float(line["onset_beat"].min()))) if len(donor.bars) else 1
    if bar <= 1:
        return donor, line
    begun = excerpt(donor, bar, int(donor.bars["number"][-1]), donor.title)
    if bars_begun(begun) < length / bar_length(donor) - EPSILON < bars_begun(donor):
        return donor, line
    return begun, donor_line(begun, feature, hand)


def _refuse_silence(placed: NDArray[np.void], donor: Score, feature: Feature) -> None:
    if not len(placed):
        raise ComposerError(f"--{feature}-from {named(donor)}: it rests there; choose another donor, or other bars")


def named(score: Score) -> str:
    """A title for messages."""
    return f"“{score.title}”" if score.title else "the donor"
