"""The learner's devices as the window knows them: opened and asked in the background, told by signals."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from tutor.clock import stamp
from tutor.commands.parts import MidiInput, Parts, SoundInput, Synth
from tutor.events import Inbox
from tutor.glove.kinds import Kind
from tutor.glove.settings import LinkSettings
from tutor.glove.state import Glove, GloveState
from tutor.listen.delay import measured_delay
from ui.glove.watched import WatchedGlove
from ui.microphone.ear import Ear
from ui.tasks import Tasks

GLOVE_LOOK_MS = 400
OpenGlove = Callable[[str, Kind, LinkSettings], Glove]


class Ports(QObject):
    """One MIDI input, one speaker, at most one glove. ``changed`` tells that something about them did."""

    changed = Signal()
    noticed = Signal(str)
    checked = Signal(object)  # tuple[Check, ...]

    def __init__(self, parts: Parts, open_glove: OpenGlove, inbox: Inbox, tasks: Tasks):
        super().__init__()
        self._parts, self._open_glove, self._inbox, self._tasks = parts, open_glove, inbox, tasks
        self._midi: MidiInput | None = None
        self.midi_lost = False
        self.midi_names: tuple[str, ...] = ()
        self.synth: Synth | None = None
        self.glove: WatchedGlove | None = None
        self.glove_port, self.glove_kind = "", Kind.HGP
        self._told_of_glove: object = None
        self._glove_look = QTimer(self)
        self._glove_look.setInterval(GLOVE_LOOK_MS)
        self._glove_look.timeout.connect(self._look_at_glove)
        self.microphone: SoundInput | None = None
        self.microphone_lost = self.microphone_opening = self.measuring = self._midi_opening = False
        self._midi_asked = 0
        self.ear: Ear | None = None
        self.microphone_late_sec = 0.0

    @property
    def midi_name(self) -> str:
        """The open MIDI input; '' where there is none."""
        return self._midi.name if self._midi is not None else ""

    @property
    def silence_reason(self) -> str:
        """Why there is no sound; '' where there is."""
        return "" if self.synth is None else str(getattr(self.synth, "reason", ""))

    @property
    def glove_state(self) -> GloveState | None:
        """How the glove is; None without one."""
        return self.glove.state if self.glove is not None else None

    @property
    def hears(self) -> bool:
        """Whether a microphone listens, or is about to."""
        return self.ear is not None or self.microphone_opening

    def open_speaker(self) -> None:
        """Get the sound ready."""
        self._tasks.run(self._parts.open_speaker, self._speaker_opened)

    def look_for_midi(self, wanted: str = "") -> None:
        """List the inputs, and open ``wanted``, or the first there is where none is open."""
        self._tasks.run(self._parts.midi_input_names, lambda names: self._midi_listed(names, wanted))

    def open_midi(self, name: str) -> None:
        """Hear another input; of several that are asked for while one opens, the last."""
        old, self._midi, self._midi_asked, self._midi_opening = self._midi, None, self._midi_asked + 1, True
        asked = self._midi_asked

        def refused(reason: str) -> None:
            if asked == self._midi_asked:
                self._midi_opening = False
            self._refused(reason)

        self._tasks.run(lambda: self._reopen_midi(old, name), lambda opened: self._midi_opened(opened, asked), refused)

    def is_microphone(self, source: str) -> bool:
        """Whether what an event tells of is the microphone."""
        return self.microphone is not None and self.microphone.name == source

    def show_lost(self, source: str, lost: bool) -> None:
        """Note that an input went away or came back."""
        if self.is_microphone(source):
            self.microphone_lost = lost
        else:
            self.midi_lost = lost
        self.changed.emit()

    def open_glove(self, port: str, kind: Kind, settings: LinkSettings) -> None:
        """Use the glove on a port, which may be typed; '' lets the glove go."""
        old, self.glove, self.glove_port, self.glove_kind = self.glove, None, port, kind
        self._tasks.run(lambda: self._reopen_glove(old, port, kind, settings), self._glove_opened)

    def open_microphone(self, wanted: str, instrument: str) -> None:
        """Listen to an instrument; '' is the machine's own microphone. Again while it opens asks for nothing more."""
        if self.microphone_opening:
            return
        old, ear = self.microphone, Ear(instrument, self.microphone_late_sec)
        self.microphone = self.ear = None
        self.microphone_opening, self.microphone_lost = True, False

        def opened(microphone: SoundInput) -> None:
            self.microphone, self.ear, self.microphone_opening = microphone, ear, False
            self.changed.emit()

        def refused(reason: str) -> None:
            self.microphone_opening = False
            self._refused(reason)

        self._tasks.run(lambda: self._reopen_microphone(old, wanted, ear), opened, refused)
        self.changed.emit()

    def close_microphone(self) -> None:
        """Stop listening."""
        old, self.microphone, self.ear = self.microphone, None, None
        self.microphone_lost = False
        if old is not None:
            self._tasks.run(old.close)
        self.changed.emit()

    def measure_delay(self, wanted: str, done: Callable[[float], object]) -> None:
        """Sound clicks and find out how late a microphone hears them; it holds from the next listening on.

        Again while it is ``measuring`` asks for nothing more.
        """
        if self.measuring:
            return
        synth = self.synth
        if synth is None or self.silence_reason:
            self._refused("There is no sound here, so the delay cannot be measured.")
            return

        def measured(late_sec: float) -> None:
            self.microphone_late_sec, self.measuring = late_sec, False
            done(late_sec)
            self.changed.emit()

        def refused(reason: str) -> None:
            self.measuring = False
            self._refused(reason)

        self.measuring = True
        self._tasks.run(
            lambda: measured_delay(wanted, self._parts.open_microphone, synth, stamp, time.sleep), measured, refused
        )
        self.changed.emit()

    def list_microphones(self, done: Callable[[Sequence[str]], object]) -> None:
        """Ask for the microphones."""
        self._tasks.run(self._parts.microphone_names, done)

    def check(self) -> None:
        """Ask what works on this machine."""
        self._tasks.run(self._parts.device_checks, lambda checks: self.checked.emit(tuple(checks)))

    def list_gloves(self, kind: Kind, done: Callable[[Sequence[str]], object]) -> None:
        """Ask for the ports on which such a glove may be."""
        midi = kind is Kind.FINGER_CHANNELS
        self._tasks.run(self._parts.midi_output_names if midi else self._parts.serial_names, done)

    def close(self) -> None:
        """Give everything back."""
        self._glove_look.stop()
        for device in (self.glove, self._midi, self.microphone, self.synth):
            if device is not None:
                device.close()
        self.glove = self._midi = self.microphone = self.synth = None

    def _midi_listed(self, names: Sequence[str], wanted: str) -> None:
        self.midi_names = tuple(names)
        chosen = wanted if wanted in names else names[0] if names else ""
        if chosen and self._midi is None and not self._midi_opening:
            self.open_midi(chosen)
        self.changed.emit()

    def _reopen_midi(self, old: MidiInput | None, name: str) -> MidiInput | None:
        if old is not None:
            old.close()
        return self._parts.open_midi(name, self._inbox) if name else None

    def _reopen_microphone(self, old: SoundInput | None, wanted: str, ear: Ear) -> SoundInput:
        if old is not None:
            old.close()
        return self._parts.open_microphone(wanted, ear.listen, self._inbox)

    def _midi_opened(self, opened: MidiInput | None, asked: int) -> None:
        if asked != self._midi_asked:  # another one was asked for meanwhile: two would sound every note twice
            if opened is not None:
                self._tasks.run(opened.close)
            return
        self._midi, self.midi_lost, self._midi_opening = opened, False, False
        self.changed.emit()

    def _refused(self, reason: str) -> None:
        self.noticed.emit(reason)
        self.changed.emit()

    def _speaker_opened(self, synth: Synth) -> None:
        self.synth = synth
        self.changed.emit()

    def _reopen_glove(
        self, old: WatchedGlove | None, port: str, kind: Kind, settings: LinkSettings
    ) -> WatchedGlove | None:
        if old is not None:
            old.close()
        return WatchedGlove(self._open_glove(port, kind, settings)) if port else None

    def _glove_opened(self, glove: WatchedGlove | None) -> None:
        self.glove = glove
        if glove is not None:
            glove.arm()
            self._glove_look.start()
        else:
            self._glove_look.stop()
        self.changed.emit()

    def _look_at_glove(self) -> None:
        """Notice a glove that went away, came back, rests or is in trouble."""
        state = self.glove_state
        told = state and (state.connected, state.armed, state.resting, state.faults, state.error, state.notice)
        if told != self._told_of_glove:
            self._told_of_glove = told
            self.changed.emit()
