"""What would spoil the hearing of a whole recording, each in one plain line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from tutor.listen.hum import Hum, hum_words
from tutor.listen.level import CLIPPED
from tutor.listen.periodicity import Sound

SILENT, FAINT = 0.001, 0.004  # of full scale
HEARD_SHARE = 0.5  # of the time notes were heard: then it was not too quiet
SHORTEST_SEC = 0.2  # a recording that is shorter has no room for a note
CLIPPED_SHARE = 0.0005
LOUD, LOUD_SEC = 0.01, 4.0  # of full scale, on average over a block; of such sound something must be heard ...
FOREIGN_SHARE = 0.1  # ... in so much of it


class Condition:
    """Looks at the blocks of a recording as they pass."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._hum, self._hums = Hum(rate), set[float]()
        self._loudest, self._clipped, self._frames, self._loud_frames = 0.0, 0, 0, 0

    def watched(self, blocks: Iterable[Sound]) -> Iterator[Sound]:
        """The same blocks."""
        for block in blocks:
            size = np.abs(block)
            self._loudest = max(self._loudest, float(size.max(initial=0.0)))
            self._clipped += int((size >= CLIPPED).sum())
            self._frames += len(block)
            self._loud_frames += len(block) if np.square(block).mean(dtype=np.float64) >= LOUD**2 else 0
            self._hum.feed(block)
            self._hums.update(self._hum.hertz)
            yield block

    def notices(self, instrument: str, lengths_sec: Sequence[float]) -> list[str]:
        """What the person who recorded it should know; empty where all is well.

        ``lengths_sec`` are those of the notes that were heard of the instrument.
        """
        length_sec = self._frames / self._rate
        if length_sec < SHORTEST_SEC and not lengths_sec and self._loudest >= SILENT:
            return [f"is only {length_sec:.2f} seconds long: too short to hear a note in it"]
        if self._loudest < SILENT and not lengths_sec:
            return ["nothing is heard, the recording is silent"]
        if self._loudest < FAINT and sum(lengths_sec) < HEARD_SHARE * length_sec:
            return ["is very quiet, so notes may be missed: turn the microphone's level up or come nearer"]
        if self._clipped > CLIPPED_SHARE * self._frames:
            return ["is clipped: it was too loud for the microphone, so notes may be wrong"]
        if hum := hum_words(sorted(self._hums), instrument):
            return [hum]
        loud_sec = self._loud_frames / self._rate
        if loud_sec >= LOUD_SEC and sum(lengths_sec) < FOREIGN_SHARE * loud_sec:
            return [f"much sounds, but hardly a note of a {instrument} is heard in it; is it another instrument?"]
        return []
