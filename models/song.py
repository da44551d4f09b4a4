"""A motif grown into a song: its bars after a form, then chords that close, then notes that fit them.

Many songs are drawn for one form and the most singable is taken: small leaps where bars meet, a narrow range, no note
that stammers, chords on strong beats. The motif stays as it was played wherever it is stated.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import Level
from lessons.harmonising import ANY, Wishes, harmonised
from lessons.harmony import Key, chord_indices, in_mask, mask_of
from lessons.modes import MODES
from lessons.progress import Told, unheard
from lessons.score import KEY_DTYPE, METRE_DTYPE, NOTE_DTYPE, RIGHT, Score, even_bars
from lessons.timing import TempoMap
from models.line import EPSILON, cut_overlaps, strong_beats
from models.motif import MINOR, OCTAVE_DEGREES, Bar, Motif, Tone, home, moved, pitch_of
from models.song_bars import made
from models.song_form import PHRASE, Deed, Form, Step, states_first_bar
from models.song_level import at_level

DRAWN = 32
SHORTEST = 0.5  # beats from which a note on a strong beat belongs to the chord
SIXTH = 9  # semitones
RAISED = 11
DOMINANT, DOMINANT_DEGREES, LEADING = 7, (1, 3, 4, 6), 6  # semitones; degrees
OPENINGS = tuple(map(frozenset, ({0}, {7}, {0}, {5, 7}, {0, 7}, {5}, {7})))  # roots, by the first degree
VELOCITY = 80
MOVES = (Deed.MOVE, Deed.DEPART)
GOES_ON = (*MOVES, Deed.TURN, Deed.BEND, Deed.APPROACH)


@dataclass(frozen=True, eq=False)
class Song:
    """A tune with its chords, as one part for the right hand, and what it cost."""

    score: Score
    cost: float


def grown(
    motif: Motif, form: Form, tempo: TempoMap, seed: list[int], level: Level = Level.SAME, told: Told = unheard
) -> Song:
    """The most singable of the songs drawn for a form; what goes on from the motif is as hard as ``level`` says."""
    songs = []
    for turn in range(DRAWN):
        told("Songs", turn / DRAWN)
        songs.append(_drawn(motif, form, tempo, level, np.random.default_rng([*seed, turn])))
    return min(songs, key=lambda song: song.cost)


def _drawn(motif: Motif, form: Form, tempo: TempoMap, level: Level, rng: np.random.Generator) -> Song:
    bars: list[Bar] = []
    for place, step in enumerate(form.steps):
        bar = made(motif, bars, step, place, rng)
        bars.append(at_level(bar, level, motif.beat) if step.deed in GOES_ON else bar)
    score, own = _written(motif, form, bars, tempo)
    passing = _chromatic_steps(score.notes, motif)
    heard = score.with_notes(score.notes[~passing])
    chords = harmonised(heard, motif.key.tonic, motif.key.minor, _wishes(motif, form, score, heard))
    fitting = _fitted(score, chords, motif.key, own | passing)
    return Song(replace(score.with_notes(fitting), chords=chords), _cost(motif, score, fitting, chords, own))


def _chromatic_steps(notes: NDArray[np.void], motif: Motif) -> NDArray[np.bool_]:
    """Which notes are short ones between the scale's own, a semitone from both neighbours: they ask for no chord."""
    own = mask_of(motif.key.tonic + np.array(motif.scale)) if motif.mode else motif.key.scale
    by_semitone = np.abs(np.diff(notes["pitch"].astype(int))) == 1
    between = np.append(True, by_semitone) & np.append(by_semitone, True)
    passing: NDArray[np.bool_] = ~in_mask(own, notes["pitch"]) & between & (notes["duration_beat"] <= 1.0)
    return passing


def _written(motif: Motif, form: Form, bars: list[Bar], tempo: TempoMap) -> tuple[Score, NDArray[np.bool_]]:
    """The tune as a score, and which of its notes state the motif."""
    length, early = motif.bar_beats, motif.pickup_beats
    rows: list[tuple[float, float, int, bool]] = []
    for place, bar in enumerate(bars):
        stated = _states_motif(motif, form, place)
        start = place * length - early
        if early and (place == 0 or _has_pickup(motif, form, place, rows, start)):
            rows = [row for row in rows if row[0] < start - EPSILON]
            lead = moved(motif.pickup, bar[0].degree - motif.bars[0][0].degree, motif.scale)
            rows += [_row(motif, place * length, tone, stated) for tone in lead]
        rows += [_row(motif, place * length, tone, stated) for tone in bar]
    end = len(bars) * length - early
    notes = np.zeros(len(rows), NOTE_DTYPE)
    for index, (onset, duration, pitch, _) in enumerate(rows):
        notes[index]["onset_beat"], notes[index]["pitch"] = onset, pitch
        notes[index]["duration_beat"] = min(duration, end - onset)
    notes["hand"], notes["velocity"] = RIGHT, VELOCITY
    return (
        Score(
            cut_overlaps(notes),
            _bars(len(bars), length, early),
            np.array([(-early, *motif.metre)], dtype=METRE_DTYPE),
            np.array([(-early, motif.fifths, motif.key.minor and not motif.mode)], dtype=KEY_DTYPE),
            mode=motif.mode,
            tempo=tempo,
            part_names=("Piano",),
        ),
        np.array([row[3] for row in rows], dtype=np.bool_),
    )


