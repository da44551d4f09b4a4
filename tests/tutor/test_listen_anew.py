"""A tone struck anew is told, once and soon; one that trembles is not."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tutor.events import NoteOn
from tutor.listen.melody import MelodyListener

RATE = 44100
Sound = NDArray[np.float32]


def tone(
    pitch: float, seconds: float, attack_sec: float = 0.02, tremolo_db: float = 0.0, vibrato: float = 0.0
) -> Sound:
    """A tone that fades in and, within 20 ms, out."""
    at = np.arange(round(seconds * RATE)) / RATE
    beat = np.sin(2 * np.pi * 5.5 * at)
    phase = 2 * np.pi * np.cumsum(440 * 2 ** ((pitch + vibrato * beat - 69) / 12)) / RATE
    shape = np.minimum(1, np.minimum(at / attack_sec, (seconds - at) / 0.02)) * 10 ** (tremolo_db * beat / 40)
    return np.asarray(0.15 * shape * sum(np.sin(k * phase) / k for k in range(1, 8)), np.float32)


def begun(sound: Sound, instrument: str = "flute", block: int = 512) -> list[tuple[float, float, int]]:
    """Of each note that is told: when it began, when that was known, and its pitch."""
    listener, found = MelodyListener(RATE, instrument), []
    sound = np.concatenate([np.zeros(RATE // 5, np.float32), sound, np.zeros(RATE // 4, np.float32)])
    for start in range(0, len(sound), block):
        for event in listener.feed(sound[start : start + block]):
            if isinstance(event, NoteOn):
                found.append((event.time_sec - 0.2, (start + block) / RATE - 0.2, event.pitch))
    return found


def test_the_same_tone_four_times_is_four_notes_each_told_soon() -> None:
    told = begun(np.concatenate([tone(72, 0.4) for _ in range(4)]))
    assert [pitch for *_, pitch in told] == [72] * 4
    for number, (onset, known, _) in enumerate(told):
        assert onset == pytest.approx(0.4 * number, abs=0.04)
        assert known - onset < 0.13


@pytest.mark.parametrize(("tremolo_db", "vibrato"), [(8.0, 0.0), (0.0, 0.4), (5.0, 0.3)])
@pytest.mark.parametrize("instrument", ["flute", "violin", "voice"])
def test_a_tone_that_trembles_is_one_note(instrument: str, tremolo_db: float, vibrato: float) -> None:
    trembling = tone(72, 2.0, tremolo_db=tremolo_db, vibrato=vibrato)
    assert [pitch for *_, pitch in begun(trembling, instrument)] == [72]


def test_what_is_bowed_softly_is_dated_where_it_rises() -> None:
    told = begun(np.concatenate([tone(pitch, 0.5, attack_sec=0.09) for pitch in (67, 71, 74)]), "violin")
    assert [pitch for *_, pitch in told] == [67, 71, 74]
    for number, (onset, *_) in enumerate(told):
        assert onset == pytest.approx(0.5 * number, abs=0.04)


def test_any_size_of_block_tells_the_same() -> None:
    sound = np.concatenate([tone(pitch, 0.3) for pitch in (72, 72, 74, 74, 72, 76, 76, 77, 77, 77)])
    told = [[(round(onset, 6), pitch) for onset, _, pitch in begun(sound, block=size)] for size in (128, 512, 10**6)]
    assert told[0] == told[1] == told[2]
