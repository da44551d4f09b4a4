"""The compose page: put a question, then hear, see and keep the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lessons.analogy import Feature, Variation
from lessons.library.shelf import Piece
from lessons.score import Score
from ui.compose.answer_list import AnswerList
from ui.compose.earlier import EarlierQuestions
from ui.compose.history import Answer, Steps
from ui.compose.question import Question, question_in_words
from ui.compose.question_panel import QuestionPanel
from ui.compose.sketch_card import SketchCard
from ui.compose.song_card import SongCard
from ui.compose.source_card import SourceCard
from ui.practice.lesson import Lesson
from ui.tasks import Tasks
from ui.theme import Space, Type
from ui.widgets.button import Button
from ui.widgets.scroll import Scrolled
from ui.widgets.text import label
from ui.widgets.working import Working

QUESTION_WIDTH = 372
EARLIER = "These answer what you asked before:"
NOTHING_YET = (
    "Say what each feature shall do and press Compose, or let a few bars grow: press Make a song.\n"
    "The answers appear here."
)


class ComposePage(QWidget):
    """Tells the question, and what shall be done with an answer."""

    asked = Signal(object)  # Question
    piece_chosen = Signal(str)
    alike_wanted = Signal(str)  # the slug of the piece that others shall be like
    listen_asked = Signal(object)  # Score, or None to be silent
    practise_asked = Signal(object)  # Variation
    keep_asked = Signal(object)  # Variation
    vary_asked = Signal(object)  # Variation, that shall be the piece of the next question
    style_asked = Signal(object, object)  # Answer, Style
    cancel_asked = Signal()
    save_asked = Signal(object)  # Variation
    assign_asked = Signal(object)  # Variation

    def __init__(self, lesson: Lesson, tasks: Tasks) -> None:
        super().__init__()
        self.setObjectName("page")
        self.question = QuestionPanel()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # a proxy would keep Tab from what stands before the question
        self.question.asked.connect(self.asked)
        self.asked.connect(self.question.settle)
        self.question.piece_chosen.connect(self.piece_chosen)
        self.question.piece_chosen.connect(self._want_alike)
        self.question.changed.connect(self._remember)
        self.song = SongCard()
        self.song.asked.connect(lambda: self.asked.emit(self.song.of(self.question.question())))
        self.song.changed.connect(self._heed_song)
        self.sketch, self.working = SketchCard(lesson, tasks), Working()
        self.sketch.hide()
        self.working.hide()
        self.sketch.played.connect(self.song.show_played)
        self.sketch.begun.connect(self._hush)
        self.song.sketch_wanted.connect(self._show_own_motif)
        self.working.cancel_asked.connect(self.cancel_asked)
        self.undo = Button("Undo", "undo", "", "Undo the last choice", "Ctrl+Z")
        self.undo.clicked.connect(self._undo)
        self._steps = Steps()
        self._answered: Question | None = None  # the question to which the answers belong that are seen
        self._earlier = EarlierQuestions(self.question.title_of)
        self._earlier.chosen.connect(self._go_back)
        self._alike_to = ""
        self.source = SourceCard()
        self.source.listen.clicked.connect(self._hear_source)
        self._nothing = label(NOTHING_YET, tone="soft", wrap=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._outdated = label(tone="warning", wrap=True)
        self._outdated.hide()
        self.answers = AnswerList()
        self._carry()
        self.sketch.listen.clicked.connect(self._hear_source)
        self._source_heard = False
        self._lay_out()

    def _carry(self) -> None:
        """Carry on what the answers tell."""
        self.answers.listen_asked.connect(self._hear_answer)
        self.answers.practise_asked.connect(self.practise_asked)
        self.answers.keep_asked.connect(self.keep_asked)
        self.answers.vary_asked.connect(self.vary_asked)
        self.answers.save_asked.connect(self.save_asked)
        self.answers.assign_asked.connect(self.assign_asked)
        self.answers.style_asked.connect(self.style_asked)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Give the keys to the question."""
        self.question.setFocus(event.reason())

    def show_shelf(self, shelf: Sequence[Piece]) -> None:
        """Offer these pieces."""
        self.question.show_shelf(shelf)
        self.song.show_shelf(shelf)
        self._alike_to = ""
        self.piece_chosen.emit(self.question.piece)
        self._want_alike()
        self._remember()

    def show_stand(self, slug: str) -> None:
        """Have the piece on the stand here too, unless one was chosen here; that is no step to take back."""
        if not self.question.is_settled and slug != self.question.piece:
            self._steps = Steps()
            self.question.suggest_piece(slug)

    def showEvent(self, event: QShowEvent) -> None:
        """Look for what is alike when somebody looks."""
        super().showEvent(event)
        self._want_alike()

    def hideEvent(self, event: QHideEvent) -> None:
        """Be silent where nobody could stop it; a window that was made small plays on."""
        super().hideEvent(event)
        if not event.spontaneous() and (self._source_heard or self.answers.playing):
            self.show_silence()
            self.listen_asked.emit(None)

    def show_alike(self, slug: str, alike: Mapping[Feature, Sequence[str]]) -> None:
        """Offer the pieces most like the chosen one first."""
        if slug == self.question.piece:
            self.question.show_alike(alike)

    def show_source(self, score: Score) -> None:
        """Show the piece."""
        self.source.show_score(score)
        if len(score.bars):
            self.question.show_bars(score)
            self.song.show_bars(score)
        self.song.show_metre(score.metre_at(0.0))

    def set_busy(self, busy: bool) -> None:
        """Whether the composer is at work."""
        self.question.set_busy(busy)
        self.song.set_busy(busy)
        self.question.ask.setVisible(not busy)
        self.working.begin()
        self.working.setVisible(busy)

    def show_answers(self, variations: Sequence[Variation], question: Question) -> None:
        """Show what the composer made, and remember it with its question."""
        self._show([Answer(variation) for variation in variations], question)

    def _show(self, answers: Sequence[Answer], question: Question) -> None:
        self.answers.show_answers(answers)
        self._show_source_heard(False)
        self._answered = question
        if answers:
            self._earlier.keep(question, answers)
        self._nothing.setVisible(not answers)
        self._mark_answers()
        QTimer.singleShot(0, self, self._bring_answers_into_sight)

    def _bring_answers_into_sight(self) -> None:
        """Let the first answer be seen whole, however much stands above it."""
        inner = self._beside.widget()
        inner.layout().activate()
        inner.resize(inner.width(), max(inner.sizeHint().height(), self._beside.viewport().height()))
        self.answers.layout().activate()
        if self.answers.cards and self.isVisible():  # unseen, it has not its size yet
            self._beside.ensureWidgetVisible(self.answers.cards[0], 0, Space.MEDIUM)

    def _show_own_motif(self, own: bool) -> None:
        """Let a motif stand where the piece stands that a song grows from."""
        if self._source_heard:
            self._hush()
        self.source.setVisible(not own)
        self.sketch.setVisible(own)
        if own and self.isVisible():
            self.sketch.setFocus()  # so that its keys can be tried

    def show_silence(self) -> None:
        """No answer is heard any more."""
        self.answers.show_silence()
        self._show_source_heard(False)

    def _hush(self) -> None:
        """Let a motif be heard and nothing else."""
        self.show_silence()
        self.listen_asked.emit(None)

    def _want_alike(self, _slug: str = "") -> None:
        """Ask once for each piece, and only while the page is looked at: the answer takes a network."""
        slug = self.question.piece
        if slug and self.isVisible() and slug != self._alike_to:
            self._alike_to = slug
            self.alike_wanted.emit(slug)

    def _remember(self) -> None:
        self._steps.moved(self.question.question())
        self.undo.setEnabled(self._steps.can_undo)
        self._heed_song()

    def _heed_song(self) -> None:
        self.song.show_unheeded(self.question.question())
        self._mark_answers()

    def _mark_answers(self) -> None:
        """Say to what the answers belong where another question stands beside them now."""
        asked, now = self._answered, self.question.question()
        if asked is not None and asked.song_bars:
            now = self.song.of(now)
        outdated = bool(self.answers.cards) and asked is not None and asked != now
        if asked is not None and outdated:
            self._outdated.setText(f"{EARLIER} {question_in_words(asked, self.question.title_of)}")
        self._outdated.setVisible(outdated)

    def _undo(self) -> None:
        """Undo the last choice; a question that was answered has its answers again."""
        if self._steps.can_undo:
            state = self._steps.undo()
            self.question.restore(state)
            self.undo.setEnabled(self._steps.can_undo)
            answers = self._earlier.answers_to(state)
            if answers and state != self._answered:
                self._show(answers, state)

    def _go_back(self, question: Question, answers: Sequence[Answer]) -> None:
        """Show an earlier question with its answers."""
        if question.song_bars:
            self._restore_song(question)
        else:
            self.question.restore(question)
        self._show(answers, question)

    def _restore_song(self, question: Question) -> None:
        """Choose what a song was made of; what does not count for songs stays as it is chosen."""
        now = self.question.question()
        donors = now.donors | question.donors
        if Feature.TEXTURE not in question.donors:
            donors.pop(Feature.TEXTURE, None)
        chosen = {"piece": question.piece, "level": question.level, "seed": question.seed, "count": question.count}
        self.question.restore(replace(now, donors=donors, keep=now.keep - set(donors), **chosen))
        if question.played is not None:
            self.sketch.show_motif(question.played)
        self.song.restore(question)

    def _hear_answer(self, score: Score | None) -> None:
        """Hear an answer, and the piece no more."""
        self._show_source_heard(False)
        self.listen_asked.emit(score)

    def _hear_source(self) -> None:
        was_heard = self._source_heard
        self.show_silence()
        self._show_source_heard(not was_heard)
        source = self.sketch.motif if self.song.own.isChecked() else self.source.score
        self.listen_asked.emit(None if was_heard else source)

    def _show_source_heard(self, heard: bool) -> None:
        self._source_heard = heard
        for button in (self.source.listen, self.sketch.listen):
            button.set_glyph("stop" if heard else "listen")
            button.setText("Stop" if heard else "Listen")

    def _lay_out(self) -> None:
        asking = Scrolled(self.question, "The question")
        asking.setFixedWidth(QUESTION_WIDTH)
        left = QVBoxLayout()
        left.setSpacing(Space.MEDIUM)
        head = QHBoxLayout()
        head.addWidget(label("Compose", Type.DISPLAY, bold=True), 1)
        head.addWidget(self.undo)
        self._earlier.setFixedWidth(QUESTION_WIDTH)
        left.addLayout(head)
        left.addWidget(asking, 1)
        left.addWidget(self.question.ask)  # in sight, however far its question is scrolled
        left.addWidget(self.working)
        left.addWidget(self._earlier)
        inner = QWidget()
        right = QVBoxLayout(inner)
        right.setContentsMargins(0, 0, Space.SMALL, 0)
        right.setSpacing(Space.MEDIUM)
        for widget in (self.source, self.sketch, self.song, self._outdated, self.answers):
            right.addWidget(widget)
        right.addWidget(self._nothing, 1)
        right.addStretch(0)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        row.setSpacing(Space.LARGE)
        row.addLayout(left)
        self._beside = Scrolled(inner, "The answers")
        row.addWidget(self._beside, 1)
