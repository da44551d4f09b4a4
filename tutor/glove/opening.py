"""How a glove of each kind is opened, with the parts that ``main.py`` hands over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from tutor.clock import stamp
from tutor.commands.parts import Parts
from tutor.glove.drivers import AlphaDriver, Driver, FingerChannelDriver
from tutor.glove.host_timed import HostTimedGlove
from tutor.glove.kinds import Kind
from tutor.glove.link import GloveLink
from tutor.glove.settings import LinkSettings
from tutor.glove.state import Glove

Port = TypeVar("Port")


def open_glove(kind: Kind, port: str, parts: Parts, settings: LinkSettings | None = None) -> Glove:
    """The glove of a kind on a port; it comes when it answers, and comes back after it was lost."""
    if kind is Kind.HGP:
        return GloveLink(lambda: parts.open_serial(port), stamp, settings, port)
    return HostTimedGlove(lambda: _driver(kind, port, parts), stamp, settings, port)


def open_glove_at_once(kind: Kind, port: str, parts: Parts) -> Glove:
    """The same for who cannot wait for it. Raises DeviceError where the port does not open."""
    if kind is Kind.FINGER_CHANNELS:
        return open_glove(kind, port, replace(parts, open_midi_output=_opened(parts.open_midi_output, port)))
    return open_glove(kind, port, replace(parts, open_serial=_opened(parts.open_serial, port)))


def _opened(open_port: Callable[[str], Port], port: str) -> Callable[[str], Port]:
    """Open a port now and hand it out at the first asking; later ones open it anew."""
    first = [open_port(port)]
    return lambda name: first.pop() if first else open_port(name)


def _driver(kind: Kind, port: str, parts: Parts) -> Driver:
    if kind is Kind.FINGER_CHANNELS:
        return FingerChannelDriver(parts.open_midi_output(port))
    return AlphaDriver(parts.open_serial(port), left=kind is Kind.LUCID_LEFT)
