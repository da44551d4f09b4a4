"""A lesson before the window, heard by a real microphone: seen as it is played, ended by itself, reported right."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from screen import Person
from test_microphone import CHORALE, played_on_a_piano, written_for_piano
from wiring import ROOT, wait_until

from tutor.journal.journal import Journal
from ui.theme import DARK

LEAST_PIXELS = 150  # of a verdict's colour: less than one note of the roll has
WRONG, INSTEAD = (7, 69), 70


@contextmanager
def window(environment: Mapping[str, str], said: Path, *words: str | Path) -> Iterator[None]:
    """The program before a screen; killed at the end."""
    with said.open("w") as log:
        program = subprocess.Popen([sys.executable, "main.py", *words], cwd=ROOT, env=environment, stderr=log)
        try:
            yield
        finally:
            program.kill()
            program.wait()


def listened_to(environment: Mapping[str, str]) -> bool:
    """Whether a program records from the room; the other recording is the server's own."""
    listed = ["pactl", "list", "short", "source-outputs"]
    return b"protocol-native" in subprocess.run(listed, env=environment, capture_output=True, check=True).stdout


@pytest.mark.wire
@pytest.mark.timeout(240)
def test_a_lesson_by_microphone_is_seen_and_reported(
    pulse_process: Mapping[str, str], x_display: Mapping[str, str], tmp_path: Path
) -> None:
    written_for_piano(tmp_path / "chorale.musicxml")
    played_on_a_piano(tmp_path / "played.wav", wrong=WRONG, instead=INSTEAD)
    environment = {**os.environ, **pulse_process, **x_display, "DACAPO_HOME": str(tmp_path)}
    words = ("practise", tmp_path / "chorale.musicxml", "--audio", "default", "--instrument", "piano")
    person, journal = Person(environment), tmp_path / "journal.db"
    with window(environment, tmp_path / "said.txt", *words, "--journal", journal):
        person.await_title("· Practice ·")
        wait_until(lambda: listened_to(environment), "the window opens the microphone", timeout_sec=30)
        time.sleep(4)  # a stream that stays dead is opened again meanwhile
        person.press("space")
        playing = ["pacat", "--device=room", "--file-format=wav", tmp_path / "played.wav"]
        pianist = subprocess.Popen(playing, env=environment)
        time.sleep(6)
        colours = person.photograph(tmp_path / "practice.png")
        assert pianist.wait(60) == 0
        person.await_title("· Report ·")
        takes = Journal.open_to_read(journal).takes
        wait_until(lambda: takes()[0].is_judged, "the judgement is kept", timeout_sec=60)
        time.sleep(1)  # the picture
        person.photograph(tmp_path / "report.png")
    assert colours[DARK.hit] > LEAST_PIXELS, "no green note on the screen"
    (take,) = takes()
    heard = sorted(Journal.open_to_read(journal).take(take.take_id).notes["pitch"].tolist())
    assert [mistake["kind"] for mistake in Journal.open_to_read(journal).mistakes(take.take_id)] == ["neighbour"]
    assert heard == sorted(INSTEAD if (beat, pitch) == WRONG else pitch for beat, pitch, _ in CHORALE)
