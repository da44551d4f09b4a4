"""Composers tell how far they are, and end where whoever waits has stopped them."""

from __future__ import annotations

import io
import itertools
import sys

import pytest

from lessons.analogy import Analogy, Composer, Feature, Growth, Level
from lessons.exercise import excerpt
from lessons.library import shelf
from lessons.progress import CancelledError, part_of
from models.commands.bar import bar
from models.rules import RuleComposer
from models.songwriter import load_songwriter


@pytest.fixture(scope="module")
def composer() -> Composer:
    return load_songwriter()


def questions() -> list[Analogy]:
    piece, donor = shelf.load("lightly-row"), shelf.load("ode-to-joy")
    return [
        Analogy(piece),
        Analogy(piece, {Feature.RHYTHM: donor}),
        Analogy(piece, {Feature.TEXTURE: donor}),
        Analogy(piece, level=Level.HARDER),
        Growth(excerpt(piece, 1, 2)),
    ]


@pytest.mark.parametrize("number", range(5))
def test_what_is_told_goes_from_nothing_to_all_in_many_steps(composer: Composer, number: int) -> None:
    heard: list[tuple[str, float]] = []
    composer.vary(questions()[number], 2, lambda stage, share: heard.append((stage, share)))
    shares = [share for _, share in heard]
    assert shares[0] == 0.0
    assert shares == sorted(shares)
    assert shares[-1] <= 1.0
    assert len(set(shares)) >= 32
    assert all(stage[0].isupper() for stage, _ in heard)


@pytest.mark.parametrize("number", range(5))
def test_whoever_waits_can_stop_it_at_the_next_step(composer: Composer, number: int) -> None:
    steps = itertools.count()

    def stop(_stage: str, _share: float) -> None:
        if next(steps) == 5:
            raise CancelledError

    with pytest.raises(CancelledError):
        composer.vary(questions()[number], 2, stop)
    assert next(steps) == 6


def test_listening_changes_no_answer(composer: Composer) -> None:
    for asked in questions():
        quiet, heard = composer.vary(asked)[0], composer.vary(asked, 1, lambda _stage, _share: None)[0]
        assert quiet.score.digest == heard.score.digest


def test_the_rules_tell_of_each_draft() -> None:
    heard: list[str] = []
    RuleComposer().vary(Analogy(shelf.load("lightly-row")), 1, lambda stage, _share: heard.append(stage))
    assert heard[:2] == ["Draft 1 of 8", "Draft 2 of 8"]


def test_a_part_is_told_as_a_share_of_the_whole() -> None:
    heard: list[tuple[str, float]] = []
    part_of(lambda *said: heard.append(said), 1, 4, "Second")("First", 0.5)
    part_of(lambda *said: heard.append(said), 4, 4)("More", 0.5)
    assert heard == [("Second", 0.375), ("More", 1.0)]


class Terminal(io.StringIO):
    """Standard error as a person sees it."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("stream", "seen"), [(Terminal, True), (io.StringIO, False)])
def test_a_terminal_shows_a_bar_and_a_file_does_not(
    monkeypatch: pytest.MonkeyPatch, stream: type[io.StringIO], seen: bool
) -> None:
    written = stream()
    monkeypatch.setattr(sys, "stderr", written)
    with bar("Beginning") as told:
        told("Draft 2 of 6", 0.5)
    assert ("Draft 2 of 6" in written.getvalue()) is seen
    assert ("50 %" in written.getvalue()) is seen
