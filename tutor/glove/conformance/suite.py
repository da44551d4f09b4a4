"""Whether a glove keeps HGP/1: the cases that any device must survive, asked over the wire alone.

The same cases run against the pure-Python glove, the real firmware on a simulated chip, and a real glove on a port.
Each is a function from a `Rig` to the figures that it measured; it raises `BrokenError` with the reason where the glove
fails, and `NotTriedError` where this glove cannot be asked. Motors run for moments in most cases, and for three
seconds in one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from tutor.commands.parts import SerialLine
from tutor.glove.conformance import safety, touch, wire
from tutor.glove.conformance.cases import Case, Thoroughness
from tutor.glove.rig import BrokenError, NotTriedError, Rig

CASES: tuple[Case, ...] = (
    wire.greeting,
    safety.silent_until_armed,
    touch.pulse_lasts_as_long_as_asked,
    touch.chord_is_one_frame,
    touch.rhythm_keeps_its_gaps,
    touch.time_wraps,
    safety.lease_lapses,
    safety.host_vanishes,
    safety.greeting_disarms,
    wire.garbage_is_passed_over,
    wire.damaged_chords_are_refused,
    wire.duplicates_are_felt_once,
    wire.order_of_time_not_of_sending,
    wire.sequences_wrap,
    touch.full_queue_is_said,
    touch.cancel_spares_what_is_before,
    touch.late_cues_are_dropped,
    wire.nonsense_is_refused,
    safety.strength_and_length_are_capped,
    safety.stop_is_at_once,
    touch.soak,
    safety.a_finger_is_never_touched_too_long,
)
"""In the order in which they are asked: the wrap of the clock comes soon after a start."""


@dataclass(frozen=True)
class Result:
    """What one case said; ``passed`` is None where it was not tried."""

    name: str
    passed: bool | None
    note: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)


def selftest(
    open_line: Callable[[], SerialLine], clock: Callable[[], float], much: Thoroughness | None = None, seed: int = 1
) -> Iterator[Result]:
    """Put a glove through all cases, one result each. Raises DeviceError where the line is lost."""
    rig = Rig(open_line, clock, seed)
    try:
        for case in CASES:
            yield _judged(case, rig, much or Thoroughness())
            if case is wire.greeting and rig.hello is None:
                return
    finally:
        rig.close()


def _judged(case: Case, rig: Rig, much: Thoroughness) -> Result:
    name = case.__name__.replace("_", " ")
    try:
        return Result(name, True, (case.__doc__ or "").rstrip("."), case(rig, much))
    except BrokenError as reason:
        return Result(name, False, str(reason))
    except NotTriedError as reason:
        return Result(name, None, str(reason))
