"""How loud a microphone is: a level for the meter, and a notice where something about it would spoil the listening."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tutor.listen.hum import Hum, hum_words
from tutor.listen.periodicity import Sound

CLIPPED = 0.985
CLIPPING_SAMPLES = 3
CLIPPING_SHOWN_SEC = 2.0
NOISY_DB = -38.0
FAINT_DB, ABOVE_FLOOR_DB, FAINT_SEC = -52.0, 10.0, 1.0  # so faint, and so much above the room, for so long
DEAD_DB = -80.0
DEAD_SEC = 5.0
FLOOR_RISE_DB = 2.0  # a second: so slowly the floor follows when it grows louder
LOUD_ROOM = "The room is loud: notes may be missed."
FALL_DB = 20.0  # a second: how fast the meter falls


@dataclass(frozen=True)
class SoundLevel:
    """Levels in dB of full scale; ``notice`` is one plain line, empty where all is well.

    ``hums_hertz`` are tones that sound all the time: whether they matter depends on what is played (`notice_for`).
    """

    level_db: float = -120.0
    floor_db: float = -120.0
    clipping: bool = False
    notice: str = ""
    hums_hertz: tuple[float, ...] = ()

    def notice_for(self, instrument: str) -> str:
        """What who plays this instrument should know; empty where all is well."""
        hum = hum_words(self.hums_hertz, instrument) if self.notice in ("", LOUD_ROOM) else ""
        return f"{hum[:1].upper()}{hum[1:]}." if hum else self.notice


class LevelMeter:
    """Follows the level of a stream of mono sound."""

    def __init__(self, rate: int):
        self._rate = rate
        self._level = self._floor = -120.0
        self._clipped_sec = self._dead_sec = self._faint_sec = 0.0
        self._begun = False
        self._hum = Hum(rate)

    def feed(self, block: Sound) -> SoundLevel:
        """The level after this block."""
        if not len(block):
            return self._said()
        self._hum.feed(block)
        length = len(block) / self._rate
        now = max(-120.0, float(10 * np.log10(np.mean(np.square(block, dtype=np.float64)) + 1e-12)))
        self._level = max(now, self._level - FALL_DB * length) if self._begun else now
        self._floor = min(now, self._floor + FLOOR_RISE_DB * length) if self._begun else now
        self._begun = True
        clipped = int((np.abs(block) >= CLIPPED).sum()) >= CLIPPING_SAMPLES
        self._clipped_sec = CLIPPING_SHOWN_SEC if clipped else max(0.0, self._clipped_sec - length)
        self._dead_sec = self._dead_sec + length if now < DEAD_DB else 0.0
        self._faint_sec = self._faint_until(now, length)
        return self._said()

    def _faint_until(self, now_db: float, length: float) -> float:
        """For how long nothing was heard but what is too faint; it is forgotten slowly in the pauses."""
        if now_db >= FAINT_DB:
            return 0.0
        faint = now_db > self._floor + ABOVE_FLOOR_DB
        return min(self._faint_sec + length, 2 * FAINT_SEC) if faint else max(0.0, self._faint_sec - 0.2 * length)

    def _said(self) -> SoundLevel:
        notice = ""
        if self._clipped_sec > 0:
            notice = "The microphone is too loud: turn its level down or move away a little."
        elif self._dead_sec >= DEAD_SEC:
            notice = "Nothing is heard at all: is this the right microphone, switched on, and allowed by the system?"
        elif self._faint_sec >= FAINT_SEC:
            notice = "The microphone is too quiet: turn its level up or come nearer."
        elif self._floor > NOISY_DB:
            notice = LOUD_ROOM
        return SoundLevel(self._level, self._floor, self._clipped_sec > 0, notice, self._hum.hertz)
