"""What kind of instrument a recording is of, where nobody says."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import soundfile
from listen_scores import scale_score
from numpy.typing import NDArray

from lessons.files import write_score
from lessons.score import NOTE_DTYPE, Score, even_bars
from tutor.commands import listen
from tutor.commands.parts import Parts
from tutor.listen.kind import of_score, of_sound
from tutor.listen.periodicity import Sound

RATE, NOTE_SEC = 22050, 0.5
SCALE = (60, 62, 64, 65, 67, 69, 71, 72)


def tone(pitch: float, falls: float = 0.0, moves_cents: float = 0.0) -> NDArray[np.float64]:
    """A note that falls by so many decibels a second, and whose pitch swings by so many cents."""
    times = np.arange(round(NOTE_SEC * RATE)) / RATE
    hertz = 440 * 2 ** ((pitch - 69 + moves_cents / 100 * np.sin(2 * np.pi * 5.5 * times)) / 12)
    phase = 2 * np.pi * np.cumsum(hertz) / RATE
    shape = np.minimum(1, np.minimum(times / 0.01, (NOTE_SEC - times) / 0.03)) * 10 ** (-falls * times / 20)
    return 0.15 * shape * sum(np.sin(k * phase) / k for k in range(1, 6))


def line(pitches: tuple[float, ...], falls: float = 0.0, moves_cents: float = 0.0) -> Sound:
    notes = [tone(pitch, falls, moves_cents) for pitch in pitches]
    return np.concatenate([np.zeros(RATE // 5), *notes, np.zeros(RATE // 5)]).astype(np.float32)


def blocks(sound: Sound) -> list[Sound]:
    return [sound[start : start + RATE] for start in range(0, len(sound), RATE)]


def asked(path: Path, *words: object) -> int:
    parser = ArgumentParser()
    listen.configure(parser)
    return listen.run(parser.parse_args([str(word) for word in (path, "--json", *words)]), cast(Parts, None))


def test_notes_that_are_kept_are_one_line_high_or_low() -> None:
    assert of_sound(RATE, blocks(line(SCALE))) == "violin"
    assert of_sound(RATE, blocks(line(tuple(pitch - 20 for pitch in SCALE)))) == "cello"


def test_who_never_holds_a_pitch_still_sings_unless_it_is_too_high() -> None:
    assert of_sound(RATE, blocks(line(SCALE, falls=6.0, moves_cents=25))) == "voice"
    assert of_sound(RATE, blocks(line(tuple(pitch + 16 for pitch in SCALE), moves_cents=25))) == "violin"


def test_notes_that_fall_and_stand_still_are_a_pianos() -> None:
    assert of_sound(RATE, blocks(line(SCALE, falls=20.0))) == "piano"


def test_chords_are_a_pianos_even_where_they_are_kept() -> None:
    chords = sum(line(tuple(pitch + step for pitch in SCALE)) for step in (0, 4, 7, 10))
    assert of_sound(RATE, blocks(chords.astype(np.float32))) == "piano"


def test_silence_is_a_pianos_and_not_listened_to_for_hours() -> None:
    heard = 0

    def silence() -> Iterator[Sound]:
        nonlocal heard
        for heard in range(1, 1000):  # noqa: B007 - told after the loop
            yield np.zeros(10 * 8000, np.float32)

    assert of_sound(8000, silence()) == "piano"
    assert heard <= 13


def test_a_score_of_chords_or_of_two_hands_is_a_pianos_whatever_sounds() -> None:
    one = scale_score(left=False)
    chord = np.concatenate([one.notes, one.notes])
    chord["pitch"][: len(one.notes)] += 4
    apart = one.notes.copy()
    apart["hand"] = np.arange(len(apart)) % 2
    assert of_score(one) == ""
    assert of_score(one.with_notes(chord)) == "piano"
    assert of_score(one.with_notes(apart)) == "piano"
    assert of_score(Score(np.empty(0, NOTE_DTYPE), even_bars(1, 4.0))) == ""


def test_the_command_hears_a_line_where_nobody_says_what_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    soundfile.write(tmp_path / "a.wav", line(SCALE), RATE)
    assert asked(tmp_path / "a.wav") == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["instrument"] == "violin"
    assert [note["pitch"] for note in json.loads(out)["notes"]] == list(SCALE)
    assert "heard as one line (violin). Say --instrument for another." in err


def test_the_command_asks_nobody_where_the_score_has_chords(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    soundfile.write(tmp_path / "a.wav", line(SCALE), RATE)
    score = scale_score(left=False)
    thirds = np.concatenate([score.notes, score.notes])
    thirds["pitch"][: len(score.notes)] += 4
    write_score(score.with_notes(thirds), tmp_path / "a.musicxml")
    assert asked(tmp_path / "a.wav", "--score", tmp_path / "a.musicxml") == 0
    out, err = capsys.readouterr()
    assert "heard as one line" not in err
    assert json.loads(out)["instrument"] == "piano"
