"""Who makes songs: a motif grows after a form and gets a left hand; lone tunes get one too, others answer the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from lessons.analogy import SONG_BARS, Analogy, Composer, Growth, Level, Variation
from lessons.errors import ComposerError
from lessons.progress import Told, part_of, unheard
from lessons.score import LEFT, RIGHT, Score
from models import checkpoint
from models.accompanist import HAND_PLAYS, WEIGHTS, accompaniments, asks_for_accompaniment
from models.choosing import LEVEL_STEP, told_level
from models.line import EPSILON
from models.measures import Comparison, level_of, measure
from models.motif import Motif, lifted, motif_of
from models.motif_source import sounds_until, tune_of
from models.sameness import told_same
from models.song import grown
from models.song_form import Form, default_form, form_of
from models.two_manners import in_two_manners
from models.voicing_composer import load_composers


@dataclass(frozen=True, eq=False)
class Songwriter:
    """Answers growths and questions about what goes under a lone tune; see `lessons.analogy.Composer`."""

    others: Composer

    def vary(self, analogy: Analogy, count: int = 1, told: Told = unheard) -> list[Variation]:
        """Answer with ``count`` distinct pieces, best first. Raises ComposerError with the reason where it cannot."""
        if isinstance(analogy, Growth):
            return songs(analogy, count, told)
        if asks_for_accompaniment(analogy):
            return accompaniments(analogy, count)
        return [told_same(answer) for answer in self.others.vary(analogy, count, told)]


def load_songwriter(folder: Path = checkpoint.FOLDER) -> Songwriter:
    """The composer of the program, with the weights of a folder."""
    return Songwriter(load_composers(folder))


def songs(growth: Growth, count: int = 1, told: Told = unheard) -> list[Variation]:
    """``count`` songs from one motif. Raises ComposerError for what is no motif, or a donor that does not fit."""
    tune, said = tune_of(growth.piece)
    motif, octaves = lifted(motif_of(tune))
    way = "an octave" if octaves == 1 else f"{octaves} octaves"
    higher = (f"the motif stands {way} higher, so that a left hand fits below",) if octaves else ()
    bars, length = song_bars(growth), len(motif.bars) * motif.bar_beats
    cut = ("the motif's last note ends with its fourth bar",) if sounds_until(tune) > length + EPSILON else ()
    if bars <= len(motif.bars):
        raise ComposerError(f"--bars {bars}: the motif has {len(motif.bars)} bars itself")
    made = []
    for number in range(count):
        one = replace(growth, turn=growth.turn + number)
        stage = f"Song {number + 1} of {count}" if count > 1 else "Trying out how the motif may go on"
        form = form_for(one, bars, len(motif.bars))
        made.append(_song(one, tune, motif, form, part_of(told, number, count, stage)))
    return [replace(song, notices=(*song.notices, *said, *cut, *higher)) for song in made]


def song_bars(growth: Growth) -> int:
    """How long the song is to be: as asked, or as the donor of the form lets it, or eight bars."""
    if growth.song_bars:
        if growth.song_bars not in SONG_BARS:
            raise ComposerError(f"--bars {growth.song_bars}: a song has 8, 16 or 32 bars")
        return growth.song_bars
    if growth.form is None:
        return SONG_BARS[0]
    full = int((growth.form.bars["start_beat"] >= 0).sum())
    return max([length for length in SONG_BARS if length <= full], default=SONG_BARS[0])


def form_for(growth: Growth, bars: int, motif_bars: int) -> Form:
    """The form of the donor, else one from the textbook: the seed and the turn choose."""
    if growth.form is not None:
        return form_of(growth.form, bars, motif_bars)
    return default_form(bars, motif_bars, growth.seed + growth.turn)


def _song(growth: Growth, source: Score, motif: Motif, form: Form, told: Told) -> Variation:
    """One song; an easier or a harder one has that measure against the song that it would be else."""
    if growth.level == Level.SAME:
        return _with_left_hand(growth, source, motif, form, told)
    same = _with_left_hand(replace(growth, level=Level.SAME), source, motif, form, part_of(told, 0, 2))
    other = _with_left_hand(growth, source, motif, form, part_of(told, 1, 2), same.measures.difficulty)
    return told_level(other, same.measures.difficulty)


def _with_left_hand(
    growth: Growth, source: Score, motif: Motif, form: Form, told: Told, usual: float = 0.0
) -> Variation:
    """One song with a left hand; its first statement of the motif is measured against the motif.

    Of the left hands that suit an easier or a harder song, the first is taken that makes it clearly so, and not too
    much, against the ``usual`` level; else the one that comes nearest to that.
    """
    turn = growth.seed + growth.turn
    tune = grown(motif, form, growth.piece.tempo, [growth.seed, growth.turn], growth.level, told).score
    question = Analogy(tune, growth.donors, level=growth.level, hand=LEFT, seed=turn, style=growth.style)
    if growth.style and growth.donors:
        return _told(growth, source, tune, form, in_two_manners(question, form))
    way = {Level.EASIER: -1, Level.SAME: 0, Level.HARDER: 1}[growth.level]
    hands = accompaniments(question, 0 if way and not growth.style else 1, HAND_PLAYS)
    far = [way * (level_of(hand.score) - usual) / LEVEL_STEP for hand in hands]
    below = hands[min(range(len(hands)), key=lambda place: (not 1 <= far[place] <= 2) * abs(far[place] - 1))]
    return _told(growth, source, tune, form, below)


def _told(growth: Growth, source: Score, tune: Score, form: Form, below: Variation) -> Variation:
    """The song with its name, its measures, and what is told of it."""
    name = f"Song {growth.turn + 1}" if growth.turn else "Song"
    name += f" on {growth.piece.title}" if growth.piece.title else ""
    score = replace(below.score, title=name, composer=growth.piece.composer)
    line, first = score.hands(RIGHT).notes, source.notes
    stated = float(first["onset_beat"][-1] + EPSILON)
    compared = Comparison(line[: len(first)], first, first, tune.chords, score.start_beat, stated)
    notices = (f"{len(form.steps)} bars in {form.name}", *below.notices)
    return Variation(score, growth, measure(growth.piece, score, compared), WEIGHTS, notices)
