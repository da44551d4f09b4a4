"""A motif grown into a song."""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from lessons.analogy import STYLE_WORDS, Feature, Growth, Level, Style, styles_for
from lessons.errors import ComposerError, InputError
from lessons.files import read_score, write_score
from lessons.files.provenance import made_by
from lessons.harmony import Key, chord_indices, chords_of, in_mask
from lessons.score import BAR_DTYPE, KEY_DTYPE, LEFT, METRE_DTYPE, NOTE_DTYPE, RIGHT, Score
from models.commands import song
from models.layout import within
from models.line import crossings
from models.motif import MAJOR, Tone, degree_of, motif_of, moved, pitch_of
from models.motif_source import NO_CHORDS, NO_GRACES, NO_LEFT, ON_GRID, ONE_METRE
from models.patterns import lasting
from models.rules import RuleComposer
from models.song_form import Deed, form_of
from models.song_level import at_level
from models.songwriter import Songwriter, songs
from models.two_hands import HAND_SPAN

IDEA = ((0, 1, 64), (1, 1, 67), (2, 1, 69), (3, 1, 67), (4, 1, 64), (5, 1, 62), (6, 2, 60))
WALTZ = ((0, 2, 69), (2, 1, 72), (3, 1, 76), (4, 1, 74), (5, 1, 71))
JIG = ((-0.5, 0.5, 62), (0, 0.5, 67), (0.5, 0.5, 69), (1, 0.5, 71), (1.5, 1, 74), (2.5, 0.5, 71))
MOTIFS = ((IDEA, (4, 4), 0, False), (WALTZ, (3, 4), 0, True), (JIG, (6, 8), 1, False))


def motif(rows: tuple[tuple[float, float, int], ...], metre: tuple[int, int], fifths: int, minor: bool) -> Score:
    notes = np.zeros(len(rows), NOTE_DTYPE)
    for name, column in zip(("onset_beat", "duration_beat", "pitch"), zip(*rows, strict=True), strict=True):
        notes[name] = column
    notes["hand"], notes["velocity"] = RIGHT, 80
    length = metre[0] * 4 / metre[1]
    count = round(np.ceil((rows[-1][0] + 0.01) / length))
    bars = [(bar + 1, bar + 1, bar * length, (bar + 1) * length) for bar in range(count)]
    early = min(0.0, rows[0][0])
    bars = [(0, 0, early, 0.0), *bars] if early else bars
    return Score(
        notes,
        np.array(bars, dtype=BAR_DTYPE),
        np.array([(early, *metre)], dtype=METRE_DTYPE),
        np.array([(early, fifths, minor)], dtype=KEY_DTYPE),
        title="Idea",
        part_names=("Piano",),
    )


@pytest.fixture(params=range(len(MOTIFS)))
def idea(request: pytest.FixtureRequest) -> Score:
    return motif(*MOTIFS[request.param])


@pytest.mark.parametrize("bars", [8, 16, 32])
def test_a_song_states_its_motif_first_and_has_the_bars_asked_for(idea: Score, bars: int) -> None:
    made = songs(Growth(idea, seed=3, song_bars=bars))[0].score
    begun = made.hands(RIGHT).notes[: len(idea.notes) - 1]
    assert begun["pitch"].tolist() == idea.notes["pitch"][:-1].tolist()
    assert begun["onset_beat"].tolist() == idea.notes["onset_beat"][:-1].tolist()
    assert made.bars["number"][-1] == bars


def test_it_stands_open_in_the_middle_and_comes_home(idea: Score) -> None:
    tonic = 9 if idea.keys["minor"][0] else 7 if idea.keys["fifths"][0] else 0
    for seed in range(4):
        made = songs(Growth(idea, seed=seed))[0].score
        chords, bars = chords_of(made), made.bars[made.bars["number"] >= 1]
        half = chords[chord_indices(chords, [float(bars["end_beat"][3]) - 0.01])]
        assert half["root"][0] == (tonic + 7) % 12
        assert chords["root"][-1] == tonic
        assert made.hands(RIGHT).notes["pitch"][-1] % 12 == tonic
        assert made.hands(LEFT).notes["pitch"][-1] >= 0


