"""The notes that best explain a line of pitch, decided over a whole phrase at once.

A hidden Markov model after Ryynänen & Klapuri (2006) and Mauch et al. (Tony, 2015): silence, and for each pitch of a
grid an *attack*, in which the pitch may be anywhere (scoops, glides), and a *stable* part, which it stays near. Costs
are those of one moment of `MOMENT_SEC`. A new note costs `CHANGE`; two joined notes are at least `LEAST_LEAP` apart,
since a smaller step inside a tone is a singer's settling, not a note.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tutor.listen.periodicity import Values

MOMENT_SEC = 0.008
PER_SEMITONE = 5
SPREAD = 0.35  # semitones of a stable tone that cost 1: vibrato and drift
FARTHEST = 4.0
ATTACK, CHANGE = 1.6, 10.0
UNHEARD, UNTOLD = 3.2, 2.0  # a stable moment without pitch; a moment of pitch that belongs to no note
LEAST_LEAP = 0.8
NEVER = 1e9
SILENCE, STAYS = -1, -2


@dataclass(frozen=True)
class Stretch:
    """A note as hops: where its attack begins, where it is stable, where it ends (exclusive); its median pitch."""

    begin: int
    stable: int
    end: int
    place: float


def stretches(places: Values, hop_sec: float) -> list[Stretch]:
    """The notes of a phrase; ``places`` are MIDI numbers with fractions, shape (hops,), NaN where nothing is heard."""
    if np.isnan(places).all():
        return []
    grid = np.arange(np.floor(np.nanmin(places)) - 1, np.ceil(np.nanmax(places)) + 1, 1 / PER_SEMITONE)
    heard = ~np.isnan(places)
    attacks, tones = _decoded(places, heard, grid, hop_sec / MOMENT_SEC)
    return _runs(places, heard, attacks, tones)


def _decoded(places: Values, heard: NDArray[np.bool_], grid: Values, weight: float) -> tuple[Values, Values]:
    """For each hop the state on the cheapest path: whether it is an attack, and which tone sounds (-1: none)."""
    size = len(grid)
    silence, attack, stable = 0.0, np.full(size, CHANGE), np.full(size, NEVER)
    came, settled = np.empty((len(places), size), np.int16), np.empty((len(places), size), bool)
    fell = np.empty(len(places), np.int16)
    for hop, place in enumerate(places):
        best = int(stable.argmin())
        far, source = _cheapest_far(stable)
        source = np.where(silence <= far, SILENCE, source)
        enter = np.minimum(silence, far) + CHANGE
        came[hop], settled[hop] = np.where(attack <= enter, STAYS, source), stable > attack
        fell[hop] = SILENCE if silence <= stable[best] else best
        silence = min(silence, float(stable[best]))
        attack, stable = np.minimum(attack, enter), np.minimum(stable, attack)
        silence += weight * UNTOLD * heard[hop]
        attack = attack + weight * (ATTACK if heard[hop] else FARTHEST)
        away = np.minimum(np.abs(grid - place) / SPREAD, FARTHEST) if heard[hop] else UNHEARD
        stable = stable + weight * away
    return _traced(came, settled, fell, SILENCE if silence <= stable.min() else int(stable.argmin()))


def _cheapest_far(stable: Values) -> tuple[Values, NDArray[np.int_]]:
    """For each tone the cheapest one at least `LEAST_LEAP` away: its cost, and which it is."""
    leap = round(LEAST_LEAP * PER_SEMITONE)
    cost, source = np.full(len(stable), NEVER), np.zeros(len(stable), int)
    for turned in (slice(None), slice(None, None, -1)):
        line = stable[turned]
        least = np.minimum.accumulate(line)
        where = np.maximum.accumulate(np.where(line <= least, np.arange(len(line)), 0))
        where = where if turned.step is None else len(line) - 1 - where
        seen_cost, seen = cost[turned], source[turned]
        better = least[:-leap] < seen_cost[leap:]
        seen_cost[leap:][better], seen[leap:][better] = least[:-leap][better], where[:-leap][better]
    return cost, source


def _traced(
    came: NDArray[np.int16], settled: NDArray[np.bool_], fell: NDArray[np.int16], last: int
) -> tuple[Values, Values]:
    attacks, tones = np.zeros(len(fell)), np.full(len(fell), -1.0)
    tone, attacking = last, False
    for hop in range(len(fell) - 1, -1, -1):
        attacks[hop], tones[hop] = attacking, tone
        if tone == SILENCE:
            tone = int(fell[hop])
        elif attacking:
            source = int(came[hop, tone])
            attacking = source == STAYS
            tone = tone if attacking else source
        else:
            attacking = bool(settled[hop, tone])
    return attacks, tones


def _runs(places: Values, heard: NDArray[np.bool_], attacks: Values, tones: Values) -> list[Stretch]:
    begins = (tones >= 0) & (np.diff(tones, prepend=-1) != 0)
    edges = [*np.flatnonzero(begins).tolist(), len(tones)]
    found = []
    for begin, limit in pairwise(edges):
        silent = np.flatnonzero(tones[begin:limit] < 0)
        end = begin + int(silent[0]) if len(silent) else limit
        stable = begin + int(np.argmin(attacks[begin:end]))
        sounding = places[stable:end][heard[stable:end]]
        if len(sounding):
            found.append(Stretch(begin, stable, end, float(np.median(sounding))))
    return found
