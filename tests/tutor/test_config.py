"""What the program remembers, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.config import Config, home, journal_path
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


def test_the_home_can_be_named_by_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("DACAPO_HOME", str(tmp_path))
    assert home() == tmp_path
    assert journal_path() == tmp_path / "journal.db"
    monkeypatch.delenv("DACAPO_HOME")
    assert isinstance(home(), Path) and home() != tmp_path
