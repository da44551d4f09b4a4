"""Recordings in blocks, so that two hours take no more memory than two minutes; all channels are mixed to one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from lessons.errors import FormatError
from tutor.listen.periodicity import Sound

BLOCK_SEC = 1.0
CANCELLED = 1e-3  # of the power of the loudest channel is left
LEAST_RATE, GREATEST_RATE = 8000, 192000


class AudioFile:
    """A recording (wav, flac, ogg, mp3): its ``rate``, and its sound in mono blocks. Raises FormatError."""

    def __init__(self, path: Path | str):
        import soundfile

        self.path = Path(path)
        if not self.path.is_file():
            raise FormatError(f"{path}: no such file")
        if self.path.stat().st_size == 0:
            raise FormatError(f"{path}: the file is empty")
        try:
            self._file = soundfile.SoundFile(str(self.path) if os.name == "nt" else os.fsencode(self.path))
        except soundfile.SoundFileError as error:
            raise FormatError(f"{path}: cannot be read as a recording: {_reason(error)}") from error
        self.rate = int(self._file.samplerate)
        if not LEAST_RATE <= self.rate <= GREATEST_RATE:
            raise FormatError(f"{path}: {self.rate} Hz is outside {LEAST_RATE} to {GREATEST_RATE} Hz")

    def blocks(self) -> Iterator[Sound]:
        """The sound from the start, a second at a time. Raises FormatError where the file is damaged."""
        import soundfile

        try:
            while True:
                block = self._file.read(round(BLOCK_SEC * self.rate), dtype="float32", always_2d=True)
                if not len(block):
                    return
                yield mono(np.nan_to_num(block, posinf=0.0, neginf=0.0))
        except soundfile.SoundFileError as error:
            raise FormatError(f"{self.path}: is damaged: {_reason(error)}") from error
        finally:
            self._file.close()


def mono(block: Sound) -> Sound:
    """(frames, channels) as one: their mean, or the loudest of them where they cancel each other out."""
    mean: Sound = block.mean(axis=1, dtype=np.float32)
    power = np.square(block).mean(axis=0)
    if np.square(mean).mean() < CANCELLED * power.max():
        mean = np.ascontiguousarray(block[:, power.argmax()])
    return mean


def _reason(error: Exception) -> str:
    return " ".join(str(error).rsplit(":", 1)[-1].split()) or type(error).__name__