def _has_pickup(motif: Motif, form: Form, place: int, rows: list[tuple[float, float, int, bool]], start: float) -> bool:
    """Whether a bar begins like the motif, with its pickup before it; the first statement's own notes stay."""
    taken = place == len(motif.bars) and rows[-1][0] >= start - EPSILON
    return place >= len(motif.bars) and not taken and _begins_motif(form, place)


def _row(motif: Motif, start: float, tone: Tone, own: bool) -> tuple[float, float, int, bool]:
    return start + tone.place, tone.length, pitch_of(tone.degree, tone.alter, motif.key, motif.mode), own


def _states_motif(motif: Motif, form: Form, place: int) -> bool:
    """Whether a bar is a bar of the motif as it stands."""
    step = _first_of(motif, form, place)
    return step.deed is Deed.STATE and step.of < len(motif.bars)


def _first_of(motif: Motif, form: Form, place: int) -> Step:
    """What is done in a bar, or was done in the bar that it states again."""
    step = form.steps[place]
    while step.deed is Deed.STATE and len(motif.bars) <= step.of < place:
        place, step = step.of, form.steps[step.of]
    return step


def _begins_motif(form: Form, place: int) -> bool:
    """Whether a bar states the first bar of the motif, or moves it."""
    step = form.steps[place]
    while step.deed in (Deed.STATE, *MOVES) and step.of != 0 and step.of < place:
        place, step = step.of, form.steps[step.of]
    return step.deed in (Deed.STATE, *MOVES) and step.of == 0


def _bars(count: int, length: float, early: float) -> NDArray[np.void]:
    """The bars of a song; a pickup makes the last one shorter."""
    bars = even_bars(count, length, early)
    bars["end_beat"][-1] -= early
    return bars


def _wishes(motif: Motif, form: Form, score: Score, heard: Score) -> Wishes:
    """What the chords of a song shall be: they close it, open it, and in minor have no foreign tone of their own."""
    scale, within = MODES[motif.mode].scale if motif.mode else (), ANY
    if motif.key.minor and not motif.mode:
        within = frozenset({*MINOR, RAISED, *((heard.notes["pitch"].astype(int) - motif.key.tonic) % 12).tolist()})
    begins = (place for place in range(len(form.steps)) if states_first_bar(form, place))
    opens = {place * motif.bar_beats: _opening(motif) for place in begins}
    departs = (place for place, step in enumerate(form.steps) if step.deed is Deed.DEPART)
    opens |= {place * motif.bar_beats: ANY - {0} for place in departs}
    return Wishes(_settled(motif, form, score), scale, within, opens)


def _opening(motif: Motif) -> frozenset[int]:
    """The roots on which a song may begin: those that carry its first note, and the tonic where that steps into it.

    Nine in ten folk tunes begin on their tonic.
    """
    first, *others = motif.bars[0]
    if first.place > 0 or first.alter:
        return frozenset({0, DOMINANT})
    steps_in = others and abs(others[0].degree - first.degree) == 1 and others[0].degree % OCTAVE_DEGREES in (0, 2, 4)
    is_short = first.length <= motif.beat + EPSILON
    return OPENINGS[first.degree % OCTAVE_DEGREES] | (frozenset({0}) if steps_in and is_short else frozenset())


def _settled(motif: Motif, form: Form, score: Score) -> dict[float, int]:
    """The roots of the cadences: the dominant before and at the half ones, the tonic where all ends."""
    first, length = motif.bars[0][0], motif.bar_beats
    opens = first.place == 0 and first.alter == 0 and first.degree % OCTAVE_DEGREES in (0, 2, 4)
    chromatic = _chromatic_steps(score.notes[score.notes["onset_beat"] < length], motif).any()
    settled = {0.0: 0} if opens and chromatic else {}
    half = length / 2 if motif.metre[0] % 4 == 0 or motif.metre in ((6, 8), (12, 8)) else length
    for place in range(len(form.steps)):
        deed, last = _first_of(motif, form, place).deed, (place + 1) * length - half
        if deed is Deed.HALF:
            settled[last] = MODES[motif.mode].half if motif.mode else DOMINANT
        if deed is Deed.APPROACH:
            settled[last] = MODES[motif.mode].home_from if motif.mode else DOMINANT
        if deed is Deed.FULL:
            settled |= {place * length: 0, last: 0}
    rests = _rests_on(motif, length - half) if len(motif.bars) == PHRASE < len(form.steps) else None
    if rests is not None and not motif.mode:
        settled[PHRASE * length - half] = rests
    last_bar = (len(form.steps) - 1) * length
    return settled | {last_bar: 0, float(score.bars["end_beat"][-1] + motif.pickup_beats - half): 0}


