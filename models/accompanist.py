"""A left hand for a tune that stands alone: the tune stays as it is, and chords are played below it.

The chords are those that the page writes or a donor gives, else the ones that suit the tune (`lessons.harmonising`);
how they are played comes from the left hand of a donor of texture, else from a pattern that fits metre and level. The
hand closes with the root of the last chord, as long as the tune's last note, and comes to it from the root before.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import STYLE_WORDS, Analogy, Feature, Level, Style, Variation
from lessons.errors import ComposerError
from lessons.harmonising import is_lone_tune
from lessons.harmony import mask_of
from lessons.score import LEFT, NOTE_DTYPE, RIGHT, Score
from models.accompaniment import BUSY, EASY
from models.donors import named, wanted_chords
from models.hand_positions import Harmony, Keys, led
from models.line import EPSILON
from models.manners import Strokes, of_donor, of_pattern, within_bars
from models.measures import Comparison, measure
from models.patterns import lasting, patterns_for, sounding
from models.plan import passage
from models.restyling import check_style

WEIGHTS = "rules-1"
LONG_NOTE = 1.0  # beats from which a clash with the left hand is heard as one
SOFTER = 0.8  # the left hand's loudness against the tune's
LEAST_BEAT = 0.3  # shorter remains of a stroke are not struck again
TUNE_STAYS = "the tune stays, and a left hand plays"


def asks_for_accompaniment(analogy: Analogy) -> bool:
    """Whether a question is about what goes under a lone tune, and not about the tune."""
    donors, piece = set(analogy.donors), analogy.piece
    if donors & {Feature.PITCH, Feature.RHYTHM} or analogy.hand == RIGHT or not is_lone_tune(piece):
        return False
    if analogy.style:
        return True
    locked = {Feature.PITCH, Feature.RHYTHM} <= analogy.keep and Feature.TEXTURE not in analogy.keep
    return analogy.hand == LEFT or Feature.TEXTURE in donors or (locked and not donors)


def accompaniments(analogy: Analogy, count: int = 1) -> list[Variation]:
    """The tune with ``count`` different left hands. Raises ComposerError where there are fewer."""
    if analogy.style:
        check_style(analogy, analogy.style, count)
    ways = _ways(analogy)
    if not 1 <= count <= len(ways):
        raise ComposerError(f"--count {count}: only {len(ways)} left hands fit here; ask for fewer, or name a donor")
    return [_accompanied(analogy, ways[number]) for number in range(count)]


def _ways(analogy: Analogy) -> list[str]:
    """The patterns that fit, in the order of the seed; one nameless way with a donor."""
    if Feature.TEXTURE in analogy.donors:
        return [""]
    if analogy.style:
        return [analogy.style]
    names = list(patterns_for(analogy.piece.metre_at(max(0.0, passage(analogy)[0]))))
    fitting = {Level.EASIER: EASY, Level.SAME: tuple(names), Level.HARDER: BUSY}[analogy.level]
    kept = [name for name in names if name in fitting]
    if analogy.level == Level.SAME:
        kept = [*kept[1:], kept[0]]  # block chords last: they are the plainest
    turn = analogy.seed % len(kept)
    return kept[turn:] + kept[:turn]


def _accompanied(analogy: Analogy, pattern: str) -> Variation:
    piece, (start, end) = analogy.piece, passage(analogy)
    chords, _, notices = wanted_chords(analogy, start, end)
    if not len(chords):
        raise ComposerError("no chords suit the tune, so no left hand does")
    harmonies = harmonies_under(piece, chords, max(start, 0.0), end)
    if Feature.TEXTURE in analogy.donors:
        manner = of_donor(analogy, start, end)
        way = f"in the manner of {named(analogy.donors[Feature.TEXTURE])}"
    else:
        manner, way = _patterned(piece, harmonies, pattern, max(start, 0.0), end), STYLE_WORDS[Style(pattern)]
    left = left_hand(piece, harmonies, manner, max(start, 0.0), end)
    tune = piece.notes.copy()
    tune["hand"] = RIGHT
    answer = replace(piece.with_notes(np.concatenate([tune, left])), level=0, handless=())
    answer = replace(answer.unsigned, title=f"Variation on {piece.title}" if piece.title else "")
    line = tune[~tune["grace"]]
    compared = Comparison(line, line, line, chords, start, end)
    return Variation(answer, analogy, measure(piece, answer, compared), WEIGHTS, (*notices, f"{TUNE_STAYS} {way}"))


def _patterned(piece: Score, harmonies: list[Harmony], name: str, start: float, end: float) -> list[Strokes]:
    """A pattern's strokes in each bar; it begins anew with each chord."""
    pattern = patterns_for(piece.metre_at(start))[name]
    found = []
    for bar in piece.bars[within_bars(piece, start, end)]:
        strokes: list[tuple[float, float, int]] = []
        for harmony in _in_bar(harmonies, bar):
            length = min(harmony.end_beat, float(bar["end_beat"])) - harmony.start_beat
            shift = harmony.start_beat - float(bar["start_beat"])
            strokes += [(shift + place, share, voice) for place, share, voice in of_pattern(pattern, length)]
        found.append(tuple(strokes))
    return found


def _in_bar(harmonies: list[Harmony], bar: np.void) -> list[Harmony]:
    return [one for one in harmonies if bar["start_beat"] - EPSILON <= one.start_beat < bar["end_beat"] - EPSILON]


