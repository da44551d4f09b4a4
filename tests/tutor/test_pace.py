"""The pace that a leading learner keeps, and an accompaniment that keeps it too."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.library import shelf
from tutor.events import Inbox, NoteOn, Request
from tutor.follow import Follower
from tutor.pace import Pace
from tutor.practice import Hands, Mode, PracticeSettings
from tutor.session import Session


def struck(pace: Pace, intervals_sec: list[float], ratio: float, start: tuple[float, float] = (10.0, 0.0)) -> float:
    clock, progress = start
    for interval in [0.0, *intervals_sec]:
        clock, progress = clock + interval, progress + interval * ratio
        pace.strike(clock, progress)
    return pace.ratio


@pytest.mark.parametrize("ratio", [0.5, 0.8, 1.3])
def test_the_pace_is_found_within_four_onsets(ratio: float) -> None:
    assert struck(Pace(1.0), [0.5] * 4, ratio) == pytest.approx(ratio, rel=0.05)


def test_it_is_told_by_the_tempo_and_not_by_small_errors() -> None:
    rng, pace, paces = np.random.default_rng(3), Pace(1.0), []
    for onset in range(60):
        paces.append(pace.strike(onset * 0.5 / 0.7 + rng.normal(0, 0.02), onset * 0.5))
    assert np.abs(np.array(paces[8:]) - 0.7).max() < 0.05


def test_a_pause_and_a_jump_say_nothing_of_the_tempo() -> None:
    pace = Pace(1.0)
    struck(pace, [0.5] * 6, 0.8)
    pace.strike(16.0, 0.8 * 3.0 + 0.4)  # three seconds late
    assert pace.ratio == pytest.approx(0.8, rel=0.02)
    pace.strike(16.5, 20.0)
    assert pace.ratio == pytest.approx(0.8, rel=0.02)
    pace.strike(17.0, 2.0)
    assert pace.ratio == pytest.approx(0.8, rel=0.02)


def test_the_notes_of_a_chord_are_one_onset() -> None:
    pace = Pace(1.0)
    for onset in range(6):
        for late in (0.0, 0.03, 0.05):
            pace.strike(onset * 0.5 + late, onset * 0.5)
    assert pace.ratio == pytest.approx(1.0, abs=0.01)


class TimedSynth:
    """Writes down when it is asked to sound what."""

    def __init__(self, clock: list[float]):
        self.clock, self.struck = clock, list[tuple[float, int]]()

    def note_on(self, pitch: int, velocity: int, channel: int = 0) -> None:
        self.struck.append((self.clock[0], pitch))

    def note_off(self, pitch: int, channel: int = 0) -> None:
        pass

    def click(self, accent: bool) -> None:
        pass

    def silence(self) -> None:
        pass

    def close(self) -> None:
        pass


@pytest.mark.parametrize("ratio", [0.6, 1.25])
def test_what_lies_between_the_learners_notes_comes_at_the_learners_pace(ratio: float) -> None:
    score = shelf.load("schumann-melody")
    mine = score.notes[score.notes["hand"] == Hands.RIGHT.code]
    onsets = np.unique(mine["onset_beat"])
    times = 100.5 + (score.tempo.seconds_at(onsets) - float(score.tempo.seconds_at(onsets[0]))) / ratio
    clock, inbox = [100.0], Inbox()
    synth = TimedSynth(clock)
    settings = PracticeSettings(mode=Mode.FOLLOW, hands=Hands.RIGHT, accompany=True, count_in_bars=0)
    follower = Follower(score, hands=Hands.RIGHT.code, start_beat=settings.span(score)[0])
    session = Session(score, follower, inbox, [], settings, synth=synth, clock=lambda: clock[0])
    session._begin()
    due = [
        (float(time), int(note["pitch"]))
        for time, onset in zip(times, onsets, strict=True)
        for note in mine[mine["onset_beat"] == onset]
    ]
    while clock[0] < times[-1]:
        clock[0] += 0.01
        while due and due[0][0] <= clock[0]:
            inbox.put(NoteOn(*due.pop(0), 70))
            session._live_on()
        inbox.put(Request(clock[0]))
        session._live_on()
    late = between(score, onsets, times, synth)
    assert len(late) > 50
    assert np.percentile(np.abs(late), 90) < 0.06


def between(score, onsets, times, synth: TimedSynth) -> np.ndarray:
    """How late each note of the left hand came that the right hand does not strike with, from the third bar on."""
    others = score.notes[(score.notes["hand"] != Hands.RIGHT.code) & (score.notes["onset_beat"] > 8)]
    found = []
    for onset, pitch in zip(others["onset_beat"].tolist(), others["pitch"].tolist(), strict=True):
        if onset < onsets[-1] and np.abs(onsets - onset).min() > 1e-6:
            ideal = float(np.interp(onset, onsets, times))
            found.append(min((at - ideal for at, key in synth.struck if key == pitch), key=abs))
    return np.array(found)
