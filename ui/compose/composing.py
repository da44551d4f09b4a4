"""What lies between the pages that ask and the composer that answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Signal

from lessons.analogy import Analogy, Feature, Growth, Variation
from lessons.errors import InputError
from lessons.exercise import excerpt
from lessons.score import Score
from ui.compose.page import ComposePage
from ui.compose.question import Question
from ui.compose.refusals import refusal_in_words
from ui.devices.ports import Ports
from ui.library.catalogue import Catalogue
from ui.library.page import LibraryPage
from ui.library.vary_panel import VaryWish
from ui.player import Player
from ui.rooms import Rooms
from ui.tasks import Tasks


class Composing(QObject):
    """Carries questions to the composer and answers back; ``practise_asked`` tells what goes onto the stand."""

    practise_asked = Signal(object)  # Variation
    heard = Signal()  # something is about to sound
    answered = Signal()
    refused = Signal(str)
    kept = Signal(str)  # its title

    def __init__(
        self, rooms: Rooms, tasks: Tasks, catalogue: Catalogue, page: ComposePage, library: LibraryPage, ports: Ports
    ):
        super().__init__(page)
        self._rooms, self._tasks, self._catalogue = rooms, tasks, catalogue
        self._page, self._library, self._ports = page, library, ports
        self._kept: set[Variation] = set()
        self._player = Player(rooms.make_session, tasks, self)
        self._player.ended.connect(page.show_silence)
        self._player.refused.connect(self.refused)
        catalogue.changed.connect(page.show_shelf)
        page.asked.connect(self._ask)
        page.piece_chosen.connect(self._show_source)
        page.alike_wanted.connect(self._look_for_alike)
        page.listen_asked.connect(self._hear)
        page.practise_asked.connect(self.practise_asked)
        page.keep_asked.connect(self.keep)
        library.vary_asked.connect(self._vary)

    def close(self) -> None:
        """Play nothing any more."""
        self._player.close()

    def _show_source(self, slug: str) -> None:
        piece = self._catalogue.named(slug)
        if piece is not None:
            self._catalogue.with_score(piece, self._page.show_source)

    def _look_for_alike(self, slug: str) -> None:
        """Find in the background what is most like a piece; where nobody can tell, the list stays as it is."""
        piece, among = self._catalogue.named(slug), self._catalogue.pieces
        if piece is not None:
            self._tasks.run(lambda: self._rooms.alike(piece, among), lambda alike: self._page.show_alike(slug, alike))

    def _vary(self, wish: VaryWish) -> None:
        """The short question of the library: one feature, one answer, and onto the stand with it."""
        piece = self._library.current()
        if piece is None:
            return
        donors = {wish.feature: wish.donor} if wish.feature else {}
        panel = self._library.preview.vary
        question = Question(piece.slug, donors, frozenset(), None, wish.strength, wish.level, None, wish.seed, 1)
        self._put(question, panel.set_busy, lambda made: self.practise_asked.emit(made[0]))

    def _ask(self, question: Question) -> None:
        self._put(question, self._page.set_busy, lambda made: self._page.show_answers(made, question))

    def _put(
        self,
        question: Question,
        set_busy: Callable[[bool], object],
        answered: Callable[[Sequence[Variation]], object],
    ) -> None:
        """Put a question, and say that the composer is at work meanwhile."""
        set_busy(True)

        def done(made: Sequence[Variation]) -> None:
            set_busy(False)
            self.answered.emit()
            answered(made)

        def failed(reason: str) -> None:
            set_busy(False)
            self.refused.emit(refusal_in_words(reason))

        self._tasks.run(
            lambda: self._rooms.compose(self._analogy(question), 1 if question.style else question.count), done, failed
        )

    def _analogy(self, question: Question) -> Analogy:
        """The question as the composer takes it; reads the scores."""
        donors = {feature: self._read(slug) for feature, slug in question.donors.items()}
        if question.song_bars:
            return self._growth(question, donors)
        if question.style:
            return Analogy(self._read(question.piece), bars=question.bars, seed=question.seed, style=question.style)
        return Analogy(
            self._read(question.piece),
            donors,
            question.keep,
            question.bars,
            question.strength,
            question.level,
            hand=question.hand,
            seed=question.seed,
        )

    def _growth(self, question: Question, donors: Mapping[Feature, Score]) -> Growth:
        """The question for a song: the motif is cut out of the piece, a pickup with its first bar."""
        form = self._read(question.form) if question.form else None
        motif = self._motif(question) if question.played is None else question.played
        level, seed, bars = question.level, question.seed, question.song_bars
        return Growth(motif, donors, level=level, seed=seed, song_bars=bars, form=form)

    def _motif(self, question: Question) -> Score:
        piece, (first, last) = self._read(question.piece), question.bars or (1, 1)
        if first == 1 and len(piece.bars) and piece.bars["number"][0] == 0:
            first = 0
        return excerpt(piece, first, last, piece.title)

    def _read(self, slug: str) -> Score:
        piece = self._catalogue.named(slug)
        if piece is None:
            raise InputError(f"{slug}: there is no such piece")
        return self._rooms.read_piece(piece)

    def _hear(self, score: Score | None) -> None:
        if score is None:
            self._player.stop()
        else:
            self.heard.emit()
            self._player.play(score, self._ports.synth)

    def has_kept(self, variation: Variation) -> bool:
        """Whether a variation is on the shelf already."""
        return variation in self._kept

    def keep(self, variation: Variation) -> None:
        """Keep a variation as an exercise of the learner's own, once."""
        if self.has_kept(variation):
            return
        self._kept.add(variation)

        def kept(_name: str) -> None:
            self._catalogue.fetch_own()
            self.kept.emit(variation.score.title)

        def failed(reason: str) -> None:
            self._kept.discard(variation)
            self.refused.emit(reason)

        self._tasks.run(lambda: self._rooms.keep_variation(variation), kept, failed)
