"""The drivers: MIDI ports, the speaker, the microphone, the glove's serial line. Only ``main.py`` imports them."""
