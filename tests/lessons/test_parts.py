"""Whose notes are the learner's, and what stands beside them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lessons.errors import InputError
from lessons.exercise import excerpt
from lessons.files import read_score, write_score
from lessons.library import shelf
from lessons.parts import choices, for_pianist, named, parts_of, playing, staves
from lessons.score import LEFT, RIGHT
from tests.lessons.scores import song_score


def places(notes):
    return notes[["onset_beat", "pitch", "hand"]].tolist()


def test_a_pianist_plays_the_piano_of_a_song_and_the_voice_stands_beside():
    song = for_pianist(song_score())
    assert set(song.notes["part"].tolist()) == {1}
    assert song.backing["pitch"].tolist() == [60, 62, 64, 65] * 4
    assert staves(song) == (1, 2, 0)


def test_the_voice_can_be_played_and_everything_again():
    song = song_score()
    voice = playing(for_pianist(song), named(song, "voice"))
    assert (voice.notes["pitch"].tolist(), len(voice.backing)) == ([60, 62, 64, 65] * 4, 12)
    assert staves(voice) == (0, 2, 2) or staves(voice) == (0, 1, 2)
    everything = playing(voice, [part.number for part in parts_of(voice)])
    assert places(everything.notes) == places(song.notes)
    assert everything.digest == song.digest


def test_what_stands_beside_is_of_the_identity_of_a_score():
    song = for_pianist(song_score())
    assert len({song.digest, song.alone.digest, song_score().digest}) == 3


def test_hands_that_a_file_gave_stay_and_those_of_a_voice_are_found():
    song = song_score()
    assert song.handless == (0,)
    piano = for_pianist(song).notes
    assert {hand: set(piano["pitch"][piano["hand"] == hand].tolist()) for hand in (LEFT, RIGHT)} == {
        LEFT: {48, 43, 45},
        RIGHT: {64, 67},
    }


@pytest.mark.parametrize("names", [("Right hand", "Left hand"), ("Piano, right hand", "Piano, left hand"), ("", "")])
def test_nobody_chooses_between_hands_or_between_parts_without_names(names):
    assert choices(replace(song_score(), part_names=names)) == ()


def test_the_choices_are_named_in_the_order_of_the_page():
    song = replace(song_score(), part_names=("Singstimme\nVoice", "Klavier"))
    assert choices(song) == (("Singstimme Voice", (0,)), ("Klavier", (1,)))
    assert named(song, "singstimme") == (0,)
    assert set(for_pianist(song).notes["part"].tolist()) == {1}


def test_parts_of_one_name_are_counted():
    assert choices(replace(song_score(), part_names=("Flute", "Flute"))) == (("Flute 1", (0,)), ("Flute 2", (1,)))


def test_the_two_hands_of_a_keyboard_are_one_choice():
    song = song_score()
    notes = song.notes.copy()
    notes["part"][(notes["part"] == 1) & (notes["hand"] == LEFT)] = 2
    song = replace(song, notes=notes, part_names=("Voice", "Harpsichord, right hand", "Harpsichord, left hand"))
    assert choices(song) == (("Voice", (0,)), ("Harpsichord", (1, 2)))
    assert set(for_pianist(song).notes["part"].tolist()) == {1, 2}


def test_who_has_no_keyboard_plays_everything():
    quartet = replace(song_score(), part_names=("Soprano", "Choir"))
    assert for_pianist(quartet) is quartet


def test_of_two_pianos_the_first_is_the_learners():
    duet = song_score()
    notes = duet.notes.copy()
    notes["part"] += 1
    second = duet.notes[duet.notes["part"] == 1].copy()
    second["part"] = 3
    duet = replace(duet, notes=np.concatenate([notes, second]), part_names=("", "Voice", "Piano I", "Piano II"))
    assert set(for_pianist(replace(duet, handless=(1,))).notes["part"].tolist()) == {2}


def test_a_part_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(InputError, match="'Tuba': the score has no such part; its parts are Voice, Piano"):
        named(song_score(), "Tuba")
    with pytest.raises(InputError, match="without notes"):
        playing(song_score(), [7])


@pytest.mark.parametrize("names", [(), ("1", "2")])
def test_where_no_part_has_a_name_that_is_said(names):
    with pytest.raises(InputError, match="'flute': no part of this score has a name"):
        named(replace(song_score(), part_names=names), "flute")


def test_an_excerpt_takes_what_stands_beside_along():
    part = excerpt(for_pianist(song_score()), 2, 3)
    assert part.backing["onset_beat"].tolist() == [float(beat) for beat in range(8)]


@pytest.mark.parametrize("ending", [".musicxml", ".mid"])
def test_a_song_is_written_and_read_with_all_its_parts(tmp_path, ending):
    song = for_pianist(song_score())
    write_score(song, tmp_path / f"song{ending}")
    read = for_pianist(read_score(tmp_path / f"song{ending}"))
    assert places(read.notes) == places(song.notes)
    assert read.backing[["onset_beat", "pitch"]].tolist() == song.backing[["onset_beat", "pitch"]].tolist()


@pytest.mark.parametrize("names", [("Voice", "Piano"), ("", "")])
def test_every_part_of_a_page_has_staves_of_its_own_and_no_note_is_lost_where_two_share_a_key(tmp_path, names):
    notes = song_score().notes.copy()
    notes["pitch"][notes["pitch"] == 67] = 60  # the voice's first key
    song = replace(song_score(), notes=notes, part_names=names)
    write_score(song, tmp_path / "song.musicxml")
    read = read_score(tmp_path / "song.musicxml")
    where = ["onset_beat", "pitch", "part"]
    assert sorted(read.notes[where].tolist()) == sorted(song.notes[where].tolist())
    assert staves(song) == (0, 3, 0)


def test_voices_keep_their_names_on_the_page(tmp_path):
    piano = song_score()
    names = ("Soprano", "Bass")
    notes = piano.notes.copy()
    notes["hand"] = np.where(notes["part"] == 0, RIGHT, LEFT)
    write_score(replace(piano, notes=notes, part_names=names), tmp_path / "two.musicxml")
    assert read_score(tmp_path / "two.musicxml").part_names == names


def test_the_pieces_of_the_library_are_for_one_player():
    for piece in shelf.pieces():
        score = piece.score()
        assert (len(score.backing), choices(score)) == (0, ()), piece.slug
