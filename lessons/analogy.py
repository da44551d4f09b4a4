"""An analogy as a value, and the protocol of whoever can answer it.

"What would PIECE be if its rhythm were that of DONOR?" A piece and the donors of some of its features make a new piece;
with no donor, ``strength`` says how far each feature that is not locked may move. The same analogy, seed and weights
give the same bytes. Passages are bars A to B, both included, counted as in `lessons.score`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Protocol

from lessons.bar_names import bars_in_words, told_range
from lessons.beside import goes_on_beside
from lessons.errors import InputError
from lessons.progress import Told, unheard
from lessons.score import PIANO_KEYS, Score

MOTIF_BARS = 4  # a song grows from so many at most ...
SONG_BARS = (8, 16, 32)  # ... to one of these
OTHERS_LEFT_OUT = "What the others play does not fit beside this, and is left out"


class Feature(StrEnum):
    """What a musician can name and a composer can take from elsewhere."""

    PITCH = "pitch"
    RHYTHM = "rhythm"
    CHORDS = "chords"
    TEXTURE = "texture"


class Style(StrEnum):
    """How a left hand plays chords, by its name."""

    SINGLE = "single bass"
    BLOCK = "block"
    BASS_AND_CHORD = "bass and chord"
    BROKEN = "broken"
    ALBERTI = "Alberti"
    WALTZ = "waltz"
    ROCKING = "rocking"
    ARPEGGIO = "arpeggio"
    TENTHS = "broken tenths"
    MARCH = "march"
    BALLAD = "ballad"
    WALKING = "walking bass"
    HYMN = "hymn"


STYLE_WORDS = {
    Style.SINGLE: "single bass notes",
    Style.BLOCK: "block chords",
    Style.BASS_AND_CHORD: "bass and chord",
    Style.BROKEN: "broken chords",
    Style.ALBERTI: "an Alberti bass",
    Style.WALTZ: "a waltz bass",
    Style.ROCKING: "a rocking figure",
    Style.ARPEGGIO: "wide arpeggios",
    Style.TENTHS: "broken tenths",
    Style.MARCH: "a march bass",
    Style.BALLAD: "as in a ballad",
    Style.WALKING: "a walking bass",
    Style.HYMN: "as in a hymn",
}


def styles_for(metre: tuple[int, int]) -> tuple[Style, ...]:
    """The styles that suit a metre, the plainest first."""
    wide = (Style.ARPEGGIO, Style.TENTHS, Style.BALLAD)
    if metre[1] == 8 and metre[0] % 3 == 0:
        return Style.SINGLE, Style.BLOCK, Style.HYMN, Style.ROCKING, Style.BROKEN, *wide
    if metre[0] % 3 == 0:
        return Style.SINGLE, Style.BLOCK, Style.HYMN, Style.WALTZ, Style.BROKEN, *wide, Style.WALKING
    in_two = (Style.BASS_AND_CHORD, Style.BROKEN, Style.ALBERTI)
    return Style.SINGLE, Style.BLOCK, Style.HYMN, *in_two, *wide, Style.MARCH, Style.WALKING


class Level(StrEnum):
    """The difficulty asked for, against the piece as it stands."""

    EASIER = "easier"
    SAME = "same"
    HARDER = "harder"


@dataclass(frozen=True, eq=False)
class Analogy:
    """The question. ``hand`` None means both hands; ``lowest`` and ``highest`` bound the pitches (MIDI numbers).

    ``fixed`` are places in beats at which the notes of the line that is to be varied stay as they are. With a ``style``
    only the left hand changes, and plays the chords of the piece in it. Where the piece is an answer itself, ``after``
    is the provenance of that.
    """

    piece: Score
    donors: Mapping[Feature, Score] = field(default_factory=dict)
    keep: frozenset[Feature] = frozenset()
    bars: tuple[int, int] | None = None
    strength: float = 0.5
    level: Level = Level.SAME
    lowest: int = PIANO_KEYS[0]
    highest: int = PIANO_KEYS[1]
    hand: int | None = None
    seed: int = 0
    fixed: tuple[float, ...] = ()
    style: Style | None = None
    after: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        """Raise InputError where the question makes no sense."""
        if not 0.0 <= self.strength <= 1.0:
            raise InputError(f"--strength {self.strength:g}: must be 0 to 1")
        if not 0 <= self.lowest < self.highest <= 127:
            raise InputError(f"--range {self.lowest}-{self.highest}: must be two MIDI pitches, the lower first")
        if self.seed < 0:
            raise InputError(f"--seed {self.seed}: must be 0 or more")
        both = self.keep & set(self.donors)
        if both:
            raise InputError(f"--keep {min(both)}: that feature has a donor")
        if self.bars is not None:
            self.piece.bar_range(*self.bars)

    def provenance(self, weights: str) -> dict[str, Any]:
        """All that is needed to make the answer again, as plain JSON values."""
        return (
            {
                "piece": {"title": self.piece.title, "digest": self.piece.digest},
                "donors": {
                    str(name): {"title": donor.title, "digest": donor.digest} for name, donor in self.donors.items()
                },
                "keep": sorted(str(name) for name in self.keep),
                "bars": list(self.bars) if self.bars else None,
                **told_range(self.piece, self.bars),
                "passage": bars_in_words(self.piece, *self.bars) if self.bars else "",
                "strength": self.strength,
                "level": str(self.level),
                "range": [self.lowest, self.highest],
                "hand": self.hand,
                "seed": self.seed,
                "fixed": list(self.fixed),
                "weights": weights,
            }
            | ({"style": str(self.style)} if self.style else {})
            | ({"after": dict(self.after)} if self.after else {})
        )


@dataclass(frozen=True, eq=False)
class Growth(Analogy):
    """The question what song a motif, its ``piece``, grows into: of so many bars, in the form of another song.

    A donor of texture, or a ``style``, says how the left hand plays: the tune is the same whatever it says. With both,
    the style is the motif's, and what comes between is in the donor's manner. ``turn`` is which of the songs of its
    seed is meant, from 0. ``song_bars`` 0 leaves the length to the form.
    """

    song_bars: int = 0
    form: Score | None = None
    turn: int = 0

    def provenance(self, weights: str) -> dict[str, Any]:
        """All that is needed to make the song again, as plain JSON values."""
        form = None if self.form is None else {"title": self.form.title, "digest": self.form.digest}
        return super().provenance(weights) | {"song_bars": self.song_bars, "form": form, "turn": self.turn}


def bars_fit(ours: tuple[int, int], theirs: tuple[int, int]) -> bool:
    """Whether bars of two metres can be laid over each other, so that rhythm and texture go from one to the other."""
    lengths = [numerator / denominator for numerator, denominator in (ours, theirs)]
    compound = [denominator == 8 and numerator % 3 == 0 for numerator, denominator in (ours, theirs)]
    return compound[0] == compound[1] and (max(lengths) / min(lengths)) % 1 == 0


@dataclass(frozen=True)
class Measures:
    """How an answer relates to its question: shares in 0..1; difficulty on the scale of `lessons.difficulty`."""

    rhythm_kept: float
    contour_kept: float
    chord_tones: float
    difficulty: float
    distance: float


@dataclass(frozen=True, eq=False)
class Variation:
    """One answer: a new score with the analogy that made it, its measures, and notices in words.

    What others play beside the piece goes on beside the answer where it fits; else it is left out, and that is said.
    """

    score: Score
    analogy: Analogy
    measures: Measures
    weights: str
    notices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Leave the backing out where it does not go on beside the answer."""
        piece = self.analogy.piece
        is_said = OTHERS_LEFT_OUT in self.notices  # of an answer that is copied
        if len(piece.backing) and not is_said and not goes_on_beside(piece, self.score):
            object.__setattr__(self, "score", self.score.alone)
            object.__setattr__(self, "notices", (*self.notices, OTHERS_LEFT_OUT))

    @property
    def made_by(self) -> dict[str, str]:
        """What a file says of how it was made: the whole analogy, as JSON."""
        return {"analogy": json.dumps(self.analogy.provenance(self.weights), ensure_ascii=False)}


def in_style(made: Variation, style: Style) -> Analogy:
    """The question that leaves all of an answer as it is but its left hand, which is to play in a style."""
    asked = made.analogy
    if isinstance(asked, Growth):
        return replace(asked, donors={}, style=style)
    return Analogy(made.score, bars=asked.bars, seed=asked.seed, style=style, after=asked.provenance(made.weights))


class Likeness(Protocol):
    """Whoever can tell which pieces are alike; ``main.py`` hands one to the rooms that need it."""

    def nearest(self, piece: Score, among: Mapping[str, Score], feature: Feature) -> list[tuple[str, float]]:
        """Names of pieces with their distances, the most alike first. Raises ComposerError for what it cannot read."""
        ...


class Composer(Protocol):
    """Whoever answers analogies; ``main.py`` hands one to the rooms that need it."""

    def vary(self, analogy: Analogy, count: int = 1, told: Told = unheard) -> list[Variation]:
        """Answer with ``count`` distinct pieces, best first. Raises ComposerError with the reason where it cannot.

        ``told`` hears how far it is, and stops it by raising CancelledError.
        """
        ...
