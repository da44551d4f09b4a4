"""The second look at one line: whole phrases are decided at once."""

import numpy as np
import pytest
from numpy.typing import NDArray

from lessons.errors import InputError
from tutor.listen.instruments import known
from tutor.listen.melody import HeardNote
from tutor.listen.note_path import stretches
from tutor.listen.onset_ear import LAGS, Row
from tutor.listen.onset_frames import HOPS
from tutor.listen.phrase import Phrase
from tutor.listen.pitch import Pitch, hertz_of
from tutor.listen.second_look import SecondLook
from tutor.synth import Renderer, soundfont_path

Sound = NDArray[np.float32]
RATE = 44100
HOP_SEC = 0.004


def sung(*line: tuple[float, float], glide_sec: float = 0.06, vibrato: float = 0.0, a4: float = 440.0) -> Sound:
    """(pitch, seconds) joined by glides; vibrato in semitones at 5.5 Hz."""
    pitches = np.concatenate([np.full(round(seconds * RATE), pitch) for pitch, seconds in line])
    smooth = np.hanning(round(glide_sec * RATE))
    padded = np.pad(pitches, len(smooth), "edge")
    pitches = np.convolve(padded, smooth / smooth.sum(), "same")[len(smooth) : -len(smooth)]
    pitches = pitches + vibrato * np.sin(2 * np.pi * 5.5 * np.arange(len(pitches)) / RATE)
    phase = 2 * np.pi * np.cumsum(a4 * 2 ** ((pitches - 69) / 12)) / RATE
    wave = sum(np.sin(k * phase) / k for k in range(1, 8))
    edge = np.minimum(1, np.minimum(np.arange(len(wave)), np.arange(len(wave))[::-1]) / (0.01 * RATE))
    return (0.15 * wave * edge).astype(np.float32)


def silence(seconds: float) -> Sound:
    return np.zeros(round(seconds * RATE), np.float32)


def looked(*parts: Sound, instrument: str = "voice", size: int = RATE, rate: int = RATE) -> SecondLook:
    look, sound = SecondLook(rate, instrument), np.concatenate([silence(0.2), *parts, silence(0.3)])
    for start in range(0, len(sound), size):
        look.feed(sound[start : start + size])
    return look


def heard(*parts: Sound, instrument: str = "voice", size: int = RATE) -> list[HeardNote]:
    return looked(*parts, instrument=instrument, size=size).finish()


def test_a_scoop_into_a_note_is_one_note() -> None:
    (note,) = heard(sung((58.6, 0.06), (60.0, 0.6), glide_sec=0.1))
    assert note.pitch == 60
    assert abs(note.cents) < 15


def test_a_deep_vibrato_is_one_note() -> None:
    assert [note.pitch for note in heard(sung((64, 1.5), vibrato=0.6))] == [64]


def test_no_voice_leaps_two_octaves_and_back_in_a_moment_but_a_violin_may() -> None:
    line = sung((57, 0.5), (81, 0.15), (57, 0.5), glide_sec=0.01)
    assert 81 not in [note.pitch for note in heard(line)]
    assert 81 in [note.pitch for note in heard(line, instrument="violin")]


def test_a_glide_between_two_notes_is_shared_in_its_middle() -> None:
    first, second = heard(sung((57, 0.5), (61, 0.5), glide_sec=0.16))
    assert (first.pitch, second.pitch) == (57, 61)
    assert second.onset_sec == pytest.approx(0.7, abs=0.03)


def test_the_same_pitch_after_a_consonant_is_a_new_note() -> None:
    hiss = np.random.default_rng(3).normal(0, 0.01, round(0.08 * RATE)).astype(np.float32)
    notes = heard(sung((62, 0.4)), hiss, sung((62, 0.4)))
    assert [note.pitch for note in notes] == [62, 62]
    assert notes[1].onset_sec == pytest.approx(0.68, abs=0.03)


def test_a_tongued_repeat_of_a_clarinet_is_a_new_note_and_a_swell_is_not() -> None:
    softly = np.concatenate([sung((67, 0.3)), silence(0.015), sung((67, 0.3)), silence(0.015), sung((70, 0.3))])
    assert [note.pitch for note in heard(softly, instrument="clarinet")] == [67, 67, 70]
    swell = sung((67, 1.2)) * (0.6 + 0.4 * np.sin(2 * np.pi * np.arange(round(1.2 * RATE)) / RATE)).astype(np.float32)
    assert [note.pitch for note in heard(swell, sung((70, 0.3)), instrument="clarinet")] == [67, 70]


