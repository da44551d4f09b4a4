"""A left hand for a tune that stands alone: the tune stays as it is, and chords are played below it.

The chords are those that the page writes or a donor gives, else the ones that suit the tune (`lessons.harmonising`);
how they are played comes from the left hand of a donor of texture, else from a style that fits metre and level.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lessons.analogy import STYLE_WORDS, Analogy, Feature, Level, Style, Variation
from lessons.errors import ComposerError
from lessons.harmonising import is_lone_tune
from lessons.score import LEFT, RIGHT
from models.donors import named, wanted_chords
from models.ground import passage
from models.left_hand import hand_in_style, harmonies_under, left_hand
from models.manners import of_donor
from models.measures import Comparison, measure
from models.patterns import PLAIN, patterns_for
from models.restyling import check_style, varied_title

WEIGHTS = "rules-1"
LEVEL_STYLES = {
    Level.EASIER: (Style.SINGLE, Style.BLOCK),
    Level.HARDER: (Style.BROKEN, Style.ALBERTI, Style.ROCKING, Style.ARPEGGIO, Style.TENTHS, Style.BALLAD, Style.MARCH),
}
TUNE_STAYS = "the tune stays, and a left hand plays"
HAND_PLAYS = "the left hand plays"  # under a tune that is as new


def asks_for_accompaniment(analogy: Analogy) -> bool:
    """Whether a question is about what goes under a lone tune, and not about the tune."""
    donors, piece = set(analogy.donors), analogy.piece
    if donors & {Feature.PITCH, Feature.RHYTHM} or analogy.hand == RIGHT or not is_lone_tune(piece):
        return False
    if analogy.style:
        return True
    locked = {Feature.PITCH, Feature.RHYTHM} <= analogy.keep and Feature.TEXTURE not in analogy.keep
    return analogy.hand == LEFT or Feature.TEXTURE in donors or (locked and not donors)


def accompaniments(analogy: Analogy, count: int = 1, told: str = TUNE_STAYS) -> list[Variation]:
    """The tune with ``count`` different left hands; all of them for 0. Raises ComposerError where there are fewer.

    ``told``: the words before those for a hand's manner.
    """
    if analogy.style:
        check_style(analogy, analogy.style, count)
    ways = _ways(analogy)
    count = count or len(ways)
    if not 1 <= count <= len(ways):
        raise ComposerError(f"--count {count}: only {len(ways)} left hands fit here; ask for fewer, or name a donor")
    return [_accompanied(analogy, ways[number], told) for number in range(count)]


def _ways(analogy: Analogy) -> list[str]:
    """The styles that fit, in the order of the seed; one nameless way with a donor."""
    if Feature.TEXTURE in analogy.donors:
        return [""]
    if analogy.style:
        return [analogy.style]
    names = list(patterns_for(analogy.piece.metre_at(max(0.0, passage(analogy)[0]))))
    if analogy.level != Level.SAME:
        return _turned([name for name in names if name in LEVEL_STYLES[analogy.level]], analogy.seed)
    plain = [name for name in names if name in PLAIN]
    usual = [*plain[1:], plain[0]]  # block chords last: they are the plainest
    return _turned(usual, analogy.seed) + _turned([name for name in names if name not in PLAIN], analogy.seed)


def _turned(names: list[str], seed: int) -> list[str]:
    """The names, begun with the one whose turn it is."""
    turn = seed % len(names)
    return names[turn:] + names[:turn]


def _accompanied(analogy: Analogy, style: str, told: str) -> Variation:
    piece, (start, end) = analogy.piece, passage(analogy)
    chords, key, notices = wanted_chords(analogy, start, end)
    if not len(chords):
        raise ComposerError("no chords suit the tune, so no left hand does")
    downbeat = max(start, 0.0)
    harmonies = harmonies_under(piece, chords, downbeat, end)
    if Feature.TEXTURE in analogy.donors:
        way = f"in the manner of {named(analogy.donors[Feature.TEXTURE])}"
        left = left_hand(piece, harmonies, of_donor(analogy, start, end), downbeat, end)
    else:
        way = STYLE_WORDS[Style(style)]
        left = hand_in_style(piece, harmonies, Style(style), key.scale, downbeat, end)
    tune = piece.notes.copy()
    tune["hand"] = RIGHT
    answer = replace(piece.with_notes(np.concatenate([tune, left])), level=0, handless=())
    answer = replace(answer.unsigned, title=varied_title(piece))
    line = tune[~tune["grace"]]
    compared = Comparison(line, line, line, chords, start, end)
    return Variation(answer, analogy, measure(piece, answer, compared), WEIGHTS, (*notices, f"{told} {way}"))
