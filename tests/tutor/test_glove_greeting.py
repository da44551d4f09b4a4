"""How a glove is greeted that does not answer."""

from __future__ import annotations

import pytest

from tutor.glove.codes import VERSION
from tutor.glove.greeting import HELLO_SEC, SILENT_AFTER, Greeting
from tutor.glove.messages import HelloRequest
from tutor.glove.postbox import Postbox
from tutor.glove.protocol import encode

NONCE = 7


def test_hello_is_said_when_it_is_due_and_ever_more_seldom():
    post, said = Postbox(), []
    greeting = Greeting(post, NONCE, from_sec=2.0)
    assert not greeting.say(1.99)
    assert post.take_output() == b""
    now = 2.0
    for _ in range(len(HELLO_SEC) + 1):
        greeting.say(now)
        assert not greeting.say(now)  # at once again is too early
        said.append(greeting.next_sec - now)
        now = greeting.next_sec
    assert said == pytest.approx([*HELLO_SEC, HELLO_SEC[-1]])
    assert post.take_output().startswith(b"\0" + encode(HelloRequest(VERSION, VERSION, NONCE), 0))


def test_a_glove_that_is_silent_is_told_of_once():
    greeting, told = Greeting(Postbox(), NONCE), []
    for _ in range(2 * SILENT_AFTER):
        told.append(greeting.say(greeting.next_sec))
    assert told == [number == SILENT_AFTER for number in range(2 * SILENT_AFTER)]
