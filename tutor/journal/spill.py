"""The file of last resort: a take that the database cannot take is kept as a small JSON file, and fetched from there.

The files lie beside the journal, or where that disk is full in the folder for temporary files or the user's home; the
next start reads them into the journal and marks each as read by renaming it.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from lessons.files.disk import replace_whole
from tutor.performance import PEDAL_DTYPE, PLAYED_DTYPE, Performance

ENDING = ".dacapo-take.json"
log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class KeptTake:
    """A finished take with all that the journal wants to know of it."""

    take_id: str
    started_at: datetime
    score_digest: str
    title: str
    settings: dict[str, Any]
    performance: Performance


@dataclass(frozen=True)
class Spill:
    """Where the takes of one journal may lie: ``folders``, the best first, marked by the journal's ``tag``."""

    folders: tuple[Path, ...]
    tag: str

    @classmethod
    def beside(cls, journal: Path) -> Spill:
        """The places for a journal's file."""
        tag = hashlib.sha256(str(journal.resolve()).encode()).hexdigest()[:8]
        return cls((journal.parent, Path(tempfile.gettempdir()), Path.home()), tag)

    def write(self, take: KeptTake) -> Path | None:
        """Write a take to the first place that accepts it; None where no place does."""
        said = json.dumps(_said(take)).encode()
        for folder in self.folders:
            path = folder / f"{take.take_id}-{self.tag}{ENDING}"
            try:
                replace_whole(path, said)
                return path
            except OSError as error:
                log.warning("%s: a take could not be kept there: %s", folder, error.strerror)
        return None

    def read_all(self) -> Iterator[tuple[Path, KeptTake]]:
        """The takes of this user that wait; what cannot be read is passed over and left where it is."""
        for path in sorted({path for folder in self.folders for path in folder.glob(f"*-{self.tag}{ENDING}")}):
            try:
                if _mine(path):
                    yield path, _take(json.loads(path.read_text(encoding="utf-8")))
            except (OSError, ValueError, KeyError, TypeError) as error:
                log.warning("%s: cannot be read as a take (%s)", path, error)

    def mark_read(self, path: Path) -> None:
        """Rename a file that is in the journal now, so that it is not read again."""
        try:
            path.replace(path.with_name(path.name + ".read"))
        except OSError as error:
            log.warning("%s: could not be renamed: %s", path, error.strerror)


def _mine(path: Path) -> bool:
    """Whether the file is this user's; a folder for temporary files is open to all."""
    return not hasattr(os, "getuid") or path.stat().st_uid == os.getuid()


def _said(take: KeptTake) -> dict[str, Any]:
    return {
        "take_id": take.take_id,
        "started_at": take.started_at.isoformat(),
        "score_digest": take.score_digest,
        "title": take.title,
        "settings": take.settings,
        "notes": take.performance.notes.tolist(),
        "pedals": take.performance.pedals.tolist(),
    }


def _take(said: dict[str, Any]) -> KeptTake:
    notes = np.array([tuple(row) for row in said["notes"]], PLAYED_DTYPE)
    pedals = np.array([tuple(row) for row in said["pedals"]], PEDAL_DTYPE)
    return KeptTake(
        str(said["take_id"]),
        datetime.fromisoformat(said["started_at"]),
        str(said["score_digest"]),
        str(said["title"]),
        dict(said["settings"]),
        Performance(notes, pedals),
    )
