"""Guidance fades by what the learner does, pass by pass, and only what is clean without touch is known."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playing import composed, played

from lessons.score import RIGHT
from tutor.cues import LEVEL_WORDS, Leader
from tutor.events import Inbox, NoteOn
from tutor.fader import Fader, guided
from tutor.fading import HIGHEST, Fading, GuidedPass, fading_after, fading_words
from tutor.follow import Follower
from tutor.glove.state import GloveState
from tutor.journal.journal import Journal
from tutor.passes import Pass, PassWatch
from tutor.practice import Hands, Mode, PracticeSettings
from tutor.session import Session
from tutor.sinks import Sink
from tutor.touch import TouchSink
from tutor.transport import Transport

CLEAN, HALF, FAILED = 1.0, 0.9, 0.5


def passed(fading: Fading, *shares: float) -> Fading:
    for share in shares:
        fading = fading.after(GuidedPass(fading.next_level, share))
    return fading


def test_three_clean_passes_take_guidance_away_and_two_failed_ones_give_it_back():
    assert passed(Fading(), CLEAN, CLEAN, CLEAN).level == HIGHEST - 1
    assert passed(Fading(level=2), FAILED, FAILED).level == 3


def test_between_clean_and_failed_nothing_changes_until_the_fifth_pass():
    fading = passed(Fading(level=3), HALF, HALF, HALF)
    assert (fading.level, fading.next_level) == (3, 0)
    fading = passed(fading, HALF, HALF)
    assert fading.level == 3
    assert passed(fading, HALF).level == 2


@given(st.lists(st.sampled_from([CLEAN, HALF, FAILED]), min_size=80, max_size=80))
def test_one_pass_in_four_goes_without_touch_for_all(shares):
    fading, untouched = Fading(), 0
    for share in shares:
        assert fading.next_level == (0 if fading.probe_due else fading.level)
        untouched += fading.next_level == 0
        fading = passed(fading, share)
        assert 0 <= fading.level <= HIGHEST
    assert untouched >= 20


def test_a_clean_probe_is_asked_for_again_at_once_and_two_in_a_row_are_mastery():
    fading = passed(Fading(), CLEAN, CLEAN, CLEAN, CLEAN)
    assert fading.probe_due and not fading.mastered
    assert passed(fading, CLEAN).mastered
    assert not passed(fading, FAILED).mastered
    assert not passed(fading, CLEAN, CLEAN, CLEAN, CLEAN, FAILED).mastered


def test_touch_that_has_faded_away_comes_back_after_two_failed_passes():
    assert passed(Fading(level=0), FAILED, FAILED).level == 1


def test_a_pass_that_was_broken_off_changes_nothing():
    assert Fading().after(GuidedPass(4, FAILED, complete=False)) == Fading()


def test_a_passage_keeps_its_own_level_and_a_level_asked_for_begins_anew():
    bars = PracticeSettings(bars=(1, 2))
    history = [(bars, [GuidedPass(4, CLEAN)] * 3), (replace(bars, bars=(3, 4)), [GuidedPass(4, FAILED)] * 3)]
    assert fading_after(history, bars).level == 3
    assert fading_after(history, replace(bars, bars=(5, 6))).level == 4
    assert fading_after(history, replace(bars, guidance=2)).level == 2
    assert fading_after([*history, (replace(bars, guidance=2), [])], replace(bars, guidance=2)).level == 2


def test_without_fading_only_what_went_without_touch_is_remembered():
    steady = PracticeSettings(fade=False)
    history = [(steady, [GuidedPass(4, CLEAN)] * 6 + [GuidedPass(0, CLEAN)] * 2)]
    fading = fading_after(history, steady)
    assert (fading.level, fading.mastered) == (4, True)


def test_the_learner_reads_how_touch_leads_and_what_changes_it():
    assert fading_words(Fading()) == "Touch: show me everything. After three more clean times a little less."
    assert "without touch" in fading_words(passed(Fading(), CLEAN, CLEAN, CLEAN))
    assert "comes back after one more failed time" in fading_words(passed(Fading(level=0), HALF, HALF, FAILED))
    assert fading_words(Fading(clean_probes=2)).endswith("it is yours.")
    assert len(LEVEL_WORDS) == HIGHEST + 1


# -- passes, told apart from what the real follower says --------------------------------------------------------------

ALL_BARS = PracticeSettings(hands=Hands.RIGHT)


@pytest.fixture
def steps():
    """Four bars for the right hand, none like another, with fingers."""
    score = composed(3, bars=4, voices=1)
    notes = score.notes.copy()
    notes["finger"] = 1 + notes["pitch"] % 5
    return score.with_notes(notes)


def notes_until(score, beat):
    return int((score.notes["onset_beat"] < beat).sum())


def pitches(score):
    return [int(pitch) for pitch in score.notes["pitch"][score.notes["hand"] == RIGHT]]


def passes_of(score, played, settings=ALL_BARS):
    """The passes that a follower's verdicts on these pitches make, with what is left at the end."""
    start, end = settings.span(score)
    loop = (start, end) if settings.loop else None
    follower, watch, found = Follower(score, hands=RIGHT, start_beat=start, loop=loop), PassWatch(score, settings), []
    for number, pitch in enumerate(played):
        found.append(watch.heard(follower.step(NoteOn(0.5 * number, pitch))))
    found += [watch.heard(follower.finish()), watch.close()]
    return [over for over in found if over is not None]


