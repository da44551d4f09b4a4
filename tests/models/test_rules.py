"""The rule composer, asked as a learner's teacher would ask."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.analogy import Analogy, Feature, Level
from lessons.errors import ComposerError
from lessons.files import read_score, write_score
from lessons.harmony import chords_of, in_mask, score_key, tones_at
from lessons.library import shelf
from lessons.score import BAR_DTYPE, KEY_DTYPE, LEFT, METRE_DTYPE, NOTE_DTYPE, RIGHT, Score
from lessons.timing import TempoMap
from models.line import line_mask
from models.measures import level_of
from models.rules import RuleComposer
from models.two_hands import HAND_SPAN

TUNE = [(0, 1, 67), (1, 1, 64), (2, 2, 64), (4, 1, 65), (5, 1, 62), (6, 2, 62), (8, 1, 60), (9, 1, 62), (10, 1, 64)]
TUNE += [(11, 1, 65), (12, 1, 67), (13, 1, 67), (14, 2, 67)]
CHORDS = [(0, 4, (48, 52, 55)), (4, 4, (43, 50, 53)), (8, 4, (48, 52, 55)), (12, 4, (48, 52, 55))]
DOTTED = [(0, 1.5, 72), (1.5, 0.5, 74), (2, 1, 76), (3, 1, 72), (4, 2, 71), (6, 1.5, 72), (7.5, 0.5, 74)]
RULES = RuleComposer()


def piece(
    rows: list[tuple[float, float, int]],
    bars: int = 4,
    metre: tuple[int, int] = (4, 4),
    left: bool = False,
    minor: bool = False,
) -> Score:
    notes = np.zeros(len(rows), NOTE_DTYPE)
    for name, column in zip(("onset_beat", "duration_beat", "pitch"), zip(*rows, strict=True), strict=True):
        notes[name] = column
    notes["hand"], notes["voice"], notes["velocity"] = RIGHT, 1, 80
    if left:
        lower = [(onset, duration, pitch) for onset, duration, pitches in CHORDS for pitch in pitches]
        below = piece(lower).notes.copy()
        below["hand"] = LEFT
        notes = np.concatenate([notes, below])
    length = metre[0] * 4 / metre[1]
    places = [(bar + 1, bar + 1, bar * length, (bar + 1) * length) for bar in range(bars)]
    return Score(
        notes,
        np.array(places, dtype=BAR_DTYPE),
        np.array([(0.0, *metre)], dtype=METRE_DTYPE),
        np.array([(0.0, -3 if minor else 0, minor)], dtype=KEY_DTYPE),
        part_names=("Piano",),
    )


def line_of(score: Score) -> np.ndarray:
    return score.notes[line_mask(score)]


def only(analogy: Analogy) -> Score:
    return RULES.vary(analogy)[0].score


def test_the_rhythm_of_an_answer_is_exactly_the_donors() -> None:
    line = line_of(only(Analogy(piece(TUNE), {Feature.RHYTHM: piece(DOTTED, bars=2)})))
    once = [(onset, duration) for onset, duration, _ in DOTTED]
    twice = once + [(onset + 8, duration) for onset, duration in once]
    assert [(note["onset_beat"], note["duration_beat"]) for note in line] == twice


def test_a_donor_that_is_too_short_begins_again_and_says_so() -> None:
    answer = RULES.vary(Analogy(piece(TUNE), {Feature.RHYTHM: piece(DOTTED, bars=2)}))[0]
    assert any("begins again" in notice for notice in answer.notices)


def twice(score: Score) -> Score:
    """The score as a page with a repeat sign has it: played twice."""
    length, again, bars = score.end_beat, score.notes.copy(), score.bars.copy()
    again["onset_beat"] += length
    bars["start_beat"] += length
    bars["end_beat"] += length
    bars["number"] += len(bars)
    return replace(score, notes=np.concatenate([score.notes, again]), bars=np.concatenate([score.bars, bars]))


def test_where_a_donor_begins_again_is_told_by_the_bars_of_its_page() -> None:
    told = RULES.vary(Analogy(twice(piece(TUNE)), {Feature.RHYTHM: twice(piece(DOTTED, bars=2))}))[0].notices
    assert any("begins again after 2 bars" in notice for notice in told)
    told = RULES.vary(Analogy(twice(piece(TUNE)), {Feature.RHYTHM: piece(TUNE)}))[0].notices
    assert not any("begins again" in notice for notice in told)


def test_triplets_of_a_donor_come_through_exactly() -> None:
    triplets = [(index / 3, 1 / 3, 60) for index in range(48)]
    line = line_of(only(Analogy(piece(TUNE), {Feature.RHYTHM: piece(triplets)})))
    assert np.allclose(line["onset_beat"], np.round(np.arange(48) / 3 * 480) / 480)


def test_a_piece_varied_by_itself_keeps_its_tune() -> None:
    own = piece(TUNE, left=True)
    answer = RULES.vary(Analogy(own, {Feature.RHYTHM: own, Feature.PITCH: own}))[0]
    assert answer.measures.rhythm_kept == 1.0
    assert answer.measures.contour_kept > 0.95


def test_the_other_hand_stays_as_it_is_when_the_tune_takes_a_rhythm() -> None:
    own = piece(TUNE, left=True)
    answer = only(Analogy(own, {Feature.RHYTHM: piece(DOTTED, bars=2)}))
    assert answer.hands(LEFT).notes.tolist() == own.hands(LEFT).notes.tolist()


def test_chords_in_the_minor_turn_the_piece_minor() -> None:
    minor = [(0, 4, (48, 51, 55)), (4, 4, (43, 50, 53)), (8, 4, (48, 51, 55)), (12, 4, (48, 51, 55))]
    donor = piece([(onset, duration, pitch) for onset, duration, chord in minor for pitch in chord], minor=True)
    answer = only(Analogy(piece(TUNE, left=True), {Feature.CHORDS: donor}))
    assert score_key(answer).minor
    assert not (answer.notes["pitch"] % 12 == 4).any()
    assert (answer.notes["pitch"] % 12 == 3).any()


def test_a_tune_lands_where_it_ended() -> None:
    own = piece([*TUNE[:-2], (13, 1, 62), (14, 2, 60)], left=True)
    for seed in range(5):
        assert line_of(only(Analogy(own, strength=1.0, seed=seed)))["pitch"][-1] % 12 == 0


def test_strong_beats_of_a_free_variation_stand_on_the_chords() -> None:
    own = piece(TUNE, left=True)
    line = line_of(only(Analogy(own, strength=0.9, seed=3)))
    strong = line["onset_beat"] % 4 == 0
    masks = tones_at(chords_of(own), line["onset_beat"])
    assert in_mask(masks, line["pitch"])[strong].all()


def test_bars_that_were_not_asked_for_stay_as_they_are() -> None:
    own = piece(TUNE, left=True)
    answer = only(Analogy(own, bars=(2, 3), strength=1.0, seed=1))

    def outside(score: Score) -> list[tuple[float, float, int]]:
        kept = score.notes[(score.notes["onset_beat"] < 4) | (score.notes["onset_beat"] >= 12)]
        return [(note["onset_beat"], note["duration_beat"], note["pitch"]) for note in kept]

    assert outside(answer) == outside(own)
    assert answer.digest != own.digest


def test_a_repeated_bar_is_varied_the_same_way_again() -> None:
    own = piece([*TUNE[:3], *[(onset + 4, duration, pitch) for onset, duration, pitch in TUNE[:3]], *TUNE[6:]])
    rhythm = [(note["onset_beat"], note["duration_beat"]) for note in line_of(only(Analogy(own, strength=1.0, seed=2)))]
    first = [(onset, duration) for onset, duration in rhythm if onset < 4]
    second = [(onset - 4, duration) for onset, duration in rhythm if 4 <= onset < 8]
    assert first == second
    assert first != [(onset, duration) for onset, duration, _ in TUNE[:3]]


def test_a_locked_rhythm_stays_and_a_locked_contour_stays() -> None:
    own = piece(TUNE)
    kept = line_of(only(Analogy(own, keep=frozenset({Feature.RHYTHM}), strength=1.0)))
    assert kept["onset_beat"].tolist() == line_of(own)["onset_beat"].tolist()
    assert RULES.vary(Analogy(own, keep=frozenset({Feature.PITCH}), strength=1.0))[0].measures.contour_kept > 0.8


@pytest.mark.parametrize("level", [Level.EASIER, Level.HARDER])
def test_easier_is_easier_and_harder_is_harder(level: Level) -> None:
    own = piece(TUNE + [(onset + 16, duration, pitch) for onset, duration, pitch in DOTTED], bars=8, left=True)
    same = RULES.vary(Analogy(own, keep=frozenset({Feature.PITCH}), strength=0.0))[0].measures.difficulty
    moved = RULES.vary(Analogy(own, level=level, strength=0.8))[0].measures.difficulty
    assert moved < same if level == Level.EASIER else moved > same


def test_easier_is_easier_also_where_everything_may_move() -> None:
    own = shelf.load("ode-to-joy")
    answers = [RULES.vary(Analogy(own, level=Level.EASIER, strength=1.0, seed=seed))[0] for seed in range(3)]
    assert all(answer.measures.difficulty <= level_of(own) for answer in answers)


@settings(max_examples=15, deadline=None)
@given(st.integers(50, 70), st.integers(12, 24), st.integers(0, 9))
def test_no_note_of_the_tune_leaves_the_range(low: int, width: int, seed: int) -> None:
    answer = only(Analogy(piece(TUNE), strength=0.8, lowest=low, highest=low + width, seed=seed))
    assert answer.notes["pitch"].min() >= low
    assert answer.notes["pitch"].max() <= low + width


def test_texture_is_the_donors_pattern_under_the_pieces_chords() -> None:
    broken = [(beat / 2, 0.5, (48, 55, 52, 55)[beat % 4]) for beat in range(32)]
    answer = only(Analogy(piece(TUNE, left=True), {Feature.TEXTURE: piece(broken)}))
    assert answer.notes["onset_beat"].tolist() == [beat / 2 for beat in range(32)]
    second_bar = answer.notes["pitch"][(answer.notes["onset_beat"] >= 4) & (answer.notes["onset_beat"] < 8)]
    assert set((second_bar % 12).tolist()) <= {7, 11, 2, 5}


def test_who_takes_a_texture_is_told_how_to_keep_the_tune() -> None:
    own, donor = piece(TUNE, left=True), piece(TUNE, left=True)
    both, left = (RULES.vary(Analogy(own, {Feature.TEXTURE: donor}, hand=hand))[0] for hand in (None, LEFT))
    assert any("keep the tune" in notice for notice in both.notices)
    assert not any("keep the tune" in notice for notice in left.notices)
    assert left.score.hands(RIGHT).notes.tolist() == own.hands(RIGHT).notes.tolist()


def test_a_hand_that_takes_a_texture_strikes_no_key_of_the_other() -> None:
    own = piece([(beat, 1, 60) for beat in range(16)], left=True)
    donor = piece([(beat, 1, 60) for beat in range(16)])
    hands = donor.notes.copy()
    hands["hand"] = LEFT
    answer = only(Analogy(own, {Feature.TEXTURE: donor.with_notes(hands)}, hand=LEFT))
    assert len(answer.hands(LEFT).notes) == 15  # the last two beats are one: the last harmony is held
    assert len(np.unique(answer.notes[["onset_beat", "pitch"]])) == len(answer.notes)


def test_no_voice_of_a_texture_is_lost_where_the_chord_has_fewer_tones() -> None:
    sevenths = [(beat, 1, pitch) for beat in range(16) for pitch in (55, 59, 62, 65)]
    triads = [(bar * 4, 4, pitch) for bar in range(4) for pitch in (48, 52, 55)]
    answer = only(Analogy(piece(triads), {Feature.TEXTURE: piece(sevenths)}))
    assert len(answer.notes) == len(sevenths)
    assert set((answer.notes["pitch"] % 12).tolist()) <= {0, 4, 7}


def test_hands_can_hold_what_a_texture_asks_of_them() -> None:
    wide = [(beat, 1, pitch) for beat in range(16) for pitch in (36, 52, 60, 64, 67, 84)]
    answer = only(Analogy(piece(TUNE, left=True), {Feature.TEXTURE: piece(wide)}))
    for onset in answer.onset_beats:
        for hand in (LEFT, RIGHT):
            group = answer.notes[(answer.notes["onset_beat"] == onset) & (answer.notes["hand"] == hand)]
            assert len(group) <= 5
            assert len(group) == 0 or np.ptp(group["pitch"].astype(int)) <= HAND_SPAN


def test_the_same_question_has_the_same_answer_and_another_seed_another_one() -> None:
    own = piece(TUNE, left=True)
    assert only(Analogy(own, seed=4)).digest == only(Analogy(own, seed=4)).digest
    assert len({only(Analogy(own, seed=seed, strength=0.8)).digest for seed in range(6)}) > 3


def test_many_answers_differ_from_each_other() -> None:
    answers = RULES.vary(Analogy(piece(TUNE), {Feature.RHYTHM: piece(DOTTED, bars=2)}), 4)
    lines = [{(note["onset_beat"], note["pitch"]) for note in answer.score.notes} for answer in answers]
    shared = [len(lines[a] & lines[b]) / len(lines[a]) for a in range(4) for b in range(a)]
    assert np.mean(shared) <= 0.92


def test_the_part_of_chords_follows_the_new_chords(tmp_path: Path) -> None:
    own = piece(TUNE)
    block = piece([(onset, duration, pitch) for onset, duration, chord in CHORDS for pitch in chord]).notes.copy()
    block["part"], block["hand"] = 1, LEFT
    sheet = Score(np.concatenate([own.notes, block]), own.bars, own.metres, part_names=("MELODY", "CHORDS"))
    moved = block.copy()
    moved["pitch"][moved["pitch"] == 52] = 51
    donor = Score(moved, own.bars, own.metres, part_names=("", "CHORDS"))
    write_score(only(Analogy(sheet, {Feature.CHORDS: donor})), tmp_path / "answer.mid")
    assert 3 in read_score(tmp_path / "answer.mid").notes["pitch"] % 12
    read, wanted = chords_of(read_score(tmp_path / "answer.mid")), chords_of(donor)
    assert read["tones"].tolist() == wanted["tones"].tolist()


def test_a_metre_of_eleven_is_no_obstacle() -> None:
    odd = piece([(onset / 2, 0.5, 60 + (onset * 5) % 12) for onset in range(44)], metre=(11, 8))
    assert RULES.vary(Analogy(odd, strength=0.5))[0].score.end_beat == odd.end_beat


@pytest.mark.parametrize(
    ("analogy", "words"),
    [
        (Analogy(piece(TUNE, left=True), {Feature.RHYTHM: piece(DOTTED, metre=(6, 8))}), "6/8"),
        (Analogy(piece(TUNE), hand=LEFT), "--hand"),
        (Analogy(piece(TUNE), lowest=60, highest=61), "a fifth"),
        (Analogy(piece(TUNE), keep=frozenset({Feature.PITCH, Feature.RHYTHM})), "--keep"),
        (Analogy(piece(TUNE, bars=6), bars=(5, 6)), "bars 5–6"),
        (Analogy(piece(TUNE), {Feature.TEXTURE: piece(TUNE), Feature.RHYTHM: piece(TUNE)}), "--texture-from"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_one_line(analogy: Analogy, words: str) -> None:
    with pytest.raises(ComposerError, match=words) as caught:
        RULES.vary(analogy)
    assert "\n" not in str(caught.value)


def test_no_notes_and_no_count_are_refused() -> None:
    empty = piece(TUNE).with_notes(np.zeros(0, NOTE_DTYPE))
    with pytest.raises(ComposerError, match="no notes"):
        RULES.vary(Analogy(empty))
    with pytest.raises(ComposerError, match="--count 0"):
        RULES.vary(Analogy(piece(TUNE)), 0)


@pytest.mark.parametrize("donor", ["lightly-row", "au-clair-de-la-lune", "hot-cross-buns"])
def test_a_tune_in_another_rhythm_ends_where_it_ended(donor):
    """These end on a whole note, under which the piece goes from the dominant home."""
    piece = shelf.load("ode-to-joy")
    answer = RuleComposer().vary(Analogy(piece, {Feature.RHYTHM: shelf.load(donor)}, seed=1))[0].score
    melody = answer.notes[answer.notes["hand"] == RIGHT]
    assert melody["pitch"][-1] % 12 == 0


@pytest.mark.parametrize("level", [Level.EASIER, Level.HARDER])
@pytest.mark.parametrize("slug", ["hot-cross-buns", "scarborough-fair", "minuet-a-minor"])
def test_an_answer_is_of_the_level_asked_for_or_says_that_it_is_not(slug, level):
    piece = shelf.load(slug)
    answer = RuleComposer().vary(Analogy(piece, level=level, seed=1))[0]
    gained = answer.measures.difficulty - level_of(piece)
    right = gained < 0 if level == Level.EASIER else gained > 0
    assert right != any("could not be made" in notice for notice in answer.notices)


@pytest.mark.parametrize(("slug", "donor"), [("when-the-saints", "schumann-melody"), ("ode-to-joy", "bach-prelude-c")])
def test_a_left_hand_that_changes_alone_gives_way_to_the_right_one(slug, donor):
    question = Analogy(shelf.load(slug), {Feature.TEXTURE: shelf.load(donor)}, hand=LEFT, seed=1)
    notes = RuleComposer().vary(question)[0].score.notes
    left, right = (notes[notes["hand"] == hand] for hand in (LEFT, RIGHT))
    ends = [hand["onset_beat"] + hand["duration_beat"] - 1e-6 for hand in (left, right)]
    together = (left["onset_beat"][:, None] < ends[1][None]) & (right["onset_beat"][None] < ends[0][:, None])
    across = together & (left["pitch"][:, None] >= right["pitch"][None])
    assert across.any(axis=1).sum() <= 3
    assert left["pitch"].min() >= 33


@pytest.mark.parametrize("donor", [DOTTED, None])
def test_fixed_notes_stay_and_the_rest_goes_another_way(donor: list[tuple[float, float, int]] | None) -> None:
    score = piece(TUNE)
    taken = {Feature.RHYTHM: piece(donor, bars=2)} if donor else {}
    keep = frozenset({Feature.PITCH})
    fixed = (4.0, 5.0, 9.0)
    for seed in range(4):
        (made,) = RULES.vary(Analogy(score, taken, keep, strength=1.0, seed=seed, fixed=fixed))
        for place in fixed:
            (meant,) = score.notes[score.notes["onset_beat"] == place]
            (found,) = made.score.notes[made.score.notes["onset_beat"] == place]
            assert (found["pitch"], found["duration_beat"]) == (meant["pitch"], meant["duration_beat"])
    assert made.score.notes["onset_beat"].tolist() != score.notes["onset_beat"].tolist()
    assert made.analogy.provenance("x")["fixed"] == [4.0, 5.0, 9.0]


def test_a_fixed_note_of_a_lower_voice_stays_too() -> None:
    two_voices = piece([*TUNE, (6.5, 0.5, 55), (10.5, 0.5, 57)])
    (made,) = RULES.vary(Analogy(two_voices, {Feature.RHYTHM: piece(DOTTED, bars=2)}, fixed=(6.5,), hand=RIGHT))
    struck = set(zip(made.score.notes["onset_beat"].tolist(), made.score.notes["pitch"].tolist(), strict=True))
    assert (6.5, 55) in struck
    assert (10.5, 57) not in struck


def test_in_a_hurry_no_key_is_struck_again_and_again() -> None:
    quick = [(place / 4, 0.25, 60) for place in range(64)]
    again = {}
    for bpm in (120.0, 30.0):
        score = replace(piece(TUNE), tempo=TempoMap.of([(0.0, bpm)]))
        made = line_of(only(Analogy(score, {Feature.RHYTHM: piece(quick)})))
        again[bpm] = int((np.diff(made["pitch"]) == 0).sum())
    assert again[120.0] < again[30.0] / 2


def test_a_fixed_accidental_is_no_matter_of_taste() -> None:
    rows = [(onset, length, pitch + (onset == 5)) for onset, length, pitch in TUNE]
    (made,) = RULES.vary(Analogy(piece(rows), {Feature.RHYTHM: piece(DOTTED, bars=2)}, fixed=(5.0,)))
    assert made.score.notes["pitch"][made.score.notes["onset_beat"] == 5].tolist() == [63]


def test_a_texture_that_lies_close_puts_no_hand_among_the_keys_of_the_other(two_hands: Score) -> None:
    donor = shelf.load("schumann-melody")
    answer = RuleComposer().vary(Analogy(two_hands, {Feature.TEXTURE: donor}, seed=1))[0].score
    for bar in answer.bars:
        here = answer.notes[
            (answer.notes["onset_beat"] >= bar["start_beat"]) & (answer.notes["onset_beat"] < bar["end_beat"])
        ]
        left, right = (here["pitch"][here["hand"] == hand] for hand in (LEFT, RIGHT))
        assert left.max(initial=0) < right.min(initial=127)


def test_a_page_keeps_its_clefs_but_where_a_texture_brings_hands_elsewhere() -> None:
    piece, donor = shelf.load("burgmuller-arabesque"), shelf.load("tchaikovsky-old-french-song")
    assert len(piece.signs.clefs)
    kept = RULES.vary(Analogy(piece, {Feature.CHORDS: donor}, bars=(20, 23)))[0].score.signs
    assert kept.clefs.tolist() == piece.signs.clefs.tolist()
    assert not len(kept.slurs) and not len(kept.directions)
    assert not len(RULES.vary(Analogy(piece, {Feature.TEXTURE: donor}))[0].score.signs.clefs)
