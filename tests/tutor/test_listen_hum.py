"""What counts as a hum: what sounds all the time, and never what somebody plays, however long and even."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tutor.commands.onlookers import TellOfMicrophone
from tutor.events import Lost
from tutor.listen.condition import Condition
from tutor.listen.hum import HUM_SEC, Hum, hum_words, lowest_tones
from tutor.listen.level import LOUD_ROOM, LevelMeter, SoundLevel
from tutor.synth import Renderer, soundfont_path

RATE = 16000
Sound = NDArray[np.float32]
VIOLIN, VOICE, FLUTE, ORGAN, ACCORDION = 40, 53, 73, 19, 21


def hum(hertz: float, decibels: float = -45.0, seconds: float = HUM_SEC + 2, room_db: float = -65.0) -> Sound:
    """A tone with partials, of the level of all of it, in a room that is not silent."""
    times = np.arange(round(seconds * RATE)) / RATE
    wave = sum(np.sin(2 * np.pi * hertz * k * times + k) / k for k in (1, 2, 3, 5))
    wave *= 10 ** (decibels / 20) / np.sqrt(np.mean(wave**2))
    return (wave + 10 ** (room_db / 20) * np.random.default_rng(1).standard_normal(len(times))).astype(np.float32)


def rendered(program: int, notes: list[tuple[float, int, float]], seconds: float, peak: float = 0.4) -> Sound:
    """Notes as (second, key, seconds long) of a soundfont's instrument, in a quiet room."""
    renderer = Renderer(soundfont_path(), RATE)
    renderer.program(0, program)
    sound, done = np.zeros((round(seconds * RATE), 2), np.float32), 0
    keys = [(begin, True, key) for begin, key, _ in notes] + [(begin + long, False, key) for begin, key, long in notes]
    for second, begins, key in sorted(keys):
        at = min(round(second * RATE), len(sound))
        if at > done:
            renderer.render(sound[done:at])
            done = at
        renderer.note_on(key, 90) if begins else renderer.note_off(key)
    renderer.render(sound[done:])
    mono = peak * sound.mean(axis=1) / np.abs(sound).max()
    return (mono + 1e-4 * np.random.default_rng(2).standard_normal(len(mono))).astype(np.float32)


def ever(sound: Sound) -> list[float]:
    """Every tone that is told as a hum while the sound goes by, rounded."""
    listening, told = Hum(RATE), set[float]()
    for at in range(0, len(sound), 512):
        listening.feed(sound[at : at + 512])
        told.update(round(hertz, 1) for hertz in listening.hertz)
    return sorted(told)


@pytest.mark.parametrize("hertz", [50.0, 60.0, 100.0, 120.0, 233.3, 411.0])
@pytest.mark.parametrize("decibels", [-35.0, -57.0])
def test_a_tone_that_never_ends_is_a_hum_of_its_lowest_pitch(hertz: float, decibels: float) -> None:
    assert ever(hum(hertz, decibels)) == [hertz]


def test_a_hum_that_is_too_faint_to_be_taken_for_a_note_is_none() -> None:
    assert ever(hum(100.0, -70.0, room_db=-90.0)) == []


def test_noise_is_no_hum() -> None:
    assert ever(np.random.default_rng(3).normal(0, 0.03, 20 * RATE).astype(np.float32)) == []


@pytest.mark.parametrize("program", [VIOLIN, VOICE, FLUTE, ORGAN, ACCORDION])
@pytest.mark.parametrize("key", [43, 55, 69])
def test_a_tone_that_is_held_for_ten_seconds_is_no_hum(program: int, key: int) -> None:
    assert ever(rendered(program, [(0.5, key, 10.0), (10.8, key, 10.0)], 22.0)) == []


@pytest.mark.parametrize("swing", [0.0, 0.2])
@pytest.mark.parametrize("hertz", [98.0, 100.0, 196.0, 440.0])
def test_a_tone_of_mathematics_that_is_held_for_ten_seconds_is_no_hum(hertz: float, swing: float) -> None:
    times = np.arange(10 * RATE) / RATE
    phase = 2 * np.pi * np.cumsum(hertz * 2 ** (swing / 12 * np.sin(2 * np.pi * 5 * times))) / RATE
    tone = 0.1 * np.minimum(1, np.minimum(times, 10 - times) / 0.1) * sum(np.sin(k * phase) / k for k in range(1, 8))
    pause = np.zeros(round(0.3 * RATE))
    sound = np.concatenate([pause, tone, pause, tone, pause])
    assert ever((sound + np.random.default_rng(4).normal(0, 1e-4, len(sound))).astype(np.float32)) == []


