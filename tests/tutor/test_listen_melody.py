import math
from collections.abc import Iterable

import numpy as np
import pytest
from numpy.typing import NDArray

from lessons.errors import InputError
from tutor.events import NoteOff, NoteOn
from tutor.listen.due import DueNote, DueNotes
from tutor.listen.melody import MelodyListener
from tutor.synth import Renderer, soundfont_path

Sound = NDArray[np.float32]
RATE = 44100
ANY_TIME = (DueNote(-math.inf, math.nan),)


def at_any_time(pitches: Iterable[int]) -> DueNotes:
    return dict.fromkeys(pitches, ANY_TIME)


def note(pitch: float, seconds: float, a4: float = 440.0, vibrato: float = 0.0) -> Sound:
    """A note with a soft beginning and end; vibrato in semitones at 5.5 Hz."""
    times = np.arange(round(seconds * RATE)) / RATE
    swing = vibrato * np.sin(2 * np.pi * 5.5 * times)
    phase = 2 * np.pi * np.cumsum(a4 * 2 ** ((pitch + swing - 69) / 12)) / RATE
    sound = sum(np.sin(k * phase) / k for k in range(1, 6))
    shape = np.minimum(1, np.minimum(times / 0.01, (seconds - times) / 0.03))
    return (0.15 * sound * shape).astype(np.float32)


