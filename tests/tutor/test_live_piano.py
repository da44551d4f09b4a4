"""A piano heard while it is played: what is told, when, and what is heard again afterwards."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from listen_scores import scale_score
from listen_sounds import CHORDS, RATE, Sound, piano

from lessons.errors import CheckpointError, InputError
from tutor.events import Inbox, NoteOff, NoteOn
from tutor.follow import Follower
from tutor.listen import ear, ear_weights
from tutor.listen.belief import IN_CHORD, IN_TIME, SURE
from tutor.listen.due import DueNote
from tutor.listen.expecting import Expecting
from tutor.listen.kept_sound import KeptSound
from tutor.listen.listener import Hearing
from tutor.listen.live_piano import LivePiano
from tutor.listen.piano import Stroke
from tutor.performance import PLAYED_DTYPE, Performance
from tutor.practice import Hands, PracticeSettings
from tutor.session import Session
from tutor.take_time import TakeTime
from tutor.transport import Transport

BLOCK = 256
TOLD_WITHIN_SEC, TOLD_IN_THE_MEDIAN_SEC = 0.15, 0.135
ANY_TIME = (DueNote(0.0, math.nan),)
Told = list[tuple[float, NoteOn | NoteOff]]


def told(listener: LivePiano, sound: Sound, size: int = BLOCK, due: Sequence[tuple[float, int]] = ()) -> Told:
    """(seconds of sound heard so far, event); each of ``due`` is so from a moment before its onset on, and once."""
    events: Told = []
    for start in range(0, len(sound), size):
        if due:
            coming = [(onset, pitch) for onset, pitch in due if onset > start / RATE - 0.2]
            listener.expect({pitch: (DueNote(onset - 0.1, onset),) for onset, pitch in reversed(coming)})
        events += [((start + size) / RATE, event) for event in listener.feed(sound[start : start + size])]
    return events + [(len(sound) / RATE, event) for event in listener.finish()]


def keys(events: Told) -> list[int]:
    return sorted(event.pitch for _, event in events if isinstance(event, NoteOn))


def expecting(pitches: Sequence[int]) -> LivePiano:
    listener = LivePiano(RATE)
    listener.expect(dict.fromkeys(pitches, ANY_TIME))
    return listener


def test_a_key_is_told_within_150_ms_of_sound() -> None:
    events = told(LivePiano(RATE), piano(CHORDS), due=CHORDS)
    assert keys(events) == sorted(pitch for _, pitch in CHORDS)
    delays = []
    for now, event in events:
        if isinstance(event, NoteOn):
            onset = min(
                (time for time, pitch in CHORDS if pitch == event.pitch), key=lambda at: abs(at - event.time_sec)
            )
            assert abs(event.time_sec - onset) < 0.03
            delays.append(now - onset)
            assert event.confidence < 1.0
    assert max(delays) < TOLD_WITHIN_SEC
    assert np.median(delays) < TOLD_IN_THE_MEDIAN_SEC


def test_every_key_that_is_told_is_let_go_once() -> None:
    events = [event for _, event in told(expecting([60, 64]), piano([(0.3, 60), (0.8, 60), (1.4, 64)]))]
    sounding: list[int] = []
    for event in events:
        if isinstance(event, NoteOn):
            assert event.pitch not in sounding
            sounding.append(event.pitch)
        else:
            sounding.remove(event.pitch)
    assert [event.pitch for event in events if isinstance(event, NoteOn)] == [60, 60, 64]
    assert sounding == []


def test_blocks_of_any_size_are_heard_the_same() -> None:
    sound = piano(CHORDS)
    small, large = told(LivePiano(RATE), sound, 97), told(LivePiano(RATE), sound, 20_000)
    assert keys(small) == keys(large)
    np.testing.assert_allclose([e.time_sec for _, e in small], [e.time_sec for _, e in large], atol=1e-4)


@pytest.mark.parametrize("rate", [8000, 16000, 48000, 96000])
def test_any_rate_is_heard(rate: int) -> None:
    import soxr

    listener, sound = LivePiano(rate), soxr.resample(piano([(0.3, 60), (1.0, 67)]), RATE, rate)
    listener.expect({60: ANY_TIME, 67: ANY_TIME})
    events = listener.feed(sound.astype(np.float32)) + listener.finish()
    assert [event.pitch for event in events if isinstance(event, NoteOn)] == [60, 67]


def weighed(listener: LivePiano, *strokes: tuple[float, int, float]) -> list[int]:
    """The pitches told of (onset_sec, pitch, confidence)."""
    events = [
        event
        for onset, pitch, confidence in strokes
        for event in listener._weighed(Stroke(onset, 0.1, pitch, 64, confidence)) + listener._believed()
    ]
    return [event.pitch for event in events if isinstance(event, NoteOn)]


def test_a_hint_is_told_as_soon_as_the_rest_of_its_chord_is_heard() -> None:
    listener = LivePiano(RATE)
    chord = frozenset({48, 60})
    listener.expect({pitch: (DueNote(0.9, 5.0, chord - {pitch}),) for pitch in chord})
    assert weighed(listener, (1.0, 60, IN_CHORD)) == []
    assert weighed(listener, (1.01, 48, 0.9)) == [48, 60]
    assert [stroke.pitch for stroke in listener.all_strokes(0.0)].count(60) == 1


def test_a_hint_that_came_a_moment_too_soon_is_one_note_with_its_stroke() -> None:
    listener = LivePiano(RATE)
    listener.expect({60: (DueNote(0.9, 1.0),)})
    assert weighed(listener, (1.0, 60, (IN_TIME + SURE) / 2), (1.06, 60, 0.9), (1.07, 60, 0.95)) == [60]
    assert weighed(listener, (1.14, 60, 0.9)) == [60]
    (first, _) = sorted(listener.all_strokes(0.0), key=lambda stroke: stroke.onset_sec)
    assert (first.onset_sec, first.confidence) == (1.07, 0.95)


def test_hints_that_nothing_speaks_for_are_kept_for_the_second_look() -> None:
    listener = LivePiano(RATE)
    listener._frame = 1000
    assert weighed(listener, (1.0, 60, 0.01)) == []
    assert [stroke.pitch for stroke in listener._past] == [60]


def test_silence_noise_and_nothing_are_no_keys() -> None:
    noise = np.random.default_rng(0).normal(0, 0.05, 3 * RATE).astype(np.float32)
    for sound in (np.zeros(RATE, np.float32), noise, np.zeros(0, np.float32)):
        assert told(LivePiano(RATE), sound) == []


def test_clipping_and_a_lost_block_cost_no_other_key() -> None:
    sound = np.clip(3 * piano(CHORDS), -1, 1)
    sound[round(1.0 * RATE) : round(1.0 * RATE) + 512] = 0
    events = told(expecting([pitch for _, pitch in CHORDS]), sound)
    assert set(keys(events)) == {pitch for _, pitch in CHORDS}


def test_what_the_program_sounds_itself_is_not_told() -> None:
    sound = piano([(0.3, 48), (0.9, 72)])
    listener = expecting([72])
    listener.discount([48])
    assert keys(told(listener, sound)) == [72]
    assert keys(told(expecting([72]), sound)) == [48, 72]


def test_the_other_hand_is_what_the_program_sounds() -> None:
    score, hearing = scale_score(), Hearing("piano")
    hearing.listen(RATE, 0.0)
    settings = PracticeSettings(hands=Hands.RIGHT, accompany=True)
    sink = Expecting(score, hearing, 0.0, settings)
    sink.moved(Transport.at(score.tempo, 0.0, 0.0), ())
    sink.ticked(0.05)
    assert isinstance(hearing.listener, LivePiano)
    assert hearing.listener._own == {48}


def test_an_unknown_instrument_is_refused() -> None:
    with pytest.raises(InputError, match="kazoo"):
        Hearing("kazoo")


def played(pitches: Sequence[int]) -> Sound:
    """One hand's notes from half a second on, two a second."""
    return piano([(0.5 + 0.5 * place, pitch) for place, pitch in enumerate(pitches)])


