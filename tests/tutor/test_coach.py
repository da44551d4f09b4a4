"""The coach names the worst passage and the feature that failed, and turns one knob at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.analogy import Feature, Measures, Variation
from lessons.errors import CheckpointError, ComposerError
from lessons.library.shelf import pieces
from lessons.progress import unheard
from lessons.score import even_bars
from tutor.analogue import donors_for, exercise
from tutor.assessing.mistake import Degree
from tutor.coach import failed_feature, next_step, worst_passage
from tutor.evidence import BarEvidence, Evidence
from tutor.fading import GuidedPass
from tutor.faults import Fault
from tutor.ladder import ladder
from tutor.learner import Attempt, Learner
from tutor.practice import Hands, Mode, PracticeSettings
from tutor.reasons import fault_in_words, in_times, praise, reason
from tutor.report import report
from tutor.step import Knob

DAY = datetime(2026, 3, 1, 12)
SLOWLY = {"tempo_ratio": 0.5, "mode": Mode.KEEP_TEMPO}


def bar(number: int, hit: int = 5, **counts) -> BarEvidence:
    return BarEvidence(number, hit, **counts)


def early(number: int, times: int, hand: str = "right") -> BarEvidence:
    """A bar whose notes were right and came early."""
    faults = tuple(Fault("early", number, 4.0 * (number - 1) + beat, hand) for beat in range(times))
    return BarEvidence(number, 5, faults=faults)


def wrong(number: int, times: int, hand: str = "right") -> BarEvidence:
    faults = tuple(Fault("wrong", number, 4.0 * (number - 1) + beat, hand) for beat in range(times))
    return BarEvidence(number, 5 - times, wrong=times, faults=faults)


def take(*bars: BarEvidence) -> Evidence:
    return Evidence(bars)


def learner_of(score, evidence, settings, times: int = 1) -> Learner:
    attempt = Attempt(score.digest, score.title, settings, evidence, len(score.bars), DAY)
    return Learner().after_all([attempt] * times)


def step_after(score, evidence, settings=None, times: int = 1, library=()):
    settings = settings or PracticeSettings()
    return next_step(score, evidence, learner_of(score, evidence, settings, times), settings, library)


def test_the_worst_passage_is_the_hottest_bar_with_its_warm_neighbours():
    assert worst_passage(take(bar(1), wrong(2, 2), wrong(3, 4), bar(4))) == (2, 3)


def test_a_cool_neighbour_does_not_belong_to_the_passage():
    assert worst_passage(take(bar(1), wrong(2, 1), wrong(3, 4), bar(4))) == (3, 3)


def test_a_passage_has_at_most_four_bars():
    first, last = worst_passage(take(*[wrong(number, 3) for number in range(1, 9)]))
    assert last - first == 3


def test_one_isolated_slip_in_a_clean_take_is_no_passage():
    assert worst_passage(take(*[bar(number) for number in range(1, 6)], wrong(6, 1))) is None


@given(st.lists(st.integers(0, 5), min_size=1, max_size=20))
def test_no_bar_is_graver_than_the_worst_passage(faults):
    evidence = take(*[wrong(number + 1, times) for number, times in enumerate(faults)])
    found = worst_passage(evidence)
    if found is not None:
        gravest = max(bar.gravity for bar in evidence.bars)
        assert sum(bar.gravity for bar in evidence.within(*found).bars) >= gravest


def test_bars_in_a_row_that_go_wrong_are_worse_than_one_short_bar_that_does():
    short = BarEvidence(20, 1, missed=2, faults=tuple(Fault("missing", 20, 76.0 + beat) for beat in range(2)))
    evidence = take(*[wrong(number, 2) for number in range(5, 9)], bar(9), short)
    assert max(evidence.bars, key=lambda bar: bar.gravity) is short
    assert worst_passage(evidence) == (5, 8)


def test_the_feature_that_failed_most_often_is_named():
    assert failed_feature(take(early(1, 3), wrong(2, 1))) is Feature.RHYTHM
    assert failed_feature(take(early(1, 1), wrong(2, 2))) is Feature.PITCH
    assert failed_feature(take(BarEvidence(1, 5, faults=(Fault("hands apart", 1, 0.0),)))) is Feature.TEXTURE


def octaves(number: int, times: int, hand: str = "right") -> BarEvidence:
    faults = tuple(Fault("octave", number, 4.0 * (number - 1) + beat, hand) for beat in range(times))
    return BarEvidence(number, 5 - times, wrong=times, faults=faults)


def test_a_hand_in_another_octave_is_moved_and_nothing_is_drilled(steps):
    step = step_after(steps, take(*[octaves(number, 4) for number in (1, 2, 3)]))
    assert step.reason == "The notes were right but an octave off: your right hand lay too high or too low."
    assert (step.bars, step.analogy) == (None, None)
    assert step_after(steps, take(octaves(1, 1), bar(2), bar(3))).reason.startswith("Bar 1: notes were right but")


def test_who_grew_faster_is_sent_to_the_metronome_and_not_praised_for_the_beat(steps):
    rushed = take(bar(1), BarEvidence(2, 5, faults=(Fault("rushing", 2, 4.0),)), bar(3))
    step = step_after(steps, rushed)
    assert step.reason == "The notes were right, but you grew faster and faster."
    assert step.settings.metronome
    assert praise(steps, replace(rushed, bars=(wrong(1, 1), *rushed.bars[1:]))) != "The rhythm was steady throughout."


def test_what_was_not_played_comes_next(steps):
    step = step_after(steps, replace(take(bar(1), bar(2)), unplayed=(3, 4)))
    assert step.reason == "What you played went well; bars 3–4 were not played."
    assert step.settings.bars == (2, 4)


def test_bars_outside_of_what_was_practised_are_not_missed(steps):
    settings = PracticeSettings(bars=(1, 2))
    assert (
        step_after(steps, replace(take(bar(1), bar(2)), unplayed=(3, 4)), settings).advice
        == "Put it back: play the whole piece."
    )


def test_the_reason_names_place_fault_times_and_what_was_right(steps):
    evidence = take(bar(1), early(2, 4), bar(3))
    step = step_after(steps, evidence)
    assert step.reason == "Bar 2: the quarter notes came early four times; the notes were right."
    assert (step.bars, step.context, step.feature) == ((2, 2), (1, 2), Feature.RHYTHM)


def test_a_dotted_rhythm_is_called_by_its_name(steps):
    notes = steps.notes[steps.notes["hand"] == 1].copy()
    notes["onset_beat"][1::2] += 0.5
    dotted = steps.with_notes(notes)
    faults = [Fault("early", 1, 0.0), Fault("early", 1, 2.0)]
    assert fault_in_words(dotted, faults) == "the dotted rhythm came early twice"


def test_wrong_notes_are_said_to_have_the_right_rhythm(steps):
    assert reason(steps, (2, 3), take(wrong(2, 2), wrong(3, 1)), Feature.PITCH) == (
        "Bars 2–3: three wrong notes were struck; the rhythm was right."
    )


def test_notes_are_counted_where_each_is_another_one_and_times_where_it_is_one_note_again(steps):
    others = [Fault("missing", 2, beat) for beat in (4.0, 5.0, 6.0)]
    again = [Fault("missing", 2, 4.0, pass_index=times) for times in range(3)]
    assert fault_in_words(steps, others) == "three notes were left out"
    assert fault_in_words(steps, again) == "a note was left out three times"
    assert fault_in_words(steps, others[:1]) == "a note was left out once"
    of_chords = [replace(fault, meant=Feature.CHORDS) for fault in (*others, others[0])]
    assert fault_in_words(steps, of_chords) == "four notes of chords were left out"
    assert fault_in_words(steps, [of_chords[0], of_chords[-1]]) == "two notes of a chord were left out"


def test_a_long_take_is_first_made_shorter(steps):
    step = step_after(steps, take(bar(1), bar(2), wrong(3, 3), bar(4)))
    assert step.knob is Knob.LENGTH
    assert step.settings == replace(PracticeSettings(), bars=(2, 3), loop=True)


def test_then_the_failing_hand_plays_alone(steps):
    settings = PracticeSettings(bars=(2, 3), loop=True)
    step = step_after(steps, take(wrong(2, 3), wrong(3, 3)), settings)
    assert (step.knob, step.settings) == (Knob.HANDS, replace(settings, hands=Hands.RIGHT))


def test_then_the_tempo_goes_down_but_only_after_two_failed_attempts(steps):
    settings = PracticeSettings(bars=(2, 3), loop=True, hands=Hands.RIGHT)
    evidence = take(wrong(2, 3), wrong(3, 3))
    assert step_after(steps, evidence, settings, times=1).knob is Knob.NOTHING
    step = step_after(steps, evidence, settings, times=2)
    assert (step.knob, step.settings.tempo_ratio) == (Knob.TEMPO, 0.91)


def test_at_the_slowest_tempo_guidance_goes_up_and_then_an_analogue_is_tried(steps):
    settings = PracticeSettings(bars=(2, 3), hands=Hands.RIGHT, tempo_ratio=0.5, guidance=3, fade=False)
    evidence = take(wrong(2, 3), wrong(3, 3))
    assert step_after(steps, evidence, settings, times=2).settings.guidance == 4
    assert step_after(steps, evidence, replace(settings, guidance=4), times=2).knob is Knob.ANALOGUE


def test_within_the_success_band_nothing_changes(steps):
    settings = PracticeSettings(bars=(2, 3), hands=Hands.RIGHT)
    step = step_after(steps, take(bar(1), wrong(2, 2), bar(3)), settings, times=3)
    assert (step.knob, step.settings) == (Knob.NOTHING, settings)


def test_exactly_one_setting_changes_with_each_step(steps):
    evidences = [
        take(*[bar(number) for number in (1, 2, 3)]),
        take(wrong(2, 3), wrong(3, 3)),
        take(bar(1), early(2, 4)),
    ]
    ways = [
        PracticeSettings(bars=bars, hands=hands, tempo_ratio=ratio, guidance=guidance, loop=bars is not None)
        for bars in (None, (1, 2))
        for hands in (Hands.BOTH, Hands.LEFT)
        for ratio in (1.0, 0.7)
        for guidance in (0, 4)
    ]
    for settings in ways:
        for evidence in evidences:
            for times in (1, 2, 3):
                step = step_after(steps, evidence, settings, times)
                before, after = settings.as_json(), step.settings.as_json()
                changed = {name for name in before if before[name] != after[name]} - {"loop"}
                assert len(changed) == (0 if step.knob in (Knob.NOTHING, Knob.ANALOGUE) else 1), (settings, evidence)


def test_the_ladder_climbs_after_two_clean_and_falls_after_two_failed():
    assert ladder(0.8, clean=1, failed=0) == 0.8
    assert ladder(0.8, clean=2, failed=0) == pytest.approx(0.84)
    assert ladder(0.8, clean=0, failed=1) == 0.8
    assert ladder(0.8, clean=0, failed=2) == pytest.approx(0.728)


@given(st.floats(0.5, 1.0), st.lists(st.booleans(), max_size=30))
def test_the_ladder_stays_between_half_and_the_written_tempo(ratio, outcomes):
    for went_well in outcomes:
        ratio = ladder(ratio, 2 * went_well, 2 * (not went_well))
        assert 0.5 <= ratio <= 1.0


def test_clean_rounds_climb_then_join_the_hands_then_put_the_passage_back(steps):
    settings = PracticeSettings(bars=(2, 3), loop=True, hands=Hands.LEFT, tempo_ratio=0.97)
    clean = take(bar(2), bar(3))
    faster = step_after(steps, clean, settings, times=2)
    assert (faster.knob, faster.settings.tempo_ratio) == (Knob.TEMPO, 1.0)
    together = step_after(steps, clean, replace(settings, tempo_ratio=1.0), times=3)
    assert together.settings.hands is Hands.BOTH
    whole = step_after(steps, clean, replace(settings, tempo_ratio=1.0, hands=Hands.BOTH), times=3)
    assert (whole.knob, whole.settings.bars, whole.settings.loop) == (Knob.LENGTH, None, False)


def test_a_passage_is_put_back_after_three_clean_rounds_in_a_row_and_not_before(steps):
    settings = PracticeSettings(bars=(2, 3), loop=True)

    def after(*rounds: float):
        return step_after(steps, replace(take(bar(2), bar(3)), rounds=rounds), settings)

    assert after(1.0).advice == "Go on: the last one right, and with three in a row it is put back."
    assert after(1.0, 1.0).advice.startswith("Go on: the last two right")
    assert after(1.0, 1.0, 0.7).advice.startswith("Go on: the last one not right yet")
    assert after(1.0, 1.0, 0.96).settings.bars is None


def test_what_went_wrong_before_three_clean_rounds_is_over(steps):
    settings = PracticeSettings(bars=(2, 3), loop=True)
    at_first = replace(take(wrong(2, 3), bar(3, 15)), rounds=(0.4, 1.0, 1.0, 1.0))
    found = step_after(steps, at_first, settings)
    assert (found.knob, found.reason) == (Knob.LENGTH, "Bars 2–3 went right 3 times in a row.")
    assert step_after(steps, replace(at_first, rounds=(0.4, 1.0, 1.0)), settings).bars == (2, 2)


def test_where_it_does_not_fade_by_itself_guidance_goes_down_after_three_clean_attempts(steps):
    clean, steady = take(bar(1), bar(2), bar(3)), PracticeSettings(fade=False)
    assert step_after(steps, clean, steady, times=2).settings.guidance == 4
    assert step_after(steps, clean, steady, times=3).settings.guidance == 3
    assert step_after(steps, clean, PracticeSettings(), times=3).settings.guidance == 4


def led(score, evidence, settings, *passes: GuidedPass) -> Learner:
    attempt = Attempt(score.digest, score.title, settings, evidence, len(score.bars), DAY, passes)
    return Learner().after(attempt)


def test_what_a_glove_led_is_put_back_only_after_two_clean_probes(steps):
    settings, clean = PracticeSettings(bars=(2, 3), loop=True), take(bar(2), bar(3))
    touched, probe = GuidedPass(4, 1.0), GuidedPass(0, 1.0)
    learner = led(steps, clean, settings, touched, touched, touched, probe)
    assert next_step(steps, clean, learner, settings).knob is Knob.NOTHING
    learner = led(steps, clean, settings, touched, touched, touched, probe, probe)
    assert next_step(steps, clean, learner, settings).knob is Knob.LENGTH


def test_a_piece_is_played_only_where_no_glove_led(steps):
    clean = take(*[bar(number) for number in (1, 2, 3, 4)])
    assert led(steps, clean, PracticeSettings(), GuidedPass(3, 1.0)).plays() == ()
    assert led(steps, clean, PracticeSettings(), GuidedPass(0, 1.0)).plays() == (steps.title,)


def test_a_few_notes_are_called_too_few(steps):
    step = step_after(steps, take(wrong(1, 4)))
    assert step.knob is Knob.NOTHING and "too few" in step.reason
    assert step.analogy is None


def test_the_analogy_keeps_the_failed_feature_and_takes_another_from_an_easy_piece(steps):
    level_two = replace(steps, level=2)
    step = step_after(level_two, take(bar(1), early(2, 4)), library=pieces())
    assert step.analogy.keep == {Feature.RHYTHM, Feature.TEXTURE}
    assert set(step.analogy.donors) == {Feature.PITCH}
    assert step.analogy.bars == (2, 2)
    assert step.analogy.donors[Feature.PITCH].level <= 2


def test_a_donor_that_the_learner_plays_comes_before_any_other(steps):
    hard = [piece for piece in pieces() if piece.metre == "4/4"][-1]
    played = Attempt("d", hard.title, PracticeSettings(), take(bar(1), bar(2)), 2, DAY)
    donor = next(donors_for(replace(steps, level=1), Learner().after(played), pieces(), 0))
    assert donor.title == hard.title


@pytest.mark.parametrize(
    "how", [{"hands": Hands.RIGHT}, SLOWLY, {"mode": Mode.WAIT}], ids=["one hand", "slowly", "waited for"]
)
def test_a_piece_is_played_only_as_it_is_written(steps, how):
    clean = take(*[bar(number) for number in (1, 2, 3, 4)])
    assert led(steps, clean, PracticeSettings()).plays() == (steps.title,)
    assert led(steps, clean, PracticeSettings(**how)).plays() == ()


class Echo:
    """A composer that answers with the piece with every note an octave up, and remembers the questions."""

    def __init__(self, refuses=lambda analogy: False):
        self.asked, self.refuses = [], refuses

    def vary(self, analogy, count=1, told=unheard):
        self.asked.append(analogy)
        if self.refuses(analogy):
            raise ComposerError("the donor has no such rhythm")
        notes = analogy.piece.notes.copy()
        notes["pitch"] += 12
        return [Variation(analogy.piece.with_notes(notes), analogy, Measures(1, 1, 1, 1, 0), "rules")]


def test_the_exercise_is_the_passage_with_the_bar_before_and_says_how_to_make_it_again(steps):
    step = step_after(steps, take(bar(1), bar(2), early(3, 4)), library=pieces())
    made = exercise(step, Echo)
    assert made.score.title == "After Steps, bar 3"
    assert len(made.score.bars) == 3
    assert made.provenance["excerpt"] == [2, 4]
    assert made.provenance["keep"] == ["rhythm", "texture"]
    assert made.reason == step.reason


def test_a_composer_that_fails_with_donors_is_asked_once_more_without_one(steps):
    composer = Echo(refuses=lambda analogy: bool(analogy.donors))
    made = exercise(step_after(steps, take(bar(1), bar(2), early(3, 4)), library=pieces()), lambda: composer)
    assert [bool(analogy.donors) for analogy in composer.asked] == [True] * (len(composer.asked) - 1) + [False]
    assert made.variation is not None


def not_loading():
    raise CheckpointError("voicing-12345678.safetensors: damaged weights")


@pytest.mark.parametrize("composer", [None, lambda: Echo(refuses=lambda analogy: True), not_loading])
def test_without_a_composer_the_passage_stands_as_it_is_written(steps, composer):
    made = exercise(step_after(steps, take(bar(1), bar(2), early(3, 4)), library=pieces()), composer)
    assert made.variation is None
    assert made.provenance["weights"] == "as written"
    assert made.score.notes["pitch"].tolist() == steps.notes["pitch"][steps.notes["onset_beat"] >= 4].tolist()


def test_another_piece_is_not_corrected_note_by_note(steps):
    step = step_after(steps, take(*[wrong(number, 5) for number in (1, 2, 3)]))
    assert step.reason == "This did not sound like Steps."
    assert step.analogy is None


def test_praise_is_concrete_and_true(steps):
    assert praise(steps, take(bar(1), bar(2), wrong(3, 3))) == "Bars 1–2 went without a fault."
    assert praise(steps, take(wrong(1, 1), wrong(2, 2), bar(3), wrong(4, 1))) == "The rhythm was steady throughout."
    assert praise(steps, take(wrong(1, 5), wrong(2, 5))) is None


def test_the_report_has_three_items_at_most_and_the_gravest_first(steps):
    evidence = take(*[wrong(number, times) for number, times in ((1, 2), (2, 4), (3, 3), (4, 5))])
    settings = PracticeSettings()
    learner = learner_of(steps, evidence, settings)
    said = report(steps, evidence, learner, next_step(steps, evidence, learner, settings))
    assert [item.split(":")[0] for item in said.items] == ["Bar 4", "Bar 2", "Bar 3"]


def test_a_fault_that_came_once_has_no_name_in_the_report(steps):
    evidence = take(bar(1), wrong(2, 1), early(3, 1))
    learner = learner_of(steps, evidence, PracticeSettings())
    assert report(steps, evidence, learner, next_step(steps, evidence, learner, PracticeSettings())).items == ()


def test_each_bar_with_a_fault_says_why(steps):
    stop = Fault("hesitation", 4, 12.0, "right", degree=Degree.GRAVE)
    evidence = take(bar(1), wrong(2, 1), early(3, 1), BarEvidence(4, 5, faults=(stop,)))
    learner = learner_of(steps, evidence, PracticeSettings())
    bars = report(steps, evidence, learner, next_step(steps, evidence, learner, PracticeSettings())).bars
    assert [bool(one.why) for one in bars] == [one.heat > 0 for one in bars] == [False, True, True, True]
    assert bars[3].why == "the music stopped"


def test_bars_that_were_not_played_have_no_heat(steps):
    evidence = take(bar(1), wrong(2, 5))
    learner = learner_of(steps, evidence, PracticeSettings())
    heats = report(steps, evidence, learner, next_step(steps, evidence, learner, PracticeSettings())).bars
    assert [(heat.bar, heat.heat) for heat in heats] == [(1, 0.0), (2, 1.0), (3, None), (4, None)]


def test_an_attempt_that_went_better_is_said_to_have(steps):
    settings = PracticeSettings()
    worse, better = take(wrong(1, 3), wrong(2, 2)), take(bar(1), wrong(2, 1))
    learner = learner_of(steps, worse, settings).after_all(learner_of(steps, better, settings).attempts)
    said = report(steps, better, learner, next_step(steps, better, learner, settings))
    assert "90 % of the notes were right, up from 50 % before." in said.praise


def test_no_trend_is_spoken_of_before_five_sittings(steps):
    clean = take(bar(1), bar(2))
    attempts = [
        Attempt(steps.digest, steps.title, PracticeSettings(), clean, 4, datetime(2026, 3, day, 12))
        for day in range(1, 6)
    ]
    assert Learner().after_all(attempts[:4]).share_of_clean_attempts() is None
    assert Learner().after_all(attempts).share_of_clean_attempts() == 1.0


@pytest.mark.parametrize(("count", "words"), [(1, "once"), (2, "twice"), (4, "four times"), (12, "12 times")])
def test_counts_are_said_in_words(count, words):
    assert in_times(count) == words


def test_a_chord_that_came_late_came_late_once(steps):
    faults = [Fault("late", 1, 0.0, "right"), Fault("late", 1, 0.0, "left"), Fault("late", 1, 1.0, "right")]
    assert fault_in_words(steps, faults) == "the quarter notes came late twice"


def test_a_bar_with_one_slip_is_named_only_where_no_bar_has_more():
    evidence = take(BarEvidence(1, 0, missed=1), bar(2), early(3, 3))
    assert worst_passage(evidence) == (3, 3)
    assert worst_passage(take(BarEvidence(1, 4, missed=1), bar(2))) == (1, 1)


def test_the_same_fault_in_bars_near_by_is_named_and_practised(steps):
    evidence = take(early(1, 1), bar(2), early(3, 1), bar(4))
    step = step_after(steps, evidence)
    assert step.bars is not None and step.feature is Feature.RHYTHM
    assert report(steps, evidence, learner_of(steps, evidence, PracticeSettings()), step).items == (
        "Bars 1–3: the quarter notes came early twice.",
    )


def test_the_same_fault_twice_far_apart_is_two_slips(steps):
    evidence = take(early(1, 1), *[bar(number) for number in range(2, 9)], early(9, 1))
    assert step_after(steps, evidence).bars is None


def test_stray_notes_in_a_bar_of_rests_do_not_stretch_the_passage():
    rests = BarEvidence(3, extra=3, faults=tuple(Fault("extra", 3, 8.0 + beat) for beat in range(3)))
    assert worst_passage(take(bar(1), bar(2), rests, bar(4))) is None
    assert worst_passage(take(bar(1), wrong(2, 2), rests, bar(4))) == (2, 2)


def test_who_played_one_hand_alone_is_sent_to_the_other_one(steps):
    evidence = replace(take(bar(1), bar(2), bar(3)), silent_hand="left")
    step = step_after(steps, evidence)
    assert (step.reason, step.knob) == ("You played the right hand alone.", Knob.HANDS)
    assert step.settings.hands is Hands.LEFT
    assert report(steps, evidence, learner_of(steps, evidence, PracticeSettings()), step).items == ()
    alone = step_after(steps, evidence, PracticeSettings(hands=Hands.RIGHT))
    assert alone.reason != "You played the right hand alone."


@pytest.mark.parametrize(("left_hit", "silent"), [(0, "left"), (4, "")])
def test_a_hand_is_silent_where_it_struck_next_to_nothing(left_hit, silent):
    def note(place, hand, hit):
        return {"onset_beat": float(place), "pitch": 60, "hand": hand, "bar": 1, "verdict": "hit" if hit else "missed"}

    notes = [note(k, "right", True) for k in range(10)] + [note(k, "left", k < left_hit) for k in range(10)]
    assert Evidence.of({"notes": notes, "extra": [], "bars": []}, ()).silent_hand == silent


def test_a_reason_counts_as_the_report_does(steps):
    chord = Fault("wrong", 3, 8.0, "right", Feature.CHORDS)
    faults = (chord, Fault("wrong", 3, 9.0, "right"))
    assert reason(steps, (3, 3), take(BarEvidence(3, 3, wrong=2, faults=faults)), Feature.CHORDS) == (
        "Bar 3: two wrong notes were struck; the rhythm was right."
    )


def test_a_take_with_small_liberties_is_praised_and_not_said_to_have_none(steps):
    slight = [Fault("late", 2, 4.0 + beat, "right", degree=Degree.SLIGHT) for beat in range(2)]
    step = step_after(steps, take(bar(1), BarEvidence(2, 5, faults=tuple(slight)), bar(3)))
    assert (step.bars, step.reason) == (None, "The piece went well: what went wrong was slight.")
    once = take(bar(1), BarEvidence(2, 5, faults=(Fault("early", 2, 4.0),)))
    assert step_after(steps, once).reason == "The piece went well: no fault came twice."
    assert step_after(steps, take(bar(1), bar(2))).reason == "The piece went without a fault."


def test_all_that_was_not_played_is_named_and_a_bar_without_an_onset_parts_no_gap(steps):
    played = Evidence((bar(1), bar(5), bar(9)), unplayed=(2, 4, 6, 10, 11))
    assert played.gaps == ((2, 4), (6, 6), (10, 11))
    assert played.left_out == ((2, 4), (6, 6))
    score = replace(steps, bars=even_bars(12, 4.0))
    step = step_after(score, played)
    assert step.reason == "What you played went well; bars 2–4, bar 6 and bars 10–11 were not played."
    assert step.settings.bars == (1, 4)
    many = Evidence(tuple(bar(number) for number in (1, 3, 5, 7)), unplayed=(2, 4, 6, 8))
    assert step_after(score, many).reason.endswith("bar 2, bar 4, bar 6 and others were not played.")


def test_a_tempo_that_changed_is_told_with_its_bar(steps):
    changed = take(bar(1), bar(2), BarEvidence(3, 5, faults=(Fault("tempo changed", 3, 8.0),)))
    assert step_after(steps, changed).reason == "The notes were right, but the tempo changed in bar 3."


def test_the_heat_of_a_bar_is_told_by_what_made_it_hot(steps):
    graces = BarEvidence(2, 4, missed=1, faults=tuple(Fault("dynamics", 2, 4.0 + beat) for beat in range(3)))
    told = report(steps, take(bar(1), graces), Learner(), step_after(steps, take(bar(1), graces)))
    assert (told.bars[1].why, told.bars[1].again) == ("a note was left out once", False)
    twice = report(steps, take(bar(1), replace(graces, missed=2)), Learner(), step_after(steps, take(bar(1), graces)))
    assert (twice.bars[1].why, twice.bars[1].again) == ("two notes were left out", True)


def test_who_made_no_fault_hears_that_first_and_who_struck_all_right_keys_that(steps):
    assert praise(steps, take(bar(1), bar(2))) == "You made no fault: all 10 notes were right."
    slight = Fault("late", 3, 8.0, degree=Degree.SLIGHT)
    assert praise(steps, take(bar(1), bar(2), BarEvidence(3, 5, faults=(slight,)))) == "All 15 notes were right."
    told = report(steps, take(bar(1), bar(2)), Learner(), step_after(steps, take(bar(1), bar(2))))
    assert (told.praise[0], told.items) == ("You made no fault: all 10 notes were right.", ())


def test_an_octave_is_said_of_notes_in_any_rhythm(steps):
    notes = steps.notes[steps.notes["hand"] == 1].copy()
    notes["onset_beat"][1::2] += 0.5
    faults = [Fault("octave", 1, 0.0), Fault("octave", 1, 2.0)]
    assert fault_in_words(steps.with_notes(notes), faults) == "notes were right but an octave off, twice"


def test_a_break_weighs_more_than_the_notes_that_it_cost(steps):
    restarts = [Fault("restart", 2, 4.0, pass_index=number, degree=Degree.GRAVE, to_bar=2) for number in range(3)]
    missing = [Fault("missing", 2, 5.0, degree=Degree.SLIGHT) for _ in range(4)]
    evidence = take(bar(1, 40), BarEvidence(2, 60, missed=4, faults=(*restarts, *missing)), bar(3, 40))
    assert step_after(steps, evidence).reason == "Bar 2: you broke off and began again three times."


def test_who_plays_one_line_is_not_spoken_to_of_hands(steps):
    flute, right = PracticeSettings(one_line=True), PracticeSettings(one_line=True, hands=Hands.RIGHT)
    octave = tuple(Fault("octave", 1, float(beat), "right") for beat in range(8))
    told = [
        step_after(steps, replace(take(bar(1), bar(2), bar(3)), silent_hand="left"), flute),
        step_after(steps, take(bar(1), bar(2), bar(3)), right),
        step_after(steps, take(wrong(1, 4), wrong(2, 4)), replace(flute, bars=(1, 2))),
        step_after(steps, take(BarEvidence(1, 0, wrong=8, faults=octave)), right),
    ]
    items = report(steps, take(BarEvidence(1, 0, wrong=8, faults=octave)), Learner(), told[-1]).items
    assert "hand" not in " ".join(f"{step.reason} {step.advice}" for step in told) + str(items)
    assert "octave off" in items[0]
    between = BarEvidence(2, 0, wrong=8, faults=tuple(replace(fault, bar=2) for fault in octave))
    assert praise(steps, take(bar(1, 10), between, bar(3, 10)), one_line=True) == (
        "The rhythm was steady throughout, but all lay an octave off."
    )
    assert [step.settings.hands for step in told] == [Hands.BOTH, Hands.RIGHT, Hands.BOTH, Hands.RIGHT]


def test_who_plays_the_tune_of_a_piece_on_one_line_plays_the_piece(steps):
    evidence = take(bar(1), bar(2), bar(3))
    right = PracticeSettings(hands=Hands.RIGHT)
    assert not Attempt(steps.digest, "", right, evidence, 3, DAY).is_as_written
    assert Attempt(steps.digest, "", replace(right, one_line=True), evidence, 3, DAY).is_as_written


def test_a_score_that_hardly_had_to_wait_waits_no_longer(steps):
    waiting = PracticeSettings(mode=Mode.WAIT)
    found = step_after(steps, replace(take(bar(1, 16), bar(2, 16)), waits=4), waiting, times=2)
    assert (found.knob, found.settings.mode, found.is_over) == (Knob.GUIDANCE, Mode.FOLLOW, False)
    found = step_after(steps, replace(take(bar(1, 16), bar(2, 16)), waits=5), waiting, times=2)
    assert (found.knob, found.settings.mode, found.is_over) == (Knob.NOTHING, Mode.WAIT, False)
    assert found.reason == "The score stood still for you 5 times in 32 notes."


def test_who_leads_slowly_does_not_play_it_yet(steps):
    clean = take(*[bar(number) for number in (1, 2, 3, 4)])
    assert led(steps, replace(clean, tempo_ratio=0.35), PracticeSettings()).plays() == ()
    assert led(steps, replace(clean, tempo_ratio=0.8), PracticeSettings()).plays() == (steps.title,)
