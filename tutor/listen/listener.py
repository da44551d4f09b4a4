"""Who hears which instrument live: one line of music, or the keys of a piano."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import replace

from lessons.errors import InputError
from tutor.listen.both_ears import together
from tutor.listen.clicks import Clicks
from tutor.listen.instruments import INSTRUMENTS
from tutor.listen.intonation import Intonation
from tutor.listen.kept_sound import KeptSound
from tutor.listen.live_piano import MOST_STROKES, LivePiano
from tutor.listen.octave import Octave
from tutor.listen.one_line import OneLine, See
from tutor.listen.piano import PianoListener, Stroke
from tutor.listen.playback import NowPlaying, nothing
from tutor.listen.tuning import CONCERT_HERTZ, heard_rate, known_a4
from tutor.listen.without_playback import WithoutPlayback
from tutor.performance import LENGTHS_KNOWN

PIANO = "piano"
MOST_LINES = 16  # a microphone may be opened anew so often in a take before its first notes go without a second look
LEAD_SEC = 1.0  # of sound before a take, so that its first notes are heard to begin
HEARD = (*INSTRUMENTS, PIANO)


def plays_one_line(instrument: str) -> bool:
    """Whether an instrument has but one line, so that nobody speaks of its player's hands."""
    return instrument in INSTRUMENTS


def known_instrument(name: str) -> str:
    """The instrument's own name for one that may be written otherwise. Raises InputError with the names there are."""
    own = {_plain(one): one for one in HEARD}.get(_plain(name))
    if own is None:
        raise InputError(f"instrument '{name}': say one of {', '.join(HEARD)}")
    return own


def _plain(name: str) -> str:
    """A name without capitals and hyphens, and with its flats in words: Clarinet in B♭, clarinet in b flat."""
    words = name.casefold().replace("♭", " flat").replace("-", " ")
    return " ".join(re.sub(r"\b([a-g])b\b", r"\1 flat", words).split())


class Hearing:
    """What a microphone is heard with: ``listener`` is the newest, None before the first sound.

    A microphone that was lost and comes back is heard anew; what it hears is ``late_sec`` late. Of one line,
    ``intonation`` is that of the last take, and ``octave`` the one in which it is heard; ``clicks`` is told of those
    that the program sounds. ``a4_hertz`` is what A is tuned to, None where that is found by ear. What is ``playing`` is
    taken out of what is heard. Raises InputError for an instrument that is not known.
    """

    def __init__(
        self,
        instrument: str,
        late_sec: float = 0.0,
        a4_hertz: float | None = None,
        playing: NowPlaying = nothing,
    ):
        self._a4_hertz = known_a4(a4_hertz) if a4_hertz is not None else None
        self.instrument, self._late_sec, self._playing = known_instrument(instrument), late_sec, playing
        self.listener: OneLine | LivePiano | None = None
        self.lines: tuple[OneLine, ...] = ()
        self.intonation: Intonation | None = None
        self.octave = Octave(INSTRUMENTS[instrument].usual_octave if instrument in INSTRUMENTS else 0)
        self.clicks = Clicks()
        self._since_sec = 0.0
        self._sound: KeptSound | None = None
        self._earlier: deque[Stroke] = deque(maxlen=MOST_STROKES)

    @property
    def knows_lengths(self) -> bool:
        """Whether a note is heard to end as it is let go; a piano's strings sound on."""
        return self.instrument != PIANO

    @property
    def how_heard(self) -> dict[str, bool]:
        """What the journal must know of a take that is heard so."""
        return {LENGTHS_KNOWN: self.knows_lengths}

    def listen(self, rate: int, start_sec: float, see: See = lambda _pitch, _stamp: None) -> WithoutPlayback:
        """A listener for sound of this rate whose first sample has this stamp; of one line ``see`` gets the pitch."""
        self._earlier.extend(self._latest(0.0))
        first_sec = start_sec
        self._since_sec = start_sec = start_sec - self._late_sec
        if self.instrument == PIANO:
            self._sound = KeptSound(rate)
            self.listener = LivePiano(rate, start_sec, self._sound, self._a4_hertz or CONCERT_HERTZ)
        else:
            octave, clicks = self.octave, self.clicks
            self.listener = line = OneLine(rate, self.instrument, start_sec, see, octave, self._a4_hertz, clicks)
            self.lines = (*self.lines[1 - MOST_LINES :], line)
        return WithoutPlayback(self.listener, rate, first_sec, self._playing, self._late_sec)

    def strokes(self, start_sec: float) -> list[Stroke]:
        """All strokes of a piano heard so far, hints too, in seconds from a stamp; any thread may ask."""
        earlier = [replace(stroke, onset_sec=stroke.onset_sec - start_sec) for stroke in tuple(self._earlier)]
        return earlier + self._latest(start_sec)

    def heard_again(self, start_sec: float) -> list[Stroke]:
        """The same from a stamp on with the sound that is kept heard once more, which takes its time."""
        strokes, kept = self.strokes(start_sec), self._sound
        if kept is None:
            return strokes
        first_sec, sound = kept.since(start_sec - self._since_sec - LEAD_SEC)
        told_rate = heard_rate(kept.rate, self._a4_hertz or CONCERT_HERTZ)
        again, shift = PianoListener(told_rate), self._since_sec + first_sec - start_sec
        again.feed(sound)
        clear = [stroke.stretched(told_rate / kept.rate, shift) for stroke in again.finish()]
        since = [stroke for stroke in strokes if stroke.onset_sec >= shift]
        return [stroke for stroke in strokes if stroke.onset_sec < shift] + together(clear, since)

    def _latest(self, start_sec: float) -> list[Stroke]:
        return self.listener.all_strokes(self._since_sec - start_sec) if isinstance(self.listener, LivePiano) else []
