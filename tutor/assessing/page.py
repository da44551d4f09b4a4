"""The judgement as a page for a terminal: the score bar by bar, each note in the colour and sign of its verdict.

A hit stands as it is, a missing note in brackets, a wrong one with an arrow to what was struck, an extra note with a
plus; ``‹`` before a note is early, ``›`` after it late. Notes of one onset are joined by a dot.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from lessons.bar_names import bars_in_words, listed, name_of
from lessons.note_names import pitch_name
from lessons.percent import percent
from lessons.score import LEFT, Score
from tutor.assessing.assessment import HIT, MISSED, Assessment
from tutor.assessing.mistake import Mistake
from tutor.pulse import pulse_of

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

STYLES = {"hit": "green", "timing": "yellow", "wrong": "bold red", "missed": "red", "extra": "magenta"}
GAUGE = 8
LEAST_TIMED = 3  # right notes, before there is a tempo to speak of
MOST_SENTENCES = 3
VERDICT_KINDS = frozenset({"wrong", "neighbour", "octave", "missing", "extra"})


def show(assessment: Assessment, mistakes: Sequence[Mistake]) -> None:
    """Print the page."""
    from rich.console import Console

    console = Console(highlight=False)
    console.print(_headline(assessment))
    for index, one in enumerate(assessment.passes, start=1):
        if len(assessment.passes) > 1:
            bars = bars_in_words(assessment.score, one.first_bar, one.last_bar)
            console.print(f"[dim]Time {index}: {bars}, {_tempo(assessment.score, one.tempo_bpm)}")
    console.print(_table(assessment, mistakes))
    period = 60.0 / assessment.tempo_bpm
    console.print(f"[dim]{assessment.windows.in_words(period)} at this tempo. {_legend()}")


def _headline(assessment: Assessment) -> str:
    said = assessment.summary()
    title = assessment.score.title or "Untitled"
    missed, right = said["missed"], f"{percent(said['recall'])} of {said['score_notes']} notes right"
    played, left = _bars_played(assessment)
    if left:
        unreached = int((assessment.notes["pass_index"] < 0).sum())
        missed -= unreached
        right = f"{said['hit']} of {said['score_notes'] - unreached} notes right in {played}; {left} not played"
    return f"[bold]{title}[/]\n{right} · {said['wrong']} wrong · {missed} missed · {said['extra']} extra" + _timing(
        assessment
    )


def _timing(assessment: Assessment) -> str:
    """Tempo and how even the onsets were; '' where too little was right to have either."""
    said = assessment.summary()
    if said["hit"] < LEAST_TIMED:
        return ""
    return f" · {_tempo(assessment.score, said['tempo_bpm'])} · onsets ±{1000 * said['timing_sd_sec']:.0f} ms"


def _bars_played(assessment: Assessment) -> tuple[str, str]:
    """The bars that were played and those that nobody came to, in words; bars of rests go with either."""
    reached = assessment.notes["pass_index"] >= 0
    played = set(assessment.notes["bar"][reached].tolist())
    if not played:
        return "", ""
    runs = [
        (is_played, list(run))
        for is_played, run in groupby(sorted(set(assessment.notes["bar"].tolist())), played.__contains__)
    ]
    score = assessment.score
    words = [
        [bars_in_words(score, run[0], run[-1]) for is_played, run in runs if is_played is wanted]
        for wanted in (True, False)
    ]
    return listed(words[0]), listed(words[1], goes_on=True) if words[1] else ""


def _tempo(score: Score, quarters_a_minute: float) -> str:
    beats, _, names = pulse_of(score)
    return f"{quarters_a_minute / beats:.0f} {names} a minute"


def _legend() -> str:
    return "(E4) missing, E4→D4 wrong, +F4 extra, ‹E4 early, E4› late."


def _table(assessment: Assessment, mistakes: Sequence[Mistake]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False)
    table.add_column("Bar", justify="right", no_wrap=True)
    table.add_column("Right notes", no_wrap=True)
    table.add_column("Right hand", ratio=3)
    table.add_column("Left hand", ratio=3)
    table.add_column("What happened", ratio=3)
    for bar in assessment.bars:
        if bar.score is None:
            continue
        upper, lower = _notes(assessment, bar.bar)
        name, what = name_of(assessment.score, bar.bar).short, _sentences(bar.bar, mistakes)
        table.add_row(name, _gauge(bar.score), upper, lower, what)
    return table


def _gauge(score: float) -> Text:
    from rich.text import Text

    full = round(GAUGE * score)
    colour = "green" if score >= 0.95 else "yellow" if score >= 0.8 else "red"
    return Text("█" * full + "░" * (GAUGE - full), style=colour).append(f" {percent(score):>5}")


def _sentences(bar: int, mistakes: Sequence[Mistake]) -> str:
    """What the notes themselves do not show, in words."""
    here = [mistake for mistake in mistakes if mistake.bar == bar and mistake.kind not in VERDICT_KINDS]
    lines = list(dict.fromkeys(mistake.says for mistake in here))
    more = [f"and {len(lines) - MOST_SENTENCES} more"] if len(lines) > MOST_SENTENCES else []
    return "\n".join(lines[:MOST_SENTENCES] + more)


def _notes(assessment: Assessment, bar: int) -> tuple[Text, Text]:
    """The notes of a bar for the right and the left hand, times through the bar divided by a bar line."""
    upper: dict[tuple[int, float], list[tuple[str, str]]] = {}
    lower: dict[tuple[int, float], list[tuple[str, str]]] = {}
    for note in assessment.notes[(assessment.notes["bar"] == bar) & (assessment.notes["pass_index"] >= 0)]:
        written = assessment.score.notes[note["row"]]
        hand = lower if written["hand"] == LEFT else upper
        place = int(note["pass_index"]), float(written["onset_beat"])
        hand.setdefault(place, []).append(_note(assessment, note))
    for stray in assessment.extra[assessment.extra["bar"] == bar]:
        pitch = int(assessment.performance.notes["pitch"][stray["played"]])
        hand = lower if pitch < 60 and lower else upper
        place = int(stray["pass_index"]), float(stray["onset_beat"])
        hand.setdefault(place, []).append((f"+{pitch_name(pitch)}", STYLES["extra"]))
    return _line(upper), _line(lower)


def _note(assessment: Assessment, note: np.void) -> tuple[str, str]:
    """One judged note: its sign and its style."""
    written = assessment.score.notes[note["row"]]
    name = pitch_name(int(written["pitch"]), str(written["step"]), int(written["alter"]))
    if note["verdict"] == MISSED:
        return f"({name})", STYLES["missed"]
    if note["verdict"] != HIT:
        return f"{name}→{pitch_name(int(assessment.performance.notes['pitch'][note['played']]))}", STYLES["wrong"]
    curve = assessment.curves[note["pass_index"]]
    room = assessment.windows.on_time_sec(float(curve.period_at(np.array([written["onset_beat"]]))[0]))
    error = float(note["error_sec"])
    if np.isfinite(error) and abs(error) > room:
        return (f"{name}›" if error > 0 else f"‹{name}"), STYLES["timing"]
    return name, STYLES["hit"]


def _line(places: dict[tuple[int, float], list[tuple[str, str]]]) -> Text:
    from rich.text import Text

    line, before = Text(), None
    for (index, _), notes in sorted(places.items()):
        if before is not None:
            line.append(" │ " if index != before else " ", style="dim")
        before = index
        for slot, (name, style) in enumerate(notes):
            line.append("·" if slot else "", style="dim").append(name, style=style)
    return line
