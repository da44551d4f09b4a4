"""What a MIDI score says arrives in the score, at its very ticks."""

from __future__ import annotations

import itertools
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from malformed import END, midi_file

from lessons.files import read_score, score_in
from lessons.files.midi import parse_midi
from lessons.files.midi_writer import midi_bytes
from lessons.files.ticks import read_ticks
from lessons.score import LEFT, RIGHT, UNKNOWN_HAND
from lessons.timing import TempoMap

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def length(ticks: int) -> bytes:
    """A variable length of up to four bytes."""
    groups = [ticks >> shift & 0x7F for shift in (21, 14, 7, 0)]
    while len(groups) > 1 and groups[0] == 0:
        groups.pop(0)
    return bytes([group | 0x80 for group in groups[:-1]] + [groups[-1]])


def struck(wait: int, pitch: int, held: int, channel: int = 0) -> bytes:
    """A note after a wait, held for some ticks."""
    return length(wait) + bytes([0x90 | channel, pitch, 70]) + length(held) + bytes([0x80 | channel, pitch, 0])


def named(name: str) -> bytes:
    return b"\x00\xff\x03" + bytes([len(name)]) + name.encode()


def meta(kind: int, value: bytes, wait: int = 0) -> bytes:
    return length(wait) + b"\xff" + bytes([kind, len(value)]) + value


def test_triplets_of_any_division_land_on_the_grid() -> None:
    track = b"".join(struck(0, 60 + i, 128) for i in range(3)) + END
    score = parse_midi(midi_file(track, division=384))
    assert score.notes["onset_beat"].tolist() == [0, 160 / 480, 320 / 480]
    assert score.notes["duration_beat"].tolist() == [160 / 480] * 3


def test_without_a_tempo_a_file_is_as_fast_as_the_standard_says() -> None:
    assert parse_midi(midi_file(struck(0, 60, 480) + END)).tempo.bpm.tolist() == [120]


def test_bars_follow_the_metres() -> None:
    track = (
        meta(0x58, b"\x03\x02\x18\x08") + meta(0x58, b"\x06\x03\x18\x08", wait=6 * 480) + struck(0, 60, 480 * 6) + END
    )
    score = parse_midi(midi_file(track))
    assert score.bars["start_beat"].tolist() == [0, 3, 6, 9]
    assert score.metres[["start_beat", "numerator", "denominator"]].tolist() == [(0, 3, 4), (6, 6, 8)]


def test_one_bar_of_a_shorter_metre_at_the_start_is_a_pickup() -> None:
    track = meta(0x58, b"\x01\x02\x18\x08") + struck(0, 60, 480) + meta(0x58, b"\x03\x02\x18\x08") + struck(0, 64, 960)
    score = parse_midi(midi_file(track + END))
    assert score.notes["onset_beat"].tolist() == [-1, 0]
    assert score.bars[["number", "start_beat"]].tolist() == [(0, -1), (1, 0)]


def test_a_pickup_is_as_fast_as_the_piece_when_it_comes_back() -> None:
    tune = score_in(b"X:1\nM:4/4\nL:1/4\nK:C\nG|c d e f|g a b c'|]\n", ".abc")
    tune = replace(tune, tempo=TempoMap.of([(0, 90), (4, 60)]))
    again = parse_midi(midi_bytes(tune))
    assert again.start_beat == tune.start_beat == -1
    assert again.tempo.bpm.round(3).tolist() == [90, 60]
    assert again.tempo.start_beat.tolist() == [-1, 4]
    assert again.tempo.seconds_at(again.notes["onset_beat"]) == pytest.approx(
        tune.tempo.seconds_at(tune.notes["onset_beat"]), abs=1e-4
    )


def test_key_and_tempo_arrive() -> None:
    track = meta(0x59, b"\xfd\x01") + meta(0x51, (500_000).to_bytes(3, "big")) + struck(0, 60, 480)
    score = parse_midi(midi_file(track + meta(0x51, (1_000_000).to_bytes(3, "big"), wait=480) + struck(0, 62, 9) + END))
    assert score.keys[["fifths", "minor"]].tolist() == [(-3, True)]
    assert score.tempo.start_beat.tolist() == [0, 2]
    assert score.tempo.bpm.tolist() == [120, 60]


