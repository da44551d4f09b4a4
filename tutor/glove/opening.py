"""How a glove of each kind is opened, with the parts that ``main.py`` hands over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from lessons.errors import InputError
from tutor.clock import stamp
from tutor.commands.parts import Parts
from tutor.glove.drivers import AlphaDriver, Driver, FingerChannelDriver
from tutor.glove.host_timed import HostTimedGlove
from tutor.glove.kinds import Kind
from tutor.glove.link import GloveLink
from tutor.glove.pair import GlovePair
from tutor.glove.settings import LinkSettings
from tutor.glove.state import Glove

Port = TypeVar("Port")


def open_glove(kind: Kind, port: str, parts: Parts, settings: LinkSettings | None = None) -> Glove:
    """The glove of a kind on a port; it comes when it answers, and comes back after it was lost.

    Two gloves, one on each hand, have two ports with a comma, the left hand's first. Raises InputError where one is
    missing.
    """
    one, *other = [_open_one(kind, name, parts, settings) for kind, name in _each(kind, port)]
    return GlovePair(one, other[0]) if other else one


def open_glove_at_once(kind: Kind, port: str, parts: Parts) -> Glove:
    """The same for who cannot wait for it. Raises DeviceError where a port does not open."""
    if kind is Kind.FINGER_CHANNELS:
        return open_glove(kind, port, replace(parts, open_midi_output=_opened(parts.open_midi_output, [port])))
    ports = [name for _, name in _each(kind, port)]
    return open_glove(kind, port, replace(parts, open_serial=_opened(parts.open_serial, ports)))


def _each(kind: Kind, port: str) -> list[tuple[Kind, str]]:
    """Each glove's kind and port. Raises InputError where two are meant and not two are named."""
    names = [name.strip() for name in port.split(",")]
    if kind is Kind.LUCID or (kind is Kind.HGP and len(names) > 1):
        if len(names) != 2 or not all(names) or names[0] == names[1]:
            raise InputError(f"{port}: say two ports with a comma, the left hand's first, as COM3,COM4")
        kinds = (Kind.LUCID_LEFT, Kind.LUCID_RIGHT) if kind is Kind.LUCID else (kind, kind)
        return list(zip(kinds, names, strict=True))
    return [(kind, port)]


def _open_one(kind: Kind, port: str, parts: Parts, settings: LinkSettings | None) -> Glove:
    if kind is Kind.HGP:
        return GloveLink(lambda: parts.open_serial(port), stamp, settings, port)
    return HostTimedGlove(lambda: _driver(kind, port, parts), stamp, settings, port)


def _opened(open_port: Callable[[str], Port], ports: Sequence[str]) -> Callable[[str], Port]:
    """Open the ports now and hand each out at the first asking; later ones open it anew."""
    first = {port: open_port(port) for port in ports}
    return lambda name: first.pop(name) if name in first else open_port(name)


def _driver(kind: Kind, port: str, parts: Parts) -> Driver:
    if kind is Kind.FINGER_CHANNELS:
        return FingerChannelDriver(parts.open_midi_output(port))
    return AlphaDriver(parts.open_serial(port), left=kind is Kind.LUCID_LEFT)
