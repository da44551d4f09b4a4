"""Make the screenshots of the documentation: every page, with a seeded take in which things go wrong.

``python -m tests.screenshots [OUT]`` under a screen (Xvfb will do) or with QT_QPA_PLATFORM=offscreen. The same program
makes the same pictures; only fonts of the machine differ.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lessons.analogy import Feature
from lessons.bar_names import bars_in_words
from lessons.library.shelf import Piece
from lessons.note_names import Naming
from lessons.score import Score
from main import build_parts
from tutor.clock import stamp
from tutor.commands.parts import Check, MakeListener, Parts
from tutor.events import NoteOff, NoteOn
from tutor.follow import Follower
from tutor.glove.state import GloveState
from tutor.headway import Better, Headway
from tutor.journal.journal import Journal
from tutor.listen.level import LevelMeter
from tutor.performance import PLAYED_DTYPE, Performance
from tutor.practice import Hands, Mode, PracticeSettings
from tutor.shares import KnownShares
from tutor.sinks import FinishedTake
from tutor.transport import Transport
from ui.compose.sketch_card import TEMPO
from ui.rooms import DuePassage

PIECE, DONOR = "petzold-minuet-g", "minuet-c-minor"
DUE = ((PIECE, (5, 8), Hands.RIGHT), ("scarborough-fair", None, Hands.BOTH))
KNOWN = KnownShares({"Hot Cross Buns": 1.0, "Ode to Joy": 0.94, "Scarborough Fair": 0.61, "Minuet in G": 0.35})
BETTER = (Better("Ode to Joy", 0.82, 0.94), Better("Scarborough Fair", 0.7, 0.83))
HEADWAY = Headway(74.0, 4, ("Hot Cross Buns",), BETTER, 9, clean=0.64)
MOTIF = (
    (-1, 62, 0.9),
    (0, 67, 0.9),
    (1, 67, 0.4),
    (1.5, 69, 0.4),
    (2, 71, 0.9),
    (3, 67, 0.9),
    (4, 72, 0.9),
    (5, 71, 0.9),
    (6, 69, 1),
)
DUE_DAY = date(2099, 12, 5)
SIZES = {"720p": (1280, 720), "1080p": (1920, 1080)}
SEED = 7
RATE, HEARD_LONG_SEC = 16000, 1.3
WRONG_SHARE, MISSED_SHARE, EXTRA_SHARE, LATE_SHARE = 0.14, 0.1, 0.06, 0.16
HARD_BARS = frozenset({5, 6, 7, 8, 21, 22, 37, 38, 45})
JITTER_SEC, LATE_SEC = 0.018, 0.13
SMALLEST = 0  # what Qt calls the quality of a PNG is how little it is packed
CHECKS = (
    Check("MIDI inputs", True, "Digital Piano", found=("Digital Piano",)),
    Check("Sound", True, "48 kHz, 11 ms"),
    Check("Microphone", True, "Microphone"),
    Check("MIDI outputs", False, "this computer has none", "sudo modprobe snd-seq"),
    Check("Soundfont", False, "TimGM6mb.sf2 is not there", "pip install pretty_midi"),
)


class SingingMicrophone:
    """A microphone that hears a seeded voice sing a scale, up to now."""

    name = "Microphone"

    def __init__(self, make_listener: MakeListener):
        tones = [self._tone(pitch, seed) for seed, pitch in enumerate((60, 62, 64, 65, 67, 65, 64))]
        sound = np.concatenate(tones)
        listener, meter = make_listener(RATE, stamp() - len(sound) / RATE + HEARD_LONG_SEC), LevelMeter(RATE)
        for begin in range(0, len(sound), 512):
            listener.feed(sound[begin : begin + 512])
            self.level = meter.feed(sound[begin : begin + 512])

    def _tone(self, pitch: float, seed: int) -> NDArray[np.float32]:
        rng = np.random.default_rng(seed)
        time_sec = np.arange(round(0.7 * RATE)) / RATE
        sung = pitch + rng.normal(0, 0.12) + 0.15 * np.sin(2 * np.pi * 5.5 * time_sec)
        phase = 2 * np.pi * np.cumsum(440 * 2 ** ((sung - 69) / 12)) / RATE
        wave = sum(np.sin(part * phase) / part for part in (1, 2, 3, 4)) * np.sin(np.pi * time_sec / 0.7) ** 0.3
        hushed = np.concatenate([np.zeros(round(0.12 * RATE)), 0.12 * wave])
        return (hushed + rng.normal(0, 0.001, len(hushed))).astype(np.float32)

    def close(self) -> None:
        """Nothing to close."""


class StillGlove:
    """A glove that lies on the table, with two motors running."""

    state = GloveState(
        name="Glove",
        connected=True,
        armed=True,
        actuators=10,
        actuator_class="LRA",
        firmware="1.0.0",
        rtt_ms=1.4,
        battery=82,
        outputs=1 << 4 | 1 << 6,
    )

    def use(self, _settings: object) -> None:
        """Lie still."""

    def arm(self) -> None:
        """Lie still."""

    def cue(self, *_said: object) -> None:
        """Lie still."""

    def rhythm(self, *_said: object) -> None:
        """Lie still."""

    def cancel(self, _from_sec: float) -> None:
        """Lie still."""

    def stop(self) -> None:
        """Lie still."""

    def close(self) -> None:
        """Lie still."""


class StillInput:
    """A keyboard that nobody plays."""

    name = "Digital Piano"

    def close(self) -> None:
        """Nothing to close."""


def still_parts() -> Parts:
    """The program's parts with a keyboard and a loudspeaker that are there on every machine."""
    from tutor.synth import SilentSynth

    return replace(
        build_parts(),
        midi_input_names=lambda: ["Digital Piano"],
        open_midi=lambda _name, _inbox: StillInput(),
        serial_names=lambda: ["/dev/ttyUSB0"],
        open_speaker=SilentSynth,
        device_checks=lambda: CHECKS,
        microphone_names=lambda: ["Microphone"],
        open_microphone=lambda _wanted, make_listener, _inbox: SingingMicrophone(make_listener),
    )


