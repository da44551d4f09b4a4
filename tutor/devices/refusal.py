"""Why a machine gives no microphone: what its system refuses, and what helps, in a few words.

A device that may not be used looks to PortAudio like one that is not there, or fails with a number; so the kernel's
devices and the sound server are asked themselves.
"""

from __future__ import annotations

import ctypes
import getpass
import os
import sys
from pathlib import Path

KERNEL_DEVICES = Path("/dev/snd")
CAPTURE = "pcmC*D*c"
PULSE_LIBRARY = "libpulse-simple.so.0"
RECORD, FLOAT32, RATE = 2, 5, 16000  # PulseAudio's numbers for a direction and a format
ACCESS_DENIED = 1
ALLOW = "look into the system's privacy settings: they may keep microphones from this program"
LOG_IN_AGAIN = "the sound server refuses this program: log out and in again, or let the sandbox that it runs in record"


class SampleSpec(ctypes.Structure):
    """PulseAudio's ``pa_sample_spec``."""

    _fields_ = [("format", ctypes.c_int), ("rate", ctypes.c_uint32), ("channels", ctypes.c_uint8)]


def refusal() -> str:
    """What keeps this program from microphones, and what helps; '' where nothing is known to."""
    if not sys.platform.startswith("linux"):
        return ALLOW
    return server_refusal() or kernel_refusal()


def kernel_refusal(devices: Path = KERNEL_DEVICES) -> str:
    """Say so where the kernel has microphones and none of them may be read by this account."""
    microphones = list(devices.glob(CAPTURE))
    if not microphones or any(os.access(microphone, os.R_OK) for microphone in microphones):
        return ""
    return f"this account may not record: sudo usermod -aG audio {getpass.getuser()}, then log in again"


def server_refusal() -> str:
    """Say so where the sound server (PulseAudio, or PipeWire in its place) denies access."""
    try:
        pulse = ctypes.CDLL(PULSE_LIBRARY)
    except OSError:
        return ""
    pulse.pa_simple_new.restype = ctypes.c_void_p
    spec, error = SampleSpec(FLOAT32, RATE, 1), ctypes.c_int(0)
    words = (None, b"Dacapo", RECORD, None, b"microphone", ctypes.byref(spec), None, None, ctypes.byref(error))
    stream = pulse.pa_simple_new(*words)
    if stream:
        pulse.pa_simple_free(ctypes.c_void_p(stream))
    return LOG_IN_AGAIN if error.value == ACCESS_DENIED else ""
