"""Make the pictures of docs/composer.md: ten variations of library pieces, each beside its source, as score and roll.

``python -m tests.variations [OUT]`` with QT_QPA_PLATFORM=offscreen, or under a screen. The same program and weights
make the same music; only fonts of the machine differ. With ``--json`` the measures are printed as well.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lessons.analogy import Analogy, Feature, Level, Variation
from lessons.engrave import engrave
from lessons.exercise import excerpt
from lessons.harmony import chords_of, classes_of
from lessons.library import shelf
from lessons.score import LEFT, Score
from models.commands.vary import measures_of
from models.voicing_composer import load_composers

SEED = 1
WIDTH, ROLL_HEIGHT, GAP, HEAD = 1080, 150, 10, 20
SHOWN_BARS = 8
ROOTS = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
MINOR_THIRD, MAJOR_THIRD = 3, 4
INK, PAPER, LINE, RIGHT_INK, LEFT_INK = "#202428", "#ffffff", "#9aa0a6", "#1f9d63", "#3563c9"


@dataclass(frozen=True)
class Question:
    """One of the ten: a piece, donors by feature, and how far and how hard."""

    piece: str
    donors: dict[Feature, str] = field(default_factory=dict)
    strength: float = 0.5
    level: Level = Level.SAME
    keep: frozenset[Feature] = frozenset()
    bars: tuple[int, int] = (1, SHOWN_BARS)

    @property
    def words(self) -> str:
        """The question as a learner would say it."""
        taken = [f"{feature} from {slug}" for feature, slug in self.donors.items()]
        free = [] if taken else [f"strength {self.strength:g}"]
        kept = [f"{', '.join(sorted(self.keep))} locked"] if self.keep else []
        hard = [str(self.level)] if self.level != Level.SAME else []
        return "; ".join([*taken, *free, *kept, *hard])


QUESTIONS = {
    "au-clair": Question("au-clair-de-la-lune", {Feature.CHORDS: "minuet-a-minor"}, bars=(9, 16)),
    "greensleeves": Question("greensleeves", strength=1.0),
    "lavenders-blue": Question("lavenders-blue", {Feature.PITCH: "petzold-minuet-g"}),
    "minuet": Question("petzold-minuet-g", {Feature.RHYTHM: "scarborough-fair"}),
    "minuet-minor": Question("petzold-minuet-g", {Feature.CHORDS: "petzold-minuet-g-minor"}),
    "ode": Question("ode-to-joy", level=Level.HARDER, bars=(9, 16)),
    "old-french-song": Question("tchaikovsky-old-french-song", {Feature.TEXTURE: "frere-jacques"}),
    "prelude": Question("bach-prelude-c", strength=0.7, bars=(1, 4)),
    "saints": Question("when-the-saints", strength=0.8, level=Level.EASIER),
    "scarborough": Question("scarborough-fair", {Feature.TEXTURE: "petzold-minuet-g"}),
}


def analogy(question: Question) -> Analogy:
    """The question as the composer takes it."""
    return Analogy(
        shelf.load(question.piece),
        {feature: shelf.load(slug) for feature, slug in question.donors.items()},
        keep=question.keep,
        strength=question.strength,
        level=question.level,
        seed=SEED,
    )


def picture(question: Question, made: Variation) -> QImage:
    """Source above variation: the words, the engraving, the roll with the chords that are heard."""
    rows = [(question.piece, made.analogy.piece), (question.words, made.score)]
    parts = [(words, excerpt(score, *question.bars)) for words, score in rows]
    pages = [engrave(plain(shown), WIDTH) for _, shown in parts]
    heights = [sum(round(system.height) for system in page) for page in pages]
    image = QImage(WIDTH, sum(heights) + len(parts) * (HEAD + ROLL_HEIGHT + 2 * GAP), QImage.Format.Format_RGB32)
    image.fill(QColor(PAPER))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    top = 0.0
    for (words, shown), page in zip(parts, pages, strict=True):
        write(painter, QRectF(4, top, WIDTH - 8, HEAD), words, bold=True)
        top += HEAD
        for system in page:
            box = QRectF(0, top, system.width, system.height)
            QSvgRenderer(QByteArray(system.svg.encode())).render(painter, box)
            top += round(system.height)
        draw_roll(painter, shown, QRectF(4, top + GAP / 2, WIDTH - 8, ROLL_HEIGHT))
        top += ROLL_HEIGHT + 2 * GAP
    painter.end()
    return image.convertToFormat(QImage.Format.Format_Indexed8)


def plain(score: Score) -> Score:
    """The score without title, fingers and tempo, as small as it can be engraved."""
    notes = score.notes.copy()
    notes["finger"] = 0
    return replace(score, notes=notes, title="", composer="")


def draw_roll(painter: QPainter, score: Score, box: QRectF) -> None:
    """Notes as bars in the colours of the hands, bar lines, and the chords below."""
    start, end = float(score.start_beat), float(score.bars["end_beat"][-1])
    low, high = int(score.notes["pitch"].min()) - 1, int(score.notes["pitch"].max()) + 1
    across, step = box.width() / (end - start), (box.height() - HEAD) / (high - low + 1)
    painter.setPen(QColor(LINE))
    for beat in [*score.bars["start_beat"].tolist(), end]:
        place = box.left() + (beat - start) * across
        painter.drawLine(round(place), round(box.top()), round(place), round(box.bottom()))
    for note in score.notes:
        left = box.left() + (float(note["onset_beat"]) - start) * across
        top = box.top() + (high - int(note["pitch"])) * step
        bar = QRectF(left, top, max(2.0, float(note["duration_beat"]) * across - 1.5), max(2.0, step * 0.9))
        painter.fillRect(bar, QColor(LEFT_INK if note["hand"] == LEFT else RIGHT_INK))
    for chord in chords_of(score):
        left = box.left() + (float(chord["start_beat"]) - start) * across + 2
        write(painter, QRectF(left, box.bottom() - HEAD, 60, HEAD), chord_name(int(chord["root"]), int(chord["tones"])))


def chord_name(root: int, tones: int) -> str:
    """Root and third of a chord."""
    above = {(tone - root) % 12 for tone in classes_of(tones)}
    third = "" if MAJOR_THIRD in above else "m" if MINOR_THIRD in above else "sus"
    return f"{ROOTS[root]}{third}" + ("°" if {MINOR_THIRD, 6} <= above else "") + ("7" if 10 in above else "")


def write(painter: QPainter, box: QRectF, words: str, bold: bool = False) -> None:
    """Write a line of words."""
    font = QFont("DejaVu Sans")
    font.setPixelSize(13 if bold else 11)
    font.setBold(bold)
    painter.setFont(font)
    painter.setPen(QColor(INK))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), words)


def main(words: Sequence[str] | None = None) -> int:
    """Make them."""
    parser = argparse.ArgumentParser(description="Make the pictures of docs/composer.md.")
    parser.add_argument("out", nargs="?", type=Path, default=Path("docs/composer"))
    parser.add_argument("--only", choices=sorted(QUESTIONS), help="only this one")
    parser.add_argument("--json", action="store_true", help="print the measures")
    arguments = parser.parse_args(words)
    arguments.out.mkdir(parents=True, exist_ok=True)
    application = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    composer = load_composers()
    for name in [arguments.only] if arguments.only else QUESTIONS:
        made = composer.vary(analogy(QUESTIONS[name]))[0]
        picture(QUESTIONS[name], made).save(str(arguments.out / f"{name}.png"), "PNG", 0)
        if arguments.json:
            print(json.dumps({"name": name, **measures_of(made), "notices": made.notices}, ensure_ascii=False))
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main())
