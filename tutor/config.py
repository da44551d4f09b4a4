"""Where the program keeps its files, and what it remembers from one start to the next.

``DACAPO_HOME`` names the folder; without it the platform's folder for a user's data is used.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from lessons.errors import InputError
from tutor.glove.kinds import Kind
from tutor.practice import PracticeSettings

log = logging.getLogger(__name__)


def home() -> Path:
    """The folder of the journal and the settings; it need not exist yet."""
    named = os.environ.get("DACAPO_HOME")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path("dacapo", appauthor=False)


def journal_path() -> Path:
    """The database of takes and judgements."""
    return home() / "journal.db"


def config_path() -> Path:
    """The file of the settings."""
    return home() / "settings.json"


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
    def load(cls, path: Path | None = None) -> Config:
        """The remembered settings; where the file is absent or unreadable, the first settings."""
        path = path or config_path()
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

    def save(self, path: Path | None = None) -> None:
        """Write the settings in one piece. Raises OSError where the disk refuses."""
        path = path or config_path()
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        said = asdict(self) | {"practice": self.practice.as_json()}
        fresh.write_text(json.dumps(said, indent=1, ensure_ascii=False), encoding="utf-8")
        fresh.replace(path)


_PLAIN = (
    "midi_input",
    "microphone",
    "microphone_late_ms",
    "instrument",
    "listening",
    "tuner_hertz",
    "glove_port",
    "glove_kind",
    "glove_level",
    "glove_child",
    "glove_lead_ms",
    "glove_onset_ms",
    "glove_gains",
    "dark",
    "volume",
    "pupil",
    "window",
)
