"""The settings as they are kept from one start to the next."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from tutor.config import Config, config_path

log = logging.getLogger(__name__)


class Settings:
    """The file of the settings: of what belongs to the computer, what was chosen since the last time is written."""

    def __init__(self, folder: Path | None, before: Config):
        self._folder, self._before = folder, before
        self._writing = threading.Lock()

    def save(self, config: Config) -> None:
        """Remember these; any thread may ask."""
        with self._writing:
            try:
                config.save(config_path(self._folder), config_path(), self._before)
                self._before = config
            except OSError as error:
                log.warning("the settings cannot be kept: %s", error)
