"""Takes are read as they were played and written so that they read the same."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.errors import FormatError, InputError
from tutor.performance import PEDAL_DTYPE, PLAYED_DTYPE, Performance
from tutor.takes import load_take, parse_take, save_take, take_bytes

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
END = b"\x00\xff\x2f\x00"


def midi(*tracks: bytes, division: int = 480) -> bytes:
    chunks = b"".join(b"MTrk" + struct.pack(">I", len(track)) + track for track in tracks)
    return b"MThd" + struct.pack(">IHHH", 6, 1, len(tracks), division) + chunks


def wait(ticks: int) -> bytes:
    return bytes([ticks >> 7 & 0x7F | 0x80, ticks & 0x7F])


def listed(take: Performance) -> list[tuple[float, float, int, int]]:
    return [(round(on, 4), round(length, 4), pitch, force) for on, length, pitch, force in take.notes.tolist()]


def test_seconds_count_from_the_start_of_the_file_through_every_tempo() -> None:
    tempo = b"\x00\xff\x51\x03" + (1_000_000).to_bytes(3, "big")
    later = wait(480) + b"\xff\x51\x03" + (250_000).to_bytes(3, "big")
    note = wait(960) + b"\x90\x3c\x40" + wait(480) + b"\x80\x3c\x00"
    assert listed(parse_take(midi(tempo + later + END, note + END))) == [(1.25, 0.25, 60, 64)]


def test_without_a_tempo_a_beat_is_half_a_second() -> None:
    assert listed(parse_take(midi(wait(480) + b"\x90\x3c\x40" + wait(480) + b"\x80\x3c\x00" + END))) == [
        (0.5, 0.5, 60, 64)
    ]


def test_channels_are_one_piano_but_drums_are_none() -> None:
    notes = b"".join(b"\x00" + bytes([0x90 | channel, 60 + channel, 64]) for channel in (0, 3, 9, 15))
    assert [note[2] for note in listed(parse_take(midi(notes + wait(480) + b"\xff\x2f\x00")))] == [60, 63, 75]


def test_velocity_zero_releases_and_a_stuck_note_ends_with_the_take() -> None:
    stuck = b"\x00\x90\x40\x50"
    short = b"\x00\x3c\x40" + wait(480) + b"\x3c\x00"
    assert listed(parse_take(midi(stuck + short + wait(480) + b"\xff\x2f\x00"))) == [
        (0.0, 0.5, 60, 64),
        (0.0, 1.0, 64, 80),
    ]


def test_a_note_off_without_a_note_is_ignored() -> None:
    note = b"\x00\x80\x3c\x00\x00\x90\x3c\x40" + wait(480) + b"\x80\x3c\x00\x00\x80\x3c\x00"
    assert listed(parse_take(midi(note + END))) == [(0.0, 0.5, 60, 64)]


def test_pedals_are_kept_and_are_no_notes() -> None:
    pedal = b"\x00\xb0\x40\x7f" + wait(480) + b"\xb0\x40\x00\x00\xb0\x01\x10"
    take = parse_take(midi(pedal + END))
    assert take.pedals.tolist() == [(0.0, 127), (0.5, 0)]
    assert len(take.notes) == 0


def test_the_index_of_a_note_is_its_place_by_time_and_pitch() -> None:
    upper = b"\x00\x90\x48\x40" + wait(480) + b"\x80\x48\x00"
    lower = b"\x00\x90\x30\x40" + wait(480) + b"\x80\x30\x00"
    assert [note[2] for note in listed(parse_take(midi(upper + END, lower + END)))] == [48, 72]


playings = st.lists(
    st.tuples(st.integers(0, 600_000), st.integers(0, 127), st.integers(1, 50_000), st.integers(1, 127)),
    min_size=1,
    max_size=40,
    unique_by=lambda note: note[1],
)
pedallings = st.lists(st.tuples(st.integers(0, 600_000), st.integers(0, 127)), max_size=10, unique_by=lambda p: p[0])


@settings(deadline=None)
@given(playings, pedallings)
def test_a_written_take_reads_as_it_was_played(
    playing: list[tuple[int, int, int, int]], pedalling: list[tuple[int, int]]
) -> None:
    rows = [(onset / 1e4, length / 1e4, pitch, velocity) for onset, pitch, length, velocity in playing]
    pedals = [(at / 1e4, value) for at, value in pedalling]
    take = Performance(np.array(rows, PLAYED_DTYPE), np.array(pedals, PEDAL_DTYPE))
    again = parse_take(take_bytes(take))
    assert listed(again) == listed(take)
    assert np.allclose(again.pedals["time_sec"], take.pedals["time_sec"], atol=1e-9)
    assert again.pedals["value"].tolist() == take.pedals["value"].tolist()


def test_a_key_repeated_without_a_gap_keeps_both_notes() -> None:
    take = Performance(np.array([(0.0, 0.5, 60, 64), (0.5, 0.5, 60, 70)], PLAYED_DTYPE))
    assert listed(parse_take(take_bytes(take))) == listed(take)


def test_a_take_with_a_key_before_its_start_is_written_from_that_key_on() -> None:
    notes = np.array([(-0.25, 0.5, 60, 64), (0.5, 0.5, 62, 64)], PLAYED_DTYPE)
    take = Performance(notes, np.array([(-0.5, 127), (1.0, 0)], PEDAL_DTYPE))
    again = parse_take(take_bytes(take))
    assert listed(again) == [(0.25, 0.5, 60, 64), (1.0, 0.5, 62, 64)]
    assert again.pedals.tolist() == [(0.0, 127), (1.5, 0)]


def test_files_go_out_and_come_back_and_are_not_overwritten(tmp_path: Path) -> None:
    take = Performance(np.array([(0.25, 0.5, 60, 64)], PLAYED_DTYPE))
    path = tmp_path / "take.mid"
    save_take(take, path)
    assert listed(load_take(path)) == listed(take)
    with pytest.raises(InputError, match="exists already"):
        save_take(take, path)
    save_take(take, path, force=True)
    with pytest.raises(InputError, match=r"\.mid"):
        save_take(take, tmp_path / "take.wav")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.mid", b"", "empty"),
        ("cut.mid", midi(b"\x00\x90\x3c\x40" + END)[:-3], "track 1 ends early at byte 27"),
        ("silent.mid", midi(END), "no notes"),
        ("take.wav", b"RIFF", ".mid"),
        ("text.mid", b"hello", "no MIDI file"),
    ],
)
def test_what_is_no_take_is_refused_in_one_line(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FormatError) as caught:
        load_take(tmp_path / name)
    assert str(caught.value).startswith(str(tmp_path / name))
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_any_track_is_read_or_refused(track: bytes) -> None:
    try:
        parse_take(midi(track))
    except FormatError as fault:
        assert "\n" not in str(fault)


@pytest.mark.shared_data
@pytest.mark.skipif(not (SHARED / "vienna4x22").is_dir(), reason="needs shared/data/vienna4x22")
@pytest.mark.parametrize("name", ["Chopin_op10_no3_p04", "Mozart_K331_1st-mov_p12", "Schubert_D783_no15_p18"])
def test_real_takes_have_the_notes_of_their_alignment(name: str) -> None:
    lines = (SHARED / "vienna4x22" / "match" / f"{name}.match").read_text(encoding="utf-8")
    info = {key: float(value) for key, value in re.findall(r"info\((midiClock\w+),(\d+)\)", lines)}
    tick = info["midiClockRate"] / 1e6 / info["midiClockUnits"]
    rows = re.findall(r"[^o]note\([^,]+,(\d+),(\d+),(\d+),(\d+)", lines)
    aligned = sorted((int(on) * tick, int(pitch), int(force)) for pitch, on, _, force in rows)
    take = load_take(SHARED / "vienna4x22" / "midi" / f"{name}.mid")
    assert take.notes["pitch"].tolist() == [pitch for _, pitch, _ in aligned]
    assert take.notes["velocity"].tolist() == [force for _, _, force in aligned]
    started = take.notes["onset_sec"] - take.notes["onset_sec"][0]
    assert np.allclose(started, [on - aligned[0][0] for on, _, _ in aligned], atol=1e-6)
