"""MusicXML in: .musicxml, .xml and .mxl through partitura, with repeats written out first (`lessons.files.unfolding`).

The XML is checked first (`musicxml_document`); beats and bars are those of `musicxml_timeline`, notes and hands those
of `musicxml_notes`. A part without pitches is left out and logged.
"""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from lxml import etree  # type: ignore[import-untyped]

from lessons.errors import FormatError
from lessons.files.bar_labels import bar_labels
from lessons.files.credit_words import drop_credits
from lessons.files.cues import settle_cues
from lessons.files.musicxml_document import (
    document_of,
    prepare,
    sound_metronome,
    unpacked,
    words_of,
    written_numbers,
)
from lessons.files.musicxml_notes import marks_of, notes_of
from lessons.files.musicxml_signs import page_signs_of
from lessons.files.musicxml_timeline import bars_between, chords_of, keys_of, mode_of, tempo_of, timeline
from lessons.files.ties import settle_ties
from lessons.files.transposing import sound_transposed
from lessons.files.unfolding import unfold
from lessons.score import Score

if TYPE_CHECKING:
    from partitura.score import Part

_log = logging.getLogger(__name__)


def parse_musicxml(content: bytes, sections: Sequence[range] = ()) -> Score:
    """Make a score of the bytes of a MusicXML file. Raises FormatError with the reason.

    ``sections``: the measures that are played one section after the other, each with its own repeats (none: all).
    """
    document = document_of(unpacked(content))
    written, labels = written_numbers(document)
    for direction in document.iter("direction"):
        sound_metronome(direction)
    drop_credits(document)
    settle_cues(document)
    settle_ties(document)
    above = sound_transposed(document)
    order = unfold(document, sections)
    prepare(document)
    parts = _pitched(_parts_of(document))
    transpositions = tuple(above.get(part.id, 0) for part in parts)
    leaps = [here != before + 1 for before, here in pairwise([-1, *order])]
    numbers, names = [written[index] for index in order], [labels[index] for index in order if labels]
    score = _score(document, parts, numbers, names, leaps)
    return replace(score, transpositions=transpositions if any(transpositions) else ())


def _parts_of(document: etree._Element) -> list[Part]:
    """The document through partitura, without its warnings, and without what is read in `musicxml_signs`."""
    import partitura

    content = _without_signs(document)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(partitura.load_musicxml(io.BytesIO(content)).parts)


def _without_signs(document: etree._Element) -> bytes:
    """The document with directions and slurs under another name: partitura takes milliseconds for a word."""
    signs = [(element, element.tag) for element in document.iter("direction-type", "slur", "lyric")]
    for element, _ in signs:
        element.tag = "sign"
    content: bytes = etree.tostring(document, encoding="utf-8")
    for element, name in signs:
        element.tag = name
    return content


def _pitched(parts: list[Part]) -> list[Part]:
    from partitura.score import Note

    kept = []
    for part in parts:
        if next(part.iter_all(Note, include_subclasses=True), None) is None:
            _log.info("part %s (%s) has no pitched notes and is left out", part.id, part.part_name)
        else:
            kept.append(part)
    if not kept:
        raise FormatError("has no pitched notes")
    return kept


def _score(
    document: etree._Element, parts: list[Part], written: list[int], labels: list[str], leaps: list[bool]
) -> Score:
    clocks, edges, metres = timeline(document, parts)
    bars = bars_between(edges, metres, written)
    names = tuple(str(part.part_name or part.id or "") for part in parts)
    notes = notes_of(parts, clocks, names)
    elements = {part.get("id"): part for part in document.findall("part")}
    signs, spread = page_signs_of([elements[part.id] for part in parts], clocks, notes, leaps)
    return Score(
        notes,
        bars,
        metres,
        keys_of(parts[0], clocks[0]),
        chords_of(parts, clocks, float(edges[-1])),
        tempo_of(parts, clocks),
        *words_of(document),
        part_names=names,
        marks=np.concatenate([marks_of(parts, clocks), spread]),
        mode=mode_of(parts[0]),
        signs=signs,
        labels=bar_labels(bars, edges, labels),
    )
