"""Assignments: as values, and as files that come back as they were or are refused in one line."""

from __future__ import annotations

import json
import zipfile
from datetime import date

import numpy as np
import pytest
from scores import song_score, two_hand_score

from lessons.assignment import (
    ENTRY,
    Assignment,
    assignment_bytes,
    parse_assignment,
    read_assignment,
    task_of,
    write_assignment,
)
from lessons.errors import FormatError, InputError
from lessons.files import archive, read_score, write_score
from lessons.files.archive import opened, packed
from lessons.files.musicxml_document import document_of, made_by
from lessons.fingering import with_fingers
from lessons.library import shelf
from lessons.parts import for_pianist, named, playing


@pytest.fixture(scope="module")
def score():
    return with_fingers(two_hand_score())


@pytest.fixture(scope="module")
def assignment(score):
    asked = {"bars": (2, 3), "hands": "right", "tempo": 0.8, "passes": 3, "accuracy": 1, "guidance": False}
    tasks = (task_of(score, {"analogy": "{}"}, **asked), task_of(score, mode="wait-for-me"))
    return Assignment("Week 5", tasks, "Mind the dotted note.\nGo slowly.", date(2026, 12, 5))


def altered(assignment, **fields) -> bytes:
    """The file of an assignment whose JSON says something else."""
    said = json.loads(dict(assignment.entries)[ENTRY]) | fields
    return packed([(ENTRY, json.dumps(said).encode()), *assignment.entries[1:]])


def test_an_assignment_comes_back_as_it_was_written(assignment, tmp_path):
    write_assignment(assignment, tmp_path / "week.dacapo")
    read = read_assignment(tmp_path / "week.dacapo")
    assert (read.id, read.title, read.words, read.due) == (
        assignment.id,
        "Week 5",
        "Mind the dotted note.\nGo slowly.",
        date(2026, 12, 5),
    )
    first, second = read.tasks
    assert (first.bars, first.hands, first.tempo, first.passes) == ((2, 3), "right", 0.8, 3)
    assert (first.accuracy, first.guidance) == (1.0, False)
    assert (second.bars, second.hands, second.mode, second.accuracy) == (None, "both", "wait-for-me", None)
    assert first.rows == assignment.tasks[0].rows
    assert set(assignment.tasks[0].known_by) <= set(first.known_by)


def test_the_same_assignment_gives_the_same_bytes_and_another_one_another_id(assignment, score):
    again = Assignment(assignment.title, assignment.tasks, assignment.words, assignment.due)
    assert assignment_bytes(again) == assignment_bytes(assignment)
    assert again.id == assignment.id
    others = [
        Assignment("Week 6", assignment.tasks, assignment.words, assignment.due),
        Assignment(assignment.title, (task_of(score),), assignment.words, assignment.due),
    ]
    assert len({assignment.id, *(other.id for other in others)}) == 3


def test_the_identity_survives_letters_that_cannot_be_shown(score):
    made = Assignment(" Week\x1b[31m\t5 ", (task_of(score, tempo=1),), "a\x00b")
    assert "\x1b" not in made.title
    assert parse_assignment(assignment_bytes(made)).id == made.id


def test_a_piece_that_is_asked_for_twice_is_there_once(score):
    made = Assignment("Twice", (task_of(score, hands="left"), task_of(score, hands="right")))
    assert [name for name, _ in made.entries] == [ENTRY, "scores/1.musicxml"]


def test_what_made_a_piece_stands_in_its_page(assignment):
    assert made_by(document_of(assignment.tasks[0].page)) == {"analogy": "{}"}
    assert made_by(document_of(assignment.tasks[1].page)) == {}


def test_a_piece_of_the_shelf_is_known_by_the_digest_that_it_has_there():
    piece = with_fingers(shelf.load("ode-to-joy"))
    read = parse_assignment(assignment_bytes(Assignment("Joy", (task_of(piece),))))
    assert piece.digest in read.tasks[0].known_by
    assert read.tasks[0].score.notes["pitch"].tolist() == piece.notes["pitch"].tolist()


@pytest.mark.parametrize("part", ["Voice", "Piano"])
def test_of_a_song_the_part_is_asked_for_that_stands_before_the_teacher(part, tmp_path):
    write_score(for_pianist(song_score()), tmp_path / "song.musicxml")
    whole = read_score(tmp_path / "song.musicxml")
    mine = with_fingers(playing(whole, named(whole, part)))
    read = parse_assignment(assignment_bytes(Assignment("Song", (task_of(mine),)))).tasks[0]
    assert read.score.notes[["onset_beat", "pitch"]].tolist() == mine.notes[["onset_beat", "pitch"]].tolist()
    assert len(read.score.backing) == len(mine.backing) > 0


