"""The computer's keyboard as a piano: two rows of letters, two octaves; by place, not by letter, where that is known.

The lower row (Z S X D C …) begins at ``base``, the upper one (Q 2 W 3 E …) an octave above it.
"""

from __future__ import annotations

from collections.abc import Sequence

LOWER, UPPER = "ZSXDCVGBHNJM", "Q2W3ER5T6Y7U"
UPPER_MORE = "I9O0P"
BASE_PITCH = 48
BASE_RANGE = (24, 84)
VELOCITY = 72
_OFFSETS = {letter: offset for offset, letter in enumerate(LOWER)}
_OFFSETS |= {letter: 12 + offset for offset, letter in enumerate(UPPER + UPPER_MORE)}
_ROWS = {2: "1234567890", 16: "QWERTYUIOP", 30: "ASDFGHJKL", 44: "ZXCVBNM"}
_LETTER_AT = {first + place: letter for first, row in _ROWS.items() for place, letter in enumerate(row)}
X11_OFFSET = 8


def letter_of(key: int, scan_code: int, platform: str) -> str:
    """The letter at the key's place on an English keyboard; by its own letter where the platform tells no place."""
    if platform in ("xcb", "wayland") and scan_code:
        return _LETTER_AT.get(scan_code - X11_OFFSET, "")
    if platform == "windows" and scan_code:
        return _LETTER_AT.get(scan_code, "")
    return chr(key) if 0x30 <= key <= 0x5A else ""


def pitch_of(letter: str, base: int) -> int | None:
    """The pitch of a letter; None where the key is no piano key."""
    offset = _OFFSETS.get(letter)
    return None if offset is None else base + offset


def labels(base: int) -> dict[int, str]:
    """What is written on the keys: letter by pitch."""
    return {base + offset: letter for letter, offset in _OFFSETS.items()}


def shifted(base: int, octaves: int) -> int:
    """Another octave, within the piano."""
    return min(max(base + 12 * octaves, BASE_RANGE[0]), BASE_RANGE[1])


def reached(pitches: Sequence[int], base: int) -> int:
    """How many of these can be played with the lower row from a base on."""
    return sum(pitch - base in _OFFSETS.values() for pitch in pitches)


def steady_base(pitches: Sequence[int], base: int) -> int:
    """The base as it is, where no other octave reaches more: letters that were learned stay where they are."""
    nearest = nearest_base(pitches)
    return base if reached(pitches, base) >= reached(pitches, nearest) else nearest


def nearest_base(pitches: Sequence[int]) -> int:
    """The octave from which most of these can be reached."""
    if not pitches:
        return BASE_PITCH
    middle = sorted(pitches)[len(pitches) // 2]
    return shifted(0, max(0, (middle - 8) // 12))
