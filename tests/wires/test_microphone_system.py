"""The microphone as a real sound server gives it and refuses it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from lessons.errors import EXIT_DEVICE
from tutor.devices.refusal import LOG_IN_AGAIN, kernel_refusal

pytestmark = [pytest.mark.wire, pytest.mark.timeout(300)]

ROOT = Path(__file__).resolve().parents[2]
PIECE = ROOT / "lessons" / "library" / "pieces" / "hot-cross-buns.abc"
READ_BY_NOBODY = Path("/proc/sys/vm/drop_caches")
TWICE = """
import sys
from pathlib import Path
from queue import SimpleQueue
from lessons.errors import DeviceError
from tutor.devices.microphone import Microphone
from tutor.listen.one_line import OneLine

def opened():
    try:
        Microphone("", lambda rate, start: OneLine(rate, "flute", start), SimpleQueue()).close()
        return "opened"
    except DeviceError as error:
        return str(error)

print(opened(), flush=True)
sys.stdin.readline()
print(opened(), flush=True)
sys.stdin.readline()
print(opened(), flush=True)
"""


@dataclass(frozen=True)
class Guarded:
    """A sound server that asks for a cookie; the client holds ``cookie``, which is the wrong one at first."""

    environment: Mapping[str, str]
    cookie: Path
    right: Path
    wrong: Path

    def allow(self, allowed: bool) -> None:
        shutil.copy(self.right if allowed else self.wrong, self.cookie)


@pytest.fixture
def guarded(pulse_process: Mapping[str, str], tmp_path: Path) -> Iterator[Guarded]:
    """The server by a door at which it refuses whoever has the wrong cookie."""
    right, wrong, cookie = tmp_path / "right", tmp_path / "wrong", tmp_path / "cookie"
    right.write_bytes(os.urandom(256))
    wrong.write_bytes(os.urandom(256))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    door = ["module-native-protocol-tcp", "listen=127.0.0.1", f"port={port}", f"auth-cookie={right}"]
    module = pactl(pulse_process, "load-module", *door)
    here = {"PULSE_SERVER": f"tcp:127.0.0.1:{port}", "PULSE_COOKIE": str(cookie), "DACAPO_HOME": str(tmp_path / "home")}
    found = Guarded({**pulse_process, **here}, cookie, right, wrong)
    found.allow(False)
    yield found
    pactl(pulse_process, "unload-module", module)


def pactl(pulse: Mapping[str, str], *words: str) -> str:
    done = subprocess.run(["pactl", *words], env={**os.environ, **pulse}, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def run(pulse: Mapping[str, str], *words: str | Path) -> subprocess.CompletedProcess[str]:
    command, environment = [sys.executable, "main.py", *words], {**os.environ, **pulse}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=200)


def test_a_refused_microphone_is_one_line_that_says_what_helps(guarded: Guarded) -> None:
    said = run(guarded.environment, "practise", PIECE, "--audio", "default", "--headless", "--json")
    assert (said.returncode, said.stdout) == (EXIT_DEVICE, "")
    assert said.stderr.splitlines() == [
        f"dacapo: microphone 'default' is not there; no microphone is there; {LOG_IN_AGAIN}"
    ]


def test_the_doctor_says_that_the_microphone_is_refused(guarded: Guarded) -> None:
    checks = json.loads(run(guarded.environment, "doctor", "--json").stdout)
    assert LOG_IN_AGAIN in checks["audio_input"]["remedy"]


def test_a_microphone_is_had_as_soon_as_it_is_allowed_and_refused_anew_with_the_reason(guarded: Guarded) -> None:
    environment = {**os.environ, **guarded.environment}
    asking = subprocess.Popen(
        [sys.executable, "-c", TWICE],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # ALSA and PortAudio talk
        text=True,
    )
    with asking:
        assert asking.stdin
        assert asking.stdout
        assert asking.stdout.readline().strip() == f"no microphone is there; {LOG_IN_AGAIN}"
        guarded.allow(True)
        print(file=asking.stdin, flush=True)
        assert asking.stdout.readline().strip() == "opened"
        guarded.allow(False)
        print(file=asking.stdin, flush=True)
        assert asking.stdout.readline().strip() == f"microphone 'default' cannot be opened: {LOG_IN_AGAIN}"


@pytest.mark.skipif(
    not READ_BY_NOBODY.exists() or os.access(READ_BY_NOBODY, os.R_OK), reason="no file here that nobody may read"
)
def test_sound_devices_that_may_not_be_read_are_told_with_the_group_that_may(tmp_path: Path) -> None:
    assert kernel_refusal(tmp_path) == ""
    (tmp_path / "pcmC0D0c").symlink_to(READ_BY_NOBODY)
    assert "sudo usermod -aG audio" in kernel_refusal(tmp_path)
    (tmp_path / "pcmC1D0c").touch()
    assert kernel_refusal(tmp_path) == ""
