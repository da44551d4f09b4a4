"""The assessment as the rules for mistakes read it: each judged note with its neighbours, its pulse and its name."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from lessons.note_names import note_name
from lessons.score import FREE_MARKS, HAND_NAMES, SHORT_MARKS, Score
from tutor.assessing.assessment import HIT, Assessment
from tutor.assessing.corrections import corrections_of
from tutor.assessing.curve import Floats
from tutor.assessing.figures import off_figures
from tutor.assessing.mistake import Degree, Failed, Mistake
from tutor.assessing.slow import ENDING_BARS, SEAM_BEATS, SlowPassage, slow_passages
from tutor.following.fermatas import Fermatas
from tutor.performance import Performance

MAD_TO_SD = 1.4826  # of a normal distribution
SHORT_PIECE = 12  # bars; of less, the last bar alone is the ending


@dataclass(frozen=True, slots=True)
class Heard:
    """A judged note of a pass with all that the rules ask about it."""

    row: int
    pass_index: int
    verdict: int
    played: int
    beat: float
    bar: int
    hand: int
    pitch: int
    length: float
    grace: bool
    error_sec: float
    ratio: float
    time_sec: float
    velocity: int
    period: float
    due_sec: float


class Take:
    """The assessment as the rules read it: notes in order of pass and place, lines of each hand, windows.

    ``free`` and ``short`` are the rows of the notes whose moment is the player's own, for they are adorned or of a
    spread chord, and of those written to be let go soon;
    ``slow`` the passages that went slower than the rest, and ``figures`` those whose rhythm went wrong, by the pass and
    row of the note that did; ``corrections`` are where a wrong key was put right, by pass and beat.
    ``own_spread`` is how far from their due time the player's onsets usually came.
    """

    def __init__(self, score: Score, performance: Performance, assessment: Assessment):
        self.score, self.performance, self.assessment = score, performance, assessment
        self.windows = assessment.windows
        self.notes = sorted(self._heard(), key=lambda note: (note.pass_index, note.beat, note.pitch))
        self.free, self.short = (frozenset(score.marked_rows(names).tolist()) for names in (FREE_MARKS, SHORT_MARKS))
        self.fermatas = Fermatas(score)
        self._ending = _ending_beat(score)
        self._two_handed = len({note.hand for note in self.notes}) > 1
        self._order = [(note.pass_index, note.beat) for note in self.notes]
        self._before = self._melodic_neighbours()
        self.slow = slow_passages(score, assessment.curves)
        self.own_spread = spread_sec([note.error_sec for note in self.notes if np.isfinite(note.error_sec)])
        self.corrections = {(one.note.pass_index, one.note.beat): one for one in corrections_of(self)}
        self.figures = {(figure.note.pass_index, figure.note.row): figure for figure in off_figures(self)}

    def _heard(self) -> Iterator[Heard]:
        for judged in self.assessment.notes[self.assessment.notes["pass_index"] >= 0]:
            written, played = self.score.notes[judged["row"]], int(judged["played"])
            curve, beat = self.assessment.curves[judged["pass_index"]], float(written["onset_beat"])
            note = self.performance.notes[played] if played >= 0 else None
            yield Heard(
                row=int(judged["row"]),
                pass_index=int(judged["pass_index"]),
                verdict=int(judged["verdict"]),
                played=played,
                beat=beat,
                bar=int(judged["bar"]),
                hand=int(written["hand"]),
                pitch=int(written["pitch"]),
                length=float(written["duration_beat"]),
                grace=bool(written["grace"]),
                error_sec=float(judged["error_sec"]),
                ratio=float(judged["duration_ratio"]),
                time_sec=float(note["onset_sec"]) if note is not None else np.nan,
                velocity=int(note["velocity"]) if note is not None else 0,
                period=float(curve.period_at(np.array([beat]))[0]),
                due_sec=float(curve.expected_at(np.array([beat]))[0]),
            )

    def _melodic_neighbours(self) -> dict[tuple[int, int], Heard]:
        """For each note, the nearest written note of the onset before it in the same hand."""
        before: dict[tuple[int, int], Heard] = {}
        chords: dict[tuple[int, int], list[list[Heard]]] = {}
        for note in self.notes:
            line = chords.setdefault((note.pass_index, note.hand), [])
            if line and line[-1][0].beat == note.beat:
                line[-1].append(note)
            else:
                line.append([note])
            if len(line) > 1:
                before[note.pass_index, note.row] = min(line[-2], key=lambda other: abs(other.pitch - note.pitch))
        return before

    def leap_to(self, note: Heard) -> int:
        """Semitones from the note before in the same hand (0 at a beginning)."""
        other = self._before.get((note.pass_index, note.row))
        return abs(note.pitch - other.pitch) if other else 0

    def is_chord(self, note: Heard) -> bool:
        """Whether other notes of its hand come with it."""
        return any(
            other.row != note.row and other.hand == note.hand and other.beat == note.beat
            for other in self.near(note, 0.0)
        )

    def near(self, note: Heard, beats: float) -> list[Heard]:
        """The notes of the same pass within some beats."""
        low = bisect_left(self._order, (note.pass_index, note.beat - beats - 1e-6))
        high = bisect_right(self._order, (note.pass_index, note.beat + beats + 1e-6))
        return self.notes[low:high]

    def shares_key(self, note: Heard) -> bool:
        """Whether another voice strikes the key of a note while it sounds: how long it is held is not its own."""
        return any(
            other.pitch == note.pitch and other.row != note.row and note.beat <= other.beat < note.beat + note.length
            for other in self.near(note, note.length)
        )

    def chords(self) -> Iterator[list[Heard]]:
        """The notes of each onset of each pass, in order."""
        for _, together in groupby(self.notes, key=lambda note: (note.pass_index, note.beat)):
            yield list(together)

    def lines(self) -> Iterator[list[Heard]]:
        """For each pass and hand, the highest note of each onset, in order."""
        tops: dict[tuple[int, int], list[Heard]] = {}
        for note in self.notes:
            line = tops.setdefault((note.pass_index, note.hand), [])
            if line and line[-1].beat == note.beat:
                line[-1] = note
            elif not note.grace:
                line.append(note)
        yield from tops.values()

    def first_notes(self) -> dict[tuple[int, float], Heard]:
        """The first judged note of each pass and onset."""
        first: dict[tuple[int, float], Heard] = {}
        for note in self.notes:
            first.setdefault((note.pass_index, note.beat), note)
        return first

    def last_struck(self) -> dict[int, Heard]:
        """The last note of each pass that was hit."""
        return {note.pass_index: note for note in self.notes if note.verdict == HIT}

    def slowing_near(self, note: Heard) -> float:
        """How many times slower the music goes on one side of a note, where its pace changes near it; else 1."""
        near = (passage.ratio for passage in self.slow if passage.is_seam(note.pass_index, note.beat))
        return max(near, default=1.0)

    def slow_passage_at(self, note: Heard) -> SlowPassage | None:
        """The passage at a slower pace that a note belongs to."""
        here = (one for one in self.slow if one.pass_index == note.pass_index)
        return next((one for one in here if one.start_beat <= note.beat < one.end_beat), None)

    def is_ending(self, note: Heard) -> bool:
        """Whether the piece comes to its end here: how it does is the player's own."""
        return note.beat >= self._ending

    def has_figure(self, note: Heard) -> bool:
        """Whether a note is out of proportion in its figure, and not only this once."""
        figure = self.figures.get((note.pass_index, note.row))
        return figure is not None and figure.again

    def stops(self, first: Heard, last: Heard) -> bool:
        """Whether the music stopped between two notes of a pass."""
        stops = self._stops(first.pass_index)
        return bool(np.any((stops > first.beat + 1e-6) & (stops <= last.beat + 1e-6)))

    def is_near_stop(self, note: Heard) -> bool:
        """Whether the music stopped so near a note that no tempo says when it was due."""
        return bool(np.any(np.abs(self._stops(note.pass_index) - note.beat) <= SEAM_BEATS))

    def _stops(self, pass_index: int) -> Floats:
        """Before which onsets of a pass the music stopped, or a wrong key was put right."""
        curve = self.assessment.curves[pass_index]
        put_right = [beat for index, beat in self.corrections if index == pass_index]
        return np.concatenate([curve.beat[curve.hesitates], put_right])

    def named(self, note: Heard) -> str:
        """The note's name as the page spells it."""
        written = self.score.notes[note.row]
        return note_name(note.pitch, str(written["step"]), int(written["alter"]))

    def hand_in_words(self, note: Heard) -> str:
        """``in the left hand``, or nothing where there is but one, or it is not known."""
        return f" in the {HAND_NAMES[note.hand]} hand" if self._two_handed and note.hand in HAND_NAMES else ""

    def mistake(self, note: Heard, kind: str, feature: Failed, says: str, degree: Degree = Degree.PLAIN) -> Mistake:
        """A mistake at a note."""
        time = note.time_sec if np.isfinite(note.time_sec) else note.due_sec
        return Mistake(
            kind,
            note.beat,
            note.bar,
            HAND_NAMES.get(note.hand),
            time,
            60.0 / note.period,
            feature,
            says,
            note.pitch,
            note.played if note.played >= 0 else None,
            note.pass_index,
            degree,
        )


def _ending_beat(score: Score) -> float:
    """Where the ending of a piece begins: its last bars, of which a short piece has one."""
    bars = min(ENDING_BARS, 1 + len(score.bars) // SHORT_PIECE)
    return float(score.bars["start_beat"][-bars]) if len(score.bars) else np.inf


def spread_sec(times: list[float]) -> float:
    """How far times lie from their middle, as a standard deviation that a few far ones do not change."""
    if not times:
        return 0.0
    return MAD_TO_SD * float(np.median(np.abs(np.array(times) - np.median(times))))
