"""How long a struck key takes to its verdict and to the frame on the glove's wire, through the real session.

A thread strikes the keys of a library piece at random moments, each stamped like a driver's callback does; the session
runs in its own thread with the real follower, the real journal in a temporary folder, and the real link to a simulated
glove on a pseudo-terminal. The glove follows the learner, so each new onset is a frame. Prints JSON, in milliseconds.

    python tests/bench/session_latency.py [--strikes 400] [--busy]

``--busy`` lets another thread run pure Python meanwhile, as a window that paints does.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from lessons.fingering import with_fingers  # noqa: E402
from lessons.library.shelf import load  # noqa: E402
from lessons.score import RIGHT  # noqa: E402
from tutor.clock import stamp  # noqa: E402
from tutor.cues import Guidance, Leader, Strength  # noqa: E402
from tutor.devices.glove import open_line  # noqa: E402
from tutor.events import Event, Inbox, NoteOff, NoteOn  # noqa: E402
from tutor.follow import Follower  # noqa: E402
from tutor.glove.codes import Kind  # noqa: E402
from tutor.glove.link import GloveLink  # noqa: E402
from tutor.glove.protocol import RETRY  # noqa: E402
from tutor.journal.journal import Journal  # noqa: E402
from tutor.practice import Mode, PracticeSettings  # noqa: E402
from tutor.session import Session  # noqa: E402
from tutor.sinks import Sink  # noqa: E402
from tutor.touch import TouchSink  # noqa: E402
from tutor.verdicts import Judgement  # noqa: E402

SWITCH_INTERVAL_SEC = 0.0005  # as main.py sets it for the window
GAPS_SEC = (0.09, 0.16)


class Stopwatch(Sink):
    """Notes when each verdict was told, against the stamp of its key."""

    def __init__(self) -> None:
        self.start_sec = 0.0
        self.verdict_ms: list[float] = []

    def heard(self, event: Event, judgements: tuple[Judgement, ...]) -> None:
        """Take the time."""
        if judgements:
            self.verdict_ms.append(1000 * (stamp() - self.start_sec - event.time_sec))


class TimedLine:
    """A serial line that notes when it was written to."""

    def __init__(self, name: str):
        self._line = open_line(name)
        self.name = name
        self.written: list[tuple[float, int]] = []

    def read(self) -> bytes:
        """Pass on."""
        return self._line.read()

    def write(self, frame: bytes) -> None:
        """Pass on, then take the time; the type of a frame is its third byte."""
        self._line.write(frame)
        if not frame[1] & RETRY:
            self.written.append((stamp(), frame[2]))

    def close(self) -> None:
        """Pass on."""
        self._line.close()


def figures(values: list[float]) -> dict[str, float]:
    """Median, p95, p99 and the worst."""
    found = np.percentile(values, (50, 95, 99, 100)).round(3).tolist()
    return dict(zip(("p50", "p95", "p99", "max"), found, strict=True)) | {"count": len(values)}


def simulated_glove(stack: ExitStack, port: Path) -> None:
    """A glove in a process of its own, ready on ``port``."""
    words = [sys.executable, str(ROOT / "main.py"), "glove", "simulate", "--link", str(port)]
    process = stack.enter_context(subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True))
    stack.callback(process.terminate)
    assert process.stdout is not None
    process.stdout.readline()
    threading.Thread(target=process.stdout.read, daemon=True).start()


def strike(inbox: Inbox, pitches: list[int], count: int, rng: np.random.Generator) -> list[float]:
    """Strike keys in order, again and again; the stamps."""
    stamps = []
    for place in range(count):
        pitch = pitches[place % len(pitches)]
        time.sleep(rng.uniform(*GAPS_SEC))
        stamps.append(stamp())
        inbox.put(NoteOn(stamps[-1], pitch, 70))
        inbox.put(NoteOff(stamp(), pitch))
    return stamps


def busy(stopped: threading.Event) -> None:
    """Run pure Python until told to stop."""
    while not stopped.is_set():
        sum(range(2000))


def measure(strikes: int, with_busy: bool) -> dict[str, object]:
    """One session with everything connected."""
    score = with_fingers(load("petzold-minuet-g"))
    inbox: Inbox = Inbox()
    stopped = threading.Event()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        simulated_glove(stack, folder / "glove")
        line = TimedLine(str(folder / "glove"))
        link = GloveLink(lambda: line)
        stack.callback(link.close)
        journal = Journal.open(folder / "journal.db")
        stack.callback(journal.close)
        settings = PracticeSettings(mode=Mode.FOLLOW)
        touch = TouchSink(link, score, settings, Guidance(Leader.LEARNER, Strength.HINT))
        watch = Stopwatch()
        session = Session(
            score,
            Follower(score, hands=RIGHT),
            inbox,
            [touch, watch],
            settings,
            take_log=journal.begin_take(score.digest, score.title, settings.as_json()),
            open_ended=True,
        )
        session.start()
        while not link.state.armed:
            time.sleep(0.05)
        watch.start_sec = session.start_sec
        if with_busy:
            threading.Thread(target=busy, args=(stopped,), daemon=True).start()
        pitches = score.hands(RIGHT).notes["pitch"].tolist()
        stamps = np.array(strike(inbox, pitches, strikes, np.random.default_rng(1)))
        stopped.set()
        session.stop()
        session.join(10)
        touches = {Kind.PULSE, Kind.PULSE_AT, Kind.CHORD_AT}
        written = np.array([at for at, kind in line.written if kind in touches and at > stamps[0]])
        frame_ms = 1000 * (written - stamps[np.searchsorted(stamps, written) - 1])
    return {"verdict_ms": figures(watch.verdict_ms), "frame_ms": figures(frame_ms.tolist())}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--strikes", type=int, default=400)
    parser.add_argument("--busy", action="store_true")
    arguments = parser.parse_args()
    sys.setswitchinterval(SWITCH_INTERVAL_SEC)
    print(json.dumps({"busy": arguments.busy} | measure(arguments.strikes, arguments.busy), indent=1))


if __name__ == "__main__":
    main()