def test_a_tuning_is_found_from_the_whole_recording_and_taken_off_the_cents() -> None:
    look = looked(sung(*[(pitch, 0.25) for pitch in (60, 62, 64, 65, 67, 65)], a4=446.0), instrument="flute")
    notes = look.finish()
    assert look.tuning_hertz == pytest.approx(446.0, abs=0.7)
    assert all(abs(note.cents) < 8 for note in notes)
    assert [note.pitch for note in notes] == [60, 62, 64, 65, 67, 65]


def test_any_size_of_block_gives_the_same_notes() -> None:
    line = sung((60, 0.3), (64, 0.3), (62, 0.3))
    whole = heard(line, instrument="flute")
    assert [(n.pitch, round(n.onset_sec, 3)) for n in heard(line, instrument="flute", size=177)] == [
        (n.pitch, round(n.onset_sec, 3)) for n in whole
    ]


def test_what_was_decided_is_let_go_at_each_silence() -> None:
    look = looked(*[part for _ in range(5) for part in (sung((60, 0.4), (63, 0.4)), silence(0.8))])
    assert len(look._pitches) * look._hop_sec < 1.5
    assert len(look._likely) * look._hop_sec < 1.5
    assert [note.pitch for note in look.finish()] == [60, 63] * 5


def test_silence_and_noise_are_no_notes() -> None:
    noise = np.random.default_rng(2).normal(0, 0.05, RATE).astype(np.float32)
    assert heard(silence(1.0)) == []
    assert heard(noise) == []


def test_an_unknown_instrument_is_refused() -> None:
    with pytest.raises(InputError, match="kazoo"):
        SecondLook(RATE, "kazoo")


def test_a_line_without_pitch_has_no_notes() -> None:
    assert stretches(np.full(100, np.nan), HOP_SEC) == []


def test_a_short_slip_of_the_pitch_is_passed_over() -> None:
    line = np.full(200, 64.0)
    line[100:104] = 76.0
    (one,) = stretches(line, HOP_SEC)
    assert (one.begin, one.place) == (0, 64.0)


def by_soundfont(notes: list[tuple[float, int, float]], program: int, noise_db: float | None = None) -> Sound:
    """(onset in seconds, pitch, seconds) by an instrument of the soundfont, perhaps in white noise so far below it."""
    renderer, place, parts = Renderer(soundfont_path(), RATE), 0.0, []
    renderer.program(0, program)

    def until(second: float) -> None:
        nonlocal place
        block = np.zeros((round((second - place) * RATE), 2), np.float32)
        renderer.render(block)
        parts.append(block.mean(axis=1))
        place = second

    for onset, pitch, length in notes:
        until(onset)
        renderer.note_on(pitch, 85)
        until(onset + length)
        renderer.note_off(pitch)
    until(place + 0.4)
    sound = np.concatenate(parts)
    if noise_db is not None:
        noise = np.random.default_rng(1).normal(0, np.sqrt(np.mean(sound**2)), len(sound))
        sound = sound + 10 ** (-noise_db / 20) * noise
    return np.asarray(sound, np.float32)


@pytest.mark.parametrize("pitch", [62, 65, 72, 77, 78, 79, 83, 84])
def test_a_flute_that_holds_a_note_does_not_strike_it_anew(pitch: int) -> None:
    notes = [(0.2, 70, 0.38), (0.6, pitch, 1.56), (2.2, 70, 0.38)]
    assert [note.pitch for note in heard(by_soundfont(notes, 73), instrument="flute")] == [70, pitch, 70]


def test_a_flute_that_strikes_a_note_anew_is_heard_to_do_so() -> None:
    notes = [(0.2, 72, 0.36), (0.6, 72, 0.36), (1.0, 72, 0.36), (1.4, 74, 0.36)]
    assert [note.pitch for note in heard(by_soundfont(notes, 73), instrument="flute")] == [72, 72, 72, 74]


