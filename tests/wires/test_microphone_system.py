"""The microphone as a real sound server gives it, refuses it, and moves it from one device to another."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from wiring import ROOT, conversing, wait_until

from lessons.errors import EXIT_DEVICE
from tutor.devices.refusal import LOG_IN_AGAIN, kernel_refusal

pytestmark = [pytest.mark.wire, pytest.mark.timeout(300)]

PIECE = ROOT / "lessons" / "library" / "pieces" / "hot-cross-buns.abc"
READ_BY_NOBODY = Path("/proc/sys/vm/drop_caches")
A4, E5 = 69, 76
LISTEN = """
import sys, time
from queue import Empty, SimpleQueue
from tutor.devices.microphone import Microphone
from tutor.events import Lost, NoteOn
from tutor.listen.listener import Hearing
inbox = SimpleQueue()
microphone = Microphone(sys.argv[1], Hearing("flute").listen, inbox)
print("listening", flush=True)
end = time.monotonic() + 120
while time.monotonic() < end:
    try:
        event = inbox.get(timeout=0.2)
    except Empty:
        continue
    if isinstance(event, Lost):
        print("back" if event.regained else "lost", flush=True)
    elif isinstance(event, NoteOn):
        print(event.pitch, flush=True)
"""
ANOTHER = """
import sys
from queue import SimpleQueue
from tutor.devices.microphone import Microphone, input_names
from tutor.devices.speaker import open_speaker
from tutor.events import NoteOn
from tutor.listen.listener import Hearing

def opened(wanted, inbox):
    return Microphone(wanted, Hearing("flute").listen, inbox)

def heard(inbox):
    while True:
        event = inbox.get(timeout=30)
        if isinstance(event, NoteOn):
            return event.pitch

speaker, first, second = open_speaker(), SimpleQueue(), SimpleQueue()
webcam = opened("webcam", first)
print(heard(first), "headset" in input_names(), flush=True)
sys.stdin.readline()
print("headset" in input_names(), flush=True)
print("undisturbed" if webcam._stream.active and speaker._stream.active else "disturbed", flush=True)
webcam.close()
headset = opened("headset", second)
print(heard(second), flush=True)
while not speaker._stream.active:
    pass
print("speaker sounds", flush=True)
headset.close()
speaker.close()
"""
HANDED_ON = """
from queue import SimpleQueue
from tutor.devices.microphone import Microphone
from tutor.devices.route import Route
from tutor.listen.listener import Hearing

microphone = Microphone("", Hearing("flute").listen, SimpleQueue())
route = Route()
print("not moved" if not route.moved.wait(1) else "moved", flush=True)
print("not moved" if not route.moved.wait(30) else "moved", flush=True)
"""
MOVED_AT_ONCE = """
import subprocess
from queue import SimpleQueue
from tutor.devices.microphone import Microphone
from tutor.devices.route import Route
from tutor.listen.listener import Hearing

microphone = Microphone("", Hearing("flute").listen, SimpleQueue())
route = Route()
for line in subprocess.check_output(["pactl", "list", "short", "source-outputs"], text=True).splitlines():
    if "protocol-native" in line:
        subprocess.check_call(["pactl", "move-source-output", line.split()[0], "headset.monitor"])
print("moved" if route.moved.wait(10) else "not moved", flush=True)
"""
TWICE = """
import sys
from pathlib import Path
from queue import SimpleQueue
from lessons.errors import DeviceError
from tutor.devices.microphone import Microphone
from tutor.listen.listener import Hearing

def opened():
    try:
        Microphone("", Hearing("flute").listen, SimpleQueue()).close()
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
    with conversing(TWICE, guarded.environment) as asking:
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


@dataclass
class Desks:
    """Two microphones of the server, each with a tone of its own before it; the first is the default."""

    pulse: Mapping[str, str]
    modules: dict[str, list[str]]

    def plug(self, name: str, hertz: int) -> None:
        loads = (
            ("module-null-sink", f"sink_name={name}", "rate=48000"),
            ("module-sine", f"sink={name}", f"frequency={hertz}"),
        )
        self.modules[name] = [pactl(self.pulse, "load-module", *words) for words in loads]

    def pull(self, name: str) -> None:
        for module in reversed(self.modules.pop(name)):
            pactl(self.pulse, "unload-module", module)

    def sound_before_the_default(self, hertz: int) -> None:
        """A tone before the microphone that the server has chosen itself."""
        source = pactl(self.pulse, "get-default-source")
        sink = "room" if source == "microphone" else source.removesuffix(".monitor")
        module = pactl(self.pulse, "load-module", "module-sine", f"sink={sink}", f"frequency={hertz}")
        self.modules.setdefault("default", []).append(module)

    def hand_streams_on(self, name: str) -> None:
        """Move whatever is being recorded to another microphone, as the server does when one is pulled."""
        for line in pactl(self.pulse, "list", "short", "source-outputs").splitlines():
            if "protocol-native" in line:
                pactl(self.pulse, "move-source-output", line.split()[0], f"{name}.monitor")

    def prefer(self, name: str) -> None:
        pactl(self.pulse, "set-default-source", f"{name}.monitor")


