"""What a lesson tells of its inputs: that one went away or came back, and that nothing came from any."""

from __future__ import annotations

from tutor.events import Lost
from ui.devices.ports import Ports

MICROPHONE_LOST = "The microphone is gone. Your take is kept; go on when it is back, or have another one listened to."
MICROPHONE_BACK = "The microphone was away for a moment, and is heard again."
NOTHING_HEARD = "Nothing was heard: is the keyboard on?"
NOTHING_PLAYED = (
    "Nothing was played. There is no keyboard: the letters on the keys at the foot (Ctrl+K) play them, and so does "
    "the mouse."
)
NOTHING_BY_MICROPHONE = "Nothing was heard: is the microphone near enough, and the right one? See the Microphone page."


def lost_words(event: Lost, is_microphone: bool) -> str:
    """One line for an input that went away or came back."""
    if is_microphone:
        return MICROPHONE_BACK if event.regained else MICROPHONE_LOST
    if event.regained:
        return f"{event.source} is back."
    return f"{event.source} was unplugged. Your take is kept; plug it in again and go on."


def silence_words(ports: Ports) -> str:
    """One line for a take without a note, by where its notes should have come from."""
    if ports.hears:
        return NOTHING_BY_MICROPHONE
    return NOTHING_HEARD if ports.midi_name else NOTHING_PLAYED
