"""The hum of a room: a tone that stands still for ever is nobody's note."""

import numpy as np
import pytest

from tutor.events import NoteOff, NoteOn
from tutor.listen.one_line import OneLine

RATE, BLOCK = 22050, 512
Heard = tuple[list[tuple[float, float, int]], list[tuple[float, float, int]]]
"""(from, until in seconds, pitch) of the notes, live and by the second look."""


def tone(hertz: float, seconds: float, level: float, edge_sec: float = 0.0) -> np.ndarray:
    at = np.arange(round(seconds * RATE)) / RATE
    shape = np.minimum(1, np.minimum(at, seconds - at) / edge_sec) if edge_sec else 1.0
    return level * shape * sum(np.sin(2 * np.pi * hertz * k * at + k) / k**1.5 for k in range(1, 6))


def silence(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * RATE))


def heard(instrument: str, sound: np.ndarray) -> Heard:
    sound = (sound + np.random.default_rng(2).normal(0, 3e-5, len(sound))).astype(np.float32)
    line, events = OneLine(RATE, instrument), list[NoteOn | NoteOff]()
    for first in range(0, len(sound), BLOCK):
        events += line.feed(sound[first : first + BLOCK])
    events += line.finish()
    begun = [event for event in events if isinstance(event, NoteOn)]
    ended = [event.time_sec for event in events if isinstance(event, NoteOff)]
    live = [(round(on.time_sec, 1), round(off, 1), on.pitch) for on, off in zip(begun, ended, strict=True)]
    look = [(note.onset_sec, note.onset_sec + note.duration_sec, note.pitch) for note in line.hindsight(1.0)]
    return live, [(round(begin, 1), round(end, 1), pitch) for begin, end, pitch in look]


@pytest.mark.parametrize(("instrument", "hertz"), [("voice", 100), ("guitar", 100), ("cello", 60), ("voice", 120)])
def test_a_hum_that_was_there_before_anybody_listened_is_no_note(instrument: str, hertz: float) -> None:
    assert heard(instrument, tone(hertz, 5.0, 0.005)) == ([], [])


def test_who_plays_over_a_hum_is_heard_and_the_hum_in_the_rests_is_not() -> None:
    played = [silence(4.0), tone(220, 0.5, 0.1, 0.01), silence(0.5), tone(330, 0.5, 0.1, 0.01), silence(1.5)]
    sound = np.concatenate(played)
    for notes in heard("cello", sound + tone(100, len(sound) / RATE, 0.003)):
        assert [(begin, pitch) for begin, _, pitch in notes] == [(4.0, 57), (5.0, 64)]


def test_a_tone_that_a_player_holds_for_ten_seconds_is_a_note_of_that_length() -> None:
    sound = np.concatenate([silence(1.0), tone(220, 10.0, 0.1, 0.02), silence(0.5)])
    assert heard("clarinet", sound) == ([(1.0, 11.0, 57)],) * 2


def test_a_player_who_holds_the_first_tone_of_a_recording_is_heard() -> None:
    sound = np.concatenate([tone(220, 5.0, 0.1, 0.02), silence(0.5)])
    live, look = heard("clarinet", sound)
    assert [(end, pitch) for _, end, pitch in live] == [(5.0, 57)]
    assert look == [(0.0, 5.0, 57)]


def test_a_fridge_that_begins_to_hum_is_known_after_a_while_and_none_of_the_report() -> None:
    sound = np.concatenate([silence(1.0), tone(100, 20.0, 0.01, 0.02)])
    (note,), look = heard("voice", sound)
    assert note[1] - note[0] == pytest.approx(15.0, abs=0.3)
    assert look == []


def test_a_tone_that_pauses_is_a_note_when_it_comes_again() -> None:
    sound = np.concatenate(
        [silence(1.0), tone(220, 17.0, 0.1, 0.02), silence(1.0), tone(220, 1.0, 0.1, 0.02), silence(1)]
    )
    live, look = heard("clarinet", sound)
    assert live[-1] == (19.0, 20.0, 57)
    assert look == [(19.0, 20.0, 57)]
