"""The voicing network: what it learns, and what it answers to a donor's texture."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import mido
import numpy as np
import pytest
import torch

from lessons.analogy import Analogy, Feature
from lessons.errors import CheckpointError, InputError
from lessons.harmony import Key, chords_of
from lessons.library import shelf
from lessons.score import BAR_DTYPE, LEFT, METRE_DTYPE, NOTE_DTYPE, RIGHT, Score
from models import checkpoint
from models.corpus import TRAIN, VALID
from models.keyboard import Manner, equal_bars, voiced
from models.line import OCTAVE
from models.texture import plan_texture
from models.two_hands import HAND_SPAN
from models.voicing import CHOICES, KEYS, Keyboards, Strokes, feature_count, features, strokes_of
from models.voicing_composer import VoicingComposer, WithoutVoicing, load_composers, network_of
from models.voicing_corpus import Parts, gather_parts, lesson_of
from models.voicing_training import VoicingSchedule, roughened, seen, train_voicing

C_MAJOR = Key(0, False)


@pytest.fixture(scope="module")
def composer() -> VoicingComposer:
    found = load_composers()
    assert isinstance(found, VoicingComposer)
    return found


@pytest.fixture(scope="module")
def broken() -> Score:
    """Four bars of broken chords for two hands."""
    rows = [(beat / 2, 0.5, pitch, LEFT) for beat, pitch in enumerate((48, 55, 52, 55) * 8)]
    rows += [(4.0 * bar, 4.0, pitch, RIGHT) for bar in range(4) for pitch in (64, 67, 72)]
    notes = np.zeros(len(rows), NOTE_DTYPE)
    for name, column in zip(("onset_beat", "duration_beat", "pitch", "hand"), zip(*rows, strict=True), strict=True):
        notes[name] = column
    notes["velocity"] = 80
    bars = [(bar + 1, bar + 1, 4.0 * bar, 4.0 * bar + 4) for bar in range(4)]
    return Score(
        notes,
        np.array(bars, dtype=BAR_DTYPE),
        np.array([(0.0, 4, 4)], dtype=METRE_DTYPE),
        title="Broken",
    )


def parts_of(songs: int = 6) -> Parts:
    """Songs of close triads over their roots, C and G in turn."""
    rows = []
    for song in range(songs):
        for bar in range(16):
            root = 0 if bar % 2 == 0 else 7
            mask = 0b10010001 if root == 0 else 0b100010000100
            chord = (48, 60, 64, 67) if root == 0 else (43, 59, 62, 67)
            split = VALID if song == songs - 1 else TRAIN
            same = (root, mask, song, split, 0, 0, C_MAJOR.scale)
            rows += [(bar * 16 + beat * 4, 4, pitch, *same) for beat in range(4) for pitch in chord]
    table = np.array(rows).T
    names = ("onset", "length", "pitch", "root", "mask", "song", "split", "tonic", "minor", "scale")
    return Parts(dict(zip(names, table, strict=True)))


def test_parts_survive_their_file(tmp_path: Path) -> None:
    parts = parts_of()
    parts.save(tmp_path / "parts.npz")
    again = Parts.load(tmp_path / "parts.npz")
    assert all(np.array_equal(again.columns[name], values) for name, values in parts.columns.items())


def test_without_packs_there_is_nothing_to_learn_from(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no pop909"):
        gather_parts(tmp_path)


def test_the_piano_of_a_song_is_laid_on_the_bars_of_another_file(tmp_path: Path) -> None:
    def saved(path: Path, names: list[str], pitch: int, late: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = mido.MidiFile(ticks_per_beat=480)
        file.tracks.append(mido.MidiTrack([mido.MetaMessage("time_signature", numerator=4, denominator=4)]))
        for name in names:
            played = [mido.Message("note_on", note=pitch, time=late), mido.Message("note_off", note=pitch, time=960)]
            file.tracks.append(mido.MidiTrack([mido.MetaMessage("track_name", name=name), *played]))
        file.save(path)

    saved(tmp_path / "pop909" / "001" / "001.mid", ["MELODY", "PIANO"], 64, 490)
    saved(tmp_path / "pop909-cl" / "001.mid", ["piano", "chords"], 60, 0)
    (tmp_path / "pop909" / "splits.json").write_text('{"val": []}')
    listing = "song\tquarters\tshare\n001\t-1.0\t1.0\n"
    (tmp_path / "pop909-cl" / "offset_to_pop909.tsv").write_text(listing)
    columns = gather_parts(tmp_path).columns
    assert (columns["onset"].tolist(), columns["length"].tolist(), columns["pitch"].tolist()) == ([0], [8], [64])
    assert columns["root"].tolist() == [0]


def test_it_sees_the_same_in_every_key() -> None:
    pattern = Strokes(*(np.array([value]) for value in (60, 4, 20, 0, 1, 0, 0b10010001, C_MAJOR.scale, 0, 0, 4)))
    keys = np.zeros((4, 1, KEYS), dtype=np.uint8)
    keys[:, 0, [50, 57, 62]] = 1
    up = Key(5, False)
    moved = replace(
        pattern, rough=np.array([65]), root=np.array([5]), mask=np.array([0b1000100001]), scale=np.array([up.scale]),
        tonic=np.array([5]),
    )  # fmt: skip
    there, here = features(moved, Keyboards(*np.roll(keys, 5, axis=2))), features(pattern, Keyboards(*keys))
    assert np.array_equal(there, here)


def test_no_note_sees_itself_or_what_is_struck_above_it() -> None:
    lesson = lesson_of(parts_of(2))
    rough, doubt = roughened(lesson, np.random.default_rng(0))
    rows = np.array([4, 5, 6, 7])
    shown, _ = seen(lesson, rough, doubt, rows)
    struck = lesson.struck.copy()
    struck[1, 60:] = 0
    blind, _ = seen(replace(lesson, struck=struck), rough, doubt, rows[:2])
    assert np.array_equal(shown[:2], blind)


def test_it_learns_where_the_fingers_go() -> None:
    torch.set_num_threads(1)
    told: list[dict[str, float]] = []
    schedule = VoicingSchedule(epochs=60, width=32, batch=64, rate=0.01)
    _, figures = train_voicing(parts_of(), schedule, told.append)
    assert figures["likeliest_right"] > max(0.8, figures["unmoved_right"])
    assert figures["surprise"] < told[0]["surprise"]


def test_the_donors_rhythm_comes_exactly_and_the_chords_are_the_pieces(
    composer: VoicingComposer, two_hands: Score, broken: Score
) -> None:
    answer = composer.vary(Analogy(two_hands, {Feature.TEXTURE: broken}))[0]
    assert answer.weights == composer.weights
    assert answer.measures.rhythm_kept < 1.0  # of the piece's own
    until_close = [score.notes["onset_beat"][score.notes["onset_beat"] <= 12.0] for score in (answer.score, broken)]
    assert np.unique(until_close[0]).tolist() == np.unique(until_close[1]).tolist()
    assert chords_of(answer.score)["root"].tolist() == chords_of(two_hands)["root"].tolist()


def test_hands_hold_what_they_strike_and_do_not_cross(
    composer: VoicingComposer, two_hands: Score, broken: Score
) -> None:
    for seed in range(3):
        notes = composer.vary(Analogy(two_hands, {Feature.TEXTURE: broken}, seed=seed))[0].score.notes
        for onset in np.unique(notes["onset_beat"]):
            struck = notes[notes["onset_beat"] == onset]
            for hand in (LEFT, RIGHT):
                pitches = struck["pitch"][struck["hand"] == hand].astype(int)
                assert len(pitches) == 0 or np.ptp(pitches) <= HAND_SPAN
        for bar in range(4):
            here = notes[(notes["onset_beat"] >= 4 * bar) & (notes["onset_beat"] < 4 * bar + 4)]
            assert here["pitch"][here["hand"] == LEFT].max() < here["pitch"][here["hand"] == RIGHT].min()


def test_answers_differ_and_the_same_seed_gives_the_same(
    composer: VoicingComposer, two_hands: Score, broken: Score
) -> None:
    asked = Analogy(two_hands, {Feature.TEXTURE: broken}, seed=3)
    first, again = composer.vary(asked, 3), composer.vary(asked, 3)
    assert [answer.score.digest for answer in first] == [answer.score.digest for answer in again]
    assert len({answer.score.digest for answer in first}) == 3


def test_a_bar_that_returns_is_played_as_before(composer: VoicingComposer, broken: Score) -> None:
    chords = np.array([(0.0, 16.0, 0, 0b10010001, 0)], dtype=chords_of(broken).dtype)
    notes = broken.notes[np.lexsort((broken.notes["pitch"], broken.notes["onset_beat"]))]
    strokes = strokes_of(broken, notes, chords, C_MAJOR, 45)
    before = equal_bars(broken, notes, strokes)
    found = voiced(composer.network, broken, notes, strokes, (21, 108), 2, np.random.default_rng(0), Manner())
    again = before >= 0
    assert again.mean() == 0.75
    assert (found.pitches[:, again] == found.pitches[:, before[again]]).mean() > 0.95


@pytest.mark.parametrize("seed", range(6))
def test_a_hand_leaps_no_farther_than_an_octave_where_the_pattern_steps(composer: VoicingComposer, seed: int) -> None:
    donor = shelf.load("petzold-minuet-g")
    analogy = Analogy(shelf.load("lavenders-blue"), {Feature.TEXTURE: donor}, hand=LEFT, seed=seed)
    moved = plan_texture(analogy, passing=True).moved
    strokes = strokes_of(analogy.piece, moved, chords_of(analogy.piece), Key(2, False), composer.manner.doubt)
    rng = np.random.default_rng(seed)
    found = voiced(composer.network, analogy.piece, moved, strokes, (21, 108), 8, rng, composer.manner).pitches
    _, first = np.unique(moved["onset_beat"], return_index=True)  # the lowest of each stroke
    wide = np.abs(np.diff(moved["pitch"][first].astype(int))) > OCTAVE
    assert (np.abs(np.diff(found[:, first], axis=1))[:, ~wide] > OCTAVE + 2).mean() < 0.01  # unbounded: .034 and more


def test_the_range_that_was_asked_for_is_kept(composer: VoicingComposer, two_hands: Score, broken: Score) -> None:
    notes = composer.vary(Analogy(two_hands, {Feature.TEXTURE: broken}, lowest=45, highest=74))[0].score.notes
    assert (notes["pitch"].min() >= 45, notes["pitch"].max() <= 74) == (True, True)


def test_other_questions_go_to_the_composer_of_lines(composer: VoicingComposer, two_hands: Score) -> None:
    assert composer.vary(Analogy(two_hands, strength=0.5))[0].weights.startswith("writer-")


def test_without_weights_rules_answer_and_only_then_say_so(tmp_path: Path, two_hands: Score, broken: Score) -> None:
    found = load_composers(tmp_path)
    assert isinstance(found, WithoutVoicing)
    told = found.vary(Analogy(two_hands, {Feature.TEXTURE: broken}))[0].notices
    assert any("no weights of the voicing" in notice for notice in told)
    assert not any("voicing" in notice for notice in found.vary(Analogy(two_hands))[0].notices)


def test_damaged_weights_are_named_and_the_rules_answer(tmp_path: Path, two_hands: Score, broken: Score) -> None:
    whole = checkpoint.find("voicing")
    assert whole is not None
    shutil.copy(whole, tmp_path / "voicing-00000000.safetensors")
    answer = load_composers(tmp_path).vary(Analogy(two_hands, {Feature.TEXTURE: broken}))[0]
    assert whole.stem.rpartition("-")[2] in " ".join(answer.notices)


def test_weights_of_another_shape_are_refused() -> None:
    shapes = {"0.weight": (4, feature_count() + 1), "2.weight": (CHOICES, 4)}
    foreign = checkpoint.Checkpoint("voicing-1", {name: np.zeros(shape) for name, shape in shapes.items()}, {}, {})
    with pytest.raises(CheckpointError, match=r"voicing-1.*another network"):
        network_of(foreign)
