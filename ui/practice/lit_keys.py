"""Which keys the keyboard lights for the learner: the ones to strike next, or those that the program holds down."""

from __future__ import annotations

from lessons.score import Score
from ui.practice.lesson import Lesson

LIFT_BEAT, LIFT_SHARE = 0.08, 0.15  # a key goes dark so long before its note ends, so that one struck again is seen


def next_keys(lesson: Lesson) -> dict[int, int]:
    """The keys that come next, with their hands; none while the program plays."""
    score, verdicts = lesson.score, lesson.verdicts
    if score is None or verdicts is None or lesson.listening:
        return {}
    return _keys(score, list(verdicts.next_rows))


def sounding_keys(lesson: Lesson, beat: float) -> dict[int, int]:
    """The keys that sound at a position while the program plays, with their hands; none otherwise."""
    score = lesson.score
    if score is None or not lesson.listening:
        return {}
    hands = lesson.settings_of_take.sounded_hands()
    return {pitch: hand for pitch, hand in _keys(score, _rows_at(score, beat)).items() if hand in hands}


def _rows_at(score: Score, beat: float) -> list[int]:
    onset, length = score.notes["onset_beat"], score.notes["duration_beat"]
    lifted = (length * LIFT_SHARE).clip(max=LIFT_BEAT)
    return list(((onset <= beat) & (beat < onset + length - lifted)).nonzero()[0])


def _keys(score: Score, rows: list[int]) -> dict[int, int]:
    return {int(score.notes["pitch"][row]): int(score.notes["hand"][row]) for row in rows}