def test_a_tone_under_which_the_last_one_rings_is_dated_where_it_was_struck() -> None:
    notes = [(0.2, 71, 0.38), (0.6, 69, 0.76), (1.4, 70, 0.38)]
    told = heard(by_soundfont(notes, 73, noise_db=15), instrument="flute")
    assert [note.pitch for note in told] == [71, 69, 70]
    assert [note.onset_sec - 0.2 for note in told] == pytest.approx([0.2, 0.6, 1.4], abs=0.05)


def swelling(pitch: float, seconds: float, rise_sec: float) -> Sound:
    """A tone that takes a while to its full level, as a bow does, and as long to leave it."""
    tone = sung((pitch, seconds))
    at = np.arange(len(tone)) / RATE
    return (tone * np.minimum(1, np.minimum(at, at[::-1]) / rise_sec) ** 2).astype(np.float32)


def test_a_soft_beginning_is_dated_where_it_rises_not_where_it_is_loudest() -> None:
    (note,) = heard(swelling(48, 0.8, 0.2), instrument="cello")
    assert note.onset_sec == pytest.approx(0.2, abs=0.016)


def plucked(pitch: float, seconds: float, decay_sec: float) -> Sound:
    at = np.arange(round(seconds * RATE)) / RATE
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    wave = sum(np.sin(2 * np.pi * k * hertz * at) * np.exp(-at * (1 + k / 4) / decay_sec) / k for k in range(1, 8))
    return (0.2 * wave * np.minimum(1, at / 0.003)).astype(np.float32)


def test_a_string_that_is_heard_again_once_another_has_died_away_was_not_plucked_again() -> None:
    sound = np.zeros(round(2.6 * RATE), np.float32)
    for at_sec, pitch, decay_sec, loudness in ((0.0, 45, 2.0, 0.15), (0.5, 59, 0.12, 1.0)):
        tone = loudness * plucked(pitch, 2.6 - at_sec, decay_sec)
        sound[round(at_sec * RATE) :] += tone[: len(sound) - round(at_sec * RATE)]
    assert [note.pitch for note in heard(sound, instrument="guitar")] == [45, 59]


