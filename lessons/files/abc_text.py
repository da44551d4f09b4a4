"""The letters of an ABC file: UTF-8, as the standard has it, or Latin-1, as in files from before it."""

from __future__ import annotations


def decoded(content: bytes) -> str:
    """The text in the bytes of a file."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")
