"""Notes in small print: music of the part itself, or there to be read and not to be played.

MusicXML writes both as <cue>. Hidden ones (how some programs play an ornament) are not played, nor is any in a part of
one staff, where they are what another plays or sings. On the staves of a keyboard they are music (a cadenza, a trill
written out) but for a note that

- shares a chord with notes in full size: it may be played;
- stands in a voice that has nothing in full size in the bar, over a printed rest or in step with full-size notes of its
  staff: what another plays, or another version;
- is struck in full size while it lasts: it shows where a spread chord goes.
"""

from __future__ import annotations

from lxml import etree  # type: ignore[import-untyped]

from lessons.files.placed_notes import Placed, placed_in


def settle_cues(document: etree._Element) -> None:
    """Make plain notes of the small ones that are played, and rests of the others; those in a chord go."""
    for part in document.findall("part"):
        keyboard = any((staff.text or "").strip() == "2" for staff in part.iterfind("measure/note/staff"))
        for measure in part.findall("measure"):
            if measure.find("note/cue") is not None:
                placed = list(placed_in(measure))
                for played in [small for small in placed if small.small and keyboard and _is_music(small, placed)]:
                    played.note.remove(played.note.find("cue"))
                _silence_cues(measure)


def _is_music(cue: Placed, bar: list[Placed]) -> bool:
    full = [other for other in bar if not other.small and other.shown]
    notes = [other for other in full if other.sounds]
    if not (cue.shown and cue.sounds) or any(_one_chord(cue, other) for other in notes):
        return False
    if any(cue.start <= other.start < cue.end and other.key == cue.key and not other.grace for other in notes):
        return False
    return any(other.voice == cue.voice for other in notes) or not _is_beside(cue, bar, full)


def _one_chord(one: Placed, other: Placed) -> bool:
    return (one.voice, one.start, one.staff, one.grace) == (other.voice, other.start, other.staff, other.grace)


def _is_beside(cue: Placed, bar: list[Placed], full: list[Placed]) -> bool:
    """Whether the cues of a cue's voice keep company with what its staff has in full size."""
    own = [each for each in bar if each.small and (each.voice, each.staff) == (cue.voice, cue.staff)]
    others = [other for other in full if other.staff == cue.staff]
    return any(
        each.start == other.start if other.sounds else each.start < other.end and each.end > other.start
        for each in own
        for other in others
    )


def _silence_cues(measure: etree._Element) -> None:
    cues = [note for note in measure.findall("note") if note.find("cue") is not None]
    for note in reversed(cues):  # from the last note of a chord to the one that leads it
        following = note.getnext()
        leads = following is not None and following.find("chord") is not None and following.find("cue") is None
        if leads and note.find("chord") is None:
            following.remove(following.find("chord"))
        if leads or note.find("chord") is not None or note.find("grace") is not None:
            measure.remove(note)
        else:
            silence(note)


def silence(note: etree._Element) -> None:
    """Make a rest of a note, in place."""
    for name in ("pitch", "unpitched", "cue", "tie", "accidental", "beam", "notations", "lyric"):
        for element in note.findall(name):
            note.remove(element)
    if note.find("rest") is None:
        note.insert(0, etree.Element("rest"))
