"""A simulated glove as a process on a pseudo-terminal, as a person would start it."""

import json
import subprocess
import sys
import time
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

ROOT = Path(__file__).resolve().parents[2]


class GlovePort:
    """`glove simulate` with its port, its log, and a person's hands on the hardware."""

    def __init__(self, *flags: str):
        self.process = subprocess.Popen(
            [sys.executable, "main.py", "glove", "simulate", *flags],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self._lines: SimpleQueue[str] = SimpleQueue()
        Thread(target=self._read, daemon=True).start()
        self.port = self._lines.get(timeout=30).strip()
        self.events: list[dict] = []
        self._motors: list[dict] = []

    def gesture(self, words: str) -> None:
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()

    def motors(self, count: int, seconds: float = 20.0) -> list[dict]:
        """The motors that ran, in order of their onset; waits for as many."""
        end = time.monotonic() + seconds
        while len(self._motors) < count and time.monotonic() < end:
            self._take(0.1)
        return sorted(self._motors, key=lambda event: event["on_us"])

    def close(self) -> list[dict]:
        """End it; all that it told."""
        if self.process.poll() is None and not self.process.stdin.closed:
            self.gesture("quit")
            self.process.wait(10)
        while self._take(0.2):
            pass
        return self.events

    def _take(self, seconds: float) -> bool:
        try:
            event = json.loads(self._lines.get(timeout=seconds))
        except Empty:
            return False
        self.events.append(event)
        if event["event"] == "motor":
            self._motors.append(event)
        return True

    def _read(self) -> None:
        for line in self.process.stdout:
            self._lines.put(line)


def eventually(what, seconds: float = 20.0) -> bool:
    """Whether something becomes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.01)
    return bool(what())
