"""The microphone page: a tuner, a live view of what is heard, and the level."""
