"""What the program remembers, and where."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tutor.config import Config, home, journal_path
from tutor.glove.kinds import Kind
from tutor.practice import Hands, Mode, PracticeSettings


def test_settings_come_back_as_they_were_saved(tmp_path):
    path = tmp_path / "deep" / "settings.json"
    practice = PracticeSettings(mode=Mode.WAIT, hands=Hands.LEFT, tempo_ratio=0.75, bars=(3, 4))
    config = Config(
        midi_input="Klavier", glove_port="/dev/glove", dark=False, volume=0.3, glove_gains=(0.5, 1.0), practice=practice
    )
    config.save(path)
    assert Config.load(path) == config
    assert [file.name for file in path.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{",
        '{"volume": "loud"}',
        '{"glove_gains": ["strong"]}',
        '{"glove_gains": 3}',
        '{"glove_level": Infinity, "glove_kind": "hot", "dark": "no", "pupil": null, "practice": 4}',
        '{"practice": {"mode": "asleep"}}',
        "\x00",
    ],
)
def test_settings_that_cannot_be_read_are_the_first_settings(tmp_path, content):
    path = tmp_path / "settings.json"
    path.write_text(content)
    assert Config.load(path) == Config()


def test_settings_of_another_version_keep_what_is_known(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"volume": 0.5, "colour of the piano": "red", "practice": {"metronome": true, "new": 1}}')
    assert Config.load(path) == Config(volume=0.5, practice=PracticeSettings(metronome=True))


NEWER = {
    "microphone_late_ms": 118.0,
    "glove_onset_ms": 63.0,
    "glove_gains": [1.0, 0.8],
    "glove_kind": "hot-glove",
    "midi_input": "Klavier",
    "pupil": "Ann",
    "colour": "red",
    "practice": {"mode": "rehearse", "tempo_ratio": 0.5},
}


def test_a_value_that_cannot_be_used_leaves_all_others_as_they_are(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps(NEWER))
    assert Config.load(path) == Config(
        microphone_late_ms=118.0, glove_onset_ms=63.0, glove_gains=(1.0, 0.8), midi_input="Klavier", pupil="Ann"
    )


@pytest.mark.parametrize("is_first", [True, False])
def test_what_a_newer_program_wrote_is_there_after_the_next_save(two, is_first):
    path, computer = two[0] if is_first else two[1], two[0]
    path.parent.mkdir(parents=True, exist_ok=True)
    for file in {path, computer}:
        file.write_text(json.dumps(NEWER))
    config = Config.load(path, computer)
    replace(config, pupil="Ben").save(path, computer, config)
    kept = json.loads(path.read_text()) | json.loads(computer.read_text()) | {"pupil": None}
    assert kept.items() >= {**NEWER, "pupil": None}.items()
    assert Config.load(path, computer).pupil == "Ben"


def test_what_the_learner_chooses_takes_the_place_of_what_a_newer_program_wrote(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps(NEWER))
    config = Config.load(path)
    chosen = replace(config, glove_kind=Kind.LUCID, practice=PracticeSettings(mode=Mode.WAIT))
    chosen.save(path, before=config)
    assert Config.load(path) == chosen


def test_practice_of_a_newer_program_keeps_what_is_not_known_here(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"practice": {"metronome": true, "new": 1}}')
    replace(Config.load(path), practice=PracticeSettings(mode=Mode.WAIT)).save(path)
    assert json.loads(path.read_text())["practice"]["new"] == 1
    assert Config.load(path).practice == PracticeSettings(mode=Mode.WAIT)


@pytest.mark.parametrize("content", ["{", "[]", "7"])
def test_a_broken_file_is_set_aside_and_not_written_over(two, content):
    first, anna = two
    anna.parent.mkdir(parents=True)
    for path in (first, anna):
        path.write_text(content)
        Config(pupil="Ann").save(path, first)
        (kept,) = path.parent.glob("settings.json.damaged-*")
        assert kept.read_text() == content
        assert Config.load(path, first).pupil == "Ann"


def test_the_home_can_be_named_by_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("DACAPO_HOME", str(tmp_path))
    assert home() == tmp_path
    assert journal_path() == tmp_path / "journal.db"
    monkeypatch.delenv("DACAPO_HOME")
    assert isinstance(home(), Path) and home() != tmp_path


@pytest.fixture
def two(tmp_path):
    """The settings of the home, and those of another learner; there is a lock where there are several."""
    (tmp_path / ".lock").touch()
    return tmp_path / "settings.json", tmp_path / "learners" / "anna" / "settings.json"


def test_devices_are_the_computers_and_touch_is_the_learners(two):
    first, anna = two
    Config(midi_input="Klavier", microphone_late_ms=40, glove_level=90, dark=False).save(first)
    begins = Config.load(anna, first)
    assert (begins.midi_input, begins.microphone_late_ms, begins.dark) == ("Klavier", 40, False)
    assert (begins.glove_level, begins.practice) == (Config().glove_level, Config().practice)
    chosen = replace(begins, glove_port="/dev/glove", glove_level=30, practice=PracticeSettings(mode=Mode.WAIT))
    chosen.save(anna, first, begins)
    assert Config.load(anna, first) == chosen
    assert Config.load(first) == Config(
        midi_input="Klavier", microphone_late_ms=40, glove_port="/dev/glove", glove_level=90, dark=False
    )


def test_two_windows_keep_each_others_choice_of_devices(two):
    first, anna = two
    Config().save(first)
    mine, hers = Config.load(first), Config.load(anna, first)
    replace(hers, glove_port="/dev/glove").save(anna, first, hers)
    replace(mine, midi_input="Klavier", glove_level=90).save(first, first, mine)
    replace(hers, volume=0.1).save(anna, first, hers)
    there = Config.load(first)
    assert (there.glove_port, there.midi_input, there.volume, there.glove_level) == ("/dev/glove", "Klavier", 0.1, 90)


def test_the_settings_of_the_home_can_be_broken_and_another_learner_has_settings(two):
    first, anna = two
    first.write_text("{")
    Config(instrument="flute", volume=0.2).save(anna, first)
    assert Config.load(anna, first) == Config(instrument="flute", volume=0.2)
    (kept,) = first.parent.glob("settings.json.damaged-*")
    assert kept.read_text() == "{"
