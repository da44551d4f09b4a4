"""Where it is known which note was struck, as where the score waits for it: what the beam then believes."""

from __future__ import annotations

from tutor.following.hypotheses import Hypothesis, Step
from tutor.following.places import Places


def known(
    places: Places,
    best: Hypothesis | None,
    place: int,
    struck: int,
    bit: int,
    index: int,
    now_sec: float,
    beat_sec: float,
) -> Hypothesis:
    """The player has just struck ``bit`` at ``place``, the last of ``struck``; nobody says when it was due.

    The pulse stays that of ``best``, or ``beat_sec`` a beat at first: nobody keeps time where the score waits.
    """
    step = Step(best.step if best else None, index, now_sec, "hit", place, bit, None, (), False)
    period, steady, settled = (best.period, best.steady, best.settled) if best else (beat_sec, beat_sec, 0)
    left = places.full[place] & ~struck
    return Hypothesis(0.0, place, left, (), now_sec, now_sec, period, steady, settled, 0.0, -1, step)