def test_the_bass_goes_from_root_to_root_into_the_close(idea: Score) -> None:
    for seed in range(6):
        made = songs(Growth(idea, seed=seed))[0].score
        chords, left = chords_of(made), made.hands(LEFT).notes
        closing = chords[chords["root"] != chords["root"][-1]][-1]
        under = left[within(left, float(closing["start_beat"]), float(closing["end_beat"]))]
        assert not len(under) or under["pitch"].min() % 12 == closing["root"]
        assert left["pitch"][left["onset_beat"] == left["onset_beat"].max()].min() % 12 == chords["root"][-1]


def test_easier_songs_are_clearly_easier_and_harder_ones_harder(idea: Score) -> None:
    for seed in range(4):
        easier, same, harder = (songs(Growth(idea, seed=seed, level=level))[0] for level in Level)
        levels = [made.measures.difficulty for made in (easier, same, harder)]
        assert levels[1] - levels[0] > 0.25, (seed, levels)
        assert levels[2] - levels[1] > 0.25, (seed, levels)
        for made in (easier, harder):
            begun = made.score.hands(RIGHT).notes[: len(idea.notes) - 1]
            assert begun["pitch"].tolist() == idea.notes["pitch"][:-1].tolist()
        assert not any("could not" in notice for made in (easier, harder) for notice in made.notices)


def test_a_level_moves_the_tune_alone_where_the_left_hand_has_its_style(idea: Score) -> None:
    same, harder = (
        songs(Growth(idea, seed=1, style=Style.BLOCK, level=level))[0] for level in (Level.SAME, Level.HARDER)
    )
    for made in (same, harder):
        assert made.notices[1].endswith("block chords")
    assert len(harder.score.hands(RIGHT).notes) > len(same.score.hands(RIGHT).notes)


def test_what_is_struck_more_often_steps_towards_the_next_note() -> None:
    bar = (Tone(0.0, 1.0, 0), Tone(1.0, 1.0, 3), Tone(2.0, 2.0, 2))
    busier = at_level(bar, Level.HARDER, 1.0)
    assert [tone.degree for tone in busier] == [0, 1, 3, 4, 2]
    assert [tone.length for tone in busier] == [0.5, 0.5, 0.5, 0.5, 2.0]
    calmer = at_level(bar, Level.EASIER, 1.0)
    assert [(tone.place, tone.length, tone.degree) for tone in calmer] == [(0.0, 2.0, 0), (2.0, 2.0, 2)]
    assert at_level(bar, Level.SAME, 1.0) == bar


def test_the_tune_and_its_chords_are_the_same_in_every_style(idea: Score) -> None:
    plain = songs(Growth(idea, seed=4))[0].score
    played = set()
    for style in styles_for(idea.metre_at(0.0)):
        made = songs(Growth(idea, seed=4, style=style))[0]
        assert made.score.hands(RIGHT).notes.tolist() == plain.hands(RIGHT).notes.tolist()
        assert made.score.chords.tolist() == plain.chords.tolist()
        assert made.notices[1].endswith(STYLE_WORDS[style])
        assert json.loads(made.made_by["analogy"])["style"] == style
        played.add(tuple(made.score.hands(LEFT).notes[["onset_beat", "pitch"]].tolist()))
    assert len(played) == len(styles_for(idea.metre_at(0.0)))


def test_one_hand_can_play_every_style_and_its_bass_stays_clear_of_the_tune(idea: Score) -> None:
    for style in styles_for(idea.metre_at(0.0)):
        for seed in range(3):
            made = songs(Growth(idea, seed=seed, style=style))[0].score
            line, left = made.hands(RIGHT).notes, made.hands(LEFT).notes
            assert left["pitch"].min() >= 40
            assert crossings(line, left, 1) == 0
            ends = left["onset_beat"] + left["duration_beat"]
            for onset in np.unique(left["onset_beat"]):
                held = left["pitch"][(left["onset_beat"] <= onset) & (ends > onset)]
                assert np.ptp(held) <= HAND_SPAN


def test_a_walking_bass_steps_on_every_beat_from_root_to_root() -> None:
    made = songs(Growth(motif(*MOTIFS[0]), seed=1, style=Style.WALKING))[0].score
    left, chords = made.hands(LEFT).notes, chords_of(made)
    walked = left[left["onset_beat"] < made.hands(RIGHT).notes["onset_beat"][-1]]
    assert walked["onset_beat"].tolist() == list(range(len(walked)))
    steps = np.abs(np.diff(walked["pitch"].astype(int)))
    assert (steps <= 2).mean() > 0.5
    assert (steps > 0).all()
    closing = walked[walked["onset_beat"] == chords["start_beat"][chords["root"] != 0][-1]]
    assert set((closing["pitch"] % 12).tolist()) <= {7}


