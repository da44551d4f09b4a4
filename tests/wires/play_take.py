"""Play a take (.mid) into a virtual JACK MIDI port in real time, as a pianist at a real keyboard would.

``python play_take.py TAKE.mid [--name Pianist] [--speed 1.0] [--wait SEC]``: opens the port, prints ``ready``, waits
until somebody listens, plays, prints ``played N`` and goes, which the listener sees as a pulled cable; ``--stay SEC``
keeps the port open for a while. Messages are paced: JACK loses what arrives faster than its buffers drain.
"""

from __future__ import annotations

import argparse
import itertools
import subprocess
import sys
import time
from collections.abc import Iterator

import mido
import rtmidi
from jack_client import jack_client

LEAST_GAP_SEC = 0.001


def messages(path: str) -> Iterator[tuple[float, list[int]]]:
    """The channel messages of a MIDI file with their times in seconds."""
    time_sec = 0.0
    for message in mido.MidiFile(path):
        time_sec += message.time
        if not message.is_meta and message.type != "sysex":
            yield time_sec, message.bytes()


def is_heard(name: str) -> bool:
    """Whether somebody is connected to the JACK client ``name``."""
    said = subprocess.run(["jack_lsp", "-c"], capture_output=True, text=True, check=False).stdout.splitlines()
    return any(
        line.startswith(f"{name}:") and following.startswith(" ") for line, following in itertools.pairwise(said)
    )


def play(port: rtmidi.MidiOut, path: str, speed: float) -> int:
    """Send the take at ``speed`` times its own tempo; how many note-ons were sent."""
    start_sec, sent = time.perf_counter(), 0
    for time_sec, message in messages(path):
        time.sleep(max(LEAST_GAP_SEC, start_sec + time_sec / speed - time.perf_counter()))
        port.send_message(message)
        sent += message[0] & 0xF0 == 0x90 and message[2] > 0
    return sent


def main() -> int:
    """Open, wait, play, go; 3 where nobody listens."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("take")
    parser.add_argument("--name", default="Pianist")
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--wait", type=float, default=120.0, help="seconds to wait for a listener")
    parser.add_argument("--pause", type=float, default=0.2, help="seconds between the connection and the first note")
    parser.add_argument("--on-cue", action="store_true", help="play when a line comes on standard input")
    parser.add_argument("--stay", type=float, default=0.5, help="seconds to stay after the last note")
    arguments = parser.parse_args()
    port = jack_client("MidiOut", arguments.name)
    port.open_virtual_port("out")
    print("ready", flush=True)
    deadline = time.monotonic() + arguments.wait
    while not is_heard(arguments.name):
        if time.monotonic() > deadline:
            print("nobody listens", file=sys.stderr)
            return 3
        time.sleep(0.05)
    if arguments.on_cue:
        sys.stdin.readline()
    time.sleep(arguments.pause)
    print(f"played {play(port, arguments.take, arguments.speed)}", flush=True)
    time.sleep(arguments.stay)
    port.close_port()
    port.delete()
    return 0


if __name__ == "__main__":
    sys.exit(main())