@pytest.fixture
def desks(pulse_process: Mapping[str, str]) -> Iterator[Desks]:
    before = pactl(pulse_process, "get-default-source")
    found = Desks(pulse_process, {})
    found.plug("webcam", 440)
    found.plug("headset", 659)
    found.prefer("webcam")
    yield found
    pactl(pulse_process, "set-default-source", before)
    for name in list(found.modules):
        found.pull(name)


@contextmanager
def listening(pulse: Mapping[str, str], said: Path, wanted: str = "") -> Iterator[None]:
    """A program that writes what it hears into a file, from when it hears something on."""
    with said.open("w") as out:
        words = [sys.executable, "-c", LISTEN, wanted]
        process = subprocess.Popen(words, cwd=ROOT, env={**os.environ, **pulse}, stdout=out, stderr=subprocess.DEVNULL)
        try:
            wait_until(lambda: str(A4) in said.read_text().split(), "the first microphone is heard", 60)
            yield
        finally:
            process.kill()
            process.wait()


def tail(said: Path, last: object) -> list[str]:
    """What was said from the last time on that ``last`` was."""
    words = said.read_text().split()
    return words[len(words) - 1 - words[::-1].index(str(last)) :] if str(last) in words else []


def test_another_default_microphone_is_heard_in_place_of_the_first_and_back_again(desks: Desks, tmp_path: Path) -> None:
    said = tmp_path / "said.txt"
    with listening(desks.pulse, said):
        desks.prefer("headset")
        wait_until(lambda: str(E5) in said.read_text().split(), "the other microphone is heard", 60)
        desks.prefer("webcam")
        wait_until(lambda: str(A4) in tail(said, E5), "the first microphone is heard again", 60)
        assert "back" in said.read_text().split()
        assert "lost" not in said.read_text().split()


def test_when_the_default_microphone_is_pulled_the_other_one_is_heard(desks: Desks, tmp_path: Path) -> None:
    said = tmp_path / "said.txt"
    with listening(desks.pulse, said):
        desks.pull("webcam")
        desks.sound_before_the_default(659)
        wait_until(lambda: str(E5) in said.read_text().split(), "the other microphone is heard", 60)
        desks.plug("webcam", 440)
        desks.prefer("webcam")
        wait_until(lambda: str(A4) in tail(said, E5), "the first microphone is heard again", 60)


def by_name(pulse: Mapping[str, str], config: Path, *names: str) -> Mapping[str, str]:
    """An ALSA that has these microphones of the server under names of their own."""
    plain = Path(pulse["ALSA_CONFIG_PATH"]).read_text()
    own = [f'pcm.{name} {{ type pulse device "{name}.monitor" hint.description "{name}" }}\n' for name in names]
    config.write_text(plain + "".join(own))
    return {**pulse, "ALSA_CONFIG_PATH": str(config)}


def test_a_microphone_that_is_plugged_in_while_another_is_open_is_offered_and_can_be_chosen(
    desks: Desks, tmp_path: Path
) -> None:
    config = tmp_path / "asound.conf"
    with conversing(ANOTHER, by_name(desks.pulse, config, "webcam")) as listening_to_both:
        assert listening_to_both.stdin
        assert listening_to_both.stdout
        assert listening_to_both.stdout.readline().split() == [str(A4), "False"]
        by_name(desks.pulse, config, "webcam", "headset")
        print(file=listening_to_both.stdin, flush=True)
        said = listening_to_both.communicate(timeout=60)[0].split("\n")
    assert said[:4] == ["True", "undisturbed", str(E5), "speaker sounds"]
    assert listening_to_both.returncode == 0


@pytest.fixture
def heard_by_name(desks: Desks, tmp_path: Path) -> Iterator[Path]:
    """What a program says that listens to ``webcam``, a device that it has chosen by name."""
    said = tmp_path / "said.txt"
    with listening(by_name(desks.pulse, tmp_path / "asound.conf", "webcam"), said, "webcam"):
        yield said


def test_a_stream_that_the_server_hands_on_is_noticed(desks: Desks) -> None:
    with conversing(HANDED_ON, desks.pulse) as watching:
        assert watching.stdout
        assert watching.stdout.readline().strip() == "not moved"
        desks.hand_streams_on("headset")
        assert watching.stdout.readline().strip() == "moved"


def test_a_stream_that_is_handed_on_as_soon_as_it_is_watched_is_noticed(desks: Desks) -> None:
    with conversing(MOVED_AT_ONCE, desks.pulse) as watching:
        assert watching.communicate(timeout=60)[0] == "moved\n"


def test_a_chosen_microphone_is_heard_although_the_server_hands_its_stream_on(
    desks: Desks, heard_by_name: Path
) -> None:
    desks.hand_streams_on("headset")
    wait_until(lambda: str(A4) in tail(heard_by_name, "back"), "it is heard again", 60)
    assert str(E5) not in heard_by_name.read_text().split()
    assert "lost" not in heard_by_name.read_text().split()


def test_a_chosen_microphone_that_is_pulled_is_told_and_never_replaced_by_another(
    desks: Desks, heard_by_name: Path
) -> None:
    desks.pull("webcam")
    wait_until(lambda: "lost" in heard_by_name.read_text().split(), "the loss is told", 60)
    desks.plug("webcam", 440)
    wait_until(lambda: str(A4) in tail(heard_by_name, "lost"), "it is heard again", 60)
    assert "back" in tail(heard_by_name, "lost")
    assert str(E5) not in heard_by_name.read_text().split()
