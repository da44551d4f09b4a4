"""Whether there is a loudspeaker: one that goes away or comes back is told; where none was, it is asked again."""

from __future__ import annotations

from PySide6.QtCore import QObject

from tutor.synth import SilentSynth
from ui.devices.ports import Ports


class SoundWatch(QObject):
    """Looks at the sound of the ports."""

    def __init__(self, ports: Ports):
        super().__init__(ports)
        self._ports, self._reason = ports, ""

    def look(self) -> None:
        """Tell of sound that went away since the last look, or came back; what never was is not told."""
        before, self._reason = self._reason, self._ports.silence_reason
        if before == self._reason:
            return
        self._ports.settled.emit(before)
        if self._reason and not isinstance(self._ports.synth, SilentSynth):
            self._ports.noticed.emit(self._reason)
        self._ports.changed.emit()

    def look_again(self) -> None:
        """Open a loudspeaker where none was there; one that went away is opened again by itself."""
        if isinstance(self._ports.synth, SilentSynth):
            self._ports.open_speaker()
