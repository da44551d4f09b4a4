"""The exercise after a take: what is asked of the composer, and which of its answers is taken.

The feature that failed stays where it failed, and another is taken from music that the learner plays already:

rhythm: the same rhythm with another tune, where all is chords under other harmonies. Pitch: the notes that failed and
their neighbours, the rest in another rhythm. Chords: the hand with its chords as they are and another tune beside it;
for a hand alone, its chords in another rhythm. Texture: the hands together as they are, under other harmonies, else
with another tune.

Donors come first in which the feature differs from the page. An answer is taken that differs from the page, in what it
takes from elsewhere above all, was not given before, and is no harder, or not much where there is no other. It is
played from the bar before the passage to the end of the phrase, where that is near.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import Analogy, Composer, Feature
from lessons.bar_names import bars_in_words
from lessons.difficulty import difficulty
from lessons.errors import InputError, TutorError
from lessons.exercise import Exercise, excerpt
from lessons.form import phrases
from lessons.library.metres import METRE, metres_fit
from lessons.library.shelf import Piece
from lessons.otherness import Passage, differs, played
from lessons.score import HAND_NAMES, LEFT, RIGHT, UNKNOWN_HAND, Score
from tutor.evidence import BIG_ENOUGH, Evidence
from tutor.faults import Fault
from tutor.learner import Learner
from tutor.practice import Hands, PracticeSettings

if TYPE_CHECKING:
    from tutor.step import Step

ONE_HAND_SHARE = 0.8
MOST_DONORS, MOST_READ = 4, 8  # that are asked for a feature, and that are looked at to find such as differ
FREELY = 1.0  # how far an answer without a donor may move
TURNS = 10_000
LEAST_CHANGE, LEAST_NOTES = 0.15, 2  # of the notes of the passage
AS_HARD, HARDER = 0.1, 0.5  # levels above the page: so much is nothing, so much is the most
NEAR_BARS = 2  # that an exercise goes on for, to end with the phrase
EPSILON = 1e-6


class Way(NamedTuple):
    """One thing to ask: the feature that changes, in which hand's line, and where the line stays as it is."""

    changed: Feature
    hand: int | None = None
    fixed: tuple[float, ...] = ()
    keep: frozenset[Feature] = frozenset()


class Shortcomings(NamedTuple):
    """What an answer falls short of, the worst first."""

    is_given: bool  # before
    is_alike: bool  # it has not all from its donors that it asked for
    is_harder: bool  # than the page


def analogies_for(
    score: Score,
    bars: tuple[int, int],
    evidence: Evidence,
    feature: Feature,
    settings: PracticeSettings,
    learner: Learner,
    library: Sequence[Piece] = (),
    seed: int = 0,
) -> tuple[Analogy, ...]:
    """What to ask for, the best question first; ``evidence`` is of the whole take. The last ones have no donor."""
    faults = failed_in(evidence, bars, feature)
    turn = turn_of(learner, faults)
    return questions(score, bars, faults, feature, settings, read_donors(score, learner, library, turn), seed + turn)


def failed_in(evidence: Evidence, bars: tuple[int, int], feature: Feature) -> list[Fault]:
    """The faults of a feature in a passage."""
    return [fault for fault in evidence.within(*bars).faults if fault.feature is feature]


def read_donors(score: Score, learner: Learner, library: Sequence[Piece], turn: int) -> list[Score]:
    """As many donors as are looked at."""
    return list(islice(donors_for(score, learner, library, turn), MOST_READ))


def questions(
    score: Score,
    bars: tuple[int, int],
    faults: Sequence[Fault],
    feature: Feature,
    settings: PracticeSettings,
    read: Sequence[Score],
    seed: int,
) -> tuple[Analogy, ...]:
    """What to ask for where these faults were made, with donors of those that were ``read``."""
    ways = list(_ways(score, bars, faults, feature, settings))
    led_to = (max(int(score.bars["number"].min()), bars[0] - 1), bars[1])  # where all that is played failed and stays
    donors = {way: differing(read, score, bars, way) for way in ways}

    def ask(way: Way, donor: Score | None, bars: tuple[int, int] = bars) -> Analogy:
        taken = {way.changed: donor} if donor is not None else {}
        keep = (way.keep | _beside_failed(feature)) - {way.changed}
        strength = FREELY if donor is None else 0.5
        return Analogy(score, taken, keep, bars, strength, hand=way.hand, seed=seed, fixed=way.fixed)

    within = [*(ask(way, donor) for way in ways for donor in donors[way]), *(ask(way, None) for way in ways)]
    before = (ask(way, donor, led_to) for way in ways if way.fixed for donor in (*donors[way], None))
    return (*within, *before)


