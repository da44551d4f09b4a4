"""All shortcuts in one table: what binds them reads it, and so does the help."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shortcut:
    """One key, or several, for one deed of a page ('' = everywhere)."""

    name: str
    keys: tuple[str, ...]
    words: str
    page: str = ""


SHORTCUTS = (
    Shortcut("library", ("Ctrl+1",), "Library"),
    Shortcut("practice", ("Ctrl+2",), "Practice"),
    Shortcut("report", ("Ctrl+3",), "Report"),
    Shortcut("compose", ("Ctrl+4",), "Compose"),
    Shortcut("glove", ("Ctrl+5",), "Glove"),
    Shortcut("microphone", ("Ctrl+6",), "Microphone"),
    Shortcut("devices", ("Ctrl+7",), "Devices"),
    Shortcut("assignments", ("Ctrl+8",), "Assignments"),
    Shortcut("open", ("Ctrl+O",), "Open a score of your own, or an assignment"),
    Shortcut("theme", ("Ctrl+T",), "Dark or light"),
    Shortcut("help", ("F1", "?"), "This help"),
    Shortcut("away", ("Esc",), "Stop all touch; close a notice or this help"),
    Shortcut("find", ("Ctrl+F",), "Search", "Library"),
    Shortcut("practise", ("Ctrl+Return",), "Practise the chosen piece", "Library"),
    Shortcut("rename", ("F2",), "Rename a piece of your own", "Library"),
    Shortcut("ask", ("Ctrl+Return",), "Ask the composer", "Compose"),
    Shortcut("undo", ("Ctrl+Z",), "Undo the last choice", "Compose"),
    Shortcut("start", ("Space",), "Start, stop", "Practice"),
    Shortcut("pause", ("F4", "Pause"), "Pause, go on", "Practice"),
    Shortcut("restart", ("Backspace",), "Begin again", "Practice"),
    Shortcut("listen", ("F5",), "Hear the piece", "Practice"),
    Shortcut("metronome", ("F6",), "Metronome", "Practice"),
    Shortcut("count_in", ("F7",), "Count-in: none, one, two bars", "Practice"),
    Shortcut("mode", ("F8",), "Who leads: you, the keys, the tempo", "Practice"),
    Shortcut("save", ("Ctrl+S",), "Save the piece as a file", "Practice"),
    Shortcut("view", ("F9",), "Falling, sideways or notation", "Practice"),
    Shortcut("keys", ("Ctrl+K",), "The keys at the foot: show, hide", "Practice"),
    Shortcut("slower", ("Down",), "Slower", "Practice"),
    Shortcut("faster", ("Up",), "Faster", "Practice"),
    Shortcut("bar_back", ("Left",), "One bar back", "Practice"),
    Shortcut("bar_on", ("Right",), "One bar on", "Practice"),
    Shortcut("loop_more", ("Shift+Right",), "Loop this bar, or one more", "Practice"),
    Shortcut("loop_less", ("Shift+Left",), "Loop one bar less", "Practice"),
    Shortcut("loop", ("Ctrl+L",), "Clear the loop", "Practice"),
    Shortcut("zoom_in", ("Ctrl++", "Ctrl+="), "Zoom in", "Practice"),
    Shortcut("zoom_out", ("Ctrl+-",), "Zoom out", "Practice"),
    Shortcut("octave_down", ("PgDown",), "Computer keys an octave lower", "Practice"),
    Shortcut("octave_up", ("PgUp",), "Computer keys an octave higher", "Practice"),
    Shortcut("hear", ("Ctrl+Return",), "Listen, or stop", "Microphone"),
    Shortcut("exercise", ("Ctrl+Return",), "Play what comes next", "Report"),
)
PIANO_WORDS = ("Z S X D C … M  and  Q 2 W 3 E … P", "Play: the computer's keys are a piano")


def named(name: str) -> Shortcut:
    """The shortcut of a deed."""
    return next(shortcut for shortcut in SHORTCUTS if shortcut.name == name)
