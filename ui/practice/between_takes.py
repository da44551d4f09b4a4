"""What is played while no take is under way: it lights and sounds, and belongs to none; a first note may begin one."""

from __future__ import annotations

from collections.abc import Iterator
from queue import Empty
from typing import TYPE_CHECKING
from weakref import proxy

from tutor.events import Event, Lost, NoteOff, NoteOn, Request

if TYPE_CHECKING:
    from ui.practice.lesson import Lesson


class BetweenTakes:
    """Reads the inbox of a lesson while nobody else does."""

    def __init__(self, lesson: Lesson):
        self._lesson: Lesson = proxy(lesson)  # which holds this: the two would outlive the learner

    def waiting(self) -> Iterator[Event]:
        """What has come in."""
        while True:
            try:
                event = self._lesson.inbox.get_nowait()
            except Empty:
                return
            if event is not None and not isinstance(event, Request):
                yield event

    def until_a_note(self) -> tuple[Event, ...]:
        """Take in what came before the first note; that note, and what came after it, is left to a take."""
        waiting = list(self.waiting())
        first = next((place for place, event in enumerate(waiting) if isinstance(event, NoteOn)), len(waiting))
        for event in waiting[:first]:
            self._take_in(event)
        return tuple(waiting[first:])

    def drain(self) -> None:
        """Take in all of it."""
        for event in self.waiting():
            self._take_in(event)

    def sound(self, event: Event) -> None:
        """Sound a key."""
        synth = self._lesson.ports.synth
        if synth is None:
            return
        match event:
            case NoteOn(pitch=pitch, velocity=velocity):
                synth.note_on(pitch, velocity)
            case NoteOff(pitch=pitch):
                synth.note_off(pitch)

    def _take_in(self, event: Event) -> None:
        if isinstance(event, Lost):
            self._lesson.tell_lost(event)
            verdicts = self._lesson.verdicts
            held = () if event.regained or verdicts is None else tuple(verdicts.held)
            for pitch in held:  # nobody else will say that it has ended
                self._show(NoteOff(event.time_sec, pitch))
        else:
            self._show(event)

    def _show(self, event: Event) -> None:
        """Light a key, sound it where what is played is sounded, and tell of it."""
        lesson = self._lesson
        lesson.overheard.emit(event)
        if lesson.verdicts is not None:
            lesson.verdicts.heard(event, (), 1.0)
        if lesson.sounds_notes:
            self.sound(event)
