"""``takes``: the takes that the journal has, newest first, with the ids by which other commands know them.

With ``--json`` one object: ``takes``, each with ``id``, ``started_at`` (UTC), ``title``, ``notes``, ``duration_sec``,
``hands``, ``bars`` (null: all; counted along the unfolded piece, beside what the page calls them, ``written``, and
which ``times`` through them it was, unless an older version kept the take), ``tempo`` (that was set, against the
written one), ``hit_share`` of what was reached and ``reached``, the first and the last bar that were, counted in the
same way (both null: not judged).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lessons.bar_names import BarName, counted_in_words
from lessons.errors import InputError
from lessons.percent import percent
from tutor.clock import local_time
from tutor.commands.learner_source import add_learner, journal_to_read, reading
from tutor.commands.parts import Parts
from tutor.evidence import Evidence
from tutor.journal.entries import TakeEntry
from tutor.known import reached_bars, went_to_the_end
from tutor.practice import Hands, PracticeSettings

MOST, ALL = 20, 1_000_000


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags."""
    parser.add_argument("title", metavar="TITLE", nargs="?", default="", help="only pieces with this in their title")
    parser.add_argument("--count", type=int, default=MOST, metavar="N", help=f"the newest N (default: {MOST})")
    parser.add_argument("--journal", metavar="DB", type=Path, help="the journal that has the takes")
    add_learner(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace, _parts: Parts) -> int:
    """Read the journal and say it; always 0. Raises InputError for a journal that is named and is not there."""
    if arguments.count < 1:
        raise InputError(f"--count {arguments.count}: must be at least 1")
    found = _found(journal_to_read(arguments), arguments.title.casefold(), arguments.count)
    if arguments.json:
        print(json.dumps({"takes": [as_json(take) for take in found]}, ensure_ascii=False))
    else:
        print("\n".join(line(take) for take in found) or "no takes")
    return 0


def _found(path: Path, part: str, count: int) -> list[TakeEntry]:
    if not path.exists():
        return []
    with reading(path) as journal:
        named = [take for take in journal.takes(limit=ALL) if part in take.title.casefold()]
        return list(journal.whole(named[:count]))


def as_json(take: TakeEntry) -> dict[str, Any]:
    """What is said of a take, as plain JSON values."""
    settings = PracticeSettings.from_json(take.settings)
    share = Evidence.of(take.assessment, ()).hit_share if take.assessment else None
    reached = reached_bars(take.assessment) if take.assessment else None
    return {
        "id": take.take_id,
        "started_at": take.started_at.isoformat(),
        "title": take.title,
        "notes": take.note_count,
        "duration_sec": round(take.duration_sec, 1),
        "hands": str(settings.hands),
        "bars": list(settings.bars) if settings.bars else None,
        **{name: take.settings[name] for name in ("written", "times") if name in take.settings},
        "tempo": settings.tempo_ratio,
        "hit_share": None if share is None else round(share, 4),
        "reached": list(reached[:2]) if reached else None,
    }


def line(take: TakeEntry) -> str:
    """A take in one line: its id, when, what, and how it went."""
    said = as_json(take)
    words = [take.title or "Untitled", *_bars(take, said["bars"])]
    words.append(Hands(said["hands"]).words)
    words.append("not judged" if said["hit_share"] is None else f"{percent(said['hit_share'])} right")
    return f"{take.take_id}  {local_time(take.started_at):%Y-%m-%d %H:%M}  {' · '.join(words)}"


def _bars(take: TakeEntry, asked: tuple[int, int] | None) -> Iterator[str]:
    """Which bars were practised, and which of them were reached where it went no further: "bars 1–2 of 16"."""
    first, last, end = (reached_bars(take.assessment) if take.assessment else None) or (0, 0, 0)
    names = _names(take.assessment or {})
    broke_off = bool(last) and not went_to_the_end(take.assessment or {})
    whole = names[end].written if end in names else end
    if asked is not None:
        passage = str(take.settings.get("passage", counted_in_words(*asked)))
        of_all = f" of {whole}" if last and "," not in passage else ""
        yield passage + of_all + (f", as far as bar {_short(names, last)}" if broke_off and last < asked[1] else "")
    elif broke_off and last < end:
        begins = max(first, min(1, last))
        reached = [_short(names, bar) for bar in (begins, last)]
        where = f"bar {reached[1]}" if begins == last else f"bars {'–'.join(reached)}"
        yield f"{where} of {whole}"


def _names(assessment: Mapping[str, Any]) -> dict[int, BarName]:
    """What the page calls the bars of a take, as far as it was kept with it."""
    bars = assessment.get("bars", ())
    return {bar["bar"]: BarName(bar["written"], bar["time"]) for bar in bars if "written" in bar}


def _short(names: Mapping[int, BarName], bar: int) -> str:
    return names[bar].short if bar in names else str(bar)
