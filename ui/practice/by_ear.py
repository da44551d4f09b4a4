"""What a microphone asks of a practice: nothing sounds that it would hear as played, and one line is asked of one."""

from __future__ import annotations

from dataclasses import replace

from lessons.score import Score
from tutor.listen.listener import plays_one_line
from tutor.practice import Hands, PracticeSettings, has_both_hands
from ui.devices.ports import Ports
from ui.microphone.ear import Ear


def as_heard(settings: PracticeSettings, ports: Ports) -> PracticeSettings:
    """The settings as the devices allow them."""
    one_line = ports.ear is not None and plays_one_line(ports.ear.instrument)
    return replace(settings, echo=settings.echo and not ports.hears, one_line=one_line)


def is_tune_alone(settings: PracticeSettings, score: Score, ear: Ear) -> bool:
    """Whether both hands of a piece are asked of an instrument that can play but its tune."""
    return plays_one_line(ear.instrument) and settings.hands is Hands.BOTH and has_both_hands(score)
