"""Open a database and bring its tables to the newest version, or say in one line why that cannot be.

A newer schema than this program knows is never written to. A file that is no database is set aside by renaming it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError

from lessons.errors import InputError, JournalError
from tutor.clock import utc_now

NEWEST = "7"
BUSY_MS = 4000
HEADER, ENDINGS = b"SQLite format 3\0", (".db", ".sqlite", ".sqlite3")
PROBED_BYTES = 64
CHECKED_BYTES = 64_000_000  # a bigger file would make the start wait for the check

Notify = Callable[[str], None]


def engine_for(path: Path, read_only: bool = False) -> Engine:
    """An engine for a file; nothing is opened yet."""
    query = {"uri": "true", "mode": "ro"} if read_only else {}
    name = path.resolve().as_uri() if read_only else str(path)
    engine = create_engine(URL.create("sqlite", database=name, query=query), connect_args={"timeout": BUSY_MS / 1000})
    event.listen(engine, "connect", _prepare_reading if read_only else _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def writing(engine: Engine) -> Engine:
    """The same engine for transactions that write: on SQLite they take the write lock at once, and wait for it."""
    return engine.execution_options(immediate=True)


def refuse_other_files(path: Path) -> None:
    """Raise InputError for a folder, or a file of another kind that was named by mistake; it is left alone."""
    if path.is_dir():
        raise InputError(f"{path}: is a folder; a journal is a file such as journal.db")
    if path.suffix.lower() in ENDINGS or not path.is_file():
        return  # never opened but by SQLite: to close it would let go of the locks of all its connections here
    begins = _beginning(path)
    if begins and not begins.startswith(HEADER):
        raise InputError(f"{path}: is no journal")


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(PROBED_BYTES)


def _refuse_databases_of_others(path: Path) -> None:
    """Raise InputError for a sound database that has tables, and none of ours; nothing is written to it."""
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_MS / 1000)) as connection:
            tables = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
    except sqlite3.Error:
        return
    if tables and "alembic_version" not in tables:
        raise InputError(f"{path}: is the database of another program; no journal")


def _is_text(begins: bytes) -> bool:
    """Whether somebody can read it: no journal ever begins so, however damaged."""
    try:
        return all(letter.isprintable() or letter.isspace() for letter in begins.decode())
    except UnicodeDecodeError:
        return False


def open_newest(path: Path, notify: Notify) -> Engine:
    """An engine on tables of the newest version; a damaged file is set aside first.

    Raises JournalError, and InputError for a file of another kind.
    """
    try:
        refuse_other_files(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        _refuse_databases_of_others(path)
        _set_aside_if_damaged(path, notify)
        engine = engine_for(path)
        migrate(engine, path.name)
        return engine
    except (OSError, DatabaseError) as error:
        raise JournalError(f"{path.name}: the journal cannot be opened: {reason(error)}") from error


def migrate(engine: Engine, name: str = "journal", target: str = NEWEST) -> None:
    """Bring the tables to a version; each version is one transaction. Raises JournalError for a newer schema."""
    with engine.connect() as connection:
        if schema_version(connection) == target:
            return
    with writing(engine).begin() as connection:
        version = schema_version(connection)  # again: another process may have been faster
        if version is not None and not (version.isdigit() and int(version) <= int(NEWEST)):
            raise JournalError(
                f"{name}: this journal is of a newer program (schema {version}; this one knows {NEWEST}); "
                "it was not touched"
            )
        _upgrade(connection, target)


def _upgrade(connection: Connection, target: str) -> None:
    """Run Alembic, which a journal that is up to date need not import."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    command.upgrade(config, target)


def schema_version(connection: Connection) -> str | None:
    """The version that the tables have; None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("select version_num from alembic_version")).scalar()


def reason(error: Exception) -> str:
    """Why, in a few words of the database or the system."""
    cause = getattr(error, "orig", None) or error
    return str(getattr(cause, "strerror", None) or cause).split("\n")[0]


def damage(error: Exception) -> str:
    """What to do where the file itself is damaged; '' where that is not why."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    is_damaged = code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    return "its file is damaged. With your next take it is laid aside and a new one begun" if is_damaged else ""


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # so that `_begin` opens the transactions, those of the migrations too
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        with suppress(sqlite3.OperationalError):  # another process is switching it at this moment
            connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _prepare_reading(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only=ON")


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _set_aside_if_damaged(path: Path, notify: Notify) -> None:
    """Rename a file that is no sound database, with its companions; it is never deleted. A text was never a journal."""
    if not path.exists() or not _damaged(path):
        return
    begins = _beginning(path)
    if begins and _is_text(begins):
        raise InputError(f"{path}: is no journal")
    aside = f"{path.name}.damaged-{utc_now():%Y%m%d-%H%M%S}"
    for ending in ("", "-wal", "-shm"):
        companion = path.with_name(path.name + ending)
        if companion.exists():
            companion.rename(path.with_name(aside + ending))
    notify(f"The journal was damaged. It is kept as {aside}, and a new one was begun.")


def _damaged(path: Path) -> bool:
    """Whether SQLite finds the file unsound; a file that is only locked or unreadable is not damaged."""
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_MS / 1000)) as connection:
            connection.execute("select count(*) from sqlite_master").fetchone()
            small = path.stat().st_size < CHECKED_BYTES
            return bool(small and connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok")
    except sqlite3.OperationalError:
        return False
    except sqlite3.DatabaseError:
        return True