def heard_live(hearing: Hearing, sound: Sound, sink: Expecting, inbox: Inbox) -> None:
    listener = hearing.listen(RATE, 0.0)
    sink.ticked(0.0)
    for start in range(0, len(sound), BLOCK):
        for event in listener.feed(sound[start : start + BLOCK]):
            inbox.put(event)
    for event in listener.finish():
        inbox.put(event)
    inbox.put(None)


def test_a_session_keeps_the_take_as_it_is_heard_again() -> None:
    score, hearing, inbox = scale_score(left=False), Hearing("piano"), Inbox()
    pitches = score.notes["pitch"].tolist()
    sink = Expecting(score, hearing, 0.0)
    heard_live(hearing, played([*pitches[:4], 68, *pitches[5:]]), sink, inbox)
    session = Session(score, Follower(score), inbox, [sink], clock=None, hindsight=sink.hindsight)
    performance = session.run().performance
    assert performance.notes["pitch"].tolist() == [*pitches[:4], 68, *pitches[5:]]
    assert not performance.lengths_known


def test_the_second_look_finds_what_was_too_faint_to_be_told() -> None:
    score, hearing = scale_score(left=False), Hearing("piano")
    pitches, sink = score.notes["pitch"].tolist(), Expecting(score, hearing, 0.0)
    listener = hearing.listen(RATE, 100.0)
    for event in told(listener, played(pitches)):
        assert event
    missing = np.array([(0.5 + 0.5 * n, 0.4, p, 70) for n, p in enumerate(pitches) if n != 3], PLAYED_DTYPE)
    again = sink.hindsight(Performance(missing), TakeTime(100.0))
    assert again.notes["pitch"].tolist() == pitches


