"""The one session that may be alive, and the window that closes while it begins."""

from __future__ import annotations

from queue import SimpleQueue

import pytest

from tutor.practice import PracticeSettings
from tutor.session import Session
from ui.practice.live_session import LiveSession
from ui.rooms import SessionWish


class Nobody:
    """Who is made for a wish, and remembers what was asked."""

    def __init__(self):
        self.asked = []

    def start(self):
        self.asked.append("start")

    def stop(self):
        self.asked.append("stop")


@pytest.fixture
def wish(make_scale):
    return SessionWish(make_scale(1), PracticeSettings(), SimpleQueue(), (), synth=None, glove=None)


def test_a_session_that_has_begun_is_stopped_at_the_end(wish):
    live, session = LiveSession(), Nobody()
    assert live.begin(lambda _wish: session, wish) is session
    assert session.asked == ["start"]
    assert live.end() is session
    assert session.asked == ["start", "stop"]


def test_a_session_that_is_made_while_the_lesson_closes_never_begins(wish):
    live, session = LiveSession(), Nobody()

    def make(_wish: SessionWish) -> Session:
        assert live.end() is None
        return session

    live.begin(make, wish)
    assert session.asked == []


def test_a_session_that_has_ended_is_not_waited_for(wish):
    live = LiveSession()
    live.begin(lambda _wish: Nobody(), wish)
    live.forget()
    assert live.end() is None