def differing(donors: Sequence[Score], score: Score, bars: tuple[int, int], way: Way) -> list[Score]:
    """The donors to ask for what is to change, those first in which it is another than in the passage."""
    page, count = Passage(score, bars), bars[1] - bars[0] + 1
    other = {donor.digest: differs(way.changed, page, opening(donor, way.hand, count), way.hand) for donor in donors}
    return sorted(donors, key=lambda donor: not other[donor.digest])[:MOST_DONORS]


def opening(donor: Score, hand: int | None, count: int) -> Passage:
    """The first bars in which a hand of a donor plays: what a passage of so many bars takes from it."""
    begins = float(played(donor, hand)["onset_beat"].min())
    first = max(1, int(donor.bar_numbers_at(begins)))
    return Passage(donor, (first, min(first + count - 1, int(donor.bars["number"][-1]))))


def _beside_failed(feature: Feature) -> frozenset[Feature]:
    """What has to stay so that a failed feature does: how the hand below plays too, and keys in their chords."""
    along = {Feature.PITCH: {Feature.CHORDS}, Feature.TEXTURE: {Feature.RHYTHM}}
    return frozenset({feature, Feature.TEXTURE, *along.get(feature, set())})


def turn_of(learner: Learner, faults: Iterable[Fault]) -> int:
    """A number that is another one after each attempt: the same failure again asks for something new."""
    said = [(fault.kind, fault.onset_beat) for fault in faults]
    return zlib.crc32(repr((len(learner.attempts), said)).encode()) % TURNS


def donors_for(score: Score, learner: Learner, library: Sequence[Piece], turn: int) -> Iterator[Score]:
    """Pieces of the same metre, else of one with such bars (6/8 for 3/8), beginning with another at each turn.

    They are those that the learner plays, else easy ones.
    """
    played = learner.plays()
    metre = "{}/{}".format(*score.metre_at(0.0))
    level = score.level or difficulty(score).level
    others = [piece for piece in library if piece.title != score.title]
    fitting = [piece for piece in others if piece.metre == metre] or [
        piece for piece in others if METRE.fullmatch(piece.metre) and metres_fit(metre, piece.metre)
    ]
    known = sorted((piece for piece in fitting if piece.title in played), key=lambda piece: played.index(piece.title))
    pool = known or [piece for piece in fitting if piece.level <= level] or fitting
    for place in range(len(pool)):
        try:
            yield pool[(turn + place) % len(pool)].score()
        except InputError:
            continue


def hand_of(faults: Iterable[Fault]) -> int | None:
    """The hand that nearly all of these faults belong to; None where there is none."""
    hands = [fault.hand for fault in faults if fault.hand]
    return next((h for h in (LEFT, RIGHT) if hands and hands.count(HAND_NAMES[h]) >= ONE_HAND_SHARE * len(hands)), None)


def exercise(
    step: Step, composer: Callable[[], Composer] | None, given: Container[str] = frozenset()
) -> Exercise | None:
    """Have the step's exercise made; where no composer has a fitting answer, the passage as written.

    None where the step asks for the whole piece. ``given`` are the digests of earlier exercises.
    """
    if step.bars is None or step.context is None:
        return None
    span = wide_enough(step.score, to_phrase_end(step.score, step.context), BIG_ENOUGH)
    page = excerpt(step.score, *span)
    level = difficulty(page).level
    title = f"After {step.score.title or 'the piece'}, {bars_in_words(step.score, *step.bars)}"
    notices: list[str] = []
    found: dict[Shortcomings, Exercise] = {}
    for analogy in step.analogies if composer is not None else ():
        try:
            variation = composer().vary(analogy)[0]  # type: ignore[misc]
        except TutorError as error:
            notices.append(str(error))
            continue
        score = excerpt(variation.score, *span, title=title)
        harder = difficulty(score).level - level
        is_new = is_other(variation.score, step.score, analogy.bars or step.bars, analogy.hand)
        if not is_new or harder > HARDER:
            continue
        made = Exercise(score, step.score, span, step.reason, step.feature, variation, variation.notices)
        lacks = Shortcomings(score.digest in given, made.taken.keys() < analogy.donors.keys(), harder > AS_HARD)
        if not any(lacks):
            return made
        found.setdefault(lacks, made)
    if found:
        return found[min(found)]
    return Exercise(page, step.score, span, step.reason, step.feature, None, tuple(dict.fromkeys(notices)))


