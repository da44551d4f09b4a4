"""A glove and its host in one process on a clock that the test winds: no port, no thread, no waiting."""

from collections.abc import Callable

from lessons.errors import DeviceError
from tutor.glove.board import Identity
from tutor.glove.conversation import Conversation
from tutor.glove.cue_book import IMMEDIATE, Planned
from tutor.glove.protocol import FrameReader
from tutor.glove.settings import LinkSettings
from tutor.glove.simulator import Device

STEP_SEC = 0.001


class VirtualLine:
    """A serial line to a simulated glove; reading lets time pass."""

    name = "virtual"

    def __init__(self, identity: Identity | None = None, device: Device | None = None):
        self.device = device or Device(identity)
        self.now_us = 0
        self.open = True
        self.motors = []

    def clock(self) -> float:
        return self.now_us / 1e6

    def opened(self) -> "VirtualLine":
        self.open = True
        return self

    def read(self) -> bytes:
        for _ in range(50):
            output = self.device.take_output()
            if output:
                return output
            self._pass(1000)
        return b""

    def write(self, frame: bytes) -> None:
        if not self.open:
            raise DeviceError("virtual: the line is gone")
        self._pass(100)
        self.device.receive(frame, self.now_us)

    def close(self) -> None:
        self.open = False

    def _pass(self, microseconds: int) -> None:
        self.now_us += microseconds
        self.device.advance(self.now_us)
        self.motors += self.device.take_ran()


class World:
    """A `Conversation` and a `Device` that talk through a wire with a delay; `run` winds the clock."""

    def __init__(self, settings: LinkSettings | None = None, identity: Identity | None = None, drift: float = 0.0):
        self.now = 100.0
        self.drift = drift
        self.delay_sec = 0.001
        self.device = Device(identity)
        self.host = Conversation(settings or LinkSettings(), "virtual", nonce=7)
        self.plugged = True
        self.mangle: Callable[[bytes], bytes] = lambda sent: sent
        self.ran = []
        self.states = []
        self._to_device: list[tuple[float, bytes]] = []
        self._to_host: list[tuple[float, bytes]] = []
        self._reader = FrameReader()
        self.host.opened(self.now)

    def run(self, seconds: float) -> "World":
        end = self.now + seconds
        while self.now < end - 1e-9:
            self.now += STEP_SEC
            self._turn()
        return self

    def cue(self, *fingers: int, at: float = IMMEDIATE, level: int = 200, ms: int = 60) -> None:
        self.host.cue(Planned(at, 0, fingers, level, ms, self.now))

    def armed(self) -> "World":
        self.host.arm(self.now)
        return self.run(0.5)

    def replug(self, device: Device | None = None) -> None:
        self._to_device.clear()
        self._to_host.clear()
        self._reader = FrameReader()
        if device:
            self.device = device
        self.device.take_output()
        self.plugged = True
        self.host.opened(self.now)

    def unplug(self) -> None:
        self.plugged = False
        self._to_device.clear()
        self._to_host.clear()
        self.host.lost("virtual: the line is gone")

    def device_us(self) -> int:
        return int((self.now - 100.0) * 1e6 * (1 + self.drift))

    def host_time(self, device_us: int) -> float:
        return 100.0 + device_us / 1e6 / (1 + self.drift)

    def _turn(self) -> None:
        self.device.advance(self.device_us())
        for sent in self._arrived(self._to_device):
            self.device.receive(sent, self.device_us())
        output = self.device.take_output()
        if output and self.plugged:
            self._to_host.append((self.now + self.delay_sec, output))
        for sent in self._arrived(self._to_host):
            for frame in self._reader.feed(sent):
                self.host.heard(frame, self.now)
        self.host.tick(self.now)
        output = self.host.take_output()
        if output and self.plugged:
            self._to_device.append((self.now + self.delay_sec, self.mangle(output)))
        self.ran += self.device.take_ran()
        self.states.append(self.host._state.armed)

    def _arrived(self, wire: list[tuple[float, bytes]]) -> list[bytes]:
        arrived = [sent for at, sent in wire if at <= self.now]
        wire[:] = [(at, sent) for at, sent in wire if at > self.now]
        return arrived
