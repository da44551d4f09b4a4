"""Lend the follower to the following bench, which calls it with a score's path and pushes notes.

python ../shared/bench/following/follow_bench.py --ours tests.bench.following:make --out ours.jsonl
"""

from __future__ import annotations

from lessons.files import read_score
from tutor.events import NoteOn
from tutor.follow import Follower
from tutor.verdicts import Judgement


class Pushed:
    """A follower under the bench's own signature; what is said at once counts, later revisions do not."""

    def __init__(self, score_path: str):
        self._follower = Follower(read_score(score_path))

    def push(self, pitch: int, time_sec: float, velocity: int) -> Judgement:
        """The judgement of a note as it is struck."""
        return self._follower.step(NoteOn(time_sec, pitch, velocity))[0]


make = Pushed
