"""Real scores stand where their note-aligned performances say."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from lessons.files import read_score

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
ALTERS = {"n": 0, "#": 1, "##": 2, "b": -1, "bb": -2}
SNOTE = re.compile(r"snote\([^,]+,\[(\w),([^\]]*)\],(\d+),[^)]*?,(-?[\d.]+),-?[\d.]+,\[[^\]]*\]\)")


def aligned_notes(path: Path) -> Counter[tuple[float, int]]:
    """(onset in quarters, pitch) of the score notes of a match file with one metre."""
    text = path.read_text(encoding="utf-8")
    denominators = set(re.findall(r"scoreprop\(timeSignature,\d+/(\d+)", text))
    assert len(denominators) == 1
    quarters = 4 / int(denominators.pop())
    return Counter(
        (round(float(onset) * quarters, 3), 12 * (int(octave) + 1) + STEPS[step.upper()] + ALTERS[alter])
        for step, alter, octave, onset in SNOTE.findall(text)
    )


def read_notes(path: Path) -> Counter[tuple[float, int]]:
    notes = read_score(path).notes
    return Counter(zip(notes["onset_beat"].round(3).tolist(), notes["pitch"].tolist(), strict=True))


CASES = [
    ("vienna4x22", "Chopin_op10_no3", "Chopin_op10_no3_p04", 0),
    ("vienna4x22", "Chopin_op38", "Chopin_op38_p07", 0),
    ("vienna4x22", "Mozart_K331_1st-mov", "Mozart_K331_1st-mov_p03", 2),  # two keys that two voices share
    ("vienna4x22", "Schubert_D783_no15", "Schubert_D783_no15_p04", 0),
]


@pytest.mark.shared_data
@pytest.mark.skipif(not (SHARED / "vienna4x22").is_dir(), reason="needs shared/data/vienna4x22")
@pytest.mark.parametrize(("pack", "score", "match", "shared_keys"), CASES)
def test_scores_have_each_aligned_note_at_its_place(pack: str, score: str, match: str, shared_keys: int) -> None:
    aligned = aligned_notes(SHARED / pack / "match" / f"{match}.match")
    read = read_notes(SHARED / pack / "musicxml" / f"{score}.musicxml")
    assert set(read) == set(aligned)
    assert aligned.total() - read.total() == shared_keys


@pytest.mark.shared_data
@pytest.mark.skipif(not (SHARED / "k265-variation-nc").is_dir(), reason="needs shared/data/k265-variation-nc")
def test_repeats_are_unfolded_as_they_were_played() -> None:
    pack = SHARED / "k265-variation-nc"
    match = next(path for path in sorted((pack / "match").glob("*full*.match")))
    assert read_notes(pack / "musicxml" / "full.musicxml") == aligned_notes(match)
