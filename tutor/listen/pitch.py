"""The pitch of one line of music, causally, hop by hop; each value is final and known when its time has come.

The note that sounds is *held*. When the sound stops agreeing with it, the held tone is combed out and what is left is
asked for its pitch: so the next note is heard while the last one still rings, and a mixture of both is not mistaken for
their common period far below. What is measured is the pitch in the middle of a window that has passed; where it glides,
it is carried on to now. `NO_PITCH` Hz stands for silence and noise.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import numpy as np

from tutor.listen.periodicity import Hop, Periodicity, Sound, Values

NO_PITCH = 0.0
SILENCE_DB = -60.0
CLEAR = 0.6  # clarity from which a sound has a pitch
SURE = 0.95  # clarity from which nothing else can sound beside it
AGREES = 0.92  # clarity at the held pitch below which something new may have begun
NEW = 0.7  # clarity of a new note beside the old one
SAME_SEMITONES = 0.5
GHOST_SEC, LONG_GHOST_SEC = 0.14, 1.0  # how long an old note may ring on; as long as both together are heard
SETTLED_HOPS = 8
DOUBTING_HOPS = 6
CHANGE_HOPS = 2
DOUBTFUL_CHANGE_HOPS = 12
GLIDE_HOPS = 5
GLIDE_STEP = (0.02, 0.4)  # semitones a hop: slower is steady, faster is a leap
PAST_SEC = 0.0085  # how old what is measured is
CARRIED_SEMITONES = 0.5


@dataclass(frozen=True, slots=True)
class Pitch:
    """One hop: when it ended, its pitch in Hz (0 = none), how periodic it is (0..1), how loud."""

    time_sec: float
    hertz: float
    clarity: float
    level_db: float


class PitchTracker:
    """Follows the pitch of a stream of mono sound; times count from its first sample."""

    def __init__(self, rate: int, lowest_hertz: float = 62.0, highest_hertz: float = 2200.0):
        self._sound = Periodicity(rate, lowest_hertz, highest_hertz)
        self.hop_sec = self._sound.hop_sec
        self._hops = 0
        self._glide = Glide(self.hop_sec)
        self._forget()

    def feed(self, block: Sound) -> list[Pitch]:
        """The values of all hops that this block completes, perhaps none."""
        return [self._step(hop) for hop in self._sound.feed(block)]

    def _step(self, hop: Hop) -> Pitch:
        self._hops += 1
        hertz, clarity = self._sound.peak(hop.clarity)
        if hop.level_db < SILENCE_DB:
            self._forget()
            hertz = NO_PITCH
        else:
            hertz = self._decided(hop, hertz if clarity >= CLEAR else NO_PITCH, clarity)
        return Pitch(self._hops * self.hop_sec, self._glide.carried(hertz), clarity, hop.level_db)

    def _forget(self) -> None:
        self._held = self._ghost = self._last = self._other = NO_PITCH
        self._ghost_hops = self._other_hops = self._settled = self._doubted = 0

    def _decided(self, hop: Hop, heard: float, clarity: float) -> float:
        if self._ghost and self._ghost_sec() > GHOST_SEC:
            self._with_old_ghost(heard)
        if self._ghost:
            self._with_ghost(hop, heard, clarity)
        elif self._held and (fresh := self._begun(hop, heard, clarity)):
            self._ghost, self._ghost_hops, self._settled, self._doubted = self._held, 0, 0, 0
            self._other_hops = 0
            self._held = self._last = fresh
        else:
            self._without_ghost(heard, clarity)
        return self._last

    def _begun(self, hop: Hop, heard: float, clarity: float) -> float:
        """The pitch of a note that has begun beside the held one."""
        if near(heard, self._held):
            self._held = heard
            if clarity >= AGREES:
                return NO_PITCH
        if self._sound.clarity_near(hop.clarity, self._held) >= AGREES:
            return NO_PITCH
        fresh, clear = self._sound.beyond(hop.sound, self._sound.rate / self._held)
        return fresh if clear > NEW and not near(fresh, self._held) else NO_PITCH

    def _with_ghost(self, hop: Hop, heard: float, clarity: float) -> None:
        self._ghost_hops += 1
        if near(heard, self._held):
            self._held = self._last = heard
            self._settled = self._settled + 1 if clarity > SURE else 0
        else:
            self._settled = 0
            self._doubted = self._doubted + 1 if self._may_be_alone(heard, clarity) else 0
            fresh, clear = self._sound.beyond(hop.sound, self._sound.rate / self._ghost)
            if clear > NEW and not near(fresh, self._ghost):
                self._held = self._last = fresh
        if self._settled >= SETTLED_HOPS or self._doubted >= DOUBTING_HOPS:
            self._ghost = NO_PITCH
            self._held = self._last = heard
        elif self._ghost_sec() > GHOST_SEC and not self._is_of_both(heard):
            self._ghost = self._held = NO_PITCH

    def _ghost_sec(self) -> float:
        """How long the old note has rung on."""
        return self._ghost_hops * self.hop_sec

    def _with_old_ghost(self, heard: float) -> None:
        """Let an old note go that has rung on for long, once it is not heard together with the new one any more."""
        if not self._is_of_both(heard) or self._ghost_sec() > LONG_GHOST_SEC:
            self._ghost = NO_PITCH

    def _is_of_both(self, heard: float) -> bool:
        """Whether what is heard is the common period of the new note and the old one."""
        return heard > 0 and lies_far_below(heard, self._held) and lies_below(heard, self._ghost)

    def _may_be_alone(self, heard: float, clarity: float) -> bool:
        """Whether what is heard can be one note, and neither the old one nor the common period of two.

        Where the old one was struck again, what its comb leaves may pass for a new note an octave or more below.
        """
        if near(heard, self._ghost):
            return clarity > (AGREES if lies_below(self._held, heard) else SURE)
        if heard <= 0 or clarity <= AGREES or lies_below(heard, self._ghost):
            return False
        return near(2 * heard, self._held) or not lies_below(heard, self._held)

    def _without_ghost(self, heard: float, clarity: float) -> None:
        """Follow what is heard; a jump must last, and longer where it may be a mixture's common period."""
        if heard and not near(heard, self._held):
            self._other_hops = self._other_hops + 1 if near(heard, self._other) else 1
            self._other = heard
            if self._other_hops >= self._patience(heard, clarity):
                self._held = self._last = heard
                self._other_hops = 0
        elif heard:
            self._last, self._other_hops = heard, 0
        if not self._held:
            self._last = heard

    def _patience(self, heard: float, clarity: float) -> int:
        if not self._held:
            return 2
        doubtful = clarity < SURE or lies_below(heard, self._held)
        return DOUBTFUL_CHANGE_HOPS if doubtful else CHANGE_HOPS


