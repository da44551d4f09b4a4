"""Rests are printed where a voice of the bar rests, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from lxml import etree
from scores import bars_of_length, notes_of

from lessons.files.musicxml_writer import musicxml_bytes
from lessons.score import LEFT, METRE_DTYPE, RIGHT, Score

Voiced = tuple[float, float, int, int, int]  # onset, duration (beats), pitch, hand, voice


def page(rows: Sequence[Voiced], bar: float = 4.0, metre: tuple[int, int] = (4, 4), count: int = 3) -> list[list[str]]:
    """The rests that are seen in each bar: staff, type and dots, and what stands before it in quarters."""
    notes = notes_of([row[:4] for row in rows])
    notes["voice"] = [row[4] for row in rows]
    score = Score(notes, bars_of_length(bar, count), np.array([(0.0, *metre)], METRE_DTYPE))
    root = etree.fromstring(musicxml_bytes(replace(score, title="Rests")))
    return [[_words(note) for note in measure.findall("note") if _seen(note)] for measure in root.iter("measure")]


def _seen(note: etree._Element) -> bool:
    return note.find("rest") is not None and note.get("print-object") != "no"


def _words(note: etree._Element) -> str:
    value = "bar" if note.find("rest").get("measure") else note.findtext("type") + "." * len(note.findall("dot"))
    return f"{note.findtext('staff')}: {value}"


MELODY: list[Voiced] = [(float(beat), 1.0, 72, RIGHT, 1) for beat in range(8)]
BASS: list[Voiced] = [(1.0, 0.5, 43, LEFT, 5), (2.0, 0.5, 50, LEFT, 5), (3.0, 0.5, 52, LEFT, 5)]
VISIT: Voiced = (8.0, 4.0, 55, LEFT, 1)  # the melody's voice comes down once


def test_the_rests_of_a_staff_are_seen_though_another_voice_comes_there_later() -> None:
    bars = page([*MELODY, VISIT, *BASS])
    assert bars[0] == ["2: quarter", "2: eighth", "2: eighth", "2: eighth"]
    assert bars[1] == ["2: bar"]


def test_a_voice_on_a_visit_brings_no_rests_and_leaves_none() -> None:
    visit = (10.0, 2.0, 55, LEFT, 1)
    at_home = [(8.0, 2.0, 74, RIGHT, 1), (8.0, 4.0, 43, LEFT, 5)]
    assert page([*MELODY, *BASS, *at_home, visit])[2] == []


def test_a_number_that_both_hands_use_at_once_is_no_visit() -> None:
    held = [(4.0 * bar + 0.25, 3.75, 55, LEFT, 1) for bar in range(2)]
    low = [(4.0 * bar, 4.0, 43, LEFT, 2) for bar in range(2)]
    runs = [(0.5 * step, 0.5, 72, RIGHT, 1) for step in range(16)]
    assert page([*runs, *held, *low], count=2) == [["2: 16th"]] * 2


def test_of_a_second_voice_the_rests_between_its_notes_and_shortly_before_them_are_seen() -> None:
    inner = [(0.0, 1.0, 64, RIGHT, 2), (2.0, 1.0, 64, RIGHT, 2)]
    short = [(5.0, 3.0, 64, RIGHT, 2)]
    late = [(10.0, 1.0, 64, RIGHT, 2)]
    upper = [(float(beat), 1.0, 72, RIGHT, 1) for beat in range(12)]
    assert [len(bar) for bar in page([*upper, *inner, *short, *late])] == [1, 1, 0]


def test_notes_that_a_voice_has_no_room_for_bring_no_rests() -> None:
    held = [(0.0, 4.0, 60, RIGHT, 1), (1.0, 1.0, 64, RIGHT, 1), (3.0, 1.0, 65, RIGHT, 1)]
    assert page(held, count=1) == [[]]


def test_five_eighths_of_silence_are_one_rest() -> None:
    left = [(0.5 * step, 0.5, 48, LEFT, 5) for step in range(5)]
    bars = page([*left, (2.5, 2.5, 72, RIGHT, 1)], bar=2.5, metre=(5, 8), count=2)
    assert [len(bar) for bar in bars] == [1, 1]
    assert bars[0] == ["1: bar"] and bars[1] == ["2: bar"]
