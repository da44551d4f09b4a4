"""The journal keeps takes through killed processes, other processes, old and new schemas, and damaged files."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import create_mock_engine, select, text
from sqlalchemy.orm import Session as Transaction

from lessons.errors import InputError, JournalError
from tutor.events import NoteOff, NoteOn, Pedal
from tutor.journal import liveness, schema
from tutor.journal.entries import MadeExercise, PassageEntry
from tutor.journal.journal import Journal
from tutor.journal.tables import Base, EventRow
from tutor.listen.listener import Hearing
from tutor.performance import Performance, TakeRecorder
from tutor.practice import PracticeSettings

ROOT = Path(__file__).resolve().parents[2]
EVENTS = [NoteOn(0.5, 60, 70), Pedal(0.6, 127), NoteOff(0.9, 60), NoteOn(1.0, 64, 80), NoteOff(1.5, 64)]


@pytest.fixture
def notices() -> list[str]:
    return []


@pytest.fixture
def path(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("HOME", str(tmp_path / "at_home"))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "at_home").mkdir()
    return tmp_path / "home" / "journal.db"


@pytest.fixture
def journal(path, notices):
    journal = Journal.open(path, notices.append)
    yield journal
    journal.close()


def play(journal: Journal, title: str = "Steps") -> tuple[str, Performance]:
    take_log = journal.begin_take("abc", title, {"mode": "follow-me"})
    for event in EVENTS:
        take_log.append(event)
    performance = TakeRecorder(0.0).extend(EVENTS).performance()
    assert take_log.finish(performance)
    return take_log.take_id, performance


def test_a_finished_take_comes_back_as_it_was_played(journal):
    take_id, played = play(journal)
    assert journal.take(take_id).digest == played.digest
    entry = journal.takes()[0]
    assert (entry.take_id, entry.title, entry.note_count, entry.recovered) == (take_id, "Steps", 2, False)
    assert entry.settings == {"mode": "follow-me"}


def test_a_take_is_kept_with_the_settings_with_which_it_ended_and_what_else_was_said_of_it(journal):
    began = PracticeSettings(bars=(1, 2))
    take_log = journal.begin_take("abc", "Steps", began.as_json() | {"passage": "bars 1–2"})
    journal.keep_passes(take_log.take_id, [{"level": 3}])
    take_log.finish(TakeRecorder(0.0).extend(EVENTS).performance(), replace(began, tempo_ratio=0.5))
    settings = journal.takes()[0].settings
    assert PracticeSettings.from_json(settings) == replace(began, tempo_ratio=0.5)
    assert (settings["passage"], settings["passes"]) == ("bars 1–2", [{"level": 3}])


def test_a_take_that_is_kept_as_a_file_has_the_settings_with_which_it_ended(path, notices):
    make_newer(path)
    stand_in = Journal.open_or_stand_in(path, notices.append)
    take_log = stand_in.begin_take("abc", "Steps", PracticeSettings().as_json())
    take_log.finish(TakeRecorder(0.0).extend(EVENTS).performance(), PracticeSettings(tempo_ratio=0.5))
    (kept,) = path.parent.glob("*.dacapo-take.json")
    assert json.loads(kept.read_text())["settings"]["tempo_ratio"] == 0.5


def test_what_went_through_from_a_file_was_not_played_here_and_pushes_nothing_out(journal):
    performance = TakeRecorder(0.0).extend(EVENTS).performance()
    for title, source in (("Steps", "midi"), ("Row", None), ("Steps", "take"), ("Row", "take")):
        journal.begin_take(f"of {title}", title, {"source": source} if source else {}).finish(performance)
    assert [entry.title for entry in journal.played_takes()] == ["Row", "Steps"]
    assert [entry.title for entry in journal.played_takes(limit=1)] == ["Row"]
    assert [entry.title for entry in journal.played_takes({"of Row", "Elsewhere"})] == ["Row"]
    assert [entry.score_digest for entry in journal.played_takes({"Steps"})] == ["of Steps"]
    assert len(journal.takes()) == 4


def test_growing_events_are_gone_once_the_take_is_finished(journal, path):
    play(journal)
    with Transaction(schema.engine_for(path)) as transaction:
        assert transaction.scalars(select(EventRow)).all() == []


@pytest.mark.parametrize(
    ("heard", "known"), [({}, True), (Hearing("flute").how_heard, True), (Hearing("piano").how_heard, False)]
)
def test_a_take_comes_back_without_lengths_where_a_piano_was_heard(journal, heard, known):
    take_log = journal.begin_take("abc", "Steps", {"mode": "follow-me"} | heard)
    take_log.finish(TakeRecorder(0.0).extend(EVENTS).performance())
    assert journal.take(take_log.take_id).lengths_known == known


def test_an_assessment_and_its_mistakes_are_kept_with_the_take(journal):
    take_id, _ = play(journal)
    journal.judge(take_id, {"summary": {"hit": 2}}, [{"kind": "early", "bar": 3, "times": 4}])
    assert journal.flush()
    assert journal.entry(take_id).assessment == {"summary": {"hit": 2}}
    assert journal.mistakes(take_id) == [{"kind": "early", "bar": 3, "times": 4}]


def test_a_list_of_takes_says_which_are_judged_and_leaves_the_assessments_where_they_are(journal):
    judged, unjudged = play(journal)[0], play(journal)[0]
    journal.judge(judged, {"summary": {"hit": 2}})
    assert journal.flush()
    listed = {entry.take_id: entry for entry in journal.takes()}
    assert (listed[judged].is_judged, listed[unjudged].is_judged) == (True, False)
    assert listed[judged].assessment is None
    whole = {entry.take_id: entry.assessment for entry in journal.whole(listed.values())}
    assert whole == {judged: {"summary": {"hit": 2}}, unjudged: None}


def test_a_take_without_notes_leaves_no_trace(journal):
    take_log = journal.begin_take("abc", "Steps", {})
    assert not take_log.finish(TakeRecorder(0.0).performance())
    assert journal.takes() == []
    assert journal.recover() == []


def test_takes_are_found_by_their_score_newest_first(journal):
    first, _ = play(journal, "One")
    second, _ = play(journal, "Two")
    assert [entry.take_id for entry in journal.takes("abc")] == [second, first]
    assert journal.takes("other") == []


def test_an_unknown_take_is_refused_in_one_line(journal):
    with pytest.raises(InputError, match="nope"):
        journal.take("nope")


def test_an_exercise_is_kept_with_its_provenance_and_its_file(journal):
    made = journal.keep_exercise("Study", "d1", "Bar 3 came early.", {"seed": 4}, "study.musicxml", b"<score/>")
    assert journal.flush()
    (entry,) = journal.exercises()
    assert (entry.exercise_id, entry.provenance, entry.file) == (made, {"seed": 4}, b"<score/>")


def test_what_made_the_exercises_is_told_without_their_files(journal):
    journal.keep_exercise("Study", "d1", "Bar 3 came early.", {"seed": 4}, "study.musicxml", b"<score/>")
    assert journal.flush()
    (entry,), (made,) = journal.exercises(), journal.made_exercises()
    told = {name: value for name, value in vars(entry).items() if name not in ("file_name", "file")}
    assert made == MadeExercise(**told)


def test_what_was_kept_is_not_pushed_off_the_shelf_by_exercises_that_nobody_played(journal):
    def kept(title, digest, provenance):
        journal.keep_exercise(title, digest, "Why.", provenance, "study.musicxml", b"<score/>")

    kept("My song", "song", {"seed": 4})
    for number in range(120):
        kept(f"After it {number}", "abc" if number == 7 else f"d{number}", {"seed": number, "excerpt": [1, 2]})
    play(journal, "After it 7")
    assert journal.flush()
    assert [entry.title for entry in journal.shelved()] == ["After it 7", "My song"]
    assert len(journal.made_exercises()) == 121


def test_an_exercise_that_is_taken_off_the_shelf_is_not_lost(journal, path):
    made = [journal.keep_exercise(title, "d1", "Why.", {}, "study.musicxml", b"<score/>") for title in ("One", "Two")]
    journal.remove_exercise(made[0])
    assert journal.flush()
    assert [entry.title for entry in journal.exercises()] == ["Two"]
    assert [made.title for made in journal.made_exercises()] == ["Two"]
    with sqlite3.connect(path) as connection:
        assert connection.execute("select count(*) from exercises where file is not null").fetchone() == (2,)


def playing_process(path: Path) -> subprocess.Popen[str]:
    """A process that has put five events on disk and goes on playing."""
    script = f"""
        import sys, time
        from pathlib import Path
        from tutor.events import NoteOff, NoteOn, Pedal
        from tutor.journal.journal import Journal
        journal = Journal.open(Path({str(path)!r}))
        take_log = journal.begin_take("abc", "Steps", {{}})
        for event in {EVENTS!r}:
            take_log.append(event)
        assert journal.flush()
        print(take_log.take_id, flush=True)
        sys.stdin.read()
    """
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_the_take_so_far_is_recovered_after_kill_9(path, notices):
    process = playing_process(path)
    take_id = process.stdout.readline().strip()
    process.send_signal(signal.SIGKILL)
    process.wait()
    journal = Journal.open(path, notices.append)
    (entry,) = journal.recover()
    assert (entry.take_id, entry.recovered, entry.note_count) == (take_id, True, 2)
    assert journal.take(take_id).digest == TakeRecorder(0.0).extend(EVENTS).performance().digest
    assert journal.recover() == []
    journal.close()


def test_a_recovered_take_begins_at_a_key_that_was_struck_before_its_start(journal, path, notices):
    first = Journal.open(path, notices.append)
    take_log = first.begin_take("abc", "Steps", {})
    for event in (NoteOn(-0.5, 60, 70), NoteOff(0.25, 60)):
        take_log.append(event)
    first.close()
    journal.recover()
    assert journal.take(take_log.take_id).notes.tolist() == [(0.0, 0.75, 60, 70)]


def test_nobody_recovers_a_take_that_another_process_is_playing(path, journal):
    with playing_process(path) as process:
        process.stdout.readline()
        assert journal.recover() == []
        mine, _ = play(journal, "Mine")
        assert [entry.take_id for entry in journal.takes()] == [mine]
        process.kill()


def say_nothing_for(path: Path, seconds: int) -> None:
    """Make the last sign of life of all takes that old, as after a machine has slept."""
    with sqlite3.connect(path) as connection:
        connection.execute("update takes set alive_at = datetime('now', ?)", [f"-{seconds} seconds"])


def test_a_process_that_was_silent_keeps_its_take_while_it_lives(path, journal):
    with playing_process(path) as process:
        process.stdout.readline()
        say_nothing_for(path, 3600)
        assert journal.recover() == []
        process.kill()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the system does not say when a process began")
def test_a_take_of_a_process_whose_number_another_one_has_now_is_recovered(path, journal):
    with playing_process(path) as process:
        take_id = process.stdout.readline().strip()
        began = liveness.writer_name().rsplit(":", 1)[1].partition("-")[0]
        with sqlite3.connect(path) as connection:
            writer = liveness.writer_name().replace(f":{began}-", f":{int(began) - 1}-")
            connection.execute("update takes set writer = ?", [writer])
        assert [entry.take_id for entry in journal.recover()] == [take_id]
        process.kill()


@pytest.mark.parametrize(("seconds", "are_gone"), [(59, False), (61, True)])
def test_who_writes_from_another_machine_has_ended_after_a_minute_of_silence(path, journal, seconds, are_gone):
    take_log = journal.begin_take("abc", "Steps", {})
    take_log.append(EVENTS[0])
    assert journal.flush()
    with sqlite3.connect(path) as connection:
        connection.execute("update takes set writer = 'elsewhere:1:0a0b0c0d'")
    say_nothing_for(path, seconds)
    assert bool(journal.recover()) == are_gone


def test_an_empty_take_of_who_may_still_play_is_not_thrown_away(path, journal):
    take_log = journal.begin_take("abc", "Steps", {})
    assert journal.flush()
    with sqlite3.connect(path) as connection:
        connection.execute("update takes set writer = 'elsewhere:1:0a0b0c0d'")
    say_nothing_for(path, 3600)
    assert journal.recover() == []
    with sqlite3.connect(path) as connection:
        assert connection.execute("select id from takes").fetchall() == [(take_log.take_id,)]


def test_a_take_whose_row_was_thrown_away_is_whole_in_the_journal(path, journal, notices):
    take_log = journal.begin_take("abc", "Steps", {"mode": "follow-me"})
    assert journal.flush()
    with sqlite3.connect(path) as connection:
        connection.execute("delete from takes")
    for event in EVENTS:
        take_log.append(event)
    assert journal.flush()
    with sqlite3.connect(path) as connection:
        connection.execute("pragma foreign_keys = on")
        assert connection.execute("select count(*) from growing_events").fetchone() == (len(EVENTS),)
        connection.execute("delete from takes")
    played = TakeRecorder(0.0).extend(EVENTS).performance()
    assert take_log.finish(played)
    assert journal.take(take_log.take_id).digest == played.digest
    assert journal.takes()[0].settings == {"mode": "follow-me"}
    assert notices == []


def test_a_take_that_the_journal_leaves_out_is_kept_as_a_file(path, journal, notices, monkeypatch):
    take_log = journal.begin_take("abc", "Steps", {})
    monkeypatch.setattr("tutor.journal.rows.finish", lambda *_: 1 / 0)
    played = TakeRecorder(0.0).extend(EVENTS).performance()
    assert take_log.finish(played)
    assert any("as a file" in notice for notice in notices)
    monkeypatch.undo()
    assert [entry.take_id for entry in journal.recover()] == [take_log.take_id]
    assert journal.take(take_log.take_id).digest == played.digest


def test_what_was_left_out_fails_one_flush_and_no_later_one(journal):
    journal.keep_passage(PassageEntry("abc", 1, 2, "both", "no moment", {}))
    assert not journal.flush()
    assert journal.flush()


def test_a_take_left_unfinished_by_a_closed_journal_is_recovered(path, notices):
    first = Journal.open(path, notices.append)
    take_log = first.begin_take("abc", "Steps", {})
    take_log.append(EVENTS[0])
    first.close()
    second = Journal.open(path, notices.append)
    assert [entry.take_id for entry in second.recover()] == [take_log.take_id]
    second.close()


def test_each_version_of_the_schema_migrates_to_the_newest_with_its_takes(path):
    path.parent.mkdir()
    engine = schema.engine_for(path)
    schema.migrate(engine, target="1")
    with engine.begin() as connection:
        connection.execute(
            text(
                "insert into takes"
                " (id, started_at, finished_at, score_digest, title, settings, duration_sec, note_count)"
                " values ('old', '2025-01-02 03:04:05.000', '2025-01-02 03:05:05.000', 'abc', 'Old', '{}', 1.5, 1)"
            )
        )
        connection.execute(text("insert into played_notes values ('old', 0, 0.5, 1.0, 60, 70)"))
        connection.execute(text("insert into pedals values ('old', 0, 0.25, 127)"))
    engine.dispose()
    journal = Journal.open(path)
    assert [entry.title for entry in journal.takes()] == ["Old"]
    assert journal.take("old").notes.tolist() == [(0.5, 1.0, 60, 70)]
    assert journal.take("old").pedals.tolist() == [(0.25, 127)]
    play(journal)
    assert len(journal.takes()) == 2
    journal.close()


def test_the_migrations_make_the_tables_that_the_models_name(path):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    Journal.open(path).close()
    with schema.engine_for(path).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_a_migration_that_fails_leaves_the_old_version_whole(path, monkeypatch):
    path.parent.mkdir()
    engine = schema.engine_for(path)
    schema.migrate(engine, target="1")
    with engine.begin() as connection:
        connection.execute(text("create table mistakes (in_the_way integer)"))
    engine.dispose()
    with pytest.raises(JournalError, match=r"journal\.db"):
        Journal.open(path)
    with schema.engine_for(path).connect() as connection:
        assert schema.schema_version(connection) == "1"
        assert "writer" not in [row[1] for row in connection.execute(text("pragma table_info(takes)"))]


def make_newer(path: Path) -> bytes:
    Journal.open(path).close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("update alembic_version set version_num = '99'")
    connection.execute("pragma wal_checkpoint(truncate)")
    connection.close()
    return path.read_bytes()


def test_a_newer_schema_is_refused_and_not_touched(path):
    before = make_newer(path)
    with pytest.raises(JournalError, match="newer"):
        Journal.open(path)
    assert path.read_bytes() == before


def test_a_newer_schema_can_still_be_read(path):
    journal = Journal.open(path)
    take_id, played = play(journal)
    journal.close()
    make_newer(path)
    reader = Journal.open_to_read(path)
    assert reader.take(take_id).digest == played.digest
    with pytest.raises(JournalError):
        reader.begin_take("abc", "Steps", {})
    reader.close()


def test_the_program_goes_on_beside_a_newer_schema_and_its_takes_wait_as_files(path, notices):
    before = make_newer(path)
    stand_in = Journal.open_or_stand_in(path, notices.append)
    take_id, played = play(stand_in)
    assert stand_in.take(take_id).digest == played.digest
    stand_in.close()
    assert path.read_bytes() == before
    assert len(notices) == 2
    with sqlite3.connect(path) as connection:
        connection.execute(f"update alembic_version set version_num = '{schema.NEWEST}'")
    connection.close()
    journal = Journal.open(path, notices.append)
    assert [entry.take_id for entry in journal.recover()] == [take_id]
    assert journal.take(take_id).digest == played.digest
    assert journal.recover() == []
    journal.close()


@pytest.mark.parametrize("content", [b"\x00\xfe no database" * 100, b"SQLite format 3\x00" + b"\xff" * 4096])
def test_a_damaged_journal_is_set_aside_whole_and_a_new_one_begun(path, notices, content):
    path.parent.mkdir()
    path.write_bytes(content)
    journal = Journal.open(path, notices.append)
    play(journal)
    journal.close()
    (aside,) = path.parent.glob("journal.db.damaged-*")
    assert aside.read_bytes() == content
    assert len(notices) == 1


def test_a_locked_journal_delays_a_take_but_loses_nothing(path, notices, monkeypatch):
    monkeypatch.setattr(schema, "BUSY_MS", 50)
    monkeypatch.setattr("tutor.journal.take_log.FINISH_SEC", 0.5)
    journal = Journal.open(path, notices.append)
    locker = sqlite3.connect(path, isolation_level=None)
    locker.execute("begin immediate")
    take_log = journal.begin_take("abc", "Steps", {})
    for event in EVENTS:
        take_log.append(event)
    played = TakeRecorder(0.0).extend(EVENTS).performance()
    assert take_log.finish(played)  # as a file
    assert any("locked" in notice for notice in notices)
    locker.execute("rollback")
    locker.close()
    assert journal.flush()
    assert journal.take(take_log.take_id).digest == played.digest
    assert journal.recover() == []  # the file is here already
    journal.close()


FULL_DISK = """
    import json, resource, signal, sys, tempfile
    from pathlib import Path
    from tutor.events import NoteOn
    from tutor.journal import spill, take_log
    from tutor.journal.journal import Journal
    from tutor.performance import TakeRecorder
    tempfile.tempdir = {elsewhere!r}
    take_log.FINISH_SEC = 2.0
    notices = []
    journal = Journal.open(Path({path!r}), notices.append)
    log = journal.begin_take("abc", "Steps", {{}})
    assert journal.flush()
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
    events = [NoteOn(0.01 * index, 60, 70) for index in range(3000)]
    for event in events:
        log.append(event)
    performance = TakeRecorder(0.0).extend(events).performance()
    kept = log.finish(performance)
    print(json.dumps([kept, log.take_id, performance.digest, notices]))
