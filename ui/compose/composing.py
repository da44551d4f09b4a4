"""What lies between the pages that ask and the composer that answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Signal

from lessons.analogy import Analogy, Feature, Growth, Style, Variation, in_style
from lessons.errors import InputError
from lessons.exercise import excerpt
from lessons.library.shelf import Piece
from lessons.progress import unheard
from lessons.score import Score
from ui.compose.history import Answer
from ui.compose.page import ComposePage
from ui.compose.question import Question
from ui.compose.refusals import refusal_in_words
from ui.compose.underway import Underway
from ui.devices.ports import Ports
from ui.library.catalogue import Catalogue
from ui.library.due import piece_of
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
        self._kept: dict[Variation, str] = {}  # with their names on the shelf, once these are known
        self._going_on: dict[Variation, list[Callable[[str], object]]] = {}
        self._underway: Underway | None = None  # what the page waits for
        self._varying: Underway | None = None  # what the library waits for
        self._wanted = ""  # the piece that shall be chosen once it is on the shelf
        self._stand: Score | None = None
        self._player = Player(rooms.make_session, tasks, self)
        self._player.ended.connect(page.show_silence)
        self._player.refused.connect(self.refused)
        catalogue.changed.connect(page.show_shelf)
        catalogue.changed.connect(self._choose_wanted)
        catalogue.changed.connect(self._show_stand)
        page.asked.connect(self._ask)
        page.piece_chosen.connect(self._show_source)
        page.alike_wanted.connect(self._look_for_alike)
        page.listen_asked.connect(self._hear)
        page.practise_asked.connect(self.practise_asked)
        page.keep_asked.connect(self.keep)
        page.vary_asked.connect(self._vary_answer)
        page.style_asked.connect(self._style)
        page.cancel_asked.connect(self._cancel)
        library.vary_asked.connect(self._vary)
        library.preview.vary.cancel_asked.connect(self._cancel_variation)

    def close(self) -> Callable[[], None]:
        """Play nothing any more; what waits until all is silent."""
        return self._player.close()

    def show_stand(self, score: Score) -> None:
        """Let the page begin with the piece on the stand, where that is on the shelf."""
        self._stand = score
        self._show_stand()

    def _show_stand(self, _pieces: object = None) -> None:
        stand, pieces, read = self._stand, self._catalogue.pieces, self._rooms.read_piece
        if stand is None or self._page.question.is_settled:
            return

        def found(known: tuple[Piece, Score] | None) -> None:
            if known is not None and stand is self._stand:
                self._page.show_stand(known[0].slug)

        self._tasks.run(lambda: piece_of(stand.digest, stand.title, pieces, read), found)

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
        self._varying = Underway()
        self._varying.told.connect(panel.working.show_stage)
        self._put(question, self._varying, panel.set_busy, lambda made: self.practise_asked.emit(made[0]))

    def _cancel_variation(self) -> None:
        """Wait no more for the variation that the library asked for."""
        if self._varying is not None:
            self._varying.cancel()
            self._varying = None
            self._library.preview.vary.set_busy(False)

    def _ask(self, question: Question) -> None:
        self._underway = Underway()
        self._underway.told.connect(self._page.working.show_stage)
        self._put(question, self._underway, self._page.set_busy, lambda made: self._page.show_answers(made, question))

    def _cancel(self) -> None:
        """Wait no more for what was asked on the page; the composer ends at its next step."""
        if self._underway is not None:
            self._underway.cancel()
            self._underway = None
            self._page.set_busy(False)

    def _put(
        self,
        question: Question,
        underway: Underway,
        set_busy: Callable[[bool], object],
        answered: Callable[[Sequence[Variation]], object],
    ) -> None:
        """Put a question, and say that the composer is at work meanwhile."""
        set_busy(True)

        def done(made: Sequence[Variation]) -> None:
            if not underway.stopped:
                set_busy(False)
                self.answered.emit()
                answered(made)

        def failed(reason: str) -> None:
            if not underway.stopped:
                set_busy(False)
                self.refused.emit(refusal_in_words(reason))

        self._tasks.run(lambda: self._rooms.compose(self._analogy(question), question.answers, underway), done, failed)

    def _style(self, answer: Answer, style: Style) -> None:
        """Let the left hand of an answer play in a style, all else as it is."""

        def failed(reason: str) -> None:
            self._page.answers.show_styled(answer, style, None)
            self.refused.emit(refusal_in_words(reason))

        self._tasks.run(
            lambda: self._rooms.compose(in_style(answer.made, style), 1, unheard),
            lambda made: self._page.answers.show_styled(answer, style, made[0]),
            failed,
        )

    def _vary_answer(self, variation: Variation) -> None:
        """Keep an answer, and choose it as the piece of the next question."""

        def kept(name: str) -> None:
            self._wanted = name
            self._choose_wanted()

        self.keep(variation, kept)

    def _choose_wanted(self, _pieces: object = None) -> None:
        """Choose the piece that was kept for it, as soon as it is on the shelf."""
        if self._wanted and self._catalogue.named(self._wanted) is not None:
            wanted, self._wanted = self._wanted, ""
            self._page.question.choose_piece(wanted)

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
        return Growth(motif, donors, level=level, seed=seed, style=question.style, song_bars=bars, form=form)

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

    def keep(self, variation: Variation, then: Callable[[str], object] | None = None) -> None:
        """Keep a variation as an exercise of the learner's own, once, then go on with its name on the shelf."""
        if then is not None:
            self._going_on.setdefault(variation, []).append(then)
        if self.has_kept(variation):
            self._go_on(variation)
            return
        self._kept[variation] = ""

        def kept(name: str) -> None:
            self._kept[variation] = name
            self._catalogue.fetch_own()
            self.kept.emit(variation.score.title)
            self._go_on(variation)

        def failed(reason: str) -> None:
            del self._kept[variation]
            self._going_on.pop(variation, None)
            self.refused.emit(reason)

        self._tasks.run(lambda: self._rooms.keep_variation(variation), kept, failed)

    def _go_on(self, variation: Variation) -> None:
        """Go on with what waits for the name of a variation, if that is known."""
        if self._kept[variation]:
            for then in self._going_on.pop(variation, ()):
                then(self._kept[variation])
