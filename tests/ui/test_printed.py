"""A score on paper: whole systems on each page, with title, composer and page numbers."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace

import numpy as np
import pytest

from lessons.errors import InputError
from lessons.fingering import with_fingers
from lessons.library.shelf import load
from ui.printed import on_pages, write_pdf


@pytest.fixture(scope="module")
def score():
    return with_fingers(load("petzold-minuet-g"))


@pytest.fixture(scope="module")
def paper(score, tmp_path_factory):
    """The pages as grey pictures, and the words of each, as another program reads them."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm of poppler-utils is not installed")
    folder = tmp_path_factory.mktemp("paper")
    write_pdf(score, folder / "a.pdf")
    subprocess.run(["pdftoppm", "-r", "75", "-gray", folder / "a.pdf", folder / "page"], check=True)
    words = subprocess.run(["pdftotext", folder / "a.pdf", "-"], check=True, capture_output=True, text=True).stdout
    return [grey(path) for path in sorted(folder.glob("page*.pgm"))], words.split("\f")[:-1]


def grey(path) -> np.ndarray:
    _, size, _, pixels = path.read_bytes().split(b"\n", 3)
    width, height = map(int, size.split())
    return np.frombuffer(pixels, np.uint8).reshape(height, width)


def test_all_of_it_is_printed_with_its_title(qapp, paper, score):
    pages, words = paper
    assert len(pages) == len(words) >= 2
    assert score.title in words[0]
    assert words[-1].replace(" ", "").rstrip().endswith(f"{len(pages)}/{len(pages)}")
    assert all((page < 128).mean() > 0.005 for page in pages)


def test_nothing_is_printed_on_the_margins(qapp, paper):
    edge = 40  # of 44 pixels that are 15 mm
    for page in paper[0]:
        for margin in (page[:edge], page[-edge:], page[:, :edge], page[:, -edge:]):
            assert margin.min() > 200


def test_systems_are_not_cut_and_none_is_lost():
    heights = [100.0] * 7 + [900.0, 50.0]
    pages = list(on_pages(heights, 320.0, 60.0))
    assert pages == [[0, 1], [2, 3, 4], [5, 6], [7], [8]]
    assert list(on_pages([], 320.0, 60.0)) == []


def test_what_has_no_notes_is_not_printed_and_nothing_is_replaced_unasked(qapp, score, tmp_path):
    with pytest.raises(InputError, match="no notes to print"):
        write_pdf(score.with_notes(score.notes[:0]), tmp_path / "a.pdf")
    (tmp_path / "b.pdf").write_bytes(b"mine")
    with pytest.raises(InputError):
        write_pdf(replace(score, title=""), tmp_path / "b.pdf")
    assert (tmp_path / "b.pdf").read_bytes() == b"mine"