"""


def run_on_a_full_disk(path: Path, elsewhere: Path, limit: int) -> tuple[bool, str, str, list[str]]:
    script = textwrap.dedent(FULL_DISK).format(path=str(path), elsewhere=str(elsewhere), limit=limit)
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return tuple(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.skipif(sys.platform == "win32", reason="the limit on file sizes is POSIX")
def test_on_a_full_disk_the_take_is_kept_as_a_file_and_the_learner_told_once(path, tmp_path, notices):
    kept, take_id, digest, said = run_on_a_full_disk(path, tmp_path / "elsewhere", 200_000)
    assert kept
    assert len([notice for notice in said if "cannot be written" in notice]) == 1
    journal = Journal.open(path, notices.append)
    recovered = journal.recover()
    assert take_id in [entry.take_id for entry in recovered]
    assert journal.take(take_id).digest == digest
    journal.close()


@pytest.mark.skipif(sys.platform == "win32", reason="the limit on file sizes is POSIX")
def test_where_no_disk_takes_anything_the_program_says_so_and_goes_on(path, tmp_path):
    kept, _, _, said = run_on_a_full_disk(path, tmp_path / "elsewhere", 1_000)
    assert not kept
    assert any("memory" in notice for notice in said)


def test_the_tables_can_be_made_on_postgresql():
    statements: list[str] = []
    engine = create_mock_engine(
        "postgresql+psycopg://", lambda sql, *_: statements.append(str(sql.compile(dialect=engine.dialect)))
    )
    Base.metadata.create_all(engine, checkfirst=False)
    assert len([statement for statement in statements if "CREATE TABLE" in statement]) == len(Base.metadata.tables)


def test_times_of_long_takes_come_back_to_the_last_bit(journal):
    take_log = journal.begin_take("abc", "Long", {})
    seconds = np.random.default_rng(1).uniform(0, 5000, 500)
    for second in sorted(seconds.tolist()):
        take_log.append(NoteOn(second, 60, 64))
    performance = TakeRecorder(0.0).extend(NoteOn(second, 60, 64) for second in sorted(seconds.tolist())).performance()
    take_log.finish(performance)
    assert journal.take(take_log.take_id).digest == performance.digest
