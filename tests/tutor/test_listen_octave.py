"""A line that is written in another octave than it sounds is heard in that of the score."""

from collections.abc import Mapping

import numpy as np
import pytest
from listen_scores import scale_score
from numpy.typing import NDArray

from tutor.assess import assess
from tutor.events import NoteOn
from tutor.follow import Follower
from tutor.listen.expecting import Expecting
from tutor.listen.listener import Hearing
from tutor.listen.octave import Octave
from tutor.performance import Performance, TakeRecorder
from tutor.take_time import TakeTime

RATE = 44100
SCALE = (60, 62, 64, 65, 67, 69, 71, 72)


def tones(pitches: tuple[int, ...], seconds: float = 0.5, low_sec: float = 0.0) -> NDArray[np.float32]:
    """A note for each pitch, which begins an octave low for a moment."""
    times = np.arange(round(seconds * RATE)) / RATE
    shape = np.minimum(1, np.minimum(times / 0.01, (seconds - times) / 0.03))
    passed = np.cumsum(np.where(times < low_sec, 0.5, 1.0)) / RATE
    turns = [2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * passed for pitch in pitches]
    notes = [0.15 * shape * sum(np.sin(k * turn) / k for k in range(1, 6)) for turn in turns]
    return np.concatenate([np.zeros(RATE // 5), *notes, np.zeros(RATE // 4)]).astype(np.float32)


class Lesson:
    """A line that is followed note by note, as in a session; what was told at once, and with hindsight."""

    def __init__(self, instrument: str, away: int, slips: Mapping[int, int] | None = None, low_sec: float = 0.0):
        score = scale_score(left=False)
        self.hearing, self.notices, told = Hearing(instrument), list[str](), TakeRecorder(0.0)
        expecting = Expecting(score, self.hearing, 0.0, notice=self.notices.append)
        pitches = tuple(pitch + away + (slips or {}).get(place, 0) for place, pitch in enumerate(SCALE))
        follower, line, sound = Follower(score), self.hearing.listen(RATE, 0.0), tones(pitches, low_sec=low_sec)
        expecting.begun(0.0)
        expecting.ticked(0.0)
        self.verdicts: list[str] = []
        for start in range(0, len(sound), 512):
            for event in line.feed(sound[start : start + 512]):
                told.add(event)
                if isinstance(event, NoteOn):
                    judgements = follower.step(event)
                    self.verdicts.append(judgements[0].verdict)
                    expecting.heard(event, judgements)
        line.finish()
        self.told: Performance = told.performance()
        self.judged = assess(score, expecting.hindsight(self.told, TakeTime(0.0))).summary()


def test_a_line_whose_tones_begin_an_octave_low_stays_where_it_is_written() -> None:
    lesson = Lesson("cello", 0, low_sec=0.1)
    assert lesson.verdicts == ["hit"] * len(SCALE)
    assert lesson.notices == []
    assert lesson.judged["hit"] == len(SCALE)


@pytest.mark.parametrize(
    ("instrument", "away"),
    [("guitar", -12), ("guitar", 0), ("recorder", 12), ("recorder", 0), ("flute", 12), ("voice", -12), ("flute", 24)],
)
def test_a_line_an_octave_off_is_right_live_and_with_hindsight(instrument: str, away: int) -> None:
    lesson = Lesson(instrument, away)
    assert lesson.verdicts[2:] == ["hit"] * 6
    assert lesson.judged["f1"] == 1.0
    assert lesson.hearing.octave.semitones == -away


@pytest.mark.parametrize(("instrument", "away"), [("flute", 0), ("violin", 0), ("guitar", -12), ("voice", -12)])
def test_one_note_an_octave_too_high_is_wrong_live_and_with_hindsight(instrument: str, away: int) -> None:
    lesson = Lesson(instrument, away, slips={5: 12})
    assert lesson.told.notes["pitch"].tolist()[-3:] == [81, 71, 72]
    assert lesson.verdicts[-3:] == ["wrong", "hit", "hit"]
    assert (lesson.judged["hit"], lesson.judged["missed"] + lesson.judged["wrong"]) == (7, 1)


def test_where_it_was_heard_is_told_when_the_playing_is_over() -> None:
    assert Lesson("voice", -12).notices == ["Heard an octave lower than written."]
    assert Lesson("voice", 0).notices == []


def heard(octave: Octave, pitches: tuple[int, ...], expected: tuple[int, ...], start: float = 0.0) -> int:
    for place, (pitch, due) in enumerate(zip(pitches, expected, strict=True)):
        octave.hear(pitch, {due}, start + place)
    return octave.semitones


def test_a_few_notes_in_another_octave_move_nobody_who_was_right_until_then() -> None:
    octave = Octave()
    assert heard(octave, (60, 62, 64, 77, 79, 81, 71), SCALE[:7]) == 0


def test_two_slips_among_wrong_notes_move_nobody_and_nothing_that_was_right_before() -> None:
    octave = Octave()
    heard(octave, SCALE, SCALE)
    assert heard(octave, (40, 41, 72, 74, 43), SCALE[:2] + SCALE[:2] + SCALE[:1], start=10.0) == 0
    assert heard(octave, (72, 74, 76, 77), SCALE[:4], start=20.0) == -12
    assert [octave.at(stamp) for stamp in (-1.0, 7.0, 23.0)] == [0, 0, -12]


def test_who_changes_the_octave_for_good_is_followed_there() -> None:
    octave = Octave()
    heard(octave, SCALE, SCALE)
    low = tuple(pitch - 12 for pitch in SCALE)
    assert heard(octave, low, SCALE, start=10.0) == 12


def test_what_came_before_the_octave_was_known_is_put_right_afterwards() -> None:
    octave = Octave()
    heard(octave, (48, 50, 52), (60, 62, 64), start=5.0)
    assert (octave.at(0.0), octave.was_known(5.0), octave.was_known(7.0)) == (12, False, True)


def test_a_slip_of_the_ear_at_an_onset_does_not_speak_for_its_octave() -> None:
    octave = Octave()
    for place, pitch in enumerate((72, 74)):
        octave.hear(pitch - 12, {pitch - 12}, place)
        octave.hear(pitch, {pitch - 12}, place + 0.02)
    assert octave.semitones == -12
