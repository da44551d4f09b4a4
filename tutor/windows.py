"""What counts as *on time*: windows that scale with tempo and level, shown to the learner and settable.

A beat at 60 leaves more room than a beat at 180, and a first lesson more than the ninth level. The share of a beat is
bounded on both sides: nobody can place a note better than `least_sec`, and `most_sec` is off for everybody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

EASIEST, HARDEST = 1, 9


@dataclass(frozen=True, slots=True)
class Windows:
    """Tolerances of the judgement. ``beat_share`` is how far from its due time an onset may be, in beats."""

    beat_share: float = 0.20
    least_sec: float = 0.050
    most_sec: float = 0.25
    trivial_sec: float = 0.040  # never named, whatever the window says
    hands_apart_sec: float = 0.040
    short_ratio: float = 0.5  # of the written length that sounds
    long_ratio: float = 1.75
    uneven_share: float = 0.16  # spread of the intervals of an even run

    @classmethod
    def for_level(cls, level: int) -> Windows:
        """The windows for a level of 1 (first lessons) to 9; 0 (not graded) counts as 5."""
        level = min(HARDEST, max(EASIEST, level or 5))
        room = 1.5 - (level - EASIEST) * (1.5 - 0.5) / (HARDEST - EASIEST)
        plain = cls()
        return replace(
            plain,
            beat_share=plain.beat_share * room,
            hands_apart_sec=plain.hands_apart_sec * max(1.0, room),
            uneven_share=plain.uneven_share * room,
        )

    def on_time_sec(self, period_sec: float) -> float:
        """How early or late an onset may be where a beat lasts ``period_sec``."""
        return min(self.most_sec, max(self.least_sec, self.beat_share * period_sec))

    def in_words(self, period_sec: float) -> str:
        """The window as the learner reads it."""
        room = round(1000 * self.on_time_sec(period_sec))
        return f"on time: within {room} ms"