def test_a_pass_ends_with_its_last_note(steps):
    assert passes_of(steps, pitches(steps)) == [Pass(1.0, True)]


def test_each_lap_of_a_loop_is_a_pass(steps):
    settings = replace(ALL_BARS, bars=(1, 2), loop=True)
    lap = pitches(steps)[: notes_until(steps, 8.0)]
    wrong = [*lap[:3], lap[3] + 1, *lap[4:]]
    found = [over.hit_share for over in passes_of(steps, lap + wrong + lap, settings)]
    assert found == pytest.approx([1.0, 1 - 1 / len(lap), 1.0])


def test_a_passage_of_one_chord_is_a_pass_each_time_that_it_is_struck(steps):
    chord = steps.notes[[0, 0, 0]].copy()
    chord["pitch"] = [60, 64, 67]
    score, settings = steps.with_notes(chord), replace(ALL_BARS, bars=(1, 1), loop=True)
    follower, watch = Follower(score, hands=RIGHT, loop=(0.0, 4.0)), PassWatch(score, settings)
    strokes = [NoteOn(time + 0.01 * key, pitch) for time in (1.0, 3.0) for key, pitch in enumerate((60, 64, 67))]
    assert [watch.heard(follower.step(stroke)) for stroke in strokes].count(Pass(1.0, True)) == 2
    assert watch.close() is None


def test_what_was_left_out_and_what_was_too_much_counts_against_a_pass(steps):
    tune = pitches(steps)
    count = len(tune)
    (short,) = passes_of(steps, tune[:5] + tune[6:])
    assert short.complete and (count - 2) / count <= short.hit_share < 1  # live, the note after a gap may be doubted
    (more,) = passes_of(steps, [*tune[:5], 90, *tune[5:]])
    assert more.complete and more.hit_share == pytest.approx(count / (count + 1))


def test_a_take_that_is_broken_off_is_not_complete(steps):
    (broken,) = passes_of(steps, pitches(steps)[:9])
    assert not broken.complete


# -- in the real session ----------------------------------------------------------------------------------------------


class FakeGlove(Sink):
    """A glove that is armed at once and notes after how many notes of the take a finger was called."""

    def __init__(self, armed=True):
        self.state = GloveState(connected=armed, armed=armed)
        self.notes, self.cues = 0, []

    def heard(self, event, judgements):
        self.notes += 1

    def arm(self):
        pass

    def cue(self, fingers, at_sec=None, intensity=None, duration_ms=None):
        self.cues.append(self.notes)

    def cancel(self, from_sec):
        pass

    stop = close = arm


@pytest.fixture
def journal(tmp_path):
    journal = Journal.open(tmp_path / "journal.db")
    yield journal
    journal.close()


LOOPED = PracticeSettings(hands=Hands.RIGHT, bars=(1, 2), loop=True)


def practised(score, journal, glove, laps, settings=LOOPED, told=lambda _fading: None):
    """A take of so many clean laps with the program's own sinks; the passes that the journal kept."""
    inbox = Inbox()
    entries = journal.takes(score.digest)
    sinks = guided(score, settings, glove, entries, keep=journal.keep_passes, tell=told)
    log = journal.begin_take(score.digest, score.title, settings.as_json())
    follower = Follower(score, hands=RIGHT, loop=settings.span(score))
    session = Session(score, follower, inbox, sinks, settings, take_log=log, clock=None)
    for number, pitch in enumerate(pitches(score)[: notes_until(score, 8.0)] * laps):
        inbox.put(NoteOn(0.5 * number, pitch, 64))
    inbox.put(None)
    taken = session.run()
    journal.flush()
    (entry,) = [entry for entry in journal.takes(score.digest) if entry.take_id == taken.take_id]
    return [said["level"] for said in entry.settings["passes"]]


