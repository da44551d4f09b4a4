"""What no glove may do to a hand, whoever asks: the limits of HGP/1, once for the host and the simulated glove.

The firmware keeps the same limits by itself (``firmware/core/hgp_limits.h``); a test compares the two. Durations are in
milliseconds where the wire says milliseconds, times in microseconds of the device's clock.

The duty of a finger is kept by a purse: it holds at most 2.4 s of touch, fills by 0.245 s a second, and a pulse is paid
for when it starts. So no finger is touched more than 50 % of any 10 s, nor more than 25 % of any 10 min.
"""

from __future__ import annotations

LEASE_MS = (200, 2000)
LEASE_DEFAULT_MS = 1000
PULSE_MS = (10, 1500)
CUE_MS = 80
"""How long a touch lasts that nobody gave a length."""
MAX_ACTUATORS = 16
FULL_ACTUATORS = 4
FULL_LEVEL = 255
DEFAULT_LEVEL = 200
CHILD_LEVEL = 140
RHYTHM_MS, RHYTHM_GAPS = 60, 20
"""The longest pulse of a rhythm, and how many gaps one frame has room for."""
LATE_US = 30_000
HORIZON_US = 10_000_000
PURSE_US = 2_400_000
PURSE_STEP_US = 24_500
PURSE_STEP_MS = 100
DUTY_WINDOWS = ((10.0, 0.5), (600.0, 0.25))
"""(window in seconds, largest share of it that a finger may be touched)."""
SLEW_MS = 60
SLEW_FLOOR = 64
SESSION_SEC = 1800
CHILD_SESSION_SEC = 900
REST_SEC = 300
STOP_CHECK_US = 5_000


class Purse:
    """How long one finger may still be touched, in microseconds."""

    def __init__(self) -> None:
        self.left_us = PURSE_US

    def step(self) -> None:
        """Fill by one step; call it each ``PURSE_STEP_MS``."""
        self.left_us = min(PURSE_US, self.left_us + PURSE_STEP_US)

    def pay(self, wanted_us: int) -> int:
        """Pay for as much of ``wanted_us`` as is left and return it; 0 where that is less than the shortest pulse."""
        granted = min(wanted_us, self.left_us)
        if granted < PULSE_MS[0] * 1000:
            return 0
        self.left_us -= granted
        return granted

    def give_back(self, unused_us: int) -> None:
        """Return what a pulse that was cut short did not use."""
        self.left_us = min(PURSE_US, self.left_us + unused_us)


class Sitting:
    """How long a hand has been touched, and when it must rest: 30 minutes (a child 15), then 5 minutes of rest."""

    def __init__(self, child: bool = False):
        self.child = child
        self.resting = False
        self._armed_ms = self._rested_ms = 0

    def step(self, armed: bool) -> bool:
        """Count one step of ``PURSE_STEP_MS``; True where rest is due from now on."""
        if not armed:
            self._rested_ms += PURSE_STEP_MS
            if self._rested_ms >= REST_SEC * 1000:
                self.resting, self._armed_ms = False, 0
            return False
        self._rested_ms = 0
        self._armed_ms += PURSE_STEP_MS
        self.resting = self._armed_ms >= self._length_sec * 1000
        return self.resting

    @property
    def left_sec(self) -> int:
        """How long the hand may still be touched."""
        return max(0, self._length_sec - self._armed_ms // 1000)

    @property
    def rest_left_sec(self) -> int:
        """How long the hand must still rest; 0 where it need not."""
        return max(0, REST_SEC - self._rested_ms // 1000) if self.resting else 0

    @property
    def _length_sec(self) -> int:
        return CHILD_SESSION_SEC if self.child else SESSION_SEC


def shared_level(level: int, total: int) -> int:
    """One motor's level when all running motors together ask for ``total``: scaled to what four may draw at full."""
    budget = FULL_ACTUATORS * FULL_LEVEL
    return level if total <= budget else level * budget // total


def slewed_level(level: int, elapsed_us: int) -> int:
    """The level of a motor's first pulse after arming, ``elapsed_us`` after its start: from a quarter up to all."""
    grown = min(elapsed_us // 1000, SLEW_MS) * (256 - SLEW_FLOOR) // SLEW_MS
    return max(1, level * (SLEW_FLOOR + grown) // 256)
