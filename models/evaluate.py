"""What the networks can do on tunes that they never saw: figures for `evaluate` and for the model card."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.checkpoint import Checkpoint
from models.corpus import Corpus
from models.grid import HOLD, PITCHES, STRUCK, Steps, held_curve
from models.layers import log_softmax
from models.melody import MelodyConfig, MelodyNetwork
from models.restoration import lesson, stretches
from models.segments import Batch, Segments, batch_of, segments_of, with_moved_onsets
from models.train import evaluate_segments, losses
from models.writer import WIDEST, Writer, features

MOST_SEGMENTS = 4096
WHOLE_TONE = 2


def melody_network(found: Checkpoint) -> MelodyNetwork:
    """The melody network of a checkpoint, ready to encode and decode."""
    sizes = {name: int(found.config[name]) for name in MelodyConfig.__annotations__}
    network = MelodyNetwork(MelodyConfig(**sizes))
    network.load_state_dict({name: torch.from_numpy(array) for name, array in found.weights.items()})
    return network.eval()


def evaluate_melody(network: MelodyNetwork, corpus: Corpus, split: int) -> dict[str, float]:
    """Reconstruction, information, disentanglement and answers to queries, over the segments of a split."""
    segments = segments_of(corpus, split, hop_bars=2)
    figures = evaluate_segments(network, segments)
    network.eval()
    rng = np.random.default_rng(0)
    some = segments[np.sort(rng.permutation(len(segments))[:MOST_SEGMENTS])]
    figures["kl_total"] = figures["kl_contour"] + figures["kl_rhythm"]
    return figures | disentanglement(network, some, rng) | queries(network, some, rng) | latitude(network, some, rng)


@torch.no_grad()
def disentanglement(network: MelodyNetwork, segments: Segments, rng: np.random.Generator) -> dict[str, float]:
    """How far each latent moves when only the other feature changes.

    ``rhythm_moved``: the rhythm latent under transposition by 1 to 6 semitones. ``contour_moved_restruck``,
    ``_late`` and ``_early``: the contour latent when held notes are struck again, and when a third of the onsets move
    by a step, as shares of its movement when as many notes change their pitch by one to four semitones.
    """
    plain = batch_of(segments)
    moved = batch_of(segments, rng.integers(1, 7, len(segments)))
    rhythm = network.encode_rhythm(plain.rhythm).mean - network.encode_rhythm(moved.rhythm).mean
    contour = network.encode_contour(plain.curve, plain.chords).mean

    def moved_by(tokens: Steps) -> float:
        changed = torch.from_numpy(held_curve(tokens))
        return float((network.encode_contour(changed, plain.chords).mean - contour).norm(dim=1).mean())

    other_pitches = moved_by(_other_pitches(segments.tokens, rng))
    return {
        "rhythm_moved": float(rhythm.abs().max()),
        "contour_moved_restruck": moved_by(_restruck(segments.tokens, rng)) / other_pitches,
        "contour_moved_late": moved_by(with_moved_onsets(segments.tokens, rng, late=1.0)) / other_pitches,
        "contour_moved_early": moved_by(with_moved_onsets(segments.tokens, rng, late=0.0)) / other_pitches,
    }


def _restruck(tokens: Steps, rng: np.random.Generator) -> Steps:
    """Half of the held steps struck again."""
    again = (tokens == HOLD) & (rng.random(tokens.shape) < 0.5)
    return np.where(again, held_curve(tokens), tokens)


def _other_pitches(tokens: Steps, rng: np.random.Generator) -> Steps:
    """A third of the notes one to four semitones away."""
    changed = (tokens < PITCHES) & (rng.random(tokens.shape) < 1 / 3)
    moves = rng.integers(1, 5, tokens.shape) * rng.choice([-1, 1], tokens.shape)
    return np.where(changed, np.clip(tokens + moves, 0, PITCHES - 1), tokens)


@torch.no_grad()
def queries(network: MelodyNetwork, segments: Segments, rng: np.random.Generator) -> dict[str, float]:
    """Contour of one segment, rhythm of another: F1 of the onsets, and of pitches against the curve asked for."""
    others = _partners(segments, rng)
    plain = batch_of(segments)
    asked = Batch(*(part[torch.from_numpy(others)] for part in (plain.tokens, plain.curve, plain.rhythm, plain.chords)))
    z_rhythm = network.encode_rhythm(asked.rhythm).mean
    rhythm = network.decode_rhythm(z_rhythm=z_rhythm).argmax(-1)
    z_contour = network.encode_contour(plain.curve, plain.chords).mean
    pitch = network.decode_pitch(z_contour=z_contour, rhythm=rhythm, chords=plain.chords).argmax(-1)
    struck, wanted = rhythm == STRUCK, asked.rhythm == STRUCK
    hit = struck & wanted & (pitch == plain.curve)
    return {"query_rhythm_f1": _f1(struck & wanted, struck, wanted), "query_contour_f1": _f1(hit, struck, wanted)}


@torch.no_grad()
def latitude(network: MelodyNetwork, segments: Segments, rng: np.random.Generator) -> dict[str, float]:
    """Samples and blends of latents: pitches and rhythm right when decoded from draws of the posterior, not its mean;
    and of the notes decoded halfway between two contours, the share that lies between the two curves, to a whole tone.
    """
    plain, others = batch_of(segments), torch.from_numpy(_partners(segments, rng))
    drawn = losses(network, plain, 1.0, torch.Generator().manual_seed(0))
    contour = network.encode_contour(plain.curve, plain.chords).mean
    halfway = (contour + contour[others]) / 2
    pitch = network.decode_pitch(z_contour=halfway, rhythm=plain.rhythm, chords=plain.chords).argmax(-1)
    low, high = (pick(plain.curve, plain.curve[others]) for pick in (torch.minimum, torch.maximum))
    between = (pitch >= low - WHOLE_TONE) & (pitch <= high + WHOLE_TONE)
    return {
        "pitch_right_drawn": float(drawn.pitch_right),
        "rhythm_right_drawn": float(drawn.rhythm_right),
        "halfway_between": float(between[plain.rhythm == STRUCK].float().mean()),
    }


def _partners(segments: Segments, rng: np.random.Generator) -> NDArray[np.int64]:
    """For each segment another one of the same length."""
    lengths = (segments.tokens <= 129).sum(axis=1)
    partners = np.arange(len(segments))
    for length in np.unique(lengths):
        members = np.flatnonzero(lengths == length)
        partners[members] = np.roll(rng.permutation(members), 1)[np.argsort(np.argsort(members))]
    return partners


def _f1(hit: Tensor, found: Tensor, wanted: Tensor) -> float:
    return float(2 * hit.sum() / (found.sum() + wanted.sum()))


def evaluate_writer_on(writer: Writer, corpus: Corpus, split: int) -> dict[str, float]:
    """Nats a note with and without a curve, and how often the likeliest interval is the tune's own."""
    setting, past, answers = lesson(stretches(corpus, split), np.random.default_rng(0))
    kept = np.flatnonzero(np.abs(answers) <= WIDEST)
    rows, classes = np.arange(len(kept)), answers[kept] + WIDEST
    figures = {}
    for name, guided in (("guided", 1), ("free", 0)):
        seen = replace(setting, guided=np.full_like(setting.guided, guided), bent=setting.bent * guided)
        known = log_softmax(writer.logits(features(seen, past)[kept]))
        figures[name] = float(-known[rows, classes].mean())
        figures[f"{name}_right"] = float((known.argmax(axis=1) == classes).mean())
    return figures
