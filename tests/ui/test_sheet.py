"""The notation on the practice page: engraved when seen, marked as the take goes."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from lessons.engrave import engrave
from lessons.parts import for_pianist
from lessons.score import LEFT, RIGHT
from tests.lessons.scores import notes_of, score_of, song_score
from ui.practice.sheet import FAILED_WORDS
from ui.practice.sheet_picture import BESIDE, RESTING, dimmed, inks_of
from ui.practice.sheet_places import places
from ui.practice.stage import FALLING, NOTATION
from ui.practice.verdict_state import HIT, WRONG
from ui.theme import verdict_colour, worn


@pytest.fixture
def page(window, open_piece):
    open_piece()
    page = window.house.practice
    page.lesson.armed = False
    page._frames.stop()
    window.resize(1280, 720)
    return page


@pytest.fixture
def sheet(qtbot, page):
    page.stage.turn(NOTATION)
    sheet = page.stage.sheet
    qtbot.waitUntil(lambda: sheet.ready and sheet._tasks.idle and not sheet._settle.isActive(), timeout=60_000)
    qtbot.waitUntil(lambda: 0 in sheet._pictures or bool(sheet.grab().isNull()), timeout=60_000)
    return sheet


def share_of_head(sheet, row: int, verdict: str) -> float:
    """How much of a head has a verdict's colour."""
    place = next(place for place in sheet._places if row in place.row)
    index = place.row.tolist().index(row)
    x, y, half = place.x[index], place.top - sheet._offset + place.y[index], 0.5 * place.head
    picture, wanted = sheet.grab().toImage(), verdict_colour(worn(), verdict)
    density = picture.devicePixelRatio()
    across = [int((x + off) * density) for off in np.linspace(-half, half, 12)]
    down = [int((y + off) * density) for off in np.linspace(-half, half, 12)]
    return float(np.mean([alike(picture.pixelColor(column, line), wanted) for column in across for line in down]))


def alike(seen: QColor, wanted: str) -> bool:
    """The same colour, but for what smooth edges mix in."""
    parts = zip(seen.getRgb()[:3], QColor(wanted).getRgb()[:3], strict=True)
    return all(abs(one - other) < 40 for one, other in parts)


def test_unseen_notation_is_not_engraved(page):
    assert not page.stage.sheet.ready
    assert page.stage.choice.index == FALLING


def test_every_note_of_the_score_has_its_place(sheet, page):
    rows = sorted(row for place in sheet._places for row in place.row.tolist())
    assert rows == list(range(len(page.lesson.score.notes)))


def test_a_page_comes_with_its_pictures_and_the_one_before_stays_until_then(sheet, page, window, qtbot):
    before, paints = sheet._systems, []
    window.resize(1000, 720)
    qtbot.waitUntil(lambda: paints.append(0 in sheet._pictures) or sheet._systems is not before, timeout=60_000)
    assert all(paints)
    assert 0 in sheet._pictures


def test_no_verdict_is_shown_where_there_is_no_notation_yet(sheet, page):
    page.lesson.verdicts.codes[0] = HIT
    sheet._pictures.clear()
    sheet._asked |= {0, 1, 2}
    assert share_of_head(sheet, 0, "hit") == 0.0


def test_a_hit_fills_the_head_and_a_wrong_note_leaves_it_hollow(sheet, page):
    codes = page.lesson.verdicts.codes
    codes[0], codes[1] = HIT, WRONG
    assert share_of_head(sheet, 0, "hit") > 0.4
    assert share_of_head(sheet, 1, "wrong") < 0.4
    assert share_of_head(sheet, 2, "hit") == 0.0


def test_a_click_on_the_staff_stands_there(sheet, page):
    place = sheet._places[0]
    x, y = place.x_at(4.0), place.top - sheet._offset + place.height / 2
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=QPointF(x, y).toPoint())
    assert page.lesson.standing_beat == pytest.approx(4.0, abs=0.1)


def test_the_cursor_goes_from_note_to_note(sheet):
    place = sheet._places[0]
    assert place.x_at(0.0) == pytest.approx(place.across[0])
    assert place.x_at(0.0) < place.x_at(0.5) < place.x_at(1.0)
    assert place.beat_at(place.x_at(2.5)) == pytest.approx(2.5)


def test_what_cannot_be_engraved_is_said(qtbot, page, monkeypatch):
    from lessons.errors import FormatError

    def refuse(score, width):
        raise FormatError("no")

    monkeypatch.setattr("ui.practice.sheet_page.engrave", refuse)
    page.stage.turn(NOTATION)
    qtbot.waitUntil(lambda: page.stage.sheet._words == FAILED_WORDS, timeout=10_000)


def test_what_lies_outside_a_loop_is_dimmed(sheet, page):
    notes, codes = page.lesson.score.notes, page.lesson.verdicts.codes
    codes[:] = HIT
    outside, inside = (int(np.flatnonzero(notes["onset_beat"] == beat)[0]) for beat in (1.0, 5.0))
    assert share_of_head(sheet, outside, "hit") > 0.4
    page.steps.loop((2, 2))
    assert share_of_head(sheet, outside, "hit") == 0.0
    assert share_of_head(sheet, inside, "hit") > 0.4
    page.steps.clear_loop()
    assert share_of_head(sheet, outside, "hit") > 0.4


