"""Who plays on this computer: names, and the folders below the home that belong to them.

The first learner's folder is the home itself, as it was before there were others; nobody can lay that one aside.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from lessons.errors import InputError
from lessons.legible import is_legible

LONGEST_NAME = LONGEST_SLUG = 40
FOLDER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
NO_LETTERS = "learner"  # the folder of a name that has none of a to z
UNFIT = frozenset({"removed", "con", "prn", "aux", "nul"})  # ours for what was laid aside, and Windows' devices
UNFIT |= {f"{device}{number}" for device in ("com", "lpt") for number in range(10)}


@dataclass(frozen=True)
class Person:
    """A learner by name; ``slug`` is the folder below ``learners``, '' is the home."""

    name: str
    slug: str = ""

    @property
    def is_first(self) -> bool:
        """Whether it is the learner whose folder is the home."""
        return not self.slug


FIRST = Person("Me")


@dataclass(frozen=True)
class Register:
    """All learners, the first one first, the folder of who played last, and who was laid ``aside``."""

    people: tuple[Person, ...] = (FIRST,)
    last_slug: str = ""
    aside: tuple[Person, ...] = ()

    def __post_init__(self) -> None:
        """Raise InputError where names or folders cannot be, or are there twice."""
        for person in (*self.people, *self.aside):
            if checked_name(person.name) != person.name:
                raise InputError(f"{person.name!r}: is no name")
        if not self.people or not self.people[0].is_first:
            raise InputError("there is no first learner")
        for slug in [person.slug for person in (*self.people[1:], *self.aside)]:
            if not FOLDER.fullmatch(slug):
                raise InputError(f"{slug!r}: is no folder of a learner")
        for ours in ({_key(person.name) for person in self.people}, {person.slug for person in self.people}):
            if len(ours) < len(self.people):
                raise InputError("a learner is there twice")

    @property
    def last(self) -> Person:
        """Who played last; the first learner where that one is gone."""
        return next((person for person in self.people if person.slug == self.last_slug), self.people[0])

    def named(self, name: str) -> Person:
        """The learner of a name, in capitals or not. Raises InputError that lists the names."""
        for person in self.people:
            if _key(person.name) == _key(name):
                return person
        raise InputError(f"{name}: no learner has this name; there is {', '.join(one.name for one in self.people)}")

    def with_one_more(self, name: str, taken: Collection[str] = ()) -> Register:
        """The register with another learner at its end, in none of the ``taken`` folders. Raises InputError."""
        name = self._free(name)
        slug = slug_of(name, {*taken, *(person.slug for person in self.people)})
        return replace(self, people=(*self.people, Person(name, slug)))

    def with_back(self, person: Person) -> Register:
        """The register with a learner who was laid aside at its end. Raises InputError."""
        back = Person(self._free(person.name), person.slug)
        return replace(self, people=(*self.people, back), aside=_without(self.aside, person))

    def renamed(self, person: Person, name: str) -> Register:
        """The register in which a learner has another name and the same folder. Raises InputError."""
        named = replace(person, name=self._free(name, person))
        return replace(self, people=tuple(named if one.slug == person.slug else one for one in self.people))

    def without(self, person: Person) -> Register:
        """The register with a learner laid aside. Raises InputError for the first one."""
        if person.is_first:
            raise InputError(f"{person.name} is the first learner, and cannot be laid aside")
        return replace(self, people=_without(self.people, person), aside=(*_without(self.aside, person), person))

    def as_json(self) -> dict[str, Any]:
        """The register as plain JSON values."""
        others, aside = (
            [{"name": person.name, "folder": person.slug} for person in people]
            for people in (self.people[1:], self.aside)
        )
        return {"first": self.people[0].name, "learners": others, "last": self.last_slug, "aside": aside}

    @classmethod
    def from_json(cls, said: Any) -> Register:
        """The register that `as_json` wrote; unknown fields are passed over. Raises InputError."""
        try:
            others = [Person(one["name"], one["folder"]) for one in said["learners"]]
            aside = tuple(Person(one["name"], one["folder"]) for one in said.get("aside", ()))
            return cls((Person(said["first"]), *others), str(said.get("last", "")), aside)
        except (TypeError, KeyError, AttributeError) as fault:
            raise InputError("it is no list of learners") from fault

    def _free(self, name: str, but: Person | None = None) -> str:
        name = checked_name(name)
        for person in self.people:
            if person != but and _key(person.name) == _key(name):
                raise InputError(f"{name}: there is a learner of this name already")
        return name


def checked_name(said: str) -> str:
    """A name without needless blanks. Raises InputError where it is empty, too long or no line of text."""
    name = " ".join(unicodedata.normalize("NFC", said).split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise InputError(f"{name!r}: a name has 1 to {LONGEST_NAME} letters")
    if not all(is_legible(letter) for letter in name):
        raise InputError(f"{name!r}: a name is one line of letters")
    return name


def slug_of(name: str, taken: Collection[str] = ()) -> str:
    """A folder for a name that no system refuses, and that is not taken: numbered from 2 where it is."""
    letters = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", letters)[:LONGEST_SLUG].strip("-") or NO_LETTERS
    numbered = (slug if number == 1 else f"{slug}-{number}" for number in count(1))
    return next(free for free in numbered if free not in taken and free not in UNFIT)


def _without(people: tuple[Person, ...], person: Person) -> tuple[Person, ...]:
    return tuple(one for one in people if one.slug != person.slug)


def _key(name: str) -> str:
    """What two names share that differ in capitals alone."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", " ".join(name.split())).casefold())
