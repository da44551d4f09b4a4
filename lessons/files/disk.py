"""Whole files in and out: nothing is half read, and nothing is ever half written.

A file larger than `SIZE_LIMIT` is refused before it is read. What is written goes to a temporary file beside its place
first and is renamed when it is complete, so that a full disk or a killed process leaves the old file as it was.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from lessons.errors import FormatError, InputError
from lessons.files.limits import MEBIBYTE, SIZE_LIMIT

Parsed = TypeVar("Parsed")


def read_whole(path: Path) -> bytes:
    """The bytes of a file. Raises FormatError where it is missing, no file, empty, unreadable or over `SIZE_LIMIT`."""
    try:
        if path.is_dir():
            raise FormatError(f"{path}: is a folder, not a file")
        if not path.is_file() and path.exists():
            raise FormatError(f"{path}: is not a regular file")
        size = path.stat().st_size
        if size > SIZE_LIMIT:
            raise FormatError(f"{path}: {size // MEBIBYTE} MB is too large (limit {SIZE_LIMIT // MEBIBYTE} MB)")
        content = path.read_bytes()
    except FormatError:
        raise
    except FileNotFoundError:
        raise FormatError(f"{path}: no such file") from None
    except (OSError, ValueError) as fault:
        raise FormatError(f"{path}: cannot be read: {getattr(fault, 'strerror', None) or fault}") from fault
    if not content:
        raise FormatError(f"{path}: the file is empty")
    return content


def read_as(path: Path, parse: Callable[[bytes], Parsed]) -> Parsed:
    """What ``parse`` makes of the bytes of a file. Raises FormatError in one line with the file and the reason."""
    content = read_whole(path)
    try:
        return parse(content)
    except InputError as fault:
        raise FormatError(f"{path}: {fault}") from fault


def write_whole(path: Path, content: bytes, force: bool = False) -> None:
    """Write a file in one step. Raises InputError where it exists (unless ``force``) or cannot be written."""
    _refuse_taken(path, force)
    try:
        replace_whole(path, content)
    except OSError as fault:
        raise InputError(f"{path}: cannot be written: {fault.strerror or fault}") from fault


def replace_whole(path: Path, content: bytes) -> None:
    """Write a file in one step, in place of what was there. Raises OSError; then nothing new is left lying about."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:64]}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def check_out(path: Path, endings: tuple[str, ...], force: bool) -> None:
    """Raise InputError where a file could not be written, before any work is done for it."""
    if path.suffix.lower() not in endings:
        others = ", ".join(endings[:-1])
        raise InputError(f"{path}: must end in {f'{others} or ' if others else ''}{endings[-1]}")
    if not path.absolute().parent.is_dir():
        raise InputError(f"{path}: the folder {path.absolute().parent} does not exist")
    _refuse_taken(path, force)


def _refuse_taken(path: Path, force: bool) -> None:
    if path.is_dir():
        raise InputError(f"{path}: is a folder, not a file")
    if path.exists() and not force:
        raise InputError(f"{path}: exists already (--force overwrites it)")
