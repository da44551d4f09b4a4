"""A row that goes on in the next line where there is no room, its last widget at the right."""

import pytest
from PySide6.QtWidgets import QWidget

from ui.widgets.flow import Flow


def flowing(qtbot, *widths: int) -> tuple[QWidget, list[QWidget]]:
    holder, widgets = QWidget(), []
    for width in widths:
        widget = QWidget()
        widget.setFixedSize(width, 20)
        widgets.append(widget)
    holder.setLayout(Flow(8, *widgets))
    qtbot.addWidget(holder)
    return holder, widgets


@pytest.mark.parametrize(
    ("width", "places"),
    [
        (400, [(0, 0), (108, 0), (300, 0)]),
        (300, [(0, 0), (108, 0), (200, 28)]),
        (150, [(0, 0), (0, 28), (50, 56)]),
    ],
)
def test_what_has_no_room_stands_in_the_next_line(qtbot, width, places):
    holder, widgets = flowing(qtbot, 100, 100, 100)
    holder.resize(width, 200)
    holder.show()
    qtbot.waitExposed(holder)
    assert [(widget.x(), widget.y()) for widget in widgets] == places
    assert holder.layout().heightForWidth(width) == places[-1][1] + 20


def test_what_is_hidden_takes_no_room(qtbot):
    holder, widgets = flowing(qtbot, 100, 100, 100)
    widgets[1].hide()
    holder.resize(250, 100)
    holder.show()
    qtbot.waitExposed(holder)
    assert (widgets[2].x(), widgets[2].y()) == (150, 0)
    assert holder.layout().minimumSize().width() == 100
