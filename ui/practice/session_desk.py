"""Makes the sessions of takes: a follower, a place in the journal, a hand that is led, an ear."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from tutor.practice import Mode
from ui.rooms import SessionWish

if TYPE_CHECKING:  # what comes after the window
    from tutor.follow import Follower
    from tutor.journal.journal import Journal
    from tutor.session import Session
    from tutor.sinks import Sink


def make_session(wish: SessionWish, journal: Callable[[], Journal]) -> Session:
    """A session with its follower; of a take also with its place in the journal, its touch and its ear.

    ``journal`` gives the journal when it is asked: where the program itself plays, nobody needs it.
    """
    from tutor.session import Session
    from tutor.sinks import Audience

    score, settings, follower = wish.score, wish.settings, _follower(wish)
    if settings.mode is Mode.LISTEN:
        return Session(score, follower, wish.inbox, wish.sinks, settings, synth=wish.synth, struck=wish.struck)
    kept = journal()
    said = settings.named(score) | (wish.hearing.how_heard if wish.hearing is not None else {})
    take_log = kept.begin_take(score.digest, score.title, said)
    sinks, hindsight = (*wish.sinks, *_leading(wish, kept)), None
    if wish.hearing is not None:
        from tutor.listen.expecting import Expecting

        expecting = Expecting(score, wish.hearing, settings.span(score)[0], settings, Audience(wish.sinks).noticed)
        sinks, hindsight = (*sinks, expecting), expecting.hindsight
    return Session(
        score,
        follower,
        wish.inbox,
        sinks,
        settings,
        take_log=take_log,
        synth=wish.synth,
        struck=wish.struck,
        hindsight=hindsight,
    )


def _follower(wish: SessionWish) -> Follower:
    from tutor.follow import Follower

    span, settings = wish.settings.span(wish.score), wish.settings
    return Follower(wish.score, hands=settings.hands.code, start_beat=span[0], loop=span if settings.loop else None)


def _leading(wish: SessionWish, journal: Journal) -> Iterable[Sink]:
    """What leads the hand, by the takes before this one, those under a former identity too."""
    from tutor import histories
    from tutor.fader import guided, latest_takes

    score = wish.score
    histories.bring_forward(journal, score, score.title.__eq__)
    entries = latest_takes(journal, score.digest)
    return guided(score, wish.settings, wish.glove, entries, keep=journal.keep_passes, tell=wish.fading_moved)
