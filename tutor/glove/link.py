"""The thread that owns a glove: a `Conversation` between a serial line and the program's wishes.

Every method returns at once; wishes and received bytes cross one queue, and the link's own thread is the only one that
writes. A second thread does nothing but wait for bytes. A line that is refused or lost is tried again twice a second,
and touch comes back by itself while the lesson runs.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from queue import Empty, SimpleQueue

from lessons.errors import DeviceError
from tutor.commands.parts import SerialLine
from tutor.glove import limits
from tutor.glove.conversation import Conversation
from tutor.glove.cue_book import IMMEDIATE, Planned
from tutor.glove.messages import StopAll
from tutor.glove.protocol import Frame, FrameReader, encode
from tutor.glove.settings import LinkSettings
from tutor.glove.state import WITHOUT_TOUCH, GloveState

REOPEN_SEC = 0.5
CLOSE_SEC = 2.0
FRAME_SEC = 0.002
"""How long a frame takes at 115200 baud: waiting so long for its rest saves waking up for each byte."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Felt:
    """A cue was felt: its motors were on from ``on_sec`` to ``off_sec`` of the host's clock."""

    on_sec: float
    off_sec: float


@dataclass(frozen=True)
class _Received:
    line: SerialLine
    frames: list[tuple[Frame, float]]


@dataclass(frozen=True)
class _Gone:
    line: SerialLine
    reason: str


_Wish = Callable[[Conversation, float], None]