def harmonies_under(piece: Score, chords: NDArray[np.void], start: float, end: float) -> list[Harmony]:
    """What the hand has to play from beat to beat: the chords cut at bar lines, and what the tune leaves room for."""
    found = []
    for chord in lasting(piece, _cut_at_bars(piece, chords, start, end)):
        begins, ends = float(chord["start_beat"]), float(chord["end_beat"])
        over = sounding(piece.notes[~piece.notes["grace"]], begins, ends)
        now = sounding(over, begins, begins + 2 * EPSILON)
        long = over["pitch"][over["duration_beat"] >= LONG_NOTE].astype(np.int64)
        found.append(
            Harmony(
                begins,
                ends,
                int(chord["root"]) % 12,
                int(chord["tones"]),
                ceiling=int(over["pitch"].min()) if len(over) else 127,
                harsh=mask_of(np.concatenate([long + 1, long - 1])),
                on_top=int(now["pitch"].max()) if len(now) else None,
                rooted=begins <= start + EPSILON,
            )
        )
    for place in _cadence(found):
        found[place] = replace(found[place], rooted=True)
    return found


def _cadence(harmonies: list[Harmony]) -> list[int]:
    """The places of the last harmony and of the one that leads to it."""
    last = len(harmonies) - 1
    before = [place for place, one in enumerate(harmonies) if one.root != harmonies[-1].root]
    return [*before[-1:], last] if harmonies else []


def _cut_at_bars(piece: Score, chords: NDArray[np.void], start: float, end: float) -> NDArray[np.void]:
    """The chords in [start, end), struck again in each bar; before the first one its own sound, silence as what was."""
    rows = []
    for bar in piece.bars[within_bars(piece, start, end)]:
        begins, ends = float(bar["start_beat"]), min(end, float(bar["end_beat"]))
        here = chords[(chords["start_beat"] < ends - EPSILON) & (chords["end_beat"] > begins + EPSILON)].copy()
        if not len(here):
            before = chords[chords["start_beat"] < begins + EPSILON]
            here = (before[-1:] if len(before) else chords[:1]).copy()
        here["start_beat"] = np.maximum(here["start_beat"], begins)
        here["start_beat"][0] = begins
        here["end_beat"] = np.append(here["start_beat"][1:], ends)
        rows.append(here)
    return np.concatenate(rows) if rows else chords[:0]


def left_hand(
    piece: Score, harmonies: list[Harmony], manner: list[Strokes], start: float, end: float
) -> NDArray[np.void]:
    """The notes of the left hand in [start, end), one set of strokes a bar."""
    held = led(_rooted(piece, harmonies, manner, start, end))
    tune = piece.notes[~piece.notes["grace"]]
    last = tune[int(tune["onset_beat"].argmax())]
    closes = float(last["onset_beat"]) if end >= piece.end_beat - EPSILON else np.inf
    struck: dict[tuple[float, int], float] = {}
    for bar, strokes in zip(piece.bars[within_bars(piece, start, end)], manner, strict=True):
        for harmony, keys in zip(harmonies, held, strict=True):
            if bar["start_beat"] - EPSILON <= harmony.start_beat < bar["end_beat"] - EPSILON:
                _strike(struck, harmony, keys, strokes, float(bar["start_beat"]))
    if closes < np.inf:
        struck = {
            place: min(length, closes - place[0]) for place, length in struck.items() if place[0] < closes - EPSILON
        }
        closing = held[-1] if closes >= harmonies[-1].start_beat - EPSILON else led([harmonies[-1]])[0]
        for key in closing:
            struck[max(closes, start), key] = float(last["duration_beat"])
    return _notes(struck, last, float(np.median(tune["velocity"])))


def _rooted(piece: Score, harmonies: list[Harmony], manner: list[Strokes], start: float, end: float) -> list[Harmony]:
    """The harmonies, with roots in the bass of bars in which it stands out: struck alone, and for a beat or more."""
    found = []
    for bar, strokes in zip(piece.bars[within_bars(piece, start, end)], manner, strict=True):
        first = [(length, voice) for place, length, voice in strokes if place == strokes[0][0]]
        alone = len(first) == 1 and first[0][0] >= LONG_NOTE
        found += [replace(one, rooted=one.rooted or alone) for one in _in_bar(harmonies, bar)]
    return found


def _strike(
    struck: dict[tuple[float, int], float], harmony: Harmony, keys: Keys, strokes: Strokes, bar_start: float
) -> None:
    """Add the strokes of a bar that fall under one chord; what is held over from another chord is struck anew."""
    begins, ends = harmony.start_beat, harmony.end_beat
    here = []
    for place, length, voice in strokes:
        onset, until = bar_start + place, bar_start + place + length
        if begins - EPSILON <= onset < ends - EPSILON:
            here.append((onset, min(until, ends), voice))
        elif onset < begins - EPSILON and min(until, ends) - begins > LEAST_BEAT:
            here.append((begins, min(until, ends), voice))
    if not here:
        here = [(begins, ends, voice) for voice in range(len(keys))]
    first = min(here)[0]
    lowest = min(voice for onset, _, voice in here if onset == first)
    for onset, until, voice in here:
        wanted = voice - lowest if onset == first else voice
        struck[round(onset, 6), keys[min(wanted, len(keys) - 1)]] = until - onset


def _notes(struck: dict[tuple[float, int], float], like: np.void, velocity: float) -> NDArray[np.void]:
    """The struck keys as notes of the left hand."""
    notes = np.zeros(len(struck), NOTE_DTYPE)
    notes[:] = like
    for row, ((onset, key), length) in enumerate(sorted(struck.items())):
        notes["onset_beat"][row], notes["duration_beat"][row], notes["pitch"][row] = onset, length, key
    notes["hand"], notes["velocity"] = LEFT, max(1, round(SOFTER * velocity))
    notes["voice"], notes["step"], notes["alter"] = 0, "", 0
    notes["finger"], notes["finger_confidence"] = 0, 0.0
    return notes
