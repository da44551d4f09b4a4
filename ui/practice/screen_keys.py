"""The keys of the screen and of the computer: they play into a lesson, and have no sound of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import proxy

from tutor.clock import stamp
from tutor.events import Event, NoteOff, NoteOn

if TYPE_CHECKING:
    from ui.practice.lesson import Lesson


class ScreenKeys:
    """What a lesson hears of them is what it hears of any other keyboard."""

    def __init__(self, lesson: Lesson):
        self._lesson: Lesson = proxy(lesson)  # which holds this: the two would outlive the learner

    def play(self, pitch: int, velocity: int) -> None:
        """A key went down."""
        self._touched(NoteOn(stamp(), pitch, velocity))

    def release(self, pitch: int) -> None:
        """A key came up."""
        self._touched(NoteOff(stamp(), pitch))

    def _touched(self, event: Event) -> None:
        """Let it be heard, and sound it where what is played is not sounded anyway, and no microphone would hear it."""
        lesson = self._lesson
        lesson.inbox.put(event)
        if not lesson.settings.echo and not lesson.ports.hears:
            lesson.between.sound(event)