class GloveLink:
    """A glove on a serial line. Times are seconds of ``clock``; ``on_felt`` is called on the link's thread."""

    def __init__(
        self,
        open_line: Callable[[], SerialLine],
        clock: Callable[[], float] = time.perf_counter,
        settings: LinkSettings | None = None,
        name: str = "glove",
        on_felt: Callable[[Felt], None] | None = None,
    ):
        self._open_line = open_line
        self._clock = clock
        self._settings = settings or LinkSettings()
        self._on_felt = on_felt
        self._inbox: SimpleQueue[_Wish | _Received | _Gone | None] = SimpleQueue()
        nonce = int.from_bytes(os.urandom(4), "little") | 1
        self._conversation = Conversation(self._settings, name, nonce)
        self._line: SerialLine | None = None
        self._reopen_at = clock()
        self._thread = threading.Thread(target=self._serve, name=f"glove {name}", daemon=True)
        self._thread.start()

    @property
    def state(self) -> GloveState:
        """How the glove is now, as a frozen snapshot."""
        return self._conversation.state

    @property
    def settings(self) -> LinkSettings:
        """How the glove is used."""
        return self._settings

    def use(self, settings: LinkSettings) -> None:
        """Use the glove otherwise from now on: strength, lead, calibrated onsets."""
        self._settings = settings
        self._inbox.put(lambda conversation, now: conversation.use(settings, now))

    def arm(self) -> None:
        """Allow touch, now and after any interruption, until `stop`."""
        self._inbox.put(lambda conversation, now: conversation.arm(now))

    def cue(
        self,
        fingers: Sequence[int],
        at_sec: float | None = None,
        intensity: int | None = None,
        duration_ms: int | None = None,
    ) -> None:
        """Let the skin feel these actuators at a host time, or as soon as can be. What comes too late is dropped."""
        if not fingers:
            return
        level = limits.FULL_LEVEL if intensity is None else max(1, min(intensity, limits.FULL_LEVEL))
        length_ms = limits.CUE_MS if duration_ms is None else duration_ms
        place = IMMEDIATE if at_sec is None else at_sec
        for own, together in self._settings.levels(fingers, level).items():
            self._plan(Planned(place, 0, together, own, length_ms, self._clock()))

    def rhythm(self, fingers: Sequence[int], at_sec: Sequence[float], intensity: int | None = None) -> None:
        """Let the skin feel short pulses at these host times; the glove itself keeps the time between them."""
        if not fingers or not at_sec:
            return
        level = limits.FULL_LEVEL if intensity is None else max(1, min(intensity, limits.FULL_LEVEL))
        moments_ms = [round((moment - at_sec[0]) * 1000) for moment in at_sec]  # gaps rounded one by one would drift
        gaps_ms = tuple(after - before for before, after in pairwise(moments_ms))
        for own, together in self._settings.levels(fingers, level).items():
            self._plan(Planned(at_sec[0], 0, together, own, limits.RHYTHM_MS, self._clock(), gaps_ms))

    def _plan(self, planned: Planned) -> None:
        self._inbox.put(lambda conversation, _now: conversation.cue(planned))

    def cancel(self, from_sec: float) -> None:
        """Forget what the skin would feel from a host time on: a new tempo, a loop, a pause."""
        self._inbox.put(lambda conversation, now: conversation.cancel(from_sec, now))

    def clear_fault(self) -> None:
        """Tell the glove that a person has looked after its fault."""
        self._inbox.put(lambda conversation, now: conversation.clear_fault(now))

    def stop(self) -> None:
        """Everything off, said twice and read back (``state.stop_verified``), until `arm`."""
        self._inbox.put(lambda conversation, now: conversation.stop(now))

    def close(self) -> None:
        """Stop, and give the line back; waits two seconds at most."""
        self.stop()
        self._inbox.put(None)
        self._thread.join(CLOSE_SEC)

    # -- the link's own thread ---------------------------------------------------------------------------------------

    def _serve(self) -> None:
        try:
            while self._turn():
                pass
            self._say_goodbye()
        except Exception:
            log.exception("the link to the glove ended")
            self._conversation.lost(f"The link to the glove has failed{WITHOUT_TOUCH}.")
        finally:
            if not self._conversation.state.stop_verified:
                self._say_last_stop()
            if self._line:
                self._line.close()

    def _turn(self) -> bool:
        now = self._clock()
        if self._line is None and now >= self._reopen_at:
            self._open(now)
        try:
            item = self._inbox.get(timeout=max(0.0, self._conversation.next_sec(now) - now))
        except Empty:
            item = _nothing
        while item is not None:
            self._take(item)
            if self._inbox.empty():
                self._do_due()
                return True
            item = self._inbox.get()
        return False

    def _take(self, item: _Wish | _Received | _Gone) -> None:
        if isinstance(item, _Gone):
            if item.line is self._line:
                self._lose(item.reason)
        elif isinstance(item, _Received):
            for frame, at_sec in item.frames if item.line is self._line else ():
                self._conversation.heard(frame, at_sec)
        else:
            item(self._conversation, self._clock())

    def _do_due(self) -> None:
        self._conversation.tick(self._clock())
        output = self._conversation.take_output()
        if output and self._line:
            try:
                self._line.write(output)
            except DeviceError as error:
                self._lose(str(error))
        done = self._conversation.take_done()
        if self._on_felt:
            for each in done:
                on_sec, off_sec = (self._conversation.host_sec(time) for time in (each.on_time, each.off_time))
                self._on_felt(Felt(on_sec, off_sec))

    def _open(self, now: float) -> None:
        try:
            self._line = self._open_line()
        except DeviceError as error:
            self._conversation.lost(f"{error}{WITHOUT_TOUCH}")
            self._reopen_at = now + REOPEN_SEC
            return
        self._conversation.opened(self._clock())
        threading.Thread(target=self._listen, args=(self._line,), name="glove ear", daemon=True).start()

    def _lose(self, reason: str) -> None:
        if self._line:
            self._line.close()
        self._line = None
        self._reopen_at = self._clock() + REOPEN_SEC
        self._conversation.lost(f"{reason}{WITHOUT_TOUCH}")

    def _say_goodbye(self) -> None:
        """Serve until the stop is read back, then be done."""
        end = self._clock() + CLOSE_SEC / 2
        while self._line and self._conversation.state.stop_verified is None and self._clock() < end:
            if not self._conversation.state.connected:
                return
            self._turn()

    def _say_last_stop(self) -> None:
        """Say the stop at least, where nobody can be asked any more whether it was heard."""
        if self._line:
            with suppress(DeviceError):
                self._line.write(b"\0" + encode(StopAll(), 0) + encode(StopAll(), 1))

    def _listen(self, line: SerialLine) -> None:
        """Wait for frames. The first of a piece is stamped with the time of its first byte: the glove spoke then."""
        reader, begun = FrameReader(), None
        try:
            while self._line is line:
                received, now = line.read(), self._clock()
                frames = [(frame, now) for frame in reader.feed(received)]
                if frames and begun is not None:
                    frames[0] = (frames[0][0], begun)
                if frames:
                    self._inbox.put(_Received(line, frames))
                    begun = None
                if reader.midway:
                    begun = now if begun is None else begun
                    time.sleep(FRAME_SEC)
        except DeviceError as error:
            self._inbox.put(_Gone(line, str(error)))


def _nothing(_conversation: Conversation, _now: float) -> None:
    """Stand for a turn without a wish."""
