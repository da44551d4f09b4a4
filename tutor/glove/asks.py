"""What the messages that touch ask for, one pulse after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tutor.glove import limits
from tutor.glove.counting import actuators_of
from tutor.glove.messages import ChordAt, Pulse, PulseAt, RhythmAt, SelfTest
from tutor.glove.motors import Cue

SELFTEST_MS, SELFTEST_LEVEL, SELFTEST_STEP_MS = 150, 120, 250
EACH = 0xFF
STEADY = 0
Touch = Pulse | PulseAt | ChordAt | RhythmAt | SelfTest
TOUCHES = (Pulse, PulseAt, ChordAt, RhythmAt, SelfTest)


@dataclass(frozen=True)
class Ask:
    """One pulse asked for: motors that the skin should feel at ``skin_us``."""

    skin_us: int
    mask: int
    duration_ms: int

    def is_sensible(self, motors: int, now_us: int) -> bool:
        """Whether it is of these motors, of a length that can be felt, and not too far ahead."""
        there = bool(self.mask) and not self.mask & ~motors
        return there and self.duration_ms >= limits.PULSE_MS[0] and self.skin_us - now_us <= limits.HORIZON_US

    def cues(self, onset_us: Callable[[int], int], longest_ms: int, level: int, sequence: int) -> Sequence[Cue]:
        """One cue for each onset time among the motors, so that the skin feels all of them together."""
        masks: dict[int, int] = {}
        for actuator in actuators_of(self.mask):
            early_us = onset_us(actuator)
            masks[early_us] = masks.get(early_us, 0) | 1 << actuator
        length_us = min(self.duration_ms, longest_ms) * 1000
        return [
            Cue(sequence, self.skin_us - early_us, self.skin_us, mask, level, length_us)
            for early_us, mask in sorted(masks.items(), reverse=True)
        ]


def level_of(message: Touch) -> int:
    """How strong a touch is asked for; 0 where it is one that cannot be: no level, or a wave that is not steady."""
    if isinstance(message, SelfTest):
        return SELFTEST_LEVEL
    shaped = isinstance(message, Pulse | PulseAt) and message.wave != STEADY
    return 0 if shaped else message.intensity


def asks_of(message: Touch, now_us: int, uptime: Callable[[int], int], motors: int) -> Sequence[Ask]:
    """The pulses that a message asks for; ``uptime`` turns times of the wire into those of the glove."""
    match message:
        case Pulse():
            return [Ask(now_us, 1 << message.actuator, message.duration_ms)]
        case PulseAt():
            return [Ask(uptime(message.time), 1 << message.actuator, message.duration_ms)]
        case ChordAt():
            return _chord(message, uptime(message.time))
        case RhythmAt():
            return _rhythm(message, uptime(message.time))
        case SelfTest(actuator):
            steps = enumerate(actuators_of(motors) if actuator == EACH else (actuator,))
            return [Ask(now_us + i * SELFTEST_STEP_MS * 1000, 1 << bit, SELFTEST_MS) for i, bit in steps]


def _chord(chord: ChordAt, skin_us: int) -> Sequence[Ask]:
    if not chord.stagger_ms or not chord.mask:
        return [Ask(skin_us, chord.mask, chord.duration_ms)]
    steps = enumerate(actuators_of(chord.mask))
    return [Ask(skin_us + i * chord.stagger_ms * 1000, 1 << bit, chord.duration_ms) for i, bit in steps]


def _rhythm(rhythm: RhythmAt, skin_us: int) -> Sequence[Ask]:
    asks = []
    for gap in (*rhythm.gaps_ms, 2 * limits.RHYTHM_MS):
        asks.append(Ask(skin_us, rhythm.mask, min(limits.RHYTHM_MS, gap // 2)))
        skin_us += gap * 1000
    return asks
