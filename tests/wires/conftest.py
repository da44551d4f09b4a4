"""Real wires for tests, each private to one test process: a JACK server, a PulseAudio server and an X display.

A test that asks for one is marked ``wire``. On a person's machine it skips with the reason where the wire cannot be
had; where the environment says ``CI`` it fails instead. The ``*_process`` fixtures live as long as the test process and
give the environment that a child process needs; ``jack_server`` and ``pulse_server`` also set it for the test itself.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from wiring import answers, started, stop, wire_missing, wire_required

JACK_FRAMES = 1024  # a late reader loses what does not fit into one period: 128 frames hold 25 messages, these 180
JACK_LOCK = Path(tempfile.gettempdir()) / "dacapo-tests-jack.lock"
ASOUND_PULSE = """
</usr/share/alsa/alsa.conf>
pcm.!default { type pulse }
ctl.!default { type pulse }
pcm.pulse { type pulse }
"""


@pytest.fixture(scope="session")
def jack_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """A JACK server without hardware; the environment that leads to it."""
    wire_required("jackd", "jack_lsp")
    name = f"dacapo{os.getpid()}"
    environment = {"JACK_DEFAULT_SERVER": name, "JACK_NO_START_SERVER": "1", "DACAPO_MIDI_API": "jack"}
    said = tmp_path_factory.mktemp("jack") / "log.txt"
    command = ["jackd", "--no-realtime", "-n", name, "-d", "dummy", "-r", "48000", "-p", str(JACK_FRAMES)]
    with said.open("w") as log:
        with JACK_LOCK.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            forget_dead_servers()
            server = started(command, log)
            answers(server, ["jack_lsp", "-s", name], environment, said)
        yield environment
        stop(server)


def forget_dead_servers() -> None:
    """Clear JACK's list of eight servers where none runs: one that was killed never leaves it by itself."""
    if subprocess.run(["pgrep", "-x", "jackd"], capture_output=True, check=False).returncode != 0:
        for left in Path("/dev/shm").glob("jack*"):
            if left.is_file():
                left.unlink(missing_ok=True)


@pytest.fixture
def jack_server(jack_process: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """The JACK server, also for the test itself."""
    for name, value in jack_process.items():
        monkeypatch.setenv(name, value)
    return jack_process


@pytest.fixture(scope="session")
def pulse_process() -> Iterator[Mapping[str, str]]:
    """A PulseAudio server: what is played to ``speaker`` can be recorded from ``speaker.monitor``.

    What is played to ``room`` is heard by ``microphone``, the default source. ALSA's default device leads to it.
    """
    modules = [
        "module-null-sink sink_name=speaker rate=48000",
        "module-null-sink sink_name=room rate=48000",
        "module-remap-source source_name=microphone master=room.monitor",
    ]
    with pulse(*modules) as environment:
        for kind, name in (("sink", "speaker"), ("source", "microphone")):
            subprocess.run(["pactl", f"set-default-{kind}", name], env={**os.environ, **environment}, check=True)
        yield environment


@pytest.fixture
def bare_pulse() -> Iterator[Mapping[str, str]]:
    """A PulseAudio server for one test alone, with no device but those that the test plugs in."""
    with pulse() as environment:
        yield environment


@contextmanager
def pulse(*modules: str) -> Iterator[Mapping[str, str]]:
    """A PulseAudio server with these modules; the environment that leads to it."""
    wire_required("pulseaudio", "pactl", "parec", "pacat")
    with tempfile.TemporaryDirectory(prefix="dp") as folder:
        home, said = Path(folder), Path(folder) / "log.txt"
        (home / "asound.conf").write_text(ASOUND_PULSE)
        environment = {
            "PULSE_SERVER": f"unix:{home}/native",
            "PULSE_COOKIE": f"{home}/cookie",
            "ALSA_CONFIG_PATH": f"{home}/asound.conf",
        }
        command = [
            "pulseaudio",
            "-n",
            "--daemonize=no",
            "--exit-idle-time=-1",
            "--use-pid-file=no",
            "--disable-shm=yes",
        ]
        door = f"module-native-protocol-unix socket={home}/native auth-anonymous=1"
        command += [word for module in (door, *modules) for word in ("-L", module)]
        private = {"HOME": folder, "XDG_RUNTIME_DIR": folder, "XDG_CONFIG_HOME": folder, "DBUS_SESSION_BUS_ADDRESS": ""}
        with said.open("w") as log:
            server = started(command, log, private)
            answers(server, ["pactl", "info"], environment, said)
            try:
                yield environment
            finally:
                stop(server)


@pytest.fixture
def pulse_server(pulse_process: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """The PulseAudio server, also for the test itself."""
    for name, value in pulse_process.items():
        monkeypatch.setenv(name, value)
    return pulse_process


@pytest.fixture(scope="session")
def x_display(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """A screen of 1920×1080 in memory; the environment that leads to it."""
    wire_required("Xvfb")
    said = tmp_path_factory.mktemp("x") / "log.txt"
    read_end, write_end = os.pipe()
    with said.open("w") as log:
        command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "1920x1080x24", "-nolisten", "tcp", "-noreset"]
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, text=True, pass_fds=[write_end])
        os.close(write_end)
        with os.fdopen(read_end) as pipe:
            number = pipe.readline().strip()
        if not number:
            stop(server)
            wire_missing(f"Xvfb does not run here: {said.read_text()[-500:]}")
        yield {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
        stop(server)
