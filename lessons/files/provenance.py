"""What a file says of how its piece was made: the analogy with seed and hashes, as `write_score` writes it.

MusicXML has it as miscellaneous fields, MIDI as text events ``Dacapo NAME: VALUE`` at the beginning of the first track.
"""

from __future__ import annotations

from pathlib import Path

from lessons.files import MIDI_ENDINGS, MUSICXML_ENDINGS
from lessons.files.disk import read_as, read_whole

SOFTWARE = "Dacapo"  # what a file says wrote it
TEXT_PREFIX = f"{SOFTWARE} "  # of a text event that says what made the piece


def made_by(path: Path) -> dict[str, str]:
    """What a file of this program says by name; nothing where it says nothing, or is of another kind."""
    ending = path.suffix.lower()
    if ending in MUSICXML_ENDINGS:
        from lessons.files.musicxml_document import document_of, made_by, unpacked

        return made_by(document_of(unpacked(read_whole(path))))
    if ending in MIDI_ENDINGS:
        from lessons.files.ticks import read_ticks

        return read_as(path, read_ticks).provenance
    return {}
