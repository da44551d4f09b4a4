"""`practise` without the window: what it streams, what it keeps, and how it ends."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from lessons.errors import DeviceError, InputError
from lessons.files import read_score
from lessons.library.shelf import PIECES
from models.rules import RuleComposer
from tutor.commands import headless, practise
from tutor.commands.parts import Parts
from tutor.events import Lost, NoteOn
from tutor.journal.journal import Journal
from tutor.performance import PLAYED_DTYPE, Performance
from tutor.synth import SilentSynth
from tutor.takes import save_take

ROOT = Path(__file__).resolve().parents[2]
PIECE = PIECES / "ode-to-joy.abc"


class Port:
    """A MIDI input that plays a few events as soon as it is opened."""

    name = "Piano"

    def __init__(self, inbox, events):
        self.closed = False
        for event in events:
            inbox.put(event)

    def close(self):
        self.closed = True


def missing(*_):
    raise DeviceError("no such port")


def parts(**own) -> Parts:
    given = {
        "midi_input_names": lambda: ["Piano"],
        "open_midi": missing,
        "serial_names": list,
        "open_serial": missing,
        "open_speaker": missing,
        "device_checks": list,
        "composer": RuleComposer,
    }
    return Parts(**given | own)


@pytest.fixture(scope="module")
def score():
    return read_score(PIECE)


@pytest.fixture(scope="module")
def take_path(score, tmp_path_factory) -> Path:
    """A seeded take: bars 5 and 6 of the right hand a tone too high, everything else a little uneven."""
    rng = np.random.default_rng(5)
    rows = []
    for note in score.notes:
        bar = int(score.bar_numbers_at(float(note["onset_beat"])))
        onset = float(score.tempo.seconds_at(note["onset_beat"])) + rng.normal(0, 0.01)
        wrong = bar in (5, 6) and note["hand"] == 1
        rows.append((max(0.0, onset + 1), 0.3, note["pitch"] + (2 if wrong else 0), 70))
    path = tmp_path_factory.mktemp("takes") / "take.mid"
    save_take(Performance(np.array(rows, PLAYED_DTYPE)), path)
    return path


def practised(words: list[str], capsys, given: Parts | None = None) -> tuple[int, list[dict]]:
    """Run the command; its status and the objects that it printed."""
    parser = argparse.ArgumentParser()
    practise.configure(parser)
    status = practise.run(parser.parse_args(words), given or parts())
    return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.fixture
def database(tmp_path) -> Path:
    return tmp_path / "journal.db"


def test_a_take_is_streamed_judged_kept_and_answered_with_an_exercise(score, take_path, database, capsys):
    words = [str(PIECE), "--take", str(take_path), "--headless", "--json", "--journal", str(database)]
    status, said = practised(words, capsys)
    assert status == 0
    cues = [one for one in said[:-1] if not one.get("revised")]
    assert [one["index"] for one in cues] == list(range(len(score.notes)))
    assert {"time_sec", "pitch", "verdict", "onset_beat", "position_beat", "confidence", "step_ms"} <= set(cues[0])
    last = said[-1]
    assert last["assessment"]["summary"]["score_notes"] == len(score.notes)
    assert set(range(last["next"]["bars"][0], last["next"]["bars"][1] + 1)) & {5, 6}
    assert last["next"]["feature"] in ("pitch", "chords")
    assert last["next"]["analogy"]["weights"] and last["next"]["reason"].startswith("Bar")
    journal = Journal.open(database)
    (entry,) = journal.takes()
    assert (entry.take_id, entry.note_count) == (last["take_id"], len(score.notes))
    assert [whole.assessment for whole in journal.whole([entry])] == [last["assessment"]]
    assert journal.exercises()[0].exercise_id == last["next"]["exercise_id"]
    journal.close()


def test_a_take_in_the_journal_can_be_played_again_by_its_id(take_path, database, capsys):
    words = [str(PIECE), "--headless", "--json", "--journal", str(database)]
    _, first = practised([*words, "--take", str(take_path)], capsys)
    status, second = practised([*words, "--take", first[-1]["take_id"]], capsys)
    assert status == 0
    assert second[-1]["assessment"]["summary"] == first[-1]["assessment"]["summary"]
    assert second[-1]["take_id"] != first[-1]["take_id"]


def test_the_exercise_can_be_written_and_read_as_a_score(take_path, database, tmp_path, capsys):
    out = tmp_path / "next.musicxml"
    words = [str(PIECE), "--take", str(take_path), "--json", "--journal", str(database), "--exercise", str(out)]
    _, said = practised(words, capsys)
    first, last = said[-1]["next"]["analogy"]["excerpt"]
    assert len(read_score(out).bars) == last - first + 1


def test_the_same_seed_makes_the_same_exercise(take_path, database, tmp_path, capsys):
    words = [str(PIECE), "--take", str(take_path), "--json", "--seed", "7", "--exercise"]
    outs = [tmp_path / f"{name}.musicxml" for name in ("one", "two")]
    for out in outs:
        practised([*words, str(out), "--journal", str(tmp_path / f"{out.stem}.db")], capsys)
    assert outs[0].read_bytes() == outs[1].read_bytes()


def test_a_take_at_its_own_pace_has_the_same_verdicts(score, tmp_path, database, capsys):
    notes = [(0.05 * place, 0.04, note["pitch"], 70) for place, note in enumerate(score.notes[:12])]
    path = tmp_path / "fast.mid"
    save_take(Performance(np.array(notes, PLAYED_DTYPE)), path)
    words = [str(PIECE), "--take", str(path), "--json", "--journal", str(database)]
    _, at_once = practised(words, capsys)
    _, paced = practised([*words, "--realtime"], capsys)
    assert [(one["pitch"], one["verdict"]) for one in paced[:-1]] == [
        (one["pitch"], one["verdict"]) for one in at_once[:-1]
    ]
    assert [one["time_sec"] for one in paced[:-1]] == pytest.approx([one["time_sec"] for one in at_once[:-1]], abs=1e-6)


def test_a_lost_input_ends_with_status_3_and_the_take_is_kept(database, capsys):
    now = time.perf_counter()
    events = [NoteOn(now + 0.01 * index, 64, 70) for index in range(5)] + [Lost(now + 1, "Piano")]
    ports = []

    def open_midi(name, inbox):
        ports.append(Port(inbox, events))
        return ports[-1]

    words = [str(PIECE), "--midi", "Piano", "--json", "--journal", str(database)]
    status, said = practised(words, capsys, parts(open_midi=open_midi))
    assert status == 3
    assert ports[0].closed
    journal = Journal.open(database)
    assert [entry.take_id for entry in journal.takes()] == [said[-1]["take_id"]]
    journal.close()


def test_a_missing_glove_is_a_missing_device(take_path, database, capsys):
    words = [str(PIECE), "--take", str(take_path), "--json", "--journal", str(database), "--glove", "nowhere"]
    with pytest.raises(DeviceError):
        practised(words, capsys)
    journal = Journal.open(database)
    assert journal.takes() == []
    journal.close()


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--take", "x.mid", "--exercise", str(PIECE)],
        ["--audio", "mic", "--instrument", "kazoo"],
        ["--audio", "mic", "--a4", "300"],
        ["--midi", "P", "--a4", "415"],
        ["--take", "nosuch"],
        ["--take", "nosuch.mid"],
        ["--midi", "P", "--bars", "5-x"],
    ],
)
def test_what_cannot_be_is_refused_in_one_line(words, database, capsys):
    with pytest.raises(InputError) as refused:
        practised([str(PIECE), "--headless", "--journal", str(database), *words], capsys)
    assert "\n" not in str(refused.value)


def test_with_no_note_played_there_is_nothing_to_judge(database, capsys):
    words = [str(PIECE), "--midi", "Piano", "--json", "--journal", str(database)]
    given = parts(open_midi=lambda name, inbox: Port(inbox, [None]))
    assert practised(words, capsys, given) == (0, [{"assessment": None, "next": None, "take_id": None}])


def test_a_machine_that_cannot_sound_what_was_asked_for_says_why(take_path, database, capsys):
    words = [str(PIECE), "--take", str(take_path), "--json", "--journal", str(database), "--sound"]
    parser = argparse.ArgumentParser()
    practise.configure(parser)
    practise.run(parser.parse_args(words), parts(open_speaker=lambda: SilentSynth("no sound device can be opened")))
    assert "There is no sound: no sound device can be opened" in capsys.readouterr().err.splitlines()


def test_without_headless_the_window_opens(capsys):
    opened = []
    parser = argparse.ArgumentParser()
    practise.configure(parser)
    given = parts(open_window=lambda arguments: opened.append(arguments.score) or 0)
    assert practise.run(parser.parse_args([str(PIECE)]), given) == 0
    assert opened == [str(PIECE)]


@pytest.mark.parametrize(("name", "words"), [("nope.mid", []), ("empty.mid", []), ("piece", ["--bars", "90-95"])])
def test_the_window_does_not_open_for_what_cannot_be_practised(tmp_path, name, words):
    (tmp_path / "empty.mid").touch()
    opened = []
    parser = argparse.ArgumentParser()
    practise.configure(parser)
    path = str(PIECE) if name == "piece" else str(tmp_path / name)
    with pytest.raises(InputError) as refused:
        practise.run(parser.parse_args([path, *words]), parts(open_window=opened.append))
    assert (opened, refused.value.status) == ([], 2)


def started(take: Path, database: Path) -> subprocess.Popen[str]:
    """The real program, playing a take at its own pace; returned once it has heard three notes."""
    words = [sys.executable, "main.py", "practise", str(PIECE), "--take", str(take), "--realtime", "--json"]
    process = subprocess.Popen(
        [*words, "--journal", str(database)], cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ}
    )
    for _ in range(3):
        process.stdout.readline()
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_signal_ends_the_session_with_the_take_kept_and_judged(number, take_path, database):
    process = started(take_path, database)
    process.send_signal(number)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    last = json.loads(out.splitlines()[-1])
    journal = Journal.open(database)
    assert [entry.take_id for entry in journal.takes()] == [last["take_id"]]
    journal.close()


def signalling(number: int, times: int):
    """A composer who is asked to stop so often while it composes."""
    left = [number] * times

    def composer():
        while left:
            signal.raise_signal(left.pop())
        return RuleComposer()

    return composer


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_after_the_piece_has_ended_does_not_cost_its_report(number, take_path, database, capsys):
    composer = signalling(number, 1)
    before = signal.getsignal(number)
    words = [str(PIECE), "--take", str(take_path), "--json", "--journal", str(database)]
    status, said = practised(words, capsys, parts(composer=composer))
    assert (status, said[-1]["assessment"]["summary"]["hit"] > 0) == (0, True)
    assert signal.getsignal(number) is before


def test_who_insists_gets_out_without_the_report(take_path, database, capsys):
    composer = signalling(signal.SIGINT, headless.PATIENT_ASKS + 1)
    words = [str(PIECE), "--take", str(take_path), "--json", "--journal", str(database)]
    with pytest.raises(KeyboardInterrupt):
        practised(words, capsys, parts(composer=composer))


def test_that_a_live_take_has_ended_is_told_before_it_is_judged(database, capsys):
    def composer():
        assert "The take has ended" in capsys.readouterr().err
        return RuleComposer()

    now = time.perf_counter()
    events = [*(NoteOn(now + 0.3 * index, 64, 70) for index in range(5)), None]
    words = [str(PIECE), "--midi", "Piano", "--json", "--journal", str(database)]
    given = parts(open_midi=lambda name, inbox: Port(inbox, events), composer=composer)
    assert practised(words, capsys, given)[0] == 0


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_killed_program_leaves_its_take_to_the_next_start(take_path, database):
    process = started(take_path, database)
    reader = threading.Thread(target=process.stdout.read, daemon=True)
    reader.start()
    journal = Journal.open(database)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and growing_events(database) < 6:
        time.sleep(0.05)
    process.kill()
    process.wait()
    (entry,) = journal.recover()
    assert entry.recovered and entry.note_count >= 3
    journal.close()


def growing_events(database: Path) -> int:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(database)) as connection:
        return connection.execute("select count(*) from growing_events").fetchone()[0]
