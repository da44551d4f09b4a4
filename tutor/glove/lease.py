"""What ARM allows a glove: touch up to a level and a length, for as long as the host shows that it lives."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tutor.glove import limits
from tutor.glove.messages import Arm


@dataclass(frozen=True)
class Lease:
    """Times are microseconds of uptime; the lease counts from the last sign of life."""

    length_us: int = 0
    from_us: int = 0
    max_level: int = 0
    max_on_ms: int = 0

    @classmethod
    def of(cls, arm: Arm, now_us: int) -> Lease:
        """What is allowed from now on; no pulse is longer than pulses may be at all."""
        return cls(arm.lease_ms * 1000, now_us, arm.max_intensity, min(arm.max_on_ms, limits.PULSE_MS[1]))

    @property
    def ends_us(self) -> int:
        """When it lapses, if nothing more is heard."""
        return self.from_us + self.length_us

    def renewed(self, now_us: int) -> Lease:
        """The lease after a sign of life."""
        return replace(self, from_us=now_us)


def is_lease(arm: Arm) -> bool:
    """Whether a glove can keep to what is asked for."""
    lasts = limits.LEASE_MS[0] <= arm.lease_ms <= limits.LEASE_MS[1]
    return lasts and arm.max_intensity > 0 and arm.max_on_ms >= limits.PULSE_MS[0]
