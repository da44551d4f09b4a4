"""Listening: sound in, the same events out as a keyboard sends. Audio frames live here and nowhere else."""
