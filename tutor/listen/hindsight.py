"""A take of one line as it is heard with hindsight: what was told at once, corrected before it is judged."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from lessons.score import Score
from tutor.assess import assess
from tutor.assessing.assessment import HIT, Assessment
from tutor.listen.doubts import DOUBTFUL, believed
from tutor.listen.intonation import Intonation
from tutor.listen.melody import HeardNote
from tutor.listen.octave import Octave
from tutor.listen.one_line import OneLine
from tutor.listen.phrase import SURE
from tutor.performance import PLAYED_DTYPE, Performance
from tutor.take_time import TakeTime

log = logging.getLogger(__name__)
WAIT_SEC = 2.0
BEFORE_SEC = 0.1
SAME_NOTE_SEC = 0.12
Row = tuple[float, float, int, int, float, float]
"""A note: onset and length in seconds, pitch, velocity, cents, confidence."""
LEAST_SHARE = 0.5  # of the notes told at once; with fewer, the second look is not believed


def corrected(
    lines: Sequence[OneLine], performance: Performance, time: TakeTime, score: Score, hands: int | None = None
) -> tuple[Performance, Intonation | None]:
    """The take with the notes of the second look, and its intonation; as it was where that heard too little.

    ``lines`` are the listeners of a microphone, several where it was opened anew; ``time`` is the take's.
    What may have been made up is believed where the ``score`` has it.
    """
    told, end = performance.notes, performance.end_sec + BEFORE_SEC
    found = [(sec, note) for line in lines for sec, note in _noted(line) if time.has(sec)]
    heard = [(sec, note) for sec, note in found if -BEFORE_SEC <= time.at(sec) <= end]
    if len(heard) < max(1, LEAST_SHARE * len(told)):
        log.info("the second look heard %d notes of %d", len(heard), len(told))
        return performance, None
    pitch_of = partial(_in_octave, told, time, lines[-1].octave)
    rows = [
        (max(0.0, time.at(sec)), one.duration_sec, pitch_of(sec, one.pitch), one.velocity, one.cents, one.confidence)
        for sec, one in heard
    ]
    order = sorted(rows, key=lambda row: (row[0], row[2]))
    judge = partial(assess, score, hands=hands)
    kept = believed([row[5] for row in order], lambda: judge(Performance(_notes(order))))
    order = list(compress(order, kept))
    again = _only_told(judge(performance), judge(Performance(_notes(order))))
    order = sorted(order + _with_cents(told[again], lines, time), key=lambda row: (row[0], row[2]))
    intonation = Intonation(lines[-1].tuning_hertz, tuple(row[4] for row in order), lines[-1].tuned)
    return Performance(_notes(order), performance.pedals), intonation


def _notes(rows: Iterable[Row]) -> NDArray[np.void]:
    return np.array([row[:4] for row in rows], PLAYED_DTYPE)


def _only_told(live: Assessment, look: Assessment) -> list[int]:
    """The notes told at once that were right where the second look has nothing: it loses some of many fast ones.

    What it heard otherwise, it knows better.
    """
    right = set(_right(look).tolist())
    hit = np.isin(np.arange(len(look.performance.notes)), look.notes["played"][look.notes["verdict"] == HIT])
    others = look.performance.notes["onset_sec"][~hit]
    rows = live.notes[live.notes["verdict"] == HIT]
    onsets = live.performance.notes["onset_sec"]
    return [
        played
        for key, played in zip(_right(live).tolist(), rows["played"].tolist(), strict=True)
        if key not in right and not (np.abs(others - onsets[played]) < SAME_NOTE_SEC).any()
    ]


def _right(judged: Assessment) -> NDArray[np.void]:
    """(row, pass) of what was played right."""
    right: NDArray[np.void] = judged.notes[judged.notes["verdict"] == HIT]
    return right[["row", "pass_count"]]


def _with_cents(notes: NDArray[np.void], lines: Sequence[OneLine], time: TakeTime) -> list[Row]:
    """Notes told at once as rows; a microphone may date them a moment otherwise than its listener."""
    heard = [(time.at(line.start_sec + one.onset_sec), one) for line in lines for one in tuple(line.live.heard)]
    rows = list[Row]()
    for onset, length, pitch, velocity in notes.tolist():
        near = [(abs(at - onset), one.cents) for at, one in heard if one.pitch == pitch]
        rows.append((onset, length, pitch, velocity, min(near)[1] if near else 0.0, SURE))
    return rows


def _noted(line: OneLine) -> list[tuple[float, HeardNote]]:
    """The notes of a line's second look with their stamps, without those of the program itself; clicks are doubtful."""
    own = line.passed_over()
    return [
        (line.start_sec + note.onset_sec, _doubted(note) if line.may_be_click(note) else note)
        for note in line.hindsight(WAIT_SEC)
        if not any(pitch == note.pitch and abs(at - note.onset_sec) < SAME_NOTE_SEC for pitch, at in own)
    ]


def _doubted(note: HeardNote) -> HeardNote:
    return replace(note, confidence=min(note.confidence, DOUBTFUL))


def _in_octave(told: NDArray[np.void], time: TakeTime, octave: Octave, stamp_sec: float, pitch: int) -> int:
    """The pitch in the octave of the line, or that in which alone it was told at once, with the score at hand."""
    here = pitch + octave.at(stamp_sec)
    if not octave.was_known(stamp_sec):
        return here
    same = told[(np.abs(told["onset_sec"] - time.at(stamp_sec)) < SAME_NOTE_SEC) & ((told["pitch"] - pitch) % 12 == 0)]
    return here if not len(same) or here in same["pitch"] else int(same["pitch"][0])
