"""What is written is engraved without complaint."""

from __future__ import annotations

import itertools
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from scores import score_of, scores, two_hand_score

from lessons.files.measure_elements import beamed_together
from lessons.files.musicxml_writer import musicxml_bytes
from lessons.files.notation import BEAT, VALUES, barred, voices_of
from lessons.score import CHORD_DTYPE, KEY_DTYPE, RIGHT, Score
from lessons.timing import TempoMap


def complaints(work: Callable[[], None]) -> str:
    """What a native library writes to stderr while it works."""
    with tempfile.TemporaryFile() as file:
        kept = os.dup(2)
        os.dup2(file.fileno(), 2)
        try:
            work()
        finally:
            os.dup2(kept, 2)
            os.close(kept)
        file.seek(0)
        return file.read().decode()


def engraved(score: Score) -> tuple[str, str]:
    """(SVG of the first page, complaints)."""
    import verovio

    pages: list[str] = []

    def work() -> None:
        verovio.enableLog(verovio.LOG_WARNING)
        toolkit = verovio.toolkit()
        assert toolkit.loadData(musicxml_bytes(score).decode())
        pages.append(toolkit.renderToSVG(1))

    said = complaints(work)
    return pages[0], said


def test_a_small_piece_for_two_hands_is_engraved_with_all_that_it_has() -> None:
    page, said = engraved(two_hand_score())
    assert said == ""
    assert page.count('class="note"') >= len(two_hand_score().notes)
    assert page.count('class="staff"') >= 2
    for kind in ("tuplet", "tie", "harm", "fing", "tempo", "beam"):
        assert f'class="{kind}"' in page, kind


def test_complaints_of_the_engraver_would_be_heard() -> None:
    import verovio

    def work() -> None:
        verovio.enableLog(verovio.LOG_WARNING)
        verovio.toolkit().loadData("no music at all")

    assert complaints(work) != ""


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scores(grid=12))
def test_any_score_is_engraved_without_complaint(score: Score) -> None:
    _, said = engraved(score)
    assert said == ""


def test_chords_and_tempo_marks_between_the_notes_are_engraved_without_complaint() -> None:
    chords = np.array([(1 / 3, 1.5, 0, 145, 0), (2.25, 4.0, 7, 2180, 7)], CHORD_DTYPE)
    tempo = TempoMap.of([(0.0, 90.0), (1.75, 60.0)])
    page, said = engraved(replace(two_hand_score(), chords=chords, tempo=tempo))
    assert said == ""
    assert page.count('class="harm"') >= 3
    assert page.count('class="tempo"') == 2


@pytest.mark.parametrize(
    ("start", "length", "values"),
    [
        (0, 480, [("quarter", 0)]),
        (0, 720, [("quarter", 1)]),
        (240, 480, [("quarter", 0)]),
        (0, 1200, [("half", 0), ("eighth", 0)]),
        (240, 1200, [("eighth", 0), ("half", 0)]),
        (0, 160, [("eighth", 0)]),
        (360, 240, [("16th", 0), ("16th", 0)]),
    ],
)
def test_lengths_are_written_so_that_the_beat_is_seen(start: int, length: int, values: list[tuple[str, int]]) -> None:
    voice = voices_of(np.array([start]), np.array([length]), np.array([1]))[0]
    items = [item for item in barred(voice, 0, 1920, (BEAT,)) if item.notes]
    assert [(item.value.type, item.value.dots) for item in items] == values
    assert [item.tied_to for item in items] == [True] * (len(items) - 1) + [False]


@pytest.mark.parametrize(
    ("metre", "length", "values"),
    [
        ((5, 4), 2400, [("half", 1), ("half", 0)]),
        ((9, 8), 2160, [("half", 1), ("quarter", 1)]),
        ((5, 8), 1200, [("quarter", 1), ("quarter", 0)]),
        ((12, 8), 1200, [("quarter", 1), ("quarter", 0)]),
        ((12, 8), 2640, [("half", 1), ("quarter", 1), ("quarter", 0)]),
        ((4, 4), 1200, [("half", 0), ("eighth", 0)]),
        ((4, 4), 1800, [("half", 2), ("16th", 0)]),
    ],
)
def test_a_length_without_a_value_is_cut_where_the_metre_falls_in_groups(
    metre: tuple[int, int], length: int, values: list[tuple[str, int]]
) -> None:
    voice = voices_of(np.array([0]), np.array([length]), np.array([1]))[0]
    bar = 1920 * metre[0] // metre[1]
    items = [item for item in barred(voice, 0, bar, beamed_together(*metre)) if item.notes]
    assert [(item.value.type, item.value.dots) for item in items] == values


