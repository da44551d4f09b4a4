"""One mistake as the coach reads it: its kind, its place, the feature that failed and how much it weighs."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from lessons.analogy import Feature
from tutor.assessing.mistake import Degree, Failed

KEY_KINDS = frozenset({"wrong", "octave", "neighbour", "missing", "missed", "extra", "corrected"})
EXTRA_KINDS = frozenset({"extra", "corrected"})
MISSED_KINDS = frozenset({"missing", "missed"})
TIME_KINDS = frozenset({"early", "late", "too short", "too long", "uneven", "hesitation", "restart", "skip", "slower"})
DRIFT_KINDS = frozenset({"rushing", "dragging", "tempo changed"})  # said of a whole pass, not of a place
FEATURE_OF: Mapping[str, Feature] = {
    **dict.fromkeys(KEY_KINDS, Feature.PITCH),
    **dict.fromkeys(TIME_KINDS, Feature.RHYTHM),
    "hands apart": Feature.TEXTURE,
}
"""Which feature failed where a mistake of this kind was made, unless the judge knows better."""

FEATURE_MEANT: Mapping[str, Feature] = {
    Failed.PITCH_READING: Feature.PITCH,
    Failed.LEAP: Feature.PITCH,
    Failed.RHYTHM: Feature.RHYTHM,
    Failed.COORDINATION: Feature.TEXTURE,
    Failed.TEXTURE: Feature.CHORDS,
}
"""The feature of an analogy for what the judge says failed: a wrong key in a chord is a matter of the chord's shape."""

TIMING_WEIGHT, GRAVE_WEIGHT = 0.5, 2.0
SLOWER_SLIPS = 2  # a bar that went slower is no isolated slip: its neighbours did too


@dataclass(frozen=True)
class Fault:
    """One mistake with its place; ``meant`` is the feature where it is not the usual one of its kind.

    ``pass_index`` tells one time through the place from the next; ``degree`` is how much it says,
    ``to_bar`` where a player who broke off went on.
    """

    kind: str
    bar: int
    onset_beat: float
    hand: str | None = None
    meant: Feature | None = None
    pass_index: int = 0
    degree: Degree = Degree.PLAIN
    to_bar: int | None = None

    @property
    def feature(self) -> Feature | None:
        """The feature that failed; None where the kind says nothing of one, as with dynamics."""
        usual = FEATURE_OF.get(self.kind)
        return self.meant or usual if usual else None

    @property
    def weight(self) -> float:
        """How much it counts beside other faults: a break more than a wrong key, and that more than a wrong time."""
        if self.degree is Degree.GRAVE:
            return GRAVE_WEIGHT
        return 1.0 if self.kind in KEY_KINDS else TIMING_WEIGHT * self.slips

    @property
    def slips(self) -> int:
        """As how many slips it counts in its bar."""
        return SLOWER_SLIPS if self.kind == "slower" else 1

    @property
    def moment(self) -> tuple[str, int, float]:
        """What faults of time have in common that were made at once."""
        return self.kind, self.pass_index, self.onset_beat


def moments(faults: Iterable[Fault]) -> list[Fault]:
    """The faults, each once: wrong keys are counted one by one, but a chord that came late came late once."""
    keys: list[tuple[Hashable, Fault]] = [
        (place if fault.kind in KEY_KINDS else fault.moment, fault) for place, fault in enumerate(faults)
    ]
    return list(dict(reversed(keys)).values())[::-1]
