"""How guidance fades: by what the learner does, never by the clock.

Five levels, 4 (all cues) to 0 (none), as in `tutor.cues.LEVELS`. Three clean passes take one level away, two failed
ones give one back, and each fifth pass on a level takes one away whatever happened, so that nobody leans on the glove
(guidance hypothesis; Zhang 2019). Each fourth pass is a *probe* without touch, and a clean one is asked for again at
once: only two in a row are mastery.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from tutor.cues import LEVEL_WORDS, LEVELS
from tutor.passes import CLEAN_SHARE, FAILED_SHARE, Pass
from tutor.practice import PracticeSettings

HIGHEST = len(LEVELS) - 1
CLEAN_TO_FADE, FAILED_TO_HELP, PASSES_ON_A_LEVEL = 3, 2, 5
PROBE_EACH = 4
PROBES_TO_MASTER = 2


@dataclass(frozen=True)
class GuidedPass:
    """A pass with a glove on the hand; ``level`` is what was felt, 0 where there was no touch."""

    level: int
    hit_share: float
    complete: bool = True

    @classmethod
    def of(cls, played: Pass, level: int) -> GuidedPass:
        """A pass that was led at a level."""
        return cls(level, round(played.hit_share, 4), played.complete)

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> GuidedPass:
        """The pass that `as_json` wrote."""
        return cls(int(said["level"]), float(said["hit_share"]), bool(said["complete"]))

    def as_json(self) -> dict[str, Any]:
        """The pass as plain JSON values."""
        return asdict(self)


@dataclass(frozen=True)
class Fading:
    """Where the guidance of one passage stands; `after` a pass gives where it stands then."""

    level: int = HIGHEST
    clean: int = 0
    failed: int = 0
    on_level: int = 0
    since_probe: int = 0
    clean_probes: int = 0

    @property
    def probe_due(self) -> bool:
        """Whether the next pass is to be played without touch."""
        return self.since_probe >= PROBE_EACH - 1 or 0 < self.clean_probes < PROBES_TO_MASTER

    @property
    def next_level(self) -> int:
        """How the hand is led in the next pass."""
        return 0 if self.probe_due else self.level

    @property
    def mastered(self) -> bool:
        """Whether as many probes in a row as mastery asks for were clean."""
        return self.clean_probes >= PROBES_TO_MASTER

    def after(self, played: GuidedPass) -> Fading:
        """The state after a pass; one that was broken off changes nothing, and a probe does not move the level."""
        if not played.complete:
            return self
        probed = self._after_probe(played) if played.level == 0 else replace(self, since_probe=self.since_probe + 1)
        return probed._after_guided(played) if played.level or not self.level else probed

    def begun_at(self, level: int) -> Fading:
        """The state after the learner asked for a level; what probes have shown still holds."""
        return Fading(level, clean_probes=self.clean_probes)

    def _after_probe(self, played: GuidedPass) -> Fading:
        clean = self.clean_probes + 1 if played.hit_share >= CLEAN_SHARE else 0
        return replace(self, since_probe=0, clean_probes=clean)

    def _after_guided(self, played: GuidedPass) -> Fading:
        clean = self.clean + 1 if played.hit_share >= CLEAN_SHARE else 0
        failed = self.failed + 1 if played.hit_share < FAILED_SHARE else 0
        if failed >= FAILED_TO_HELP:
            return self._at(self.level + 1)
        if clean >= CLEAN_TO_FADE or self.on_level + 1 >= PASSES_ON_A_LEVEL:
            return self._at(self.level - 1)
        return replace(self, clean=clean, failed=failed, on_level=self.on_level + 1)

    def _at(self, level: int) -> Fading:
        return replace(self, level=max(0, min(level, HIGHEST)), clean=0, failed=0, on_level=0)


Practised = tuple[PracticeSettings, Iterable[GuidedPass]]


def fading_after(history: Iterable[Practised], settings: PracticeSettings) -> Fading:
    """Where the guidance of a passage stands after all takes of its score, oldest first.

    A passage is bars and hands. Where the learner asked for another level than the last time, it begins there anew.
    """
    fading, asked = Fading(settings.guidance), settings.guidance
    begun = False
    for practised, passes in history:
        if (practised.bars, practised.hands) != (settings.bars, settings.hands):
            continue
        if practised.fade and (not begun or practised.guidance != asked):
            fading, asked, begun = fading.begun_at(practised.guidance), practised.guidance, True
        for played in passes:
            fading = fading.after(played) if practised.fade or not played.level else fading
    return fading if asked == settings.guidance else fading.begun_at(settings.guidance)


def fading_words(fading: Fading) -> str:
    """What the learner reads: how touch leads now, and what changes it."""
    if fading.mastered:
        return "You have played this cleanly twice without touch: it is yours."
    if fading.probe_due:
        return "The next time goes without touch, to see what stays."
    now = f"Touch: {LEVEL_WORDS[fading.level].lower()}."
    if fading.level == 0:
        return f"{now} Touch comes back after {_times(FAILED_TO_HELP - fading.failed, 'failed time')}."
    left = min(CLEAN_TO_FADE - fading.clean, PASSES_ON_A_LEVEL - fading.on_level)
    return f"{now} After {_times(left, 'clean time')} a little less."


def _times(count: int, noun: str) -> str:
    return f"{('one', 'two', 'three')[count - 1]} more {noun}{'' if count == 1 else 's'}"
