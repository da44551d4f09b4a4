import json
from argparse import ArgumentParser
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import soundfile
from listen_scores import scale_score
from listen_sounds import CHORDS, RATE, Notes, Sound, piano

from lessons.errors import FormatError, InputError
from lessons.files import write_score
from tutor.commands import listen
from tutor.commands.parts import Parts
from tutor.listen.audio_file import AudioFile
from tutor.listen.piano import SURE, PianoListener, Stroke
from tutor.listen.tuning import tuning_cents
from tutor.listen.verify import verified
from tutor.performance import Performance
from tutor.takes import load_take


def strokes(sound: Sound, rate: int = RATE, size: int = 10_000) -> list[Stroke]:
    listener = PianoListener(rate)
    for start in range(0, len(sound), size):
        listener.feed(sound[start : start + size])
    return listener.finish()


def sure(found: list[Stroke]) -> list[Stroke]:
    return [stroke for stroke in found if stroke.confidence >= SURE]


def test_chords_and_a_tune_are_heard_key_by_key() -> None:
    found = sure(strokes(piano(CHORDS)))
    assert sorted(s.pitch for s in found) == sorted(pitch for _, pitch in CHORDS)
    for time, pitch in CHORDS:
        assert any(s.pitch == pitch and abs(s.onset_sec - time) < 0.03 for s in found)
    assert all(0.2 < s.duration_sec < 1.2 for s in found)


def test_any_size_of_block_gives_the_same_strokes() -> None:
    sound = piano(CHORDS)
    whole, parts = strokes(sound, size=len(sound)), strokes(sound, size=777)
    assert [(s.pitch, s.onset_sec) for s in whole] == [(s.pitch, s.onset_sec) for s in parts]


def test_a_long_recording_is_heard_to_its_end_in_time() -> None:
    notes = [(0.5 + 0.5 * place, 62 + place % 12) for place in range(24)]
    found = sure(strokes(piano(notes)))
    assert [s.pitch for s in found] == [pitch for _, pitch in notes]
    np.testing.assert_allclose([s.onset_sec for s in found], [time for time, _ in notes], atol=0.03)


def test_silence_and_noise_have_no_strokes() -> None:
    noise = np.random.default_rng(0).normal(0, 0.05, 3 * RATE).astype(np.float32)
    assert sure(strokes(np.zeros(RATE, np.float32))) == []
    assert sure(strokes(noise)) == []
    assert strokes(np.zeros(0, np.float32)) == []


def played(skip: int = -1, add: Notes | None = None) -> Notes:
    """The piece of `scale_score`, from 0.5 s on at two notes a second."""
    rows = scale_score().notes
    notes = [
        (0.5 + 0.5 * float(row["onset_beat"]), int(row["pitch"])) for place, row in enumerate(rows) if place != skip
    ]
    return sorted(notes + (add or []))


def test_a_written_note_that_is_not_played_is_missed_and_the_others_are_hit() -> None:
    score = scale_score()
    judged = verified(score, strokes(piano(played(skip=4))))
    said = {(note["onset_beat"], note["pitch"]): note["verdict"] for note in judged.as_json()["notes"]}
    gone = score.notes[4]
    assert said.pop((float(gone["onset_beat"]), int(gone["pitch"]))) == "missed"
    assert set(said.values()) == {"hit"}


def test_an_unwritten_note_is_extra_and_a_harmonic_is_not() -> None:
    judged = verified(scale_score(), strokes(piano(played(add=[(2.25, 66)]))))
    assert [stray["pitch"] for stray in judged.as_json()["extra"]] == [66]
    assert judged.summary()["hit"] == len(scale_score().notes)


def run(*words: object) -> int:
    parser = ArgumentParser()
    listen.configure(parser)
    return listen.run(parser.parse_args([str(word) for word in words]), cast(Parts, None))