def test_a_song_of_many_is_made_again_by_its_own_question(idea: Score) -> None:
    third = songs(Growth(idea, seed=4), 3)[2]
    again = songs(third.analogy)[0]
    assert again.score.digest == third.score.digest
    assert songs(Growth(idea, seed=4))[0].score.digest != third.score.digest


@pytest.mark.parametrize(
    ("bars", "seed", "others"), [(8, 0, (4,)), (8, 1, (4,)), (16, 0, (8,)), (16, 1, (4, 12)), (32, 0, (16, 20))]
)
def test_a_style_under_the_motif_goes_with_a_donors_manner_where_something_else_begins(
    two_hands: Score, bars: int, seed: int, others: tuple[int, ...]
) -> None:
    idea, donor = motif(*MOTIFS[0]), {Feature.TEXTURE: two_hands}
    both = Growth(idea, donor, style=Style.WALKING, song_bars=bars, seed=seed)
    made = songs(both)[0]
    styled, donated = (songs(replace(both, **one))[0].score for one in ({"donors": {}}, {"style": None}))
    assert made.score.hands(RIGHT).digest == styled.hands(RIGHT).digest == donated.hands(RIGHT).digest
    for bar in made.score.bars[made.score.bars["number"] >= 1]:
        span = (float(bar["start_beat"]), float(bar["end_beat"]))
        is_other = any(first < bar["number"] <= first + 4 for first in others)
        played, alone = (one.hands(LEFT).notes for one in (made.score, donated if is_other else styled))
        assert played[within(played, *span)].tolist() == alone[within(alone, *span)].tolist()
    assert "in the manner of" in made.notices[2]
    assert (made.analogy.style, made.analogy.donors) == (Style.WALKING, donor)


def test_a_style_that_does_not_fit_the_metre_is_refused() -> None:
    with pytest.raises(ComposerError, match="does not fit 3/4"):
        songs(Growth(motif(*MOTIFS[1]), style=Style.MARCH))


def test_a_half_cadence_has_its_root_in_the_bass(idea: Score) -> None:
    for seed in range(6):
        made = songs(Growth(idea, seed=seed, style=Style.BLOCK))[0].score
        chords, left, bars = chords_of(made), made.hands(LEFT).notes, made.bars[made.bars["number"] >= 1]
        half = chords[chord_indices(chords, [float(bars["end_beat"][3]) - 0.01])[0]]
        under = left[within(left, float(half["start_beat"]), float(half["end_beat"]))]
        assert not len(under) or under["pitch"].min() % 12 == half["root"]


@pytest.mark.parametrize("bars", [8, 16])
def test_the_last_chord_is_heard_with_its_third(idea: Score, bars: int) -> None:
    for style in styles_for(idea.metre_at(0.0)):
        for seed in (0, 1):
            made = songs(Growth(idea, seed=seed, song_bars=bars, style=style))[0].score
            tonic, last = int(chords_of(made)["root"][-1]), made.notes["onset_beat"].max()
            heard = set(((made.notes["pitch"][made.notes["onset_beat"] == last].astype(int) - tonic) % 12).tolist())
            assert heard & {3, 4} or style is Style.SINGLE, (style, seed)


def test_no_phrase_begins_on_a_fifth_in_the_bass_and_no_seventh_lies_there(idea: Score) -> None:
    for style in (Style.BLOCK, Style.BROKEN, Style.BASS_AND_CHORD if idea.metre_at(0.0) == (4, 4) else Style.HYMN):
        for seed in range(4):
            made = songs(Growth(idea, seed=seed, song_bars=16, style=style))[0].score
            chords, left = lasting(made, chords_of(made)), made.hands(LEFT).notes
            begins = made.bars["start_beat"][made.bars["number"] % 4 == 1]
            for chord in chords:
                under = left["pitch"][left["onset_beat"] == chord["start_beat"]].astype(int)
                if len(under):
                    above = (int(under.min()) - int(chord["root"])) % 12
                    assert above not in (10, 11)
                    assert above != 7 or chord["start_beat"] not in begins


