"""What a learner asks of a running session: values that cross the inbox like the notes do."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.events import Request
from tutor.practice import PracticeSettings


@dataclass(frozen=True, slots=True)
class Pause(Request):
    """Let the music stand still."""


@dataclass(frozen=True, slots=True)
class Resume(Request):
    """Count in and go on from there."""


@dataclass(frozen=True, slots=True)
class Restart(Request):
    """Begin again, with the count-in."""


@dataclass(frozen=True, slots=True)
class Change(Request):
    """Go on with other settings of tempo, metronome, accompaniment, echo and guidance."""

    settings: PracticeSettings
