"""The kinds of gloves: by the names of the commands, and by the words that a learner sees."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """What a port leads to."""

    HGP = "hgp"
    LUCID_LEFT = "lucid-left"
    LUCID_RIGHT = "lucid-right"
    LUCID = "lucid"
    FINGER_CHANNELS = "finger-channels"


KIND_WORDS: Mapping[Kind, str] = {
    Kind.HGP: "Glove (HGP/1)",
    Kind.LUCID_LEFT: "LucidGlove, left hand",
    Kind.LUCID_RIGHT: "LucidGlove, right hand",
    Kind.LUCID: "LucidGloves, both hands",
    Kind.FINGER_CHANNELS: "Finger channels (MIDI)",
}
KIND_HELP = f"what is on that port: {', '.join(Kind)} (default: {Kind.HGP})"
