"""A take of one line as it is heard with hindsight: what was told at once, corrected before it is judged."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from lessons.score import Score
from tutor.assess import assess
from tutor.listen.doubts import DOUBTFUL, believed
from tutor.listen.intonation import Intonation
from tutor.listen.melody import HeardNote
from tutor.listen.octave import Octave
from tutor.listen.one_line import OneLine
from tutor.performance import PLAYED_DTYPE, Performance
from tutor.take_time import TakeTime

log = logging.getLogger(__name__)
WAIT_SEC = 2.0
BEFORE_SEC = 0.1
SAME_NOTE_SEC = 0.12
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
    rows = sorted(
        (max(0.0, time.at(sec)), one.duration_sec, pitch_of(sec, one.pitch), one.velocity, one.cents, one.confidence)
        for sec, one in heard
    )
    order = sorted(rows, key=lambda row: (row[0], row[2]))
    notes = np.array([row[:4] for row in order], PLAYED_DTYPE)
    kept = believed([row[5] for row in order], lambda: assess(score, Performance(notes), hands=hands))
    cents = tuple(row[4] for row in compress(order, kept))
    intonation = Intonation(lines[-1].tuning_hertz, cents, lines[-1].tuned)
    return Performance(notes[kept], performance.pedals), intonation


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
