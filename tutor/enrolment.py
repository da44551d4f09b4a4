"""The learners on the disk: the list of their names in one small file, and a folder for each.

``learners.json`` and the folders lie in the home. Whoever writes the list holds its lock, reads it anew and replaces it
in one piece, so that two programs lose nothing of each other's. A list that cannot be read is set aside by renaming it
before another one is written. Nothing is ever deleted: who is laid aside lies in ``learners/removed`` from then on.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from lessons.errors import InputError
from lessons.files.disk import replace_whole
from tutor.clock import utc_now
from tutor.config import config_path, home, journal_path, locked
from tutor.register import FOLDER, Person, Register

LIST, FOLDERS, REMOVED = "learners.json", "learners", "removed"


@dataclass(frozen=True)
class Enrolment:
    """The learners of one home. All but `folder` looks at the disk."""

    home: Path

    @classmethod
    def here(cls) -> Enrolment:
        """That of the program's own home."""
        return cls(home())

    def folder(self, person: Person) -> Path:
        """Where journal, settings and own pieces of a learner lie."""
        return self.home / FOLDERS / person.slug if person.slug else self.home

    def is_there(self, person: Person) -> bool:
        """Whether the folder of a learner is there; that of the first one is made when it is needed."""
        return person.is_first or self.folder(person).is_dir()

    def read(self) -> tuple[Register, str]:
        """The register, and in one line what is wrong with it; then there is the first learner alone."""
        try:
            return self._read(), ""
        except (OSError, InputError) as fault:
            reason = getattr(fault, "strerror", None) or fault
            return Register(), f"{self._list}: cannot be read ({reason}); the learners' folders lie in {self._folders}"

    def last(self) -> tuple[Person, str]:
        """Who played last, and in one line why that cannot go on; then it is the first learner."""
        register, trouble = self.read()
        if self.is_there(register.last):
            return register.last, trouble
        return register.people[0], self._gone(register.last)

    def listed(self, name: str) -> Person:
        """The learner of a name. Raises InputError where there is none, or where the list cannot tell."""
        register, trouble = self.read()
        try:
            return register.named(name)
        except InputError as fault:
            raise InputError(trouble or str(fault)) from fault

    def folder_of(self, person: Person) -> Path:
        """The folder of a learner who is to play. Raises InputError where it is gone."""
        if not self.is_there(person):
            raise InputError(self._gone(person))
        return self.folder(person)

    def add(self, name: str, source: Path | None = None) -> Person:
        """Enrol a learner, with a new folder or with one that lies there already, which is moved. Raises InputError."""
        with self._writing() as register:
            taken = self._taken() - ({source.name.lower()} if source and self._is_ours(source) else set())
            fuller = register.with_one_more(name, taken)
            folder = self.folder(fuller.people[-1])
            if source is not None:
                self._refuse_wrong(source, register)
            folder.parent.mkdir(parents=True, exist_ok=True)
            if source is None:
                folder.mkdir()
            else:
                source.rename(folder)
            self._write(fuller)
        return fuller.people[-1]

    def rename(self, person: Person, name: str) -> Person:
        """Give a learner another name; the folder stays. Raises InputError."""
        with self._writing() as register:
            renamed = register.renamed(register.named(person.name), name)
            self._write(renamed)
        return next(one for one in renamed.people if one.slug == person.slug)

    def lay_aside(self, person: Person) -> Path:
        """Take a learner off the list, and tell where the folder lies from now on. Raises InputError."""
        with self._writing() as register:
            fewer = register.without(person)
            folder, aside = self.folder(person), self._removed / person.slug  # free: no slug is given away twice
            if is_open(journal_path(folder)):
                raise InputError(f"{person.name} plays in another window just now; close that first")
            if folder.is_dir():
                aside.parent.mkdir(parents=True, exist_ok=True)
                folder.rename(aside)
            self._write(fewer)
        return aside

    def bring_back(self, person: Person) -> None:
        """Put a learner who was laid aside back onto the list, with the same folder. Raises InputError."""
        with self._writing() as register:
            fuller = register.with_back(person)
            aside, folder = self._removed / person.slug, self.folder(person)
            if aside.is_dir() and not folder.exists():
                aside.rename(folder)
            self._write(fuller)

    def remember(self, person: Person) -> None:
        """Note who plays, for the next start. Raises InputError where that cannot be written."""
        if self.read()[0].last_slug != person.slug:
            with self._writing() as register:
                self._write(replace(register, last_slug=person.slug))

    @property
    def _list(self) -> Path:
        return self.home / LIST

    @property
    def _folders(self) -> Path:
        return self.home / FOLDERS

    @property
    def _removed(self) -> Path:
        return self._folders / REMOVED

    def _taken(self) -> set[str]:
        """The folders that are there, on a list or not, and those that were laid aside."""
        places = (place for place in (self._folders, self._removed) if place.is_dir())
        return {path.name.lower() for place in places for path in place.iterdir()}

    def _is_ours(self, source: Path) -> bool:
        """Whether a folder lies where those of learners do."""
        return source.resolve().parent in (self._folders.resolve(), self._removed.resolve())

    def _refuse_wrong(self, source: Path, register: Register) -> None:
        """Raise InputError for what is no folder, belongs to a learner, or has a part of the home in it; and for one of
        other things: it would be moved."""
        if not source.is_dir():
            raise InputError(f"{source}: there is no such folder")
        there, home_ = source.resolve(), self.home.resolve()
        used = there in [self.folder(person).resolve() for person in register.people]
        if used or there in home_.parents or (home_ in there.parents and not self._is_ours(source)):
            raise InputError(f"{source}: belongs to a learner already")
        is_learners = any(path(source).exists() for path in (journal_path, config_path)) or not any(source.iterdir())
        if not is_learners and not self._is_ours(source):
            raise InputError(f"{source}: is no learner's folder: it has no journal and no settings")

    def _gone(self, person: Person) -> str:
        return f"the folder of {person.name} is gone; it was {self.folder(person)}"

    def _read(self) -> Register:
        """The list as it is. Raises InputError where it is broken, OSError where it cannot be looked at."""
        try:
            register = Register.from_json(json.loads(self._list.read_text(encoding="utf-8")))
            return replace(register, aside=tuple(self._laid_aside(register)))
        except FileNotFoundError:
            return Register()
        except InputError:
            raise
        except ValueError as fault:
            raise InputError("it is no list of learners") from fault

    def _laid_aside(self, register: Register) -> Iterator[Person]:
        """Whose folders lie aside; one of which the list does not know the name is called as its folder."""
        names = {person.slug: person for person in register.aside}
        for folder in sorted(self._removed.iterdir()) if self._removed.is_dir() else ():
            if folder.is_dir() and FOLDER.fullmatch(folder.name):
                yield names.get(folder.name, Person(folder.name, folder.name))

    @contextmanager
    def _writing(self) -> Iterator[Register]:
        """The register as it is now, while nobody else writes it."""
        try:
            with locked(self.home):
                yield self._read_or_set_aside()
        except OSError as fault:
            raise InputError(f"{self.home}: the learners cannot be written: {fault.strerror or fault}") from fault

    def _read_or_set_aside(self) -> Register:
        try:
            return self._read()
        except InputError:
            self._list.rename(self._list.with_name(f"{LIST}.damaged-{utc_now():%Y%m%d-%H%M%S-%f}"))
            return Register()

    def _write(self, register: Register) -> None:
        replace_whole(self._list, json.dumps(register.as_json(), indent=1, ensure_ascii=False).encode())


def is_open(journal: Path) -> bool:
    """Whether another program has a journal open: the last one that closes it takes its companion file with it."""
    if not journal.exists():
        return False
    try:
        with closing(sqlite3.connect(journal)) as connection:
            connection.execute("select count(*) from sqlite_master").fetchone()
    except sqlite3.DatabaseError:
        return False
    return journal.with_name(journal.name + "-wal").exists()
