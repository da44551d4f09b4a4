"""Recordings in blocks, so that two hours take no more memory than two minutes; all channels are mixed to one."""

from __future__ import annotations

import os
import re
from collections.abc import Generator
from pathlib import Path

from lessons.errors import FormatError
from tutor.listen.mono import Mono
from tutor.listen.periodicity import Sound

ENDINGS = (".wav", ".flac", ".ogg", ".mp3")
BLOCK_SEC = 1.0
TEXT_BYTES = 512  # at the start of a file tell text from sound
LEAST_RATE, GREATEST_RATE = 8000, 192000
CUT_SEC = 0.2  # by so much a sound may be shorter than its file says
SHORT_OF = re.compile(r"data : (?P<bytes>\d+) \(should be")
WIDTH = re.compile(r"Bit Width\s*: (?P<bits>[1-9]\d*)")
UNKNOWN_BYTES = 1 << 31  # and more is said by who writes a stream and cannot know
HEADER_BYTES = 4096  # no header is longer
UNREAD = {  # (place, what stands there) of files that are sound, but not read here
    (4, b"ftyp"): "MPEG-4 sound, as phones record it (m4a)",
    (0, b"\x1aE\xdf\xa3"): "Matroska or WebM",
    (0, b"0&\xb2u"): "Windows Media sound",
    (0, b"\xff\xf1"): "AAC sound",
    (0, b"\xff\xf9"): "AAC sound",
    (0, b"#!AMR"): "AMR sound",
}
CONVERT = f"which is not read here: save it as {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"


class AudioFile:
    """A recording (wav, flac, ogg, mp3): its ``rate``, and its sound in mono blocks. Raises FormatError."""

    def __init__(self, path: Path | str):
        import soundfile

        self.path = Path(path)
        self.notices: list[str] = []  # what the person who recorded it should know, once all blocks are read
        if self.path.is_dir():
            raise FormatError(f"{path}: is a folder, not a file")
        if not self.path.is_file():
            raise FormatError(f"{path}: no such file")
        if self.path.stat().st_size == 0:
            raise FormatError(f"{path}: the file is empty")
        with self.path.open("rb") as opened:
            start = opened.read(TEXT_BYTES)
        if _is_text(start):
            raise FormatError(f"{path}: is text, and no recording")
        try:
            self._file = soundfile.SoundFile(str(self.path) if os.name == "nt" else os.fsencode(self.path))
        except soundfile.SoundFileError as error:
            raise FormatError(
                f"{path}: {_foreign(start) or f'cannot be read as a recording: {_reason(error)}'}"
            ) from error
        except TypeError as error:  # what is called .raw may be anything
            raise FormatError(f"{path}: is raw sound without a header, {CONVERT}") from error
        self.rate = int(self._file.samplerate)
        if not LEAST_RATE <= self.rate <= GREATEST_RATE:
            raise FormatError(f"{path}: {self.rate} Hz is outside {LEAST_RATE} to {GREATEST_RATE} Hz")
        if not self._file.frames:
            unfinished = ": it is still being written, or was never finished"
            raise FormatError(f"{path}: has no sound in it{unfinished * (self.path.stat().st_size > HEADER_BYTES)}")

    def blocks(self) -> Generator[Sound, None, None]:
        """The sound from the start to its end or to where the file is damaged, a second at a time.

        Raises FormatError where nothing can be read.
        """
        import soundfile

        mono = Mono(self.rate)
        said = max(self._file.frames, _said_frames(self._file.extra_info) // max(1, self._file.channels))
        read = 0
        try:
            while True:
                block = self._file.read(round(BLOCK_SEC * self.rate), dtype="float32", always_2d=True)
                if not len(block):
                    break
                read += len(block)
                yield mono.of(block)
        except soundfile.SoundFileError as error:
            if not read:
                raise FormatError(f"{self.path}: is damaged: {_reason(error)}") from error
        finally:
            self._file.close()
        if said - read > CUT_SEC * self.rate:
            self.notices = [f"is cut off after {in_minutes(read / self.rate)} of {in_minutes(said / self.rate)}"]


def in_minutes(seconds: float) -> str:
    """A length as a clock says it: 3:07."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _said_frames(header: str) -> int:
    """The samples that the header of a WAV file promises where it has fewer; 0 where it keeps its word."""
    found = SHORT_OF.search(header)
    if found is None or int(found["bytes"]) >= UNKNOWN_BYTES:
        return 0
    width = WIDTH.search(header)
    return 8 * int(found["bytes"]) // int(width["bits"]) if width else 0


def _is_text(start: bytes) -> bool:
    """Whether a file that begins so is text: a recording soon has bytes that are no letters."""
    return b"\xff" not in start and all(byte >= ord(" ") or byte in b"\t\n\r" for byte in start)


def _foreign(start: bytes) -> str:
    """What a file is that begins so, where it is sound of a kind that is not read here; '' where nobody knows."""
    kinds = [kind for (place, mark), kind in UNREAD.items() if start[place:].startswith(mark)]
    return f"is {kinds[0]}, {CONVERT}" if kinds else ""


def _reason(error: Exception) -> str:
    said = " ".join(str(error).rsplit(":", 1)[-1].split()) or type(error).__name__
    return "nothing in it is known as sound" if "does not exist" in said else said  # the file is there
