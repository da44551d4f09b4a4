"""The metronome before a microphone: its clicks are no notes of one line."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from listen_scores import scale_score

from lessons.score import Score
from tutor.listen.clicks import click_tones
from tutor.listen.expecting import Expecting
from tutor.listen.listener import Hearing
from tutor.performance import Performance, TakeRecorder
from tutor.practice import Mode, PracticeSettings
from tutor.synth import Renderer, soundfont_path
from tutor.take_time import TakeTime
from tutor.transport import Transport


def transposed(score: Score, semitones: int) -> Score:
    notes = score.notes.copy()
    notes["pitch"] += semitones
    return score.with_notes(notes)


RATE, BLOCK, BEAT_SEC, LATE_SEC, START_SEC = 22050, 256, 0.5, 0.05, 0.2
SCORE = transposed(scale_score(left=False), 22)  # from B flat on, at 120 a minute
CLICKED = PracticeSettings(Mode.KEEP_TEMPO, metronome=True)
Notes = list[tuple[float, int]]
"""(seconds after beat 0, pitch)"""


def clicking(seconds: float) -> np.ndarray:
    """The metronome of the synth along the score, at half of full scale."""
    renderer, parts = Renderer(soundfont_path(), RATE), []
    at = [0.0, *(START_SEC + LATE_SEC + BEAT_SEC * beat for beat in range(8)), seconds]
    for number, (begin, end) in enumerate(pairwise(at)):
        if number:
            renderer.click(accent=number % 4 == 1)
        block = np.zeros((round((end - begin) * RATE), 2), np.float32)
        renderer.render(block)
        parts.append(block.mean(axis=1))
    sound = np.concatenate(parts)
    return 0.5 * sound / np.abs(sound).max()


def tone(pitch: float, length_sec: float) -> np.ndarray:
    at = np.arange(round(length_sec * RATE)) / RATE
    shape = np.minimum(1, np.minimum(at, length_sec - at) / 0.01)
    return 0.2 * shape * sum(np.sin(2 * np.pi * k * 440 * 2 ** ((pitch - 69) / 12) * at) / k for k in range(1, 5))


def heard(
    sound: np.ndarray, settings: PracticeSettings, switched: Sequence[PracticeSettings] = (), score: Score = SCORE
) -> tuple[Notes, Notes]:
    """The notes told live, and those of the second look; settings may be changed at the first beat."""
    hearing, recorder = Hearing("violin"), TakeRecorder(0.0)
    listener, expecting = hearing.listen(RATE, 0.0), Expecting(score, hearing, 0.0, settings)
    expecting.moved(Transport.at(score.tempo, 0.0, START_SEC), ())
    for changed in switched:
        expecting.changed(changed)
    for first in range(0, len(sound), BLOCK):
        expecting.ticked(first / RATE)
        for event in listener.feed(sound[first : first + BLOCK].astype(np.float32)):
            recorder.add(event)
    for event in listener.finish():
        recorder.add(event)
    told = recorder.performance()
    return notes_of(told), notes_of(expecting.hindsight(told, TakeTime(0.0)))


def notes_of(performance: Performance) -> Notes:
    return [(round(float(note["onset_sec"]) - START_SEC, 1), int(note["pitch"])) for note in performance.notes]


def noise(seconds: float) -> np.ndarray:
    return np.random.default_rng(1).normal(0, 1e-4, round(seconds * RATE))


def mixed(seconds: float, *parts: tuple[float, np.ndarray]) -> np.ndarray:
    sound = noise(seconds)
    for at_sec, part in parts:
        first = round(at_sec * RATE)
        sound[first : first + len(part)] += part[: len(sound) - first]
    return sound


def test_the_metronome_alone_is_no_note() -> None:
    assert heard(clicking(4.5) + noise(4.5), CLICKED) == ([], [])


def test_a_metronome_that_is_switched_on_while_it_is_practised_is_none_either() -> None:
    assert heard(clicking(4.5) + noise(4.5), PracticeSettings(Mode.KEEP_TEMPO), [CLICKED]) == ([], [])


def test_a_click_where_none_was_sounded_is_whatever_it_sounds_like() -> None:
    live, look = heard(clicking(4.5) + noise(4.5), PracticeSettings(Mode.KEEP_TEMPO))
    assert live
    assert look


def test_a_wrong_note_at_the_pitch_of_a_click_is_told_where_it_lasts_from_where_it_began() -> None:
    """An E flat on the second beat, where the score has a C."""
    assert 3 in click_tones()[False]
    sound = mixed(2.0, (START_SEC + BEAT_SEC, tone(75, 0.6)))
    assert heard(sound, CLICKED) == ([(BEAT_SEC, 75)], [(BEAT_SEC, 75)])


def test_a_short_right_note_at_the_pitch_of_a_click_is_told() -> None:
    written = SCORE.notes.copy()
    written["pitch"][1] = 75
    sound = mixed(2.0, (START_SEC, tone(82, 0.4)), (START_SEC + BEAT_SEC, tone(75, 0.2)))
    assert heard(sound, CLICKED, score=SCORE.with_notes(written)) == ([(0.0, 82), (BEAT_SEC, 75)],) * 2


def test_a_short_wrong_note_of_another_pitch_is_told_beside_the_metronome() -> None:
    assert 9 not in click_tones()[False] | click_tones()[True]
    sound = mixed(2.0, (START_SEC + BEAT_SEC, tone(69, 0.2)))
    assert heard(sound, CLICKED) == ([(BEAT_SEC, 69)], [(BEAT_SEC, 69)])
