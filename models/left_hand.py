"""What a left hand strikes below a tune: chords led from position to position, played in a style or as a donor plays.

The hand closes with the root of the last chord, as long as the tune's last note, and comes to it from the root before.
Where a phrase comes to rest its chord has the root below as well.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import Style
from lessons.form import phrases
from lessons.harmony import mask_of
from lessons.score import LEFT, NOTE_DTYPE, Score
from models.hand_positions import HOLLOW, HOLLOW_END, OCTAVE, ROOT, THIRD, THIRDS, Harmony, Keys, led, over
from models.line import EPSILON
from models.manners import Strokes, of_pattern, within_bars
from models.patterns import lasting, patterns_for, sounding, top_at
from models.uneven import groups_of, of_groups
from models.walking import walked

LONG_NOTE = 1.0  # beats from which a clash with the left hand is heard as one
SOFTER = 0.8  # the left hand's loudness against the tune's
LEAST_BEAT = 0.3  # shorter remains of a stroke are not struck again
FIFTH = 7  # semitones
Struck = dict[tuple[float, int], float]  # (beat, key) and length in beats


def hand_in_style(
    piece: Score, harmonies: list[Harmony], style: Style, scale: int, start: float, end: float
) -> NDArray[np.void]:
    """The notes of a left hand in [start, end) that plays in a style; ``scale`` is the mask of the key."""
    if style is Style.WALKING:
        struck = walked(harmonies, piece.notes[~piece.notes["grace"]], scale)
        bass = next(key for beat, key in struck if beat >= harmonies[-1].start_beat - EPSILON)
        return _closed(piece, over(bass, harmonies[-1]), struck, start, end)
    wide = patterns_for(piece.metre_at(start))[style].wide
    opened = [*(replace(harmony, wide=wide) for harmony in harmonies[:-1]), harmonies[-1]]  # the last one is held
    return left_hand(piece, opened, _patterned(piece, opened, style, start, end), start, end)


def left_hand(
    piece: Score, harmonies: list[Harmony], manner: list[Strokes], start: float, end: float
) -> NDArray[np.void]:
    """The notes of the left hand in [start, end), one set of strokes a bar."""
    held = led(_bared(piece, harmonies, manner, start, end))
    struck: Struck = {}
    for bar, strokes in zip(piece.bars[within_bars(piece, start, end)], manner, strict=True):
        for harmony, keys in zip(harmonies, held, strict=True):
            if bar["start_beat"] - EPSILON <= harmony.start_beat < bar["end_beat"] - EPSILON:
                _strike(struck, harmony, keys, strokes, float(bar["start_beat"]))
    voices = 1 + max((voice for strokes in manner for _, _, voice in strokes), default=0)
    return _closed(piece, held[-1][:voices], struck, start, end)


def _closed(piece: Score, closing: Keys, struck: Struck, start: float, end: float) -> NDArray[np.void]:
    """The notes of what is struck; where the piece ends, the last chord is held under the tune's last note."""
    tune = piece.notes[~piece.notes["grace"]]
    last = tune[int(tune["onset_beat"].argmax())]
    closes = float(last["onset_beat"]) if end >= piece.end_beat - EPSILON else np.inf
    if closes < np.inf:
        struck = {
            place: min(length, closes - place[0]) for place, length in struck.items() if place[0] < closes - EPSILON
        }
        for key in closing:
            struck[max(closes, start), key] = float(last["duration_beat"])
    return _notes(struck, last, float(np.median(tune["velocity"])))


def _patterned(piece: Score, harmonies: list[Harmony], name: str, start: float, end: float) -> list[Strokes]:
    """A pattern's strokes in each bar; it begins anew with each chord, and in uneven bars with each group of beats."""
    metre = piece.metre_at(start)
    pattern, groups = patterns_for(metre)[name], groups_of(piece, metre)
    found = []
    for bar in piece.bars[within_bars(piece, start, end)]:
        strokes: list[tuple[float, float, int]] = []
        for harmony in _in_bar(harmonies, bar):
            length = min(harmony.end_beat, float(bar["end_beat"])) - harmony.start_beat
            shift = harmony.start_beat - float(bar["start_beat"])
            if groups and pattern.cycle:
                strokes += of_groups(name, groups, shift, shift + length)
            else:
                strokes += [(shift + place, share, voice) for place, share, voice in of_pattern(pattern, length)]
        found.append(tuple(strokes))
    return found


def _in_bar(harmonies: list[Harmony], bar: np.void) -> list[Harmony]:
    return [one for one in harmonies if bar["start_beat"] - EPSILON <= one.start_beat < bar["end_beat"] - EPSILON]


