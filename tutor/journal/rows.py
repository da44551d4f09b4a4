"""Takes to rows and back."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Select, delete, insert, or_, select, update
from sqlalchemy.orm import Session as Transaction
from sqlalchemy.orm import defer

from tutor.clock import utc_now
from tutor.events import Event, NoteOff, NoteOn, Pedal
from tutor.journal.entries import FROM_FILE, SOURCE, ExerciseEntry, MadeExercise, TakeEntry
from tutor.journal.liveness import has_ended, is_abandoned
from tutor.journal.spill import KeptTake
from tutor.journal.tables import EventRow, ExerciseRow, MistakeRow, NoteRow, PedalRow, TakeRow
from tutor.performance import LENGTHS_KNOWN, PEDAL_DTYPE, PLAYED_DTYPE, Performance, TakeRecorder

PLAYED_HERE = TakeRow.settings[SOURCE].as_string().is_distinct_from(FROM_FILE)
KEPT_ON_PURPOSE = ExerciseRow.provenance["excerpt"].as_string().is_(None)  # else a report made it (lessons.exercise)


def event_row(take_id: str, place: int, event: Event) -> dict[str, Any] | None:
    """One event of a growing take as a row; None for what is no part of a take."""
    match event:
        case NoteOn(time_sec=time, pitch=pitch, velocity=velocity):
            kind, number, value = "on", pitch, velocity
        case NoteOff(time_sec=time, pitch=pitch):
            kind, number, value = "off", pitch, 0
        case Pedal(time_sec=time, value=value):
            kind, number = "pedal", 64
        case _:
            return None
    return {"take_id": take_id, "place": place, "kind": kind, "time_sec": time, "number": number, "value": value}


def events_of(rows: Iterable[EventRow]) -> list[Event]:
    """Rows of a growing take as the events that they were."""
    kinds: dict[str, Any] = {
        "on": lambda row: NoteOn(row.time_sec, row.number, row.value),
        "off": lambda row: NoteOff(row.time_sec, row.number),
        "pedal": lambda row: Pedal(row.time_sec, row.value),
    }
    return [kinds[row.kind](row) for row in rows if row.kind in kinds]


def finish(transaction: Transaction, take_id: str, performance: Performance, recovered: bool = False) -> None:
    """Keep a take as finished, in place of its growing events; a take without notes leaves no trace."""
    _forget_contents(transaction, take_id)
    if not len(performance.notes):
        transaction.execute(delete(TakeRow).where(TakeRow.id == take_id))
        return
    names = performance.notes.dtype.names or ()
    notes = [
        dict(zip(names, row, strict=True), take_id=take_id, place=place)
        for place, row in enumerate(performance.notes.tolist())
    ]
    transaction.execute(insert(NoteRow), notes)
    pedals = [
        {"take_id": take_id, "place": place, "time_sec": time, "value": value}
        for place, (time, value) in enumerate(performance.pedals.tolist())
    ]
    if pedals:
        transaction.execute(insert(PedalRow), pedals)
    transaction.execute(
        update(TakeRow)
        .where(TakeRow.id == take_id)
        .values(finished_at=utc_now(), duration_sec=performance.end_sec, note_count=len(notes), recovered=recovered)
    )


def finish_all_abandoned(transaction: Transaction) -> list[TakeEntry]:
    """Finish the takes whose writers are gone; what was in them."""
    growing = transaction.scalars(select(TakeRow).where(TakeRow.finished_at.is_(None))).all()
    left = [row for row in growing if is_abandoned(row.writer, row.alive_at)]
    return [entry(row) for row in left if finish_abandoned(transaction, row)]


def finish_abandoned(transaction: Transaction, row: TakeRow) -> bool:
    """Finish a take from its growing events; whether there was anything in it.

    One without notes goes only where its writer is known to have ended: who was but silent may still play it.
    """
    query = select(EventRow).where(EventRow.take_id == row.id).order_by(EventRow.place)
    performance = TakeRecorder(0.0).extend(events_of(transaction.scalars(query))).performance().from_earliest()
    if len(performance.notes) or has_ended(row.writer):
        finish(transaction, row.id, performance, recovered=True)
    if len(performance.notes):
        transaction.refresh(row)
    return bool(len(performance.notes))


def adopt_all(transaction: Transaction, takes: Sequence[KeptTake]) -> list[TakeEntry]:
    """Take in the takes that were kept as files; those that were not here already."""
    adopted = [kept.take_id for kept in takes if adopt(transaction, kept)]
    found = transaction.scalars(select(TakeRow).where(TakeRow.id.in_(adopted)))
    return [entry(row) for row in found]


def adopt(transaction: Transaction, kept: KeptTake) -> bool:
    """Take in a take that was kept as a file; False where it is here already."""
    row = transaction.get(TakeRow, kept.take_id)
    if row is not None and row.finished_at is not None:
        return False
    if row is None:
        transaction.add(
            TakeRow(
                id=kept.take_id,
                started_at=kept.started_at,
                score_digest=kept.score_digest,
                title=kept.title,
                settings=kept.settings,
            )
        )
        transaction.flush()
    finish(transaction, kept.take_id, kept.performance, recovered=True)
    return True


def performance(transaction: Transaction, row: TakeRow) -> Performance:
    """The notes and pedals of a finished take."""
    notes = transaction.execute(
        select(NoteRow.onset_sec, NoteRow.duration_sec, NoteRow.pitch, NoteRow.velocity)
        .where(NoteRow.take_id == row.id)
        .order_by(NoteRow.place)
    )
    pedals = transaction.execute(
        select(PedalRow.time_sec, PedalRow.value).where(PedalRow.take_id == row.id).order_by(PedalRow.place)
    )
    return Performance(
        np.array([tuple(note) for note in notes], PLAYED_DTYPE),
        np.array([tuple(pedal) for pedal in pedals], PEDAL_DTYPE),
        lengths_known=bool(row.settings.get(LENGTHS_KNOWN, True)),
    )


def takes(transaction: Transaction, limit: int, *wanted: ColumnElement[bool]) -> list[TakeEntry]:
    """The finished takes of which all this is true, newest first, without their assessments."""
    query = select(TakeRow, TakeRow.assessment.is_not(None)).where(TakeRow.finished_at.is_not(None), *wanted)
    query = query.options(defer(TakeRow.assessment)).order_by(TakeRow.started_at.desc()).limit(limit)
    return [entry_without_assessment(*found) for found in transaction.execute(query)]


def entry(row: TakeRow) -> TakeEntry:
    """A take as the journal gives it back, with its assessment."""
    assessment = dict(row.assessment) if row.assessment else None
    return replace(entry_without_assessment(row, assessment is not None), assessment=assessment)


def entry_without_assessment(row: TakeRow, is_judged: bool) -> TakeEntry:
    """A take of which the assessment is left where it is."""
    return TakeEntry(
        row.id,
        row.started_at,
        row.score_digest,
        row.title,
        dict(row.settings),
        row.duration_sec,
        row.note_count,
        row.recovered,
        is_judged=is_judged,
    )


def exercise_row(
    title: str, score_digest: str, reason: str, provenance: Mapping[str, Any], file_name: str, file: bytes
) -> ExerciseRow:
    """A new exercise as a row, with an id of its own."""
    return ExerciseRow(
        id=secrets.token_hex(5),
        made_at=utc_now(),
        title=title[:500],
        score_digest=score_digest,
        reason=reason[:1000],
        provenance=dict(provenance),
        file_name=file_name[:200],
        file=file,
    )


MADE = (  # the columns of a `MadeExercise`
    *(ExerciseRow.id, ExerciseRow.made_at, ExerciseRow.title),
    *(ExerciseRow.score_digest, ExerciseRow.reason, ExerciseRow.provenance),
)


def exercises(transaction: Transaction, limit: int) -> list[ExerciseEntry]:
    """The exercises that were not taken off the shelf, newest first, with their files."""
    whole = _newest_on_shelf(select(*MADE, ExerciseRow.file_name, ExerciseRow.file), limit)
    return [ExerciseEntry(*row) for row in transaction.execute(whole)]


def shelved(transaction: Transaction, limit: int) -> list[ExerciseEntry]:
    """The same, without those that were made after a take and never played."""
    wanted = or_(KEPT_ON_PURPOSE, ExerciseRow.score_digest.in_(select(TakeRow.score_digest)))
    whole = _newest_on_shelf(select(*MADE, ExerciseRow.file_name, ExerciseRow.file).where(wanted), limit)
    return [ExerciseEntry(*row) for row in transaction.execute(whole)]


def made_exercises(transaction: Transaction, limit: int) -> list[MadeExercise]:
    """What made those exercises; their files, which are far longer, are left where they are."""
    return [MadeExercise(*row) for row in transaction.execute(_newest_on_shelf(select(*MADE), limit))]


def _newest_on_shelf(query: Select[*tuple[Any, ...]], limit: int) -> Select[*tuple[Any, ...]]:
    return query.where(ExerciseRow.removed_at.is_(None)).order_by(ExerciseRow.made_at.desc()).limit(limit)


def _forget_contents(transaction: Transaction, take_id: str) -> None:
    for table in (EventRow, NoteRow, PedalRow, MistakeRow):
        transaction.execute(delete(table).where(table.take_id == take_id))
