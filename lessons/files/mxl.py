"""Compressed MusicXML: one score in a zip file with the container that the standard asks for (MusicXML 4.0, .mxl)."""

from __future__ import annotations

from lessons.files.archive import packed

ENTRY = "score.musicxml"
_CONTAINER = f"""<?xml version="1.0" encoding="UTF-8"?>
<container>
  <rootfiles>
    <rootfile full-path="{ENTRY}" media-type="application/vnd.recordare.musicxml+xml"/>
  </rootfiles>
</container>
"""


def compressed(musicxml: bytes) -> bytes:
    """The bytes of an .mxl file that holds this score."""
    return packed([("META-INF/container.xml", _CONTAINER.encode()), (ENTRY, musicxml)])
