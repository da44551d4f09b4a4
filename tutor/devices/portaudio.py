"""PortAudio, which is one for the whole process and looks for devices but once; to look anew ends every open stream.

So a process of its own tells what is there now, and this one looks anew only where somebody needs a device that it
does not know. Whoever holds a stream then opens another: a microphone and a speaker both notice that theirs has ended.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lessons.errors import DeviceError

log = logging.getLogger(__name__)
INSTALL_PORTAUDIO = "sudo apt install libportaudio2"
ASKING = threading.RLock()  # of PortAudio: one thread at a time
INPUT, OUTPUT = "input", "output"
LOOK_SEC, CLOSE_SEC = 10.0, 3.0
ROOT = Path(__file__).parents[2]
OPEN: list[Any] = []  # the streams of this process
HANGING: list[threading.Thread] = []  # what closes a stream whose driver does not let it go


@dataclass(frozen=True)
class Devices:
    """The devices of one direction: each name once, and the machine's own with its rate and latency, '' without one."""

    names: tuple[str, ...] = ()
    own: str = ""
    rate: float = 0.0
    latency_sec: float = 0.0


def portaudio() -> Any:
    """The sounddevice module. Raises DeviceError where PortAudio's library is missing."""
    try:
        import sounddevice  # its import fails where the library is missing
    except (ImportError, OSError) as error:
        raise DeviceError(f"no audio: PortAudio is missing ({error}); {INSTALL_PORTAUDIO}") from error
    return sounddevice


def devices_known(direction: str) -> Devices:
    """What this process found when it looked last. Raises DeviceError where PortAudio's library is missing."""
    audio = portaudio()
    with ASKING:
        try:
            found = [one["name"] for one in audio.query_devices() if one[f"max_{direction}_channels"]]
            own = audio.query_devices(kind=direction)
        except (audio.PortAudioError, ValueError):
            return Devices()
    names = tuple(dict.fromkeys(found))  # Windows has each once for each of its sound systems
    return Devices(names, own["name"], own["default_samplerate"], own[f"default_low_{direction}_latency"])


def devices_there(direction: str) -> Devices:
    """What is there now. Raises DeviceError where PortAudio's library is missing."""
    portaudio()
    told = told_by_a_fresh_process()
    return told[direction] if told else devices_known(direction)


def started(stream: Any) -> Any:
    """The same stream, which runs now; whoever holds it closes it by `let_go`. One that does not start is closed."""
    OPEN.append(stream)
    try:
        stream.start()
    except Exception:
        let_go(stream)
        raise
    return stream


def let_go(stream: Any) -> None:
    """Close a stream, once; a driver may hang over one whose device is gone, which is then left to itself."""
    with ASKING:
        if stream not in OPEN:
            return
        OPEN.remove(stream)
        closing = threading.Thread(target=stream.close, name="closing a sound device", daemon=True)
        closing.start()
        closing.join(CLOSE_SEC)
        if closing.is_alive():
            log.warning("a sound device could not be closed within %g s", CLOSE_SEC)
            HANGING.append(closing)


def look_anew() -> bool:
    """Let PortAudio look again, which ends all streams; whether it did: not while a driver hangs over one.

    Raises DeviceError where it cannot begin again; the next look may.
    """
    audio = portaudio()
    with ASKING:
        if _hangs():
            return False
        for stream in tuple(OPEN):
            let_go(stream)
        if _hangs():
            return False
        with suppress(audio.PortAudioError):  # since the last look it has not begun again
            audio._terminate()
        try:
            audio._initialize()
        except audio.PortAudioError as error:
            raise DeviceError(f"no audio: {error}") from error
        return True


def _hangs() -> bool:
    return any(closing.is_alive() for closing in HANGING)


class Lookout:
    """Looks anew for somebody whose device cannot be opened: at once, then whenever other devices are there.

    Where there is none of its direction nobody looks anew: that would end the streams of the other for nothing.
    """

    def __init__(self, direction: str) -> None:
        self._direction = direction
        self._seen: dict[str, Devices] | None = None

    def looked(self) -> bool:
        """Whether it was of use to look anew, so that to open it again may help."""
        there = told_by_a_fresh_process()
        if not there or not there[self._direction].names or there == self._seen or not look_anew():
            return False
        self._seen = there
        return True

    def opened(self, opening: Callable[[], Any]) -> Any:
        """A stream; where none can be had, devices are looked for anew first. Raises DeviceError."""
        try:
            return opening()
        except DeviceError:
            if self.looked():
                return opening()
            raise


def told_by_a_fresh_process() -> dict[str, Devices]:
    """What is there now, by direction; empty where it cannot be told."""
    command = [sys.executable, "-m", __name__]
    try:
        said = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=LOOK_SEC, check=True).stdout
        return {way: Devices(**{**told, "names": tuple(told["names"])}) for way, told in json.loads(said).items()}
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        log.info("what sound devices there are cannot be told: %s", error)
        return {}


if __name__ == "__main__":
    print(json.dumps({way: asdict(devices_known(way)) for way in (INPUT, OUTPUT)}))
