import numpy as np
import pytest
from listen_scores import scale_score

from tutor.clock import stamp
from tutor.events import Inbox, NoteOn
from tutor.follow import Follower
from tutor.listen.due import DueNotes
from tutor.listen.expecting import Expecting
from tutor.listen.listener import Hearing
from tutor.session import Session
from tutor.transport import Transport
from tutor.verdicts import Judgement

RATE = 44100


def heard(hearing: Hearing, expecting: Expecting, pitch: float) -> list[int]:
    """What a tone is taken for."""
    listener = hearing.listen(RATE, 0.0)
    expecting.ticked(0.0)
    times = np.arange(RATE // 2) / RATE
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    tone = sum(0.2 / k * np.sin(2 * np.pi * k * hertz * times) for k in range(1, 5))
    events = listener.feed(np.concatenate([np.zeros(4000), tone]).astype(np.float32))
    return [event.pitch for event in events if isinstance(event, NoteOn)]


def test_an_octave_error_goes_to_what_is_written_where_the_player_is() -> None:
    score = scale_score(left=False)  # 60 62 64 65 | 67 69 71 72
    hearing = Hearing("flute")
    beginning = Expecting(score, hearing, 0.0)
    assert heard(hearing, beginning, 74) == [62]
    assert heard(hearing, beginning, 83) == [83]
    beginning.heard(NoteOn(1.0, 67), (Judgement(0, 1.0, 67, "hit", 5.0, 5.0, 0.9),))
    assert heard(hearing, beginning, 83) == [71]
    assert heard(hearing, beginning, 74) == [74]


class Asked:
    """A listener that remembers what it was told to expect."""

    ahead_beats = 1.5

    def __init__(self) -> None:
        self.due: DueNotes = {}

    def expect(self, due: DueNotes | None) -> None:
        self.due = due or {}

    def discount(self, own: object) -> None:
        """What the program sounds is no matter here."""


def at_sec(listener: Asked, pitch: int) -> float:
    (note,) = listener.due[pitch]
    return note.at_sec


def test_what_is_due_is_told_by_the_clock_that_the_listener_counts_by() -> None:
    hearing, listener = Hearing("piano"), Asked()
    hearing.listener = listener  # type: ignore[assignment]
    expecting = Expecting(scale_score(left=False), hearing, 0.0)
    expecting.begun(5000.0)
    expecting.heard(NoteOn(1.0, 60), (Judgement(0, 1.0, 60, "hit", 0.0, 0.0, 0.9, score_index=0),))
    assert at_sec(listener, 62) == pytest.approx(5001.5)


def test_in_a_session_what_is_due_counts_from_the_start_of_the_clock() -> None:
    score, inbox, hearing, listener = scale_score(left=False), Inbox(), Hearing("piano"), Asked()
    hearing.listener = listener  # type: ignore[assignment]
    expecting, stamps = Expecting(score, hearing, 0.0), []
    seen = expecting.heard

    def heard(event, judgements):
        seen(event, judgements)
        stamps.append(at_sec(listener, 62))

    expecting.heard = heard  # type: ignore[method-assign]
    session = Session(score, Follower(score), inbox, [expecting])
    now = stamp()
    inbox.put(NoteOn(now, 60, 70))
    inbox.put(None)
    session.run()
    assert stamps == [pytest.approx(now + 0.5)]


def test_who_was_left_behind_by_the_beat_is_expected_where_it_stands() -> None:
    score, hearing, listener = scale_score(left=False), Hearing("piano"), Asked()
    hearing.listener = listener  # type: ignore[assignment]
    expecting = Expecting(score, hearing, 0.0)
    expecting.begun(5000.0)
    expecting.moved(Transport.at(score.tempo, 0.0, 5000.0), ())
    expecting.heard(NoteOn(0.0, 60), (Judgement(0, 0.0, 60, "hit", 0.0, 0.0, 0.9, score_index=0),))
    expecting.ticked(5002.4)
    assert 71 not in listener.due
    expecting.passed((1, 2))
    expecting.ticked(5002.4)
    assert at_sec(listener, 69) == pytest.approx(5002.5)
