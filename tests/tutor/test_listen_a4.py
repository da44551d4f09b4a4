"""Music in another tuning than A = 440 Hz, where its player says so: at baroque pitch all sounds a semitone lower."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import soundfile
import soxr
from listen_scores import scale_score
from listen_sounds import RATE, Sound, piano

from lessons.errors import InputError
from lessons.files import write_score
from models.rules import RuleComposer
from tutor.assess import assess
from tutor.clock import stamp
from tutor.commands import listen, practise
from tutor.commands.parts import MakeListener, Parts
from tutor.config import Config
from tutor.events import Inbox, NoteOn
from tutor.follow import Follower
from tutor.listen.expecting import Expecting
from tutor.listen.level import SoundLevel
from tutor.listen.listener import Hearing
from tutor.performance import Performance
from tutor.practice import Hands, PracticeSettings
from tutor.session import Session

BAROQUE = 415.0
SCALE = scale_score(left=False).notes["pitch"].tolist()
NOTE_SEC, FIRST_SEC = 0.5, 0.5


def recorder(a4_hertz: float = BAROQUE, pitches: list[int] = SCALE) -> Sound:
    """A scale of a wind instrument, two notes a second."""
    times = np.arange(round(NOTE_SEC * RATE)) / RATE
    shape = np.minimum(1, np.minimum(times / 0.01, (NOTE_SEC - times) / 0.05))
    notes = [np.zeros(round(FIRST_SEC * RATE))]
    for pitch in pitches:
        phase = 2 * np.pi * a4_hertz * 2 ** ((pitch - 69) / 12) * times
        notes.append(0.15 * shape * sum(np.sin(part * phase) / part for part in range(1, 6)))
    return np.concatenate([*notes, np.zeros(RATE)]).astype(np.float32)


def strings(a4_hertz: float = BAROQUE, pitches: list[int] = SCALE) -> Sound:
    """The same on a piano that is tuned so."""
    keys = [(FIRST_SEC + NOTE_SEC * place * a4_hertz / 440, pitch) for place, pitch in enumerate(pitches)]
    return np.asarray(soxr.resample(piano(keys), RATE * a4_hertz / 440, RATE), np.float32)


SOUNDS: dict[str, Callable[..., Sound]] = {"flute": recorder, "piano": strings}


def live(instrument: str, a4_hertz: float | None, sound: Sound) -> list[tuple[float, int]]:
    """(seconds, pitch) of what is told at once where no score is known."""
    listener = Hearing(instrument, 0.0, a4_hertz).listen(RATE, 0.0)
    events = [event for at in range(0, len(sound), 512) for event in listener.feed(sound[at : at + 512])]
    return [(event.time_sec, event.pitch) for event in events if isinstance(event, NoteOn)]


def kept(instrument: str, a4_hertz: float | None, sound: Sound) -> Performance:
    """The take of a session with the scale before it."""
    score, hearing, inbox = scale_score(left=False), Hearing(instrument, 0.0, a4_hertz), Inbox()
    expecting = Expecting(score, hearing, 0.0, PracticeSettings(hands=Hands.RIGHT))
    listener = hearing.listen(RATE, 0.0)
    for at in range(0, len(sound), 512):
        for event in listener.feed(sound[at : at + 512]):
            inbox.put(event)
    for event in (*listener.finish(), None):
        inbox.put(event)
    session = Session(score, Follower(score), inbox, [expecting], clock=None, hindsight=expecting.hindsight)
    return session.run().performance


def heard(capsys: pytest.CaptureFixture[str], path: Path, *flags: object) -> dict:
    parser = ArgumentParser()
    listen.configure(parser)
    assert listen.run(parser.parse_args([str(path), *map(str, flags), "--json"]), cast(Parts, None)) == 0
    return json.loads(capsys.readouterr().out)


@pytest.fixture(params=SOUNDS)
def instrument(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def path(instrument: str, tmp_path: Path) -> Path:
    """A recording at baroque pitch."""
    soundfile.write(tmp_path / "a.wav", SOUNDS[instrument](), RATE)
    return tmp_path / "a.wav"


def test_at_once_the_keys_are_those_that_were_meant(instrument: str) -> None:
    told = live(instrument, BAROQUE, SOUNDS[instrument]())
    assert [pitch for _, pitch in told] == SCALE
    begun = FIRST_SEC * (440 / BAROQUE if instrument == "piano" else 1.0)
    np.testing.assert_allclose([at for at, _ in told], begun + NOTE_SEC * np.arange(len(SCALE)), atol=0.06)


def test_where_nobody_says_so_they_are_a_semitone_lower(instrument: str) -> None:
    told = [pitch for _, pitch in live(instrument, None, SOUNDS[instrument]())]
    assert told == [pitch - 1 for pitch in SCALE]


@pytest.mark.parametrize("a4_hertz", [392.0, BAROQUE, 466.0])
def test_a_lesson_keeps_the_take_as_it_was_meant(instrument: str, a4_hertz: float) -> None:
    take = kept(instrument, a4_hertz, SOUNDS[instrument](a4_hertz))
    assert take.notes["pitch"].tolist() == SCALE
    assert assess(scale_score(left=False), take).summary()["f1"] == 1.0


def test_a_recording_without_a_score_is_written_down_as_it_was_meant(
    instrument: str, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = heard(capsys, path, "--instrument", instrument, "--a4", BAROQUE)
    assert [note["pitch"] for note in said["notes"]] == SCALE
    assert said["tuning_hertz"] == BAROQUE


def test_a_recording_with_its_score_is_right(
    instrument: str, path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_score(scale_score(left=False), tmp_path / "score.musicxml")
    flags = "--instrument", instrument, "--score", tmp_path / "score.musicxml", "--a4", BAROQUE
    summary = heard(capsys, path, *flags)["summary"]
    assert (summary["hit"], summary["extra"], summary["wrong"]) == (len(SCALE), 0, 0)


def test_what_is_known_is_not_looked_for_a_semitone_away(
    instrument: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    soundfile.write(tmp_path / "a.wav", SOUNDS[instrument](440.0, [pitch + 1 for pitch in SCALE]), RATE)
    write_score(scale_score(left=False), tmp_path / "score.musicxml")
    flags = "--instrument", instrument, "--score", tmp_path / "score.musicxml"
    assert heard(capsys, tmp_path / "a.wav", *flags)["summary"]["hit"] == len(SCALE)
    assert heard(capsys, tmp_path / "a.wav", *flags, "--a4", 440)["summary"]["hit"] < len(SCALE)


def test_cents_count_from_what_is_known_and_it_does_not_drift() -> None:
    hearing = Hearing("flute", 0.0, BAROQUE)
    listener, sound = hearing.listen(RATE, 0.0), recorder(BAROQUE * 2 ** (20 / 1200))
    for at in range(0, len(sound), 512):
        listener.feed(sound[at : at + 512])
    listener.finish()
    assert hearing.lines[-1].tuning_hertz == BAROQUE
    cents = [note.cents for note in hearing.lines[-1].hindsight(1.0)]
    assert np.median(cents) == pytest.approx(20, abs=4)


@pytest.mark.parametrize("hertz", [0.0, 389.9, 470.1, float("nan")])
def test_a_tuning_that_nobody_has_is_refused(hertz: float, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="must be 390 to 470 Hz"):
        Hearing("flute", 0.0, hertz)
    parser = ArgumentParser()
    listen.configure(parser)
    with pytest.raises(InputError, match="must be 390 to 470 Hz"):
        listen.run(parser.parse_args([str(tmp_path / "a.wav"), "--a4", str(hertz)]), cast(Parts, None))


class Playing:
    """A microphone before which the whole scale has been played once it is open."""

    name, level = "desk", SoundLevel()

    def __init__(self, make: MakeListener, inbox: Inbox, sound: Sound):
        listener = make(RATE, stamp() - len(sound) / RATE)
        for at in range(0, len(sound), 512):
            for event in listener.feed(sound[at : at + 512]):
                inbox.put(event)
        for event in (*listener.finish(), None):
            inbox.put(event)

    def close(self) -> None: ...


@pytest.mark.parametrize(("flags", "lower"), [(["--a4", "415"], 0), ([], -1)])
def test_a_lesson_without_the_window_is_heard_by_the_a_that_is_named(
    flags: list[str], lower: int, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DACAPO_HOME", str(tmp_path))
    write_score(scale_score(left=False), tmp_path / "score.musicxml")
    parser = ArgumentParser()
    practise.configure(parser)
    given = Parts(
        **dict.fromkeys(("midi_input_names", "open_midi", "serial_names", "open_serial", "open_speaker"), tuple),
        device_checks=tuple,
        composer=RuleComposer,
        open_microphone=lambda _wanted, make, inbox: Playing(make, inbox, recorder()),
    )
    words = [str(tmp_path / "score.musicxml"), "--audio", "desk", "--instrument", "flute", "--json", *flags]
    assert practise.run(parser.parse_args(words), given) == 0
    said = [json.loads(line)["pitch"] for line in capsys.readouterr().out.splitlines()[:-1]]
    assert said[:4] == [pitch + lower for pitch in SCALE[:4]]


def test_lessons_take_the_tuners_a_only_where_the_learner_says_so() -> None:
    assert Config(tuner_hertz=BAROQUE).a4_hertz is None
    assert Config(tuner_hertz=BAROQUE, tuned_by_tuner=True).a4_hertz == BAROQUE
    assert Config(tuner_hertz=0.0, tuned_by_tuner=True).a4_hertz is None
