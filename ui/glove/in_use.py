"""The glove in use: how it is remembered, which one is connected, and how the hand is led by it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from tutor.config import Config
from tutor.glove.kinds import Kind
from ui.glove.page import GlovePage, Touch
from ui.practice.lesson import Lesson

if TYPE_CHECKING:  # what comes after the window
    from tutor.glove.settings import LinkSettings
    from ui.window import MainWindow


class GloveInUse(QObject):
    """Carries what the glove page tells to the lesson, the glove and the settings."""

    def __init__(self, window: MainWindow, lesson: Lesson, page: GlovePage):
        super().__init__(page)
        self._window, self._lesson, self._page = window, lesson, page
        page.lead.way_chosen.connect(self._lead)
        page.touch_chosen.connect(self.touch)
        lesson.state_changed.connect(self._show_way)
        lesson.ports.touch_let.connect(self._remember)
        self._show_way()

    def use(self, port: str, kind: Kind) -> None:
        """Connect the glove on a port, and remember it."""
        self._window.config = replace(self._window.config, glove_port=port, glove_kind=kind)
        self._lesson.ports.open_glove(port, kind, link_settings(self._window.config))

    def touch(self, touch: Touch) -> None:
        """Touch so from now on."""
        onset = -1.0 if touch.onset_ms is None else touch.onset_ms
        self._window.config = replace(
            self._window.config,
            glove_level=touch.level,
            glove_child=touch.child,
            glove_lead_ms=touch.lead_ms,
            glove_onset_ms=onset,
            glove_gains=touch.gains,
        )
        glove = self._lesson.ports.glove
        if glove is not None:
            glove.use(link_settings(self._window.config))

    def _lead(self, fields: dict[str, object]) -> None:
        """Let the hand be led otherwise, in the midst of a take too."""
        self._lesson.change(replace(self._lesson.settings, **fields))

    def _show_way(self) -> None:
        """Show how the hand is led; a lesson ends a rehearsal, for a hand cannot follow two."""
        if self._lesson.running:
            self._page.rehearsal.stop()
        self._page.lead.show_way(self._lesson.settings, self._lesson.fading)

    def _remember(self, allowed: bool) -> None:
        """Note at once whether touch is stopped: it holds for the next learner and the next start too."""
        window, rooms = self._window, self._window.rooms
        window.config = replace(window.config, touch_stopped=not allowed)

        def remember() -> None:
            if window.house.gloves is self:  # what was chosen since goes with it, and nothing of the next learner's
                rooms.save_config(window.config)

        window.tasks.run(remember)


def touch_of(config: Config) -> Touch:
    """How the learner wants to be touched, as it was remembered."""
    onset = config.glove_onset_ms
    touch = Touch(config.glove_level, config.glove_lead_ms, onset if onset >= 0 else None, config.glove_child)
    return replace(touch, gains=config.glove_gains) if len(config.glove_gains) == len(touch.gains) else touch


def link_settings(config: Config) -> LinkSettings:
    """How a glove is to be used, as it was remembered; a measured onset holds for all its motors."""
    from tutor.glove.limits import MAX_ACTUATORS
    from tutor.glove.settings import LinkSettings

    onset = dict.fromkeys(range(MAX_ACTUATORS), config.glove_onset_ms) if config.glove_onset_ms >= 0 else {}
    return LinkSettings(
        max_level=config.glove_level,
        child=config.glove_child,
        lead_ms=config.glove_lead_ms,
        onset_ms=onset,
        gains=dict(enumerate(config.glove_gains)),
    )