def test_a_tone_that_is_heard_an_octave_low_at_first_was_struck_once() -> None:
    hops, low = 120, 17
    look = SecondLook(RATE, "saxophone")
    place = np.where(np.arange(hops) < low, 68.0, 80.0)
    pitches = [Pitch(HOP_SEC * (hop + 1), hertz_of(where), 0.95, -20.0) for hop, where in enumerate(place.tolist())]
    rows = struck(4, hops // HOPS)
    look.hear(pitches, rows)
    assert [note.pitch for note in look.finish()] == [80]


def struck(frame: int, frames: int) -> list[Row]:
    """What the ear for beginnings says of one beginning."""
    likely = np.maximum(0, 1 - np.abs(np.arange(frames) - frame) / 3)
    return [np.array([likely[now - lag] if now >= lag else 0.0 for lag in LAGS], np.float32) for now in range(frames)]


def test_what_was_asked_for_in_between_takes_nothing_from_what_comes_after() -> None:
    line = np.concatenate([silence(0.2), sung((60, 0.5)), silence(0.3), sung((64, 0.5), (67, 0.5)), silence(0.3)])
    look, middle = SecondLook(RATE, "clarinet"), round(0.9 * RATE)
    look.feed(line[:middle])
    assert [note.pitch for note in look.finish()] == [60]
    look.feed(line[middle:])
    notes = look.finish()
    assert [note.pitch for note in notes] == [60, 64, 67]
    assert [note.onset_sec for note in notes] == pytest.approx([0.2, 1.0, 1.5], abs=0.03)


def test_the_last_note_is_heard_to_its_end() -> None:
    look = SecondLook(RATE, "clarinet")
    look.feed(np.concatenate([silence(0.2), sung((60, 0.5), (64, 0.12))]))
    assert [note.pitch for note in look.finish()] == [60, 64]


def overblown(struck: tuple[float, ...]) -> list[int]:
    """The notes of a clarinet that sounds 86 for a tenth of a second and then 78, struck at these moments."""
    places = np.where(np.arange(250) < 25, np.nan, np.where(np.arange(250) < 55, 86.5, 78.0))
    pitches = [
        Pitch(0.004 * (hop + 1), 0.0 if np.isnan(place) else float(hertz_of(place)), 0.99, -20.0)
        for hop, place in enumerate(places)
    ]
    likely = np.zeros(len(pitches) // HOPS)
    for second in struck:
        likely[round(second / 0.004 / HOPS) :][:3] = 1.0
    return [round(tone.place) for tone in Phrase(pitches, likely, 0.004, known("clarinet")).tones()]


def test_an_attack_that_overblows_is_one_with_its_tone() -> None:
    assert overblown((0.08,)) == [78]
    assert overblown((0.08, 0.2)) == [86, 78]


def swaying(period_sec: float, strike: bool) -> Phrase:
    """Three seconds of a flute whose level sways by 3 dB, or falls slowly and leaps back, as often."""
    turns = np.arange(750) * 0.004 / period_sec
    levels = -20 - 3 * (turns % 1) if strike else -21.5 + 1.5 * np.cos(2 * np.pi * turns)
    pitches = [Pitch(0.004 * (hop + 1), 880.0, 0.99, float(level)) for hop, level in enumerate(levels)]
    return Phrase(pitches, np.zeros(len(pitches) // HOPS), 0.004, known("flute"))


def test_even_beginnings_are_a_flutter_where_the_level_sways_and_strikes_where_it_leaps() -> None:
    even = [(1.0 + 0.17 * number, 0.9) for number in range(5)]
    shallow, deep, deepest = [1.5] * 5, [3.0] * 5, [6.0] * 5
    flutter, struck = swaying(0.17, strike=False), swaying(0.17, strike=True)
    assert flutter._without_trembling(even, shallow) == flutter._without_trembling(even, deep) == []
    assert len(flutter._without_trembling(even, deepest)) == 5
    assert len(struck._without_trembling(even, shallow)) == len(struck._without_trembling(even, deep)) == 5


def test_few_or_uneven_beginnings_are_no_flutter_where_the_level_leaps() -> None:
    phrase = swaying(0.17, strike=True)
    assert len(phrase._without_trembling([(1.02, 0.9), (1.19, 0.9)], [3.0, 3.0])) == 2
    assert len(phrase._without_trembling([(1.02, 0.9)], [1.5])) == 1
    assert len(phrase._without_trembling([(1.02, 0.99), (1.7, 0.99)], [1.5, 1.5])) == 2
    uneven = [(at_sec, 0.9) for at_sec in (1.0, 1.15, 1.4, 1.55, 1.75)]
    assert len(phrase._without_trembling(uneven, [3.0] * 5)) == 5


def test_a_shallow_dip_is_no_beginning_where_the_level_only_sways() -> None:
    phrase = swaying(0.17, strike=False)
    assert phrase._without_trembling([(1.0, 0.99), (1.6, 0.99)], [1.5, 3.0]) == []
    assert len(phrase._without_trembling([(1.0, 0.99)], [6.0])) == 1


def hummed(dip: float, seconds: float) -> Phrase:
    """Three seconds of a voice on one pitch that dips by so many dB at 1.5 s, and comes back within so long."""
    back = np.clip((np.arange(750) * 0.004 - 1.5) / seconds, 0, 1)
    levels = np.where(np.arange(750) < 360, -20.0, -20 - dip * (1 - back))
    pitches = [Pitch(0.004 * (hop + 1), 220.0, 0.99, float(level)) for hop, level in enumerate(levels)]
    likely = np.zeros(len(pitches) // HOPS)
    likely[373 // HOPS : 383 // HOPS] = 1.0
    return Phrase(pitches, likely, 0.004, known("voice"))


def test_a_voice_sings_the_same_pitch_again_where_a_soft_consonant_is_beyond_doubt() -> None:
    assert len(hummed(4.0, 0.02).tones()) == 2
    assert len(hummed(2.0, 0.02).tones()) == 1
    assert len(hummed(4.0, 0.4).tones()) == 1


def test_what_is_not_likely_only_says_that_there_is_a_flutter() -> None:
    hints = [(1.0, 0.4), (1.17, 0.9), (1.34, 0.4), (1.51, 0.4)]
    assert swaying(0.17, strike=False)._without_trembling(hints, [3.0] * 4) == []
    assert len(swaying(0.17, strike=True)._without_trembling(hints, [3.0] * 4)) == 1
