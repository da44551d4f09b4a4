"""Recordings of one line that are not as they should be."""

import json
import os
import re
import tracemalloc
from argparse import ArgumentParser
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import soundfile
from listen_scores import scale_score
from numpy.typing import NDArray

from lessons.errors import FormatError
from lessons.files import write_score
from tutor.commands import listen
from tutor.commands.parts import Parts
from tutor.listen.audio_file import AudioFile
from tutor.listen.condition import Condition
from tutor.listen.mono import Mix
from tutor.listen.second_look import SecondLook

RATE = 44100
SCALE = (60, 62, 64, 65, 67, 69, 71, 72)


def line(pitches: tuple[float, ...] = SCALE, rate: int = RATE, loudness: float = 0.15) -> NDArray[np.float64]:
    times = np.arange(round(0.4 * rate)) / rate
    shape = np.minimum(1, np.minimum(times / 0.01, (0.4 - times) / 0.03))
    notes = []
    for pitch in pitches:
        hertz = 440 * 2 ** ((pitch - 69) / 12)
        wave = sum(np.sin(2 * np.pi * k * hertz * times) / k for k in range(1, 6) if k * hertz < rate / 2.5)
        notes.append(loudness * shape * wave)
    return np.concatenate([np.zeros(rate // 5), *notes, np.zeros(rate // 4)])


def speech(seconds: float) -> NDArray[np.float64]:
    """Somebody who talks: the pitch falls and rises all the time, with hisses between."""
    rng, parts = np.random.default_rng(5), []
    while sum(map(len, parts)) < seconds * RATE:
        times = np.arange(round(rng.uniform(0.08, 0.2) * RATE)) / RATE
        pitch = rng.uniform(42, 48) + rng.uniform(-40, 40) * times + 2 * np.sin(2 * np.pi * 7 * times)
        phase = 2 * np.pi * np.cumsum(440 * 2 ** ((pitch - 69) / 12)) / RATE
        parts.append(0.1 * np.hanning(len(times)) * sum(np.sin(k * phase) / k for k in range(1, 12)))
        parts.append(0.02 * rng.normal(size=round(rng.uniform(0.03, 0.12) * RATE)))
    return np.concatenate(parts)


def run(path: Path, *words: object, as_json: bool = True) -> int:
    parser = ArgumentParser()
    listen.configure(parser)
    said = [str(word) for word in (path, "--instrument", "flute", *["--json"][: int(as_json)], *words)]
    return listen.run(parser.parse_args(said), cast(Parts, None))


def pitches(path: Path, capsys: pytest.CaptureFixture[str]) -> list[int]:
    assert run(path) == 0
    return [note["pitch"] for note in json.loads(capsys.readouterr().out)["notes"]]


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 32000, 48000, 96000])
def test_a_line_is_heard_at_every_rate(rate: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    soundfile.write(tmp_path / "a.wav", line(rate=rate), rate)
    assert pitches(tmp_path / "a.wav", capsys) == list(SCALE)


def test_six_channels_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    front = line()
    soundfile.write(tmp_path / "a.wav", np.stack([front, front, front, 0 * front, 0.3 * front, 0.3 * front], 1), RATE)
    assert pitches(tmp_path / "a.wav", capsys) == list(SCALE)


def test_silence_has_no_notes_and_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(2 * RATE), RATE)
    assert run(tmp_path / "a.wav") == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["notes"] == []
    assert said.err.endswith("a.wav: nothing is heard, the recording is silent\n")


def test_a_clipped_recording_is_heard_all_the_same_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    soundfile.write(tmp_path / "a.wav", np.clip(line(loudness=1.5), -1, 1), RATE)
    assert run(tmp_path / "a.wav") == 0
    said = capsys.readouterr()
    assert [note["pitch"] for note in json.loads(said.out)["notes"]] == list(SCALE)
    assert "clipped" in said.err


def test_a_block_that_was_lost_costs_at_most_its_own_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sound = line()
    hole = round(1.55 * RATE)
    soundfile.write(tmp_path / "a.wav", np.concatenate([sound[:hole], sound[hole + 512 :]]), RATE)
    assert list(dict.fromkeys(pitches(tmp_path / "a.wav", capsys))) == list(SCALE)


def test_another_piece_is_told_as_such(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_score(scale_score(left=False), tmp_path / "scale.musicxml")
    soundfile.write(tmp_path / "a.wav", line((85, 78, 82, 85, 78, 75, 82, 78) * 2), RATE)
    assert run(tmp_path / "a.wav", "--score", tmp_path / "scale.musicxml") == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["summary"]["f1"] < 0.35
    assert "does not sound like" in said.err
    soundfile.write(tmp_path / "a.wav", line(), RATE)
    assert run(tmp_path / "a.wav", "--score", tmp_path / "scale.musicxml") == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("octaves", "way"), [(1, "an octave higher"), (-1, "an octave lower")])
def test_a_line_an_octave_off_what_is_written_is_judged_as_written_and_told(
    octaves: int, way: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_score(scale_score(left=False), tmp_path / "scale.musicxml")
    sounding = tuple(pitch + 12 * octaves for pitch in SCALE)
    soundfile.write(tmp_path / "a.wav", line((*sounding[:4], sounding[4] + 1, *sounding[5:])), RATE)
    words = ("--score", tmp_path / "scale.musicxml", "--instrument", "cello" if octaves < 0 else "flute")
    assert run(tmp_path / "a.wav", *words) == 0
    said = capsys.readouterr()
    judged = json.loads(said.out)
    assert (judged["summary"]["hit"], judged["octaves"]) == (7, -octaves)
    assert said.err.endswith(f"a.wav: heard {way} than written\n")


def tuned(tmp_path: Path, hertz: float) -> Path:
    """A flute whose A is elsewhere, with its D too high."""
    high = tuple(pitch + 12 * np.log2(hertz / 440) + 0.3 * (pitch == 62) for pitch in SCALE)
    soundfile.write(tmp_path / "a.wav", line(high), RATE)
    return tmp_path / "a.wav"


def test_a_line_is_told_its_tuning_and_the_names_of_its_notes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tuned(tmp_path, 446.0), as_json=False) == 0
    out = capsys.readouterr().out
    assert re.search(r"A = 44[67] Hz \(\+2\d cents\)", out)
    assert "  60  C4" in out


@pytest.mark.parametrize("hertz", [446.0, 415.0])
def test_the_intonation_of_a_line_is_told_beside_its_score(
    hertz: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_score(scale_score(left=False), tmp_path / "scale.musicxml")
    path = tuned(tmp_path, hertz)
    assert run(path, "--score", tmp_path / "scale.musicxml") == 0
    judged = json.loads(capsys.readouterr().out)
    assert judged["summary"]["hit"] == len(SCALE)
    assert judged["tuning_hertz"] == pytest.approx(hertz, abs=1.5)
    assert [note["cents"] > 20 for note in judged["notes"]] == [note["pitch"] == 62 for note in judged["notes"]]
    assert run(path, "--score", tmp_path / "scale.musicxml", as_json=False) == 0
    assert "D4 most of all" in capsys.readouterr().out


def test_an_instrument_that_is_another_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    low = np.sin(2 * np.pi * 60 * np.arange(6 * RATE) / RATE) / 3
    soundfile.write(tmp_path / "a.wav", low, RATE)
    assert run(tmp_path / "a.wav") == 0
    assert "hardly a note of a flute" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("instrument", "lowest", "above"),
    [("double bass", 28, 12), ("bass guitar", 28, 12), ("trombone", 40, 0), ("bassoon", 34, 0), ("tuba", 28, 0)],
)
def test_low_instruments_are_heard(
    instrument: str, lowest: int, above: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    heights = tuple(lowest + step for step in (0, 5, 7, 12, 17, 24))
    soundfile.write(tmp_path / "a.wav", line(heights), RATE)
    assert run(tmp_path / "a.wav", "--instrument", instrument) == 0
    assert [note["pitch"] for note in json.loads(capsys.readouterr().out)["notes"]] == [h + above for h in heights]


def test_a_room_where_somebody_talks_is_not_taken_for_the_piece(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_score(scale_score(left=False), tmp_path / "scale.musicxml")
    soundfile.write(tmp_path / "a.wav", speech(6.0), RATE)
    assert run(tmp_path / "a.wav", "--score", tmp_path / "scale.musicxml") == 0
    summary = json.loads(capsys.readouterr().out)["summary"]
    assert summary["hit"] == 0


def test_a_damaged_mp3_is_refused_or_heard_to_its_damage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    soundfile.write(tmp_path / "a.mp3", line(), RATE, format="MP3")
    whole = (tmp_path / "a.mp3").read_bytes()
    (tmp_path / "a.mp3").write_bytes(whole[: len(whole) // 2] + b"\x00\x13" * 2000)
    try:
        heard = pitches(tmp_path / "a.mp3", capsys)
    except FormatError as error:
        assert "\n" not in str(error)
    else:
        assert heard[:2] == list(SCALE[:2])


def test_a_longer_recording_takes_no_more_memory() -> None:
    sound = line().astype(np.float32)

    def peak(times: int) -> int:
        look = SecondLook(RATE, "flute")
        tracemalloc.start()
        for _ in range(times):
            look.feed(sound)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(12) < 1.3 * peak(3)


def test_channels_that_cancel_each_other_out_are_heard_and_infinity_is_not() -> None:
    left = np.sin(np.arange(800) / 5).astype(np.float32)
    assert np.array_equal(Mix().of(np.stack([left, -left], axis=1)), left)
    assert np.allclose(Mix().of(np.stack([left, left / 2], axis=1)), 0.75 * left)
    assert not Mix().of(np.zeros((10, 2), np.float32)).any()


def test_one_channel_is_kept_from_block_to_block_unless_another_is_clearly_louder() -> None:
    left = np.sin(np.arange(800) / 5).astype(np.float32)
    mix = Mix()
    assert np.array_equal(mix.of(np.stack([left, -left], axis=1)), left)
    assert np.array_equal(mix.of(np.stack([left, -1.1 * left], axis=1)), left)
    assert np.array_equal(mix.of(np.stack([0.01 * left, -left], axis=1)), -left)
    assert np.array_equal(mix.of(np.stack([left, -left], axis=1)), -left)


def test_a_recording_with_one_channel_turned_over_is_heard_without_seams(tmp_path: Path) -> None:
    rng, sound = np.random.default_rng(0), np.sin(np.arange(3 * RATE) / 20) / 2
    soundfile.write(tmp_path / "a.wav", np.stack([sound, -sound], 1) + rng.normal(0, 1e-4, (3 * RATE, 2)), RATE)
    heard = np.concatenate(list(AudioFile(tmp_path / "a.wav").blocks()))
    assert np.abs(heard - np.sign(np.dot(heard, sound)) * sound).max() < 0.01


def test_a_soft_recording_that_is_heard_is_not_called_silent() -> None:
    condition = Condition(RATE)
    list(condition.watched([np.full(100, 0.0005, np.float32)]))
    assert condition.notices("flute", [0.1]) == []
    assert "silent" in condition.notices("flute", [])[0]


def test_infinity_in_a_recording_is_silence(tmp_path: Path) -> None:
    sound = np.zeros(16000, np.float32)
    sound[100:102] = np.inf, -np.inf
    soundfile.write(tmp_path / "torn.wav", sound, 16000, subtype="FLOAT")
    (block,) = AudioFile(tmp_path / "torn.wav").blocks()
    assert not block.any()


def test_a_name_that_is_no_text_is_read_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"b\xff.wav")
    soundfile.write(os.fsencode(path), np.zeros(800, np.float32), 16000, format="WAV")
    assert AudioFile(path).rate == 16000


@pytest.mark.parametrize("ending", ["wav", "flac", "mp3"])
def test_a_recording_that_was_cut_off_is_heard_as_far_as_it_goes_and_told(
    ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    soundfile.write(tmp_path / f"a.{ending}", line(), RATE)
    assert run(tmp_path / f"a.{ending}") == 0
    assert "cut off" not in capsys.readouterr().err
    whole = (tmp_path / f"a.{ending}").read_bytes()
    (tmp_path / f"a.{ending}").write_bytes(whole[: len(whole) * 6 // 10])
    assert run(tmp_path / f"a.{ending}") == 0
    said = capsys.readouterr()
    heard = [note["pitch"] for note in json.loads(said.out)["notes"]]
    assert 2 <= len(heard) < len(SCALE)
    assert heard[:2] == list(SCALE[:2])
    assert f"a.{ending}: is cut off after 0:0" in said.err


def test_a_text_that_is_called_a_recording_is_told_to_be_text(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "words.mp3").write_text(
        "Dear diary,\ntoday I played the flute: naïve and long.\n" * 20, encoding="utf-8"
    )
    with pytest.raises(FormatError, match="is text, and no recording"):
        AudioFile(tmp_path / "words.mp3")
    assert capfd.readouterr().err == ""


def test_what_is_no_sound_is_not_said_to_be_away(tmp_path: Path) -> None:
    (tmp_path / "odd.mp3").write_bytes(bytes(range(256)) * 40)
    with pytest.raises(FormatError) as refused:
        AudioFile(tmp_path / "odd.mp3")
    assert "does not exist" not in str(refused.value)


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (b"\0\0\0\x20ftypM4A \0\0\0\0", r"MPEG-4 sound, as phones record it \(m4a\)"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01", "WebM"),
        (b"0&\xb2u\x8ef\xcf\x11", "Windows Media"),
        (b"\xff\xf1P\x80\x02\x1f", "AAC"),
    ],
)
def test_a_recording_of_a_kind_that_is_not_read_is_told_what_to_save_it_as(
    start: bytes, words: str, tmp_path: Path
) -> None:
    (tmp_path / "song.m4a").write_bytes(start + bytes(range(256)) * 20)
    with pytest.raises(FormatError, match=rf"song.m4a: is .*{words}.*save it as \.wav, \.flac, \.ogg or \.mp3$"):
        AudioFile(tmp_path / "song.m4a")


def test_sound_without_a_header_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.raw").write_bytes(bytes(range(256)) * 20)
    with pytest.raises(FormatError, match="without a header"):
        AudioFile(tmp_path / "a.raw")


def test_a_recording_that_is_still_being_written_is_not_called_silent(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", line(), RATE)
    whole = (tmp_path / "a.wav").read_bytes()
    size = whole.index(b"data") + 4
    (tmp_path / "a.wav").write_bytes(whole[:size] + bytes(4) + whole[size + 4 :])
    with pytest.raises(FormatError, match="still being written"):
        AudioFile(tmp_path / "a.wav")
    soundfile.write(tmp_path / "empty.wav", np.zeros(0), RATE)
    with pytest.raises(FormatError, match=r"no sound in it$"):
        AudioFile(tmp_path / "empty.wav")


def test_one_absurd_sample_is_no_overflow(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sound = line()
    sound[RATE] = 1e30
    soundfile.write(tmp_path / "a.wav", sound, RATE, subtype="FLOAT")
    with np.errstate(over="raise", invalid="raise"):
        assert set(pitches(tmp_path / "a.wav", capsys)) <= set(SCALE)