def test_guidance_fades_lap_by_lap_and_goes_on_fading_in_the_next_take(steps, journal):
    assert practised(steps, journal, FakeGlove(), laps=7) == [4, 4, 4, 0, 0, 3, 3]
    assert practised(steps, journal, FakeGlove(), laps=4) == [3, 0, 2, 2]


def test_in_a_probe_no_finger_is_called(steps):
    glove, inbox, lap = FakeGlove(), Inbox(), pitches(steps)[: notes_until(steps, 8.0)]
    sinks = [glove, *guided(steps, LOOPED, glove, [])]
    follower = Follower(steps, hands=RIGHT, loop=LOOPED.span(steps))
    for number, pitch in enumerate(lap * 6):
        inbox.put(NoteOn(0.5 * number, pitch, 64))
    inbox.put(None)
    Session(steps, follower, inbox, sinks, LOOPED, clock=None).run()
    probes = range(3 * len(lap), 5 * len(lap))  # the fourth and the fifth lap
    assert not [notes for notes in glove.cues if notes in probes]
    assert [notes for notes in glove.cues if notes < probes[0]]
    assert [notes for notes in glove.cues if notes > probes[-1]]


def test_without_a_glove_a_clean_pass_counts_as_one_without_touch(steps, journal):
    assert practised(steps, journal, None, laps=2) == [0, 0]
    assert practised(steps, journal, FakeGlove(armed=False), laps=1) == [0]
    told = []
    practised(steps, journal, FakeGlove(), laps=1, told=told.append)
    assert told[0].mastered


def test_a_pass_of_one_hand_is_led_only_by_a_glove_that_is_for_it(steps, journal):
    glove = FakeGlove()
    glove.state = replace(glove.state, hands=2)
    assert practised(steps, journal, glove, laps=1) == [4]
    glove.state = replace(glove.state, hands=1)
    assert practised(steps, journal, glove, laps=1) == [0]


def test_a_take_of_another_version_does_not_keep_a_lesson_from_beginning(steps, journal):
    log = journal.begin_take(steps.digest, steps.title, {"mode": "dream"})
    log.finish(played(steps))
    odd = journal.begin_take(steps.digest, steps.title, LOOPED.as_json())
    odd.finish(played(steps))
    journal.keep_passes(odd.take_id, [{"shade": "blue"}])
    journal.flush()
    assert practised(steps, journal, FakeGlove(), laps=1) == [4]


def test_who_wants_no_fading_is_led_as_before(steps, journal):
    steady = replace(LOOPED, fade=False, guidance=3)
    assert practised(steps, journal, FakeGlove(), laps=6, settings=steady) == [3] * 6


def test_a_level_asked_for_in_the_midst_of_a_take_leads_at_once(steps):
    glove = FakeGlove()
    touch = TouchSink(glove, steps, LOOPED, LOOPED.led_at(0))
    fader = Fader(steps, LOOPED, Fading(level=1), touch)
    assert fader.level == 1
    fader.changed(replace(LOOPED, guidance=3))
    assert fader.level == 3
    assert touch._guidance == LOOPED.led_at(3)


def test_who_leads_is_the_beat_or_the_learners_last_note():
    assert PracticeSettings(mode=Mode.FOLLOW).led_at(3).leader is Leader.LEARNER
    assert PracticeSettings(mode=Mode.FOLLOW, leader=Leader.TEMPO).led_at(3).leader is Leader.TEMPO
    assert PracticeSettings(mode=Mode.WAIT, leader=Leader.TEMPO).led_at(3).leader is Leader.LEARNER
    assert PracticeSettings(mode=Mode.KEEP_TEMPO).led_at(3).leader is Leader.TEMPO


def test_a_lap_that_ends_without_its_last_note_is_decided_on_before_the_next_begins(steps):
    settings = replace(LOOPED, mode=Mode.KEEP_TEMPO)
    fader, follower = Fader(steps, settings, Fading(), None), Follower(steps, hands=RIGHT, loop=(0.0, 8.0))
    fader.moved(Transport.at(steps.tempo, 0.0, 10.0, 1.0, (0.0, 8.0)), ())
    lap = pitches(steps)[: notes_until(steps, 8.0)]
    for number, pitch in enumerate(lap[:-1]):
        event = NoteOn(0.3 * number, pitch, 64)
        fader.heard(event, follower.step(event))
    end_sec = 10.0 + float(steps.tempo.seconds_at(8.0))
    fader.ticked(end_sec - 0.4)
    assert fader._passes == []
    fader.ticked(end_sec - 0.1)
    (closed,) = fader._passes
    assert closed.hit_share < 1.0
