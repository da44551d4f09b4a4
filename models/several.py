"""Several processes that teach one network: each has its own examples, and all step by the mean of what they find."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import distributed
from torch.nn import Parameter


def joined() -> int:
    """Which of the processes that ``torchrun`` started this one is, from 0; 0 where it is alone."""
    if not distributed.is_torchelastic_launched():
        return 0
    distributed.init_process_group("gloo")
    return distributed.get_rank()


def averaged(weights: Iterable[Parameter], progress: float) -> float:
    """Give the gradients their mean over the processes, and return that of ``progress``, so that all end together."""
    if not distributed.is_initialized():
        return progress
    gradients = [weight.grad for weight in weights if weight.grad is not None]
    told = torch.cat([*(gradient.flatten() for gradient in gradients), torch.tensor([progress])])
    distributed.all_reduce(told)
    told /= distributed.get_world_size()
    parts = torch.split(told[:-1], [gradient.numel() for gradient in gradients])
    for gradient, part in zip(gradients, parts, strict=True):
        gradient.copy_(part.reshape(gradient.shape))
    return float(told[-1])
