"""What others play stays beside an answer that it fits, and is left out, with a word, where it does not."""

from __future__ import annotations

from dataclasses import replace

from lessons.analogy import OTHERS_LEFT_OUT, Analogy, Measures, Variation
from lessons.beside import clashes, goes_on_beside
from lessons.parts import for_pianist
from lessons.score import Score
from tests.lessons.scores import song_score

MEASURES = Measures(1.0, 1.0, 1.0, 1.0, 0.0)


def moved(song: Score, semitones: int) -> Score:
    notes = song.notes.copy()
    notes["pitch"] += semitones
    return song.with_notes(notes)


def test_a_singer_goes_on_beside_an_answer_in_the_same_harmony() -> None:
    song = for_pianist(song_score())
    assert goes_on_beside(song, moved(song, 12))
    kept = Variation(moved(song, 12), Analogy(song), MEASURES, "rules")
    assert (len(kept.score.backing), kept.notices) == (len(song.backing), ())


def test_beside_another_harmony_or_other_bars_the_singer_is_left_out_and_that_is_said() -> None:
    song = for_pianist(song_score())
    assert clashes(song.backing, moved(song, 1).notes) >= 0.5
    longer = song.bars.copy()
    longer["start_beat"][1:] += 1
    for answer in (moved(song, 1), replace(song, bars=longer)):
        left = Variation(answer, Analogy(song), MEASURES, "rules", ("Another word.",))
        assert (len(left.score.backing), left.notices) == (0, ("Another word.", OTHERS_LEFT_OUT))
        assert replace(left, score=left.score).notices == left.notices
    assert not OTHERS_LEFT_OUT.endswith(".")  # whoever tells it ends the sentence


def test_a_transposing_part_is_held_against_what_sounds() -> None:
    song = for_pianist(song_score())
    above = moved(song, 2)
    assert clashes(song.backing, above.notes, 2) == clashes(song.backing, song.notes)


def test_of_a_piece_without_others_nothing_is_said() -> None:
    song = song_score().alone
    assert Variation(moved(song, 1), Analogy(song), MEASURES, "rules").notices == ()