@pytest.mark.parametrize(("program", "long", "share"), [(VIOLIN, 1.0, 0.97), (FLUTE, 1.0, 0.97), (VIOLIN, 4.0, 1.0)])
def test_one_note_that_is_played_again_and_again_is_no_hum(program: int, long: float, share: float) -> None:
    rng = np.random.default_rng(program)
    notes = [(0.2 + long * place + rng.normal(0, 0.015), 55, share * long) for place in range(round(24 / long))]
    assert ever(rendered(program, notes, 25.0)) == []


def test_a_hum_is_heard_under_a_melody_and_forgotten_when_it_is_off() -> None:
    keys = np.random.default_rng(5).integers(60, 80, 60)
    played = rendered(VIOLIN, [(0.4 * place, int(key), 0.35) for place, key in enumerate(keys)], 26.0)
    listening, both = Hum(RATE), played.copy()
    both[: 20 * RATE] += hum(100.0, seconds=20.0)
    listening.feed(both[: 20 * RATE])
    assert [round(hertz) for hertz in listening.hertz] == [100]
    listening.feed(both[20 * RATE : 22 * RATE])
    assert listening.hertz == ()


def test_partials_are_no_hums_of_their_own_and_two_hums_are_two() -> None:
    assert lowest_tones({50.0: -40.0, 100.1: -35.0, 150.0: -50.0, 233.0: -45.0}) == (50.0, 233.0)
    assert lowest_tones({50.0: -60.0, 100.0: -35.0}) == (50.0, 100.0)  # who hears takes it for one of 100 Hz


@pytest.mark.parametrize(
    ("tones", "instrument", "words"),
    [
        ((100.0,), "cello", "a steady hum at 100 Hz may be taken for a note: try another cable"),
        ((59.9,), "bass guitar", "a steady hum at 60 Hz"),
        ((233.0,), "voice", "a steady tone at 233 Hz may be taken for a note: switch off what makes it"),
        ((100.0, 233.0), "flute", "a steady tone at 233 Hz"),
        ((100.0,), "violin", ""),
        ((50.0,), "piano", ""),
        ((100.0,), "piano", "a steady hum at 100 Hz"),
        ((), "voice", ""),
    ],
)
def test_only_who_could_play_it_is_told_and_what_to_do(tones: tuple[float, ...], instrument: str, words: str) -> None:
    said = hum_words(tones, instrument)
    assert said.startswith(words) and bool(said) == bool(words)


def metered(sound: Sound) -> SoundLevel:
    meter, level = LevelMeter(RATE), SoundLevel()
    for at in range(0, len(sound), 512):
        level = meter.feed(sound[at : at + 512])
    return level


def test_a_loud_hum_is_told_in_place_of_a_loud_room_and_not_where_it_clips() -> None:
    loud = metered(hum(100.0, -30.0))
    assert loud.notice == LOUD_ROOM
    assert loud.notice_for("cello").startswith("A steady hum at 100 Hz")
    assert loud.notice_for("violin") == LOUD_ROOM
    clipped = metered(np.concatenate([hum(100.0), np.ones(100, np.float32)]))
    assert "too loud" in clipped.notice_for("cello")


@pytest.mark.parametrize(("instrument", "words"), [("cello", "a steady hum at 100 Hz"), ("violin", "")])
def test_a_recording_with_a_hum_is_told_of(instrument: str, words: str) -> None:
    condition = Condition(RATE)
    list(condition.watched(np.array_split(hum(100.0), 40)))
    notices = condition.notices(instrument, [])
    assert notices[0].startswith(words) if words else notices == []


class Microphone:
    """A microphone of which only the level matters."""

    name, level = "Desk", SoundLevel()

    def close(self) -> None: ...


def test_without_the_window_each_notice_is_told_once_and_none_of_a_microphone_that_is_gone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    microphone = Microphone()
    telling = TellOfMicrophone(microphone, "cello")
    for level in (SoundLevel(), SoundLevel(hums_hertz=(100.0,)), SoundLevel(notice=LOUD_ROOM), SoundLevel()) * 2:
        microphone.level = level
        telling.ticked(0.0)
    telling.lost(Lost(0.0, "Desk"))
    microphone.level = SoundLevel(notice="It is gone.")
    telling.ticked(0.0)
    said = capsys.readouterr().err.splitlines()
    assert [line[:20] for line in said] == ["A steady hum at 100 ", LOUD_ROOM[:20]]