def due_of(pieces: Sequence[Piece]) -> list[DuePassage]:
    """Two passages that come back today."""
    named = {piece.slug: piece for piece in pieces}
    return [_due(named[slug], bars, hands) for slug, bars, hands in DUE if slug in named]


def _due(piece: Piece, bars: tuple[int, int] | None, hands: Hands) -> DuePassage:
    return DuePassage(piece, bars, hands, bars_in_words(piece.score(), *bars) if bars else "")


def seeded_take(score: Score, until_beat: float, seed: int = SEED) -> Performance:
    """A learner's take up to a place: mostly right, some wrong, missed, extra and late."""
    rng = np.random.default_rng(seed)
    rows = []
    start = float(score.tempo.seconds_at(score.start_beat))
    for note in score.notes[score.notes["onset_beat"] <= until_beat]:
        draw = rng.random() if int(score.bar_numbers_at(float(note["onset_beat"]))) in HARD_BARS else 1.0
        onset = float(score.tempo.seconds_at(note["onset_beat"])) - start + rng.normal(0, JITTER_SEC) + 0.5
        end = float(score.tempo.seconds_at(note["onset_beat"] + 0.9 * note["duration_beat"])) - start + 0.5
        if draw < MISSED_SHARE:
            continue
        pitch = int(note["pitch"])
        if draw < MISSED_SHARE + WRONG_SHARE:
            pitch += int(rng.choice([-2, -1, 1, 2]))
        elif draw < MISSED_SHARE + WRONG_SHARE + LATE_SHARE:
            onset += LATE_SEC
        elif draw < MISSED_SHARE + WRONG_SHARE + LATE_SHARE + EXTRA_SHARE:
            rows.append((onset + 0.12, 0.1, pitch + 3, 50))
        rows.append((onset, max(0.08, end - onset), pitch, 64))
    return Performance(np.array(rows, PLAYED_DTYPE))


