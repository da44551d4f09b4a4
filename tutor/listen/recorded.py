"""A whole recording heard: what was played, and, where there is a score, how it was.

A piano is brought to A = 440 Hz before the ears hear it: they are told a rate at which the same samples sound so, and
their seconds are put right afterwards. What then fits no better than another piece is tried at other heights: a piano
a semitone up and down, since nobody hears whether it is 60 cents flat or 40 sharp; one line also in other octaves.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from itertools import compress
from statistics import median
from typing import Any

from lessons.score import Score
from tutor.assess import assess
from tutor.assessing.assessment import Assessment
from tutor.listen.audio_file import AudioFile
from tutor.listen.both_ears import SURE, together
from tutor.listen.condition import Condition
from tutor.listen.doubts import believed
from tutor.listen.fitting import best_height
from tutor.listen.instruments import known
from tutor.listen.intonation import Intonation
from tutor.listen.live_piano import LivePiano
from tutor.listen.melody import HeardNote
from tutor.listen.octave import octave_words
from tutor.listen.periodicity import Sound
from tutor.listen.piano import PianoListener, Stroke
from tutor.listen.second_look import SecondLook
from tutor.listen.tuning import CONCERT_HERTZ, heard_rate, hertz_at, tuning_cents
from tutor.listen.verify import performance_of, verified
from tutor.performance import Performance

SEMITONES, OCTAVES = (1, -1), (12, -12, 24, -24)


@dataclass(frozen=True)
class Recorded:
    """What is heard in a recording: its ``strokes`` by (onset, pitch), the take, and its judgement where one is asked.

    ``octaves``: how many the score is written above what sounded, beyond what the instrument's part has;
    ``intonation``: of one line.
    """

    strokes: tuple[Stroke, ...]
    performance: Performance
    judged: Assessment | None
    tuning_hertz: float
    octaves: int = 0
    intonation: Intonation | None = None

    def tuned_in_words(self) -> str:
        """What A is tuned to."""
        return f"A = {self.tuning_hertz:.0f} Hz ({1200 * math.log2(self.tuning_hertz / CONCERT_HERTZ):+.0f} cents)"

    def notices(self) -> Iterator[str]:
        """What was done to what was heard before it was judged, or written down, in plain lines."""
        if self.intonation is None and round(self.tuning_hertz) != CONCERT_HERTZ:
            yield f"the piano is tuned to A = {self.tuning_hertz:.0f} Hz"
        yield from [words] if (words := octave_words(self.octaves)) else []

    def as_json(self) -> dict[str, Any]:
        """The notes, or what `assess` says of them; with the tuning, and of one line the cents of each note."""
        told: dict[str, Any] = self.judged.as_json() if self.judged else {"notes": list(self._notes())}
        told["tuning_hertz"] = round(self.tuning_hertz, 2)
        if self.intonation is None:
            return told
        if self.judged:
            told |= {"octaves": self.octaves, "intonation": self.intonation.as_json(told)}
        for note in (*told["notes"], *told.get("extra", ())):
            at = note["played"] if self.judged else note["index"]
            note["cents"] = None if at is None else round(self.intonation.cents[at], 1)
        return told

    def _notes(self) -> Iterator[dict[str, Any]]:
        for index, stroke in enumerate(self.strokes):
            yield {
                "index": index,
                "time_sec": round(stroke.onset_sec, 4),
                "duration_sec": round(stroke.duration_sec, 4),
                "pitch": stroke.pitch,
                "velocity": stroke.velocity,
                "confidence": round(stroke.confidence, 4),
            }


def piano_heard(
    recording: AudioFile, condition: Condition, score: Score | None, hands: int | None, a4_hertz: float | None = None
) -> Recorded:
    """What a piano played in this recording, read once more for its tuning unless that is known. Raises FormatError."""
    cents = _cents_of(recording) if a4_hertz is None else 1200 * math.log2(a4_hertz / CONCERT_HERTZ)
    strokes = piano_strokes(recording.rate, condition.watched(recording.blocks()), cents)
    sure = tuple(stroke for stroke in strokes if stroke.confidence >= SURE)
    if score is None:
        return Recorded(sure, performance_of(sure), None, hertz_at(cents))
    heights = SEMITONES if a4_hertz is None else ()
    height, judged = best_height(lambda height: verified(score, _higher(strokes, height), hands), heights)
    return Recorded(sure, judged.performance, judged, hertz_at(cents - 100 * height))


def _cents_of(recording: AudioFile) -> float:
    with closing(AudioFile(recording.path).blocks()) as blocks:
        return tuning_cents(recording.rate, blocks)


def piano_strokes(rate: int, blocks: Iterable[Sound], cents: float = 0.0) -> list[Stroke]:
    """All strokes that either ear hears of a piano so many cents sharp, the merely possible ones too."""
    told_rate = heard_rate(rate, hertz_at(cents))
    looking_back, live = PianoListener(told_rate), LivePiano(told_rate)
    for block in blocks:
        looking_back.feed(block)
        live.feed(block)
    live.finish()
    return [stroke.stretched(told_rate / rate) for stroke in together(looking_back.finish(), live.all_strokes(0.0))]


def line_heard(
    recording: AudioFile,
    condition: Condition,
    instrument: str,
    score: Score | None,
    hands: int | None,
    a4_hertz: float | None = None,
) -> Recorded:
    """What an instrument of one line played in this recording. Raises FormatError."""
    look = SecondLook(recording.rate, instrument, a4_hertz)
    for block in condition.watched(recording.blocks()):
        look.feed(block)
    notes = sorted(look.finish(), key=lambda note: (note.onset_sec, note.pitch))
    strokes, sounding = tuple(_strokes_of(notes)), known(instrument)
    intonation = Intonation(look.tuning_hertz, tuple(note.cents for note in notes), sounding.tuned)
    if score is None:
        taken = performance_of(strokes, lengths_known=True)
        return Recorded(strokes, taken, None, look.tuning_hertz, intonation=intonation)
    heights = OCTAVES if a4_hertz is not None else (*OCTAVES, *SEMITONES)
    height, judged = best_height(partial(_judged_line, score, strokes, hands), heights)
    kept = believed([stroke.confidence for stroke in strokes], lambda: judged)
    if not kept.all():
        strokes = tuple(compress(strokes, kept))
        intonation = replace(intonation, cents=tuple(compress(intonation.cents, kept)))
        judged = _judged_line(score, strokes, hands, height)
    intonation = _moved(intonation, height)
    away = round(height / 12) if height != -sounding.written_above else 0  # scores of a bass may say what sounds
    return Recorded(strokes, judged.performance, judged, intonation.tuning_hertz, away, intonation)


def _judged_line(score: Score, strokes: Iterable[Stroke], hands: int | None, height: int) -> Assessment:
    return assess(score, performance_of(_higher(strokes, height), lengths_known=True), hands=hands)


def _moved(intonation: Intonation, height: int) -> Intonation:
    """The same where the notes are written some semitones higher: what is no whole octave is the tuning's, or sung."""
    rest = height - 12 * round(height / 12)
    if not rest or not intonation.cents:
        return intonation
    if not intonation.tuned:
        return replace(intonation, cents=tuple(cents - 100 * rest for cents in intonation.cents))
    middle = median(intonation.cents)
    hertz = intonation.tuning_hertz * 2 ** (middle / 1200 - rest / 12)
    return replace(intonation, tuning_hertz=hertz, cents=tuple(cents - middle for cents in intonation.cents))


def _higher(strokes: Iterable[Stroke], height: int) -> list[Stroke]:
    return [replace(stroke, pitch=stroke.pitch + height) for stroke in strokes]


def _strokes_of(notes: Iterable[HeardNote]) -> Iterator[Stroke]:
    for note in notes:
        yield Stroke(note.onset_sec, note.duration_sec, note.pitch, note.velocity, note.confidence)
