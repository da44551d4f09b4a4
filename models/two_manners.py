"""A song whose left hand has two manners: a style under the motif, and a donor's where something else begins.

What comes between statements of the motif is told from them by its accompaniment too, as a trio is from its minuet.
Where every phrase begins with the motif, the second half has the donor's manner.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lessons.analogy import Analogy, Feature, Variation
from lessons.bar_names import bars_in_words
from lessons.score import LEFT
from models.accompanist import HAND_PLAYS, accompaniments
from models.donors import named
from models.layout import within
from models.song_form import PHRASE, Form, states_first_bar


def in_two_manners(question: Analogy, form: Form) -> Variation:
    """The tune over a left hand in the style, and in the donor's manner in the other phrases."""
    styled = accompaniments(replace(question, donors={}), told=HAND_PLAYS)[0]
    donated = accompaniments(replace(question, style=None))[0]
    tune, phrases = question.piece, other_phrases(form)
    spans = [(first, min(first + PHRASE, len(form.steps))) for first in phrases]
    left = []
    for answer, is_other in ((styled, False), (donated, True)):
        notes = answer.score.hands(LEFT).notes
        bars = tune.bars[tune.bars["number"] >= 1]
        begins = bars["start_beat"][[first for first, _ in spans]]
        ends = bars["end_beat"][[after - 1 for _, after in spans]]
        inside = np.any(
            [within(notes, float(start), float(end)) for start, end in zip(begins, ends, strict=True)], axis=0
        )
        left.append(notes[inside == is_other])
    score = styled.score.with_notes(np.concatenate([styled.score.notes[styled.score.notes["hand"] != LEFT], *left]))
    where = " and ".join(bars_in_words(score, first + 1, after) for first, after in spans)
    told = f"in {where} it plays in the manner of {named(question.donors[Feature.TEXTURE])}"
    return replace(styled, score=score, analogy=question, notices=(*styled.notices, told))


def other_phrases(form: Form) -> list[int]:
    """Where the phrases begin that do not state the motif; the second half where all do."""
    begins = range(0, len(form.steps), PHRASE)
    return [place for place in begins if not states_first_bar(form, place)] or [*begins][len(begins) // 2 :]
