"""The glove's clock seen from the host: which device time is a host time.

Each PING gives a sample: the offset of the device's clock against the host's at the middle of the round trip, wrong by
half the round trip at most. The quickest of the last 32 is believed, brought to the present with the drift that they
show (a ceramic resonator, common on small boards, is wrong by up to 5 ms a second). What the link uses moves
there by 2 ms a step at most, so no cue is moved audibly by one bad sample. Host times are seconds, device times
microseconds modulo 2**32.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from tutor.glove.counting import later_by

KEPT = 32
FIRST = 16
SLEW_SEC = 0.002
QUICK_SEC = 0.0005
MAX_DRIFT = 0.01
LIKELY_DRIFT = 0.002
JUMP_SEC = 0.05


@dataclass(frozen=True, slots=True)
class Sample:
    """At ``host_sec`` the device's unwrapped clock was ahead by ``offset_sec``, give or take half of ``rtt_sec``."""

    host_sec: float
    offset_sec: float
    rtt_sec: float


class ClockSync:
    """Learns the device's clock from PONGs; `device_us` answers once `ready`."""

    def __init__(self) -> None:
        self._samples: deque[Sample] = deque(maxlen=KEPT)
        self._wrapped = 0
        self._unwrapped = 0
        self._taken = 0
        self._strange = 0
        self._base_sec = self._at_sec = self._drift = self._rtt_sec = 0.0

    @property
    def ready(self) -> bool:
        """Whether the first samples are in."""
        return self._taken >= FIRST

    @property
    def rtt_sec(self) -> float:
        """The quickest round trip of late; 0 where there was none."""
        return self._rtt_sec

    def offset_sec(self, host_sec: float) -> float:
        """How far the device's unwrapped clock is ahead of the host's at a host time."""
        return self._base_sec + self._drift * (host_sec - self._at_sec)

    def device_us(self, host_sec: float) -> int:
        """The device's clock at a host time."""
        return round((host_sec + self.offset_sec(host_sec)) * 1e6) % (1 << 32)

    def host_sec(self, device_us: int) -> float:
        """The host time nearest to now at which the device's clock shows ``device_us``."""
        latest = self._samples[-1].host_sec if self._samples else 0.0
        return latest + later_by(device_us, self.device_us(latest)) / 1e6 / (1.0 + self._drift)

    def add(self, sent_sec: float, received_sec: float, device_received_us: int, device_sent_us: int) -> bool:
        """Take one round trip in; False where a clock has jumped, so that only a new `ClockSync` can tell the time."""
        held_sec = later_by(device_sent_us, device_received_us) / 1e6
        middle = (sent_sec + received_sec) / 2
        device_sec = self._unwrap(device_received_us) / 1e6 + held_sec / 2
        sample = Sample(middle, device_sec - middle, max(0.0, received_sec - sent_sec - held_sec))
        if self._jumped(sample):
            return False
        self._samples.append(sample)
        self._rtt_sec = min(sample.rtt_sec for sample in self._samples)
        self._taken += 1
        self._settle(middle)
        return True

    def _unwrap(self, wrapped: int) -> int:
        self._unwrapped += later_by(wrapped, self._wrapped) if self._taken else wrapped
        self._wrapped = wrapped
        return self._unwrapped

    def _jumped(self, sample: Sample) -> bool:
        if not self.ready:
            return False
        apart = abs(sample.offset_sec - self.offset_sec(sample.host_sec))
        self._strange = self._strange + 1 if apart > sample.rtt_sec / 2 + JUMP_SEC else 0
        return self._strange >= 2

    def _settle(self, now_sec: float) -> None:
        before = self.offset_sec(now_sec)
        self._drift, doubt = self._seen_drift()
        best = min(self._samples, key=lambda sample: sample.rtt_sec / 2 + doubt * (now_sec - sample.host_sec))
        step = best.offset_sec + self._drift * (now_sec - best.host_sec) - before
        if self._taken > FIRST:
            step = max(-SLEW_SEC, min(SLEW_SEC, step))
        self._base_sec, self._at_sec = before + step, now_sec

    def _seen_drift(self) -> tuple[float, float]:
        """The slope of the offsets and how far it may be wrong: a line through all samples, slow ones weighing less.

        A clock without drift is taken for likely beforehand, so that a few slow samples do not make one.
        """
        weights = [1 / (QUICK_SEC + (sample.rtt_sec - self.rtt_sec) / 2) ** 2 for sample in self._samples]
        total = sum(weights)
        weighed = list(zip(weights, self._samples, strict=True))
        middle = sum(weight * sample.host_sec for weight, sample in weighed) / total
        level = sum(weight * sample.offset_sec for weight, sample in weighed) / total
        spread = sum(weight * (sample.host_sec - middle) ** 2 for weight, sample in weighed) + LIKELY_DRIFT**-2
        slope = sum(weight * (sample.host_sec - middle) * (sample.offset_sec - level) for weight, sample in weighed)
        return max(-MAX_DRIFT, min(MAX_DRIFT, slope / spread)), spread**-0.5
