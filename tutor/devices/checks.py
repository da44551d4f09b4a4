"""What this machine has for ears, voice, touch and screen, and the one line that gets what is missing.

Nothing here raises and nothing stays open; each `Check` stands alone, so that a broken library hides no other device.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Sequence

from lessons.errors import DeviceError
from tutor.commands.parts import Check
from tutor.devices import midi
from tutor.devices.portaudio import INPUT, INSTALL_PORTAUDIO, OUTPUT, devices_there
from tutor.devices.refusal import refusal
from tutor.synth import SOUNDFONT_VARIABLE, soundfont_path

QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
"""What Qt's window plugin opens on Linux, and the Debian package of each; the plugin itself blames only the first."""


def device_checks() -> list[Check]:
    """Everything outside the program that a lesson can use."""
    return [
        midi_inputs(),
        midi_outputs(),
        audio(OUTPUT),
        audio(INPUT),
        serial_ports(),
        soundfont(),
        window_libraries(),
        display(),
    ]


def midi_inputs() -> Check:
    """The keyboards that can be heard."""
    return _listed(
        "MIDI inputs", midi.input_names(), midi.what_is_missing(), "plug in a MIDI keyboard and switch it on"
    )


def midi_outputs() -> Check:
    """The instruments that can be played to."""
    return _listed("MIDI outputs", midi.output_names(), midi.what_is_missing(), "plug in an instrument; none is needed")


def audio(direction: str) -> Check:
    """The default device of a direction (``output`` or ``input``) with its rate and latency, and all devices."""
    name = f"audio {direction}"
    try:
        found = devices_there(direction)
    except DeviceError:
        return Check(name, False, "PortAudio is missing", INSTALL_PORTAUDIO)
    if not found.own:
        thing, refused = ("a microphone", refusal()) if direction == INPUT else ("headphones or loudspeakers", "")
        return Check(
            name, False, "no device", "; or ".join(filter(None, (f"connect {thing}, then look again", refused)))
        )
    says = f"{found.own}, {found.rate:.0f} Hz, latency {1000 * found.latency_sec:.0f} ms"
    return Check(name, True, says, found=found.names)


def serial_ports() -> Check:
    """The ports where a glove could be."""
    try:
        from tutor.devices import glove  # its import fails where pyserial is missing

        names = glove.names()
    except (ImportError, OSError) as error:
        return Check("serial ports", False, f"cannot be listed: {error}", "make run")
    return _listed("serial ports", names, "", "plug in a glove; 'glove simulate' makes one without hardware")


def soundfont() -> Check:
    """The instrument that the speaker plays."""
    try:
        path = soundfont_path()
    except DeviceError as error:
        return Check("soundfont", False, str(error), f"pip install pretty_midi, or set {SOUNDFONT_VARIABLE}")
    return Check("soundfont", True, path.name, found=(str(path),))


def window_libraries() -> Check:
    """The system libraries without which Qt opens no window."""
    missing = [] if not sys.platform.startswith("linux") else [name for name in QT_LIBRARIES if not _loads(name)]
    if not missing:
        return Check("window libraries", True, "all there")
    packages = " ".join(QT_LIBRARIES[name] for name in missing)
    return Check("window libraries", False, f"missing {', '.join(missing)}", f"sudo apt install {packages}")


def display() -> Check:
    """A screen to open the window on."""
    if not sys.platform.startswith("linux"):
        return Check("display", True, "the system's own")
    for variable in ("WAYLAND_DISPLAY", "DISPLAY"):
        if os.environ.get(variable):
            return Check("display", True, f"{variable}={os.environ[variable]}")
    return Check(
        "display", False, "no screen; every command but the window works", "log in to a desktop, or: xvfb-run -a"
    )


def _listed(name: str, found: Sequence[str], missing: str, plug_in: str) -> Check:
    if missing:
        return Check(name, False, "this computer has no MIDI system", missing)
    if not found:
        return Check(name, False, "none", plug_in)
    return Check(name, True, ", ".join(found), found=tuple(found))


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
