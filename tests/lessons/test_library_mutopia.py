"""The library against an independent engraving: every note of the originals, its place, length and hand.

The other engraving is the Mutopia Project's MIDI. It leaves most repeats folded and writes both endings one after the
other, so each piece says which bars of our unfolded timeline follow one another there. Two things are no difference: an
ornament is a sign in ours and is not played in theirs; a staccato note has its written length in ours and half of it in
theirs. Whatever else differs is listed with its place and the reason.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import mido
import pytest

from lessons.library.shelf import load
from lessons.score import LEFT, RIGHT, Score

MIDI_FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "mutopia-piano" / "midi"
PLACE_DIGITS = 3

Place = tuple[float, int, int]  # onset in quarters from the start of the other engraving, pitch, hand


@dataclass(frozen=True)
class Original:
    """A piece, its other engraving, and what to know when comparing them."""

    slug: str
    midi: str
    bars: tuple[tuple[int, int], ...] = ()  # ours, unfolded, as they follow one another there; () = all
    gap: tuple[float, float] | None = None  # (from our quarter, shift): where theirs has a rest that ours has not
    staccato: bool = False  # theirs plays dotted notes at half their length
    selected: bool = False  # ours takes some of its voices and bars and adds nothing
    lengths: frozenset[tuple[float, int]] = (
        frozenset()
    )  # accepted (onset, pitch) of other lengths, with the reason beside


ORIGINALS = (
    Original("mozart-theme-a", "MozartWA_KV331_KV331_1_1_tema_KV331_1_1_tema", bars=((1, 8),), selected=True),
    Original(
        "minuet-a-minor",
        "BachJS_BWVAnh120_BWV-120_BWV-120",
        bars=((0, 0), (13, 24), (41, 56)),
        # Its bar 12 is three quarters long besides the upbeat that follows it, by mistake ("barcheck fails here").
        gap=(36.0, 1.0),
        # Ours fills the bar of the last ending; theirs stops where the upbeat of the repeat would begin.
        lengths=frozenset({(83.0, 69), (83.0, 45)}),
    ),
    Original("minuet-c-minor", "BachJS_BWVAnh121_BWV-121_BWV-121", bars=((1, 8), (17, 32))),
    Original("bach-prelude-c", "BachJS_BWV846_wtk1-prelude1_wtk1-prelude1"),
    Original(
        "burgmuller-arabesque", "BurgmullerJFF_O100_25EF-02_25EF-02", bars=((1, 10), (18, 34), (50, 55)), staccato=True
    ),
    Original("schumann-melody", "SchumannR_O68_schumann-op68-01-melodie_schumann-op68-01-melodie"),
    Original(
        "schumann-soldiers-march", "SchumannR_O68_schumann-op68-02-marche-militaire_schumann-op68-02-marche-militaire"
    ),
    Original(
        "schumann-wild-horseman",
        "SchumannR_O68_schumann-op68-08-cavalier-sauvage_schumann-op68-08-cavalier-sauvage",
        staccato=True,
    ),
    Original("tchaikovsky-old-french-song", "TchaikovskyPI_O39_16OldFrenchSong_16OldFrenchSong", staccato=True),
)

every_original = pytest.mark.parametrize("original", ORIGINALS, ids=lambda original: original.slug)


def ours(original: Original) -> dict[Place, float]:
    """Place and length of our notes, on the other engraving's timeline."""
    score, found, now = load(original.slug), {}, 0.0
    for first, last in original.bars or ((int(score.bars["number"][0]), int(score.bars["number"][-1])),):
        start, end = score.bar_range(first, last)
        for note in notes_between(score, start, end):
            onset = now + float(note["onset_beat"]) - start
            if original.gap and onset >= original.gap[0]:
                onset += original.gap[1]
            found[round(onset, PLACE_DIGITS), int(note["pitch"]), int(note["hand"])] = float(note["duration_beat"])
        now += end - start
    return found


def notes_between(score: Score, start: float, end: float) -> Iterator:
    onsets = score.notes["onset_beat"]
    return iter(score.notes[(onsets >= start - 1e-6) & (onsets < end - 1e-6)])


def theirs(original: Original) -> dict[Place, float]:
    """Place and length of every note of the MIDI file; its upper staff comes first."""
    path = MIDI_FOLDER / f"{original.midi}.mid"
    if not path.is_file():
        pytest.skip(f"{path.name} is not beside the checkout")
    file = mido.MidiFile(path)
    staves = [track for track in file.tracks if any(message.type == "note_on" for message in track)]
    assert len(staves) == 2
    found = {}
    for hand, track in zip((RIGHT, LEFT), staves, strict=True):
        for onset, duration, pitch in sounding(track):
            place = round(onset / file.ticks_per_beat, PLACE_DIGITS), pitch, hand
            found[place] = max(duration / file.ticks_per_beat, found.get(place, 0.0))
    return found


def sounding(track: mido.MidiTrack) -> Iterator[tuple[int, int, int]]:
    now, held = 0, {}
    for message in track:
        now += message.time
        if message.type == "note_on" and message.velocity:
            held.setdefault(message.note, []).append(now)
        elif message.type in ("note_on", "note_off") and held.get(message.note):
            onset = held[message.note].pop(0)
            yield onset, now - onset, message.note


@pytest.mark.shared_data
@every_original
def test_every_note_is_where_another_engraving_has_it(original: Original) -> None:
    mine, other = ours(original), theirs(original)
    assert sorted(mine.keys() - other.keys()) == []
    if not original.selected:
        assert sorted(other.keys() - mine.keys()) == []


@pytest.mark.shared_data
@every_original
def test_every_note_is_as_long_as_another_engraving_has_it(original: Original) -> None:
    mine, other = ours(original), theirs(original)
    different = {
        (onset, pitch): (length, other[onset, pitch, hand])
        for (onset, pitch, hand), length in mine.items()
        if abs(length - other[onset, pitch, hand]) > 0.01
        and not (original.staccato and abs(length - 2 * other[onset, pitch, hand]) < 0.01)
    }
    assert different.keys() == original.lengths