def played(*notes: Sound) -> Sound:
    return np.concatenate([np.zeros(RATE // 5, np.float32), *notes, np.zeros(RATE // 4, np.float32)])


def heard(sound: Sound, instrument: str = "voice", expected: tuple[int, ...] = (), size: int = 256) -> MelodyListener:
    listener = MelodyListener(RATE, instrument)
    listener.expect(at_any_time(expected))
    for start in range(0, len(sound), size):
        listener.feed(sound[start : start + size])
    listener.finish()
    return listener


def test_a_scale_is_heard_note_by_note_in_its_time() -> None:
    scale = [60, 62, 64, 65, 67, 69, 71, 72]
    notes = heard(played(*(note(pitch, 0.25) for pitch in scale))).heard
    assert [n.pitch for n in notes] == scale
    np.testing.assert_allclose([n.onset_sec for n in notes], 0.2 + 0.25 * np.arange(8), atol=0.05)
    assert all(0.15 < n.duration_sec < 0.3 for n in notes)


def test_events_are_stamped_from_the_start_and_come_in_pairs() -> None:
    listener = MelodyListener(RATE, "flute", start_sec=100.0)
    events = listener.feed(played(note(72, 0.3), note(76, 0.3))) + listener.finish()
    assert [(type(event), event.pitch) for event in events] == [
        (NoteOn, 72),
        (NoteOff, 72),
        (NoteOn, 76),
        (NoteOff, 76),
    ]
    assert events[0].time_sec == pytest.approx(100.2, abs=0.05)
    assert all(0.5 < event.confidence <= 1 for event in events if isinstance(event, NoteOn))


def test_vibrato_is_one_note() -> None:
    assert [n.pitch for n in heard(played(note(69, 1.2, vibrato=0.45)), "violin").heard] == [69]


def sung(extent: float, pitches: tuple[int, ...], hertz: float) -> Sound:
    """Long notes one after the other, whose vibrato of so many semitones begins after a fifth of a second."""
    rng, lines = np.random.default_rng(3), []
    times = np.arange(round(1.2 * RATE)) / RATE
    for last, pitch in zip((pitches[0] - 0.7, *pitches), pitches, strict=False):
        swing = extent * np.clip((times - 0.2) / 0.3, 0, 1) * np.sin(2 * np.pi * hertz * times + rng.uniform(0, 6))
        lines.append(last + (pitch - last) / (1 + np.exp(-133 * (times - 0.03))) + swing)
    phase = 2 * np.pi * np.cumsum(440 * 2 ** ((np.concatenate(lines) - 69) / 12)) / RATE
    return played((0.12 * sum(np.sin(k * phase) / k for k in range(1, 10))).astype(np.float32))


@pytest.mark.parametrize("hertz", [4.8, 5.6, 6.4])
@pytest.mark.parametrize("extent", [0.5, 0.7])
def test_a_singers_wide_vibrato_is_one_note_and_the_semitone_beside_it_another(extent: float, hertz: float) -> None:
    assert [n.pitch for n in heard(sung(extent, (64, 65, 67, 65, 64), hertz)).heard] == [64, 65, 67, 65, 64]


def test_a_semitone_trill_of_a_voice_is_heard_note_by_note() -> None:
    trill = [64, *[65, 64] * 4]
    assert [n.pitch for n in heard(played(note(64, 0.4), *(note(p, 0.14) for p in trill[1:]))).heard] == trill


@pytest.mark.parametrize("written", [True, False])
@pytest.mark.parametrize("pitch", [64, 79, 80, 81, 82, 83])
def test_a_long_note_of_a_flute_is_one(pitch: int, written: bool) -> None:
    renderer, block = Renderer(soundfont_path(), RATE), np.zeros((2 * RATE, 2), np.float32)
    renderer.program(0, 73)
    renderer.note_on(pitch, 90)
    renderer.render(block)
    listener = MelodyListener(RATE, "flute")
    listener.expect({pitch: (), pitch - 3: ANY_TIME} if written else None)
    listener.feed(np.concatenate([np.zeros(RATE // 5), block.mean(axis=1)]).astype(np.float32))
    listener.finish()
    assert [n.pitch for n in listener.heard] == [pitch]


def test_the_same_pitch_struck_three_times_is_three_notes() -> None:
    assert [n.pitch for n in heard(played(*[note(67, 0.25)] * 3), "clarinet").heard] == [67, 67, 67]


def test_a_steady_note_that_swells_and_fades_is_one_note() -> None:
    sound = note(64, 1.5) * (0.6 + 0.4 * np.sin(2 * np.pi * np.arange(round(1.5 * RATE)) / RATE)).astype(np.float32)
    assert len(heard(played(sound)).heard) == 1


def test_an_octave_error_goes_to_where_the_score_has_the_tone() -> None:
    assert [n.pitch for n in heard(played(note(72, 0.4)), expected=(60, 64)).heard] == [60]
    assert [n.pitch for n in heard(played(note(72, 0.4)), expected=(60, 72)).heard] == [72]
    assert [n.pitch for n in heard(played(note(73, 0.4)), expected=(60, 64)).heard] == [73]


def first_heard(sound: Sound, expected: tuple[int, ...]) -> int:
    """The sample by which the first note of a flute is told."""
    listener = MelodyListener(RATE, "flute")
    listener.expect(at_any_time(expected))
    return next(start for start in range(0, len(sound), 64) if listener.feed(sound[start : start + 64]))


def test_an_expected_note_is_believed_sooner() -> None:
    sound = played(note(67, 0.4))
    assert first_heard(sound, (67,)) < first_heard(sound, ())


def test_a_murky_pitch_is_believed_later_where_no_score_is_known() -> None:
    clear = played(note(67, 0.4))
    murky = clear + np.random.default_rng(1).normal(0, 0.1, len(clear)).astype(np.float32)
    later = [first_heard(murky, expected) - first_heard(clear, expected) for expected in ((67,), ())]
    assert later[1] > later[0] + 0.01 * RATE


def test_the_tuning_of_an_instrument_is_found() -> None:
    scale = [60, 62, 64, 65, 67, 65, 64, 62] * 3
    listener = heard(played(*(note(pitch, 0.2, a4=446.0) for pitch in scale)), "clarinet")
    assert [n.pitch for n in listener.heard] == scale
    assert listener.tuning_hertz == pytest.approx(446.0, abs=1.5)
    assert abs(listener.heard[-1].cents) < 8
    assert listener.heard[0].cents == pytest.approx(23, abs=6)


def test_silence_and_noise_are_no_notes() -> None:
    noise = np.random.default_rng(2).normal(0, 0.05, RATE).astype(np.float32)
    assert heard(np.zeros(RATE, np.float32)).heard == []
    assert heard(noise).heard == []


def test_an_unknown_instrument_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"kazoo.*voice, flute"):
        MelodyListener(RATE, "kazoo")