def test_two_hands_on_one_key_lose_no_company():
    song = for_pianist(song_score())
    notes = song.notes.copy()
    shared = notes[:1].copy()
    shared["hand"] = 1 - shared["hand"]
    doubled = song.with_notes(np.concatenate([notes, shared]))
    assert len(task_of(doubled).score.backing) == len(song.backing) > 0


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"bars": (3, 99)}, "bars 3-99"),
        ({"bars": (3, 2)}, "comes after the last"),
        ({"hands": "feet"}, "hands feet"),
        ({"tempo": 9}, "must be 30 to 150"),
        ({"tempo": float("nan")}, "must be 30 to 150"),
        ({"passes": 0}, "0 clean passes"),
        ({"accuracy": 0.2}, "20 % of the notes"),
    ],
)
def test_what_cannot_be_asked_is_refused(score, asked, reason):
    with pytest.raises(InputError, match=reason):
        task_of(score, **asked)


def test_bars_without_a_note_for_the_hand_are_refused(score):
    left = score.with_notes(score.notes[(score.notes["hand"] == 1) | (score.notes["onset_beat"] >= 4)])
    with pytest.raises(InputError, match="nothing to play"):
        task_of(left, bars=(1, 1), hands="left")


def test_an_assignment_without_tasks_is_none():
    with pytest.raises(InputError, match="has no tasks"):
        Assignment("Nothing", ())


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"version": 2}, "made by a later version of this program"),
        ({"version": "1"}, "is no assignment"),
        ({"format": "something"}, "is no assignment"),
        ({"tasks": []}, "has no tasks"),
        ({"tasks": 5}, "cannot be used"),
        ({"tasks": [{}]}, "cannot be used"),
        ({"tasks": [{"score": "scores/9.musicxml"}]}, "no item named"),
        ({"tasks": [{"score": "scores/1.musicxml", "bars": [1, 999]}]}, "task 1: bars 1-999"),
        ({"tasks": [{"score": "scores/1.musicxml", "passes": 1e999}]}, "cannot be used"),
        ({"tasks": [{"score": "assignment.json"}]}, "task 1: is not MusicXML"),
        ({"tasks": [{"score": "scores/1.musicxml"}] * 101}, "more than 100 tasks"),
        ({"due": "soon"}, "cannot be used"),
        ({"title": 7}, "cannot be used"),
    ],
)
def test_a_broken_file_is_refused_with_the_reason(assignment, fields, reason):
    with pytest.raises(FormatError, match=reason) as told:
        parse_assignment(altered(assignment, **fields))
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("content", [b"no zip at all", b"PK\x03\x04 and then nothing", b""])
def test_what_is_no_archive_is_refused_with_its_name(tmp_path, content):
    (tmp_path / "week.dacapo").write_bytes(content)
    with pytest.raises(FormatError, match=r"week\.dacapo: "):
        read_assignment(tmp_path / "week.dacapo")


def test_a_file_that_was_cut_or_changed_never_brings_anything_but_one_line(assignment):
    whole = assignment_bytes(assignment)
    rng = np.random.default_rng(7)
    for _ in range(60):
        broken = bytearray(whole[: int(rng.integers(4, len(whole)))] if rng.random() < 0.5 else whole)
        for place in rng.integers(2, len(broken), 6):
            broken[place] = int(rng.integers(256))
        try:
            parse_assignment(bytes(broken))
        except FormatError as fault:
            assert "\n" not in str(fault)


def test_an_archive_unpacks_to_no_more_than_the_limit_all_together(monkeypatch):
    monkeypatch.setattr(archive, "SIZE_LIMIT", 1000)
    content = packed([("one", bytes(600)), ("two", bytes(600))])
    with opened(content) as inside:
        assert len(inside.read("one")) == 600
        with pytest.raises(FormatError, match="two is larger"):
            inside.read("two")


def test_a_name_in_another_format_is_not_written(assignment, tmp_path):
    with pytest.raises(InputError, match=r"is written as \.dacapo"):
        write_assignment(assignment, tmp_path / "week.zip")
    write_assignment(assignment, tmp_path / "week.dacapo")
    with pytest.raises(InputError, match="exists already"):
        write_assignment(assignment, tmp_path / "week.dacapo")
    assert zipfile.is_zipfile(tmp_path / "week.dacapo")
