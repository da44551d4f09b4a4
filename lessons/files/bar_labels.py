"""What the page calls its bars, read from and written to the ``number`` of each <measure>.

Most numbers say all. The others become labels (`lessons.bar_names`): "7a" stands as it is; a measure that has no number
of its own, or is implicit under the number before it, goes on from that one ("+8"); and where a file begins to count
again, as with several songs in one, the bars of the second section are "II:1", "II:2". A second ending that is numbered
as the first one was begins no section, nor does a bar that stands again because repeats were written out, which our
own files say with MusicXML's ``text``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from lxml import etree  # type: ignore[import-untyped]
from numpy.typing import NDArray

from lessons.bar_names import GOES_ON, BarName

_NUMBER = re.compile(r"(?:[IVX]+:)?(\d{1,6})")
_LABEL = re.compile(r"(?:[IVX]+:)?\d\w{0,9}")
_SECTIONS = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")


def number_in(text: str) -> int | None:
    """The number in what a file says of a measure; None where it has none of its own."""
    found = _NUMBER.fullmatch(text)
    return int(found[1]) if found else None


def page_labels(measures: Sequence[etree._Element], written: Sequence[int]) -> list[str]:
    """The label of each measure, as the file has them, ``written`` being their numbers; none where those say it all."""
    labels: list[str] = []
    section, last, own = 1, -1, ""
    for measure, number in zip(measures, written, strict=True):
        text = (measure.get("number") or "").strip()
        if not _LABEL.fullmatch(text) or (measure.get("implicit") == "yes" and text == own and labels):
            labels.append(GOES_ON + (_in_section(section, own) or str(number)))
            continue
        section += number < last and not _may_go_back(measure) and number_in(text) is not None
        last, own = number, text
        labels.append(_in_section(section, text))
    return [] if labels == [str(number) for number in written] else labels


def _in_section(section: int, text: str) -> str:
    return f"{_SECTIONS[min(section, len(_SECTIONS) - 1)]}:{text}" if text and section > 1 and ":" not in text else text


def _may_go_back(measure: etree._Element) -> bool:
    """Whether a measure may have a lower number than the one before it and belong to the same section."""
    return measure.get("text") is not None or measure.find("barline/ending[@type='start']") is not None


def bar_labels(bars: NDArray[np.void], edges: NDArray[np.float64], labels: Sequence[str]) -> tuple[str, ...]:
    """The labels of bars (BAR_DTYPE), where those of the measures between ``edges`` are known."""
    if not labels:
        return ()
    first = np.searchsorted(edges, bars["start_beat"], side="right") - 1
    return tuple(labels[index] for index in first.tolist())


def number_measure(measure: etree._Element, label: str, name: BarName, goes_back: bool) -> None:
    """Number a measure as the page has it, and say where it stands there again, or ``goes_back`` behind the last."""
    measure.set("number", label.removeprefix(GOES_ON))
    if label.startswith(GOES_ON):
        measure.set("implicit", "yes")
    elif name.time > 1 or goes_back:
        measure.set("text", name.short)
