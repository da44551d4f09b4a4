"""The whole loop on real wires: a pianist at a MIDI port, a window on a screen, a glove on a serial port, a database.

Choose a piece → play it → see and feel what happened → be told why → open the exercise that was made of it; then the
program is killed in the middle of the next take, and nothing that was played is lost.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import pytest
from glove_port import ROOT, GlovePort
from human import Mistakes, human_take
from screen import Person
from wiring import wait_until

from lessons.files import read_score
from lessons.fingering import with_fingers
from lessons.score import LEFT, Score
from tutor.journal.entries import TakeEntry
from tutor.journal.journal import Journal
from tutor.takes import load_take, save_take
from ui.theme import DARK

pytestmark = [pytest.mark.wire, pytest.mark.timeout(300)]

LIBRARY_PIECE = ROOT / "lessons" / "library" / "pieces" / "hot-cross-buns.abc"
VIENNA = ROOT.parent / "shared" / "data" / "vienna4x22"
KEYS = ("z", "x", "c", "v", "b", "n")
WIRE_LOSS = 0.03  # JACK drops or tears what arrives while a busy machine makes it miss a period
SLIP = slice(60, 66)  # notes of the pianist struck a key too high: a clean take asks for no exercise
LEAST_PIXELS = 150  # of a verdict's colour: less than one note of the roll has


@dataclass(frozen=True)
class Lesson:
    """A piece and a take of it, and whether the take has mistakes that must be seen."""

    score_path: Path
    take_path: Path
    has_wrong_notes: bool


@pytest.fixture(params=["a library piece, played by the test", "Schubert D. 783, by a pianist who slips in a bar"])
def lesson(request: pytest.FixtureRequest, tmp_path: Path) -> Lesson:
    take = tmp_path / "take.mid"
    if request.param.startswith("Schubert"):
        if not VIENNA.is_dir():
            pytest.skip("the reference data are not beside the checkout")
        real = load_take(VIENNA / "midi" / "Schubert_D783_no15_p17.mid")
        notes = real.notes.copy()
        notes["pitch"][SLIP] += 1
        save_take(replace(real, notes=notes), take)
        return Lesson(VIENNA / "musicxml" / "Schubert_D783_no15.musicxml", take, has_wrong_notes=False)
    mistakes = Mistakes(wrong=(9, 20), missed=(14,), stray_after=(25,))
    save_take(human_take(read_score(LIBRARY_PIECE), 11, mistakes), take)
    return Lesson(LIBRARY_PIECE, take, has_wrong_notes=True)


@dataclass
class Studio:
    """Where the program runs: its wires, its home, its journal."""

    environment: Mapping[str, str]
    home: Path

    @property
    def journal(self) -> Path:
        return self.home / "journal.db"

    @contextmanager
    def program(self, *words: str) -> Iterator[subprocess.Popen[str]]:
        """The real program as a process; killed at the end where it still runs."""
        command = [sys.executable, "main.py", *words, "--journal", str(self.journal)]
        with (self.home / "program.txt").open("a") as said:
            process = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **self.environment}, stderr=said, text=True
            )
            try:
                yield process
            finally:
                kill(process)

    @contextmanager
    def pianist(self, take: Path) -> Iterator[subprocess.Popen[str]]:
        """Another process with a MIDI port of its own, which plays when it is told."""
        command = [sys.executable, "tests/wires/play_take.py", str(take), "--on-cue", "--stay", "120", "--wait", "60"]
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **self.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == "ready"
            yield process
        finally:
            kill(process)


def kill(process: subprocess.Popen[str]) -> None:
    """Kill -9."""
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.fixture
def studio(jack_process: Mapping[str, str], x_display: Mapping[str, str], tmp_path: Path) -> Studio:
    home = tmp_path / "home"
    home.mkdir()
    return Studio({**jack_process, **x_display, "DACAPO_HOME": str(home)}, home)


def fingers_in_order(score: Score) -> list[set[int]]:
    """The actuators of each onset: 0–4 left thumb to little finger, 5–9 right."""
    fingered = with_fingers(score).notes
    chords = [fingered[fingered["onset_beat"] == onset] for onset in np.unique(fingered["onset_beat"])]
    return [{int(note["finger"]) - 1 + (0 if note["hand"] == LEFT else 5) for note in chord} for chord in chords]


def in_common(felt: list[int], wanted: list[set[int]]) -> tuple[float, float]:
    """The shares of what was felt and of what was wanted that agree, in order."""
    fingers = [finger for chord in wanted for finger in sorted(chord)]
    common = sum(block.size for block in SequenceMatcher(None, felt, fingers, autojunk=False).get_matching_blocks())
    return common / max(1, len(felt)), common / len(fingers)


def finished(studio: Studio) -> list[TakeEntry]:
    """The finished takes in the journal, oldest first."""
    return Journal.open_to_read(studio.journal).takes()[::-1]


def growing_notes(studio: Studio) -> int:
    """How many notes of unfinished takes are on disk."""
    with sqlite3.connect(f"file:{studio.journal}?mode=ro", uri=True) as database:
        return int(database.execute("SELECT COUNT(*) FROM growing_events WHERE kind = 'on'").fetchone()[0])


def test_the_loop_is_closed_on_real_wires(studio: Studio, lesson: Lesson, tmp_path: Path) -> None:
    person = Person(studio.environment)
    score, take = read_score(lesson.score_path), load_take(lesson.take_path)
    with ExitStack() as stack:
        glove = GlovePort()
        stack.callback(glove.close)
        pianist = stack.enter_context(studio.pianist(lesson.take_path))
        words = ("practise", str(lesson.score_path), "--midi", "Pianist", "--glove", glove.port)
        program = stack.enter_context(studio.program(*words))
        assert pianist.stdin is not None
        assert pianist.stdout is not None

        person.await_title("· Practice ·")
        person.press("space")
        pianist.stdin.write("play\n")
        pianist.stdin.flush()
        wait_until(lambda: growing_notes(studio) > 0.6 * len(take.notes), "most of the take is played", 120)
        colours = person.photograph(tmp_path / "practice.png")
        assert colours[DARK.hit] > LEAST_PIXELS, "no green note on the screen"
        if lesson.has_wrong_notes:
            assert sum(colours[colour] for colour in (DARK.wrong, DARK.extra)) > LEAST_PIXELS, "no fault on the screen"

        assert pianist.stdout.readline().split() == ["played", str(len(take.notes))]
        title = person.await_title("· Report ·")
        person.photograph(tmp_path / "report.png")
        assert (score.title or "Untitled") in title
        made = Journal.open_to_read(studio.journal).exercises
        wait_until(lambda: len(made()) == 1, "an exercise is made", 180)
        assert made()[0].provenance["piece"]["digest"], "the exercise does not say what it was made from"
        person.press("ctrl+Return")
        person.await_title("After ")

        wanted = fingers_in_order(score)
        felt = [motor["actuator"] for motor in glove.motors(sum(map(len, wanted)), seconds=3)]
        right, complete = in_common(felt, wanted)
        assert right > 0.9, f"motors {felt}; fingers {wanted}"
        assert complete > 0.75, f"motors {felt}; fingers {wanted}"

        person.press("space")
        person.press(*KEYS)
        wait_until(lambda: growing_notes(studio) >= len(KEYS) - 1, "the growing take is on disk", 20)
        kill(program)

    (first, *others) = finished(studio)
    assert first.title == score.title
    kept = Journal.open_to_read(studio.journal).take(first.take_id)
    played, heard = Counter(take.notes["pitch"].tolist()), Counter(kept.notes["pitch"].tolist())
    assert ((played - heard) + (heard - played)).total() <= WIRE_LOSS * len(take.notes)
    assert others == []

    with studio.program():
        person.await_title("Library · Dacapo")
        wait_until(lambda: len(finished(studio)) == 2, "the interrupted take is recovered", 30)
    recovered = Journal.open_to_read(studio.journal).take(finished(studio)[-1].take_id)
    assert len(recovered.notes) >= len(KEYS) - 1
