"""The host's side of HGP/1 as a pure machine: commands, frames and the time go in, bytes and a state come out.

It greets a glove, learns its clock, arms it while a lesson runs, keeps its lease, plans cues, sends each a little
before it is due, asks again where an answer is missing, drops what is stale, and says in plain words what is wrong.
Times are seconds of the host's clock; `link.GloveLink` brings the thread, the clock and the line.
"""

from __future__ import annotations

from dataclasses import replace

from tutor.glove import limits
from tutor.glove.aim import Aim
from tutor.glove.arming import REARM_SEC, Arming
from tutor.glove.clock_sync import ClockSync
from tutor.glove.codes import VERSION, Capability, Code, EventCode, Key
from tutor.glove.courier import Courier
from tutor.glove.cue_book import Planned
from tutor.glove.greeting import Greeting, newer_words
from tutor.glove.heartbeat import PING_SEC, UNANSWERED_SEC, Heartbeat
from tutor.glove.limits import Sitting
from tutor.glove.messages import (
    Ack,
    Arm,
    ClearFault,
    Done,
    Event,
    Hello,
    Message,
    Nack,
    Pong,
    Set,
    Status,
    StopAll,
    Unreadable,
)
from tutor.glove.own_words import how, who
from tutor.glove.postbox import Postbox
from tutor.glove.protocol import Frame
from tutor.glove.settings import LinkSettings
from tutor.glove.state import EVENT_WORDS, WITHOUT_TOUCH, GloveState
from tutor.glove.stopping import Stopping

NO_SUCH_HAND = "This glove has no motors for the other hand; its cues are left out."
NOT_CLEARED = "The fault cannot be cleared yet: its cause is still there."
NOT_NOW = "the glove allows no touch now: it is off the hand, its battery is low, or the hand must rest."