def test_three_notes_in_a_beat_are_a_triplet_under_one_bracket() -> None:
    voice = voices_of(np.array([0, 160, 320]), np.array([160] * 3), np.array([1] * 3))[0]
    items = barred(voice, 0, 480, (BEAT,))
    assert [item.tuplet for item in items] == ["start", "", "stop"]
    assert [item.beams for item in items] == [("begin",), ("continue",), ("end",)]


def test_beams_do_not_cross_beats_and_shorter_notes_get_hooks() -> None:
    onsets, lengths = np.array([0, 360, 480, 720]), np.array([360, 120, 240, 240])
    items = barred(voices_of(onsets, lengths, np.array([1] * 4))[0], 0, 960, (BEAT,))
    assert [item.beams for item in items] == [("begin",), ("end", "backward hook"), ("begin",), ("end",)]


@pytest.mark.parametrize(
    ("metre", "groups"),
    [((2, 8), [2]), ((3, 8), [3]), ((4, 8), [2, 2]), ((5, 8), [3, 2]), ((6, 8), [3, 3]), ((7, 8), [2, 2, 3])],
)
def test_eighths_are_beamed_in_twos_and_threes(metre: tuple[int, int], groups: list[int]) -> None:
    count = metre[0]
    voice = voices_of(np.arange(count) * 240, np.full(count, 240), np.ones(count, np.int64))[0]
    words = [item.beams[0] for item in barred(voice, 0, count * 240, beamed_together(*metre))]
    assert words == [word for size in groups for word in ["begin", *["continue"] * (size - 2), "end"]]


def test_overlapping_notes_go_to_voices_of_their_own() -> None:
    voices = voices_of(np.array([0, 240, 480]), np.array([480, 480, 240]), np.array([1, 1, 1]))
    for voice in voices:
        assert all(before.end <= after.start for before, after in itertools.pairwise(voice))
    assert len(voices) == 2


def test_every_value_has_its_length() -> None:
    for ticks, value in VALUES.items():
        plain = {"whole": 4, "half": 2, "quarter": 1, "eighth": 1 / 2, "16th": 1 / 4, "32nd": 1 / 8}.get(value.type)
        if plain is not None:
            dots = 2 - 0.5**value.dots
            assert ticks == pytest.approx(480 * plain * dots * value.normal / value.actual)


def test_accidentals_are_printed_where_neither_key_nor_bar_has_set_them() -> None:
    pitches = (66, 65, 65, 66)  # in G: F sharp by the key, F natural, again, F sharp back
    score = score_of([(float(i), 1.0, pitch, RIGHT) for i, pitch in enumerate(pitches)])
    score = replace(score, keys=np.array([(0.0, 1, False)], KEY_DTYPE))
    notes = score.notes.copy()
    notes["step"], notes["alter"] = "F", [1, 0, 0, 1]
    printed = musicxml_bytes(score.with_notes(notes)).decode()
    assert re.findall("<accidental>(.*)</accidental>", printed) == ["natural", "sharp"]


def measures_of(score: Score) -> list[str]:
    return musicxml_bytes(score).decode().split("<measure ")[1:]


def test_a_key_that_changes_among_the_notes_of_a_bar_is_signed_at_the_next_one() -> None:
    score = score_of([(0.0, 3.0, 67, RIGHT), (3.0, 1.0, 61, RIGHT), (4.0, 4.0, 61, RIGHT)], count=2)
    score = replace(score, keys=np.array([(0.0, 1, False), (3.0, -5, False)], KEY_DTYPE))
    notes = score.notes.copy()
    notes["step"], notes["alter"] = ["G", "D", "D"], [0, -1, -1]
    upbeat, trio = measures_of(score.with_notes(notes))
    assert re.findall("<fifths>(.*)</fifths>|<accidental>(.*)</accidental>", upbeat) == [("1", ""), ("", "flat")]
    assert re.findall("<fifths>(.*)</fifths>|<accidental>(.*)</accidental>", trio) == [("-5", "")]


def test_a_key_that_comes_a_little_late_is_signed_before_the_notes_that_it_holds_for() -> None:
    score = score_of([(0.0, 4.0, 67, RIGHT), (4.5, 3.5, 61, RIGHT)], count=2)
    score = replace(score, keys=np.array([(0.25, 1, False), (4.25, -5, False)], KEY_DTYPE))
    notes = score.notes.copy()
    notes["step"], notes["alter"] = ["G", "D"], [0, -1]
    printed = [re.findall("<fifths>(.*)</fifths>", measure) for measure in measures_of(score.with_notes(notes))]
    assert printed == [["1"], ["-5"]]