def harmonies_under(piece: Score, chords: NDArray[np.void], start: float, end: float) -> list[Harmony]:
    """What the hand has to play from beat to beat: the chords cut at bar lines, and what the tune leaves room for."""
    there, sung = phrases(piece, start, end), piece.notes[~piece.notes["grace"]]
    cut = lasting(piece, _cut_at_bars(piece, chords, start, end))
    found = [_under(sung, chord) for chord in cut]
    begins, closes = [phrase.start_beat for phrase in there], [phrase.end_beat for phrase in there]
    opening = [place for place, one in enumerate(found) if one.start_beat <= start + EPSILON]
    begun = [place for place, one in enumerate(found) if _is_at(one.start_beat, begins)]
    resting = [place for place, one in enumerate(found) if _is_at(one.end_beat, closes)]
    cadence = _cadence(found)
    for place in begun:
        found[place] = replace(found[place], basses=(ROOT, THIRD))
    for place in {*opening, *cadence, *resting}:
        found[place] = replace(found[place], basses=(ROOT,))
    if len(cadence) > 1 and _goes_along(piece, found[cadence[0] : cadence[0] + 2]):
        found[cadence[0]] = replace(found[cadence[0]], basses=(THIRD,))
    for place in {*cadence[-1:], *resting}:
        found[place] = replace(found[place], hollow=HOLLOW_END if found[place].hollow else 0.0)
    return found


def _under(sung: NDArray[np.void], chord: np.void) -> Harmony:
    """A chord with the room that notes above it leave."""
    begins, ends = float(chord["start_beat"]), float(chord["end_beat"])
    above = sounding(sung, begins, ends)
    long = above["pitch"][above["duration_beat"] >= LONG_NOTE].astype(np.int64)
    return Harmony(
        begins,
        ends,
        int(chord["root"]) % OCTAVE,
        int(chord["tones"]),
        ceiling=int(above["pitch"].min()) if len(above) else 127,
        harsh=mask_of(np.concatenate([long + 1, long - 1])),
        on_top=top_at(above, begins),
        hollow=0.0 if _has_third(chord, long) else HOLLOW,
    )


def _is_at(beat: float, beats: list[float]) -> bool:
    return any(abs(beat - other) < EPSILON for other in beats)


def _has_third(chord: np.void, pitches: NDArray[np.int64]) -> bool:
    """Whether the third of a chord is among pitches, or the chord has none."""
    thirds = [(int(chord["root"]) + step) % OCTAVE for step in THIRDS]
    own = [tone for tone in thirds if int(chord["tones"]) >> tone & 1]
    return not own or bool(np.isin(pitches % OCTAVE, own).any())


def _goes_along(piece: Score, pair: list[Harmony]) -> bool:
    """Whether roots would go with the tune in octaves or fifths from one chord to the next."""
    if len(pair) < 2 or (before := top_at(piece.notes, pair[0].end_beat - 3 * EPSILON)) is None:
        return False
    after, moved = pair[1].on_top, (pair[1].root - pair[0].root) % OCTAVE
    along = after is not None and moved != 0 and (after - before) % OCTAVE == moved
    return along and (before - pair[0].root) % OCTAVE in (0, FIFTH)


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


def _bared(piece: Score, harmonies: list[Harmony], manner: list[Strokes], start: float, end: float) -> list[Harmony]:
    """The harmonies, told where their bass stands out: struck alone, and for a beat or more."""
    found = []
    for bar, strokes in zip(piece.bars[within_bars(piece, start, end)], manner, strict=True):
        first = [(length, voice) for place, length, voice in strokes if place == strokes[0][0]]
        alone = len(first) == 1 and first[0][0] >= LONG_NOTE
        found += [replace(one, bared=alone) for one in _in_bar(harmonies, bar)]
    return found


def _strike(struck: Struck, harmony: Harmony, keys: Keys, strokes: Strokes, bar_start: float) -> None:
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
    before = -1
    for onset, until, voice in sorted(here, key=lambda stroke: (stroke[0], stroke[2])):
        before = _voice(voice - lowest if onset == first else voice, before, len(keys))
        struck[round(onset, 6), keys[before]] = until - onset


def _voice(wanted: int, before: int, count: int) -> int:
    """Which of so many keys plays a voice: where it has none, the top one, or the next if that was struck before."""
    if wanted < count:
        return wanted
    return count - 2 if before == count - 1 > 0 else count - 1


def _notes(struck: Struck, like: np.void, velocity: float) -> NDArray[np.void]:
    """The struck keys as notes of the left hand."""
    notes = np.zeros(len(struck), NOTE_DTYPE)
    notes[:] = like
    for row, ((onset, key), length) in enumerate(sorted(struck.items())):
        notes["onset_beat"][row], notes["duration_beat"][row], notes["pitch"][row] = onset, length, key
    notes["hand"], notes["velocity"] = LEFT, max(1, round(SOFTER * velocity))
    notes["voice"], notes["step"], notes["alter"] = 0, "", 0
    notes["finger"], notes["finger_confidence"] = 0, 0.0
    return notes