def test_the_command_writes_the_notes_of_a_piano_as_a_take(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    soundfile.write(tmp_path / "a.flac", np.stack([piano(CHORDS)] * 6, axis=1), RATE)
    assert run(tmp_path / "a.flac", "-o", tmp_path / "a.mid", "--json") == 0
    said = json.loads(capsys.readouterr().out)["notes"]
    take: Performance = load_take(tmp_path / "a.mid")
    assert [note["pitch"] for note in said] == take.notes["pitch"].tolist()
    assert sorted(note["pitch"] for note in said) == sorted(pitch for _, pitch in CHORDS)


def test_the_command_judges_a_recording_against_its_score(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    soundfile.write(tmp_path / "a.wav", piano(played(skip=4)), RATE)
    write_score(scale_score(), tmp_path / "score.musicxml")
    assert run(tmp_path / "a.wav", "--score", tmp_path / "score.musicxml", "--json") == 0
    assert json.loads(capsys.readouterr().out)["summary"]["missed"] == 1
    assert run(tmp_path / "a.wav", "--score", tmp_path / "score.musicxml") == 0
    assert capsys.readouterr().out


def test_a_recording_of_another_piece_is_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_score(scale_score(), tmp_path / "score.musicxml")
    other = [(0.3 + 0.2 * place, 50 + (7 * place) % 12 + 12 * (place % 3)) for place in range(24)]
    soundfile.write(tmp_path / "other.wav", piano(other, 0.15), RATE)
    soundfile.write(tmp_path / "right.wav", piano(played()), RATE)
    assert run(tmp_path / "other.wav", "--score", tmp_path / "score.musicxml", "--json") == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["summary"]["precision"] < 0.4
    assert told.err.count("\n") == 1
    assert "does not sound like" in told.err
    assert run(tmp_path / "right.wav", "--score", tmp_path / "score.musicxml", "--json") == 0
    assert capsys.readouterr().err == ""


def out_of_tune(path: Path, cents: float, notes: Notes | None = None) -> Path:
    """The piece of `scale_score`, or these notes, on a piano so many cents sharp: the same samples at another rate."""
    import soxr

    sound = soxr.resample(piano(notes or played()), RATE * 2 ** (cents / 1200), RATE)
    soundfile.write(path, sound, RATE)
    return path


@pytest.mark.parametrize("cents", [-45, -30, 0, 45])
def test_what_a_piano_is_tuned_to_is_heard(cents: int, tmp_path: Path) -> None:
    blocks = AudioFile(out_of_tune(tmp_path / "a.wav", cents)).blocks()
    assert tuning_cents(RATE, blocks) == pytest.approx(cents, abs=4)


def test_noise_and_silence_are_tuned_to_nothing() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 5 * RATE).astype(np.float32)
    assert tuning_cents(RATE, [noise]) == tuning_cents(RATE, [0 * noise]) == 0


@pytest.mark.parametrize("cents", [-60, -45, 45, 60])
def test_a_piano_that_is_out_of_tune_is_heard_as_written_and_its_tuning_told(
    cents: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_score(scale_score(), tmp_path / "score.musicxml")
    path = out_of_tune(tmp_path / "a.wav", cents)
    assert run(path, "--score", tmp_path / "score.musicxml", "--json") == 0
    told = capsys.readouterr()
    judged = json.loads(told.out)
    assert (judged["summary"]["hit"], judged["summary"]["extra"]) == (10, 0)
    assert judged["tuning_hertz"] == pytest.approx(440 * 2 ** (cents / 1200), abs=1)
    assert f"the piano is tuned to A = {judged['tuning_hertz']:.0f} Hz" in told.err


def test_the_notes_of_a_flat_piano_are_told_when_they_were_struck(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(out_of_tune(tmp_path / "a.wav", -45, CHORDS), "--json") == 0
    told = sorted((note["pitch"], note["time_sec"]) for note in json.loads(capsys.readouterr().out)["notes"])
    struck = sorted((pitch, time * 2 ** (45 / 1200)) for time, pitch in CHORDS)
    assert [pitch for pitch, _ in told] == [pitch for pitch, _ in struck]
    np.testing.assert_allclose([time for _, time in told], [time for _, time in struck], atol=0.03)


def test_the_command_hears_one_line_of_another_instrument(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    times = np.arange(RATE) / RATE
    tone = np.where(times % 0.5 < 0.45, 0.3, 0.0) * np.sin(2 * np.pi * np.where(times < 0.5, 523.25, 659.26) * times)
    soundfile.write(tmp_path / "a.ogg", tone, RATE)
    assert run(tmp_path / "a.ogg", "--instrument", "flute", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert [note["pitch"] for note in said["notes"]] == [72, 76]
    assert abs(said["notes"][0]["cents"]) < 15
    assert run(tmp_path / "a.ogg", "--instrument", "flute") == 0
    assert "2 notes" in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"", b"RIFF\0\0", b"not a sound at all" * 50, b"\xff\xfb\x90" + b"\0" * 40])
@pytest.mark.parametrize("ending", ["wav", "mp3"])
def test_what_is_no_recording_is_refused_in_one_line(tmp_path: Path, content: bytes, ending: str) -> None:
    path = tmp_path / f"broken.{ending}"
    path.write_bytes(content)
    with pytest.raises(FormatError, match="broken") as raised:
        list(AudioFile(path).blocks())
        raise FormatError("broken, but read as nothing")
    assert "\n" not in str(raised.value)


def test_other_bad_wishes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no such file"):
        run(tmp_path / "nowhere.wav")
    soundfile.write(tmp_path / "a.wav", np.zeros(100), 4000)
    with pytest.raises(FormatError, match="4000 Hz"):
        run(tmp_path / "a.wav")
    with pytest.raises(InputError, match="kazoo"):
        run(tmp_path / "a.wav", "--instrument", "kazoo")
