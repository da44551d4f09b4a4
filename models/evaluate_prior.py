"""What the prior knows of tunes that it never saw: figures for `evaluate`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.corpus import Corpus
from models.foresight import Foresight
from models.prior import Sentence
from models.sentences import sentences

OFFERED = 32  # continuations to choose from
SAME_NATS = 1e-3


def evaluate_prior(foresight: Foresight, corpus: Corpus, split: int) -> dict[str, float]:
    """Nats a segment of tunes as they are and in another order, and how often the true continuation is found.

    ``shuffled`` has a tune's own segments in a random order. ``chosen`` is how often, of the true next segment's shape
    and 31 of other places, the true one is likeliest; by chance .03.
    """
    rng = np.random.default_rng(0)
    told = list(sentences(corpus, split, foresight.encoder))
    pool = np.concatenate([one.shape[one.sounding] for one in told])
    nats, shuffled, chosen = [], [], []
    for one in told:
        nats.append(foresight.prior.surprise(one)[one.sounding])
        mixed = one.at(rng.permutation(one.middle.shape[1]))
        shuffled.append(foresight.prior.surprise(mixed)[mixed.sounding])
        chosen.append(_finds_the_true_one(foresight, one, pool, rng))
    return {
        "surprise": float(np.concatenate(nats).mean()),
        "surprise_shuffled": float(np.concatenate(shuffled).mean()),
        "chosen": float(np.concatenate(chosen).mean()),
    }


def _finds_the_true_one(
    foresight: Foresight, one: Sentence, pool: NDArray[np.float32], rng: np.random.Generator
) -> NDArray[np.bool_]:
    """For each sounding segment after the first, whether no other drawn is likelier there than its own shape.

    Those drawn may be the same as its own, and then rounding would decide.
    """
    places = np.flatnonzero(one.sounding[0])
    places = places[places > 0]
    if not len(places):
        return np.zeros(0, dtype=np.bool_)
    found = []
    for place in places:
        many = one.repeated(OFFERED)
        many.shape[1:, place] = pool[rng.integers(0, len(pool), OFFERED - 1)]
        nats = foresight.prior.surprise(many.at(slice(place + 1)))[:, place]
        found.append(nats[0] <= nats.min() + SAME_NATS)
    return np.array(found)
