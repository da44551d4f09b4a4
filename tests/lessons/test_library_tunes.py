"""The pieces that have no other engraving beside the checkout, against a second writing of their tunes.

A tune is written once more here in scale degrees, by hand and not from the pieces: ``3`` is the third degree for one
beat, ``3:2`` for two, ``5,`` the octave below, ``1'`` the octave above, ``#7`` a half step higher, ``0`` a rest. The
two minuets by Petzold were compared by hand, note by note, with engravings of the Mutopia Project (BWV Anh. 114 and
115); their fingerprints keep what was compared.
"""

import hashlib
import re
from dataclasses import dataclass

import pytest
from test_library_mutopia import ORIGINALS

from lessons.library.shelf import load, pieces
from lessons.score import LEFT, RIGHT, Score

MAJOR, MINOR, DORIAN = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 3, 5, 7, 9, 10)
TOKEN = re.compile(r"(#?)(\d)([',]*)(?::([\d.]+))?$")


@dataclass(frozen=True)
class Tune:
    """A stretch of melody in one hand: where it begins, the pitch of its first degree, and its notes."""

    slug: str
    text: str
    tonic: int
    hand: int = RIGHT
    start_beat: float = 0.0
    scale: tuple[int, ...] = MAJOR

    def notes(self) -> list[tuple[float, int, float]]:
        """(onset, pitch, duration) of each note."""
        found, now = [], self.start_beat
        for token in self.text.split():
            sharp, degree, octaves, length = TOKEN.match(token).groups()
            duration = float(length or 1)
            if degree != "0":
                octave = 12 * (octaves.count("'") - octaves.count(","))
                found.append((now, self.tonic + self.scale[int(degree) - 1] + octave + len(sharp), duration))
            now += duration
        return found


LIGHTLY_A = "5 3 3:2 4 2 2:2 1 2 3 4 5 5 5:2 "
LIGHTLY_B = "5 3 3:2 4 2 2:2 1 3 5 5 1:4 "
JOY = "3 3 4 5 5 4 3 2 1 1 2 3 "
MOON = "1 1 1 2 3:2 2:2 1 3 2 2 1:4 "
JACQUES = "1 2 3 1 1 2 3 1 3 4 5:2 3 4 5:2 " + 2 * "5:.5 6:.5 5:.5 4:.5 3 1 " + 2 * "1 5, 1:2 "
STAR = "1 1 5 5 6 6 5:2 4 4 3 3 2 2 1:2 "
BOAT = "1:1.5 1:1.5 1 2:.5 3:1.5 3 2:.5 3 4:.5 5:3 " + " ".join(f"{n}:.5 {n}:.5 {n}:.5" for n in ("1'", "5", "3", "1"))
ASHORE = " 5 4:.5 3 2:.5 1:3 "
DILLY = "1 5 5 5 4:.5 3:.5 2:.5 1:.5 "
SLEEVES = "3 4:.5 5:.75 6:.25 5:.5 4 2:.5 7,:.75 1:.25 2:.5 "
HEART = "7:1.5 7:.75 #6:.25 5:.5 4 2:.5 7,:.75 1:.25 2:.5 "
WRONG = "3 1:.5 1:.75 #7,:.25 1:.5 2 #7,:.5 "
LADY = "3:.75 2:.25 1:.5 #7,:.75 #6,:.25 #7,:.5 1:3 "

