"""Two gloves, one on each hand and each on a port of its own, as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

from lessons.score import LEFT, RIGHT
from tutor.cues import FINGERS
from tutor.glove.settings import LinkSettings
from tutor.glove.state import HAND_BITS, WITHOUT_TOUCH, Counts, Glove, GloveState

OTHER_HAND = "; touch goes on with the other hand"


class GlovePair:
    """See `tutor.glove.state.Glove`. The first is the left hand's, unless they say of themselves that it is not."""

    def __init__(self, first: Glove, second: Glove):
        self._gloves = (first, second)

    @property
    def state(self) -> GloveState:
        """How both are; one that is missing is the error, while the other one goes on."""
        return joined(*(glove.state for glove in self._sides()))

    def use(self, settings: LinkSettings) -> None:
        """Use both otherwise from now on."""
        for glove in self._gloves:
            glove.use(settings)

    def arm(self) -> None:
        """Allow touch on both hands."""
        for glove in self._gloves:
            glove.arm()

    def cue(
        self,
        fingers: Sequence[int],
        at_sec: float | None = None,
        intensity: int | None = None,
        duration_ms: int | None = None,
    ) -> None:
        """Let each hand feel its own fingers."""
        for glove, own in self._shared(fingers):
            glove.cue(own, at_sec, intensity, duration_ms)

    def rhythm(self, fingers: Sequence[int], at_sec: Sequence[float], intensity: int | None = None) -> None:
        """Let each hand feel the rhythm with its own fingers."""
        for glove, own in self._shared(fingers):
            glove.rhythm(own, at_sec, intensity)

    def cancel(self, from_sec: float) -> None:
        """Forget what both would feel from a host time on."""
        for glove in self._gloves:
            glove.cancel(from_sec)

    def stop(self) -> None:
        """Everything off on both hands."""
        for glove in self._gloves:
            glove.stop()

    def clear_fault(self) -> None:
        """Tell both that a person has looked after the fault."""
        for glove in self._gloves:
            glove.clear_fault()

    def close(self) -> None:
        """Still both before either is let go."""
        self.stop()
        for glove in self._gloves:
            glove.close()

    def _sides(self) -> tuple[Glove, Glove]:
        """The left hand's glove and the right one's."""
        first, second = self._gloves
        said = (first.state.hands, second.state.hands)
        swapped = said[0] == HAND_BITS[RIGHT] or (said[1] == HAND_BITS[LEFT] and said[0] != HAND_BITS[LEFT])
        return (second, first) if swapped else (first, second)

    def _shared(self, fingers: Sequence[int]) -> list[tuple[Glove, list[int]]]:
        """The gloves that are meant, each with its fingers."""
        own = ([one for one in fingers if one < FINGERS], [one for one in fingers if one >= FINGERS])
        return [(glove, wanted) for glove, wanted in zip(self._sides(), own, strict=True) if wanted]


def joined(left: GloveState, right: GloveState) -> GloveState:
    """Two gloves told as one: what is there, and what the learner should know of either."""
    there = [one for one in (left, right) if one.connected]
    known = there or [left, right]
    verified = [one.stop_verified for one in there if one.stop_verified is not None]
    return replace(
        known[0],
        name=f"{left.name},{right.name}",
        connected=bool(there),
        armed=bool(there) and all(one.armed for one in there),
        resting=any(one.resting for one in there),
        battery=min((one.battery for one in known if one.battery is not None), default=None),
        faults=tuple(dict.fromkeys((*left.faults, *right.faults))),
        error=next((_told(one, bool(there)) for one in (left, right) if one.error), ""),
        notice=next((one.notice for one in (left, right) if one.notice), ""),
        rtt_ms=max((one.rtt_ms for one in known if one.rtt_ms is not None), default=None),
        hands=(HAND_BITS[LEFT] if left.connected else 0) | (HAND_BITS[RIGHT] if right.connected else 0),
        onset_ms=(*left.onset_ms[:FINGERS], *right.onset_ms[FINGERS:]) if len(there) == 2 else known[0].onset_ms,
        outputs=left.outputs | right.outputs,
        device_late=left.device_late + right.device_late,
        device_crc_errors=left.device_crc_errors + right.device_crc_errors,
        stop_verified=all(verified) if verified else None,
        counts=_sum(left.counts, right.counts),
    )


def _told(state: GloveState, other_is_there: bool) -> str:
    """The error of one of them; where it has gone, the lesson does not go on without any touch."""
    if state.connected or not other_is_there:
        return state.error
    return state.error.replace(WITHOUT_TOUCH, OTHER_HAND)


def _sum(left: Counts, right: Counts) -> Counts:
    names = [one.name for one in fields(Counts)]
    return Counts(**{name: getattr(left, name) + getattr(right, name) for name in names})
