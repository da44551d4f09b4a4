"""What makes two scores the same piece, whatever is guessed about them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scores import song_score, two_hand_score

from lessons import fingering
from lessons.assignment import as_played
from lessons.files.midi import parse_midi
from lessons.files.midi_writer import midi_bytes
from lessons.files.musicxml_writer import musicxml_bytes
from lessons.fingering import with_fingers
from lessons.hands import with_hands
from lessons.identity import is_former
from lessons.library import shelf
from lessons.parts import for_pianist
from lessons.score import LEFT, RIGHT, UNKNOWN_HAND
from lessons.timing import TempoMap


@pytest.fixture
def score():
    return two_hand_score()


def changed(score, row: int = 0, **fields):
    notes = score.notes.copy()
    for name, value in fields.items():
        notes[name][row] = value
    return score.with_notes(notes)


def test_another_guess_of_fingers_or_hands_makes_no_other_piece(score, monkeypatch):
    bare = changed(score, slice(None), hand=UNKNOWN_HAND, finger=0, finger_confidence=0)
    as_now = with_fingers(with_hands(bare))
    monkeypatch.setattr(fingering, "_WEAK", {1: 9.0, 2: 0.0, 3: 0.0, 4: 0.0, 5: 0.0})
    as_then = with_fingers(changed(as_now, slice(None), finger=0, finger_confidence=0))
    assert as_then.notes["finger"].tolist() != as_now.notes["finger"].tolist()
    assert as_then.former_digest != as_now.former_digest
    assert as_then.digest == as_now.digest == bare.digest
    assert changed(as_now, hand=LEFT).digest == changed(as_now, hand=RIGHT).digest


@pytest.mark.parametrize(
    "change",
    [{"pitch": 63}, {"onset_beat": -0.5}, {"duration_beat": 0.5}, {"grace": True}],
    ids=lambda said: next(iter(said)),
)
def test_what_sounds_otherwise_is_another_piece(score, change):
    assert changed(score, **change).digest != score.digest


def test_other_bars_another_metre_another_tempo_and_company_make_another_piece(score):
    bars, metres = score.bars.copy(), score.metres.copy()
    bars["end_beat"][-1] += 1
    metres["numerator"] = 6
    others = (
        replace(score, bars=bars),
        replace(score, metres=metres),
        replace(score, tempo=TempoMap.of([(0.0, 93.0)])),
        replace(score, backing=score.notes[:1]),
    )
    assert len({score.digest, *(other.digest for other in others)}) == 5


def test_voices_that_a_file_names_in_another_order_make_no_other_piece(score):
    twice = np.concatenate([score.notes, score.notes[3:4]])
    twice["duration_beat"][-1] *= 2
    assert score.with_notes(twice).digest == score.with_notes(twice[::-1]).digest


@pytest.mark.parametrize("slug", ["ode-to-joy", "mozart-theme-a"])
def test_a_piece_of_the_shelf_is_the_same_when_it_is_written_and_read_again(slug):
    piece = with_fingers(shelf.load(slug))
    read = as_played(musicxml_bytes(piece, transposing=True), "")
    assert read.former_digest != piece.former_digest
    assert read.digest == piece.digest


def test_a_song_and_a_midi_file_are_the_same_when_they_are_written_and_read_again():
    song = for_pianist(as_played(musicxml_bytes(song_score(), transposing=True), ""))
    assert as_played(musicxml_bytes(song, transposing=True), "").digest == song.digest
    recorded = parse_midi(midi_bytes(two_hand_score()))
    assert as_played(musicxml_bytes(recorded, transposing=True), "").digest == recorded.digest


def test_former_identities_can_be_told_from_those_of_today(score):
    assert (is_former(score.former_digest), is_former(score.digest)) == (True, False)


def test_an_identity_stays_what_journals_have_of_it(score):
    assert score.digest == "2-d0094b0d5ea57111"