def test_block_chords_move_in_no_bare_fifths_where_the_tune_leaves_room(idea: Score) -> None:
    for seed in range(8):
        made = songs(Growth(idea, seed=seed, song_bars=16, style=Style.BLOCK))[0].score
        left, tune = made.hands(LEFT).notes, made.hands(RIGHT).notes
        onsets = np.unique(left["onset_beat"])
        chords = [left["pitch"][left["onset_beat"] == onset].astype(int) for onset in onsets]
        bare = [set(((keys - keys.min()) % 12).tolist()) == {0, 7} for keys in chords]
        for at, (one, two) in enumerate(pairwise(chords)):
            over = tune["pitch"][within(tune, float(onsets[at]), float([*onsets, made.end_beat][at + 2]))]
            room = over.min(initial=127) >= 60
            assert not (room and bare[at] and bare[at + 1] and one.min() != two.min()), (seed, onsets[at])


def test_no_bar_begins_with_a_rest_because_the_motif_held_a_note_there() -> None:
    held = motif(((0, 1.5, 67), (1.5, 0.5, 69), (2, 2, 70), (4, 1, 69), (5, 1, 66)), (3, 4), -2, True)
    for seed in range(6):
        made = songs(Growth(held, seed=seed, song_bars=16))[0].score
        tune = made.hands(RIGHT).notes
        ends = tune["onset_beat"] + tune["duration_beat"]
        for start in made.bars["start_beat"]:
            assert ((tune["onset_beat"] <= start + 1e-6) & (ends > start + 1e-6)).any(), (seed, start)


def test_a_half_cadence_in_minor_sings_no_tone_against_the_leading_note() -> None:
    falling = motif(((0, 1, 76), (1, 1, 74), (2, 2, 72), (4, 2, 71), (6, 2, 69)), (4, 4), 0, True)
    rested = set()
    for seed in range(24):
        made = songs(Growth(falling, seed=seed))[0].score
        tune = made.hands(RIGHT).notes
        rest = tune[tune["onset_beat"] < 16][-1]
        rested.add(int(rest["pitch"]) % 12)
    assert 8 in rested  # G sharp, the third of the dominant
    assert 7 not in rested


