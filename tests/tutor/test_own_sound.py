import numpy as np
from listen_scores import scale_score

from lessons.parts import for_pianist
from lessons.score import LEFT
from tests.lessons.scores import song_score
from tutor.listen.own_sound import OwnSound
from tutor.listen.piano import Stroke
from tutor.performance import PLAYED_DTYPE, Performance
from tutor.take_time import TakeTime
from tutor.transport import Transport

SCORE = scale_score()  # the left hand has 48 at beat 0 and 43 at beat 4, at 120 a minute
START = 100.0  # the stamp of beat 0


def sounded(until_sec: float) -> tuple[OwnSound, list[frozenset[int]]]:
    own, transport = OwnSound(SCORE, frozenset({LEFT})), Transport.at(SCORE.tempo, 0.0, START)
    return own, [own.at(transport, START + now) for now in np.arange(-0.1, until_sec, 0.01)]


def left(own: OwnSound, strokes: list[tuple[float, int]], told: list[tuple[float, int]]) -> list[tuple[float, int]]:
    """What is left of strokes (seconds after beat 0, pitch), where some were told as the learner's."""
    performance = Performance(np.array([(at, 0.3, pitch, 70) for at, pitch in told], PLAYED_DTYPE))
    heard = [Stroke(at, 0.3, pitch, 70, 0.9) for at, pitch in strokes]
    return [(one.onset_sec, one.pitch) for one in own.taken_out(heard, performance, TakeTime(START))]


def test_a_note_may_be_heard_from_a_moment_before_it_is_sounded_until_a_while_after() -> None:
    _, pitches = sounded(3.0)
    assert pitches[10] == {48}  # at beat 0
    assert pitches[110] == frozenset()
    assert pitches[215] == {43}  # .05 s after beat 4


def test_what_others_play_beside_is_its_own_sound_too() -> None:
    song = for_pianist(song_score())
    transport = Transport.at(song.tempo, 0.0, START)
    silent, sounding = (OwnSound(song, frozenset(), backing) for backing in (False, True))
    assert [own.at(transport, START + 1.05) for own in (silent, sounding)] == [frozenset(), {64}]  # just after beat 2


def test_afterwards_its_strokes_are_taken_out_and_no_others() -> None:
    own, _ = sounded(3.0)
    heard = [(0.05, 48), (0.05, 60), (1.2, 48), (2.06, 43)]
    assert left(own, heard, []) == [(0.05, 60), (1.2, 48)]


def test_what_was_told_as_the_learners_stays() -> None:
    own, _ = sounded(3.0)
    assert left(own, [(0.05, 48), (2.06, 43)], [(0.04, 48)]) == [(0.05, 48)]


def test_a_loop_sounds_its_notes_in_every_lap() -> None:
    own, transport = OwnSound(SCORE, frozenset({LEFT})), Transport.at(SCORE.tempo, 0.0, START, loop=(0.0, 4.0))
    for now in np.arange(0.0, 5.0, 0.01):
        own.at(transport, START + now)
    assert left(own, [(0.05, 48), (2.05, 48), (4.05, 48)], []) == []
