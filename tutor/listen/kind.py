"""What kind of instrument sounds, where nobody says: the keys of a piano, or one line, and of what kind.

Of chords the pitch tracker finds no clear pitch. A piano's single notes are as clear as a flute's, but they fall from
their first moment on and their pitch stands still, where who blows, bows or sings keeps or swells a note and never
holds it quite still. The figures were set on some hundred rendered lines and pianos and one real singer; in doubt it
is a piano.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from lessons.score import Score
from tutor.listen.listener import PIANO
from tutor.listen.periodicity import Sound, Values
from tutor.listen.pitch import NO_PITCH, PitchTracker, place_of

SOUND_SEC, WAIT_SEC = 30.0, 120.0  # of sound, or of anything, after which what is heard so far must do
SOFT_DB = -50.0
CLEAR, LEAST_CLEAR = 0.9, 0.7  # clarity of a hop; share of the sound that must be so clear: chords come to .6
LEAST_NOTE_SEC, ATTACK_SEC, END_SEC = 0.15, 0.05, 0.03
SAME_SEMITONES, LATELY = 0.7, 20  # hops
HELD = -5.0  # decibels a second, to which every cent of unrest adds a half; pianos come to -6 and less
UNREST = 0.5
SUNG_CENTS, SUNG_BELOW = 9.5, 79  # what moves so much, and is never higher, is a voice
LOWEST_OF_VIOLIN = 54

Note = tuple[float, float, float, int]  # decibels a second, cents of unrest, pitch, hops


def of_score(score: Score) -> str:
    """Piano, where a score has more than one line can play; else nothing."""
    struck = score.notes[~score.notes["grace"]]
    return PIANO if len(np.unique(struck["onset_beat"])) < len(struck) or len(np.unique(struck["hand"])) > 1 else ""


def of_sound(rate: int, blocks: Iterable[Sound]) -> str:
    """The instrument that fits what sounds best: piano, voice, violin for a high line, cello for a low one."""
    heard = _heard(rate, blocks)
    notes = list(_notes(*heard))
    hertz, clarity, level, _ = heard
    loud = 10 ** (level / 20)
    clear = loud[(hertz > NO_PITCH) & (clarity > CLEAR)].sum() / max(1e-9, float(loud.sum()))
    if not notes or clear < LEAST_CLEAR:
        return PIANO
    falls, unrest, pitches = (_middle(notes, place) for place in range(3))
    if falls + UNREST * unrest < HELD:
        return PIANO
    heights = [note[2] for note in notes]
    if unrest >= SUNG_CENTS and np.quantile(heights, 0.95) <= SUNG_BELOW:
        return "voice"
    return "violin" if min(pitches, float(np.quantile(heights, 0.05))) >= LOWEST_OF_VIOLIN else "cello"


def _heard(rate: int, blocks: Iterable[Sound]) -> tuple[Values, Values, Values, float]:
    """(Hz, clarity, level in dB) of each hop until enough has sounded, and the seconds of a hop."""
    tracker, rows, sounded = PitchTracker(rate), list[tuple[float, float, float]](), 0
    for block in blocks:
        found = tracker.feed(block)
        rows += [(pitch.hertz, pitch.clarity, pitch.level_db) for pitch in found]
        sounded += sum(pitch.level_db > SOFT_DB for pitch in found)
        if sounded * tracker.hop_sec >= SOUND_SEC or len(rows) * tracker.hop_sec >= WAIT_SEC:
            break
    hertz, clarity, level = np.array(rows).reshape(-1, 3).T
    return hertz, clarity, level, tracker.hop_sec


def _notes(hertz: Values, clarity: Values, level: Values, hop_sec: float) -> Iterator[Note]:
    """The stretches of steady pitch that are long enough to be judged, without how they begin and end."""
    places = place_of(np.maximum(hertz, 1.0))
    first, last = round(ATTACK_SEC / hop_sec), round(END_SEC / hop_sec)
    for begin, end in _steady(places, hertz > NO_PITCH):
        if (end - begin) * hop_sec < LEAST_NOTE_SEC:
            continue
        inner = slice(begin + first, end - last)
        slope = float(np.polyfit(np.arange(inner.stop - inner.start) * hop_sec, level[inner], 1)[0])
        yield slope, 100 * float(places[inner].std()), float(np.median(places[inner])), end - begin


def _steady(places: Values, sounds: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    begin = 0
    for hop in range(1, len(places) + 1):
        middle = np.median(places[max(begin, hop - LATELY) : hop])
        if hop < len(places) and sounds[begin] and sounds[hop] and abs(places[hop] - middle) < SAME_SEMITONES:
            continue
        if sounds[begin]:
            yield begin, hop
        begin = hop


def _middle(notes: list[Note], place: int) -> float:
    """The median of a figure, notes counted as long as they are."""
    rows = sorted((note[place], note[3]) for note in notes)
    lengths = np.cumsum([length for _, length in rows])
    return rows[int(np.searchsorted(lengths, lengths[-1] / 2))][0]
