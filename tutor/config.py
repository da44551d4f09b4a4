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
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from lessons.errors import InputError
from lessons.files.disk import replace_whole
from lessons.note_names import Naming
from tutor.clock import utc_now
from tutor.glove.kinds import Kind
from tutor.listen.tuning import A4_HERTZ
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
    tuned_by_tuner: bool = False  # in lessons: A is what the tuner takes it for, instead of found by ear
    glove_port: str = ""
    glove_kind: Kind = Kind.HGP
    touch_stopped: bool = False  # all of it, until somebody allows it again
    glove_level: int = 200
    glove_child: bool = False
    glove_lead_ms: float = 0.0
    glove_onset_ms: float = -1.0  # measured by the learner; below zero it was not
    glove_gains: tuple[float, ...] = ()  # of the fingers from the left thumb to the right little one; none: all 1
    dark: bool = True
    keys_shown: bool = True  # at the foot of the practice page
    naming: Naming = Naming.NONE  # what notes are called on the roll and on the keys
    volume: float = 0.8
    takes_turns: bool = True  # what is known well and due on a day (`tutor.interleaving`); else one after another
    pupil: str = ""  # the name under which assignments are handed in
    window: str = ""  # its size and place, in the window system's own words
    practice: PracticeSettings = field(default_factory=lambda: PracticeSettings(accompany=True))

    @property
    def a4_hertz(self) -> float | None:
        """What A is tuned to in lessons; None where that is found by ear."""
        is_known = self.tuned_by_tuner and A4_HERTZ[0] <= self.tuner_hertz <= A4_HERTZ[1]
        return self.tuner_hertz if is_known else None

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
            said = _said_in(path)
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError) as error:
            log.warning("%s: cannot be read as settings (%s); the first settings are used", path.name, error)
            return cls()
        known = _understood(said)
        for name in _FIELDS & said.keys() - known.keys():
            log.warning("%s: %s cannot be %r; it is as at first", path.name, name, said[name])
        return replace(cls(), **known)

    def save(self, path: Path | None = None, computer: Path | None = None, before: Config | None = None) -> None:
        """Write the settings in one piece; of the computer's what is otherwise than ``before``, where that is said.

        So two windows of two learners keep each other's choices. What a newer program wrote stays as it is, until the
        learner chooses otherwise; a file that cannot be read at all is renamed. Raises OSError where the disk refuses.
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
                _write(path, said | kept | changed | self._of_newer(there))
            else:
                mine = said | self._of_newer(_what_is_there_or_set_aside(path))
                _write(path, {name: value for name, value in mine.items() if name not in _OF_THE_COMPUTER})
                _write(computer, {**there, **changed})

    def _of_newer(self, there: Mapping[str, Any]) -> dict[str, Any]:
        """What a file says beyond this program: unknown fields, and values of known ones where nothing was chosen."""
        known, first = _understood(there), Config()
        chosen = {name for name in _FIELDS if getattr(self, name) != getattr(first, name)}
        beyond = {name: value for name, value in there.items() if name not in known.keys() | chosen}
        if "practice" in known:
            unknown = {name: value for name, value in there["practice"].items() if name not in _PRACTICE_FIELDS}
            beyond["practice"] = unknown | self.practice.as_json()
        return beyond


def _locked_where_shared(folder: Path) -> AbstractContextManager[None]:
    """The lock of a home that has had one: while there is one learner, nobody else writes."""
    return locked(folder) if (folder / LOCK).exists() else nullcontext()


def _said_in(path: Path) -> dict[str, Any]:
    """The settings of a file as they stand. Raises ValueError where it has none, and OSError."""
    said = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(said, dict):
        raise ValueError(f"is no object but {type(said).__name__}")
    return said


def _understood(said: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `Config` whose values this program can use; each stands for itself."""
    known: dict[str, Any] = {}
    for name in _FIELDS & said.keys():
        with suppress(ValueError, TypeError, AttributeError, OverflowError, InputError):
            known[name] = _like(getattr(Config(), name), said[name])
    return known


def _like(first: object, value: Any) -> object:
    """A value from JSON as one of the kind that a field has at first. Raises what its kind raises where it is none."""
    match first:
        case PracticeSettings():
            return PracticeSettings.from_json(value)
        case tuple():
            return tuple(float(one) for one in value)
        case bool() | str() if not isinstance(value, bool if isinstance(first, bool) else str):
            raise TypeError(value)
        case bool() | int() | float() | str():
            return type(first)(value)
        case _:
            raise TypeError(first)


def _what_is_there_or_set_aside(path: Path) -> dict[str, Any]:
    """The settings of a file as they stand; a broken file is renamed, not written over."""
    try:
        return _said_in(path)
    except FileNotFoundError:
        return {}
    except ValueError:
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
_FIELDS = Config.__dataclass_fields__.keys()
_PRACTICE_FIELDS = PracticeSettings.__dataclass_fields__.keys()
