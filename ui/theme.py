"""How everything looks, said once: colours by meaning, one spacing scale, one type scale.

Verdict colours mean the same on every page and always come with a shape (`VERDICT_MARK`), so that nobody needs to tell
colours apart; hands have colours of their own. The palette that the application wears is the one owner of the choice
between dark and light: `worn` reads it from there.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette

FAMILIES = (
    "Inter",
    "Segoe UI Variable Text",
    "Segoe UI",
    "SF Pro Text",
    "Helvetica Neue",
    "Ubuntu",
    "Cantarell",
    "Noto Sans",
    "DejaVu Sans",
)
MONO_FAMILIES = ("JetBrains Mono", "Cascadia Mono", "SF Mono", "Menlo", "Ubuntu Mono", "DejaVu Sans Mono")


@dataclass(frozen=True)
class Colours:
    """One colour for each meaning, as ``#rrggbb``."""

    ground: str
    rail: str
    surface: str
    raised: str
    hover: str
    line: str
    ink: str
    ink_soft: str
    ink_faint: str
    accent: str
    accent_hover: str
    on_accent: str
    good: str
    warning: str
    right: str
    left: str
    hit: str
    wrong: str
    missed: str
    extra: str
    timing: str
    on_note: str
    roll: str
    lane: str
    beat_line: str
    bar_line: str
    white_key: str
    black_key: str
    key_edge: str


DARK = Colours(
    ground="#15171c",
    rail="#101216",
    surface="#1d2027",
    raised="#292d36",
    hover="#343945",
    line="#343a46",
    ink="#eef0f4",
    ink_soft="#b4bac6",
    ink_faint="#8b93a2",
    accent="#f0b55c",
    accent_hover="#f6c67e",
    on_accent="#231806",
    good="#35c49c",
    warning="#f0b55c",
    right="#66bdf7",
    left="#8472f0",
    hit="#2ec79b",
    wrong="#f2603f",
    missed="#9aa3b2",
    extra="#e58cc6",
    timing="#ede06d",
    on_note="#0e1014",
    roll="#171a20",
    lane="#121419",
    beat_line="#242932",
    bar_line="#3a414e",
    white_key="#e9e7e2",
    black_key="#22252c",
    key_edge="#9c9a95",
)
LIGHT = Colours(
    ground="#f6f4f0",
    rail="#ebe8e1",
    surface="#ffffff",
    raised="#efece6",
    hover="#e4e0d8",
    line="#d6d1c7",
    ink="#1d2026",
    ink_soft="#4b515c",
    ink_faint="#666c77",
    accent="#96590a",
    accent_hover="#7d4906",
    on_accent="#ffffff",
    good="#0b7a5c",
    warning="#96590a",
    right="#2480c4",
    left="#5a45c8",
    hit="#0c8a68",
    wrong="#b3260d",
    missed="#757b86",
    extra="#a8328a",
    timing="#a38a00",
    on_note="#ffffff",
    roll="#fdfcfa",
    lane="#f3f0ea",
    beat_line="#ebe7df",
    bar_line="#c2bcaf",
    white_key="#ffffff",
    black_key="#2b2e35",
    key_edge="#b5afa3",
)

VERDICT_MARK = {"hit": "✓", "wrong": "✕", "missed": "○", "extra": "+", "early": "‹", "late": "›"}
VERDICT_WORD = {
    "hit": "right",
    "wrong": "wrong key",
    "missed": "missed",
    "extra": "extra",
    "early": "early",
    "late": "late",
}


class Space:
    """The spacing scale in logical pixels."""

    HAIR, TIGHT, SMALL, MEDIUM, LARGE, HUGE = 2, 4, 8, 12, 20, 32


class Type:
    """The type scale in logical pixels."""

    SMALL, BODY, LEAD, TITLE, DISPLAY, FIGURE = 12, 13, 15, 18, 24, 30


RADIUS = 8
CONTROL_HEIGHT = 34


def font(size: int = Type.BODY, *, bold: bool = False, mono: bool = False) -> QFont:
    """The program's type at a size of the scale."""
    made = QFont()
    made.setFamilies(list(MONO_FAMILIES if mono else FAMILIES))
    made.setPixelSize(size)
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return made


def palette(colours: Colours) -> QPalette:
    """What the application wears, from the colours."""
    made = QPalette()
    roles = {
        QPalette.ColorRole.Window: colours.ground,
        QPalette.ColorRole.WindowText: colours.ink,
        QPalette.ColorRole.Base: colours.surface,
        QPalette.ColorRole.AlternateBase: colours.raised,
        QPalette.ColorRole.Text: colours.ink,
        QPalette.ColorRole.Button: colours.raised,
        QPalette.ColorRole.ButtonText: colours.ink,
        QPalette.ColorRole.Highlight: colours.accent,
        QPalette.ColorRole.HighlightedText: colours.on_accent,
        QPalette.ColorRole.ToolTipBase: colours.raised,
        QPalette.ColorRole.ToolTipText: colours.ink,
        QPalette.ColorRole.PlaceholderText: colours.ink_faint,
        QPalette.ColorRole.Link: colours.accent,
    }
    for role, colour in roles.items():
        made.setColor(role, QColor(colour))
    made.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText, QColor(colours.ink_faint))
    return made


def worn() -> Colours:
    """The colours that the application wears now."""
    return LIGHT if QGuiApplication.palette().window().color().lightness() > 128 else DARK


def verdict_colour(colours: Colours, verdict: str) -> str:
    """The colour of a verdict; early and late share one and differ by their marks."""
    return colours.timing if verdict in ("early", "late") else str(getattr(colours, verdict))


def tokens(colours: Colours) -> dict[str, str]:
    """The colours by name, for a style sheet."""
    return {field.name: getattr(colours, field.name) for field in fields(colours)}
