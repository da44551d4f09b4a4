"""Zip archives in and out: the same entries give the same bytes, and no archive unpacks to more than `SIZE_LIMIT`."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from lessons.errors import FormatError
from lessons.files.limits import MEBIBYTE, SIZE_LIMIT

SIGN = b"PK"  # how all of them begin
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_DAMAGED = (
    *(zlib.error, KeyError, NotImplementedError, RuntimeError),
    *(OSError, EOFError, UnicodeError),
)


class Archive:
    """An open archive; what is read of it, whatever its headers claim, comes to `SIZE_LIMIT` at most."""

    def __init__(self, archive: zipfile.ZipFile):
        self._archive, self._left = archive, SIZE_LIMIT

    def read(self, name: str) -> bytes:
        """One file of it. Raises FormatError past the limit, KeyError where there is none of this name."""
        with self._archive.open(name) as entry:
            content = entry.read(self._left + 1)
        if len(content) > self._left:
            raise FormatError(f"{name} is larger than {SIZE_LIMIT // MEBIBYTE} MB unpacked")
        self._left -= len(content)
        return content


@contextmanager
def opened(content: bytes) -> Iterator[Archive]:
    """The archive in these bytes. Raises FormatError where it is damaged, or lacks what is read within."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield Archive(archive)
    except zipfile.BadZipFile as fault:
        raise FormatError("the compressed file is damaged") from fault
    except _DAMAGED as fault:
        raise FormatError(f"the compressed file is damaged: {fault}") from fault


def packed(entries: Iterable[tuple[str, bytes]]) -> bytes:
    """The bytes of an archive with these files, by name and in this order."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(zipfile.ZipInfo(name, _FIRST_DAY), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
