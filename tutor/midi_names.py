"""Which MIDI port is meant: names change with the order of plugging in, and the system has a port of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lessons.errors import DeviceError

SYSTEMS_OWN = "Midi Through"  # ALSA's loop: nobody plays there


def choose(wanted: str, names: Sequence[str]) -> str:
    """The port that ``wanted`` means: its exact name, else the only name that contains it, whatever the case.

    An empty wish means the only port there is, the system's own loop aside. Raises DeviceError naming what is there.
    """
    if wanted in names:
        return wanted
    fitting = [name for name in names if wanted.casefold() in name.casefold()] if wanted else instruments(names)
    if len(fitting) == 1:
        return fitting[0]
    there = f"there is {', '.join(names)}" if names else "no MIDI port is there"
    if not wanted:
        raise DeviceError(f"which MIDI port? {there}" if fitting else f"no MIDI keyboard is plugged in; {there}")
    raise DeviceError(f"MIDI port '{wanted}' {'could be several' if fitting else 'is not there'}; {there}")


def instruments(names: Sequence[str]) -> list[str]:
    """The ports on which somebody may play."""
    return [name for name in names if SYSTEMS_OWN not in name]


def remembered(name: str, names: Sequence[str]) -> str:
    """The port that was used last time, also under another number; else the first instrument, or ''."""
    return name if name in names else next(iter([*same_port(name, names), *instruments(names)]), "")


def same_port(name: str, names: Sequence[str]) -> list[str]:
    """The ports of this name, whatever their numbers."""
    return [one for one in names if _without_number(one) == _without_number(name)]


def _without_number(name: str) -> str:
    """The name without the client's number, which ALSA gives anew at each plugging in."""
    return re.sub(r" \d+:\d+$", "", name)
