"""The colours: readable, and to be told apart by those who see fewer of them."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QMenu

from ui.icons import STROKES, icon
from ui.stylesheet import wear
from ui.theme import DARK, LIGHT, VERDICT_MARK, VERDICT_WORD, verdict_colour
from ui.widgets.button import Segments

# Linear RGB as those with a whole kind of cone missing see it (Viénot, Brettel and Mollon 1999; tritan after Brettel).
SEEN = {
    "all cones": np.eye(3),
    "no red cones": np.array([[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]]),
    "no green cones": np.array([[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]]),
}
READABLE, VISIBLE, APART = 4.5, 3.0, 9.0


def linear(colour: str) -> np.ndarray:
    value = np.array(QColor(colour).getRgbF()[:3])
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    light, dark = sorted((float(linear(colour) @ (0.2126, 0.7152, 0.0722)) for colour in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = np.clip(to_xyz @ rgb, 0, None) / (0.9505, 1.0, 1.089)
    curve = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * curve[1] - 16, 500 * (curve[0] - curve[1]), 200 * (curve[1] - curve[2])])


@pytest.mark.parametrize("colours", [DARK, LIGHT], ids=["dark", "light"])
def test_words_are_readable_on_every_ground(colours):
    for ground in (colours.ground, colours.surface, colours.raised, colours.rail):
        for ink in (colours.ink, colours.ink_soft):
            assert contrast(ink, ground) >= READABLE, (ink, ground)
    for ground in (colours.ground, colours.surface, colours.roll):
        assert contrast(colours.ink_faint, ground) >= READABLE, ground
    assert contrast(colours.on_accent, colours.accent) >= READABLE


@pytest.mark.parametrize("colours", [DARK, LIGHT], ids=["dark", "light"])
def test_notes_stand_out_from_the_roll(colours):
    for verdict in VERDICT_MARK:
        assert contrast(verdict_colour(colours, verdict), colours.roll) >= VISIBLE, verdict
    for hand in (colours.left, colours.right):
        assert contrast(hand, colours.roll) >= VISIBLE


@pytest.mark.parametrize("seen", SEEN)
@pytest.mark.parametrize("colours", [DARK, LIGHT], ids=["dark", "light"])
def test_verdicts_and_hands_differ_for_every_eye(colours, seen):
    names = ("hit", "wrong", "extra", "timing", "left", "right")
    places = {name: lab(np.clip(SEEN[seen] @ linear(getattr(colours, name)), 0, 1)) for name in names}
    close = {pair: float(np.linalg.norm(places[pair[0]] - places[pair[1]])) for pair in combinations(names, 2)}
    assert min(close.values()) >= APART, min(close, key=close.get)


def test_every_verdict_has_a_mark_of_its_own_and_a_word():
    assert len(set(VERDICT_MARK.values())) == len(VERDICT_MARK)
    assert VERDICT_MARK.keys() == VERDICT_WORD.keys()


@pytest.mark.parametrize("name", STROKES)
def test_every_icon_draws_something(qapp, name):
    picture = icon(name, "#ffffff", 24).pixmap(24, 24).toImage()
    inked = sum(picture.pixelColor(x, y).alpha() > 0 for x in range(24) for y in range(24))
    assert 4 < inked < 24 * 24 * 0.7


@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
def test_what_cannot_be_chosen_in_a_menu_looks_so(qtbot, dark):
    wear(dark)
    menu = QMenu()
    qtbot.addWidget(menu)
    rows = [menu.addAction("Lay aside") for _ in range(2)]
    rows[1].setEnabled(False)
    menu.ensurePolished()
    menu.resize(menu.sizeHint())
    seen = menu.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    can, cannot = (seen.copy(menu.actionGeometry(row)) for row in rows)
    assert can != cannot


@pytest.mark.parametrize("chosen", [True, False], ids=["chosen", "not chosen"])
def test_the_ring_of_the_keys_is_seen_about_each_part_of_a_choice(qtbot, chosen):
    wear(False)
    choice = Segments((("Left", ""), ("Both", ""), ("Right", "")), "Hands")
    qtbot.addWidget(choice)
    choice.show()
    choice.activateWindow()
    part = choice.button(0 if chosen else 1)
    part.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(part.hasFocus)
    seen = part.grab().toImage()
    middle = seen.height() // 2
    assert [seen.pixelColor(column, middle).name() for column in (0, 1)] == [LIGHT.accent] * 2
    words = [seen.pixelColor(column, 6).name() for column in range(4, seen.width() - 4)]
    assert len(set(words)) == 1  # no second frame within the ring
