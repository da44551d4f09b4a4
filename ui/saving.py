"""Saving a score where the learner wants it, as a page or as MIDI: asked for here, written in the background."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from lessons.files import write_score
from lessons.library.own import file_name
from lessons.score import Score
from ui.tasks import Tasks
from ui.widgets.notice import NoticeBar

PAGE, SOUND = "MusicXML (*.musicxml *.mxl *.xml)", "MIDI (*.mid *.midi)"
SUFFIXES = {PAGE: "musicxml", SOUND: "mid"}


class Saving(QObject):
    """Asks where to, beginning in the folder that was chosen last."""

    def __init__(self, notice: NoticeBar, tasks: Tasks, parent: QWidget):
        super().__init__(parent)
        self._notice, self._tasks, self._window = notice, tasks, parent
        documents = QStandardPaths.StandardLocation.DocumentsLocation
        self._folder = Path(QStandardPaths.writableLocation(documents))

    def save(self, score: Score, made_by: Mapping[str, str] | None = None) -> None:
        """Ask for a place and write the score there; the ending of the name says what it becomes."""
        path = wanted_path(self._window, self._folder / f"{file_name(score.title)}.{SUFFIXES[PAGE]}")
        if path is not None:
            self._folder = path.parent
            self._tasks.run(
                lambda: write_score(score, path, force=True, provenance=made_by),
                lambda _written: self._notice.tell(f"Saved as {path}."),
                self._warn(path),
            )

    def _warn(self, path: Path) -> Callable[[str], None]:
        return lambda reason: self._notice.tell(reason if str(path) in reason else f"{path}: {reason}", warning=True)


def wanted_path(window: QWidget, suggested: Path) -> Path | None:
    """Where the learner wants a file, who has agreed to replace what is there; None for nowhere."""
    dialog = QFileDialog(window, "Save as", str(suggested.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(SUFFIXES))
    dialog.setDefaultSuffix(SUFFIXES[PAGE])
    dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix(SUFFIXES[kind]))
    dialog.selectFile(suggested.name)
    return Path(dialog.selectedFiles()[0]) if dialog.exec() else None
