"""A take in four figures, in words that a learner understands; what was measured stands in the tooltips."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lessons.bar_names import bar_at, name_of
from lessons.percent import percent
from tutor.known import reached_bars, went_to_the_end
from tutor.practice import Mode
from tutor.pulse import pulse_of
from ui.rooms import TakeReport
from ui.theme import Space, Type
from ui.widgets.text import label

EVENNESS = ((0.02, "very even"), (0.04, "even"), (0.07, "nearly even"))  # by the spread in seconds
UNEVEN = "uneven"


class Figures(QWidget):
    """The summary in four figures."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.LARGE)
        self._values, self._words = [], []
        for words in ("notes right", "slips", "timing", "quarter notes a minute"):
            column = QVBoxLayout()
            column.setSpacing(0)
            value, meaning = label("", Type.DISPLAY, bold=True), label(words, Type.SMALL, "soft")
            column.addWidget(value)
            column.addWidget(meaning)
            row.addLayout(column)
            self._values.append(value)
            self._words.append(meaning)
        row.addStretch(1)

    def show_figures(self, told: TakeReport) -> None:
        """Show the summary of an assessment; what was not reached is no fault."""
        summary, bars = told.review.assessment["summary"], told.review.attempt.evidence.bars
        slips = (sum(bar.wrong for bar in bars), sum(bar.missed for bar in bars), sum(bar.extra for bar in bars))
        beats, _, beat_name = pulse_of(told.score)
        timed = summary if told.settings.mode is not Mode.WAIT else {}
        spread, tempo = timed.get("timing_sd_sec"), timed.get("tempo_bpm")
        words = (
            percent(told.review.report.hit_share),
            str(sum(slips)),
            evenness(spread),
            f"{tempo / beats:.0f}" if tempo else "–",
        )
        self._words[0].setText(_reached_words(told))
        self._words[1].setText(slip_words(*slips))
        self._words[-1].setText(f"{beat_name} a minute")
        spreads = f"Your notes were within about {1000 * spread:.0f} ms of the beat" if spread is not None else ""
        for widget in (self._values[2], self._words[2]):
            widget.setToolTip(spreads)
        for value, text in zip(self._values, words, strict=True):
            value.setText(text)


def evenness(spread_sec: float | None) -> str:
    """How even the notes came, in a word; "–" where nobody kept time."""
    if spread_sec is None:
        return "–"
    return next((word for most, word in EVENNESS if spread_sec < most), UNEVEN)


def slip_words(wrong: int, missed: int, extra: int) -> str:
    """What the slips were: "8 wrong, 2 missed"; of one kind without its number, which stands above."""
    found = [(count, name) for count, name in ((wrong, "wrong"), (missed, "missed"), (extra, "extra")) if count]
    if len(found) < 2:
        return f"{found[0][1]}" if found else "slips"
    return ", ".join(f"{count} {name}" for count, name in found)


def _reached_words(told: TakeReport) -> str:
    """Of what the share of right notes is said."""
    _, last, end = reached_bars(told.review.assessment) or (0, 0, 0)
    if went_to_the_end(told.review.assessment) or last >= (told.settings.bars or (0, end))[1]:
        return "notes right"
    here = bar_at(told.score, told.score.bar_range(last, last)[0])
    return f"right, to {here} of {name_of(told.score, end).written}"
