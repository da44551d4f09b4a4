"""What is kept of the files of a folder in a JSON file beside them: an entry a file, by its name."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

Entry = TypeVar("Entry")
log = logging.getLogger(__name__)


def entries_in(path: Path, kind: type[Entry], level: int = logging.WARNING) -> Mapping[str, Entry]:
    """The entries of a kind; none where the file cannot be read, which is logged at a level."""
    try:
        kept = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as fault:
        log.log(level, "%s cannot be read: %s", path, fault)
        return {}
    return {name: entry for name, entry in kept.items() if isinstance(entry, kind)} if isinstance(kept, dict) else {}
