"""How soon the first window is there: JSON with seconds from the start of ``python main.py`` to its first frame.

The program is started as a person starts it, in a process of its own, with a private home; the program's log tells
when the window was painted. Needs a screen: Xvfb, or QT_QPA_PLATFORM=offscreen.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIRST_WINDOW = "first window"


def seconds_to_window(home: str) -> float:
    """Start the program, wait for its word, end it."""
    environment = os.environ | {"DACAPO_HOME": home, "DACAPO_LOG": "INFO"}
    begun = time.perf_counter()
    command = [sys.executable, str(ROOT / "main.py")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment, cwd=ROOT) as program:
        assert program.stderr is not None
        try:
            for line in program.stderr:
                if FIRST_WINDOW in line:
                    return time.perf_counter() - begun
        finally:
            program.kill()
    raise RuntimeError("the program ended without a window")


def main() -> int:
    """Measure."""
    parser = argparse.ArgumentParser(description="Measure the time to the first window.")
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        times = [seconds_to_window(home) for _ in range(arguments.runs + 1)][1:]  # the first one warms the disk
    median = round(statistics.median(times), 3)
    print(json.dumps({"runs": arguments.runs, "median_sec": median, "most_sec": round(max(times), 3)}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
