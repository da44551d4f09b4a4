"""The instruments that play one line: what they can sound, and how their parts are written.

A transposing instrument's part says another pitch than sounds. All pitches here are sounding ones; what a listener
tells is ``written_above`` higher, so that it can be held against the player's own part.
"""

from __future__ import annotations

from dataclasses import dataclass

from lessons.errors import InputError
from tutor.listen.pitch import hertz_of
from tutor.listen.tuning import CONCERT_HERTZ

MARGIN = 1.5  # semitones


@dataclass(frozen=True)
class Instrument:
    """Its lowest and highest sounding pitch; whether it keeps a tuning of its own, and strikes or tongues its notes.

    What is ``plucked`` rings on: none of its notes begins without a stroke. ``usual_octave``: how many semitones its
    parts mostly stand above what sounds, where a score does not say so.
    """

    lowest: int
    highest: int
    tuned: bool = True
    struck: bool = True
    written_above: int = 0
    plucked: bool = False
    usual_octave: int = 0

    def range_hertz(self, a4_hertz: float) -> tuple[float, float]:
        """The lowest and the highest frequency to look for, where A is tuned so."""
        sharp = a4_hertz / CONCERT_HERTZ
        return sharp * hertz_of(self.lowest - MARGIN), sharp * hertz_of(self.highest + MARGIN)


INSTRUMENTS = {
    "voice": Instrument(38, 84, tuned=False, struck=False),
    "flute": Instrument(58, 98),
    "recorder": Instrument(60, 100, usual_octave=-12),
    "violin": Instrument(55, 100),
    "viola": Instrument(48, 91),
    "cello": Instrument(36, 81),
    "clarinet": Instrument(50, 94),
    "oboe": Instrument(58, 93),
    "trumpet": Instrument(52, 87),
    "saxophone": Instrument(44, 88),
    "bassoon": Instrument(34, 77),
    "trombone": Instrument(34, 77),
    "tuba": Instrument(26, 67),
    "guitar": Instrument(40, 86, plucked=True, usual_octave=12),
    "double bass": Instrument(28, 67, written_above=12),
    "bass guitar": Instrument(28, 67, written_above=12, plucked=True),
    "clarinet in B flat": Instrument(50, 94, written_above=2),
    "clarinet in A": Instrument(49, 93, written_above=3),
    "trumpet in B flat": Instrument(52, 87, written_above=2),
    "horn in F": Instrument(41, 77, written_above=7),
    "soprano saxophone": Instrument(56, 88, written_above=2),
    "alto saxophone": Instrument(49, 81, written_above=9),
    "tenor saxophone": Instrument(44, 76, written_above=14),
}


def known(instrument: str) -> Instrument:
    """The instrument of a name. Raises InputError with the names that are known."""
    if instrument not in INSTRUMENTS:
        raise InputError(f"instrument '{instrument}': say one of {', '.join(INSTRUMENTS)}")
    return INSTRUMENTS[instrument]
