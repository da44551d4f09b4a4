"""Says of an answer what its donors did not change: where their feature is much the same, nothing new can be heard."""

from __future__ import annotations

from dataclasses import replace

from lessons.analogy import Variation
from lessons.otherness import renewed
from models.donors import named


def told_same(answer: Variation) -> Variation:
    """The answer, with a notice for each donor whose feature is no other than the piece's own."""
    numbers = answer.analogy.piece.bars["number"]
    other = renewed(answer, (int(numbers.min()), int(numbers.max())))
    same = [
        f"{named(donor)} has much the same {feature} as the piece: little is new"
        for feature, donor in answer.analogy.donors.items()
        if feature not in other
    ]
    return replace(answer, notices=(*answer.notices, *same)) if same else answer
