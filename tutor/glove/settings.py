"""How the host uses a glove, whatever its kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tutor.glove import limits


@dataclass(frozen=True)
class LinkSettings:
    """How the host uses a glove. ``lead_ms`` lets scheduled cues come that much before their time (a prompt).

    ``onset_ms`` are measured onsets of single actuators; they go before what the glove says of itself. ``gains`` are
    shares, up to 1, of the strength that single actuators get: not every finger feels alike.
    """

    lease_ms: int = limits.LEASE_DEFAULT_MS
    max_level: int = limits.DEFAULT_LEVEL
    max_on_ms: int = limits.PULSE_MS[1]
    child: bool = False
    ahead_sec: float = 0.3
    lead_ms: float = 0.0
    onset_ms: Mapping[int, float] = field(default_factory=dict)
    gains: Mapping[int, float] = field(default_factory=dict)

    @property
    def level_cap(self) -> int:
        """The strongest touch that this hand may get."""
        return min(self.max_level, limits.CHILD_LEVEL) if self.child else self.max_level

    def levels(self, fingers: Iterable[int], level: int) -> dict[int, tuple[int, ...]]:
        """The fingers of one touch by the level that each gets: one entry, and so one frame, where all feel alike."""
        groups: dict[int, list[int]] = {}
        for finger in sorted(set(fingers)):
            gain = self.gains.get(finger, 1.0)
            own = level if gain >= 1 else max(1, round(min(level, self.level_cap) * gain))
            groups.setdefault(own, []).append(finger)
        return {own: tuple(together) for own, together in groups.items()}
