"""The microphone in use: which one is listened to, for which instrument, and what is remembered of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.devices.ports import Ports
from ui.microphone.page import MicrophonePage

if TYPE_CHECKING:  # what comes after the window
    from ui.window import MainWindow


class MicrophoneInUse(QObject):
    """Carries what the microphone page tells to the ports and the settings."""

    def __init__(self, window: MainWindow, ports: Ports, page: MicrophonePage):
        super().__init__(page)
        self._window, self._ports, self._page = window, ports, page
        config = window.config
        page.choose_instrument(config.instrument)
        page.choose_device(config.microphone)
        page.choose_reference(config.tuner_hertz)
        page.tune_lessons(config.tuned_by_tuner)
        ports.microphone_late_sec = config.microphone_late_ms / 1000
        page.listen_asked.connect(self.listen_to)
        page.silence_asked.connect(ports.close_microphone)
        page.refused.connect(window.warn)
        page.reference_chosen.connect(self._keep_reference)
        page.lessons_tuned.connect(self._keep_lessons_tuned)
        page.delay_asked.connect(lambda device: ports.measure_delay(device, self._keep_delay))

    def listen_to(self, device: str, instrument: str, a4_hertz: float | None = None) -> None:
        """Let lessons hear a microphone; by this A from now on, where one is said."""
        if a4_hertz is not None:
            self._page.choose_reference(a4_hertz)
            self._page.tune_lessons(True)
            self._window.config = replace(self._window.config, tuner_hertz=a4_hertz, tuned_by_tuner=True)
        self._window.config = replace(self._window.config, microphone=device, instrument=instrument)
        self._page.choose_instrument(instrument)
        self._page.choose_device(device)
        self._ports.open_microphone(device, instrument, self._window.config.a4_hertz)

    def listen_again(self) -> None:
        """Listen to the microphone that was listened to when the window closed."""
        config = self._window.config
        if config.listening:
            self.listen_to(config.microphone, config.instrument)

    def _keep_reference(self, hertz: float) -> None:
        self._window.config = replace(self._window.config, tuner_hertz=hertz)

    def _keep_lessons_tuned(self, wanted: bool) -> None:
        self._window.config = replace(self._window.config, tuned_by_tuner=wanted)

    def _keep_delay(self, late_sec: float) -> None:
        self._window.config = replace(self._window.config, microphone_late_ms=round(1000 * late_sec, 1))
        self._window.notice.tell(
            f"The microphone hears the program {1000 * late_sec:.0f} ms late; that is taken into account now."
        )
