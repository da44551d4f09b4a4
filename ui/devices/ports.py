"""The learner's devices as the window knows them: opened and asked in the background, told by signals."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from lessons.errors import DeviceError
from tutor.clock import stamp
from tutor.commands.parts import MidiInput, Parts, SoundInput, Synth
from tutor.events import Inbox
from tutor.glove.kinds import Kind
from tutor.glove.settings import LinkSettings
from tutor.glove.state import Glove, GloveState
from tutor.listen.delay import measured_delay
from tutor.listen.playback import Playback
from tutor.midi_names import choose, remembered
from ui.devices.slot import Slot
from ui.glove.news import GloveNews
from ui.glove.watched import WatchedGlove
from ui.microphone.ear import Ear
from ui.tasks import Road, Tasks

GLOVE_LOOK_MS = 400
OpenGlove = Callable[[str, Kind, LinkSettings], Glove]


class Ports(QObject):
    """One MIDI input, one speaker, at most one glove. ``changed`` tells that something about them did."""

    changed = Signal()
    noticed = Signal(str)  # a warning
    told = Signal(str)  # what became of the glove, which needs no deed
    settled = Signal(str)  # a warning that has come to nothing
    touch_let = Signal(bool)  # the learner allows touch, or has stopped it all
    checked = Signal(object)  # tuple[Check, ...]

    def __init__(self, parts: Parts, open_glove: OpenGlove, inbox: Inbox, tasks: Tasks):
        super().__init__()
        self._parts, self._open_glove, self._inbox, self._tasks = parts, open_glove, inbox, tasks
        self._midi: Slot[MidiInput] = Slot(tasks)
        self._microphone: Slot[SoundInput] = Slot(tasks)
        self._glove: Slot[WatchedGlove] = Slot(tasks)
        self._speaker: Slot[Synth] = Slot(tasks)
        self.midi_lost, self._told_of_midi = False, ""
        self._before = self._named = ""
        self.midi_names: tuple[str, ...] = ()
        self.volume = 1.0
        self.glove_port, self.glove_kind = "", Kind.HGP
        self.touch_stopped = False
        self._told_of_glove: object = None
        self._glove_news, self._glove_trouble = GloveNews(), ""
        self._glove_look = QTimer(self)
        self._glove_look.setInterval(GLOVE_LOOK_MS)
        self._glove_look.timeout.connect(self._look_at_glove)
        self.microphone_lost = self.measuring = False
        self.ear: Ear | None = None
        self.microphone_late_sec = 0.0

    @property
    def midi_name(self) -> str:
        """The open MIDI input; '' where there is none."""
        return self._midi.device.name if self._midi.device is not None else ""

    @property
    def glove(self) -> WatchedGlove | None:
        """The glove that is used."""
        return self._glove.device

    @property
    def glove_opening(self) -> bool:
        """Whether the glove on ``glove_port`` is about to be used."""
        return self._glove.opening

    @property
    def microphone(self) -> SoundInput | None:
        """The microphone that is open."""
        return self._microphone.device

    @property
    def microphone_opening(self) -> bool:
        """Whether a microphone is about to listen."""
        return self._microphone.opening

    @property
    def synth(self) -> Synth | None:
        """Who sounds notes; None while the sound gets ready."""
        return self._speaker.device

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
        self._speaker.open(self._parts.open_speaker, self._speaker_opened, self._refused)

    def playback(self) -> Playback | None:
        """What the speaker sounded in the last moments; None where there is no sound. Any thread may ask."""
        synth = self.synth
        return synth.playback if synth is not None else None

    def set_volume(self, share: float) -> None:
        """Sound everything as loud as this, 0..1."""
        self.volume = share
        if self.synth is not None:
            self.synth.loudness(share)

    def look_for_midi(self, before: str | None = None, named: str | None = None) -> None:
        """List the inputs, and where none is open, open the one that is ``named`` or was used ``before``.

        A name may be a part of the port's; one that is not there is told. Without a name any instrument will do. What
        is not said is as when it was last said.
        """
        self._before = before = self._before if before is None else before
        self._named = named = self._named if named is None else named
        self._tasks.run(
            self._parts.midi_input_names, lambda names: self._midi_listed(names, before, named), road=Road.PORTS
        )

    def open_midi(self, name: str) -> None:
        """Hear another input; of several that are asked for while one opens, the last."""
        self._midi.open(
            lambda: self._parts.open_midi(name, self._inbox) if name else None, self._midi_opened, self._refused
        )

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
        self.glove_port, self.glove_kind = port, kind
        self._glove_news = GloveNews()
        self._glove.open(
            lambda: WatchedGlove(self._open_glove(port, kind, settings), port, self.touch_stopped) if port else None,
            self._glove_opened,
            self._glove_refused,
        )

    def let_touch(self, allowed: bool) -> None:
        """The learner allows touch, or wants none until they do, whichever glove comes."""
        self.touch_stopped = not allowed
        if self.glove is not None:
            (self.glove.allow if allowed else self.glove.halt)()
        self.touch_let.emit(allowed)
        self.changed.emit()

    def clear_fault(self) -> None:
        """Tell the glove that a person has looked after its fault."""
        if self.glove is not None:
            self.glove.clear_fault()

    def open_microphone(self, wanted: str, instrument: str, a4_hertz: float | None = None) -> None:
        """Listen to an instrument; '' is the machine's own microphone. Again while it opens asks for nothing more.

        ``a4_hertz`` is what A is tuned to, None where that is found by ear.
        """
        if self.microphone_opening:
            return
        ear = Ear(instrument, self.microphone_late_sec, a4_hertz, self.playback)
        self.ear, self.microphone_lost = None, False

        def opened() -> None:
            self.ear = ear
            self.changed.emit()

        self._microphone.open(
            lambda: self._parts.open_microphone(wanted, ear.listen, self._inbox), opened, self._refused
        )
        self.changed.emit()

    def close_microphone(self) -> None:
        """Stop listening."""
        self._microphone.clear()
        self.ear, self.microphone_lost = None, False
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
        self._tasks.run(self._parts.microphone_names, done, road=Road.PORTS)

    def check(self) -> None:
        """Ask what works on this machine."""
        self._tasks.run(self._parts.device_checks, lambda checks: self.checked.emit(tuple(checks)))

    def list_gloves(self, kind: Kind, done: Callable[[Sequence[str]], object]) -> None:
        """Ask for the ports on which such a glove may be."""
        midi = kind is Kind.FINGER_CHANNELS
        self._tasks.run(self._parts.midi_output_names if midi else self._parts.serial_names, done, road=Road.PORTS)

    def let_go(self) -> Callable[[], None]:
        """Use nothing any more; what gives everything back, which may take seconds."""
        self._glove_look.stop()
        slots = (self._glove, self._midi, self._microphone, self._speaker)
        held = [slot.let_go() for slot in slots]

        def give_back() -> None:
            for device in held:
                if device is not None:
                    device.close()

        return give_back

    def _midi_listed(self, names: Sequence[str], before: str, named: str) -> None:
        self.midi_names = tuple(names)
        if self._midi.device is None and not self._midi.opening:
            try:
                chosen = choose(named, names) if named else remembered(before, names)
            except DeviceError as error:
                chosen = ""
                self._tell_once(str(error))
            if chosen:
                self.open_midi(chosen)
        self.changed.emit()

    def _tell_once(self, words: str) -> None:
        if words != self._told_of_midi:
            self._told_of_midi = words
            self.noticed.emit(words)

    def _midi_opened(self) -> None:
        self.midi_lost = False
        self.changed.emit()

    def _refused(self, reason: str) -> None:
        self.noticed.emit(reason)
        self.changed.emit()

    def _speaker_opened(self) -> None:
        self.set_volume(self.volume)
        self.changed.emit()

    def _glove_refused(self, reason: str) -> None:
        self._glove_trouble = reason
        self._refused(reason)

    def _glove_opened(self) -> None:
        if self.glove is not None:
            self.settled.emit(self._glove_trouble)
            self.glove.halted = self.touch_stopped
            self.glove.lend()
            self._glove_look.start()
        else:
            self._glove_look.stop()
        self.changed.emit()

    def _look_at_glove(self) -> None:
        """Notice a glove that went away, came back, rests or is in trouble; let one rest that nobody uses."""
        if self.glove is not None:
            self.glove.rest_if_idle()
        state = self.glove_state
        told = state and (state.connected, state.armed, state.resting, state.faults, state.error, state.notice)
        if told != self._told_of_glove:
            self._told_of_glove = told
            self.changed.emit()
        news = self._glove_news.of(state) if state is not None else ""
        if news:
            self.told.emit(news)
