"""A task, and how it stands, in the words of the program."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from lessons.assignment import Task
from lessons.bar_names import aside, bars_in_words, bars_listed
from lessons.errors import InputError
from lessons.percent import percent
from tutor.assigned.progress import TaskProgress
from tutor.practice import Hands, Mode, PracticeSettings, has_both_hands
from tutor.pulse import pulse_of
from tutor.reasons import number_in_words

MODE_WORDS = {Mode.KEEP_TEMPO: "keeping the tempo", Mode.WAIT: "the score waiting for you", Mode.FOLLOW: "you leading"}


def settings_for(task: Task, now: PracticeSettings) -> PracticeSettings:
    """How the task is practised by who practises so now. Raises InputError for a mode that is not known."""
    try:
        mode = Mode(task.mode) if task.mode else now.mode
    except ValueError:
        raise InputError(f"mode {task.mode}: this program knows no such way to practise") from None
    hands, loop = Hands(task.hands), task.bars is not None
    asked = replace(now, mode=mode, hands=hands, tempo_ratio=task.tempo, bars=task.bars, loop=loop)
    return asked if task.guidance else replace(asked, guidance=0, fade=False)


def goal_words(task: Task, share: float | None = None) -> str:
    """A share of the written tempo, the goal where none is named, in beats a minute: "♩ = 80"."""
    beats, sign, _ = pulse_of(task.score)
    written = task.score.tempo.bpm_at(task.span[0]) / beats
    return f"{sign} = {round(written * (task.tempo if share is None else share))}"


def asked_words(task: Task) -> str:
    """What is asked, for a sentence: "bars 5–8 with the right hand at ♩ = 80"."""
    where = aside(bars_in_words(task.score, *task.bars)) if task.bars else "the whole piece"
    hands = f" with {_the_hands(task)}" if has_both_hands(task.score) else ""
    pace = ", the score waiting" if task.mode == Mode.WAIT else f" at {goal_words(task)}"
    return f"{where}{hands}{pace}"


def _the_hands(task: Task) -> str:
    return "both hands" if task.hands == Hands.BOTH else f"the {Hands(task.hands).words}"


def brief_words(task: Task) -> str:
    """What is asked, for a row: "bars 5–8 · right hand · ♩ = 80 (80 %)", with what else the teacher wants."""
    words = [bars_in_words(task.score, *task.bars) if task.bars else "whole piece"]
    words += [task.part] if task.part else []
    words += [Hands(task.hands).words] if has_both_hands(task.score) else []
    if task.mode != Mode.WAIT:
        words.append(f"{goal_words(task)} ({percent(task.tempo)})")
    words += [MODE_WORDS[Mode(task.mode)]] if task.mode in MODE_WORDS else []
    words += [f"{percent(task.accuracy)} of the notes right"] if task.accuracy is not None else []
    words += [] if task.guidance else ["without touch"]
    return " · ".join(words)


def standing_words(task: Task, progress: TaskProgress) -> str:
    """How a task stands, in a few words: "1 of 2 clean passes"; with the best so far where that says more."""
    if progress.done:
        return "Done"
    counted = f"{progress.clean} of {progress.wanted} clean pass{'es' if progress.wanted > 1 else ''}"
    if not progress.tries:
        return f"Not tried yet · {_passes(progress.wanted)} wanted"
    if progress.best_share is None:
        return f"{counted} · not yet played to the end"
    best = [f"best {percent(progress.best_share)} right"]
    if progress.best_tempo is not None and not progress.clean:
        best.append(f"clean at {goal_words(task, progress.best_tempo)}")
    return " · ".join([counted, *best])


def report_words(title: str, number: int, count: int, task: Task, progress: TaskProgress) -> str:
    """One line for the report of a take."""
    name = f"{title}, task {number}" if count > 1 else title
    if progress.done:
        pace = "" if task.mode == Mode.WAIT else f" at {goal_words(task)}"
        return f"{name} is done: {_passes(progress.clean)}{pace}."
    return f"{name}: {standing_words(task, progress)}."


def teachers_words(task: Task, progress: TaskProgress) -> str:
    """What the teacher asks for and what is left of it, as a sentence."""
    return f"Your teacher asks for {asked_words(task)}; {more_words(progress)}."


def more_words(progress: TaskProgress) -> str:
    """How many clean passes are still wanted: "one more clean pass"."""
    more = f"{number_in_words(progress.left)} more" if progress.clean else number_in_words(progress.left)
    return f"{more} clean pass{'es' if progress.left > 1 else ''}"


def _passes(count: int) -> str:
    return f"{number_in_words(count)} clean pass{'es' if count > 1 else ''}"


def day_words(day: date) -> str:
    """A day as it is written in English: "5 December 2026"."""
    return f"{day.day} {day:%B %Y}"


def result_lines(task: Task, progress: TaskProgress) -> tuple[str, ...]:
    """How a task stands for a teacher: what counts, the best, and what goes worst, a line each."""
    passes = f"{progress.clean} of {progress.wanted} clean"
    if progress.clean > progress.wanted:
        passes = f"{progress.clean} times clean"
    if not progress.tries:
        return ("Not tried",)
    lines = [f"{'Done: ' if progress.done else ''}{passes} · {tried_words(progress)}"]
    best = [f"{percent(progress.best_share)} right"] if progress.best_share is not None else []
    best += [f"clean at {goal_words(task, progress.best_tempo)}"] if progress.best_tempo is not None else []
    lines += [f"Best: {', '.join(best)}"] if best else []
    worst = progress.worst_bars
    lines += [f"Worst: {bars_listed(task.score, worst)}"] if worst else []
    return tuple(lines)


def tried_words(progress: TaskProgress) -> str:
    """How much was practised: "3 tried on 2 days"."""
    return f"{progress.tries} tried on {progress.days} day{'s' if progress.days > 1 else ''}"