def is_other(answer: Score, page: Score, bars: tuple[int, int], hand: int | None = None) -> bool:
    """Whether enough notes of the passage, or of one hand in it, are others than on the page."""
    ours, theirs = (_keys(score, page.bar_range(*bars), hand) for score in (answer, page))
    return len(ours ^ theirs) >= max(LEAST_NOTES, 2 * LEAST_CHANGE * len(theirs))


def to_phrase_end(score: Score, bars: tuple[int, int]) -> tuple[int, int]:
    """The passage, and on to the end of its phrase where that is at most `NEAR_BARS` away."""
    _, end = score.bar_range(*bars)
    ends = [one.end_beat for one in phrases(score, score.start_beat, score.end_beat) if one.end_beat >= end - EPSILON]
    last = int(score.bar_numbers_at(min(ends) - EPSILON)) if ends else bars[1]
    return (bars[0], last) if last - bars[1] <= NEAR_BARS else bars


def wide_enough(score: Score, bars: tuple[int, int], least_notes: int) -> tuple[int, int]:
    """The bars with as many around them as it takes for so many notes; the piece where it has fewer."""
    at, numbers = score.bar_numbers_at(score.notes["onset_beat"]), score.bars["number"]
    first, last = bars
    while np.count_nonzero((at >= first) & (at <= last)) < least_notes and last - first + 1 < len(numbers):
        first, last = max(int(numbers[0]), first - 1), min(int(numbers[-1]), last + 1)
    return first, last


def _keys(score: Score, span: tuple[float, float], hand: int | None) -> set[tuple[float, float, int]]:
    inside = score.notes[score.rows_of(Hands.BOTH.played() if hand is None else (hand,), span)]
    columns = inside["onset_beat"].round(3), inside["duration_beat"].round(3), inside["pitch"]
    return set(zip(*(column.tolist() for column in columns), strict=True))


def _ways(
    score: Score, bars: tuple[int, int], faults: Sequence[Fault], feature: Feature, settings: PracticeSettings
) -> Iterator[Way]:
    alone = settings.hands.code
    hand = hand_of(faults) if alone is None else alone
    beside = {LEFT: RIGHT, RIGHT: LEFT}.get(hand) if alone is None and hand is not None else None
    if feature is Feature.RHYTHM:
        yield Way(Feature.PITCH, alone)
        yield Way(Feature.CHORDS, alone)
    elif feature is Feature.TEXTURE:
        yield Way(Feature.CHORDS, alone)
        yield Way(Feature.PITCH, alone)
    elif feature is Feature.CHORDS and beside is not None:
        yield Way(Feature.PITCH, beside)
    if feature in (Feature.PITCH, Feature.CHORDS):
        keep = frozenset({Feature.PITCH})
        yield Way(Feature.RHYTHM, hand, places_of(score, bars, faults, hand, neighbours=1), keep)
        yield Way(Feature.RHYTHM, hand, places_of(score, bars, faults, hand, neighbours=0), keep)
    if feature is Feature.PITCH and beside is not None:
        yield Way(Feature.PITCH, beside)


def places_of(
    score: Score, bars: tuple[int, int], faults: Sequence[Fault], hand: int | None, neighbours: int
) -> tuple[float, ...]:
    """The onsets in beats at which a hand failed in a passage, with so many before and after each."""
    onsets = _onsets(score, bars, hand)
    if not len(onsets):
        return ()
    failed = [fault.onset_beat for fault in faults if hand is None or fault.hand in (None, HAND_NAMES[hand])]
    found = np.clip(np.searchsorted(onsets, np.array(failed) + EPSILON) - 1, 0, None)
    around = {place + step for place in found.tolist() for step in range(-neighbours, neighbours + 1)}
    return tuple(float(onsets[place]) for place in sorted(around) if 0 <= place < len(onsets))


def _onsets(score: Score, bars: tuple[int, int], hand: int | None) -> NDArray[np.float64]:
    """Where the line of a hand has main notes in a passage; where no hand is named, the right one's or nobody's."""
    hands = (RIGHT, UNKNOWN_HAND) if hand is None else (hand,)
    notes = score.notes[score.rows_of(hands, score.bar_range(*bars))]
    onsets: NDArray[np.float64] = np.unique(notes["onset_beat"][~notes["grace"]])
    return onsets
