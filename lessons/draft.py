"""The draft of an assignment: what a teacher has made of one so far, as a value and as one small file.

Unlike an assignment it may have no title and no tasks yet.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date

from lessons.assignment import Assignment, Task, assignment_in, told_in, usable
from lessons.errors import FormatError
from lessons.files.archive import SIGN, opened, packed

ENTRY, FORMAT, VERSION = "draft.json", "dacapo-draft", 1
NOT_ONE = "is no draft of an assignment"


@dataclass(frozen=True, eq=False)
class Draft:
    """What stands on the page; ``guidance`` is whether what is played with touch counts, in all tasks."""

    title: str = ""
    words: str = ""
    due: date | None = None
    guidance: bool = True
    tasks: tuple[Task, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was made yet."""
        return not (self.title.strip() or self.words.strip() or self.tasks)

    def assignment(self) -> Assignment:
        """The assignment that it is by now; without a title it is called as its first piece. Raises InputError."""
        tasks = tuple(replace(task, guidance=self.guidance) for task in self.tasks)
        return Assignment(self.title.strip() or (tasks[0].title if tasks else ""), tasks, self.words, self.due)


def draft_of(assignment: Assignment) -> Draft:
    """An assignment as a draft, to be changed."""
    guidance = all(task.guidance for task in assignment.tasks)
    return Draft(assignment.title, assignment.words, assignment.due, guidance, assignment.tasks)


def draft_bytes(draft: Draft) -> bytes:
    """The draft as a file."""
    due = draft.due.isoformat() if draft.due else None
    said = {"format": FORMAT, "version": VERSION, "title": draft.title, "words": draft.words, "due": due}
    said |= {"guidance": draft.guidance, "has_tasks": bool(draft.tasks)}
    entries = draft.assignment().entries if draft.tasks else ()
    return packed([(ENTRY, json.dumps(said, indent=1, ensure_ascii=False).encode()), *entries])


def parse_draft(content: bytes) -> Draft:
    """The draft in the bytes of a file. Raises FormatError in one line with the reason."""
    if not content.startswith(SIGN):
        raise FormatError(NOT_ONE)
    with opened(content) as archive:
        said = told_in(archive, ENTRY, FORMAT, VERSION, NOT_ONE)
        with usable(ENTRY):
            tasks = assignment_in(archive).tasks if said["has_tasks"] else ()
            due = date.fromisoformat(said["due"]) if said["due"] else None
            return Draft(str(said["title"]), str(said["words"]), due, bool(said["guidance"]), tasks)
