"""Where the program keeps its files, and what it remembers from one start to the next.

``DACAPO_HOME`` names the folder; without it the platform's folder for a user's data is used. That is the first
learner's folder; each other one has a folder of the same kind below it (`tutor.enrolment`). Devices, measured delays
and the window's place belong to the computer: whoever plays, they stand in the settings of the home.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from lessons.errors import InputError
from lessons.files.disk import replace_whole
from tutor.clock import utc_now
from tutor.glove.kinds import Kind
from tutor.practice import PracticeSettings

LOCK, PATIENCE_SEC = ".lock", 5.0
log = logging.getLogger(__name__)


def home() -> Path:
    """The folder of the journal and the settings; it need not exist yet."""
    named = os.environ.get("DACAPO_HOME")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path("dacapo", appauthor=False)


def journal_path(folder: Path | None = None) -> Path:
    """The database of takes and judgements in a learner's folder; the first learner's where none is named."""
    return (folder or home()) / "journal.db"


def config_path(folder: Path | None = None) -> Path:
    """The file of the settings in a learner's folder; where none is named that of the home."""
    return (folder or home()) / "settings.json"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other programs from writing in a home meanwhile. Raises OSError where they do, or where nobody can."""
    from filelock import FileLock

    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / LOCK, timeout=PATIENCE_SEC):
        yield


@dataclass(frozen=True)
class Config:
    """What is remembered: devices by name ("" = none chosen), how the learner practised last, and how loud."""

    midi_input: str = ""
    microphone: str = ""
    microphone_late_ms: float = 0.0  # measured by clicks
    instrument: str = "voice"
    listening: bool = False  # to the microphone, when the window closed
    tuner_hertz: float = 440.0  # what the tuner takes A for; 0 for the tuning in which the learner plays
    glove_port: str = ""
    glove_kind: Kind = Kind.HGP
    touch_stopped: bool = False  # all of it, until somebody allows it again
    glove_level: int = 200
    glove_child: bool = False
    glove_lead_ms: float = 0.0
    glove_onset_ms: float = -1.0  # measured by the learner; below zero it was not
    glove_gains: tuple[float, ...] = ()  # of the fingers from the left thumb to the right little one; none: all 1
    dark: bool = True
    volume: float = 0.8
    pupil: str = ""  # the name under which assignments are handed in
    window: str = ""  # its size and place, in the window system's own words
    practice: PracticeSettings = field(default_factory=lambda: PracticeSettings(accompany=True))

    @classmethod
    def load(cls, path: Path | None = None, computer: Path | None = None) -> Config:
        """The remembered settings; where a file is absent or unreadable, the first settings.

        What belongs to the computer is read from the file of the ``computer``, as is what a learner begins with.
        """
        path = path or config_path()
        shared = cls._read(computer or path)
        if computer is None or computer == path:
            return shared
        own = cls._read(path) if path.exists() else cls(**{name: getattr(shared, name) for name in _FIRST_AS_THERE})
        return replace(own, **{name: getattr(shared, name) for name in _OF_THE_COMPUTER})

    @classmethod
    def _read(cls, path: Path) -> Config:
        try:
            said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            known = {name: type(getattr(cls(), name))(value) for name, value in said.items() if name in _PLAIN}
            known["glove_gains"] = tuple(float(gain) for gain in known.get("glove_gains", ()))
            return replace(cls(**known), practice=PracticeSettings.from_json(said.get("practice", {})))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, TypeError, AttributeError, InputError) as error:
            log.warning("%s: cannot be read as settings (%s); the first settings are used", path.name, error)
            return cls()

    def save(self, path: Path | None = None, computer: Path | None = None, before: Config | None = None) -> None:
        """Write the settings in one piece; of the computer's what is otherwise than ``before``, where that is said.

        So two windows of two learners keep each other's choices. Raises OSError where the disk refuses.
        """
        path = path or config_path()
        computer = computer or path
        said = asdict(self) | {"practice": self.practice.as_json()}
        with _locked_where_shared(computer.parent):
            there = _what_is_there_or_set_aside(computer)
            changed = {
                name: said[name]
                for name in _OF_THE_COMPUTER
                if before is None or name not in there or getattr(self, name) != getattr(before, name)
            }
            if path == computer:
                kept = {name: there[name] for name in _OF_THE_COMPUTER if name in there}
                _write(path, said | kept | changed)
            else:
                _write(path, {name: value for name, value in said.items() if name not in _OF_THE_COMPUTER})
                _write(computer, {**there, **changed})


def _locked_where_shared(folder: Path) -> AbstractContextManager[None]:
    """The lock of a home that has had one: while there is one learner, nobody else writes."""
    return locked(folder) if (folder / LOCK).exists() else nullcontext()


def _what_is_there_or_set_aside(path: Path) -> dict[str, Any]:
    """The settings of a file as they stand; a broken file is renamed, not written over."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError):
        path.replace(path.with_name(f"{path.name}.damaged-{utc_now():%Y%m%d-%H%M%S-%f}"))
        return {}


def _write(path: Path, said: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_whole(path, json.dumps(said, indent=1, ensure_ascii=False).encode())


_OF_THE_COMPUTER = (
    "midi_input",
    "microphone",
    "microphone_late_ms",
    "glove_port",
    "glove_kind",
    "touch_stopped",
    "volume",
    "window",
)
_FIRST_AS_THERE = ("dark",)  # of the learner's own, until they choose
_OF_THE_LEARNER = (
    "instrument",
    "listening",
    "tuner_hertz",
    "glove_level",
    "glove_child",
    "glove_lead_ms",
    "glove_onset_ms",
    "glove_gains",
    "dark",
    "pupil",
)
_PLAIN = _OF_THE_COMPUTER + _OF_THE_LEARNER