class Studio:
    """The window with a piece on the stand, and a camera."""

    def __init__(self, out: Path, dark: bool, home: Path):
        from PySide6.QtWidgets import QApplication

        from ui.furnishing import furnish
        from ui.stylesheet import wear
        from ui.window import MainWindow

        self.application = QApplication.instance() or QApplication([])
        wear(dark)
        rooms = furnish(still_parts(), home / "journal.db")
        rooms = replace(rooms, open_glove=lambda *_: StillGlove(), due=due_of)
        rooms = replace(rooms, known_shares=lambda: KNOWN, headway=lambda: HEADWAY)
        self.window = MainWindow(rooms)
        self.out = out
        self.window.show()
        self.window.begin(glove="/dev/ttyUSB0")
        self.wait(lambda: bool(self.window.library.shelf) and self.window.house.lesson.ports.synth is not None)

    def wait(self, ready: Callable[[], bool], least_sec: float = 0.3, most_sec: float = 60.0) -> None:
        """Let the window live until something is ready."""
        begun = time.monotonic()
        while time.monotonic() - begun < least_sec or not ready():
            if time.monotonic() - begun > most_sec:
                raise TimeoutError("the window is not ready for its picture")
            self.application.processEvents()
            time.sleep(0.005)

    def shoot(self, name: str, width: int, height: int) -> None:
        """Take a picture of the whole window at a size."""
        self.window.resize(width, height)
        self.wait(lambda: self.window.tasks.idle, least_sec=1.0)  # notation is engraved anew for its width
        path = self.out / f"{name}.png"
        self.window.grab().save(str(path), "PNG", SMALLEST)
        print(path.name, path.stat().st_size // 1024, "KB")

    def open_piece(self) -> Score:
        """Look at the piece and put it on the stand."""
        self.window.library.choose(PIECE)
        self.window.house.stand.practise_current()
        self.wait(lambda: self.window.house.lesson.score is not None)
        score = self.window.house.lesson.score
        assert score is not None
        return score

    def play_until(self, score: Score, beat: float) -> None:
        """Show the take as it stands at a place, as if it were being played."""
        lesson = self.window.house.lesson
        assert lesson.verdicts is not None
        follower = Follower(score, start_beat=score.start_beat)
        beats_per_sec = score.tempo.bpm_at(0.0) / 60.0
        for event in seeded_take(score, beat).events():
            judgements = follower.step(event) if type(event).__name__ == "NoteOn" else ()
            lesson.verdicts.heard(event, judgements, beats_per_sec)
        lesson.verdicts.next_rows = follower.next_rows()
        lesson.settings_of_take = lesson.settings
        standing = Transport.at(score.tempo, beat, stamp())
        lesson.transport = standing.waiting(standing.anchor_progress)
        lesson.standing_beat, lesson.phase = beat, "running"
        lesson.state_changed.emit()

    def rest(self) -> None:
        """End the picture's take."""
        self.window.house.lesson.phase = "ready"
        self.window.house.lesson.state_changed.emit()

    def compose(self) -> None:
        """Ask the composer for three pieces with the rhythm of another, and once more with another seed."""
        page = self.window.house.compose
        page.question.choose_piece(PIECE)
        self.wait(lambda: self.window.tasks.idle)
        page.question.choose_donor(Feature.RHYTHM, DONOR)
        for seed in (0, SEED):
            page.question.choose_seed(seed)
            page.question.ask.click()
            self.wait(lambda: self.window.tasks.idle, least_sec=1.0)

    def sketch(self) -> None:
        """Play a motif of two bars and a pickup, and let it grow."""
        page, put = self.window.house.compose, self.window.house.lesson.inbox.put
        page.song.own.click()
        page.sketch.toggle()
        downbeat = page.sketch.sketching.downbeat_sec
        for beat, pitch, length in MOTIF:
            put(NoteOn(downbeat + beat * 60 / TEMPO, pitch))
            put(NoteOff(downbeat + (beat + length) * 60 / TEMPO, pitch))
        self.wait(lambda: True, least_sec=1.0)
        page.sketch.toggle()
        self.wait(lambda: self.window.tasks.idle, least_sec=1.0)
        page.song.make.click()
        self.wait(lambda: self.window.tasks.idle, least_sec=1.0)

    def report(self, score: Score) -> None:
        """Judge the whole take and wait for the exercise."""
        settings = PracticeSettings(mode=Mode.FOLLOW)
        take = FinishedTake(seeded_take(score, score.end_beat), settings, score)
        self.window.house.lesson.take_finished.emit(take)
        self.wait(lambda: self.window.tasks.idle and not self.window.notice.isVisible(), least_sec=1.5)

    def assign(self, score: Score, home: Path) -> None:
        """Open an assignment of which one task is done, one begun and one untouched, and make another."""
        from lessons.assignment import Assignment, task_of, write_assignment

        self.rest()
        tasks = (
            task_of(score, bars=(1, 4), hands="right", tempo=0.8),
            task_of(score, bars=(5, 8), hands="left", tempo=0.8),
            task_of(score, tempo=0.9, passes=1),
        )
        assignment = Assignment("Week 5", tasks, "Slowly first, and listen to the left hand.", DUE_DAY)
        write_assignment(assignment, home / "week5.dacapo")
        rooms, journal = self.window.rooms, Journal.open(home / "journal.db")
        for bars, hands, times in (((1, 4), Hands.RIGHT, 3), ((5, 8), Hands.LEFT, 1)):
            for take in range(times):
                settings = PracticeSettings(bars=bars, hands=hands, tempo_ratio=0.8, loop=True)
                performance = passage_take(score, settings, seed=take + 1)
                take_log = journal.begin_take(score.digest, score.title, settings.as_json())
                take_log.finish(performance)
                rooms.report(FinishedTake(performance, settings, score, take_id=take_log.take_id), Naming.NONE)
        journal.close()
        for name in ("Ann", "Ben"):
            rooms.assigned.hand_in(assignment, name, home / f"{name}.dacapo-result")
        self.window.house.stand.open_file(home / "week5.dacapo")
        self.wait(lambda: self.window.tasks.idle and bool(self.window.house.assignments.to_do.cards), least_sec=1.0)
        self.window.notice.hide()


def passage_take(score: Score, settings: PracticeSettings, seed: int) -> Performance:
    """The passage as it is asked for; the left hand's with a wrong note."""
    rng = np.random.default_rng(seed)
    start, end = settings.span(score)
    rows = []
    for row in score.rows_of(settings.hands.played(), (start, end)):
        note = score.notes[row]
        onset = float(score.tempo.seconds_at(note["onset_beat"] - start)) / settings.tempo_ratio
        rows.append((0.5 + onset + rng.normal(0, JITTER_SEC), 0.3, int(note["pitch"]), 64))
    performance = Performance(np.array(rows, PLAYED_DTYPE))
    if settings.hands is Hands.LEFT or seed == 1:
        notes = performance.notes.copy()
        notes["pitch"][3:5] += 1
        performance = Performance(notes)
    return performance


def shoot_all(out: Path, dark: bool, sizes: dict[str, tuple[int, int]], home: Path, prefix: str = "") -> None:
    """All pages at all sizes."""
    studio = Studio(out, dark, home)
    window = studio.window
    studio.window.library.choose(PIECE)
    studio.wait(lambda: window.tasks.idle, least_sec=1.0)
    for size, (width, height) in sizes.items():
        studio.shoot(f"{prefix}library-{size}", width, height)
    score = studio.open_piece()
    studio.play_until(score, 23.5)
    for view in ("falling", "sideways", "notation"):
        for size, (width, height) in sizes.items():
            studio.shoot(f"{prefix}practice-{view}-{size}", width, height)
        window.house.practice.turn_view()
        studio.wait(lambda: window.tasks.idle, least_sec=1.0)
    studio.rest()
    studio.compose()
    studio.report(score)
    for page in ("report", "compose", "glove", "microphone", "devices"):
        window.show_page(page)
        if page == "microphone":
            window.house.microphone.listen.click()
        studio.wait(lambda: window.tasks.idle, least_sec=1.0)
        window.house.microphone._timer.stop()  # what was heard a moment ago stays for all sizes
        for size, (width, height) in sizes.items():
            studio.shoot(f"{prefix}{page}-{size}", width, height)
    window.show_page("compose")
    studio.sketch()
    for size, (width, height) in sizes.items():
        studio.shoot(f"{prefix}compose-motif-{size}", width, height)
    studio.assign(score, home)
    for size, (width, height) in sizes.items():
        studio.shoot(f"{prefix}assignments-{size}", width, height)
    window.close()
    window.deleteLater()


def main() -> int:
    """Make them."""
    parser = argparse.ArgumentParser(description="Make the screenshots of the documentation.")
    parser.add_argument("out", nargs="?", type=Path, default=Path("docs/screenshots"))
    parser.add_argument("--light", action="store_true", help="in the light theme")
    parser.add_argument("--size", choices=sorted(SIZES), help="only this size")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    sizes = {arguments.size: SIZES[arguments.size]} if arguments.size else SIZES
    with tempfile.TemporaryDirectory() as home:
        os.environ["DACAPO_HOME"] = home
        shoot_all(arguments.out, not arguments.light, sizes, Path(home), "light-" if arguments.light else "")
    return 0


if __name__ == "__main__":
    sys.exit(main())
