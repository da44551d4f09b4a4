"""What an ABC tune says arrives in the score."""

from __future__ import annotations

from pathlib import Path

import pytest
from scores import Score, heard

from lessons.files import read_score
from lessons.files.abc import parse_abc
from lessons.score import LEFT, RIGHT

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
HEAD = "X:1\nT:Small tune\nC:Trad.\n%%level 4\nM:3/4\nL:1/4\nQ:1/4=88\nK:Em\n"


def tune(body: str, head: str = HEAD) -> Score:
    return parse_abc((head + body).encode())


def test_the_header_arrives() -> None:
    score = tune("E F G|\n")
    assert (score.title, score.composer, score.level) == ("Small tune", "Trad.", 4)
    assert score.keys[["fifths", "minor"]].tolist() == [(1, True)]
    assert score.metres[["numerator", "denominator"]].tolist() == [(3, 4)]
    assert score.tempo.bpm.tolist() == [88]
    assert score.notes["pitch"].tolist() == [64, 66, 67]


@pytest.mark.parametrize("score_line", ["", "%%score {RH LH}\n", "%%staves {RH LH}\n"])
def test_voices_called_rh_and_lh_are_hands_in_one_staff_or_two(score_line: str) -> None:
    body = f"{score_line}V:RH clef=treble\nV:LH clef=bass\n[V:RH] e3|d3|\n[V:LH] g3|a3|\n"
    score = tune(body)
    assert score.notes[["pitch", "hand"]].tolist() == [(76, RIGHT), (79, LEFT), (74, RIGHT), (81, LEFT)]


@pytest.mark.parametrize("voice", ["RH", "RH1", "LH", "LH1"])
def test_a_single_voice_has_the_hand_of_its_name(voice: str) -> None:
    score = tune(f"V:{voice}\n[V:{voice}] E3|e3|\n")
    assert set(score.notes["hand"].tolist()) == {RIGHT if voice.startswith("RH") else LEFT}


def test_fingers_and_chord_symbols_arrive() -> None:
    score = tune('"Em"!1!E !3!G !5!B|"B7/D#"[B,^D]3|\n')
    assert score.notes["finger"].tolist()[:3] == [1, 3, 5]
    assert score.notes["finger_confidence"].tolist()[:3] == [1, 1, 1]
    assert score.chords[["start_beat", "end_beat", "root", "bass"]].tolist() == [(0, 3, 4, 4), (3, 6, 11, 3)]


def test_repeats_and_voltas_are_written_out() -> None:
    score = tune("B,|:E2F|[1G2A:|[2B3|]\n")
    assert score.notes["pitch"].tolist() == [59, 64, 66, 67, 69, 64, 66, 71]
    assert score.notes["onset_beat"].tolist() == [-1, 0, 2, 3, 5, 6, 8, 9]
    assert score.bars["written"].tolist() == [0, 1, 2, 1, 3]


def test_ties_broken_rhythm_triplets_and_accidentals_are_as_the_standard_says() -> None:
    score = tune("E-|E>F (3G/A/B/|^F F =F|\n")
    assert score.notes["onset_beat"].tolist() == pytest.approx([-1, 1.5, 2, 2 + 1 / 3, 2 + 2 / 3, 3, 4, 5], abs=1e-3)
    assert score.notes["pitch"].tolist()[-3:] == [66, 66, 65]


def test_only_the_first_tune_of_a_book_is_read() -> None:
    assert len(tune("E F G|\n\nX:2\nT:Other\nK:C\nCDEF GABc|\n").notes) == 3


def test_a_tune_includes_no_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret.abc"
    secret.write_text("V:RH\nCCCC|\n")
    score = tune(f"%%abc-include {secret}\nE F G|\n")
    assert len(score.notes) == 3


@pytest.mark.shared_data
@pytest.mark.skipif(not (SHARED / "boostermusic").is_dir(), reason="needs shared/data/boostermusic")
@pytest.mark.parametrize("name", ["BeginnerCourse", "BoosterMusic"])
def test_every_piece_of_a_beginners_course_is_read_with_its_hands(name: str) -> None:
    paths = sorted((SHARED / "boostermusic" / name).glob("*.abc"))
    assert paths
    for path in paths:
        score = read_score(path)
        assert heard(score)
        assert set(score.notes["hand"].tolist()) <= {LEFT, RIGHT}
        named = {name[:2] for name in score.part_names} & {"RH", "LH"}
        expected = {RIGHT if hand == "RH" else LEFT for hand in named}
        assert not named or expected == set(score.notes["hand"].tolist())


@pytest.mark.shared_data
@pytest.mark.skipif(not (SHARED / "nottingham").is_dir(), reason="needs shared/data/nottingham")
def test_folk_tunes_have_the_notes_of_their_midi_file() -> None:
    """Where neither side is in doubt: other MIDI files strike tied notes twice or play the parts in another order."""
    names = [f"jigs{number}" for number in (40, 86, 101, 190, 222, 229, 257)]
    names += ["reelsa-c61", "reelsd-g23", "waltzes38", "hpps64"]
    for name in names:
        score = read_score(SHARED / "nottingham" / "ABC" / f"{name}.abc")
        played = read_score(SHARED / "nottingham" / "MIDI" / f"{name}.mid")
        melody = played.notes[played.notes["part"] == 0]
        assert score.notes["pitch"].tolist() == melody["pitch"].tolist()
        shift = melody["onset_beat"][0] - score.notes["onset_beat"][0]
        assert (score.notes["onset_beat"] + shift).tolist() == pytest.approx(melody["onset_beat"].tolist(), abs=0.01)
