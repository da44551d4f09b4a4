"""Shares as people read them."""

from __future__ import annotations

from lessons.percent import percent


def test_a_share_has_a_space_before_its_sign() -> None:
    assert [percent(share) for share in (0.0, 0.876, 1.0, 1.5)] == ["0 %", "88 %", "100 %", "150 %"]
