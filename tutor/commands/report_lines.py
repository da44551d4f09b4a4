"""What ``practise`` says after a take to a person without the window."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.review import Review
from tutor.sinks import FinishedTake


def report_lines(
    found: Review, taken: FinishedTake, exercise_title: str | None, task: str, in_journal: bool
) -> Iterator[str]:
    """The report, what comes next, and where the take is: in the journal, as a file, or nowhere."""
    yield ""
    yield from found.report.praise
    yield from [found.report.notice] if found.report.notice else []
    yield from [found.report.mastery] if found.report.mastery else []
    yield from (f"- {item}" for item in found.report.items)
    yield from [found.report.touch] if found.report.touch else []
    yield from [words] if taken.intonation and (words := taken.intonation.in_words(found.assessment)) else []
    yield from [task] if task else []
    yield from [found.report.rest] if found.report.rest else []
    yield f"Next: {found.step.reason} {found.step.advice}"
    if exercise_title:
        yield f"Exercise: {exercise_title}"
    if in_journal:
        yield f"Kept as take {taken.take_id}."
    elif taken.take_id and taken.kept:
        yield f"Take {taken.take_id} is kept as a file until the journal can be written."
    elif taken.take_id:
        yield "This take could not be kept."
