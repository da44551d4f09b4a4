"""How a task of an assignment stands, by the takes of the journal. Pure: values in, a `TaskProgress` out.

A *try* is one time through the task's bars with its hands, on whatever page and in whatever wider take it was played.
It is *clean* where it is complete and accurate: as the teacher says, or else by the program's own idea
(`tutor.learner.is_clean`). It *counts* where it is clean at the goal tempo, in the mode that is asked for, and without
touch where guidance is not allowed. Takes from files were played by nobody now: they are told, and count for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from lessons.assignment import Task
from lessons.errors import InputError
from lessons.score import Score
from tutor.clock import local_day
from tutor.evidence import BIG_ENOUGH, Evidence
from tutor.journal.entries import TakeEntry
from tutor.learner import is_clean, practised
from tutor.passes import COMPLETE_SHARE
from tutor.practice import Mode, PracticeSettings

AT_TEMPO = 0.96  # of the goal: nearer than a step of the ladder that leads up to it (`tutor.coach`)
TRIED_SHARE = 0.5  # of a short passage, from which it was tried
LATEST_TRIES, MOST_WORST = 6, 3
UNREADABLE = (InputError, LookupError, TypeError, ValueError)  # a take of another version of the program
MOST_TIMES = 100  # the written tempo: more was never played


@dataclass(frozen=True)
class JudgedTake:
    """What the journal keeps of a take, with its mistakes."""

    entry: TakeEntry
    mistakes: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class Try:
    """One time through the bars of a task; ``tempo`` is against the written one, None where nobody kept time."""

    take_id: str
    day: date
    evidence: Evidence
    tempo: float | None
    complete: bool
    clean: bool
    counts: bool


@dataclass(frozen=True)
class TaskProgress:
    """How a task stands: ``clean`` of the ``tries`` count towards the ``wanted`` ones.

    ``best_share`` is the share of right notes in the best complete try, ``best_tempo`` the fastest clean one against
    the written tempo; ``worst_bars`` are those that failed most of late. ``takes`` are the ids of those that count, the
    best one where none does; ``from_files`` takes were passed over.
    """

    wanted: int
    tries: int = 0
    clean: int = 0
    best_share: float | None = None
    best_tempo: float | None = None
    days: int = 0
    worst_bars: tuple[int, ...] = ()
    takes: tuple[str, ...] = ()
    from_files: int = 0

    @property
    def done(self) -> bool:
        """Whether the goal is met."""
        return self.clean >= self.wanted

    @property
    def left(self) -> int:
        """How many clean passes the goal still wants."""
        return max(0, self.wanted - self.clean)

    def as_json(self) -> dict[str, Any]:
        """The progress as plain JSON values."""
        said = asdict(self) | {"done": self.done}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> TaskProgress:
        """The progress that `as_json` wrote. Raises ValueError, TypeError or KeyError for anything else."""
        return cls(
            int(said["wanted"]),
            int(said["tries"]),
            int(said["clean"]),
            figure(said["best_share"]),
            figure(said["best_tempo"]),
            int(said["days"]),
            tuple(int(bar) for bar in said["worst_bars"]),
            tuple(str(take_id) for take_id in said["takes"]),
            int(said.get("from_files", 0)),
        )


def figure(said: float | None) -> float | None:
    """A share or a tempo as a file says it; None for none. Raises ValueError for what is no number that can be."""
    value = None if said is None else float(said)
    if value is not None and not 0 <= value < MOST_TIMES:
        raise ValueError(f"{value:g} is no such figure")
    return value


def progress_of(task: Task, takes: Iterable[JudgedTake]) -> TaskProgress:
    """How a task stands after these takes of its piece, oldest first."""
    takes = list(takes)
    live = [take for take in takes if not take.entry.is_from_file]
    tries = [one for take in live for one in tries_of(task, take)]
    counted = [one for one in tries if one.counts]
    complete = [one for one in tries if one.complete]
    best = max(complete, key=lambda one: one.evidence.hit_share, default=None)
    kept = counted or ([best] if best is not None else [])
    return TaskProgress(
        task.passes,
        len(tries),
        len(counted),
        round(best.evidence.hit_share, 4) if best is not None else None,
        max((one.tempo for one in tries if one.clean and one.tempo is not None), default=None),
        len({one.day for one in tries}),
        worst_bars(tries[-LATEST_TRIES:]),
        tuple(dict.fromkeys(one.take_id for one in kept)),
        len(takes) - len(live),
    )


def worst_bars(tries: Sequence[Try]) -> tuple[int, ...]:
    """The bars that failed most in these tries, the worst first, a few."""
    heats: dict[int, float] = {}
    for one in tries:
        for bar in one.evidence.bars:
            heats[bar.bar] = heats.get(bar.bar, 0.0) + bar.heat
    hot = sorted((bar for bar, heat in heats.items() if heat > 0), key=lambda bar: (-heats[bar], bar))
    return tuple(hot[:MOST_WORST])


def tries_of(task: Task, take: JudgedTake) -> tuple[Try, ...]:
    """The tries at a task in a take; none where it was played with other hands, was not judged or cannot be read."""
    try:
        return tuple(_tries(task, take))
    except UNREADABLE:
        return ()


def _tries(task: Task, take: JudgedTake) -> Iterator[Try]:
    said = take.entry.assessment
    settings, passes = practised(take.entry)
    if said is None or tuple(task.score.rows_of(settings.hands.played(), task.span).tolist()) != task.rows:
        return
    led = any(played.level for played in passes)
    wanted = task.score.notes[list(task.rows)]
    asked = set(zip(wanted["onset_beat"].round(3).tolist(), wanted["pitch"].tolist(), strict=True))
    straight = len(said["passes"]) == 1  # an older version of the program did not say which pass a note is of
    for index, one in enumerate(said["passes"]):
        evidence, reached = _evidence(task, take, said, asked, index, index if straight else -1)
        if reached < min(BIG_ENOUGH, TRIED_SHARE * len(asked)):
            continue
        tempo = None if settings.mode is Mode.WAIT else _tempo(task.score, one)
        complete = reached >= COMPLETE_SHARE * len(asked)
        clean = complete and _is_accurate(task, evidence, settings)
        counts = clean and _is_as_asked(task, settings, tempo, led)
        yield Try(take.entry.take_id, local_day(take.entry.started_at), evidence, tempo, complete, clean, counts)


def _evidence(
    task: Task, take: JudgedTake, said: Mapping[str, Any], asked: set[tuple[float, int]], index: int, unsaid: int
) -> tuple[Evidence, int]:
    """What one pass says of the task's notes, and how many of them it reached."""
    start, end = task.span
    first, last = (int(bar) for bar in task.score.bar_numbers_at(np.array([start, end - 1e-6])))
    notes = [
        note
        for note in said["notes"]
        if note.get("in_pass", unsaid) == index and (note["onset_beat"], note["pitch"]) in asked
    ]
    extra = [
        stray for stray in said["extra"] if stray.get("in_pass", unsaid) == index and first <= stray["bar"] <= last
    ]
    mistakes = [
        mistake
        for mistake in take.mistakes
        if mistake.get("pass_index", 0) == index and first <= mistake["bar"] <= last
        if not _is_lap(mistake, first, last)
    ]
    evidence = Evidence.of({"notes": notes, "extra": extra, "bars": ()}, mistakes)
    return evidence, len({(note["onset_beat"], note["pitch"]) for note in notes})


