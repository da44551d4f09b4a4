"""How times and motors are counted on the wire of HGP/1.

Times are microseconds of the device's clock modulo 2**32. Actuators 0..4 are the left thumb to the left little finger,
5..9 the right ones, 10..15 wrist, palm and extras; several of them are bits.
"""

from __future__ import annotations

from collections.abc import Iterable


def later_by(time: int, than: int) -> int:
    """How many microseconds one device time lies after another, across the wrap; negative where before."""
    return ((time - than + 0x8000_0000) & 0xFFFF_FFFF) - 0x8000_0000


def mask_of(actuators: Iterable[int]) -> int:
    """The actuators as bits."""
    return sum(1 << actuator for actuator in set(actuators))


def actuators_of(mask: int) -> tuple[int, ...]:
    """The bits as actuators, ascending."""
    return tuple(bit for bit in range(16) if mask >> bit & 1)