def test_a_second_look_that_fails_leaves_the_take(caplog: pytest.LogCaptureFixture) -> None:
    def fails(_take: Performance, _start: float) -> Performance:
        raise ValueError("no")

    score, inbox = scale_score(left=False), Inbox()
    inbox.put(NoteOn(0.5, 60))
    inbox.put(None)
    take = Session(score, Follower(score), inbox, clock=None, hindsight=fails).run()
    assert take.performance.notes["pitch"].tolist() == [60]
    assert "second look failed" in caplog.text
    caplog.clear()


def test_a_microphone_that_came_back_has_not_forgotten_what_was_heard_before() -> None:
    hearing = Hearing("piano")
    first = hearing.listen(RATE, 10.0)
    first.feed(piano([(0.3, 60)]))
    first.finish()
    second = hearing.listen(RATE, 20.0)
    second.feed(piano([(0.3, 64)]))
    second.finish()
    found = [(stroke.pitch, round(stroke.onset_sec, 1)) for stroke in hearing.strokes(10.0) if stroke.confidence > 0.5]
    assert found == [(60, 0.3), (64, 10.3)]


def test_the_sums_of_the_network_are_those_that_it_was_taught_with() -> None:
    torch = pytest.importorskip("torch")
    from models.hearing import EarNetwork, EarShape, parts

    torch.manual_seed(1)
    network = EarNetwork(EarShape(late=ear.LATE, fall=ear.FALL, quietest=ear.QUIETEST, softest=ear.SOFTEST)).eval()
    torch.nn.init.normal_(network.say.weight)
    for norm in (network.first_norm, network.second_norm, network.gather_norm):
        torch.nn.init.uniform_(norm.running_mean, -0.1, 0.1)
        torch.nn.init.uniform_(norm.running_var, 0.5, 1.5)
    torch.nn.init.normal_(network.key, std=0.1)
    frames = np.random.default_rng(1).normal(-1, 1, (40, 3, ear.BINS)).astype(np.float32)
    with torch.no_grad():
        wanted = network(torch.from_numpy(frames)[None])[0].numpy()
    level, heard = ear.Level(), ear.Network(parts(network))
    said = np.concatenate([heard.feed(level.feed(some)) for some in np.split(frames, [1, 2, 9, 30])])
    logits = np.log(said[..., : ear.FORCE]) - np.log1p(-said[..., : ear.FORCE])
    np.testing.assert_allclose(logits, wanted[..., : ear.FORCE], atol=1e-3)
    np.testing.assert_allclose(said[..., ear.FORCE], np.clip(wanted[..., ear.FORCE], 0, 1), atol=1e-4)


def test_damaged_weights_are_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ear_weights, "FOLDER", tmp_path)
    ear_weights.weights.cache_clear()
    try:
        with pytest.raises(CheckpointError, match="must be one"):
            LivePiano(RATE)
        (tmp_path / "ear-00000000.safetensors").write_bytes(b"nothing")
        with pytest.raises(CheckpointError, match="damaged"):
            LivePiano(RATE)
    finally:
        ear_weights.weights.cache_clear()


def test_the_sound_of_the_last_minutes_is_kept_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.listen.kept_sound.KEPT_SEC", 2.0)
    kept = KeptSound(1000)
    for second in range(5):
        kept.add(np.full(1000, second / 10, np.float32))
    first_sec, sound = kept.since(3.5)
    assert (first_sec, len(sound)) == (3.0, 2000)
    np.testing.assert_allclose(sound[[0, -1]], [0.3, 0.4], atol=1e-4)
    assert kept.since(0.0)[0] == 3.0
    assert len(kept.since(9.0)[1]) == 0