@pytest.mark.parametrize(
    ("names", "hands"),
    [
        (("up", "down"), (RIGHT, LEFT)),
        (("left", "right"), (LEFT, RIGHT)),
        (("MELODY", "CHORDS"), (RIGHT, LEFT)),
        (("", ""), (RIGHT, LEFT)),
        (("Flute", "Oboe"), (RIGHT, LEFT)),
    ],
)
def test_two_tracks_are_hands_by_name_and_else_by_height(names: tuple[str, str], hands: tuple[int, int]) -> None:
    tracks = [named(name) + struck(0, pitch, 480) + END for name, pitch in zip(names, (72, 48), strict=True)]
    score = parse_midi(midi_file(*tracks))
    assert score.part_names == names
    assert score.notes["hand"][np.argsort(score.notes["part"])].tolist() == list(hands)


def test_one_track_leaves_the_hands_open_and_reading_a_file_finds_them(tmp_path: Path) -> None:
    content = midi_file(named("PIANO") + struck(0, 76, 480) + struck(0, 40, 480) + END)
    assert set(parse_midi(content).notes["hand"].tolist()) == {UNKNOWN_HAND}
    (tmp_path / "piano.mid").write_bytes(content)
    assert read_score(tmp_path / "piano.mid").notes["hand"].tolist() == [RIGHT, LEFT]


def test_drums_are_left_out_and_a_stuck_note_ends_with_the_file() -> None:
    drums = struck(0, 36, 480, channel=9)
    stuck = b"\x00\x90\x40\x50" + struck(480, 60, 480) + END
    score = parse_midi(midi_file(drums + END, stuck))
    assert score.notes[["pitch", "duration_beat"]].tolist() == [(64, 2), (60, 1)]


def test_velocity_zero_and_running_status_end_notes() -> None:
    track = b"\x00\x90\x3c\x40" + length(480) + b"\x3c\x00" + b"\x00\x3e\x40" + length(240) + b"\x3e\x00" + END
    score = parse_midi(midi_file(track))
    assert score.notes[["onset_beat", "duration_beat"]].tolist() == [(0, 1), (1, 0.5)]


def test_names_in_latin_letters_and_with_control_characters_are_words() -> None:
    track = b"\x00\xff\x03\x05\xe9t\x1b\x00e" + struck(0, 60, 480) + END
    assert parse_midi(midi_file(track)).part_names == ("ét e",)


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 127), st.integers(1, 5000)), min_size=1, max_size=30))
def test_every_note_stands_at_its_tick(notes: list[tuple[int, int, int]]) -> None:
    track = b"".join(struck(wait, pitch, held) for wait, pitch, held in notes) + END
    ticks = read_ticks(midi_file(track, division=960)).notes
    at, expected = 0, []
    for wait, pitch, held in notes:
        expected.append((at + wait, at + wait + held, pitch))
        at += wait + held
    assert ticks[["on", "off", "pitch"]].tolist() == expected


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 2**24 - 1)), max_size=8))
def test_seconds_add_up_tempo_by_tempo(tempos: list[tuple[int, int]]) -> None:
    track, at = b"", 0
    for tick, tempo in sorted(tempos):
        track += meta(0x51, struct.pack(">I", tempo)[1:], wait=tick - at)
        at = tick
    ticks = read_ticks(midi_file(track + struck(0, 60, 10) + END))
    latest = {0: 500_000} | dict(sorted(tempos))
    edges = [*sorted(latest), at + 777]
    seconds = sum((b - a) * latest[a] for a, b in itertools.pairwise(edges)) / 480e6
    assert ticks.seconds_at(np.array([at + 777]))[0] == pytest.approx(seconds)


@pytest.mark.shared_data
@pytest.mark.skipif(not (SHARED / "mutopia-piano").is_dir(), reason="needs shared/data/mutopia-piano")
def test_engraved_pieces_have_the_notes_that_their_index_counts() -> None:
    lines = (SHARED / "mutopia-piano" / "index.tsv").read_text(encoding="utf-8").splitlines()
    columns = lines[0].split("\t")
    rows = [dict(zip(columns, line.split("\t"), strict=False)) for line in lines[1:]]
    for row in rows[::25]:
        ticks = read_ticks((SHARED / "mutopia-piano" / "midi" / row["file"]).read_bytes())
        assert len(ticks.notes) == int(row["notes"])