def _rests_on(motif: Motif, place: float) -> int | None:
    """The root on which what the motif's last bar has from a place on comes to rest; None where it does not.

    On the tonic where that or its third is the last note, held half of the time or as long as any; on the dominant
    where that carries the note there, the longest and the last one.
    """
    last = [tone for tone in motif.bars[-1] if tone.place + tone.length > place + EPSILON]
    if not last:
        return None
    longest, final = max(last, key=lambda tone: tone.length), last[-1]
    if final.degree % OCTAVE_DEGREES in (0, 2) and not final.alter:
        held = final.length >= min(longest.length, (motif.bar_beats - place) / 2) - EPSILON
        return 0 if held else None
    lowered = motif.key.minor and any(tone.degree % OCTAVE_DEGREES == LEADING and not tone.alter for tone in last)
    carried = not lowered and all(
        tone.degree % OCTAVE_DEGREES in DOMINANT_DEGREES and (not tone.alter or motif.key.minor)
        for tone in (last[0], longest, final)
    )
    return DOMINANT if carried else None


def _fitted(score: Score, chords: NDArray[np.void], key: Key, own: NDArray[np.bool_]) -> NDArray[np.void]:
    """The notes with those on strong beats in their chords and leading notes raised; the motif stays."""
    notes = score.notes.copy()
    index = chord_indices(chords, notes["onset_beat"])
    strong = strong_beats(score, notes["onset_beat"]) & (notes["duration_beat"] >= SHORTEST - EPSILON)
    for place in np.flatnonzero(~own & (index >= 0)):
        mask = int(chords["tones"][index[place]])
        if strong[place] and not in_mask(mask, notes["pitch"][place]):
            around = [int(notes["pitch"][at]) for at in (place - 1, place + 1) if 0 <= at < len(notes)]
            notes["pitch"][place] = _into(int(notes["pitch"][place]), mask, around)
    if key.minor and not score.mode:
        _raise_leading(notes, chords, index, key, own)
    return notes


def _into(pitch: int, mask: int, around: list[int]) -> int:
    """The tone of a chord nearest to a pitch, rather none that its neighbours have."""
    near = [pitch + way for way in range(-5, 6) if in_mask(mask, pitch + way)]
    return min(near, key=lambda tone: (abs(tone - pitch) + 1.5 * (tone in around), tone))


def _raise_leading(
    notes: NDArray[np.void], chords: NDArray[np.void], index: NDArray[np.intp], key: Key, own: NDArray[np.bool_]
) -> None:
    """In minor raise the seventh over chords that hold it raised, and the sixth beside it."""
    above = (notes["pitch"].astype(int) - home(key)) % 12
    leading = (index >= 0) & ~own & (above == MINOR[6])
    leading &= np.array([bool(in_mask(int(chords["tones"][at]), key.tonic + RAISED)) for at in index])
    notes["pitch"][leading] += 1
    raised = np.flatnonzero((notes["pitch"].astype(int) - home(key)) % 12 == RAISED)
    for place in raised:
        for beside in (place - 1, place + 1):
            if (
                0 <= beside < len(notes)
                and not own[beside]
                and (int(notes["pitch"][beside]) - home(key)) % 12 == MINOR[5]
            ):
                notes["pitch"][beside] += 1


def _cost(
    motif: Motif, score: Score, notes: NDArray[np.void], chords: NDArray[np.void], own: NDArray[np.bool_]
) -> float:
    """What is hard to sing or dull: leaps, a wide range, stammers, notes that had to move into their chords."""
    leaps = np.abs(np.diff(notes["pitch"].astype(int)))[~(own[1:] & own[:-1])]
    given = np.diff([pitch_of(tone.degree, tone.alter, motif.key, motif.mode) for tone in motif.tones]) == 0
    stammers = float((leaps == 0).mean()) - (float(given.mean()) if len(given) else 0.0)
    index = chord_indices(chords, score.notes["onset_beat"])
    masks = np.where(index >= 0, chords["tones"][index].astype(np.int64), 0xFFF)
    strong = strong_beats(score, notes["onset_beat"])
    foreign = float((strong & ~in_mask(masks, notes["pitch"])).sum())
    width = int(np.ptp(notes["pitch"].astype(int)))
    away = abs(float(notes["pitch"][-1]) - float(np.median(notes["pitch"][own])))
    return float(
        1.5 * (leaps > SIXTH).sum()
        + 0.5 * (leaps > 7).sum()
        + 1.0 * np.isin(leaps, (6, 10, 11)).sum()
        + 0.5 * max(0, width - 14)
        + 0.2 * max(0.0, away - 7)
        + 8.0 * max(0.0, stammers)
        + 0.3 * float((notes["pitch"] != score.notes["pitch"]).sum())
        + foreign
    )
