"""When the motors of a glove must start for the skin to feel a touch in time.

The lead brings a touch forward on purpose; the onset of each motor does because the skin waits. A glove may allow for
the onsets that it states by itself; a measured onset goes before what it states.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lessons.score import LEFT, RIGHT
from tutor.cues import FINGERS
from tutor.glove.cue_book import Planned
from tutor.glove.settings import LinkSettings
from tutor.glove.state import HAND_BITS


@dataclass(frozen=True)
class Aim:
    """How one glove is aimed at a time: its stated onsets, its hands, and whether it allows for the former itself."""

    settings: LinkSettings
    stated_ms: Sequence[int] = ()
    hands: int = 0
    compensates: bool = False

    @property
    def ahead_sec(self) -> float:
        """How long before its time a cue is sent."""
        return self.settings.ahead_sec + max(self.stated_ms, default=0) / 1000 + self.settings.lead_ms / 1000

    def has(self, finger: int) -> bool:
        """Whether the glove has a motor there: on a hand that it is for, or beyond the fingers."""
        hand = HAND_BITS[LEFT if finger < FINGERS else RIGHT]
        return finger < len(self.stated_ms) and (finger >= 2 * FINGERS or bool(self.hands & hand))

    def pin_sec(self, cue: Planned) -> float:
        """When the motors must go on for the skin to feel the cue in time."""
        return cue.at_sec - self.settings.lead_ms / 1000 - max(self._onset_sec(finger) for finger in cue.fingers)

    def asked_sec(self, at_sec: float, fingers: Sequence[int]) -> float:
        """What to ask of the glove for the skin to feel these fingers at a time: as early as the slowest of them needs.

        The lead brings it forward, and so does a measured onset that is longer than the glove itself allows for.
        """
        late = (self._onset_sec(finger) - self.own_sec(finger) for finger in fingers)
        return at_sec - self.settings.lead_ms / 1000 - max(late)

    def own_sec(self, finger: int) -> float:
        """How much of a finger's onset the glove allows for by itself."""
        return self.stated_ms[finger] / 1000 if self.compensates else 0.0

    def _onset_sec(self, finger: int) -> float:
        if finger in self.settings.onset_ms:
            return self.settings.onset_ms[finger] / 1000
        return self.stated_ms[finger] / 1000 if finger < len(self.stated_ms) else 0.0
