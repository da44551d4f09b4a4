"""Saving where the learner wants it, as a page, as MIDI or to print: asked for here, written in the background."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from lessons.files import write_score
from lessons.library.own import file_name
from lessons.score import Score
from ui.printed import PDF, write_pdf
from ui.tasks import Tasks
from ui.widgets.notice import NoticeBar

PAGE, SOUND, PAPER = "MusicXML (*.musicxml *.mxl *.xml)", "MIDI (*.mid *.midi)", "PDF, to print (*.pdf)"
SUFFIXES = {PAGE: "musicxml", SOUND: "mid", PAPER: "pdf"}


class Saving(QObject):
    """Asks where to, beginning in the folder that was chosen last."""

    def __init__(self, notice: NoticeBar, tasks: Tasks, parent: QWidget):
        super().__init__(parent)
        self._notice, self._tasks, self._window = notice, tasks, parent
        documents = QStandardPaths.StandardLocation.DocumentsLocation
        self._folder = Path(QStandardPaths.writableLocation(documents))

    def save(self, score: Score, made_by: Mapping[str, str] | None = None) -> None:
        """Ask for a place and write the score there; the ending of the name says what it becomes."""
        suggested = self._folder / f"{file_name(score.title)}.{SUFFIXES[PAGE]}"

        def write(path: Path) -> None:
            if path.suffix.lower() == PDF:
                write_pdf(score, path, True)
            else:
                write_score(score, path, True, made_by)

        self._write(wanted_path(self._window, suggested), write)

    def save_as(self, name: str, kind: str, write: Callable[[Path], None], words: str = "") -> None:
        """Ask for a place for a file of another kind (its filter) and write it there; ``words`` say what to do then."""
        suggested = self._folder / name
        path = wanted_path(self._window, suggested, {kind: suggested.suffix.lstrip(".")})
        self._write(path, write, words)

    def _write(self, path: Path | None, write: Callable[[Path], None], words: str = "") -> None:
        if path is not None:
            self._folder = path.parent
            self._tasks.run(
                lambda: write(path),
                lambda _written: self._notice.tell(" ".join((f"Saved as {path}.", words)).strip()),
                self._warn(path),
            )

    def _warn(self, path: Path) -> Callable[[str], None]:
        return lambda reason: self._notice.tell(reason if str(path) in reason else f"{path}: {reason}", warning=True)


def wanted_path(window: QWidget, suggested: Path, suffixes: Mapping[str, str] = SUFFIXES) -> Path | None:
    """Where the learner wants a file, who has agreed to replace what is there; None for nowhere."""
    dialog = QFileDialog(window, "Save as", str(suggested.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(suffixes))
    dialog.setDefaultSuffix(next(iter(suffixes.values())))
    dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix(suffixes[kind]))
    dialog.selectFile(suggested.name)
    return Path(dialog.selectedFiles()[0]) if dialog.exec() else None
