"""What the practice page says in its one line: where the lesson stands and what to do next."""

from __future__ import annotations

import numpy as np

from lessons.bar_names import bar_in_words, bars_in_words, begun, listed
from lessons.note_names import Naming, called
from lessons.score import LEFT, RIGHT, Score
from tutor.clock import stamp
from tutor.practice import Hands, Mode
from ui.practice.lesson import EMPTY, ENDING, READY, STARTING, Lesson

HAND_WORDS = {LEFT: Hands.LEFT.words, RIGHT: Hands.RIGHT.words}


def status_words(lesson: Lesson, naming: Naming = Naming.NONE) -> str:
    """One line for the learner, with the keys called as they are on the roll."""
    if lesson.phase == EMPTY or lesson.score is None:
        return ""
    if lesson.phase == READY:
        return _ready_words(lesson)
    if lesson.phase == STARTING:
        return "Getting ready …"
    if lesson.phase == ENDING:
        return "Saving your take …"
    return _running_words(lesson, naming)


def _ready_words(lesson: Lesson) -> str:
    bars = lesson.settings.bars
    is_looped = bars is not None and lesson.settings.loop and lesson.score is not None
    passage = f"{begun(bars_in_words(lesson.score, *bars))}, looped. " if is_looped else ""
    return f"{passage}{'Press Space, or just play.' if lesson.begins_by_itself else 'Press Space to begin.'}"


def _running_words(lesson: Lesson, naming: Naming) -> str:
    transport, score = lesson.transport, lesson.score
    if transport is None or score is None:
        return ""
    now = stamp()
    beat = transport.beat_at(now)
    if lesson.paused:
        entry = transport.beat_of(transport.entry_progress)
        where = bar_in_words(score, int(score.bar_numbers_at(entry)))
        return f"Paused in {where}: F4 goes on from there, Space ends {'it' if lesson.listening else 'the take'}."
    if lesson.listening:
        return f"Listen. {_place(score, beat)}."
    if transport.stands_at(now):
        count = lesson.counted_in
        return f"Count-in {count[0]} of {count[1]}" if count else "Count-in …"
    place = f"{_place(score, beat)}."
    lap = f" Round {transport.lap_at(now) + 1}." if transport.loop else ""
    waits = lesson.settings_of_take.mode is Mode.WAIT and transport.waiting_at(now)
    keys = _awaited_keys(lesson, score, naming) if waits else ()
    words = f"{place}{lap}{_touch_words(lesson)}"
    return f"{words} Waiting for {listed(keys)}." if keys else words


def _awaited_keys(lesson: Lesson, score: Score, naming: Naming) -> tuple[str, ...]:
    """The keys to strike next, from the left, as the page spells them."""
    rows = list(lesson.verdicts.next_rows) if lesson.verdicts is not None else []
    notes = np.sort(score.notes[rows][["pitch", "step", "alter"]], order="pitch").tolist()
    return tuple(dict.fromkeys(called(*note, naming) for note in notes))


def next_words(lesson: Lesson, naming: Naming = Naming.NONE) -> str:
    """What is played next, for who cannot see it: keys from the left with their hands and fingers."""
    score, verdicts = lesson.score, lesson.verdicts
    if score is None or verdicts is None or lesson.listening:
        return ""
    notes = np.sort(score.notes[list(verdicts.next_rows)], order="pitch")
    said = [_note_words(note, naming) for note in notes[["pitch", "step", "alter", "hand", "finger"]].tolist()]
    return f"Next: {'; '.join(dict.fromkeys(said))}." if said else ""


def _note_words(note: tuple[int, str, int, int, int], naming: Naming) -> str:
    pitch, step, alter, hand, finger = note
    key = called(pitch, step, alter, naming)
    return " ".join(word for word in (key, HAND_WORDS.get(hand, ""), f"finger {finger}" if finger else "") if word)


def _place(score: Score, beat: float) -> str:
    return begun(bar_in_words(score, int(score.bar_numbers_at(beat))))


def _touch_words(lesson: Lesson) -> str:
    """Say where a glove is on the hand and keeps still on purpose."""
    state, fading = lesson.ports.glove_state, lesson.fading
    still = state is not None and state.connected and fading is not None and fading.probe_due
    return " Without touch this time." if still and lesson.settings.fade else ""
