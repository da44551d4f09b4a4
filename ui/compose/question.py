"""The question to the composer as a value: a piece, what each feature shall do, how far and how hard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lessons.analogy import STYLE_WORDS, Feature, Level, Style
from lessons.percent import percent
from lessons.score import Score

FEATURES = (
    (Feature.RHYTHM, "Rhythm"),
    (Feature.PITCH, "Melody"),
    (Feature.CHORDS, "Chords"),
    (Feature.TEXTURE, "Texture"),
)
PLAYED = "your own motif"
WORDS: dict[str, str] = {feature: words.lower() for feature, words in FEATURES}


@dataclass(frozen=True)
class Question:
    """What is asked; donors, and the ``form`` of a song, are slugs of pieces. No song has 0 bars.

    ``passage`` is what a musician calls the bars.

    A song grows from what was ``played``, else from bars of the piece.
    """

    piece: str
    donors: dict[Feature, str]
    keep: frozenset[Feature]
    bars: tuple[int, int] | None
    strength: float
    level: Level
    hand: int | None
    seed: int
    count: int
    song_bars: int = 0
    form: str = ""
    played: Score | None = None
    style: Style | None = None
    passage: str = field(default="", compare=False)

    @property
    def answers(self) -> int:
        """How many answers it can have: a style of a piece has one, whatever was asked for."""
        return 1 if self.style and not self.song_bars else self.count


def question_in_words(question: Question, title_of: Callable[[str], str]) -> str:
    """A question as it stands in a list, what differs most first: its seed."""
    if question.song_bars:
        return "  ·  ".join([f"seed {question.seed}", *_song_in_words(question, title_of)])
    taken = [f"{WORDS[feature]} from {title_of(slug)}" for feature, slug in question.donors.items()]
    if question.style:
        taken = [f"left hand: {STYLE_WORDS[question.style]}"]
    moved = [] if taken else [f"moved {percent(question.strength)}"]
    bars = [question.passage] if question.bars else []
    level = [] if question.level is Level.SAME else [str(question.level)]
    return "  ·  ".join([f"seed {question.seed}", *taken, *moved, *bars, *level, title_of(question.piece)])


def _song_in_words(question: Question, title_of: Callable[[str], str]) -> list[str]:
    form = [f"form of {title_of(question.form)}"] if question.form else []
    source = [question.passage, title_of(question.piece)]
    hand = [STYLE_WORDS[question.style]] if question.style else []
    hand += [f"{WORDS[feature]} from {title_of(slug)}" for feature, slug in question.donors.items()]
    return [f"a song of {question.song_bars} bars", *form, *hand, *(source if question.played is None else [PLAYED])]
