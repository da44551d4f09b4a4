"""What the learner calls the score files of a folder, where that is not what the files say; the files stay as they are.

The names lie beside the files, by the names of the files: a piece keeps all that is known of it under any name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from lessons.files.disk import replace_whole
from lessons.library.entries import entries_in

NAMES_FILE = "names.json"


def names_in(directory: Path) -> Mapping[str, str]:
    """The names that were given to files of a folder, by the names of these; none where they cannot be read."""
    return entries_in(directory / NAMES_FILE, str)


def call(path: Path, title: str) -> None:
    """Give a score file a name, or with '' the one that it has by itself. Raises OSError."""
    given = dict(names_in(path.parent))
    if given.get(path.name, "") == title:
        return
    given.pop(path.name, None)
    named = given | ({path.name: title} if title else {})
    replace_whole(path.parent / NAMES_FILE, json.dumps(named, ensure_ascii=False, indent=1, sort_keys=True).encode())