class Conversation:
    """One glove, from its first HELLO on. The owner calls it from one thread only."""

    def __init__(self, settings: LinkSettings, name: str = "", nonce: int = 1):
        self.settings = settings
        self._state = GloveState(name=name)
        self._felt = 0
        self._post = Postbox()
        self._courier = Courier(self._post, Aim(settings))
        self._stopping = Stopping(self._post, self._courier, self._stop_told)
        self._nonce = nonce
        self._done: list[Done] = []
        self._arming = Arming(self._post, self._allowed)
        self._sitting = Sitting(settings.child)
        self._step_at: float | None = None
        self._hello: Hello | None = None
        self._forget_line()

    def _forget_line(self) -> None:
        self._open = False
        self._greeted = False
        self._post.forget()
        self._heart = Heartbeat(self._post)
        self._greeting = Greeting(self._post, self._nonce)
        self._arming.wait_until(0.0)
        self._courier.forget()
        self._stopping.forget()

    @property
    def state(self) -> GloveState:
        """How the glove is; may be read from any thread."""
        return replace(self._state, counts=self._courier.counts(self._felt))

    # -- what the owner calls ----------------------------------------------------------------------------------------

    def opened(self, now: float) -> None:
        """The line is open: greet."""
        self._forget_line()
        self._open = True
        self._greeting = Greeting(self._post, self._nonce, now)
        self._show(error="")

    def lost(self, reason: str) -> None:
        """The line is gone; cues go on being planned, and are dropped as they become stale."""
        self._forget_line()
        self._show(connected=False, armed=False, error=reason, rtt_ms=None, offset_sec=None, outputs=0)

    def heard(self, frame: Frame, now: float) -> None:
        """Take one frame from the glove."""
        if isinstance(frame.message, Hello):
            self._meet(frame.message, now)
        elif frame.version > VERSION:
            self._trouble(newer_words(frame.version))
        elif self._greeted:
            self._take(frame.message, now)

    def _take(self, message: Message | Unreadable, now: float) -> None:
        match message:
            case Pong() as pong:
                self._take_pong(pong, now)
            case Ack() as ack:
                self._post.take_ack(ack, now)
            case Nack() as nack:
                self._take_nack(nack, now)
            case Status() as status:
                self._take_status(status, now)
            case Event() as event:
                self._take_event(event)
            case Done() as done:
                self._felt += 1
                self._done.append(done)

    def tick(self, now: float) -> None:
        """Do what is due."""
        self._keep_limits(now)
        self._courier.book.drop_stale(now)
        if not self._open:
            return
        if not self._greeted:
            self._greet(now)
            return
        self._ping(now)
        self._post.ask_again(now, self._patience_sec)
        self._rearm(now)
        self._stopping.read_back(now)
        if self._state.armed and not self._courier.send_due(now, self._sync):
            self._show(notice=NO_SUCH_HAND)

    def next_sec(self, now: float) -> float:
        """When `tick` has something to do next."""
        times = [now + PING_SEC, self._courier.next_sec]
        if self._open and not self._greeted:
            times.append(self._greeting.next_sec)
        if self._greeted:
            times += [self._heart.next_sec, self._post.next_sec(self._patience_sec)]
            if self._stopping.next_sec is not None:
                times.append(self._stopping.next_sec)
        return max(now, min(times))

    def take_output(self) -> bytes:
        """The bytes to write since the last call; they start with a zero, so that they are read after any noise."""
        return self._post.take_output()

    def take_done(self) -> list[Done]:
        """The cues that were felt since the last call."""
        done, self._done = self._done, []
        return done

    def host_sec(self, device_us: int) -> float:
        """The host time of a device time near now."""
        return self._sync.host_sec(device_us)

    # -- commands ----------------------------------------------------------------------------------------------------

    def arm(self, now: float) -> None:
        """A lesson begins: touch is allowed, now and after any interruption, until `stop`."""
        self._arming.begin(self._hello.uid if self._hello and self._greeted else 0, now)
        self._show(stop_verified=None)

    def stop(self, now: float) -> None:
        """The lesson ends: everything off, said twice and read back."""
        self._arming.end()
        self._courier.book.clear()
        self._stopping.begin()
        self._show(stop_verified=None)
        if self._greeted:
            self._stopping.say(now)

    def cue(self, planned: Planned) -> None:
        """Plan a touch."""
        self._courier.book.plan(planned)

    def cancel(self, from_sec: float, now: float) -> None:
        """Forget what the skin would feel from a time on, here and in the glove."""
        self._courier.cancel(from_sec, now, self._sync if self._greeted and self._sync.ready else None)

    def clear_fault(self, now: float) -> None:
        """Tell the glove that a person has looked after its fault."""
        if self._hello and self._greeted:
            self._post.say(ClearFault(self._hello.uid & 0xFFFF_FFFF), now, then=self._fault_answered)

    def _fault_answered(self, _now: float, ack: Ack | None) -> None:
        self._show(notice="" if ack is not None else NOT_CLEARED)

    def use(self, settings: LinkSettings, now: float) -> None:
        """Go on with other settings; a stronger or weaker limit is told to the glove at once."""
        self.settings = settings
        self._sitting.child = settings.child
        self._courier.aim = self._aim(self._hello) if self._hello is not None else Aim(settings)
        if self._greeted:
            self._post.say(Set(Key.CHILD, int(settings.child)), now)
            self._arming.wait_until(now)
            self._show(armed=False)

    # -- greeting ----------------------------------------------------------------------------------------------------

    def _greet(self, now: float) -> None:
        if self._greeting.say(now):
            self._trouble("nothing there speaks as a glove does; touch waits for one.")

    def _meet(self, hello: Hello, now: float) -> None:
        if objection := self._greeting.objection(hello):
            self._trouble(objection)
            return
        if hello.nonce == 0:
            self._meet_again(now)
        elif not self._greeted:
            self._accept(hello, now)

    def _accept(self, hello: Hello, now: float) -> None:
        self._hello, self._greeted = hello, True
        self._heart = Heartbeat(self._post, now)
        self._show(connected=True, armed=False, error=self._other_glove(hello), notice="", **who(hello))
        self._courier.aim = self._aim(hello)
        if self.settings.child:
            self._post.say(Set(Key.CHILD, 1), now)
        if self._stopping.rounds:
            self._stopping.say(now)

    def _meet_again(self, now: float) -> None:
        """The glove has started anew by itself: greet it as if it had just been plugged in."""
        self._forget_line()
        self._open, self._greeting = True, Greeting(self._post, self._nonce, now)
        self._show(connected=False, armed=False)

    def _aim(self, hello: Hello) -> Aim:
        compensates = bool(hello.capabilities & Capability.COMPENSATES_ONSET)
        return Aim(self.settings, self._state.onset_ms, self._state.hands, compensates)

    def _other_glove(self, hello: Hello) -> str:
        if self._arming.is_other(hello.uid):
            return f"{self._state.name}: this is another glove than before; switch touch on again to use it."
        return ""

    # -- clock and lease ---------------------------------------------------------------------------------------------

    def _ping(self, now: float) -> None:
        if self._heart.is_silent(now):
            self._meet_again(now)
            self._trouble(f"the glove does not answer{WITHOUT_TOUCH}.")
        else:
            self._heart.beat(now)

    def _take_pong(self, pong: Pong, now: float) -> None:
        if not self._heart.answered(pong, now):
            self._planned_anew(now)
        self._show(rtt_ms=self._sync.rtt_sec * 1e3, offset_sec=self._sync.offset_sec(now))

    @property
    def _sync(self) -> ClockSync:
        return self._heart.sync

    def _planned_anew(self, now: float) -> None:
        """A clock has jumped: what the glove has planned is planned for the wrong time."""
        if self._state.armed:
            self._post.say(StopAll(), now)
            self._show(armed=False)

    def _rearm(self, now: float) -> None:
        may_not = self._state.faults or self._sitting.resting or self._stopping.under_way
        if not (self._state.armed or may_not) and self._sync.ready:
            self._arming.ask(self._hello.uid if self._hello else 0, self.settings, now)

    def _allowed(self) -> None:
        self._show(armed=self._arming.wanted, resting=False, error="")

    def _keep_limits(self, now: float) -> None:
        if self._step_at is None or now - self._step_at > limits.REST_SEC:
            self._step_at = now
        while now >= self._step_at:
            self._step_at += limits.PURSE_STEP_MS / 1000
            self._courier.book.fill_purses()
            if self._sitting.step(self._state.armed):
                self._show(armed=False, resting=True, error=EVENT_WORDS[EventCode.REST_DUE])
                if self._greeted:
                    self._post.say(StopAll(), now)

    # -- answers -----------------------------------------------------------------------------------------------------

    def _take_nack(self, nack: Nack, now: float) -> None:
        waiting = self._post.take_nack(nack)
        if nack.code == Code.NOT_ARMED:
            self._show(armed=False)
        if waiting is not None and isinstance(waiting.message, Arm):
            self._arming.wait_until(now + UNANSWERED_SEC)
            if nack.code == Code.LIMITED:
                self._trouble(NOT_NOW, armed=False, resting=True)
        if waiting is not None and waiting.then:
            waiting.then(now, None)

    def _take_status(self, status: Status, now: float) -> None:
        said = how(status, self._state)
        if self._state.armed and not said["armed"]:
            self._arming.wait_until(now + REARM_SEC / 2)
        self._show(**said)

    def _take_event(self, event: Event) -> None:
        words = EVENT_WORDS.get(EventCode(event.code)) if event.code in list(EventCode) else None
        if words and (event.code != EventCode.LEASE_LAPSED or self._arming.wanted):
            self._show(error=words, armed=False)

    @property
    def _patience_sec(self) -> float:
        return max(0.04, 3 * self._sync.rtt_sec)

    def _stop_told(self, verified: bool | None) -> None:
        match verified:
            case None:
                self._show(armed=False)
            case True:
                self._show(stop_verified=True, outputs=0)
            case False:
                self._trouble("the glove did not confirm its stop; unplug it.", stop_verified=False)

    # -- saying ------------------------------------------------------------------------------------------------------

    def _trouble(self, reason: str, **changes: object) -> None:
        self._show(error=f"{self._state.name}: {reason}", **changes)

    def _show(self, **changes: object) -> None:
        self._state = replace(self._state, **changes)  # type: ignore[arg-type]
