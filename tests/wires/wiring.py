"""How tests start, await and end the servers at the other end of a wire."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[2]
START_SEC = 15.0


def wire_missing(reason: str) -> NoReturn:
    """Skip on a person's machine, fail in CI."""
    if os.environ.get("CI"):
        pytest.fail(f"this machine must have the wire: {reason}")
    pytest.skip(reason)


def wire_required(*programs: str) -> None:
    """Skip, or fail in CI, where one of the programs is not installed."""
    for program in programs:
        if shutil.which(program) is None:
            wire_missing(f"{program} is not installed")


def wait_until(true: Callable[[], bool], what: str, timeout_sec: float = START_SEC) -> None:
    """Wait for a condition; fail the test where it does not come true in time."""
    deadline = time.monotonic() + timeout_sec
    while not true():
        if time.monotonic() > deadline:
            pytest.fail(f"waited {timeout_sec:g} s in vain: {what}")
        time.sleep(0.02)


def started(command: list[str], said: IO[str], environment: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """Start a server that writes what it has to say into an open file."""
    return subprocess.Popen(
        command, stdout=said, stderr=subprocess.STDOUT, text=True, env={**os.environ, **(environment or {})}
    )


def conversing(code: str, environment: Mapping[str, str]) -> subprocess.Popen[str]:
    """Python that runs ``code`` in the checkout, to be spoken with by lines over pipes."""
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def stop(server: subprocess.Popen[str]) -> None:
    """End a server, gently first."""
    server.terminate()
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def answers(server: subprocess.Popen[str], probe: list[str], environment: Mapping[str, str], said: Path) -> None:
    """Wait until ``probe`` succeeds; skip or fail where the server ends or never answers."""
    deadline = time.monotonic() + START_SEC
    while subprocess.run(probe, env={**os.environ, **environment}, capture_output=True, check=False).returncode != 0:
        if server.poll() is not None or time.monotonic() > deadline:
            stop(server)
            wire_missing(f"{server.args[0]} does not run here: {said.read_text()[-500:]}")  # type: ignore[index]
        time.sleep(0.05)