@pytest.mark.parametrize("bars", [16, 32])
def test_the_middle_begins_elsewhere_than_the_motif_and_off_its_tonic(idea: Score, bars: int) -> None:
    for seed in (0, 2, 4, 6):
        made = songs(Growth(idea, seed=seed, song_bars=bars))[0].score
        tune, numbered = made.hands(RIGHT).notes, made.bars[made.bars["number"] >= 1]
        first, middle = (
            tune["pitch"][within(tune, float(bar["start_beat"]), float(bar["end_beat"]))].tolist()
            for bar in (numbered[0], numbered[bars // 2])
        )
        assert first != middle
        chords = chords_of(made)
        there = chords["root"][chord_indices(chords, [float(numbered["start_beat"][bars // 2])])]
        assert there[0] != chords["root"][-1]


@pytest.mark.parametrize(("last", "carried"), [((62, 71), True), ((67, 62), True), ((60, 64), False)])
def test_four_bars_that_the_dominant_carries_at_their_end_make_a_half_cadence(
    last: tuple[int, int], carried: bool
) -> None:
    rows = [(bar * 4.0, 4.0, pitch) for bar, pitch in enumerate((60, 65, 64))]
    four = motif((*rows, (12.0, 2.0, last[0]), (14.0, 2.0, last[1])), (4, 4), 0, False)
    for seed in range(3):
        chords = songs(Growth(four, seed=seed, song_bars=8))[0].score.chords
        assert bool(chords["root"][chord_indices(chords, [15.5])[0]] == 7) is carried


@pytest.mark.parametrize("minor", [False, True])
@pytest.mark.parametrize(
    ("metre", "last"),
    [
        ((4, 4), ((-1, 3.0), (0, 1.0))),
        ((4, 4), ((4, 1.0), (1, 1.0), (1, 1.0), (0, 1.0))),
        ((4, 4), ((3, 2.0), (2, 2.0))),
        ((3, 4), ((4, 1.0), (4, 1.0), (0, 1.0))),
        ((2, 4), ((1, 1.0), (0, 1.0))),
    ],
)
def test_four_bars_that_end_on_the_tonic_or_its_third_are_closed_there(
    metre: tuple[int, int], last: tuple[tuple[int, float], ...], minor: bool
) -> None:
    length, key = float(metre[0]), Key(9 if minor else 0, minor)
    rows = [(bar * length, length, pitch_of(degree, 0, key)) for bar, degree in enumerate((0, 3, 4))]
    beat = 3 * length
    for degree, held in last:
        rows.append((beat, held, pitch_of(degree, 0, key)))
        beat += held
    for seed in range(3):
        chords = songs(Growth(motif(tuple(rows), metre, 0, minor), seed=seed, song_bars=8))[0].score.chords
        assert chords["root"][chord_indices(chords, [beat - 0.1])[0]] == key.tonic


@pytest.mark.parametrize(
    ("degrees", "roots"),
    [((0, -1, 1, -1), {0}), ((3, 5, 4, 3), {5, 7}), ((1, 0, -1, 1), {0, 7}), ((5, 7, 5, 3), {5}), ((1, -1, 1, 0), {7})],
)
def test_a_song_in_minor_opens_on_a_chord_that_carries_its_first_note_and_says_the_key(
    degrees: tuple[int, ...], roots: set[int]
) -> None:
    key = Key(9, True)
    rows = [(float(beat), 1.0, pitch_of(degree, 0, key)) for beat, degree in enumerate(degrees)]
    rows += [(4.0, 4.0, pitch_of(degrees[-1], 0, key))]
    for seed in (0, 2, 4):  # periods, which state the motif again in bar 5
        made = songs(Growth(motif(tuple(rows), (4, 4), 0, True), seed=seed, song_bars=8))[0].score
        chords, places = made.chords, chord_indices(made.chords, [0.0, 16.0])
        assert {(int(root) - key.tonic) % 12 for root in chords["root"][places]} <= roots
        tones = {tone for mask in chords["tones"] for tone in range(12) if mask >> ((tone + key.tonic) % 12) & 1}
        assert tones <= {0, 2, 3, 5, 7, 8, 10, 11}


def test_a_last_note_that_is_cut_is_told() -> None:
    rows = tuple((bar * 4.0, 4.0, 60 + bar) for bar in range(3))
    kept = songs(Growth(motif((*rows, (12.0, 4.0, 62)), (4, 4), 0, False)))[0]
    cut = songs(Growth(motif((*rows, (12.0, 6.0, 62)), (4, 4), 0, False)))[0]
    assert not any("fourth bar" in notice for notice in kept.notices)
    assert "the motif's last note ends with its fourth bar" in cut.notices


def test_a_phrygian_tune_that_rises_to_its_tonic_has_the_falling_second_in_its_bass() -> None:
    rows = tuple((float(beat), 1.0, 64 + step) for beat, step in enumerate((0, 5, 7, 5)))
    for seed in range(6):
        made = songs(Growth(replace(motif(rows, (4, 4), 0, False), mode="phrygian"), seed=seed, style=Style.BLOCK))[0]
        line, left = made.score.hands(RIGHT).notes, made.score.hands(LEFT).notes
        bass = [left["pitch"][left["onset_beat"] == beat].min() % 12 for beat in np.unique(left["onset_beat"])[-2:]]
        assert bass == ([5, 4] if line["pitch"][-2] % 12 == 2 else [2, 4])


def test_a_phrygian_song_comes_home_without_a_foreign_tone_in_its_cadence() -> None:
    around = replace(
        motif(((0, 1, 64), (1, 1, 65), (2, 1, 67), (3, 1, 65), (4, 1, 64), (5, 1, 62), (6, 2, 64)), (4, 4), 0, False),
        mode="phrygian",
    )
    for seed in range(6):
        made = songs(Growth(around, seed=seed))[0].score
        assert not set((made.notes["pitch"] % 12).tolist()) & {1, 3, 6, 8, 10}


def test_a_pickup_comes_again_and_shortens_the_last_bar() -> None:
    made = songs(Growth(motif(*MOTIFS[2]), seed=0))[0].score
    assert made.bars["number"][0] == 0
    assert made.bars["end_beat"][-1] - made.bars["start_beat"][-1] == 2.5
    onsets = made.hands(RIGHT).notes["onset_beat"]
    assert {-0.5, 11.5} <= set(onsets.tolist())  # before the first and the second phrase


def test_a_pickup_takes_no_note_from_the_first_statement() -> None:
    rows = ((-1.0, 1.0, 67), *((float(beat), 1.0, 60 + (0, 4, 7, 4)[beat % 4]) for beat in range(16)))
    made = songs(Growth(motif(rows, (4, 4), 0, False), seed=0, song_bars=8))[0].score
    assert made.hands(RIGHT).notes["pitch"][:17].tolist() == [row[2] for row in rows]


@pytest.mark.parametrize(
    "rows",
    [
        ((0.0, 1.0, 60), (1.0, 1.0, 64), (2.0, 6.0, 67), (8.0, 2.0, 69), (10.0, 2.0, 67)),  # held through a bar
        ((0.0, 3.0, 67), (3.0, 5.0, 64)),  # held into a last bar of its own
        ((0.0, 2.0, 60), (2.0, 2.0, 64), (8.0, 2.0, 69), (10.0, 2.0, 67)),  # a bar of rest
    ],
)
def test_notes_and_rests_of_a_motif_go_over_its_bar_lines(rows: tuple[tuple[float, float, int], ...]) -> None:
    for bars in (8, 16):
        line = songs(Growth(motif(rows, (4, 4), 0, False), song_bars=bars))[0].score.hands(RIGHT).notes[: len(rows)]
        assert [row[:3] for row in line[["onset_beat", "duration_beat", "pitch"]].tolist()] == list(rows)


def test_a_low_motif_goes_up_until_a_left_hand_fits_below(tmp_path: Path) -> None:
    low = tuple((float(beat), 1.0, pitch) for beat, pitch in enumerate((36, 40, 43, 48)))
    for seed in range(3):
        made = songs(Growth(motif(low, (4, 4), 0, False), seed=seed))[0]
        assert made.score.hands(RIGHT).notes["pitch"][:4].tolist() == [60, 64, 67, 72]
        assert "2 octaves higher" in made.notices[-1]
        line, left = made.score.hands(RIGHT).notes, made.score.hands(LEFT).notes
        assert crossings(line, left, 1) == 0
        write_score(made.score, tmp_path / f"{seed}.musicxml")
        again = read_score(tmp_path / f"{seed}.musicxml")
        assert again.hands(RIGHT).notes[["onset_beat", "pitch"]].tolist() == line[["onset_beat", "pitch"]].tolist()
        assert again.hands(LEFT).notes[["onset_beat", "pitch"]].tolist() == left[["onset_beat", "pitch"]].tolist()


def test_the_leading_note_is_raised_over_the_dominant_of_minor() -> None:
    for seed in range(6):
        made = songs(Growth(motif(*MOTIFS[1]), seed=seed))[0].score
        line, chords = made.hands(RIGHT).notes, chords_of(made)
        index = chord_indices(chords, line["onset_beat"])
        dominant = np.array([bool(in_mask(int(chords["tones"][at]), 8)) for at in index])
        assert not (line["pitch"][dominant] % 12 == 7).any()


def test_the_same_seed_gives_the_same_song_and_another_one_another(idea: Score) -> None:
    first, again, other = (songs(Growth(idea, seed=seed))[0].score.digest for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize(
    ("bars", "words"),
    [(8, "8 bars in the form of a (period|sentence)"), (32, "32 bars in the form AABA")],
)
def test_the_form_of_a_song_is_told_in_words(idea: Score, bars: int, words: str) -> None:
    form, hand = songs(Growth(idea, song_bars=bars))[0].notices[:2]
    assert re.fullmatch(words, form)
    assert hand.startswith("the left hand plays")  # not that the tune stays, which is as new


def test_songs_of_one_seed_are_told_apart_by_their_names(idea: Score) -> None:
    assert [made.score.title for made in songs(Growth(idea, seed=1), count=3)] == [
        "Song on Idea",
        "Song 2 on Idea",
        "Song 3 on Idea",
    ]


def test_a_donor_lends_its_form() -> None:
    rows = tuple((bar * 4.0 + beat, 1.0, 60 + step) for bar in range(8) for beat, step in enumerate((0, 4, 7, 4)))
    deeds = form_of(motif(rows, (4, 4), 0, False), 8, 2).steps
    assert [step.deed for step in deeds[2:]] == [
        Deed.STATE,
        Deed.HALF,
        Deed.STATE,
        Deed.STATE,
        Deed.APPROACH,
        Deed.FULL,
    ]
    risen = tuple(
        (onset, length, pitch + (2 if onset >= 8 else 0) - (pitch % 12 == 4) * (onset >= 8))
        for onset, length, pitch in rows
    )
    step = form_of(motif(risen, (4, 4), 0, False), 8, 2).steps[2]
    assert (step.deed, step.of, step.steps) == (Deed.MOVE, 0, 1)


def test_degrees_and_pitches_are_two_names_of_one_thing() -> None:
    for key in (Key(0, False), Key(9, True), Key(6, False), Key(5, True)):
        assert all(pitch_of(*degree_of(pitch, key), key) == pitch for pitch in range(40, 90))


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (tuple((bar * 4.0, 4.0, 60) for bar in range(5)), "the motif has 5 bars"),
        (((4.0, 4.0, 60),), "first bar"),
    ],
)
def test_what_is_no_motif_is_refused(rows: tuple[tuple[float, float, int], ...], says: str) -> None:
    with pytest.raises(ComposerError, match=says):
        songs(Growth(motif(rows, (4, 4), 0, False)))
    empty = motif(IDEA, (4, 4), 0, False)
    with pytest.raises(ComposerError, match="no notes"):
        motif_of(empty.with_notes(empty.notes[:0]))


@pytest.mark.parametrize("fifths", [-7, -6, 7])
def test_a_song_keeps_the_signature_of_its_motif(fifths: int) -> None:
    rows = tuple((onset, length, pitch + (7 * fifths) % 12) for onset, length, pitch in IDEA)
    made = songs(Growth(motif(rows, (4, 4), fifths, False)))[0].score
    assert made.keys[["fifths", "minor"]].tolist() == [(fifths, False)]


@pytest.mark.parametrize(
    ("mode", "tonic", "home_from"), [("dorian", 2, 0), ("phrygian", 4, 2), ("lydian", 5, 0), ("mixolydian", 7, 5)]
)
def test_a_modal_song_closes_on_its_own_tonic_without_a_foreign_leading_note(
    tmp_path: Path, mode: str, tonic: int, home_from: int
) -> None:
    rows = tuple((float(beat), 1.0, 60 + tonic + step) for beat, step in enumerate((0, 5, 7, 5)))
    white = (0, 2, 4, 5, 7, 9, 11)
    for seed in range(3):
        made = songs(Growth(replace(motif(rows, (4, 4), 0, False), mode=mode), seed=seed))[0].score
        assert set((made.notes["pitch"] % 12).tolist()) <= {*white, (tonic + 5) % 12}  # the motif's fourth stays
        assert made.chords["root"][made.chords["root"] != tonic][-1] == home_from
        assert made.hands(RIGHT).notes["pitch"][-1] % 12 == made.chords["root"][-1] == tonic
        write_score(made, tmp_path / f"{seed}.musicxml")
        assert read_score(tmp_path / f"{seed}.musicxml").mode == mode


def test_chromatic_steps_ask_for_no_foreign_chord_and_move_along() -> None:
    run = (64, 63, 64, 65, 66, 67, 68, 69)
    rows = tuple((step / 2, 0.5, pitch) for step, pitch in enumerate(run))
    chromatic = motif(rows, (4, 4), 0, False)
    for seed in range(3):
        assert songs(Growth(chromatic, seed=seed))[0].score.chords["root"][0] == 0
    up = moved(motif_of(chromatic).bars[0], 1, MAJOR)
    assert [pitch_of(tone.degree, tone.alter, Key(0, False)) for tone in up] == [65, 64, 65, 67, 68, 69, 70, 71]


def test_the_key_can_be_told(tmp_path: Path) -> None:
    bare = replace(motif(IDEA, (4, 4), 0, False), keys=np.zeros(0, KEY_DTYPE))
    write_score(bare, tmp_path / "motif.mid")
    assert called(tmp_path / "motif.mid", "--key", "Am", "-o", tmp_path / "song.musicxml") == 0
    assert read_score(tmp_path / "song.musicxml").keys[["fifths", "minor"]].tolist() == [(0, True)]


def test_what_of_a_motif_does_not_sound_in_the_song_is_told() -> None:
    plain = motif(IDEA, (4, 4), 0, False)
    assert len(songs(Growth(plain))[0].notices) == 2
    below, ornament = plain.notes[:2].copy(), plain.notes[2:3].copy()
    below["pitch"] -= 3
    under = below[:1].copy()
    under["hand"], under["pitch"], ornament["grace"] = LEFT, 48, True
    full = plain.with_notes(np.concatenate([plain.notes, below, under, ornament]))
    told = songs(Growth(replace(full, metres=np.array([(0, 4, 4), (4, 3, 4)], dtype=METRE_DTYPE))))[0].notices
    assert told[2:] == (NO_LEFT, NO_CHORDS, NO_GRACES, ONE_METRE)


def test_a_free_take_is_put_on_the_grid_and_that_is_told() -> None:
    plain = motif(IDEA, (4, 4), 0, False)
    loose = plain.notes.copy()
    loose["onset_beat"] += np.array([1, 0.06, -0.05, 0.03, -0.04, 0.05, -0.03]) * (np.arange(7) > 0)
    made = songs(Growth(plain.with_notes(loose)))[0]
    assert made.score.hands(RIGHT).notes["onset_beat"][:7].tolist() == plain.notes["onset_beat"].tolist()
    assert made.notices[-1] == ON_GRID


def called(*words: object) -> int:
    parser = argparse.ArgumentParser()
    song.configure(parser)
    parts = SimpleNamespace(composer=lambda: Songwriter(RuleComposer()))
    return song.run(parser.parse_args([str(word) for word in words]), parts)


def test_the_command_writes_a_song_and_says_how_to_make_it_again(
    tmp_path: Path, two_hands: Score, capsys: pytest.CaptureFixture[str]
) -> None:
    write_score(motif(IDEA, (4, 4), 0, False), tmp_path / "motif.musicxml")
    write_score(two_hands, tmp_path / "donor.musicxml")
    out = tmp_path / "song.musicxml"
    words = (
        tmp_path / "motif.musicxml",
        "--texture-from",
        tmp_path / "donor.musicxml",
        "--seed",
        2,
        "-o",
        out,
        "--json",
    )
    assert called(*words) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["analogy"]["song_bars"], told["analogy"]["seed"]) == (0, 2)
    assert set(told["analogy"]["donors"]) == {Feature.TEXTURE}
    assert told["results"][0]["rhythm_kept"] == 1.0
    assert read_score(out).bars["number"][-1] == 8
    with pytest.raises(InputError, match="exists"):
        called(*words)
    assert called(tmp_path / "motif.musicxml", "--style", "walking-bass", "-o", tmp_path / "song.mid") == 0
    assert json.loads(made_by(tmp_path / "song.mid")["analogy"])["style"] == Style.WALKING
    with pytest.raises(InputError, match="--style polka: must be one of"):
        called(tmp_path / "motif.musicxml", "--style", "polka", "-o", tmp_path / "polka.mid")


def test_the_command_takes_a_motif_that_is_typed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "song.musicxml"
    assert called("--notes", "D | G2 A B2 d", "--metre", "6/8", "--tempo", 60, "-o", out) == 0
    made = read_score(out)
    assert made.metre_at(0.0) == (6, 8)
    assert made.hands(RIGHT).notes["pitch"][:5].tolist() == [62, 67, 69, 71, 74]
    assert "kept" not in capsys.readouterr().out  # of a motif that stands as it was


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--notes", "C H"), "--notes: “H” is no note"),
        (("--notes", "C", "--metre", "3/5"), "--metre 3/5: must be 1 to 12 halves, quarters or eighths"),
        (("--notes", "C", "--tempo", "0"), "--tempo 0: must be 20 to 400"),
        (("--notes", "C", "--metre", ""), "--metre : must be 1 to 12"),
        (("motif.mid", "--metre", "3/4"), "--metre: is for --notes; a file has its own"),
        (("motif.mid", "--tempo", "120"), "--tempo: is for --notes; a file has its own"),
        ((), "give a MOTIF, or its --notes"),
        (("motif.mid", "--notes", "C"), "give a MOTIF, or its --notes"),
    ],
)
def test_a_typed_motif_that_cannot_be_read_is_refused(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    with pytest.raises(InputError, match=says):
        called(*words, "-o", tmp_path / "song.mid")
