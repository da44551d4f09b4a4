"""What would spoil the hearing of a whole recording, each in one plain line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from tutor.listen.level import CLIPPED
from tutor.listen.periodicity import Sound

SILENT = 0.001  # of full scale
CLIPPED_SHARE = 0.0005


class Condition:
    """Looks at the blocks of a recording as they pass."""

    def __init__(self) -> None:
        self._loudest, self._clipped, self._frames = 0.0, 0, 0

    def watched(self, blocks: Iterable[Sound]) -> Iterator[Sound]:
        """The same blocks."""
        for block in blocks:
            size = np.abs(block)
            self._loudest = max(self._loudest, float(size.max(initial=0.0)))
            self._clipped += int((size >= CLIPPED).sum())
            self._frames += len(block)
            yield block

    def notices(self, is_heard: bool = False) -> list[str]:
        """What the person who recorded it should know; ``is_heard``: notes were. Empty where all is well."""
        if self._loudest < SILENT and not is_heard:
            return ["nothing is heard, the recording is silent"]
        if self._clipped > CLIPPED_SHARE * self._frames:
            return ["is clipped: it was too loud for the microphone, so notes may be wrong"]
        return []