def darkest(sheet, row: int) -> int:
    """How dark the ink of a head is, 0..255."""
    place = next(place for place in sheet._places if row in place.row)
    index = place.row.tolist().index(row)
    picture = sheet.grab().toImage()
    ground = QColor(worn().roll).lightness()
    middle, half = (place.x[index], place.top - sheet._offset + place.y[index]), int(place.head * 0.4)
    seen = [
        picture.pixelColor(*(int(value * picture.devicePixelRatio()) for value in (middle[0] + x, middle[1] + y)))
        for x in range(-half, half + 1)
        for y in range(-half, half + 1)
    ]
    return max(abs(colour.lightness() - ground) for colour in seen)


def test_the_staff_of_a_hand_that_does_not_play_is_dimmed(qtbot, sheet, page):
    notes = page.lesson.score.notes
    left, right = (
        int(np.flatnonzero((notes["hand"] == hand) & (notes["onset_beat"] >= 4))[-1]) for hand in (LEFT, RIGHT)
    )
    assert abs(darkest(sheet, left) - darkest(sheet, right)) < 40
    page.transport._hands.button(2).click()  # the right one alone
    qtbot.waitUntil(lambda: 0 in sheet._pictures or sheet.grab().isNull(), timeout=20_000)
    assert darkest(sheet, left) < 0.5 * darkest(sheet, right)
    page.transport._hands.button(1).click()
    qtbot.waitUntil(lambda: 0 in sheet._pictures or sheet.grab().isNull(), timeout=20_000)
    assert abs(darkest(sheet, left) - darkest(sheet, right)) < 40


def test_grace_notes_take_their_verdicts_and_leave_the_place_of_the_beat_to_the_main_note():
    notes = notes_of([(0.0, 1.0, 60, RIGHT), (1.0, 0.0, 64, RIGHT), (1.0, 1.0, 62, RIGHT), (1.0, 0.0, 62, RIGHT)])
    notes["grace"] = notes["duration_beat"] == 0
    score = replace(score_of([(0.0, 1.0, 60, RIGHT)]), notes=notes)
    (laid,) = places(score, engrave(score, 900))
    assert sorted(laid.row.tolist()) == [0, 1, 2, 3]
    main = next(row for row, note in enumerate(score.notes) if note["pitch"] == 62 and not note["grace"])
    assert laid.x_at(1.0) == laid.x[laid.row.tolist().index(main)] == max(laid.x)


def test_a_drawing_that_is_no_pair_of_staves_is_left_as_it_is():
    bar = '<g class="measure"><g class="staff">1</g></g>'
    assert dimmed(bar, (0.3, 1.0)) == bar
    assert dimmed(bar.replace("1", '1</g><g class="staff">2'), (1.0, 0.3)).count("opacity") == 1


def test_what_belongs_to_a_staff_is_as_pale_as_the_staff():
    staves = '<g class="measure"><g class="staff">1</g><g class="staff">2</g>'
    signs = [f'<g class="{kind}" data-staff="2"/>' for kind in ("slur", "dynam", "tempo")]
    drawing = "".join([staves, '<g class="slur" data-staff="1"/>', *signs, "</g>"])
    resting, beside = (
        re.findall(r'class="(\w+)" data-staff="2" opacity="([\d.]+)"', dimmed(drawing, (1.0, ink)))
        for ink in (RESTING, BESIDE)
    )
    assert resting == [("slur", str(RESTING))]  # what is said of loudness is said to both hands
    assert beside == [("slur", str(BESIDE)), ("dynam", str(BESIDE))]  # and tempo to all
    assert '<g class="slur" data-staff="1"/>' in dimmed(drawing, (1.0, RESTING))


def test_the_staff_of_a_singer_is_paler_than_the_pianists_and_is_not_judged():
    song = for_pianist(song_score())
    assert inks_of(song, None) == (BESIDE, 1.0, 1.0)
    assert inks_of(song, 1) == (BESIDE, 1.0, RESTING)
    systems = engrave(song, 900)
    assert sum(len(system.notes) for system in systems) == len(song.notes)
    assert systems[0].svg.count('class="staff"') == 3 * systems[0].svg.count('class="measure"')


def test_the_notation_comes_closer_and_goes_further_away(sheet, page, qtbot):
    before = sheet._systems
    page.stage.zoom(1.5)
    qtbot.waitUntil(lambda: sheet._systems is not before, timeout=60_000)
    assert sheet._places[0].head == pytest.approx(1.5 * before[0].head, rel=0.03)
    assert len(sheet._systems) >= len(before)
    closer = sheet._systems
    page.stage.zoom(0.1)
    qtbot.waitUntil(lambda: sheet._systems is not closer, timeout=60_000)
    assert sheet._places[0].head == pytest.approx(0.6 * before[0].head, rel=0.03)


def test_the_roll_is_not_zoomed_while_the_notation_is_seen(sheet, page):
    before = page.stage.roll.pixels_per_beat
    page.stage.zoom(1.2)
    assert page.stage.roll.pixels_per_beat == before
    page.stage.turn(FALLING)
    page.stage.zoom(1.2)
    assert page.stage.roll.pixels_per_beat > before


def test_the_ruler_shows_what_stands_on_the_page(sheet, page):
    first, last = sheet.visible_beats()
    assert (first, page.stage.visible_beats()) == (sheet._places[0].onset_beat[0], (first, last))
    seen = [place for place in sheet._places if place.top + place.height / 2 <= sheet.height()]
    assert last == seen[-1].end_beat
    page.stage.turn(FALLING)
    assert page.stage.visible_beats() == page.stage.roll.visible_beats() != (first, last)
