"""The exercises that the journal keeps, as pieces of the shelf: told apart by what they were made of, and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lessons.analogy import STYLE_WORDS, Level, Style
from lessons.bar_names import counted_in_words
from lessons.files.disk import write_whole
from lessons.library.shelf import Piece
from tutor.clock import local_day
from ui.compose.question import WORDS

if TYPE_CHECKING:  # what comes after the window
    from tutor.journal.entries import ExerciseEntry


def pieces_of(entries: Iterable[ExerciseEntry], folder: Path) -> tuple[Piece, ...]:
    """The exercises as pieces; their files lie in the journal, and are laid into a folder to be read."""
    kept = []
    for entry in entries:
        path = folder / f"{entry.exercise_id}{Path(entry.file_name).suffix}"
        if not path.exists() or path.stat().st_size != len(entry.file):
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, entry.file, force=True)
        day = local_day(entry.made_at)
        words = f"{made_of(entry.provenance)} · {day.day} {day:%B}".lstrip(" ·")
        kept.append(
            Piece(
                entry.exercise_id,
                entry.title,
                path,
                about=entry.reason,
                removable=True,
                origin=words,
                renamed=True,
                details=seed_words(entry.provenance),
            )
        )
    return tuple(kept)


def made_of(provenance: Mapping[str, Any]) -> str:
    """What an exercise took from which piece, in a few words."""
    donors: Mapping[str, Mapping[str, str]] = provenance.get("donors") or {}
    words = _manner(provenance)
    words += [f"{WORDS.get(feature, feature)} from {donor['title']}" for feature, donor in donors.items()]
    words += _passage(provenance)
    said = " · ".join(words)
    return said[:1].upper() + said[1:]


def _manner(provenance: Mapping[str, Any]) -> list[str]:
    """What became of a piece without a donor's help: a song, another left hand, or something freely varied."""
    form, style = provenance.get("form"), provenance.get("style")
    words = ["grown from a motif"] if "song_bars" in provenance else []
    words += [f"form of {form['title']}"] if form else []
    words += [STYLE_WORDS[Style(style)]] if style in set(Style) else []
    is_free = not (words or provenance.get("donors")) and "strength" in provenance
    level = provenance.get("level", Level.SAME)
    return [*words, *(["freely varied"] if is_free else []), *([str(level)] if level != Level.SAME else [])]


def _passage(provenance: Mapping[str, Any]) -> list[str]:
    """What a musician calls the bars."""
    counted = provenance.get("excerpt") or provenance.get("bars")
    if "passage" in provenance or not counted:
        return [provenance["passage"]] if provenance.get("passage") else []
    return [counted_in_words(*counted)]


def seed_words(provenance: Mapping[str, Any]) -> str:
    """With what an exercise can be made again on the Compose page; '' where nothing was composed."""
    return f"Made with seed {provenance['seed']}" if "seed" in provenance else ""