class Glide:
    """Carries a pitch that glides on by `PAST_SEC`."""

    def __init__(self, hop_sec: float):
        self._hop_sec = hop_sec
        self._lately: deque[float] = deque(maxlen=GLIDE_HOPS + 1)

    def carried(self, hertz: float) -> float:
        """The pitch now, where the last hops moved steadily one way; else as it is."""
        if hertz <= 0:
            self._lately.clear()
            return hertz
        self._lately.append(math.log2(hertz))
        steps = [12 * (later - former) for former, later in zip(self._lately, list(self._lately)[1:], strict=False)]
        least, most = GLIDE_STEP
        one_way = all(least < step < most for step in steps) or all(least < -step < most for step in steps)
        if len(steps) < GLIDE_HOPS or not one_way:
            return hertz
        further = sum(steps) / len(steps) * PAST_SEC / self._hop_sec
        return hertz * 2 ** (max(-CARRIED_SEMITONES, min(CARRIED_SEMITONES, further)) / 12)


def near(hertz: float, other: float) -> bool:
    """Whether two pitches are less than `SAME_SEMITONES` apart; no pitch is near nothing."""
    return hertz > 0 and other > 0 and abs(12 * math.log2(hertz / other)) < SAME_SEMITONES


def lies_below(hertz: float, other: float) -> bool:
    """Whether ``other`` is two or more times ``hertz``: an octave, a twelfth … above it."""
    ratio = other / hertz
    return ratio > 1.5 and abs(ratio - round(ratio)) < 0.04 * ratio


def lies_far_below(hertz: float, other: float) -> bool:
    """Whether ``other`` is three or more times ``hertz``: a twelfth … above it."""
    return other > 2.5 * hertz and lies_below(hertz, other)


def hertz_of(place: float) -> float:
    """The frequency of a MIDI number with its fraction, A = 440 Hz."""
    return float(440.0 * 2 ** ((place - 69) / 12))


def place_of(hertz: Values) -> Values:
    """Frequencies as MIDI numbers with their fractions, A = 440 Hz."""
    return np.asarray(69 + 12 * np.log2(hertz / 440.0))


def track(sound: Sound, rate: int) -> tuple[Values, Values]:
    """(times in seconds, Hz) of a whole sound as the stream would say them; 0 Hz = no pitch."""
    found = PitchTracker(rate).feed(sound)
    return np.array([pitch.time_sec for pitch in found]), np.array([pitch.hertz for pitch in found])
