"""A take by microphone is judged by the second look, and its intonation is told."""

import math
import threading
from collections.abc import Iterable

import numpy as np
import pytest
from listen_scores import scale_score
from numpy.typing import NDArray

from lessons.note_names import Naming
from lessons.score import LEFT
from tutor.assess import assess
from tutor.events import NoteOn
from tutor.listen.doubts import believed
from tutor.listen.due import DueNote, DueNotes
from tutor.listen.expecting import Expecting
from tutor.listen.hindsight import corrected
from tutor.listen.instruments import INSTRUMENTS
from tutor.listen.intonation import Intonation
from tutor.listen.listener import Hearing
from tutor.listen.melody import MelodyListener
from tutor.listen.one_line import OneLine
from tutor.listen.second_look import SecondLook
from tutor.performance import PLAYED_DTYPE, Performance, TakeRecorder
from tutor.practice import Hands, PracticeSettings
from tutor.take_time import TakeTime
from tutor.transport import Transport

RATE = 44100
SCALE = (60, 62, 64, 65, 67, 69, 71, 72)


def at_any_time(pitches: Iterable[int]) -> DueNotes:
    return dict.fromkeys(pitches, (DueNote(-math.inf, math.nan),))


def line(pitches: tuple[float, ...], seconds: float = 0.4, a4: float = 440.0) -> NDArray[np.float32]:
    times = np.arange(round(seconds * RATE)) / RATE
    shape = np.minimum(1, np.minimum(times / 0.01, (seconds - times) / 0.03))
    notes = []
    for pitch in pitches:
        phase = 2 * np.pi * a4 * 2 ** ((pitch - 69) / 12) * times
        notes.append(0.15 * shape * sum(np.sin(k * phase) / k for k in range(1, 6)))
    return np.concatenate([np.zeros(RATE // 5), *notes, np.zeros(RATE // 4)]).astype(np.float32)


def played(listener: OneLine, sound: NDArray[np.float32]) -> Performance:
    events = [event for start in range(0, len(sound), 512) for event in listener.feed(sound[start : start + 512])]
    return TakeRecorder(100.0).extend(events).performance()


def test_a_note_that_was_not_told_at_once_is_in_the_corrected_take() -> None:
    listener = OneLine(RATE, "flute", start_sec=100.0)
    told = played(listener, line(SCALE))
    listener.finish()
    short = Performance(np.delete(told.notes, 3))
    better, _ = corrected([listener], short, TakeTime(100.0), scale_score())
    assert better.notes["pitch"].tolist() == list(SCALE)
    np.testing.assert_allclose(better.notes["onset_sec"], 0.2 + 0.4 * np.arange(8), atol=0.03)


@pytest.mark.parametrize(("there", "kept"), [(None, SCALE[3]), (61, 61)])
def test_a_right_note_that_was_told_at_once_stays_where_the_second_look_heard_nothing(
    there: int | None, kept: int
) -> None:
    listener, sound = OneLine(RATE, "flute", start_sec=100.0), line((*SCALE[:3], there or 60, *SCALE[4:]))
    if there is None:
        sound[round(1.4 * RATE) : round(1.8 * RATE)] = 0
    told = played(listener, sound)
    listener.finish()
    others = told.notes[np.abs(told.notes["onset_sec"] - 1.4) > 0.2]
    right = np.array([(1.4, 0.3, SCALE[3], 70)], PLAYED_DTYPE)
    at_once = Performance(np.concatenate([others[:3], right, others[3:]]))
    better, intonation = corrected([listener], at_once, TakeTime(100.0), scale_score(left=False))
    assert better.notes["pitch"].tolist() == [*SCALE[:3], kept, *SCALE[4:]]
    assert intonation is not None
    assert len(intonation.cents) == len(better.notes)


def test_what_is_heard_in_a_pause_is_none_of_the_take_and_what_comes_after_it_follows_on() -> None:
    listener = OneLine(RATE, "flute", start_sec=100.0)
    told = played(listener, line(SCALE))
    listener.finish()
    paused = TakeTime(100.0).paused(101.35).going_on(102.15)  # for the fourth and the fifth note
    before, after = told.notes[:3], told.notes[5:].copy()
    after["onset_sec"] -= 0.8
    better, _ = corrected([listener], Performance(np.concatenate([before, after])), paused, scale_score())
    assert better.notes["pitch"].tolist() == [*SCALE[:3], *SCALE[5:]]
    np.testing.assert_allclose(better.notes["onset_sec"], 0.2 + 0.4 * np.arange(6), atol=0.03)


def test_notes_before_the_take_and_after_it_are_none_of_it() -> None:
    listener = OneLine(RATE, "flute", start_sec=98.8)  # three notes before the take began
    told = played(listener, line(SCALE))
    listener.finish()
    inside = told.notes[(told.notes["onset_sec"] >= 0.1) & (told.notes["onset_sec"] < 1.3)]
    assert corrected([listener], Performance(inside), TakeTime(100.0), scale_score())[0].notes["pitch"].tolist() == [
        65,
        67,
        69,
        71,
    ]


def test_an_octave_that_was_put_right_by_the_score_stays_right() -> None:
    listener = OneLine(RATE, "flute", start_sec=100.0)
    listener.expect(at_any_time({72}))
    told = played(listener, line((84, 84, 84)))
    listener.finish()
    assert told.notes["pitch"].tolist() == [72, 72, 72]
    assert corrected([listener], told, TakeTime(100.0), scale_score())[0].notes["pitch"].tolist() == [72, 72, 72]


def test_a_second_look_that_heard_too_little_changes_nothing() -> None:
    listener = OneLine(RATE, "flute", start_sec=100.0)
    listener.finish()
    told = Performance(np.array([(0.1, 0.2, 60, 64), (0.4, 0.2, 62, 64)], PLAYED_DTYPE))
    assert corrected([listener], told, TakeTime(100.0), scale_score()) == (told, None)


def test_another_thread_may_ask_while_the_microphone_goes_on() -> None:
    listener, answers = OneLine(RATE, "flute"), []
    listener.feed(line(SCALE))
    asking = threading.Thread(target=lambda: answers.append(listener.hindsight(10.0)))
    asking.start()
    while asking.is_alive():
        listener.feed(np.zeros(512, np.float32))
    assert [note.pitch for note in answers[0]] == list(SCALE)


def test_a_flat_flute_is_in_tune_with_itself_and_one_flat_note_is_named() -> None:
    listener = OneLine(RATE, "flute", start_sec=100.0)
    told = played(listener, line((60, 62, 63.62, 65, 67, 69, 71, 72), a4=434.0))
    listener.finish()
    better, intonation = corrected([listener], told, TakeTime(100.0), scale_score())
    assert intonation is not None
    assessment = assess(scale_score(left=False), better).as_json()
    assert intonation.tuning_hertz == pytest.approx(434, abs=1.5)
    words = intonation.in_words(assessment)
    assert words.startswith("Intonation: A = 43")
    assert "E4 most of all: 3" in words
    assert "in tune" in words
    said = intonation.as_json(assessment)
    assert next(note["cents"] for note in said["notes"] if note["pitch"] == 64) == pytest.approx(-38, abs=8)


def test_too_few_right_notes_have_no_intonation() -> None:
    assert Intonation(440.0, (5.0,)).in_words({"notes": [{"verdict": "missed", "played": None}]}) == ""


@pytest.mark.parametrize("name", ["clarinet in B flat", "alto saxophone", "horn in F"])
def test_a_transposing_instrument_is_heard_as_its_part_is_written(name: str) -> None:
    above = INSTRUMENTS[name].written_above
    sounding = tuple(pitch - above for pitch in SCALE)
    live, look = MelodyListener(RATE, name), SecondLook(RATE, name)
    live.expect(at_any_time(SCALE))
    on = [event.pitch for event in live.feed(line(sounding)) if isinstance(event, NoteOn)]
    look.feed(line(sounding))
    assert on == list(SCALE)
    assert [note.pitch for note in look.finish()] == list(SCALE)


def test_the_programs_own_sound_is_passed_over_unless_the_score_has_it_for_the_player() -> None:
    for expected, heard in (((), [62]), ((60,), [60, 62])):
        listener = MelodyListener(RATE, "flute")
        listener.expect(at_any_time(expected))
        listener.discount({60})
        assert [e.pitch for e in listener.feed(line((60, 62))) if isinstance(e, NoteOn)] == heard


def test_a_long_note_of_ours_is_passed_over_to_its_end() -> None:
    listener, sound = MelodyListener(RATE, "flute"), line((60,), seconds=2.0)
    listener.discount({60})
    assert listener.feed(sound[:RATE]) == []
    listener.discount(())
    assert listener.feed(sound[RATE:]) == []


def test_an_accompaniment_that_the_microphone_hears_is_not_the_players() -> None:
    score = scale_score(left=True)
    settings = PracticeSettings(hands=Hands.RIGHT, accompany=True)
    hearing = Hearing("flute")
    expecting = Expecting(score, hearing, 0.0, settings)
    listener = hearing.listen(RATE, 100.0)
    left = sorted({int(pitch) for pitch in score.notes["pitch"][score.notes["hand"] == LEFT]})
    ours = tuple(pitch + 12 for pitch in left if pitch + 12 not in SCALE)[:2]
    assert hearing.listener
    hearing.listener.discount(ours)
    told = played(listener, line((*ours, 60, 62)))
    listener.finish()
    assert told.notes["pitch"].tolist() == [60, 62]
    assert expecting.hindsight(told, TakeTime(100.0)).notes["pitch"].tolist() == [60, 62]


def test_the_lesson_tells_the_listener_what_it_sounds_now_and_what_the_player_has() -> None:
    score = scale_score(left=True)
    hearing = Hearing("cello")
    expecting = Expecting(score, hearing, 0.0, PracticeSettings(hands=Hands.RIGHT, accompany=True))
    hearing.listen(RATE, 100.0)
    expecting.moved(Transport.at(score.tempo, 0.0, 100.0), ())
    expecting.ticked(100.0)
    listener = hearing.listener
    assert isinstance(listener, OneLine)
    hands = score.notes["hand"]
    assert listener.live._own <= {int(pitch) for pitch in score.notes["pitch"][hands == LEFT]}
    assert listener.live._own
    assert set(listener.live._due) <= {int(pitch) for pitch in score.notes["pitch"][hands != LEFT]}
    assert listener.live._due


@pytest.mark.parametrize(
    ("pitches", "confidence", "kept"),
    [
        ((60, 62, 62, 64), (0.9, 0.9, 0.69, 0.9), [True, True, False, True]),
        ((60, 62, 62, 64), (0.9, 0.9, 0.9, 0.9), [True, True, True, True]),
        ((60, 62, 64, 65), (0.9, 0.9, 0.69, 0.9), [True, True, True, True]),
    ],
)
def test_a_note_that_may_have_been_made_up_is_believed_where_the_score_has_it(
    pitches: tuple[int, ...], confidence: tuple[float, ...], kept: list[bool]
) -> None:
    notes = np.zeros(12, PLAYED_DTYPE)
    notes["pitch"] = [*pitches, 65, 67, 69, 71, 72, 90, 91, 92]
    notes["onset_sec"], notes["duration_sec"] = 0.5 * np.arange(12), 0.4
    found = believed([*confidence, *[0.9] * 8], lambda: assess(scale_score(), Performance(notes)))
    assert found.tolist() == [*kept, *[True] * 8]


def test_notes_out_of_tune_are_called_as_the_learner_calls_notes() -> None:
    right = [{"onset_beat": row, "pitch": 71, "verdict": "hit", "played": row} for row in range(4)]
    said = Intonation(440.0, (40.0,) * 4)
    assert said.in_words({"notes": right}).startswith("Intonation: A = 440 Hz; ")
    assert "; B4 most of all" in said.in_words({"notes": right})
    assert said.in_words({"notes": right}, Naming.SOLFEGE).startswith("Intonation: La = 440 Hz; ")
    assert "; Si most of all" in said.in_words({"notes": right}, Naming.SOLFEGE)
    assert "; H most of all" in said.in_words({"notes": right}, Naming.GERMAN)
