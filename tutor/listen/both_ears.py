"""A piano heard by two ears, as one: what either hints at, and how likely it is a stroke given what both say of it.

One ear looks back over two seconds of sound (`tutor.listen.piano`), the other hears it as it comes
(`tutor.listen.live_piano`). They err on different notes. ``tests/bench/fit_both_ears.py`` finds the weights.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from tutor.listen.piano import Stroke

SAME_SEC = 0.06
SURE = 0.5
LEAST = 0.003  # that an ear is taken to say of what it did not hear
BACK_WEIGHT, LIVE_WEIGHT, BIAS = 0.41, 0.84, 1.96  # of their log odds


def together(looking_back: Sequence[Stroke], heard_live: Iterable[Stroke]) -> list[Stroke]:
    """The strokes of both ears by (onset, pitch), each once; where the live ear is sure, when and how hard is its."""
    joined = [_weighed(back, live) for back, live in paired(looking_back, heard_live)]
    return sorted(joined, key=lambda stroke: (stroke.onset_sec, stroke.pitch))


def paired(
    looking_back: Sequence[Stroke], heard_live: Iterable[Stroke]
) -> Iterator[tuple[Stroke | None, Stroke | None]]:
    """What each ear hears of the same stroke; None where it hears none."""
    alone: dict[int, list[Stroke]] = defaultdict(list)
    for one in heard_live:
        alone[one.pitch].append(one)
    for back in looking_back:
        same = [one for one in alone[back.pitch] if abs(one.onset_sec - back.onset_sec) < SAME_SEC]
        live = max(same, key=lambda one: one.confidence, default=None)
        if live is not None:
            alone[back.pitch].remove(live)
        yield back, live
    yield from ((None, one) for others in alone.values() for one in others)


def _weighed(back: Stroke | None, live: Stroke | None) -> Stroke:
    odds = BACK_WEIGHT * log_odds(back) + LIVE_WEIGHT * log_odds(live) + BIAS
    stroke = live if back is None or (live is not None and live.confidence >= SURE) else back
    assert stroke is not None
    return replace(stroke, confidence=round(1 / (1 + math.exp(-odds)), 4))


def log_odds(heard: Stroke | None) -> float:
    """What an ear says of a stroke, bounded; as if it said `LEAST` of what it did not hear."""
    bounded = min(max(heard.confidence if heard else 0.0, LEAST), 1 - LEAST)
    return math.log(bounded / (1 - bounded))
