"""What the coach says of bars is said by the numbers of the page; what JSON counts along the piece it also names so."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
from playing import between, composed, joined, played, with_repeats

from tutor.assess import assess
from tutor.assessing.page import show
from tutor.keeping import OffBeat
from tutor.learner import Learner
from tutor.mistakes import find_mistakes
from tutor.performance import Performance
from tutor.practice import PracticeSettings
from tutor.reasons import gaps_in_words
from tutor.review import Review, review
from tutor.step import Knob

SCORE = with_repeats(composed(3, bars=12), 4)  # |: 1-4 :| 5-12


def told(take: Performance, settings: PracticeSettings | None = None) -> Review:
    return review(SCORE, take, settings or PracticeSettings(), Learner(), datetime(2026, 3, 1, 12))


def wrong_in(first: int, last: int) -> Performance:
    """A take in which every other key of these bars, counted along the piece, is the one beside."""
    notes = played(SCORE, rng=np.random.default_rng(1)).notes.copy()
    beats = np.sort(SCORE.notes["onset_beat"])
    inside = np.flatnonzero((beats >= 4.0 * first - 4.0) & (beats < 4.0 * last))
    notes["pitch"][inside[::2]] += 1
    return Performance(notes)


def broken_off() -> Performance:
    """A take that breaks off in bar 3, second time, and goes back to where the second time begins."""
    take = played(SCORE, rng=np.random.default_rng(1))
    return joined(between(SCORE, take, 0.0, 26.0), between(SCORE, take, 16.0, 64.0), gap_sec=1.0)


def test_what_went_wrong_the_second_time_is_told_of_the_second_time():
    found = told(wrong_in(6, 7))
    assert found.report.items[0].startswith("Bar 2, second time: ")
    assert found.step.reason.startswith("Bars 2–3, second time: ")
    assert found.step.advice.startswith("Play only bars 1–3, second time, again and again, until ")
    assert (found.step.knob, found.step.settings.bars) == (Knob.LENGTH, (5, 7))


def test_what_goes_over_the_repeat_is_told_by_both_its_ends():
    assert told(wrong_in(4, 5)).step.reason.startswith("Bar 4 to bar 1, second time: ")


def test_what_is_played_once_is_told_by_its_printed_number():
    assert told(wrong_in(12, 13)).step.reason.startswith("Bars 8–9: ")


def test_a_break_is_told_by_the_bars_of_the_page():
    take = broken_off()
    mistakes = find_mistakes(SCORE, take, assess(SCORE, take))
    (found,) = [one for one in mistakes if one.kind == "restart"]
    assert found.says == "Broke off in bar 3, second time, and went back to bar 1, second time."
    said = found.as_json(SCORE)
    assert (said["bar"], said["written"], said["time"]) == (7, "3", 2)
    assert (said["to_bar"], said["to_written"], said["to_time"]) == (5, "1", 2)
    assert "you broke off and went back to bar 1, second time" in told(take).step.reason


def test_what_is_left_to_play_is_told_by_the_page():
    take = between(SCORE, played(SCORE), 0.0, 24.0)
    found = told(take)
    assert found.step.reason == "What you played went well; bars 3–12, second time, were not played."
    assert found.step.advice == "Go on from there: bars 2–10, second time."


def test_many_gaps_are_listed_so_that_each_time_belongs_to_its_bars():
    assert gaps_in_words(SCORE, [(5, 6)]) == "bars 1–2, second time, were"
    assert gaps_in_words(SCORE, [(2, 2), (5, 6)]) == "bar 2 and bars 1–2, second time, were"
    assert gaps_in_words(SCORE, [(5, 6), (9, 9)]) == "bars 1–2, second time, and bar 5 were"


def test_who_practises_bars_hears_them_named_by_the_page():
    found = told(between(SCORE, played(SCORE), 16.0, 32.0), PracticeSettings(bars=(5, 8)))
    assert found.step.reason == "Bars 1–4, second time, went without a fault."


def test_who_left_the_beat_hears_from_where_by_the_page():
    assert OffBeat(True, 6).in_words(SCORE) == "From bar 2, second time, on you were behind the beat."
    assert OffBeat(True, 6).as_json(SCORE) | {"written": "2", "time": 2} == OffBeat(True, 6).as_json(SCORE)
    assert OffBeat.from_json(OffBeat(True, 6, 0.9).as_json(SCORE)) == OffBeat(True, 6, 0.9)


def test_json_counts_along_the_piece_and_names_each_bar_beside():
    said = assess(SCORE, broken_off()).as_json()
    assert [(bar["bar"], bar["written"], bar["time"]) for bar in said["bars"][3:6]] == [
        (4, "4", 1),
        (5, "1", 2),
        (6, "2", 2),
    ]
    last = said["passes"][-1]
    assert (last["first_bar"], last["last_bar"], last["written"], last["times"]) == (5, 16, ["1", "12"], [2, 1])


def test_the_report_and_the_step_name_their_bars_beside_the_count():
    found = told(wrong_in(6, 7))
    heat = found.report.as_json()["bars"][5]
    assert (heat["bar"], heat["written"], heat["time"]) == (6, "2", 2)
    step = found.step.as_json()
    assert (step["bars"], step["written"], step["times"]) == ([6, 7], ["2", "3"], [2, 2])
    settings = step["settings"]
    assert (settings["bars"], settings["passage"]) == ([5, 7], "bars 1–3, second time")
    assert PracticeSettings.from_json(settings) == found.step.settings


def test_the_page_in_the_terminal_numbers_its_rows_as_the_page_on_paper(capsys):
    take = broken_off()
    judged = assess(SCORE, take)
    show(judged, find_mistakes(SCORE, take, judged))
    out = capsys.readouterr().out
    rows = [line.split()[0] for line in out.splitlines() if "█" in line]
    assert rows == ["1", "2", "3", "4", "1²", "2²", "3²", "4²", *map(str, range(5, 13))]
    assert "Time 1: bar 1 to bar 3, second time, " in out


@pytest.mark.parametrize("bars", [None, (5, 6)])
def test_what_the_journal_keeps_of_the_bars_counts_along_the_piece_as_ever(bars):
    settings = PracticeSettings(bars=bars)
    kept = settings.named(SCORE)
    assert {name: kept[name] for name in settings.as_json()} == settings.as_json()
    assert kept.get("passage") == (None if bars is None else "bars 1–2, second time")
