"""Phrases, and which of them come back."""

from __future__ import annotations

from dataclasses import replace

from scores import score_of

from lessons.form import once, phrases, repeats_by_the_page
from lessons.library import shelf
from lessons.score import RIGHT, Score


def bars_of(tunes: str) -> Score:
    """A score in 4/4 with a bar for each letter, equal for equal letters."""
    starts = [(4.0 * bar, 60 + ord(letter) % 12) for bar, letter in enumerate(tunes)]
    rows = [(start + beat, 1.0, pitch + beat, RIGHT) for start, pitch in starts for beat in range(4)]
    return score_of(rows, len(tunes))


def tunes_of(score: Score) -> list[int]:
    return [phrase.tune for phrase in phrases(score, 0.0, score.end_beat)]


def test_a_phrase_that_comes_back_is_known_again() -> None:
    assert tunes_of(bars_of("abcdabcdefghabcd")) == [0, 0, 1, 0]


def test_another_ending_makes_another_phrase() -> None:
    assert tunes_of(bars_of("abcdabce")) == [0, 1]


def test_a_single_bar_that_is_left_belongs_to_the_phrase_before() -> None:
    assert [phrase.length for phrase in phrases(bars_of("abcdefghi"), 0.0, 36.0)] == [16.0, 20.0]


def test_a_section_begins_where_the_page_jumps() -> None:
    score = bars_of("abcdefabcdef")
    written = score.bars.copy()
    written["written"][6:] -= 6
    again = replace(score, bars=written)
    assert [phrase.tune for phrase in phrases(again, 0.0, 48.0)] == [0, 1, 0, 1]
    assert repeats_by_the_page(again, 0.0, 48.0)
    assert not repeats_by_the_page(score, 0.0, 48.0)


def test_a_second_ending_ends_its_section() -> None:
    score = bars_of("abcdefghabcdefgijklm")
    written = score.bars.copy()
    written["written"] = [*range(1, 9), *range(1, 8), *range(9, 14)]
    found = phrases(replace(score, bars=written), 0.0, 80.0)
    assert [(phrase.length, phrase.tune) for phrase in found] == [(16.0, 0), (16.0, 1), (16.0, 0), (16.0, 2), (16.0, 3)]


def test_a_coda_begins_a_section() -> None:
    score = bars_of("abcdefghab" + "jklm")
    written = score.bars.copy()
    written["written"] = [*range(1, 9), 1, 2, *range(9, 13)]
    assert [phrase.length for phrase in phrases(replace(score, bars=written), 0.0, 56.0)] == [16.0, 16.0, 8.0, 16.0]


def test_au_clair_de_la_lune_is_a_a_b_a() -> None:
    assert tunes_of(shelf.load("au-clair-de-la-lune")) == [0, 0, 1, 0]


def test_what_the_page_repeats_stands_once_closed_up() -> None:
    played = shelf.load("petzold-minuet-g")
    page = once(played)
    assert page.bars["written"].tolist() == list(range(1, 33))
    assert page.bars["start_beat"].tolist() == [3.0 * bar for bar in range(32)]
    second_half = played.notes[(played.notes["onset_beat"] >= 96) & (played.notes["onset_beat"] < 144)]
    assert (
        page.notes["onset_beat"][page.notes["onset_beat"] >= 48].tolist() == (second_half["onset_beat"] - 48).tolist()
    )
    assert once(page) is page