TUNES = (
    Tune("hot-cross-buns", "3:2 2:2 1:4 3:2 2:2 1:4 1 1 1 1 2 2 2 2 3:2 2:2 1:4", 60),
    Tune("hot-cross-buns", "3:2 2:2 1:4 3:2 2:2 1:4 1 1 1 1 2 2 2 2 3:2 2:2 1:4", 48, LEFT),
    Tune("lightly-row", LIGHTLY_A + LIGHTLY_B + "2 2 2 2 2 3 4:2 3 3 3 3 3 4 5:2 " + LIGHTLY_B, 67),
    Tune(
        "ode-to-joy",
        JOY
        + "3:1.5 2:.5 2:2 "
        + JOY
        + "2:1.5 1:.5 1:2 2 2 3 1 2 3:.5 4:.5 3 1 2 3:.5 4:.5 3 2 1 2 0:2 "
        + JOY
        + "2:1.5 1:.5 1:2",
        60,
    ),
    Tune("ode-to-joy", "5:2", 48, LEFT, 46.0),
    Tune("au-clair-de-la-lune", MOON + MOON, 72),
    Tune("au-clair-de-la-lune", "2 2 2 2 6,:2 6,:2 2 1 7, 6, 5,:4", 60, LEFT, 32.0),
    Tune("au-clair-de-la-lune", MOON, 72, RIGHT, 48.0),
    Tune("frere-jacques", JACQUES, 65),
    Tune("frere-jacques", JACQUES, 53, LEFT, 8.0),
    Tune("twinkle-twinkle", STAR + 2 * "5 5 4 4 3 3 2:2 " + STAR, 72),
    Tune("row-your-boat", 2 * (BOAT + ASHORE), 72),
    Tune("row-your-boat", BOAT + ASHORE, 48, LEFT, 12.0),
    Tune("lavenders-blue", 2 * (DILLY + "1 6 6 6:3 " + DILLY + "4 3 2 1:3 "), 62),
    Tune(
        "scarborough-fair",
        "1:2 1 5:2 5 2:1.5 3:.5 2 1:3 0 5 7 1':2 7 5 6 4 5:4 0 1' 1':2 1' 7:2 5 5 4 3 2 7,:5 1:2 5 4:2 3 2 1 7, 1:6",
        62,
        scale=DORIAN,
    ),
    Tune(
        "when-the-saints",
        "1 3 4 5:5 1 3 4 5:5 1 3 4 5:2 3:2 1:2 3:2 2:6 3 2 1:3 1 3:2 5:2 5 4:5 3 4 5:2 3:2 1:2 2:2 1:5",
        67,
        start_beat=-3.0,
    ),
    Tune(
        "greensleeves",
        "1:.5 " + SLEEVES + WRONG + "5, 1:.5 " + SLEEVES + LADY + HEART + WRONG + "5,:1.5 " + HEART + LADY,
        69,
        start_beat=-0.5,
        scale=MINOR,
    ),
)

FINGERPRINTS = {
    "petzold-minuet-g": "d4bd73675c9d3f58",
    "petzold-minuet-g-minor": "a3e9d050dbd342a0",
}


def played(score: Score, tune: Tune) -> list[tuple[float, int, float]]:
    """The notes of the tune's hand while the tune lasts."""
    expected = tune.notes()
    end = expected[-1][0] + expected[-1][2]
    notes = score.notes[score.notes["hand"] == tune.hand]
    inside = notes[(notes["onset_beat"] >= tune.start_beat) & (notes["onset_beat"] < end)]
    return [(float(n["onset_beat"]), int(n["pitch"]), float(n["duration_beat"])) for n in inside]


def fingerprint(score: Score) -> str:
    rows = [(float(n["onset_beat"]), float(n["duration_beat"]), int(n["pitch"]), int(n["hand"])) for n in score.notes]
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


@pytest.mark.parametrize("tune", TUNES, ids=lambda tune: f"{tune.slug}-{tune.hand}-{tune.start_beat:g}")
def test_the_tune_is_the_one_that_people_sing(tune: Tune) -> None:
    assert played(load(tune.slug), tune) == tune.notes()


@pytest.mark.parametrize("slug", FINGERPRINTS)
def test_a_piece_that_was_compared_by_hand_has_not_changed_since(slug: str) -> None:
    assert fingerprint(load(slug)) == FINGERPRINTS[slug]


def test_no_piece_is_unchecked() -> None:
    checked = {tune.slug for tune in TUNES} | set(FINGERPRINTS) | {original.slug for original in ORIGINALS}
    assert checked == {piece.slug for piece in pieces()}
