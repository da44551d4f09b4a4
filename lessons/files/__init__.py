"""Scores from files and to files; the ending of the name says which kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from lessons.errors import FormatError, InputError
from lessons.files.disk import read_as, write_whole
from lessons.files.titles import is_title, title_from
from lessons.hands import with_hands
from lessons.legible import legible
from lessons.score import Score, one_a_key

MUSICXML_ENDINGS = (".musicxml", ".xml", ".mxl")
MIDI_ENDINGS = (".mid", ".midi")
ABC_ENDINGS = (".abc",)
WRITTEN_ENDINGS = MUSICXML_ENDINGS + MIDI_ENDINGS
_PROGRAMS = {  # whose own files end so
    **dict.fromkeys((".mscz", ".mscx"), "MuseScore"),
    **dict.fromkeys((".mus", ".musx"), "Finale"),
    **dict.fromkeys((".gp", ".gpx", ".gp3", ".gp4", ".gp5"), "Guitar Pro"),
    **dict.fromkeys((".cap", ".capx"), "capella"),
    **{".sib": "Sibelius", ".dorico": "Dorico", ".enc": "Encore", ".nwc": "NoteWorthy Composer"},
}
_PICTURES = (".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff")
_LINE_LENGTH = 160
# What the libraries that read files raise over content that no check of ours has foreseen.
_STUMBLES = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError),
    *(RecursionError, SyntaxError, TypeError, UnicodeError, ValueError),
)


def read_score(path: Path | str) -> Score:
    """Read a score: MusicXML, MIDI or ABC. Raises FormatError in one line with the file and the reason."""
    path = Path(path)
    ending = path.suffix.lower()
    if ending not in MUSICXML_ENDINGS + MIDI_ENDINGS + ABC_ENDINGS:
        raise FormatError(f"{path}: {_advice(ending) if path.exists() else 'no such file'}")
    return _titled(read_as(path, lambda content: score_in(content, ending)), path)


def _advice(ending: str) -> str:
    """What to do with a file that is no score that can be read."""
    if ending in _PROGRAMS:
        return f"is a file of {_PROGRAMS[ending]}'s own; export it there as MusicXML"
    if ending in _PICTURES:
        return "is a picture of a score; a program like Audiveris makes MusicXML of it"
    return "a score ends in .musicxml, .xml, .mxl, .mid, .midi or .abc"


def score_in(content: bytes, ending: str) -> Score:
    """The score in the bytes of a file of this ending. Raises FormatError in one line with the reason alone."""
    try:
        return _named(with_hands(_unisons_joined(_parse(content, ending))))
    except InputError as fault:
        raise FormatError(_one_line(str(fault))) from fault
    except _STUMBLES as fault:
        raise FormatError(f"cannot be followed ({_one_line(f'{type(fault).__name__}: {fault}')})") from fault


def _titled(score: Score, path: Path) -> Score:
    """A score that does not say its name has that of its file."""
    return score if is_title(score.title) else replace(score, title=title_from(path))


def _named(score: Score) -> Score:
    """The score with title and composer as they can be shown."""
    said, shown = (score.title, score.composer), (legible(score.title), legible(score.composer))
    return score if said == shown else replace(score, title=shown[0], composer=shown[1])


def _one_line(text: str) -> str:
    """What a library says, fit to be read in a terminal."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= _LINE_LENGTH else f"{line[: _LINE_LENGTH - 3]}..."


def write_score(
    score: Score, path: Path | str, force: bool = False, provenance: Mapping[str, str] | None = None
) -> None:
    """Write a score as MusicXML or MIDI, whole or not at all; the file says by name what made it, if that is given.

    Raises InputError where the file exists (unless ``force``), cannot be written, or has another ending.
    """
    path = Path(path)
    ending = path.suffix.lower()
    if not len(score.notes):
        raise InputError(f"{path}: there are no notes to write")
    if ending in MIDI_ENDINGS:
        from lessons.files.midi_writer import midi_bytes

        write_whole(path, midi_bytes(score, provenance), force)
    elif ending in MUSICXML_ENDINGS:
        from lessons.files.musicxml_writer import musicxml_bytes
        from lessons.files.mxl import compressed

        content = musicxml_bytes(score, transposing=True, provenance=provenance)
        write_whole(path, compressed(content) if ending == ".mxl" else content, force)
    else:
        raise InputError(f"{path}: a score is written as .musicxml, .xml, .mxl, .mid or .midi")


def _parse(content: bytes, ending: str) -> Score:
    if ending in MIDI_ENDINGS:
        from lessons.files.midi import parse_midi

        return parse_midi(content)
    if ending in ABC_ENDINGS:
        from lessons.files.abc import parse_abc

        return parse_abc(content)
    from lessons.files.musicxml import parse_musicxml

    return parse_musicxml(content)


def _unisons_joined(score: Score) -> Score:
    """One note, the longest, where two voices of a hand share a key: it can be struck only once (but by graces).

    A key that both hands share stays a note of each, for who practises one hand; the longer one comes first.
    """
    notes = score.notes[np.argsort(-score.notes["duration_beat"], kind="stable")]
    return score.with_notes(notes[one_a_key(notes, "part", "hand")])
