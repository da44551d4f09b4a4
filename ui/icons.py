"""The program's own icons: strokes on a square of 24 units, drawn in any colour at any size."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

UNITS = 24.0
DENSITIES = (1.0, 2.0, 3.0)


def _lines(*strokes: tuple[tuple[float, float], ...]) -> QPainterPath:
    path = QPainterPath()
    for stroke in strokes:
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in stroke]))
    return path


def _circle(x: float, y: float, radius: float) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(x, y), radius, radius)
    return path


def _box(x: float, y: float, width: float, height: float, radius: float = 1.5) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(x, y, width, height), radius, radius)
    return path


def _arc(x: float, y: float, radius: float, start: float, span: float) -> QPainterPath:
    path, square = QPainterPath(), QRectF(x - radius, y - radius, 2 * radius, 2 * radius)
    path.arcMoveTo(square, start)
    path.arcTo(square, start, span)
    return path


def _joined(*paths: QPainterPath) -> QPainterPath:
    whole = QPainterPath()
    for path in paths:
        whole.addPath(path)
    return whole


def _library() -> QPainterPath:
    return _joined(
        _box(4, 4, 4.5, 16), _box(8.5, 4, 4.5, 16), _lines(((15, 5), (18.6, 4), (21.6, 19), (18, 20), (15, 5)))
    )


def _practice() -> QPainterPath:
    keys = _lines(((8.7, 20), (8.7, 13)), ((15.3, 20), (15.3, 13)))
    return _joined(_box(3, 4, 18, 16, 2), keys, _box(7, 4, 3.4, 9, 0.5), _box(13.6, 4, 3.4, 9, 0.5))


def _report() -> QPainterPath:
    return _lines(((4, 4), (4, 20), (20, 20)), ((8, 16), (8, 12)), ((12, 16), (12, 7)), ((16, 16), (16, 10)))


def _devices() -> QPainterPath:
    dots = _joined(_circle(8, 12, 0.8), _circle(16, 12, 0.8), _circle(9.2, 8.6, 0.8), _circle(14.8, 8.6, 0.8))
    return _joined(
        _circle(12, 12, 8.5), dots, _circle(12, 7.2, 0.8), _lines(((10.4, 20), (10.4, 17.6), (13.6, 17.6), (13.6, 20)))
    )


def _compose() -> QPainterPath:
    pen = _lines(((4, 20), (5.2, 15.2), (15.8, 4.6), (19.4, 8.2), (8.8, 18.8), (4, 20)))
    return _joined(pen, _lines(((13.4, 7), (17, 10.6))))


def _assignments() -> QPainterPath:
    sheet = _lines(((6, 3.5), (18, 3.5), (18, 20.5), (6, 20.5), (6, 3.5)))
    ticks = _lines(((8.6, 8.4), (9.8, 9.6), (12, 7.2)), ((8.6, 14.4), (9.8, 15.6), (12, 13.2)))
    return _joined(sheet, ticks, _lines(((13.6, 8.6), (15.8, 8.6)), ((13.6, 14.6), (15.8, 14.6))))


def _glove() -> QPainterPath:
    path = QPainterPath(QPointF(7, 21))
    for x, y in ((7, 16), (4, 12), (5.6, 10.6), (8, 13), (8, 5.5), (10.2, 5.5), (10.2, 11)):
        path.lineTo(x, y)
    for x, y in ((10.4, 3.5), (12.8, 3.5), (12.8, 11), (13, 4.8), (15.4, 4.8), (15.4, 11.4), (15.6, 7.4), (18, 7.4)):
        path.lineTo(x, y)
    for x, y in ((18, 15.5), (16.5, 18), (16.5, 21), (7, 21)):
        path.lineTo(x, y)
    return path


def _microphone() -> QPainterPath:
    return _joined(
        _box(9, 3, 6, 11, 3), _arc(12, 11, 7, 180, 180), _lines(((12, 18), (12, 21)), ((8.5, 21), (15.5, 21)))
    )


def _sound() -> QPainterPath:
    horn = _lines(((4, 9.5), (7.5, 9.5), (12, 5.5), (12, 18.5), (7.5, 14.5), (4, 14.5), (4, 9.5)))
    return _joined(horn, _arc(12, 12, 4.5, -50, 100), _arc(12, 12, 8, -50, 100))


def _metronome() -> QPainterPath:
    return _lines(
        ((8.8, 4), (15.2, 4), (18.6, 20), (5.4, 20), (8.8, 4)), ((6.4, 15.6), (17.6, 15.6)), ((12, 15.6), (17.6, 6))
    )


def _hand_wait() -> QPainterPath:
    return _joined(_circle(12, 12, 8.5), _lines(((9.8, 8.8), (9.8, 15.2)), ((14.2, 8.8), (14.2, 15.2))))


def _restart() -> QPainterPath:
    return _joined(_arc(12, 12.5, 7.5, 120, 300), _lines(((8.2, 2.8), (8.4, 6.2), (11.8, 6.4))))


def _loop() -> QPainterPath:
    left = _lines(((7, 4.5), (4, 7.5), (7, 10.5)), ((4, 7.5), (20, 7.5), (20, 12)))
    return _joined(left, _lines(((17, 19.5), (20, 16.5), (17, 13.5)), ((20, 16.5), (4, 16.5), (4, 12))))


def _listen() -> QPainterPath:
    return _joined(_arc(12, 13, 8, 0, 180), _box(3, 13, 4, 7, 1.5), _box(17, 13, 4, 7, 1.5))


def _falling() -> QPainterPath:
    return _joined(_box(4, 3.5, 4, 8), _box(10, 8, 4, 6), _box(16, 5, 4, 9), _lines(((3, 19), (21, 19))))


def _sideways() -> QPainterPath:
    return _joined(_box(11, 4, 9, 3.6), _box(8.5, 10.2, 6, 3.6), _box(12, 16.4, 8, 3.6), _lines(((4.5, 3), (4.5, 21))))


def _notation() -> QPainterPath:
    staff = _lines(*(((3, 7 + 4 * line), (21, 7 + 4 * line)) for line in range(4)))
    return _joined(staff, _circle(9, 15, 2.2), _lines(((11.2, 15), (11.2, 3.5))))


def _sun() -> QPainterPath:
    rays = ((12, 2), (12, 4.4)), ((12, 19.6), (12, 22)), ((2, 12), (4.4, 12)), ((19.6, 12), (22, 12))
    slant = ((5, 5), (6.6, 6.6)), ((17.4, 17.4), (19, 19)), ((5, 19), (6.6, 17.4)), ((17.4, 6.6), (19, 5))
    return _joined(_circle(12, 12, 4.4), _lines(*rays, *slant))


def _names() -> QPainterPath:
    return _joined(
        _lines(((3, 18), (8, 6), (13, 18)), ((5, 14), (11, 14))), _circle(17.5, 15, 3), _lines(((21, 11), (21, 18)))
    )


def _help() -> QPainterPath:
    return _joined(
        _circle(12, 12, 8.8), _arc(12, 10, 2.8, 170, -215), _lines(((12, 12.9), (12, 14.2))), _circle(12, 16.8, 0.5)
    )


def _search() -> QPainterPath:
    return _joined(_circle(10.5, 10.5, 6), _lines(((15, 15), (20.5, 20.5))))


def _die() -> QPainterPath:
    dots = (_circle(x, y, 0.7) for x, y in ((8.5, 8.5), (15.5, 15.5), (12, 12), (8.5, 15.5), (15.5, 8.5)))
    return _joined(_box(4, 4, 16, 16, 3), *dots)


def _undo() -> QPainterPath:
    hook = _joined(_lines(((5, 9), (14.5, 9))), _arc(14.5, 14, 5, 90, -180), _lines(((14.5, 19), (8, 19))))
    return _joined(hook, _lines(((9, 5), (5, 9), (9, 13))))


def _folder() -> QPainterPath:
    return _lines(((3.5, 19), (3.5, 5.5), (9, 5.5), (11, 8), (20.5, 8), (20.5, 19), (3.5, 19)))


def _save() -> QPainterPath:
    return _lines(((12, 4), (12, 15)), ((7, 10), (12, 15), (17, 10)), ((4, 16), (4, 20), (20, 20), (20, 16)))


def _remove() -> QPainterPath:
    lid = _lines(((4.5, 6.5), (19.5, 6.5)), ((9.5, 6.5), (9.5, 3.8), (14.5, 3.8), (14.5, 6.5)))
    body = _lines(((6.3, 6.5), (7.2, 20.2), (16.8, 20.2), (17.7, 6.5)), ((10.4, 10.5), (10.6, 16.5)))
    return _joined(lid, body, _lines(((13.6, 10.5), (13.4, 16.5))))


def _person() -> QPainterPath:
    return _joined(_circle(12, 8, 4), _arc(12, 21, 7.5, 0, 180))


def _refresh() -> QPainterPath:
    turns = _joined(_arc(12, 12, 7.5, 40, 130), _arc(12, 12, 7.5, 220, 130))
    return _joined(turns, _lines(((18.6, 3.4), (18, 7.4), (14.2, 6.8))), _lines(((5.4, 20.6), (6, 16.6), (9.8, 17.2))))


STROKES: dict[str, Callable[[], QPainterPath]] = {
    "library": _library,
    "practice": _practice,
    "report": _report,
    "devices": _devices,
    "compose": _compose,
    "assignments": _assignments,
    "glove": _glove,
    "microphone": _microphone,
    "sound": _sound,
    "metronome": _metronome,
    "wait": _hand_wait,
    "restart": _restart,
    "loop": _loop,
    "listen": _listen,
    "falling": _falling,
    "sideways": _sideways,
    "notation": _notation,
    "sun": _sun,
    "names": _names,
    "help": _help,
    "search": _search,
    "die": _die,
    "undo": _undo,
    "folder": _folder,
    "remove": _remove,
    "save": _save,
    "pencil": lambda: _lines(((4, 20), (5, 15.5), (16, 4.5), (19.5, 8), (8.5, 19), (4, 20)), ((13.5, 7), (17, 10.5))),
    "refresh": _refresh,
    "person": _person,
    "play": lambda: _lines(((7.5, 4.5), (19, 12), (7.5, 19.5), (7.5, 4.5))),
    "stop": lambda: _box(6, 6, 12, 12, 2),
    "pause": lambda: _joined(_box(6.5, 5, 4, 14, 1), _box(13.5, 5, 4, 14, 1)),
    "check": lambda: _lines(((5, 12.5), (10, 17.5), (19.5, 7))),
    "cross": lambda: _lines(((6, 6), (18, 18)), ((18, 6), (6, 18))),
    "minus": lambda: _lines(((6, 12), (18, 12))),
    "plus": lambda: _lines(((6, 12), (18, 12)), ((12, 6), (12, 18))),
    "down": lambda: _lines(((7, 10), (12, 15), (17, 10))),
    "arrow": lambda: _lines(((4, 12), (19, 12)), ((13, 6), (19, 12), (13, 18))),
    "dot": lambda: _circle(12, 12, 4.5),
}
FILLED = frozenset({"play", "stop", "pause", "dot"})


def draw_icon(painter: QPainter, name: str, square: QRectF, colour: str) -> None:
    """Draw an icon into a square."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(square.topLeft())
    painter.scale(square.width() / UNITS, square.height() / UNITS)
    pen = QPen(QColor(colour), 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(QColor(colour) if name in FILLED else Qt.BrushStyle.NoBrush)
    painter.drawPath(STROKES[name]())
    painter.restore()


def icon(name: str, colour: str, size: int = 20) -> QIcon:
    """The icon as a `QIcon`, sharp on screens of every density."""
    made = QIcon()
    for density in DENSITIES:
        pixmap = QPixmap(QSize(size, size) * density)
        pixmap.setDevicePixelRatio(density)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        draw_icon(painter, name, QRectF(0, 0, size, size), colour)
        painter.end()
        made.addPixmap(pixmap)
    return made
