"""Who answers what: the voicing network questions about a donor's texture, the composer of lines all others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import Analogy, Composer, Feature, Variation
from lessons.errors import CheckpointError
from lessons.harmony import chord_indices, harmonic_window, infer_chords
from lessons.progress import Told, part_of, unheard
from models import checkpoint
from models.choosing import choose
from models.composer import load_composer, with_notice
from models.figuration import is_figuration
from models.keyboard import Manner, voiced
from models.line import Pitches
from models.restyling import restyled
from models.rules import MORE_DRAFTS, RuleComposer, answer_of_texture, check, is_still, moves_a_figure
from models.texture import TexturePlan, plan_texture
from models.voicing import CHOICES, feature_count, strokes_of
from models.writer import Rows, Writer

NAME = "voicing"
DRAWN = 16
HEARD = 2.0  # nats that a harmony heard as it was meant is worth
LONGEST = 3000  # notes of a pattern that the network still answers for
HOTTER = 0.2
BOLDEST = 5
FIGURE_LOST = "the piece breaks chords and has no tune, so its figure is lost: take its chords, or another texture"
MAJOR_THIRD = 4


@dataclass(frozen=True, eq=False)
class VoicingComposer:
    """Answers questions about textures; see `lessons.analogy.Composer`."""

    network: Writer
    weights: str
    lines: Composer
    manner: Manner = field(default_factory=Manner)

    def vary(self, analogy: Analogy, count: int = 1, told: Told = unheard) -> list[Variation]:
        """Answer with ``count`` distinct pieces, best first. Raises ComposerError with the reason where it cannot."""
        if Feature.TEXTURE not in analogy.donors or analogy.style:
            return answer_lines(self.lines, analogy, count, told)
        check(analogy, count)
        plan = plan_texture(analogy, passing=True)
        if len(plan.moved) > LONGEST:
            return self.lines.vary(analogy, count, told)
        return choose(list(self._answers(plan, count, 0, told)), analogy, count, self._bolder(plan, count, told))

    def _bolder(self, plan: TexturePlan, count: int, told: Told) -> Iterator[Variation]:
        for turn in range(1, BOLDEST + 1):
            yield from self._answers(plan, count, turn, part_of(told, 1, 1, MORE_DRAFTS))

    def _answers(self, plan: TexturePlan, count: int, turn: int, told: Told) -> Iterator[Variation]:
        """The likeliest of many voicings; later turns are bolder."""
        rng = np.random.default_rng([plan.analogy.seed, turn, DRAWN])
        manner = replace(self.manner, temperature=self.manner.temperature + HOTTER * turn)
        strokes = strokes_of(plan.analogy.piece, plan.moved, plan.chords, plan.key, self.manner.doubt)
        bounds = plan.analogy.lowest, plan.analogy.highest
        drawn = max(DRAWN, 3 * count)
        found = voiced(self.network, plan.analogy.piece, plan.moved, strokes, bounds, drawn, rng, manner, told)
        cost = found.surprise - HEARD * np.array([harmony_heard(plan, pitches) for pitches in found.pitches])
        for number in np.argsort(cost, kind="stable")[: max(1, drawn // 2)]:
            yield answer_of_texture(plan, found.pitches[number], self.weights)


def harmony_heard(plan: TexturePlan, pitches: Pitches) -> float:
    """The share of half bars in which the triad that was meant can be heard."""
    notes = plan.moved.copy()
    notes["pitch"] = pitches
    start = max(plan.start_beat, 0.0)
    window = harmonic_window(plan.analogy.piece.metre_at(start))
    heard = infer_chords(notes, start, plan.end_beat, window, plan.key)
    places = heard["start_beat"] + window / 8
    index = chord_indices(plan.chords, places)
    meant = plan.chords[index]
    same = (index >= 0) & (meant["root"] == heard["root"]) & (_third(meant) == _third(heard))
    return float(same.mean()) if len(same) else 0.0


def _third(chords: NDArray[np.void]) -> Rows:
    """1 for chords with a major third, 0 for others."""
    third: Rows = chords["tones"].astype(np.int64) >> (chords["root"].astype(np.int64) + MAJOR_THIRD) % 12 & 1
    return third


@dataclass(frozen=True, eq=False)
class WithoutVoicing:
    """The composer of lines, with a notice where a texture is asked for."""

    reason: str
    lines: Composer

    def vary(self, analogy: Analogy, count: int = 1, told: Told = unheard) -> list[Variation]:
        """Answer, and say why the network does not."""
        answers = answer_lines(self.lines, analogy, count, told)
        if Feature.TEXTURE not in analogy.donors:
            return answers
        return [with_notice(answer, self.reason) for answer in answers]


def answer_lines(lines: Composer, analogy: Analogy, count: int, told: Told = unheard) -> list[Variation]:
    """The answers to a question that takes no texture: rules move left hands, the composer of lines tunes."""
    if analogy.style:
        return restyled(analogy, analogy.style, count)
    if is_still(analogy) or not moves_a_figure(analogy):
        answers = lines.vary(analogy, count, told)
        taken = {Feature.RHYTHM, Feature.PITCH} & set(analogy.donors)
        lost = taken and is_figuration(analogy.piece, analogy.hand)
        return [with_notice(answer, FIGURE_LOST) if lost else answer for answer in answers]
    return RuleComposer().vary(analogy, count, told)


def load_composers(folder: Path = checkpoint.FOLDER) -> Composer:
    """The composer of the program; without usable weights rules answer, with a notice that says what is wrong."""
    lines = load_composer(folder)
    try:
        path = checkpoint.find(NAME, folder)
        if path is None:
            return WithoutVoicing(f"no weights of the {NAME} network were found, so the rules answered", lines)
        found = checkpoint.read(path)
        return VoicingComposer(network_of(found), found.label, lines)
    except CheckpointError as error:
        return WithoutVoicing(f"{error}; the rules answered", lines)


def network_of(found: checkpoint.Checkpoint) -> Writer:
    """The voicing network of a checkpoint. Raises CheckpointError where the shapes are another network's."""
    first, last = found.weights.get("0.weight"), found.weights.get("2.weight")
    if first is None or last is None or first.shape[1] != feature_count() or last.shape[0] != CHOICES:
        raise CheckpointError(f"{found.label}: these weights belong to another network")
    return Writer(found.weights)
