"""What the window's desk keeps of the composer, and can tell of pieces that are alike."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from desk_takes import taken

from lessons.analogy import Analogy, Feature, Measures, Variation
from lessons.errors import JournalError
from lessons.library import shelf
from lessons.library.shelf import Piece
from main import build_parts
from tutor import review
from tutor.commands.parts import no_likeness
from tutor.journal.journal import Journal
from tutor.practice import PracticeSettings
from ui.furnishing import Desk
from ui.library.kept import made_of


def test_what_is_kept_stands_on_the_shelf_at_once(tmp_path: Path) -> None:
    room, piece = desk(tmp_path, no_likeness), shelf.load("hot-cross-buns")
    made = Variation(replace(piece, title="Other Buns"), Analogy(piece, seed=5), Measures(1, 1, 1, 1, 0), "rules-1")
    room.keep_variation(made)
    kept = room.own.pieces()[0]
    assert (kept.title, room.read_piece(kept).notes["pitch"].tolist()) == ("Other Buns", piece.notes["pitch"].tolist())
    assert room.journal.exercises()[0].provenance["seed"] == 5
    assert (kept.details, "seed" in kept.origin) == ("Made with seed 5", False)
    assert kept.removable
    taken_off = room.own.remove(kept)
    assert (taken_off.is_file(), room.own.pieces()) == (True, ())
    room.own.restore(kept, taken_off)
    assert [piece.title for piece in room.own.pieces()] == ["Other Buns"]
    room.close()


@pytest.mark.parametrize(
    ("provenance", "words"),
    [
        ({}, ""),
        ({"excerpt": [3, 4], "kept": None}, "Bars 3–4"),
        ({"bars": [12, 12]}, "Bar 12"),
        ({"excerpt": [3, 4], "passage": "bars 1–2, second time"}, "Bars 1–2, second time"),
        ({"bars": None, "passage": "", "seed": 7}, ""),
        (
            {"donors": {"pitch": {"title": "Au clair"}, "rhythm": {"title": "Minuet"}}, "bars": None, "seed": 7},
            "Melody from Au clair · rhythm from Minuet",
        ),
        ({"strength": 0.5, "donors": {}, "level": "same", "song_bars": 8, "form": None}, "Grown from a motif"),
        ({"song_bars": 16, "form": {"title": "Minuet"}}, "Grown from a motif · form of Minuet"),
        (
            {"song_bars": 16, "style": "waltz", "donors": {"texture": {"title": "Minuet"}}},
            "Grown from a motif · a waltz bass · texture from Minuet",
        ),
        ({"strength": 0.5, "donors": {}, "level": "easier"}, "Freely varied · easier"),
        ({"strength": 0.5, "style": "waltz", "level": "same"}, "A waltz bass"),
    ],
)
def test_an_exercise_is_told_by_what_it_was_made_of(provenance, words):
    assert made_of(provenance) == words


class ByName:
    """Takes pieces for the more alike the earlier they come."""

    def nearest(self, piece, among, feature):
        return [(name, float(place)) for place, (name, score) in enumerate(among.items()) if score.title != piece.title]


def desk(tmp_path: Path, likeness) -> Desk:
    return Desk(replace(build_parts(), likeness=likeness), tmp_path / "journal.db")


def test_pieces_that_cannot_be_read_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "torn.mid").write_bytes(b"MThd")
    among = (*shelf.pieces()[:3], Piece("torn", "Torn", tmp_path / "torn.mid"))
    alike = desk(tmp_path, lambda _index: ByName()).composing.alike(among[0], among)
    assert alike == {feature: [piece.slug for piece in among[1:3]] for feature in (Feature.RHYTHM, Feature.PITCH)}


def test_without_a_network_nothing_is_told_to_be_alike(tmp_path: Path) -> None:
    among = shelf.pieces()[:2]
    assert desk(tmp_path, no_likeness).composing.alike(among[0], among) == {}


def test_an_exercise_whose_file_was_cut_off_is_laid_out_again(tmp_path: Path) -> None:
    room, piece = desk(tmp_path, no_likeness), shelf.load("hot-cross-buns")
    room.keep_variation(Variation(piece, Analogy(piece, seed=5), Measures(1, 1, 1, 1, 0), "rules-1"))
    path = room.own.pieces()[0].path
    path.write_bytes(path.read_bytes()[:100])
    assert len(room.read_piece(room.own.pieces()[0]).notes) == len(piece.notes)
    room.close()


def test_what_comes_late_finds_the_journal_closed(tmp_path: Path) -> None:
    room = desk(tmp_path, no_likeness)
    assert room.journal
    room.close()
    with pytest.raises(JournalError, match="closed"):
        room.own.pieces()


def test_the_desk_closes_once_a_take_has_its_judgement(tmp_path: Path, monkeypatch) -> None:
    room, entered = desk(tmp_path, no_likeness), threading.Event()
    take = taken(room, PracticeSettings())
    real = review.review

    def slow(*said, **more):
        entered.set()
        time.sleep(0.3)
        return real(*said, **more)

    monkeypatch.setattr(review, "review", slow)
    judging = threading.Thread(target=room.report, args=(take,))
    judging.start()
    assert entered.wait(10)
    room.close()
    judging.join(10)
    with closing(Journal.open(tmp_path / "journal.db")) as journal:
        assert [entry.is_judged for entry in journal.takes()] == [True]
