import json
import os
import sqlite3
import subprocess
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pytest

from tutor.commands import doctor
from tutor.commands.parts import Check, Parts

ROOT = Path(__file__).resolve().parents[2]
BARE = """
import sys
for name in ("rtmidi", "sounddevice", "serial", "tinysoundfont", "pretty_midi", "mido"):
    sys.modules[name] = None
from tutor.devices.checks import device_checks
for check in device_checks():
    print(check.name, check.works, check.remedy, sep="|")
"""


def unused(*_: object) -> NoReturn:
    raise AssertionError("the doctor opens nothing")


def parts(checks: Sequence[Check], weights: Sequence[Check] = ()) -> Parts:
    return Parts(
        midi_input_names=unused,
        open_midi=unused,
        serial_names=list,
        open_serial=unused,
        open_speaker=unused,
        device_checks=lambda: checks,
        composer=unused,
        weights_checks=lambda: weights,
    )


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DACAPO_HOME", str(tmp_path))
    return tmp_path


KEYBOARD = Check("MIDI inputs", True, "Piano", found=("Piano",))
NO_SOUND = Check("audio output", False, "PortAudio is missing", "sudo apt install libportaudio2")


def test_the_person_reads_what_is_missing_and_the_line_that_gets_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.run(Namespace(json=False), parts([KEYBOARD, NO_SOUND])) == 0
    said = capsys.readouterr().out
    assert "Piano" in said
    assert "→ sudo apt install libportaudio2" in said


def test_programs_read_one_object_with_each_check_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    weights = Check("weights pitch", True, "pitch-0a1b2c3d, accuracy 0.97", found=("pitch-0a1b2c3d",))
    assert doctor.run(Namespace(json=True), parts([KEYBOARD, NO_SOUND], [weights])) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["midi_inputs"] == {"works": True, "says": "Piano", "remedy": "", "found": ["Piano"]}
    assert said["audio_output"]["remedy"] == "sudo apt install libportaudio2"
    assert said["weights_pitch"]["found"] == ["pitch-0a1b2c3d"]
    assert {"python", "packages", "database", "gloves"} <= set(said)


def test_a_package_that_is_not_installed_is_named(tmp_path: Path) -> None:
    listed = tmp_path / "requirements.in"
    listed.write_text("# a comment\npytest>=7  # there\nno-such-package==1\n")
    check = doctor.packages(listed)
    assert not check.works
    assert "no-such-package" in check.says
    assert check.found == (f"pytest {pytest.__version__}",)


def test_a_journal_that_is_not_there_yet_is_no_fault(home: Path) -> None:
    check = doctor.database(home / "journal.db")
    assert check.works
    assert not (home / "journal.db").exists()


def test_a_journal_tells_the_version_of_its_tables(home: Path) -> None:
    path = home / "journal.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table alembic_version (version_num text)")
        connection.execute("insert into alembic_version values ('1')")
    assert doctor.database(path).found == (str(path), "schema 1")
    with sqlite3.connect(path) as connection:
        connection.execute("update alembic_version set version_num = '999'")
    newer = doctor.database(path)
    assert not newer.works
    assert "newer program" in newer.says


def test_a_file_that_is_no_journal_is_told_and_left_as_it_is(home: Path) -> None:
    path = home / "journal.db"
    path.write_bytes(b"this is no database at all, though it is long enough to look like one" * 20)
    before = path.read_bytes()
    check = doctor.database(path)
    assert not check.works
    assert "\n" not in check.says
    assert path.read_bytes() == before


def test_without_a_single_driver_every_check_still_answers_with_a_remedy() -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    finished = subprocess.run(
        [sys.executable, "-c", BARE], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    rows = [line.split("|") for line in finished.stdout.splitlines()]
    broken = {name: remedy for name, works, remedy in rows if works == "False"}
    assert {"MIDI inputs", "MIDI outputs", "audio output", "audio input", "serial ports", "soundfont"} <= set(broken)
    assert all(broken.values())
    assert broken["audio output"] == "sudo apt install libportaudio2"


def test_a_home_that_cannot_be_written_is_told_before_the_first_take(home: Path, monkeypatch) -> None:
    with monkeypatch.context() as closed:
        closed.setattr("os.access", lambda *_: False)
        check = doctor.database(home / "journal.db")
        assert not check.works
        assert "cannot be written" in check.says
    (home / "file").write_text("no folder")
    assert "is no folder" in doctor.database(home / "file" / "dacapo" / "journal.db").says
