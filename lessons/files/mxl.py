"""Compressed MusicXML: one score in a zip file with the container that the standard asks for (MusicXML 4.0, .mxl)."""

from __future__ import annotations

import io
import zipfile

ENTRY = "score.musicxml"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the same score gives the same bytes
_CONTAINER = f"""<?xml version="1.0" encoding="UTF-8"?>
<container>
  <rootfiles>
    <rootfile full-path="{ENTRY}" media-type="application/vnd.recordare.musicxml+xml"/>
  </rootfiles>
</container>
"""


def compressed(musicxml: bytes) -> bytes:
    """The bytes of an .mxl file that holds this score."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (("META-INF/container.xml", _CONTAINER.encode()), (ENTRY, musicxml)):
            archive.writestr(zipfile.ZipInfo(name, _FIRST_DAY), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
