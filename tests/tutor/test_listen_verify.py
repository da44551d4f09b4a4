"""What is believed of a recording where the score is known: hints of written notes, and strays."""

from __future__ import annotations

from listen_scores import scale_score

from tutor.assess import assess
from tutor.listen.piano import Stroke
from tutor.listen.verify import heard_again, performance_of, verified

SCORE = scale_score()  # 60 62 64 65 67 69 71 72 over 48 and 43
ROWS = [(0.5 + 0.5 * float(row["onset_beat"]), int(row["pitch"])) for row in SCORE.notes]
Strays = tuple[tuple[float, int, float], ...]


def told(but: tuple[int, int] | None = None, hint: float = 0.0, strays: Strays = ()) -> tuple[int, int]:
    """(written notes that were hit, extra and wrong ones), all heard plainly but for this (beat, pitch) as a hint."""
    beat, pitch = but or (-1, -1)
    sure = {(0.5 + 0.5 * beat, pitch): hint}
    heard = [Stroke(time, 0.4, key, 70, sure.get((time, key), 0.99)) for time, key in ROWS]
    heard += [Stroke(time, 0.1, key, 50, likely) for time, key, likely in strays]
    found = verified(SCORE, [stroke for stroke in heard if stroke.confidence]).summary()
    return found["hit"], found["extra"] + found["wrong"]


def test_a_hint_where_a_note_is_due_confirms_it_and_elsewhere_it_is_nothing() -> None:
    assert told((5, 69), 0.1) == (10, 0)
    assert told((5, 69)) == (9, 0)
    assert told(strays=((1.2, 90, 0.1),)) == (10, 0)


def test_a_hint_is_not_believed_where_a_key_beside_it_was_struck() -> None:
    assert told((5, 69), 0.4, strays=((3.0, 70, 0.99),)) == (9, 1)
    assert told((5, 69), 0.4, strays=((2.8, 70, 0.99),)) == (10, 1)


def test_a_hint_under_its_octave_must_be_plainer() -> None:
    assert told((0, 48), 0.05) == (9, 0)
    assert told((0, 48), 0.15) == (10, 0)


def test_a_slip_is_believed_sooner_than_a_stray() -> None:
    assert told((5, 69), strays=((3.0, 70, 0.6),)) == (9, 1)
    assert told(strays=((2.75, 70, 0.6),)) == (10, 0)
    assert told(strays=((2.75, 70, 0.85),)) == (10, 1)


def test_what_may_be_an_octave_that_only_resounds_must_be_almost_certain() -> None:
    assert told(strays=((0.5, 72, 0.95),)) == (10, 0)
    assert told(strays=((0.5, 72, 0.98),)) == (10, 1)


def test_what_is_heard_long_before_the_first_right_note_or_after_the_last_is_left_out() -> None:
    later = [Stroke(time + 10, 0.4, key, 70, 0.99) for time, key in ROWS]
    talk = [Stroke(time, 0.1, 90, 50, 0.99) for time in (2.0, 3.0, 8.0, 17.0, 18.0)]
    assert verified(SCORE, [*talk, *later]).summary()["extra"] == 0
    near = [Stroke(time, 0.1, 90, 50, 0.99) for time in (9.0, 15.5)]
    assert verified(SCORE, [*near, *later]).summary()["extra"] == 2


def told_again(pitch: int, live: bool) -> int:
    """How many notes were hit after the second look, where one is a faint hint, which was told ``live`` or not."""
    heard = [Stroke(time, 0.4, key, 70, 0.004 if key == pitch else 0.99) for time, key in ROWS]
    at_once = [stroke for stroke in heard if live or stroke.pitch != pitch]
    return assess(SCORE, heard_again(SCORE, heard, performance_of(at_once))).summary()["hit"]


def test_what_was_told_live_stands_on_any_hint_but_under_its_octave() -> None:
    assert (told_again(69, live=True), told_again(69, live=False)) == (10, 9)
    assert (told_again(48, live=True), told_again(48, live=False)) == (9, 9)
