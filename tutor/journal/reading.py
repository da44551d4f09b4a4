"""Whoever asks the journal's database a question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy.orm import Session as Transaction

Answer = TypeVar("Answer")


class Read(Protocol):
    """Asks a question in a transaction of its own."""

    def __call__(self, question: Callable[[Transaction], Answer], /) -> Answer:
        """The answer. Raises JournalError where it cannot be read."""
        ...