def _is_lap(mistake: Mapping[str, Any], first: int, last: int) -> bool:
    """Whether somebody only began the passage again at its end."""
    return bool(mistake["kind"] == "restart" and mistake["bar"] == last and (mistake.get("to_bar") or 0) <= first)


def _tempo(score: Score, one: Mapping[str, Any]) -> float:
    """The tempo of a pass against that which is written where it went, on the whole."""
    start, end = score.bar_range(int(one["first_bar"]), int(one["last_bar"]))
    written_sec = float(score.tempo.seconds_at(end) - score.tempo.seconds_at(start))
    return round(float(one["tempo_bpm"]) / 60 * written_sec / (end - start), 3)


def _is_accurate(task: Task, evidence: Evidence, settings: PracticeSettings) -> bool:
    if task.accuracy is None:
        return is_clean(evidence, settings.one_line)
    return evidence.hit_share >= task.accuracy and (settings.one_line or not evidence.silent_hand)


def _is_as_asked(task: Task, settings: PracticeSettings, tempo: float | None, led: bool) -> bool:
    """Whether a clean try was at the goal tempo, in the mode and with the help that the teacher wants."""
    if task.mode and settings.mode != task.mode:
        return False
    in_time = task.mode == Mode.WAIT or (tempo is not None and tempo >= AT_TEMPO * task.tempo)
    return in_time and (task.guidance or not led)
