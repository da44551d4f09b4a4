"""How long the piano roll and the bar ruler take to paint a frame: JSON with median, p95 and p99 in milliseconds.

A score of 2,000 notes at 1920 × 1080, in both views, as it is practised (a few bars to be seen, half of them judged,
with ghosts) and zoomed out as far as it goes; and the ruler over long scores, while the cursor moves. Run with
QT_QPA_PLATFORM=offscreen, or under Xvfb.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication

from lessons.score import BAR_DTYPE, NOTE_DTYPE, Score
from ui.practice.roll import ZOOM_RANGE, Roll
from ui.practice.ruler import HEIGHT, BarRuler
from ui.practice.verdict_state import Ghost, VerdictState

NOTES, SIZE, GHOSTS_EVERY = 2000, (1920, 1080), 2
NOTES_A_BAR, LONG, RULER_FRAMES = 32, (50, 400, 1500), 100  # bars


def dense_score(rng: np.random.Generator, count: int = NOTES) -> Score:
    """Sixteenths for two hands over four octaves."""
    notes = np.zeros(count, NOTE_DTYPE)
    notes["onset_beat"] = np.arange(count) // 2 * 0.25
    notes["duration_beat"] = rng.choice([0.25, 0.5, 1.0], count)
    notes["hand"] = np.arange(count) % 2
    notes["pitch"] = np.where(notes["hand"] == 0, rng.integers(36, 60, count), rng.integers(60, 84, count))
    notes["finger"] = rng.integers(1, 6, count)
    bars = int(np.ceil(count / 2 * 0.25 / 4)) + 1
    rows = [(bar + 1, bar + 1, 4.0 * bar, 4.0 * bar + 4) for bar in range(bars)]
    return Score(notes, np.array(rows, BAR_DTYPE))


def judged(score: Score, rng: np.random.Generator) -> VerdictState:
    """The first half of the score played, with a ghost for every other note."""
    state = VerdictState(score)
    half = len(score.notes) // 2
    state.codes[:half] = rng.integers(1, 6, half)
    for row in range(0, half, GHOSTS_EVERY):
        note = score.notes[row]
        onset = float(note["onset_beat"])
        state.ghosts[row] = Ghost(row, onset, int(note["pitch"]), int(state.codes[row]), 0.0, onset + 0.2)
    return state


def paint_ms(roll: Roll, beats: np.ndarray) -> tuple[list[float], list[float]]:
    """Milliseconds of each frame while the roll runs through these positions: by the clock, and of the processor."""
    picture = QImage(*SIZE, QImage.Format.Format_RGB32)
    clock, processor = [], []
    for beat in beats.tolist():
        roll.view_beat = beat
        begun, busy = time.perf_counter(), time.thread_time()
        roll.render(picture)
        clock.append(1000 * (time.perf_counter() - begun))
        processor.append(1000 * (time.thread_time() - busy))
    return clock, processor


def ruler_ms(score: Score) -> tuple[list[float], list[float]]:
    """Milliseconds of each frame of the ruler once the bars were seen, as `paint_ms`."""
    ruler = BarRuler()
    ruler.resize(SIZE[0], HEIGHT)
    ruler.show_score(score)
    picture = QImage(SIZE[0], HEIGHT, QImage.Format.Format_RGB32)
    ruler.render(picture)
    clock, processor = [], []
    for beat in np.linspace(0.0, 8.0, RULER_FRAMES).tolist():
        begun, busy = time.perf_counter(), time.thread_time()
        ruler.show_place(beat, (beat, beat + 16.0))
        ruler.render(picture)
        clock.append(1000 * (time.perf_counter() - begun))
        processor.append(1000 * (time.thread_time() - busy))
    return clock, processor


def figures(clock: list[float], processor: list[float]) -> dict[str, float]:
    """Median, p95 and p99; where the processor's time is much less than the clock's, the machine was busy elsewhere."""
    median, p95, p99 = np.percentile(clock, (50, 95, 99)).round(2).tolist()
    busy, busy99 = np.percentile(processor, (50, 99)).round(2).tolist()
    return {"median_ms": median, "p95_ms": p95, "p99_ms": p99, "cpu_median_ms": busy, "cpu_p99_ms": busy99}


def main() -> int:
    """Measure."""
    parser = argparse.ArgumentParser(description="Measure the piano roll.")
    parser.add_argument("--frames", type=int, default=600)
    arguments = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication([])
    rng = np.random.default_rng(1)
    score = dense_score(rng)
    roll = Roll()
    roll.resize(*SIZE)
    roll.show_score(score, judged(score, rng))
    said = {
        "notes": len(score.notes),
        "size": SIZE,
        "platform": QGuiApplication.platformName(),
        "frames": arguments.frames,
    }
    middle = (score.end_beat - score.start_beat) / 2
    for view, falling in (("falling", True), ("sideways", False)):
        roll.turn(falling)
        for zoom, pixels in (("practice", 64.0), ("zoomed_out", ZOOM_RANGE[0])):
            roll.pixels_per_beat = pixels
            paint_ms(roll, np.full(20, middle))
            beats = middle + np.linspace(-12, 12, arguments.frames)
            seen = roll.visible_beats()
            shown = int(np.sum((score.notes["onset_beat"] >= seen[0]) & (score.notes["onset_beat"] <= seen[1])))
            said[f"{view}_{zoom}"] = figures(*paint_ms(roll, beats)) | {"notes_seen": shown}
    for bars in LONG:
        said[f"ruler_{bars}_bars"] = figures(*ruler_ms(dense_score(rng, bars * NOTES_A_BAR)))
    print(json.dumps(said, indent=1))
    application.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
