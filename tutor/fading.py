"""How guidance fades: by what the learner does, never by the clock.

Five levels, 4 (all cues) to 0 (none), as in `tutor.cues.LEVELS`. Three clean passes take one level away, two failed
ones give one back, and each fifth pass on a level takes one away whatever happened, so that nobody leans on the glove
(guidance hypothesis; Zhang 2019). Now and then a pass is a probe without touch; only probes count as mastery.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tutor.cues import LEVELS, PRESETS, Guidance

HIGHEST = len(LEVELS) - 1
CLEAN_TO_FADE, FAILED_TO_HELP, PASSES_ON_A_LEVEL = 3, 2, 5
PROBE_EACH = 4
PROBES_TO_MASTER = 2


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
        return self.since_probe >= PROBE_EACH - 1

    @property
    def guidance(self) -> Guidance:
        """How the hand is led in the next pass."""
        return PRESETS["No touch"] if self.probe_due else LEVELS[self.level]

    @property
    def mastered(self) -> bool:
        """Whether as many probes in a row as mastery asks for were clean."""
        return self.clean_probes >= PROBES_TO_MASTER

    def after(self, clean: bool) -> Fading:
        """The state after a pass was played cleanly or not."""
        if self.probe_due:
            return replace(self, since_probe=0, clean_probes=self.clean_probes + 1 if clean else 0)
        played = replace(
            self,
            clean=self.clean + 1 if clean else 0,
            failed=0 if clean else self.failed + 1,
            on_level=self.on_level + 1,
            since_probe=self.since_probe + 1,
        )
        if played.failed >= FAILED_TO_HELP:
            return played._at(played.level + 1)
        if played.clean >= CLEAN_TO_FADE or played.on_level >= PASSES_ON_A_LEVEL:
            return played._at(played.level - 1)
        return played

    def _at(self, level: int) -> Fading:
        return replace(self, level=max(0, min(level, HIGHEST)), clean=0, failed=0, on_level=0)
