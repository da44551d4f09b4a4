"""Broken files of every kind that a learner might hand to the program, made in code.

`malformed` yields (name, bytes, ending) of scores, `malformed_takes` those of takes: none of them can be read, and each
must be refused with one line.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator

Case = tuple[str, bytes, str]


def midi_file(*tracks: bytes, division: int = 480, form: int = 1) -> bytes:
    """A MIDI file of raw tracks."""
    chunks = b"".join(b"MTrk" + struct.pack(">I", len(track)) + track for track in tracks)
    return b"MThd" + struct.pack(">IHHH", 6, form, len(tracks), division) + chunks


END = b"\x00\xff\x2f\x00"
NOTE = b"\x00\x90\x3c\x40\x83\x60\x80\x3c\x40"  # middle C for a beat


def musicxml(bars: str, head: str = "", root: str = "score-partwise") -> bytes:
    """A MusicXML file of one part with the given bars."""
    parts = '<part-list><score-part id="P1"><part-name>Piano</part-name></score-part></part-list>'
    return f'<?xml version="1.0"?>{head}<{root}>{parts}<part id="P1">{bars}</part></{root}>'.encode()


def note(step: str = "C", duration: str = "1", octave: str = "4") -> str:
    """A <note>."""
    pitch = f"<pitch><step>{step}</step><octave>{octave}</octave></pitch>"
    return f"<note>{pitch}<duration>{duration}</duration><voice>1</voice></note>"


def bar(content: str, divisions: str = "1", metre: tuple[str, str] = ("4", "4")) -> str:
    """A first bar with its attributes."""
    time = f"<time><beats>{metre[0]}</beats><beat-type>{metre[1]}</beat-type></time>"
    return f'<measure number="1"><attributes><divisions>{divisions}</divisions>{time}</attributes>{content}</measure>'


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


CONTAINER = b'<container><rootfiles><rootfile full-path="score.xml"/></rootfiles></container>'


def malformed() -> Iterator[Case]:
    """Scores that cannot be read: (name, bytes, ending)."""
    yield from _of_any_ending()
    yield from malformed_takes()
    yield from _midi_scores()
    yield from _musicxml()
    yield from _archives()
    yield from _abc()


def malformed_takes() -> Iterator[Case]:
    """Takes that cannot be read: (name, bytes, ending)."""
    whole = midi_file(NOTE + END)
    yield "midi-text", b"this is not music", ".mid"
    yield "midi-header-cut", whole[:9], ".mid"
    yield "midi-track-header-cut", whole[:18], ".mid"
    yield "midi-track-cut", whole[:-6], ".mid"
    yield "midi-second-track-missing", whole[:10] + b"\x00\x02" + whole[12:], ".mid"
    yield "midi-no-tracks", midi_file(), ".mid"
    yield "midi-no-notes", midi_file(END), ".mid"
    yield "midi-only-drums", midi_file(b"\x00\x99\x3c\x40\x83\x60\x89\x3c\x40" + END), ".mid"
    yield "midi-no-division", midi_file(NOTE + END, division=0), ".mid"
    yield "midi-smpte", midi_file(NOTE + END, division=0xE728), ".mid"
    yield "midi-format-7", midi_file(NOTE + END, form=7), ".mid"
    yield "midi-values-without-event", midi_file(b"\x00\x3c\x40" + END), ".mid"
    yield "midi-event-cut", midi_file(b"\x00\x90\x3c"), ".mid"
    yield "midi-endless-length", midi_file(b"\x00\xff\x01\xff\xff\xff\xff\x00" + END), ".mid"
    yield "midi-meta-beyond-track", midi_file(b"\x00\xff\x03\x7fname"), ".mid"
    yield "midi-system-event", midi_file(b"\x00\xf4" + END), ".mid"
    yield "midi-junk-after-header", whole[:14] + b"\x00\x01\x02\x03" + whole[18:], ".mid"
    yield "midi-metre-of-nothing", midi_file(b"\x00\xff\x58\x04\x00\x02\x18\x08" + NOTE + END), ".mid"
    yield "midi-too-many-notes", midi_file(b"\x00\x90\x3c\x40" + b"\x01\x3c\x00\x01\x3c\x40" * 200_001 + END), ".mid"


def _of_any_ending() -> Iterator[Case]:
    for ending in (".mid", ".midi", ".musicxml", ".xml", ".mxl", ".abc"):
        yield f"empty-{ending[1:]}", b"", ending
        yield f"binary-{ending[1:]}", bytes(range(256)) * 8, ending
    yield "wrong-ending", musicxml(bar(note() * 4)), ".txt"
    yield "no-ending", musicxml(bar(note() * 4)), ""
    yield "midi-called-musicxml", midi_file(NOTE + END), ".musicxml"
    yield "musicxml-called-midi", musicxml(bar(note() * 4)), ".mid"


def _midi_scores() -> Iterator[Case]:
    yield (
        "midi-tempo-too-slow",
        midi_file(b"\x00\xff\x51\x03\xff\xff\xff" + NOTE + END, division=1)[:0]
        + midi_file(b"\x00\xff\x51\x03\x00\x00\x01" + NOTE + END),
        ".mid",
    )
    far = b"\xff\xff\xff\x7f"  # the longest wait that can be written
    yield "midi-endless-bars", midi_file(far + NOTE[1:] + END, division=1), ".mid"


def _musicxml() -> Iterator[Case]:
    whole = musicxml(bar(note() * 4))
    yield "xml-cut", whole[:-40], ".musicxml"
    yield "xml-no-score", b"<html><body>Not found</body></html>", ".xml"
    yield "xml-timewise", musicxml("", root="score-timewise"), ".xml"
    yield "xml-no-bars", musicxml(""), ".musicxml"
    yield "xml-no-divisions", musicxml(f'<measure number="1">{note() * 4}</measure>'), ".musicxml"
    yield "xml-divisions-0", musicxml(bar(note() * 4, divisions="0")), ".musicxml"
    yield "xml-divisions-words", musicxml(bar(note() * 4, divisions="some")), ".musicxml"
    yield "xml-duration-negative", musicxml(bar(note(duration="-4"))), ".musicxml"
    yield "xml-duration-words", musicxml(bar(note(duration="long"))), ".musicxml"
    yield "xml-metre-0", musicxml(bar(note() * 4, metre=("0", "4"))), ".musicxml"
    yield "xml-metre-words", musicxml(bar(note() * 4, metre=("four", "4"))), ".musicxml"
    yield "xml-only-rests", musicxml(bar("<note><rest/><duration>4</duration></note>")), ".musicxml"
    unpitched = "<note><unpitched><display-step>E</display-step><display-octave>4</display-octave></unpitched>"
    yield "xml-only-drums", musicxml(bar(f"{unpitched}<duration>4</duration></note>")), ".musicxml"
    yield "xml-pitch-beyond-piano", musicxml(bar(note(octave="12"))), ".musicxml"
    yield "xml-pitch-without-octave", musicxml(bar(note(octave=""))), ".musicxml"
    yield "xml-step-h", musicxml(bar(note(step="H"))), ".musicxml"
    yield "xml-tempo-absurd", musicxml(bar('<sound tempo="9999999"/>' + note() * 4)), ".musicxml"
    yield "xml-tempo-zero", musicxml(bar('<sound tempo="0"/>' + note() * 4)), ".musicxml"
    yield "xml-tempo-words", musicxml(bar('<sound tempo="fast"/>' + note() * 4)), ".musicxml"
    bomb = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    head = f'<!DOCTYPE score-partwise [<!ENTITY a0 "ha">{bomb}]>'
    yield "xml-entity-bomb", musicxml(bar(f"{note() * 4}<!-- -->&a9;"), head=head), ".musicxml"
    stolen = '<!DOCTYPE score-partwise [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    yield "xml-entity-file", musicxml(bar(f"{note() * 4}&a;"), head=stolen), ".musicxml"
    yield "xml-deep", b"<score-partwise>" + b"<part>" * 5000 + b"</part>" * 5000 + b"</score-partwise>", ".musicxml"
    times = "".join(
        f'<measure number="{i}"><barline location="left"><repeat direction="forward"/></barline>{note() * 4}'
        '<barline location="right"><repeat direction="backward" times="1000000000"/></barline></measure>'
        for i in range(2, 2000)
    )
    yield "xml-repeats-for-ever", musicxml(bar(note() * 4) + times), ".musicxml"


def _archives() -> Iterator[Case]:
    whole = zipped({"META-INF/container.xml": CONTAINER, "score.xml": musicxml(bar(note() * 4))})
    yield "mxl-cut", whole[:-30], ".mxl"
    yield "mxl-no-container", zipped({"score.xml": musicxml(bar(note() * 4))}), ".mxl"
    yield "mxl-no-score", zipped({"META-INF/container.xml": CONTAINER}), ".mxl"
    yield "mxl-container-no-xml", zipped({"META-INF/container.xml": b"hello"}), ".mxl"
    bomb = zipped({"META-INF/container.xml": CONTAINER, "score.xml": b"\x00" * (65 * 2**20)})
    yield "mxl-zip-bomb", bomb, ".mxl"
    damaged = bytearray(whole)
    damaged[60:120] = b"\xff" * 60
    yield "mxl-damaged", bytes(damaged), ".mxl"


def _abc() -> Iterator[Case]:
    yield "abc-no-key", b"X:1\nT:No key\nCDEF|\n", ".abc"
    yield "abc-no-music", b"X:1\nT:No music\nK:C\n", ".abc"
    yield "abc-only-rests", b"X:1\nL:1/4\nK:C\nz4|z4|\n", ".abc"
    yield "abc-enormous", b"X:1\nK:C\n" + b"CDEF|" * 60_000, ".abc"
    yield "abc-metre-words", b"X:1\nM:four/four\nL:none\nK:H\n%%score {\n", ".abc"
